"""A workflow from its start to its result, event by event."""

from __future__ import annotations

from typing import Any

import pytest

from cadence.api.errors import EntityNotExistsError, WorkflowExecutionAlreadyCompletedError


def test_a_workflow_with_one_activity(ground: Any, tools: Any) -> None:
    run = ground.start(input=b"you")
    task = ground.poll()
    assert [event.event_id for event in task.history.events] == [1, 2, 3]
    assert task.previous_started_event_id is None
    assert task.started_event_id == 3
    ground.answer(task, tools.activity())
    work = ground.poll_activity()
    assert (work.activity_id, work.input, work.attempt) == ("a", b"in", 0)
    ground.complete(work)
    ground.decide(tools.decision("CompleteWorkflowExecution", result=b"done"))
    assert tools.types(run) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "ActivityTaskScheduled",
        "ActivityTaskStarted",
        "ActivityTaskCompleted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]
    completed = run.event(7).activity_task_completed_event_attributes
    assert (completed.scheduled_event_id, completed.started_event_id) == (5, 6)
    assert not run.state.is_open
    assert ground.store.read("SELECT close_status, history_length FROM visibility") == [(0, 11)]


def test_a_closed_run_takes_nothing_more(ground: Any, tools: Any) -> None:
    ground.start()
    task = ground.poll()
    ground.answer(task, tools.decision("CompleteWorkflowExecution"))
    with pytest.raises(WorkflowExecutionAlreadyCompletedError, match="workflow execution already completed"):
        ground.answer(task)
    with pytest.raises(WorkflowExecutionAlreadyCompletedError):
        ground.signal()


def test_an_answer_counts_once(ground: Any) -> None:
    ground.start()
    task = ground.poll()
    ground.answer(task)
    with pytest.raises(EntityNotExistsError, match="Decision task not found"):
        ground.answer(task)
