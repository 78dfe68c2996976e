"""Hosts whose names mean nothing: a client that connects is told at once, one that had a server waits for it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from cadence import api
from cadence.api.calls import response_body
from cadence.api.service import RPCS
from cadence.client import Client
from cadence.service import WorkflowService
from cadence.tchannel import CallResponse, IncomingCall, Listener
from cadence.tchannel.errors import ConnectionFailedError, UnknownHostError
from cadence.worker.pollers import PollerGroup, Slots

UNKNOWN = socket.gaierror(socket.EAI_NONAME, "Name or service not known")


class Resolver:
    """What every name stands for, at the moment."""

    def __init__(self) -> None:
        self.answer: str | Exception = UNKNOWN
        self.asked: list[str] = []
        self.changed = asyncio.Event()

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        self.asked.append(host)
        self.changed.set()
        if isinstance(self.answer, Exception):
            raise self.answer
        # As a real one, it answers later.
        await asyncio.sleep(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self.answer, port))]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds; looked at whenever somebody asks."""
        async with asyncio.timeout(20):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
async def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    resolver = Resolver()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver.getaddrinfo)
    return resolver


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where a frontend listens that is well."""

    async def handle(call: IncomingCall) -> CallResponse:
        return CallResponse(True, {}, response_body(RPCS["health"], api.HealthStatus(ok=True, msg="OK")))

    listener = await Listener.start(handle)
    yield listener.address[1]
    await listener.close()


async def test_a_misspelled_host_is_told_at_once(resolver: Resolver, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnknownHostError) as caught:
        await Client.connect("cadense.example:7933", domain="samples")
    assert resolver.asked == ["cadense.example"]
    told = str(caught.value)
    assert "cadense.example:7933 (the name 'cadense.example' can't be resolved: Name or service not known)" in told
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_a_worker_that_runs_goes_on_asking(
    resolver: Resolver, port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What polls, polls on: whatever the resolver says meanwhile."""
    monkeypatch.setattr("cadence.worker.pollers._FIRST_PAUSE", 0.001)
    monkeypatch.setattr("cadence.worker.pollers._LONGEST_PAUSE", 0.01)
    caplog.set_level(logging.INFO, "cadence.worker")
    answered: asyncio.Event = asyncio.Event()
    async with WorkflowService.connect(f"cadence.example:{port}") as service:

        async def poll() -> None:
            await service.health(retry=None)
            answered.set()

        polls: PollerGroup[None] = PollerGroup("tests", poll, lambda task: None, Slots(1), minimum=1, maximum=1)
        polls.start()
        try:
            await resolver.until(lambda: len(resolver.asked) >= 5)
            assert not answered.is_set()
            resolver.answer = "127.0.0.1"
            async with asyncio.timeout(20):
                await answered.wait()
            assert polls.statistics().is_connected
        finally:
            await polls.stop()
    told = [record.getMessage() for record in caplog.records if record.name == "cadence.worker"]
    assert len(told) == 2, told
    assert "the name 'cadence.example' can't be resolved: Name or service not known" in told[0]
    assert "answered again" in told[1]


@pytest.mark.parametrize(
    "reason", [UNKNOWN, socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")], ids=["gone", "away"]
)
async def test_a_name_that_meant_something_may_again(resolver: Resolver, port: int, reason: Exception) -> None:
    resolver.answer = "127.0.0.1"
    async with WorkflowService.connect(f"cadence.example:{port}") as service:
        await service.health()
        assert service._channel._connection is not None
        service._channel._connection._transport.abort()
        resolver.answer = reason
        asked = len(resolver.asked)
        call = asyncio.create_task(service.health())
        await resolver.until(lambda: len(resolver.asked) >= asked + 3)
        assert not call.done()
        resolver.answer = "127.0.0.1"
        await call


async def test_a_resolver_that_is_away_at_the_start_is_asked_again(resolver: Resolver, port: int) -> None:
    resolver.answer = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    connecting = asyncio.ensure_future(Client.connect(f"cadence.example:{port}", domain="samples"))
    await resolver.until(lambda: len(resolver.asked) >= 3)
    resolver.answer = "127.0.0.1"
    await (await connecting).close()


async def test_one_name_of_several_is_enough(resolver: Resolver, port: int) -> None:
    async with WorkflowService.connect([f"nosuch.example:{port}", f"127.0.0.1:{port}"]) as service:
        await service.health()
    with pytest.raises(
        ConnectionFailedError, match=r"nosuch\.example:1 \(the name.*127\.0\.0\.1:1 \(nothing"
    ) as caught:
        async with WorkflowService.connect(["nosuch.example:1", "127.0.0.1:1"]) as service:
            await service.health(retry=None)
    assert not isinstance(caught.value, UnknownHostError)
