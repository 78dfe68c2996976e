"""What code keeps in history: versions, side effects, local activities, memo and search attributes.

Each workflow is queried by a second worker in the end, which has to replay what the first one recorded.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.exceptions import ActivityFailedError, ActivityTimedOutError, ApplicationError
from cadence.workflow import RetryPolicy

TEN = timedelta(seconds=10)
ONE = timedelta(seconds=1)


async def _markers(scene: Any, handle: Any) -> list[str]:
    attributes = [event.marker_recorded_event_attributes for event in await scene.events(handle)]
    return [marker.marker_name for marker in attributes if marker is not None]


def _versioned(changed: bool) -> type:
    """Give a workflow as it was before a change or after it, with the change guarded by a version."""

    @workflow.defn(name="Versioned")
    class Versioned:
        def __init__(self) -> None:
            self.over = False
            self.version = -2

        @workflow.run
        async def run(self) -> int:
            if changed:
                self.version = workflow.get_version("sleep-first")
                if self.version != workflow.DEFAULT_VERSION:
                    await workflow.sleep(1)
            await workflow.wait_condition(lambda: self.over)
            return self.version

        @workflow.signal
        def end(self) -> None:
            self.over = True

        @workflow.query
        def state(self) -> int:
            return self.version

    return Versioned


async def test_versions_of_old_and_new_runs(scene: Any) -> None:
    before, after = _versioned(changed=False), _versioned(changed=True)
    async with scene.worker([before]):
        old = await scene.start(before)
        await old.query("state")
    async with scene.worker([after]):
        new = await scene.start(after)
        await scene.until(lambda: _has(scene, new, "TimerFired"))
        for handle in (old, new):
            await handle.signal("end")
        assert await scene.result(old) == workflow.DEFAULT_VERSION
        assert await scene.result(new) == 1
        assert await _markers(scene, old) == []
        assert await _markers(scene, new) == ["Version"]
    async with scene.worker([after]):
        assert await new.query("state") == 1


async def _has(scene: Any, handle: Any, kind: str) -> bool:
    return kind in await scene.kinds(handle)


async def test_side_effects_are_kept(scene: Any) -> None:
    counter = itertools.count(1)

    @workflow.defn
    class Chance:
        def __init__(self) -> None:
            self.seen: list[Any] = []

        @workflow.run
        async def run(self) -> list[Any]:
            self.seen.append(workflow.side_effect(lambda: next(counter)))
            for value in (1, 1, 2):
                self.seen.append(workflow.mutable_side_effect("setting", lambda value=value: value))
                await workflow.execute_local_activity(nothing, schedule_to_close_timeout=TEN)
            self.seen += [str(workflow.uuid4()), workflow.random().randrange(10**9), workflow.now().isoformat()]
            return self.seen

        @workflow.query
        def state(self) -> list[Any]:
            return self.seen

    async with scene.worker([Chance], [nothing]):
        handle = await scene.start(Chance.run)
        got = await scene.result(handle)
    assert got[:4] == [1, 1, 1, 2]
    markers = await _markers(scene, handle)
    assert markers.count("SideEffect") == 1
    assert markers.count("MutableSideEffect") == 2
    async with scene.worker([Chance], [nothing]):
        assert await handle.query(Chance.state) == got
    assert next(counter) == 2


@activity.defn
async def nothing() -> None:
    return


@activity.defn
def add_locally(left: int, right: int) -> int:
    return left + right


@workflow.defn
class Local:
    def __init__(self) -> None:
        self.got: list[Any] = []

    @workflow.run
    async def run(self) -> list[Any]:
        calls = [
            workflow.execute_local_activity(add_locally, number, 1, schedule_to_close_timeout=TEN)
            for number in range(5)
        ]
        self.got = await asyncio.gather(*calls)
        return self.got

    @workflow.query
    def state(self) -> list[Any]:
        return self.got


async def test_local_activities(scene: Any) -> None:
    async with scene.worker([Local], [add_locally]):
        handle = await scene.start(Local.run)
        assert await scene.result(handle) == [1, 2, 3, 4, 5]
    assert (await scene.kinds(handle)).count("DecisionTaskCompleted") == 1
    assert await _markers(scene, handle) == ["LocalActivity"] * 5
    async with scene.worker([Local], [add_locally]):
        assert await handle.query(Local.state) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("pause", [1, 3], ids=["in-the-task", "by-a-timer"])
async def test_local_activity_is_tried_again(scene: Any, pause: int) -> None:
    """Pauses longer than a decision may take are timers."""
    attempts: list[int] = []

    @activity.defn
    async def stumble() -> int:
        attempts.append(activity.info().attempt)
        if len(attempts) < 2:
            raise ApplicationError("once more", reason="passing")
        return len(attempts)

    @workflow.defn
    class Stumbling:
        @workflow.run
        async def run(self) -> int:
            policy = RetryPolicy(initial_interval=timedelta(seconds=pause), backoff_coefficient=1.0, maximum_attempts=3)
            return await workflow.execute_local_activity(stumble, schedule_to_close_timeout=TEN, retry_policy=policy)

    async with scene.worker([Stumbling], [stumble]):
        handle = await scene.start(Stumbling.run, task_start_to_close_timeout=timedelta(seconds=2))
        assert await scene.result(handle) == 2
    assert attempts == [0, 1]
    assert ("TimerStarted" in await scene.kinds(handle)) is (pause > 2)


async def test_local_activity_fails_and_times_out(scene: Any) -> None:
    @activity.defn
    async def stall(fail: bool) -> None:
        if fail:
            raise ApplicationError("no way", reason="final")
        await asyncio.sleep(30)

    @workflow.defn
    class Failing:
        @workflow.run
        async def run(self) -> list[str]:
            got = []
            for fail in (True, False):
                try:
                    await workflow.execute_local_activity(stall, fail, schedule_to_close_timeout=ONE)
                except ActivityFailedError as error:
                    got.append(f"failed: {error.__cause__}")
                except ActivityTimedOutError as error:
                    got.append(f"timed out: {error.kind.value}")
            return got

    async with scene.worker([Failing], [stall]):
        assert await scene.run(Failing.run) == ["failed: no way", "timed out: SCHEDULE_TO_CLOSE"]


async def test_long_local_activity_keeps_its_decision_task(scene: Any) -> None:
    """The task's time is 2 s, the activity takes more: heartbeats of the decision task bridge it."""
    runs: list[float] = []

    @activity.defn
    def take_time() -> str:
        runs.append(time.monotonic())
        time.sleep(4.5)
        return "done"

    @workflow.defn
    class Patient:
        def __init__(self) -> None:
            self.words: list[str] = []

        @workflow.run
        async def run(self) -> list[str]:
            result = await workflow.execute_local_activity(take_time, schedule_to_close_timeout=TEN)
            return [result, *self.words]

        @workflow.signal
        def hear(self, word: str) -> None:
            self.words.append(word)

    async with scene.worker([Patient], [take_time]):
        handle = await scene.start(Patient.run, task_start_to_close_timeout=timedelta(seconds=2))
        await scene.until(lambda: runs)
        await handle.signal(Patient.hear, "meanwhile")
        assert await scene.result(handle) == ["done", "meanwhile"]
    kinds = await scene.kinds(handle)
    assert len(runs) == 1
    assert "DecisionTaskTimedOut" not in kinds
    assert kinds.count("DecisionTaskCompleted") >= 2


async def test_memo_and_search_attributes(scene: Any) -> None:
    @workflow.defn
    class Noted:
        def __init__(self) -> None:
            self.seen: list[Any] = []

        @workflow.run
        async def run(self) -> list[Any]:
            self.seen = [workflow.memo(), dict(workflow.search_attributes())]
            workflow.upsert_search_attributes({"CustomIntField": 7, "CustomKeywordField": "new"})
            self.seen.append(dict(workflow.search_attributes()))
            return self.seen

        @workflow.query
        def state(self) -> list[Any]:
            return self.seen

    options = {"memo": {"note": [1, "x"]}, "search_attributes": {"CustomKeywordField": "old"}}
    async with scene.worker([Noted]):
        handle = await scene.start(Noted.run, **options)
        got = await scene.result(handle)
    assert got[0] == {"note": [1, "x"]}
    assert got[1]["CustomKeywordField"] == "old"
    assert got[2] | {"CustomIntField": 7, "CustomKeywordField": "new"} == got[2]
    described = await handle.describe()
    assert described.memo == {"note": [1, "x"]}
    assert described.search_attributes["CustomIntField"] == 7
    async with scene.worker([Noted]):
        assert await handle.query(Noted.state) == got
