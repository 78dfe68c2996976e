"""Histories that can't be: refused with what is wrong; and what a newer server may write is passed over."""

from __future__ import annotations

import copy
import logging
from datetime import timedelta
from typing import Any

import pytest

from cadence import api, workflow
from cadence.api.enums import EventType
from cadence.engine import HistoryError
from cadence.exceptions import NondeterminismError

MINUTE = timedelta(minutes=1)


@workflow.defn
class Works:
    @workflow.run
    async def run(self) -> str:
        await workflow.execute_activity("a", schedule_to_close_timeout=MINUTE)
        await workflow.sleep(5)
        await workflow.execute_child_workflow("c", workflow_id="child")
        await workflow.get_external_workflow_handle("other").signal("s")
        await workflow.get_external_workflow_handle("other").cancel()
        return "done"


@pytest.fixture
def whole(serve: Any) -> Any:
    server = serve(Works)
    server.task()
    server.complete("0")
    server.task()
    server.fire("1")
    server.task()
    server.child_started("child")
    server.child_ends("child")
    server.task()
    server.delivered()
    server.task()
    server.delivered(kind="cancel")
    server.task()
    assert server.is_closed
    server.check()
    return server


def test_a_gap(whole: Any) -> None:
    del whole.history[5]
    with pytest.raises(HistoryError, match="event 7 comes where event 6 was expected"):
        whole.replayed()


def test_no_beginning(whole: Any) -> None:
    run = whole.new_run()
    with pytest.raises(HistoryError, match="event 2 comes where event 1"):
        run.receive_task(whole.history[1:])
    whole.history[0].event_type = EventType.DecisionTaskScheduled
    with pytest.raises(HistoryError, match="does not begin"):
        whole.replayed()


def test_an_end_too_soon(whole: Any) -> None:
    run = whole.new_run()
    with pytest.raises(HistoryError, match="ends at event 9, before this task's start at 12"):
        run.receive_task(whole.history[:9], started_event_id=12)


def test_two_beginnings(whole: Any) -> None:
    second = copy.copy(whole.history[0])
    second.event_id = 2
    whole.history[1] = second
    with pytest.raises(HistoryError, match="starts twice"):
        whole.replayed()


def test_a_beginning_without_content(whole: Any) -> None:
    whole.history[0] = api.HistoryEvent(event_id=1, event_type=EventType.WorkflowExecutionStarted)
    with pytest.raises(HistoryError, match="without its attributes"):
        whole.replayed()


def test_a_cached_run_gets_only_what_goes_on(whole: Any) -> None:
    run = whole.new_run()
    run.receive_task(whole.history[:3], started_event_id=3)
    assert run.last_event_id == 3
    with pytest.raises(HistoryError, match="event 5 comes where event 4"):
        run.receive_task(whole.history[4:9])


@pytest.mark.parametrize("kind", ["failed", "timed_out"])
def test_tasks_that_were_given_up_flow_into_the_next(serve: Any, kind: str) -> None:
    server = serve(Works)
    server.lose_task(kind)
    server.task()
    server.complete("0")
    server.lose_task(kind)
    server.lose_task(kind)
    server.evict()
    server.task()
    server.check()


def test_a_run_that_worked_for_a_task_that_was_given_up(serve: Any) -> None:
    server = serve(Works)
    server.begin()
    server.run.decisions_to_send()
    server.history.append(api.HistoryEvent(event_id=4, event_type=EventType.DecisionTaskTimedOut))
    with pytest.raises(HistoryError, match="was given up"):
        server.run.receive_task(server.history[3:])


def test_unknown_types_are_passed_over_with_a_word(whole: Any, caplog: pytest.LogCaptureFixture) -> None:
    event = api.HistoryEvent(event_id=whole.history[-1].event_id + 1, event_type=4711)
    whole.history.append(event)
    with caplog.at_level(logging.WARNING):
        whole.replayed(replay_only=True).close()
    assert "unknown type 4711" in caplog.text


OUT_OF_THE_BLUE = {
    "ActivityTaskCompleted": {"scheduled_event_id": 77},
    "ActivityTaskFailed": {"scheduled_event_id": 77},
    "ActivityTaskTimedOut": {"scheduled_event_id": 77},
    "ActivityTaskCanceled": {"scheduled_event_id": 77},
    "TimerFired": {"timer_id": "77"},
    "ChildWorkflowExecutionStarted": {"initiated_event_id": 77},
    "ChildWorkflowExecutionCompleted": {"initiated_event_id": 77},
    "ChildWorkflowExecutionFailed": {"initiated_event_id": 77},
    "ChildWorkflowExecutionCanceled": {"initiated_event_id": 77},
    "ChildWorkflowExecutionTimedOut": {"initiated_event_id": 77},
    "ChildWorkflowExecutionTerminated": {"initiated_event_id": 77},
    "StartChildWorkflowExecutionFailed": {"initiated_event_id": 77},
    "ExternalWorkflowExecutionSignaled": {"initiated_event_id": 77},
    "ExternalWorkflowExecutionCancelRequested": {"initiated_event_id": 77},
    "SignalExternalWorkflowExecutionFailed": {"initiated_event_id": 77},
    "RequestCancelExternalWorkflowExecutionFailed": {"initiated_event_id": 77},
}


@pytest.mark.parametrize("name", sorted(OUT_OF_THE_BLUE))
def test_news_of_what_nobody_began(serve: Any, name: str) -> None:
    server = serve(Works)
    server.task()
    server._news(EventType[name], getattr(api, f"{name}EventAttributes")(**OUT_OF_THE_BLUE[name]))
    with pytest.raises(HistoryError, match=f"{name}.* is about .*77, which is not open"):
        server.task()


DECISIONS = [
    "ActivityTaskCancelRequested",
    "TimerCanceled",
    "CancelTimerFailed",
    "MarkerRecorded",
    "RequestCancelExternalWorkflowExecutionInitiated",
    "SignalExternalWorkflowExecutionInitiated",
    "StartChildWorkflowExecutionInitiated",
    "UpsertWorkflowSearchAttributes",
    "WorkflowExecutionCanceled",
    "WorkflowExecutionContinuedAsNew",
]


@pytest.mark.parametrize("name", DECISIONS)
def test_decisions_that_the_code_did_not_make(serve: Any, name: str) -> None:
    server = serve(Works)
    server.task()
    given: dict[str, Any] = {}
    if "External" in name or "Child" in name:
        given["workflow_execution" if "External" in name else "workflow_type"] = (
            api.WorkflowExecution("w", "r") if "External" in name else api.WorkflowType("w")
        )
    server._write(EventType[name], getattr(api, f"{name}EventAttributes")(**given))
    with pytest.raises(NondeterminismError) as caught:
        server.run.receive_task(server.history[3:])
    assert caught.value.event_id == 6
    assert "code:      asks for nothing more" in str(caught.value)
    assert "await workflow.execute_activity" in str(caught.value)


def test_a_task_that_the_runs_end_cut_off_is_not_expected_to_have_answers(serve: Any) -> None:
    @workflow.defn
    class Decides:
        @workflow.run
        async def run(self) -> None:
            workflow.side_effect(lambda: 1)
            await workflow.sleep(1)

    server = serve(Decides)
    server.begin()
    server.terminate()
    run = server.replayed(replay_only=True)
    assert run.is_closed
    run.close()
