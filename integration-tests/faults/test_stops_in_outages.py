"""A worker that stops while its server is gone, restarted or cut off: it ends in its time, and loses what it must only.

What it computed is delivered where the server is back within the grace time; otherwise the server's timeouts give the
work to another worker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, Worker, activity, workflow
from cadence.tchannel import CallResponse
from cadence.workflow import RetryPolicy

GRACE = timedelta(seconds=20)
ENDS_BY = 10.0
"""Seconds beyond the grace time by which a worker has stopped, whatever its server does."""


class Steps:
    """What the activity and the test tell each other."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.runs = 0


steps = Steps()


@activity.defn(
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=5),
)
async def work() -> str:
    steps.runs += 1
    steps.begun.set()
    await steps.go_on.wait()
    return "done"


@workflow.defn
class Works:
    @workflow.run
    async def run(self) -> str:
        return await work()


@pytest.fixture
async def client(between: Any, frontend: Any) -> AsyncIterator[Client]:
    """A client that talks to the frontend between."""
    async with Client.connect(between.address, domain=frontend.domain) as client:
        yield client


@pytest.fixture
def make(client: Client, scene: Any) -> Any:
    """Make workers with the grace time."""
    steps.begun, steps.go_on, steps.runs = asyncio.Event(), asyncio.Event(), 0

    def make(grace: timedelta = GRACE) -> Worker:
        return Worker(
            client, scene.task_list, workflows=[Works], activities=[work], grace=grace, max_eager_activities=0
        )

    return make


async def test_what_was_computed_reaches_a_server_that_is_back(scene: Any, between: Any, make: Any) -> None:
    """Gone before the result is there, back while the worker drains."""
    worker = make()
    await worker.start()
    handle = await scene.start(Works.run)
    await steps.begun.wait()
    await between.stop()
    stopping = asyncio.create_task(worker.stop())
    steps.go_on.set()
    done, _ = await asyncio.wait([stopping], timeout=1.0)
    assert not done  # there is an answer to be sent
    await between.start()
    async with asyncio.timeout(GRACE.total_seconds()):
        await stopping
    assert between.seen["RespondActivityTaskCompleted"] >= 1
    async with make():
        assert await scene.result(handle) == "done"
    assert steps.runs == 1


async def test_frontends_that_are_restarted_while_a_worker_drains(scene: Any, between: Any, make: Any) -> None:
    worker = make()
    await worker.start()
    handles = [await scene.start(Works.run) for _ in range(5)]
    await scene.until(lambda: steps.runs == 5)
    stopping = asyncio.create_task(worker.stop())
    for number in range(3):
        await between.stop()
        await between.start()
        if number == 1:
            steps.go_on.set()
    async with asyncio.timeout(GRACE.total_seconds() + ENDS_BY):
        await stopping
    async with make():
        assert [await scene.result(handle) for handle in handles] == ["done"] * 5
    assert steps.runs == 5


@pytest.mark.parametrize("how", ["no connection", "silence"])
async def test_a_server_that_stays_away_holds_nobody(
    scene: Any, between: Any, make: Any, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def hang(call: Any, passing: Any) -> CallResponse:
        await asyncio.Event().wait()
        raise AssertionError

    caplog.set_level(logging.INFO, "cadence")
    worker = make(timedelta(seconds=1))
    await worker.start()
    handle = await scene.start(Works.run)
    await steps.begun.wait()
    if how == "silence":
        for name in ("RespondActivityTaskCompleted", "ResetStickyTaskList", "PollForActivityTask"):
            between.acts[name] = hang
    else:
        await between.stop()
    steps.go_on.set()
    clock = asyncio.get_running_loop().time
    began = clock()
    async with asyncio.timeout(60):
        await worker.stop()
    assert clock() - began <= 1 + ENDS_BY
    assert not worker.statistics().is_running
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert not told, told
    assert "server's timeouts take over" in caplog.text
    await handle.terminate("the rest is the server's timeout")


async def test_stopping_in_the_middle_of_starting(scene: Any, between: Any, make: Any) -> None:
    async def hang(call: Any, passing: Any) -> CallResponse:
        await asyncio.Event().wait()
        raise AssertionError

    between.acts["DescribeDomain"] = hang
    worker = make()
    starting = asyncio.create_task(worker.start())
    await between.until(lambda: between.seen["DescribeDomain"])
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    async with asyncio.timeout(ENDS_BY):
        await worker.stop()


async def test_idle_workers_stop_at_once_without_their_server(between: Any, make: Any) -> None:
    worker = make(timedelta(hours=1))
    await worker.start()
    await between.until(lambda: between.seen["PollForActivityTask"])
    await between.stop()
    async with asyncio.timeout(ENDS_BY):
        await worker.stop()
