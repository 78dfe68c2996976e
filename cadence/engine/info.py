"""From a run's first event to what its code may know of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cadence.workflow.commands import RetryPolicy
from cadence.workflow.runtime import ParentInfo, WorkflowInfo

if TYPE_CHECKING:
    from cadence import api

__all__ = ("moment", "workflow_info")

_EPOCH = datetime.fromtimestamp(0, UTC)


def moment(time_ns: int) -> datetime:
    """Return a time as an aware datetime."""
    return _EPOCH + timedelta(microseconds=time_ns // 1000)


def workflow_info(
    started: api.WorkflowExecutionStartedEventAttributes, *, domain: str, workflow_id: str, run_id: str, time_ns: int
) -> WorkflowInfo:
    """Return the facts about a run."""
    execution = started.parent_workflow_execution
    parent = None
    if execution is not None:
        parent = ParentInfo(
            started.parent_workflow_domain or domain, execution.workflow_id or "", execution.run_id or ""
        )
    return WorkflowInfo(
        workflow_id=workflow_id,
        run_id=run_id,
        workflow_type=(started.workflow_type.name if started.workflow_type is not None else None) or "",
        domain=domain,
        task_list=(started.task_list.name if started.task_list is not None else None) or "",
        start_time=moment(time_ns),
        attempt=started.attempt or 0,
        execution_start_to_close_timeout=_seconds(started.execution_start_to_close_timeout_seconds),
        task_start_to_close_timeout=_seconds(started.task_start_to_close_timeout_seconds),
        first_run_id=started.first_execution_run_id or run_id,
        original_run_id=started.original_execution_run_id or run_id,
        continued_run_id=started.continued_execution_run_id or None,
        parent=parent,
        cron_schedule=started.cron_schedule or None,
        retry_policy=_retry_policy(started.retry_policy),
        headers=dict((started.header.fields if started.header is not None else None) or {}),
    )


def _seconds(seconds: int | None) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds else None


def _retry_policy(policy: api.RetryPolicy | None) -> RetryPolicy | None:
    if policy is None:
        return None
    return RetryPolicy(
        initial_interval=timedelta(seconds=policy.initial_interval_in_seconds or 1),
        backoff_coefficient=policy.backoff_coefficient or 2.0,
        maximum_interval=_seconds(policy.maximum_interval_in_seconds),
        maximum_attempts=policy.maximum_attempts or 0,
        expiration_interval=_seconds(policy.expiration_interval_in_seconds),
        non_retriable_error_reasons=tuple(policy.non_retriable_error_reasons or ()),
    )
