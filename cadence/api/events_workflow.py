"""What happened to a run as a whole.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import ContinueAsNewInitiator, CronOverlapPolicy, TimeoutType
    from cadence.api.parts import (
        ActiveClusterSelectionPolicy, Header, Memo, ResetPoints, RetryPolicy, SearchAttributes, TaskList,
        WorkflowExecution, WorkflowType,
    )

__all__ = (
    "MarkerRecordedEventAttributes", "UpsertWorkflowSearchAttributesEventAttributes",
    "WorkflowExecutionCancelRequestedEventAttributes", "WorkflowExecutionCanceledEventAttributes",
    "WorkflowExecutionCompletedEventAttributes", "WorkflowExecutionContinuedAsNewEventAttributes",
    "WorkflowExecutionFailedEventAttributes", "WorkflowExecutionSignaledEventAttributes",
    "WorkflowExecutionStartedEventAttributes", "WorkflowExecutionTerminatedEventAttributes",
    "WorkflowExecutionTimedOutEventAttributes",
)


class WorkflowExecutionStartedEventAttributes(Struct):
    """The first event of every run: all that its code and its server-side limits need."""

    __slots__ = (
        "workflow_type", "parent_workflow_domain", "parent_workflow_execution", "parent_initiated_event_id",
        "task_list", "input", "execution_start_to_close_timeout_seconds", "task_start_to_close_timeout_seconds",
        "continued_execution_run_id", "initiator", "continued_failure_reason", "continued_failure_details",
        "last_completion_result", "original_execution_run_id", "identity", "first_execution_run_id",
        "first_scheduled_time_nano", "retry_policy", "attempt", "expiration_timestamp", "cron_schedule",
        "first_decision_task_backoff_seconds", "memo", "search_attributes", "prev_auto_reset_points", "header",
        "partition_config", "request_id", "cron_overlap_policy", "active_cluster_selection_policy",
    )
    _fields = (
        (10, "workflow_type", "WorkflowType"), (12, "parent_workflow_domain", "string"),
        (14, "parent_workflow_execution", "WorkflowExecution"), (16, "parent_initiated_event_id", "i64"),
        (20, "task_list", "TaskList"), (30, "input", "binary"),
        (40, "execution_start_to_close_timeout_seconds", "i32"), (50, "task_start_to_close_timeout_seconds", "i32"),
        (54, "continued_execution_run_id", "string"), (55, "initiator", "ContinueAsNewInitiator"),
        (56, "continued_failure_reason", "string"), (57, "continued_failure_details", "binary"),
        (58, "last_completion_result", "binary"), (59, "original_execution_run_id", "string"),
        (60, "identity", "string"), (61, "first_execution_run_id", "string"),
        (62, "first_scheduled_time_nano", "i64"), (70, "retry_policy", "RetryPolicy"), (80, "attempt", "i32"),
        (90, "expiration_timestamp", "i64"), (100, "cron_schedule", "string"),
        (110, "first_decision_task_backoff_seconds", "i32"), (120, "memo", "Memo"),
        (121, "search_attributes", "SearchAttributes"), (130, "prev_auto_reset_points", "ResetPoints"),
        (140, "header", "Header"), (150, "partition_config", "map<string,string>"), (160, "request_id", "string"),
        (170, "cron_overlap_policy", "CronOverlapPolicy"),
        (180, "active_cluster_selection_policy", "ActiveClusterSelectionPolicy"),
    )

    def __init__(
        self, workflow_type: WorkflowType | None = None, parent_workflow_domain: str | None = None,
        parent_workflow_execution: WorkflowExecution | None = None, parent_initiated_event_id: int | None = None,
        task_list: TaskList | None = None, input: bytes | None = None,
        execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None, continued_execution_run_id: str | None = None,
        initiator: ContinueAsNewInitiator | int | None = None, continued_failure_reason: str | None = None,
        continued_failure_details: bytes | None = None, last_completion_result: bytes | None = None,
        original_execution_run_id: str | None = None, identity: str | None = None,
        first_execution_run_id: str | None = None, first_scheduled_time_nano: int | None = None,
        retry_policy: RetryPolicy | None = None, attempt: int | None = None, expiration_timestamp: int | None = None,
        cron_schedule: str | None = None, first_decision_task_backoff_seconds: int | None = None,
        memo: Memo | None = None, search_attributes: SearchAttributes | None = None,
        prev_auto_reset_points: ResetPoints | None = None, header: Header | None = None,
        partition_config: dict[str, str] | None = None, request_id: str | None = None,
        cron_overlap_policy: CronOverlapPolicy | int | None = None,
        active_cluster_selection_policy: ActiveClusterSelectionPolicy | None = None,
    ) -> None:
        self.workflow_type = workflow_type
        self.parent_workflow_domain = parent_workflow_domain
        self.parent_workflow_execution = parent_workflow_execution
        self.parent_initiated_event_id = parent_initiated_event_id
        self.task_list = task_list
        self.input = input
        self.execution_start_to_close_timeout_seconds = execution_start_to_close_timeout_seconds
        self.task_start_to_close_timeout_seconds = task_start_to_close_timeout_seconds
        self.continued_execution_run_id = continued_execution_run_id
        self.initiator = initiator
        self.continued_failure_reason = continued_failure_reason
        self.continued_failure_details = continued_failure_details
        self.last_completion_result = last_completion_result
        self.original_execution_run_id = original_execution_run_id
        self.identity = identity
        self.first_execution_run_id = first_execution_run_id
        self.first_scheduled_time_nano = first_scheduled_time_nano
        self.retry_policy = retry_policy
        self.attempt = attempt
        self.expiration_timestamp = expiration_timestamp
        self.cron_schedule = cron_schedule
        self.first_decision_task_backoff_seconds = first_decision_task_backoff_seconds
        self.memo = memo
        self.search_attributes = search_attributes
        self.prev_auto_reset_points = prev_auto_reset_points
        self.header = header
        self.partition_config = partition_config
        self.request_id = request_id
        self.cron_overlap_policy = cron_overlap_policy
        self.active_cluster_selection_policy = active_cluster_selection_policy


class WorkflowExecutionCompletedEventAttributes(Struct):
    """The run ended with a result."""

    __slots__ = ("result", "decision_task_completed_event_id")
    _fields = ((10, "result", "binary"), (20, "decision_task_completed_event_id", "i64"))

    def __init__(self, result: bytes | None = None, decision_task_completed_event_id: int | None = None) -> None:
        self.result = result
        self.decision_task_completed_event_id = decision_task_completed_event_id


class WorkflowExecutionFailedEventAttributes(Struct):
    """The run ended with a failure."""

    __slots__ = ("reason", "details", "decision_task_completed_event_id")
    _fields = ((10, "reason", "string"), (20, "details", "binary"), (30, "decision_task_completed_event_id", "i64"))

    def __init__(
        self, reason: str | None = None, details: bytes | None = None,
        decision_task_completed_event_id: int | None = None,
    ) -> None:
        self.reason = reason
        self.details = details
        self.decision_task_completed_event_id = decision_task_completed_event_id


class WorkflowExecutionTimedOutEventAttributes(Struct):
    """The run was longer than its timeout."""

    __slots__ = ("timeout_type",)
    _fields = ((10, "timeout_type", "TimeoutType"),)

    def __init__(self, timeout_type: TimeoutType | int | None = None) -> None:
        self.timeout_type = timeout_type


class WorkflowExecutionContinuedAsNewEventAttributes(Struct):
    """The run ended; another one under the same id goes on."""

    __slots__ = (
        "new_execution_run_id", "workflow_type", "task_list", "input", "execution_start_to_close_timeout_seconds",
        "task_start_to_close_timeout_seconds", "decision_task_completed_event_id",
        "backoff_start_interval_in_seconds", "initiator", "failure_reason", "failure_details",
        "last_completion_result", "header", "memo", "search_attributes", "cron_overlap_policy",
        "active_cluster_selection_policy",
    )
    _fields = (
        (10, "new_execution_run_id", "string"), (20, "workflow_type", "WorkflowType"), (30, "task_list", "TaskList"),
        (40, "input", "binary"), (50, "execution_start_to_close_timeout_seconds", "i32"),
        (60, "task_start_to_close_timeout_seconds", "i32"), (70, "decision_task_completed_event_id", "i64"),
        (80, "backoff_start_interval_in_seconds", "i32"), (90, "initiator", "ContinueAsNewInitiator"),
        (100, "failure_reason", "string"), (110, "failure_details", "binary"),
        (120, "last_completion_result", "binary"), (130, "header", "Header"), (140, "memo", "Memo"),
        (150, "search_attributes", "SearchAttributes"), (160, "cron_overlap_policy", "CronOverlapPolicy"),
        (170, "active_cluster_selection_policy", "ActiveClusterSelectionPolicy"),
    )

    def __init__(
        self, new_execution_run_id: str | None = None, workflow_type: WorkflowType | None = None,
        task_list: TaskList | None = None, input: bytes | None = None,
        execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None, decision_task_completed_event_id: int | None = None,
        backoff_start_interval_in_seconds: int | None = None, initiator: ContinueAsNewInitiator | int | None = None,
        failure_reason: str | None = None, failure_details: bytes | None = None,
        last_completion_result: bytes | None = None, header: Header | None = None, memo: Memo | None = None,
        search_attributes: SearchAttributes | None = None, cron_overlap_policy: CronOverlapPolicy | int | None = None,
        active_cluster_selection_policy: ActiveClusterSelectionPolicy | None = None,
    ) -> None:
        self.new_execution_run_id = new_execution_run_id
        self.workflow_type = workflow_type
        self.task_list = task_list
        self.input = input
        self.execution_start_to_close_timeout_seconds = execution_start_to_close_timeout_seconds
        self.task_start_to_close_timeout_seconds = task_start_to_close_timeout_seconds
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.backoff_start_interval_in_seconds = backoff_start_interval_in_seconds
        self.initiator = initiator
        self.failure_reason = failure_reason
        self.failure_details = failure_details
        self.last_completion_result = last_completion_result
        self.header = header
        self.memo = memo
        self.search_attributes = search_attributes
        self.cron_overlap_policy = cron_overlap_policy
        self.active_cluster_selection_policy = active_cluster_selection_policy


class WorkflowExecutionCancelRequestedEventAttributes(Struct):
    """Somebody asked the run to cancel itself."""

    __slots__ = ("cause", "external_initiated_event_id", "external_workflow_execution", "identity", "request_id")
    _fields = (
        (10, "cause", "string"), (20, "external_initiated_event_id", "i64"),
        (30, "external_workflow_execution", "WorkflowExecution"), (40, "identity", "string"),
        (50, "request_id", "string"),
    )

    def __init__(
        self, cause: str | None = None, external_initiated_event_id: int | None = None,
        external_workflow_execution: WorkflowExecution | None = None, identity: str | None = None,
        request_id: str | None = None,
    ) -> None:
        self.cause = cause
        self.external_initiated_event_id = external_initiated_event_id
        self.external_workflow_execution = external_workflow_execution
        self.identity = identity
        self.request_id = request_id


class WorkflowExecutionCanceledEventAttributes(Struct):
    """The run cancelled itself."""

    __slots__ = ("decision_task_completed_event_id", "details")
    _fields = ((10, "decision_task_completed_event_id", "i64"), (20, "details", "binary"))

    def __init__(self, decision_task_completed_event_id: int | None = None, details: bytes | None = None) -> None:
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.details = details


class MarkerRecordedEventAttributes(Struct):
    """What a RecordMarker decision wrote."""

    __slots__ = ("marker_name", "details", "decision_task_completed_event_id", "header")
    _fields = (
        (10, "marker_name", "string"), (20, "details", "binary"), (30, "decision_task_completed_event_id", "i64"),
        (40, "header", "Header"),
    )

    def __init__(
        self, marker_name: str | None = None, details: bytes | None = None,
        decision_task_completed_event_id: int | None = None, header: Header | None = None,
    ) -> None:
        self.marker_name = marker_name
        self.details = details
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.header = header


class WorkflowExecutionSignaledEventAttributes(Struct):
    """A signal came in."""

    __slots__ = ("signal_name", "input", "identity", "request_id")
    _fields = (
        (10, "signal_name", "string"), (20, "input", "binary"), (30, "identity", "string"),
        (40, "request_id", "string"),
    )

    def __init__(
        self, signal_name: str | None = None, input: bytes | None = None, identity: str | None = None,
        request_id: str | None = None,
    ) -> None:
        self.signal_name = signal_name
        self.input = input
        self.identity = identity
        self.request_id = request_id


class WorkflowExecutionTerminatedEventAttributes(Struct):
    """The run was ended from outside."""

    __slots__ = ("reason", "details", "identity")
    _fields = ((10, "reason", "string"), (20, "details", "binary"), (30, "identity", "string"))

    def __init__(self, reason: str | None = None, details: bytes | None = None, identity: str | None = None) -> None:
        self.reason = reason
        self.details = details
        self.identity = identity


class UpsertWorkflowSearchAttributesEventAttributes(Struct):
    """Search attributes were set."""

    __slots__ = ("decision_task_completed_event_id", "search_attributes")
    _fields = ((10, "decision_task_completed_event_id", "i64"), (20, "search_attributes", "SearchAttributes"))

    def __init__(
        self, decision_task_completed_event_id: int | None = None, search_attributes: SearchAttributes | None = None,
    ) -> None:
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.search_attributes = search_attributes
