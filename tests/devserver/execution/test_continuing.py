"""Runs that go on in another one: continue-as-new, retries, cron, also when they time out."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.api.enums import ContinueAsNewInitiator, WorkflowExecutionCloseStatus

RETRY = api.RetryPolicy(
    initial_interval_in_seconds=2,
    backoff_coefficient=2.0,
    maximum_interval_in_seconds=3,
    maximum_attempts=3,
    non_retriable_error_reasons=["fatal"],
)


def ended(run: Any) -> Any:
    assert run.state.close_status == WorkflowExecutionCloseStatus.CONTINUED_AS_NEW
    return run.events[-1].workflow_execution_continued_as_new_event_attributes


def test_code_goes_on_in_a_new_run(ground: Any, tools: Any) -> None:
    first = ground.start(memo=api.Memo(fields={"m": b"1"}))
    ground.decide(tools.decision("ContinueAsNewWorkflowExecution", input=b"next"))
    second = ground.current()
    told = ended(first)
    assert told.new_execution_run_id == second.state.run_id
    assert (told.initiator, told.input, told.backoff_start_interval_in_seconds) == (0, b"next", 0)
    assert tools.types(second) == ["WorkflowExecutionStarted", "DecisionTaskScheduled"]
    started = second.started
    assert started.continued_execution_run_id == first.state.run_id
    assert started.first_execution_run_id == first.state.run_id
    assert started.original_execution_run_id == second.state.run_id
    assert (started.input, started.task_start_to_close_timeout_seconds) == (b"next", 10)
    assert started.workflow_type.name == "hello"
    ground.decide(tools.decision("ContinueAsNewWorkflowExecution"))
    assert ground.current().started.first_execution_run_id == first.state.run_id


def test_a_failed_run_is_retried(ground: Any, tools: Any) -> None:
    first = ground.start(retry_policy=RETRY, input=b"in")
    ground.decide(tools.decision("FailWorkflowExecution", reason="boom", details=b"d"))
    told = ended(first)
    assert (told.initiator, told.failure_reason, told.failure_details) == (
        ContinueAsNewInitiator.RetryPolicy,
        "boom",
        b"d",
    )
    assert told.backoff_start_interval_in_seconds == 2
    second = ground.current()
    assert tools.types(second) == ["WorkflowExecutionStarted"]
    assert (second.started.attempt, second.started.input) == (1, b"in")
    assert second.started.continued_failure_reason == "boom"
    ground.clock.advance(2)
    ground.decide(tools.decision("FailWorkflowExecution", reason="boom"))
    third = ground.current()
    assert (third.started.attempt, third.started.first_decision_task_backoff_seconds) == (2, 3)
    ground.clock.advance(3)
    ground.decide(tools.decision("FailWorkflowExecution", reason="boom"))
    assert tools.types(third)[-1] == "WorkflowExecutionFailed"


def test_some_failures_are_not_retried(ground: Any, tools: Any) -> None:
    run = ground.start(retry_policy=RETRY)
    ground.decide(tools.decision("FailWorkflowExecution", reason="fatal"))
    assert tools.types(run)[-1] == "WorkflowExecutionFailed"


def test_a_run_that_is_too_old_ends(ground: Any, tools: Any) -> None:
    run = ground.start(execution_start_to_close_timeout_seconds=30)
    ground.clock.advance(29)
    assert run.state.is_open
    ground.clock.advance(1)
    assert tools.types(run)[-1] == "WorkflowExecutionTimedOut"
    assert run.state.close_status == WorkflowExecutionCloseStatus.TIMED_OUT


def test_a_worker_loses_its_task_when_the_run_is_too_old(ground: Any, tools: Any) -> None:
    run = ground.start(execution_start_to_close_timeout_seconds=5, task_start_to_close_timeout_seconds=5)
    ground.clock.advance(3)
    ground.poll()
    ground.signal()
    ground.clock.advance(2)
    assert tools.types(run)[3:] == ["DecisionTaskFailed", "WorkflowExecutionSignaled", "WorkflowExecutionTimedOut"]


def test_a_run_that_is_too_old_is_retried(ground: Any, tools: Any) -> None:
    first = ground.start(retry_policy=RETRY, execution_start_to_close_timeout_seconds=30)
    ground.clock.advance(30)
    assert ended(first).failure_reason == "cadenceInternal:Timeout START_TO_CLOSE"
    assert ground.current().started.attempt == 1


def test_cron_goes_on_with_what_the_last_run_returned(ground: Any, tools: Any) -> None:
    first = ground.start(cron_schedule="@every 60s")
    ground.clock.advance(60)
    ground.clock.advance(10)
    ground.decide(tools.decision("CompleteWorkflowExecution", result=b"1"))
    told = ended(first)
    assert told.initiator == ContinueAsNewInitiator.CronSchedule
    assert told.last_completion_result == b"1"
    assert told.backoff_start_interval_in_seconds == 50
    second = ground.current()
    assert (second.started.last_completion_result, second.started.cron_schedule) == (b"1", "@every 60s")
    assert second.started.first_scheduled_time_nano == first.started.first_scheduled_time_nano
    ground.clock.advance(50)
    ground.decide(tools.decision("FailWorkflowExecution", reason="boom"))
    third = ground.current()
    assert third.started.last_completion_result == b"1"
    assert third.started.continued_failure_reason == "boom"


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("CompleteWorkflowExecution", WorkflowExecutionCloseStatus.COMPLETED),
        ("FailWorkflowExecution", WorkflowExecutionCloseStatus.CANCELED),
        ("ContinueAsNewWorkflowExecution", WorkflowExecutionCloseStatus.CANCELED),
        ("CancelWorkflowExecution", WorkflowExecutionCloseStatus.CANCELED),
    ],
)
def test_a_chain_that_was_cancelled_ends(ground: Any, tools: Any, ending: str, status: Any) -> None:
    run = ground.start(cron_schedule="@every 60s", retry_policy=RETRY)
    ground.clock.advance(60)
    request = api.RequestCancelWorkflowExecutionRequest(workflow_execution=run.execution)
    ground.service.request_cancel(ground.domain, request)
    fields = {"reason": "boom"} if ending == "FailWorkflowExecution" else {}
    ground.decide(tools.decision(ending, **fields))
    assert run.state.close_status == status


def test_cancelled_runs_are_not_retried_when_too_old(ground: Any, tools: Any) -> None:
    run = ground.start(retry_policy=RETRY, execution_start_to_close_timeout_seconds=30)
    request = api.RequestCancelWorkflowExecutionRequest(workflow_execution=run.execution)
    ground.service.request_cancel(ground.domain, request)
    ground.clock.advance(30)
    assert tools.types(run)[-1] == "WorkflowExecutionTimedOut"


def test_a_chain_remembers_which_builds_answered_for_it(ground: Any, tools: Any) -> None:
    first = ground.start()
    ground.decide(tools.decision("ContinueAsNewWorkflowExecution"), binary_checksum="one")
    second = ground.current()
    (point,) = second.started.prev_auto_reset_points.points
    assert (point.binary_checksum, point.run_id, point.first_decision_completed_id) == ("one", first.state.run_id, 4)
    assert point.expiring_time_nano == ground.clock.now_ns() + ground.domain.retention_days * 86_400 * 10**9
    ground.decide(tools.decision("ContinueAsNewWorkflowExecution"), binary_checksum="two")
    points = ground.current().started.prev_auto_reset_points.points
    assert [each.binary_checksum for each in points] == ["one", "two"]
    assert points[0].expiring_time_nano == point.expiring_time_nano
