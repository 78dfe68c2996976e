"""Activities as workflow code sees them: one, many, in a row, tried again, timed out, beating, completed elsewhere."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.exceptions import (
    ActivityCompletionError,
    ActivityFailedError,
    ActivityTimedOutError,
    ApplicationError,
    TimeoutKind,
    WorkflowFailedError,
)
from cadence.workflow import RetryPolicy

TEN = timedelta(seconds=10)
ONE = timedelta(seconds=1)


@activity.defn
async def compose(greeting: str, name: str) -> str:
    return f"{greeting} {name}!"


@activity.defn
def double_in_thread(number: int) -> int:
    return number * 2


@workflow.defn
class Hello:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity(compose, "Hello", name, schedule_to_close_timeout=TEN)


@workflow.defn
class FanOut:
    @workflow.run
    async def run(self, count: int) -> list[int]:
        handles = [
            workflow.start_activity(double_in_thread, number, schedule_to_close_timeout=2 * TEN)
            for number in range(count)
        ]
        return await asyncio.gather(*handles)


@workflow.defn
class InARow:
    @workflow.run
    async def run(self, count: int) -> int:
        total = 1
        for _ in range(count):
            total = await workflow.execute_activity(double_in_thread, total, schedule_to_close_timeout=TEN)
        return total


async def test_hello(scene: Any) -> None:
    async with scene.worker([Hello], [compose]):
        assert await scene.run(Hello.run, "World") == "Hello World!"


async def test_fifty_at_once(scene: Any) -> None:
    async with scene.worker([FanOut], [double_in_thread]):
        assert await scene.run(FanOut.run, 50) == [number * 2 for number in range(50)]


async def test_ten_in_a_row(scene: Any) -> None:
    async with scene.worker([InARow], [double_in_thread]):
        assert await scene.run(InARow.run, 10) == 1024


async def test_direct_call_uses_the_decorators_options(scene: Any) -> None:
    @activity.defn(schedule_to_close_timeout=TEN)
    async def shout(text: str) -> str:
        return text.upper()

    @workflow.defn
    class Shouting:
        @workflow.run
        async def run(self, text: str) -> str:
            return await shout(text)

    async with scene.worker([Shouting], [shout]):
        assert await scene.run(Shouting.run, "hey") == "HEY"


@activity.defn
async def fail_until(attempt: int, reason: str) -> int:
    if activity.info().attempt < attempt:
        raise ApplicationError("not yet", reason=reason)
    return activity.info().attempt


@workflow.defn
class Retried:
    @workflow.run
    async def run(self, attempt: int, reason: str, attempts: int) -> int:
        policy = RetryPolicy(
            initial_interval=ONE,
            backoff_coefficient=1.0,
            maximum_attempts=attempts,
            non_retriable_error_reasons=("hopeless",),
        )
        return await workflow.execute_activity(
            fail_until, attempt, reason, start_to_close_timeout=TEN, schedule_to_start_timeout=TEN, retry_policy=policy
        )


async def test_retries_wait_and_count(scene: Any) -> None:
    async with scene.worker([Retried], [fail_until]):
        start = time.monotonic()
        assert await scene.run(Retried.run, 2, "passing", 5) == 2
        assert time.monotonic() - start > 1.5


async def test_retries_end_with_the_last_failure(scene: Any) -> None:
    async with scene.worker([Retried], [fail_until]):
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.run(Retried.run, 9, "passing", 2)
    cause = caught.value.__cause__
    assert isinstance(cause, ActivityFailedError)
    assert isinstance(cause.__cause__, ApplicationError)
    assert "not yet" in str(cause.__cause__)


async def test_non_retriable_reason_ends_at_once(scene: Any) -> None:
    async with scene.worker([Retried], [fail_until]):
        handle = await scene.start(Retried.run, 9, "hopeless", 5)
        with pytest.raises(WorkflowFailedError):
            await scene.result(handle)
        assert (await scene.kinds(handle)).count("ActivityTaskStarted") == 1


async def test_non_retriable_class_ends_at_once(scene: Any) -> None:
    class NoUse(Exception):
        pass

    @activity.defn
    async def give_up() -> None:
        raise NoUse

    @workflow.defn
    class GivingUp:
        @workflow.run
        async def run(self) -> int:
            policy = RetryPolicy(initial_interval=5 * ONE, maximum_attempts=4, non_retriable_error_reasons=(NoUse,))
            try:
                await workflow.execute_activity(give_up, schedule_to_close_timeout=TEN, retry_policy=policy)
            except ActivityFailedError as error:
                return error.attempt
            return -1

    async with scene.worker([GivingUp], [give_up]):
        assert await scene.run(GivingUp.run) == 0


@activity.defn
async def hang(beat: bool) -> None:
    if beat:
        activity.heartbeat("beaten")
    await asyncio.sleep(60)


@workflow.defn
class TimingOut:
    @workflow.run
    async def run(self, kind: str) -> list[Any]:
        options: dict[str, Any] = {
            "START_TO_CLOSE": {"start_to_close_timeout": ONE, "schedule_to_start_timeout": TEN},
            "SCHEDULE_TO_CLOSE": {"schedule_to_close_timeout": ONE, "start_to_close_timeout": TEN},
            "SCHEDULE_TO_START": {
                "schedule_to_start_timeout": ONE,
                "start_to_close_timeout": TEN,
                "task_list": f"{workflow.info().task_list}-nobody",
            },
            "HEARTBEAT": {"schedule_to_close_timeout": TEN, "heartbeat_timeout": ONE},
        }[kind]
        try:
            await workflow.execute_activity(hang, kind == "HEARTBEAT", **options)
        except ActivityTimedOutError as error:
            return [error.kind.value, error.details]
        return []


@pytest.mark.parametrize("kind", list(TimeoutKind), ids=lambda kind: kind.value.lower())
async def test_activity_timeouts(scene: Any, kind: TimeoutKind) -> None:
    async with scene.worker([TimingOut], [hang], grace=timedelta()):
        got = await scene.run(TimingOut.run, kind.value)
    # A server tells the shorter of two clocks that run out together by the name of either.
    accepted = {kind.value} if kind is not TimeoutKind.SCHEDULE_TO_CLOSE else {kind.value, "START_TO_CLOSE"}
    assert got[0] in accepted
    assert got[1] == ("beaten" if kind is TimeoutKind.HEARTBEAT else None)


async def test_heartbeat_details_are_there_for_the_next_attempt(scene: Any) -> None:
    @activity.defn
    async def count_on(until: int) -> list[int]:
        begun = activity.heartbeat_details(int) or 0
        for number in range(begun, until):
            activity.heartbeat(number + 1)
            if number == 2 and activity.info().attempt == 0:
                raise ApplicationError("half way", reason="half")
        return [begun, until]

    @workflow.defn
    class Counting:
        @workflow.run
        async def run(self) -> list[int]:
            return await workflow.execute_activity(
                count_on,
                5,
                schedule_to_close_timeout=TEN,
                heartbeat_timeout=timedelta(seconds=5),
                retry_policy=RetryPolicy(initial_interval=ONE, maximum_attempts=3),
            )

    async with scene.worker([Counting], [count_on]):
        assert await scene.run(Counting.run) == [3, 5]


async def test_heartbeats_keep_an_activity_alive(scene: Any) -> None:
    @activity.defn
    async def beat_on(beats: int) -> int:
        for number in range(beats):
            activity.heartbeat(number)
            await asyncio.sleep(0.25)
        return beats

    @workflow.defn
    class Beating:
        @workflow.run
        async def run(self) -> int:
            return await workflow.execute_activity(
                beat_on, 11, schedule_to_close_timeout=TEN, heartbeat_timeout=2 * ONE
            )

    async with scene.worker([Beating], [beat_on]):
        assert await scene.run(Beating.run) == 11


@workflow.defn
class LeftOpen:
    @workflow.run
    async def run(self) -> str:
        return await workflow.execute_activity(
            "leave_open", activity_id="the-one", schedule_to_close_timeout=TEN, result_type=str
        )


@pytest.fixture
def leave_open() -> tuple[Any, asyncio.Queue[activity.ActivityInfo]]:
    begun: asyncio.Queue[activity.ActivityInfo] = asyncio.Queue()

    @activity.defn(name="leave_open")
    async def leave() -> str:
        activity.complete_elsewhere()
        begun.put_nowait(activity.info())
        return "this is not the result"

    return leave, begun


async def test_completed_from_elsewhere_by_token(scene: Any, leave_open: Any) -> None:
    leave, begun = leave_open
    async with scene.worker([LeftOpen], [leave]):
        handle = await scene.start(LeftOpen.run)
        token = (await begun.get()).task_token
        await scene.client.activity_completion(token).complete("by token")
        assert await scene.result(handle) == "by token"
        with pytest.raises(ActivityCompletionError):
            await scene.client.activity_completion(token).complete("twice")


async def test_completed_from_elsewhere_by_id(scene: Any, leave_open: Any) -> None:
    leave, begun = leave_open
    async with scene.worker([LeftOpen], [leave]):
        handle = await scene.start(LeftOpen.run)
        await begun.get()
        completion = scene.client.activity_completion(workflow_id=handle.workflow_id, activity_id="the-one")
        await completion.heartbeat("still here")
        await completion.complete("by id")
        assert await scene.result(handle) == "by id"


async def test_failed_from_elsewhere(scene: Any, leave_open: Any) -> None:
    leave, begun = leave_open
    async with scene.worker([LeftOpen], [leave]):
        handle = await scene.start(LeftOpen.run)
        token = (await begun.get()).task_token
        await scene.client.activity_completion(token).fail(ApplicationError("from afar", reason="afar"))
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.result(handle)
    assert isinstance(caught.value.__cause__, ActivityFailedError)
    assert "from afar" in str(caught.value.__cause__.__cause__)
