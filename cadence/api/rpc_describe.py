"""Read runs: history, description, queries.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import (
        HistoryEventFilterType, ParentClosePolicy, PendingActivityState, PendingDecisionState, QueryConsistencyLevel,
        QueryRejectCondition, WorkflowExecutionCloseStatus,
    )
    from cadence.api.history import History
    from cadence.api.parts import (
        ActivityType, DataBlob, TaskList, WorkflowExecution, WorkflowExecutionInfo, WorkflowQuery,
    )

__all__ = (
    "DescribeWorkflowExecutionRequest", "DescribeWorkflowExecutionResponse", "DiagnoseWorkflowExecutionRequest",
    "DiagnoseWorkflowExecutionResponse", "GetWorkflowExecutionHistoryRequest", "GetWorkflowExecutionHistoryResponse",
    "PendingActivityInfo", "PendingChildExecutionInfo", "PendingDecisionInfo", "QueryRejected",
    "QueryWorkflowRequest", "QueryWorkflowResponse", "WorkflowExecutionConfiguration",
)


class WorkflowExecutionConfiguration(Struct):
    __slots__ = ("task_list", "execution_start_to_close_timeout_seconds", "task_start_to_close_timeout_seconds")
    _fields = (
        (10, "task_list", "TaskList"), (20, "execution_start_to_close_timeout_seconds", "i32"),
        (30, "task_start_to_close_timeout_seconds", "i32"),
    )

    def __init__(
        self, task_list: TaskList | None = None, execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None,
    ) -> None:
        self.task_list = task_list
        self.execution_start_to_close_timeout_seconds = execution_start_to_close_timeout_seconds
        self.task_start_to_close_timeout_seconds = task_start_to_close_timeout_seconds


class DiagnoseWorkflowExecutionRequest(Struct):
    __slots__ = ("domain", "workflow_execution", "identity")
    _fields = ((10, "domain", "string"), (20, "workflow_execution", "WorkflowExecution"), (30, "identity", "string"))

    def __init__(
        self, domain: str | None = None, workflow_execution: WorkflowExecution | None = None,
        identity: str | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.identity = identity


class DiagnoseWorkflowExecutionResponse(Struct):
    __slots__ = ("domain", "diagnostic_workflow_execution")
    _fields = ((10, "domain", "string"), (20, "diagnostic_workflow_execution", "WorkflowExecution"))

    def __init__(
        self, domain: str | None = None, diagnostic_workflow_execution: WorkflowExecution | None = None,
    ) -> None:
        self.domain = domain
        self.diagnostic_workflow_execution = diagnostic_workflow_execution


class GetWorkflowExecutionHistoryRequest(Struct):
    __slots__ = (
        "domain", "execution", "maximum_page_size", "next_page_token", "wait_for_new_event",
        "history_event_filter_type", "skip_archival", "query_consistency_level",
    )
    _fields = (
        (10, "domain", "string"), (20, "execution", "WorkflowExecution"), (30, "maximum_page_size", "i32"),
        (40, "next_page_token", "binary"), (50, "wait_for_new_event", "bool"),
        (60, "history_event_filter_type", "HistoryEventFilterType", "HistoryEventFilterType"),
        (70, "skip_archival", "bool"), (80, "query_consistency_level", "QueryConsistencyLevel"),
    )

    def __init__(
        self, domain: str | None = None, execution: WorkflowExecution | None = None,
        maximum_page_size: int | None = None, next_page_token: bytes | None = None,
        wait_for_new_event: bool | None = None, history_event_filter_type: HistoryEventFilterType | int | None = None,
        skip_archival: bool | None = None, query_consistency_level: QueryConsistencyLevel | int | None = None,
    ) -> None:
        self.domain = domain
        self.execution = execution
        self.maximum_page_size = maximum_page_size
        self.next_page_token = next_page_token
        self.wait_for_new_event = wait_for_new_event
        self.history_event_filter_type = history_event_filter_type
        self.skip_archival = skip_archival
        self.query_consistency_level = query_consistency_level


class GetWorkflowExecutionHistoryResponse(Struct):
    """One page, as events or, for clients that can read them, as `rawHistory` blobs."""

    __slots__ = ("history", "raw_history", "next_page_token", "archived")
    _fields = (
        (10, "history", "History"), (11, "raw_history", "list<DataBlob>"), (20, "next_page_token", "binary"),
        (30, "archived", "bool"),
    )

    def __init__(
        self, history: History | None = None, raw_history: list[DataBlob] | None = None,
        next_page_token: bytes | None = None, archived: bool | None = None,
    ) -> None:
        self.history = history
        self.raw_history = raw_history
        self.next_page_token = next_page_token
        self.archived = archived


class QueryWorkflowRequest(Struct):
    __slots__ = ("domain", "execution", "query", "query_reject_condition", "query_consistency_level")
    _fields = (
        (10, "domain", "string"), (20, "execution", "WorkflowExecution"), (30, "query", "WorkflowQuery"),
        (40, "query_reject_condition", "QueryRejectCondition"),
        (50, "query_consistency_level", "QueryConsistencyLevel"),
    )

    def __init__(
        self, domain: str | None = None, execution: WorkflowExecution | None = None,
        query: WorkflowQuery | None = None, query_reject_condition: QueryRejectCondition | int | None = None,
        query_consistency_level: QueryConsistencyLevel | int | None = None,
    ) -> None:
        self.domain = domain
        self.execution = execution
        self.query = query
        self.query_reject_condition = query_reject_condition
        self.query_consistency_level = query_consistency_level


class QueryRejected(Struct):
    """The run's state, which the caller's condition excluded."""

    __slots__ = ("close_status",)
    _fields = ((10, "close_status", "WorkflowExecutionCloseStatus"),)

    def __init__(self, close_status: WorkflowExecutionCloseStatus | int | None = None) -> None:
        self.close_status = close_status


class QueryWorkflowResponse(Struct):
    """The answer, or the reason why it was refused."""

    __slots__ = ("query_result", "query_rejected")
    _fields = ((10, "query_result", "binary"), (20, "query_rejected", "QueryRejected"))

    def __init__(self, query_result: bytes | None = None, query_rejected: QueryRejected | None = None) -> None:
        self.query_result = query_result
        self.query_rejected = query_rejected


class DescribeWorkflowExecutionRequest(Struct):
    __slots__ = ("domain", "execution", "query_consistency_level")
    _fields = (
        (10, "domain", "string"), (20, "execution", "WorkflowExecution"),
        (30, "query_consistency_level", "QueryConsistencyLevel"),
    )

    def __init__(
        self, domain: str | None = None, execution: WorkflowExecution | None = None,
        query_consistency_level: QueryConsistencyLevel | int | None = None,
    ) -> None:
        self.domain = domain
        self.execution = execution
        self.query_consistency_level = query_consistency_level


class PendingActivityInfo(Struct):
    """An activity that has not closed."""

    __slots__ = (
        "activity_id", "activity_type", "state", "heartbeat_details", "last_heartbeat_timestamp",
        "last_started_timestamp", "attempt", "maximum_attempts", "scheduled_timestamp", "expiration_timestamp",
        "last_failure_reason", "last_worker_identity", "last_failure_details", "started_worker_identity",
        "schedule_id",
    )
    _fields = (
        (10, "activity_id", "string", "activityID"), (20, "activity_type", "ActivityType"),
        (30, "state", "PendingActivityState"), (40, "heartbeat_details", "binary"),
        (50, "last_heartbeat_timestamp", "i64"), (60, "last_started_timestamp", "i64"), (70, "attempt", "i32"),
        (80, "maximum_attempts", "i32"), (90, "scheduled_timestamp", "i64"), (100, "expiration_timestamp", "i64"),
        (110, "last_failure_reason", "string"), (120, "last_worker_identity", "string"),
        (130, "last_failure_details", "binary"), (140, "started_worker_identity", "string"),
        (150, "schedule_id", "i64", "scheduleID"),
    )

    def __init__(
        self, activity_id: str | None = None, activity_type: ActivityType | None = None,
        state: PendingActivityState | int | None = None, heartbeat_details: bytes | None = None,
        last_heartbeat_timestamp: int | None = None, last_started_timestamp: int | None = None,
        attempt: int | None = None, maximum_attempts: int | None = None, scheduled_timestamp: int | None = None,
        expiration_timestamp: int | None = None, last_failure_reason: str | None = None,
        last_worker_identity: str | None = None, last_failure_details: bytes | None = None,
        started_worker_identity: str | None = None, schedule_id: int | None = None,
    ) -> None:
        self.activity_id = activity_id
        self.activity_type = activity_type
        self.state = state
        self.heartbeat_details = heartbeat_details
        self.last_heartbeat_timestamp = last_heartbeat_timestamp
        self.last_started_timestamp = last_started_timestamp
        self.attempt = attempt
        self.maximum_attempts = maximum_attempts
        self.scheduled_timestamp = scheduled_timestamp
        self.expiration_timestamp = expiration_timestamp
        self.last_failure_reason = last_failure_reason
        self.last_worker_identity = last_worker_identity
        self.last_failure_details = last_failure_details
        self.started_worker_identity = started_worker_identity
        self.schedule_id = schedule_id


class PendingDecisionInfo(Struct):
    """The decision task that has not closed."""

    __slots__ = (
        "state", "scheduled_timestamp", "started_timestamp", "attempt", "original_scheduled_timestamp", "schedule_id",
    )
    _fields = (
        (10, "state", "PendingDecisionState"), (20, "scheduled_timestamp", "i64"), (30, "started_timestamp", "i64"),
        (40, "attempt", "i64"), (50, "original_scheduled_timestamp", "i64"), (60, "schedule_id", "i64", "scheduleID"),
    )

    def __init__(
        self, state: PendingDecisionState | int | None = None, scheduled_timestamp: int | None = None,
        started_timestamp: int | None = None, attempt: int | None = None,
        original_scheduled_timestamp: int | None = None, schedule_id: int | None = None,
    ) -> None:
        self.state = state
        self.scheduled_timestamp = scheduled_timestamp
        self.started_timestamp = started_timestamp
        self.attempt = attempt
        self.original_scheduled_timestamp = original_scheduled_timestamp
        self.schedule_id = schedule_id


class PendingChildExecutionInfo(Struct):
    """A child that has not closed."""

    __slots__ = ("domain", "workflow_id", "run_id", "workflow_typ_name", "initiated_id", "parent_close_policy")
    _fields = (
        (1, "domain", "string"), (10, "workflow_id", "string", "workflowID"), (20, "run_id", "string", "runID"),
        (30, "workflow_typ_name", "string"), (40, "initiated_id", "i64", "initiatedID"),
        (50, "parent_close_policy", "ParentClosePolicy"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, run_id: str | None = None,
        workflow_typ_name: str | None = None, initiated_id: int | None = None,
        parent_close_policy: ParentClosePolicy | int | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.workflow_typ_name = workflow_typ_name
        self.initiated_id = initiated_id
        self.parent_close_policy = parent_close_policy


class DescribeWorkflowExecutionResponse(Struct):
    __slots__ = (
        "execution_configuration", "workflow_execution_info", "pending_activities", "pending_children",
        "pending_decision",
    )
    _fields = (
        (10, "execution_configuration", "WorkflowExecutionConfiguration"),
        (20, "workflow_execution_info", "WorkflowExecutionInfo"),
        (30, "pending_activities", "list<PendingActivityInfo>"),
        (40, "pending_children", "list<PendingChildExecutionInfo>"), (50, "pending_decision", "PendingDecisionInfo"),
    )

    def __init__(
        self, execution_configuration: WorkflowExecutionConfiguration | None = None,
        workflow_execution_info: WorkflowExecutionInfo | None = None,
        pending_activities: list[PendingActivityInfo] | None = None,
        pending_children: list[PendingChildExecutionInfo] | None = None,
        pending_decision: PendingDecisionInfo | None = None,
    ) -> None:
        self.execution_configuration = execution_configuration
        self.workflow_execution_info = workflow_execution_info
        self.pending_activities = pending_activities
        self.pending_children = pending_children
        self.pending_decision = pending_decision
