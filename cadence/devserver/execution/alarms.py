"""Moments in a run's life that the clock brings: one alarm per key and run, replaced when it moves.

Whoever rings may find the moment stale (the activity ended, the decision was answered): the functions given here check
that themselves. Alarms die with the process; after a restart `recovery` sets them again from the run's state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run

__all__ = ("call_off", "set_alarm")


def set_alarm(runs: Runs, run: Run, key: str, when_ns: int, ring: Callable[[Runs, Run], None]) -> None:
    """Have `ring` called at a time, in place of the run's earlier alarm with that key."""
    old = run.alarms.pop(key, None)
    if old is not None:
        old.cancel()

    def rung() -> None:
        if run.alarms.get(key) is alarm:
            del run.alarms[key]
        if run.state.is_open:
            ring(runs, run)

    alarm = runs.clock.call_at(when_ns, rung)
    run.alarms[key] = alarm


def call_off(run: Run, key: str) -> None:
    """Drop the run's alarm with a key, if there is one."""
    alarm = run.alarms.pop(key, None)
    if alarm is not None:
        alarm.cancel()
