"""Tokens: where they come from, when they are renewed, and that nobody sees them."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from cadence import api
from cadence.errors import AccessDeniedError, ServiceBusyError
from cadence.exceptions import ConfigurationError
from cadence.service import ClientHeaders, FileToken, JwtToken, RetryOptions, StaticToken, WorkflowService

SECRET = "s3cr3t-token-of-the-tests"
HEADER = "cadence-authorization"
NOW = timedelta(0)


def pem(key: Any, lock: KeySerializationEncryption | None = None) -> bytes:
    data: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock or NoEncryption())
    return data


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2048)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.7

    def __call__(self) -> float:
        return self.now


def opened(token: str, key: rsa.RSAPrivateKey) -> tuple[dict[str, Any], dict[str, Any]]:
    """Check a token as a cluster does, and give its header and claims."""
    header, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    key.public_key().verify(signature, token.rpartition(".")[0].encode(), PKCS1v15(), SHA256())
    return json.loads(header), json.loads(claims)


async def test_a_token_that_stays(scripted: Callable[..., Any]) -> None:
    channel = scripted(api.DescribeDomainResponse())
    service = WorkflowService(channel, authorization=StaticToken(f" {SECRET}\n"))
    await service.describe_domain(api.DescribeDomainRequest(name="d"))
    assert channel.sent[0].headers[HEADER] == SECRET


@pytest.mark.parametrize("token", ["", " \n", None, 7])
def test_a_token_that_is_none(token: Any) -> None:
    with pytest.raises(ConfigurationError, match="token"):
        StaticToken(token)


async def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("one\n")
    provider = FileToken(path, check_every=NOW)
    assert [await provider(), await provider()] == ["one", "one"]
    fresh = tmp_path / "fresh"
    fresh.write_text("two")
    fresh.replace(path)
    assert await provider() == "two"
    path.write_text("three, in place")
    assert await provider() == "three, in place"


async def test_a_file_is_not_looked_at_all_the_time(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("one")
    provider = FileToken(path, check_every=timedelta(hours=1))
    assert await provider() == "one"
    path.unlink()
    assert await provider() == "one"


async def test_the_old_token_stays_while_the_file_is_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "token"
    path.write_text(SECRET)
    provider = FileToken(path, check_every=NOW)
    await provider()
    path.unlink()
    assert [await provider(), await provider()] == [SECRET, SECRET]
    assert [record.getMessage() for record in caplog.records] == [
        f"no new authorization token in {path} (FileNotFoundError); the one before stays"
    ]
    path.write_text("  \n")
    assert await provider() == SECRET
    path.write_text("back")
    assert await provider() == "back"
    assert len(caplog.records) == 1


async def test_a_file_that_was_never_there(tmp_path: Path) -> None:
    path = tmp_path / "token"
    provider = FileToken(path)
    with pytest.raises(ConfigurationError, match=r"no authorization token in .*token: FileNotFoundError"):
        await provider()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="UnicodeDecodeError"):
        await provider()
    path.write_text("")
    with pytest.raises(ConfigurationError, match="it is empty"):
        await provider()
    path.write_text("there now")
    assert await provider() == "there now"
    with pytest.raises(ConfigurationError, match="check_every"):
        FileToken(path, check_every=timedelta(seconds=-1))


def test_threads_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("one")
    provider = FileToken(path, check_every=NOW)
    got: list[str] = []

    async def ask() -> None:
        got.extend([await provider() for _ in range(20)])

    threads = [threading.Thread(target=asyncio.run, args=(ask(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["one"] * 80


def test_a_signed_token_is_what_cadence_takes(key: rsa.RSAPrivateKey) -> None:
    clock = Clock()
    provider = JwtToken(pem(key), name="worker", groups=["readers", "writers"], clock=clock)
    header, claims = opened(provider(), key)
    # A header without key id means a key of the cluster's own configuration.
    assert header == {"alg": "RS256", "typ": "JWT"}
    assert claims == {
        "iss": "internal-jwt",
        "sub": "worker",
        "Name": "worker",
        "Groups": "readers writers",
        "Admin": False,
        "TTL": 600,
        "iat": 999_995,
        "exp": 1_000_595,
    }


def test_keys_of_other_authorizers(key: rsa.RSAPrivateKey) -> None:
    provider = JwtToken(
        pem(key).decode(), key_id="k1", issuer="us", admin=True, claims={"scope": "x"}, lifetime=timedelta(hours=1)
    )
    header, claims = opened(provider(), key)
    assert header["kid"] == "k1"
    assert (claims["iss"], claims["scope"], claims["Admin"], claims["exp"] - claims["iat"]) == ("us", "x", True, 3600)
    assert "sub" not in claims


def test_a_signed_token_renews_itself_before_it_expires(key: rsa.RSAPrivateKey) -> None:
    clock = Clock()
    provider = JwtToken(pem(key), clock=clock)
    first = provider()
    clock.now += 470
    assert provider() == first
    clock.now += 10
    second = provider()
    assert second != first
    assert opened(second, key)[1]["exp"] > clock.now + 590
    clock.now -= 3600  # a token from the future would be refused
    assert opened(provider(), key)[1]["iat"] < clock.now


def test_a_key_in_a_file(key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(pem(key, BestAvailableEncryption(b"open sesame")))
    provider = JwtToken.from_file(path, password="open sesame", name="me")
    assert opened(provider(), key)[1]["Name"] == "me"
    with pytest.raises(ConfigurationError, match="locked with another password"):
        JwtToken.from_file(path, password="guess")
    with pytest.raises(ConfigurationError, match="locked with another password"):
        JwtToken.from_file(path)
    with pytest.raises(ConfigurationError, match="can't be read: FileNotFoundError"):
        JwtToken.from_file(tmp_path / "none.pem")


def test_keys_that_can_not_work() -> None:
    with pytest.raises(ConfigurationError, match="no PEM form"):
        JwtToken("not a key")
    with pytest.raises(ConfigurationError, match="no RSA key"):
        JwtToken(pem(ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.parametrize(
    "options",
    [
        {"lifetime": timedelta(seconds=1)},
        {"groups": "readers"},
        {"groups": ["a b"]},
        {"claims": {"Admin": True}},
    ],
)
def test_arguments_that_can_not_work(key: rsa.RSAPrivateKey, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        JwtToken(pem(key), **options)


def test_without_cryptography(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(ConfigurationError, match="not installed") as caught:
        JwtToken("key")
    assert "cadence-client[jwt]" in caught.value.hint


async def test_each_attempt_asks_again(scripted: Callable[..., Any]) -> None:
    tokens = iter(["one", "two"])

    async def provider() -> str:
        await asyncio.sleep(0)
        return next(tokens)

    channel = scripted(ServiceBusyError(message="later"), api.DescribeDomainResponse())
    service = WorkflowService(channel, authorization=provider, retry=RetryOptions(busy_pause=0.0))
    await service.describe_domain(api.DescribeDomainRequest(name="d"))
    assert [sent.headers[HEADER] for sent in channel.sent] == ["one", "two"]


def unfolded(error: BaseException) -> str:
    """What a person may see of an error: its words, those of its causes, its attributes, its traceback."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(getattr(error, "__dict__", ""))


@pytest.mark.parametrize("form", ["text", "static", "file", "function"])
async def test_nobody_sees_a_token(
    form: str, scripted: Callable[..., Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "token"
    path.write_text(SECRET)
    provider: Any = {
        "text": SECRET,
        "static": StaticToken(SECRET),
        "file": FileToken(path, check_every=NOW),
        "function": lambda: SECRET,
    }[form]
    channel = scripted(ServiceBusyError(message="later"), ConnectionError("cut"), AccessDeniedError(message="no"))
    service = WorkflowService(
        channel,
        authorization=provider,
        headers=ClientHeaders(extra={"x-api-key": SECRET}),
        retry=RetryOptions(busy_pause=0.0),
    )
    shown = []
    for _ in range(3):
        with pytest.raises((AccessDeniedError, ConnectionError)) as caught:
            await service.describe_domain(api.DescribeDomainRequest(name="d"))
        shown.append(unfolded(caught.value))
    assert channel.sent[0].headers[HEADER] == SECRET
    told = [*shown, caplog.text, repr(provider), str(provider), repr(service), repr(ClientHeaders(extra={"x": SECRET}))]
    if form == "text":
        told.remove(SECRET)  # its own repr and str, once bare and once quoted
        told.remove(repr(SECRET))
    assert not [text for text in told if SECRET in text]


async def test_a_provider_that_gives_no_text(scripted: Callable[..., Any]) -> None:
    service = WorkflowService(scripted(None), authorization=SECRET.encode)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="bytes, not a token") as caught:
        await service.health()
    assert SECRET not in unfolded(caught.value)


def test_nobody_sees_a_key(key: rsa.RSAPrivateKey) -> None:
    text = pem(key).decode()
    body = text.split("\n")[1]
    provider = JwtToken(text, name="me")
    assert repr(provider) == "JwtToken(name='me')"
    broken = text.replace(body, body[:-4])
    with pytest.raises(ConfigurationError) as caught:
        JwtToken(broken, password="open sesame")
    seen = unfolded(caught.value)
    assert body[:20] not in seen
    assert "sesame" not in seen.split("JwtToken(broken")[-1].partition("\n")[2]
