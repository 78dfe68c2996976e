"""How 1.x programs write values and failures, and which exceptions come back as themselves.

Values are written as Java writes them. An exception of the program's own comes back as its class where that class is
loaded in this process: 1.x imported what the wire named, which would let the sender choose what runs here, so a class
is looked up among what the program imported itself, and nothing but exceptions is found.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from cadence.converter import Convention, DataConverter, FailureConverter

__all__ = ("LoadedFailureConverter", "default_converter", "loaded_exception")


def loaded_exception(name: str) -> type[Exception] | None:
    """Return the exception class of a full name, `package.module.Class`, if it is loaded; imports nothing.

    Args:
        name: As an exception's failure names it.
    """
    module, _, rest = name.rpartition(".")
    while module:
        if module in sys.modules:
            return _within(vars(sys.modules[module]), rest.split("."))
        module, _, last = module.rpartition(".")
        rest = f"{last}.{rest}"
    return None


def _within(names: Mapping[str, Any], path: list[str]) -> type[Exception] | None:
    found: object = None
    for name in path:
        found = names.get(name)
        if not isinstance(found, type):
            return None
        names = vars(found)
    return found if isinstance(found, type) and issubclass(found, Exception) else None


class _Classes(dict[str, type[Exception]]):
    """Classes by name; those that aren't registered are looked for among what is loaded."""

    def get(self, name: str, default: Any = None) -> Any:
        found = super().get(name)
        if found is None:
            found = loaded_exception(name)
        return default if found is None else found


class LoadedFailureConverter(FailureConverter):
    """Knows every exception class that this process has loaded."""

    def __init__(self) -> None:
        super().__init__()
        self._classes = _Classes(self._classes)


def default_converter() -> DataConverter:
    """Make the converter of stubs and their workers."""
    return DataConverter(convention=Convention.PYTHON_1, failures=LoadedFailureConverter())
