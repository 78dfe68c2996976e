"""Makes anyio's cancel scopes repeat themselves: what waits in them is cancelled in the same order in each replay.

anyio keeps the scopes within a scope in a set, which would be walked in the order of memory addresses; `asyncio` keeps
tasks so, and theirs are numbered by the loop. Scopes made by workflow code get such numbers for their hash, all others
keep theirs. Nothing happens in a process that doesn't import anyio.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import weakref
from typing import Any

from cadence.engine.loop import WorkflowLoop

__all__ = ("number_scopes",)

_numbers: dict[int, int] = {}
"""The number of a scope that workflow code made, by its identity."""
_is_done = False


def number_scopes() -> None:
    """Let the scopes that workflow code makes hash by the order of their making. A second call does nothing."""
    global _is_done  # noqa: PLW0603  # one per process, as the class is
    if _is_done or "anyio" not in sys.modules:
        return
    _is_done = True
    scope: Any = importlib.import_module("anyio._backends._asyncio").CancelScope
    scope.__hash__ = _number


def _number(scope: object) -> int:
    number = _numbers.get(id(scope))
    if number is not None:
        return number
    loop = asyncio._get_running_loop()
    if type(loop) is not WorkflowLoop:
        return object.__hash__(scope)
    number = _numbers[id(scope)] = loop.next_sequence()
    weakref.finalize(scope, _numbers.pop, id(scope)).atexit = False
    return number
