"""A look at a worker: plain numbers, cheap to take, from any thread. Filled by `assembly`."""

from __future__ import annotations

import msgspec

from cadence.worker.pollers import PollerStatistics
from cadence.worker.sticky import StickyStatistics

__all__ = ("TaskStatistics", "WorkerStatistics")


class TaskStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """A look at the tasks of one kind."""

    running: int = 0
    """Tasks that aren't answered yet."""
    slots: int = 0
    """How many may run at once."""
    done: int = 0
    """Tasks answered so far, failures included."""
    failed: int = 0
    """Tasks whose answer was a failure."""


class WorkerStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """A look at a worker."""

    is_running: bool
    """False before it starts and once it stops."""
    polls: dict[str, PollerStatistics] = {}
    """By kind: `decision`, `sticky`, `activity`, `session_creation`, `session_activity`; those that there are."""
    decision_tasks: TaskStatistics = TaskStatistics()
    activity_tasks: TaskStatistics = TaskStatistics()
    local_activities: TaskStatistics = TaskStatistics()
    sessions: TaskStatistics = TaskStatistics()
    """Sessions that this worker holds."""
    session_activities: TaskStatistics = TaskStatistics()
    """The activities in them."""
    sticky: StickyStatistics | None = None
    """The kept runs; None without workflows."""
    threads: int = 0
    """Threads of activities that live."""
    abandoned_threads: int = 0
    """Threads that were left to workflow code that doesn't end."""
