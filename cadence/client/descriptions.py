"""What the server tells about workflows, as plain values: summaries in lists, descriptions of one run.

Made from the structs of the wire by `summary_of` and `description_of`; who fetches them is in handle.py and
visibility.py.
"""

from __future__ import annotations

import dataclasses
import enum
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cadence.api.enums import PendingActivityState, PendingDecisionState, WorkflowExecutionCloseStatus
from cadence.converter import wire_options as wire
from cadence.exceptions import WorkflowIds

if TYPE_CHECKING:
    from cadence import api
    from cadence.converter import DataConverter

__all__ = (
    "PendingActivity",
    "PendingChild",
    "PendingDecision",
    "WorkflowDescription",
    "WorkflowStatus",
    "WorkflowSummary",
    "description_of",
    "member_name",
    "summary_of",
)


class WorkflowStatus(enum.Enum):
    """Whether a run is open, and if not, how it closed."""

    OPEN = "OPEN"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    TERMINATED = "TERMINATED"
    CONTINUED_AS_NEW = "CONTINUED_AS_NEW"
    TIMED_OUT = "TIMED_OUT"
    UNKNOWN = "UNKNOWN"
    """Closed in a way that only a newer release knows."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkflowSummary:
    """A run as lists show it."""

    workflow_id: str
    """The workflow's id."""
    run_id: str
    """The run's id."""
    workflow_type: str
    """Its type's name."""
    status: WorkflowStatus
    """Open, or how it closed."""
    start_time: datetime | None
    """When it was started, UTC."""
    execution_time: datetime | None
    """When its first decision is or was due: later than the start for cron, retries and delayed starts."""
    close_time: datetime | None
    """When it closed, UTC; None while it is open."""
    history_length: int
    """Events so far; some servers tell it of closed runs alone."""
    task_list: str
    """Where its workers poll, where the server tells."""
    is_cron: bool
    """Whether it has a cron schedule."""
    parent: WorkflowIds | None
    """The workflow that started it as a child."""
    memo: dict[str, Any]
    """Its memo, decoded; bytes where a value can't be."""
    search_attributes: dict[str, Any]
    """Its search attributes, decoded."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PendingActivity:
    """An activity that a run waits for."""

    activity_id: str
    activity_type: str
    state: str
    """`SCHEDULED`, `STARTED` or `CANCEL_REQUESTED`."""
    attempt: int
    """The present attempt, counted from 0."""
    maximum_attempts: int
    """Attempts in all; 0 without a retry policy or limit."""
    scheduled_time: datetime | None
    started_time: datetime | None
    """When the present attempt was picked up."""
    heartbeat_time: datetime | None
    """The last heartbeat."""
    heartbeat_details: Any
    """What the last heartbeat said, decoded; bytes where it can't be."""
    expiration_time: datetime | None
    """No attempt starts later than this."""
    last_failure_reason: str
    """Why the attempt before failed, or an empty text."""
    worker_identity: str
    """The worker that has it, or had it last."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PendingChild:
    """A child that a run waits for."""

    workflow_id: str
    run_id: str
    workflow_type: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PendingDecision:
    """A decision task that is due or under way."""

    state: str
    """`SCHEDULED` or `STARTED`."""
    attempt: int
    """Attempts that failed or timed out before this one."""
    scheduled_time: datetime | None
    started_time: datetime | None
    original_scheduled_time: datetime | None
    """When it was scheduled first, attempts before and decision heartbeats included."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkflowDescription(WorkflowSummary):
    """A run in full."""

    execution_start_to_close_timeout: timedelta
    task_start_to_close_timeout: timedelta
    pending_activities: tuple[PendingActivity, ...]
    pending_children: tuple[PendingChild, ...]
    pending_decision: PendingDecision | None


def summary_of(info: api.WorkflowExecutionInfo, converter: DataConverter) -> WorkflowSummary:
    """Make a summary of what the wire says."""
    return WorkflowSummary(**_summary_fields(info, converter))


def description_of(response: api.DescribeWorkflowExecutionResponse, converter: DataConverter) -> WorkflowDescription:
    """Make a description of what the wire says."""
    from cadence import api

    settings = response.execution_configuration or api.WorkflowExecutionConfiguration()
    fields = _summary_fields(response.workflow_execution_info or api.WorkflowExecutionInfo(), converter)
    if settings.task_list is not None and not fields["task_list"]:
        fields["task_list"] = settings.task_list.name or ""
    return WorkflowDescription(
        **fields,
        execution_start_to_close_timeout=timedelta(seconds=settings.execution_start_to_close_timeout_seconds or 0),
        task_start_to_close_timeout=timedelta(seconds=settings.task_start_to_close_timeout_seconds or 0),
        pending_activities=tuple(_activity(item, converter) for item in response.pending_activities or ()),
        pending_children=tuple(
            PendingChild(
                workflow_id=item.workflow_id or "",
                run_id=item.run_id or "",
                workflow_type=item.workflow_typ_name or "",
            )
            for item in response.pending_children or ()
        ),
        pending_decision=_decision(response.pending_decision),
    )


def _summary_fields(info: api.WorkflowExecutionInfo, converter: DataConverter) -> dict[str, Any]:
    execution, parent = info.execution, info.parent_execution
    return {
        "workflow_id": (execution.workflow_id if execution is not None else None) or "",
        "run_id": (execution.run_id if execution is not None else None) or "",
        "workflow_type": (info.type.name if info.type is not None else None) or "",
        "status": _status(info.close_status),
        "start_time": wire.moment(info.start_time),
        "execution_time": wire.moment(info.execution_time),
        "close_time": wire.moment(info.close_time),
        "history_length": info.history_length or 0,
        "task_list": info.task_list or "",
        "is_cron": bool(info.is_cron),
        "parent": None if parent is None else WorkflowIds(parent.workflow_id or "", parent.run_id or ""),
        "memo": wire.memo_values(info.memo, converter),
        "search_attributes": wire.search_attribute_values(info.search_attributes),
    }


def _status(close_status: int | None) -> WorkflowStatus:
    if close_status is None:
        return WorkflowStatus.OPEN
    name = member_name(WorkflowExecutionCloseStatus, close_status)
    return WorkflowStatus.__members__.get(name, WorkflowStatus.UNKNOWN)


def _activity(item: api.PendingActivityInfo, converter: DataConverter) -> PendingActivity:
    return PendingActivity(
        activity_id=item.activity_id or "",
        activity_type=(item.activity_type.name if item.activity_type is not None else None) or "",
        state=member_name(PendingActivityState, item.state or 0),
        attempt=item.attempt or 0,
        maximum_attempts=item.maximum_attempts or 0,
        scheduled_time=wire.moment(item.scheduled_timestamp),
        started_time=wire.moment(item.last_started_timestamp),
        heartbeat_time=wire.moment(item.last_heartbeat_timestamp),
        heartbeat_details=converter.decode_details(item.heartbeat_details),
        expiration_time=wire.moment(item.expiration_timestamp),
        last_failure_reason=item.last_failure_reason or "",
        worker_identity=item.started_worker_identity or item.last_worker_identity or "",
    )


def _decision(item: api.PendingDecisionInfo | None) -> PendingDecision | None:
    if item is None:
        return None
    return PendingDecision(
        state=member_name(PendingDecisionState, item.state or 0),
        attempt=item.attempt or 0,
        scheduled_time=wire.moment(item.scheduled_timestamp),
        started_time=wire.moment(item.started_timestamp),
        original_scheduled_time=wire.moment(item.original_scheduled_timestamp),
    )


def member_name(members: type[enum.IntEnum], value: int | None) -> str:
    """Give the IDL's name of an enum's value; a newer server's value as its number; an empty text for None."""
    if value is None:
        return ""
    return next((member.name for member in members if member == value), str(value))
