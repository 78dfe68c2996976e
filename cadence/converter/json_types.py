"""Types that msgspec can't decode by itself, made so that it can: unions of classes, and peers' other spellings.

`rewritten(hint)` gives a type in which such parts are replaced by `Converting` classes, which are asked for the value
when msgspec meets them. Only used where the ordinary decoder refused the type or the bytes, so it may be slow.

- A union of classes: the member fits best that knows most of the object's keys; then the first that converts.
- A duration: also Go's integer of nanoseconds and Java's `{"seconds": .., "nanos": ..}`.
- Bytes: also Java's array of signed numbers.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar, TypeAlias

import msgspec

__all__ = ("Converting", "rewritten")

Convert: TypeAlias = Callable[[Any, Any], Any]
"""`convert(value, hint)` of `json_values`, handed in because it calls back into here."""

_MISFITS = (msgspec.ValidationError, ValueError, TypeError)


class _Anything(type):
    """msgspec looks whether what `dec_hook` made is an instance of what it asked for; here that may be anything."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class Converting(metaclass=_Anything):
    """A type whose values are made by its own `convert`."""

    @classmethod
    def convert(cls, value: Any, convert: Convert) -> Any:
        """Make the value from what JSON has."""
        raise NotImplementedError


class _Duration(Converting):
    @classmethod
    def convert(cls, value: Any, convert: Convert) -> Any:
        if type(value) is int:
            return timedelta(microseconds=value / 1_000)
        if isinstance(value, dict) and value.keys() <= {"seconds", "nanos"}:
            return timedelta(seconds=value.get("seconds", 0), microseconds=value.get("nanos", 0) / 1_000)
        return convert(value, timedelta)


class _Bytes(Converting):
    @classmethod
    def convert(cls, value: Any, convert: Convert) -> Any:
        if isinstance(value, list):
            return bytes(number & 0xFF for number in convert(value, list[int]))
        return convert(value, bytes)


class _Union(Converting):
    members: ClassVar[tuple[Any, ...]]

    @classmethod
    def convert(cls, value: Any, convert: Convert) -> Any:
        found: list[str] = []
        for member in sorted(cls.members, key=functools.partial(_misfit, value)):
            try:
                return convert(value, rewritten(member))
            except _MISFITS as error:
                found.append(f"{_title(member)}: {error}")
        msg = f"fits no member of the union ({'; '.join(found)})"
        raise ValueError(msg)


class _Object(Converting):
    shape: ClassVar[type]
    parameters: ClassVar[Mapping[Any, Any]] = {}
    """Types that stand for the type variables of a generic class."""

    @classmethod
    def convert(cls, value: Any, convert: Convert) -> Any:
        shape = cls.shape
        hints = typing.get_type_hints(shape, include_extras=True)
        if issubclass(shape, tuple):
            fields = shape._fields  # type: ignore[attr-defined]  # a named tuple
            if not isinstance(value, (list, tuple)):
                return convert(value, shape)
            value = dict(zip(fields, value, strict=False))
        if not isinstance(value, dict):
            return convert(value, shape)
        made = {
            name: convert(content, rewritten(_bound(_unqualified(hints[name]), cls.parameters)))
            for name, content in value.items()
            if name in _field_names(shape)
        }
        missing = _required_names(shape) - made.keys()
        if missing:
            msg = f"Object missing required field `{min(missing)}`"
            raise ValueError(msg)
        return shape(**made)


def rewritten(hint: Any) -> Any:
    """Return a type that accepts all that `hint` means, in every spelling.

    Raises:
        TypeError: msgspec can't decode it even so.
    """
    try:
        made = _rewritten_once(hint)
    except TypeError:
        made = _rewrite(hint)
    return made


@functools.cache
def _rewritten_once(hint: Any) -> Any:
    return _rewrite(hint)


def _rewrite(hint: Any) -> Any:
    if hint is timedelta:
        return _Duration
    if hint is bytes:
        return _Bytes
    if isinstance(hint, type) and _is_object(hint):
        return _Anything(hint.__name__, (_Object,), {"shape": hint})
    if isinstance(hint, typing.NewType):
        return _rewrite(hint.__supertype__)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(origin, type) and _is_object(origin):
        bound = dict(zip(getattr(origin, "__parameters__", ()), arguments, strict=False))
        return _Anything(origin.__name__, (_Object,), {"shape": origin, "parameters": bound})
    if origin is typing.Annotated:
        inner = _rewrite(arguments[0])
        return hint if inner is arguments[0] else inner
    if origin in (typing.Union, types.UnionType):
        members = tuple(member for member in arguments if member is not type(None))
        if len(members) == 1:
            made: Any = _rewrite(members[0])
        else:
            made = _Anything("Union", (_Union,), {"members": members})
        return made if len(members) == len(arguments) else made | None
    if isinstance(origin, type) and issubclass(origin, collections.abc.Iterable) and arguments:
        changed = tuple(part if part is Ellipsis else _rewrite(part) for part in arguments)
        if changed != arguments:
            return origin[changed]  # type: ignore[index]  # it was subscripted before
    return hint


def _is_object(hint: type) -> bool:
    if issubclass(hint, tuple):
        return hasattr(hint, "_fields")
    return dataclasses.is_dataclass(hint) or hasattr(hint, "__attrs_attrs__") or typing.is_typeddict(hint)


def _field_names(shape: Any) -> frozenset[str]:
    if dataclasses.is_dataclass(shape):
        return frozenset(field.name for field in dataclasses.fields(shape) if field.init)
    if hasattr(shape, "__attrs_attrs__"):
        return frozenset(field.name for field in shape.__attrs_attrs__ if field.init)
    if hasattr(shape, "_fields"):
        return frozenset(shape._fields)
    if hasattr(shape, "model_fields"):
        return frozenset(shape.model_fields)
    if typing.is_typeddict(shape) or issubclass(shape, msgspec.Struct):
        return frozenset(typing.get_type_hints(shape))
    return frozenset()


def _required_names(shape: Any) -> frozenset[str]:
    if dataclasses.is_dataclass(shape):
        empty = dataclasses.MISSING
        fields = dataclasses.fields(shape)
        return _names(f.name for f in fields if f.init and f.default is empty and f.default_factory is empty)
    if hasattr(shape, "__attrs_attrs__"):
        import attrs  # there, as the class was made by it

        return _names(f.name for f in shape.__attrs_attrs__ if f.init and f.default is attrs.NOTHING)
    if hasattr(shape, "_fields"):
        return _names(name for name in shape._fields if name not in shape._field_defaults)
    return typing.cast("frozenset[str]", shape.__required_keys__)


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _misfit(value: Any, member: Any) -> tuple[int, int]:
    """Order a union's members: text last, as it takes what was meant as something else; then by unknown keys."""
    base = typing.get_origin(member) or member
    is_last = base in (str, object, Any, dict, Mapping, collections.abc.Mapping)
    if isinstance(value, dict) and isinstance(base, type) and not is_last:
        return 0, len(value.keys() - _field_names(base))
    return int(is_last), 0


def _bound(hint: Any, parameters: Mapping[Any, Any]) -> Any:
    """Put the types of a generic alias in the place of the class's type variables."""
    if isinstance(hint, typing.TypeVar):
        return parameters.get(hint, hint)
    wanted = getattr(hint, "__parameters__", ()) if parameters and typing.get_origin(hint) is not None else ()
    return hint[tuple(parameters.get(each, each) for each in wanted)] if wanted else hint


def _unqualified(hint: Any) -> Any:
    while typing.get_origin(hint) in (typing.Required, typing.NotRequired, typing.ClassVar):
        (hint,) = typing.get_args(hint)
    return hint


def _title(hint: Any) -> str:
    return getattr(hint, "__qualname__", None) or str(hint)
