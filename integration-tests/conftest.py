"""What the scenarios share: a frontend, a client of it, and a task list of each test's own.

The frontend is the embedded dev server, in a thread with a loop of its own, or whatever CADENCE_ADDRESS names. Nothing
here knows which of the two it is once the address is given, and no test may.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import re
import threading
import time
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cadence import Client, Worker, workflow
from cadence.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from cadence.api import HistoryEvent
    from cadence.client import WorkflowHandle

DOMAIN = "cadence-client-tests"
NET = 30.0
"""Seconds after which a condition that should come true is given up; a net, not a measure."""


@dataclasses.dataclass(frozen=True)
class Frontend:
    """Where the server is, and the domain of the tests."""

    address: str
    domain: str
    is_dev_server: bool


@workflow.defn
class _Probe:
    @workflow.run
    async def run(self) -> None:
        """Never run: a start alone shows that every host knows the domain."""


async def _make_domain(address: str) -> None:
    """Register the domain, and wait until starts in it are taken: hosts read the domains every few seconds."""
    async with Client.connect(address, domain=DOMAIN) as client:
        await client.domains.register(DOMAIN, retention=timedelta(days=1), exist_ok=True)
        deadline = time.monotonic() + NET
        while True:
            try:
                handle = await client.start_workflow(
                    _Probe.run, task_list="probe", execution_start_to_close_timeout=timedelta(seconds=5)
                )
                await handle.terminate("the domain is there")
                return
            except ServiceError:
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.2)


class _ServerThread:
    """The dev server on a loop of its own, as it would be in a process of its own."""

    def __init__(self) -> None:
        self.address = ""
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="dev-server")

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        assert self._loop is not None
        assert self._over is not None
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(NET)
        assert not self._thread.is_alive(), "the dev server did not stop"
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001  # it is raised where start or stop was called
            self._error = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        from cadence.devserver import DevServer, DevServerOptions

        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        async with DevServer(DevServerOptions(auto_domain=False)) as server:
            self.address = server.address
            self._ready.set()
            await self._over.wait()


@pytest.fixture(scope="session")
def frontend() -> Iterator[Frontend]:
    """The server under test, with the tests' domain in it."""
    address = os.environ.get("CADENCE_ADDRESS")
    if address:
        asyncio.run(_make_domain(address))
        yield Frontend(address, DOMAIN, is_dev_server=False)
        return
    server = _ServerThread()
    server.start()
    try:
        asyncio.run(_make_domain(server.address))
        yield Frontend(server.address, DOMAIN, is_dev_server=True)
    finally:
        server.stop()


class Scene:
    """A client, and a task list that nobody else polls."""

    def __init__(self, client: Client, frontend: Frontend, name: str) -> None:
        self.client = client
        self.frontend = frontend
        self.task_list = f"{name}-{uuid.uuid4().hex[:8]}"

    def new_id(self) -> str:
        """Give a workflow id that was never used."""
        return f"{self.task_list}-{uuid.uuid4().hex[:8]}"

    def worker(self, workflows: Any = (), activities: Any = (), **options: Any) -> Worker:
        """Make a worker of the task list, or of another one."""
        task_list = options.pop("task_list", self.task_list)
        options.setdefault("grace", timedelta(seconds=1))
        return Worker(self.client, task_list, workflows=workflows, activities=activities, **options)

    async def start(self, subject: Any, *args: object, **options: Any) -> WorkflowHandle[Any]:
        """Start a workflow on the task list, with a minute to live."""
        return await self.client.start_workflow(subject, *args, **self._filled(options))

    async def run(self, subject: Any, *args: object, **options: Any) -> Any:
        """Start a workflow and wait for its result."""
        return await self.result(await self.start(subject, *args, **options))

    async def result(self, handle: WorkflowHandle[Any], **options: Any) -> Any:
        """Wait for a result, but not for ever."""
        return await handle.result(timeout=timedelta(seconds=NET), **options)

    async def events(self, handle: WorkflowHandle[Any]) -> list[HistoryEvent]:
        """Read the events of a run as far as there are any."""
        return [event async for event in handle.history()]

    async def kinds(self, handle: WorkflowHandle[Any]) -> list[str]:
        """Read the names of the events of a run."""
        from cadence.api.enums import EventType

        return [EventType(event.event_type).name for event in await self.events(handle)]

    async def until(self, condition: Callable[[], Any], what: str = "the condition") -> Any:
        """Wait until a function or coroutine function gives something true, and return that."""
        deadline = time.monotonic() + NET
        while True:
            value = condition()
            if asyncio.iscoroutine(value):
                value = await value
            if value:
                return value
            assert time.monotonic() < deadline, f"{what} did not come true in {NET:g} s"
            await asyncio.sleep(0.02)

    def _filled(self, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "task_list": self.task_list,
            "execution_start_to_close_timeout": timedelta(minutes=1),
            "workflow_id": self.new_id(),
            **options,
        }


@pytest.fixture
async def scene(frontend: Frontend, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    """A client of the frontend, and a task list of the test's own."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_").lower())[:40].strip("-")
    async with Client.connect(frontend.address, domain=frontend.domain) as client:
        yield Scene(client, frontend, name)


@pytest.fixture
def raised() -> Callable[[BaseException], list[str]]:
    """Give the class names of an exception and its causes, outermost first."""

    def names(error: BaseException | None) -> list[str]:
        chain = []
        while error is not None:
            chain.append(type(error).__name__)
            error = error.__cause__
        return chain

    return names


@pytest.fixture
def at_exit() -> Iterator[contextlib.ExitStack]:
    """A stack of things to undo at the end of the test."""
    with contextlib.ExitStack() as stack:
        yield stack
