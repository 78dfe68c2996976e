"""What types the values of 1.x programs have: the implementation's annotations, or else its interface's.

1.x never looked at annotations, so programs exist whose values don't fit them. Where an annotation names nothing but
what JSON has by itself (text, numbers, lists, dicts), the value is therefore taken as it comes; classes, which 1.x
could not carry at all, are converted and checked.
"""

from __future__ import annotations

import copy
import functools
import types
import typing
from collections.abc import Callable
from typing import Any

from cadence.converter.signatures import Parameter, Signature, signature_of

__all__ = ("merged_signature", "result_type_of")

_PLAIN = (str, int, float, bool, type(None), list, dict, object, Any)


def result_type_of(function: Callable[..., Any]) -> Any:
    """Return the type to convert a method's result to; `object` where JSON's own will do."""
    return _loose(signature_of(function).result)


@functools.cache
def merged_signature(function: Callable[..., Any], declared: Callable[..., Any] | None) -> Signature:
    """Return an implementation's signature, with the interface's types where it has none of its own.

    Args:
        function: The implementation's method.
        declared: The interface's method, or None where there is none.
    """
    own = signature_of(function)
    other = own if declared is None or declared is function else signature_of(declared)
    parameters = tuple(
        _with_hint(parameter, _pick(parameter.hint, other, index)) for index, parameter in enumerate(own.parameters)
    )
    variadic = own.variadic if own.variadic is None else _loose(own.variadic)
    result = _loose(other.result if own.result in (object, Any) else own.result)
    return _changed(own, parameters=parameters, variadic=variadic, result=result)


def _pick(hint: Any, other: Signature, index: int) -> Any:
    if hint in (object, Any) and index < len(other.parameters):
        hint = other.parameters[index].hint
    return _loose(hint)


def _with_hint(parameter: Parameter, hint: Any) -> Parameter:
    return parameter if parameter.hint is hint else _changed(parameter, hint=hint)


def _changed(value: Any, **fields: Any) -> Any:
    changed = copy.copy(value)
    for name, field in fields.items():
        object.__setattr__(changed, name, field)
    return changed


def _loose(hint: Any) -> Any:
    return object if _is_plain(hint) else hint


def _is_plain(hint: Any) -> bool:
    if hint in _PLAIN:
        return True
    if typing.get_origin(hint) in (list, dict, typing.Union, types.UnionType):
        return all(_is_plain(part) for part in typing.get_args(hint))
    return False
