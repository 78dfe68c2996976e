"""Runs that go on from an earlier point."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause
from cadence.api.errors import BadRequestError

REQUEST = "6f1b7e6e-0000-4000-8000-000000000001"


def reset(ground: Any, run: Any, finish_id: int, **fields: Any) -> Any:
    request = api.ResetWorkflowExecutionRequest(
        workflow_execution=run.execution, reason="again", decision_finish_event_id=finish_id, **fields
    )
    run_id = ground.service.reset(ground.domain, request)
    return ground.service.find(ground.domain.id, run.state.workflow_id, run_id)


def test_a_run_goes_on_from_its_first_decision(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity())
    ground.complete(ground.poll_activity())
    ground.signal("late", input=b"1", request_id="r")
    new = reset(ground, run, 4, request_id=REQUEST)
    assert tools.types(run)[-1] == "WorkflowExecutionTerminated"
    ended = run.events[-1].workflow_execution_terminated_event_attributes
    assert (ended.reason, ended.identity) == ("again", "history-service")
    assert tools.types(new) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskFailed",
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
    ]
    failed = new.event(4).decision_task_failed_event_attributes
    assert failed.cause == DecisionTaskFailedCause.RESET_WORKFLOW
    assert (failed.base_run_id, failed.new_run_id, failed.reason) == (
        run.state.run_id,
        new.state.run_id,
        "again",
    )
    assert ground.current() is new
    assert reset(ground, run, 4, request_id=REQUEST) is new
    task = ground.poll()
    assert task.history.events[0].event_id == 1
    ground.answer(task, tools.decision("CompleteWorkflowExecution", result=b"x"))
    assert not new.state.is_open


def test_what_was_pending_then_is_pending_again(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(
        tools.activity("waits"),
        tools.activity("out", task_list=api.TaskList(name="o")),
        tools.decision("StartTimer", timer_id="t", start_to_fire_timeout_seconds=50),
        tools.decision("StartTimer", timer_id="gone", start_to_fire_timeout_seconds=50),
        force_create_new_decision_task=True,
    )
    ground.poll_activity("o")
    ground.decide(tools.decision("CancelTimer", timer_id="gone"), force_create_new_decision_task=True)
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    finish_id = run.events[-1].event_id - 1
    assert tools.types(run)[finish_id - 1] == "DecisionTaskCompleted"
    ground.clock.advance(30)
    new = reset(ground, run, finish_id)
    assert tools.types(new)[-3:] == ["DecisionTaskFailed", "ActivityTaskFailed", "DecisionTaskScheduled"]
    assert [each.activity_id for each in new.state.activities.values()] == ["waits"]
    assert list(new.state.timers) == ["t"]
    assert ground.poll_activity().activity_id == "waits"
    ground.clock.advance(21)
    assert "TimerFired" in tools.types(new)
    ground.decide()
    ground.clock.advance(3600 - 21)
    assert tools.types(new)[-1] == "WorkflowExecutionTimedOut"


def test_a_task_that_nobody_took_is_timed_out(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.poll()
    new = reset(ground, run, 3, skip_signal_reapply=True)
    assert tools.types(new)[2:] == ["DecisionTaskTimedOut", "DecisionTaskScheduled"]
    assert new.event(3).decision_task_timed_out_event_attributes.cause == 1


def test_signals_of_the_following_runs_come_again(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.signal("one")
    ground.decide(tools.decision("ContinueAsNewWorkflowExecution"))
    ground.signal("two")
    new = reset(ground, run, 5)
    names = [event.workflow_execution_signaled_event_attributes for event in new.events]
    assert [each.signal_name for each in names if each is not None] == ["one", "two"]
    skipped = reset(ground, run, 5, skip_signal_reapply=True)
    assert tools.types(skipped).count("WorkflowExecutionSignaled") == 1


def test_points_that_are_none(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity())
    for finish_id in (1, 99):
        with pytest.raises(BadRequestError, match="Decision finish ID must be > 1"):
            reset(ground, run, finish_id)
    with pytest.raises(BadRequestError, match="Attempting to reset on event type: ActivityTaskScheduled"):
        reset(ground, run, 5)
    with pytest.raises(BadRequestError, match="not found in the history events"):
        reset(ground, run, 6)
    fresh = ground.start("fresh", delay_start_seconds=10)
    with pytest.raises(BadRequestError, match="Cannot reset workflow without a decision task schedule"):
        reset(ground, fresh, 2)


def test_pending_children_forbid_it(ground: Any, tools: Any) -> None:
    run = ground.start()
    start = tools.decision(
        "StartChildWorkflowExecution",
        workflow_id="c",
        workflow_type=api.WorkflowType(name="small"),
        task_list=api.TaskList(name="small"),
    )
    ground.decide(start)
    ground.decide()
    finish_id = run.events[-1].event_id
    with pytest.raises(BadRequestError, match="pending child workflows"):
        reset(ground, run, finish_id)
    assert run.state.is_open
