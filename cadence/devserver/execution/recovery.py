"""Going on after a restart: open runs are read, their alarms set again, their tasks added again.

A task that a worker had when the server stopped stays out: its answer is taken if it comes in time, and its timeout
tries again if not, as when a worker is lost.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cadence.devserver.execution import activity_timeouts, births, decision_tasks, records, timers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run

__all__ = ("recover",)


def recover(runs: Runs) -> None:
    """Take every run that the store says is open."""
    waiting: list[tuple[int, Callable[[], None]]] = []
    for run in records.load_open(runs.store):
        runs.add(run)
        _set_alarms(runs, run)
        waiting.extend(_tasks(runs, run))
    waiting.sort(key=lambda task: task[0])
    for _, add in waiting:
        add()


def _set_alarms(runs: Runs, run: Run) -> None:
    runs.note_work(run)
    births.arm(runs, run)
    timers.arm(runs, run)
    decision_tasks.arm(runs, run)
    for activity in run.state.activities.values():
        activity_timeouts.arm(runs, run, activity)


def _tasks(runs: Runs, run: Run) -> Iterator[tuple[int, Callable[[], None]]]:
    """The run's tasks that no worker has, each with the time since which it waits."""
    decision = run.state.decision
    if decision is not None and not decision.is_started:
        yield decision.scheduled_ns, partial(decision_tasks.dispatch, runs, run)
    for activity in run.state.activities.values():
        if not activity.waits and not activity.is_started:
            yield activity.scheduled_ns, partial(activity_timeouts.dispatch, runs, run, activity)
