"""Several workers as one: started in order, stopped at once, and none left behind where one can't start."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fake_service import FakeService

from cadence import Worker, WorkerGroup, activity, api, errors
from cadence.exceptions import ConfigurationError
from cadence.testing import wait_until
from cadence.worker.statistics import WorkerStatistics


class Deeds:
    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.over = asyncio.Event()

    @activity.defn
    async def wait(self) -> None:
        self.begun.set()
        await self.over.wait()


@activity.defn
async def work() -> None: ...


def worker(client: Any, task_list: str, *activities: Any, **options: Any) -> Worker:
    return Worker(client, task_list, activities=activities or [work], **options)


def group(client: Any, *names: str) -> WorkerGroup:
    return WorkerGroup(worker(client, name) for name in names)


async def test_a_list_for_each_worker(client: Any, service: FakeService) -> None:
    workers = group(client, "a", "b", "c")
    assert not workers.is_running
    async with workers as entered:
        assert entered is workers
        assert workers.is_running
        assert [look.is_running for look in workers.statistics()] == [True] * 3
        await wait_until(lambda: {poll.task_list.name for poll in service.polls} == {"a", "b", "c"})
    assert not workers.is_running
    assert [look.is_running for look in workers.statistics()] == [False] * 3
    assert service.polls_out == 0


async def test_one_that_cannot_start_stops_the_others(client: Any, service: FakeService) -> None:
    service.answers["describe_domain"] = [None, errors.EntityNotExistsError("no such domain")]
    workers = group(client, "a", "b", "c")
    with pytest.raises(ConfigurationError, match="unknown to the server"):
        await workers.start()
    assert not any(worker.is_running for worker in workers.workers)
    assert workers.statistics()[2] == WorkerStatistics(is_running=False), "the third was not even tried"
    assert service.polls_out == 0
    with pytest.raises(ConfigurationError, match="started before"):
        await workers.start()
    await workers.stop()


async def test_a_start_that_is_cancelled_leaves_nothing_behind(client: Any, service: FakeService) -> None:
    hangs = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def describe(*_: Any, **__: Any) -> None:
        if service.polls:
            loop.call_soon_threadsafe(hangs.set)
            await asyncio.Event().wait()

    service.describe_domain = describe
    workers = group(client, "a", "b")
    starting = asyncio.create_task(workers.start())
    await asyncio.wait_for(hangs.wait(), 10)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not workers.is_running
    assert not any(worker.is_running for worker in workers.workers)


async def test_a_stop_during_the_start_holds(client: Any, service: FakeService) -> None:
    hangs, goes_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def describe(*_: Any, **__: Any) -> None:
        if not hangs.is_set():
            loop.call_soon_threadsafe(hangs.set)
            await asyncio.to_thread(asyncio.run_coroutine_threadsafe(goes_on.wait(), loop).result, 10)

    service.describe_domain = describe
    workers = group(client, "a", "b")
    running = asyncio.create_task(workers.run())
    await asyncio.wait_for(hangs.wait(), 10)
    await workers.stop()
    goes_on.set()
    await asyncio.wait_for(running, 10)
    assert not any(worker.is_running for worker in workers.workers)
    assert workers.statistics()[1].polls == {}, "the second was not even tried"


async def test_run_lasts_until_stop(client: Any, service: FakeService) -> None:
    workers = group(client, "a", "b")
    running = asyncio.create_task(workers.run())
    await wait_until(lambda: workers.is_running)
    assert repr(workers) == "<WorkerGroup 'a', 'b', running>"
    await workers.stop()
    await asyncio.wait_for(running, 10)
    assert "not running" in repr(workers)


async def test_cancelling_run_stops_all(client: Any, service: FakeService) -> None:
    workers = group(client, "a", "b")
    running = asyncio.create_task(workers.run())
    await wait_until(lambda: workers.is_running)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not any(worker.is_running for worker in workers.workers)


async def test_the_grace_of_all_runs_at_once_and_can_be_cut_short(client: Any, service: FakeService) -> None:
    deeds = [Deeds(), Deeds()]
    workers = WorkerGroup(worker(client, str(n), each, grace=timedelta(hours=1)) for n, each in enumerate(deeds))
    async with workers:
        for number in range(2):
            service.activities.put_nowait(
                api.PollForActivityTaskResponse(
                    task_token=str(number).encode(),
                    activity_type=api.ActivityType(name="wait"),
                    start_to_close_timeout_seconds=60,
                )
            )
        # Which of them takes a task is the service's choice, as it hands them to any poll.
        begun = [asyncio.create_task(each.begun.wait()) for each in deeds]
        await asyncio.wait(begun, return_when=asyncio.FIRST_COMPLETED)
        stopping = asyncio.create_task(workers.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        assert not workers.is_running
        await asyncio.wait_for(workers.stop(0), 20)
        await stopping
        for task in begun:
            task.cancel()


@pytest.mark.parametrize("workers", [[], [3], ["twice"]], ids=["none", "no worker", "twice"])
async def test_what_cannot_be_is_told(client: Any, workers: Any) -> None:
    given = [worker(client, "a")] * 2 if workers == ["twice"] else workers
    with pytest.raises(ConfigurationError, match="WorkerGroup: "):
        WorkerGroup(given)


async def test_a_stop_before_the_start_is_nothing(client: Any) -> None:
    workers = group(client, "a")
    await workers.stop()
    async with workers:
        assert workers.is_running
