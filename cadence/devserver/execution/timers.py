"""Timers: started and cancelled by decisions, fired by the clock.

A run has one alarm for all of its timers, at the first that is due. As on the real server a timer is due once its
second has come, so that those of one second fire together and cause one decision task.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import EventType
from cadence.devserver.clock import SECOND
from cadence.devserver.execution import decision_tasks
from cadence.devserver.execution.alarms import call_off, set_alarm
from cadence.devserver.execution.state import Timer

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run
    from cadence.devserver.execution.transaction import Transaction

__all__ = ("arm", "cancel", "is_buffered", "start")

_ALARM = "timers"


def start(tx: Transaction, timer_id: str, seconds: int, decided_id: int) -> None:
    """Start a timer."""
    event = tx.add(
        EventType.TimerStarted,
        api.TimerStartedEventAttributes(
            timer_id=timer_id, start_to_fire_timeout_seconds=seconds, decision_task_completed_event_id=decided_id
        ),
    )
    timer = Timer(timer_id=timer_id, started_id=event.event_id or 0, fires_ns=tx.now_ns + seconds * SECOND)
    tx.state.timers[timer_id] = timer
    order = tx.run.timer_order
    heapq.heappush(order, (timer.fires_ns, timer.started_id, timer_id))
    if order[0][2] == timer_id:
        arm(tx.runs, tx.run)


def cancel(tx: Transaction, timer_id: str, decided_id: int, identity: str) -> None:
    """Cancel a timer, also one that fired while the decision task was out; say so where there is none."""
    timer = tx.state.timers.pop(timer_id, None)
    started_id = timer.started_id if timer is not None else _take_back(tx.run, timer_id)
    if started_id is None:
        tx.add(
            EventType.CancelTimerFailed,
            api.CancelTimerFailedEventAttributes(
                timer_id=timer_id,
                cause="TIMER_ID_UNKNOWN",
                decision_task_completed_event_id=decided_id,
                identity=identity,
            ),
        )
        return
    tx.add(
        EventType.TimerCanceled,
        api.TimerCanceledEventAttributes(
            timer_id=timer_id,
            started_event_id=started_id,
            decision_task_completed_event_id=decided_id,
            identity=identity,
        ),
    )
    if timer is not None and not tx.state.timers:
        tx.run.timer_order.clear()
        call_off(tx.run, _ALARM)


def is_buffered(event: api.HistoryEvent, timer_id: str) -> bool:
    """Whether an event says that a timer fired."""
    fired = event.timer_fired_event_attributes
    return fired is not None and fired.timer_id == timer_id


def arm(runs: Runs, run: Run) -> None:
    """Set the alarm for the first timer that is due."""
    order, timers = run.timer_order, run.state.timers
    while order and not _holds(run, order[0]):
        heapq.heappop(order)
    if timers and order:
        set_alarm(runs, run, _ALARM, order[0][0], _fire)
    else:
        call_off(run, _ALARM)


def _holds(run: Run, entry: tuple[int, int, str]) -> bool:
    timer = run.state.timers.get(entry[2])
    return timer is not None and timer.started_id == entry[1]


def _take_back(run: Run, timer_id: str) -> int | None:
    """Delete the waiting event of a timer that fired; the id of its start, or None where there is no such event."""
    for index, event in enumerate(run.buffered):
        if is_buffered(event, timer_id):
            del run.buffered[index]
            fired = event.timer_fired_event_attributes
            return fired.started_event_id if fired is not None else None
    return None


def _fire(runs: Runs, run: Run) -> None:
    order, timers = run.timer_order, run.state.timers
    second = runs.clock.now_ns() // SECOND
    due: list[Timer] = []
    while order and (not _holds(run, order[0]) or order[0][0] // SECOND <= second):
        entry = heapq.heappop(order)
        if _holds(run, entry):
            due.append(timers.pop(entry[2]))
    arm(runs, run)
    if not due:
        return
    with runs.change(run) as tx:
        for timer in due:
            tx.add(
                EventType.TimerFired,
                api.TimerFiredEventAttributes(timer_id=timer.timer_id, started_event_id=timer.started_id),
            )
        decision_tasks.schedule(tx)
