"""Peers that are gone without a word: neither FIN nor RST comes, and it is known within ten seconds all the same."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, Worker, activity, workflow
from cadence.tchannel import Channel, errors

KNOWN_BY = 10.0
"""Seconds after its last byte by which a dead peer is known; a loaded machine gets half as much again."""


@activity.defn(schedule_to_close_timeout=timedelta(seconds=40))
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return await greet(name)


@pytest.fixture
async def between(frontend: Any, proxy: Any) -> AsyncIterator[Any]:
    """A network that is calm, until it swallows everything."""
    host, _, port = frontend.address.rpartition(":")
    plan = proxy.Plan(
        seed=0,
        pieces=(65_536, 65_536),
        gathering=0,
        delay=(0, 0),
        life=(3600, 3600),
        ends=("blackhole",),
        stall=(0, 0),
        refused=0,
    )
    async with proxy.Proxy(host, int(port), plan) as made:
        yield made


def swallow(between: Any, *directions: int) -> None:
    """Lose all that the connections of now carry in these directions, 0 to the server and 1 from it."""
    for link in between._links:
        link._swallow = [number in directions or before for number, before in enumerate(link._swallow)]


async def until(condition: Callable[[], object], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is awaited is a count that statistics() gives
            await asyncio.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("directions", [(0, 1), (0,), (1,)], ids=["both", "to the server", "from the server"])
async def test_a_silent_death_is_known_within_ten_seconds(between: Any, directions: tuple[int, ...]) -> None:
    channel = Channel([between.address])
    clock = asyncio.get_running_loop().time
    try:
        await channel.call("Meta::health", {}, b"\0", timeout=10)
        swallow(between, *directions)
        begun = clock()
        with pytest.raises(errors.ConnectionLostError, match=rf"{between.address}: silent for") as caught:
            await channel.call("Meta::health", {}, b"\0", timeout=60)
        passed = clock() - begun
        assert passed <= 1.5 * KNOWN_BY
        assert float(str(caught.value).partition("silent for ")[2].partition(" ")[0]) <= 1.5 * KNOWN_BY
        assert (await channel.call("Meta::health", {}, b"\0", timeout=10)).ok  # by another one
        assert channel.statistics().connects == 2
    finally:
        await channel.close()


@pytest.mark.slow
async def test_a_worker_finds_its_polls_dead_and_polls_anew(
    between: Any, frontend: Any, scene: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cadence")
    async with (
        Client.connect(between.address, domain=frontend.domain) as client,
        Worker(client, scene.task_list, workflows=[Greeting], activities=[greet], grace=timedelta(seconds=1)),
    ):
        assert await scene.run(Greeting.run, "you") == "Hello, you!"
        swallow(between, 0, 1)
        handle = await scene.start(Greeting.run, "you", task_start_to_close_timeout=timedelta(seconds=2))
        assert await handle.result(timeout=timedelta(seconds=50)) == "Hello, you!"
    told = [record.getMessage() for record in caplog.records]
    assert any(f"connection to {between.address} lost" in line for line in told)
    assert any("are answered again" in line for line in told)


@pytest.mark.slow
async def test_a_wait_for_a_result_goes_on_over_another_connection(between: Any, frontend: Any, scene: Any) -> None:
    async with Client.connect(between.address, domain=frontend.domain) as client:
        handle = await scene.start(Greeting.run, "you")
        waiting = asyncio.create_task(client.get_workflow_handle(handle.workflow_id).result())
        await until(lambda: client.service._channel.statistics().connection.calls_out, 10)
        swallow(between, 1)
        async with scene.worker([Greeting], [greet]):
            assert await scene.result(handle) == "Hello, you!"
        # The server has told it long ago; what it said went nowhere.
        async with asyncio.timeout(30):
            assert await waiting == "Hello, you!"
        assert client.service._channel.statistics().connects == 2
