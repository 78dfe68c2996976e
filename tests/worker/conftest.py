"""A frontend in memory, which answers the worker's RPCs and notes what it was told, and workers on the test's loop."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_service import FakeService

from cadence.converter import DataConverter
from cadence.worker.assembly import Assembly
from cadence.worker.mailbox import Mailbox
from cadence.worker.options import WorkerOptions
from cadence.worker.registry import Registry, read_activities, read_workflows
from cadence.worker.shutdown import shut_down

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from cadence.worker.workflow_thread import WorkflowThread


@dataclass
class FakeClient:
    """What a worker needs of a client."""

    service: Any
    domain: str = "tests"
    converter: DataConverter = field(default_factory=DataConverter)
    identity: str = "test client"
    interceptors: tuple[Any, ...] = ()


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def client(service: FakeService) -> FakeClient:
    return FakeClient(service)


@pytest.fixture
async def mailbox() -> Mailbox:
    return Mailbox(asyncio.get_running_loop())


async def untraced(thread: WorkflowThread) -> None:
    """Stop the measuring of coverage in a thread that is to be interrupted: the tracer's own lock would stay taken."""
    await thread.run("untraced", lambda: sys.settrace(None))


@pytest.fixture
def machine(client: FakeClient) -> Callable[..., AbstractAsyncContextManager[Assembly]]:
    """Start a worker's machine on the test's own loop; `grace` is how long it may take to stop."""

    @asynccontextmanager
    async def start(
        workflows: tuple[Any, ...] = (),
        activities: tuple[Any, ...] = (),
        *,
        make_run: Any = None,
        grace: float = 5.0,
        **options: Any,
    ) -> AsyncIterator[Assembly]:
        mailbox = Mailbox(asyncio.get_running_loop())
        assembly = Assembly(
            client,
            "tests",
            WorkerOptions.of(options),
            Registry("workflow", read_workflows(workflows)),
            Registry("activity", read_activities(activities)),
            io=mailbox,
            user=mailbox,
            make_run=make_run,
        )
        await assembly.start()
        if "deadlock_timeout" in options and assembly.workflow_side is not None:
            await untraced(assembly.workflow_side.thread)
        try:
            yield assembly
        finally:
            await shut_down(assembly, grace)

    return start
