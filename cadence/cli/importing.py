"""Imports what a command line names, a module or something in one; from the current folder too, as `python -m` does."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from cadence.cli.failures import MistakeError

__all__ = ("module_named", "object_named")


def module_named(name: str) -> ModuleType:
    """Import a module.

    Raises:
        MistakeError: There is none of that name.
    """
    here = str(Path.cwd())
    if "" not in sys.path and here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and not name.startswith(error.name):
            raise  # the module is there, and what it imports is not: its traceback says where
        msg = f"there is no module {name} here or among what is installed"
        raise MistakeError(msg) from error


def object_named(spec: str, example: str) -> Any:
    """Import what is named as `package.module:name`.

    Args:
        spec: The name.
        example: What such a name looks like, for the message.

    Raises:
        MistakeError: There is no such thing.
    """
    module_name, _, name = spec.partition(":")
    if not module_name or not name:
        msg = f"{spec} is not {example}"
        raise MistakeError(msg)
    found: Any = module_named(module_name)
    for part in name.split("."):
        if not hasattr(found, part):
            msg = f"module {module_name} has no {name}"
            raise MistakeError(msg)
        found = getattr(found, part)
    return found
