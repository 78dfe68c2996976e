"""Activity code alone: what it asks for is answered, what it reports is kept."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from cadence import activity
from cadence.exceptions import ConfigurationError
from cadence.testing import ActivityEnvironment, wait_until


@activity.defn(name="copy")
async def copy(name: str, count: int = 2) -> str:
    start = activity.heartbeat_details(int) or 0
    for number in range(start, count):
        activity.heartbeat(number + 1, name)
    return f"{name} from {start}"


async def test_heartbeats_and_their_details() -> None:
    environment = ActivityEnvironment(heartbeat_details=[1], attempt=3)
    assert await environment.run(copy, "file", 3) == "file from 1"
    assert environment.heartbeats == [(2, "file"), (3, "file")]
    assert environment.info.activity_type == "copy"
    assert environment.info.attempt == 3


async def test_the_first_attempt_finds_no_details() -> None:
    assert await ActivityEnvironment().run(copy, "file") == "file from 0"


async def test_cancelling_a_coroutine() -> None:
    cleaned: list[str] = []

    @activity.defn
    async def wait() -> None:
        try:
            activity.heartbeat("waiting")
            await asyncio.Event().wait()
        finally:
            cleaned.append(activity.cancel_reason())

    environment = ActivityEnvironment()
    task = asyncio.create_task(environment.run(wait))
    await wait_until(lambda: environment.heartbeats)
    environment.cancel("enough")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned == ["enough"]


async def test_cancelling_a_function_in_a_thread() -> None:
    threads: list[threading.Thread] = []

    @activity.defn
    def work() -> bool:
        threads.append(threading.current_thread())
        activity.heartbeat()
        return activity.wait_for_cancelled_sync() and activity.is_cancelled()

    environment = ActivityEnvironment()
    task = asyncio.create_task(environment.run(work))
    await wait_until(lambda: environment.heartbeats)
    environment.cancel()
    assert await task is True
    assert threads[0] is not threading.current_thread()


async def test_cancelled_before_it_began() -> None:
    environment = ActivityEnvironment()
    environment.cancel()

    async def look() -> None:
        await activity.wait_for_cancelled()

    with pytest.raises(asyncio.CancelledError):
        await environment.run(look)


def test_plain_tests_of_plain_functions() -> None:
    def work(number: int) -> tuple[int, bool, str]:
        activity.logger.info("at work")
        return number, activity.is_worker_stopping(), activity.info().workflow_id

    environment = ActivityEnvironment(workflow_id="w")
    environment.stop_worker()
    assert environment.run_sync(work, 3) == (3, True, "w")
    with pytest.raises(ConfigurationError, match="coroutine"):
        environment.run_sync(copy, "x")


async def test_completion_from_elsewhere() -> None:
    @activity.defn
    async def hand_over() -> str:
        activity.raise_complete_async()

    environment = ActivityEnvironment()
    assert await environment.run(hand_over) is None
    assert environment.completes_elsewhere


async def test_heartbeats_may_be_watched() -> None:
    seen: list[Any] = []
    await ActivityEnvironment(on_heartbeat=lambda *details: seen.append(details)).run(copy, "f", 1)
    assert seen == [(1, "f")]


def test_unknown_facts() -> None:
    with pytest.raises(ConfigurationError, match="there is no tries"):
        ActivityEnvironment(tries=3)
