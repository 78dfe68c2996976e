"""Cancellation: of workflows with clean-up, and of the activities they wait for in each of the three ways."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.exceptions import WorkflowCanceledError
from cadence.workflow import CancellationType

TEN = timedelta(seconds=10)


@activity.defn
async def clean_up(what: str) -> str:
    return f"{what} is clean"


@workflow.defn
class CleaningUp:
    def __init__(self) -> None:
        self.cleaned = ""

    @workflow.run
    async def run(self) -> None:
        try:
            await asyncio.sleep(50)
        finally:
            self.cleaned = await workflow.execute_activity(clean_up, "it", schedule_to_close_timeout=TEN)

    @workflow.query
    def state(self) -> str:
        return self.cleaned


async def test_cancelled_workflow_cleans_up(scene: Any) -> None:
    async with scene.worker([CleaningUp], [clean_up]):
        handle = await scene.start(CleaningUp.run)
        await scene.until(lambda: _has(scene, handle, "TimerStarted"))
        await handle.cancel("enough")
        with pytest.raises(WorkflowCanceledError):
            await scene.result(handle)
        assert await handle.query(CleaningUp.state) == "it is clean"
        assert "WorkflowExecutionCanceled" in await scene.kinds(handle)


async def test_cancelled_before_its_first_decision(scene: Any) -> None:
    handle = await scene.start(CleaningUp.run)
    await handle.cancel()
    async with scene.worker([CleaningUp], [clean_up]):
        with pytest.raises(WorkflowCanceledError):
            await scene.result(handle)


async def test_a_workflow_may_complete_in_spite_of_its_cancellation(scene: Any) -> None:
    @workflow.defn
    class Stubborn:
        @workflow.run
        async def run(self) -> str:
            try:
                await asyncio.sleep(50)
            except asyncio.CancelledError:
                assert workflow.cancel_requested()
            return "as if nothing was"

    async with scene.worker([Stubborn]):
        handle = await scene.start(Stubborn.run)
        await scene.until(lambda: _has(scene, handle, "TimerStarted"))
        await handle.cancel()
        assert await scene.result(handle) == "as if nothing was"


async def _has(scene: Any, handle: Any, kind: str) -> bool:
    return kind in await scene.kinds(handle)


@workflow.defn
class Canceller:
    """Cancels the call of an activity once that runs, and tells what the call ended with."""

    def __init__(self) -> None:
        self.begun = False

    @workflow.run
    async def run(self, way: CancellationType, in_thread: bool) -> str:
        handle = workflow.start_activity(
            "beat_in_thread" if in_thread else "beat",
            schedule_to_close_timeout=2 * TEN,
            heartbeat_timeout=timedelta(seconds=1),
            cancellation_type=way,
        )
        await workflow.wait_condition(lambda: self.begun)
        handle.cancel()
        try:
            outcome = await handle
        except asyncio.CancelledError:
            outcome = "cancelled"
        # The place of this timer in history shows when the wait was over.
        await workflow.sleep(1)
        return str(outcome)

    @workflow.signal
    def go(self) -> None:
        self.begun = True


@pytest.fixture
async def beating() -> tuple[list[Any], asyncio.Event, threading.Event, list[str]]:
    """Give activities that beat until they are cancelled or released, and what became of them."""
    begun, release, ended = asyncio.Event(), threading.Event(), []
    loop = asyncio.get_running_loop()

    @activity.defn
    async def beat() -> str:
        begun.set()
        try:
            while not release.is_set():
                activity.heartbeat()
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        ended.append("released")
        return "released"

    @activity.defn
    def beat_in_thread() -> str:
        loop.call_soon_threadsafe(begun.set)
        while not release.is_set():
            activity.heartbeat()
            if activity.wait_for_cancelled_sync(timedelta(seconds=0.05)):
                ended.append("cancelled")
                raise asyncio.CancelledError
        ended.append("released")
        return "released"

    return [beat, beat_in_thread], begun, release, ended


@pytest.mark.parametrize("in_thread", [False, True], ids=["coroutine", "thread"])
async def test_waits_until_the_activity_says_that_it_is_cancelled(scene: Any, beating: Any, in_thread: bool) -> None:
    activities, begun, _, ended = beating
    async with scene.worker([Canceller], activities):
        handle = await scene.start(Canceller.run, CancellationType.WAIT_CANCELLATION_COMPLETED, in_thread)
        await begun.wait()
        await handle.signal(Canceller.go)
        assert await scene.result(handle) == "cancelled"
        assert ended == ["cancelled"]
        kinds = await scene.kinds(handle)
        assert kinds.index("ActivityTaskCanceled") < kinds.index("TimerStarted")


async def test_asks_for_cancellation_and_goes_on(scene: Any, beating: Any) -> None:
    activities, begun, _, ended = beating
    async with scene.worker([Canceller], activities):
        handle = await scene.start(Canceller.run, CancellationType.TRY_CANCEL, False)
        await begun.wait()
        await handle.signal(Canceller.go)
        assert await scene.result(handle) == "cancelled"
        await scene.until(lambda: ended == ["cancelled"])
        kinds = await scene.kinds(handle)
        assert kinds.index("TimerStarted") - kinds.index("ActivityTaskCancelRequested") == 1


async def test_abandons_the_activity(scene: Any, beating: Any) -> None:
    activities, begun, release, ended = beating
    async with scene.worker([Canceller], activities):
        handle = await scene.start(Canceller.run, CancellationType.ABANDON, False)
        await begun.wait()
        await handle.signal(Canceller.go)
        # A timer is running now, so the call is over.
        await scene.until(lambda: _has(scene, handle, "TimerStarted"))
        release.set()
        assert await scene.result(handle) == "cancelled"
        await scene.until(lambda: ended == ["released"])
        assert "ActivityTaskCancelRequested" not in await scene.kinds(handle)


async def test_an_activity_that_nobody_picked_up_is_cancelled_at_once(scene: Any) -> None:
    @workflow.defn
    class Unheard:
        @workflow.run
        async def run(self) -> str:
            handle = workflow.start_activity(
                clean_up,
                "it",
                schedule_to_close_timeout=TEN,
                task_list=f"{workflow.info().task_list}-nobody",
                cancellation_type=CancellationType.WAIT_CANCELLATION_COMPLETED,
            )
            await workflow.sleep(1)
            handle.cancel()
            try:
                await handle
            except asyncio.CancelledError:
                return "cancelled"
            return "not cancelled"

    async with scene.worker([Unheard]):
        assert await scene.run(Unheard.run) == "cancelled"


async def test_shield_keeps_an_activity(scene: Any) -> None:
    @workflow.defn
    class Shielding:
        @workflow.run
        async def run(self) -> list[Any]:
            kept = asyncio.ensure_future(workflow.execute_activity(clean_up, "all", schedule_to_close_timeout=TEN))
            waiting = asyncio.create_task(self.wait_for(kept))
            await asyncio.sleep(0)
            waiting.cancel()
            cancelled = (await asyncio.gather(waiting, return_exceptions=True))[0]
            return [isinstance(cancelled, asyncio.CancelledError), await kept]

        async def wait_for(self, kept: asyncio.Future[str]) -> str:
            return await asyncio.shield(kept)

    async with scene.worker([Shielding], [clean_up]):
        assert await scene.run(Shielding.run) == [True, "all is clean"]


async def test_an_activity_is_told_that_its_workflow_ended(scene: Any, beating: Any) -> None:
    activities, begun, _, ended = beating
    async with scene.worker([Canceller], activities):
        handle = await scene.start(Canceller.run, CancellationType.TRY_CANCEL, False)
        await begun.wait()
        await handle.terminate("gone")
        await scene.until(lambda: ended == ["cancelled"])
