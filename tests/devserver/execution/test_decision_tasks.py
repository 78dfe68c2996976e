"""The life of a decision task: attempts, timeouts, stickiness, and what waits while one is out."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause
from cadence.api.errors import EntityNotExistsError
from cadence.devserver.tokens import read_token

STICKY = api.StickyExecutionAttributes(
    worker_task_list=api.TaskList(name="sticky"), schedule_to_start_timeout_seconds=5
)
FIRST = ["WorkflowExecutionStarted", "DecisionTaskScheduled", "DecisionTaskStarted"]


def test_a_failed_task_is_tried_again_without_events(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.refuse(ground.poll())
    assert tools.types(run) == [*FIRST, "DecisionTaskFailed"]
    for attempt in (1, 2, 3):
        task = ground.poll()
        assert task.attempt == attempt
        assert [event.event_id for event in task.history.events] == [1, 2, 3, 4, 5, 6]
        assert task.history.events[4].decision_task_scheduled_event_attributes.attempt == attempt
        assert task.started_event_id == 6
        ground.refuse(task)
    assert len(run.events) == 4
    ground.decide()
    assert tools.types(run)[4:] == ["DecisionTaskScheduled", "DecisionTaskStarted", "DecisionTaskCompleted"]
    assert run.event(5).decision_task_scheduled_event_attributes.attempt == 4
    assert run.state.previous_started_id == 6
    ground.signal()
    assert ground.poll().attempt == 0


def test_a_repeated_task_becomes_a_real_one_when_events_came_in_between(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.refuse(ground.poll())
    ground.signal()
    task = ground.poll()
    assert task.attempt == 0
    assert tools.types(run)[3:] == [
        "DecisionTaskFailed",
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
    ]
    ground.answer(task)
    assert tools.types(run)[-1] == "DecisionTaskCompleted"


def test_an_unanswered_task_times_out(ground: Any, tools: Any) -> None:
    run = ground.start(task_start_to_close_timeout_seconds=10)
    task = ground.poll()
    ground.clock.advance(9.9)
    assert len(run.events) == 3
    ground.clock.advance(0.2)
    assert tools.types(run) == [*FIRST, "DecisionTaskTimedOut"]
    timed_out = run.event(4).decision_task_timed_out_event_attributes
    assert (timed_out.scheduled_event_id, timed_out.started_event_id, timed_out.timeout_type) == (2, 3, 0)
    with pytest.raises(EntityNotExistsError, match="Decision task not found"):
        ground.answer(task)
    assert ground.poll().attempt == 1
    ground.clock.advance(11)
    assert len(run.events) == 4
    assert ground.poll().attempt == 2


def test_a_signal_while_a_task_is_out_waits(ground: Any, tools: Any) -> None:
    run = ground.start()
    task = ground.poll()
    ground.signal("one")
    ground.signal("two")
    assert tools.types(run) == FIRST
    ground.answer(task, tools.decision("StartTimer", timer_id="t", start_to_fire_timeout_seconds=9))
    assert tools.types(run)[3:] == [
        "DecisionTaskCompleted",
        "TimerStarted",
        "WorkflowExecutionSignaled",
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
    ]


def test_a_result_is_refused_while_events_wait(ground: Any, tools: Any) -> None:
    run = ground.start()
    task = ground.poll()
    ground.signal()
    ground.answer(task, tools.decision("CompleteWorkflowExecution"))
    assert tools.types(run)[3:] == ["DecisionTaskFailed", "WorkflowExecutionSignaled", "DecisionTaskScheduled"]
    failed = run.event(4).decision_task_failed_event_attributes
    assert failed.cause == DecisionTaskFailedCause.UNHANDLED_DECISION
    assert failed.details == (
        b"cannot complete workflow, new pending decisions were scheduled while this decision was processing"
    )
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    assert tools.types(run)[-1] == "WorkflowExecutionCompleted"


def test_a_closing_event_waits_behind_the_others(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity("a"), tools.activity("b"))
    ground.signal("wake")
    task = ground.poll()
    ground.complete(ground.poll_activity())
    ground.signal("later")
    ground.fail(ground.poll_activity())
    ground.answer(task)
    assert tools.types(run)[-7:] == [
        "DecisionTaskCompleted",
        "ActivityTaskStarted",
        "WorkflowExecutionSignaled",
        "ActivityTaskStarted",
        "ActivityTaskCompleted",
        "ActivityTaskFailed",
        "DecisionTaskScheduled",
    ]
    completed, failed = run.events[-3], run.events[-2]
    assert completed.activity_task_completed_event_attributes.started_event_id == run.events[-6].event_id
    assert failed.activity_task_failed_event_attributes.started_event_id == run.events[-4].event_id


def test_too_many_waiting_events_take_the_task_from_its_worker(ground: Any, tools: Any) -> None:
    run = ground.start()
    task = ground.poll()
    for number in range(101):
        ground.signal(f"s{number}")
    assert tools.types(run)[3] == "DecisionTaskFailed"
    failed = run.event(4).decision_task_failed_event_attributes
    assert failed.cause == DecisionTaskFailedCause.FORCE_CLOSE_DECISION
    assert tools.types(run)[4:] == ["WorkflowExecutionSignaled"] * 101
    with pytest.raises(EntityNotExistsError):
        ground.answer(task)


def test_a_sticky_task_goes_to_the_worker_that_knows_the_run(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.lists.polled.add("sticky")
    ground.decide(sticky_attributes=STICKY)
    ground.signal()
    assert run.event(6).decision_task_scheduled_event_attributes.task_list.name == "sticky"
    assert ground.poll() is None
    task = ground.poll("sticky")
    assert [event.event_id for event in task.history.events] == [4, 5, 6, 7]
    assert task.previous_started_event_id == 3


def test_a_sticky_task_that_nobody_takes_goes_to_the_normal_list(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.lists.polled.add("sticky")
    ground.decide(sticky_attributes=STICKY)
    ground.signal()
    ground.clock.advance(5.1)
    assert tools.types(run)[5:] == ["DecisionTaskScheduled", "DecisionTaskTimedOut", "DecisionTaskScheduled"]
    timed_out = run.event(7).decision_task_timed_out_event_attributes
    assert (timed_out.started_event_id, timed_out.timeout_type) == (0, 1)
    assert ground.poll("sticky") is None
    task = ground.poll()
    assert task.attempt == 0
    assert task.history.events[0].event_id == 1


def test_without_its_worker_a_sticky_task_goes_to_the_normal_list_at_once(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(sticky_attributes=STICKY)
    ground.signal()
    task = ground.poll()
    assert task is not None
    assert tools.types(run)[-1] == "DecisionTaskStarted"
    assert run.event(6).decision_task_scheduled_event_attributes.task_list.name == "sticky"


def test_a_reset_of_stickiness_brings_the_whole_history(ground: Any) -> None:
    run = ground.start()
    ground.lists.polled.add("sticky")
    ground.decide(sticky_attributes=STICKY)
    ground.service.reset_sticky(ground.domain, run.execution)
    ground.signal()
    assert ground.poll().history.events[0].event_id == 1


def test_the_next_task_comes_with_the_answer(ground: Any, tools: Any) -> None:
    run = ground.start()
    response = ground.decide(
        force_create_new_decision_task=True, return_new_decision_task=True, sticky_attributes=STICKY
    )
    task = response.decision_task
    assert [event.event_id for event in task.history.events] == [4, 5, 6]
    assert run.event(6).decision_task_started_event_attributes.request_id == (
        "request-from-RespondDecisionTaskCompleted"
    )
    assert ground.answer(task, return_new_decision_task=True).decision_task is None


def test_beats_without_decisions_end_after_half_an_hour(ground: Any, tools: Any) -> None:
    run = ground.start(task_start_to_close_timeout_seconds=60)
    task = ground.poll()
    for _ in range(40):
        ground.clock.advance(44)
        task = ground.answer(task, force_create_new_decision_task=True, return_new_decision_task=True).decision_task
    ground.clock.advance(44)
    with pytest.raises(EntityNotExistsError, match="decision heartbeat timeout"):
        ground.answer(task, force_create_new_decision_task=True, return_new_decision_task=True)
    assert tools.types(run)[-1] == "DecisionTaskTimedOut"
    assert ground.poll().attempt == 1


def test_a_long_history_comes_in_pages(ground: Any, tools: Any) -> None:
    ground.start()
    for _ in range(30):
        ground.signal()
        markers = [tools.decision("RecordMarker", marker_name="m") for _ in range(40)]
        ground.decide(*markers)
    ground.signal()
    task = ground.poll()
    assert len(task.history.events) == 1000
    assert task.next_page_token is not None
    assert task.started_event_id > 1000


def test_a_task_that_its_worker_gives_back_for_a_reset_is_no_failed_attempt(ground: Any, tools: Any) -> None:
    run = ground.start()
    task = ground.poll()
    request = api.RespondDecisionTaskFailedRequest(
        task_token=task.task_token, cause=DecisionTaskFailedCause.RESET_WORKFLOW
    )
    ground.service.fail_decision(read_token(task.task_token), request)
    assert tools.types(run)[3:] == ["DecisionTaskFailed", "DecisionTaskScheduled"]
    assert ground.poll().attempt == 0
