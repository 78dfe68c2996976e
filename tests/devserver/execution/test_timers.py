"""Timers: fired in order, cancelled, also while their firing waits."""

from __future__ import annotations

from typing import Any

import pytest

from cadence.api.enums import DecisionTaskFailedCause


def timer(tools: Any, timer_id: str, seconds: int) -> Any:
    return tools.decision("StartTimer", timer_id=timer_id, start_to_fire_timeout_seconds=seconds)


def fired(run: Any) -> list[str]:
    found = [event.timer_fired_event_attributes for event in run.events]
    return [each.timer_id for each in found if each is not None]


def test_timers_fire_in_order(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(timer(tools, "late", 9), timer(tools, "soon", 3), timer(tools, "also-soon", 3))
    ground.clock.advance(3)
    assert tools.types(run)[-3:] == ["TimerFired", "TimerFired", "DecisionTaskScheduled"]
    assert fired(run) == ["soon", "also-soon"]
    ground.decide()
    ground.clock.advance(6)
    assert fired(run) == ["soon", "also-soon", "late"]
    assert run.events[-2].timer_fired_event_attributes.started_event_id == 5


def test_a_cancelled_timer_does_not_fire(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(timer(tools, "a", 3), timer(tools, "b", 5), force_create_new_decision_task=True)
    ground.decide(tools.decision("CancelTimer", timer_id="a"))
    cancelled = run.events[-1].timer_canceled_event_attributes
    assert (cancelled.timer_id, cancelled.started_event_id, cancelled.identity) == ("a", 5, "worker")
    ground.clock.advance(10)
    assert fired(run) == ["b"]


def test_an_id_is_free_again_when_its_timer_is_gone(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(timer(tools, "a", 3), force_create_new_decision_task=True)
    ground.decide(tools.decision("CancelTimer", timer_id="a"), timer(tools, "a", 30))
    ground.clock.advance(10)
    assert fired(run) == []
    ground.clock.advance(20)
    assert fired(run) == ["a"]


def test_a_firing_that_waits_is_taken_back(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(timer(tools, "a", 3), force_create_new_decision_task=True)
    task = ground.poll()
    ground.clock.advance(4)
    ground.answer(
        task, tools.decision("CancelTimer", timer_id="a"), tools.decision("CompleteWorkflowExecution", result=b"x")
    )
    assert tools.types(run)[-3:] == ["DecisionTaskCompleted", "TimerCanceled", "WorkflowExecutionCompleted"]


def test_cancelling_what_is_not_there_says_so(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.decision("CancelTimer", timer_id="nope"))
    failed = run.events[-1].cancel_timer_failed_event_attributes
    assert (failed.cause, failed.identity) == ("TIMER_ID_UNKNOWN", "worker")


@pytest.mark.parametrize("again", [True, False])
def test_an_id_twice_is_refused(ground: Any, tools: Any, again: bool) -> None:
    run = ground.start()
    if again:
        ground.decide(timer(tools, "a", 30), force_create_new_decision_task=True)
        ground.decide(timer(tools, "b", 30), timer(tools, "a", 30))
    else:
        ground.decide(timer(tools, "a", 30), timer(tools, "a", 30))
    failed = run.events[-1].decision_task_failed_event_attributes
    assert failed.cause == DecisionTaskFailedCause.START_TIMER_DUPLICATE_ID
    assert "b" not in run.state.timers


def test_many_timers_cost_what_one_costs(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(*[timer(tools, f"t{number}", 10 + number) for number in range(200)])
    assert len(run.alarms) <= 3
    ground.clock.advance(500)
    assert len(fired(run)) == 200
