"""Results over chains of runs, followed or not: continue-as-new, retries, cron; histories read as they come."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, workflow
from cadence.api.enums import EventType
from cadence.exceptions import (
    ApplicationError,
    WorkflowCanceledError,
    WorkflowContinuedAsNewError,
    WorkflowFailedError,
    WorkflowTimedOutError,
)
from cadence.service import WorkflowService
from cadence.tchannel import Channel
from cadence.workflow import RetryPolicy

SECOND = timedelta(seconds=1)
TWICE_MORE = RetryPolicy(initial_interval=SECOND, backoff_coefficient=1.0, maximum_attempts=3)


@workflow.defn(name="chain")
class Chain:
    def __init__(self) -> None:
        self.words: list[str] = []

    @workflow.run
    async def run(self, how: str, left: int) -> str:
        match how:
            case "continue" if left:
                workflow.continue_as_new(how, left - 1)
            case "fail" if workflow.info().attempt < left:
                raise ApplicationError(f"attempt {workflow.info().attempt}", reason="passing")
            case "hang":
                await asyncio.sleep(50)
            case "cron":
                await asyncio.sleep(0)  # where a cancellation reaches it
            case "listen":
                await workflow.wait_condition(lambda: len(self.words) == left)
        return f"{how} ends"

    @workflow.signal(name="hear")
    def hear(self, word: str) -> None:
        self.words.append(word)


async def goes_on(scene: Any, handle: Any) -> WorkflowContinuedAsNewError:
    """Wait for the run alone, and give what tells that another goes on."""
    with pytest.raises(WorkflowContinuedAsNewError) as caught:
        await scene.result(handle, follow_runs=False)
    assert caught.value.new_run_id not in ("", handle.run_id)
    return caught.value


async def test_continue_as_new(scene: Any) -> None:
    async with scene.worker([Chain]):
        handle = await scene.start(Chain.run, "continue", 2)
        assert await scene.result(handle) == "continue ends"
        first = await goes_on(scene, handle)
        assert (first.initiator, first.last_result, first.__cause__) == ("Decider", None, None)
        second = scene.client.get_workflow_handle(handle.workflow_id, run_id=first.new_run_id, workflow=Chain.run)
        assert await scene.result(second) == "continue ends"
        last = (await goes_on(scene, second)).new_run_id
        third = scene.client.get_workflow_handle(handle.workflow_id, run_id=last, workflow=Chain.run)
        assert await scene.result(third, follow_runs=False) == "continue ends"


async def test_retries(scene: Any) -> None:
    async with scene.worker([Chain]):
        handle = await scene.start(Chain.run, "fail", 1, retry_policy=TWICE_MORE)
        assert await scene.result(handle) == "fail ends"
        first = await goes_on(scene, handle)
        assert first.initiator == "RetryPolicy"
        assert isinstance(first.__cause__, ApplicationError)
        assert "attempt 0" in str(first)
        second = scene.client.get_workflow_handle(handle.workflow_id, run_id=first.new_run_id)
        assert await scene.result(second, follow_runs=False) == "fail ends"


@pytest.mark.slow
async def test_retries_that_fail_to_the_last(scene: Any) -> None:
    async with scene.worker([Chain]):
        handle = await scene.start(Chain.run, "fail", 9, retry_policy=TWICE_MORE)
        with pytest.raises(WorkflowFailedError, match="attempt 2"):
            await scene.result(handle)
        assert "attempt 0" in str(await goes_on(scene, handle))


@pytest.mark.slow
async def test_retries_of_runs_that_take_too_long(scene: Any) -> None:
    policy = RetryPolicy(initial_interval=SECOND, backoff_coefficient=1.0, maximum_attempts=2)
    async with scene.worker([Chain]):
        handle = await scene.start(Chain.run, "hang", 0, retry_policy=policy, execution_start_to_close_timeout=SECOND)
        with pytest.raises(WorkflowTimedOutError):
            await scene.result(handle)
        first = await goes_on(scene, handle)
        assert first.initiator == "RetryPolicy"
        assert "START_TO_CLOSE" in str(first)


@pytest.mark.slow
async def test_cron(scene: Any) -> None:
    async with scene.worker([Chain]):
        handle = await scene.start(Chain.run, "cron", 0, cron_schedule="@every 1s")
        first = await goes_on(scene, handle)
        assert (first.initiator, first.last_result, first.__cause__) == ("CronSchedule", "cron ends", None)
        following = asyncio.create_task(handle.result(timeout=timedelta(seconds=30)))
        second = scene.client.get_workflow_handle(handle.workflow_id, run_id=first.new_run_id, workflow=Chain.run)
        third = (await goes_on(scene, second)).new_run_id
        assert third != first.new_run_id
        assert not following.done()
        await handle.cancel("enough")
        with pytest.raises(WorkflowCanceledError):
            await following


@pytest.mark.slow
async def test_cron_of_runs_that_fail(scene: Any) -> None:
    async with scene.worker([Chain]):
        handle = await scene.start(Chain.run, "fail", 9, cron_schedule="@every 1s")
        first = await goes_on(scene, handle)
        assert (first.initiator, first.last_result) == ("CronSchedule", None)
        assert isinstance(first.__cause__, ApplicationError)
        await handle.terminate("enough")


async def test_history_as_it_comes(scene: Any) -> None:
    """Pages of two events each, while the run goes on; the iterator ends with the run, not with the chain."""
    kinds: list[str] = []
    words = iter(range(6))
    async with scene.worker([Chain]):
        handle = await scene.start(Chain.run, "listen", 6)
        async for event in handle.history(wait=True, page_size=2):
            kinds.append(EventType(event.event_type).name)
            if kinds[-1] in ("DecisionTaskCompleted", "WorkflowExecutionSignaled"):
                for word in itertools.islice(words, 1):
                    await handle.signal(Chain.hear, str(word))
    assert kinds.count("WorkflowExecutionSignaled") == 6
    assert kinds[-1] == "WorkflowExecutionCompleted"
    assert kinds == await scene.kinds(handle)


async def test_history_that_nobody_reads_on_leaves_nothing(scene: Any) -> None:
    channel = Channel([scene.frontend.address], service="cadence-frontend", caller="test")

    def left() -> tuple[set[Any], int]:
        connection = channel.statistics().connection
        return asyncio.all_tasks(), 0 if connection is None else connection.calls_out

    async with contextlib.AsyncExitStack() as stack:
        service = WorkflowService(channel)
        stack.push_async_callback(service.close)
        started = await scene.start(Chain.run, "listen", 1)
        handle = Client(service, domain=scene.frontend.domain).get_workflow_handle(started.workflow_id)
        await handle.describe()
        nothing = left()
        got: list[int | None] = []

        async def read() -> None:
            async for event in handle.history(wait=True, page_size=1):
                got.append(event.event_id)  # noqa: PERF401  # the test looks at it meanwhile

        reader = asyncio.create_task(read())
        await scene.until(lambda: len(got) == 2 and left()[1] == 1, "the long poll")
        reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reader
        assert left() == nothing
        async for event in handle.history(wait=True, page_size=1):
            assert event.event_id == 1
            break
        assert left() == nothing
    await started.terminate("over")
