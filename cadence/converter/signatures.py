"""What types a callable's arguments and result have, so that bytes can be turned into them.

Reads annotations, knows no bytes and no names of activities or workflows. Arguments cross the wire by position, so a
signature holds the parameters that can be filled by position, and no `self`. Hints are resolved when a signature is
first asked for, not when something is decorated: they may name classes that come later in the module.
`cadence.converter.data_converter` decodes by signatures; the definitions of activities and workflows hold them.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import inspect
import types
import typing
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from cadence.exceptions import ConfigurationError

__all__ = ("Parameter", "Signature", "signature_of")

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_AWAITABLES = (collections.abc.Awaitable, collections.abc.Coroutine)


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter that is filled by position."""

    name: str
    """Its name."""
    hint: Any = object
    """Its type; `object` where it isn't annotated: the value is taken as the bytes have it."""
    required: bool = True
    """False where there is a default."""
    default: Any = None
    """What it is when the sender left it out; meaningless where it is required."""
    kind: inspect._ParameterKind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    """Positional only, or by name as well."""


@dataclasses.dataclass(frozen=True, slots=True)
class Signature:
    """A callable's parameters and result, with resolved types."""

    name: str
    """How to call the callable in a message."""
    parameters: tuple[Parameter, ...] = ()
    """In order, `self` left out."""
    variadic: Any = None
    """The type of each of `*args`, or None where there is no such parameter."""
    result: Any = object
    """The result's type, an awaitable's content for what is awaited; `object` where it isn't annotated."""
    is_coroutine: bool = False
    """True for `async def`."""

    @property
    def required(self) -> int:
        """How many arguments there must be."""
        return sum(parameter.required for parameter in self.parameters)


_known: weakref.WeakKeyDictionary[Callable[..., Any], Signature] = weakref.WeakKeyDictionary()


def signature_of(function: Callable[..., Any]) -> Signature:
    """Return the types of a callable's parameters and result.

    Args:
        function: A function, a method (bound or not), a class (its result is the class), an object with `__call__`, or
            a `functools.partial` of one of these. Functions and classes are looked at once and remembered.

    Raises:
        ConfigurationError: A hint can't be resolved, or a parameter can be filled by keyword alone and has no default.
    """
    if not isinstance(function, (types.FunctionType, type)):
        return _read(function)
    signature = _known.get(function)
    if signature is None:
        signature = _known[function] = _read(function)
    return signature


def _read(function: Callable[..., Any]) -> Signature:
    name = _name_of(function)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError) as error:
        msg = f"{name}: its parameters can't be read: {error}"
        raise ConfigurationError(msg, hint="wrap it in a function of your own, with annotations") from error
    holder = _annotated(function)
    hints = _resolved(holder, name)
    if _takes_self(function, parameters):
        del parameters[0]
    filled: list[Parameter] = []
    variadic: Any = None
    for parameter in parameters:
        if parameter.kind in _POSITIONAL:
            required = parameter.default is parameter.empty
            default = None if required else parameter.default
            hint = hints.get(parameter.name, object)
            filled.append(Parameter(parameter.name, hint, required, default, parameter.kind))
        elif parameter.kind is parameter.VAR_POSITIONAL:
            variadic = hints.get(parameter.name, object)
            if typing.get_origin(variadic) is typing.Unpack:
                variadic = object
        elif parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty:
            msg = f'{name}: its parameter "{parameter.name}" is keyword-only, and arguments arrive by position'
            raise ConfigurationError(msg, hint="give it a default, or move it before the `*`")
    result = function if isinstance(function, type) else _awaited(hints.get("return", object))
    return Signature(name, tuple(filled), variadic, result, inspect.iscoroutinefunction(holder))


def _name_of(function: object) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    return getattr(function, "__qualname__", None) or type(function).__qualname__


def _annotated(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function whose annotations describe `function`."""
    while isinstance(function, functools.partial):
        function = function.func
    if isinstance(function, type):
        if issubclass(function, tuple) and hasattr(function, "_fields"):
            return function  # a named tuple's __new__ does not see the module that its hints are written in
        return function.__new__ if function.__init__ is object.__init__ else function.__init__  # type: ignore[misc]
    if inspect.ismethod(function):
        return function.__func__
    if not inspect.isroutine(function):
        return type(function).__call__
    return function


def _takes_self(function: Callable[..., Any], parameters: list[inspect.Parameter]) -> bool:
    """Tell whether the first parameter is the object: in a function that was taken from a class, by its name."""
    if not parameters or parameters[0].kind not in _POSITIONAL or isinstance(function, (type, functools.partial)):
        return False
    return parameters[0].name in ("self", "cls") and inspect.isroutine(function) and not inspect.ismethod(function)


def _resolved(function: Callable[..., Any], name: str) -> dict[str, Any]:
    if not getattr(function, "__annotations__", None):
        return {}
    try:
        return typing.get_type_hints(function, localns=_closure(function), include_extras=True)
    except Exception as error:  # annotations are code of the user's; whatever they raise is told with their place
        raise _unresolved(function, name, error) from error


def _closure(function: Callable[..., Any]) -> Mapping[str, Any] | None:
    """Return what the function sees of the functions around it, where the text of a local class's name may be found."""
    unwrapped = inspect.unwrap(function)
    cells = getattr(unwrapped, "__closure__", None)
    if not cells:
        return None
    found: dict[str, Any] = {}
    for variable, cell in zip(unwrapped.__code__.co_freevars, cells, strict=True):
        try:
            found[variable] = cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    return {**getattr(unwrapped, "__globals__", {}), **found}


def _unresolved(function: Callable[..., Any], name: str, error: Exception) -> ConfigurationError:
    """Find the first annotation that fails, and compose the error that names it."""
    unwrapped = inspect.unwrap(function)
    namespace = _closure(function) or getattr(unwrapped, "__globals__", {})
    for parameter, annotation in function.__annotations__.items():
        alone = types.SimpleNamespace(__annotations__={parameter: annotation})
        try:
            typing.get_type_hints(alone, globalns=dict(namespace), include_extras=True)
        except Exception as own:  # noqa: BLE001  # reported below, with its place
            where = "its result's type" if parameter == "return" else f'the type of its parameter "{parameter}"'
            return ConfigurationError(
                f"{name}: {where}, {annotation!r}, can't be resolved: {own}",
                hint="import or define what it names where the module sees it at run time, "
                "not under `if TYPE_CHECKING` nor within another function",
            )
    return ConfigurationError(f"{name}: its annotations can't be resolved: {error}")


def _awaited(hint: Any) -> Any:
    if typing.get_origin(hint) in _AWAITABLES:
        return typing.get_args(hint)[-1]
    return hint
