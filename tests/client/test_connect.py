"""Connecting: to await or to enter, from this loop or another thread's; what is told when nobody answers."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

import cadence
from cadence import api
from cadence import client as room
from cadence.client import Client
from cadence.exceptions import TransportError
from cadence.service import WorkflowService
from cadence.tchannel import Listener
from cadence.worker.ports import ClientPort


@pytest.fixture
async def address(frontend: Any) -> AsyncIterator[str]:
    """Where the frontend listens, on a real socket."""
    frontend.on("health", api.HealthStatus(ok=True, msg="OK"))
    frontend.on("DescribeDomain", api.DescribeDomainResponse())

    async def handle(call: Any) -> Any:
        return await frontend.call(call.endpoint, call.headers, call.body, timeout=1.0)

    listener = await Listener.start(handle)
    yield "{}:{}".format(*listener.address)
    await listener.close()


async def test_a_client_is_closed_at_the_end_of_with(address: str, frontend: Any) -> None:
    async with Client.connect(address, domain="samples") as client:
        assert [name for name, _ in frontend.requests] == ["health"]
        await client.domains.describe()
    with pytest.raises(TransportError):
        await client.domains.describe()


async def test_a_client_that_is_awaited_closes_itself(address: str) -> None:
    async with await Client.connect([address], domain="samples") as client:
        await client.domains.describe()
    client = await Client.connect(address, domain="samples")
    await client.close()
    with pytest.raises(TransportError):
        await client.domains.describe()


async def test_a_client_can_be_made_on_the_loop_of_another_thread(address: str) -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        future = asyncio.run_coroutine_threadsafe(Client.connect(address, domain="samples"), loop)
        client = await asyncio.wrap_future(future)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(client.close(), loop))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def test_a_wrong_address_is_told_at_once(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(TransportError, match=address):
            await Client.connect(address, domain="samples", retry=None)
        with pytest.raises(TransportError, match=address):
            async with Client.connect(address, domain="samples", retry=None):
                pytest.fail("there is no server")
        async with Client.connect(address, domain="samples", retry=None, check_at_start=False) as client:
            assert client.domain == "samples"


async def test_a_wait_for_the_connection_can_be_cancelled(frontend: Any, address: str) -> None:
    frontend.on("health", asyncio.Event())
    waiting = asyncio.ensure_future(Client.connect(address))
    await frontend.asked.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_a_connection_can_be_given_up_before_it_is_made() -> None:
    Client.connect("127.0.0.1:1").close()


async def test_a_given_service_stays_open(connect: Callable[..., Client], frontend: Any) -> None:
    async with connect() as client:
        pass
    assert not frontend.is_closed
    await client.service.close()
    assert frontend.is_closed


def test_what_a_worker_needs_is_there(frontend: Any) -> None:
    client: ClientPort = Client(WorkflowService(frontend), domain="samples")
    assert client.identity == f"{os.getpid()}@{socket.gethostname()}"
    assert (client.domain, tuple(client.interceptors)) == ("samples", ())
    assert repr(client) == "<Client of 'samples'>"


def test_names_load_when_they_are_used() -> None:
    assert cadence.Client is Client
    assert set(room.__all__) <= set(dir(room))
    with pytest.raises(AttributeError):
        room.no_such_name  # noqa: B018
