"""The life of runs: chains of them, ids used again, ends from outside, and what the server tells about them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.client import WorkflowStatus
from cadence.errors import EntityNotExistsError, WorkflowExecutionAlreadyStartedError
from cadence.exceptions import (
    ApplicationError,
    WorkflowCanceledError,
    WorkflowContinuedAsNewError,
    WorkflowFailedError,
    WorkflowTerminatedError,
    WorkflowTimedOutError,
)
from cadence.workflow import RetryPolicy, WorkflowIdReusePolicy


@workflow.defn
class Countdown:
    @workflow.run
    async def run(self, left: int, seen: list[str]) -> list[str]:
        seen = [*seen, workflow.info().run_id]
        if left:
            workflow.continue_as_new(left - 1, seen)
        return seen


async def test_continue_as_new_chain(scene: Any) -> None:
    async with scene.worker([Countdown]):
        handle = await scene.start(Countdown.run, 3, [])
        seen = await scene.result(handle)
        assert len(set(seen)) == 4
        assert seen[0] == handle.run_id
        with pytest.raises(WorkflowContinuedAsNewError) as caught:
            await scene.result(handle, follow_runs=False)
        assert caught.value.new_run_id == seen[1]
        first = (await scene.client.get_workflow_handle(handle.workflow_id, run_id=seen[0]).describe()).status
        assert first is WorkflowStatus.CONTINUED_AS_NEW


async def test_continue_as_another_type(scene: Any) -> None:
    @workflow.defn
    class Turning:
        @workflow.run
        async def run(self) -> list[str]:
            workflow.continue_as_new(0, ["before"], workflow=Countdown)

    async with scene.worker([Countdown, Turning]):
        assert (await scene.run(Turning.run))[0] == "before"


async def test_signals_on_the_way_go_to_the_next_run(scene: Any) -> None:
    @workflow.defn
    class Carrying:
        def __init__(self) -> None:
            self.heard: list[int] = []

        @workflow.run
        async def run(self, heard: list[int]) -> list[int]:
            self.heard = [*heard, *self.heard]
            await workflow.wait_condition(lambda: self.heard)
            if len(self.heard) < 12:
                workflow.continue_as_new(self.heard)
            return self.heard

        @workflow.signal
        def hear(self, number: int) -> None:
            self.heard.append(number)

    async with scene.worker([Carrying]):
        handle = await scene.start(Carrying.run, [])
        for number in range(12):
            await handle.signal(Carrying.hear, number)
        assert sorted(await scene.result(handle)) == list(range(12))


@pytest.mark.slow
async def test_cron_fires_and_knows_the_last_result(scene: Any) -> None:
    @workflow.defn
    class Periodic:
        @workflow.run
        async def run(self) -> int:
            return (workflow.last_completion_result(int) or 0) + 1

    async with scene.worker([Periodic]):
        handle = await scene.start(Periodic.run, cron_schedule="@every 2s")
        current = scene.client.get_workflow_handle(handle.workflow_id)

        async def second_run() -> Any:
            return (await current.describe()).run_id != handle.run_id

        await scene.until(second_run, "the second run")
        closing = (await scene.events(handle))[-1]
        attributes = closing.workflow_execution_continued_as_new_event_attributes
        assert attributes.last_completion_result.strip() == b"1"
        await handle.terminate("once is enough")
        with pytest.raises(WorkflowTerminatedError):
            await scene.result(handle)


async def test_workflow_retry(scene: Any) -> None:
    @workflow.defn
    class Retrying:
        @workflow.run
        async def run(self) -> int:
            if workflow.info().attempt < 1:
                raise ApplicationError("not at first", reason="passing")
            return workflow.info().attempt

    policy = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3)
    async with scene.worker([Retrying]):
        assert await scene.run(Retrying.run, retry_policy=policy) == 1


@workflow.defn
class Ending:
    @workflow.run
    async def run(self, how: str) -> str:
        if how == "fail":
            raise ApplicationError("as asked", reason="asked")
        if how == "wait":
            await asyncio.sleep(50)
        return how


async def _refused(scene: Any, name: str, policy: WorkflowIdReusePolicy) -> bool:
    try:
        handle = await scene.start(Ending.run, "done", workflow_id=name, workflow_id_reuse_policy=policy)
    except WorkflowExecutionAlreadyStartedError as error:
        return bool(error.run_id)
    await scene.result(handle)
    return False


async def test_id_reuse_policies(scene: Any) -> None:
    policy = WorkflowIdReusePolicy
    async with scene.worker([Ending]):
        completed = (await scene.start(Ending.run, "done")).workflow_id
        failed = (await scene.start(Ending.run, "fail")).workflow_id
        await scene.result(scene.client.get_workflow_handle(completed))
        with pytest.raises(WorkflowFailedError):
            await scene.result(scene.client.get_workflow_handle(failed))
        assert await _refused(scene, completed, policy.REJECT_DUPLICATE)
        assert await _refused(scene, failed, policy.REJECT_DUPLICATE)
        assert await _refused(scene, completed, policy.ALLOW_DUPLICATE_FAILED_ONLY)
        assert not await _refused(scene, failed, policy.ALLOW_DUPLICATE_FAILED_ONLY)
        assert not await _refused(scene, completed, policy.ALLOW_DUPLICATE)


async def test_id_of_an_open_run(scene: Any) -> None:
    async with scene.worker([Ending]):
        open_run = await scene.start(Ending.run, "wait")
        assert await _refused(scene, open_run.workflow_id, WorkflowIdReusePolicy.ALLOW_DUPLICATE)
        assert not await _refused(scene, open_run.workflow_id, WorkflowIdReusePolicy.TERMINATE_IF_RUNNING)
        earlier = scene.client.get_workflow_handle(open_run.workflow_id, run_id=open_run.run_id)
        with pytest.raises(WorkflowTerminatedError):
            await scene.result(earlier)


async def test_terminate(scene: Any) -> None:
    async with scene.worker([Ending]):
        handle = await scene.start(Ending.run, "wait")
        await handle.terminate("no need", {"by": "test"})
        with pytest.raises(WorkflowTerminatedError) as caught:
            await scene.result(handle)
        assert caught.value.reason == "no need"
        with pytest.raises(EntityNotExistsError):
            await scene.client.get_workflow_handle(scene.new_id()).terminate()


async def test_workflow_timeout(scene: Any) -> None:
    async with scene.worker([Ending]):
        with pytest.raises(WorkflowTimedOutError):
            await scene.run(Ending.run, "wait", execution_start_to_close_timeout=timedelta(seconds=1))


async def test_a_wait_with_a_limit_leaves_the_workflow_alone(scene: Any) -> None:
    handle = await scene.start(Ending.run, "done")
    with pytest.raises(TimeoutError):
        await handle.result(timeout=timedelta(seconds=0.2))
    async with scene.worker([Ending]):
        assert await scene.result(handle) == "done"


async def test_cancel_twice(scene: Any) -> None:
    from cadence.errors import CancellationAlreadyRequestedError

    handle = await scene.start(Ending.run, "wait")
    await handle.cancel()
    with pytest.raises(CancellationAlreadyRequestedError):
        await handle.cancel()
    async with scene.worker([Ending]):
        with pytest.raises(WorkflowCanceledError):
            await scene.result(handle)


async def test_failure_ends_with_its_own_error(scene: Any) -> None:
    async with scene.worker([Ending]):
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.run(Ending.run, "fail")
    assert caught.value.reason == "asked"
    assert isinstance(caught.value.__cause__, ApplicationError)
    assert caught.value.__cause__.reason == "asked"


async def test_describe(scene: Any) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    async with scene.worker([Ending]):
        handle = await scene.start(Ending.run, "wait", memo={"who": "me"})
        described = await handle.describe()
        assert (described.workflow_id, described.run_id) == (handle.workflow_id, handle.run_id)
        assert (described.status, described.workflow_type) == (WorkflowStatus.OPEN, "Ending")
        assert described.memo == {"who": "me"}
        assert described.start_time > before
        await handle.terminate()
        assert (await handle.describe()).status is WorkflowStatus.TERMINATED


async def test_history_iterator(scene: Any) -> None:
    async with scene.worker([Ending]):
        handle = await scene.start(Ending.run, "done")
        ids = [event.event_id async for event in handle.history(wait=True, page_size=2)]
        assert ids == [1, 2, 3, 4, 5]
        kinds = await scene.kinds(handle)
    assert kinds == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]


async def test_lists_of_open_and_closed_runs(scene: Any) -> None:
    async def listed(**filters: Any) -> set[str]:
        return {summary.run_id async for summary in scene.client.list_workflows(**filters)}

    async with scene.worker([Ending]):
        open_run, closed = await scene.start(Ending.run, "wait"), await scene.start(Ending.run, "done")
        await scene.result(closed)

        async def both_shown() -> bool:
            since = datetime.now(UTC) - timedelta(minutes=2)
            return (
                open_run.run_id in await listed(is_open=True, workflow_id=open_run.workflow_id)
                and closed.run_id in await listed(is_open=False, workflow_type="Ending", started_after=since)
                and {open_run.run_id, closed.run_id} <= await listed(started_after=since)
            )

        await scene.until(both_shown, "both runs being listed")
        assert closed.run_id not in await listed(is_open=True, workflow_id=closed.workflow_id)
        assert await listed(status=WorkflowStatus.FAILED, started_after=datetime.now(UTC)) == set()
        await open_run.terminate()
