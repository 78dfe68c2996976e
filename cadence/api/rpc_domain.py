"""Domains and their settings.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import ArchivalStatus, DomainStatus
    from cadence.api.rpc_failover import (
        ActiveClusters, AsyncWorkflowConfiguration, FailoverInfo, IsolationGroupConfiguration,
    )

__all__ = (
    "BadBinaries", "BadBinaryInfo", "ClusterReplicationConfiguration", "DeleteDomainRequest",
    "DeprecateDomainRequest", "DescribeDomainRequest", "DescribeDomainResponse", "DomainConfiguration", "DomainInfo",
    "DomainReplicationConfiguration", "ListDomainsRequest", "ListDomainsResponse", "RegisterDomainRequest",
    "UpdateDomainInfo", "UpdateDomainRequest", "UpdateDomainResponse",
)


class DomainInfo(Struct):
    """Name, state and owner of a domain."""

    __slots__ = ("name", "status", "description", "owner_email", "data", "uuid")
    _fields = (
        (10, "name", "string"), (20, "status", "DomainStatus"), (30, "description", "string"),
        (40, "owner_email", "string"), (50, "data", "map<string,string>"), (60, "uuid", "string"),
    )

    def __init__(
        self, name: str | None = None, status: DomainStatus | int | None = None, description: str | None = None,
        owner_email: str | None = None, data: dict[str, str] | None = None, uuid: str | None = None,
    ) -> None:
        self.name = name
        self.status = status
        self.description = description
        self.owner_email = owner_email
        self.data = data
        self.uuid = uuid


class DomainConfiguration(Struct):
    """Retention and archival of a domain."""

    __slots__ = (
        "workflow_execution_retention_period_in_days", "emit_metric", "isolationgroups", "bad_binaries",
        "history_archival_status", "history_archival_uri", "visibility_archival_status", "visibility_archival_uri",
        "async_workflow_configuration",
    )
    _fields = (
        (10, "workflow_execution_retention_period_in_days", "i32"), (20, "emit_metric", "bool"),
        (60, "isolationgroups", "IsolationGroupConfiguration"), (70, "bad_binaries", "BadBinaries"),
        (80, "history_archival_status", "ArchivalStatus"),
        (90, "history_archival_uri", "string", "historyArchivalURI"),
        (100, "visibility_archival_status", "ArchivalStatus"),
        (110, "visibility_archival_uri", "string", "visibilityArchivalURI"),
        (120, "async_workflow_configuration", "AsyncWorkflowConfiguration", "AsyncWorkflowConfiguration"),
    )

    def __init__(
        self, workflow_execution_retention_period_in_days: int | None = None, emit_metric: bool | None = None,
        isolationgroups: IsolationGroupConfiguration | None = None, bad_binaries: BadBinaries | None = None,
        history_archival_status: ArchivalStatus | int | None = None, history_archival_uri: str | None = None,
        visibility_archival_status: ArchivalStatus | int | None = None, visibility_archival_uri: str | None = None,
        async_workflow_configuration: AsyncWorkflowConfiguration | None = None,
    ) -> None:
        self.workflow_execution_retention_period_in_days = workflow_execution_retention_period_in_days
        self.emit_metric = emit_metric
        self.isolationgroups = isolationgroups
        self.bad_binaries = bad_binaries
        self.history_archival_status = history_archival_status
        self.history_archival_uri = history_archival_uri
        self.visibility_archival_status = visibility_archival_status
        self.visibility_archival_uri = visibility_archival_uri
        self.async_workflow_configuration = async_workflow_configuration


class BadBinaries(Struct):
    """Worker builds whose decisions are not accepted, by checksum."""

    __slots__ = ("binaries",)
    _fields = ((10, "binaries", "map<string,BadBinaryInfo>"),)

    def __init__(self, binaries: dict[str, BadBinaryInfo] | None = None) -> None:
        self.binaries = binaries


class BadBinaryInfo(Struct):
    __slots__ = ("reason", "operator", "created_time_nano")
    _fields = ((10, "reason", "string"), (20, "operator", "string"), (30, "created_time_nano", "i64"))

    def __init__(
        self, reason: str | None = None, operator: str | None = None, created_time_nano: int | None = None,
    ) -> None:
        self.reason = reason
        self.operator = operator
        self.created_time_nano = created_time_nano


class UpdateDomainInfo(Struct):
    __slots__ = ("description", "owner_email", "data")
    _fields = ((10, "description", "string"), (20, "owner_email", "string"), (30, "data", "map<string,string>"))

    def __init__(
        self, description: str | None = None, owner_email: str | None = None, data: dict[str, str] | None = None,
    ) -> None:
        self.description = description
        self.owner_email = owner_email
        self.data = data


class ClusterReplicationConfiguration(Struct):
    __slots__ = ("cluster_name",)
    _fields = ((10, "cluster_name", "string"),)

    def __init__(self, cluster_name: str | None = None) -> None:
        self.cluster_name = cluster_name


class DomainReplicationConfiguration(Struct):
    """The clusters of a domain, and which one is active."""

    __slots__ = ("active_cluster_name", "clusters", "active_clusters")
    _fields = (
        (10, "active_cluster_name", "string"), (20, "clusters", "list<ClusterReplicationConfiguration>"),
        (30, "active_clusters", "ActiveClusters"),
    )

    def __init__(
        self, active_cluster_name: str | None = None, clusters: list[ClusterReplicationConfiguration] | None = None,
        active_clusters: ActiveClusters | None = None,
    ) -> None:
        self.active_cluster_name = active_cluster_name
        self.clusters = clusters
        self.active_clusters = active_clusters


class RegisterDomainRequest(Struct):
    __slots__ = (
        "name", "description", "owner_email", "workflow_execution_retention_period_in_days", "emit_metric",
        "clusters", "active_cluster_name", "active_clusters_by_region", "active_clusters", "data", "security_token",
        "is_global_domain", "history_archival_status", "history_archival_uri", "visibility_archival_status",
        "visibility_archival_uri",
    )
    _fields = (
        (10, "name", "string"), (20, "description", "string"), (30, "owner_email", "string"),
        (40, "workflow_execution_retention_period_in_days", "i32"), (50, "emit_metric", "bool"),
        (60, "clusters", "list<ClusterReplicationConfiguration>"), (70, "active_cluster_name", "string"),
        (75, "active_clusters_by_region", "map<string,string>"), (76, "active_clusters", "ActiveClusters"),
        (80, "data", "map<string,string>"), (90, "security_token", "string"), (120, "is_global_domain", "bool"),
        (130, "history_archival_status", "ArchivalStatus"),
        (140, "history_archival_uri", "string", "historyArchivalURI"),
        (150, "visibility_archival_status", "ArchivalStatus"),
        (160, "visibility_archival_uri", "string", "visibilityArchivalURI"),
    )

    def __init__(
        self, name: str | None = None, description: str | None = None, owner_email: str | None = None,
        workflow_execution_retention_period_in_days: int | None = None, emit_metric: bool | None = None,
        clusters: list[ClusterReplicationConfiguration] | None = None, active_cluster_name: str | None = None,
        active_clusters_by_region: dict[str, str] | None = None, active_clusters: ActiveClusters | None = None,
        data: dict[str, str] | None = None, security_token: str | None = None, is_global_domain: bool | None = None,
        history_archival_status: ArchivalStatus | int | None = None, history_archival_uri: str | None = None,
        visibility_archival_status: ArchivalStatus | int | None = None, visibility_archival_uri: str | None = None,
    ) -> None:
        self.name = name
        self.description = description
        self.owner_email = owner_email
        self.workflow_execution_retention_period_in_days = workflow_execution_retention_period_in_days
        self.emit_metric = emit_metric
        self.clusters = clusters
        self.active_cluster_name = active_cluster_name
        self.active_clusters_by_region = active_clusters_by_region
        self.active_clusters = active_clusters
        self.data = data
        self.security_token = security_token
        self.is_global_domain = is_global_domain
        self.history_archival_status = history_archival_status
        self.history_archival_uri = history_archival_uri
        self.visibility_archival_status = visibility_archival_status
        self.visibility_archival_uri = visibility_archival_uri


class ListDomainsRequest(Struct):
    __slots__ = ("page_size", "next_page_token")
    _fields = ((10, "page_size", "i32"), (20, "next_page_token", "binary"))

    def __init__(self, page_size: int | None = None, next_page_token: bytes | None = None) -> None:
        self.page_size = page_size
        self.next_page_token = next_page_token


class ListDomainsResponse(Struct):
    __slots__ = ("domains", "next_page_token")
    _fields = ((10, "domains", "list<DescribeDomainResponse>"), (20, "next_page_token", "binary"))

    def __init__(
        self, domains: list[DescribeDomainResponse] | None = None, next_page_token: bytes | None = None,
    ) -> None:
        self.domains = domains
        self.next_page_token = next_page_token


class DescribeDomainRequest(Struct):
    __slots__ = ("name", "uuid")
    _fields = ((10, "name", "string"), (20, "uuid", "string"))

    def __init__(self, name: str | None = None, uuid: str | None = None) -> None:
        self.name = name
        self.uuid = uuid


class DescribeDomainResponse(Struct):
    __slots__ = (
        "domain_info", "configuration", "replication_configuration", "failover_version", "is_global_domain",
        "failover_info",
    )
    _fields = (
        (10, "domain_info", "DomainInfo"), (20, "configuration", "DomainConfiguration"),
        (30, "replication_configuration", "DomainReplicationConfiguration"), (40, "failover_version", "i64"),
        (50, "is_global_domain", "bool"), (60, "failover_info", "FailoverInfo"),
    )

    def __init__(
        self, domain_info: DomainInfo | None = None, configuration: DomainConfiguration | None = None,
        replication_configuration: DomainReplicationConfiguration | None = None, failover_version: int | None = None,
        is_global_domain: bool | None = None, failover_info: FailoverInfo | None = None,
    ) -> None:
        self.domain_info = domain_info
        self.configuration = configuration
        self.replication_configuration = replication_configuration
        self.failover_version = failover_version
        self.is_global_domain = is_global_domain
        self.failover_info = failover_info


class UpdateDomainRequest(Struct):
    __slots__ = (
        "name", "updated_info", "configuration", "replication_configuration", "security_token", "delete_bad_binary",
        "failover_timeout_in_seconds",
    )
    _fields = (
        (10, "name", "string"), (20, "updated_info", "UpdateDomainInfo"),
        (30, "configuration", "DomainConfiguration"),
        (40, "replication_configuration", "DomainReplicationConfiguration"), (50, "security_token", "string"),
        (60, "delete_bad_binary", "string"), (70, "failover_timeout_in_seconds", "i32"),
    )

    def __init__(
        self, name: str | None = None, updated_info: UpdateDomainInfo | None = None,
        configuration: DomainConfiguration | None = None,
        replication_configuration: DomainReplicationConfiguration | None = None, security_token: str | None = None,
        delete_bad_binary: str | None = None, failover_timeout_in_seconds: int | None = None,
    ) -> None:
        self.name = name
        self.updated_info = updated_info
        self.configuration = configuration
        self.replication_configuration = replication_configuration
        self.security_token = security_token
        self.delete_bad_binary = delete_bad_binary
        self.failover_timeout_in_seconds = failover_timeout_in_seconds


class UpdateDomainResponse(Struct):
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


class DeprecateDomainRequest(Struct):
    __slots__ = ("name", "security_token")
    _fields = ((10, "name", "string"), (20, "security_token", "string"))

    def __init__(self, name: str | None = None, security_token: str | None = None) -> None:
        self.name = name
        self.security_token = security_token


class DeleteDomainRequest(Struct):
    __slots__ = ("name", "security_token")
    _fields = ((10, "name", "string"), (20, "security_token", "string"))

    def __init__(self, name: str | None = None, security_token: str | None = None) -> None:
        self.name = name
        self.security_token = security_token
