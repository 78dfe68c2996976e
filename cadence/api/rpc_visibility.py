"""Lists of runs, task lists, search attributes, the cluster itself.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import IndexedValueType, TaskListType, WorkflowExecutionCloseStatus
    from cadence.api.parts import TaskList, WorkflowExecutionInfo

__all__ = (
    "ClusterInfo", "CountWorkflowExecutionsRequest", "CountWorkflowExecutionsResponse", "DescribeTaskListRequest",
    "DescribeTaskListResponse", "GetSearchAttributesResponse", "GetTaskListsByDomainRequest",
    "GetTaskListsByDomainResponse", "IsolationGroupMetrics", "ListArchivedWorkflowExecutionsRequest",
    "ListArchivedWorkflowExecutionsResponse", "ListClosedWorkflowExecutionsRequest",
    "ListClosedWorkflowExecutionsResponse", "ListOpenWorkflowExecutionsRequest", "ListOpenWorkflowExecutionsResponse",
    "ListTaskListPartitionsRequest", "ListTaskListPartitionsResponse", "ListWorkflowExecutionsRequest",
    "ListWorkflowExecutionsResponse", "PollerInfo", "StartTimeFilter", "SupportedClientVersions", "TaskIDBlock",
    "TaskListPartitionMetadata", "TaskListStatus", "WorkflowExecutionFilter", "WorkflowTypeFilter",
)


class WorkflowExecutionFilter(Struct):
    __slots__ = ("workflow_id", "run_id")
    _fields = ((10, "workflow_id", "string"), (20, "run_id", "string"))

    def __init__(self, workflow_id: str | None = None, run_id: str | None = None) -> None:
        self.workflow_id = workflow_id
        self.run_id = run_id


class WorkflowTypeFilter(Struct):
    __slots__ = ("name",)
    _fields = ((10, "name", "string"),)

    def __init__(self, name: str | None = None) -> None:
        self.name = name


class StartTimeFilter(Struct):
    """Runs started between two times, in nanoseconds; both are required by the server."""

    __slots__ = ("earliest_time", "latest_time")
    _fields = ((10, "earliest_time", "i64"), (20, "latest_time", "i64"))

    def __init__(self, earliest_time: int | None = None, latest_time: int | None = None) -> None:
        self.earliest_time = earliest_time
        self.latest_time = latest_time


class ListOpenWorkflowExecutionsRequest(Struct):
    __slots__ = (
        "domain", "maximum_page_size", "next_page_token", "start_time_filter", "execution_filter", "type_filter",
    )
    _fields = (
        (10, "domain", "string"), (20, "maximum_page_size", "i32"), (30, "next_page_token", "binary"),
        (40, "start_time_filter", "StartTimeFilter", "StartTimeFilter"),
        (50, "execution_filter", "WorkflowExecutionFilter"), (60, "type_filter", "WorkflowTypeFilter"),
    )

    def __init__(
        self, domain: str | None = None, maximum_page_size: int | None = None, next_page_token: bytes | None = None,
        start_time_filter: StartTimeFilter | None = None, execution_filter: WorkflowExecutionFilter | None = None,
        type_filter: WorkflowTypeFilter | None = None,
    ) -> None:
        self.domain = domain
        self.maximum_page_size = maximum_page_size
        self.next_page_token = next_page_token
        self.start_time_filter = start_time_filter
        self.execution_filter = execution_filter
        self.type_filter = type_filter


class ListOpenWorkflowExecutionsResponse(Struct):
    __slots__ = ("executions", "next_page_token")
    _fields = ((10, "executions", "list<WorkflowExecutionInfo>"), (20, "next_page_token", "binary"))

    def __init__(
        self, executions: list[WorkflowExecutionInfo] | None = None, next_page_token: bytes | None = None,
    ) -> None:
        self.executions = executions
        self.next_page_token = next_page_token


class ListClosedWorkflowExecutionsRequest(Struct):
    __slots__ = (
        "domain", "maximum_page_size", "next_page_token", "start_time_filter", "execution_filter", "type_filter",
        "status_filter",
    )
    _fields = (
        (10, "domain", "string"), (20, "maximum_page_size", "i32"), (30, "next_page_token", "binary"),
        (40, "start_time_filter", "StartTimeFilter", "StartTimeFilter"),
        (50, "execution_filter", "WorkflowExecutionFilter"), (60, "type_filter", "WorkflowTypeFilter"),
        (70, "status_filter", "WorkflowExecutionCloseStatus"),
    )

    def __init__(
        self, domain: str | None = None, maximum_page_size: int | None = None, next_page_token: bytes | None = None,
        start_time_filter: StartTimeFilter | None = None, execution_filter: WorkflowExecutionFilter | None = None,
        type_filter: WorkflowTypeFilter | None = None,
        status_filter: WorkflowExecutionCloseStatus | int | None = None,
    ) -> None:
        self.domain = domain
        self.maximum_page_size = maximum_page_size
        self.next_page_token = next_page_token
        self.start_time_filter = start_time_filter
        self.execution_filter = execution_filter
        self.type_filter = type_filter
        self.status_filter = status_filter


class ListClosedWorkflowExecutionsResponse(Struct):
    __slots__ = ("executions", "next_page_token")
    _fields = ((10, "executions", "list<WorkflowExecutionInfo>"), (20, "next_page_token", "binary"))

    def __init__(
        self, executions: list[WorkflowExecutionInfo] | None = None, next_page_token: bytes | None = None,
    ) -> None:
        self.executions = executions
        self.next_page_token = next_page_token


class ListWorkflowExecutionsRequest(Struct):
    __slots__ = ("domain", "page_size", "next_page_token", "query")
    _fields = (
        (10, "domain", "string"), (20, "page_size", "i32"), (30, "next_page_token", "binary"),
        (40, "query", "string"),
    )

    def __init__(
        self, domain: str | None = None, page_size: int | None = None, next_page_token: bytes | None = None,
        query: str | None = None,
    ) -> None:
        self.domain = domain
        self.page_size = page_size
        self.next_page_token = next_page_token
        self.query = query


class ListWorkflowExecutionsResponse(Struct):
    __slots__ = ("executions", "next_page_token")
    _fields = ((10, "executions", "list<WorkflowExecutionInfo>"), (20, "next_page_token", "binary"))

    def __init__(
        self, executions: list[WorkflowExecutionInfo] | None = None, next_page_token: bytes | None = None,
    ) -> None:
        self.executions = executions
        self.next_page_token = next_page_token


class ListArchivedWorkflowExecutionsRequest(Struct):
    __slots__ = ("domain", "page_size", "next_page_token", "query")
    _fields = (
        (10, "domain", "string"), (20, "page_size", "i32"), (30, "next_page_token", "binary"),
        (40, "query", "string"),
    )

    def __init__(
        self, domain: str | None = None, page_size: int | None = None, next_page_token: bytes | None = None,
        query: str | None = None,
    ) -> None:
        self.domain = domain
        self.page_size = page_size
        self.next_page_token = next_page_token
        self.query = query


class ListArchivedWorkflowExecutionsResponse(Struct):
    __slots__ = ("executions", "next_page_token")
    _fields = ((10, "executions", "list<WorkflowExecutionInfo>"), (20, "next_page_token", "binary"))

    def __init__(
        self, executions: list[WorkflowExecutionInfo] | None = None, next_page_token: bytes | None = None,
    ) -> None:
        self.executions = executions
        self.next_page_token = next_page_token


class CountWorkflowExecutionsRequest(Struct):
    __slots__ = ("domain", "query")
    _fields = ((10, "domain", "string"), (20, "query", "string"))

    def __init__(self, domain: str | None = None, query: str | None = None) -> None:
        self.domain = domain
        self.query = query


class CountWorkflowExecutionsResponse(Struct):
    __slots__ = ("count",)
    _fields = ((10, "count", "i64"),)

    def __init__(self, count: int | None = None) -> None:
        self.count = count


class GetSearchAttributesResponse(Struct):
    __slots__ = ("keys",)
    _fields = ((10, "keys", "map<string,IndexedValueType>"),)

    def __init__(self, keys: dict[str, IndexedValueType | int] | None = None) -> None:
        self.keys = keys


class DescribeTaskListRequest(Struct):
    __slots__ = ("domain", "task_list", "task_list_type", "include_task_list_status")
    _fields = (
        (10, "domain", "string"), (20, "task_list", "TaskList"), (30, "task_list_type", "TaskListType"),
        (40, "include_task_list_status", "bool"),
    )

    def __init__(
        self, domain: str | None = None, task_list: TaskList | None = None,
        task_list_type: TaskListType | int | None = None, include_task_list_status: bool | None = None,
    ) -> None:
        self.domain = domain
        self.task_list = task_list
        self.task_list_type = task_list_type
        self.include_task_list_status = include_task_list_status


class DescribeTaskListResponse(Struct):
    __slots__ = ("pollers", "task_list_status", "task_list")
    _fields = (
        (10, "pollers", "list<PollerInfo>"), (20, "task_list_status", "TaskListStatus"),
        (30, "task_list", "TaskList"),
    )

    def __init__(
        self, pollers: list[PollerInfo] | None = None, task_list_status: TaskListStatus | None = None,
        task_list: TaskList | None = None,
    ) -> None:
        self.pollers = pollers
        self.task_list_status = task_list_status
        self.task_list = task_list


class GetTaskListsByDomainRequest(Struct):
    __slots__ = ("domain_name",)
    _fields = ((10, "domain_name", "string"),)

    def __init__(self, domain_name: str | None = None) -> None:
        self.domain_name = domain_name


class GetTaskListsByDomainResponse(Struct):
    __slots__ = ("decision_task_list_map", "activity_task_list_map")
    _fields = (
        (10, "decision_task_list_map", "map<string,DescribeTaskListResponse>"),
        (20, "activity_task_list_map", "map<string,DescribeTaskListResponse>"),
    )

    def __init__(
        self, decision_task_list_map: dict[str, DescribeTaskListResponse] | None = None,
        activity_task_list_map: dict[str, DescribeTaskListResponse] | None = None,
    ) -> None:
        self.decision_task_list_map = decision_task_list_map
        self.activity_task_list_map = activity_task_list_map


class ListTaskListPartitionsRequest(Struct):
    __slots__ = ("domain", "task_list")
    _fields = ((10, "domain", "string"), (20, "task_list", "TaskList"))

    def __init__(self, domain: str | None = None, task_list: TaskList | None = None) -> None:
        self.domain = domain
        self.task_list = task_list


class TaskListPartitionMetadata(Struct):
    __slots__ = ("key", "owner_host_name")
    _fields = ((10, "key", "string"), (20, "owner_host_name", "string"))

    def __init__(self, key: str | None = None, owner_host_name: str | None = None) -> None:
        self.key = key
        self.owner_host_name = owner_host_name


class ListTaskListPartitionsResponse(Struct):
    __slots__ = ("activity_task_list_partitions", "decision_task_list_partitions")
    _fields = (
        (10, "activity_task_list_partitions", "list<TaskListPartitionMetadata>"),
        (20, "decision_task_list_partitions", "list<TaskListPartitionMetadata>"),
    )

    def __init__(
        self, activity_task_list_partitions: list[TaskListPartitionMetadata] | None = None,
        decision_task_list_partitions: list[TaskListPartitionMetadata] | None = None,
    ) -> None:
        self.activity_task_list_partitions = activity_task_list_partitions
        self.decision_task_list_partitions = decision_task_list_partitions


class IsolationGroupMetrics(Struct):
    __slots__ = ("new_tasks_per_second", "poller_count")
    _fields = ((10, "new_tasks_per_second", "double"), (20, "poller_count", "i64"))

    def __init__(self, new_tasks_per_second: float | None = None, poller_count: int | None = None) -> None:
        self.new_tasks_per_second = new_tasks_per_second
        self.poller_count = poller_count


class TaskListStatus(Struct):
    """Backlog and read position of a list."""

    __slots__ = (
        "backlog_count_hint", "read_level", "ack_level", "rate_per_second", "task_id_block",
        "isolation_group_metrics", "new_tasks_per_second", "empty",
    )
    _fields = (
        (10, "backlog_count_hint", "i64"), (20, "read_level", "i64"), (30, "ack_level", "i64"),
        (35, "rate_per_second", "double"), (40, "task_id_block", "TaskIDBlock", "taskIDBlock"),
        (50, "isolation_group_metrics", "map<string,IsolationGroupMetrics>"), (60, "new_tasks_per_second", "double"),
        (70, "empty", "bool"),
    )

    def __init__(
        self, backlog_count_hint: int | None = None, read_level: int | None = None, ack_level: int | None = None,
        rate_per_second: float | None = None, task_id_block: TaskIDBlock | None = None,
        isolation_group_metrics: dict[str, IsolationGroupMetrics] | None = None,
        new_tasks_per_second: float | None = None, empty: bool | None = None,
    ) -> None:
        self.backlog_count_hint = backlog_count_hint
        self.read_level = read_level
        self.ack_level = ack_level
        self.rate_per_second = rate_per_second
        self.task_id_block = task_id_block
        self.isolation_group_metrics = isolation_group_metrics
        self.new_tasks_per_second = new_tasks_per_second
        self.empty = empty


class TaskIDBlock(Struct):
    __slots__ = ("start_id", "end_id")
    _fields = ((10, "start_id", "i64", "startID"), (20, "end_id", "i64", "endID"))

    def __init__(self, start_id: int | None = None, end_id: int | None = None) -> None:
        self.start_id = start_id
        self.end_id = end_id


class PollerInfo(Struct):
    """Who polled a list, when it did last, and how fast."""

    __slots__ = ("last_access_time", "identity", "rate_per_second")
    _fields = ((10, "last_access_time", "i64"), (20, "identity", "string"), (30, "rate_per_second", "double"))

    def __init__(
        self, last_access_time: int | None = None, identity: str | None = None, rate_per_second: float | None = None,
    ) -> None:
        self.last_access_time = last_access_time
        self.identity = identity
        self.rate_per_second = rate_per_second


class SupportedClientVersions(Struct):
    __slots__ = ("go_sdk", "java_sdk")
    _fields = ((10, "go_sdk", "string"), (20, "java_sdk", "string"))

    def __init__(self, go_sdk: str | None = None, java_sdk: str | None = None) -> None:
        self.go_sdk = go_sdk
        self.java_sdk = java_sdk


class ClusterInfo(Struct):
    """Client versions that the cluster supports."""

    __slots__ = ("supported_client_versions",)
    _fields = ((10, "supported_client_versions", "SupportedClientVersions"),)

    def __init__(self, supported_client_versions: SupportedClientVersions | None = None) -> None:
        self.supported_client_versions = supported_client_versions
