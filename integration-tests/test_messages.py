"""Timers and waits, signals and queries: what reaches a workflow while it runs, and what can be asked of it."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.api.enums import QueryConsistencyLevel, QueryRejectCondition
from cadence.errors import EntityNotExistsError, QueryFailedError, WorkflowExecutionAlreadyCompletedError
from cadence.exceptions import QueryRejectedError


@workflow.defn
class Waiting:
    @workflow.run
    async def run(self) -> dict[str, Any]:
        begun = workflow.time()
        await asyncio.sleep(1)
        slept = workflow.time() - begun
        try:
            async with asyncio.timeout(1):
                await asyncio.Event().wait()
        except TimeoutError:
            timed_out = True
        else:
            timed_out = False
        condition = await workflow.wait_condition(lambda: False, timeout=timedelta(seconds=1))
        first, _ = await asyncio.wait(
            [asyncio.create_task(workflow.sleep(1)), asyncio.create_task(asyncio.sleep(40))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        return {"slept": slept >= 1, "timed_out": timed_out, "condition": condition, "first": len(first)}


async def test_sleep_timeout_and_condition(scene: Any) -> None:
    async with scene.worker([Waiting]):
        start = time.monotonic()
        got = await scene.run(Waiting.run)
    assert got == {"slept": True, "timed_out": True, "condition": False, "first": 1}
    assert time.monotonic() - start > 3


async def test_a_timer_in_time_is_cancelled(scene: Any) -> None:
    @workflow.defn
    class Quick:
        def __init__(self) -> None:
            self.told = False

        @workflow.run
        async def run(self) -> bool:
            got = await workflow.wait_condition(lambda: self.told, timeout=timedelta(seconds=40))
            await workflow.sleep(1)
            return got

        @workflow.signal
        def tell(self) -> None:
            self.told = True

    async with scene.worker([Quick]):
        handle = await scene.start(Quick.run)
        await scene.until(lambda: _has(scene, handle, "TimerStarted"))
        await handle.signal(Quick.tell)
        assert await scene.result(handle) is True
        kinds = await scene.kinds(handle)
    assert [kind for kind in kinds if kind.startswith("Timer")] == [
        "TimerStarted",
        "TimerCanceled",
        "TimerStarted",
        "TimerFired",
    ]


async def _has(scene: Any, handle: Any, kind: str) -> bool:
    return kind in await scene.kinds(handle)


@workflow.defn
class Listener:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.over = False

    @workflow.run
    async def run(self) -> list[str]:
        await workflow.wait_condition(lambda: self.over)
        return self.heard

    @workflow.signal
    def hear(self, word: str) -> None:
        self.heard.append(word)

    @workflow.signal(name="end")
    async def finish(self) -> None:
        await workflow.sleep(0)
        self.over = True

    @workflow.signal(dynamic=True)
    def anything(self, name: str, *values: int) -> None:
        self.heard.append(f"{name}{list(values)}")

    @workflow.query
    def words(self, joint: str = ",") -> str:
        return joint.join(self.heard)

    @workflow.query
    def failing(self) -> str:
        raise ValueError("no such luck")


async def test_signals_before_and_after_the_first_decision(scene: Any) -> None:
    handle = await scene.start(Listener.run)
    await handle.signal(Listener.hear, "early")
    async with scene.worker([Listener]):
        await scene.until(lambda: handle.query(Listener.words))
        await handle.signal(Listener.hear, "late")
        await handle.signal("unheard-of", 1, 2)
        await handle.signal(Listener.finish)
        assert await scene.result(handle) == ["early", "late", "unheard-of[1, 2]"]
        with pytest.raises((WorkflowExecutionAlreadyCompletedError, EntityNotExistsError)):
            await handle.signal(Listener.hear, "too late")


async def test_signals_wait_for_their_handler(scene: Any) -> None:
    @workflow.defn
    class Later:
        @workflow.run
        async def run(self) -> list[int]:
            got: list[int] = []
            await workflow.sleep(1)
            workflow.set_signal_handler("number", got.append)
            await workflow.wait_condition(lambda: len(got) == 3)
            return got

    async with scene.worker([Later]):
        handle = await scene.start(Later.run)
        for number in (1, 2, 3):
            await handle.signal("number", number)
        assert await scene.result(handle) == [1, 2, 3]


async def test_signal_with_start(scene: Any) -> None:
    options = {"task_list": scene.task_list, "execution_start_to_close_timeout": timedelta(minutes=1)}
    name = scene.new_id()
    async with scene.worker([Listener]):
        for word in ("one", "two"):
            handle = await scene.client.signal_with_start(
                Listener.run, signal=Listener.hear, signal_arguments=[word], workflow_id=name, **options
            )
        await handle.signal(Listener.finish)
        assert await scene.result(handle) == ["one", "two"]


async def test_queries_of_open_and_closed_runs(scene: Any) -> None:
    async with scene.worker([Listener]):
        handle = await scene.start(Listener.run)
        for word in ("a", "b"):
            await handle.signal(Listener.hear, word)
        assert await handle.query(Listener.words, consistency=QueryConsistencyLevel.STRONG) == "a,b"
        await handle.signal(Listener.finish)
        await scene.result(handle)
        assert await handle.query(Listener.words, "-") == "a-b"
        assert await handle.query("words", "+") == "a+b"
        with pytest.raises(QueryRejectedError):
            await handle.query(Listener.words, reject_condition=QueryRejectCondition.NOT_OPEN)
    # A worker that never saw the run answers from its history.
    async with scene.worker([Listener]):
        assert await handle.query(Listener.words) == "a,b"


async def test_queries_that_fail(scene: Any) -> None:
    async with scene.worker([Listener]):
        handle = await scene.start(Listener.run)
        with pytest.raises(QueryFailedError, match="no such luck"):
            await handle.query(Listener.failing)
        with pytest.raises(QueryFailedError, match="words"):
            await handle.query("nothing")
        with pytest.raises(QueryFailedError):
            await handle.query("words", 1, 2, 3)
        await handle.signal(Listener.finish)
        assert await scene.result(handle) == []
    with pytest.raises(EntityNotExistsError):
        await scene.client.get_workflow_handle(scene.new_id()).query("words")


async def test_the_stack_can_be_asked_for(scene: Any) -> None:
    async with scene.worker([Listener]):
        handle = await scene.start(Listener.run)
        stack = await handle.stack_trace()
        assert "wait_condition" in stack
        await handle.signal(Listener.finish)
        await scene.result(handle)


async def test_many_signals_at_once_are_all_heard_once(scene: Any) -> None:
    async with scene.worker([Listener]):
        handle = await scene.start(Listener.run)
        words = [str(number) for number in range(60)]
        async with asyncio.TaskGroup() as group:
            for word in words:
                group.create_task(handle.signal(Listener.hear, word))
        await handle.signal(Listener.finish)
        heard = await scene.result(handle)
    assert sorted(heard) == sorted(words)
