"""Lists and counts: which requests they make on clusters of both kinds, and what comes out of pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cadence import api
from cadence.api.enums import WorkflowExecutionCloseStatus
from cadence.client import Client, WorkflowStatus, WorkflowSummary
from cadence.errors import BadRequestError
from cadence.exceptions import ConfigurationError, WorkflowIds

PLAIN = BadRequestError(message="Operation is not supported")
WHEN = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
NANOSECONDS = int(WHEN.timestamp()) * 1_000_000_000 + 678_000


def run(name: str, **fields: Any) -> api.WorkflowExecutionInfo:
    return api.WorkflowExecutionInfo(execution=api.WorkflowExecution(workflow_id=name, run_id=f"{name}-run"), **fields)


def page(*names: str, token: bytes | None = None) -> api.ListWorkflowExecutionsResponse:
    return api.ListWorkflowExecutionsResponse(executions=[run(name) for name in names], next_page_token=token)


async def names(client: Client, *arguments: Any, **options: Any) -> list[str]:
    return [summary.workflow_id async for summary in client.list_workflows(*arguments, **options)]


async def test_a_query_is_read_page_by_page(client: Client, frontend: Any) -> None:
    frontend.on("ListWorkflowExecutions", page("a", "b", token=b"1"), page(token=b"2"), page("c"))
    assert await names(client, "WorkflowType = 'x'", page_size=2) == ["a", "b", "c"]
    requests = frontend.of("ListWorkflowExecutions")
    assert [request.next_page_token for request in requests] == [None, b"1", b"2"]
    assert {(request.query, request.page_size, request.domain) for request in requests} == {
        ("WorkflowType = 'x'", 2, "samples")
    }


async def test_pages_are_asked_for_as_they_are_used(client: Client, frontend: Any) -> None:
    frontend.on("ListWorkflowExecutions", page("a", "b", token=b"1"))
    async for _ in client.list_workflows():
        break
    assert len(frontend.requests) == 1


async def test_what_is_known_of_a_run(client: Client, frontend: Any) -> None:
    info = run(
        "a",
        type=api.WorkflowType(name="Greeting"),
        start_time=NANOSECONDS,
        close_time=NANOSECONDS,
        close_status=WorkflowExecutionCloseStatus.TIMED_OUT,
        history_length=7,
        task_list="greetings",
        is_cron=True,
        parent_execution=api.WorkflowExecution(workflow_id="p", run_id="q"),
        memo=api.Memo(fields={"good": b"1", "bad": b"\xff"}),
        search_attributes=api.SearchAttributes(indexed_fields={"Number": b"3", "bad": b"{"}),
    )
    newer = run("b", close_status=99)
    frontend.on("ListWorkflowExecutions", api.ListWorkflowExecutionsResponse(executions=[info, newer]))
    first, second = [summary async for summary in client.list_workflows()]
    assert first == WorkflowSummary(
        workflow_id="a",
        run_id="a-run",
        workflow_type="Greeting",
        status=WorkflowStatus.TIMED_OUT,
        start_time=WHEN,
        execution_time=None,
        close_time=WHEN,
        history_length=7,
        task_list="greetings",
        is_cron=True,
        parent=WorkflowIds("p", "q"),
        memo={"good": 1, "bad": b"\xff"},
        search_attributes={"Number": 3, "bad": b"{"},
    )
    assert second.status is WorkflowStatus.UNKNOWN


async def test_all_runs_are_listed_without_advanced_visibility(client: Client, frontend: Any) -> None:
    frontend.on("ListWorkflowExecutions", PLAIN)
    frontend.on("ListOpenWorkflowExecutions", page("a", token=b"1"), page("b"))
    frontend.on("ListClosedWorkflowExecutions", page("c"))
    assert await names(client) == ["a", "b", "c"]
    first, second = frontend.of("ListOpenWorkflowExecutions")
    assert (first.next_page_token, second.next_page_token) == (None, b"1")
    assert first.start_time_filter == second.start_time_filter
    assert first.start_time_filter.earliest_time == 0
    assert first.start_time_filter.latest_time > NANOSECONDS
    assert first.maximum_page_size == 200


async def test_a_query_without_advanced_visibility_says_what_to_do(client: Client, frontend: Any) -> None:
    frontend.on("ListWorkflowExecutions", PLAIN)
    frontend.on("CountWorkflowExecutions", PLAIN)
    with pytest.raises(BadRequestError, match="no advanced visibility"):
        await names(client, "WorkflowType = 'x'")
    with pytest.raises(BadRequestError, match="no advanced visibility"):
        await client.count_workflows()


async def test_a_wrong_query_is_told_as_it_is(client: Client, frontend: Any) -> None:
    frontend.on("ListWorkflowExecutions", BadRequestError(message='invalid search attribute "Foo"'))
    frontend.on("CountWorkflowExecutions", BadRequestError(message='invalid search attribute "Foo"'))
    for call in (names(client, "Foo = 1"), client.count_workflows("Foo = 1")):
        with pytest.raises(BadRequestError) as caught:
            await call
        told, advice = str(caught.value).split("; ")
        assert told == 'invalid search attribute "Foo"'
        assert "client.search_attributes()" in advice


async def test_filters_reach_open_and_closed_runs(client: Client, frontend: Any) -> None:
    frontend.on("ListOpenWorkflowExecutions", page("a"))
    frontend.on("ListClosedWorkflowExecutions", page("b"))
    assert await names(client, workflow_type="x", started_after=WHEN, started_before=WHEN) == ["a", "b"]
    for _, request in frontend.requests:
        assert request.type_filter == api.WorkflowTypeFilter(name="x")
        assert request.execution_filter is None
        assert request.start_time_filter == api.StartTimeFilter(earliest_time=NANOSECONDS, latest_time=NANOSECONDS)
    assert await names(client, workflow_id="w", is_open=True) == ["a"]
    assert frontend.requests[-1][1].execution_filter == api.WorkflowExecutionFilter(workflow_id="w")
    assert await names(client, is_open=False) == ["b"]
    assert await names(client, status=WorkflowStatus.OPEN, workflow_id="w") == ["a"]
    assert await names(client, status=WorkflowStatus.CONTINUED_AS_NEW) == ["b"]
    assert frontend.requests[-1][1].status_filter == WorkflowExecutionCloseStatus.CONTINUED_AS_NEW


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"page_size": 0}, "page_size is 0"),
        ({"query": "x", "is_open": True}, "a query and is_open"),
        ({"workflow_type": "x", "workflow_id": "y"}, "workflow_type and workflow_id"),
        ({"status": WorkflowStatus.FAILED, "is_open": True}, "FAILED and is_open=True"),
        ({"status": WorkflowStatus.UNKNOWN}, "status is"),
        ({"status": "FAILED"}, "write WorkflowStatus.FAILED"),
        ({"workflow_typ": "x"}, "did you mean workflow_type"),
    ],
)
async def test_what_does_not_go_together_is_refused_at_once(client: Client, options: Any, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        client.list_workflows(**options)


async def test_runs_are_counted(client: Client, frontend: Any) -> None:
    frontend.on("CountWorkflowExecutions", api.CountWorkflowExecutionsResponse(count=5))
    assert await client.count_workflows("CloseTime = missing") == 5
    assert frontend.of("CountWorkflowExecutions")[0].query == "CloseTime = missing"


async def test_scans_come_in_no_order(client: Client, frontend: Any) -> None:
    frontend.on(
        "ScanWorkflowExecutions",
        api.ListWorkflowExecutionsResponse(next_page_token=b"more"),
        api.ListWorkflowExecutionsResponse(executions=[api.WorkflowExecutionInfo()]),
    )
    assert len([run async for run in client.list_workflows("WorkflowType = 'a'", scan=True, page_size=5)]) == 1
    first, second = frontend.of("ScanWorkflowExecutions")
    assert (first.query, first.page_size, first.next_page_token) == ("WorkflowType = 'a'", 5, None)
    assert second.next_page_token == b"more"
