"""Queries: answered from the state in which the code waits; nothing is changed by them, whatever a handler tries."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from cadence import api, workflow
from cadence.api.enums import QueryResultType
from cadence.engine import HistoryError

MINUTE = timedelta(minutes=1)


@workflow.defn
class Asked:
    def __init__(self) -> None:
        self.state: dict[str, int] = {"n": 0}
        self.other: asyncio.Event = asyncio.Event()

    @workflow.run
    async def run(self) -> str:
        workflow.set_query_handler("added", lambda: "was added")
        await workflow.execute_activity("work", schedule_to_close_timeout=MINUTE)
        self.state["n"] += 1
        workflow.set_query_handler("added", None)
        await asyncio.gather(self.second(), workflow.sleep(60))
        return str(workflow.uuid4())

    async def second(self) -> None:
        await workflow.execute_activity("second", schedule_to_close_timeout=MINUTE)

    @workflow.query
    def state_of(self, key: str) -> int:
        return self.state[key]

    @workflow.query
    def refused(self, what: str) -> Any:
        calls: dict[str, Any] = {
            "activity": lambda: workflow.start_activity("w", schedule_to_close_timeout=MINUTE),
            "version": lambda: workflow.get_version("new"),
            "side effect": lambda: workflow.side_effect(lambda: 1),
            "mutable": lambda: workflow.mutable_side_effect("m", lambda: 1),
            "upsert": lambda: workflow.upsert_search_attributes({"a": 1}),
            "uuid": workflow.uuid4,
            "random": lambda: workflow.random().random(),
            "signal handler": lambda: workflow.set_signal_handler("x", print),
            "query handler": lambda: workflow.set_query_handler("x", print),
            "timer": lambda: asyncio.get_running_loop().call_later(5, print),
        }
        return calls[what]()

    @workflow.query
    def task(self) -> str:
        async def later() -> None:
            self.state["n"] = 99

        self.tasks = [asyncio.ensure_future(later())]
        return "started"

    @workflow.query
    def big(self) -> str:
        return "x" * 2_000_001

    @workflow.query(dynamic=True)
    def rest(self, name: str, *values: Any) -> list[Any]:
        if name == "unknown":
            raise LookupError(name)
        return [name, *values]


def asked(serve: Any) -> Any:
    server = serve(Asked)
    server.task()
    return server


def value(server: Any, answer: api.WorkflowQueryResult) -> Any:
    assert answer.result_type == QueryResultType.ANSWERED, answer.error_message
    return server.converter.decode_value(answer.answer)


def test_state_is_read_as_it_stands(serve: Any) -> None:
    server = asked(serve)
    assert value(server, server.query("state_of", "n")) == 0
    assert value(server, server.query("added")) == "was added"
    server.complete("0")
    server.task()
    assert value(server, server.query("state_of", "n")) == 1
    assert value(server, server.query("added")) == ["added"]
    server.check()


def test_what_a_handler_raises_is_the_answer(serve: Any) -> None:
    server = asked(serve)
    answer = server.query("state_of", "missing")
    assert answer.result_type == QueryResultType.FAILED
    assert "missing" in answer.error_message
    assert server.query("unknown").result_type == QueryResultType.FAILED
    assert server.query("state_of", 1, 2, 3).result_type == QueryResultType.FAILED


@pytest.mark.parametrize(
    "what",
    [
        "activity",
        "version",
        "side effect",
        "mutable",
        "upsert",
        "uuid",
        "random",
        "signal handler",
        "query handler",
        "timer",
    ],
)
def test_a_handler_that_asks_for_something_is_refused(serve: Any, what: str) -> None:
    server = asked(serve)
    before = server.run.decisions_to_send()
    answer = server.query("refused", what)
    assert answer.result_type == QueryResultType.FAILED, answer
    assert "changes the workflow" in answer.error_message
    assert server.run.decisions_to_send() == before
    server.complete("0")
    server.task()
    server.check()


def test_a_task_of_a_handler_never_runs(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    server = asked(serve)
    with caplog.at_level(logging.DEBUG):
        before = server.run.loop.state()
        assert value(server, server.query("task")) == "started"
        assert server.run.loop.state() == before
        server.complete("0")
        server.task()
        assert value(server, server.query("state_of", "n")) == 1
        server.run.close()


def test_an_answer_has_a_limit(serve: Any) -> None:
    answer = asked(serve).query("big")
    assert "exceeds limit" in answer.error_message


@workflow.defn
class Plain:
    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(100)

    @workflow.query
    def nothing(self) -> None:
        """Answer nothing."""


def test_what_is_built_in(serve: Any) -> None:
    server = serve(Plain)
    server.task()
    known = value(server, server.query("__query_types"))
    assert known == ["nothing", "__open_sessions", "__query_types", "__stack_trace"]
    trace = value(server, server.query("__stack_trace"))
    assert "workflow Plain [waits for timer of 100 s (id 0)]" in trace
    assert "await workflow.sleep(100)" in trace
    assert value(server, server.query("__open_sessions")) == []
    assert server.query("__replay_only").result_type == QueryResultType.ANSWERED
    unknown = server.query("nix")
    assert "unknown queryType nix. KnownQueryTypes=[nothing " in unknown.error_message


def test_queries_with_a_decision_task_are_answered_behind_its_code(serve: Any) -> None:
    server = asked(serve)
    server.complete("0")
    queries = {"a": api.WorkflowQuery("state_of", b'"n"\n'), "b": api.WorkflowQuery("state_of", b'"x"\n')}
    server.begin(queries)
    answers = server.run.answers_to_send()
    assert (answers["a"].answer, answers["b"].result_type) == (b"1\n", QueryResultType.FAILED)
    assert server.run.answers_to_send() == {}
    server.finish()


def test_a_querys_task_may_bring_news_behind_the_last_decision(serve: Any) -> None:
    server = asked(serve)
    server.complete("0")
    run = server.new_run(replay_only=True)
    run.receive_task(server.history)
    assert value(server, run.receive_query("state_of", b'"n"\n')) == 1
    assert run.decisions_to_send() == []
    run.close()


def test_a_closed_run_still_answers(serve: Any) -> None:
    server = asked(serve)
    server.complete("0")
    server.task()
    server.complete("1")
    server.fire("2")
    server.task()
    assert server.is_closed
    run = server.replayed(replay_only=True)
    assert run.is_closed
    assert value(server, run.receive_query("state_of", b'"n"\n')) == 1
    assert value(server, run.receive_query("__stack_trace", None)) == ""
    run.close()


def test_a_query_of_a_run_that_has_seen_nothing(serve: Any) -> None:
    with pytest.raises(HistoryError):
        serve(Plain).run.receive_query("nothing", None)


@workflow.defn
class DecidesThings:
    def __init__(self) -> None:
        self.log: list[Any] = []

    @workflow.run
    async def run(self) -> None:
        while True:
            await workflow.wait_condition(lambda: "go" in self.log)
            self.log.remove("go")
            self.log.append(workflow.side_effect(lambda: "effect"))
            self.log.append(workflow.mutable_side_effect("m", lambda: len(self.log)))
            self.log.append(workflow.get_version("v"))
            workflow.logger.warning("not to be seen")

    @workflow.signal
    def go(self) -> None:
        self.log.append("go")

    @workflow.query
    def seen(self) -> list[Any]:
        return self.log


@pytest.mark.parametrize("has_started", [False, True])
def test_code_that_no_task_has_come_to_may_decide_things_for_a_query(
    serve: Any, has_started: bool, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(DecidesThings)
    server.task()
    server.signal("go")
    events = list(server.history)
    if has_started:
        server.begin()
        events = list(server.history)
    caplog.clear()
    run = server.new_run(replay_only=True)
    run.receive_task(events)
    assert value(server, run.receive_query("seen", None)) == ["effect", 1, 1]
    assert run.decisions_to_send() == []
    assert caplog.text == ""
    run.close()


def test_a_kept_run_keeps_news_for_its_next_task(serve: Any) -> None:
    server = serve(DecidesThings)
    server.task()
    server.signal("go")
    server.run.receive_task(server.history[server.run.last_event_id :])
    assert server.run.decisions_to_send() == []
    assert value(server, server.run.receive_query("seen", None)) == []
    assert len(server.task()) == 4
    server.check()
