"""How 1.x names things on the wire: `Interface::method`, in both spellings, the Python one and the Java one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ("camel_to_snake", "interface_of", "method_name", "public_methods", "snake_to_camel", "spellings")


def camel_to_snake(name: str) -> str:
    """Turn `composeGreeting` into `compose_greeting`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def snake_to_camel(name: str) -> str:
    """Turn `compose_greeting` into `composeGreeting`."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def method_name(function: Callable[..., Any]) -> str:
    """Return the name that a method without one of its own has: `Interface::method`."""
    return "::".join(function.__qualname__.split(".")[-2:])


def spellings(interface: str, method: str) -> tuple[str, str]:
    """Return both spellings of an interface's method: as Python writes it, and as Java does."""
    return f"{interface}::{camel_to_snake(method)}", f"{interface}::{snake_to_camel(method)}"


def public_methods(cls: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield name and function of the methods that don't begin with an underscore, in the order they are written."""
    seen = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
    for name, value in seen.items():
        if inspect.isfunction(value) and not name.startswith("_"):
            yield name, value


def interface_of(cls: type, mark: str) -> type:
    """Return the class that declares the marked methods: the first of the bases that has one, from the root on."""
    for base in reversed(cls.__mro__):
        if any(getattr(value, mark, None) is not None for value in vars(base).values()):
            return base
    return cls
