"""What a worker bears: code that changed, types and arguments that don't fit, code that blocks; and how it stops."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence import Client, Worker, WorkerGroup, activity, workflow
from cadence.api.enums import DecisionTaskFailedCause
from cadence.exceptions import WorkflowFailedError

TEN = timedelta(seconds=10)


@activity.defn
async def first() -> str:
    return "first"


@activity.defn
async def second() -> str:
    return "second"


def _changing(*calls: Any) -> type:
    @workflow.defn(name="Changing")
    class Changing:
        def __init__(self) -> None:
            self.over = False
            self.got: list[str] = []

        @workflow.run
        async def run(self) -> list[str]:
            for call in calls:
                self.got.append(await workflow.execute_activity(call, schedule_to_close_timeout=TEN))
            await workflow.wait_condition(lambda: self.over)
            return self.got

        @workflow.signal
        def end(self) -> None:
            self.over = True

        @workflow.query
        def state(self) -> list[str]:
            return self.got

    return Changing


async def _failed_decisions(scene: Any, handle: Any) -> list[Any]:
    attributes = [event.decision_task_failed_event_attributes for event in await scene.events(handle)]
    return [failed for failed in attributes if failed is not None]


async def _started_with(scene: Any, old: type) -> Any:
    """Start a run and let a worker of the old code bring it to its wait.

    Decision tasks that fail again are left to time out, so their time is short.
    """
    async with scene.worker([old], [first, second]):
        handle = await scene.start(old, task_start_to_close_timeout=timedelta(seconds=2))

        async def has_both() -> bool:
            return len(await handle.query("state")) == 2

        await scene.until(has_both)
    return handle


async def test_changed_code_fails_the_decision_and_old_code_goes_on(scene: Any) -> None:
    old, changed = _changing(first, second), _changing(second, first)
    handle = await _started_with(scene, old)
    async with scene.worker([changed], [first, second]):
        await handle.signal("end")
        failed = await scene.until(lambda: _failed_decisions(scene, handle), "a failed decision task")
    report = (failed[0].details or b"").decode()
    assert failed[0].cause == DecisionTaskFailedCause.WORKFLOW_WORKER_UNHANDLED_FAILURE
    for part in ("first", "second", "test_worker_life.py", "event 5"):
        assert part in report, report
    async with scene.worker([old], [first, second]):
        assert await scene.result(handle) == ["first", "second"]


async def test_changed_code_may_fail_the_workflow(scene: Any) -> None:
    old, changed = _changing(first, second), _changing(first, first)
    handle = await _started_with(scene, old)
    async with scene.worker([changed], [first, second], nondeterminism="fail"):
        await handle.signal("end")
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.result(handle)
    assert caught.value.reason == "NonDeterministicWorkflowPolicyFailWorkflow"


async def test_unknown_workflow_type(scene: Any, caplog: pytest.LogCaptureFixture) -> None:
    old = _changing(first, second)
    async with scene.worker([old], [first, second]) as worker:
        lost = await scene.start("NobodyHasThis")
        failed = await scene.until(lambda: _failed_decisions(scene, lost), "a failed decision task")
        assert "NobodyHasThis" in (failed[0].details or b"").decode()
        other = await scene.start(old)
        await other.signal("end")
        assert await scene.result(other) == ["first", "second"]
        assert worker.is_running
        await lost.terminate()
    assert any("NobodyHasThis" in record.getMessage() for record in caplog.records)


async def test_arguments_that_do_not_fit(scene: Any) -> None:
    @workflow.defn
    class Typed:
        @workflow.run
        async def run(self, number: int) -> int:
            return number

    async with scene.worker([Typed]):
        handle = await scene.start("Typed", "no number")
        failed = await scene.until(lambda: _failed_decisions(scene, handle), "a failed decision task")
        assert "number" in (failed[0].details or b"").decode()
        await handle.terminate()
        assert await scene.run(Typed.run, 3) == 3


async def test_decisions_that_the_server_refuses_are_told_and_tried_again(
    scene: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither side goes round and round: the worker says why, and waits longer each time."""
    key = "NobodyRegisteredThis"

    @workflow.defn
    class Upserting:
        @workflow.run
        async def run(self) -> str:
            workflow.upsert_search_attributes({key: "value"})
            return key

    async with scene.worker([Upserting]):
        handle = await scene.start(Upserting.run)
        failed = await scene.until(lambda: _failed_decisions(scene, handle), "a failed decision task")
        assert failed[0].cause == DecisionTaskFailedCause.BAD_SEARCH_ATTRIBUTES
        await scene.until(lambda: [r for r in caplog.records if "NobodyRegisteredThis" in r.getMessage()])

        async def tried_on() -> bool:
            decision = (await handle.describe()).pending_decision
            return decision is not None and decision.attempt >= 4

        begun = time.monotonic()
        await scene.until(tried_on)
        assert time.monotonic() - begun > 0.2
        # As if somebody had registered it: what is refused once need not be refused for ever.
        key = "CustomKeywordField"
        assert await scene.result(handle) == "CustomKeywordField"


async def test_an_endless_loop_is_found_and_holds_nobody_up(scene: Any) -> None:
    beats: list[float] = []

    @activity.defn
    async def beat() -> int:
        for _ in range(30):
            activity.heartbeat()
            beats.append(time.monotonic())
            await asyncio.sleep(0.1)
        return len(beats)

    @workflow.defn
    class Endless:
        @workflow.run
        async def run(self) -> None:
            while True:
                pass

    @workflow.defn
    class Busy:
        @workflow.run
        async def run(self) -> int:
            return await workflow.execute_activity(
                beat, schedule_to_close_timeout=TEN, heartbeat_timeout=timedelta(seconds=2)
            )

    async with scene.worker([Endless, Busy], [beat]):
        busy = await scene.start(Busy.run)
        await scene.until(lambda: beats)
        endless = await scene.start(Endless.run)
        failed = await scene.until(lambda: _failed_decisions(scene, endless), "a failed decision task")
        assert "in run" in (failed[0].details or b"").decode()
        events = await scene.events(endless)
        begun = next(event for event in events if event.decision_task_started_event_attributes is not None)
        ended = next(event for event in events if event.decision_task_failed_event_attributes is not None)
        # CPU time is what counts, and other programs may take the processor meanwhile.
        assert ended.timestamp - begun.timestamp < 4e9
        assert await scene.result(busy) == 30
        start = time.monotonic()
    assert time.monotonic() - start < 3
    await endless.terminate()


async def test_idle_worker_stops_within_a_second(scene: Any) -> None:
    worker = scene.worker([_changing(first)], [first], grace=TEN)
    await worker.start()
    start = time.monotonic()
    await worker.stop()
    assert time.monotonic() - start < 1
    assert not worker.is_running


async def test_stopping_lets_an_activity_end(scene: Any) -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    @activity.defn
    async def finish() -> str:
        begun.set()
        await release.wait()
        return "finished"

    @workflow.defn
    class Finishing:
        @workflow.run
        async def run(self) -> str:
            return await workflow.execute_activity(finish, schedule_to_close_timeout=TEN)

    worker = scene.worker([Finishing], [finish], grace=TEN)
    await worker.start()
    handle = await scene.start(Finishing.run)
    await begun.wait()
    stopping = asyncio.create_task(worker.stop())
    await scene.until(lambda: not worker.is_running)
    release.set()
    await stopping
    assert "ActivityTaskCompleted" in await scene.kinds(handle)
    async with scene.worker([Finishing], [finish]):
        assert await scene.result(handle) == "finished"


async def test_stopping_cancels_what_is_left_after_the_grace(scene: Any) -> None:
    begun, ended = asyncio.Event(), []

    @activity.defn
    async def linger() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append(activity.is_worker_stopping())
            raise

    @workflow.defn
    class Lingering:
        @workflow.run
        async def run(self) -> None:
            await workflow.execute_activity(linger, schedule_to_close_timeout=TEN)

    worker = scene.worker([Lingering], [linger], grace=timedelta(seconds=0.5))
    await worker.start()
    handle = await scene.start(Lingering.run)
    await begun.wait()
    start = time.monotonic()
    await worker.stop()
    assert 0.4 < time.monotonic() - start < 3
    assert ended == [True]
    await handle.terminate()


async def test_a_second_worker_takes_over(scene: Any) -> None:
    """A run that the first worker kept goes on with another one, at once, when the first has stopped."""
    code = _changing(first, second)
    handle = await _started_with(scene, code)
    async with scene.worker([code], [first, second]):
        start = time.monotonic()
        await handle.signal("end")
        assert await scene.result(handle) == ["first", "second"]
    assert time.monotonic() - start < 4


async def test_two_workers_share_a_list(scene: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    code = _changing(first, second)
    async with scene.worker([code], [first, second]), scene.worker([code], [first, second], sticky=False):
        handles = [await scene.start(code) for _ in range(20)]
        for handle in handles:
            await handle.signal("end")
        results = await asyncio.gather(*(scene.result(handle) for handle in handles))
    assert results == [["first", "second"]] * 20
    assert not [record for record in caplog.records if "determin" in record.getMessage()]


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted where Linux shows them")
async def test_nothing_stays_behind_when_workers_stop(scene: Any) -> None:
    """Threads, connections and tasks of the loop are as many after ten workers as after two."""
    code = _changing(first, second)

    async def one_life() -> tuple[int, int, int]:
        async with (
            Client.connect(scene.frontend.address, domain=scene.frontend.domain) as client,
            Worker(client, scene.task_list, workflows=[code], activities=[first, second]),
        ):
            handle = await client.start_workflow(
                code, task_list=scene.task_list, execution_start_to_close_timeout=timedelta(minutes=1)
            )
            await handle.signal("end")
            assert await scene.result(handle) == ["first", "second"]
        return threading.active_count(), _open_files(), len(asyncio.all_tasks())

    await one_life()
    before = after = await one_life()
    for _ in range(8):
        after = await one_life()

    async def is_level() -> bool:
        # The server in this process may need a moment to see that its connections ended.
        nonlocal after
        after = await one_life()
        return all(now <= then + 2 for now, then in zip(after, before, strict=True))

    await scene.until(is_level, f"{after} being as low as {before}")


async def test_several_task_lists_in_one_process(scene: Any) -> None:
    @workflow.defn
    class Across:
        @workflow.run
        async def run(self) -> list[str]:
            other = f"{workflow.info().task_list}-other"
            return [
                await workflow.execute_activity(first, schedule_to_close_timeout=TEN),
                await workflow.execute_activity(second, schedule_to_close_timeout=TEN, task_list=other),
            ]

    group = WorkerGroup(
        [scene.worker([Across], [first]), scene.worker(activities=[second], task_list=f"{scene.task_list}-other")]
    )
    async with group:
        assert await scene.run(Across) == ["first", "second"]
        assert [look.activity_tasks.done for look in group.statistics()] == [1, 1]
    assert not any(look.is_running for look in group.statistics())
