"""Signals and cancel requests from one run to another."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api


def signal(tools: Any, workflow_id: str, **fields: Any) -> Any:
    execution = api.WorkflowExecution(workflow_id=workflow_id, run_id=fields.pop("run_id", None))
    return tools.decision(
        "SignalExternalWorkflowExecution", execution=execution, signal_name="go", input=b"in", **fields
    )


def cancel(tools: Any, workflow_id: str, **fields: Any) -> Any:
    return tools.decision("RequestCancelExternalWorkflowExecution", workflow_id=workflow_id, **fields)


def test_a_signal_reaches_another_run(ground: Any, tools: Any) -> None:
    other = ground.start("other", task_list=api.TaskList(name="elsewhere"))
    run = ground.start()
    ground.decide(signal(tools, "other", control=b"c"))
    assert tools.types(run)[4:] == [
        "SignalExternalWorkflowExecutionInitiated",
        "ExternalWorkflowExecutionSignaled",
        "DecisionTaskScheduled",
    ]
    assert tools.types(other)[-1] == "WorkflowExecutionSignaled"
    signaled = other.events[-1].workflow_execution_signaled_event_attributes
    assert (signaled.signal_name, signaled.input, signaled.identity) == ("go", b"in", "history-service")
    told = run.event(6).external_workflow_execution_signaled_event_attributes
    assert (told.initiated_event_id, told.control) == (5, b"c")


@pytest.mark.parametrize("make", [signal, cancel])
@pytest.mark.parametrize("target", ["nobody", "w", "closed", "stranger"])
def test_what_does_not_arrive_is_told(ground: Any, tools: Any, make: Any, target: str) -> None:
    ground.start("closed")
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    ground.start("stranger", task_list=api.TaskList(name="elsewhere"))
    run = ground.start()
    ground.decide(make(tools, target, child_workflow_only=target == "stranger"))
    what = "SignalExternal" if make is signal else "RequestCancelExternal"
    assert tools.types(run)[4:] == [
        f"{what}WorkflowExecutionInitiated",
        f"{what}WorkflowExecutionFailed",
        "DecisionTaskScheduled",
    ]
    assert not run.state.externals


def test_a_cancel_request_reaches_another_run(ground: Any, tools: Any) -> None:
    other = ground.start("other", task_list=api.TaskList(name="elsewhere"))
    run = ground.start()
    ground.decide(cancel(tools, "other"))
    assert tools.types(run)[5:] == ["ExternalWorkflowExecutionCancelRequested", "DecisionTaskScheduled"]
    asked = other.events[-1].workflow_execution_cancel_requested_event_attributes
    assert asked.external_workflow_execution == run.execution
    assert asked.external_initiated_event_id == 5
    ground.decide(cancel(tools, "other"))
    assert tools.types(run)[-2:] == ["ExternalWorkflowExecutionCancelRequested", "DecisionTaskScheduled"]
    assert tools.types(other).count("WorkflowExecutionCancelRequested") == 1


def test_a_signal_to_a_child_of_the_same_answer_arrives(ground: Any, tools: Any) -> None:
    ground.start()
    start = tools.decision(
        "StartChildWorkflowExecution",
        workflow_id="c",
        workflow_type=api.WorkflowType(name="small"),
        task_list=api.TaskList(name="small-tl"),
    )
    ground.decide(start, signal(tools, "c", child_workflow_only=True))
    assert "WorkflowExecutionSignaled" in tools.types(ground.current("c"))


@pytest.mark.parametrize("make", [signal, cancel])
def test_what_a_run_says_with_its_end_is_not_heard(ground: Any, tools: Any, make: Any) -> None:
    other = ground.start("other", task_list=api.TaskList(name="elsewhere"))
    ground.start()
    ground.decide(make(tools, "other"), tools.decision("CompleteWorkflowExecution"))
    assert tools.types(other) == ["WorkflowExecutionStarted", "DecisionTaskScheduled"]
