"""Activities: scheduled by decisions, started by polls, ended by workers, retried.

An activity without a retry policy gets its started event when a worker takes it; one with a policy gets it with its
closing event, as only the last attempt stands in the history. What ends an activity for want of time stands in
`activity_timeouts`.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import EventType
from cadence.api.errors import InternalServiceError
from cadence.devserver.clock import SECOND
from cadence.devserver.execution import activity_timeouts, decision_tasks
from cadence.devserver.execution.activity_timeouts import close
from cadence.devserver.execution.backoff import retry_of
from cadence.devserver.execution.state import Activity
from cadence.devserver.tokens import Token

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run
    from cadence.devserver.execution.transaction import Transaction
    from cadence.devserver.tasks import Task

__all__ = ("cancel", "complete", "fail", "heartbeat", "pending", "request_cancel", "schedule", "start", "start_here")

Scheduled = api.ActivityTaskScheduledEventAttributes

_BLOB_LIMIT = 2 * 1024 * 1024


def schedule(tx: Transaction, scheduled: Scheduled) -> Activity:
    """Schedule an activity; its attributes were checked and completed by `decision_checks`."""
    event = tx.add(EventType.ActivityTaskScheduled, scheduled)
    activity = pending(event, scheduled)
    tx.state.activities[activity.scheduled_id] = activity
    tx.run.activity_ids[activity.activity_id] = activity.scheduled_id
    runs, run = tx.runs, tx.run
    tx.after(lambda: None if activity.is_started else activity_timeouts.dispatch(runs, run, activity))
    return activity


def start_here(tx: Transaction, activity: Activity, identity: str) -> api.ActivityLocalDispatchInfo:
    """Start an activity at once for the worker that decided on it and wants it with the answer."""
    _start(tx, activity, identity, str(uuid.uuid4()))
    return api.ActivityLocalDispatchInfo(
        activity_id=activity.activity_id,
        scheduled_timestamp=activity.first_scheduled_ns,
        started_timestamp=activity.started_ns,
        scheduled_timestamp_of_this_attempt=activity.scheduled_ns,
        task_token=_token(tx.run, activity),
    )


def pending(event: api.HistoryEvent, scheduled: Scheduled) -> Activity:
    """What a run keeps of an activity that an event scheduled."""
    now_ns = event.timestamp or 0
    policy = scheduled.retry_policy
    expiration = (policy.expiration_interval_in_seconds or 0) if policy else 0
    return Activity(
        scheduled_id=event.event_id or 0,
        activity_id=scheduled.activity_id or "",
        activity_type=(scheduled.activity_type.name if scheduled.activity_type else "") or "",
        domain=scheduled.domain or "",
        task_list=(scheduled.task_list.name if scheduled.task_list else "") or "",
        scheduled_ns=now_ns,
        first_scheduled_ns=now_ns,
        schedule_to_start=scheduled.schedule_to_start_timeout_seconds or 0,
        schedule_to_close=scheduled.schedule_to_close_timeout_seconds or 0,
        start_to_close=scheduled.start_to_close_timeout_seconds or 0,
        heartbeat=scheduled.heartbeat_timeout_seconds or 0,
        retry=retry_of(policy),
        expires_ns=now_ns + expiration * SECOND if expiration else 0,
    )


def is_stale(run: Run, task: Task) -> bool:
    """Whether an activity task need not be given to anybody any more."""
    activity = run.state.activities.get(task.scheduled_id)
    return not run.state.is_open or activity is None or activity.is_started or activity.attempt != task.attempt


def start(
    runs: Runs, run: Run, task: Task, *, identity: str, request_id: str
) -> api.PollForActivityTaskResponse | None:
    """Give an activity to a worker; None where the task is stale."""
    if is_stale(run, task):
        return None
    activity = run.state.activities[task.scheduled_id]
    with runs.change(run) as tx:
        _start(tx, activity, identity, request_id)
    return _answer(run, activity)


def _start(tx: Transaction, activity: Activity, identity: str, request_id: str) -> None:
    activity.started_ns = activity.heartbeat_ns = tx.now_ns
    tx.run.out.add(activity.scheduled_id)
    activity.request_id = request_id
    activity.identity = identity
    if activity.retry is None:
        activity_timeouts.add_started(tx, activity)
    activity_timeouts.arm(tx.runs, tx.run, activity)


def _token(run: Run, activity: Activity) -> bytes:
    state = run.state
    return Token(
        domain_id=state.domain_id,
        workflow_id=state.workflow_id,
        run_id=state.run_id,
        scheduled_id=activity.scheduled_id,
        attempt=activity.attempt,
        activity_id=activity.activity_id,
        workflow_type=state.workflow_type,
        activity_type=activity.activity_type,
    ).encode()


def _answer(run: Run, activity: Activity) -> api.PollForActivityTaskResponse:
    state = run.state
    event = run.event(activity.scheduled_id)
    scheduled = event.activity_task_scheduled_event_attributes
    assert scheduled is not None, "an activity points to the event that scheduled it"
    return api.PollForActivityTaskResponse(
        task_token=_token(run, activity),
        workflow_execution=run.execution,
        activity_id=activity.activity_id,
        activity_type=scheduled.activity_type,
        input=scheduled.input,
        scheduled_timestamp=event.timestamp,
        schedule_to_close_timeout_seconds=activity.schedule_to_close,
        started_timestamp=activity.started_ns,
        start_to_close_timeout_seconds=activity.start_to_close,
        heartbeat_timeout_seconds=activity.heartbeat,
        attempt=activity.attempt,
        scheduled_timestamp_of_this_attempt=activity.scheduled_ns,
        heartbeat_details=activity.heartbeat_details,
        workflow_type=api.WorkflowType(name=state.workflow_type),
        workflow_domain=state.domain,
        header=scheduled.header,
    )


def complete(runs: Runs, run: Run, activity: Activity, result: bytes | None, identity: str) -> None:
    """End an activity with a result."""
    if result is not None and len(result) > _BLOB_LIMIT:
        fail(runs, run, activity, "COMPLETE_RESULT_EXCEEDS_LIMIT", result[:_BLOB_LIMIT], identity=identity)
        return
    with runs.change(run) as tx:
        close(
            tx,
            activity,
            EventType.ActivityTaskCompleted,
            api.ActivityTaskCompletedEventAttributes(result=result, identity=identity),
        )
        decision_tasks.schedule(tx)


def fail(runs: Runs, run: Run, activity: Activity, reason: str, details: bytes | None, *, identity: str) -> None:
    """End an activity's attempt with a failure, and try it again where its policy says so."""
    if details is not None and len(details) > _BLOB_LIMIT:
        reason = reason if reason.endswith("_EXCEEDS_LIMIT") else "FAILURE_DETAILS_EXCEEDS_LIMIT"
        details = details[:_BLOB_LIMIT]
    with runs.change(run) as tx:
        if activity_timeouts.retry(tx, activity, reason, details):
            return
        close(
            tx,
            activity,
            EventType.ActivityTaskFailed,
            api.ActivityTaskFailedEventAttributes(reason=reason, details=details, identity=identity),
        )
        decision_tasks.schedule(tx)


def cancel(runs: Runs, run: Run, activity: Activity, details: bytes | None, identity: str) -> None:
    """End an activity as cancelled.

    Raises:
        InternalServiceError: Nobody asked for that.
    """
    if details is not None and len(details) > _BLOB_LIMIT:
        fail(runs, run, activity, "CANCEL_DETAILS_EXCEEDS_LIMIT", details[:_BLOB_LIMIT], identity=identity)
        return
    if not activity.cancel_requested_id:
        msg = "Unable to add ActivityTaskCanceled event to history."
        raise InternalServiceError(msg)
    with runs.change(run) as tx:
        _close_cancelled(tx, activity, details, identity)
        decision_tasks.schedule(tx)


def heartbeat(runs: Runs, run: Run, activity: Activity, details: bytes | None, identity: str) -> bool:
    """Note that a worker is at it.

    Returns:
        Whether the workflow asked for the activity to be cancelled.
    """
    if details is not None and len(details) > _BLOB_LIMIT:
        fail(runs, run, activity, "HEARTBEAT_EXCEEDS_LIMIT", details[:_BLOB_LIMIT], identity=identity)
        return True
    with runs.change(run) as tx:
        # The alarm stays where it is: when it rings, it sees the new time.
        activity.heartbeat_ns = tx.now_ns
        activity.heartbeat_details = details
    return bool(activity.cancel_requested_id)


def request_cancel(tx: Transaction, activity_id: str, decided_id: int, identity: str) -> bool:
    """Carry out the decision to cancel an activity.

    Returns:
        Whether it ended at once, since nobody had started it; then the workflow gets a decision task.
    """
    event = tx.add(
        EventType.ActivityTaskCancelRequested,
        api.ActivityTaskCancelRequestedEventAttributes(
            activity_id=activity_id, decision_task_completed_event_id=decided_id
        ),
    )
    activity = tx.state.activities.get(tx.run.activity_ids.get(activity_id, 0))
    if activity is None or activity.cancel_requested_id:
        tx.add(
            EventType.RequestCancelActivityTaskFailed,
            api.RequestCancelActivityTaskFailedEventAttributes(
                activity_id=activity_id, cause="ACTIVITY_ID_UNKNOWN", decision_task_completed_event_id=decided_id
            ),
        )
        return False
    activity.cancel_requested_id = event.event_id or 0
    if activity.is_started:
        return False
    _close_cancelled(tx, activity, b"ACTIVITY_ID_NOT_STARTED", identity)
    return True


def _close_cancelled(tx: Transaction, activity: Activity, details: bytes | None, identity: str) -> None:
    close(
        tx,
        activity,
        EventType.ActivityTaskCanceled,
        api.ActivityTaskCanceledEventAttributes(
            details=details, latest_cancel_requested_event_id=activity.cancel_requested_id, identity=identity
        ),
    )
