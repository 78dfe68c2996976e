"""Signals and cancel requests, and who refuses them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cadence import api
from cadence.api.errors import (
    CancellationAlreadyRequestedError,
    EntityNotExistsError,
    LimitExceededError,
    WorkflowExecutionAlreadyCompletedError,
)
from cadence.devserver.execution import signalling


def cancel(ground: Any, **fields: Any) -> None:
    execution = api.WorkflowExecution(workflow_id="w")
    request = api.RequestCancelWorkflowExecutionRequest(workflow_execution=execution, identity="me", **fields)
    ground.service.request_cancel(ground.domain, request)


def test_a_signal_causes_one_decision_task(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide()
    ground.signal("a", input=b"1", identity="me", request_id="r1")
    ground.signal("b")
    ground.signal("a", request_id="r1")
    assert tools.types(run)[4:] == [
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
        "WorkflowExecutionSignaled",
    ]
    signaled = run.event(5).workflow_execution_signaled_event_attributes
    assert (signaled.signal_name, signaled.input, signaled.identity, signaled.request_id) == ("a", b"1", "me", "r1")


def test_a_repeated_signal_is_no_error_when_the_run_closed(ground: Any, tools: Any) -> None:
    ground.start()
    ground.signal("a", request_id="r1")
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    ground.signal("a", request_id="r1")
    with pytest.raises(WorkflowExecutionAlreadyCompletedError):
        ground.signal("a", request_id="r2")


def test_signals_have_a_limit(ground: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signalling, "SIGNALS_LIMIT", 2)
    ground.start()
    ground.signal()
    ground.signal()
    with pytest.raises(LimitExceededError, match="exceeded workflow execution limit for signal events"):
        ground.signal()


def test_signals_have_a_limit_in_bytes(ground: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signalling, "BYTES_LIMIT", 20_000)
    ground.start()
    for _ in range(2):
        ground.signal(input=b"x" * 10_000)
    with pytest.raises(LimitExceededError, match="exceeded workflow execution limit for signal events"):
        ground.signal()


def test_a_run_that_is_not_there(ground: Any) -> None:
    with pytest.raises(EntityNotExistsError):
        ground.signal(workflow_id="nobody")
    run = ground.start()
    with pytest.raises(EntityNotExistsError, match="Workflow execution not found"):
        ground.service.find(ground.domain.id, "w", "6f1b7e6e-0000-4000-8000-000000000001")
    with pytest.raises(EntityNotExistsError):
        ground.service.find("other-domain", "w", run.state.run_id)


def test_a_cancel_request_comes_once(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide()
    cancel(ground, request_id="r1", cause="why")
    asked = run.event(5).workflow_execution_cancel_requested_event_attributes
    assert (asked.cause, asked.identity, asked.request_id) == ("why", "me", "r1")
    with pytest.raises(CancellationAlreadyRequestedError):
        cancel(ground, request_id="r2")
    ground.decide()
    cancel(ground, request_id="r1")
    assert tools.types(run)[-2:] == ["DecisionTaskCompleted", "DecisionTaskScheduled"]
    ground.decide(tools.decision("CancelWorkflowExecution", details=b"bye"))
    assert run.events[-1].workflow_execution_canceled_event_attributes.details == b"bye"
    cancel(ground, request_id="r1")
    with pytest.raises(WorkflowExecutionAlreadyCompletedError):
        cancel(ground, request_id="r2")


def test_a_chain_is_found_by_its_first_run(ground: Any, tools: Any) -> None:
    first = ground.start()
    ground.decide(tools.decision("ContinueAsNewWorkflowExecution"))
    with pytest.raises(EntityNotExistsError):
        cancel(ground, first_execution_run_id="6f1b7e6e-0000-4000-8000-000000000001")
    cancel(ground, first_execution_run_id=first.state.run_id)
    assert ground.current().state.cancel_requested


async def test_whoever_waits_for_news_gets_them(ground: Any) -> None:
    run = ground.start()
    waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    run.waiters.add(waiter)
    ground.poll()
    assert waiter.done()
    assert not run.waiters
