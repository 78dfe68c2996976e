"""Activities that come with the answer to a decision, on a server: as by a poll, but sooner."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.api.enums import EventType
from cadence.exceptions import ActivityTimedOutError, TimeoutKind, WorkflowCanceledError, WorkflowFailedError
from cadence.testing import Replayer, WorkflowHistory
from cadence.workflow import CancellationType, RetryPolicy

TEN = timedelta(seconds=10)
ONE = timedelta(seconds=1)


class Eager:
    """Counts what came with the answers."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()

    def count(self, name: str, value: int = 1, /, **tags: str) -> None:
        if name == "cadence_eager_activities_total":
            self.outcomes[tags["outcome"]] += value

    def time(self, name: str, seconds: float, /, **tags: str) -> None: ...

    def gauge(self, name: str, value: float, /, **tags: str) -> None: ...


@activity.defn
async def double(value: int) -> int:
    return 2 * value


@workflow.defn
class InARow:
    @workflow.run
    async def run(self, count: int) -> int:
        value = 1
        for _ in range(count):
            value = await workflow.execute_activity(double, value, schedule_to_close_timeout=TEN)
        return value


@workflow.defn
class AtOnce:
    @workflow.run
    async def run(self, count: int) -> list[int]:
        async with asyncio.TaskGroup() as group:
            calls = [
                group.create_task(workflow.execute_activity(double, n, schedule_to_close_timeout=TEN))
                for n in range(count)
            ]
        return [call.result() for call in calls]


@workflow.defn
class Calling:
    """Calls one activity by its name."""

    @workflow.run
    async def run(self, name: str, seconds: int, attempts: int) -> Any:
        retry = RetryPolicy(initial_interval=ONE, maximum_attempts=attempts) if attempts > 1 else None
        return await workflow.execute_activity(
            name,
            schedule_to_close_timeout=3 * TEN,
            start_to_close_timeout=timedelta(seconds=seconds),
            heartbeat_timeout=TEN,
            retry_policy=retry,
            cancellation_type=CancellationType.WAIT_CANCELLATION_COMPLETED,
        )


async def test_in_a_row(scene: Any) -> None:
    meter = Eager()
    async with scene.worker([InARow], [double], meter=meter):
        handle = await scene.start(InARow, 5)
        assert await scene.result(handle) == 32
    assert meter.outcomes == {"started": 5}
    Replayer([InARow]).replay(await WorkflowHistory.from_server(scene.client, handle.workflow_id))


@pytest.mark.parametrize("most", [0, 3, 200])
async def test_at_once(scene: Any, most: int) -> None:
    meter = Eager()
    async with scene.worker([AtOnce], [double], meter=meter, max_eager_activities=most, max_concurrent_activities=10):
        handle = await scene.start(AtOnce, 20)
        assert await scene.result(handle) == [2 * n for n in range(20)]
    assert meter.outcomes["started"] <= min(most, 10)
    assert bool(meter.outcomes["started"]) == bool(most)
    Replayer([AtOnce]).replay(await WorkflowHistory.from_server(scene.client, handle.workflow_id))


async def test_their_start_is_in_the_history_at_once(scene: Any) -> None:
    blocked = asyncio.Event()

    @activity.defn
    async def block() -> None:
        await blocked.wait()

    async with scene.worker([Calling], [block]):
        handle = await scene.start(Calling, "block", 20, 1)
        await scene.until(lambda: _has(scene, handle, EventType.ActivityTaskStarted))
        (started,) = [
            event for event in await scene.events(handle) if event.event_type == EventType.ActivityTaskStarted
        ]
        decided = [event for event in await scene.events(handle) if event.event_type == EventType.DecisionTaskStarted]
        attributes = started.activity_task_started_event_attributes
        assert attributes.identity == decided[0].decision_task_started_event_attributes.identity
        blocked.set()
        await scene.result(handle)


async def test_a_later_attempt_comes_by_a_poll(scene: Any) -> None:
    attempts = []

    @activity.defn
    async def fail_twice() -> int:
        attempts.append(activity.info().attempt)
        if len(attempts) < 3:
            raise ValueError("not yet")
        return len(attempts)

    meter = Eager()
    async with scene.worker([Calling], [fail_twice], meter=meter):
        assert await scene.run(Calling, "fail_twice", 20, 5) == 3
    assert attempts == [0, 1, 2]
    assert meter.outcomes == {"started": 1}


async def test_cancellation_reaches_one_that_beats(scene: Any) -> None:
    begun = asyncio.Event()
    seen = []

    @activity.defn
    async def beat() -> None:
        begun.set()
        try:
            while True:
                activity.heartbeat()
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    meter = Eager()
    async with scene.worker([Calling], [beat], meter=meter):
        handle = await scene.start(Calling, "beat", 20, 1)
        await begun.wait()
        await handle.cancel()
        with pytest.raises(WorkflowCanceledError):
            await scene.result(handle)
    assert seen == ["cancelled"]
    assert meter.outcomes == {"started": 1}


async def test_one_that_runs_when_the_worker_stops_is_answered(scene: Any) -> None:
    begun, over = asyncio.Event(), asyncio.Event()

    @activity.defn
    async def work() -> str:
        begun.set()
        await over.wait()
        return "done"

    async with scene.worker([Calling], [work], grace=TEN) as worker:
        handle = await scene.start(Calling, "work", 20, 1)
        await begun.wait()
        stopping = asyncio.create_task(worker.stop())
        over.set()
        await stopping
    async with scene.worker([Calling]):
        assert await scene.result(handle) == "done"


async def test_one_that_is_lost_with_its_worker_times_out(scene: Any) -> None:
    begun = asyncio.Event()

    @activity.defn
    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with scene.worker([Calling], [hang], grace=timedelta()):
        handle = await scene.start(Calling, "hang", 2, 1)
        await begun.wait()
    async with scene.worker([Calling]):
        with pytest.raises(WorkflowFailedError) as raised:
            await scene.result(handle)
    cause = raised.value.__cause__
    assert isinstance(cause, ActivityTimedOutError)
    assert cause.kind is TimeoutKind.START_TO_CLOSE


async def test_one_that_is_lost_is_tried_again_elsewhere(scene: Any) -> None:
    begun = asyncio.Event()

    @activity.defn
    async def work() -> str:
        if activity.info().attempt:
            return "the second time"
        begun.set()
        await asyncio.Event().wait()
        return "never"

    async with scene.worker([Calling], [work], grace=timedelta()):
        handle = await scene.start(Calling, "work", 2, 3)
        await begun.wait()
    async with scene.worker([Calling], [work]):
        assert await scene.result(handle) == "the second time"


async def _has(scene: Any, handle: Any, kind: EventType) -> bool:
    return any(event.event_type == kind for event in await scene.events(handle))
