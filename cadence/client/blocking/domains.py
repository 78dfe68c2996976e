"""`BlockingDomains`: the domains of a cluster, for code that blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from cadence.client.blocking.waiting import each
from cadence.client.domains import DEFAULT_RETENTION

if TYPE_CHECKING:
    from cadence._loop_thread import LoopThread
    from cadence.client.domains import DomainDescription, Domains

__all__ = ("BlockingDomains",)


class BlockingDomains:
    """The domains of a cluster; see `Domains`. Reached as `client.domains`."""

    def __init__(self, domains: Domains, thread: LoopThread) -> None:
        self._domains = domains
        self._thread = thread

    def register(
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
        """Register a domain; see `Domains.register`."""
        call = self._domains.register(
            name,
            retention=retention,
            description=description,
            owner_email=owner_email,
            data=data,
            is_global=is_global,
            exist_ok=exist_ok,
        )
        self._thread.run(call)

    def describe(self, name: str | None = None) -> DomainDescription:
        """Ask for a domain's settings; see `Domains.describe`."""
        return self._thread.run(self._domains.describe(name))

    def list(self) -> Iterator[DomainDescription]:
        """Go through all domains; see `Domains.list`."""
        return each(self._thread, self._domains.list())
