"""Histories in the JSON form of the Cadence command, which replayers of all languages read.

A bare array of events; fields have the IDL's names, enums are names, bytes are base64, 64-bit numbers are plain
numbers, fields that are not set are absent. Reading also takes numbers for enums, text for numbers, and the object with
`events` that other tools write; fields that this release does not know are passed over. The bytes of the wire are
codec.py's job.
"""

from __future__ import annotations

import base64
import binascii
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from cadence.api._struct import field_rows, is_enum, resolve, split_map
from cadence.api.codec import CodecError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cadence.api.history import History

__all__ = ("dumps", "loads")

_INTEGERS = frozenset({"byte", "i16", "i32", "i64"})


def loads(text: str | bytes) -> History:
    """Read a history.

    Args:
        text: What `cadence workflow show --output_filename` writes, or `{"events": [...]}`.

    Returns:
        The history. Enum fields hold IntEnum members where the name is known.

    Raises:
        CodecError: The text is not JSON, or not a history; the message names the event and the field.
    """
    try:
        parsed = json.loads(text)
    except ValueError as error:
        msg = f"the history is not JSON: {error}"
        raise CodecError(msg) from error
    if isinstance(parsed, dict):
        parsed = parsed.get("events", parsed.get("Events"))
    if not isinstance(parsed, list):
        msg = "the history is not an array of events"
        raise CodecError(msg)
    from cadence.api.history import History

    events = []
    for place, event in enumerate(parsed, 1):
        try:
            events.append(_reader("HistoryEvent")(event))
        except _WrongValue as error:
            # What was found in event N, innermost field last.
            msg = f"event {place} of the history: {'.'.join(reversed(error.path)) or 'it'} {error.problem}"
            raise CodecError(msg) from error
    return History(events=events)


def dumps(history: History, *, indent: int | None = None) -> str:
    """Write a history.

    Args:
        history: Its events; enum fields may hold members or plain ints, numbers without a name are written as numbers.
        indent: Spaces of indentation for people; None writes one line.

    Returns:
        A JSON array.
    """
    events = [_writer("HistoryEvent")(event) for event in history.events or []]
    return json.dumps(events, indent=indent, separators=None if indent else (",", ":"), ensure_ascii=False)


class _WrongValue(Exception):
    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path: list[str] = []


# --- reading ---------------------------------------------------------------------------------------------------------


@cache
def _reader(idl_type: str) -> Callable[[Any], Any]:
    """Give the function that turns a parsed JSON value into a field's value."""
    if idl_type in _INTEGERS:
        return _read_integer
    if idl_type == "binary":
        return _read_binary
    if idl_type in {"string", "bool", "double"}:
        return {"string": _read_string, "bool": _read_bool, "double": _read_double}[idl_type]
    if idl_type.startswith("list<"):
        return _list_reader(idl_type[5:-1])
    if idl_type.startswith("map<"):
        return _map_reader(*split_map(idl_type))
    return _enum_reader(idl_type) if is_enum(idl_type) else _struct_reader(idl_type)


def _read_integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(str(value))
    except ValueError:
        raise _expected("a number", value) from None


def _read_double(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise _expected("a number", value)


def _read_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _expected("true or false", value)


def _read_string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _expected("a text", value)


def _read_binary(value: Any) -> bytes:
    try:
        return base64.b64decode(_read_string(value), validate=True)
    except binascii.Error as error:
        msg = f"is not base64: {error}"
        raise _WrongValue(msg) from None


def _list_reader(inner: str) -> Callable[[Any], Any]:
    read = _reader(inner)

    def reader(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _expected("an array", value)
        return [read(item) for item in value]

    return reader


def _map_reader(key: str, inner: str) -> Callable[[Any], Any]:
    read_key, read = _reader(key), _reader(inner)

    def reader(value: Any) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise _expected("an object", value)
        return {read_key(name): read(item) for name, item in value.items()}

    return reader


def _enum_reader(name: str) -> Callable[[Any], Any]:
    # Servers have written both `TIMEOUT` and `Timeout` for the same member.
    members: dict[str, int] = {_plain(member.name): member for member in resolve(name)}  # type: ignore[attr-defined]
    by_number = {int(member): member for member in members.values()}

    def reader(value: Any) -> int:
        if isinstance(value, str) and not value.lstrip("-").isdigit():
            member = members.get(_plain(value))
            if member is None:
                msg = f"is {value!r:.60}, which {name} does not have"
                raise _WrongValue(msg)
            return member
        number = _read_integer(value)
        return by_number.get(number, number)

    return reader


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _struct_reader(name: str) -> Callable[[Any], Any]:
    cls = resolve(name)
    rows = {row[3]: (row[1], row[2]) for row in field_rows(cls)}

    def reader(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _expected("an object", value)
        message = cls()
        for key, item in value.items():
            row = rows.get(key)
            if row is None or item is None:
                continue
            try:
                setattr(message, row[0], _reader(row[1])(item))
            except _WrongValue as error:
                error.path.append(key)
                raise
        return message

    return reader


def _expected(what: str, value: Any) -> _WrongValue:
    return _WrongValue(f"should be {what}, not {value!r:.60}")


# --- writing ---------------------------------------------------------------------------------------------------------


@cache
def _writer(idl_type: str) -> Callable[[Any], Any]:
    """Give the function that turns a field's value into what json can write."""
    if idl_type == "binary":
        return _write_binary
    if idl_type.startswith("list<"):
        write_item = _writer(idl_type[5:-1])
        return lambda value: [write_item(item) for item in value]
    if idl_type.startswith("map<"):
        write_value = _writer(split_map(idl_type)[1])
        return lambda value: {str(key): write_value(item) for key, item in value.items()}
    if idl_type in _INTEGERS or idl_type in {"string", "bool", "double"}:
        return _write_plain
    if is_enum(idl_type):
        names = {int(member): member.name for member in resolve(idl_type)}  # type: ignore[attr-defined]  # an enum
        return lambda value: names.get(int(value), int(value))
    return _struct_writer(idl_type)


def _write_binary(value: bytes | str) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode("ascii")


def _write_plain(value: Any) -> Any:
    # A string that is not UTF-8 was left as bytes by the codec.
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _struct_writer(name: str) -> Callable[[Any], Any]:
    rows = [(row[3], row[1], row[2]) for row in field_rows(resolve(name))]

    def writer(message: Any) -> dict[str, Any]:
        values = ((key, getattr(message, attribute), idl_type) for key, attribute, idl_type in rows)
        return {key: _writer(idl_type)(value) for key, value, idl_type in values if value is not None}

    return writer
