"""Going on after a restart: open runs are read, their alarms set again, their tasks added again.

A task that a worker had when the server stopped stays out: its answer is taken if it comes in time, and its timeout
tries again if not, as when a worker is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.devserver.execution import activity_timeouts, births, decision_tasks, records, timers

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run

__all__ = ("recover",)


def recover(runs: Runs) -> None:
    """Take every run that the store says is open."""
    for run in records.load_open(runs.store):
        runs.add(run)
        _resume(runs, run)


def _resume(runs: Runs, run: Run) -> None:
    state = run.state
    runs.note_work(run)
    births.arm(runs, run)
    timers.arm(runs, run)
    decision_tasks.arm(runs, run)
    decision_tasks.dispatch(runs, run)
    for activity in state.activities.values():
        if activity.waits or activity.is_started:
            activity_timeouts.arm(runs, run, activity)
        else:
            activity_timeouts.dispatch(runs, run, activity)
