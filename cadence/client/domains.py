"""`Domains`: registers domains, and tells what they are set to.

Needs no domain of the client's own: `client.domains` is there for programs that make the domain they will use.
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import DomainStatus
from cadence.client.descriptions import member_name
from cadence.errors import DomainAlreadyExistsError
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cadence.client.ports import ClientService

__all__ = ("DEFAULT_RETENTION", "DomainDescription", "Domains")

DEFAULT_RETENTION = timedelta(days=3)
"""How long closed workflows are kept where nothing is said."""
_DAY = timedelta(days=1)
_PAGE_SIZE = 200


@dataclasses.dataclass(frozen=True, kw_only=True)
class DomainDescription:
    """A domain's settings."""

    name: str
    """Its name."""
    id: str
    """Its UUID."""
    status: str
    """`REGISTERED`, `DEPRECATED` or `DELETED`."""
    description: str
    """What it is for."""
    owner_email: str
    """Whom to ask."""
    data: Mapping[str, str]
    """Whatever else was noted with it."""
    retention: timedelta
    """How long closed workflows are kept; whole days."""
    is_global: bool
    """Whether it is replicated between clusters."""
    active_cluster: str
    """The cluster that it is active in, or an empty text."""
    clusters: tuple[str, ...]
    """The clusters that it is in."""


class Domains:
    """The domains of a cluster. Reached as `client.domains`."""

    def __init__(self, service: ClientService, domain: str) -> None:
        self._service = service
        self._domain = domain

    async def register(
        self,
        name: str,
        *,
        retention: timedelta = DEFAULT_RETENTION,
        description: str = "",
        owner_email: str = "",
        data: Mapping[str, str] | None = None,
        is_global: bool | None = None,
        exist_ok: bool = False,
    ) -> None:
        """Register a domain. A cluster may take some seconds until all of its hosts know it.

        Args:
            name: Its name.
            retention: How long closed workflows are kept; rounded up to days.
            description: What it is for.
            owner_email: Whom to ask.
            data: Whatever else to note with it.
            is_global: Replicate it between clusters; default: as the cluster does.
            exist_ok: True leaves a domain that is there as it is, and returns.

        Raises:
            DomainAlreadyExistsError: There is one of that name.
            ConfigurationError: An argument can't work.
        """
        if not name:
            msg = "a domain needs a name"
            raise ConfigurationError(msg)
        days = -(-retention // _DAY)
        if days < 1:
            msg = f"domain {name}: retention is {retention}"
            raise ConfigurationError(msg, hint="give a day or more")
        try:
            await self._service.register_domain(
                api.RegisterDomainRequest(
                    name=name,
                    description=description,
                    owner_email=owner_email,
                    workflow_execution_retention_period_in_days=days,
                    data=dict(data) if data else None,
                    is_global_domain=is_global,
                )
            )
        except DomainAlreadyExistsError:
            if not exist_ok:
                raise

    async def describe(self, name: str | None = None) -> DomainDescription:
        """Ask for a domain's settings.

        Args:
            name: Its name; default: the client's own domain.

        Raises:
            EntityNotExistsError: There is none of that name.
            ConfigurationError: No name, and the client has no domain.
        """
        name = name or self._domain
        if not name:
            msg = "describe doesn't know which domain is meant"
            raise ConfigurationError(msg, hint='give its name: client.domains.describe("samples")')
        return _description(await self._service.describe_domain(api.DescribeDomainRequest(name=name)))

    async def list(self) -> AsyncIterator[DomainDescription]:
        """Go through all domains, the cluster's own among them: `async for domain in client.domains.list()`."""
        token: bytes | None = None
        while True:
            response = await self._service.list_domains(
                api.ListDomainsRequest(page_size=_PAGE_SIZE, next_page_token=token)
            )
            for found in response.domains or ():
                yield _description(found)
            token = response.next_page_token
            if not token:
                return


def _description(response: api.DescribeDomainResponse) -> DomainDescription:
    info = response.domain_info or api.DomainInfo()
    settings = response.configuration or api.DomainConfiguration()
    replication = response.replication_configuration or api.DomainReplicationConfiguration()
    return DomainDescription(
        name=info.name or "",
        id=info.uuid or "",
        status=member_name(DomainStatus, info.status),
        description=info.description or "",
        owner_email=info.owner_email or "",
        data=info.data or {},
        retention=timedelta(days=settings.workflow_execution_retention_period_in_days or 0),
        is_global=bool(response.is_global_domain),
        active_cluster=replication.active_cluster_name or "",
        clusters=tuple(cluster.cluster_name or "" for cluster in replication.clusters or ()),
    )
