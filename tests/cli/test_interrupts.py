"""Ctrl-C: whatever a command waits for, it ends at once, quietly, and says by its code that it was interrupted."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from cadence import api
from cadence.devserver import DevServer
from cadence.service import WorkflowService
from cadence.tchannel import CallResponse, Channel, IncomingCall, Listener

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

Run = Callable[..., Awaitable[asyncio.subprocess.Process]]
SOON = 8.0
"""Seconds for a loaded machine; what is waited for lasts longer: a long poll 20, a connection 10, an hour of grace."""
WORKER = """
from datetime import timedelta
from cadence import Worker, workflow

@workflow.defn
class Nothing:
    @workflow.run
    async def run(self) -> None: ...

def make(client):
    return Worker(client, "nothing", workflows=[Nothing], grace=timedelta(hours=1))
"""


class Relay:
    """Hands calls on to the server, and tells which came."""

    def __init__(self, server: str) -> None:
        self._server = Channel([server])
        self.came: asyncio.Queue[str] = asyncio.Queue()
        self.is_mute = False
        self.address = ""

    async def handle(self, call: IncomingCall) -> CallResponse:
        self.came.put_nowait(call.endpoint.partition("::")[2])
        if self.is_mute:
            await asyncio.Event().wait()
        left = max(0.001, call.deadline - asyncio.get_running_loop().time())
        return await self._server.call(call.endpoint, call.headers, call.body, timeout=left)

    async def until(self, name: str) -> None:
        """Wait for a call of a name."""
        async with asyncio.timeout(60):
            while await self.came.get() != name:
                pass

    async def close(self) -> None:
        await self._server.close()


@pytest.fixture
async def relay(server: DevServer) -> AsyncIterator[Relay]:
    relay = Relay(server.address)
    listener = await Listener.start(relay.handle)
    relay.address = "{}:{}".format(*listener.address)
    yield relay
    await listener.close(0.0)
    await relay.close()


@pytest.fixture
async def run(relay: Relay, tmp_path: Path) -> AsyncIterator[Run]:
    """Start a command in a process of its own."""
    (tmp_path / "app.py").write_text(WORKER)
    processes: list[asyncio.subprocess.Process] = []

    async def start(*arguments: str, address: str = "") -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "dev", "-W", "ignore", "-m", "cadence", *arguments),
            cwd=tmp_path,
            env={**os.environ, "CADENCE_ADDRESS": address or relay.address, "CADENCE_DOMAIN": "samples"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def interrupted(process: asyncio.subprocess.Process, kind: signal.Signals = signal.SIGINT) -> tuple[int, str]:
    """Send the signal; the code, and what was said of the end, but for how slow a loaded machine is."""
    began = time.monotonic()
    process.send_signal(kind)
    async with asyncio.timeout(60):
        _, err = await process.communicate()
    assert time.monotonic() - began < SOON
    assert process.returncode is not None
    lines = [line for line in err.decode().splitlines() if "Executing <" not in line]
    return process.returncode, "\n".join(lines)


async def started(service: WorkflowService) -> str:
    """Start a workflow that nobody works on."""
    await service.start_workflow_execution(
        api.StartWorkflowExecutionRequest(
            domain="samples",
            workflow_id="w",
            workflow_type=api.WorkflowType(name="Waiting"),
            task_list=api.TaskList(name="nobody"),
            execution_start_to_close_timeout_seconds=3600,
            task_start_to_close_timeout_seconds=10,
            request_id=str(uuid.uuid4()),
        )
    )
    return "w"


async def test_a_wait_for_a_result(run: Run, relay: Relay, service: WorkflowService) -> None:
    process = await run("workflow", "result", await started(service))
    await relay.until("GetWorkflowExecutionHistory")
    assert await interrupted(process) == (130, "")


async def test_a_server_that_does_not_answer(run: Run, relay: Relay) -> None:
    relay.is_mute = True
    process = await run("workflow", "list")
    async with asyncio.timeout(60):
        await relay.came.get()
    assert await interrupted(process) == (130, "")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
async def test_a_worker_that_has_nothing_to_do(run: Run, relay: Relay, kind: signal.Signals) -> None:
    process = await run("worker", "app:make", "--log-level", "WARNING")
    await relay.until("PollForDecisionTask")
    assert await interrupted(process, kind) == (0, "")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
async def test_a_worker_that_waits_for_its_server(run: Run, relay: Relay, kind: signal.Signals) -> None:
    relay.is_mute = True
    process = await run("worker", "app:make", "--log-level", "WARNING")
    await relay.until("health")
    assert await interrupted(process, kind) == (130, "")


async def test_a_worker_that_asks_for_its_domain(run: Run, relay: Relay) -> None:
    process = await run("worker", "app:make", "--log-level", "WARNING")
    await relay.until("health")
    relay.is_mute = True
    await relay.until("DescribeDomain")
    assert await interrupted(process) == (130, "")


async def test_a_worker_whose_server_is_gone(run: Run, relay: Relay) -> None:
    process = await run("worker", "app:make", "--log-level", "ERROR")
    await relay.until("PollForDecisionTask")
    relay.is_mute = True
    assert await interrupted(process) == (0, "")
