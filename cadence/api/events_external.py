"""What happened between a run, its children and other runs.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import (
        CancelExternalWorkflowExecutionFailedCause, ChildWorkflowExecutionFailedCause, CronOverlapPolicy,
        ParentClosePolicy, SignalExternalWorkflowExecutionFailedCause, TimeoutType, WorkflowIdReusePolicy,
    )
    from cadence.api.parts import (
        ActiveClusterSelectionPolicy, Header, Memo, RetryPolicy, SearchAttributes, TaskList, WorkflowExecution,
        WorkflowType,
    )

__all__ = (
    "ChildWorkflowExecutionCanceledEventAttributes", "ChildWorkflowExecutionCompletedEventAttributes",
    "ChildWorkflowExecutionFailedEventAttributes", "ChildWorkflowExecutionStartedEventAttributes",
    "ChildWorkflowExecutionTerminatedEventAttributes", "ChildWorkflowExecutionTimedOutEventAttributes",
    "ExternalWorkflowExecutionCancelRequestedEventAttributes", "ExternalWorkflowExecutionSignaledEventAttributes",
    "RequestCancelExternalWorkflowExecutionFailedEventAttributes",
    "RequestCancelExternalWorkflowExecutionInitiatedEventAttributes",
    "SignalExternalWorkflowExecutionFailedEventAttributes", "SignalExternalWorkflowExecutionInitiatedEventAttributes",
    "StartChildWorkflowExecutionFailedEventAttributes", "StartChildWorkflowExecutionInitiatedEventAttributes",
)


class RequestCancelExternalWorkflowExecutionInitiatedEventAttributes(Struct):
    __slots__ = ("decision_task_completed_event_id", "domain", "workflow_execution", "control", "child_workflow_only")
    _fields = (
        (10, "decision_task_completed_event_id", "i64"), (20, "domain", "string"),
        (30, "workflow_execution", "WorkflowExecution"), (40, "control", "binary"),
        (50, "child_workflow_only", "bool"),
    )

    def __init__(
        self, decision_task_completed_event_id: int | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, control: bytes | None = None,
        child_workflow_only: bool | None = None,
    ) -> None:
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.control = control
        self.child_workflow_only = child_workflow_only


class RequestCancelExternalWorkflowExecutionFailedEventAttributes(Struct):
    __slots__ = (
        "cause", "decision_task_completed_event_id", "domain", "workflow_execution", "initiated_event_id", "control",
    )
    _fields = (
        (10, "cause", "CancelExternalWorkflowExecutionFailedCause"), (20, "decision_task_completed_event_id", "i64"),
        (30, "domain", "string"), (40, "workflow_execution", "WorkflowExecution"), (50, "initiated_event_id", "i64"),
        (60, "control", "binary"),
    )

    def __init__(
        self, cause: CancelExternalWorkflowExecutionFailedCause | int | None = None,
        decision_task_completed_event_id: int | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, initiated_event_id: int | None = None,
        control: bytes | None = None,
    ) -> None:
        self.cause = cause
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.initiated_event_id = initiated_event_id
        self.control = control


class ExternalWorkflowExecutionCancelRequestedEventAttributes(Struct):
    __slots__ = ("initiated_event_id", "domain", "workflow_execution")
    _fields = (
        (10, "initiated_event_id", "i64"), (20, "domain", "string"), (30, "workflow_execution", "WorkflowExecution"),
    )

    def __init__(
        self, initiated_event_id: int | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None,
    ) -> None:
        self.initiated_event_id = initiated_event_id
        self.domain = domain
        self.workflow_execution = workflow_execution


class SignalExternalWorkflowExecutionInitiatedEventAttributes(Struct):
    __slots__ = (
        "decision_task_completed_event_id", "domain", "workflow_execution", "signal_name", "input", "control",
        "child_workflow_only",
    )
    _fields = (
        (10, "decision_task_completed_event_id", "i64"), (20, "domain", "string"),
        (30, "workflow_execution", "WorkflowExecution"), (40, "signal_name", "string"), (50, "input", "binary"),
        (60, "control", "binary"), (70, "child_workflow_only", "bool"),
    )

    def __init__(
        self, decision_task_completed_event_id: int | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, signal_name: str | None = None,
        input: bytes | None = None, control: bytes | None = None, child_workflow_only: bool | None = None,
    ) -> None:
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.signal_name = signal_name
        self.input = input
        self.control = control
        self.child_workflow_only = child_workflow_only


class SignalExternalWorkflowExecutionFailedEventAttributes(Struct):
    __slots__ = (
        "cause", "decision_task_completed_event_id", "domain", "workflow_execution", "initiated_event_id", "control",
    )
    _fields = (
        (10, "cause", "SignalExternalWorkflowExecutionFailedCause"), (20, "decision_task_completed_event_id", "i64"),
        (30, "domain", "string"), (40, "workflow_execution", "WorkflowExecution"), (50, "initiated_event_id", "i64"),
        (60, "control", "binary"),
    )

    def __init__(
        self, cause: SignalExternalWorkflowExecutionFailedCause | int | None = None,
        decision_task_completed_event_id: int | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, initiated_event_id: int | None = None,
        control: bytes | None = None,
    ) -> None:
        self.cause = cause
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.initiated_event_id = initiated_event_id
        self.control = control


class ExternalWorkflowExecutionSignaledEventAttributes(Struct):
    __slots__ = ("initiated_event_id", "domain", "workflow_execution", "control")
    _fields = (
        (10, "initiated_event_id", "i64"), (20, "domain", "string"), (30, "workflow_execution", "WorkflowExecution"),
        (40, "control", "binary"),
    )

    def __init__(
        self, initiated_event_id: int | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, control: bytes | None = None,
    ) -> None:
        self.initiated_event_id = initiated_event_id
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.control = control


class StartChildWorkflowExecutionInitiatedEventAttributes(Struct):
    __slots__ = (
        "domain", "workflow_id", "workflow_type", "task_list", "input", "execution_start_to_close_timeout_seconds",
        "task_start_to_close_timeout_seconds", "parent_close_policy", "control", "decision_task_completed_event_id",
        "workflow_id_reuse_policy", "retry_policy", "cron_schedule", "header", "memo", "search_attributes",
        "delay_start_seconds", "jitter_start_seconds", "first_run_at_timestamp", "cron_overlap_policy",
        "active_cluster_selection_policy",
    )
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string"), (30, "workflow_type", "WorkflowType"),
        (40, "task_list", "TaskList"), (50, "input", "binary"),
        (60, "execution_start_to_close_timeout_seconds", "i32"), (70, "task_start_to_close_timeout_seconds", "i32"),
        (81, "parent_close_policy", "ParentClosePolicy"), (90, "control", "binary"),
        (100, "decision_task_completed_event_id", "i64"), (110, "workflow_id_reuse_policy", "WorkflowIdReusePolicy"),
        (120, "retry_policy", "RetryPolicy"), (130, "cron_schedule", "string"), (140, "header", "Header"),
        (150, "memo", "Memo"), (160, "search_attributes", "SearchAttributes"), (170, "delay_start_seconds", "i32"),
        (180, "jitter_start_seconds", "i32"), (190, "first_run_at_timestamp", "i64"),
        (200, "cron_overlap_policy", "CronOverlapPolicy"),
        (210, "active_cluster_selection_policy", "ActiveClusterSelectionPolicy"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, workflow_type: WorkflowType | None = None,
        task_list: TaskList | None = None, input: bytes | None = None,
        execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None,
        parent_close_policy: ParentClosePolicy | int | None = None, control: bytes | None = None,
        decision_task_completed_event_id: int | None = None,
        workflow_id_reuse_policy: WorkflowIdReusePolicy | int | None = None, retry_policy: RetryPolicy | None = None,
        cron_schedule: str | None = None, header: Header | None = None, memo: Memo | None = None,
        search_attributes: SearchAttributes | None = None, delay_start_seconds: int | None = None,
        jitter_start_seconds: int | None = None, first_run_at_timestamp: int | None = None,
        cron_overlap_policy: CronOverlapPolicy | int | None = None,
        active_cluster_selection_policy: ActiveClusterSelectionPolicy | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.workflow_type = workflow_type
        self.task_list = task_list
        self.input = input
        self.execution_start_to_close_timeout_seconds = execution_start_to_close_timeout_seconds
        self.task_start_to_close_timeout_seconds = task_start_to_close_timeout_seconds
        self.parent_close_policy = parent_close_policy
        self.control = control
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.workflow_id_reuse_policy = workflow_id_reuse_policy
        self.retry_policy = retry_policy
        self.cron_schedule = cron_schedule
        self.header = header
        self.memo = memo
        self.search_attributes = search_attributes
        self.delay_start_seconds = delay_start_seconds
        self.jitter_start_seconds = jitter_start_seconds
        self.first_run_at_timestamp = first_run_at_timestamp
        self.cron_overlap_policy = cron_overlap_policy
        self.active_cluster_selection_policy = active_cluster_selection_policy


class StartChildWorkflowExecutionFailedEventAttributes(Struct):
    __slots__ = (
        "domain", "workflow_id", "workflow_type", "cause", "control", "initiated_event_id",
        "decision_task_completed_event_id",
    )
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string"), (30, "workflow_type", "WorkflowType"),
        (40, "cause", "ChildWorkflowExecutionFailedCause"), (50, "control", "binary"),
        (60, "initiated_event_id", "i64"), (70, "decision_task_completed_event_id", "i64"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, workflow_type: WorkflowType | None = None,
        cause: ChildWorkflowExecutionFailedCause | int | None = None, control: bytes | None = None,
        initiated_event_id: int | None = None, decision_task_completed_event_id: int | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.workflow_type = workflow_type
        self.cause = cause
        self.control = control
        self.initiated_event_id = initiated_event_id
        self.decision_task_completed_event_id = decision_task_completed_event_id


class ChildWorkflowExecutionStartedEventAttributes(Struct):
    __slots__ = ("domain", "initiated_event_id", "workflow_execution", "workflow_type", "header")
    _fields = (
        (10, "domain", "string"), (20, "initiated_event_id", "i64"), (30, "workflow_execution", "WorkflowExecution"),
        (40, "workflow_type", "WorkflowType"), (50, "header", "Header"),
    )

    def __init__(
        self, domain: str | None = None, initiated_event_id: int | None = None,
        workflow_execution: WorkflowExecution | None = None, workflow_type: WorkflowType | None = None,
        header: Header | None = None,
    ) -> None:
        self.domain = domain
        self.initiated_event_id = initiated_event_id
        self.workflow_execution = workflow_execution
        self.workflow_type = workflow_type
        self.header = header


class ChildWorkflowExecutionCompletedEventAttributes(Struct):
    __slots__ = ("result", "domain", "workflow_execution", "workflow_type", "initiated_event_id", "started_event_id")
    _fields = (
        (10, "result", "binary"), (20, "domain", "string"), (30, "workflow_execution", "WorkflowExecution"),
        (40, "workflow_type", "WorkflowType"), (50, "initiated_event_id", "i64"), (60, "started_event_id", "i64"),
    )

    def __init__(
        self, result: bytes | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, workflow_type: WorkflowType | None = None,
        initiated_event_id: int | None = None, started_event_id: int | None = None,
    ) -> None:
        self.result = result
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.workflow_type = workflow_type
        self.initiated_event_id = initiated_event_id
        self.started_event_id = started_event_id


class ChildWorkflowExecutionFailedEventAttributes(Struct):
    __slots__ = (
        "reason", "details", "domain", "workflow_execution", "workflow_type", "initiated_event_id",
        "started_event_id",
    )
    _fields = (
        (10, "reason", "string"), (20, "details", "binary"), (30, "domain", "string"),
        (40, "workflow_execution", "WorkflowExecution"), (50, "workflow_type", "WorkflowType"),
        (60, "initiated_event_id", "i64"), (70, "started_event_id", "i64"),
    )

    def __init__(
        self, reason: str | None = None, details: bytes | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, workflow_type: WorkflowType | None = None,
        initiated_event_id: int | None = None, started_event_id: int | None = None,
    ) -> None:
        self.reason = reason
        self.details = details
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.workflow_type = workflow_type
        self.initiated_event_id = initiated_event_id
        self.started_event_id = started_event_id


class ChildWorkflowExecutionCanceledEventAttributes(Struct):
    __slots__ = ("details", "domain", "workflow_execution", "workflow_type", "initiated_event_id", "started_event_id")
    _fields = (
        (10, "details", "binary"), (20, "domain", "string"), (30, "workflow_execution", "WorkflowExecution"),
        (40, "workflow_type", "WorkflowType"), (50, "initiated_event_id", "i64"), (60, "started_event_id", "i64"),
    )

    def __init__(
        self, details: bytes | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, workflow_type: WorkflowType | None = None,
        initiated_event_id: int | None = None, started_event_id: int | None = None,
    ) -> None:
        self.details = details
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.workflow_type = workflow_type
        self.initiated_event_id = initiated_event_id
        self.started_event_id = started_event_id


class ChildWorkflowExecutionTimedOutEventAttributes(Struct):
    __slots__ = (
        "timeout_type", "domain", "workflow_execution", "workflow_type", "initiated_event_id", "started_event_id",
    )
    _fields = (
        (10, "timeout_type", "TimeoutType"), (20, "domain", "string"),
        (30, "workflow_execution", "WorkflowExecution"), (40, "workflow_type", "WorkflowType"),
        (50, "initiated_event_id", "i64"), (60, "started_event_id", "i64"),
    )

    def __init__(
        self, timeout_type: TimeoutType | int | None = None, domain: str | None = None,
        workflow_execution: WorkflowExecution | None = None, workflow_type: WorkflowType | None = None,
        initiated_event_id: int | None = None, started_event_id: int | None = None,
    ) -> None:
        self.timeout_type = timeout_type
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.workflow_type = workflow_type
        self.initiated_event_id = initiated_event_id
        self.started_event_id = started_event_id


class ChildWorkflowExecutionTerminatedEventAttributes(Struct):
    __slots__ = ("domain", "workflow_execution", "workflow_type", "initiated_event_id", "started_event_id")
    _fields = (
        (10, "domain", "string"), (20, "workflow_execution", "WorkflowExecution"),
        (30, "workflow_type", "WorkflowType"), (40, "initiated_event_id", "i64"), (50, "started_event_id", "i64"),
    )

    def __init__(
        self, domain: str | None = None, workflow_execution: WorkflowExecution | None = None,
        workflow_type: WorkflowType | None = None, initiated_event_id: int | None = None,
        started_event_id: int | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_execution = workflow_execution
        self.workflow_type = workflow_type
        self.initiated_event_id = initiated_event_id
        self.started_event_id = started_event_id
