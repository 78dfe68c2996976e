"""Signals: kept until somebody handles them, handled in order, and what goes wrong with them."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.api.enums import DecisionType

MINUTE = timedelta(minutes=1)


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


def result(server: Any, decisions: list[Any]) -> Any:
    data = decisions[-1].complete_workflow_execution_decision_attributes.result
    server.check()
    return server.converter.decode_value(data)


@workflow.defn
class Collects:
    def __init__(self) -> None:
        self.log: list[Any] = []

    @workflow.run
    async def run(self, count: int) -> list[Any]:
        self.log.append("run")
        await workflow.wait_condition(lambda: len(self.log) > count)
        return self.log

    @workflow.signal
    def add(self, value: int) -> None:
        self.log.append(value)

    @workflow.signal(name="slow-add")
    async def slow_add(self, value: int) -> None:
        await workflow.execute_activity("work", schedule_to_close_timeout=MINUTE)
        self.log.append(value)


def test_signals_with_the_start_are_handled_before_the_first_line(serve: Any) -> None:
    server = serve(Collects, 2)
    server.signal("add", 1)
    server.signal("add", 2)
    assert result(server, server.task()) == [1, 2, "run"]


def test_one_that_waits_lets_others_pass(serve: Any) -> None:
    server = serve(Collects, 2)
    server.task()
    server.signal("slow-add", 1)
    server.signal("add", 2)
    assert kinds(server.task()) == ["ScheduleActivityTask"]
    server.complete("0")
    assert result(server, server.task()) == ["run", 2, 1]


def test_what_cannot_be_read_is_dropped_with_a_word(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(Collects, 1)
    server.task()
    server.signal("add", data=b'"no number"\n')
    server.signal("add", data=b"\xff\xfe")
    with caplog.at_level(logging.ERROR):
        assert server.task() == []
    assert caplog.text.count("dropped") == 2
    server.signal("add", 3)
    assert result(server, server.task()) == ["run", 3]


@workflow.defn
class Fails:
    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(1000)

    @workflow.signal
    async def boom(self, later: bool) -> None:
        if later:
            await workflow.sleep(1)
        raise ValueError("a handler's mistake")

    @workflow.signal
    async def leave(self) -> None:
        workflow.continue_as_new()


@pytest.mark.parametrize("later", [False, True])
def test_a_failing_handler_fails_the_workflow(serve: Any, later: bool) -> None:
    server = serve(Fails)
    server.task()
    server.signal("boom", later)
    if later:
        server.task()
        server.fire("1")
    (decision,) = server.task()
    attributes = decision.fail_workflow_execution_decision_attributes
    assert b"a handler's mistake" in attributes.details
    server.check()


def test_a_handler_may_continue_as_new(serve: Any) -> None:
    server = serve(Fails)
    server.task()
    server.signal("leave")
    assert kinds(server.task()) == ["ContinueAsNewWorkflowExecution"]
    server.check()


@workflow.defn
class Dynamic:
    def __init__(self) -> None:
        self.log: list[Any] = []

    @workflow.run
    async def run(self) -> list[Any]:
        log = self.log
        await workflow.sleep(1)
        workflow.set_signal_handler("late", self.note)
        await workflow.sleep(1)
        workflow.set_signal_handler("late", None)
        await workflow.sleep(1)

        async def rest(name: str, value: int) -> None:
            log.append(f"{name} {value}")

        workflow.set_signal_handler(None, rest)
        await workflow.sleep(1)
        return log

    def note(self, value: int) -> None:
        self.log.append(value)


def test_signals_wait_for_their_handler(serve: Any) -> None:
    server = serve(Dynamic)
    server.task()
    server.signal("late", 1)
    assert server.task() == []
    server.signal("late", 2)
    server.fire("0")
    server.task()  # there is a handler now
    server.signal("late", 3)
    server.fire("1")
    server.task()  # there is none any more
    server.signal("late", 4)
    server.signal("other", 5)
    server.fire("2")
    server.task()
    server.fire("3")
    assert result(server, server.task()) == [1, 2, 3, "late 4", "other 5"]


@workflow.defn
class CatchAll:
    def __init__(self) -> None:
        self.log: list[Any] = []

    @workflow.run
    async def run(self) -> list[Any]:
        await workflow.wait_condition(lambda: "end" in self.log)
        return self.log

    @workflow.signal(dynamic=True)
    def anything(self, name: str, *values: Any) -> None:
        self.log += [name, *values]


def test_a_handler_for_every_name(serve: Any) -> None:
    server = serve(CatchAll)
    server.signal("first", 1, 2)
    server.task()
    server.signal("end")
    assert result(server, server.task()) == ["first", 1, 2, "end"]


@workflow.defn
class OneAfterTheOther:
    def __init__(self) -> None:
        self.queue: asyncio.Queue[int] = asyncio.Queue()

    @workflow.run
    async def run(self) -> list[int]:
        found = []
        while (number := await self.queue.get()) != 0:
            await workflow.execute_activity("work", number, schedule_to_close_timeout=MINUTE)
            found.append(number)
        return found

    @workflow.signal
    async def put(self, number: int) -> None:
        await self.queue.put(number)


def test_signals_that_come_while_the_code_decides_are_in_the_next_task(serve: Any) -> None:
    server = serve(OneAfterTheOther)
    server.signal("put", 1)
    server.begin()
    server.signal("put", 2)
    server.finish()
    assert server.task() == []
    server.complete("0")
    assert kinds(server.task()) == ["ScheduleActivityTask"]
    server.complete("1")
    server.begin()
    server.signal("put", 0)
    assert server.finish() == []
    assert result(server, server.task()) == [1, 2]


def test_a_close_that_missed_a_signal_is_decided_again(serve: Any) -> None:
    server = serve(OneAfterTheOther)
    server.signal("put", 0)
    server.begin()
    server.signal("put", 5)
    assert kinds(server.finish()) == ["CompleteWorkflowExecution"]
    assert not server.is_closed
    assert result(server, server.task()) == []
    assert server.is_closed


def test_a_handler_whose_wait_is_cancelled_harms_nobody(serve: Any) -> None:
    @workflow.defn
    class HandlerCancelled:
        def __init__(self) -> None:
            self.tasks: list[Any] = []

        @workflow.run
        async def run(self) -> str:
            await workflow.wait_condition(lambda: self.tasks)
            self.tasks[0].cancel()
            await workflow.sleep(1)
            return "done"

        @workflow.signal
        async def hang(self) -> None:
            self.tasks.append(asyncio.current_task())
            await workflow.sleep(100)

    server = serve(HandlerCancelled)
    server.task()
    server.signal("hang")
    assert kinds(server.task()) == ["StartTimer"]
    server.fire("1")
    assert result(server, server.task()) == "done"
