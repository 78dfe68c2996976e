"""What the RPCs of schedules refuse, in the real server's words, and what they show."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.enums import ScheduleCatchUpPolicy, ScheduleOverlapPolicy, TaskListKind
from cadence.devserver import DevServer, DevServerOptions
from cadence.service import WorkflowService
from cadence.tchannel.errors import UnexpectedError

DOMAIN = "samples"
SPEC = api.ScheduleSpec(cron_expression="0 0 1 1 *")


@pytest.fixture
async def service() -> AsyncIterator[WorkflowService]:
    options = DevServerOptions(domains=(DOMAIN,), auto_domain=False)
    async with DevServer(options) as server, WorkflowService.connect(server.address, retry=None) as service:
        yield service


def action(**more: Any) -> api.ScheduleAction:
    start = api.ScheduleStartWorkflowAction(
        workflow_type=api.WorkflowType(name="order"),
        task_list=api.TaskList(name="orders"),
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
    )
    for name, value in more.items():
        setattr(start, name, value)
    return api.ScheduleAction(start_workflow=start)


def creating(**more: Any) -> api.CreateScheduleRequest:
    request = api.CreateScheduleRequest(domain=DOMAIN, schedule_id="s", spec=SPEC, action=action())
    for name, value in more.items():
        setattr(request, name, value)
    return request


def retrying(**more: Any) -> api.RetryPolicy:
    return api.RetryPolicy(**{"initial_interval_in_seconds": 1, "backoff_coefficient": 2.0, **more})


def indexed(name: str) -> api.SearchAttributes:
    return api.SearchAttributes(indexed_fields={name: b'"x"'})


CLASH = api.SchedulePolicies(overlap_policy=ScheduleOverlapPolicy.SKIP_NEW, catch_up_policy=ScheduleCatchUpPolicy.ALL)
BACKWARD = api.ScheduleSpec(cron_expression="* * * * *", start_time_nano=5, end_time_nano=5)
BAD_CRON = api.ScheduleSpec(cron_expression="x y")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"schedule_id": ""}, "ScheduleID is not set on request."),
        ({"schedule_id": "x" * 995}, "WorkflowID length exceeds limit."),
        ({"spec": None}, "Spec is not set on request."),
        ({"spec": api.ScheduleSpec()}, "CronExpression is not set on request."),
        ({"spec": BAD_CRON}, 'Invalid CronSchedule, failed to parse: "x y", err: expected exactly 5 fields'),
        ({"spec": BACKWARD}, "Spec.EndTime must be after Spec.StartTime."),
        ({"action": None}, "Action.StartWorkflow is not set on request."),
        ({"action": api.ScheduleAction()}, "Action.StartWorkflow is not set on request."),
        ({"action": action(retry_policy=retrying())}, "MaximumAttempts and ExpirationIntervalInSeconds are both 0."),
        ({"policies": CLASH}, "SKIP_NEW overlap policy with CATCH_UP_ALL catch-up policy is invalid"),
        ({"search_attributes": indexed("CadenceScheduleID")}, 'key "CadenceScheduleID" is reserved for internal use'),
        ({"search_attributes": indexed("Nope")}, "Nope is not a valid search attribute key"),
    ],
)
async def test_what_create_refuses(service: WorkflowService, more: dict[str, Any], message: str) -> None:
    with pytest.raises(errors.BadRequestError, match=re.escape(message)):
        await service.create_schedule(creating(**more))
    assert (await service.list_schedules(api.ListSchedulesRequest(DOMAIN))).schedules == []


async def test_numbers_that_json_has_no_words_for(service: WorkflowService) -> None:
    policy = retrying(maximum_attempts=2, backoff_coefficient=float("inf"))
    with pytest.raises(UnexpectedError, match="failed to serialize"):
        await service.create_schedule(creating(action=action(retry_policy=policy)))


async def test_an_id_is_taken_once(service: WorkflowService) -> None:
    assert (await service.create_schedule(creating())).schedule_id == "s"
    with pytest.raises(errors.BadRequestError, match='schedule "s" already exists in domain "samples"'):
        await service.create_schedule(creating())


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "At least one of Spec, Action, Policies, or SearchAttributes must be set on request."),
        ({"policies": CLASH}, "SKIP_NEW overlap policy with CATCH_UP_ALL"),
        ({"spec": BAD_CRON}, "Invalid CronSchedule"),
        ({"spec": BACKWARD}, "Spec.EndTime must be after Spec.StartTime."),
        ({"action": action(retry_policy=retrying(maximum_attempts=-1))}, "MaximumAttempts cannot be less than 0"),
        ({"search_attributes": indexed("CadenceScheduleState")}, "is reserved for internal use"),
        ({"search_attributes": indexed("Nope")}, "Nope is not a valid search attribute key"),
    ],
)
async def test_what_update_refuses(service: WorkflowService, more: dict[str, Any], message: str) -> None:
    await service.create_schedule(creating())
    with pytest.raises(errors.BadRequestError, match=re.escape(message)):
        await service.update_schedule(api.UpdateScheduleRequest(domain=DOMAIN, schedule_id="s", **more))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "StartTime is not set on request."),
        ({"start_time_nano": 5}, "EndTime is not set on request."),
        ({"start_time_nano": 5, "end_time_nano": 5}, "EndTime must be after StartTime."),
    ],
)
async def test_what_backfill_refuses(service: WorkflowService, more: dict[str, int], message: str) -> None:
    with pytest.raises(errors.BadRequestError, match=message):
        await service.backfill_schedule(api.BackfillScheduleRequest(domain=DOMAIN, schedule_id="s", **more))


async def test_schedules_that_are_not_there(service: WorkflowService) -> None:
    backfill = api.BackfillScheduleRequest(DOMAIN, "s", 1, 2)
    calls = (
        service.describe_schedule(api.DescribeScheduleRequest(DOMAIN, "s")),
        service.update_schedule(api.UpdateScheduleRequest(DOMAIN, "s", spec=SPEC)),
        service.pause_schedule(api.PauseScheduleRequest(DOMAIN, "s")),
        service.unpause_schedule(api.UnpauseScheduleRequest(DOMAIN, "s")),
        service.backfill_schedule(backfill),
    )
    for call in calls:
        with pytest.raises(errors.EntityNotExistsError, match='schedule "s" not found in domain "samples"'):
            await call
    assert await service.delete_schedule(api.DeleteScheduleRequest(DOMAIN, "s")) == api.DeleteScheduleResponse()


async def test_domains_that_are_not_there(service: WorkflowService) -> None:
    with pytest.raises(errors.EntityNotExistsError, match="Domain nope does not exist"):
        await service.create_schedule(creating(domain="nope"))


async def test_what_was_given_is_told(service: WorkflowService) -> None:
    spec = api.ScheduleSpec("*/5 * * * *", 10**18, 4 * 10**18, 30)
    start = action(
        task_list=api.TaskList(name="orders", kind=TaskListKind.NORMAL),
        input=b"\x00\xff",
        workflow_id_prefix="p",
        retry_policy=retrying(maximum_attempts=3, non_retriable_error_reasons=["a"]),
        memo=api.Memo(fields={"a": b"1"}),
        search_attributes=indexed("CustomKeywordField"),
    )
    policies = api.SchedulePolicies(ScheduleOverlapPolicy.BUFFER, ScheduleCatchUpPolicy.ONE, 60, True, 7, 8)
    memo = api.Memo(fields={"b": b"2"})
    attributes = indexed("CustomStringField")
    await service.create_schedule(
        creating(spec=spec, action=start, policies=policies, memo=memo, search_attributes=attributes)
    )
    told = await service.describe_schedule(api.DescribeScheduleRequest(DOMAIN, "s"))
    assert (told.spec, told.policies, told.memo, told.search_attributes) == (spec, policies, memo, attributes)
    assert told.action is not None
    assert told.action.start_workflow is not None
    given = start.start_workflow
    assert given is not None
    told_policy, policy = told.action.start_workflow.retry_policy, given.retry_policy
    assert told_policy is not None
    assert policy is not None
    for name, value in dataclasses.asdict(policy).items():
        assert getattr(told_policy, name) == value or not value
    told.action.start_workflow.retry_policy = policy
    assert told.action == start
    policies.overlap_policy = ScheduleOverlapPolicy.CONCURRENT
    policies.catch_up_window_in_seconds = None  # is "as it was"
    await service.update_schedule(api.UpdateScheduleRequest(DOMAIN, "s", policies=policies))
    after = await service.describe_schedule(api.DescribeScheduleRequest(DOMAIN, "s"))
    assert after.policies is not None
    assert (after.policies.overlap_policy, after.policies.catch_up_window_in_seconds) == (3, 60)
    assert (after.spec, after.memo, after.search_attributes) == (spec, memo, attributes)
    attributes = indexed("CustomKeywordField")
    await service.update_schedule(api.UpdateScheduleRequest(DOMAIN, "s", action=action(), search_attributes=attributes))
    after = await service.describe_schedule(api.DescribeScheduleRequest(DOMAIN, "s"))
    assert after.search_attributes == attributes
    assert after.action is not None
    assert after.action.start_workflow is not None
    assert after.action.start_workflow.memo is None


async def test_lists_have_pages(service: WorkflowService) -> None:
    for number in range(25):
        await service.create_schedule(creating(schedule_id=f"s-{number:02}"))
    seen: list[str] = []
    token: bytes | None = None
    sizes: list[int] = []
    while True:
        page = await service.list_schedules(api.ListSchedulesRequest(DOMAIN, 0, token))
        entries = page.schedules or []
        sizes.append(len(entries))
        for entry in entries:
            assert entry.workflow_type == api.WorkflowType(name="order")
            assert (entry.cron_expression, entry.state) == ("0 0 1 1 *", api.ScheduleState(paused=False))
        seen.extend(entry.schedule_id or "" for entry in entries)
        token = page.next_page_token
        if not token:
            break
    assert sizes == [10, 10, 5]
    assert sorted(seen) == [f"s-{number:02}" for number in range(25)]


async def test_the_kind_of_a_list_is_its_pollers_word(service: WorkflowService) -> None:
    task_list = api.TaskList(name="mine", kind=TaskListKind.EPHEMERAL)
    await service.poll_for_activity_task(api.PollForActivityTaskRequest(DOMAIN, task_list, "tester"), timeout=0.3)
    asked = api.DescribeTaskListRequest(DOMAIN, api.TaskList(name="mine"), 1)
    assert (await service.describe_task_list(asked)).task_list == task_list
    asked.task_list = api.TaskList(name="other")
    told = (await service.describe_task_list(asked)).task_list
    assert told == api.TaskList(name="other", kind=TaskListKind.NORMAL)
