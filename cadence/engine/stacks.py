"""Where workflow code stands: the line that asks for something, and the frames of every waiting coroutine.

The line is taken for each command, so it costs a walk over two or three frames and keeps a code object and an offset;
the number is worked out when somebody wants to read it.
"""

from __future__ import annotations

import asyncio
import linecache
import logging
import sys
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from cadence.engine.errors import WorkflowBlockedError

if TYPE_CHECKING:
    from cadence.engine.loop import WorkflowLoop

__all__ = ("Place", "caller", "close_coroutine", "place_text", "stack_text", "tasks_of")

_log = logging.getLogger("cadence.engine")

_PATIENCE = 1000
"""How often a coroutine's clean-up may wait before nobody closes it any more."""

Place = tuple[CodeType, int]
"""A line of code: its function, and the offset in it."""

_is_own: dict[str, bool | None] = {"cadence.engine.run": None}
"""Module name -> whether it is this package's or asyncio's; None: behind it stands whoever drives the run."""


def caller() -> Place | None:
    """Return the innermost line that isn't this package's or asyncio's; None where a task has no other."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        # Not f_code: reading it is an audit event, and `guards` has a hook for these.
        name = frame.f_globals.get("__name__", "")
        try:
            own = _is_own[name]
        except KeyError:
            own = _is_own[name] = name.partition(".")[0] in {"cadence", "asyncio", "contextlib"}
        if not own:
            return None if own is None else (frame.f_code, frame.f_lasti)
        frame = frame.f_back
    return None


def place_text(place: Place | None) -> str:
    """Return `file:line, in function: source line`, or an empty string."""
    if place is None:
        return ""
    code, offset = place
    number = code.co_firstlineno
    for start, end, line in code.co_lines():
        if start <= offset < end and line is not None:
            number = line
            break
    source = linecache.getline(code.co_filename, number).strip()
    return f"{code.co_filename}:{number}, in {code.co_qualname}" + (f": {source}" if source else "")


def tasks_of(loop: WorkflowLoop) -> list[asyncio.Task[Any]]:
    """Return the loop's tasks that are not done, in the order in which they were made."""
    tasks: list[Any] = list(loop.tasks)
    return [task for task in tasks if not task.done()]


def stack_text(loop: WorkflowLoop) -> str:
    """Return what every task of a loop waits for, one block per task."""
    blocks = []
    for task in tasks_of(loop):
        lines = [f"{task.get_name()} [{_state(task)}]:"]
        lines += _frames(task.get_coro())
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _state(task: asyncio.Task[Any]) -> str:
    waiter = getattr(task, "_fut_waiter", None)
    if waiter is None:
        return "ready"
    machine = getattr(getattr(waiter, "canceller", None), "__self__", None)
    describe = getattr(machine, "describe", None)
    return f"waits for {describe()}" if describe is not None else "waits"


def _frames(awaitable: Any) -> list[str]:
    lines = []
    while awaitable is not None:
        frame = next(
            (found for kind in ("cr", "gi", "ag") if (found := getattr(awaitable, f"{kind}_frame", None))), None
        )
        if frame is None:
            break
        code, number = frame.f_code, frame.f_lineno
        lines.append(f'  File "{code.co_filename}", line {number}, in {code.co_qualname}')
        source = linecache.getline(code.co_filename, number).strip()
        if source:
            lines.append(f"    {source}")
        awaitable = next(
            (
                getattr(awaitable, name)
                for name in ("cr_await", "gi_yieldfrom", "ag_await")
                if getattr(awaitable, name, None) is not None
            ),
            None,
        )
    return lines


def close_coroutine(coroutine: Any) -> None:
    """Close a coroutine and all that it waits in, from the inside, so that none is left half closed."""
    for _ in range(_PATIENCE):
        inner = coroutine
        while getattr(awaited := getattr(inner, "cr_await", None), "cr_frame", None) is not None:
            inner = awaited
        try:
            inner.close()
        except (KeyboardInterrupt, SystemExit, WorkflowBlockedError):
            raise
        except BaseException as error:  # noqa: BLE001  # of no interest to anybody any more, be it the run's very end
            # A RuntimeError may say that it waits in its clean-up: it is closed there, too.
            _log.debug("closing %r: %r", inner, error)
        if getattr(coroutine, "cr_frame", None) is None:
            return
