"""What a decider asks the server to do.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import (
        ContinueAsNewInitiator, CronOverlapPolicy, DecisionType, ParentClosePolicy, WorkflowIdReusePolicy,
    )
    from cadence.api.parts import (
        ActiveClusterSelectionPolicy, ActivityType, Header, Memo, RetryPolicy, SearchAttributes, TaskList,
        WorkflowExecution, WorkflowType,
    )

__all__ = (
    "CancelTimerDecisionAttributes", "CancelWorkflowExecutionDecisionAttributes",
    "CompleteWorkflowExecutionDecisionAttributes", "ContinueAsNewWorkflowExecutionDecisionAttributes", "Decision",
    "FailWorkflowExecutionDecisionAttributes", "RecordMarkerDecisionAttributes",
    "RequestCancelActivityTaskDecisionAttributes", "RequestCancelExternalWorkflowExecutionDecisionAttributes",
    "ScheduleActivityTaskDecisionAttributes", "SignalExternalWorkflowExecutionDecisionAttributes",
    "StartChildWorkflowExecutionDecisionAttributes", "StartTimerDecisionAttributes",
    "UpsertWorkflowSearchAttributesDecisionAttributes",
)


class ScheduleActivityTaskDecisionAttributes(Struct):
    """Run an activity. Timeouts are seconds; at least schedule-to-close, or the two others, must be given."""

    __slots__ = (
        "activity_id", "activity_type", "domain", "task_list", "input", "schedule_to_close_timeout_seconds",
        "schedule_to_start_timeout_seconds", "start_to_close_timeout_seconds", "heartbeat_timeout_seconds",
        "retry_policy", "header", "request_local_dispatch",
    )
    _fields = (
        (10, "activity_id", "string"), (20, "activity_type", "ActivityType"), (25, "domain", "string"),
        (30, "task_list", "TaskList"), (40, "input", "binary"), (45, "schedule_to_close_timeout_seconds", "i32"),
        (50, "schedule_to_start_timeout_seconds", "i32"), (55, "start_to_close_timeout_seconds", "i32"),
        (60, "heartbeat_timeout_seconds", "i32"), (70, "retry_policy", "RetryPolicy"), (80, "header", "Header"),
        (90, "request_local_dispatch", "bool"),
    )

    def __init__(
        self, activity_id: str | None = None, activity_type: ActivityType | None = None, domain: str | None = None,
        task_list: TaskList | None = None, input: bytes | None = None,
        schedule_to_close_timeout_seconds: int | None = None, schedule_to_start_timeout_seconds: int | None = None,
        start_to_close_timeout_seconds: int | None = None, heartbeat_timeout_seconds: int | None = None,
        retry_policy: RetryPolicy | None = None, header: Header | None = None,
        request_local_dispatch: bool | None = None,
    ) -> None:
        self.activity_id = activity_id
        self.activity_type = activity_type
        self.domain = domain
        self.task_list = task_list
        self.input = input
        self.schedule_to_close_timeout_seconds = schedule_to_close_timeout_seconds
        self.schedule_to_start_timeout_seconds = schedule_to_start_timeout_seconds
        self.start_to_close_timeout_seconds = start_to_close_timeout_seconds
        self.heartbeat_timeout_seconds = heartbeat_timeout_seconds
        self.retry_policy = retry_policy
        self.header = header
        self.request_local_dispatch = request_local_dispatch


class RequestCancelActivityTaskDecisionAttributes(Struct):
    """Ask a running activity to stop."""

    __slots__ = ("activity_id",)
    _fields = ((10, "activity_id", "string"),)

    def __init__(self, activity_id: str | None = None) -> None:
        self.activity_id = activity_id


class StartTimerDecisionAttributes(Struct):
    """Fire after so many seconds."""

    __slots__ = ("timer_id", "start_to_fire_timeout_seconds")
    _fields = ((10, "timer_id", "string"), (20, "start_to_fire_timeout_seconds", "i64"))

    def __init__(self, timer_id: str | None = None, start_to_fire_timeout_seconds: int | None = None) -> None:
        self.timer_id = timer_id
        self.start_to_fire_timeout_seconds = start_to_fire_timeout_seconds


class CompleteWorkflowExecutionDecisionAttributes(Struct):
    """End the run with a result."""

    __slots__ = ("result",)
    _fields = ((10, "result", "binary"),)

    def __init__(self, result: bytes | None = None) -> None:
        self.result = result


class FailWorkflowExecutionDecisionAttributes(Struct):
    """End the run with a reason and details."""

    __slots__ = ("reason", "details")
    _fields = ((10, "reason", "string"), (20, "details", "binary"))

    def __init__(self, reason: str | None = None, details: bytes | None = None) -> None:
        self.reason = reason
        self.details = details


class CancelTimerDecisionAttributes(Struct):
    """Take back a timer that has not fired."""

    __slots__ = ("timer_id",)
    _fields = ((10, "timer_id", "string"),)

    def __init__(self, timer_id: str | None = None) -> None:
        self.timer_id = timer_id


class CancelWorkflowExecutionDecisionAttributes(Struct):
    """End the run as cancelled."""

    __slots__ = ("details",)
    _fields = ((10, "details", "binary"),)

    def __init__(self, details: bytes | None = None) -> None:
        self.details = details


class RequestCancelExternalWorkflowExecutionDecisionAttributes(Struct):
    """Ask another run, or a child, to cancel itself."""

    __slots__ = ("domain", "workflow_id", "run_id", "control", "child_workflow_only")
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string"), (30, "run_id", "string"), (40, "control", "binary"),
        (50, "child_workflow_only", "bool"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, run_id: str | None = None,
        control: bytes | None = None, child_workflow_only: bool | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.control = control
        self.child_workflow_only = child_workflow_only


class SignalExternalWorkflowExecutionDecisionAttributes(Struct):
    """Signal another run, or a child."""

    __slots__ = ("domain", "execution", "signal_name", "input", "control", "child_workflow_only")
    _fields = (
        (10, "domain", "string"), (20, "execution", "WorkflowExecution"), (30, "signal_name", "string"),
        (40, "input", "binary"), (50, "control", "binary"), (60, "child_workflow_only", "bool"),
    )

    def __init__(
        self, domain: str | None = None, execution: WorkflowExecution | None = None, signal_name: str | None = None,
        input: bytes | None = None, control: bytes | None = None, child_workflow_only: bool | None = None,
    ) -> None:
        self.domain = domain
        self.execution = execution
        self.signal_name = signal_name
        self.input = input
        self.control = control
        self.child_workflow_only = child_workflow_only


class UpsertWorkflowSearchAttributesDecisionAttributes(Struct):
    """Set search attributes of the own run; those not named stay."""

    __slots__ = ("search_attributes",)
    _fields = ((10, "search_attributes", "SearchAttributes"),)

    def __init__(self, search_attributes: SearchAttributes | None = None) -> None:
        self.search_attributes = search_attributes


class RecordMarkerDecisionAttributes(Struct):
    """Write something into history for replay: versions, side effects, local activities."""

    __slots__ = ("marker_name", "details", "header")
    _fields = ((10, "marker_name", "string"), (20, "details", "binary"), (30, "header", "Header"))

    def __init__(
        self, marker_name: str | None = None, details: bytes | None = None, header: Header | None = None,
    ) -> None:
        self.marker_name = marker_name
        self.details = details
        self.header = header


class ContinueAsNewWorkflowExecutionDecisionAttributes(Struct):
    """End this run and start the next one under the same id."""

    __slots__ = (
        "workflow_type", "task_list", "input", "execution_start_to_close_timeout_seconds",
        "task_start_to_close_timeout_seconds", "backoff_start_interval_in_seconds", "retry_policy", "initiator",
        "failure_reason", "failure_details", "last_completion_result", "cron_schedule", "header", "memo",
        "search_attributes", "jitter_start_seconds", "cron_overlap_policy", "active_cluster_selection_policy",
    )
    _fields = (
        (10, "workflow_type", "WorkflowType"), (20, "task_list", "TaskList"), (30, "input", "binary"),
        (40, "execution_start_to_close_timeout_seconds", "i32"), (50, "task_start_to_close_timeout_seconds", "i32"),
        (60, "backoff_start_interval_in_seconds", "i32"), (70, "retry_policy", "RetryPolicy"),
        (80, "initiator", "ContinueAsNewInitiator"), (90, "failure_reason", "string"),
        (100, "failure_details", "binary"), (110, "last_completion_result", "binary"),
        (120, "cron_schedule", "string"), (130, "header", "Header"), (140, "memo", "Memo"),
        (150, "search_attributes", "SearchAttributes"), (160, "jitter_start_seconds", "i32"),
        (170, "cron_overlap_policy", "CronOverlapPolicy"),
        (180, "active_cluster_selection_policy", "ActiveClusterSelectionPolicy"),
    )

    def __init__(
        self, workflow_type: WorkflowType | None = None, task_list: TaskList | None = None,
        input: bytes | None = None, execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None, backoff_start_interval_in_seconds: int | None = None,
        retry_policy: RetryPolicy | None = None, initiator: ContinueAsNewInitiator | int | None = None,
        failure_reason: str | None = None, failure_details: bytes | None = None,
        last_completion_result: bytes | None = None, cron_schedule: str | None = None, header: Header | None = None,
        memo: Memo | None = None, search_attributes: SearchAttributes | None = None,
        jitter_start_seconds: int | None = None, cron_overlap_policy: CronOverlapPolicy | int | None = None,
        active_cluster_selection_policy: ActiveClusterSelectionPolicy | None = None,
    ) -> None:
        self.workflow_type = workflow_type
        self.task_list = task_list
        self.input = input
        self.execution_start_to_close_timeout_seconds = execution_start_to_close_timeout_seconds
        self.task_start_to_close_timeout_seconds = task_start_to_close_timeout_seconds
        self.backoff_start_interval_in_seconds = backoff_start_interval_in_seconds
        self.retry_policy = retry_policy
        self.initiator = initiator
        self.failure_reason = failure_reason
        self.failure_details = failure_details
        self.last_completion_result = last_completion_result
        self.cron_schedule = cron_schedule
        self.header = header
        self.memo = memo
        self.search_attributes = search_attributes
        self.jitter_start_seconds = jitter_start_seconds
        self.cron_overlap_policy = cron_overlap_policy
        self.active_cluster_selection_policy = active_cluster_selection_policy


class StartChildWorkflowExecutionDecisionAttributes(Struct):
    """Start a child."""

    __slots__ = (
        "domain", "workflow_id", "workflow_type", "task_list", "input", "execution_start_to_close_timeout_seconds",
        "task_start_to_close_timeout_seconds", "parent_close_policy", "control", "workflow_id_reuse_policy",
        "retry_policy", "cron_schedule", "header", "memo", "search_attributes", "cron_overlap_policy",
        "active_cluster_selection_policy",
    )
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string"), (30, "workflow_type", "WorkflowType"),
        (40, "task_list", "TaskList"), (50, "input", "binary"),
        (60, "execution_start_to_close_timeout_seconds", "i32"), (70, "task_start_to_close_timeout_seconds", "i32"),
        (81, "parent_close_policy", "ParentClosePolicy"), (90, "control", "binary"),
        (100, "workflow_id_reuse_policy", "WorkflowIdReusePolicy"), (110, "retry_policy", "RetryPolicy"),
        (120, "cron_schedule", "string"), (130, "header", "Header"), (140, "memo", "Memo"),
        (150, "search_attributes", "SearchAttributes"), (160, "cron_overlap_policy", "CronOverlapPolicy"),
        (170, "active_cluster_selection_policy", "ActiveClusterSelectionPolicy"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, workflow_type: WorkflowType | None = None,
        task_list: TaskList | None = None, input: bytes | None = None,
        execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None,
        parent_close_policy: ParentClosePolicy | int | None = None, control: bytes | None = None,
        workflow_id_reuse_policy: WorkflowIdReusePolicy | int | None = None, retry_policy: RetryPolicy | None = None,
        cron_schedule: str | None = None, header: Header | None = None, memo: Memo | None = None,
        search_attributes: SearchAttributes | None = None, cron_overlap_policy: CronOverlapPolicy | int | None = None,
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
        self.workflow_id_reuse_policy = workflow_id_reuse_policy
        self.retry_policy = retry_policy
        self.cron_schedule = cron_schedule
        self.header = header
        self.memo = memo
        self.search_attributes = search_attributes
        self.cron_overlap_policy = cron_overlap_policy
        self.active_cluster_selection_policy = active_cluster_selection_policy


class Decision(Struct):
    """One decision: the type, and the attributes of that type alone."""

    __slots__ = (
        "decision_type", "schedule_activity_task_decision_attributes", "start_timer_decision_attributes",
        "complete_workflow_execution_decision_attributes", "fail_workflow_execution_decision_attributes",
        "request_cancel_activity_task_decision_attributes", "cancel_timer_decision_attributes",
        "cancel_workflow_execution_decision_attributes",
        "request_cancel_external_workflow_execution_decision_attributes", "record_marker_decision_attributes",
        "continue_as_new_workflow_execution_decision_attributes",
        "start_child_workflow_execution_decision_attributes",
        "signal_external_workflow_execution_decision_attributes",
        "upsert_workflow_search_attributes_decision_attributes",
    )
    _fields = (
        (10, "decision_type", "DecisionType"),
        (20, "schedule_activity_task_decision_attributes", "ScheduleActivityTaskDecisionAttributes"),
        (25, "start_timer_decision_attributes", "StartTimerDecisionAttributes"),
        (30, "complete_workflow_execution_decision_attributes", "CompleteWorkflowExecutionDecisionAttributes"),
        (35, "fail_workflow_execution_decision_attributes", "FailWorkflowExecutionDecisionAttributes"),
        (40, "request_cancel_activity_task_decision_attributes", "RequestCancelActivityTaskDecisionAttributes"),
        (50, "cancel_timer_decision_attributes", "CancelTimerDecisionAttributes"),
        (60, "cancel_workflow_execution_decision_attributes", "CancelWorkflowExecutionDecisionAttributes"),
        (70, "request_cancel_external_workflow_execution_decision_attributes", "RequestCancelExternalWorkflowExecutionDecisionAttributes"),
        (80, "record_marker_decision_attributes", "RecordMarkerDecisionAttributes"),
        (90, "continue_as_new_workflow_execution_decision_attributes", "ContinueAsNewWorkflowExecutionDecisionAttributes"),
        (100, "start_child_workflow_execution_decision_attributes", "StartChildWorkflowExecutionDecisionAttributes"),
        (110, "signal_external_workflow_execution_decision_attributes", "SignalExternalWorkflowExecutionDecisionAttributes"),
        (120, "upsert_workflow_search_attributes_decision_attributes", "UpsertWorkflowSearchAttributesDecisionAttributes"),
    )

    def __init__(
        self, decision_type: DecisionType | int | None = None,
        schedule_activity_task_decision_attributes: ScheduleActivityTaskDecisionAttributes | None = None,
        start_timer_decision_attributes: StartTimerDecisionAttributes | None = None,
        complete_workflow_execution_decision_attributes: CompleteWorkflowExecutionDecisionAttributes | None = None,
        fail_workflow_execution_decision_attributes: FailWorkflowExecutionDecisionAttributes | None = None,
        request_cancel_activity_task_decision_attributes: RequestCancelActivityTaskDecisionAttributes | None = None,
        cancel_timer_decision_attributes: CancelTimerDecisionAttributes | None = None,
        cancel_workflow_execution_decision_attributes: CancelWorkflowExecutionDecisionAttributes | None = None,
        request_cancel_external_workflow_execution_decision_attributes: RequestCancelExternalWorkflowExecutionDecisionAttributes | None = None,
        record_marker_decision_attributes: RecordMarkerDecisionAttributes | None = None,
        continue_as_new_workflow_execution_decision_attributes: ContinueAsNewWorkflowExecutionDecisionAttributes | None = None,
        start_child_workflow_execution_decision_attributes: StartChildWorkflowExecutionDecisionAttributes | None = None,
        signal_external_workflow_execution_decision_attributes: SignalExternalWorkflowExecutionDecisionAttributes | None = None,
        upsert_workflow_search_attributes_decision_attributes: UpsertWorkflowSearchAttributesDecisionAttributes | None = None,
    ) -> None:
        self.decision_type = decision_type
        self.schedule_activity_task_decision_attributes = schedule_activity_task_decision_attributes
        self.start_timer_decision_attributes = start_timer_decision_attributes
        self.complete_workflow_execution_decision_attributes = complete_workflow_execution_decision_attributes
        self.fail_workflow_execution_decision_attributes = fail_workflow_execution_decision_attributes
        self.request_cancel_activity_task_decision_attributes = request_cancel_activity_task_decision_attributes
        self.cancel_timer_decision_attributes = cancel_timer_decision_attributes
        self.cancel_workflow_execution_decision_attributes = cancel_workflow_execution_decision_attributes
        self.request_cancel_external_workflow_execution_decision_attributes = request_cancel_external_workflow_execution_decision_attributes
        self.record_marker_decision_attributes = record_marker_decision_attributes
        self.continue_as_new_workflow_execution_decision_attributes = continue_as_new_workflow_execution_decision_attributes
        self.start_child_workflow_execution_decision_attributes = start_child_workflow_execution_decision_attributes
        self.signal_external_workflow_execution_decision_attributes = signal_external_workflow_execution_decision_attributes
        self.upsert_workflow_search_attributes_decision_attributes = upsert_workflow_search_attributes_decision_attributes
