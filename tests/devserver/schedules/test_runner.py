"""Schedules over the wire: they fire when their time comes, and do as their policies say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.enums import EventType, ScheduleCatchUpPolicy, ScheduleOverlapPolicy, WorkflowExecutionCloseStatus
from cadence.devserver.schedules.documents import instant_text
from cadence.tchannel.errors import UnexpectedError

DOMAIN = "samples"
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
Desk = Any


async def history(desk: Desk, schedule_id: str = "s", run_id: str | None = None) -> list[api.HistoryEvent]:
    run = api.WorkflowExecution(workflow_id=f"cadence-scheduler:{schedule_id}", run_id=run_id)
    request = api.GetWorkflowExecutionHistoryRequest(domain=DOMAIN, execution=run)
    events: list[api.HistoryEvent] = (await desk.service.get_workflow_execution_history(request)).history.events
    return events


async def kinds(desk: Desk) -> list[str]:
    return [EventType(event.event_type or 0).name for event in await history(desk)]


async def test_runs_start_at_their_times(desk: Desk) -> None:
    await desk.create()
    first = desk.next_minute()
    info = await desk.info()
    assert (info.next_run_time_nano, info.total_runs, info.last_run_time_nano) == (first, 0, None)
    await desk.step(3)
    times = [first, first + MINUTE, first + 2 * MINUTE]
    assert await desk.ids() == [f"run-{instant_text(times[0])}"]  # the first goes on, so the others are skipped
    info = await desk.info()
    assert (info.total_runs, info.skipped_runs, info.missed_runs) == (1, 2, 0)
    assert (info.last_run_time_nano, info.next_run_time_nano) == (times[2], times[2] + MINUTE)
    await desk.finish()
    await desk.step()
    assert len(await desk.ids()) == 2


async def test_what_is_started(desk: Desk) -> None:
    attributes = api.SearchAttributes(indexed_fields={"CustomKeywordField": b'"x"'})
    await desk.create(prefix="", run_attributes=attributes)
    due = desk.next_minute()
    await desk.step()
    (run,) = await desk.runs("CadenceScheduleID = 's' and CadenceScheduleIsBackfill = false")
    assert run.execution.workflow_id == f"s-{instant_text(due)}"
    shown = {name: json.loads(value) for name, value in run.search_attributes.indexed_fields.items()}
    assert shown == {
        "CustomKeywordField": "x",
        "CadenceScheduleID": "s",
        "CadenceScheduleTime": instant_text(due),
        "CadenceScheduleIsBackfill": False,
    }


async def test_the_schedule_is_a_run_of_the_domain(desk: Desk) -> None:
    await desk.create()
    await desk.step()
    assert await kinds(desk) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "UpsertWorkflowSearchAttributes",
        "TimerStarted",
        "TimerFired",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "MarkerRecorded",
        "TimerStarted",
    ]
    before = (await history(desk))[0].workflow_execution_started_event_attributes
    await desk.pause("maintenance")
    assert (await kinds(desk))[:4] == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
    ]
    after = (await history(desk))[0].workflow_execution_started_event_attributes
    assert after.continued_execution_run_id == before.original_execution_run_id
    events = await history(desk, run_id=after.continued_execution_run_id)
    assert [EventType(event.event_type).name for event in events[-3:]] == [
        "TimerCanceled",
        "UpsertWorkflowSearchAttributes",
        "WorkflowExecutionContinuedAsNew",
    ]


async def test_a_query_tells_what_the_schedule_keeps(desk: Desk) -> None:
    await desk.create()
    run = api.WorkflowExecution(workflow_id="cadence-scheduler:s")
    asked = api.QueryWorkflowRequest(DOMAIN, run, api.WorkflowQuery("scheduler-describe"))
    told = json.loads((await desk.service.query_workflow(asked)).query_result)
    assert (told["scheduleId"], told["spec"]["cronExpression"]) == ("s", "* * * * *")
    asked.query = api.WorkflowQuery("other")
    with pytest.raises(errors.QueryFailedError, match="unknown queryType other"):
        await desk.service.query_workflow(asked)


async def test_buffered_starts_follow_one_another(desk: Desk) -> None:
    await desk.create(overlap_policy=ScheduleOverlapPolicy.BUFFER, buffer_limit=2)
    first = desk.next_minute()
    await desk.step(5)  # one runs, two wait, two find no room
    info = await desk.info()
    assert (info.total_runs, info.skipped_runs) == (1, 2)
    started = [await desk.finish() for _ in range(3)]
    assert started == [f"run-{instant_text(first + i * MINUTE)}" for i in range(3)]
    info = await desk.info()
    assert (info.total_runs, info.last_run_time_nano) == (3, first + 4 * MINUTE)


async def test_another_policy_drops_what_waits(desk: Desk) -> None:
    await desk.create(overlap_policy=ScheduleOverlapPolicy.BUFFER)
    await desk.step(3)
    await desk.update(policies=api.SchedulePolicies(overlap_policy=ScheduleOverlapPolicy.SKIP_NEW))
    assert (await desk.info()).skipped_runs == 2


async def test_the_previous_run_is_cancelled(desk: Desk) -> None:
    await desk.create(overlap_policy=ScheduleOverlapPolicy.CANCEL_PREVIOUS)
    await desk.step(2)
    first, second = await desk.runs()
    request = api.GetWorkflowExecutionHistoryRequest(domain=DOMAIN, execution=first.execution)
    events = (await desk.service.get_workflow_execution_history(request)).history.events
    asked = [event.workflow_execution_cancel_requested_event_attributes for event in events]
    assert [each.cause for each in asked if each is not None] == ["schedule overlap policy: CANCEL_PREVIOUS"]
    assert second.close_status is None


async def test_the_previous_run_is_terminated(desk: Desk) -> None:
    await desk.create(overlap_policy=ScheduleOverlapPolicy.TERMINATE_PREVIOUS)
    await desk.step(2)
    first, second = await desk.runs()
    assert first.close_status == WorkflowExecutionCloseStatus.TERMINATED
    assert second.close_status is None


@pytest.mark.parametrize(("limit", "started"), [(0, 4), (2, 2)])
async def test_runs_beside_one_another(desk: Desk, limit: int, started: int) -> None:
    await desk.create(overlap_policy=ScheduleOverlapPolicy.CONCURRENT, concurrency_limit=limit)
    await desk.step(4)
    info = await desk.info()
    assert (info.total_runs, info.skipped_runs) == (started, 4 - started)
    await desk.finish()
    await desk.step()
    assert (await desk.info()).total_runs == started + 1


async def test_pausing(desk: Desk) -> None:
    await desk.create()
    await desk.pause("maintenance", "me")
    paused_at = desk.now()
    state = (await desk.describe()).state
    assert (state.paused, state.pause_info.reason, state.pause_info.paused_by) == (True, "maintenance", "me")
    assert abs(state.pause_info.paused_time_nano - paused_at) < SECOND
    await desk.pause("again")  # changes nothing
    assert (await desk.describe()).state.pause_info.reason == "maintenance"
    assert (await desk.list()).schedules[0].state.paused
    await desk.step(3)
    assert await desk.ids() == []
    await desk.unpause()
    state = (await desk.describe()).state
    assert (state.paused, state.pause_info) == (False, None)
    assert (await desk.info()).skipped_runs == 3
    await desk.unpause()  # changes nothing
    await desk.step()
    assert len(await desk.ids()) == 1


@pytest.mark.parametrize(
    ("policy", "window", "started"),
    [
        (ScheduleCatchUpPolicy.ONE, None, [3]),
        (ScheduleCatchUpPolicy.ALL, None, [0, 1, 2, 3]),
        (ScheduleCatchUpPolicy.ALL, 90, [2, 3]),
        (ScheduleCatchUpPolicy.SKIP, None, []),
    ],
)
async def test_missed_starts(desk: Desk, policy: int, window: int | None, started: list[int]) -> None:
    await desk.create(
        overlap_policy=ScheduleOverlapPolicy.CONCURRENT, catch_up_policy=policy, catch_up_window_in_seconds=window
    )
    first = desk.next_minute()
    await desk.pause()
    await desk.step(4)
    await desk.unpause()
    assert await desk.ids() == [f"run-{instant_text(first + i * MINUTE)}" for i in started]
    info = await desk.info()
    assert (info.total_runs, info.skipped_runs) == (len(started), 4 - len(started))


async def test_missed_starts_as_who_goes_on_says(desk: Desk) -> None:
    await desk.create(overlap_policy=ScheduleOverlapPolicy.CONCURRENT, catch_up_policy=ScheduleCatchUpPolicy.SKIP)
    for policy, expected in ((ScheduleCatchUpPolicy.ALL, 2), (None, 2)):
        await desk.pause()
        await desk.step(2)
        await desk.unpause(policy)
        assert (await desk.info()).total_runs == expected


async def test_more_missed_starts_than_one_run_makes_up_for(desk: Desk) -> None:
    await desk.create(overlap_policy=ScheduleOverlapPolicy.CONCURRENT, catch_up_policy=ScheduleCatchUpPolicy.ALL)
    await desk.pause()
    desk.clock.advance(250 * MINUTE)
    await desk.unpause()
    info = await desk.info()
    assert (info.total_runs, info.skipped_runs) == (250, 0)
    assert len(set(await desk.ids())) == 250


async def test_backfills(desk: Desk) -> None:
    await desk.create(cron="0 * * * *", overlap_policy=ScheduleOverlapPolicy.SKIP_NEW)
    hour = 60 * MINUTE
    end = desk.now() // hour * hour
    await desk.backfill(end - 3 * hour, end, ScheduleOverlapPolicy.CONCURRENT, "make-up")
    assert await desk.ids() == [f"run-{instant_text(end - i * hour)}" for i in (3, 2, 1, 0)]
    assert len(await desk.runs("CadenceScheduleIsBackfill = true and CadenceScheduleBackfillID = 'make-up'")) == 4
    info = await desk.info()
    assert (info.total_runs, info.ongoing_backfills) == (4, None)


async def test_backfills_wait_while_the_schedule_is_paused(desk: Desk) -> None:
    await desk.create()
    await desk.pause()
    now = desk.now() // MINUTE * MINUTE - MINUTE // 2  # a range that begins and ends at a full minute has one more
    await desk.backfill(now - 10 * MINUTE, now, ScheduleOverlapPolicy.CONCURRENT)
    await desk.backfill(now - 10 * MINUTE, now, ScheduleOverlapPolicy.CONCURRENT)  # the same again
    (waiting,) = (await desk.info()).ongoing_backfills
    assert (waiting.backfill_id, waiting.runs_total, waiting.runs_completed) == ("b", 10, 0)
    for number in range(12):
        await desk.backfill(now - MINUTE, now, name=f"more-{number}")
    assert len((await desk.info()).ongoing_backfills) == 10
    await desk.update(spec=api.ScheduleSpec(cron_expression="0 0 * * *"))
    assert (await desk.info()).ongoing_backfills is None


async def test_a_backfill_without_end_can_be_stopped(desk: Desk) -> None:
    await desk.create(cron="@every 1s", overlap_policy=ScheduleOverlapPolicy.CONCURRENT)
    await desk.backfill(10**9, desk.now())
    info = await desk.info()
    (backfill,) = info.ongoing_backfills
    assert backfill.runs_total == 100_000
    assert 0 < backfill.runs_completed < 5_000
    await desk.pause()
    assert (await desk.describe()).state.paused
    done = (await desk.info()).total_runs
    assert (await desk.info()).total_runs == done
    await desk.unpause()
    await desk.delete()
    assert (await desk.list()).schedules == []


async def test_a_backfill_waits_behind_the_runs_before(desk: Desk) -> None:
    await desk.create(cron="0 0 1 1 *")
    await desk.update(spec=api.ScheduleSpec(cron_expression="* * * * *"))
    now = desk.now() // MINUTE * MINUTE
    await desk.backfill(now - 2 * MINUTE, now, ScheduleOverlapPolicy.BUFFER)
    assert [await desk.finish() for _ in range(3)] == [f"run-{instant_text(now - i * MINUTE)}" for i in (2, 1, 0)]


async def test_start_and_end_time(desk: Desk) -> None:
    start = desk.next_minute() + 2 * MINUTE
    spec = {"start_time_nano": start, "end_time_nano": start + MINUTE}
    await desk.create(spec=spec, overlap_policy=ScheduleOverlapPolicy.CONCURRENT)
    assert (await desk.info()).next_run_time_nano == start
    await desk.step(6)
    assert await desk.ids() == [f"run-{instant_text(start + i * MINUTE)}" for i in (0, 1)]
    with pytest.raises(UnexpectedError, match="is not operational: scheduler workflow ended with status COMPLETED"):
        await desk.describe()
    assert (await desk.list()).schedules == []


async def test_jitter_delays_a_start_but_loses_none(desk: Desk) -> None:
    await desk.create(spec={"jitter_in_seconds": 600}, overlap_policy=ScheduleOverlapPolicy.CONCURRENT)
    first = desk.next_minute()
    for _ in range(200):
        desk.clock.advance(SECOND)
        await desk.service.health()
    ids = await desk.ids()
    assert ids[:2] == [f"run-{instant_text(first + i * MINUTE)}" for i in (0, 1)]
    for run in await desk.runs():
        due = next(
            first + i * MINUTE for i in range(5) if instant_text(first + i * MINUTE) in run.execution.workflow_id
        )
        assert 0 <= run.start_time - due <= MINUTE + SECOND


async def test_intervals(desk: Desk) -> None:
    await desk.create(cron="@every 90s", overlap_policy=ScheduleOverlapPolicy.CONCURRENT)
    for _ in range(10):
        desk.clock.advance(30 * SECOND)
        await desk.service.health()
    assert (await desk.info()).total_runs == 3


async def test_a_long_life_is_cut_into_runs(desk: Desk) -> None:
    await desk.create(overlap_policy=ScheduleOverlapPolicy.CONCURRENT)
    first = (await history(desk))[0].workflow_execution_started_event_attributes.original_execution_run_id
    await desk.step(130)
    assert (await desk.info()).total_runs == 130
    started = (await history(desk))[0].workflow_execution_started_event_attributes
    assert started.first_execution_run_id == first
    assert started.original_execution_run_id != first
    assert len(await history(desk)) < 1000


async def test_starts_that_are_refused_are_missed(desk: Desk) -> None:
    await desk.create(timeout=0)
    await desk.step(2)
    info = await desk.info()
    assert (info.total_runs, info.missed_runs) == (0, 2)


async def test_a_run_of_that_id_is_no_second_one(desk: Desk) -> None:
    due = desk.next_minute()
    other = api.StartWorkflowExecutionRequest(
        domain=DOMAIN,
        workflow_id=f"run-{instant_text(due)}",
        workflow_type=api.WorkflowType(name="other"),
        task_list=api.TaskList(name="orders"),
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
        request_id="00000000-0000-0000-0000-000000000001",
    )
    await desk.service.start_workflow_execution(other)
    await desk.create()
    await desk.step()
    info = await desk.info()
    assert (info.total_runs, info.skipped_runs) == (0, 1)


async def test_deleted_schedules_are_gone(desk: Desk) -> None:
    await desk.create()
    await desk.delete()
    assert (await desk.list()).schedules == []
    with pytest.raises(errors.WorkflowExecutionAlreadyCompletedError):
        await desk.pause()
    with pytest.raises(errors.EntityNotExistsError, match='schedule "t" not found in domain "samples"'):
        await desk.describe("t")
    await desk.delete()
    await desk.step(2)
    assert await desk.ids() == []
    await desk.create(cron="0 0 * * *")
    assert (await desk.describe()).spec.cron_expression == "0 0 * * *"


async def test_a_terminated_schedule_is_not_operational(desk: Desk) -> None:
    await desk.create()
    await desk.terminate("cadence-scheduler:s")
    with pytest.raises(UnexpectedError, match="ended with status TERMINATED"):
        await desk.describe()


async def test_what_others_send_does_no_harm(desk: Desk) -> None:
    await desk.create()
    run = api.WorkflowExecution(workflow_id="cadence-scheduler:s")
    for name, payload in (("scheduler-pause", b"{"), ("scheduler-update", b"7"), ("other", None)):
        await desk.service.signal_workflow_execution(api.SignalWorkflowExecutionRequest(DOMAIN, run, name, payload))
    assert not (await desk.describe()).state.paused
    await desk.step()
    assert len(await desk.ids()) == 1


async def test_a_list_of_that_name_is_anybodys(desk: Desk) -> None:
    request = api.StartWorkflowExecutionRequest(
        domain=DOMAIN,
        workflow_id="mine",
        workflow_type=api.WorkflowType(name="mine"),
        task_list=api.TaskList(name="cadence-scheduler"),
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
        request_id="00000000-0000-0000-0000-000000000002",
    )
    await desk.service.start_workflow_execution(request)
    poll = api.PollForDecisionTaskRequest(DOMAIN, api.TaskList(name="cadence-scheduler"), "tester")
    assert (await desk.service.poll_for_decision_task(poll, timeout=10)).workflow_execution.workflow_id == "mine"


async def test_a_run_that_keeps_no_schedule_fails(desk: Desk) -> None:
    request = api.StartWorkflowExecutionRequest(
        domain=DOMAIN,
        workflow_id="cadence-scheduler:odd",
        workflow_type=api.WorkflowType(name="cadence-scheduler"),
        task_list=api.TaskList(name="cadence-scheduler"),
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
        request_id="00000000-0000-0000-0000-000000000003",
        input=b"nonsense",
    )
    await desk.service.start_workflow_execution(request)
    with pytest.raises(UnexpectedError, match="ended with status FAILED"):
        await desk.describe("odd")


async def test_time_skips_from_start_to_start(desk: Desk) -> None:
    await desk.create(cron="0 0 * * *", overlap_policy=ScheduleOverlapPolicy.BUFFER)
    began = desk.now()
    desk.clock.hold()
    desk.clock.skipping = True
    desk.clock.release()
    for _ in range(5):
        await desk.finish()
    desk.clock.skipping = False
    assert (await desk.info()).total_runs >= 5
    assert desk.now() - began > 4 * 24 * 60 * MINUTE
