"""`WorkflowEnvironment`: a whole Cadence in the test: server, client and workers, on a clock that skips.

The server is the dev server in this process, so what a test sees are the events, errors and retries of a server, not
of a mock. With time skipping, a sleep of thirty days takes milliseconds: time jumps to the next deadline as soon as
nobody works on anything.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cadence.client import Client
from cadence.devserver import DevServer, DevServerOptions
from cadence.devserver.clock import SkippingClock
from cadence.exceptions import ConfigurationError
from cadence.worker import Worker

if TYPE_CHECKING:
    from typing import Unpack

    from cadence.worker.options import WorkerSettings

__all__ = ("WorkflowEnvironment",)

_EPOCH = datetime.fromtimestamp(0, UTC)
_numbers = itertools.count(1)


class WorkflowEnvironment:
    """A server for one test, or for many.

    For example:

        async with WorkflowEnvironment.time_skipping() as environment:
            async with environment.worker(workflows=[Reminder], activities=[send]) as task_list:
                result = await environment.client.execute_workflow(
                    Reminder.run, "in a month", task_list=task_list,
                    execution_start_to_close_timeout=timedelta(days=60))
    """

    def __init__(
        self, *, skip_time: bool = True, domain: str = "test", database: str | None = None, **client_options: Any
    ) -> None:
        """Prepare an environment; nothing runs before it is entered.

        Args:
            skip_time: Whether time jumps to the next deadline when nobody works.
            domain: The domain's name.
            database: A file that keeps the server's state; default: memory.
            **client_options: Further arguments of `Client.connect`: converter, interceptors, propagators.
        """
        options = DevServerOptions(domains=(domain,), skip_time=skip_time, database=database)
        self._server = DevServer(options)
        self._domain = domain
        self._client_options = client_options
        self._client: Client | None = None

    @classmethod
    def time_skipping(cls, **options: Any) -> Self:
        """An environment whose time jumps."""
        return cls(skip_time=True, **options)

    @classmethod
    def real_time(cls, **options: Any) -> Self:
        """An environment whose time is the real one."""
        return cls(skip_time=False, **options)

    @property
    def client(self) -> Client:
        """A client of its domain.

        Raises:
            ConfigurationError: The environment was not entered.
        """
        if self._client is None:
            msg = "the environment was not entered"
            raise ConfigurationError(msg, hint="async with WorkflowEnvironment.time_skipping() as environment:")
        return self._client

    @property
    def address(self) -> str:
        """Where its server listens, as `host:port`: for clients of your own, in other processes too."""
        return self._server.address

    async def start(self) -> None:
        """Start server and client."""
        await self._server.start()
        try:
            self._client = await Client.connect(self._server.address, domain=self._domain, **self._client_options)
        except BaseException:
            await self._server.close()
            raise

    async def close(self) -> None:
        """Stop both. Closing twice does nothing."""
        client, self._client = self._client, None
        try:
            if client is not None:
                await client.close()
        finally:
            await self._server.close()

    @asynccontextmanager
    async def worker(
        self,
        *,
        workflows: Iterable[object] = (),
        activities: Iterable[object] = (),
        task_list: str | None = None,
        **options: Unpack[WorkerSettings],
    ) -> AsyncIterator[str]:
        """Run a worker for the body of an `async with`.

        Args:
            workflows: Workflow classes.
            activities: Activities, or `MockActivity(...).activity` in their place.
            task_list: The task list; default: one of its own.
            **options: See `Worker`.

        Yields:
            The task list's name.
        """
        name = task_list or f"test-{next(_numbers)}"
        async with Worker(self.client, name, workflows=workflows, activities=activities, **options):
            yield name

    def now(self) -> datetime:
        """The server's time, aware, UTC."""
        return _EPOCH + timedelta(microseconds=self._server.clock.now_ns() // 1000)

    async def sleep(self, duration: timedelta | float) -> None:
        """Let the server's time pass: skip it where time skips, wait where it doesn't.

        What falls due on the way happens, in its order, and is given the chance to be worked on.

        Args:
            duration: Seconds or a timedelta.
        """
        seconds = duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
        clock = self._server.clock
        if isinstance(clock, SkippingClock):
            await clock.sleep(int(seconds * 1_000_000_000))
        else:
            await asyncio.sleep(seconds)

    @asynccontextmanager
    async def time_standing_still(self) -> AsyncIterator[None]:
        """Keep time from jumping for the body of an `async with`; it runs like the real one."""
        clock = self._server.clock
        clock.hold()
        try:
            yield
        finally:
            clock.release()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
