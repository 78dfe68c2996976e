"""Activities: their events with and without retries, heartbeats, cancellation."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.api.errors import BadRequestError, EntityNotExistsError, InternalServiceError
from cadence.devserver.tokens import read_token

RETRY = api.RetryPolicy(
    initial_interval_in_seconds=2, backoff_coefficient=2.0, maximum_attempts=3, non_retriable_error_reasons=["fatal"]
)


def test_a_failure_is_reported(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity())
    ground.fail(ground.poll_activity(), "boom")
    assert tools.types(run)[-3:] == ["ActivityTaskStarted", "ActivityTaskFailed", "DecisionTaskScheduled"]
    failed = run.event(7).activity_task_failed_event_attributes
    assert (failed.reason, failed.details, failed.scheduled_event_id, failed.started_event_id) == (
        "boom",
        b"why",
        5,
        6,
    )


def test_attempts_leave_no_events_but_the_last(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(retry_policy=RETRY))
    first = ground.poll_activity()
    assert tools.types(run)[-1] == "ActivityTaskScheduled"
    ground.beat(first, b"half")
    ground.fail(first)
    assert ground.poll_activity() is None
    ground.clock.advance(2)
    second = ground.poll_activity()
    assert (second.attempt, second.heartbeat_details) == (1, b"half")
    assert second.scheduled_timestamp_of_this_attempt - second.scheduled_timestamp == 2_000_000_000
    with pytest.raises(EntityNotExistsError, match="activity task not found"):
        ground.complete(first)
    ground.fail(second, "again")
    ground.clock.advance(4)
    third = ground.poll_activity()
    started_ns = ground.clock.now_ns()
    ground.clock.advance(1)
    ground.complete(third)
    assert tools.types(run)[4:] == [
        "ActivityTaskScheduled",
        "ActivityTaskStarted",
        "ActivityTaskCompleted",
        "DecisionTaskScheduled",
    ]
    started = run.event(6).activity_task_started_event_attributes
    assert (started.attempt, started.last_failure_reason, started.last_failure_details) == (2, "again", b"why")
    assert run.event(6).timestamp == started_ns
    assert run.event(7).activity_task_completed_event_attributes.started_event_id == 6


def test_attempts_end_where_the_policy_says_so(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity("a", retry_policy=RETRY), tools.activity("b", retry_policy=RETRY))
    ground.fail(ground.poll_activity(), "fatal")
    assert tools.types(run)[-3:] == ["ActivityTaskStarted", "ActivityTaskFailed", "DecisionTaskScheduled"]
    for wait in (2, 4):
        ground.fail(ground.poll_activity(), "boom")
        ground.clock.advance(wait)
    ground.fail(ground.poll_activity(), "boom")
    assert tools.types(run)[-2:] == ["ActivityTaskStarted", "ActivityTaskFailed"]
    assert run.events[-2].activity_task_started_event_attributes.attempt == 2


def test_a_cancelled_activity_that_nobody_started_ends_at_once(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(), force_create_new_decision_task=True)
    ground.decide(tools.decision("RequestCancelActivityTask", activity_id="a"))
    assert tools.types(run)[-4:] == [
        "DecisionTaskCompleted",
        "ActivityTaskCancelRequested",
        "ActivityTaskCanceled",
        "DecisionTaskScheduled",
    ]
    cancelled = run.events[-2].activity_task_canceled_event_attributes
    assert (cancelled.started_event_id, cancelled.details) == (-23, b"ACTIVITY_ID_NOT_STARTED")
    assert ground.poll_activity() is None


def test_a_worker_hears_of_the_cancellation_by_its_heartbeat(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(), force_create_new_decision_task=True)
    work = ground.poll_activity()
    assert ground.beat(work) is False
    found, activity = ground.service.activity_of(read_token(work.task_token))
    with pytest.raises(InternalServiceError, match="Unable to add ActivityTaskCanceled"):
        ground.service.cancel_activity(found, activity, None, "worker")
    ground.decide(tools.decision("RequestCancelActivityTask", activity_id="a"))
    assert tools.types(run)[-1] == "ActivityTaskCancelRequested"
    assert ground.beat(work) is True
    ground.service.cancel_activity(found, activity, b"bye", "worker")
    assert tools.types(run)[-2:] == ["ActivityTaskCanceled", "DecisionTaskScheduled"]
    cancelled = run.events[-2].activity_task_canceled_event_attributes
    assert (cancelled.details, cancelled.latest_cancel_requested_event_id) == (b"bye", run.events[-3].event_id)


def test_cancelling_what_is_not_there_says_so(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.decision("RequestCancelActivityTask", activity_id="nope"))
    assert tools.types(run)[-2:] == ["ActivityTaskCancelRequested", "RequestCancelActivityTaskFailed"]
    assert run.events[-1].request_cancel_activity_task_failed_event_attributes.cause == "ACTIVITY_ID_UNKNOWN"


def test_an_activity_is_found_by_its_id(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity())
    with pytest.raises(BadRequestError, match="Cannot locate Activity ScheduleID"):
        ground.service.activity_by_id(ground.domain.id, "w", None, "other")
    with pytest.raises(EntityNotExistsError, match="activity task not found"):
        ground.service.activity_by_id(ground.domain.id, "w", None, "a")
    ground.poll_activity()
    found, activity = ground.service.activity_by_id(ground.domain.id, "w", None, "a")
    ground.service.complete_activity(found, activity, b"x", "elsewhere")
    assert tools.types(run)[-2] == "ActivityTaskCompleted"


def test_a_result_that_is_too_large_is_a_failure(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(retry_policy=RETRY))
    ground.complete(ground.poll_activity(), b"x" * (2 * 1024 * 1024 + 1))
    failed = run.events[-2].activity_task_failed_event_attributes
    assert failed.reason == "COMPLETE_RESULT_EXCEEDS_LIMIT"
    assert len(failed.details) == 2 * 1024 * 1024


def test_a_worker_gets_an_activity_with_its_answer(ground: Any, tools: Any) -> None:
    run = ground.start()
    answer = ground.decide(tools.activity("a", request_local_dispatch=True), tools.activity("b"))
    assert list(answer.activities_to_dispatch_locally) == ["a"]
    assert tools.types(run)[-1] == "ActivityTaskStarted"
    ground.complete(answer.activities_to_dispatch_locally["a"])
    ended = run.events[-2].activity_task_completed_event_attributes
    assert (ended.scheduled_event_id, ended.started_event_id) == (5, 7)
    assert ground.poll_activity().activity_id == "b"
    assert ground.poll_activity() is None


def test_a_run_that_closes_hands_nothing_out(ground: Any, tools: Any) -> None:
    ground.start()
    closes = tools.decision("CompleteWorkflowExecution")
    answer = ground.decide(tools.activity("a", request_local_dispatch=True), closes)
    assert answer.activities_to_dispatch_locally is None
