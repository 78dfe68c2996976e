"""The base of every generated struct: comparison, repr, and acting as a dataclass.

Structs are plain slotted classes written out by thrift/generate.py, because `@dataclass` on the whole contract would
take three quarters of the import budget. What dataclasses, thriftpy2 and the JSON form need to know of the fields is
derived from `_fields` when it is first asked for. This module knows neither bytes nor RPCs (codec.py, service.py).
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

if TYPE_CHECKING:
    from dataclasses import Field

__all__ = ("FieldRow", "Struct", "WireSpec", "field_rows", "resolve")

FieldRow: TypeAlias = tuple[int, str, str] | tuple[int, str, str, str]
"""Number, Python name, IDL type and, where it is not the name in camel case, the IDL's name."""

# thriftpy2's numbers for the types of the binary protocol; 18 is its own mark for a string that stays bytes.
_BASE_TYPES = {"bool": 2, "byte": 3, "double": 4, "i16": 6, "i32": 8, "i64": 10, "string": 11, "binary": 18}
_STRUCT, _MAP, _LIST = 12, 13, 15

_BLOB_LIMIT = 32
_LIST_LIMIT = 8


def resolve(name: str) -> type:
    """Give the generated class of an IDL name, loading its module if need be."""
    found: type = getattr(import_module("cadence.api"), name)
    return found


def is_enum(name: str) -> bool:
    """Whether an IDL type is one of the enums."""
    homes: dict[str, str] = sys.modules["cadence.api"].HOMES
    return homes.get(name) == "cadence.api.enums"


def split_map(idl_type: str) -> tuple[str, str]:
    """Give the key and the value type of `map<K,V>`; keys are base types."""
    key, _, value = idl_type[4:-1].partition(",")
    return key, value


def field_rows(cls: type[Any]) -> tuple[tuple[int, str, str, str], ...]:
    """Give number, Python name, IDL type and IDL name of every field, in the order of the IDL."""
    rows = []
    for row in cls._fields:
        number, name, idl_type = row[:3]
        head, *tail = name.split("_")
        rows.append((number, name, idl_type, row[3] if len(row) > 3 else head + "".join(map(str.capitalize, tail))))
    return tuple(rows)


def _wire_type(idl_type: str) -> Any:
    """Give thriftpy2's notation: a number, or a pair of number and what is inside."""
    base = _BASE_TYPES.get(idl_type)
    if base is not None:
        return base
    if idl_type.startswith("list<"):
        return _LIST, _wire_type(idl_type[5:-1])
    if idl_type.startswith("map<"):
        key, value = split_map(idl_type)
        return _MAP, (_wire_type(key), _wire_type(value))
    if is_enum(idl_type):
        # Enums travel as i32 and stay ints: a number from a newer server must not break a message.
        return _BASE_TYPES["i32"]
    return _STRUCT, resolve(idl_type)


class WireSpec:
    """`thrift_spec` as thriftpy2 wants it, made and kept on the class when a codec first asks for it.

    Made late because it names the classes of nested structs, whose modules should not load with this one.
    """

    def __get__(self, instance: object, owner: type[Any]) -> dict[int, tuple[Any, ...]]:
        spec: dict[int, tuple[Any, ...]] = {}
        for row in owner._fields:
            wire = _wire_type(row[2])
            spec[row[0]] = (*wire, False) if isinstance(wire, tuple) else (wire, False)
            spec[row[0]] = (spec[row[0]][0], row[1], *spec[row[0]][1:])
        owner.thrift_spec = spec
        return spec


class _DataclassFields:
    """`__dataclass_fields__`, made when it is first asked for."""

    def __get__(self, instance: object, owner: type[Any]) -> dict[str, Field[Any]]:
        from dataclasses import make_dataclass

        if owner is Struct:
            raise AttributeError(owner.__name__)
        hints = getattr(owner.__init__, "__annotations__", {})
        rows = [(row[1], hints.get(row[1], object), None) for row in owner._fields]
        model: Any = make_dataclass(owner.__name__, rows, init=False, repr=False, eq=False)
        fields: dict[str, Field[Any]] = model.__dataclass_fields__
        owner.__dataclass_fields__ = fields
        return fields


class Struct:
    """Base of the generated structs: mutable, compared by value, not hashable.

    `dataclasses.asdict`, `replace`, `fields` and `is_dataclass` take them for dataclasses. Every field may be None,
    which means that it is not on the wire. Enum fields hold an IntEnum member or a plain int (as decoded).
    """

    __slots__: tuple[str, ...] = ()
    _fields: ClassVar[Any] = ()  # FieldRow tuples; Any, as each class has its own length of tuple

    if TYPE_CHECKING:
        thrift_spec: ClassVar[dict[int, tuple[Any, ...]]]
        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    else:
        thrift_spec = WireSpec()
        __dataclass_fields__ = _DataclassFields()

    __hash__ = None  # type: ignore[assignment]  # mutable and compared by value, as a dataclass is

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(shown_fields(self))})"

    def __replace__(self, /, **changes: Any) -> Self:
        from dataclasses import replace

        return replace(self, **changes)


def shown_fields(message: Any) -> list[str]:
    """Give `name=value` for every field that is set, as a repr shows it: enums by name, long blobs by their size."""
    shown = []
    for row in message._fields:
        value = getattr(message, row[1])
        if value is not None:
            shown.append(f"{row[1]}={_shown(value, row[2])}")
    return shown


def _shown(value: object, idl_type: str) -> str:
    if isinstance(value, bytes) and len(value) > _BLOB_LIMIT:
        return f"<{len(value)} bytes>"
    if isinstance(value, list):
        inner = idl_type[5:-1]
        items = [_shown(item, inner) for item in value[:_LIST_LIMIT]]
        if len(value) > _LIST_LIMIT:
            items.append(f"... {len(value) - _LIST_LIMIT} more")
        return f"[{', '.join(items)}]"
    if isinstance(value, dict):
        inner = split_map(idl_type)[1]
        return "{" + ", ".join(f"{key!r}: {_shown(item, inner)}" for key, item in value.items()) + "}"
    if isinstance(value, int) and not isinstance(value, bool) and is_enum(idl_type):
        names: dict[int, Any] = resolve(idl_type)._value2member_map_  # type: ignore[attr-defined]  # every Enum has it
        return names[value].name if value in names else str(int(value))
    return repr(value)
