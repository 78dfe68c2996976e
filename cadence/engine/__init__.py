"""History in, decisions out: runs workflow code on events, the same way each time. No I/O, no clock, no threads.

`run.WorkflowRun` is the door; `docs/design/engine.md` the way through the house behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.engine.errors import HistoryError, WorkflowBlockedError
    from cadence.engine.local_activities import LocalActivity
    from cadence.engine.run import RunOptions, WorkflowRun

__all__ = ("HistoryError", "LocalActivity", "RunOptions", "WorkflowBlockedError", "WorkflowRun")

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        names_by_module(
            __name__,
            {
                "errors": "HistoryError WorkflowBlockedError",
                "local_activities": "LocalActivity",
                "run": "RunOptions WorkflowRun",
            },
        ),
    )
