"""Names that load their module when they are first used (PEP 562), for the `__init__` of every room.

It knows nothing of the rooms: each passes its own table.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ("lazy_names", "names_by_module")


def lazy_names(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the `__getattr__` and `__dir__` of a package.

    Args:
        package: The package's `__name__`.
        homes: For each public name, the absolute name of the module that defines it. A name whose home is
            `package.name` is that module itself.

    Returns:
        The two functions. Put their assignment under `if not TYPE_CHECKING`, or type checkers know every name.
    """

    def __getattr__(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            msg = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(msg)
        module = import_module(home)
        value = module if home == f"{package}.{name}" else getattr(module, name)
        # Kept, so that the next look-up is an ordinary one.
        setattr(sys.modules[package], name, value)
        return value

    def __dir__() -> list[str]:
        return sorted({*homes, *vars(sys.modules[package])})

    return __getattr__, __dir__


def names_by_module(package: str, table: Mapping[str, str]) -> dict[str, str]:
    """Turn `{"module": "Name Other"}` into `{"Name": "package.module", "Other": "package.module"}`."""
    return {name: f"{package}.{module}" for module, names in table.items() for name in names.split()}
