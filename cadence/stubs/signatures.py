"""What types the values of 1.x programs have: the implementation's annotations, or else its interface's.

1.x never looked at annotations, so programs exist whose values don't fit them. Where an annotation names nothing but
what JSON has by itself (text, numbers, lists, dicts), the value is therefore taken as it comes; classes, which 1.x
could not carry at all, are converted and checked.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from typing import Any

from cadence.converter.signatures import Signature, signature_of
from cadence.exceptions import ConfigurationError

__all__ = ("merged_signature", "result_type_of")

_UNKNOWN = (object, Any)
_PLAIN = (str, int, float, bool, type(None), list, dict, *_UNKNOWN)


def result_type_of(function: Callable[..., Any]) -> Any:
    """Return the type to convert a method's result to; `object` where JSON's own will do."""
    return _loose(_signature(function).result)


@functools.cache
def merged_signature(function: Callable[..., Any], declared: Callable[..., Any] | None) -> Signature:
    """Return an implementation's signature, with the interface's types where it has none of its own.

    Args:
        function: The implementation's method.
        declared: The interface's method, or None where there is none.
    """
    own = _signature(function)
    other = own if declared is None else _signature(declared)
    parameters = tuple(
        dataclasses.replace(parameter, hint=_pick(parameter.hint, other, index))
        for index, parameter in enumerate(own.parameters)
    )
    variadic = None if own.variadic is None else _loose(own.variadic)
    result = _loose(other.result if own.result in _UNKNOWN else own.result)
    return dataclasses.replace(own, parameters=parameters, variadic=variadic, result=result)


@functools.cache
def _signature(function: Callable[..., Any]) -> Signature:
    try:
        return signature_of(function)
    except ConfigurationError:
        # Annotations that can't be resolved were no mistake in 1.x, which never looked at them.
        bare = types.FunctionType(function.__code__, {}, function.__name__, function.__defaults__, function.__closure__)
        bare.__qualname__ = function.__qualname__
        return signature_of(bare)


def _pick(hint: Any, other: Signature, index: int) -> Any:
    if hint in _UNKNOWN and index < len(other.parameters):
        hint = other.parameters[index].hint
    return _loose(hint)


def _loose(hint: Any) -> Any:
    return object if _is_plain(hint) else hint


def _is_plain(hint: Any) -> bool:
    if hint in _PLAIN:
        return True
    if typing.get_origin(hint) in (list, dict, typing.Union, types.UnionType):
        return all(_is_plain(part) for part in typing.get_args(hint))
    return False
