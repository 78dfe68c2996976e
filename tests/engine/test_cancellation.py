"""Cancelling a run: its code is told where it waits, may clean up with activities, and ends as it likes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.api.enums import DecisionType
from cadence.exceptions import ActivityCanceledError, ChildWorkflowCanceledError
from cadence.workflow import CancellationType

MINUTE = timedelta(minutes=1)


async def act(name: str, **options: Any) -> Any:
    return await workflow.execute_activity(name, schedule_to_close_timeout=MINUTE, **options)


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


@workflow.defn
class Sleeps:
    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(100)


def test_a_run_that_sleeps_ends_as_cancelled(serve: Any) -> None:
    server = serve(Sleeps)
    server.task()
    server.cancel()
    assert kinds(server.task()) == ["CancelTimer", "CancelWorkflowExecution"]
    server.check()


def test_cancelled_before_its_first_line(serve: Any) -> None:
    server = serve(Sleeps)
    server.cancel()
    assert kinds(server.task()) == ["CancelWorkflowExecution"]
    server.check()


@workflow.defn
class WaitsForActivities:
    @workflow.run
    async def run(self) -> Any:
        return await asyncio.gather(act("a"), act("b"))


def test_cancellation_reaches_all_that_is_gathered(serve: Any) -> None:
    server = serve(WaitsForActivities)
    server.task()
    server.cancel()
    expected = ["RequestCancelActivityTask", "RequestCancelActivityTask", "CancelWorkflowExecution"]
    assert kinds(server.task()) == expected
    server.check()


@workflow.defn
class CleansUp:
    @workflow.run
    async def run(self) -> str:
        try:
            await act("work", cancellation_type=CancellationType.WAIT_CANCELLATION_COMPLETED)
        except asyncio.CancelledError:
            assert workflow.cancel_requested()
            return str(await act("clean up"))
        return "worked"


def test_clean_up_may_run_activities(serve: Any) -> None:
    server = serve(CleansUp)
    server.task()
    server.cancel()
    assert kinds(server.task()) == ["RequestCancelActivityTask"]
    server.cancel()  # a second request changes nothing
    assert server.task() == []
    server.canceled("0")
    (decision,) = server.task()
    assert decision.schedule_activity_task_decision_attributes.activity_type.name == "clean up"
    server.complete("1", "tidy")
    (decision,) = server.task()
    assert decision.complete_workflow_execution_decision_attributes.result == b'"tidy"\n'
    server.check()


def test_what_came_before_the_request_is_not_lost(serve: Any) -> None:
    server = serve(CleansUp)
    server.task()
    server.complete("0")
    server.cancel()
    (decision,) = server.task()
    assert decision.complete_workflow_execution_decision_attributes.result == b'"worked"\n'
    server.check()


@workflow.defn
class KeepsOn:
    @workflow.run
    async def run(self) -> str:
        inner = asyncio.ensure_future(act("important"))
        try:
            await asyncio.shield(inner)
        except asyncio.CancelledError:
            return f"kept {await inner}"
        return "undisturbed"


def test_shielded_work_goes_on(serve: Any) -> None:
    server = serve(KeepsOn)
    server.task()
    server.cancel()
    assert server.task() == []
    server.complete("0", 7)
    (decision,) = server.task()
    assert decision.complete_workflow_execution_decision_attributes.result == b'"kept 7"\n'
    server.check()


@workflow.defn
class LetsItThrough:
    @workflow.run
    async def run(self, kind: str) -> None:
        await workflow.wait_condition(workflow.cancel_requested, timeout=5 if kind == "time" else None)

    @workflow.signal
    def nothing(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize("kind", ["", "time"])
def test_wait_condition_is_cancelled_too(serve: Any, kind: str) -> None:
    server = serve(LetsItThrough, kind)
    server.task()
    server.cancel()
    decisions = server.task()
    assert kinds(decisions)[-1] == "CancelWorkflowExecution"
    server.check()


@workflow.defn
class ErrorsOfTheCancelled:
    @workflow.run
    async def run(self, which: str) -> None:
        try:
            await workflow.sleep(100)
        except asyncio.CancelledError:
            if which == "activity":
                raise ActivityCanceledError("", activity_type="a", activity_id="0") from None
            if which == "child":
                raise ChildWorkflowCanceledError("", workflow_id="c") from None
            raise ValueError("clean-up failed") from None


@pytest.mark.parametrize(
    ("which", "end"),
    [
        ("activity", "CancelWorkflowExecution"),
        ("child", "CancelWorkflowExecution"),
        ("other", "FailWorkflowExecution"),
    ],
)
def test_what_a_cancelled_run_raises(serve: Any, which: str, end: str) -> None:
    server = serve(ErrorsOfTheCancelled, which)
    server.task()
    server.cancel()
    assert kinds(server.task())[-1] == end
    server.check()


def test_cancelled_by_itself(serve: Any) -> None:
    @workflow.defn
    class CancelsItself:
        @workflow.run
        async def run(self) -> None:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            await workflow.sleep(1)

    server = serve(CancelsItself)
    assert kinds(server.task()) == ["CancelWorkflowExecution"]
    server.check()


def test_cancelled_in_the_batch_of_its_timer(serve: Any) -> None:
    server = serve(Sleeps)
    server.task()
    server.cancel()
    server.begin()
    server.fire("0")  # while the code decides: the server drops it for the cancellation
    decisions = server.finish()
    assert kinds(decisions) == ["CancelTimer", "CancelWorkflowExecution"]
    assert not server.is_closed  # something was buffered: the decision is made again
    decisions = server.task()
    assert kinds(decisions)[-1] == "CancelWorkflowExecution"
    server.check()
