"""Plain asyncio in workflow code: structures, guards, handlers that raise, long histories, caches that are small."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.exceptions import ActivityFailedError, ApplicationError, WorkflowFailedError

TEN = timedelta(seconds=10)


@activity.defn
async def work(number: int) -> int:
    if number < 0:
        raise ApplicationError("less than nothing", reason="negative")
    return number + 1


@workflow.defn
class Structures:
    def __init__(self) -> None:
        self.log: list[Any] = []

    @workflow.run
    async def run(self) -> list[Any]:
        await self.groups()
        await self.queues()
        await self.locks()
        await self.waits()
        return self.log

    async def groups(self) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(workflow.execute_activity(work, number, schedule_to_close_timeout=TEN))
                for number in (1, 2)
            ]
        self.log.append([task.result() for task in tasks])
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(workflow.execute_activity(work, -1, schedule_to_close_timeout=TEN))
                group.create_task(asyncio.sleep(30))
        except* ActivityFailedError as errors:
            self.log.append(len(errors.exceptions))

    async def queues(self) -> None:
        queue: asyncio.Queue[int] = asyncio.Queue(maxsize=1)

        async def feed() -> None:
            for number in range(3):
                await queue.put(await workflow.execute_activity(work, number, schedule_to_close_timeout=TEN))

        feeder = asyncio.create_task(feed())
        self.log.append([await queue.get() for _ in range(3)])
        await feeder

    async def locks(self) -> None:
        lock, semaphore, order = asyncio.Lock(), asyncio.Semaphore(2), []

        async def hold(name: str) -> None:
            async with semaphore, lock:
                order.append(name)
                await workflow.execute_activity(work, 0, schedule_to_close_timeout=TEN)
                order.append(name)

        await asyncio.gather(*(hold(name) for name in "abc"))
        self.log.append("".join(order))

    async def waits(self) -> None:
        event = asyncio.Event()
        asyncio.get_running_loop().call_later(1, event.set)
        await asyncio.wait_for(event.wait(), 20)
        done, pending = await asyncio.wait([asyncio.create_task(asyncio.sleep(1))], timeout=20)
        self.log.append([len(done), len(pending)])
        for finished in asyncio.as_completed([asyncio.create_task(asyncio.sleep(0, name)) for name in "xy"]):
            self.log.append(await finished)

    @workflow.query
    def state(self) -> list[Any]:
        return self.log


async def test_structures_of_asyncio(scene: Any) -> None:
    expected = [[2, 3], 1, [1, 2, 3], "aabbcc", [1, 0], "x", "y"]
    async with scene.worker([Structures], [work]):
        handle = await scene.start(Structures.run)
        assert await scene.result(handle) == expected
    async with scene.worker([Structures], [work]):
        assert await handle.query(Structures.state) == expected


GUARDED = {
    "sleep": lambda: time.sleep(0.01),
    "thread": lambda: threading.Thread(target=print).start(),
    "executor": lambda: asyncio.get_running_loop().run_in_executor(None, print),
}


@workflow.defn
class Guarded:
    @workflow.run
    async def run(self, what: str) -> str:
        try:
            GUARDED[what]()
        except Exception as error:  # noqa: BLE001  # its words are what is asked for
            return str(error)
        return ""


@pytest.mark.parametrize("what", list(GUARDED))
async def test_what_breaks_replay_is_refused_with_advice(scene: Any, what: str) -> None:
    async with scene.worker([Guarded]):
        said = await scene.run(Guarded.run, what)
    assert said, f"{what} was let through"


async def test_a_handler_that_raises_fails_the_workflow_with_its_error(scene: Any) -> None:
    @workflow.defn
    class Touchy:
        @workflow.run
        async def run(self) -> None:
            await asyncio.sleep(50)

        @workflow.signal
        def poke(self) -> None:
            raise ApplicationError("stop that", reason="poked")

    async with scene.worker([Touchy]):
        handle = await scene.start(Touchy.run)
        await handle.signal(Touchy.poke)
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.result(handle)
    assert caught.value.reason == "poked"


@workflow.defn
class Counter:
    def __init__(self) -> None:
        self.total = 0
        self.over = False

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self.over)
        return self.total

    @workflow.signal
    async def add(self, number: int) -> None:
        got = await workflow.execute_activity(work, number, schedule_to_close_timeout=TEN)
        self.total += got  # not in one line: another handler may have added meanwhile

    @workflow.signal
    def end(self) -> None:
        self.over = True

    @workflow.query
    def state(self) -> int:
        return self.total


async def test_runs_that_do_not_fit_into_the_cache_are_replayed(scene: Any) -> None:
    async with scene.worker([Counter], [work], sticky_runs=2) as worker:
        handles = [await scene.start(Counter.run) for _ in range(8)]
        for number in (1, 10, 100):
            await asyncio.gather(*(handle.signal(Counter.add, number) for handle in handles))
        for handle in handles:

            async def added(handle: Any = handle) -> bool:
                return await handle.query(Counter.state) == 114

            await scene.until(added)
            await handle.signal(Counter.end)
        assert await asyncio.gather(*(scene.result(handle) for handle in handles)) == [114] * 8
        assert worker.is_running
    for handle in handles:
        assert "DecisionTaskFailed" not in await scene.kinds(handle)


@workflow.defn
class Long:
    def __init__(self) -> None:
        self.total = 0

    @workflow.run
    async def run(self, rounds: int) -> int:
        for _ in range(rounds):
            self.total += sum(
                await asyncio.gather(
                    *(
                        workflow.execute_activity(work, number, schedule_to_close_timeout=2 * TEN)
                        for number in range(50)
                    )
                )
            )
        return self.total

    @workflow.query
    def state(self) -> int:
        return self.total


async def test_a_history_of_several_pages_is_replayed(scene: Any) -> None:
    rounds, each = 9, sum(range(1, 51))
    async with scene.worker([Long], [work]):
        handle = await scene.start(Long.run, rounds)
        assert await scene.result(handle) == rounds * each
    ids = [event.event_id for event in await scene.events(handle)]
    assert len(ids) > 1200
    assert ids == list(range(1, len(ids) + 1))
    async with scene.worker([Long], [work]):
        assert await handle.query(Long.state) == rounds * each
