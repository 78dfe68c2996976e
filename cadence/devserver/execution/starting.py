"""StartWorkflowExecution and SignalWithStartWorkflowExecution: what becomes of the run that is there, and a new one.

The requests were checked by `frontend.checks`. The reuse policies stand here, for clients and for parents (`children`)
alike.
"""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import WorkflowExecutionCloseStatus, WorkflowIdReusePolicy
from cadence.api.errors import BadRequestError, WorkflowExecutionAlreadyStartedError
from cadence.devserver.clock import SECOND
from cadence.devserver.execution import births, closing, signalling
from cadence.devserver.schedules import cron

if TYPE_CHECKING:
    from cadence.devserver.domains import Domain
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run

__all__ = ("LONGEST_TASK", "check_reuse", "expiration", "first_cron_wait", "signal_with_start", "start")

LONGEST_TASK = 240
"""Seconds that a decision task may take at most, as the real server's default."""
_MILLISECOND = 1_000_000

Request = api.StartWorkflowExecutionRequest | api.SignalWithStartWorkflowExecutionRequest


def start(runs: Runs, domain: Domain, request: api.StartWorkflowExecutionRequest) -> str:
    """Start a run, or find the one that the same request started before.

    Returns:
        The run id.

    Raises:
        BadRequestError: The domain takes no new runs, or the request has no id.
        WorkflowExecutionAlreadyStartedError: The reuse policy forbids another run.
    """
    _check(domain, request)
    current = runs.current(domain.id, request.workflow_id or "")
    if current is not None and current.state.start_request_id == request.request_id:
        return current.state.run_id
    return _replace(runs, domain, request, current, None)


def signal_with_start(runs: Runs, domain: Domain, request: api.SignalWithStartWorkflowExecutionRequest) -> str:
    """Signal the open run, or start one with the signal.

    Returns:
        The id of the run that has the signal.

    Raises:
        BadRequestError: The domain takes no new runs, or the request has no id.
        LimitExceededError: The open run has had too many signals.
        WorkflowExecutionAlreadyStartedError: The reuse policy forbids another run.
    """
    signal = api.WorkflowExecutionSignaledEventAttributes(
        signal_name=request.signal_name,
        input=request.signal_input,
        identity=request.identity,
        request_id=request.request_id,
    )
    current = runs.current(domain.id, request.workflow_id or "")
    if (
        current is not None
        and current.state.is_open
        and request.workflow_id_reuse_policy != WorkflowIdReusePolicy.TerminateIfRunning
    ):
        signalling.deliver(runs, current, signal)
        return current.state.run_id
    _check(domain, request)
    if current is not None and current.state.start_request_id == request.request_id:
        return current.state.run_id
    return _replace(runs, domain, request, current, signal)


def check_reuse(current: Run | None, policy: int) -> None:
    """Whether a new run may follow the current one.

    Raises:
        WorkflowExecutionAlreadyStartedError: It may not.
    """
    if current is None:
        return
    state = current.state
    about = f"WorkflowId: {state.workflow_id}, RunId: {state.run_id}."
    if state.is_open:
        if policy == WorkflowIdReusePolicy.TerminateIfRunning:
            return
        message = f"Workflow execution is already running. {about}"
    elif policy == WorkflowIdReusePolicy.RejectDuplicate:
        message = (
            f"Workflow execution already finished. {about} Workflow ID reuse policy: reject duplicate workflow ID."
        )
    elif policy == WorkflowIdReusePolicy.AllowDuplicateFailedOnly and state.close_status in {
        WorkflowExecutionCloseStatus.COMPLETED,
        WorkflowExecutionCloseStatus.CONTINUED_AS_NEW,
    }:
        message = (
            f"Workflow execution already finished successfully. {about} "
            "Workflow ID reuse policy: allow duplicate workflow ID if last run failed."
        )
    else:
        return
    raise WorkflowExecutionAlreadyStartedError(message, state.start_request_id, state.run_id)


def expiration(policy: api.RetryPolicy | None, now_ns: int, backoff: int) -> int | None:
    """When a run's retries end, in nanoseconds, rounded to milliseconds; None where they don't."""
    seconds = (policy.expiration_interval_in_seconds or 0) if policy is not None else 0
    if seconds <= 0:
        return None
    return round((now_ns + (seconds + backoff) * SECOND) / _MILLISECOND) * _MILLISECOND


def first_cron_wait(schedule: str, start_ns: int, jitter: int) -> int:
    """Seconds from a time to the first firing of a schedule behind it, with a random part of the jitter."""
    moment = datetime.fromtimestamp(start_ns / SECOND, UTC)
    return cron.seconds_to_next_run(cron.parse(schedule), moment, moment) + spread(jitter)


def spread(jitter: int) -> int:
    """A random number of seconds, the jitter at most."""
    return random.randint(0, jitter) if jitter > 0 else 0


def _check(domain: Domain, request: Request) -> None:
    if not domain.is_registered:
        msg = "Domain is deprecated."
        raise BadRequestError(msg)
    if not request.request_id:
        msg = "Missing request ID."
        raise BadRequestError(msg)


def _replace(
    runs: Runs,
    domain: Domain,
    request: Request,
    current: Run | None,
    signal: api.WorkflowExecutionSignaledEventAttributes | None,
) -> str:
    """Begin a run in place of the current one, which is terminated where the policy says so."""
    check_reuse(current, int(request.workflow_id_reuse_policy or 0))
    run_id = str(uuid.uuid4())
    runs.enter()
    try:
        if current is not None and current.state.is_open:
            closing.terminate(
                runs,
                current,
                reason="TerminateIfRunning Policy",
                details=f"New runID: {run_id}".encode(),
                identity="history-service",
            )
        births.begin(
            runs,
            domain,
            request.workflow_id or "",
            run_id,
            _started(request, run_id, runs.clock.now_ns()),
            signal=signal,
        )
    finally:
        runs.leave()
    return run_id


def _started(request: Request, run_id: str, now_ns: int) -> births.Started:
    backoff = _backoff(request, now_ns)
    execution_timeout = request.execution_start_to_close_timeout_seconds or 0
    return births.Started(
        workflow_type=request.workflow_type,
        task_list=request.task_list,
        input=request.input,
        execution_start_to_close_timeout_seconds=execution_timeout,
        task_start_to_close_timeout_seconds=min(
            request.task_start_to_close_timeout_seconds or 0, execution_timeout, LONGEST_TASK
        ),
        original_execution_run_id=run_id,
        identity=request.identity,
        first_execution_run_id=run_id,
        first_scheduled_time_nano=now_ns if request.cron_schedule else None,
        retry_policy=request.retry_policy,
        attempt=0,
        expiration_timestamp=expiration(request.retry_policy, now_ns, backoff),
        cron_schedule=request.cron_schedule,
        cron_overlap_policy=request.cron_overlap_policy,
        first_decision_task_backoff_seconds=backoff,
        memo=request.memo,
        search_attributes=request.search_attributes,
        header=request.header,
        request_id=request.request_id,
    )


def _backoff(request: Request, now_ns: int) -> int:
    """Seconds until the first decision task."""
    delay = jitter = 0
    if isinstance(request, api.StartWorkflowExecutionRequest):  # the real server forgets them on signals with a start
        first_run_at = request.first_run_at_timestamp or 0
        if first_run_at > now_ns:
            return (first_run_at - now_ns) // SECOND
        delay = request.delay_start_seconds or 0
        jitter = request.jitter_start_seconds or 0
    if request.cron_schedule:
        return first_cron_wait(request.cron_schedule, now_ns + delay * SECOND, jitter) + delay
    return delay + spread(jitter)
