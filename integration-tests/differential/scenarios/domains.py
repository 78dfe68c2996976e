"""Domains, and what the cluster says of itself."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cadence import api

if TYPE_CHECKING:
    from differential.stage import Stage


def _name(s: Stage) -> str:
    return f"{s.prefix}-domain"


async def registered(s: Stage) -> None:
    await s.call(
        "RegisterDomain",
        name=_name(s),
        description="a domain",
        owner_email="who@example.com",
        workflow_execution_retention_period_in_days=2,
        data={"team": "x"},
    )
    await s.call("DescribeDomain", name=_name(s))
    await s.call("RegisterDomain", name=_name(s), workflow_execution_retention_period_in_days=1)


async def register_errors(s: Stage) -> None:
    await s.call("RegisterDomain")
    await s.call("RegisterDomain", name="")
    await s.call("RegisterDomain", name="n" * 1001, workflow_execution_retention_period_in_days=1)
    await s.call("RegisterDomain", name=_name(s), workflow_execution_retention_period_in_days=-1)
    await s.call("RegisterDomain", name=_name(s), workflow_execution_retention_period_in_days=10_000)
    await s.call(
        "RegisterDomain",
        name=_name(s),
        workflow_execution_retention_period_in_days=1,
        active_cluster_name="nope",
    )


async def described(s: Stage) -> None:
    await s.call("DescribeDomain")
    await s.call("DescribeDomain", name="nope")
    await s.call("DescribeDomain", name="")
    await s.call("DescribeDomain", uuid=str(uuid.uuid4()))
    await s.call("DescribeDomain", uuid="abc")


async def updated(s: Stage) -> None:
    name = _name(s)
    await s.call("RegisterDomain", name=name, workflow_execution_retention_period_in_days=1)
    info = api.UpdateDomainInfo(description="new", owner_email="who@example.com", data={"a": "b"})
    await s.call("UpdateDomain", name=name, updated_info=info)
    await s.call("UpdateDomain", name=name, updated_info=api.UpdateDomainInfo(data={"c": "d"}))
    settings = api.DomainConfiguration(workflow_execution_retention_period_in_days=5)
    await s.call("UpdateDomain", name=name, configuration=settings)
    await s.call("DescribeDomain", name=name)
    bad = api.BadBinaries({"sum": api.BadBinaryInfo("broken", "me")})
    await s.call("UpdateDomain", name=name, configuration=api.DomainConfiguration(bad_binaries=bad))
    await s.call("DescribeDomain", name=name)
    await s.call("UpdateDomain", name=name, delete_bad_binary="sum")
    await s.call("UpdateDomain", name=name, delete_bad_binary="sum")


async def update_errors(s: Stage) -> None:
    await s.call("UpdateDomain")
    await s.call("UpdateDomain", name="nope")
    await s.call("UpdateDomain", name=s.domain, configuration=api.DomainConfiguration(-1))
    active = api.DomainReplicationConfiguration(active_cluster_name="nope")
    await s.call("UpdateDomain", name=s.domain, replication_configuration=active)


async def deprecated(s: Stage) -> None:
    name = _name(s)
    await s.call("RegisterDomain", name=name, workflow_execution_retention_period_in_days=1)
    await s.call("DeprecateDomain", name=name)
    await s.call("DescribeDomain", name=name)
    await s.call("DeprecateDomain", name=name)
    await s.call("UpdateDomain", name=name, updated_info=api.UpdateDomainInfo(description="late"))
    await s.call("DeprecateDomain")
    await s.call("DeprecateDomain", name="nope")


async def deprecated_refuses_starts(s: Stage) -> None:
    name = _name(s)
    with s.unseen():
        await s.call("RegisterDomain", name=name, workflow_execution_retention_period_in_days=1)

        async def known() -> bool:
            return not isinstance(
                await s.ask("StartWorkflowExecution", **{**s.start_fields(), "domain": name}), Exception
            )

        await s.until(known)
        await s.call("DeprecateDomain", name=name)

        async def refused() -> bool:
            answer = await s.ask("StartWorkflowExecution", **{**s.start_fields("x"), "domain": name})
            return isinstance(answer, api.BadRequestError)

        await s.until(refused)
    await s.start("y", domain=name)
    await s.signal_with_start("z", domain=name)
    await s.signal(api.WorkflowExecution(s.id()), domain=name)


async def deleted(s: Stage) -> None:
    name = _name(s)
    await s.call("RegisterDomain", name=name, workflow_execution_retention_period_in_days=1)
    await s.call("DeleteDomain", name=name)
    await s.call("DeleteDomain")
    await s.call("DeleteDomain", name="nope")
    with s.unseen():
        await s.call("DeprecateDomain", name=name)
    await s.call("DeleteDomain", name=name)


async def failed_over(s: Stage) -> None:
    await s.call("FailoverDomain")
    await s.call("FailoverDomain", domain_name="nope", domain_active_cluster_name="x")
    await s.call("ListFailoverHistory")


async def listed(s: Stage) -> None:
    page = await s.ask("ListDomains", page_size=1)
    s.keep("one", len(page.domains))
    s.keep("has token", bool(page.next_page_token))
    await s.call("ListDomains", page_size=1, next_page_token=b"zzz")


async def cluster(s: Stage) -> None:
    await s.call("GetClusterInfo")
    await s.call("GetSearchAttributes")
