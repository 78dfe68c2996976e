"""One value to JSON and back, by its type: msgspec's encoder and decoders, kept per type, and a slow way for the rest.

Knows no arguments, conventions or places; `conventions` frames lists of values, `data_converter` names places. What
msgspec refuses is left to `json_types` (unions of classes, other spellings of durations and bytes) and, for NaN,
infinities and very large integers, to the standard library's json.
"""

from __future__ import annotations

import collections.abc
import json
import math
import pathlib
import typing
from datetime import timedelta
from typing import Any

import msgspec

from cadence.converter.json_types import Converting, rewritten

__all__ = ("MISFITS", "UNSUPPORTED", "as_builtins", "convert", "decode", "encode", "split_documents", "to_supported")

MISFITS = (msgspec.DecodeError, ValueError, TypeError, RecursionError)
"""What `decode` raises for bytes that don't fit."""
UNSUPPORTED = (TypeError, ValueError, OverflowError, RecursionError, msgspec.EncodeError)
"""What `encode` raises for values that have no JSON form."""

_ITERABLES = (collections.abc.Iterable, collections.abc.Collection, collections.abc.Iterator, collections.abc.Container)
_UNTYPED = msgspec.json.Decoder()
_NO_DECODER = object()
_decoders: dict[Any, Any] = {}


def to_supported(value: Any) -> Any:
    """Return something that JSON has for a value of a class that msgspec doesn't know."""
    dump = getattr(type(value), "model_dump", None)
    if dump is not None and hasattr(type(value), "__pydantic_validator__"):
        return value.model_dump(mode="json", by_alias=True)
    for base in (str, int, float):
        if isinstance(value, base):
            return base(value)
    if isinstance(value, pathlib.PurePath):
        return str(value)
    if isinstance(value, collections.abc.Mapping):
        return dict(value)
    if isinstance(value, (range, collections.abc.Set, collections.deque)):
        return list(value)
    cls = type(value)
    hint = "make it a dataclass, or convert it before it is passed"
    msg = f"a {cls.__module__}.{cls.__qualname__} has no JSON form; {hint}"
    raise TypeError(msg)


_encoder = msgspec.json.Encoder(enc_hook=to_supported)


def encode(value: object) -> bytes:
    """Write a value as JSON.

    Raises:
        TypeError, ValueError, RecursionError: It has no JSON form (see `UNSUPPORTED`).
    """
    data = _encoder.encode(value)
    # msgspec writes NaN and infinities as null: a lost value, seen only where there is a null at all.
    if b"null" in data and value is not None and _has_special_float(as_builtins(value)):
        data = json.dumps(as_builtins(value), ensure_ascii=False, separators=(",", ":")).encode()
    return data


def as_builtins(value: object, *, keep: tuple[type, ...] = ()) -> Any:
    """Return a value as dicts, lists, text and numbers, but for the types in `keep`."""
    return msgspec.to_builtins(value, builtin_types=keep, str_keys=True, enc_hook=to_supported)


def decode(data: bytes | memoryview, hint: Any = object) -> Any:
    """Read one JSON document as a value of a type.

    Args:
        data: The document; whitespace around it is passed over.
        hint: Its type; `object` or `Any`: as JSON has it.

    Raises:
        msgspec.DecodeError: It is no JSON, or (ValidationError, with the path) does not fit.
        TypeError: The type can't be made from JSON.
    """
    try:
        decoder = _decoders.get(hint) or _make_decoder(hint)
    except TypeError:  # a hint that can't be hashed (Annotated with a list, say)
        return convert(_untyped(data), hint)
    if decoder is _NO_DECODER:
        return convert(_untyped(data), rewritten(hint))
    try:
        return decoder.decode(data)
    except msgspec.DecodeError as error:
        return _decode_otherwise(data, hint, error)


def convert(value: Any, hint: Any) -> Any:
    """Make a value of a type from what JSON has; raises as `decode`."""
    return msgspec.convert(value, hint, str_keys=True, dec_hook=_from_supported)


def split_documents(data: bytes) -> list[bytes]:
    """Cut several JSON documents, separated by whitespace or nothing, into one each.

    Raises:
        ValueError: The bytes are no JSON.
    """
    text = data.decode()
    scanner = json.JSONDecoder()
    documents: list[bytes] = []
    start = 0
    while True:
        while start < len(text) and text[start] in " \t\r\n":
            start += 1
        if start == len(text):
            return documents
        _, end = scanner.raw_decode(text, start)
        documents.append(text[start:end].encode())
        start = end


def _make_decoder(hint: Any) -> Any:
    hash(hint)
    try:
        decoder: Any = msgspec.json.Decoder(None if hint is None else hint, dec_hook=_from_supported)
    except TypeError:
        rewritten(hint)  # raises where there is no other way
        decoder = _NO_DECODER
    _decoders[hint] = decoder
    return decoder


def _decode_otherwise(data: bytes | memoryview, hint: Any, error: msgspec.DecodeError) -> Any:
    """Read what a peer writes in another form than msgspec; raise the first error where that doesn't help."""
    try:
        value = _untyped(data)
    except ValueError:
        raise error from None
    try:
        return convert(value, hint)
    except MISFITS:
        pass
    try:
        return convert(value, rewritten(hint))
    except MISFITS:
        raise error from None


def _untyped(data: bytes | memoryview) -> Any:
    try:
        return _UNTYPED.decode(data)
    except msgspec.DecodeError as error:
        try:
            return json.loads(bytes(data))  # reads NaN and infinities, which Python and Java write
        except ValueError:
            raise error from None


def _from_supported(cls: Any, value: Any) -> Any:
    """Make an object of a class that msgspec doesn't know; its `dec_hook`."""
    if isinstance(cls, type):
        if issubclass(cls, Converting):
            return cls.convert(value, convert)
        if hasattr(cls, "__pydantic_validator__"):
            return _pydantic(cls, value)
        if isinstance(value, cls):
            return value
        if issubclass(cls, (str, int, float, pathlib.PurePath)):
            return cls(value)
    origin = typing.get_origin(cls) or cls
    if origin in _ITERABLES and isinstance(value, list):
        (content,) = typing.get_args(cls) or (object,)
        return convert(value, list[content])  # type: ignore[valid-type]  # the hint's own content
    msg = f"a {getattr(cls, '__qualname__', cls)} can't be made from JSON"
    raise TypeError(msg)


def _pydantic(cls: Any, value: Any) -> Any:
    # As JSON again, because strict models take text for a Decimal or a datetime from JSON alone.
    return cls.model_validate_json(encode(value))


def _has_special_float(value: Any) -> bool:
    if type(value) is float:
        return not math.isfinite(value)
    if type(value) is dict:
        return any(map(_has_special_float, value.values()))
    if type(value) in (list, tuple):
        return any(map(_has_special_float, value))
    return False


def nanoseconds(value: timedelta) -> int:
    """Return a duration as Go writes it."""
    return (value.days * 86_400 + value.seconds) * 1_000_000_000 + value.microseconds * 1_000
