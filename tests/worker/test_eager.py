"""Activities that come with a decision's answer: asked for with slots in hand, run, and given back where refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fake_service import FakeService
from histories import RunHistory
from hypothesis import given
from hypothesis import strategies as st

from cadence import activity, api, errors, workflow
from cadence.testing import wait_until
from cadence.worker.eager import EagerActivities
from cadence.worker.lost_activities import LostActivities
from cadence.worker.pollers import Slots

DECIDED = "respond_decision_task_completed"
COMPLETED = "respond_activity_task_completed"
FAILED = "respond_activity_task_failed"
HEARTBEAT = "record_activity_task_heartbeat"
SECOND = 10**9
TEN = timedelta(seconds=10)
POLLS = 2


class Deeds:
    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.infos: list[activity.ActivityInfo] = []
        self.stopped: list[Any] = []

    @activity.defn
    async def double(self, value: int) -> int:
        self.infos.append(activity.info())
        return 2 * value

    @activity.defn
    async def wait(self) -> str:
        self.begun.set()
        try:
            await self.go_on.wait()
        finally:
            self.stopped.append(activity.cancel_reason())
        return "waited"

    @activity.defn
    async def beat(self) -> None:
        activity.heartbeat("beaten")
        await self.go_on.wait()


@workflow.defn
class Doubling:
    @workflow.run
    async def run(self, count: int) -> list[int]:
        calls = [workflow.execute_activity(Deeds.double, n, schedule_to_close_timeout=TEN) for n in range(count)]
        return list(await asyncio.gather(*calls))


@workflow.defn
class Elsewhere:
    @workflow.run
    async def run(self) -> None:
        calls: list[Any] = [
            workflow.execute_activity(Deeds.double, 1, schedule_to_close_timeout=TEN, task_list="other"),
            workflow.execute_activity("unknown", schedule_to_close_timeout=TEN),
        ]
        await asyncio.gather(*calls)


@workflow.defn
class One:
    @workflow.run
    async def run(self, name: str) -> None:
        retry = workflow.RetryPolicy(expiration_interval=timedelta(seconds=40))
        await workflow.execute_activity(
            name,
            schedule_to_close_timeout=TEN,
            start_to_close_timeout=2 * TEN,
            heartbeat_timeout=timedelta(seconds=2),
            retry_policy=retry,
        )


@workflow.defn
class Leaving:
    @workflow.run
    async def run(self) -> None:
        workflow.start_activity(Deeds.double, 1, schedule_to_close_timeout=TEN)


class Counts:
    def __init__(self) -> None:
        self.eager: dict[str, int] = {}

    def count(self, name: str, value: int = 1, /, **tags: str) -> None:
        if name == "cadence_eager_activities_total":
            self.eager[tags["outcome"]] = self.eager.get(tags["outcome"], 0) + value

    def time(self, name: str, seconds: float, /, **tags: str) -> None: ...

    def gauge(self, name: str, value: float, /, **tags: str) -> None: ...


def task_of(workflow_type: str, data: bytes | None = None) -> api.PollForDecisionTaskResponse:
    history = RunHistory(workflow_type, data)
    history.decision()
    return history.task()


def handed_out(*ids: str, **fields: Any) -> api.RespondDecisionTaskCompletedResponse:
    return api.RespondDecisionTaskCompletedResponse(
        activities_to_dispatch_locally={
            activity_id: api.ActivityLocalDispatchInfo(
                activity_id=activity_id,
                scheduled_timestamp=7 * SECOND,
                started_timestamp=8 * SECOND,
                scheduled_timestamp_of_this_attempt=7 * SECOND,
                task_token=f"token {activity_id}".encode(),
                **fields,
            )
            for activity_id in ids
        }
    )


def asked(request: Any) -> list[bool]:
    return [bool(d.schedule_activity_task_decision_attributes.request_local_dispatch) for d in request.decisions]


@pytest.fixture
def deeds() -> Deeds:
    return Deeds()


async def test_an_activity_comes_with_the_answer(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[DECIDED] = [handed_out("0")]
    meter = Counts()
    async with machine([Doubling], [deeds], meter=meter) as assembly:
        service.decisions.put_nowait(task_of("Doubling", b"1"))
        (answer,) = await service.wait_told(COMPLETED)
        assert (answer.task_token, answer.result, answer.identity) == (b"token 0", b"0\n", assembly.identity)
        assert asked(service.told(DECIDED)[0]) == [True]
        (info,) = deeds.infos
        assert (info.activity_id, info.activity_type, info.workflow_id, info.run_id) == (
            "0",
            "double",
            "workflow",
            "run",
        )
        assert (info.workflow_type, info.domain, info.task_list, info.attempt) == ("Doubling", "tests", "tests", 0)
        assert (info.scheduled_time.timestamp(), info.started_time.timestamp()) == (7, 8)
        assert info.start_to_close_timeout == info.schedule_to_close_timeout == TEN
        assert info.deadline.timestamp() == 17
        assert meter.eager == {"started": 1}
        await wait_until(lambda: assembly.statistics(is_running=True).activity_tasks.running == 0)


async def test_timeouts_are_those_of_a_poll(machine: Any, service: Any, deeds: Deeds) -> None:
    seen = []

    @activity.defn
    async def look() -> None:
        seen.append(activity.info())

    service.answers[DECIDED] = [handed_out("0")]
    async with machine([One], [look]):
        service.decisions.put_nowait(task_of("One", b'"look"'))
        await service.wait_told(COMPLETED)
    (info,) = seen
    assert info.schedule_to_close_timeout == timedelta(seconds=40), "retries have until the policy's end"
    assert info.start_to_close_timeout == TEN * 2
    assert info.heartbeat_timeout == timedelta(seconds=2)


async def test_no_more_are_asked_for_than_told(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine([Doubling], [deeds], max_eager_activities=2):
        service.decisions.put_nowait(task_of("Doubling", b"5"))
        assert asked((await service.wait_told(DECIDED))[0]) == [True, True, False, False, False]


async def test_no_more_are_asked_for_than_there_are_slots(machine: Any, service: Any, deeds: Deeds) -> None:
    """Polls hold two of four slots; those that were asked for in vain come back."""
    meter = Counts()
    options = {"max_concurrent_activities": 4, "max_eager_activities": 100, "meter": meter}
    async with machine([Doubling], [deeds], **options) as assembly:
        await wait_until(lambda: assembly._activity_slots.free == 2)
        for count in (1, 2):
            service.decisions.put_nowait(task_of("Doubling", b"3"))
            assert asked((await service.wait_told(DECIDED, count))[-1]) == [True, True, False]
            await wait_until(lambda: assembly._activity_slots.free == 2)
        assert meter.eager == {"refused": 4}


async def test_polls_that_wait_for_a_slot_come_first(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine([Doubling], [deeds], max_concurrent_activities=1):
        service.decisions.put_nowait(task_of("Doubling", b"2"))
        assert asked((await service.wait_told(DECIDED))[0]) == [False, False]


@pytest.mark.parametrize(
    "options",
    [{"max_eager_activities": 0}, {"max_activities_per_second": 100.0}, {"max_task_list_activities_per_second": 9.0}],
    ids=lambda options: next(iter(options)),
)
async def test_limits_leave_them_to_polls(machine: Any, service: Any, deeds: Deeds, options: Any) -> None:
    async with machine([Doubling], [deeds], **options):
        service.decisions.put_nowait(task_of("Doubling", b"1"))
        assert asked((await service.wait_told(DECIDED))[0]) == [False]


async def test_what_others_do_is_not_asked_for(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine([Elsewhere], [deeds]):
        service.decisions.put_nowait(task_of("Elsewhere"))
        assert asked((await service.wait_told(DECIDED))[0]) == [False, False]


async def test_a_run_that_closes_asks_for_none(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine([Leaving], [deeds]):
        service.decisions.put_nowait(task_of("Leaving"))
        (request,) = await service.wait_told(DECIDED)
        schedules = [d.schedule_activity_task_decision_attributes for d in request.decisions]
        assert not any(schedule.request_local_dispatch for schedule in schedules if schedule is not None)


async def test_slots_come_back_when_the_answer_fails(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[DECIDED] = [errors.EntityNotExistsError("too late"), errors.BadRequestError("no")]
    async with machine([Doubling], [deeds]) as assembly:
        await wait_until(lambda: assembly._activity_slots.used == POLLS)
        for count in (1, 2):
            service.decisions.put_nowait(task_of("Doubling", b"3"))
            await service.wait_told(DECIDED, count)
        await wait_until(lambda: assembly._activity_slots.used == POLLS)
        assert not deeds.infos


async def test_one_that_runs_is_waited_for_at_the_end(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[DECIDED] = [handed_out("0")]
    async with machine([One], [deeds]):
        service.decisions.put_nowait(task_of("One", b'"wait"'))
        await asyncio.wait_for(deeds.begun.wait(), 10)
        asyncio.get_running_loop().call_later(0.1, deeds.go_on.set)
    assert [answer.result for answer in service.told(COMPLETED)] == [b'"waited"\n']


async def test_one_that_takes_too_long_is_stopped_at_the_end(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[DECIDED] = [handed_out("0")]
    async with machine([One], [deeds], grace=0.05):
        service.decisions.put_nowait(task_of("One", b'"wait"'))
        await asyncio.wait_for(deeds.begun.wait(), 10)
    assert deeds.stopped == ["the worker stops"]
    assert not service.told(COMPLETED)


async def test_one_that_comes_at_the_last_moment_is_stopped(machine: Any, service: Any, deeds: Deeds) -> None:
    """The answer to the decision was on its way when the grace was over."""
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    begun = asyncio.Event()

    async def complete(request: Any, /, **_: Any) -> Any:
        begun.set()
        return await answer

    service.respond_decision_task_completed = complete
    async with machine([One], [deeds], grace=0.05):
        service.decisions.put_nowait(task_of("One", b'"wait"'))
        await asyncio.wait_for(begun.wait(), 10)
        asyncio.get_running_loop().call_later(0.4, answer.set_result, handed_out("0"))
    assert not service.told(COMPLETED)
    assert deeds.stopped in ([], ["the worker stops"])


async def test_none_is_asked_for_while_the_worker_stops(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine([Doubling], [deeds]) as assembly:
        assembly.workflow_side.tasks.is_stopping = True
        service.decisions.put_nowait(task_of("Doubling", b"1"))
        assert asked((await service.wait_told(DECIDED))[0]) == [False]


async def test_heartbeats_use_the_token_of_the_answer(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[DECIDED] = [handed_out("0")]
    service.answers[HEARTBEAT] = [api.RecordActivityTaskHeartbeatResponse(cancel_requested=True)]
    async with machine([One], [deeds]):
        service.decisions.put_nowait(task_of("One", b'"beat"'))
        assert (await service.wait_told(HEARTBEAT))[0].task_token == b"token 0"
        cancelled = await service.wait_told("respond_activity_task_canceled")
        assert cancelled[0].task_token == b"token 0"


def schedule(activity_id: str, **fields: Any) -> api.Decision:
    values = {"task_list": api.TaskList(name="tests"), "activity_type": api.ActivityType(name="double"), **fields}
    attributes = api.ScheduleActivityTaskDecisionAttributes(activity_id=activity_id, **values)
    return api.Decision(schedule_activity_task_decision_attributes=attributes)


def eager(slots: Slots, accept: Any = None, most: int = 3) -> EagerActivities:
    return EagerActivities(
        slots,
        accept or (lambda task: None),
        lambda name: name == "double",
        LostActivities(FakeService(), domain="tests", identity="me"),
        most=most,
        domain="tests",
        task_list="tests",
        meter=Counts(),
    )


def test_what_is_cancelled_at_once_is_not_asked_for() -> None:
    cancel = api.RequestCancelActivityTaskDecisionAttributes(activity_id="a")
    decisions = [
        schedule("a"),
        schedule("b", domain="tests"),
        schedule("c", domain="other"),
        api.Decision(request_cancel_activity_task_decision_attributes=cancel),
    ]
    with eager(Slots(5)).ask(api.PollForDecisionTaskResponse(), decisions, 60) as call:
        assert [asked.activity_id for asked in call.asked] == ["b"]


@given(total=st.integers(1, 6), most=st.integers(1, 6), count=st.integers(0, 8), out=st.sets(st.integers(0, 8)))
def test_every_slot_is_held_by_a_task_or_free(total: int, most: int, count: int, out: set[int]) -> None:
    slots = Slots(total)
    accepted: list[api.PollForActivityTaskResponse] = []
    activities = eager(slots, accepted.append, most)
    with activities.ask(api.PollForDecisionTaskResponse(), [schedule(str(n)) for n in range(count)], 60) as call:
        assert slots.used == len(call.asked) == min(total, most, count)
        call.start(handed_out(*map(str, out)).activities_to_dispatch_locally or {})
    assert slots.used == len(accepted) == len([n for n in out if n < min(total, most, count)])


@pytest.mark.parametrize(
    ("given", "longest", "filled"),
    [
        ({"schedule_to_close_timeout_seconds": 10}, 60, (10, 10, 0)),
        ({"schedule_to_start_timeout_seconds": 5, "start_to_close_timeout_seconds": 7}, 60, (12, 7, 0)),
        ({"schedule_to_close_timeout_seconds": 99, "heartbeat_timeout_seconds": 99}, 60, (60, 60, 60)),
        ({"schedule_to_close_timeout_seconds": 10, "retry_policy": api.RetryPolicy()}, 60, (60, 10, 0)),
        ({"schedule_to_close_timeout_seconds": 10}, 0, (10, 10, 0)),
    ],
)
def test_timeouts_are_completed_as_the_server_does(given: Any, longest: int, filled: Any) -> None:
    accepted: list[api.PollForActivityTaskResponse] = []
    decisions = [schedule("a", **given)]
    with eager(Slots(1), accepted.append).ask(api.PollForDecisionTaskResponse(), decisions, longest) as call:
        call.start(handed_out("a").activities_to_dispatch_locally or {})
    (task,) = accepted
    assert filled == (
        task.schedule_to_close_timeout_seconds,
        task.start_to_close_timeout_seconds,
        task.heartbeat_timeout_seconds,
    )
