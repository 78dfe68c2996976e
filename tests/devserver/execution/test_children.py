"""Children: started, refused, closed, and what becomes of them when the parent ends."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.api.enums import ParentClosePolicy, WorkflowIdReusePolicy


def child(tools: Any, **fields: Any) -> Any:
    given = {
        "workflow_id": "c",
        "workflow_type": api.WorkflowType(name="small"),
        "task_list": api.TaskList(name="small-tl"),
        "input": b"in",
    }
    return tools.decision("StartChildWorkflowExecution", **{**given, **fields})


def test_a_child_from_its_start_to_its_result(ground: Any, tools: Any) -> None:
    parent = ground.start()
    ground.decide(child(tools, header=api.Header(fields={"trace": b"1"}), control=b"c"))
    assert tools.types(parent)[4:] == [
        "StartChildWorkflowExecutionInitiated",
        "ChildWorkflowExecutionStarted",
        "DecisionTaskScheduled",
    ]
    run = ground.current("c")
    assert tools.types(run) == ["WorkflowExecutionStarted", "DecisionTaskScheduled"]
    started = run.started
    assert started.parent_workflow_domain == "samples"
    assert started.parent_workflow_execution == parent.execution
    assert started.parent_initiated_event_id == 5
    assert started.execution_start_to_close_timeout_seconds == 3600
    assert started.task_start_to_close_timeout_seconds == 10
    told = parent.event(6).child_workflow_execution_started_event_attributes
    assert (told.initiated_event_id, told.workflow_execution) == (5, run.execution)
    ground.decide()
    task = ground.poll("small-tl")
    ground.answer(task, tools.decision("CompleteWorkflowExecution", result=b"out"))
    completed = parent.events[-2].child_workflow_execution_completed_event_attributes
    assert (completed.result, completed.initiated_event_id, completed.started_event_id) == (b"out", 5, 6)
    assert (completed.domain, completed.workflow_type.name) == ("samples", "small")
    assert tools.types(parent)[-1] == "DecisionTaskScheduled"
    assert not parent.state.children


@pytest.mark.parametrize("ending", ["Failed", "Canceled", "TimedOut", "Terminated"])
def test_the_parent_hears_how_it_ended(ground: Any, tools: Any, ending: str) -> None:
    parent = ground.start()
    ground.decide(child(tools, execution_start_to_close_timeout_seconds=20))
    run = ground.current("c")
    if ending == "Failed":
        ground.answer(ground.poll("small-tl"), tools.decision("FailWorkflowExecution", reason="r", details=b"d"))
    elif ending == "Canceled":
        ground.answer(ground.poll("small-tl"), tools.decision("CancelWorkflowExecution", details=b"d"))
    elif ending == "TimedOut":
        ground.clock.advance(20)
    else:
        request = api.TerminateWorkflowExecutionRequest(workflow_execution=run.execution)
        ground.service.terminate(ground.domain, request)
    assert tools.types(parent)[-1] == f"ChildWorkflowExecution{ending}"
    if ending == "Failed":
        failed = parent.events[-1].child_workflow_execution_failed_event_attributes
        assert (failed.reason, failed.details) == ("r", b"d")


def test_a_taken_id_refuses_the_child(ground: Any, tools: Any) -> None:
    ground.start("c", task_list=api.TaskList(name="elsewhere"))
    parent = ground.start()
    ground.decide(child(tools, control=b"ctl"))
    assert tools.types(parent)[4:] == [
        "StartChildWorkflowExecutionInitiated",
        "StartChildWorkflowExecutionFailed",
        "DecisionTaskScheduled",
    ]
    failed = parent.event(6).start_child_workflow_execution_failed_event_attributes
    assert (failed.cause, failed.workflow_id, failed.control, failed.initiated_event_id) == (0, "c", b"ctl", 5)


def test_a_child_may_replace_what_runs_under_its_id(ground: Any, tools: Any) -> None:
    old = ground.start("c", task_list=api.TaskList(name="elsewhere"))
    ground.start()
    ground.decide(child(tools, workflow_id_reuse_policy=int(WorkflowIdReusePolicy.TerminateIfRunning)))
    assert tools.types(old)[-1] == "WorkflowExecutionTerminated"
    assert ground.current("c") is not old


def test_a_parent_that_closes_at_once_starts_no_child(ground: Any, tools: Any) -> None:
    parent = ground.start()
    ground.decide(
        child(tools, parent_close_policy=int(ParentClosePolicy.ABANDON)), tools.decision("CompleteWorkflowExecution")
    )
    assert tools.types(parent)[-2:] == ["StartChildWorkflowExecutionInitiated", "WorkflowExecutionCompleted"]
    assert ground.service.runs.current(ground.domain.id, "c") is None


@pytest.mark.parametrize(
    ("policy", "last"),
    [
        (None, "WorkflowExecutionTerminated"),
        (ParentClosePolicy.TERMINATE, "WorkflowExecutionTerminated"),
        (ParentClosePolicy.REQUEST_CANCEL, "WorkflowExecutionCancelRequested"),
        (ParentClosePolicy.ABANDON, "DecisionTaskScheduled"),
    ],
)
@pytest.mark.parametrize("ending", ["CompleteWorkflowExecution", "ContinueAsNewWorkflowExecution"])
def test_the_parent_ends_first(ground: Any, tools: Any, policy: Any, last: str, ending: str) -> None:
    ground.start()
    ground.decide(child(tools, parent_close_policy=None if policy is None else int(policy)))
    run = ground.current("c")
    ground.decide(tools.decision(ending))
    assert tools.types(run)[-1] == last
    if last == "WorkflowExecutionTerminated":
        ended = run.events[-1].workflow_execution_terminated_event_attributes
        assert (ended.reason, ended.identity) == ("by parent close policy", "history-service")


def test_the_policy_follows_the_chain_of_the_child(ground: Any, tools: Any) -> None:
    parent = ground.start()
    ground.decide(child(tools))
    ground.answer(ground.poll("small-tl"), tools.decision("ContinueAsNewWorkflowExecution"))
    assert tools.types(parent)[-1] == "DecisionTaskScheduled"
    second = ground.current("c")
    assert second.started.parent_workflow_execution == parent.execution
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    assert tools.types(second)[-1] == "WorkflowExecutionTerminated"


def test_the_last_run_of_a_chain_is_reported(ground: Any, tools: Any) -> None:
    parent = ground.start()
    ground.decide(child(tools))
    ground.answer(ground.poll("small-tl"), tools.decision("ContinueAsNewWorkflowExecution"))
    second = ground.current("c")
    ground.answer(ground.poll("small-tl"), tools.decision("CompleteWorkflowExecution", result=b"2"))
    completed = parent.events[-1].child_workflow_execution_completed_event_attributes
    assert completed.workflow_execution == second.execution


def test_a_family_of_many_generations_ends_together(ground: Any, tools: Any) -> None:
    ground.start("g0")
    for number in range(1, 300):
        ground.decide(child(tools, workflow_id=f"g{number}", task_list=api.TaskList(name="tl")))
        ground.poll()
    request = api.TerminateWorkflowExecutionRequest(workflow_execution=api.WorkflowExecution(workflow_id="g0"))
    ground.service.terminate(ground.domain, request)
    assert not tuple(ground.service.runs.open_runs())


def test_a_cron_child_waits_for_its_firing(ground: Any, tools: Any) -> None:
    parent = ground.start()
    ground.decide(child(tools, cron_schedule="@every 30s"))
    run = ground.current("c")
    assert tools.types(parent)[-2:] == ["ChildWorkflowExecutionStarted", "DecisionTaskScheduled"]
    assert tools.types(run) == ["WorkflowExecutionStarted"]
    ground.clock.advance(30)
    assert tools.types(run)[-1] == "DecisionTaskScheduled"
