"""Polls, answers and heartbeats of workers.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.decisions import Decision
    from cadence.api.enums import DecisionTaskFailedCause, QueryResultType, QueryTaskCompletedType
    from cadence.api.history import History, HistoryEvent
    from cadence.api.parts import (
        ActivityType, Header, TaskList, WorkerVersionInfo, WorkflowExecution, WorkflowQuery, WorkflowType,
    )

__all__ = (
    "ActivityLocalDispatchInfo", "AutoConfigHint", "PollForActivityTaskRequest", "PollForActivityTaskResponse",
    "PollForDecisionTaskRequest", "PollForDecisionTaskResponse", "RecordActivityTaskHeartbeatByIDRequest",
    "RecordActivityTaskHeartbeatRequest", "RecordActivityTaskHeartbeatResponse", "ResetStickyTaskListRequest",
    "ResetStickyTaskListResponse", "RespondActivityTaskCanceledByIDRequest", "RespondActivityTaskCanceledRequest",
    "RespondActivityTaskCompletedByIDRequest", "RespondActivityTaskCompletedRequest",
    "RespondActivityTaskFailedByIDRequest", "RespondActivityTaskFailedRequest", "RespondDecisionTaskCompletedRequest",
    "RespondDecisionTaskCompletedResponse", "RespondDecisionTaskFailedRequest", "RespondQueryTaskCompletedRequest",
    "StickyExecutionAttributes", "TaskListMetadata", "TransientDecisionInfo", "WorkflowQueryResult",
)


class TaskListMetadata(Struct):
    __slots__ = ("max_tasks_per_second",)
    _fields = ((10, "max_tasks_per_second", "double"),)

    def __init__(self, max_tasks_per_second: float | None = None) -> None:
        self.max_tasks_per_second = max_tasks_per_second


class TransientDecisionInfo(Struct):
    """Decision events that are not in history yet."""

    __slots__ = ("scheduled_event", "started_event")
    _fields = ((10, "scheduled_event", "HistoryEvent"), (20, "started_event", "HistoryEvent"))

    def __init__(
        self, scheduled_event: HistoryEvent | None = None, started_event: HistoryEvent | None = None,
    ) -> None:
        self.scheduled_event = scheduled_event
        self.started_event = started_event


class ActivityLocalDispatchInfo(Struct):
    """An activity task handed out with the completion of the decision that asked for it."""

    __slots__ = (
        "activity_id", "scheduled_timestamp", "started_timestamp", "scheduled_timestamp_of_this_attempt",
        "task_token",
    )
    _fields = (
        (10, "activity_id", "string"), (20, "scheduled_timestamp", "i64"), (30, "started_timestamp", "i64"),
        (40, "scheduled_timestamp_of_this_attempt", "i64"), (50, "task_token", "binary"),
    )

    def __init__(
        self, activity_id: str | None = None, scheduled_timestamp: int | None = None,
        started_timestamp: int | None = None, scheduled_timestamp_of_this_attempt: int | None = None,
        task_token: bytes | None = None,
    ) -> None:
        self.activity_id = activity_id
        self.scheduled_timestamp = scheduled_timestamp
        self.started_timestamp = started_timestamp
        self.scheduled_timestamp_of_this_attempt = scheduled_timestamp_of_this_attempt
        self.task_token = task_token


class PollForDecisionTaskRequest(Struct):
    """Wait for a decision task on a list."""

    __slots__ = ("domain", "task_list", "identity", "binary_checksum")
    _fields = (
        (10, "domain", "string"), (20, "task_list", "TaskList"), (30, "identity", "string"),
        (40, "binary_checksum", "string"),
    )

    def __init__(
        self, domain: str | None = None, task_list: TaskList | None = None, identity: str | None = None,
        binary_checksum: str | None = None,
    ) -> None:
        self.domain = domain
        self.task_list = task_list
        self.identity = identity
        self.binary_checksum = binary_checksum


class PollForDecisionTaskResponse(Struct):
    """A decision task; no task token means that none came in time."""

    __slots__ = (
        "task_token", "workflow_execution", "workflow_type", "previous_started_event_id", "started_event_id",
        "attempt", "backlog_count_hint", "history", "next_page_token", "query", "workflow_execution_task_list",
        "scheduled_timestamp", "started_timestamp", "queries", "next_event_id", "total_history_bytes",
        "auto_config_hint",
    )
    _fields = (
        (10, "task_token", "binary"), (20, "workflow_execution", "WorkflowExecution"),
        (30, "workflow_type", "WorkflowType"), (40, "previous_started_event_id", "i64"),
        (50, "started_event_id", "i64"), (51, "attempt", "i64"), (54, "backlog_count_hint", "i64"),
        (60, "history", "History"), (70, "next_page_token", "binary"), (80, "query", "WorkflowQuery"),
        (90, "workflow_execution_task_list", "TaskList", "WorkflowExecutionTaskList"),
        (100, "scheduled_timestamp", "i64"), (110, "started_timestamp", "i64"),
        (120, "queries", "map<string,WorkflowQuery>"), (130, "next_event_id", "i64"),
        (140, "total_history_bytes", "i64"), (150, "auto_config_hint", "AutoConfigHint"),
    )

    def __init__(
        self, task_token: bytes | None = None, workflow_execution: WorkflowExecution | None = None,
        workflow_type: WorkflowType | None = None, previous_started_event_id: int | None = None,
        started_event_id: int | None = None, attempt: int | None = None, backlog_count_hint: int | None = None,
        history: History | None = None, next_page_token: bytes | None = None, query: WorkflowQuery | None = None,
        workflow_execution_task_list: TaskList | None = None, scheduled_timestamp: int | None = None,
        started_timestamp: int | None = None, queries: dict[str, WorkflowQuery] | None = None,
        next_event_id: int | None = None, total_history_bytes: int | None = None,
        auto_config_hint: AutoConfigHint | None = None,
    ) -> None:
        self.task_token = task_token
        self.workflow_execution = workflow_execution
        self.workflow_type = workflow_type
        self.previous_started_event_id = previous_started_event_id
        self.started_event_id = started_event_id
        self.attempt = attempt
        self.backlog_count_hint = backlog_count_hint
        self.history = history
        self.next_page_token = next_page_token
        self.query = query
        self.workflow_execution_task_list = workflow_execution_task_list
        self.scheduled_timestamp = scheduled_timestamp
        self.started_timestamp = started_timestamp
        self.queries = queries
        self.next_event_id = next_event_id
        self.total_history_bytes = total_history_bytes
        self.auto_config_hint = auto_config_hint


class StickyExecutionAttributes(Struct):
    """The private list that the run's next decision task should go to, and for how long."""

    __slots__ = ("worker_task_list", "schedule_to_start_timeout_seconds")
    _fields = ((10, "worker_task_list", "TaskList"), (20, "schedule_to_start_timeout_seconds", "i32"))

    def __init__(
        self, worker_task_list: TaskList | None = None, schedule_to_start_timeout_seconds: int | None = None,
    ) -> None:
        self.worker_task_list = worker_task_list
        self.schedule_to_start_timeout_seconds = schedule_to_start_timeout_seconds


class RespondDecisionTaskCompletedRequest(Struct):
    """What the code decided, and the answers to queries."""

    __slots__ = (
        "task_token", "decisions", "execution_context", "identity", "sticky_attributes", "return_new_decision_task",
        "force_create_new_decision_task", "binary_checksum", "query_results",
    )
    _fields = (
        (10, "task_token", "binary"), (20, "decisions", "list<Decision>"), (30, "execution_context", "binary"),
        (40, "identity", "string"), (50, "sticky_attributes", "StickyExecutionAttributes"),
        (60, "return_new_decision_task", "bool"), (70, "force_create_new_decision_task", "bool"),
        (80, "binary_checksum", "string"), (90, "query_results", "map<string,WorkflowQueryResult>"),
    )

    def __init__(
        self, task_token: bytes | None = None, decisions: list[Decision] | None = None,
        execution_context: bytes | None = None, identity: str | None = None,
        sticky_attributes: StickyExecutionAttributes | None = None, return_new_decision_task: bool | None = None,
        force_create_new_decision_task: bool | None = None, binary_checksum: str | None = None,
        query_results: dict[str, WorkflowQueryResult] | None = None,
    ) -> None:
        self.task_token = task_token
        self.decisions = decisions
        self.execution_context = execution_context
        self.identity = identity
        self.sticky_attributes = sticky_attributes
        self.return_new_decision_task = return_new_decision_task
        self.force_create_new_decision_task = force_create_new_decision_task
        self.binary_checksum = binary_checksum
        self.query_results = query_results


class RespondDecisionTaskCompletedResponse(Struct):
    """The next decision task of the run, where one was asked for and is there."""

    __slots__ = ("decision_task", "activities_to_dispatch_locally")
    _fields = (
        (10, "decision_task", "PollForDecisionTaskResponse"),
        (20, "activities_to_dispatch_locally", "map<string,ActivityLocalDispatchInfo>"),
    )

    def __init__(
        self, decision_task: PollForDecisionTaskResponse | None = None,
        activities_to_dispatch_locally: dict[str, ActivityLocalDispatchInfo] | None = None,
    ) -> None:
        self.decision_task = decision_task
        self.activities_to_dispatch_locally = activities_to_dispatch_locally


class RespondDecisionTaskFailedRequest(Struct):
    """The worker can't work on the task, and why."""

    __slots__ = ("task_token", "cause", "details", "identity", "binary_checksum")
    _fields = (
        (10, "task_token", "binary"), (20, "cause", "DecisionTaskFailedCause"), (30, "details", "binary"),
        (40, "identity", "string"), (50, "binary_checksum", "string"),
    )

    def __init__(
        self, task_token: bytes | None = None, cause: DecisionTaskFailedCause | int | None = None,
        details: bytes | None = None, identity: str | None = None, binary_checksum: str | None = None,
    ) -> None:
        self.task_token = task_token
        self.cause = cause
        self.details = details
        self.identity = identity
        self.binary_checksum = binary_checksum


class PollForActivityTaskRequest(Struct):
    """Wait for an activity task on a list."""

    __slots__ = ("domain", "task_list", "identity", "task_list_metadata")
    _fields = (
        (10, "domain", "string"), (20, "task_list", "TaskList"), (30, "identity", "string"),
        (40, "task_list_metadata", "TaskListMetadata"),
    )

    def __init__(
        self, domain: str | None = None, task_list: TaskList | None = None, identity: str | None = None,
        task_list_metadata: TaskListMetadata | None = None,
    ) -> None:
        self.domain = domain
        self.task_list = task_list
        self.identity = identity
        self.task_list_metadata = task_list_metadata


class PollForActivityTaskResponse(Struct):
    """An activity task; no task token means that none came in time."""

    __slots__ = (
        "task_token", "workflow_execution", "activity_id", "activity_type", "input", "scheduled_timestamp",
        "schedule_to_close_timeout_seconds", "started_timestamp", "start_to_close_timeout_seconds",
        "heartbeat_timeout_seconds", "attempt", "scheduled_timestamp_of_this_attempt", "heartbeat_details",
        "workflow_type", "workflow_domain", "header", "auto_config_hint",
    )
    _fields = (
        (10, "task_token", "binary"), (20, "workflow_execution", "WorkflowExecution"), (30, "activity_id", "string"),
        (40, "activity_type", "ActivityType"), (50, "input", "binary"), (70, "scheduled_timestamp", "i64"),
        (80, "schedule_to_close_timeout_seconds", "i32"), (90, "started_timestamp", "i64"),
        (100, "start_to_close_timeout_seconds", "i32"), (110, "heartbeat_timeout_seconds", "i32"),
        (120, "attempt", "i32"), (130, "scheduled_timestamp_of_this_attempt", "i64"),
        (140, "heartbeat_details", "binary"), (150, "workflow_type", "WorkflowType"),
        (160, "workflow_domain", "string"), (170, "header", "Header"), (180, "auto_config_hint", "AutoConfigHint"),
    )

    def __init__(
        self, task_token: bytes | None = None, workflow_execution: WorkflowExecution | None = None,
        activity_id: str | None = None, activity_type: ActivityType | None = None, input: bytes | None = None,
        scheduled_timestamp: int | None = None, schedule_to_close_timeout_seconds: int | None = None,
        started_timestamp: int | None = None, start_to_close_timeout_seconds: int | None = None,
        heartbeat_timeout_seconds: int | None = None, attempt: int | None = None,
        scheduled_timestamp_of_this_attempt: int | None = None, heartbeat_details: bytes | None = None,
        workflow_type: WorkflowType | None = None, workflow_domain: str | None = None, header: Header | None = None,
        auto_config_hint: AutoConfigHint | None = None,
    ) -> None:
        self.task_token = task_token
        self.workflow_execution = workflow_execution
        self.activity_id = activity_id
        self.activity_type = activity_type
        self.input = input
        self.scheduled_timestamp = scheduled_timestamp
        self.schedule_to_close_timeout_seconds = schedule_to_close_timeout_seconds
        self.started_timestamp = started_timestamp
        self.start_to_close_timeout_seconds = start_to_close_timeout_seconds
        self.heartbeat_timeout_seconds = heartbeat_timeout_seconds
        self.attempt = attempt
        self.scheduled_timestamp_of_this_attempt = scheduled_timestamp_of_this_attempt
        self.heartbeat_details = heartbeat_details
        self.workflow_type = workflow_type
        self.workflow_domain = workflow_domain
        self.header = header
        self.auto_config_hint = auto_config_hint


class RecordActivityTaskHeartbeatRequest(Struct):
    """The activity lives; details are kept for its next attempt."""

    __slots__ = ("task_token", "details", "identity")
    _fields = ((10, "task_token", "binary"), (20, "details", "binary"), (30, "identity", "string"))

    def __init__(
        self, task_token: bytes | None = None, details: bytes | None = None, identity: str | None = None,
    ) -> None:
        self.task_token = task_token
        self.details = details
        self.identity = identity


class RecordActivityTaskHeartbeatByIDRequest(Struct):
    __slots__ = ("domain", "workflow_id", "run_id", "activity_id", "details", "identity")
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string", "workflowID"), (30, "run_id", "string", "runID"),
        (40, "activity_id", "string", "activityID"), (50, "details", "binary"), (60, "identity", "string"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, run_id: str | None = None,
        activity_id: str | None = None, details: bytes | None = None, identity: str | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.activity_id = activity_id
        self.details = details
        self.identity = identity


class RecordActivityTaskHeartbeatResponse(Struct):
    """Whether the activity is asked to cancel itself."""

    __slots__ = ("cancel_requested",)
    _fields = ((10, "cancel_requested", "bool"),)

    def __init__(self, cancel_requested: bool | None = None) -> None:
        self.cancel_requested = cancel_requested


class RespondActivityTaskCompletedRequest(Struct):
    __slots__ = ("task_token", "result", "identity")
    _fields = ((10, "task_token", "binary"), (20, "result", "binary"), (30, "identity", "string"))

    def __init__(
        self, task_token: bytes | None = None, result: bytes | None = None, identity: str | None = None,
    ) -> None:
        self.task_token = task_token
        self.result = result
        self.identity = identity


class RespondActivityTaskFailedRequest(Struct):
    __slots__ = ("task_token", "reason", "details", "identity")
    _fields = (
        (10, "task_token", "binary"), (20, "reason", "string"), (30, "details", "binary"), (40, "identity", "string"),
    )

    def __init__(
        self, task_token: bytes | None = None, reason: str | None = None, details: bytes | None = None,
        identity: str | None = None,
    ) -> None:
        self.task_token = task_token
        self.reason = reason
        self.details = details
        self.identity = identity


class RespondActivityTaskCanceledRequest(Struct):
    __slots__ = ("task_token", "details", "identity")
    _fields = ((10, "task_token", "binary"), (20, "details", "binary"), (30, "identity", "string"))

    def __init__(
        self, task_token: bytes | None = None, details: bytes | None = None, identity: str | None = None,
    ) -> None:
        self.task_token = task_token
        self.details = details
        self.identity = identity


class RespondActivityTaskCompletedByIDRequest(Struct):
    __slots__ = ("domain", "workflow_id", "run_id", "activity_id", "result", "identity")
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string", "workflowID"), (30, "run_id", "string", "runID"),
        (40, "activity_id", "string", "activityID"), (50, "result", "binary"), (60, "identity", "string"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, run_id: str | None = None,
        activity_id: str | None = None, result: bytes | None = None, identity: str | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.activity_id = activity_id
        self.result = result
        self.identity = identity


class RespondActivityTaskFailedByIDRequest(Struct):
    __slots__ = ("domain", "workflow_id", "run_id", "activity_id", "reason", "details", "identity")
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string", "workflowID"), (30, "run_id", "string", "runID"),
        (40, "activity_id", "string", "activityID"), (50, "reason", "string"), (60, "details", "binary"),
        (70, "identity", "string"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, run_id: str | None = None,
        activity_id: str | None = None, reason: str | None = None, details: bytes | None = None,
        identity: str | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.activity_id = activity_id
        self.reason = reason
        self.details = details
        self.identity = identity


class RespondActivityTaskCanceledByIDRequest(Struct):
    __slots__ = ("domain", "workflow_id", "run_id", "activity_id", "details", "identity")
    _fields = (
        (10, "domain", "string"), (20, "workflow_id", "string", "workflowID"), (30, "run_id", "string", "runID"),
        (40, "activity_id", "string", "activityID"), (50, "details", "binary"), (60, "identity", "string"),
    )

    def __init__(
        self, domain: str | None = None, workflow_id: str | None = None, run_id: str | None = None,
        activity_id: str | None = None, details: bytes | None = None, identity: str | None = None,
    ) -> None:
        self.domain = domain
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.activity_id = activity_id
        self.details = details
        self.identity = identity


class ResetStickyTaskListRequest(Struct):
    __slots__ = ("domain", "execution")
    _fields = ((10, "domain", "string"), (20, "execution", "WorkflowExecution"))

    def __init__(self, domain: str | None = None, execution: WorkflowExecution | None = None) -> None:
        self.domain = domain
        self.execution = execution


class ResetStickyTaskListResponse(Struct):
    __slots__ = ()


class RespondQueryTaskCompletedRequest(Struct):
    __slots__ = ("task_token", "completed_type", "query_result", "error_message", "worker_version_info")
    _fields = (
        (10, "task_token", "binary"), (20, "completed_type", "QueryTaskCompletedType"),
        (30, "query_result", "binary"), (40, "error_message", "string"),
        (50, "worker_version_info", "WorkerVersionInfo"),
    )

    def __init__(
        self, task_token: bytes | None = None, completed_type: QueryTaskCompletedType | int | None = None,
        query_result: bytes | None = None, error_message: str | None = None,
        worker_version_info: WorkerVersionInfo | None = None,
    ) -> None:
        self.task_token = task_token
        self.completed_type = completed_type
        self.query_result = query_result
        self.error_message = error_message
        self.worker_version_info = worker_version_info


class WorkflowQueryResult(Struct):
    """The answer to one query, or the failure of it."""

    __slots__ = ("result_type", "answer", "error_message")
    _fields = ((10, "result_type", "QueryResultType"), (20, "answer", "binary"), (30, "error_message", "string"))

    def __init__(
        self, result_type: QueryResultType | int | None = None, answer: bytes | None = None,
        error_message: str | None = None,
    ) -> None:
        self.result_type = result_type
        self.answer = answer
        self.error_message = error_message


class AutoConfigHint(Struct):
    """The server's advice on the number of pollers."""

    __slots__ = ("enable_auto_config", "poller_wait_time_in_ms")
    _fields = ((10, "enable_auto_config", "bool"), (20, "poller_wait_time_in_ms", "i64"))

    def __init__(self, enable_auto_config: bool | None = None, poller_wait_time_in_ms: int | None = None) -> None:
        self.enable_auto_config = enable_auto_config
        self.poller_wait_time_in_ms = poller_wait_time_in_ms
