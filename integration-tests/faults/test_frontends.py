"""A client and a worker with several frontends: whichever of them die, hang or come back, workflows go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, Worker, activity, workflow
from cadence.tchannel import CallResponse

POLLS = ("PollForDecisionTask", "PollForActivityTask")


@activity.defn(schedule_to_close_timeout=timedelta(seconds=25))
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return await greet(name)


@pytest.fixture
async def frontends(frontend: Any, betweens: Any) -> AsyncIterator[list[Any]]:
    """Two frontends of the server."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(betweens.Between(frontend.address)) for _ in range(2)]


@pytest.fixture
async def client(frontends: list[Any], frontend: Any) -> AsyncIterator[Client]:
    """A client of both."""
    async with Client.connect([between.address for between in frontends], domain=frontend.domain) as client:
        yield client


async def run(client: Client, task_list: str) -> str:
    return await client.execute_workflow(
        Greeting.run,
        "you",
        task_list=task_list,
        execution_start_to_close_timeout=timedelta(seconds=30),
        task_start_to_close_timeout=timedelta(seconds=2),
    )


def polls(between: Any) -> int:
    return sum(between.seen[name] for name in POLLS)


async def test_each_dies_and_comes_back(scene: Any, client: Client, frontends: list[Any]) -> None:
    first, second = frontends
    async with Worker(client, scene.task_list, workflows=[Greeting], activities=[greet], grace=timedelta(seconds=1)):
        assert await run(client, scene.task_list) == "Hello, you!"
        assert (polls(first) > 0, polls(second)) == (True, 0)
        await first.stop()
        assert await run(client, scene.task_list) == "Hello, you!"
        await second.until(lambda: polls(second))
        await first.start()
        seen = polls(first)
        await second.stop()
        assert await run(client, scene.task_list) == "Hello, you!"
        await first.until(lambda: polls(first) > seen)
        await first.stop()
        late = asyncio.create_task(run(client, scene.task_list))
        await asyncio.sleep(0)
        await second.start()
        assert await late == "Hello, you!"


async def test_one_that_hangs_is_left_by_calls(scene: Any, client: Client, frontends: list[Any]) -> None:
    """It takes connections and pings, and answers nothing."""
    first, second = frontends

    async def hang(call: Any, passing: Any) -> CallResponse:
        await asyncio.Event().wait()
        raise AssertionError

    await client.service.health()
    first.acts.update(dict.fromkeys((*POLLS, "health", "DescribeDomain", "StartWorkflowExecution"), hang))
    handle = await client.start_workflow(
        Greeting.run, "you", task_list=scene.task_list, execution_start_to_close_timeout=timedelta(minutes=1)
    )
    assert (first.seen["StartWorkflowExecution"], second.seen["StartWorkflowExecution"]) == (1, 1)
    async with scene.worker([Greeting], [greet]):
        assert await handle.result(timeout=timedelta(seconds=30)) == "Hello, you!"
    assert first.seen["GetWorkflowExecutionHistory"] == 0
