"""A new run, made of its first event: its state, its alarms, its first decision task.

Every way to begin one ends here (a client's start, a child, a run that continues another): what they differ in stands
in the attributes of the started event, which its neighbours `starting`, `child_starts` and `continuing` make.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence import api
from cadence.api.codec import encode
from cadence.api.enums import EventType, TaskListKind
from cadence.devserver.clock import SECOND
from cadence.devserver.execution import decision_tasks
from cadence.devserver.execution.alarms import set_alarm
from cadence.devserver.execution.backoff import retry_of
from cadence.devserver.execution.state import Build, Run, RunState

if TYPE_CHECKING:
    from cadence.devserver.domains import Domain
    from cadence.devserver.execution.runs import Runs

__all__ = ("arm", "begin", "first_state")

Started = api.WorkflowExecutionStartedEventAttributes


def begin(
    runs: Runs,
    domain: Domain,
    workflow_id: str,
    run_id: str,
    started: Started,
    *,
    signal: api.WorkflowExecutionSignaledEventAttributes | None = None,
    released: bool = True,
) -> Run:
    """Begin a run.

    Args:
        runs: Where it goes.
        domain: Its domain.
        workflow_id: Its workflow id; it becomes the current run of it.
        run_id: Its run id.
        started: Attributes of its first event.
        signal: A signal that it starts with.
        released: False for a child, whose first decision task waits for the parent to know of it.

    Returns:
        The run, in place.
    """
    now_ns = runs.clock.now_ns()
    run = Run(first_state(domain, workflow_id, run_id, started, now_ns, released=released))
    state = run.state
    with runs.change(run) as tx:
        tx.now_ns = now_ns
        runs.add(run)
        tx.add(EventType.WorkflowExecutionStarted, started)
        if signal is not None:
            tx.add(EventType.WorkflowExecutionSignaled, signal)
            state.signals += 1
            if signal.request_id:
                state.signal_requests.append(signal.request_id)
        if released and not state.first_decision_ns:
            decision_tasks.schedule_first(tx)
        arm(runs, run)
        runs.show(run)
    return run


def arm(runs: Runs, run: Run) -> None:
    """Set the alarms that a run has from its start: its timeout, and the end of a backoff."""
    state = run.state
    set_alarm(runs, run, "run", state.times_out_ns, runs.time_out)
    if state.first_decision_ns and not state.previous_started_id and state.released:
        set_alarm(runs, run, "first", state.first_decision_ns, _backoff_over)


def _backoff_over(runs: Runs, run: Run) -> None:
    with runs.change(run) as tx:
        decision_tasks.schedule_first(tx)


def first_state(
    domain: Domain, workflow_id: str, run_id: str, started: Started, now_ns: int, *, released: bool = True
) -> RunState:
    """The state that a run has from its first event."""
    backoff = started.first_decision_task_backoff_seconds or 0
    execution_timeout = started.execution_start_to_close_timeout_seconds or 0
    attempt = started.attempt or 0
    expires_ns = started.expiration_timestamp or 0
    times_out_ns = now_ns + (execution_timeout + backoff) * SECOND
    if attempt > 0 and expires_ns:
        times_out_ns = min(times_out_ns, expires_ns)
    parent = started.parent_workflow_execution or api.WorkflowExecution()
    task_list = started.task_list or api.TaskList()
    found_by = started.search_attributes.indexed_fields if started.search_attributes else None
    return RunState(
        domain_id=domain.id,
        domain=domain.name,
        workflow_id=workflow_id,
        run_id=run_id,
        workflow_type=(started.workflow_type.name if started.workflow_type else "") or "",
        task_list=task_list.name or "",
        task_list_kind=int(task_list.kind or TaskListKind.NORMAL),
        execution_timeout=execution_timeout,
        task_timeout=started.task_start_to_close_timeout_seconds or 0,
        start_request_id=started.request_id or "",
        start_ns=now_ns,
        execution_ns=now_ns + backoff * SECOND,
        times_out_ns=times_out_ns,
        first_run_id=started.first_execution_run_id or run_id,
        cron_schedule=started.cron_schedule or "",
        cron_overlap=int(started.cron_overlap_policy or 0),
        attempt=attempt,
        retry=retry_of(started.retry_policy),
        expires_ns=expires_ns,
        first_decision_ns=now_ns + backoff * SECOND if backoff else 0,
        released=released,
        parent_domain=started.parent_workflow_domain or "",
        parent_workflow_id=parent.workflow_id or "",
        parent_run_id=parent.run_id or "",
        parent_initiated_id=started.parent_initiated_event_id or 0,
        builds=_builds(started),
        memo=encode(started.memo) if started.memo is not None else None,
        search_attributes=dict(found_by) if found_by else {},
    )


def _builds(started: Started) -> list[Build]:
    points = started.prev_auto_reset_points.points if started.prev_auto_reset_points else None
    return [
        Build(
            checksum=point.binary_checksum or "",
            run_id=point.run_id or "",
            completed_id=point.first_decision_completed_id or 0,
            created_ns=point.created_time_nano or 0,
            expires_ns=point.expiring_time_nano or 0,
            is_resettable=bool(point.resettable),
        )
        for point in points or ()
    ]
