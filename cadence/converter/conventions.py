"""How lists of values become bytes for each peer, and how such bytes are read whoever wrote them.

    written by    no argument   one argument         several            bytes alone         durations
    GO            nothing       JSON + newline       JSON + newline, each   as they are     nanoseconds
    JAVA          nothing       JSON                 a JSON array       signed numbers      {"seconds", "nanos"}
    PYTHON_1      null          JSON                 a JSON array       signed numbers      {"seconds", "nanos"}

Reading goes by the number of parameters and their types: several documents are one argument each; a lone array for
several parameters is their list, and for one parameter a list. Bytes alone can't be told from JSON, so they are read as
the reader's own convention writes them, and as they are where that doesn't fit.
Knows no names of places; `data_converter` adds them to the errors.
"""

from __future__ import annotations

import enum
import json
import typing
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from cadence.converter.json_values import MISFITS, as_builtins, decode, encode, nanoseconds, split_documents
from cadence.converter.signatures import Signature

__all__ = ("ArgumentError", "Convention", "decode_arguments", "decode_one", "encode_arguments", "encode_one")

_SCALARS = frozenset((str, int, bool))
_UNTYPED = (object, Any)


class Convention(enum.Enum):
    """Whose way of writing values is used; what comes in is understood whichever it is."""

    GO = "go"
    """The Go client's, the server's own and the `cadence` command's: each value on a line of JSON."""
    JAVA = "java"
    """The Java client's: one value as JSON, several as a JSON array."""
    PYTHON_1 = "python-1"
    """That of `cadence-client` 1.x: Java's, with `null` for no argument and no result."""


class ArgumentError(Exception):
    """An argument that does not fit; `__cause__` says why.

    Attributes:
        index: Which one, from 0.
        why: What is wrong, in words.
    """

    def __init__(self, index: int, why: str) -> None:
        super().__init__(why)
        self.index = index
        self.why = why


def encode_one(convention: Convention, value: object) -> bytes | None:
    """Write one value; None is nothing at all, but `null` for 1.x."""
    if value is None:
        return b"null" if convention is Convention.PYTHON_1 else None
    if convention is Convention.GO:
        return value if type(value) is bytes else _go(value) + b"\n"
    return _java(value)


def encode_arguments(convention: Convention, values: Sequence[object]) -> bytes | None:
    """Write a list of arguments.

    Raises:
        ArgumentError: One of them has no JSON form.
    """
    write = _go if convention is Convention.GO else _java
    if not values:
        return b"null" if convention is Convention.PYTHON_1 else None
    if convention is Convention.GO and len(values) == 1 and type(values[0]) is bytes:
        return values[0]
    written: list[bytes] = []
    for index, value in enumerate(values):
        try:
            written.append(write(value))
        except Exception as error:  # a user's class may raise anything from its conversion
            raise ArgumentError(index, str(error) or type(error).__name__) from error
    if convention is Convention.GO:
        written.append(b"")
        return b"\n".join(written)
    return written[0] if len(written) == 1 else b"[" + b",".join(written) + b"]"


def decode_one(convention: Convention, data: bytes | None, hint: Any) -> Any:
    """Read one value; nothing at all is None.

    Raises:
        msgspec.DecodeError, TypeError, ValueError: It does not fit.
    """
    if hint is None or hint is type(None):
        return None
    if not data:
        return b"" if hint is bytes and data is not None else None
    if hint is bytes:
        return _bytes(convention, data)
    try:
        return decode(data, hint)
    except msgspec.ValidationError:
        raise
    except MISFITS:
        # Several documents where one is expected: Go ignores the rest. No JSON at all: a Go []byte, as it is.
        try:
            documents = split_documents(data)
        except ValueError:
            if hint in _UNTYPED:
                return data
            raise
        if len(documents) < 2:
            raise
        return decode(documents[0], hint)


def decode_arguments(convention: Convention, data: bytes | None, signature: Signature) -> list[Any]:
    """Read a list of arguments, with defaults for those that were left out.

    Raises:
        ArgumentError: One of them does not fit, or is missing.
    """
    parameters = signature.parameters
    if not data or (not parameters and signature.variadic is None):
        return _filled([], signature)
    if len(parameters) == 1 and signature.variadic is None:
        try:
            return [decode_one(convention, data, parameters[0].hint)]
        except MISFITS as error:
            if not parameters[0].required and data.strip() == b"null":
                return [parameters[0].default]
            raise ArgumentError(0, _why(error)) from error
    return _decode_several(data, signature)


def _decode_several(data: bytes, signature: Signature) -> list[Any]:
    try:
        documents = [line for line in data.split(b"\n") if line]
        if len(documents) == 1:
            return _decode_alone(documents[0], signature, is_line=data.endswith(b"\n"))
        return _decode_each(documents, signature)
    except ArgumentError as error:
        # A line may be a part of a document only: a person's input, spread over lines. Then the cut was wrong.
        if not isinstance(error.__cause__, msgspec.DecodeError) or isinstance(error.__cause__, msgspec.ValidationError):
            raise
        try:
            whole = split_documents(data)
        except ValueError:
            raise error from error.__cause__
        if len(whole) == 1:
            return _decode_alone(whole[0], signature, is_line=data.endswith(b"\n"))
        return _decode_each(whole, signature)


def _decode_alone(document: bytes, signature: Signature, *, is_line: bool) -> list[Any]:
    """Read a lone document for several parameters: a list of all, or the first alone."""
    if not document.lstrip().startswith(b"["):
        if document.strip() == b"null" and not is_line and signature.required == 0:
            return _filled([], signature)  # 1.x, no argument
        return _decode_each([document], signature)
    # Go writes a newline after the one argument; a lone array without it is Java's list of all.
    first_is_list = is_line and signature.required <= 1
    try:
        return _decode_each([document], signature) if first_is_list else _decode_list(document, signature)
    except ArgumentError:
        if signature.required > 1:
            raise
        try:
            return _decode_list(document, signature) if first_is_list else _decode_each([document], signature)
        except ArgumentError:
            pass
        raise


def _decode_list(document: bytes, signature: Signature) -> list[Any]:
    try:
        items = [bytes(item) for item in decode(document, list[msgspec.Raw])]
    except MISFITS as error:
        try:
            items = _items(document)  # NaN or an infinity in one of them
        except ValueError:
            raise ArgumentError(0, _why(error)) from error
    return _decode_each(items, signature)


def _items(document: bytes) -> list[bytes]:
    values = json.loads(document)
    if not isinstance(values, list):
        msg = "it is no array"
        raise ValueError(msg)
    return [json.dumps(value, ensure_ascii=False).encode() for value in values]


def _decode_each(documents: list[bytes], signature: Signature) -> list[Any]:
    hints = [parameter.hint for parameter in signature.parameters]
    if signature.variadic is not None and len(documents) > len(hints):
        hints += [signature.variadic] * (len(documents) - len(hints))
    values: list[Any] = []
    for hint, document in zip(hints, documents, strict=False):
        try:
            values.append(decode(document, hint))
        except MISFITS as error:
            index = len(values)
            parameters = signature.parameters
            if document.strip() == b"null" and index < len(parameters) and not parameters[index].required:
                values.append(parameters[index].default)
                continue
            raise ArgumentError(index, _why(error)) from error
    return _filled(values, signature)


def _filled(values: list[Any], signature: Signature) -> list[Any]:
    for index, parameter in enumerate(signature.parameters[len(values) :], len(values)):
        if not parameter.required:
            values.append(parameter.default)
        elif type(None) in typing.get_args(parameter.hint):
            values.append(None)  # as Java and Go do with what a sender doesn't know yet
        else:
            raise ArgumentError(index, f"it is missing: {len(values)} given, {signature.required} needed")
    return values


def _bytes(convention: Convention, data: bytes) -> bytes:
    if convention is Convention.GO:
        return data
    try:
        return typing.cast("bytes", decode(data, bytes))
    except MISFITS:
        return data


def _go(value: object) -> bytes:
    data = encode(value)
    # Durations are numbers in Go. msgspec writes them as ISO 8601, which is seen in the bytes without a look at types.
    if b'"P' in data or b'"-P' in data:
        plain = as_builtins(value, keep=(timedelta,))
        if _has(plain, timedelta):
            return encode(_replaced(plain, nanoseconds))
    return data


def _java(value: object) -> bytes:
    if type(value) in _SCALARS:
        return encode(value)
    plain = as_builtins(value, keep=(bytes, timedelta))
    if _has(plain, (bytes, timedelta)):
        return encode(_replaced(plain, _java_duration))
    return encode(value)


def _java_duration(value: timedelta) -> dict[str, int]:
    return {"seconds": value.days * 86_400 + value.seconds, "nanos": value.microseconds * 1_000}


def _has(value: Any, kinds: type | tuple[type, ...]) -> bool:
    if isinstance(value, dict):
        return any(_has(item, kinds) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_has(item, kinds) for item in value)
    return isinstance(value, kinds)


def _replaced(value: Any, duration: Any) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, duration) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(item, duration) for item in value]
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, bytes):
        return [byte - 256 if byte > 127 else byte for byte in value]
    return value


def _why(error: BaseException) -> str:
    return str(error) or type(error).__name__
