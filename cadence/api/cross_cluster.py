"""Tasks that clusters hand to each other; clients never send these.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import (
        CrossClusterTaskFailedCause, CrossClusterTaskType, GetTaskFailedCause, ParentClosePolicy,
    )
    from cadence.api.events_external import StartChildWorkflowExecutionInitiatedEventAttributes
    from cadence.api.history import HistoryEvent

__all__ = (
    "ApplyParentClosePolicyAttributes", "ApplyParentClosePolicyRequest", "ApplyParentClosePolicyResult",
    "ApplyParentClosePolicyStatus", "CrossClusterApplyParentClosePolicyRequestAttributes",
    "CrossClusterApplyParentClosePolicyResponseAttributes", "CrossClusterCancelExecutionRequestAttributes",
    "CrossClusterCancelExecutionResponseAttributes",
    "CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes",
    "CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes",
    "CrossClusterSignalExecutionRequestAttributes", "CrossClusterSignalExecutionResponseAttributes",
    "CrossClusterStartChildExecutionRequestAttributes", "CrossClusterStartChildExecutionResponseAttributes",
    "CrossClusterTaskInfo", "CrossClusterTaskRequest", "CrossClusterTaskResponse", "GetCrossClusterTasksRequest",
    "GetCrossClusterTasksResponse", "RespondCrossClusterTasksCompletedRequest",
    "RespondCrossClusterTasksCompletedResponse",
)


class CrossClusterTaskInfo(Struct):
    __slots__ = ("domain_id", "workflow_id", "run_id", "task_type", "task_state", "task_id", "visibility_timestamp")
    _fields = (
        (10, "domain_id", "string", "domainID"), (20, "workflow_id", "string", "workflowID"),
        (30, "run_id", "string", "runID"), (40, "task_type", "CrossClusterTaskType"), (50, "task_state", "i16"),
        (60, "task_id", "i64", "taskID"), (70, "visibility_timestamp", "i64"),
    )

    def __init__(
        self, domain_id: str | None = None, workflow_id: str | None = None, run_id: str | None = None,
        task_type: CrossClusterTaskType | int | None = None, task_state: int | None = None,
        task_id: int | None = None, visibility_timestamp: int | None = None,
    ) -> None:
        self.domain_id = domain_id
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.task_type = task_type
        self.task_state = task_state
        self.task_id = task_id
        self.visibility_timestamp = visibility_timestamp


class CrossClusterStartChildExecutionRequestAttributes(Struct):
    __slots__ = (
        "target_domain_id", "request_id", "initiated_event_id", "initiated_event_attributes", "target_run_id",
        "partition_config",
    )
    _fields = (
        (10, "target_domain_id", "string", "targetDomainID"), (20, "request_id", "string", "requestID"),
        (30, "initiated_event_id", "i64", "initiatedEventID"),
        (40, "initiated_event_attributes", "StartChildWorkflowExecutionInitiatedEventAttributes"),
        (50, "target_run_id", "string", "targetRunID"), (60, "partition_config", "map<string,string>"),
    )

    def __init__(
        self, target_domain_id: str | None = None, request_id: str | None = None,
        initiated_event_id: int | None = None,
        initiated_event_attributes: StartChildWorkflowExecutionInitiatedEventAttributes | None = None,
        target_run_id: str | None = None, partition_config: dict[str, str] | None = None,
    ) -> None:
        self.target_domain_id = target_domain_id
        self.request_id = request_id
        self.initiated_event_id = initiated_event_id
        self.initiated_event_attributes = initiated_event_attributes
        self.target_run_id = target_run_id
        self.partition_config = partition_config


class CrossClusterStartChildExecutionResponseAttributes(Struct):
    __slots__ = ("run_id",)
    _fields = ((10, "run_id", "string", "runID"),)

    def __init__(self, run_id: str | None = None) -> None:
        self.run_id = run_id


class CrossClusterCancelExecutionRequestAttributes(Struct):
    __slots__ = (
        "target_domain_id", "target_workflow_id", "target_run_id", "request_id", "initiated_event_id",
        "child_workflow_only",
    )
    _fields = (
        (10, "target_domain_id", "string", "targetDomainID"),
        (20, "target_workflow_id", "string", "targetWorkflowID"), (30, "target_run_id", "string", "targetRunID"),
        (40, "request_id", "string", "requestID"), (50, "initiated_event_id", "i64", "initiatedEventID"),
        (60, "child_workflow_only", "bool"),
    )

    def __init__(
        self, target_domain_id: str | None = None, target_workflow_id: str | None = None,
        target_run_id: str | None = None, request_id: str | None = None, initiated_event_id: int | None = None,
        child_workflow_only: bool | None = None,
    ) -> None:
        self.target_domain_id = target_domain_id
        self.target_workflow_id = target_workflow_id
        self.target_run_id = target_run_id
        self.request_id = request_id
        self.initiated_event_id = initiated_event_id
        self.child_workflow_only = child_workflow_only


class CrossClusterCancelExecutionResponseAttributes(Struct):
    __slots__ = ()


class CrossClusterSignalExecutionRequestAttributes(Struct):
    __slots__ = (
        "target_domain_id", "target_workflow_id", "target_run_id", "request_id", "initiated_event_id",
        "child_workflow_only", "signal_name", "signal_input", "control",
    )
    _fields = (
        (10, "target_domain_id", "string", "targetDomainID"),
        (20, "target_workflow_id", "string", "targetWorkflowID"), (30, "target_run_id", "string", "targetRunID"),
        (40, "request_id", "string", "requestID"), (50, "initiated_event_id", "i64", "initiatedEventID"),
        (60, "child_workflow_only", "bool"), (70, "signal_name", "string"), (80, "signal_input", "binary"),
        (90, "control", "binary"),
    )

    def __init__(
        self, target_domain_id: str | None = None, target_workflow_id: str | None = None,
        target_run_id: str | None = None, request_id: str | None = None, initiated_event_id: int | None = None,
        child_workflow_only: bool | None = None, signal_name: str | None = None, signal_input: bytes | None = None,
        control: bytes | None = None,
    ) -> None:
        self.target_domain_id = target_domain_id
        self.target_workflow_id = target_workflow_id
        self.target_run_id = target_run_id
        self.request_id = request_id
        self.initiated_event_id = initiated_event_id
        self.child_workflow_only = child_workflow_only
        self.signal_name = signal_name
        self.signal_input = signal_input
        self.control = control


class CrossClusterSignalExecutionResponseAttributes(Struct):
    __slots__ = ()


class CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes(Struct):
    __slots__ = ("target_domain_id", "target_workflow_id", "target_run_id", "initiated_event_id", "completion_event")
    _fields = (
        (10, "target_domain_id", "string", "targetDomainID"),
        (20, "target_workflow_id", "string", "targetWorkflowID"), (30, "target_run_id", "string", "targetRunID"),
        (40, "initiated_event_id", "i64", "initiatedEventID"), (50, "completion_event", "HistoryEvent"),
    )

    def __init__(
        self, target_domain_id: str | None = None, target_workflow_id: str | None = None,
        target_run_id: str | None = None, initiated_event_id: int | None = None,
        completion_event: HistoryEvent | None = None,
    ) -> None:
        self.target_domain_id = target_domain_id
        self.target_workflow_id = target_workflow_id
        self.target_run_id = target_run_id
        self.initiated_event_id = initiated_event_id
        self.completion_event = completion_event


class CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes(Struct):
    __slots__ = ()


class ApplyParentClosePolicyAttributes(Struct):
    __slots__ = ("child_domain_id", "child_workflow_id", "child_run_id", "parent_close_policy")
    _fields = (
        (10, "child_domain_id", "string", "childDomainID"), (20, "child_workflow_id", "string", "childWorkflowID"),
        (30, "child_run_id", "string", "childRunID"), (40, "parent_close_policy", "ParentClosePolicy"),
    )

    def __init__(
        self, child_domain_id: str | None = None, child_workflow_id: str | None = None,
        child_run_id: str | None = None, parent_close_policy: ParentClosePolicy | int | None = None,
    ) -> None:
        self.child_domain_id = child_domain_id
        self.child_workflow_id = child_workflow_id
        self.child_run_id = child_run_id
        self.parent_close_policy = parent_close_policy


class ApplyParentClosePolicyStatus(Struct):
    __slots__ = ("completed", "failed_cause")
    _fields = ((10, "completed", "bool"), (20, "failed_cause", "CrossClusterTaskFailedCause"))

    def __init__(
        self, completed: bool | None = None, failed_cause: CrossClusterTaskFailedCause | int | None = None,
    ) -> None:
        self.completed = completed
        self.failed_cause = failed_cause


class ApplyParentClosePolicyRequest(Struct):
    __slots__ = ("child", "status")
    _fields = ((10, "child", "ApplyParentClosePolicyAttributes"), (20, "status", "ApplyParentClosePolicyStatus"))

    def __init__(
        self, child: ApplyParentClosePolicyAttributes | None = None,
        status: ApplyParentClosePolicyStatus | None = None,
    ) -> None:
        self.child = child
        self.status = status


class CrossClusterApplyParentClosePolicyRequestAttributes(Struct):
    __slots__ = ("children",)
    _fields = ((10, "children", "list<ApplyParentClosePolicyRequest>"),)

    def __init__(self, children: list[ApplyParentClosePolicyRequest] | None = None) -> None:
        self.children = children


class ApplyParentClosePolicyResult(Struct):
    __slots__ = ("child", "failed_cause")
    _fields = ((10, "child", "ApplyParentClosePolicyAttributes"), (20, "failed_cause", "CrossClusterTaskFailedCause"))

    def __init__(
        self, child: ApplyParentClosePolicyAttributes | None = None,
        failed_cause: CrossClusterTaskFailedCause | int | None = None,
    ) -> None:
        self.child = child
        self.failed_cause = failed_cause


class CrossClusterApplyParentClosePolicyResponseAttributes(Struct):
    __slots__ = ("children_status",)
    _fields = ((10, "children_status", "list<ApplyParentClosePolicyResult>"),)

    def __init__(self, children_status: list[ApplyParentClosePolicyResult] | None = None) -> None:
        self.children_status = children_status


class CrossClusterTaskRequest(Struct):
    __slots__ = (
        "task_info", "start_child_execution_attributes", "cancel_execution_attributes", "signal_execution_attributes",
        "record_child_workflow_execution_complete_attributes", "apply_parent_close_policy_attributes",
    )
    _fields = (
        (10, "task_info", "CrossClusterTaskInfo"),
        (20, "start_child_execution_attributes", "CrossClusterStartChildExecutionRequestAttributes"),
        (30, "cancel_execution_attributes", "CrossClusterCancelExecutionRequestAttributes"),
        (40, "signal_execution_attributes", "CrossClusterSignalExecutionRequestAttributes"),
        (50, "record_child_workflow_execution_complete_attributes", "CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes"),
        (60, "apply_parent_close_policy_attributes", "CrossClusterApplyParentClosePolicyRequestAttributes"),
    )

    def __init__(
        self, task_info: CrossClusterTaskInfo | None = None,
        start_child_execution_attributes: CrossClusterStartChildExecutionRequestAttributes | None = None,
        cancel_execution_attributes: CrossClusterCancelExecutionRequestAttributes | None = None,
        signal_execution_attributes: CrossClusterSignalExecutionRequestAttributes | None = None,
        record_child_workflow_execution_complete_attributes: CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes | None = None,
        apply_parent_close_policy_attributes: CrossClusterApplyParentClosePolicyRequestAttributes | None = None,
    ) -> None:
        self.task_info = task_info
        self.start_child_execution_attributes = start_child_execution_attributes
        self.cancel_execution_attributes = cancel_execution_attributes
        self.signal_execution_attributes = signal_execution_attributes
        self.record_child_workflow_execution_complete_attributes = record_child_workflow_execution_complete_attributes
        self.apply_parent_close_policy_attributes = apply_parent_close_policy_attributes


class CrossClusterTaskResponse(Struct):
    __slots__ = (
        "task_id", "task_type", "task_state", "failed_cause", "start_child_execution_attributes",
        "cancel_execution_attributes", "signal_execution_attributes",
        "record_child_workflow_execution_complete_attributes", "apply_parent_close_policy_attributes",
    )
    _fields = (
        (10, "task_id", "i64", "taskID"), (20, "task_type", "CrossClusterTaskType"), (30, "task_state", "i16"),
        (40, "failed_cause", "CrossClusterTaskFailedCause"),
        (50, "start_child_execution_attributes", "CrossClusterStartChildExecutionResponseAttributes"),
        (60, "cancel_execution_attributes", "CrossClusterCancelExecutionResponseAttributes"),
        (70, "signal_execution_attributes", "CrossClusterSignalExecutionResponseAttributes"),
        (80, "record_child_workflow_execution_complete_attributes", "CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes"),
        (90, "apply_parent_close_policy_attributes", "CrossClusterApplyParentClosePolicyResponseAttributes"),
    )

    def __init__(
        self, task_id: int | None = None, task_type: CrossClusterTaskType | int | None = None,
        task_state: int | None = None, failed_cause: CrossClusterTaskFailedCause | int | None = None,
        start_child_execution_attributes: CrossClusterStartChildExecutionResponseAttributes | None = None,
        cancel_execution_attributes: CrossClusterCancelExecutionResponseAttributes | None = None,
        signal_execution_attributes: CrossClusterSignalExecutionResponseAttributes | None = None,
        record_child_workflow_execution_complete_attributes: CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes | None = None,
        apply_parent_close_policy_attributes: CrossClusterApplyParentClosePolicyResponseAttributes | None = None,
    ) -> None:
        self.task_id = task_id
        self.task_type = task_type
        self.task_state = task_state
        self.failed_cause = failed_cause
        self.start_child_execution_attributes = start_child_execution_attributes
        self.cancel_execution_attributes = cancel_execution_attributes
        self.signal_execution_attributes = signal_execution_attributes
        self.record_child_workflow_execution_complete_attributes = record_child_workflow_execution_complete_attributes
        self.apply_parent_close_policy_attributes = apply_parent_close_policy_attributes


class GetCrossClusterTasksRequest(Struct):
    __slots__ = ("shard_i_ds", "target_cluster")
    _fields = ((10, "shard_i_ds", "list<i32>"), (20, "target_cluster", "string"))

    def __init__(self, shard_i_ds: list[int] | None = None, target_cluster: str | None = None) -> None:
        self.shard_i_ds = shard_i_ds
        self.target_cluster = target_cluster


class GetCrossClusterTasksResponse(Struct):
    __slots__ = ("tasks_by_shard", "failed_cause_by_shard")
    _fields = (
        (10, "tasks_by_shard", "map<i32,list<CrossClusterTaskRequest>>"),
        (20, "failed_cause_by_shard", "map<i32,GetTaskFailedCause>"),
    )

    def __init__(
        self, tasks_by_shard: dict[int, list[CrossClusterTaskRequest]] | None = None,
        failed_cause_by_shard: dict[int, GetTaskFailedCause | int] | None = None,
    ) -> None:
        self.tasks_by_shard = tasks_by_shard
        self.failed_cause_by_shard = failed_cause_by_shard


class RespondCrossClusterTasksCompletedRequest(Struct):
    __slots__ = ("shard_id", "target_cluster", "task_responses", "fetch_new_tasks")
    _fields = (
        (10, "shard_id", "i32", "shardID"), (20, "target_cluster", "string"),
        (30, "task_responses", "list<CrossClusterTaskResponse>"), (40, "fetch_new_tasks", "bool"),
    )

    def __init__(
        self, shard_id: int | None = None, target_cluster: str | None = None,
        task_responses: list[CrossClusterTaskResponse] | None = None, fetch_new_tasks: bool | None = None,
    ) -> None:
        self.shard_id = shard_id
        self.target_cluster = target_cluster
        self.task_responses = task_responses
        self.fetch_new_tasks = fetch_new_tasks


class RespondCrossClusterTasksCompletedResponse(Struct):
    __slots__ = ("tasks",)
    _fields = ((10, "tasks", "list<CrossClusterTaskRequest>"),)

    def __init__(self, tasks: list[CrossClusterTaskRequest] | None = None) -> None:
        self.tasks = tasks
