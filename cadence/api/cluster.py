"""Spoken between servers and by operators' tools; clients never send these.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import PredicateType
    from cadence.api.parts import DataBlob, WorkflowExecution

__all__ = (
    "CloseShardRequest", "DescribeHistoryHostRequest", "DescribeHistoryHostResponse", "DescribeQueueRequest",
    "DescribeQueueResponse", "DescribeShardDistributionRequest", "DescribeShardDistributionResponse",
    "DomainCacheInfo", "DomainIDPredicateAttributes", "EmptyPredicateAttributes", "HistoryBranch",
    "HistoryBranchRange", "Predicate", "QueueState", "ReapplyEventsRequest", "RemoveTaskRequest", "ResetQueueRequest",
    "TaskKey", "TaskRange", "UniversalPredicateAttributes", "VersionHistories", "VersionHistory",
    "VersionHistoryItem", "VirtualQueueState", "VirtualSliceState",
)


class DescribeHistoryHostRequest(Struct):
    __slots__ = ("host_address", "shard_id_for_host", "execution_for_host")
    _fields = (
        (10, "host_address", "string"), (20, "shard_id_for_host", "i32"),
        (30, "execution_for_host", "WorkflowExecution"),
    )

    def __init__(
        self, host_address: str | None = None, shard_id_for_host: int | None = None,
        execution_for_host: WorkflowExecution | None = None,
    ) -> None:
        self.host_address = host_address
        self.shard_id_for_host = shard_id_for_host
        self.execution_for_host = execution_for_host


class RemoveTaskRequest(Struct):
    __slots__ = ("shard_id", "type", "task_id", "visibility_timestamp", "cluster_name")
    _fields = (
        (10, "shard_id", "i32", "shardID"), (20, "type", "i32"), (30, "task_id", "i64", "taskID"),
        (40, "visibility_timestamp", "i64"), (50, "cluster_name", "string"),
    )

    def __init__(
        self, shard_id: int | None = None, type: int | None = None, task_id: int | None = None,
        visibility_timestamp: int | None = None, cluster_name: str | None = None,
    ) -> None:
        self.shard_id = shard_id
        self.type = type
        self.task_id = task_id
        self.visibility_timestamp = visibility_timestamp
        self.cluster_name = cluster_name


class CloseShardRequest(Struct):
    __slots__ = ("shard_id",)
    _fields = ((10, "shard_id", "i32", "shardID"),)

    def __init__(self, shard_id: int | None = None) -> None:
        self.shard_id = shard_id


class ResetQueueRequest(Struct):
    __slots__ = ("shard_id", "cluster_name", "type")
    _fields = ((10, "shard_id", "i32", "shardID"), (20, "cluster_name", "string"), (30, "type", "i32"))

    def __init__(self, shard_id: int | None = None, cluster_name: str | None = None, type: int | None = None) -> None:
        self.shard_id = shard_id
        self.cluster_name = cluster_name
        self.type = type


class DescribeQueueRequest(Struct):
    __slots__ = ("shard_id", "cluster_name", "type")
    _fields = ((10, "shard_id", "i32", "shardID"), (20, "cluster_name", "string"), (30, "type", "i32"))

    def __init__(self, shard_id: int | None = None, cluster_name: str | None = None, type: int | None = None) -> None:
        self.shard_id = shard_id
        self.cluster_name = cluster_name
        self.type = type


class DescribeQueueResponse(Struct):
    __slots__ = ("processing_queue_states",)
    _fields = ((10, "processing_queue_states", "list<string>"),)

    def __init__(self, processing_queue_states: list[str] | None = None) -> None:
        self.processing_queue_states = processing_queue_states


class DescribeShardDistributionRequest(Struct):
    __slots__ = ("page_size", "page_id")
    _fields = ((10, "page_size", "i32"), (20, "page_id", "i32", "pageID"))

    def __init__(self, page_size: int | None = None, page_id: int | None = None) -> None:
        self.page_size = page_size
        self.page_id = page_id


class DescribeShardDistributionResponse(Struct):
    __slots__ = ("number_of_shards", "shards")
    _fields = ((10, "number_of_shards", "i32"), (20, "shards", "map<i32,string>"))

    def __init__(self, number_of_shards: int | None = None, shards: dict[int, str] | None = None) -> None:
        self.number_of_shards = number_of_shards
        self.shards = shards


class DescribeHistoryHostResponse(Struct):
    __slots__ = ("number_of_shards", "shard_i_ds", "domain_cache", "shard_controller_status", "address")
    _fields = (
        (10, "number_of_shards", "i32"), (20, "shard_i_ds", "list<i32>"), (30, "domain_cache", "DomainCacheInfo"),
        (40, "shard_controller_status", "string"), (50, "address", "string"),
    )

    def __init__(
        self, number_of_shards: int | None = None, shard_i_ds: list[int] | None = None,
        domain_cache: DomainCacheInfo | None = None, shard_controller_status: str | None = None,
        address: str | None = None,
    ) -> None:
        self.number_of_shards = number_of_shards
        self.shard_i_ds = shard_i_ds
        self.domain_cache = domain_cache
        self.shard_controller_status = shard_controller_status
        self.address = address


class DomainCacheInfo(Struct):
    __slots__ = ("num_of_items_in_cache_by_id", "num_of_items_in_cache_by_name")
    _fields = (
        (10, "num_of_items_in_cache_by_id", "i64", "numOfItemsInCacheByID"),
        (20, "num_of_items_in_cache_by_name", "i64"),
    )

    def __init__(
        self, num_of_items_in_cache_by_id: int | None = None, num_of_items_in_cache_by_name: int | None = None,
    ) -> None:
        self.num_of_items_in_cache_by_id = num_of_items_in_cache_by_id
        self.num_of_items_in_cache_by_name = num_of_items_in_cache_by_name


class HistoryBranchRange(Struct):
    __slots__ = ("branch_id", "begin_node_id", "end_node_id")
    _fields = (
        (10, "branch_id", "string", "branchID"), (20, "begin_node_id", "i64", "beginNodeID"),
        (30, "end_node_id", "i64", "endNodeID"),
    )

    def __init__(
        self, branch_id: str | None = None, begin_node_id: int | None = None, end_node_id: int | None = None,
    ) -> None:
        self.branch_id = branch_id
        self.begin_node_id = begin_node_id
        self.end_node_id = end_node_id


class HistoryBranch(Struct):
    __slots__ = ("tree_id", "branch_id", "ancestors")
    _fields = (
        (10, "tree_id", "string", "treeID"), (20, "branch_id", "string", "branchID"),
        (30, "ancestors", "list<HistoryBranchRange>"),
    )

    def __init__(
        self, tree_id: str | None = None, branch_id: str | None = None,
        ancestors: list[HistoryBranchRange] | None = None,
    ) -> None:
        self.tree_id = tree_id
        self.branch_id = branch_id
        self.ancestors = ancestors


class VersionHistoryItem(Struct):
    __slots__ = ("event_id", "version")
    _fields = ((10, "event_id", "i64", "eventID"), (20, "version", "i64"))

    def __init__(self, event_id: int | None = None, version: int | None = None) -> None:
        self.event_id = event_id
        self.version = version


class VersionHistory(Struct):
    __slots__ = ("branch_token", "items")
    _fields = ((10, "branch_token", "binary"), (20, "items", "list<VersionHistoryItem>"))

    def __init__(self, branch_token: bytes | None = None, items: list[VersionHistoryItem] | None = None) -> None:
        self.branch_token = branch_token
        self.items = items


class VersionHistories(Struct):
    __slots__ = ("current_version_history_index", "histories")
    _fields = ((10, "current_version_history_index", "i32"), (20, "histories", "list<VersionHistory>"))

    def __init__(
        self, current_version_history_index: int | None = None, histories: list[VersionHistory] | None = None,
    ) -> None:
        self.current_version_history_index = current_version_history_index
        self.histories = histories


class ReapplyEventsRequest(Struct):
    __slots__ = ("domain_name", "workflow_execution", "events")
    _fields = (
        (10, "domain_name", "string"), (20, "workflow_execution", "WorkflowExecution"), (30, "events", "DataBlob"),
    )

    def __init__(
        self, domain_name: str | None = None, workflow_execution: WorkflowExecution | None = None,
        events: DataBlob | None = None,
    ) -> None:
        self.domain_name = domain_name
        self.workflow_execution = workflow_execution
        self.events = events


class QueueState(Struct):
    __slots__ = ("virtual_queue_states", "exclusive_max_read_level")
    _fields = (
        (10, "virtual_queue_states", "map<i64,VirtualQueueState>"), (20, "exclusive_max_read_level", "TaskKey"),
    )

    def __init__(
        self, virtual_queue_states: dict[int, VirtualQueueState] | None = None,
        exclusive_max_read_level: TaskKey | None = None,
    ) -> None:
        self.virtual_queue_states = virtual_queue_states
        self.exclusive_max_read_level = exclusive_max_read_level


class VirtualQueueState(Struct):
    __slots__ = ("virtual_slice_states",)
    _fields = ((10, "virtual_slice_states", "list<VirtualSliceState>"),)

    def __init__(self, virtual_slice_states: list[VirtualSliceState] | None = None) -> None:
        self.virtual_slice_states = virtual_slice_states


class VirtualSliceState(Struct):
    __slots__ = ("task_range", "predicate")
    _fields = ((10, "task_range", "TaskRange"), (20, "predicate", "Predicate"))

    def __init__(self, task_range: TaskRange | None = None, predicate: Predicate | None = None) -> None:
        self.task_range = task_range
        self.predicate = predicate


class TaskRange(Struct):
    __slots__ = ("inclusive_min", "exclusive_max")
    _fields = ((10, "inclusive_min", "TaskKey"), (20, "exclusive_max", "TaskKey"))

    def __init__(self, inclusive_min: TaskKey | None = None, exclusive_max: TaskKey | None = None) -> None:
        self.inclusive_min = inclusive_min
        self.exclusive_max = exclusive_max


class TaskKey(Struct):
    __slots__ = ("scheduled_time_nano", "task_id")
    _fields = ((10, "scheduled_time_nano", "i64"), (20, "task_id", "i64", "taskID"))

    def __init__(self, scheduled_time_nano: int | None = None, task_id: int | None = None) -> None:
        self.scheduled_time_nano = scheduled_time_nano
        self.task_id = task_id


class UniversalPredicateAttributes(Struct):
    __slots__ = ()


class EmptyPredicateAttributes(Struct):
    __slots__ = ()


class DomainIDPredicateAttributes(Struct):
    __slots__ = ("domain_i_ds", "is_exclusive")
    _fields = ((10, "domain_i_ds", "list<string>"), (20, "is_exclusive", "bool"))

    def __init__(self, domain_i_ds: list[str] | None = None, is_exclusive: bool | None = None) -> None:
        self.domain_i_ds = domain_i_ds
        self.is_exclusive = is_exclusive


class Predicate(Struct):
    __slots__ = (
        "predicate_type", "universal_predicate_attributes", "empty_predicate_attributes",
        "domain_id_predicate_attributes",
    )
    _fields = (
        (10, "predicate_type", "PredicateType"),
        (20, "universal_predicate_attributes", "UniversalPredicateAttributes"),
        (30, "empty_predicate_attributes", "EmptyPredicateAttributes"),
        (40, "domain_id_predicate_attributes", "DomainIDPredicateAttributes", "domainIDPredicateAttributes"),
    )

    def __init__(
        self, predicate_type: PredicateType | int | None = None,
        universal_predicate_attributes: UniversalPredicateAttributes | None = None,
        empty_predicate_attributes: EmptyPredicateAttributes | None = None,
        domain_id_predicate_attributes: DomainIDPredicateAttributes | None = None,
    ) -> None:
        self.predicate_type = predicate_type
        self.universal_predicate_attributes = universal_predicate_attributes
        self.empty_predicate_attributes = empty_predicate_attributes
        self.domain_id_predicate_attributes = domain_id_predicate_attributes
