"""Floods of polls, starts and signals, peers that do not read, peers that say nothing: the server's memory is bounded.

The server is a process of its own, so that what is measured is its memory alone. What single connections may do is
tested with the listener (tests/tchannel/test_pace.py); here it is what the whole server makes of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cadence import api
from cadence.api.codec import encode
from cadence.api.service import RPCS
from cadence.errors import LimitExceededError, WorkflowExecutionAlreadyStartedError
from cadence.service import WorkflowService
from cadence.tchannel import messages
from cadence.tchannel.errors import BusyError, CallTimeoutError
from cadence.tchannel.fragments import cut
from cadence.tchannel.frames import pack_frame

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's figures of a process"),
]

MB = 1024 * 1024
CALLS_OF_A_CONNECTION = 10_000
TOO_MANY = 10_500
LIST = api.TaskList(name="orders")
CALL_HEAD = messages.pack_call_head("cadence-frontend", {"as": "thrift", "cn": "flood"})
HELLO = pack_frame(0x01, 1, messages.pack_init(messages.init_headers()))


class Flooded:
    """A server in memory, what it uses, and the domain to flood."""

    def __init__(self, process: Any, domain: str) -> None:
        self.process = process
        self.address: str = process.address
        self.domain = domain

    def resident(self) -> int:
        """Bytes in memory."""
        pages = Path(f"/proc/{self.process.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * 4096

    def connect(self) -> WorkflowService:
        """Make calls over a connection of one's own."""
        return WorkflowService.connect(self.address, retry=None)

    def start_request(self, workflow_id: str, **more: Any) -> api.StartWorkflowExecutionRequest:
        return api.StartWorkflowExecutionRequest(
            domain=self.domain,
            workflow_id=workflow_id,
            workflow_type=api.WorkflowType(name="order"),
            task_list=LIST,
            execution_start_to_close_timeout_seconds=600,
            task_start_to_close_timeout_seconds=10,
            request_id=str(uuid.uuid4()),
            **more,
        )

    async def is_well(self) -> None:
        """Somebody else is served at once."""
        async with self.connect() as service, asyncio.timeout(10):
            name = str(uuid.uuid4())
            task_list = api.TaskList(name=name)
            request = self.start_request(name)
            request.task_list = task_list
            run_id = (await service.start_workflow_execution(request)).run_id
            poll = api.PollForDecisionTaskRequest(self.domain, task_list, "tester")
            assert (await service.poll_for_decision_task(poll)).workflow_execution.run_id == run_id


@pytest.fixture
async def flooded(server_process: Any, crash_load: Any) -> AsyncIterator[Flooded]:
    """A server that keeps everything in memory, warmed up."""
    await server_process.begin(in_memory=True)
    await server_process.ready()
    server = Flooded(server_process, crash_load.DOMAIN)
    await server.is_well()
    yield server
    await server.is_well()
    await server_process.stop()
    assert server_process.log.read_text() == ""


async def many(calls: Any, at_once: int) -> None:
    """Await the calls, so many at a time."""
    left = iter(calls)

    async def lane() -> None:
        for call in left:
            await call

    await asyncio.gather(*(lane() for _ in range(at_once)))


async def test_polls(flooded: Flooded) -> None:
    before = flooded.resident()
    turned_away = 0

    async def poll(service: WorkflowService, number: int) -> None:
        nonlocal turned_away
        # Each on a list and with an identity of its own, which the server would have to remember.
        request = api.PollForDecisionTaskRequest(flooded.domain, api.TaskList(name=f"l{number}"), f"i{number}" * 20)
        try:
            await service.poll_for_decision_task(request, timeout=60)
        except BusyError:
            turned_away += 1

    async with contextlib.AsyncExitStack() as stack:
        services = [await stack.enter_async_context(flooded.connect()) for _ in range(2)]
        polls = [asyncio.create_task(poll(services[n > TOO_MANY], n)) for n in range(TOO_MANY + 8_000)]
        # What one connection may not have out is refused; the others wait.
        async with asyncio.timeout(60):
            while turned_away < TOO_MANY - CALLS_OF_A_CONNECTION:  # noqa: ASYNC110 - a count is what is awaited
                await asyncio.sleep(0.05)
        await flooded.is_well()
        grown = flooded.resident() - before
        for each in polls:
            each.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
    assert grown < 18_000 * 12_000, f"{grown / MB:.0f} MB"


async def test_starts_that_are_refused_leave_nothing(flooded: Flooded) -> None:
    async with flooded.connect() as service:
        await service.start_workflow_execution(flooded.start_request("one", input=b"x" * MB))

        async def start() -> None:
            with pytest.raises(WorkflowExecutionAlreadyStartedError):
                await service.start_workflow_execution(flooded.start_request("one", input=b"x" * MB), timeout=60)

        await many((start() for _ in range(50)), 50)
        before = flooded.resident()
        await many((start() for _ in range(250)), 50)
        assert flooded.resident() - before < 64 * MB


async def test_signals_of_one_run(flooded: Flooded) -> None:
    async with flooded.connect() as service:
        await service.start_workflow_execution(flooded.start_request("one"))
        run = api.WorkflowExecution(workflow_id="one")
        before = flooded.resident()
        taken = 0

        async def signal() -> None:
            nonlocal taken
            request = api.SignalWorkflowExecutionRequest(flooded.domain, run, "s", b"x" * MB, "flood")
            with contextlib.suppress(LimitExceededError):
                await service.signal_workflow_execution(request, timeout=60)
                taken += 1

        await many((signal() for _ in range(400)), 20)
        assert 190 <= taken <= 210
        # The event, and its row in the store.
        assert flooded.resident() - before < 3 * 200 * MB
        await service.terminate_workflow_execution(
            api.TerminateWorkflowExecutionRequest(flooded.domain, run, "flooded", identity="flood")
        )


async def test_a_peer_that_asks_and_does_not_read(flooded: Flooded) -> None:
    async with flooded.connect() as service:
        await service.start_workflow_execution(flooded.start_request("one", input=b"x" * MB))
    rpc = RPCS["GetWorkflowExecutionHistory"]
    ask = api.GetWorkflowExecutionHistoryRequest(
        domain=flooded.domain, execution=api.WorkflowExecution(workflow_id="one")
    )
    body = encode(rpc.args_type(ask))
    parts = cut((60_000).to_bytes(4, "big") + CALL_HEAD, 0, (rpc.endpoint.encode(), b"\0\0", body))
    before = flooded.resident()
    host, _, port = flooded.address.rpartition(":")
    with socket.socket() as peer:
        peer.setblocking(False)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(peer, (host, int(port)))
        await loop.sock_sendall(peer, HELLO)

        async def ask_on() -> None:
            for number in range(2, 4_000):
                await loop.sock_sendall(peer, b"".join(pack_frame(0x03, number, part) for part in parts))

        asking = asyncio.create_task(ask_on())
        await asyncio.wait({asking}, timeout=5)
        await flooded.is_well()
        grown = flooded.resident() - before
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    assert grown < 128 * MB, f"{grown / MB:.0f} MB"


async def test_peers_that_say_nothing(flooded: Flooded) -> None:
    host, _, port = flooded.address.rpartition(":")
    before = flooded.resident()
    async with contextlib.AsyncExitStack() as stack:
        silent = []
        for number in range(900):
            _, writer = await asyncio.open_connection(host, int(port))
            stack.callback(writer.transport.abort)
            writer.write(HELLO[: number % len(HELLO)])
            silent.append(writer)
        await flooded.is_well()
        assert flooded.resident() - before < 64 * MB


async def test_a_flood_of_starts_is_paid_by_what_is_kept(flooded: Flooded) -> None:
    async with flooded.connect() as service:

        async def start(number: int) -> None:
            with contextlib.suppress(CallTimeoutError):
                await service.start_workflow_execution(flooded.start_request(f"w{number}"), timeout=60)

        before = flooded.resident()
        await many((start(number) for number in range(5_000)), 1_000)
        assert (flooded.resident() - before) / 5_000 < 20_000
