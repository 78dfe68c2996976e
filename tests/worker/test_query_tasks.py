"""A query-only task is answered from the kept run, or from one that replays and goes; failures reach who asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from histories import RunHistory

from cadence import api, errors, workflow
from cadence.api.enums import QueryTaskCompletedType

COMPLETED = "respond_decision_task_completed"
ANSWERED = "respond_query_task_completed"


@workflow.defn
class Asked:
    def __init__(self) -> None:
        self.count = 0

    @workflow.run
    async def run(self) -> None:
        await asyncio.Event().wait()

    @workflow.signal
    def add(self) -> None:
        self.count += 1

    @workflow.query
    def get(self, factor: int = 1) -> int:
        return self.count * factor

    @workflow.query
    def fail(self) -> int:
        raise ValueError("not now")

    @workflow.query
    def hang(self) -> int:
        while True:
            pass

    @workflow.query
    def much(self) -> str:
        return "x" * 2_000_001


def history_of(signals: int = 0, name: str = "Asked") -> RunHistory:
    history = RunHistory(name)
    for _ in range(signals):
        history.signal("add")
    history.decision()
    return history


async def answers(service: Any, count: int = 1) -> Any:
    return (await service.wait_told(ANSWERED, count))[count - 1]


async def test_a_kept_run_is_asked_without_its_lock(machine: Any, service: Any) -> None:
    history = history_of(2)
    async with machine([Asked]) as assembly:
        service.decisions.put_nowait(history.task())
        await service.wait_told(COMPLETED)
        await assembly.workflow_side.tasks.wait_idle()
        kept = assembly.workflow_side.cache.peek("run")
        async with kept.lock:
            service.decisions.put_nowait(history.query_task("get", first=99, data=b"3"))
            request = await answers(service)
        assert (request.completed_type, request.query_result) == (QueryTaskCompletedType.COMPLETED, b"6\n")
    assert service.told("get_workflow_execution_history") == []


@pytest.mark.parametrize("first", [1, 99])
async def test_a_run_that_is_not_kept_is_replayed_and_goes_again(machine: Any, service: Any, first: int) -> None:
    history = history_of(2)
    history.completed()
    service.answers["get_workflow_execution_history"] = [history.answer()]
    async with machine([Asked]) as assembly:
        service.decisions.put_nowait(history.query_task("get", first))
        request = await answers(service)
        assert request.query_result == b"2\n"
        assert len(assembly.workflow_side.cache) == 0
    assert len(service.told("get_workflow_execution_history")) == (first != 1)
    assert service.told(COMPLETED) == []


@pytest.mark.parametrize(
    ("query", "message"), [("fail", "not now"), ("nothing", "get"), ("much", "query result size (2000004) exceeds")]
)
async def test_failures_reach_the_asker(machine: Any, service: Any, query: str, message: str) -> None:
    history = history_of()
    history.completed()
    async with machine([Asked]):
        service.decisions.put_nowait(history.query_task(query))
        request = await answers(service)
        assert request.completed_type == QueryTaskCompletedType.FAILED
        assert message in request.error_message


async def test_trouble_on_the_way_reaches_the_asker(
    machine: Any, service: Any, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers["get_workflow_execution_history"] = [errors.EntityNotExistsError("no such run"), OSError("a bug")]
    async with machine([Asked]):
        service.decisions.put_nowait(history_of(name="Other").query_task("get"))
        assert 'no workflow "Other"' in (await answers(service)).error_message
        service.decisions.put_nowait(history_of().query_task("get", 99))
        assert "no such run" in (await answers(service, 2)).error_message
        service.decisions.put_nowait(history_of().query_task("get", 99))
        assert "a bug" in (await answers(service, 3)).error_message
        service.answers["get_workflow_execution_history"] = [api.GetWorkflowExecutionHistoryResponse()]
        service.decisions.put_nowait(history_of().query_task("get", 99))
        assert "no history" in (await answers(service, 4)).error_message
    assert caplog.text.count("Traceback") == 1


async def test_a_query_that_does_not_yield_takes_its_run_along(machine: Any, service: Any) -> None:
    history = history_of()
    async with machine([Asked], deadlock_timeout=timedelta(seconds=0.1)) as assembly:
        service.decisions.put_nowait(history.task())
        await service.wait_told(COMPLETED)
        service.decisions.put_nowait(history.query_task("hang", 99))
        assert "does not yield" in (await answers(service)).error_message
        assert len(assembly.workflow_side.cache) == 0
        history.completed()
        service.decisions.put_nowait(history.query_task("hang"))
        assert "does not yield" in (await answers(service, 2)).error_message


async def test_a_kept_run_that_died_is_asked_anew(machine: Any, service: Any) -> None:
    history = history_of(1)
    async with machine([Asked]) as assembly:
        service.decisions.put_nowait(history.task())
        await service.wait_told(COMPLETED)
        await assembly.workflow_side.tasks.wait_idle()
        kept = assembly.workflow_side.cache.peek("run")
        kept.run.runtime = None  # as after an error that is not told yet
        history.completed()
        service.answers["get_workflow_execution_history"] = [history.answer()]
        service.answers[ANSWERED] = [errors.EntityNotExistsError("who asked has gone")]
        service.decisions.put_nowait(history.query_task("get", 99))
        assert (await answers(service)).query_result == b"1\n"
