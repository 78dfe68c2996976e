"""Starts: reuse policies, repeated requests, delays, cron, signals that come along."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from cadence import api
from cadence.api.enums import WorkflowIdReusePolicy as Policy
from cadence.api.errors import BadRequestError, WorkflowExecutionAlreadyStartedError


def close(ground: Any, tools: Any, how: str) -> None:
    """End the current run in a way."""
    if how == "terminated":
        request = api.TerminateWorkflowExecutionRequest(
            workflow_execution=api.WorkflowExecution(workflow_id="w"), reason="enough"
        )
        ground.service.terminate(ground.domain, request)
    elif how == "failed":
        ground.decide(tools.decision("FailWorkflowExecution", reason="boom"))
    elif how == "completed":
        ground.decide(tools.decision("CompleteWorkflowExecution"))


RUNNING = "Workflow execution is already running. WorkflowId: w, RunId: {}."
SUCCEEDED = (
    "Workflow execution already finished successfully. WorkflowId: w, RunId: {}. "
    "Workflow ID reuse policy: allow duplicate workflow ID if last run failed."
)
FINISHED = (
    "Workflow execution already finished. WorkflowId: w, RunId: {}. "
    "Workflow ID reuse policy: reject duplicate workflow ID."
)


@pytest.mark.parametrize(
    ("policy", "before", "refusal"),
    [
        (None, "running", RUNNING),
        (None, "completed", SUCCEEDED),
        (None, "failed", None),
        (Policy.AllowDuplicateFailedOnly, "terminated", None),
        (Policy.AllowDuplicate, "running", RUNNING),
        (Policy.AllowDuplicate, "completed", None),
        (Policy.RejectDuplicate, "running", RUNNING),
        (Policy.RejectDuplicate, "completed", FINISHED),
        (Policy.RejectDuplicate, "failed", FINISHED),
        (Policy.TerminateIfRunning, "running", None),
        (Policy.TerminateIfRunning, "completed", None),
    ],
)
def test_reuse(ground: Any, tools: Any, policy: Any, before: str, refusal: str | None) -> None:
    first = ground.start(request_id="6f1b7e6e-0000-4000-8000-000000000001")
    close(ground, tools, before)
    if refusal is not None:
        with pytest.raises(WorkflowExecutionAlreadyStartedError) as caught:
            ground.start(workflow_id_reuse_policy=policy)
        assert caught.value.message == refusal.format(first.state.run_id)
        assert caught.value.run_id == first.state.run_id
        assert caught.value.start_request_id == "6f1b7e6e-0000-4000-8000-000000000001"
        return
    second = ground.start(workflow_id_reuse_policy=policy)
    assert second.state.run_id != first.state.run_id
    assert ground.current() is second
    assert not first.state.is_open


def test_the_run_in_the_way_is_terminated(ground: Any, tools: Any) -> None:
    first = ground.start()
    ground.poll()
    ground.signal()
    second = ground.start(workflow_id_reuse_policy=Policy.TerminateIfRunning)
    assert tools.types(first)[3:] == [
        "DecisionTaskFailed",
        "WorkflowExecutionSignaled",
        "WorkflowExecutionTerminated",
    ]
    ended = first.events[-1].workflow_execution_terminated_event_attributes
    assert (ended.reason, ended.identity) == ("TerminateIfRunning Policy", "history-service")
    assert ended.details == f"New runID: {second.state.run_id}".encode()


@pytest.mark.parametrize("before", ["running", "completed", "terminated"])
def test_the_same_request_finds_the_run_that_it_started(ground: Any, tools: Any, before: str) -> None:
    request_id = str(uuid.uuid4())
    first = ground.start(request_id=request_id)
    close(ground, tools, before)
    assert ground.start(request_id=request_id, workflow_id_reuse_policy=Policy.RejectDuplicate) is first


def test_a_deprecated_domain_takes_no_new_runs(ground: Any) -> None:
    from cadence.api.enums import DomainStatus

    ground.domain = ground.domains.update("samples", lambda old: replace(old, status=DomainStatus.DEPRECATED))
    with pytest.raises(BadRequestError, match="Domain is deprecated"):
        ground.start()


def test_a_delay_holds_the_first_decision_back(ground: Any, tools: Any) -> None:
    run = ground.start(delay_start_seconds=100, execution_start_to_close_timeout_seconds=50)
    assert tools.types(run) == ["WorkflowExecutionStarted"]
    assert run.started.first_decision_task_backoff_seconds == 100
    ground.signal()
    ground.clock.advance(99)
    assert tools.types(run) == ["WorkflowExecutionStarted", "WorkflowExecutionSignaled"]
    ground.clock.advance(1)
    assert tools.types(run)[-1] == "DecisionTaskScheduled"
    ground.decide()
    ground.clock.advance(50)
    assert tools.types(run)[-1] == "WorkflowExecutionTimedOut"


def test_a_cancel_request_does_not_wait_for_the_delay(ground: Any, tools: Any) -> None:
    run = ground.start(delay_start_seconds=100)
    request = api.RequestCancelWorkflowExecutionRequest(workflow_execution=run.execution, identity="me")
    ground.service.request_cancel(ground.domain, request)
    assert tools.types(run)[1:] == ["WorkflowExecutionCancelRequested", "DecisionTaskScheduled"]
    ground.decide()
    ground.clock.advance(101)
    assert tools.types(run)[-1] == "DecisionTaskCompleted"


def test_a_first_run_at_a_time(ground: Any) -> None:
    at_ns = ground.clock.now_ns() + 42_900_000_000
    run = ground.start(first_run_at_timestamp=at_ns, delay_start_seconds=7)
    assert run.started.first_decision_task_backoff_seconds == 42
    past = ground.start("other", first_run_at_timestamp=5, delay_start_seconds=7)
    assert past.started.first_decision_task_backoff_seconds == 7


def test_jitter_is_at_most_what_was_asked(ground: Any) -> None:
    waits = {
        ground.start(f"j{number}", jitter_start_seconds=3).started.first_decision_task_backoff_seconds
        for number in range(60)
    }
    assert waits <= {0, 1, 2, 3}
    assert len(waits) > 1


def test_cron_waits_for_its_first_firing(ground: Any) -> None:
    # The clock stands at 22:13:20.
    run = ground.start(cron_schedule="*/5 * * * *")
    assert run.started.first_decision_task_backoff_seconds == 100
    assert run.started.first_scheduled_time_nano == ground.clock.now_ns()


@pytest.mark.parametrize(("execution", "task", "kept"), [(3600, 10, 10), (5, 10, 5), (9999, 500, 240)])
def test_a_decision_timeout_is_lowered(ground: Any, execution: int, task: int, kept: int) -> None:
    run = ground.start(execution_start_to_close_timeout_seconds=execution, task_start_to_close_timeout_seconds=task)
    assert run.started.task_start_to_close_timeout_seconds == kept


def signal_with_start(ground: Any, **fields: Any) -> Any:
    request = ground.request()
    given = {name: getattr(request, name) for name in request.__slots__ if name != "request_id"}
    asked = api.SignalWithStartWorkflowExecutionRequest(
        **{**given, "signal_name": "go", "signal_input": b"in", "request_id": str(uuid.uuid4()), **fields}
    )
    run_id = ground.service.signal_with_start(ground.domain, asked, client=("", ""))
    return ground.service.find(ground.domain.id, "w", run_id)


def test_a_signal_starts_a_run_or_finds_it(ground: Any, tools: Any) -> None:
    first = signal_with_start(ground)
    assert tools.types(first) == ["WorkflowExecutionStarted", "WorkflowExecutionSignaled", "DecisionTaskScheduled"]
    again = signal_with_start(ground, request_id="one")
    assert again is first
    signal_with_start(ground, request_id="one")
    assert tools.types(first)[3:] == ["WorkflowExecutionSignaled"]
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    with pytest.raises(WorkflowExecutionAlreadyStartedError):
        signal_with_start(ground)
    second = signal_with_start(ground, workflow_id_reuse_policy=Policy.AllowDuplicate)
    assert second is not first
    third = signal_with_start(ground, workflow_id_reuse_policy=Policy.TerminateIfRunning)
    assert tools.types(second)[-1] == "WorkflowExecutionTerminated"
    assert tools.types(third)[1] == "WorkflowExecutionSignaled"


def test_retries_expire_behind_the_delay(ground: Any) -> None:
    policy = api.RetryPolicy(initial_interval_in_seconds=1, backoff_coefficient=2.0, expiration_interval_in_seconds=60)
    run = ground.start(retry_policy=policy, delay_start_seconds=10)
    assert run.started.expiration_timestamp == ground.clock.now_ns() + 70_000_000_000


def test_a_signal_that_started_a_run_is_known_when_it_comes_again(ground: Any, tools: Any) -> None:
    run = signal_with_start(ground, request_id="one")
    assert signal_with_start(ground, request_id="one") is run
    assert tools.types(run).count("WorkflowExecutionSignaled") == 1


def test_a_signal_with_start_knows_no_delay(ground: Any) -> None:
    run = signal_with_start(ground, delay_start_seconds=10, jitter_start_seconds=5)
    assert run.started.first_decision_task_backoff_seconds == 0
