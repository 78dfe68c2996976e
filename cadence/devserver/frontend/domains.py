"""The RPCs about domains: register, describe, list, update, deprecate, delete, fail over.

Translates between the wire and `devserver.domains.DomainRegistry`. One machine is one cluster, so every domain is local
to it: what is about other clusters answers as a single-cluster installation does.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import ArchivalStatus, DomainStatus
from cadence.api.errors import BadRequestError
from cadence.devserver.domains import BadBinary, Domain
from cadence.devserver.frontend import domain_checks as checks

if TYPE_CHECKING:
    from cadence.devserver.house import CallContext, House

__all__ = ("CLUSTER_NAME", "COMMAND_CALLER", "HANDLERS")

CLUSTER_NAME = "cluster0"
"""What the one cluster is called, as in the real server's default configuration."""
COMMAND_CALLER = "cadence-cli"
"""How our command line names itself: asking it what a domain is must not make that domain."""
_LOCAL_FAILOVER_VERSION = -24
"""The version of domains that can't fail over."""
_PAGE_SIZE = 100


async def register_domain(house: House, request: api.RegisterDomainRequest, context: CallContext) -> None:
    """RegisterDomain."""
    checks.check_register_domain(request)
    if request.active_cluster_name not in {None, "", CLUSTER_NAME}:
        msg = f"Invalid cluster name: {request.active_cluster_name}"
        raise BadRequestError(msg)
    house.domains.register(
        Domain(
            id=str(uuid.uuid4()),
            name=request.name or "",
            description=request.description or "",
            owner_email=request.owner_email or "",
            data=dict(request.data or {}),
            retention_days=request.workflow_execution_retention_period_in_days or 0,
            emit_metric=request.emit_metric is not False,
            is_global=bool(request.is_global_domain),
        )
    )
    await house.domains.committed()


async def describe_domain(
    house: House, request: api.DescribeDomainRequest, context: CallContext
) -> api.DescribeDomainResponse:
    """DescribeDomain, by name or by id. Workers of all languages ask this first, so it registers like any first use."""
    checks.check_describe_domain(request)
    if request.uuid:
        domain = house.domains.by_id(request.uuid)
    elif context.caller == COMMAND_CALLER:
        domain = house.domains.find(request.name or "")
    else:
        domain = house.domains.require(request.name)
        await house.domains.committed()
    return _described(domain)


async def list_domains(house: House, request: api.ListDomainsRequest, context: CallContext) -> api.ListDomainsResponse:
    """ListDomains, by name; the page token is the last name of the page before."""
    after = (request.next_page_token or b"").decode("utf-8", "replace")
    size = max(request.page_size or _PAGE_SIZE, 1)
    rest = [domain for domain in house.domains.all() if domain.name > after]
    page = rest[:size]
    return api.ListDomainsResponse(
        domains=[_described(domain) for domain in page],
        next_page_token=page[-1].name.encode() if len(rest) > size else None,
    )


async def update_domain(
    house: House, request: api.UpdateDomainRequest, context: CallContext
) -> api.UpdateDomainResponse:
    """UpdateDomain; another active cluster than ours can't be had."""
    checks.check_domain_name(request.name)
    _check_clusters(request.replication_configuration)
    days = request.configuration.workflow_execution_retention_period_in_days if request.configuration else None
    if days is not None and days > checks.RETENTION_DAYS_LIMIT:
        msg = "RetentionDays is invalid."
        raise BadRequestError(msg)
    if days is not None and days < 0:
        msg = "A valid retention period is not set on request."
        raise BadRequestError(msg)
    domain = house.domains.update(request.name or "", lambda old: _updated(old, request))
    await house.domains.committed()
    answer = _described(domain)
    return api.UpdateDomainResponse(
        domain_info=answer.domain_info,
        configuration=answer.configuration,
        replication_configuration=answer.replication_configuration,
        failover_version=answer.failover_version,
        is_global_domain=answer.is_global_domain,
    )


async def deprecate_domain(house: House, request: api.DeprecateDomainRequest, context: CallContext) -> None:
    """DeprecateDomain: nothing new starts in it, what runs goes on."""
    checks.check_domain_name(request.name)
    house.domains.update(request.name or "", lambda old: replace(old, status=DomainStatus.DEPRECATED))
    await house.domains.committed()


async def delete_domain(house: House, request: api.DeleteDomainRequest, context: CallContext) -> None:
    """DeleteDomain: only a deprecated one without runs."""
    checks.check_domain_name(request.name)
    domain = house.domains.find(request.name or "")
    if domain.status != DomainStatus.DEPRECATED:
        msg = "Domain is not in a deprecated state."
        raise BadRequestError(msg)
    if house.store.read_one("SELECT 1 FROM visibility WHERE domain_id = ? LIMIT 1", (domain.id,)) is not None:
        msg = "Domain still have workflow execution history."
        raise BadRequestError(msg)
    house.domains.delete(domain.name)
    await house.domains.committed()


async def failover_domain(
    house: House, request: api.FailoverDomainRequest, context: CallContext
) -> api.FailoverDomainResponse:
    """FailoverDomain to the one cluster there is: nothing to do."""
    checks.check_failover_domain(request)
    domain = house.domains.find(request.domain_name or "")
    if request.domain_active_cluster_name not in {None, CLUSTER_NAME}:
        msg = f"Invalid cluster name: {request.domain_active_cluster_name}"
        raise BadRequestError(msg)
    answer = _described(domain)
    return api.FailoverDomainResponse(
        domain_info=answer.domain_info,
        configuration=answer.configuration,
        replication_configuration=answer.replication_configuration,
        failover_version=answer.failover_version,
        is_global_domain=answer.is_global_domain,
    )


async def list_failover_history(
    house: House, request: api.ListFailoverHistoryRequest, context: CallContext
) -> api.ListFailoverHistoryResponse:
    """ListFailoverHistory: there never was a fail-over."""
    if request.filters is None or not request.filters.domain_id:
        msg = "DomainID is required in filters"
        raise BadRequestError(msg)
    return api.ListFailoverHistoryResponse(failover_events=[])


def _updated(old: Domain, request: api.UpdateDomainRequest) -> Domain:
    new = old
    info, settings = request.updated_info, request.configuration
    if info is not None:
        new = replace(
            new,
            description=new.description if info.description is None else info.description,
            owner_email=new.owner_email if info.owner_email is None else info.owner_email,
            data={**new.data, **(info.data or {})},
        )
    if settings is not None:
        days = settings.workflow_execution_retention_period_in_days
        binaries = settings.bad_binaries.binaries if settings.bad_binaries else None
        new = replace(
            new,
            retention_days=new.retention_days if days is None else days,
            emit_metric=new.emit_metric if settings.emit_metric is None else settings.emit_metric,
            bad_binaries={**new.bad_binaries, **{sum_: _bad(row) for sum_, row in (binaries or {}).items()}},
        )
    if request.delete_bad_binary is not None:
        if request.delete_bad_binary not in new.bad_binaries:
            msg = f"Bad binary checksum {request.delete_bad_binary} doesn't exists."
            raise BadRequestError(msg)
        left = {sum_: row for sum_, row in new.bad_binaries.items() if sum_ != request.delete_bad_binary}
        new = replace(new, bad_binaries=left)
    return new


def _bad(row: api.BadBinaryInfo) -> BadBinary:
    return BadBinary(
        reason=row.reason or "", operator=row.operator or "", created_nanos=row.created_time_nano or time.time_ns()
    )


def _check_clusters(wanted: api.DomainReplicationConfiguration | None) -> None:
    if wanted is None:
        return
    names = {cluster.cluster_name for cluster in wanted.clusters or ()} | {wanted.active_cluster_name}
    if names - {None, CLUSTER_NAME}:
        msg = "Local domains cannot perform failovers or change replication configuration"
        raise BadRequestError(msg)


def _described(domain: Domain) -> api.DescribeDomainResponse:
    return api.DescribeDomainResponse(
        domain_info=api.DomainInfo(
            name=domain.name,
            status=domain.status,
            description=domain.description,
            owner_email=domain.owner_email,
            data=dict(domain.data) or None,
            uuid=domain.id,
        ),
        configuration=api.DomainConfiguration(
            workflow_execution_retention_period_in_days=domain.retention_days,
            emit_metric=domain.emit_metric,
            bad_binaries=api.BadBinaries(
                binaries={
                    checksum: api.BadBinaryInfo(
                        reason=row.reason, operator=row.operator, created_time_nano=row.created_nanos
                    )
                    for checksum, row in domain.bad_binaries.items()
                }
            ),
            history_archival_status=ArchivalStatus.DISABLED,
            history_archival_uri="",
            visibility_archival_status=ArchivalStatus.DISABLED,
            visibility_archival_uri="",
            isolationgroups=api.IsolationGroupConfiguration(),
            async_workflow_configuration=api.AsyncWorkflowConfiguration(
                enabled=False, predefined_queue_name="", queue_type=""
            ),
        ),
        replication_configuration=api.DomainReplicationConfiguration(
            active_cluster_name=CLUSTER_NAME,
            clusters=[api.ClusterReplicationConfiguration(cluster_name=CLUSTER_NAME)],
        ),
        failover_version=_LOCAL_FAILOVER_VERSION,
        is_global_domain=domain.is_global,
    )


HANDLERS = {
    "RegisterDomain": register_domain,
    "DescribeDomain": describe_domain,
    "ListDomains": list_domains,
    "UpdateDomain": update_domain,
    "DeprecateDomain": deprecate_domain,
    "DeleteDomain": delete_domain,
    "FailoverDomain": failover_domain,
    "ListFailoverHistory": list_failover_history,
}
