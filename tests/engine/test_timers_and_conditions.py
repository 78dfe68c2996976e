"""Timers, and waiting for a condition with and without a limit."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.api.enums import DecisionType
from cadence.exceptions import ConfigurationError


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


def result(server: Any, decisions: list[Any]) -> Any:
    data = decisions[-1].complete_workflow_execution_decision_attributes.result
    server.check()
    return server.converter.decode_value(data)


@workflow.defn
class Sleeps:
    @workflow.run
    async def run(self, seconds: float, how: str) -> float:
        before = workflow.time()
        await (asyncio.sleep(seconds) if how == "asyncio" else workflow.sleep(timedelta(seconds=seconds)))
        return workflow.time() - before


@pytest.mark.parametrize("how", ["asyncio", "workflow"])
@pytest.mark.parametrize(("seconds", "whole"), [(1, 1), (0.2, 1), (59.01, 60), (86400 * 400, 86400 * 400)])
def test_whole_seconds_rounded_up(serve: Any, how: str, seconds: float, whole: int) -> None:
    server = serve(Sleeps, seconds, how)
    (decision,) = server.task()
    attributes = decision.start_timer_decision_attributes
    assert (attributes.timer_id, attributes.start_to_fire_timeout_seconds) == ("0", whole)
    server.fire("0")
    assert result(server, server.task()) == pytest.approx(whole, abs=0.1)


@pytest.mark.parametrize("how", ["asyncio", "workflow"])
@pytest.mark.parametrize("seconds", [0, -5])
def test_no_time_leaves_no_trace(serve: Any, how: str, seconds: float) -> None:
    server = serve(Sleeps, seconds, how)
    assert result(server, server.task()) == 0


@workflow.defn
class Races:
    @workflow.run
    async def run(self) -> str:
        timer = asyncio.ensure_future(workflow.sleep(10))
        await workflow.wait_condition(lambda: self.stop)
        timer.cancel()
        await workflow.sleep(20)
        return "done"

    def __init__(self) -> None:
        self.stop = False

    @workflow.signal
    def halt(self) -> None:
        self.stop = True


def test_cancelled_timer_is_forgotten(serve: Any) -> None:
    server = serve(Races)
    server.task()
    server.signal("halt")
    assert kinds(server.task()) == ["CancelTimer", "StartTimer"]
    server.fire("1")
    assert result(server, server.task()) == "done"


def test_a_timer_that_fires_while_it_is_cancelled(serve: Any) -> None:
    server = serve(Races)
    server.task()
    server.signal("halt")
    server.begin()
    server.fire("0")
    assert kinds(server.finish()) == ["CancelTimer", "StartTimer"]
    server.fire("1")
    assert result(server, server.task()) == "done"


def test_a_timer_that_the_server_does_not_know_any_more(serve: Any) -> None:
    server = serve(Races)
    server.task()
    server.signal("halt")
    server.begin()
    server.timers.pop("0")
    server.finish()
    server.fire("1")
    assert result(server, server.task()) == "done"


@workflow.defn
class Conditions:
    def __init__(self) -> None:
        self.numbers: list[int] = []

    @workflow.run
    async def run(self, limit: float | None) -> list[Any]:
        found = await workflow.wait_condition(lambda: len(self.numbers) >= 2, timeout=limit)
        return [found, *self.numbers]

    @workflow.signal
    def add(self, number: int) -> None:
        self.numbers.append(number)


@pytest.mark.parametrize("limit", [None, 30, 0.5])
def test_the_condition_becomes_true(serve: Any, limit: float | None) -> None:
    server = serve(Conditions, limit)
    server.task()
    server.signal("add", 1)
    assert server.task() == []
    server.signal("add", 2)
    decisions = server.task()
    assert kinds(decisions) == ["CancelTimer"] * (limit is not None) + ["CompleteWorkflowExecution"]
    assert result(server, decisions) == [True, 1, 2]


def test_the_time_passes(serve: Any) -> None:
    server = serve(Conditions, 30)
    server.task()
    server.signal("add", 1)
    server.task()
    server.fire("0")
    assert result(server, server.task()) == [False, 1]


def test_true_at_once_asks_for_nothing(serve: Any) -> None:
    server = serve(Conditions, 30)
    server.signal("add", 1)
    server.signal("add", 2)
    assert result(server, server.task()) == [True, 1, 2]


@pytest.mark.parametrize("limit", [0, -1])
def test_no_time_means_a_look(serve: Any, limit: float) -> None:
    server = serve(Conditions, limit)
    assert result(server, server.task()) == [False]


@workflow.defn
class Chain:
    @workflow.run
    async def run(self) -> list[str]:
        log: list[str] = []

        async def after(name: str, before: str | None) -> None:
            await workflow.wait_condition(lambda: before is None or before in log)
            log.append(name)

        await asyncio.gather(after("d", "c"), after("c", "b"), after("b", "a"), after("a", None))
        return log


def test_conditions_that_make_each_other_true(serve: Any) -> None:
    server = serve(Chain)
    assert result(server, server.task()) == ["a", "b", "c", "d"]


@workflow.defn
class BadConditions:
    @workflow.run
    async def run(self, how: str) -> str:
        seen = [False]

        def predicate() -> bool:
            if seen[0]:
                raise ValueError("broken")
            seen[0] = True
            return False

        try:
            if how == "type":
                await workflow.wait_condition(lambda: False, timeout="soon")  # type: ignore[arg-type]
            await workflow.wait_condition(predicate)
        except (ValueError, ConfigurationError) as error:
            return str(error)
        return "true"


@pytest.mark.parametrize(("how", "message"), [("type", "a duration is"), ("", "broken")])
def test_errors_come_where_the_code_waits(serve: Any, how: str, message: str) -> None:
    server = serve(BadConditions, how)
    assert message in result(server, server.task())


@workflow.defn
class TwoTasksOneGone:
    @workflow.run
    async def run(self) -> str:
        flag: list[int] = []
        task = asyncio.create_task(workflow.wait_condition(lambda: flag))
        await asyncio.sleep(0)
        task.cancel()
        flag.append(1)
        await workflow.wait_condition(task.done)
        return f"{task.cancelled()}"


def test_a_wait_that_was_cancelled_is_not_looked_at(serve: Any) -> None:
    server = serve(TwoTasksOneGone)
    assert result(server, server.task()) == "True"


@workflow.defn
class CallsOff:
    @workflow.run
    async def run(self) -> list[str]:
        log: list[str] = []
        loop = asyncio.get_running_loop()
        first = workflow.start_activity("a", schedule_to_close_timeout=timedelta(minutes=1))
        handle = loop.call_later(5, log.append, "called")
        await first
        handle.cancel()
        log.append(f"{handle.cancelled()}")
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await workflow.wait_condition(lambda: self.stop)
        await workflow.sleep(1)
        return log

    def __init__(self) -> None:
        self.stop = False

    @workflow.signal
    def halt(self) -> None:
        self.stop = True


def test_what_is_called_off_in_the_turn_of_its_timer_is_not_called(
    serve: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(CallsOff)
    server.task()
    server.complete("0")
    server.fire("1")
    server.task()
    server.signal("halt")
    server.task()
    server.fire(*server.timers)
    assert result(server, server.task()) == ["True"]
    assert caplog.text == ""
