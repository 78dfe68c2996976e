"""What many messages are made of.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import (
        CronOverlapPolicy, EncodingType, TaskListKind, WorkflowExecutionCloseStatus, WorkflowExecutionStatus,
    )

__all__ = (
    "ActiveClusterSelectionPolicy", "ActivityType", "Any", "ClusterAttribute", "DataBlob", "FeatureFlags", "Header",
    "Memo", "PaginationOptions", "ResetPointInfo", "ResetPoints", "RetryPolicy", "SearchAttributes", "TaskList",
    "WorkerVersionInfo", "WorkflowExecution", "WorkflowExecutionInfo", "WorkflowQuery", "WorkflowType",
)


class Header(Struct):
    """Context that travels with a call: tracing, tenant, locale; each value is opaque bytes."""

    __slots__ = ("fields",)
    _fields = ((10, "fields", "map<string,binary>"),)

    def __init__(self, fields: dict[str, bytes] | None = None) -> None:
        self.fields = fields


class WorkflowType(Struct):
    """The registered name of a kind of workflow."""

    __slots__ = ("name",)
    _fields = ((10, "name", "string"),)

    def __init__(self, name: str | None = None) -> None:
        self.name = name


class ActivityType(Struct):
    """The registered name of a kind of activity."""

    __slots__ = ("name",)
    _fields = ((10, "name", "string"),)

    def __init__(self, name: str | None = None) -> None:
        self.name = name


class TaskList(Struct):
    """The queue that workers poll. `kind` is STICKY for the private list of one worker."""

    __slots__ = ("name", "kind", "base_name")
    _fields = ((10, "name", "string"), (20, "kind", "TaskListKind"), (30, "base_name", "string"))

    def __init__(
        self, name: str | None = None, kind: TaskListKind | int | None = None, base_name: str | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.base_name = base_name


class DataBlob(Struct):
    """A struct already serialized, with the encoding it is in."""

    __slots__ = ("encoding_type", "data")
    _fields = ((10, "encoding_type", "EncodingType", "EncodingType"), (20, "data", "binary", "Data"))

    def __init__(self, encoding_type: EncodingType | int | None = None, data: bytes | None = None) -> None:
        self.encoding_type = encoding_type
        self.data = data


class WorkflowExecution(Struct):
    """One run: the workflow id is chosen by the caller, the run id by the server. No run id means the current run."""

    __slots__ = ("workflow_id", "run_id")
    _fields = ((10, "workflow_id", "string"), (20, "run_id", "string"))

    def __init__(self, workflow_id: str | None = None, run_id: str | None = None) -> None:
        self.workflow_id = workflow_id
        self.run_id = run_id


class Memo(Struct):
    """Values kept with a run for people to see; not indexed."""

    __slots__ = ("fields",)
    _fields = ((10, "fields", "map<string,binary>"),)

    def __init__(self, fields: dict[str, bytes] | None = None) -> None:
        self.fields = fields


class SearchAttributes(Struct):
    """Indexed values of a run, each as JSON."""

    __slots__ = ("indexed_fields",)
    _fields = ((10, "indexed_fields", "map<string,binary>"),)

    def __init__(self, indexed_fields: dict[str, bytes] | None = None) -> None:
        self.indexed_fields = indexed_fields


class WorkerVersionInfo(Struct):
    """Which implementation and feature version a worker speaks."""

    __slots__ = ("impl", "feature_version")
    _fields = ((10, "impl", "string"), (20, "feature_version", "string"))

    def __init__(self, impl: str | None = None, feature_version: str | None = None) -> None:
        self.impl = impl
        self.feature_version = feature_version


class WorkflowExecutionInfo(Struct):
    """A run as lists and descriptions show it. Times are nanoseconds since the epoch."""

    __slots__ = (
        "execution", "type", "start_time", "close_time", "close_status", "history_length", "parent_domain_id",
        "parent_domain_name", "parent_initated_id", "parent_execution", "execution_time", "memo", "search_attributes",
        "auto_reset_points", "task_list", "task_list_info", "is_cron", "update_time", "partition_config",
        "cron_overlap_policy", "active_cluster_selection_policy", "cron_schedule", "execution_status",
        "scheduled_execution_time",
    )
    _fields = (
        (10, "execution", "WorkflowExecution"), (20, "type", "WorkflowType"), (30, "start_time", "i64"),
        (40, "close_time", "i64"), (50, "close_status", "WorkflowExecutionCloseStatus"),
        (60, "history_length", "i64"), (70, "parent_domain_id", "string"), (71, "parent_domain_name", "string"),
        (72, "parent_initated_id", "i64"), (80, "parent_execution", "WorkflowExecution"),
        (90, "execution_time", "i64"), (100, "memo", "Memo"), (101, "search_attributes", "SearchAttributes"),
        (110, "auto_reset_points", "ResetPoints"), (120, "task_list", "string"), (121, "task_list_info", "TaskList"),
        (130, "is_cron", "bool"), (140, "update_time", "i64"), (150, "partition_config", "map<string,string>"),
        (160, "cron_overlap_policy", "CronOverlapPolicy"),
        (170, "active_cluster_selection_policy", "ActiveClusterSelectionPolicy"), (180, "cron_schedule", "string"),
        (190, "execution_status", "WorkflowExecutionStatus"), (200, "scheduled_execution_time", "i64"),
    )

    def __init__(
        self, execution: WorkflowExecution | None = None, type: WorkflowType | None = None,
        start_time: int | None = None, close_time: int | None = None,
        close_status: WorkflowExecutionCloseStatus | int | None = None, history_length: int | None = None,
        parent_domain_id: str | None = None, parent_domain_name: str | None = None,
        parent_initated_id: int | None = None, parent_execution: WorkflowExecution | None = None,
        execution_time: int | None = None, memo: Memo | None = None,
        search_attributes: SearchAttributes | None = None, auto_reset_points: ResetPoints | None = None,
        task_list: str | None = None, task_list_info: TaskList | None = None, is_cron: bool | None = None,
        update_time: int | None = None, partition_config: dict[str, str] | None = None,
        cron_overlap_policy: CronOverlapPolicy | int | None = None,
        active_cluster_selection_policy: ActiveClusterSelectionPolicy | None = None, cron_schedule: str | None = None,
        execution_status: WorkflowExecutionStatus | int | None = None, scheduled_execution_time: int | None = None,
    ) -> None:
        self.execution = execution
        self.type = type
        self.start_time = start_time
        self.close_time = close_time
        self.close_status = close_status
        self.history_length = history_length
        self.parent_domain_id = parent_domain_id
        self.parent_domain_name = parent_domain_name
        self.parent_initated_id = parent_initated_id
        self.parent_execution = parent_execution
        self.execution_time = execution_time
        self.memo = memo
        self.search_attributes = search_attributes
        self.auto_reset_points = auto_reset_points
        self.task_list = task_list
        self.task_list_info = task_list_info
        self.is_cron = is_cron
        self.update_time = update_time
        self.partition_config = partition_config
        self.cron_overlap_policy = cron_overlap_policy
        self.active_cluster_selection_policy = active_cluster_selection_policy
        self.cron_schedule = cron_schedule
        self.execution_status = execution_status
        self.scheduled_execution_time = scheduled_execution_time


class ResetPoints(Struct):
    """Points that a run can be reset to without naming an event."""

    __slots__ = ("points",)
    _fields = ((10, "points", "list<ResetPointInfo>"),)

    def __init__(self, points: list[ResetPointInfo] | None = None) -> None:
        self.points = points


class ResetPointInfo(Struct):
    """The first decision made by one build of a worker."""

    __slots__ = (
        "binary_checksum", "run_id", "first_decision_completed_id", "created_time_nano", "expiring_time_nano",
        "resettable",
    )
    _fields = (
        (10, "binary_checksum", "string"), (20, "run_id", "string"), (30, "first_decision_completed_id", "i64"),
        (40, "created_time_nano", "i64"), (50, "expiring_time_nano", "i64"), (60, "resettable", "bool"),
    )

    def __init__(
        self, binary_checksum: str | None = None, run_id: str | None = None,
        first_decision_completed_id: int | None = None, created_time_nano: int | None = None,
        expiring_time_nano: int | None = None, resettable: bool | None = None,
    ) -> None:
        self.binary_checksum = binary_checksum
        self.run_id = run_id
        self.first_decision_completed_id = first_decision_completed_id
        self.created_time_nano = created_time_nano
        self.expiring_time_nano = expiring_time_nano
        self.resettable = resettable


class WorkflowQuery(Struct):
    """A question to workflow code: its name and its encoded arguments."""

    __slots__ = ("query_type", "query_args")
    _fields = ((10, "query_type", "string"), (20, "query_args", "binary"))

    def __init__(self, query_type: str | None = None, query_args: bytes | None = None) -> None:
        self.query_type = query_type
        self.query_args = query_args


class RetryPolicy(Struct):
    """When and how often to try again. Intervals are seconds; 0 attempts and 0 expiration mean no limit of that kind."""

    __slots__ = (
        "initial_interval_in_seconds", "backoff_coefficient", "maximum_interval_in_seconds", "maximum_attempts",
        "non_retriable_error_reasons", "expiration_interval_in_seconds",
    )
    _fields = (
        (10, "initial_interval_in_seconds", "i32"), (20, "backoff_coefficient", "double"),
        (30, "maximum_interval_in_seconds", "i32"), (40, "maximum_attempts", "i32"),
        (50, "non_retriable_error_reasons", "list<string>"), (60, "expiration_interval_in_seconds", "i32"),
    )

    def __init__(
        self, initial_interval_in_seconds: int | None = None, backoff_coefficient: float | None = None,
        maximum_interval_in_seconds: int | None = None, maximum_attempts: int | None = None,
        non_retriable_error_reasons: list[str] | None = None, expiration_interval_in_seconds: int | None = None,
    ) -> None:
        self.initial_interval_in_seconds = initial_interval_in_seconds
        self.backoff_coefficient = backoff_coefficient
        self.maximum_interval_in_seconds = maximum_interval_in_seconds
        self.maximum_attempts = maximum_attempts
        self.non_retriable_error_reasons = non_retriable_error_reasons
        self.expiration_interval_in_seconds = expiration_interval_in_seconds


class FeatureFlags(Struct):
    """What a client understands beyond the basics."""

    __slots__ = ("workflow_execution_already_completed_error_enabled", "auto_forwarding_enabled")
    _fields = (
        (10, "workflow_execution_already_completed_error_enabled", "bool", "WorkflowExecutionAlreadyCompletedErrorEnabled"),
        (20, "auto_forwarding_enabled", "bool", "AutoForwardingEnabled"),
    )

    def __init__(
        self, workflow_execution_already_completed_error_enabled: bool | None = None,
        auto_forwarding_enabled: bool | None = None,
    ) -> None:
        self.workflow_execution_already_completed_error_enabled = workflow_execution_already_completed_error_enabled
        self.auto_forwarding_enabled = auto_forwarding_enabled


class Any(Struct):
    """A value with a name for its type."""

    __slots__ = ("value_type", "value")
    _fields = ((10, "value_type", "string", "ValueType"), (20, "value", "binary", "Value"))

    def __init__(self, value_type: str | None = None, value: bytes | None = None) -> None:
        self.value_type = value_type
        self.value = value


class ActiveClusterSelectionPolicy(Struct):
    """Which cluster a run is active in, where a domain is active in several."""

    __slots__ = ("cluster_attribute",)
    _fields = ((1, "cluster_attribute", "ClusterAttribute"),)

    def __init__(self, cluster_attribute: ClusterAttribute | None = None) -> None:
        self.cluster_attribute = cluster_attribute


class ClusterAttribute(Struct):
    """A named scope of an active-active domain."""

    __slots__ = ("scope", "name")
    _fields = ((1, "scope", "string"), (2, "name", "string"))

    def __init__(self, scope: str | None = None, name: str | None = None) -> None:
        self.scope = scope
        self.name = name


class PaginationOptions(Struct):
    """Size and place of a page."""

    __slots__ = ("page_size", "next_page_token")
    _fields = ((10, "page_size", "i32"), (20, "next_page_token", "binary"))

    def __init__(self, page_size: int | None = None, next_page_token: bytes | None = None) -> None:
        self.page_size = page_size
        self.next_page_token = next_page_token
