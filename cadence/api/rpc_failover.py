"""Where a domain is active, and its past failovers.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import FailoverType, IsolationGroupState
    from cadence.api.parts import ClusterAttribute, DataBlob, PaginationOptions
    from cadence.api.rpc_domain import DomainConfiguration, DomainInfo, DomainReplicationConfiguration

__all__ = (
    "ActiveClusterInfo", "ActiveClusters", "AsyncWorkflowConfiguration", "ClusterAttributeScope", "ClusterFailover",
    "FailoverDomainRequest", "FailoverDomainResponse", "FailoverEvent", "FailoverInfo", "IsolationGroupConfiguration",
    "IsolationGroupPartition", "ListFailoverHistoryRequest", "ListFailoverHistoryRequestFilters",
    "ListFailoverHistoryResponse",
)


class FailoverInfo(Struct):
    __slots__ = (
        "failover_version", "failover_start_timestamp", "failover_expire_timestamp", "completed_shard_count",
        "pending_shards",
    )
    _fields = (
        (10, "failover_version", "i64"), (20, "failover_start_timestamp", "i64"),
        (30, "failover_expire_timestamp", "i64"), (40, "completed_shard_count", "i32"),
        (50, "pending_shards", "list<i32>"),
    )

    def __init__(
        self, failover_version: int | None = None, failover_start_timestamp: int | None = None,
        failover_expire_timestamp: int | None = None, completed_shard_count: int | None = None,
        pending_shards: list[int] | None = None,
    ) -> None:
        self.failover_version = failover_version
        self.failover_start_timestamp = failover_start_timestamp
        self.failover_expire_timestamp = failover_expire_timestamp
        self.completed_shard_count = completed_shard_count
        self.pending_shards = pending_shards


class ClusterAttributeScope(Struct):
    __slots__ = ("cluster_attributes",)
    _fields = ((10, "cluster_attributes", "map<string,ActiveClusterInfo>"),)

    def __init__(self, cluster_attributes: dict[str, ActiveClusterInfo] | None = None) -> None:
        self.cluster_attributes = cluster_attributes


class ActiveClusters(Struct):
    __slots__ = ("active_clusters_by_region", "active_clusters_by_cluster_attribute")
    _fields = (
        (10, "active_clusters_by_region", "map<string,ActiveClusterInfo>"),
        (11, "active_clusters_by_cluster_attribute", "map<string,ClusterAttributeScope>"),
    )

    def __init__(
        self, active_clusters_by_region: dict[str, ActiveClusterInfo] | None = None,
        active_clusters_by_cluster_attribute: dict[str, ClusterAttributeScope] | None = None,
    ) -> None:
        self.active_clusters_by_region = active_clusters_by_region
        self.active_clusters_by_cluster_attribute = active_clusters_by_cluster_attribute


class ActiveClusterInfo(Struct):
    __slots__ = ("active_cluster_name", "failover_version")
    _fields = ((10, "active_cluster_name", "string"), (20, "failover_version", "i64"))

    def __init__(self, active_cluster_name: str | None = None, failover_version: int | None = None) -> None:
        self.active_cluster_name = active_cluster_name
        self.failover_version = failover_version


class FailoverDomainRequest(Struct):
    __slots__ = (
        "domain_name", "domain_active_cluster_name", "active_clusters", "reason", "failover_timeout_in_seconds",
    )
    _fields = (
        (10, "domain_name", "string"), (20, "domain_active_cluster_name", "string"),
        (30, "active_clusters", "ActiveClusters"), (40, "reason", "string"),
        (50, "failover_timeout_in_seconds", "i32"),
    )

    def __init__(
        self, domain_name: str | None = None, domain_active_cluster_name: str | None = None,
        active_clusters: ActiveClusters | None = None, reason: str | None = None,
        failover_timeout_in_seconds: int | None = None,
    ) -> None:
        self.domain_name = domain_name
        self.domain_active_cluster_name = domain_active_cluster_name
        self.active_clusters = active_clusters
        self.reason = reason
        self.failover_timeout_in_seconds = failover_timeout_in_seconds


class FailoverDomainResponse(Struct):
    __slots__ = ("domain_info", "configuration", "replication_configuration", "failover_version", "is_global_domain")
    _fields = (
        (10, "domain_info", "DomainInfo"), (20, "configuration", "DomainConfiguration"),
        (30, "replication_configuration", "DomainReplicationConfiguration"), (40, "failover_version", "i64"),
        (50, "is_global_domain", "bool"),
    )

    def __init__(
        self, domain_info: DomainInfo | None = None, configuration: DomainConfiguration | None = None,
        replication_configuration: DomainReplicationConfiguration | None = None, failover_version: int | None = None,
        is_global_domain: bool | None = None,
    ) -> None:
        self.domain_info = domain_info
        self.configuration = configuration
        self.replication_configuration = replication_configuration
        self.failover_version = failover_version
        self.is_global_domain = is_global_domain


class ListFailoverHistoryRequest(Struct):
    __slots__ = ("filters", "pagination")
    _fields = ((10, "filters", "ListFailoverHistoryRequestFilters"), (20, "pagination", "PaginationOptions"))

    def __init__(
        self, filters: ListFailoverHistoryRequestFilters | None = None, pagination: PaginationOptions | None = None,
    ) -> None:
        self.filters = filters
        self.pagination = pagination


class ListFailoverHistoryRequestFilters(Struct):
    __slots__ = ("domain_id",)
    _fields = ((10, "domain_id", "string", "domainID"),)

    def __init__(self, domain_id: str | None = None) -> None:
        self.domain_id = domain_id


class ListFailoverHistoryResponse(Struct):
    __slots__ = ("failover_events", "next_page_token")
    _fields = ((10, "failover_events", "list<FailoverEvent>"), (20, "next_page_token", "binary"))

    def __init__(
        self, failover_events: list[FailoverEvent] | None = None, next_page_token: bytes | None = None,
    ) -> None:
        self.failover_events = failover_events
        self.next_page_token = next_page_token


class FailoverEvent(Struct):
    __slots__ = ("id", "created_time", "failover_type", "cluster_failovers")
    _fields = (
        (10, "id", "string"), (20, "created_time", "i64"), (30, "failover_type", "FailoverType"),
        (40, "cluster_failovers", "list<ClusterFailover>"),
    )

    def __init__(
        self, id: str | None = None, created_time: int | None = None, failover_type: FailoverType | int | None = None,
        cluster_failovers: list[ClusterFailover] | None = None,
    ) -> None:
        self.id = id
        self.created_time = created_time
        self.failover_type = failover_type
        self.cluster_failovers = cluster_failovers


class ClusterFailover(Struct):
    __slots__ = ("from_cluster", "to_cluster", "cluster_attribute")
    _fields = (
        (10, "from_cluster", "ActiveClusterInfo"), (20, "to_cluster", "ActiveClusterInfo"),
        (30, "cluster_attribute", "ClusterAttribute"),
    )

    def __init__(
        self, from_cluster: ActiveClusterInfo | None = None, to_cluster: ActiveClusterInfo | None = None,
        cluster_attribute: ClusterAttribute | None = None,
    ) -> None:
        self.from_cluster = from_cluster
        self.to_cluster = to_cluster
        self.cluster_attribute = cluster_attribute


class IsolationGroupPartition(Struct):
    __slots__ = ("name", "state")
    _fields = ((10, "name", "string"), (20, "state", "IsolationGroupState"))

    def __init__(self, name: str | None = None, state: IsolationGroupState | int | None = None) -> None:
        self.name = name
        self.state = state


class IsolationGroupConfiguration(Struct):
    __slots__ = ("isolation_groups",)
    _fields = ((10, "isolation_groups", "list<IsolationGroupPartition>"),)

    def __init__(self, isolation_groups: list[IsolationGroupPartition] | None = None) -> None:
        self.isolation_groups = isolation_groups


class AsyncWorkflowConfiguration(Struct):
    __slots__ = ("enabled", "predefined_queue_name", "queue_type", "queue_config")
    _fields = (
        (10, "enabled", "bool"), (20, "predefined_queue_name", "string"), (30, "queue_type", "string"),
        (40, "queue_config", "DataBlob"),
    )

    def __init__(
        self, enabled: bool | None = None, predefined_queue_name: str | None = None, queue_type: str | None = None,
        queue_config: DataBlob | None = None,
    ) -> None:
        self.enabled = enabled
        self.predefined_queue_name = predefined_queue_name
        self.queue_type = queue_type
        self.queue_config = queue_config
