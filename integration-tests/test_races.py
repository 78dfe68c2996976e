"""What meets in flight: signals and completions, cancels and results, queries and work, many clients at once."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, activity, workflow
from cadence.api.enums import QueryConsistencyLevel
from cadence.errors import (
    CancellationAlreadyRequestedError,
    EntityNotExistsError,
    WorkflowExecutionAlreadyCompletedError,
    WorkflowExecutionAlreadyStartedError,
)
from cadence.exceptions import ActivityCanceledError, WorkflowCanceledError

TEN = timedelta(seconds=10)
CLOSED = (WorkflowExecutionAlreadyCompletedError, EntityNotExistsError)


@activity.defn
async def short(number: int) -> int:
    await asyncio.sleep(0.01)
    return number


@workflow.defn
class Tally:
    """Adds up signals, each by way of an activity, until one says that it is enough."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.open = 0
        self.is_enough = False

    @workflow.run
    async def run(self) -> list[int]:
        await workflow.wait_condition(lambda: self.is_enough and self.open == 0)
        return sorted(self.numbers)

    @workflow.signal
    async def add(self, number: int) -> None:
        self.open += 1
        got = await workflow.execute_activity(short, number, schedule_to_close_timeout=2 * TEN)
        self.numbers.append(got)
        self.open -= 1

    @workflow.signal
    def enough(self) -> None:
        self.is_enough = True

    @workflow.query
    def count(self) -> int:
        return len(self.numbers)


async def test_no_acknowledged_signal_is_lost_when_the_run_completes(scene: Any) -> None:
    """A signal that came while the completion was on its way makes the server ask again."""
    async with scene.worker([Tally], [short]):
        for seed in range(4):
            chance = random.Random(seed)
            handle = await scene.start(Tally.run)
            accepted = []

            async def send(number: int, handle: Any = handle, accepted: Any = accepted, chance: Any = chance) -> None:
                await asyncio.sleep(chance.uniform(0, 0.15))
                try:
                    await handle.signal(Tally.add, number)
                except CLOSED:
                    return
                accepted.append(number)

            async with asyncio.TaskGroup() as group:
                for number in range(25):
                    group.create_task(send(number))
                await asyncio.sleep(0.05)
                await handle.signal(Tally.enough)
            assert await scene.result(handle) == sorted(accepted)


async def test_queries_beside_work_do_not_disturb_it(scene: Any) -> None:
    async with scene.worker([Tally], [short]):
        handle = await scene.start(Tally.run)
        answers: list[int] = []

        async def ask(consistency: QueryConsistencyLevel) -> None:
            answers.extend([await handle.query(Tally.count, consistency=consistency) for _ in range(15)])

        async with asyncio.TaskGroup() as group:
            group.create_task(ask(QueryConsistencyLevel.STRONG))
            group.create_task(ask(QueryConsistencyLevel.EVENTUAL))
            for number in range(20):
                await handle.signal(Tally.add, number)
        await handle.signal(Tally.enough)
        assert await scene.result(handle) == list(range(20))
        assert len(answers) == 30
        assert "DecisionTaskFailed" not in await scene.kinds(handle)


async def test_a_query_sees_the_signal_that_was_sent_before(scene: Any) -> None:
    @workflow.defn
    class Noting:
        def __init__(self) -> None:
            self.last = 0

        @workflow.run
        async def run(self) -> None:
            await workflow.wait_condition(lambda: self.last < 0)

        @workflow.signal
        def note(self, number: int) -> None:
            self.last = number

        @workflow.query
        def noted(self) -> int:
            return self.last

    async with scene.worker([Noting]):
        handle = await scene.start(Noting.run)
        for number in range(1, 16):
            await handle.signal(Noting.note, number)
            assert await handle.query(Noting.noted, consistency=QueryConsistencyLevel.STRONG) == number
        await handle.signal(Noting.note, -1)
        await scene.result(handle)


async def test_a_query_is_answered_while_a_local_activity_runs(scene: Any) -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    @activity.defn
    async def dawdle() -> None:
        begun.set()
        await release.wait()

    @workflow.defn
    class Dawdling:
        def __init__(self) -> None:
            self.stage = "before"

        @workflow.run
        async def run(self) -> None:
            await workflow.sleep(1)
            self.stage = "at it"
            await workflow.execute_local_activity(dawdle, schedule_to_close_timeout=2 * TEN)

        @workflow.query
        def state(self) -> str:
            return self.stage

    async with scene.worker([Dawdling], [dawdle]):
        handle = await scene.start(Dawdling.run)
        await begun.wait()
        start = time.monotonic()
        assert await handle.query(Dawdling.state) in ("before", "at it")
        assert time.monotonic() - start < 5
        release.set()
        await scene.result(handle)


async def test_cancel_meets_the_result(scene: Any) -> None:
    @workflow.defn
    class Brief:
        @workflow.run
        async def run(self) -> int:
            return await workflow.execute_activity(short, 1, schedule_to_close_timeout=TEN)

    outcomes = []
    async with scene.worker([Brief], [short]):
        for seed in range(12):
            handle = await scene.start(Brief.run)
            await asyncio.sleep(random.Random(seed).uniform(0, 0.06))
            try:
                await handle.cancel()
            except (*CLOSED, CancellationAlreadyRequestedError):
                pass
            try:
                outcomes.append(await scene.result(handle))
            except WorkflowCanceledError:
                outcomes.append("cancelled")
            assert "DecisionTaskTimedOut" not in await scene.kinds(handle)
    assert set(outcomes) <= {1, "cancelled"}


async def test_one_of_many_starts_with_one_id_wins(scene: Any) -> None:
    async with scene.worker([Tally], [short]):
        name = scene.new_id()
        got = await asyncio.gather(
            *(scene.start(Tally.run, workflow_id=name) for _ in range(8)), return_exceptions=True
        )
        started = [one for one in got if not isinstance(one, BaseException)]
        assert len(started) == 1
        assert all(isinstance(one, WorkflowExecutionAlreadyStartedError) for one in got if one not in started)
        await started[0].signal(Tally.enough)
        assert await scene.result(started[0]) == []


async def test_many_wait_for_one_result(scene: Any) -> None:
    frontend = scene.frontend
    async with (
        scene.worker([Tally], [short]),
        Client.connect(frontend.address, domain=frontend.domain) as other,
    ):
        handle = await scene.start(Tally.run)
        elsewhere = other.get_workflow_handle(handle.workflow_id, workflow=Tally.run)
        waiting = [asyncio.create_task(scene.result(one)) for one in [handle, elsewhere] * 5]
        waiting[0].cancel()
        await handle.signal(Tally.add, 3)
        await handle.signal(Tally.enough)
        got = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(got[0], asyncio.CancelledError)
    assert got[1:] == [[3]] * 9


async def test_an_activity_completed_elsewhere_is_cancelled(scene: Any) -> None:
    tokens: asyncio.Queue[bytes] = asyncio.Queue()

    @activity.defn
    async def leave() -> None:
        activity.complete_elsewhere()
        tokens.put_nowait(activity.info().task_token)

    @workflow.defn
    class Left:
        @workflow.run
        async def run(self) -> None:
            await workflow.execute_activity(
                leave,
                schedule_to_close_timeout=2 * TEN,
                heartbeat_timeout=TEN,
                cancellation_type=workflow.CancellationType.WAIT_CANCELLATION_COMPLETED,
            )

    async with scene.worker([Left], [leave]):
        handle = await scene.start(Left.run)
        completion = scene.client.activity_completion(await tokens.get())
        await completion.heartbeat("so far")
        await handle.cancel()

        async def is_told() -> bool:
            try:
                await completion.heartbeat("further")
            except ActivityCanceledError:
                return True
            return False

        await scene.until(is_told, "the heartbeat's answer")
        await completion.cancelled("cleaned up")
        with pytest.raises(WorkflowCanceledError):
            await scene.result(handle)
        assert "ActivityTaskCanceled" in await scene.kinds(handle)
