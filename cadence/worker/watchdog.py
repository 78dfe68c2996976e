"""Finds workflow code that does not yield, and tells where it is.

Judged by the thread's own CPU time and by progress, so that neither a busy machine nor a long replay is mistaken for an
endless loop; code that waits without using the CPU (a call that blocks in C) is found by the clock on the wall, later.
Code that somebody has in a debugger is left alone. It knows nothing of workflows; `workflow_thread` acts on it.
"""

from __future__ import annotations

import threading
import time
import traceback
import types
from collections.abc import Callable
from pathlib import Path

from cadence.exceptions import CadenceError

__all__ = ("BlockedError", "Watchdog", "blocked_report", "is_debugged")

# Looks in a limit: the piece's start is seen at most one look late, and its end at most one.
_LOOKS = 8
# A piece that gets no CPU time at all waits in C, or the machine doesn't let it run, so it gets more.
_WALL_FACTOR = 3.0
_SOME_CPU = 0.001
_PATIENCE = 1.0
_DEBUGGERS = ("pdb", "bdb", "_pydevd_bundle", "pydevd", "debugpy")

_PACKAGE = Path(__file__).resolve().parents[1]
_MACHINERY = (str(_PACKAGE / "worker"), str(_PACKAGE / "engine"), threading.__file__)


class BlockedError(CadenceError):
    """Workflow code was given up because it did not yield.

    Attributes:
        stack: Where it was, as text.
        is_abandoned: Whether it goes on all the same, in a thread that was left to it: nobody else may touch its run.
    """

    def __init__(self, message: str = "", *, stack: str = "") -> None:
        super().__init__(message, hint="let it wait in an activity, or split the work with `await asyncio.sleep(0)`")
        self.stack = stack
        self.is_abandoned = False


class Watchdog:
    """Watches one piece of work after the other. On one loop."""

    def __init__(self, limit: float) -> None:
        """Prepare.

        Args:
            limit: Seconds of CPU that a piece may take without progress.
        """
        self.interval = limit / _LOOKS
        """Seconds between two looks."""
        self.is_idle = False
        """Whether the piece that was found used no CPU to speak of: it waits in C, where no exception reaches it."""
        self._limit = limit
        self._piece: object = None
        self._progress = 0
        self._cpu: float | None = None
        self._since = self._active = self._seen = 0.0
        self._found = 0.0

    def blocked_for(self, piece: object, cpu_clock: Callable[[], float | None], progress: int) -> float | None:
        """Look at the current piece.

        Args:
            piece: The piece.
            cpu_clock: The thread's CPU time.
            progress: How far it is.

        Returns:
            The seconds that it takes already where it is to be given up; otherwise None.
        """
        now, cpu = time.monotonic(), cpu_clock()
        if piece is not self._piece or progress != self._progress:
            self._piece, self._progress = piece, progress
            self._cpu, self._since = cpu, now
            self._active, self._seen = now, cpu or 0.0
            return None
        wall = now - self._since
        used = wall if cpu is None or self._cpu is None else cpu - self._cpu
        if cpu is not None and cpu - self._seen >= _SOME_CPU:
            self._active, self._seen = now, cpu
        if used < self._limit and now - self._active < self._limit * _WALL_FACTOR:
            return None
        self.is_idle = used < self._limit
        self._found = now
        return wall

    def forget(self) -> None:
        """Take the current piece for a new one."""
        self._piece = None

    def is_patience_over(self) -> bool:
        """Whether a piece that was interrupted has had its time to end."""
        return time.monotonic() - self._found >= max(_PATIENCE, self.interval)


def blocked_report(label: str, seconds: float, frame: types.FrameType | None) -> BlockedError:
    """Say which code does not yield, and where it is.

    Args:
        label: The piece.
        seconds: How long it takes already.
        frame: Its innermost frame.
    """
    stack = traceback.extract_stack(frame) if frame is not None else traceback.StackSummary()
    shown = [entry for entry in stack if not entry.filename.startswith(_MACHINERY)]
    text = "".join(traceback.format_list(shown or stack))
    converts = any("/converter/" in entry.filename.replace("\\", "/") for entry in stack)
    doing = "is converting a payload" if converts else "runs workflow code that does not yield"
    return BlockedError(f"{label} {doing} for {seconds:.1f} s already", stack=text)


def is_debugged(frame: types.FrameType | None) -> bool:
    """Whether somebody has the code of this frame in a debugger."""
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] in _DEBUGGERS:
            return True
        frame = frame.f_back
    return False
