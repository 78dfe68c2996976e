"""What is refused when a workflow class or one of its methods is decorated, and in which words.

Looks at functions and classes without calling them or resolving their type hints. `cadence.workflow.definition` uses
it, and so does the 1.x face.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from cadence.activity.definition import check_sendable
from cadence.exceptions import ConfigurationError

__all__ = ("check_class", "check_dynamic", "check_function", "check_name", "check_parameters", "name_of")


def name_of(subject: object) -> str:
    """Return how to call `subject` in a message."""
    return getattr(subject, "__qualname__", None) or repr(subject)


def check_class(target: object) -> None:
    """Raise unless `target` is a class."""
    if not isinstance(target, type):
        msg = f"@workflow.defn is for classes, and {name_of(target)} is none"
        raise ConfigurationError(msg, hint="for activities there is @activity.defn")


def check_name(name: object, where: str) -> None:
    """Raise unless `name` is None or a text that a user may choose."""
    if name is None:
        return
    if not isinstance(name, str) or not name:
        msg = f"{where}: a name is a text that isn't empty, not {name!r}"
        raise ConfigurationError(msg)
    if name.startswith("__"):
        msg = f"{where}: the name {name!r} is not free"
        raise ConfigurationError(msg, hint='names that begin with "__" are kept for the SDK\'s own')


def check_function(function: object, where: str) -> None:
    """Raise unless `function` is an ordinary method."""
    if isinstance(function, str):
        msg = f"{where}: a name is given as a keyword argument"
        raise ConfigurationError(msg, hint=f"write name={function!r}")
    if isinstance(function, (staticmethod, classmethod)):
        msg = f"{where}: static and class methods can't be workflow methods"
        raise ConfigurationError(msg, hint="make it an ordinary method")
    if not inspect.isfunction(function):
        msg = f"{where}: this is for methods of a workflow class"
        raise ConfigurationError(msg)


def check_parameters(function: Callable[..., Any], where: str) -> None:
    """Refuse what a sender can't fill: arguments cross the wire by position."""
    parameters = list(inspect.signature(function).parameters.values())
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if not parameters or parameters[0].kind not in positional:
        msg = f"{where}: the method has no `self`"
        raise ConfigurationError(msg, hint="it must be a method of the workflow class")
    check_sendable(parameters[1:], where)


def check_dynamic(function: Callable[..., Any], where: str) -> None:
    """Raise unless the catch-all handler can take the name."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    if not parameters:
        msg = f"{where}: a dynamic handler is called with the name first"
        raise ConfigurationError(msg, hint="write `def handler(self, name: str, *args: Any)`")
