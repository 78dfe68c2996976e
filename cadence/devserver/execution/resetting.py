"""Runs that go on from an earlier point of a history, as if what came behind it had not happened.

The current run is terminated; the new one begins with the events before a decision task's end, that task failed by
name, and gets the signals that came later once more. `rebuilding` makes its state.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause, DecisionTaskTimedOutCause, EventType, TimeoutType
from cadence.api.errors import BadRequestError
from cadence.devserver.execution import (
    activity_timeouts,
    births,
    closing,
    decision_tasks,
    externals,
    timers,
)
from cadence.devserver.execution.rebuilding import rebuild

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cadence.devserver.domains import Domain
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run
    from cadence.devserver.execution.transaction import Transaction

__all__ = ("reset",)

_POINTS = frozenset(
    {
        EventType.DecisionTaskStarted,
        EventType.DecisionTaskTimedOut,
        EventType.DecisionTaskFailed,
        EventType.DecisionTaskCompleted,
    }
)


def reset(runs: Runs, domain: Domain, request: api.ResetWorkflowExecutionRequest) -> str:
    """Begin a run with the history of another one up to a decision task.

    Returns:
        The id of the new run, or of the one that the same request began before.

    Raises:
        BadRequestError: The point is none to go on from.
        EntityNotExistsError: There is no such run.
    """
    asked = request.workflow_execution or api.WorkflowExecution()
    base = runs.find(domain.id, asked.workflow_id, asked.run_id)
    current = runs.find(domain.id, asked.workflow_id)
    kept = _kept(base, request.decision_finish_event_id or 0)
    if request.request_id and current.state.start_request_id == request.request_id:
        return current.state.run_id
    run_id = str(uuid.uuid4())
    run = rebuild(domain, base.state.workflow_id, run_id, kept, runs.clock.now_ns())
    if run.state.children:
        msg = "Can not reset workflow with pending child workflows"
        raise BadRequestError(msg)
    run.state.start_request_id = request.request_id or run_id
    signals = [] if request.skip_signal_reapply else list(_later_signals(runs, base, len(kept)))
    reason = request.reason or ""
    runs.enter()
    try:
        if current.state.is_open:
            closing.terminate(runs, current, reason=reason, details=None, identity=closing.HISTORY_SERVICE)
        _begin(runs, run, base.state.run_id, reason, signals)
    finally:
        runs.leave()
    return run_id


def _kept(base: Run, finish_id: int) -> list[api.HistoryEvent]:
    if not base.state.previous_started_id and base.state.decision is None and len(base.events) < 2:
        msg = "Cannot reset workflow without a decision task schedule."
        raise BadRequestError(msg)
    if not 1 < finish_id <= base.state.next_event_id:
        msg = "Decision finish ID must be > 1 && <= workflow next event ID."
        raise BadRequestError(msg)
    if finish_id < base.state.next_event_id:
        kind = EventType(base.event(finish_id).event_type or 0)
        if kind not in _POINTS:
            msg = (
                "reset event must be of type DecisionTaskStarted, DecisionTaskTimedOut, DecisionTaskFailed, or "
                f"DecisionTaskCompleted. Attempting to reset on event type: {kind.name}"
            )
            raise BadRequestError(msg)
    elif base.state.decision is None or not base.state.decision.is_started:
        msg = f"reset event ID {finish_id} not found in the history events"
        raise BadRequestError(msg)
    return base.events[: finish_id - 1]


def _later_signals(runs: Runs, base: Run, kept: int) -> Iterator[api.WorkflowExecutionSignaledEventAttributes]:
    """Signals behind the point, those of the runs that continued it included."""
    run: Run | None = base
    first = kept
    while run is not None:
        for event in (*run.events[first:], *run.buffered):
            signaled = event.workflow_execution_signaled_event_attributes
            if signaled is not None:
                yield api.WorkflowExecutionSignaledEventAttributes(
                    signal_name=signaled.signal_name, input=signaled.input, identity=signaled.identity
                )
        following = run.events[-1].workflow_execution_continued_as_new_event_attributes
        run_id = following.new_execution_run_id if following is not None else None
        run = runs.find(run.state.domain_id, run.state.workflow_id, run_id) if run_id else None
        first = 0


def _begin(
    runs: Runs,
    run: Run,
    base_id: str,
    reason: str,
    signals: list[api.WorkflowExecutionSignaledEventAttributes],
) -> None:
    with runs.change(run) as tx:
        runs.add(run)
        _end_decision(tx, base_id, reason)
        for activity in list(run.state.activities.values()):
            if activity.is_started:
                activity_timeouts.close(
                    tx,
                    activity,
                    EventType.ActivityTaskFailed,
                    api.ActivityTaskFailedEventAttributes(reason=reason),
                )
            else:
                activity.scheduled_ns = tx.now_ns
                tx.after(partial(activity_timeouts.dispatch, runs, run, activity))
        for signal in signals:
            run.state.signals += 1
            tx.add(EventType.WorkflowExecutionSignaled, signal)
        decision_tasks.schedule(tx)
        births.arm(runs, run)
        timers.arm(runs, run)
        runs.show(run)
        for external in list(run.state.externals.values()):
            tx.after(partial(externals.resend, runs, run, external))


def _end_decision(tx: Transaction, base_id: str, reason: str) -> None:
    """End the decision task at which the history was cut, in the real server's words for it."""
    state, decision = tx.state, tx.state.decision
    if decision is None:
        return
    if decision.is_started:
        tx.add(
            EventType.DecisionTaskFailed,
            api.DecisionTaskFailedEventAttributes(
                scheduled_event_id=decision.scheduled_id,
                started_event_id=decision.started_id,
                cause=int(DecisionTaskFailedCause.RESET_WORKFLOW),
                identity=closing.HISTORY_SERVICE,
                reason=reason,
                base_run_id=base_id,
                new_run_id=state.run_id,
                fork_event_version=decision_tasks.EMPTY_VERSION,
                request_id=state.start_request_id,
            ),
        )
    else:
        tx.add(
            EventType.DecisionTaskTimedOut,
            api.DecisionTaskTimedOutEventAttributes(
                scheduled_event_id=decision.scheduled_id,
                started_event_id=0,
                timeout_type=int(TimeoutType.SCHEDULE_TO_START),
                cause=int(DecisionTaskTimedOutCause.RESET),
                reason=reason,
                base_run_id=base_id,
                new_run_id=state.run_id,
                fork_event_version=decision_tasks.EMPTY_VERSION,
                request_id=state.start_request_id,
            ),
        )
    state.decision = None
    state.decision_attempt = 0
