"""The worker: polls a task list and runs the workflows and activities that its tasks ask for.

`Worker` is the way in, `WorkerGroup` for several of them; the names below load when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.worker.group import WorkerGroup
    from cadence.worker.options import WorkerOptions
    from cadence.worker.statistics import WorkerStatistics
    from cadence.worker.worker import Worker

__all__ = ("Worker", "WorkerGroup", "WorkerOptions", "WorkerStatistics")

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        names_by_module(
            __name__,
            {
                "worker": "Worker",
                "group": "WorkerGroup",
                "options": "WorkerOptions",
                "statistics": "WorkerStatistics",
            },
        ),
    )
