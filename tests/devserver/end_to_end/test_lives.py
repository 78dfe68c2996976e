"""Whole lives of runs over real sockets: tasks, signals, children, lists."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.enums import (
    DecisionTaskFailedCause,
    DecisionType,
    EventType,
    PendingActivityState,
    PendingDecisionState,
    TaskListType,
    WorkflowExecutionCloseStatus,
)
from cadence.devserver.house import House

Peer = Any
DOMAIN = "samples"
ALWAYS = api.StartTimeFilter(earliest_time=0, latest_time=2**62)
LIST = api.TaskList(name="orders")


async def test_a_run_with_an_activity(tools: Any, peer: Peer) -> None:
    run = await peer.start()
    task = await peer.decide()
    assert task.workflow_execution == run
    assert task.workflow_type.name == "order"
    assert [event.event_type for event in task.history.events] == [
        EventType.WorkflowExecutionStarted,
        EventType.DecisionTaskScheduled,
        EventType.DecisionTaskStarted,
    ]
    assert (task.started_event_id, task.attempt, task.backlog_count_hint) == (3, 0, 0)
    assert not task.next_page_token
    await peer.respond(task, tools.activity())
    work = await peer.work()
    assert (work.activity_id, work.activity_type.name, work.input, work.attempt) == ("a", "charge", b"[2]", 0)
    assert (work.workflow_execution, work.workflow_type.name, work.workflow_domain) == (run, "order", DOMAIN)
    (pending,) = (await peer.describe(run)).pending_activities
    assert (pending.activity_id, pending.state) == ("a", PendingActivityState.STARTED)
    beat = api.RecordActivityTaskHeartbeatRequest(work.task_token, b"half", "tester")
    assert not (await peer.service.record_activity_task_heartbeat(beat)).cancel_requested
    (pending,) = (await peer.describe(run)).pending_activities
    assert pending.heartbeat_details == b"half"
    await peer.done(work)
    with pytest.raises(errors.EntityNotExistsError, match="activity task not found"):
        await peer.done(work)
    task = await peer.decide()
    assert task.previous_started_event_id == 3
    await peer.respond(task, tools.complete())
    described = await peer.describe(run)
    info = described.workflow_execution_info
    assert info.close_status == WorkflowExecutionCloseStatus.COMPLETED
    assert info.history_length == 11
    assert not described.pending_activities
    assert described.pending_decision is None
    assert await peer.kinds(run) == [
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
    with pytest.raises(errors.WorkflowExecutionAlreadyCompletedError):
        await peer.respond(task, tools.complete())


async def test_polls_wait_and_get_what_comes(peer: Peer) -> None:
    polls = [asyncio.create_task(peer.decide()) for _ in range(3)]
    describe = api.DescribeTaskListRequest(DOMAIN, LIST, TaskListType.Decision, True)
    runs = [await peer.start(name) for name in "abc"]
    tasks = await asyncio.gather(*polls)
    assert {task.workflow_execution.run_id for task in tasks} == {run.run_id for run in runs}
    status = await peer.service.describe_task_list(describe)
    assert [one.identity for one in status.pollers] == ["tester"]
    assert status.task_list_status.backlog_count_hint == 0
    await peer.start("d")
    await peer.start("e")
    status = await peer.service.describe_task_list(describe)
    assert status.task_list_status.backlog_count_hint == 2
    assert (await peer.decide()).backlog_count_hint == 1


async def test_an_empty_poll_ends_before_its_caller_gives_up(peer: Peer) -> None:
    decision, work = await asyncio.gather(peer.decide(timeout=1), peer.work(timeout=1))
    assert decision == api.PollForDecisionTaskResponse()
    assert work == api.PollForActivityTaskResponse()


async def test_a_poll_that_was_given_up_takes_no_task(tools: Any, house: House, peer: Peer) -> None:
    poll = asyncio.create_task(peer.decide())
    await tools.until(lambda: tools.polled(house, "orders"))
    poll.cancel()
    await asyncio.wait([poll])
    run = await peer.start()
    task = await peer.decide()
    assert task.workflow_execution == run


async def test_a_task_of_a_closed_run_is_skipped(peer: Peer) -> None:
    first = await peer.start("first")
    second = await peer.start("second")
    await peer.service.terminate_workflow_execution(api.TerminateWorkflowExecutionRequest(DOMAIN, first, "enough"))
    assert (await peer.decide()).workflow_execution == second
    assert await peer.kinds(first) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "WorkflowExecutionTerminated",
    ]
    with pytest.raises(errors.WorkflowExecutionAlreadyCompletedError, match="already completed"):
        await peer.signal(first)


async def test_signals_and_cancel(peer: Peer) -> None:
    run = await peer.start()
    task = await peer.decide()
    await peer.signal(run, "one")
    assert (await peer.kinds(run))[-1] == "DecisionTaskStarted"
    decision = (await peer.describe(run)).pending_decision
    assert decision.state == PendingDecisionState.STARTED
    await peer.respond(task)
    request = api.RequestCancelWorkflowExecutionRequest(DOMAIN, run, "tester", str(uuid.uuid4()))
    await peer.service.request_cancel_workflow_execution(request)
    with pytest.raises(errors.CancellationAlreadyRequestedError):
        await peer.service.request_cancel_workflow_execution(
            api.RequestCancelWorkflowExecutionRequest(DOMAIN, run, "tester", str(uuid.uuid4()))
        )
    task = await peer.decide()
    assert [EventType(event.event_type).name for event in task.history.events[3:]] == [
        "DecisionTaskCompleted",
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
        "WorkflowExecutionCancelRequested",
        "DecisionTaskStarted",
    ]
    cancelled = api.Decision(
        DecisionType.CancelWorkflowExecution,
        cancel_workflow_execution_decision_attributes=api.CancelWorkflowExecutionDecisionAttributes(b"bye"),
    )
    await peer.respond(task, cancelled)
    status = (await peer.describe(run)).workflow_execution_info.close_status
    assert status == WorkflowExecutionCloseStatus.CANCELED


async def test_signal_with_start(peer: Peer) -> None:
    request = api.SignalWithStartWorkflowExecutionRequest(
        domain=DOMAIN,
        workflow_id="w",
        workflow_type=api.WorkflowType(name="order"),
        task_list=LIST,
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
        request_id=str(uuid.uuid4()),
        signal_name="hey",
    )
    first = await peer.service.signal_with_start_workflow_execution(request)
    request.request_id = str(uuid.uuid4())
    second = await peer.service.signal_with_start_workflow_execution(request)
    assert first.run_id == second.run_id
    kinds = await peer.kinds(api.WorkflowExecution("w", first.run_id))
    assert kinds.count("WorkflowExecutionSignaled") == 2


async def test_activities_by_id_and_their_cancellation(tools: Any, peer: Peer) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide(), tools.activity("a"), tools.activity("b"), tools.activity("c"))
    for _ in range(3):
        await peer.work()
    for_a = {"domain": DOMAIN, "workflow_id": "w", "run_id": None, "activity_id": "a", "identity": "tester"}
    beat = api.RecordActivityTaskHeartbeatByIDRequest(**for_a)
    assert not (await peer.service.record_activity_task_heartbeat_by_id(beat)).cancel_requested
    await peer.service.respond_activity_task_completed_by_id(
        api.RespondActivityTaskCompletedByIDRequest(**for_a, result=b"1")
    )
    with pytest.raises(errors.BadRequestError, match="Cannot locate Activity ScheduleID"):
        await peer.service.respond_activity_task_completed_by_id(api.RespondActivityTaskCompletedByIDRequest(**for_a))
    await peer.service.respond_activity_task_failed_by_id(
        api.RespondActivityTaskFailedByIDRequest(**{**for_a, "activity_id": "b"}, reason="broken")
    )
    cancel = api.Decision(
        DecisionType.RequestCancelActivityTask,
        request_cancel_activity_task_decision_attributes=api.RequestCancelActivityTaskDecisionAttributes("c"),
    )
    await peer.respond(await peer.decide(), cancel)
    (pending,) = (await peer.describe(run)).pending_activities
    assert pending.state == PendingActivityState.CANCEL_REQUESTED
    beat.activity_id = "c"
    assert (await peer.service.record_activity_task_heartbeat_by_id(beat)).cancel_requested
    await peer.service.respond_activity_task_canceled_by_id(
        api.RespondActivityTaskCanceledByIDRequest(**{**for_a, "activity_id": "c"})
    )
    await peer.respond(await peer.decide(), tools.complete())
    assert (await peer.kinds(run))[-5:] == [
        "ActivityTaskCanceled",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]


async def test_failed_and_cancelled_activities_by_token(tools: Any, peer: Peer) -> None:
    await peer.start()
    retry = api.RetryPolicy(initial_interval_in_seconds=1, backoff_coefficient=1.0, maximum_attempts=2)
    await peer.respond(await peer.decide(), tools.activity("a", retry_policy=retry))
    work = await peer.work()
    await peer.service.respond_activity_task_failed(
        api.RespondActivityTaskFailedRequest(work.task_token, "once", b"details", "tester")
    )
    (pending,) = (await peer.describe(work.workflow_execution)).pending_activities
    assert (pending.attempt, pending.last_failure_reason, pending.maximum_attempts) == (1, "once", 2)
    again = await peer.work()
    assert (again.activity_id, again.attempt) == ("a", 1)
    with pytest.raises(errors.EntityNotExistsError):
        await peer.done(work)
    # An undeclared error of the real server, which no client expects.
    with pytest.raises(Exception, match="Unable to add ActivityTaskCanceled event"):
        await peer.service.respond_activity_task_canceled(
            api.RespondActivityTaskCanceledRequest(again.task_token, None, "tester")
        )
    await peer.done(again)


async def test_a_decision_that_fails_comes_again(tools: Any, peer: Peer) -> None:
    run = await peer.start()
    task = await peer.decide()
    failed = api.RespondDecisionTaskFailedRequest(
        task.task_token, DecisionTaskFailedCause.WORKFLOW_WORKER_UNHANDLED_FAILURE, b"oh", "tester"
    )
    await peer.service.respond_decision_task_failed(failed)
    with pytest.raises(errors.EntityNotExistsError, match=r"Decision task not found\."):
        await peer.service.respond_decision_task_failed(failed)
    task = await peer.decide()
    assert task.attempt == 1
    assert [event.event_id for event in task.history.events] == [1, 2, 3, 4, 5, 6]
    assert len((await peer.history(run)).history.events) == 4
    # Two completions with one id: this one can't be carried out.
    await peer.respond(task, tools.activity("a"), tools.activity("a"))
    task = await peer.decide()
    assert task.attempt == 2
    await peer.respond(task, tools.complete())
    assert (await peer.kinds(run))[3:] == [
        "DecisionTaskFailed",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]


async def test_the_next_decision_task_comes_with_the_answer(tools: Any, peer: Peer) -> None:
    run = await peer.start()
    task = await peer.decide()
    answer = await peer.respond(task, return_new_decision_task=True, force_create_new_decision_task=True)
    follow_up = answer.decision_task
    assert [event.event_id for event in follow_up.history.events] == [4, 5, 6]
    answer = await peer.respond(follow_up, tools.complete(), return_new_decision_task=True)
    assert answer.decision_task is None
    assert (await peer.kinds(run))[-1] == "WorkflowExecutionCompleted"


async def test_children(tools: Any, peer: Peer) -> None:
    parent = await peer.start("parent")
    await peer.respond(await peer.decide(), tools.child("one"))
    task = await peer.decide()
    assert task.history.events[-2].event_type != EventType.DecisionTaskStarted
    (pending,) = (await peer.describe(parent)).pending_children
    assert (pending.workflow_id, pending.workflow_typ_name) == ("one", "part")
    await peer.respond(task)
    of_child = await peer.decide("children")
    info = (await peer.describe(of_child.workflow_execution)).workflow_execution_info
    assert (info.parent_execution, info.parent_domain_name) == (parent, DOMAIN)
    await peer.respond(of_child, tools.complete(b"9"))
    task = await peer.decide()
    await peer.respond(task, tools.complete())
    assert "ChildWorkflowExecutionCompleted" in await peer.kinds(parent)


async def test_a_sticky_run_gets_what_is_new(tools: Any, house: House, peer: Peer) -> None:
    run = await peer.start()
    sticky = api.StickyExecutionAttributes(api.TaskList(name="mine"), 5)
    polling = asyncio.create_task(peer.decide("mine"))
    await tools.until(lambda: tools.polled(house, "mine"))
    await peer.respond(await peer.decide(), sticky_attributes=sticky)
    await peer.signal(run)
    task = await polling
    assert task.history.events[0].event_id == 4
    await peer.service.reset_sticky_task_list(api.ResetStickyTaskListRequest(DOMAIN, run))
    await peer.respond(task)
    await peer.signal(run)
    assert (await peer.decide()).history.events[0].event_id == 1


async def test_lists_show_open_and_closed_runs(tools: Any, peer: Peer) -> None:
    first = await peer.start("first")
    second = await peer.start("second")
    await peer.respond(await peer.decide(), tools.complete())
    request = api.ListOpenWorkflowExecutionsRequest(DOMAIN, 10, None, ALWAYS)
    (row,) = (await peer.service.list_open_workflow_executions(request)).executions
    assert row.execution == second
    closed = api.ListClosedWorkflowExecutionsRequest(DOMAIN, 10, None, ALWAYS)
    (row,) = (await peer.service.list_closed_workflow_executions(closed)).executions
    assert row.execution == first
    assert (row.close_status, row.history_length) == (WorkflowExecutionCloseStatus.COMPLETED, 5)


async def test_a_bad_build_gets_no_decision_tasks(peer: Peer) -> None:
    bad = api.BadBinaries(binaries={"sum": api.BadBinaryInfo(reason="broken")})
    settings = api.DomainConfiguration(bad_binaries=bad)
    await peer.service.update_domain(api.UpdateDomainRequest(name=DOMAIN, configuration=settings))
    with pytest.raises(errors.BadRequestError, match="binary sum already marked as bad deployment"):
        await peer.decide()


async def test_a_run_is_described_before_and_after_its_parts(tools: Any, peer: Peer) -> None:
    memo = api.Memo(fields={"customer": b'"acme"'})
    found_by = api.SearchAttributes(indexed_fields={"CustomKeywordField": b'"red"'})
    run = await peer.start(memo=memo, search_attributes=found_by, cron_schedule="0 0 1 1 *")
    answer = await peer.describe(run)
    info = answer.workflow_execution_info
    assert (info.execution, info.type.name, info.task_list, info.is_cron) == (run, "order", "orders", True)
    assert (info.memo, info.search_attributes) == (memo, found_by)
    assert info.execution_time > info.start_time
    assert info.close_status is None
    assert answer.pending_decision is None
    assert answer.execution_configuration.execution_start_to_close_timeout_seconds == 60
    other = await peer.start("other")
    scheduled = (await peer.describe(other)).pending_decision
    assert (scheduled.state, scheduled.schedule_id, scheduled.attempt) == (PendingDecisionState.SCHEDULED, 2, 0)
    await peer.respond(await peer.decide(), tools.activity())
    (pending,) = (await peer.describe(other)).pending_activities
    assert (pending.state, pending.schedule_id) == (PendingActivityState.SCHEDULED, 5)
    assert pending.scheduled_timestamp
    assert pending.last_started_timestamp is None
    await peer.service.refresh_workflow_tasks(api.RefreshWorkflowTasksRequest(DOMAIN, other))
