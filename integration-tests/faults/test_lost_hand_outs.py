"""The answer to a decision is lost, and with it activities that the server has started: they run all the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, Worker, activity, errors, workflow
from cadence.tchannel.errors import UnexpectedError
from cadence.testing import Replayer, WorkflowHistory
from cadence.workflow import RetryPolicy

DECIDED = "RespondDecisionTaskCompleted"
COMPLETED_BY_ID = "RespondActivityTaskCompletedByID"
HEARTBEAT_BY_ID = "RecordActivityTaskHeartbeatByID"
MINUTE = timedelta(minutes=1)
SOON = 30.0
"""Far from the minute after which the server gives an activity up."""


@activity.defn
async def square(value: int) -> int:
    return value * value


@activity.defn
async def beat(value: int) -> int:
    for number in range(3):
        activity.heartbeat(number)
        await asyncio.sleep(0.1)
    return value


@workflow.defn
class Squares:
    @workflow.run
    async def run(self, name: str, count: int, retries: bool) -> list[int]:
        policy = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3) if retries else None
        found: list[int] = []
        for first in range(0, count, 2):
            calls = (
                workflow.execute_activity(
                    name, value, schedule_to_close_timeout=MINUTE, heartbeat_timeout=MINUTE, retry_policy=policy
                )
                for value in (first, first + 1)
            )
            found += await asyncio.gather(*calls)
        return found


@pytest.fixture
async def worker(scene: Any, between: Any) -> AsyncIterator[Worker]:
    """Behind the frontend of the test's own."""
    async with (
        Client.connect(between.address, domain=scene.frontend.domain) as client,
        Worker(client, scene.task_list, workflows=[Squares], activities=[square, beat], grace=timedelta(0)) as worker,
    ):
        yield worker


def lose(between: Any, which: int, how: str) -> None:
    """Let the server take one answer to a decision, and what it says to that get lost."""

    async def act(call: Any, passing: Any) -> Any:
        answer = await passing()
        if between.seen[DECIDED] != which:
            return answer
        if how == "silence":
            await asyncio.Event().wait()
        raise UnexpectedError("the frontend lost its wits")

    between.acts[DECIDED] = act


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("which", "retries", "how"),
    [
        (1, True, "error"),
        (2, False, "error"),
        pytest.param(2, True, "silence", marks=pytest.mark.slow),
    ],
)
async def test_activities_run_and_are_completed_by_their_ids(
    scene: Any, between: Any, which: int, retries: bool, how: str
) -> None:
    lose(between, which, how)
    begun = time.monotonic()
    handle = await scene.start(Squares, "square", 6, retries)
    assert await scene.result(handle) == [0, 1, 4, 9, 16, 25]
    assert time.monotonic() - begun < SOON
    assert between.seen[COMPLETED_BY_ID] == 2
    Replayer([Squares]).replay(await WorkflowHistory.from_server(scene.client, handle.workflow_id))


@pytest.mark.usefixtures("worker")
async def test_they_beat_by_their_ids(scene: Any, between: Any) -> None:
    lose(between, 1, "error")
    assert await scene.run(Squares, "beat", 2, True) == [0, 1]
    assert between.seen[HEARTBEAT_BY_ID] >= 2


@pytest.mark.usefixtures("worker")
async def test_what_the_server_did_not_take_is_decided_again(scene: Any, between: Any) -> None:
    """It was the decision that was lost, not the answer to it."""

    async def drop(call: Any, passing: Any) -> Any:
        if between.seen[DECIDED] <= 1:
            return between.answer_to(call, errors.EntityNotExistsError("Decision task not found."))
        return await passing()

    between.acts[DECIDED] = drop
    handle = await scene.start(Squares, "square", 4, True, task_start_to_close_timeout=timedelta(seconds=1))
    assert await scene.result(handle) == [0, 1, 4, 9]
    assert between.seen[COMPLETED_BY_ID] == 0
