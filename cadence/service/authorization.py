"""Authorization providers: a token that stays, one that a file holds, one that is signed here and renews itself.

Any function or coroutine function that gives a token is a provider too. Each of these may be shared by threads and
event loops. None of them shows its secret: not in its repr, not in an error, not in a log. What a token is good for is
the cluster's to say; cryptography is loaded when a key is read.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ("FileToken", "JwtToken", "StaticToken")

_log = logging.getLogger("cadence.service")

_INTERNAL_ISSUER = "internal-jwt"
"""Who signs with a key that the cluster's configuration names."""
_SKEW = timedelta(seconds=5)
"""A cluster refuses tokens from the future, and its clock may be a little behind ours."""
_OWN_CLAIMS = frozenset({"iss", "iat", "exp", "sub", "Name", "Groups", "Admin", "TTL"})


class StaticToken:
    """A token that stays the same."""

    __slots__ = ("_token",)

    def __init__(self, token: str) -> None:
        """Keep a token.

        Args:
            token: What every call carries.

        Raises:
            ConfigurationError: It is no text, or empty.
        """
        given: object = token
        if not isinstance(given, str) or not given.strip():
            msg = "the authorization token is no text, or empty"
            raise ConfigurationError(msg)
        self._token = given.strip()

    def __call__(self) -> str:
        return self._token

    def __repr__(self) -> str:
        return "StaticToken(...)"


class FileToken:
    """A token that a file holds, as secret stores and sidecars write it. It is read again when the file changes.

    While the file is missing, empty or unreadable, the token before it stays in use, and the log says so once.
    """

    def __init__(self, path: str | os.PathLike[str], *, check_every: timedelta = timedelta(seconds=1)) -> None:
        """Name the file; it is read with the first call.

        Args:
            path: Holds the token and nothing else; white space around it doesn't count.
            check_every: A change is seen after this time at the latest.

        Raises:
            ConfigurationError: `check_every` is negative.
        """
        if check_every < timedelta(0):
            msg = f"FileToken: check_every is {check_every}"
            raise ConfigurationError(msg, hint="it must not be negative")
        self.path = Path(path)
        """The file."""
        self._every = check_every.total_seconds()
        self._lock = threading.Lock()
        self._token = ""
        self._seen: tuple[int, ...] = ()
        self._due = 0.0
        self._is_missing = False

    async def __call__(self) -> str:
        if not self._token or time.monotonic() >= self._due:
            # A file on a network may keep its reader waiting, and no event loop should.
            await asyncio.to_thread(self._look)
        return self._token

    def __repr__(self) -> str:
        return f"FileToken({str(self.path)!r})"

    def _look(self) -> None:
        with self._lock:
            if self._token and time.monotonic() < self._due:
                return
            try:
                self._read()
            except (OSError, UnicodeDecodeError, ConfigurationError) as error:
                reason = error.message if isinstance(error, ConfigurationError) else type(error).__name__
                if not self._token:
                    msg = f"there is no authorization token in {self.path}: {reason}"
                    raise ConfigurationError(msg) from None
                if not self._is_missing:
                    _log.warning("no new authorization token in %s (%s); the one before stays", self.path, reason)
                self._is_missing = True
            self._due = time.monotonic() + self._every

    def _read(self) -> None:
        now = self.path.stat()
        seen = (now.st_mtime_ns, now.st_size, now.st_ino)
        if seen == self._seen and not self._is_missing:
            return
        token = self.path.read_text(encoding="utf-8").strip()
        if not token:
            msg = "it is empty"
            raise ConfigurationError(msg)
        self._token, self._seen, self._is_missing = token, seen, False


class JwtToken:
    """A token that is signed here with an RSA key, as Cadence's own authorizer takes it (RS256).

    It is renewed before it expires. Needs cryptography: `pip install "cadence-client[jwt]"`.
    """

    def __init__(
        self,
        private_key: str | bytes,
        *,
        password: str | None = None,
        name: str = "",
        groups: Sequence[str] = (),
        admin: bool = False,
        lifetime: timedelta = timedelta(minutes=10),
        key_id: str = "",
        issuer: str = _INTERNAL_ISSUER,
        claims: Mapping[str, object] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Read the key.

        Args:
            private_key: The RSA key in PEM form; the cluster has the public one.
            password: Opens the key, where it is locked.
            name: Who calls, for the cluster's logs.
            groups: What the caller belongs to; domains say which groups may read and write.
            admin: Whether the caller may do everything.
            lifetime: How long a token is good for; the cluster's `maxJwtTTL` must allow it.
            key_id: The key's id, where the cluster fetches its public keys (JWKS).
            issuer: Who signs; Cadence takes the default for keys of its own.
            claims: More claims, for authorizers of another kind.
            clock: Gives the seconds since the epoch.

        Raises:
            ConfigurationError: The key can't be read or is no RSA key, cryptography is not installed, or an argument
                can't work.
        """
        if lifetime < timedelta(seconds=30):
            msg = f"JwtToken: lifetime is {lifetime}"
            raise ConfigurationError(msg, hint="give half a minute or more")
        if isinstance(groups, str) or any(" " in group or not group for group in groups):
            msg = "JwtToken: groups is a list of names without spaces"
            raise ConfigurationError(msg)
        taken = sorted(_OWN_CLAIMS & set(claims or ()))
        if taken:
            msg = f"JwtToken: claims has {', '.join(taken)}"
            raise ConfigurationError(msg, hint="those have arguments of their own")
        self._key = _rsa_key(private_key, password)
        self._header = {"alg": "RS256", "typ": "JWT", **({"kid": key_id} if key_id else {})}
        self._lifetime = int(lifetime.total_seconds())
        self._claims = {
            **(claims or {}),
            "iss": issuer,
            **({"sub": name} if name else {}),
            "Name": name,
            "Groups": " ".join(groups),
            "Admin": admin,
            "TTL": self._lifetime,
        }
        self._name = name
        self._clock = clock
        self._lock = threading.Lock()
        self._made: tuple[float, str] | None = None

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], **options: Any) -> Self:
        """Read the key from a file.

        Args:
            path: Holds the RSA key in PEM form.
            **options: As the constructor's.

        Raises:
            ConfigurationError: The file can't be read, or as the constructor says.
        """
        try:
            private_key = Path(path).read_bytes()
        except OSError as error:
            msg = f"the private key in {path} can't be read: {type(error).__name__}"
            raise ConfigurationError(msg) from None
        return cls(private_key, **options)

    def __call__(self) -> str:
        now = self._clock()
        made = self._made
        if made is not None and self._is_good(made[0], now):
            return made[1]
        with self._lock:
            if self._made is None or not self._is_good(self._made[0], now):
                self._made = (now, self._signed(now))
            return self._made[1]

    def __repr__(self) -> str:
        return f"JwtToken(name={self._name!r})"

    def _is_good(self, made_at: float, now: float) -> bool:
        """Whether a token needs no renewal: a fifth of its life must be left, and the clock not have gone back."""
        return 0 <= now - made_at < (self._lifetime - _SKEW.total_seconds()) * 0.8

    def _signed(self, now: float) -> str:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        issued = int(now - _SKEW.total_seconds())
        claims = {**self._claims, "iat": issued, "exp": issued + self._lifetime}
        text = b".".join((_part(self._header), _part(claims)))
        signature = self._key.sign(text, PKCS1v15(), SHA256())
        return b".".join((text, _base64(signature))).decode("ascii")


def _part(value: Mapping[str, object]) -> bytes:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _rsa_key(private_key: str | bytes, password: str | None) -> RSAPrivateKey:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        msg = "tokens are signed with cryptography, which is not installed"
        raise ConfigurationError(msg, hint='pip install "cadence-client[jwt]"') from None
    data = private_key.encode() if isinstance(private_key, str) else private_key
    try:
        key = load_pem_private_key(data, None if password is None else password.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # The reason may quote the key.
        msg = "the private key can't be read: it is in no PEM form, or locked with another password"
        raise ConfigurationError(msg) from None
    if not isinstance(key, RSAPrivateKey):
        msg = "the private key is no RSA key"
        raise ConfigurationError(msg, hint="Cadence's authorizer knows RS256 alone")
    return key
