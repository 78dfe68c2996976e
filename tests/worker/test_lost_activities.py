"""Activities that the server handed out with an answer that was lost: found, run, and answered by their ids."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fake_service import FakeService
from histories import RunHistory

from cadence import activity, api, errors, workflow
from cadence.api.enums import PendingActivityState
from cadence.exceptions import TransportError
from cadence.worker.lost_activities import AnswersById, LostActivities

DECIDED = "respond_decision_task_completed"
DESCRIBED = "describe_workflow_execution"
COMPLETED = "respond_activity_task_completed_by_id"
TEN = timedelta(seconds=10)
SECOND = 10**9


@activity.defn
async def double(value: int) -> int:
    return 2 * value


@activity.defn
async def beat(value: int) -> int:
    activity.heartbeat("beaten")
    await asyncio.Event().wait()
    return value


@activity.defn
async def fail(value: int) -> int:
    raise ValueError("no good")


@workflow.defn
class Calling:
    @workflow.run
    async def run(self, name: str) -> None:
        await asyncio.gather(
            workflow.execute_activity(name, 0, schedule_to_close_timeout=TEN, heartbeat_timeout=TEN),
            workflow.execute_activity("elsewhere", schedule_to_close_timeout=TEN),
        )


def task_of(name: str = "double", attempt: int = 0) -> api.PollForDecisionTaskResponse:
    history = RunHistory("Calling", f'"{name}"'.encode())
    history.decision()
    history.attempt = attempt
    return history.task()


def pending(**fields: Any) -> api.PendingActivityInfo:
    values = {
        "activity_id": "0",
        "state": PendingActivityState.STARTED,
        "attempt": 0,
        "last_started_timestamp": 8 * SECOND,
        "schedule_id": 5,
        **fields,
    }
    return api.PendingActivityInfo(**values)


def described(*activities: api.PendingActivityInfo) -> api.DescribeWorkflowExecutionResponse:
    return api.DescribeWorkflowExecutionResponse(pending_activities=list(activities))


async def test_a_lost_activity_is_run_and_completed_by_its_ids(machine: Any, service: Any) -> None:
    async with machine([Calling], [double]) as assembly:
        service.answers[DECIDED] = [errors.EntityNotExistsError("too late")]
        service.answers[DESCRIBED] = [described(pending(started_worker_identity=assembly.identity))]
        service.decisions.put_nowait(task_of())
        (answer,) = await service.wait_told(COMPLETED)
    assert (answer.domain, answer.workflow_id, answer.run_id, answer.activity_id) == ("tests", "workflow", "run", "0")
    assert (answer.result, answer.identity) == (b"0\n", assembly.identity)
    assert assembly._activity_slots.used == 0


async def test_failures_heartbeats_and_cancellations_go_by_their_ids(machine: Any, service: Any) -> None:
    service.answers["record_activity_task_heartbeat_by_id"] = [
        api.RecordActivityTaskHeartbeatResponse(cancel_requested=True)
    ]
    async with machine([Calling], [beat, fail]) as assembly:
        lost = described(pending(started_worker_identity=assembly.identity))
        service.answers[DECIDED] = [TransportError("cut"), TransportError("cut")]
        service.answers[DESCRIBED] = [lost, lost]
        service.decisions.put_nowait(task_of("beat"))
        (beaten,) = await service.wait_told("record_activity_task_heartbeat_by_id")
        (cancelled,) = await service.wait_told("respond_activity_task_canceled_by_id")
        service.decisions.put_nowait(task_of("fail"))
        (failed,) = await service.wait_told("respond_activity_task_failed_by_id")
    assert [told.activity_id for told in (beaten, cancelled, failed)] == ["0"] * 3
    assert (beaten.details, failed.reason) == (b'"beaten"\n', "ValueError")


async def test_an_answer_that_arrived_asks_nothing(machine: Any, service: Any) -> None:
    async with machine([Calling], [double]):
        service.decisions.put_nowait(task_of())
        await service.wait_told(DECIDED)
    assert not service.told(DESCRIBED)


OTHERS = {
    "another worker's": pending(started_worker_identity="another"),
    "nobody's, as the server hands nothing out": pending(started_worker_identity=""),
    "not started": pending(started_worker_identity="me", state=PendingActivityState.SCHEDULED),
    "tried again": pending(started_worker_identity="me", attempt=1),
    "decided again": pending(started_worker_identity="me", schedule_id=8),
    "not asked for": pending(started_worker_identity="me", activity_id="1"),
}


async def find(service: FakeService, found: Any, *, is_usual: bool = False, attempt: int = 0) -> list[str]:
    service.answers[DESCRIBED] = [found]
    lost = LostActivities(service, domain="tests", identity="me")
    return list(await lost.find(task_of(attempt=attempt), {"0": 0}, is_usual=is_usual))


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
async def test_what_may_be_run_elsewhere_is_left_alone(service: FakeService, other: Any) -> None:
    assert await find(service, described(other)) == []


async def test_the_server_need_not_name_the_worker_where_it_is_known_to_hand_out(service: FakeService) -> None:
    assert await find(service, described(pending()), is_usual=True) == ["0"]


async def test_later_attempts_of_decisions_are_left_to_time_out(service: FakeService) -> None:
    assert await find(service, described(pending(started_worker_identity="me")), attempt=1) == []
    assert not service.told(DESCRIBED)


async def test_a_server_that_cannot_be_asked_is_told_of(service: FakeService, caplog: pytest.LogCaptureFixture) -> None:
    assert await find(service, TransportError("nobody there")) == []
    assert "1 activities of workflow workflow, run run, may have been started without a worker" in caplog.text


async def test_tokens_of_the_server_are_passed_on(service: FakeService) -> None:
    answers = AnswersById(service, "tests")  # type: ignore[arg-type]
    for request, rpc in (
        (api.RespondActivityTaskCompletedRequest(b"{}"), answers.respond_activity_task_completed),
        (api.RespondActivityTaskFailedRequest(b"{}"), answers.respond_activity_task_failed),
        (api.RespondActivityTaskCanceledRequest(b"{}"), answers.respond_activity_task_canceled),
        (api.RecordActivityTaskHeartbeatRequest(b"{}"), answers.record_activity_task_heartbeat),
    ):
        await rpc(request, timeout=7)  # type: ignore[operator]
        assert service.calls[-1] == (rpc.__name__, request)
        assert service.timeouts[rpc.__name__] == [7]
