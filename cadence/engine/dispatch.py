"""From an event to what it does: one function per type, found by number.

What an event means is the machines' and the run's business; here stand only who it is for and what is passed over.
Every type of the contract is in the table, checked when this module is imported; types of a newer server are passed
over with a word in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cadence.api.enums import EventType
from cadence.engine.machines.activity import Activity, ActivityCancellation
from cadence.engine.machines.base import Trigger
from cadence.engine.machines.child import Child
from cadence.engine.machines.completion import Completion
from cadence.engine.machines.external import External, ExternalCancel, ExternalSignal
from cadence.engine.machines.marker import CHANGE_VERSION, MUTABLE_SIDE_EFFECT, VERSION, Marker, Upsert
from cadence.engine.machines.timer import Timer, TimerCancellation

if TYPE_CHECKING:
    from cadence.api import HistoryEvent
    from cadence.engine.run import WorkflowRun

__all__ = ("DECISION_EVENTS", "HANDLERS")

Handler = Callable[["WorkflowRun", "HistoryEvent"], None]


def _activity_scheduled(run: WorkflowRun, event: HistoryEvent) -> None:
    run.ledger.take(event, Activity).recorded(event)


def _open_activity(run: WorkflowRun, event: HistoryEvent, scheduled_id: int | None) -> Activity:
    machine = run.ledger.activities.pop(scheduled_id or 0, None)
    if machine is None:
        raise run.ledger.unknown(event, f"the activity scheduled at event {scheduled_id}")
    return machine


def _activity_started(run: WorkflowRun, event: HistoryEvent) -> None:
    # Written with the end of the activity alone, since attempts before that leave nothing in history.
    attributes: Any = event.activity_task_started_event_attributes
    machine = run.ledger.activities.get(attributes.scheduled_event_id)
    if machine is not None:
        machine.attempt = attributes.attempt or 0


def _activity_completed(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.activity_task_completed_event_attributes
    _open_activity(run, event, attributes.scheduled_event_id).completed(attributes)


def _activity_failed(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.activity_task_failed_event_attributes
    _open_activity(run, event, attributes.scheduled_event_id).failed(attributes)


def _activity_timed_out(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.activity_task_timed_out_event_attributes
    _open_activity(run, event, attributes.scheduled_event_id).timed_out(attributes)


def _activity_canceled(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.activity_task_canceled_event_attributes
    _open_activity(run, event, attributes.scheduled_event_id).canceled(attributes)


def _activity_cancel_requested(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.activity_task_cancel_requested_event_attributes
    run.ledger.take(event, ActivityCancellation).recorded(event, attributes.activity_id)


def _timer_started(run: WorkflowRun, event: HistoryEvent) -> None:
    run.ledger.take(event, Timer).recorded(event)


def _timer_fired(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.timer_fired_event_attributes
    machine = run.ledger.timers.pop(attributes.timer_id, None)
    if machine is None:
        raise run.ledger.unknown(event, f"timer {attributes.timer_id}")
    machine.fired()


def _timer_canceled(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.timer_canceled_event_attributes
    run.ledger.take(event, TimerCancellation).recorded(event, attributes.timer_id, Trigger.CANCEL_RECORDED)


def _timer_cancel_refused(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.cancel_timer_failed_event_attributes
    run.ledger.take(event, TimerCancellation).recorded(event, attributes.timer_id, Trigger.CANCEL_REFUSED)


def _child_initiated(run: WorkflowRun, event: HistoryEvent) -> None:
    run.ledger.take(event, Child).recorded(event)


def _child(run: WorkflowRun, event: HistoryEvent, initiated_id: int | None, *, ends: bool = True) -> Child:
    children = run.ledger.children
    machine = children.pop(initiated_id or 0, None) if ends else children.get(initiated_id or 0)
    if machine is None:
        raise run.ledger.unknown(event, f"the child initiated at event {initiated_id}")
    return machine


def _child_started(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.child_workflow_execution_started_event_attributes
    _child(run, event, attributes.initiated_event_id, ends=False).started(attributes)


def _child_not_started(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.start_child_workflow_execution_failed_event_attributes
    _child(run, event, attributes.initiated_event_id).not_started(attributes)


def _child_completed(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.child_workflow_execution_completed_event_attributes
    _child(run, event, attributes.initiated_event_id).completed(attributes)


def _child_failed(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.child_workflow_execution_failed_event_attributes
    _child(run, event, attributes.initiated_event_id).failed(attributes)


def _child_canceled(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.child_workflow_execution_canceled_event_attributes
    _child(run, event, attributes.initiated_event_id).canceled(attributes)


def _child_timed_out(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.child_workflow_execution_timed_out_event_attributes
    _child(run, event, attributes.initiated_event_id).timed_out(attributes)


def _child_terminated(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.child_workflow_execution_terminated_event_attributes
    _child(run, event, attributes.initiated_event_id).terminated(attributes)


def _signal_initiated(run: WorkflowRun, event: HistoryEvent) -> None:
    run.ledger.take(event, ExternalSignal).recorded(event)


def _cancel_initiated(run: WorkflowRun, event: HistoryEvent) -> None:
    run.ledger.take(event, ExternalCancel).recorded(event)


def _external(run: WorkflowRun, event: HistoryEvent, initiated_id: int | None) -> External:
    machine = run.ledger.externals.pop(initiated_id or 0, None)
    if machine is None:
        raise run.ledger.unknown(event, f"what was initiated at event {initiated_id}")
    return machine


def _signaled(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.external_workflow_execution_signaled_event_attributes
    _external(run, event, attributes.initiated_event_id).delivered()


def _signal_failed(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.signal_external_workflow_execution_failed_event_attributes
    machine: Any = _external(run, event, attributes.initiated_event_id)
    machine.failed(attributes)


def _cancel_delivered(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.external_workflow_execution_cancel_requested_event_attributes
    _external(run, event, attributes.initiated_event_id).delivered()


def _cancel_failed(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.request_cancel_external_workflow_execution_failed_event_attributes
    machine: Any = _external(run, event, attributes.initiated_event_id)
    machine.failed(attributes)


def _marker(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.marker_recorded_event_attributes
    if attributes.marker_name not in _FREE_MARKERS:
        run.ledger.take(event, Marker).recorded(event)


def _upserted(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.upsert_workflow_search_attributes_event_attributes
    fields = (attributes.search_attributes.indexed_fields if attributes.search_attributes is not None else None) or {}
    if CHANGE_VERSION not in fields:
        run.ledger.take(event, Upsert)


def _started(run: WorkflowRun, event: HistoryEvent) -> None:
    run.begin(event)


def _signal(run: WorkflowRun, event: HistoryEvent) -> None:
    attributes: Any = event.workflow_execution_signaled_event_attributes
    run.receive_signal(attributes.signal_name or "", attributes.input)


def _cancel_requested(run: WorkflowRun, event: HistoryEvent) -> None:
    run.receive_cancel_request()


def _closed(run: WorkflowRun, event: HistoryEvent) -> None:
    run.ledger.take(event, Completion).recorded(event)


def _closed_from_outside(run: WorkflowRun, event: HistoryEvent) -> None:
    run.close_from_outside()


_FREE_MARKERS = frozenset((VERSION, MUTABLE_SIDE_EFFECT))

_DECISIONS: dict[EventType, Handler] = {
    EventType.ActivityTaskScheduled: _activity_scheduled,
    EventType.ActivityTaskCancelRequested: _activity_cancel_requested,
    EventType.TimerStarted: _timer_started,
    EventType.TimerCanceled: _timer_canceled,
    EventType.CancelTimerFailed: _timer_cancel_refused,
    EventType.MarkerRecorded: _marker,
    EventType.StartChildWorkflowExecutionInitiated: _child_initiated,
    EventType.SignalExternalWorkflowExecutionInitiated: _signal_initiated,
    EventType.RequestCancelExternalWorkflowExecutionInitiated: _cancel_initiated,
    EventType.UpsertWorkflowSearchAttributes: _upserted,
    EventType.WorkflowExecutionCompleted: _closed,
    EventType.WorkflowExecutionFailed: _closed,
    EventType.WorkflowExecutionCanceled: _closed,
    EventType.WorkflowExecutionContinuedAsNew: _closed,
}
_NEWS: dict[EventType, Handler] = {
    EventType.WorkflowExecutionStarted: _started,
    EventType.WorkflowExecutionSignaled: _signal,
    EventType.WorkflowExecutionCancelRequested: _cancel_requested,
    EventType.WorkflowExecutionTimedOut: _closed_from_outside,
    EventType.WorkflowExecutionTerminated: _closed_from_outside,
    EventType.ActivityTaskStarted: _activity_started,
    EventType.ActivityTaskCompleted: _activity_completed,
    EventType.ActivityTaskFailed: _activity_failed,
    EventType.ActivityTaskTimedOut: _activity_timed_out,
    EventType.ActivityTaskCanceled: _activity_canceled,
    EventType.TimerFired: _timer_fired,
    EventType.StartChildWorkflowExecutionFailed: _child_not_started,
    EventType.ChildWorkflowExecutionStarted: _child_started,
    EventType.ChildWorkflowExecutionCompleted: _child_completed,
    EventType.ChildWorkflowExecutionFailed: _child_failed,
    EventType.ChildWorkflowExecutionCanceled: _child_canceled,
    EventType.ChildWorkflowExecutionTimedOut: _child_timed_out,
    EventType.ChildWorkflowExecutionTerminated: _child_terminated,
    EventType.ExternalWorkflowExecutionSignaled: _signaled,
    EventType.SignalExternalWorkflowExecutionFailed: _signal_failed,
    EventType.ExternalWorkflowExecutionCancelRequested: _cancel_delivered,
    EventType.RequestCancelExternalWorkflowExecutionFailed: _cancel_failed,
}
_PASSED_OVER = frozenset(
    {
        EventType.DecisionTaskScheduled,
        EventType.DecisionTaskStarted,  # the run itself looks at these
        EventType.DecisionTaskCompleted,
        EventType.DecisionTaskTimedOut,
        EventType.DecisionTaskFailed,
        # Comes besides the event of the request, behind what came in meanwhile: the activity had ended.
        EventType.RequestCancelActivityTaskFailed,
    }
)

DECISION_EVENTS = frozenset(int(kind) for kind in _DECISIONS)
"""Types of the events that an answer to a decision task writes, right behind its DecisionTaskCompleted."""


def _table() -> list[Handler | None]:
    missing = set(EventType) - _DECISIONS.keys() - _NEWS.keys() - _PASSED_OVER
    assert not missing, f"event types that nobody handles: {missing}"
    table: list[Handler | None] = [None] * (max(EventType) + 1)
    for kind, handler in (_DECISIONS | _NEWS).items():
        table[kind] = handler
    return table


HANDLERS = _table()
"""Handler by event type; None: passed over."""
