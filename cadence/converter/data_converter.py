"""`DataConverter`: what a client or worker turns values into bytes with, and bytes into values.

Puts the other modules of this room together: `conventions` frames values, `json_values` writes them, `payload_codecs`
changes the bytes, `failures` carries exceptions. Adds the place to every error, and a word before a payload gets too
large for the server. Knows no server, workflow or activity.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from cadence.converter.conventions import (
    ArgumentError,
    Convention,
    decode_arguments,
    decode_one,
    encode_arguments,
    encode_one,
)
from cadence.converter.failures import FailureConverter
from cadence.converter.json_values import MISFITS, decode, split_documents
from cadence.converter.payload_codecs import PayloadCodec, PayloadCodecs
from cadence.converter.signatures import Signature
from cadence.exceptions import ConfigurationError, ConversionError

__all__ = ("DataConverter",)

_logger = logging.getLogger("cadence.converter")

_WARN_BYTES = 256 * 1024
"""From this size on the server of a common installation warns; it refuses 2 MiB."""
_HEAD = 75
_NO_VALUE = (None, type(None), object, Any)


class DataConverter:
    """Turns values into bytes and back. Stateless but for caches: may be shared by clients, workers and threads.

    Go's convention is the default: it is the server's own and the `cadence` command's, and the only one in which one
    list and several arguments look different. Choose `Convention.JAVA` where Java workflows or activities are called.

    Args:
        convention: How to write. Whatever comes in is understood.
        codecs: Applied to all payloads, in this order when writing.
        failures: Knows which error classes come back as themselves.
        warn_bytes: A payload of at least this many bytes is logged as a warning; 0: never.
        limit_bytes: A payload of more bytes is refused with a ConversionError before it is sent; None: the server's own
            limit (2 MiB by default) decides.

    Raises:
        ConfigurationError: An argument can't work.
    """

    def __init__(
        self,
        *,
        convention: Convention = Convention.GO,
        codecs: Sequence[PayloadCodec] = (),
        failures: FailureConverter | None = None,
        warn_bytes: int = _WARN_BYTES,
        limit_bytes: int | None = None,
    ) -> None:
        if convention not in list(Convention):
            msg = f"convention is one of Convention, not {convention!r}"
            raise ConfigurationError(msg, hint="write Convention.JAVA, for example")
        self.convention = convention
        self.failures = FailureConverter() if failures is None else failures
        self.warn_bytes = warn_bytes
        self.limit_bytes = limit_bytes
        self._codecs = PayloadCodecs(codecs)
        self._watched = min(warn_bytes or 1 << 62, 1 << 62 if limit_bytes is None else limit_bytes + 1)

    def encode_arguments(self, values: Sequence[object], *, place: str = "") -> bytes | None:
        """Write the arguments of a call.

        Args:
            values: In order.
            place: What is called, for errors: `activity compose_greeting`.

        Returns:
            The bytes; None where there are no arguments.

        Raises:
            ConversionError: An argument has no JSON form, or all together are too long.
        """
        try:
            data = encode_arguments(self.convention, values)
        except ArgumentError as error:
            value = values[error.index]
            msg = f"{error.why} (it is a {type(value).__qualname__})"
            raise ConversionError(msg, place=_argument(error.index, "", place)) from error.__cause__
        return self._sent(data, place or "arguments")

    def decode_arguments(self, data: bytes | None, signature: Signature, *, place: str = "") -> list[object]:
        """Read the arguments of a call.

        Args:
            data: The bytes, or None.
            signature: What is called.
            place: What it is, for errors: `activity compose_greeting`; default: the signature's name.

        Returns:
            One value for each parameter, defaults filled in; more only for `*args`. What is beyond the parameters is
            passed over, as peers do.

        Raises:
            ConversionError: An argument is missing or does not fit its type; it names which, the type, and where in it.
        """
        place = place or signature.name
        data = self._received(data, place)
        try:
            return decode_arguments(self.convention, data, signature)
        except ArgumentError as error:
            parameters = signature.parameters
            known = parameters[error.index] if error.index < len(parameters) else None
            hint = signature.variadic if known is None else known.hint
            where = _argument(error.index, "" if known is None else known.name, place)
            msg = error.why if error.__cause__ is None else f"{_misfit(data, hint)}: {error.why}"
            raise ConversionError(msg, place=where) from error.__cause__

    def encode_value(self, value: object, *, place: str = "") -> bytes | None:
        """Write one value: a result, heartbeat details, a memo's field.

        Args:
            value: None becomes None: the field stays unset.
            place: What it is, for errors.

        Raises:
            ConversionError: It has no JSON form, or is too long.
        """
        try:
            data = encode_one(self.convention, value)
        except Exception as error:  # a user's class may raise anything from its conversion
            msg = f"{str(error) or type(error).__name__} (it is a {type(value).__qualname__})"
            raise ConversionError(msg, place=place) from error
        if data is None or (len(data) < self._watched and not self._codecs and data[:1] != b"\x00"):
            return data
        return self._sent(data, place or "value")

    def decode_value(self, data: bytes | None, type_hint: Any = object, *, place: str = "") -> Any:
        """Read one value.

        Args:
            data: The bytes; None is None.
            type_hint: Its type; `object`: as JSON has it.
            place: What it is, for errors: `result of activity compose_greeting`.

        Raises:
            ConversionError: It does not fit.
        """
        if data is not None and data[:1] == b"\x00":
            data = self._received(data, place)
        try:
            return decode_one(self.convention, data, type_hint)
        except MISFITS as error:
            msg = f"{_misfit(data, type_hint)}: {error}"
            raise ConversionError(msg, place=place) from error

    def encode_result(self, value: object, type_hint: Any = object, *, place: str = "") -> bytes | None:
        """Write what an activity or a workflow returns.

        As `encode_value`, but None is `null` where the function could also return something: Go fails to read nothing
        at all into a variable. A function that never returns anything leaves its result unset, as Go's and Java's do.

        Raises:
            ConversionError: It has no JSON form, or is too long.
        """
        if value is not None or type_hint in _NO_VALUE:
            return self.encode_value(value, place=place)
        return self._sent(b"null" if self.convention is not Convention.GO else b"null\n", place)

    def without_codecs(self, data: bytes | None) -> bytes | None:
        """Return the bytes as they were before the codecs: what two writings of one value have in common.

        Raises:
            ConversionError: A codec is missing, or failed.
        """
        return self._codecs.decode(data)

    def encode_details(self, values: Sequence[object], *, place: str = "") -> bytes | None:
        """Write what is left when something ends. Never raises: details that can't be sent are logged and left out."""
        try:
            return self.encode_arguments(values, place=place)
        except ConversionError as error:
            _logger.warning("details were not sent: %s", error)
            return None

    def decode_details(self, data: bytes | None) -> Any:
        """Read what a heartbeat, a cancellation or a termination left.

        Returns:
            The value; a tuple of several; None for nothing; the bytes where they can't be read, so that trouble with
            details never hides what happened.
        """
        if not data:
            return None
        try:
            data = self._codecs.decode(data)
            values = [decode(document) for document in split_documents(data or b"")]
        except (ConversionError, *MISFITS):
            return data
        return values[0] if len(values) == 1 else tuple(values)

    def encode_failure(self, error: BaseException) -> tuple[str, bytes | None]:
        """Write an exception as a failure's reason and details; see `cadence.converter.failures`."""
        reason, details = self.failures.encode(error, self.convention)
        try:
            return reason, self._codecs.encode(details)
        except ConversionError:
            # Sent open it could show what must stay secret; the reason alone tells what happened.
            _logger.exception("the details of failure %s could not be encoded and are not sent", reason)
            return reason, None

    def decode_failure(self, reason: str | None, details: bytes | None) -> BaseException:
        """Read a failure as the exception that it stands for. Never raises."""
        try:
            details = self._codecs.decode(details)
        except ConversionError as trouble:
            error = self.failures.decode(reason, None)
            error.add_note(f"(its details could not be read: {trouble})")
            return error
        return self.failures.decode(reason, details)

    def _sent(self, data: bytes | None, place: str) -> bytes | None:
        data = self._codecs.encode(data)
        if data is None or len(data) < self._watched:
            return data
        size = len(data)
        if self.limit_bytes is not None and size > self.limit_bytes:
            msg = f"{size:,} bytes are more than the limit of {self.limit_bytes:,}"
            raise ConversionError(msg, place=place, hint="pass a reference to the data, or compress it with a codec")
        _logger.warning("%s: a payload of %d bytes; the server refuses 2 MiB by default", place, size)
        return data

    def _received(self, data: bytes | None, place: str) -> bytes | None:
        try:
            return self._codecs.decode(data)
        except ConversionError as error:
            raise ConversionError(error.message, place=place, hint=error.hint) from error


def _argument(index: int, name: str, place: str) -> str:
    where = f'argument {index + 1} ("{name}")' if name else f"argument {index + 1}"
    return f"{where} of {place}" if place else where


def _misfit(data: bytes | None, hint: Any) -> str:
    name = getattr(hint, "__qualname__", None) if isinstance(hint, type) else None
    text = (data or b"")[:_HEAD].decode("utf-8", "replace").strip()
    shown = "".join(c if c.isprintable() else " " for c in text)
    return f"{shown}{'...' if len(data or b'') > _HEAD else ''} is no {name or hint}"
