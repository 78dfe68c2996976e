"""The way along a task's events: the server's batches, what is replay in them, and the time of each.

A batch ends with a DecisionTaskStarted that was answered, or is to be answered now. One that failed or timed out is
passed over: what came before it flows into the next batch.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cadence.api.enums import EventType
from cadence.engine import determinism
from cadence.engine.dispatch import DECISION_EVENTS, HANDLERS
from cadence.engine.errors import HistoryError, StopRun
from cadence.engine.machines.marker import LOCAL_ACTIVITY, MUTABLE_SIDE_EFFECT, SIDE_EFFECT, VERSION

if TYPE_CHECKING:
    from cadence.api import HistoryEvent
    from cadence.engine.run import WorkflowRun

__all__ = ("walk",)

_log = logging.getLogger("cadence.engine")

_STARTED = EventType.DecisionTaskStarted
_COMPLETED = EventType.DecisionTaskCompleted
_MARKER = EventType.MarkerRecorded
_GIVEN_UP = frozenset((int(EventType.DecisionTaskFailed), int(EventType.DecisionTaskTimedOut)))
_UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, msgspec.MsgspecError)
"""What comes of events that lack what their type must have."""
_UNANSWERED = _GIVEN_UP | {int(EventType.WorkflowExecutionTimedOut), int(EventType.WorkflowExecutionTerminated)}
_CLOSING = frozenset(
    (
        int(EventType.WorkflowExecutionCompleted),
        int(EventType.WorkflowExecutionFailed),
        int(EventType.WorkflowExecutionCanceled),
        int(EventType.WorkflowExecutionContinuedAsNew),
    )
)


def walk(run: WorkflowRun, events: Sequence[HistoryEvent], history_size: int, *, replay_only: bool) -> None:
    """Go along a task's events, doing what each says, and running the code at the end of each batch.

    Args:
        run: What they are for.
        events: The task's events.
        history_size: Bytes of history as the server counts.
        replay_only: True: the last batch is replay, too, and what the code asks for there is dropped.

    Raises:
        NondeterminismError: Code and history part.
        HistoryError: The events don't go on from where the run stands, or can't be.
    """
    ledger = run.ledger
    handlers = HANDLERS
    known = len(handlers)
    last = len(events) - 1
    expected = run.last_event_id
    has_news = False
    if events and expected and events[0].event_type in _GIVEN_UP:
        msg = f"the decision task at event {expected}, for which the code ran, was given up"
        raise HistoryError(msg, hint="read the history anew")
    for index, event in enumerate(events):
        expected += 1
        if event.event_id != expected:
            msg = f"event {event.event_id} comes where event {expected} was expected"
            raise HistoryError(msg, hint="read the history anew")
        ledger.event_id = expected
        kind = event.event_type or 0
        if kind == _STARTED:
            if index == last or events[index + 1].event_type not in _UNANSWERED:
                is_live = index == last and not replay_only
                _run_batch(run, events, index, history_size, is_live=is_live)
                has_news = False
            continue
        handler = handlers[kind] if 0 <= kind < known else None
        if handler is not None:
            if run.is_closed and kind not in DECISION_EVENTS:
                continue  # the code has ended, and nothing that comes can reach it
            has_news = kind not in DECISION_EVENTS
            try:
                handler(run, event)
            except _UNREADABLE as error:
                raise _unreadable(event, error) from error
            if kind in _CLOSING:
                run.compare_close(event)
        elif not 0 <= kind < known:
            _log.warning("event %s has the unknown type %s; passed over", expected, kind)
    run.last_event_id = expected
    if not replay_only:
        return
    if has_news and not run.is_closed and run.has_begun:
        # News behind the last decision task: only a query's task has that. The code sees it, nothing is sent.
        _check_all_recorded(run)
        ledger.is_replaying = ledger.is_new = True
        run.run_code()
    ledger.asked.clear()


def _run_batch(
    run: WorkflowRun, events: Sequence[HistoryEvent], index: int, history_size: int, *, is_live: bool
) -> None:
    """Run the code for a decision task that was answered, or is to be answered now."""
    ledger = run.ledger
    runtime = run.face
    _check_all_recorded(run)
    local_ends: list[HistoryEvent] = []
    runtime.side_effects.forget_ahead()
    if index < len(events) - 1:
        _read_ahead(run, events, index + 1, local_ends)
    ledger.is_replaying = not is_live
    ledger.is_new = index == len(events) - 1
    run.last_event_id = runtime.history_length = ledger.event_id
    if is_live:
        runtime.history_size = history_size
    run.set_time(events[index].timestamp or 0)
    run.run_code()
    for marker in local_ends:
        if run.is_closed:
            return
        try:
            is_awaited = runtime.local_activities.replay(marker)
        except StopRun:
            assert ledger.failure is not None  # who stops a run says why
            raise ledger.failure from None
        except _UNREADABLE as error:
            raise _unreadable(marker, error) from error
        if is_awaited:
            run.set_time(ledger.time_ns)
            run.run_code()


def _read_ahead(run: WorkflowRun, events: Sequence[HistoryEvent], index: int, local_ends: list[HistoryEvent]) -> None:
    """Read the markers of the answer that follows: they stand right behind its DecisionTaskCompleted."""
    for position in range(index, len(events)):
        event = events[position]
        kind = event.event_type
        if kind == _MARKER:
            try:
                _read_marker(run, event, local_ends)
            except _UNREADABLE as error:
                raise _unreadable(event, error) from error
        elif kind not in DECISION_EVENTS and kind != _COMPLETED:
            return


def _read_marker(run: WorkflowRun, event: HistoryEvent, local_ends: list[HistoryEvent]) -> None:
    attributes: Any = event.marker_recorded_event_attributes
    name = attributes.marker_name
    if name == VERSION:
        run.face.versions.read_ahead(attributes)
    elif name in {SIDE_EFFECT, MUTABLE_SIDE_EFFECT}:
        run.face.side_effects.read_ahead(attributes)
    elif name == LOCAL_ACTIVITY:
        local_ends.append(event)


def _unreadable(event: HistoryEvent, error: Exception) -> HistoryError:
    msg = f"event {event.event_id} (type {event.event_type}) can't be read: {type(error).__name__}: {error}"
    return HistoryError(msg, hint="the history is damaged, or was written by a server that this version doesn't know")


def _check_all_recorded(run: WorkflowRun) -> None:
    if run.ledger.asked:
        raise determinism.too_many(run.ledger.event_id, run.ledger.asked[0])
