"""Domains: registered, described, listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cadence import api
from cadence.api.enums import DomainStatus
from cadence.client import Client, DomainDescription
from cadence.errors import DomainAlreadyExistsError, EntityNotExistsError
from cadence.exceptions import ConfigurationError

SAMPLES = api.DescribeDomainResponse(
    domain_info=api.DomainInfo(
        name="samples", status=DomainStatus.DEPRECATED, description="try", owner_email="me", data={"a": "b"}, uuid="u"
    ),
    configuration=api.DomainConfiguration(workflow_execution_retention_period_in_days=3),
    replication_configuration=api.DomainReplicationConfiguration(
        active_cluster_name="one", clusters=[api.ClusterReplicationConfiguration(cluster_name="one")]
    ),
    is_global_domain=True,
)


async def test_a_domain_is_registered_with_whole_days(client: Client, frontend: Any) -> None:
    frontend.on("RegisterDomain", None)
    await client.domains.register("orders", retention=timedelta(hours=25), description="o", owner_email="me")
    assert frontend.of("RegisterDomain") == [
        api.RegisterDomainRequest(
            name="orders", workflow_execution_retention_period_in_days=2, description="o", owner_email="me"
        )
    ]


async def test_a_domain_that_is_there_is_told_or_left(client: Client, frontend: Any) -> None:
    frontend.on("RegisterDomain", DomainAlreadyExistsError(message="Domain already exists."))
    with pytest.raises(DomainAlreadyExistsError):
        await client.domains.register("orders")
    await client.domains.register("orders", exist_ok=True, data={"a": "b"})
    assert frontend.of("RegisterDomain")[-1].data == {"a": "b"}


@pytest.mark.parametrize(("name", "retention"), [("", timedelta(days=1)), ("orders", timedelta())])
async def test_what_cannot_be_registered(client: Client, name: str, retention: timedelta) -> None:
    with pytest.raises(ConfigurationError):
        await client.domains.register(name, retention=retention)


async def test_the_clients_own_domain_is_described(client: Client, frontend: Any) -> None:
    frontend.on("DescribeDomain", SAMPLES)
    found = await client.domains.describe()
    assert frontend.of("DescribeDomain") == [api.DescribeDomainRequest(name="samples")]
    assert found == DomainDescription(
        name="samples",
        id="u",
        status="DEPRECATED",
        description="try",
        owner_email="me",
        data={"a": "b"},
        retention=timedelta(days=3),
        is_global=True,
        active_cluster="one",
        clusters=("one",),
    )


async def test_a_domain_must_be_named(connect: Callable[..., Client], frontend: Any) -> None:
    with pytest.raises(ConfigurationError, match="which domain"):
        await connect(domain="").domains.describe()
    frontend.on("DescribeDomain", EntityNotExistsError(message="Domain nope does not exist."))
    with pytest.raises(EntityNotExistsError, match="cadence domain register nope"):
        await connect(domain="").domains.describe("nope")


async def test_domains_are_listed_page_by_page(client: Client, frontend: Any) -> None:
    frontend.on(
        "ListDomains",
        api.ListDomainsResponse(domains=[SAMPLES], next_page_token=b"1"),
        api.ListDomainsResponse(domains=[api.DescribeDomainResponse()]),
    )
    assert [found.name async for found in client.domains.list()] == ["samples", ""]
    assert [request.next_page_token for request in frontend.of("ListDomains")] == [None, b"1"]
