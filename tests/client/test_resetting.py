"""Resets, restarts and refreshed tasks: which event a point means, and what the server is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import api
from cadence.api.enums import EventType
from cadence.client import Client, ResetPoint, ResetPointError
from cadence.exceptions import ConfigurationError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def decision(event_id: int, minutes: int, checksum: str = "one") -> api.HistoryEvent:
    return api.HistoryEvent(
        event_id=event_id,
        event_type=EventType.DecisionTaskCompleted,
        timestamp=int((NOON + timedelta(minutes=minutes)).timestamp()) * 10**9,
        decision_task_completed_event_attributes=api.DecisionTaskCompletedEventAttributes(binary_checksum=checksum),
    )


EVENTS = [
    api.HistoryEvent(event_id=1, event_type=EventType.WorkflowExecutionStarted, timestamp=1),
    decision(4, 0),
    decision(9, 5, "two"),
    decision(14, 10, "two"),
    api.HistoryEvent(event_id=15, event_type=EventType.WorkflowExecutionSignaled, timestamp=2 * 10**18),
]


def described(*points: api.ResetPointInfo) -> api.DescribeWorkflowExecutionResponse:
    info = api.WorkflowExecutionInfo(
        execution=api.WorkflowExecution(workflow_id="w", run_id="current"),
        auto_reset_points=api.ResetPoints(points=list(points)) if points else None,
    )
    return api.DescribeWorkflowExecutionResponse(workflow_execution_info=info)


@pytest.fixture
def history(frontend: Any) -> None:
    def page(events: list[api.HistoryEvent], token: bytes | None) -> api.GetWorkflowExecutionHistoryResponse:
        return api.GetWorkflowExecutionHistoryResponse(history=api.History(events=events), next_page_token=token)

    def pages(request: api.GetWorkflowExecutionHistoryRequest) -> api.GetWorkflowExecutionHistoryResponse:
        return page(EVENTS[2:], None) if request.next_page_token else page(EVENTS[:2], b"more")

    frontend.on("DescribeWorkflowExecution", described())
    frontend.on("GetWorkflowExecutionHistory", pages)
    frontend.on("ResetWorkflowExecution", api.ResetWorkflowExecutionResponse(run_id="new"))


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("point", "event_id"),
    [
        (ResetPoint.event(9), 9),
        (ResetPoint.first_decision(), 4),
        (ResetPoint.last_decision(), 14),
        (ResetPoint.time(NOON), 4),
        (ResetPoint.time(NOON + timedelta(seconds=1)), 9),
        (ResetPoint.bad_binary("two"), 9),
    ],
)
async def test_points(client: Client, frontend: Any, point: ResetPoint, event_id: int) -> None:
    made = await client.get_workflow_handle("w", result_type=int).reset(point, reason="why", skip_signals=True)
    (request,) = frontend.of("ResetWorkflowExecution")
    assert request.domain == "samples"
    # The run that was looked at is named: another may be current by the time of the call.
    assert request.workflow_execution == api.WorkflowExecution(workflow_id="w", run_id="current")
    assert (request.decision_finish_event_id, request.reason, request.skip_signal_reapply) == (event_id, "why", True)
    assert request.request_id
    assert (made.workflow_id, made.run_id, made.result_type) == ("w", "new", int)


@pytest.mark.usefixtures("history")
async def test_a_run_that_is_named_is_not_looked_up(client: Client, frontend: Any) -> None:
    await client.get_workflow_handle("w", run_id="r").reset(ResetPoint.event(4))
    assert [name for name, _ in frontend.requests] == ["ResetWorkflowExecution"]
    (request,) = frontend.of("ResetWorkflowExecution")
    assert request.workflow_execution == api.WorkflowExecution(workflow_id="w", run_id="r")
    assert request.skip_signal_reapply is False


@pytest.mark.usefixtures("history")
async def test_a_build_may_have_begun_in_an_earlier_run(client: Client, frontend: Any) -> None:
    point = api.ResetPointInfo(binary_checksum="bad", run_id="earlier", first_decision_completed_id=7)
    frontend.on("DescribeWorkflowExecution", described(point))
    await client.get_workflow_handle("w", run_id="r").reset(ResetPoint.bad_binary("bad"))
    (request,) = frontend.of("ResetWorkflowExecution")
    assert request.workflow_execution == api.WorkflowExecution(workflow_id="w", run_id="earlier")
    assert request.decision_finish_event_id == 7


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("point", "words"),
    [
        (ResetPoint.bad_binary("three"), "first decision of build three"),
        (ResetPoint.time(NOON + timedelta(hours=1)), "first decision at 2026-01-01 13"),
    ],
)
async def test_points_that_a_run_does_not_have(client: Client, frontend: Any, point: ResetPoint, words: str) -> None:
    with pytest.raises(ResetPointError, match=words):
        await client.get_workflow_handle("w").reset(point)
    assert not frontend.of("ResetWorkflowExecution")


async def test_a_run_without_decisions(client: Client, frontend: Any) -> None:
    page = api.GetWorkflowExecutionHistoryResponse(history=api.History(events=EVENTS[:1]))
    frontend.on("GetWorkflowExecutionHistory", page)
    for point in (ResetPoint.first_decision(), ResetPoint.last_decision()):
        with pytest.raises(ResetPointError, match=r"the (first|last) decision: it has no such"):
            await client.get_workflow_handle("w", run_id="r").reset(point)


@pytest.mark.parametrize(
    "mistake",
    [
        lambda: ResetPoint.event(1),
        lambda: ResetPoint.event(True),
        lambda: ResetPoint.event("4"),  # type: ignore[arg-type]
        lambda: ResetPoint.time("noon"),  # type: ignore[arg-type]
        lambda: ResetPoint.bad_binary(""),
    ],
)
def test_points_that_are_none(mistake: Callable[[], object]) -> None:
    with pytest.raises(ConfigurationError, match="a reset to"):
        mistake()


async def test_a_reset_to_something_else(client: Client, frontend: Any) -> None:
    with pytest.raises(ConfigurationError, match="a reset to 4"):
        await client.get_workflow_handle("w").reset(4)  # type: ignore[arg-type]
    assert not frontend.requests


def test_points_are_told_in_words() -> None:
    assert str(ResetPoint.event(7)) == "event 7"
    assert str(ResetPoint.last_decision()) == "the last decision"


async def test_a_restart(client: Client, frontend: Any) -> None:
    frontend.on("RestartWorkflowExecution", api.RestartWorkflowExecutionResponse(run_id="new"))
    made = await client.get_workflow_handle("w", run_id="r").restart("why")
    execution = api.WorkflowExecution(workflow_id="w", run_id="r")
    assert frontend.of("RestartWorkflowExecution") == [
        api.RestartWorkflowExecutionRequest("samples", execution, "why", "tester")
    ]
    assert made.run_id == "new"


async def test_tasks_are_made_again(client: Client, frontend: Any) -> None:
    frontend.on("RefreshWorkflowTasks", None)
    await client.get_workflow_handle("w").refresh_tasks()
    execution = api.WorkflowExecution(workflow_id="w")
    assert frontend.of("RefreshWorkflowTasks") == [api.RefreshWorkflowTasksRequest("samples", execution)]
