"""A run's state, made again of its first events: what it was at a point in its past.

One function per type of event that leaves something pending or ends it; the other types change nothing that a run needs
to go on. `resetting` lets runs go on from such points.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from cadence.api.enums import EventType
from cadence.devserver.clock import SECOND
from cadence.devserver.execution import activities, births, externals
from cadence.devserver.execution.events import attributes_of
from cadence.devserver.execution.state import Child, Decision, Run, Timer

if TYPE_CHECKING:
    from collections.abc import Callable

    from cadence import api
    from cadence.devserver.domains import Domain

__all__ = ("rebuild",)


def rebuild(domain: Domain, workflow_id: str, run_id: str, events: list[api.HistoryEvent], now_ns: int) -> Run:
    """Return a run with these events and the state that follows from them.

    Args:
        domain: Its domain.
        workflow_id: Its workflow id.
        run_id: The id of the new run.
        events: Its history so far; the new run has a list of its own.
        now_ns: When it begins: its timeout counts from here.
    """
    state = births.first_state(domain, workflow_id, run_id, attributes_of(events[0]), now_ns)
    state.first_decision_ns = 0
    state.times_out_ns = now_ns + state.execution_timeout * SECOND
    run = Run(state, list(events))
    run.saved = 0
    for event in events:
        step = _STEPS.get(event.event_type or 0)
        if step is not None:
            step(run, event, attributes_of(event))
    state.next_event_id = len(events) + 1
    return run


def _decision_scheduled(run: Run, event: api.HistoryEvent, scheduled: Any) -> None:
    at_ns = event.timestamp or 0
    run.state.decision = Decision(
        scheduled_id=event.event_id or 0,
        scheduled_ns=at_ns,
        original_scheduled_ns=at_ns,
        task_list=run.state.task_list,
        is_sticky=False,
        timeout=scheduled.start_to_close_timeout_seconds or run.state.task_timeout,
    )


def _decision_started(run: Run, event: api.HistoryEvent, started: Any) -> None:
    decision = run.state.decision
    if decision is not None:
        decision.started_id = event.event_id or 0
        decision.started_ns = event.timestamp or 0
        decision.identity = started.identity or ""
        decision.request_id = started.request_id or ""


def _decision_completed(run: Run, event: api.HistoryEvent, completed: Any) -> None:
    run.state.previous_started_id = completed.started_event_id
    run.state.decision = None


def _decision_unfinished(run: Run, event: api.HistoryEvent, ended: Any) -> None:
    run.state.decision = None


def _activity_scheduled(run: Run, event: api.HistoryEvent, scheduled: Any) -> None:
    activity = activities.pending(event, scheduled)
    run.state.activities[activity.scheduled_id] = activity
    run.activity_ids[activity.activity_id] = activity.scheduled_id


def _activity_started(run: Run, event: api.HistoryEvent, started: Any) -> None:
    activity = run.state.activities[started.scheduled_event_id]
    activity.started_id = event.event_id or 0
    activity.started_ns = activity.heartbeat_ns = event.timestamp or 0
    activity.identity = started.identity or ""
    activity.request_id = started.request_id or ""
    activity.attempt = started.attempt or 0


def _activity_cancel_requested(run: Run, event: api.HistoryEvent, asked: Any) -> None:
    activity = run.state.activities.get(run.activity_ids.get(asked.activity_id, 0))
    if activity is not None and not activity.cancel_requested_id:
        activity.cancel_requested_id = event.event_id or 0


def _activity_ended(run: Run, event: api.HistoryEvent, ended: Any) -> None:
    activity = run.state.activities.pop(ended.scheduled_event_id)
    del run.activity_ids[activity.activity_id]


def _timer_started(run: Run, event: api.HistoryEvent, started: Any) -> None:
    fires_ns = (event.timestamp or 0) + (started.start_to_fire_timeout_seconds or 0) * SECOND
    timer = Timer(timer_id=started.timer_id, started_id=event.event_id or 0, fires_ns=fires_ns)
    run.state.timers[timer.timer_id] = timer
    heapq.heappush(run.timer_order, (timer.fires_ns, timer.started_id, timer.timer_id))


def _timer_ended(run: Run, event: api.HistoryEvent, ended: Any) -> None:
    run.state.timers.pop(ended.timer_id, None)


def _child_initiated(run: Run, event: api.HistoryEvent, asked: Any) -> None:
    run.state.children[event.event_id or 0] = Child(
        initiated_id=event.event_id or 0,
        workflow_id=asked.workflow_id,
        workflow_type=asked.workflow_type.name if asked.workflow_type else "",
        domain=asked.domain,
        policy=int(asked.parent_close_policy or 0),
        request_id="",
    )


def _child_ended(run: Run, event: api.HistoryEvent, ended: Any) -> None:
    run.state.children.pop(ended.initiated_event_id, None)


def _external_initiated(run: Run, event: api.HistoryEvent, asked: Any) -> None:
    run.state.externals[event.event_id or 0] = externals.pending(event, asked, run.state.domain)


def _external_ended(run: Run, event: api.HistoryEvent, ended: Any) -> None:
    run.state.externals.pop(ended.initiated_event_id, None)


def _signaled(run: Run, event: api.HistoryEvent, signaled: Any) -> None:
    run.state.signals += 1


def _cancel_requested(run: Run, event: api.HistoryEvent, asked: Any) -> None:
    run.state.cancel_requested = True
    run.state.cancel_request_id = asked.request_id or ""


def _upserted(run: Run, event: api.HistoryEvent, upserted: Any) -> None:
    run.state.search_attributes.update(upserted.search_attributes.indexed_fields or {})


_STEPS: dict[int, Callable[[Run, api.HistoryEvent, Any], None]] = {
    EventType.DecisionTaskScheduled: _decision_scheduled,
    EventType.DecisionTaskStarted: _decision_started,
    EventType.DecisionTaskCompleted: _decision_completed,
    EventType.DecisionTaskFailed: _decision_unfinished,
    EventType.DecisionTaskTimedOut: _decision_unfinished,
    EventType.ActivityTaskScheduled: _activity_scheduled,
    EventType.ActivityTaskStarted: _activity_started,
    EventType.ActivityTaskCancelRequested: _activity_cancel_requested,
    EventType.ActivityTaskCompleted: _activity_ended,
    EventType.ActivityTaskFailed: _activity_ended,
    EventType.ActivityTaskTimedOut: _activity_ended,
    EventType.ActivityTaskCanceled: _activity_ended,
    EventType.TimerStarted: _timer_started,
    EventType.TimerFired: _timer_ended,
    EventType.TimerCanceled: _timer_ended,
    EventType.StartChildWorkflowExecutionInitiated: _child_initiated,
    EventType.StartChildWorkflowExecutionFailed: _child_ended,
    EventType.ChildWorkflowExecutionCompleted: _child_ended,
    EventType.ChildWorkflowExecutionFailed: _child_ended,
    EventType.ChildWorkflowExecutionCanceled: _child_ended,
    EventType.ChildWorkflowExecutionTimedOut: _child_ended,
    EventType.ChildWorkflowExecutionTerminated: _child_ended,
    EventType.SignalExternalWorkflowExecutionInitiated: _external_initiated,
    EventType.SignalExternalWorkflowExecutionFailed: _external_ended,
    EventType.ExternalWorkflowExecutionSignaled: _external_ended,
    EventType.RequestCancelExternalWorkflowExecutionInitiated: _external_initiated,
    EventType.RequestCancelExternalWorkflowExecutionFailed: _external_ended,
    EventType.ExternalWorkflowExecutionCancelRequested: _external_ended,
    EventType.WorkflowExecutionSignaled: _signaled,
    EventType.WorkflowExecutionCancelRequested: _cancel_requested,
    EventType.UpsertWorkflowSearchAttributes: _upserted,
}
