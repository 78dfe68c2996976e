"""Schedules: what users build becomes requests, what the server tells is read, and mistakes are told first."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import api, workflow
from cadence.client import (
    Client,
    ScheduleAction,
    ScheduleCatchUpPolicy,
    ScheduleOverlapPolicy,
    SchedulePolicies,
    ScheduleSpec,
)
from cadence.errors import BadRequestError, EntityNotExistsError
from cadence.exceptions import ConfigurationError
from cadence.workflow import RetryPolicy

START = datetime(2026, 1, 1, tzinfo=UTC)
NANOS = int(START.timestamp()) * 10**9


@workflow.defn(name="report", task_list="reports", execution_start_to_close_timeout=timedelta(hours=1))
class Report:
    @workflow.run
    async def run(self, kind: str, pages: int = 1) -> str:
        return kind * pages


FULL_SPEC = ScheduleSpec(
    cron="@daily", start_time=START, end_time=START + timedelta(days=9), jitter=timedelta(seconds=5)
)
FULL_ACTION = ScheduleAction(
    workflow=Report.run,
    arguments=["daily", 2],
    workflow_id_prefix="report",
    task_start_to_close_timeout=timedelta(seconds=20),
    retry_policy=RetryPolicy(maximum_attempts=3, non_retriable_error_reasons=("bad",)),
    memo={"owner": "me"},
    search_attributes={"CustomKeywordField": "x"},
)
FULL_POLICIES = SchedulePolicies(
    overlap=ScheduleOverlapPolicy.BUFFER,
    catch_up=ScheduleCatchUpPolicy.ALL,
    catch_up_window=timedelta(minutes=90),
    pause_on_failure=True,
    buffer_limit=7,
    concurrency_limit=8,
)


async def test_a_schedule_is_made(client: Client, frontend: Any) -> None:
    frontend.on("CreateSchedule", api.CreateScheduleResponse("s"))
    await client.schedules.create(
        "s",
        spec=FULL_SPEC,
        action=FULL_ACTION,
        policies=FULL_POLICIES,
        memo={"a": 1},
        search_attributes={"CustomIntField": 7},
    )
    (request,) = frontend.of("CreateSchedule")
    assert (request.domain, request.schedule_id) == ("samples", "s")
    assert request.spec == api.ScheduleSpec("@daily", NANOS, NANOS + 9 * 86_400 * 10**9, 5)
    assert request.policies == api.SchedulePolicies(2, 3, 5400, True, 7, 8)
    start = request.action.start_workflow
    assert start.workflow_type == api.WorkflowType(name="report")
    assert start.task_list == api.TaskList(name="reports")
    assert start.input == b'"daily"\n2\n'
    assert start.workflow_id_prefix == "report"
    assert start.execution_start_to_close_timeout_seconds == 3600
    assert start.task_start_to_close_timeout_seconds == 20
    assert start.retry_policy.maximum_attempts == 3
    assert start.memo is not None
    assert start.search_attributes == api.SearchAttributes(indexed_fields={"CustomKeywordField": b'"x"'})
    assert request.search_attributes == api.SearchAttributes(indexed_fields={"CustomIntField": b"7"})
    assert list(request.memo.fields) == ["a"]


async def test_a_schedule_with_what_must_be(client: Client, frontend: Any) -> None:
    frontend.on("CreateSchedule", api.CreateScheduleResponse("s"))
    action = ScheduleAction(workflow="report", task_list="t", execution_start_to_close_timeout=timedelta(seconds=9))
    await client.schedules.create("s", spec=ScheduleSpec(cron="* * * * *"), action=action)
    (request,) = frontend.of("CreateSchedule")
    assert request.spec == api.ScheduleSpec("* * * * *")
    assert request.policies == api.SchedulePolicies(1, 1, None, False, 0, 0)
    start = request.action.start_workflow
    assert (start.input, start.workflow_id_prefix, start.retry_policy, start.memo) == (None, None, None, None)
    assert start.task_start_to_close_timeout_seconds == 10


async def test_arguments_that_are_bytes_already(client: Client, frontend: Any) -> None:
    frontend.on("CreateSchedule", api.CreateScheduleResponse("s"))
    await client.schedules.create("s", spec=FULL_SPEC, action=ScheduleAction(workflow=Report, input=b"raw"))
    start = frontend.of("CreateSchedule")[0].action.start_workflow
    assert (start.workflow_type.name, start.input, start.task_list.name) == ("report", b"raw", "reports")


async def test_a_name_that_is_taken(client: Client, frontend: Any) -> None:
    frontend.on("CreateSchedule", BadRequestError(message='schedule "s" already exists in domain "samples"'))
    with pytest.raises(BadRequestError, match="already exists"):
        await client.schedules.create("s", spec=FULL_SPEC, action=FULL_ACTION)


@pytest.mark.parametrize(
    "mistake",
    [
        lambda: ScheduleSpec(cron=" "),
        lambda: ScheduleSpec(cron=None),  # type: ignore[arg-type]
        lambda: ScheduleSpec(cron="@daily", start_time=START, end_time=START),
        lambda: ScheduleSpec(cron="@daily", jitter=timedelta(seconds=-1)),
        lambda: SchedulePolicies(catch_up=ScheduleCatchUpPolicy.ALL),
        lambda: SchedulePolicies(overlap="SKIP_NEW"),  # type: ignore[arg-type]
        lambda: SchedulePolicies(buffer_limit=-1),
        lambda: SchedulePolicies(catch_up_window=timedelta(0)),
    ],
)
def test_parts_that_cannot_work(mistake: Callable[[], object]) -> None:
    with pytest.raises(ConfigurationError):
        mistake()


@pytest.mark.parametrize(
    "action",
    [
        ScheduleAction(workflow="report"),
        ScheduleAction(workflow="report", task_list="t"),
        ScheduleAction(workflow=Report, arguments=[]),
        ScheduleAction(workflow=Report, arguments=["a", 1, 2]),
        ScheduleAction(workflow=Report, arguments="daily"),
        ScheduleAction(workflow=Report, arguments=["a"], input=b"1"),
        ScheduleAction(workflow=int),
    ],
)
async def test_actions_that_cannot_work(client: Client, frontend: Any, action: ScheduleAction) -> None:
    with pytest.raises(ConfigurationError):
        await client.schedules.create("s", spec=FULL_SPEC, action=action)
    assert frontend.requests == []


async def test_what_is_asked_of_no_server(connect: Callable[..., Client], client: Client, frontend: Any) -> None:
    with pytest.raises(ConfigurationError, match="nothing is to be updated"):
        await client.schedules.update("s")
    with pytest.raises(ConfigurationError, match="id"):
        await client.schedules.delete("")
    with pytest.raises(ConfigurationError, match="the end must be later"):
        await client.schedules.backfill("s", START, START)
    with pytest.raises(ConfigurationError, match="page_size"):
        _ = [one async for one in client.schedules.list(page_size=0)]
    with pytest.raises(ConfigurationError, match="no domain"):
        await connect(domain="").schedules.pause("s")
    assert frontend.requests == []


def told(client: Client) -> api.DescribeScheduleResponse:
    return api.DescribeScheduleResponse(
        spec=FULL_SPEC.to_wire(),
        action=FULL_ACTION.to_wire(client.converter),
        policies=FULL_POLICIES.to_wire(),
        state=api.ScheduleState(True, api.SchedulePauseInfo("why", NANOS, "me")),
        info=api.ScheduleInfo(
            NANOS, NANOS + 10**9, 4, NANOS, NANOS, [api.BackfillInfo("b", NANOS, NANOS + 10**9, 1, 2)], 5, 6
        ),
        memo=api.Memo(fields={"a": b'"x"'}),
        search_attributes=api.SearchAttributes(indexed_fields={"CustomIntField": b"7"}),
    )


async def test_a_schedule_is_described(client: Client, frontend: Any) -> None:
    frontend.on("DescribeSchedule", told(client))
    found = await client.schedules.describe("s")
    assert frontend.of("DescribeSchedule") == [api.DescribeScheduleRequest("samples", "s")]
    assert (found.id, found.spec, found.policies) == ("s", FULL_SPEC, FULL_POLICIES)
    assert found.action == dataclasses.replace(
        FULL_ACTION,
        workflow="report",
        arguments=(),
        input=b'"daily"\n2\n',
        task_list="reports",
        execution_start_to_close_timeout=timedelta(hours=1),
        retry_policy=RetryPolicy(
            maximum_attempts=3, maximum_interval=timedelta(seconds=100), non_retriable_error_reasons=("bad",)
        ),
    )
    assert found.is_paused
    assert found.pause is not None
    assert (found.pause.reason, found.pause.by, found.pause.at) == ("why", "me", START)
    assert (found.last_run_time, found.next_run_time) == (START, START + timedelta(seconds=1))
    assert (found.total_runs, found.missed_runs, found.skipped_runs) == (4, 5, 6)
    assert (found.created_at, found.updated_at) == (START, START)
    (backfill,) = found.backfills
    assert (backfill.id, backfill.start, backfill.runs_completed, backfill.runs_total) == ("b", START, 1, 2)
    assert (found.memo, found.search_attributes) == ({"a": "x"}, {"CustomIntField": 7})


async def test_a_schedule_that_tells_nothing(client: Client, frontend: Any) -> None:
    frontend.on("DescribeSchedule", api.DescribeScheduleResponse())
    found = await client.schedules.describe("s")
    assert (found.spec.cron, found.action.workflow, found.is_paused, found.backfills) == ("", "", False, ())
    assert found.policies == SchedulePolicies()
    assert found.next_run_time is None


async def test_what_comes_from_the_server_goes_back(client: Client, frontend: Any) -> None:
    frontend.on("DescribeSchedule", told(client))
    frontend.on("UpdateSchedule", api.UpdateScheduleResponse())
    found = await client.schedules.describe("s")
    await client.schedules.update(
        "s", spec=found.spec, action=found.action, policies=dataclasses.replace(found.policies, buffer_limit=9)
    )
    (request,) = frontend.of("UpdateSchedule")
    expected = told(client)
    assert (request.spec, request.action) == (expected.spec, expected.action)
    assert request.policies == api.SchedulePolicies(2, 3, 5400, True, 9, 8)
    assert request.search_attributes is None


async def test_only_what_is_given_is_updated(client: Client, frontend: Any) -> None:
    frontend.on("UpdateSchedule", api.UpdateScheduleResponse())
    await client.schedules.update("s", search_attributes={"CustomIntField": 7})
    attributes = api.SearchAttributes(indexed_fields={"CustomIntField": b"7"})
    assert frontend.of("UpdateSchedule") == [api.UpdateScheduleRequest("samples", "s", search_attributes=attributes)]


async def test_pausing_and_going_on(client: Client, frontend: Any) -> None:
    frontend.on("PauseSchedule", api.PauseScheduleResponse())
    frontend.on("UnpauseSchedule", api.UnpauseScheduleResponse())
    await client.schedules.pause("s", "why")
    assert frontend.of("PauseSchedule") == [api.PauseScheduleRequest("samples", "s", "why", "tester")]
    await client.schedules.unpause("s")
    await client.schedules.unpause("s", "go", catch_up=ScheduleCatchUpPolicy.ONE)
    assert frontend.of("UnpauseSchedule") == [
        api.UnpauseScheduleRequest("samples", "s"),
        api.UnpauseScheduleRequest("samples", "s", "go", 2),
    ]


async def test_backfills(client: Client, frontend: Any) -> None:
    frontend.on("BackfillSchedule", api.BackfillScheduleResponse())
    end = START + timedelta(seconds=1)
    await client.schedules.backfill("s", START, end)
    await client.schedules.backfill("s", START, end, overlap=ScheduleOverlapPolicy.CONCURRENT, backfill_id="b")
    assert frontend.of("BackfillSchedule") == [
        api.BackfillScheduleRequest("samples", "s", NANOS, NANOS + 10**9),
        api.BackfillScheduleRequest("samples", "s", NANOS, NANOS + 10**9, 3, "b"),
    ]


async def test_a_schedule_is_deleted(client: Client, frontend: Any) -> None:
    frontend.on("DeleteSchedule", api.DeleteScheduleResponse())
    await client.schedules.delete("s")
    assert frontend.of("DeleteSchedule") == [api.DeleteScheduleRequest("samples", "s")]


async def test_lists_go_through_all_pages(client: Client, frontend: Any) -> None:
    full = api.ScheduleListEntry("a", api.WorkflowType(name="report"), api.ScheduleState(True), "@daily")
    frontend.on(
        "ListSchedules",
        api.ListSchedulesResponse([full], b"next"),
        api.ListSchedulesResponse([api.ScheduleListEntry("b")]),
    )
    one, two = [found async for found in client.schedules.list(page_size=1)]
    assert (one.id, one.workflow_type, one.cron, one.is_paused) == ("a", "report", "@daily", True)
    assert (two.id, two.workflow_type, two.cron, two.is_paused) == ("b", "", "", False)
    assert frontend.of("ListSchedules") == [
        api.ListSchedulesRequest("samples", 1),
        api.ListSchedulesRequest("samples", 1, b"next"),
    ]


async def test_a_schedule_that_is_not_there(client: Client, frontend: Any) -> None:
    frontend.on("DescribeSchedule", EntityNotExistsError(message='schedule "s" not found in domain "samples"'))
    with pytest.raises(EntityNotExistsError, match="not found"):
        await client.schedules.describe("s")
