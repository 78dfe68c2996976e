"""Hypothesis strategies for every struct, enum and error of the wire contract.

Reached through the fixture `struct_strategies` (tests/conftest.py): `data.draw(struct_strategies.structs(History))`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from cadence.api._struct import field_rows, is_enum, resolve, split_map

_RANGES = {"byte": 8, "i16": 16, "i32": 32, "i64": 64}


def _integers(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


@cache
def values(idl_type: str, depth: int, known_enums: bool) -> st.SearchStrategy[Any]:
    """Values of an IDL type. Below `depth`, structs are empty."""
    if idl_type in _RANGES:
        return _integers(_RANGES[idl_type])
    plain: dict[str, st.SearchStrategy[Any]] = {
        "bool": st.booleans(),
        "double": st.floats(allow_nan=False),
        "string": st.text(max_size=12),
        # Both content that is text and content that is not: neither may change its type.
        "binary": st.binary(max_size=24) | st.text(max_size=8).map(str.encode),
    }
    if idl_type in plain:
        return plain[idl_type]
    if idl_type.startswith("list<"):
        return st.lists(values(idl_type[5:-1], depth, known_enums), max_size=3)
    if idl_type.startswith("map<"):
        key, value = (values(part, depth, known_enums) for part in split_map(idl_type))
        return st.dictionaries(key, value, max_size=3)
    cls: Any = resolve(idl_type)
    if is_enum(idl_type):
        known = st.sampled_from([int(member) for member in cls])
        return known if known_enums else known | _integers(32)
    return structs(cls, depth=depth - 1, known_enums=known_enums)


@cache
def structs(cls: Any, *, depth: int = 3, known_enums: bool = False) -> st.SearchStrategy[Any]:
    """Instances of a struct or an error, each field set or not.

    Args:
        cls: The class.
        depth: How deep structs nest.
        known_enums: Only enum values that the IDL names.
    """
    if depth <= 0 or not cls._fields:
        return st.builds(cls)
    fields = {row[1]: st.deferred(_later(row[2], depth, known_enums)) for row in field_rows(cls)}
    return st.fixed_dictionaries({}, optional=fields).map(lambda named: cls(**named))


def _later(idl_type: str, depth: int, known_enums: bool) -> Any:
    return lambda: values(idl_type, depth, known_enums)
