"""The server as one object: opens the store, builds the rooms, listens, and takes them down in order.

It knows how the rooms fit together and nothing of what they do; what a call does begins in `frontend.dispatch`.
"""

from __future__ import annotations

import uuid
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from cadence.api.errors import ServiceBusyError
from cadence.devserver.clock import RealClock, SkippingClock
from cadence.devserver.domains import Domain, DomainRegistry
from cadence.devserver.execution import queries
from cadence.devserver.execution.history_service import HistoryService
from cadence.devserver.frontend.checks import check_start
from cadence.devserver.frontend.dispatch import Dispatcher
from cadence.devserver.house import House
from cadence.devserver.matching.task_lists import Matching
from cadence.devserver.options import DevServerOptions
from cadence.devserver.schedules.runner import ScheduleRunner
from cadence.devserver.store.sqlite import SqliteStore
from cadence.exceptions import ConfigurationError
from cadence.tchannel import Listener

if TYPE_CHECKING:
    from types import TracebackType

    from cadence.devserver.clock import Clock

__all__ = ("DevServer",)


class DevServer:
    """A Cadence frontend in this process.

    For example:

        async with DevServer(DevServerOptions(domains=("samples",))) as server:
            async with Client.connect(server.address, domain="samples") as client:
                ...

    It may be started again after it was closed; what is in memory is gone then, what is in a file is there.
    """

    def __init__(self, options: DevServerOptions | None = None) -> None:
        """Prepare a server; nothing is opened before `start`.

        Args:
            options: Where it listens and what it keeps; default: a free port of 127.0.0.1, in memory.
        """
        self.options = options or DevServerOptions()
        """What it was told."""
        self.last_address = ""
        """Where it listens, or listened before it was closed; empty before the first start."""
        self.web_address = ""
        """Where the web page is, as `host:port`; empty where there is none."""
        self._house: House | None = None
        self._rooms: AsyncExitStack | None = None

    @property
    def address(self) -> str:
        """Where it listens, as `host:port`.

        Raises:
            RuntimeError: It is not running.
        """
        self._running()
        return self.last_address

    @property
    def clock(self) -> Clock:
        """The clock that workflows live by; a `SkippingClock` where the options say `skip_time`.

        Raises:
            RuntimeError: It is not running.
        """
        return self._running().clock

    async def start(self) -> None:
        """Open the store and listen; when this returns, calls are answered.

        Raises:
            RuntimeError: It runs already.
            StoreError: The database can't be used.
            OSError: The address can't be listened on.
            ConfigurationError: There is to be a web page, and its port is taken or aiohttp is missing.
        """
        if self._rooms is not None:
            msg = "the dev server runs already"
            raise RuntimeError(msg)
        async with AsyncExitStack() as rooms:
            store = SqliteStore(self.options.database)
            rooms.push_async_callback(store.close)
            clock = SkippingClock() if self.options.skip_time else RealClock()
            rooms.callback(clock.close)
            domains = DomainRegistry(
                store, auto_register=self.options.auto_domain, retention_days=self.options.retention_days
            )
            await self._register(domains)
            matching = Matching(clock)
            history = HistoryService(store, clock, domains, matching)
            rooms.push_async_callback(history.close)
            schedules = ScheduleRunner(history, matching, clock, check_start)
            rooms.callback(schedules.close)
            await history.start()
            schedules.start()
            house = House(store, clock, domains, history, matching, schedules, self.options)
            listener = await Listener.start(Dispatcher(house), self.options.host, self.options.port)
            rooms.push_async_callback(listener.close, self.options.shutdown_grace)
            await self._open_page(house, rooms)
            rooms.callback(_end_waits, house)
            self._house = house
            self.last_address = _shown(*listener.address)
            self._rooms = rooms.pop_all()

    async def close(self) -> None:
        """Stop listening, let running calls end within the grace time, write everything, close.

        Long polls end at once. Closing a server that is not running does nothing.
        """
        rooms, self._rooms, self._house = self._rooms, None, None
        if rooms is not None:
            await rooms.aclose()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def _running(self) -> House:
        if self._house is None:
            msg = "the dev server is not running"
            raise RuntimeError(msg)
        return self._house

    async def _open_page(self, house: House, rooms: AsyncExitStack) -> None:
        self.web_address = ""
        if self.options.web_port is None:
            return
        try:
            from cadence.devserver.web.site import Site  # aiohttp takes longer to import than all the rest
        except ModuleNotFoundError as error:
            if error.name != "aiohttp":
                raise
            msg = "the dev server's web page needs aiohttp"
            raise ConfigurationError(msg, hint="pip install 'cadence-client[dev]'") from error
        site = Site(house)
        host, port = self.options.host, self.options.web_port
        try:
            await site.start(host, port, or_next=self.options.web_port_or_next)
        except OSError as error:
            msg = f"the web page can't be served at {host}:{port}: {error.strerror or error}"
            raise ConfigurationError(msg, hint="give it another port, 0 for a free one, or do without it") from error
        rooms.push_async_callback(site.close)
        self.web_address = site.address

    async def _register(self, domains: DomainRegistry) -> None:
        known = {domain.name for domain in domains.all()}
        for name in dict.fromkeys(self.options.domains):
            if name not in known:
                domains.register(Domain(id=str(uuid.uuid4()), name=name, retention_days=self.options.retention_days))
        await domains.committed()


def _end_waits(house: House) -> None:
    """Answer whoever waits for something to happen, right before no new calls are taken."""
    house.is_closing = True
    house.matching.close()
    for waiter in house.waiting:
        if not waiter.done():
            waiter.set_result(None)
    queries.fail_all(house.queries.values(), ServiceBusyError("The server is shutting down."))


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
