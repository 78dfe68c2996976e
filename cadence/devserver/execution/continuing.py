"""Runs that go on in another one: because the code says so, because they failed and are retried, because of cron.

The run that ends gets ContinuedAsNew, the next one begins in the same change; a run that is too old ends here too, as
it may be retried.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import ContinueAsNewInitiator, EventType, TimeoutType, WorkflowExecutionCloseStatus
from cadence.devserver.clock import SECOND
from cadence.devserver.execution import births, closing, decision_tasks
from cadence.devserver.execution.backoff import next_wait
from cadence.devserver.execution.starting import expiration
from cadence.devserver.schedules import cron

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run
    from cadence.devserver.execution.transaction import Transaction

__all__ = ("complete_or_repeat", "continue_as_new", "continue_or_cancel", "fail_or_retry", "reset_points", "time_out")

Continue = api.ContinueAsNewWorkflowExecutionDecisionAttributes

_DAY = 86_400 * SECOND
_TIMED_OUT = "cadenceInternal:Timeout START_TO_CLOSE"


def complete_or_repeat(tx: Transaction, result: bytes | None, decided_id: int) -> None:
    """End the run with a result; a cron run goes on with its next firing."""
    wait = None if tx.state.cancel_requested else _cron_wait(tx)
    if wait is None:
        closing.complete(tx, result, decided_id)
        return
    again = _again(tx.run, wait, ContinueAsNewInitiator.CronSchedule)
    again.last_completion_result = result
    continue_as_new(tx, again, decided_id)


def fail_or_retry(tx: Transaction, reason: str, details: bytes | None, decided_id: int) -> None:
    """End the run with a failure; or try it again, or go on with the next firing of its schedule.

    A run that was asked to cancel itself ends as cancelled, as on the real server.
    """
    if tx.state.cancel_requested:
        closing.cancel(tx, details, decided_id)
        return
    again = _retry_or_cron(tx, reason)
    if again is None:
        closing.fail(tx, reason, details, decided_id)
        return
    again.failure_reason = reason
    again.failure_details = details
    again.last_completion_result = tx.run.started.last_completion_result
    continue_as_new(tx, again, decided_id)


def time_out(runs: Runs, run: Run) -> None:
    """End an open run that is too old; or try it again, or go on with the next firing of its schedule."""
    with runs.change(run) as tx:
        again = None if tx.state.cancel_requested else _retry_or_cron(tx, _TIMED_OUT)
        decision_tasks.fail_in_flight(tx)
        if again is None:
            closing.close(
                tx,
                WorkflowExecutionCloseStatus.TIMED_OUT,
                EventType.WorkflowExecutionTimedOut,
                api.WorkflowExecutionTimedOutEventAttributes(timeout_type=int(TimeoutType.START_TO_CLOSE)),
            )
            return
        again.failure_reason = _TIMED_OUT
        again.last_completion_result = run.started.last_completion_result
        continue_as_new(tx, again, decision_tasks.NO_EVENT)


def continue_or_cancel(tx: Transaction, asked: Continue, decided_id: int) -> None:
    """Go on in a new run as the code asks; a run that was asked to cancel itself ends as cancelled."""
    if tx.state.cancel_requested:
        closing.cancel(tx, None, decided_id)
    else:
        continue_as_new(tx, asked, decided_id)


def continue_as_new(tx: Transaction, asked: Continue, decided_id: int) -> None:
    """End the run and begin the next one of its chain."""
    state, run = tx.state, tx.run
    run_id = str(uuid.uuid4())
    domain = tx.runs.domain_of(run)
    retention_ns = domain.retention_days * _DAY
    for build in state.builds:
        if build.run_id == state.run_id:
            build.expires_ns = tx.now_ns + retention_ns
    started = _started(run, asked, run_id, tx.now_ns)
    initiator = asked.initiator
    closing.close(
        tx,
        WorkflowExecutionCloseStatus.CONTINUED_AS_NEW,
        EventType.WorkflowExecutionContinuedAsNew,
        api.WorkflowExecutionContinuedAsNewEventAttributes(
            new_execution_run_id=run_id,
            workflow_type=asked.workflow_type,
            task_list=asked.task_list,
            input=asked.input,
            execution_start_to_close_timeout_seconds=asked.execution_start_to_close_timeout_seconds,
            task_start_to_close_timeout_seconds=asked.task_start_to_close_timeout_seconds,
            decision_task_completed_event_id=decided_id,
            backoff_start_interval_in_seconds=asked.backoff_start_interval_in_seconds or 0,
            initiator=int(ContinueAsNewInitiator.Decider if initiator is None else initiator),
            failure_reason=asked.failure_reason,
            failure_details=asked.failure_details,
            last_completion_result=asked.last_completion_result,
            header=asked.header,
            memo=asked.memo,
            search_attributes=asked.search_attributes,
            cron_overlap_policy=asked.cron_overlap_policy,
        ),
    )
    state.new_run_id = run_id
    births.begin(tx.runs, domain, state.workflow_id, run_id, started)


def reset_points(run: Run) -> api.ResetPoints:
    """Where the run's chain can be reset to because of a bad build, as messages have it."""
    if not run.state.builds:
        return api.ResetPoints()
    points = [
        api.ResetPointInfo(
            binary_checksum=build.checksum,
            run_id=build.run_id,
            first_decision_completed_id=build.completed_id,
            created_time_nano=build.created_ns,
            expiring_time_nano=build.expires_ns or None,
            resettable=build.is_resettable,
        )
        for build in run.state.builds
    ]
    return api.ResetPoints(points=points)


def _started(run: Run, asked: Continue, run_id: str, now_ns: int) -> births.Started:
    """The first event of the next run."""
    state, before = run.state, run.started
    backoff = asked.backoff_start_interval_in_seconds or 0
    retried = asked.initiator == ContinueAsNewInitiator.RetryPolicy
    expires_ns = (state.expires_ns or None) if retried else expiration(asked.retry_policy, now_ns, backoff)
    name = asked.task_list.name if asked.task_list else None
    return births.Started(
        workflow_type=asked.workflow_type or api.WorkflowType(name=state.workflow_type),
        parent_workflow_domain=before.parent_workflow_domain,
        parent_workflow_execution=before.parent_workflow_execution,
        parent_initiated_event_id=before.parent_initiated_event_id,
        task_list=api.TaskList(name=name or state.task_list, kind=state.task_list_kind),
        input=asked.input,
        execution_start_to_close_timeout_seconds=asked.execution_start_to_close_timeout_seconds,
        task_start_to_close_timeout_seconds=asked.task_start_to_close_timeout_seconds or state.task_timeout,
        continued_execution_run_id=state.run_id,
        initiator=asked.initiator,
        continued_failure_reason=asked.failure_reason,
        continued_failure_details=asked.failure_details,
        last_completion_result=asked.last_completion_result,
        original_execution_run_id=run_id,
        first_execution_run_id=state.first_run_id,
        first_scheduled_time_nano=before.first_scheduled_time_nano if asked.cron_schedule else None,
        retry_policy=asked.retry_policy,
        attempt=state.attempt + 1 if retried else 0,
        expiration_timestamp=expires_ns,
        cron_schedule=asked.cron_schedule,
        cron_overlap_policy=asked.cron_overlap_policy,
        first_decision_task_backoff_seconds=asked.backoff_start_interval_in_seconds,
        prev_auto_reset_points=reset_points(run),
        memo=asked.memo,
        search_attributes=asked.search_attributes,
        header=asked.header,
        request_id=str(uuid.uuid4()),
    )


def _retry_or_cron(tx: Transaction, reason: str) -> Continue | None:
    """How the run goes on after it failed, or None where it does not."""
    state = tx.state
    wait = next_wait(state.retry, state.attempt, reason, tx.now_ns, state.expires_ns)
    if wait is not None:
        return _again(tx.run, wait, ContinueAsNewInitiator.RetryPolicy)
    wait = _cron_wait(tx)
    return None if wait is None else _again(tx.run, wait, ContinueAsNewInitiator.CronSchedule)


def _cron_wait(tx: Transaction) -> int | None:
    """Seconds until the run's schedule fires next, or None where there is none."""
    state = tx.state
    if not state.cron_schedule:
        return None
    try:
        return cron.seconds_to_next_run(
            cron.parse(state.cron_schedule),
            datetime.fromtimestamp(state.execution_ns / SECOND, UTC),
            datetime.fromtimestamp(tx.now_ns / SECOND, UTC),
            buffer_one=state.cron_overlap == 1,
        )
    except cron.CronError:
        return None  # it fires no more: the run ends as any other


def _again(run: Run, wait: int, initiator: ContinueAsNewInitiator) -> Continue:
    """The same run once more, after a wait."""
    before = run.started
    return Continue(
        workflow_type=before.workflow_type,
        task_list=before.task_list,
        input=before.input,
        execution_start_to_close_timeout_seconds=before.execution_start_to_close_timeout_seconds,
        task_start_to_close_timeout_seconds=before.task_start_to_close_timeout_seconds,
        backoff_start_interval_in_seconds=wait,
        retry_policy=before.retry_policy,
        initiator=int(initiator),
        cron_schedule=before.cron_schedule,
        cron_overlap_policy=before.cron_overlap_policy,
        header=before.header,
        memo=before.memo,
        search_attributes=before.search_attributes,
    )
