"""Structs of the API as the page shows them: named values, each with what a browser needs to render it.

A value is a plain text, number or boolean, or an object with `kind`: `payload`, `time` (milliseconds since 1970),
`list` or `fields`. Names are the IDL's. Whole numbers beyond what JavaScript counts exactly travel as text. It
knows types of fields, not what events mean; that is `events`.
"""

from __future__ import annotations

from typing import Any

from cadence.api._struct import field_rows, is_enum, resolve, split_map
from cadence.devserver.web.payloads import CUT, payload

__all__ = ("fields_of", "milliseconds", "named")

_ROWS: dict[type[Any], tuple[tuple[str, str, str], ...]] = {}
_EXACT = 2**53
_TIMES = ("timestamp", "Timestamp", "Time", "time")


def milliseconds(nanoseconds: int | None) -> float | None:
    """Give a time as JavaScript counts it; None stays None."""
    return None if nanoseconds is None else nanoseconds // 1_000 / 1_000


def fields_of(struct: Any, limit: int = CUT) -> list[list[Any]]:
    """Give the fields of a struct that are set, as pairs of name and value.

    Args:
        struct: Any struct of the API.
        limit: Bytes of each payload that are shown.
    """
    found = []
    for attribute, name, idl_type in _rows(type(struct)):
        value = getattr(struct, attribute)
        if value is None or value == "":
            continue
        if idl_type == "i64" and name.endswith(_TIMES):
            if value > 0:
                found.append([name, {"kind": "time", "ms": milliseconds(value)}])
            continue
        found.append([name, _value(value, idl_type, limit)])
    return found


def _rows(cls: type[Any]) -> tuple[tuple[str, str, str], ...]:
    """Give attribute, name and type of a struct's fields."""
    found = _ROWS.get(cls)
    if found is None:
        found = tuple((attribute, name, idl_type) for _, attribute, idl_type, name in field_rows(cls))
        _ROWS[cls] = found
    return found


def named(struct: Any, attribute: str) -> Any:
    """Give one field of a struct, a number of an enum by its name."""
    value = getattr(struct, attribute)
    if not isinstance(value, int):
        return value
    return _number(value, next(idl_type for name, _, idl_type in _rows(type(struct)) if name == attribute))


def _value(value: Any, idl_type: str, limit: int) -> Any:
    if isinstance(value, bytes):  # a text that isn't UTF-8 comes as bytes, too
        return payload(value, limit)
    if isinstance(value, bool | float | str):
        return value
    if isinstance(value, int):
        return _number(value, idl_type)
    if idl_type.startswith("list<"):
        return {"kind": "list", "items": [_value(item, idl_type[5:-1], limit) for item in value]}
    if idl_type.startswith("map<"):
        inner = split_map(idl_type)[1]
        return {"kind": "fields", "fields": [[str(key), _value(item, inner, limit)] for key, item in value.items()]}
    shown = fields_of(value, limit)
    if [name for name, _ in shown] == ["name"]:
        return shown[0][1]  # a type or task list is its name
    return {"kind": "fields", "fields": shown}


def _number(value: int, idl_type: str) -> int | str:
    if is_enum(idl_type):
        try:
            enum: Any = resolve(idl_type)
            return str(enum(value).name)
        except ValueError:
            return value  # of a newer client
    return value if -_EXACT < value < _EXACT else str(value)
