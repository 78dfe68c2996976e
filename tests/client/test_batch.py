"""Batches: each run once, at a rate, with a report of what failed."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from cadence import api
from cadence.client import (
    BatchCancel,
    BatchReport,
    BatchReset,
    BatchSignal,
    BatchTerminate,
    Client,
    ResetPoint,
    WorkflowSummary,
)
from cadence.errors import (
    BadRequestError,
    CancellationAlreadyRequestedError,
    EntityNotExistsError,
    ServiceBusyError,
    WorkflowExecutionAlreadyCompletedError,
)
from cadence.exceptions import ConfigurationError, ConversionError


def info(number: int, closed: bool = False) -> api.WorkflowExecutionInfo:
    return api.WorkflowExecutionInfo(
        execution=api.WorkflowExecution(workflow_id=f"w{number}", run_id=f"r{number}"),
        close_status=0 if closed else None,
    )


def listing(frontend: Any, *runs: api.WorkflowExecutionInfo) -> None:
    frontend.on("ScanWorkflowExecutions", api.ListWorkflowExecutionsResponse(executions=list(runs)))


async def test_open_runs_are_signalled(client: Client, frontend: Any) -> None:
    listing(frontend, info(1), info(2, closed=True), info(3))
    frontend.on("SignalWorkflowExecution", None)
    report = await client.batch("WorkflowType = 'a'", BatchSignal("go", (1, "x")))
    assert (report.found, report.done, report.skipped, report.failures, report.dry_run) == (3, 2, 1, [], False)
    assert frontend.of("ScanWorkflowExecutions")[0].query == "WorkflowType = 'a'"
    requests = frontend.of("SignalWorkflowExecution")
    assert [(each.workflow_execution.workflow_id, each.workflow_execution.run_id) for each in requests] == [
        ("w1", "r1"),
        ("w3", "r3"),
    ]
    assert (requests[0].signal_name, requests[0].input) == ("go", b'1\n"x"\n')


async def test_runs_are_cancelled_and_terminated(client: Client, frontend: Any) -> None:
    listing(frontend, info(1))
    frontend.on("RequestCancelWorkflowExecution", None)
    frontend.on("TerminateWorkflowExecution", None)
    await client.batch("q", BatchCancel("why"))
    await client.batch("q", BatchTerminate("why"))
    assert frontend.of("RequestCancelWorkflowExecution")[0].cause == "why"
    assert frontend.of("TerminateWorkflowExecution")[0].reason == "why"


async def test_closed_runs_are_reset_too(client: Client, frontend: Any) -> None:
    listing(frontend, info(1), info(2, closed=True))
    frontend.on("ResetWorkflowExecution", api.ResetWorkflowExecutionResponse("new"))
    report = await client.batch("q", BatchReset(ResetPoint.event(4), "why", skip_signals=True))
    assert (report.done, report.skipped) == (2, 0)
    request = frontend.of("ResetWorkflowExecution")[1]
    assert (request.workflow_execution.run_id, request.decision_finish_event_id, request.reason) == ("r2", 4, "why")
    assert request.skip_signal_reapply is True


async def test_failures_are_reported_and_the_rest_goes_on(client: Client, frontend: Any) -> None:
    listing(frontend, *(info(number) for number in range(1, 7)))
    outcomes = {
        "r2": ServiceBusyError(message="broken"),
        "r3": WorkflowExecutionAlreadyCompletedError(message="closed meanwhile"),
        "r4": EntityNotExistsError(message="gone"),
        "r5": CancellationAlreadyRequestedError(message="asked before"),
    }
    frontend.on("RequestCancelWorkflowExecution", lambda request: outcomes.get(request.workflow_execution.run_id))
    report = await client.batch("q", BatchCancel(), concurrency=2, rate=10_000)
    assert (report.found, report.done, report.skipped) == (6, 2, 3)
    (failure,) = report.failures
    assert (failure.workflow_id, failure.run_id) == ("w2", "r2")
    assert isinstance(failure.error, ServiceBusyError)
    assert str(failure) == 'workflow "w2" run r2: broken'


async def test_a_point_that_a_run_lacks_is_a_failure_of_that_run(client: Client, frontend: Any) -> None:
    listing(frontend, info(1))
    frontend.on("GetWorkflowExecutionHistory", api.GetWorkflowExecutionHistoryResponse(history=api.History(events=[])))
    report = await client.batch("q", BatchReset(ResetPoint.last_decision()))
    assert "no such decision" in str(report.failures[0])


async def test_a_dry_run_only_looks(client: Client, frontend: Any) -> None:
    listing(frontend, info(1), info(2, closed=True))
    seen: list[tuple[int, str]] = []

    def note(report: BatchReport, run: WorkflowSummary) -> None:
        seen.append((report.done, run.workflow_id))

    report = await client.batch("q", BatchTerminate(), dry_run=True, on_progress=note)
    assert (report.dry_run, report.found, report.done, report.skipped) == (True, 2, 1, 1)
    assert sorted(name for _, name in seen) == ["w1", "w2"]
    assert [name for name, _ in frontend.requests] == ["ScanWorkflowExecutions"]


async def test_a_run_that_is_listed_twice_is_done_once(client: Client, frontend: Any) -> None:
    frontend.on("ScanWorkflowExecutions", BadRequestError(message="Operation is not supported"))
    frontend.on("ListOpenWorkflowExecutions", api.ListOpenWorkflowExecutionsResponse(executions=[info(1)]))
    frontend.on(
        "ListClosedWorkflowExecutions", api.ListClosedWorkflowExecutionsResponse(executions=[info(1, closed=True)])
    )
    frontend.on("ResetWorkflowExecution", api.ResetWorkflowExecutionResponse("new"))
    report = await client.batch("", BatchReset(ResetPoint.event(4)))
    assert (report.found, report.done) == (1, 1)
    report = await client.batch("", BatchReset(ResetPoint.event(4)), is_open=True)
    assert report.done == 1


async def test_not_more_at_once_than_allowed(client: Client, frontend: Any) -> None:
    listing(frontend, *(info(number) for number in range(9)))
    go = asyncio.Event()
    frontend.on("TerminateWorkflowExecution", go)
    batch = asyncio.create_task(client.batch("q", BatchTerminate(), concurrency=3, rate=10_000))
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(frontend.of("TerminateWorkflowExecution")) == 3
    frontend.on("TerminateWorkflowExecution", None)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch


async def test_the_rate_is_kept(client: Client, frontend: Any) -> None:
    listing(frontend, *(info(number) for number in range(5)))
    frontend.on("TerminateWorkflowExecution", None)
    began = time.monotonic()
    await client.batch("q", BatchTerminate(), rate=50)
    assert time.monotonic() - began >= 4 / 50 * 0.9


async def test_a_list_that_can_not_be_read_ends_it(client: Client, frontend: Any) -> None:
    frontend.on("ScanWorkflowExecutions", BadRequestError(message="bad query"))
    with pytest.raises(BadRequestError, match="bad query"):
        await client.batch("q", BatchTerminate())


async def test_a_mistake_in_the_action_ends_it(client: Client, frontend: Any) -> None:
    listing(frontend, info(1), info(2))
    with pytest.raises(ConversionError):
        await client.batch("q", BatchSignal("go", (object(),)))
    assert not frontend.of("SignalWorkflowExecution")


@pytest.mark.parametrize(
    "options",
    [
        {"action": "terminate"},
        {"action": BatchTerminate(), "rate": 0},
        {"action": BatchTerminate(), "concurrency": 0},
        {"action": BatchReset(4)},  # type: ignore[arg-type]
        {"action": BatchSignal(print)},
        {"action": BatchTerminate(), "is_open": True},
    ],
)
async def test_what_can_not_work(client: Client, frontend: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        await client.batch("q", **options)
    assert frontend.requests == []
