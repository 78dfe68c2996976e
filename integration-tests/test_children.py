"""Children and other workflows: results, failures, cancellation, what the parent's end does, signals from outside."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.client import WorkflowStatus
from cadence.exceptions import (
    ApplicationError,
    ChildWorkflowAlreadyStartedError,
    ChildWorkflowCanceledError,
    ChildWorkflowFailedError,
    ChildWorkflowTerminatedError,
    ChildWorkflowTimedOutError,
    ExternalWorkflowError,
    WorkflowCanceledError,
)
from cadence.workflow import CancellationType, ParentClosePolicy


@workflow.defn
class Child:
    def __init__(self) -> None:
        self.word = ""

    @workflow.run
    async def run(self, what: str) -> str:
        if what == "fail":
            raise ApplicationError("the child is sad", reason="sad")
        if what == "wait":
            await workflow.wait_condition(lambda: self.word)
            return f"heard {self.word}"
        return f"{what} by {workflow.info().workflow_id}"

    @workflow.signal
    def tell(self, word: str) -> None:
        self.word = word


@workflow.defn
class Parent:
    @workflow.run
    async def run(self, what: str, child_id: str) -> str:
        return await workflow.execute_child_workflow(Child.run, what, workflow_id=child_id)


async def test_child_result_and_parent(scene: Any) -> None:
    async with scene.worker([Parent, Child]):
        child_id = scene.new_id()
        handle = await scene.start(Parent.run, "done", child_id)
        assert await scene.result(handle) == f"done by {child_id}"
        started = (await scene.events(scene.client.get_workflow_handle(child_id)))[0]
        attributes = started.workflow_execution_started_event_attributes
        assert attributes.parent_workflow_execution.workflow_id == handle.workflow_id


async def test_child_without_id_has_one_of_its_own(scene: Any) -> None:
    @workflow.defn
    class TwoChildren:
        @workflow.run
        async def run(self) -> list[str]:
            return await asyncio.gather(
                workflow.execute_child_workflow(Child.run, "x"), workflow.execute_child_workflow("Child", "y")
            )

    async with scene.worker([TwoChildren, Child]):
        x, y = await scene.run(TwoChildren.run)
        assert x.removeprefix("x") != y.removeprefix("y")


@workflow.defn
class Watching:
    """Waits for a child, and tells what its call raised."""

    @workflow.run
    async def run(self, what: str, child_id: str, seconds: int) -> list[str]:
        try:
            await workflow.execute_child_workflow(
                Child.run, what, workflow_id=child_id, execution_start_to_close_timeout=timedelta(seconds=seconds)
            )
        except Exception as error:  # noqa: BLE001  # its class is what is asked for
            return [type(error).__name__, str(error.__cause__ or "")]
        return []


async def test_child_failure(scene: Any) -> None:
    async with scene.worker([Watching, Child]):
        name, cause = await scene.run(Watching.run, "fail", scene.new_id(), 30)
    assert name == ChildWorkflowFailedError.__name__
    assert "the child is sad" in cause


async def test_child_timeout(scene: Any) -> None:
    async with scene.worker([Watching, Child]):
        got = await scene.run(Watching.run, "wait", scene.new_id(), 1)
    assert got[0] == ChildWorkflowTimedOutError.__name__


async def test_child_terminated_and_cancelled_from_outside(scene: Any) -> None:
    async with scene.worker([Watching, Child]):
        for verb, expected in (
            ("terminate", ChildWorkflowTerminatedError.__name__),
            ("cancel", ChildWorkflowCanceledError.__name__),
        ):
            child_id = scene.new_id()
            handle = await scene.start(Watching.run, "wait", child_id, 30)
            await scene.until(lambda handle=handle: _has(scene, handle, "ChildWorkflowExecutionStarted"))
            await getattr(scene.client.get_workflow_handle(child_id), verb)("so it is")
            assert (await scene.result(handle))[0] == expected


async def test_child_id_in_use(scene: Any) -> None:
    async with scene.worker([Watching, Child]):
        other = await scene.start(Child.run, "wait")
        got = await scene.run(Watching.run, "wait", other.workflow_id, 30)
        await other.terminate()
    assert got[0] == ChildWorkflowAlreadyStartedError.__name__


async def _has(scene: Any, handle: Any, kind: str) -> bool:
    return kind in await scene.kinds(handle)


@workflow.defn
class CancelsItsChild:
    @workflow.run
    async def run(self, child_id: str, way: CancellationType) -> list[str]:
        call = asyncio.create_task(self.call(child_id, way))
        await workflow.sleep(1)
        call.cancel()
        outcome = (await asyncio.gather(call, return_exceptions=True))[0]
        await workflow.sleep(1)
        return [type(outcome).__name__]

    async def call(self, child_id: str, way: CancellationType) -> str:
        return await workflow.execute_child_workflow(
            Child.run,
            "wait",
            workflow_id=child_id,
            cancellation_type=way,
            parent_close_policy=ParentClosePolicy.ABANDON,
        )


@pytest.mark.parametrize("way", list(CancellationType), ids=lambda way: way.value)
async def test_child_call_cancelled(scene: Any, way: CancellationType) -> None:
    async with scene.worker([CancelsItsChild, Child]):
        child_id = scene.new_id()
        handle = await scene.start(CancelsItsChild.run, child_id, way)
        assert await scene.result(handle) == ["CancelledError"]
        child = scene.client.get_workflow_handle(child_id, workflow=Child.run)
        if way is CancellationType.ABANDON:
            await child.signal(Child.tell, "on its own")
            assert await scene.result(child) == "heard on its own"
        else:
            with pytest.raises(WorkflowCanceledError):
                await scene.result(child)
        kinds = await scene.kinds(handle)
    if way is CancellationType.WAIT_CANCELLATION_COMPLETED:
        last_timer = len(kinds) - 1 - kinds[::-1].index("TimerStarted")
        assert kinds.index("ChildWorkflowExecutionCanceled") < last_timer


@workflow.defn
class Leaving:
    @workflow.run
    async def run(self, child_id: str, policy: ParentClosePolicy) -> str:
        child = await workflow.start_child_workflow(Child.run, "wait", workflow_id=child_id, parent_close_policy=policy)
        return child.run_id


@pytest.mark.parametrize("policy", list(ParentClosePolicy), ids=lambda policy: policy.name.lower())
async def test_parent_close_policies(scene: Any, policy: ParentClosePolicy) -> None:
    async with scene.worker([Leaving, Child]):
        child_id = scene.new_id()
        run_id = await scene.run(Leaving.run, child_id, policy)
        child = scene.client.get_workflow_handle(child_id, run_id=run_id, workflow=Child.run)
        if policy is ParentClosePolicy.ABANDON:
            assert (await child.describe()).status is WorkflowStatus.OPEN
            await child.signal(Child.tell, "nobody")
            assert await scene.result(child) == "heard nobody"
            return
        expected = {
            ParentClosePolicy.TERMINATE: WorkflowStatus.TERMINATED,
            ParentClosePolicy.REQUEST_CANCEL: WorkflowStatus.CANCELED,
        }[policy]

        async def closed() -> bool:
            return (await child.describe()).status is expected

        await scene.until(closed, f"the child being {expected.value}")


@workflow.defn
class Outside:
    @workflow.run
    async def run(self, verb: str, target: str) -> str:
        other = workflow.get_external_workflow_handle(target)
        try:
            if verb == "signal":
                await other.signal(Child.tell, "from outside")
            else:
                await other.cancel()
        except ExternalWorkflowError as error:
            return f"not there: {error.workflow_id}"
        return "delivered"


async def test_external_signal_and_cancel(scene: Any) -> None:
    async with scene.worker([Outside, Child]):
        heard, cancelled = await scene.start(Child.run, "wait"), await scene.start(Child.run, "wait")
        assert await scene.run(Outside.run, "signal", heard.workflow_id) == "delivered"
        assert await scene.run(Outside.run, "cancel", cancelled.workflow_id) == "delivered"
        assert await scene.result(heard) == "heard from outside"
        with pytest.raises(WorkflowCanceledError):
            await scene.result(cancelled)


@pytest.mark.parametrize("verb", ["signal", "cancel"])
async def test_external_workflow_that_is_not_there(scene: Any, verb: str) -> None:
    nobody = scene.new_id()
    async with scene.worker([Outside]):
        assert await scene.run(Outside.run, verb, nobody) == f"not there: {nobody}"


async def test_child_is_signalled_by_its_handle(scene: Any) -> None:
    @workflow.defn
    class Telling:
        @workflow.run
        async def run(self) -> str:
            child = await workflow.start_child_workflow(Child.run, "wait")
            await child.signal(Child.tell, "mother")
            return await child

    async with scene.worker([Telling, Child]):
        assert await scene.run(Telling.run) == "heard mother"
