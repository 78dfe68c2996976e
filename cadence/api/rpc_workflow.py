"""Start, signal, cancel, reset and end runs.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import CronOverlapPolicy, WorkflowIdReusePolicy
    from cadence.api.parts import (
        ActiveClusterSelectionPolicy, Header, Memo, RetryPolicy, SearchAttributes, TaskList, WorkflowExecution,
        WorkflowType,
    )

__all__ = (
    "RefreshWorkflowTasksRequest", "RequestCancelWorkflowExecutionRequest", "ResetWorkflowExecutionRequest",
    "ResetWorkflowExecutionResponse", "RestartWorkflowExecutionRequest", "RestartWorkflowExecutionResponse",
    "SignalWithStartWorkflowExecutionAsyncRequest", "SignalWithStartWorkflowExecutionAsyncResponse",
    "SignalWithStartWorkflowExecutionRequest", "SignalWorkflowExecutionRequest", "StartWorkflowExecutionAsyncRequest",
    "StartWorkflowExecutionAsyncResponse", "StartWorkflowExecutionRequest", "StartWorkflowExecutionResponse",
    "TerminateWorkflowExecutionRequest",
)


class StartWorkflowExecutionRequest(Struct):
    """Start a run. `requestId` is a UUID that makes a repeated call harmless."""

    __slots__ = (
        "domain", "workflow_id", "workflow_type", "task_list", "input", "execution_start_to_close_timeout_seconds",
        "task_start_to_close_timeout_seconds", "identity", "request_id", "workflow_id_reuse_policy", "retry_policy",
        "cron_schedule", "memo", "search_attributes", "header", "delay_start_seconds", "jitter_start_seconds",
        "first_run_at_timestamp", "cron_overlap_policy", "active_cluster_selection_policy",
    )
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string"), (30, "workflow_type", "WorkflowType"),
        (40, "task_list", "TaskList"), (50, "input", "binary"),
        (60, "execution_start_to_close_timeout_seconds", "i32"), (70, "task_start_to_close_timeout_seconds", "i32"),
        (80, "identity", "string"), (90, "request_id", "string"),
        (100, "workflow_id_reuse_policy", "WorkflowIdReusePolicy"), (120, "retry_policy", "RetryPolicy"),
        (130, "cron_schedule", "string"), (140, "memo", "Memo"), (141, "search_attributes", "SearchAttributes"),
        (150, "header", "Header"), (160, "delay_start_seconds", "i32"), (170, "jitter_start_seconds", "i32"),
        (180, "first_run_at_timestamp", "i64"), (190, "cron_overlap_policy", "CronOverlapPolicy"),
        (200, "active_cluster_selection_policy", "ActiveClusterSelectionPolicy"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, workflow_type: WorkflowType | None = None,
        task_list: TaskList | None = None, input: bytes | None = None,
        execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None, identity: str | None = None,
        request_id: str | None = None, workflow_id_reuse_policy: WorkflowIdReusePolicy | int | None = None,
        retry_policy: RetryPolicy | None = None, cron_schedule: str | None = None, memo: Memo | None = None,
        search_attributes: SearchAttributes | None = None, header: Header | None = None,
        delay_start_seconds: int | None = None, jitter_start_seconds: int | None = None,
        first_run_at_timestamp: int | None = None, cron_overlap_policy: CronOverlapPolicy | int | None = None,
        active_cluster_selection_policy: ActiveClusterSelectionPolicy | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.workflow_type = workflow_type
        self.task_list = task_list
        self.input = input
        self.execution_start_to_close_timeout_seconds = execution_start_to_close_timeout_seconds
        self.task_start_to_close_timeout_seconds = task_start_to_close_timeout_seconds
        self.identity = identity
        self.request_id = request_id
        self.workflow_id_reuse_policy = workflow_id_reuse_policy
        self.retry_policy = retry_policy
        self.cron_schedule = cron_schedule
        self.memo = memo
        self.search_attributes = search_attributes
        self.header = header
        self.delay_start_seconds = delay_start_seconds
        self.jitter_start_seconds = jitter_start_seconds
        self.first_run_at_timestamp = first_run_at_timestamp
        self.cron_overlap_policy = cron_overlap_policy
        self.active_cluster_selection_policy = active_cluster_selection_policy


class StartWorkflowExecutionResponse(Struct):
    """The run that was started."""

    __slots__ = ("run_id",)
    _fields = ((10, "run_id", "string"),)

    def __init__(self, run_id: str | None = None) -> None:
        self.run_id = run_id


class StartWorkflowExecutionAsyncRequest(Struct):
    __slots__ = ("request",)
    _fields = ((10, "request", "StartWorkflowExecutionRequest"),)

    def __init__(self, request: StartWorkflowExecutionRequest | None = None) -> None:
        self.request = request


class StartWorkflowExecutionAsyncResponse(Struct):
    __slots__ = ()


class RestartWorkflowExecutionResponse(Struct):
    __slots__ = ("run_id",)
    _fields = ((10, "run_id", "string"),)

    def __init__(self, run_id: str | None = None) -> None:
        self.run_id = run_id


class RequestCancelWorkflowExecutionRequest(Struct):
    __slots__ = ("domain", "workflow_execution", "identity", "request_id", "cause", "first_execution_run_id")
    _fields = (
        (10, "domain", "string"), (20, "workflow_execution", "WorkflowExecution"), (30, "identity", "string"),
        (40, "request_id", "string"), (50, "cause", "string"),
        (60, "first_execution_run_id", "string", "firstExecutionRunID"),
    )

    def __init__(
        self, domain: str | None = None, workflow_execution: WorkflowExecution | None = None,
        identity: str | None = None, request_id: str | None = None, cause: str | None = None,
        first_execution_run_id: str | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.identity = identity
        self.request_id = request_id
        self.cause = cause
        self.first_execution_run_id = first_execution_run_id


class SignalWorkflowExecutionRequest(Struct):
    __slots__ = ("domain", "workflow_execution", "signal_name", "input", "identity", "request_id", "control")
    _fields = (
        (10, "domain", "string"), (20, "workflow_execution", "WorkflowExecution"), (30, "signal_name", "string"),
        (40, "input", "binary"), (50, "identity", "string"), (60, "request_id", "string"), (70, "control", "binary"),
    )

    def __init__(
        self, domain: str | None = None, workflow_execution: WorkflowExecution | None = None,
        signal_name: str | None = None, input: bytes | None = None, identity: str | None = None,
        request_id: str | None = None, control: bytes | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.signal_name = signal_name
        self.input = input
        self.identity = identity
        self.request_id = request_id
        self.control = control


class SignalWithStartWorkflowExecutionRequest(Struct):
    __slots__ = (
        "domain", "workflow_id", "workflow_type", "task_list", "input", "execution_start_to_close_timeout_seconds",
        "task_start_to_close_timeout_seconds", "identity", "request_id", "workflow_id_reuse_policy", "signal_name",
        "signal_input", "control", "retry_policy", "cron_schedule", "memo", "search_attributes", "header",
        "delay_start_seconds", "jitter_start_seconds", "first_run_at_timestamp", "cron_overlap_policy",
        "active_cluster_selection_policy",
    )
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string"), (30, "workflow_type", "WorkflowType"),
        (40, "task_list", "TaskList"), (50, "input", "binary"),
        (60, "execution_start_to_close_timeout_seconds", "i32"), (70, "task_start_to_close_timeout_seconds", "i32"),
        (80, "identity", "string"), (90, "request_id", "string"),
        (100, "workflow_id_reuse_policy", "WorkflowIdReusePolicy"), (110, "signal_name", "string"),
        (120, "signal_input", "binary"), (130, "control", "binary"), (140, "retry_policy", "RetryPolicy"),
        (150, "cron_schedule", "string"), (160, "memo", "Memo"), (161, "search_attributes", "SearchAttributes"),
        (170, "header", "Header"), (180, "delay_start_seconds", "i32"), (190, "jitter_start_seconds", "i32"),
        (200, "first_run_at_timestamp", "i64"), (210, "cron_overlap_policy", "CronOverlapPolicy"),
        (220, "active_cluster_selection_policy", "ActiveClusterSelectionPolicy"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, workflow_type: WorkflowType | None = None,
        task_list: TaskList | None = None, input: bytes | None = None,
        execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None, identity: str | None = None,
        request_id: str | None = None, workflow_id_reuse_policy: WorkflowIdReusePolicy | int | None = None,
        signal_name: str | None = None, signal_input: bytes | None = None, control: bytes | None = None,
        retry_policy: RetryPolicy | None = None, cron_schedule: str | None = None, memo: Memo | None = None,
        search_attributes: SearchAttributes | None = None, header: Header | None = None,
        delay_start_seconds: int | None = None, jitter_start_seconds: int | None = None,
        first_run_at_timestamp: int | None = None, cron_overlap_policy: CronOverlapPolicy | int | None = None,
        active_cluster_selection_policy: ActiveClusterSelectionPolicy | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.workflow_type = workflow_type
        self.task_list = task_list
        self.input = input
        self.execution_start_to_close_timeout_seconds = execution_start_to_close_timeout_seconds
        self.task_start_to_close_timeout_seconds = task_start_to_close_timeout_seconds
        self.identity = identity
        self.request_id = request_id
        self.workflow_id_reuse_policy = workflow_id_reuse_policy
        self.signal_name = signal_name
        self.signal_input = signal_input
        self.control = control
        self.retry_policy = retry_policy
        self.cron_schedule = cron_schedule
        self.memo = memo
        self.search_attributes = search_attributes
        self.header = header
        self.delay_start_seconds = delay_start_seconds
        self.jitter_start_seconds = jitter_start_seconds
        self.first_run_at_timestamp = first_run_at_timestamp
        self.cron_overlap_policy = cron_overlap_policy
        self.active_cluster_selection_policy = active_cluster_selection_policy


class SignalWithStartWorkflowExecutionAsyncRequest(Struct):
    __slots__ = ("request",)
    _fields = ((10, "request", "SignalWithStartWorkflowExecutionRequest"),)

    def __init__(self, request: SignalWithStartWorkflowExecutionRequest | None = None) -> None:
        self.request = request


class SignalWithStartWorkflowExecutionAsyncResponse(Struct):
    __slots__ = ()


class RestartWorkflowExecutionRequest(Struct):
    __slots__ = ("domain", "workflow_execution", "reason", "identity")
    _fields = (
        (10, "domain", "string"), (20, "workflow_execution", "WorkflowExecution"), (30, "reason", "string"),
        (40, "identity", "string"),
    )

    def __init__(
        self, domain: str | None = None, workflow_execution: WorkflowExecution | None = None,
        reason: str | None = None, identity: str | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.reason = reason
        self.identity = identity


class TerminateWorkflowExecutionRequest(Struct):
    __slots__ = ("domain", "workflow_execution", "reason", "details", "identity", "first_execution_run_id")
    _fields = (
        (10, "domain", "string"), (20, "workflow_execution", "WorkflowExecution"), (30, "reason", "string"),
        (40, "details", "binary"), (50, "identity", "string"),
        (60, "first_execution_run_id", "string", "firstExecutionRunID"),
    )

    def __init__(
        self, domain: str | None = None, workflow_execution: WorkflowExecution | None = None,
        reason: str | None = None, details: bytes | None = None, identity: str | None = None,
        first_execution_run_id: str | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.reason = reason
        self.details = details
        self.identity = identity
        self.first_execution_run_id = first_execution_run_id


class ResetWorkflowExecutionRequest(Struct):
    __slots__ = (
        "domain", "workflow_execution", "reason", "decision_finish_event_id", "request_id", "skip_signal_reapply",
    )
    _fields = (
        (10, "domain", "string"), (20, "workflow_execution", "WorkflowExecution"), (30, "reason", "string"),
        (40, "decision_finish_event_id", "i64"), (50, "request_id", "string"), (60, "skip_signal_reapply", "bool"),
    )

    def __init__(
        self, domain: str | None = None, workflow_execution: WorkflowExecution | None = None,
        reason: str | None = None, decision_finish_event_id: int | None = None, request_id: str | None = None,
        skip_signal_reapply: bool | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.reason = reason
        self.decision_finish_event_id = decision_finish_event_id
        self.request_id = request_id
        self.skip_signal_reapply = skip_signal_reapply


class ResetWorkflowExecutionResponse(Struct):
    __slots__ = ("run_id",)
    _fields = ((10, "run_id", "string"),)

    def __init__(self, run_id: str | None = None) -> None:
        self.run_id = run_id


class RefreshWorkflowTasksRequest(Struct):
    __slots__ = ("domain", "execution")
    _fields = ((10, "domain", "string"), (20, "execution", "WorkflowExecution"))

    def __init__(self, domain: str | None = None, execution: WorkflowExecution | None = None) -> None:
        self.domain = domain
        self.execution = execution
