"""A child's side of its birth: begun for its parent, or refused.

Its first decision task waits until the parent's history knows of the child. The parent's side stands in `children`.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cadence.api.errors import EntityNotExistsError, WorkflowExecutionAlreadyStartedError
from cadence.devserver.execution import births, children, closing, decision_tasks
from cadence.devserver.execution.starting import LONGEST_TASK, check_reuse, expiration, first_cron_wait

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Child, Run

__all__ = ("start_child",)


def start_child(runs: Runs, parent: Run, initiated_id: int) -> None:
    """Start a child that an open parent asked for, and tell the parent; a parent that closed gets none."""
    child = parent.state.children.get(initiated_id)
    if not parent.state.is_open or child is None or child.run_id:
        return
    try:
        domain = runs.domains.find(child.domain)
    except EntityNotExistsError:
        return  # deleted since the decision was checked: the real server tries for ever
    asked = children.initiated(parent, child)
    current = runs.current(domain.id, child.workflow_id)
    try:
        check_reuse(current, int(asked.workflow_id_reuse_policy or 0))
    except WorkflowExecutionAlreadyStartedError:
        children.start_refused(runs, parent, child)
        return
    run_id = str(uuid.uuid4())
    if current is not None and current.state.is_open:
        closing.terminate(
            runs,
            current,
            reason="TerminateIfRunning Policy",
            details=f"New runID: {run_id}".encode(),
            identity=closing.HISTORY_SERVICE,
        )
    started = _started(parent, child, run_id, runs.clock.now_ns())
    run = births.begin(runs, domain, child.workflow_id, run_id, started, released=False)
    children.child_started(runs, parent, child, run_id)
    with runs.change(run) as tx:
        run.state.released = True
        if run.state.first_decision_ns:
            births.arm(runs, run)
        else:
            decision_tasks.schedule_first(tx)


def _started(parent: Run, child: Child, run_id: str, now_ns: int) -> births.Started:
    asked = children.initiated(parent, child)
    backoff = first_cron_wait(asked.cron_schedule, now_ns, 0) if asked.cron_schedule else 0
    return births.Started(
        workflow_type=asked.workflow_type,
        parent_workflow_domain=parent.state.domain,
        parent_workflow_execution=parent.execution,
        parent_initiated_event_id=child.initiated_id,
        task_list=asked.task_list,
        input=asked.input,
        execution_start_to_close_timeout_seconds=asked.execution_start_to_close_timeout_seconds,
        task_start_to_close_timeout_seconds=min(
            asked.task_start_to_close_timeout_seconds or 0,
            asked.execution_start_to_close_timeout_seconds or 0,
            LONGEST_TASK,
        ),
        original_execution_run_id=run_id,
        first_execution_run_id=run_id,
        first_scheduled_time_nano=now_ns if asked.cron_schedule else None,
        retry_policy=asked.retry_policy,
        attempt=0,
        expiration_timestamp=expiration(asked.retry_policy, now_ns, backoff),
        cron_schedule=asked.cron_schedule,
        cron_overlap_policy=asked.cron_overlap_policy,
        first_decision_task_backoff_seconds=backoff,
        memo=asked.memo,
        search_attributes=asked.search_attributes,
        header=asked.header,
        request_id=child.request_id,
    )
