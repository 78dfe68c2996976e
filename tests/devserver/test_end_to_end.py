"""Whole lives of runs over real sockets, with the SDK's own service on the other side and no worker of ours."""

from __future__ import annotations

import asyncio
import sys
import textwrap
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Self

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.enums import (
    DecisionTaskFailedCause,
    DecisionType,
    EventType,
    HistoryEventFilterType,
    PendingActivityState,
    PendingDecisionState,
    QueryConsistencyLevel,
    QueryRejectCondition,
    QueryResultType,
    QueryTaskCompletedType,
    TaskListType,
    WorkflowExecutionCloseStatus,
    WorkflowIdReusePolicy,
)
from cadence.devserver import DevServer, DevServerOptions
from cadence.devserver.house import House
from cadence.service import WorkflowService

DOMAIN = "samples"
LIST = api.TaskList(name="orders")
ALWAYS = api.StartTimeFilter(earliest_time=0, latest_time=2**62)


class Peer:
    """Client and worker in one: each method is one call."""

    def __init__(self, address: str) -> None:
        self.service = WorkflowService.connect(address, retry=None)

    async def start(self, workflow_id: str = "w", **more: Any) -> api.WorkflowExecution:
        request = api.StartWorkflowExecutionRequest(
            domain=DOMAIN,
            workflow_id=workflow_id,
            workflow_type=api.WorkflowType(name="order"),
            task_list=LIST,
            execution_start_to_close_timeout_seconds=60,
            task_start_to_close_timeout_seconds=10,
            request_id=str(uuid.uuid4()),
            input=b"[1]",
        )
        for name, value in more.items():
            setattr(request, name, value)
        answer = await self.service.start_workflow_execution(request)
        return api.WorkflowExecution(workflow_id=workflow_id, run_id=answer.run_id)

    async def decide(self, name: str = "orders", timeout: float = 20) -> api.PollForDecisionTaskResponse:
        request = api.PollForDecisionTaskRequest(DOMAIN, api.TaskList(name=name), "tester", "sum")
        return await self.service.poll_for_decision_task(request, timeout=timeout)

    async def respond(
        self, task: api.PollForDecisionTaskResponse, *decisions: api.Decision, **more: Any
    ) -> api.RespondDecisionTaskCompletedResponse:
        return await self.service.respond_decision_task_completed(
            api.RespondDecisionTaskCompletedRequest(
                task_token=task.task_token, decisions=list(decisions), identity="tester", **more
            )
        )

    async def work(self, timeout: float = 20) -> api.PollForActivityTaskResponse:
        request = api.PollForActivityTaskRequest(DOMAIN, LIST, "tester")
        return await self.service.poll_for_activity_task(request, timeout=timeout)

    async def done(self, task: api.PollForActivityTaskResponse, result: bytes = b"1") -> None:
        await self.service.respond_activity_task_completed(
            api.RespondActivityTaskCompletedRequest(task.task_token, result, "tester")
        )

    async def signal(self, run: api.WorkflowExecution, name: str = "s") -> None:
        await self.service.signal_workflow_execution(
            api.SignalWorkflowExecutionRequest(DOMAIN, run, name, b"[]", "tester")
        )

    async def history(self, run: api.WorkflowExecution, **more: Any) -> api.GetWorkflowExecutionHistoryResponse:
        timeout = more.pop("timeout", 20)
        request = api.GetWorkflowExecutionHistoryRequest(domain=DOMAIN, execution=run, **more)
        return await self.service.get_workflow_execution_history(request, timeout=timeout)

    async def kinds(self, run: api.WorkflowExecution) -> list[str]:
        events = (await self.history(run)).history.events
        assert [event.event_id for event in events] == list(range(1, len(events) + 1))
        return [EventType(event.event_type).name for event in events]

    async def describe(self, run: api.WorkflowExecution) -> api.DescribeWorkflowExecutionResponse:
        return await self.service.describe_workflow_execution(api.DescribeWorkflowExecutionRequest(DOMAIN, run))

    async def query(self, run: api.WorkflowExecution, *, strong: bool = False, **more: Any) -> Any:
        level = QueryConsistencyLevel.STRONG if strong else QueryConsistencyLevel.EVENTUAL
        timeout = more.pop("timeout", 20)
        request = api.QueryWorkflowRequest(
            DOMAIN, run, api.WorkflowQuery("state", b"[7]"), query_consistency_level=level, **more
        )
        return await self.service.query_workflow(request, timeout=timeout)

    async def answer(self, task: api.PollForDecisionTaskResponse, result: bytes, failed: bool = False) -> None:
        kind = QueryTaskCompletedType.FAILED if failed else QueryTaskCompletedType.COMPLETED
        await self.service.respond_query_task_completed(
            api.RespondQueryTaskCompletedRequest(
                task.task_token, kind, None if failed else result, "no" if failed else None
            )
        )


def activity(name: str = "a", **more: Any) -> api.Decision:
    attributes = api.ScheduleActivityTaskDecisionAttributes(
        activity_id=name,
        activity_type=api.ActivityType(name="charge"),
        task_list=LIST,
        input=b"[2]",
        schedule_to_close_timeout_seconds=20,
        schedule_to_start_timeout_seconds=20,
        start_to_close_timeout_seconds=20,
        heartbeat_timeout_seconds=10,
        **more,
    )
    return api.Decision(DecisionType.ScheduleActivityTask, schedule_activity_task_decision_attributes=attributes)


def complete(result: bytes = b"2") -> api.Decision:
    attributes = api.CompleteWorkflowExecutionDecisionAttributes(result)
    return api.Decision(
        DecisionType.CompleteWorkflowExecution, complete_workflow_execution_decision_attributes=attributes
    )


def child(name: str) -> api.Decision:
    attributes = api.StartChildWorkflowExecutionDecisionAttributes(
        workflow_id=name, workflow_type=api.WorkflowType(name="part"), task_list=api.TaskList(name="children")
    )
    return api.Decision(
        DecisionType.StartChildWorkflowExecution, start_child_workflow_execution_decision_attributes=attributes
    )


@pytest.fixture
async def server() -> AsyncIterator[DevServer]:
    async with DevServer(DevServerOptions(domains=(DOMAIN,))) as server:
        yield server


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens on this loop."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # the loop is all there is to wait for
            await asyncio.sleep(0)


def polled(house: House, name: str) -> bool:
    return house.matching.has_poller(house.domains.find(DOMAIN).id, name, "decision")


@pytest.fixture
def house(server: DevServer) -> House:
    return server._running()


@pytest.fixture
async def peer(server: DevServer) -> AsyncIterator[Peer]:
    peer = Peer(server.address)
    yield peer
    await peer.service.close()


async def test_a_run_with_an_activity(peer: Peer) -> None:
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
    await peer.respond(task, activity())
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
    await peer.respond(task, complete())
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
        await peer.respond(task, complete())


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


async def test_a_poll_that_was_given_up_takes_no_task(house: House, peer: Peer) -> None:
    poll = asyncio.create_task(peer.decide())
    await until(lambda: polled(house, "orders"))
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


async def test_activities_by_id_and_their_cancellation(peer: Peer) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide(), activity("a"), activity("b"), activity("c"))
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
    await peer.respond(await peer.decide(), complete())
    assert (await peer.kinds(run))[-5:] == [
        "ActivityTaskCanceled",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]


async def test_failed_and_cancelled_activities_by_token(peer: Peer) -> None:
    await peer.start()
    retry = api.RetryPolicy(initial_interval_in_seconds=1, backoff_coefficient=1.0, maximum_attempts=2)
    await peer.respond(await peer.decide(), activity("a", retry_policy=retry))
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


async def test_a_decision_that_fails_comes_again(peer: Peer) -> None:
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
    await peer.respond(task, activity("a"), activity("a"))
    task = await peer.decide()
    assert task.attempt == 2
    await peer.respond(task, complete())
    assert (await peer.kinds(run))[3:] == [
        "DecisionTaskFailed",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]


async def test_the_next_decision_task_comes_with_the_answer(peer: Peer) -> None:
    run = await peer.start()
    task = await peer.decide()
    answer = await peer.respond(task, return_new_decision_task=True, force_create_new_decision_task=True)
    follow_up = answer.decision_task
    assert [event.event_id for event in follow_up.history.events] == [4, 5, 6]
    answer = await peer.respond(follow_up, complete(), return_new_decision_task=True)
    assert answer.decision_task is None
    assert (await peer.kinds(run))[-1] == "WorkflowExecutionCompleted"


async def test_children(peer: Peer) -> None:
    parent = await peer.start("parent")
    await peer.respond(await peer.decide(), child("one"))
    task = await peer.decide()
    assert task.history.events[-2].event_type != EventType.DecisionTaskStarted
    (pending,) = (await peer.describe(parent)).pending_children
    assert (pending.workflow_id, pending.workflow_typ_name) == ("one", "part")
    await peer.respond(task)
    of_child = await peer.decide("children")
    info = (await peer.describe(of_child.workflow_execution)).workflow_execution_info
    assert (info.parent_execution, info.parent_domain_name) == (parent, DOMAIN)
    await peer.respond(of_child, complete(b"9"))
    task = await peer.decide()
    await peer.respond(task, complete())
    assert "ChildWorkflowExecutionCompleted" in await peer.kinds(parent)


async def test_a_sticky_run_gets_what_is_new(house: House, peer: Peer) -> None:
    run = await peer.start()
    sticky = api.StickyExecutionAttributes(api.TaskList(name="mine"), 5)
    polling = asyncio.create_task(peer.decide("mine"))
    await until(lambda: polled(house, "mine"))
    await peer.respond(await peer.decide(), sticky_attributes=sticky)
    await peer.signal(run)
    task = await polling
    assert task.history.events[0].event_id == 4
    await peer.service.reset_sticky_task_list(api.ResetStickyTaskListRequest(DOMAIN, run))
    await peer.respond(task)
    await peer.signal(run)
    assert (await peer.decide()).history.events[0].event_id == 1


async def test_histories_in_pages(peer: Peer) -> None:
    run = await peer.start()
    for _ in range(5):
        await peer.signal(run)
    events, token = [], None
    while True:
        page = await peer.history(run, maximum_page_size=2, next_page_token=token)
        assert len(page.history.events) <= 2
        events += page.history.events
        token = page.next_page_token
        if not token:
            break
    assert [event.event_id for event in events] == list(range(1, 8))
    other = await peer.start("other")
    page = await peer.history(run, maximum_page_size=2)
    with pytest.raises(errors.BadRequestError, match="RunID in the request does not match"):
        await peer.history(other, next_page_token=page.next_page_token)
    with pytest.raises(errors.BadRequestError, match=r"Invalid NextPageToken\."):
        await peer.history(run, next_page_token=b"{")
    with pytest.raises(errors.BadRequestError, match="requested workflow history does not exist"):
        await peer.history(api.WorkflowExecution("w", str(uuid.uuid4())))
    with pytest.raises(errors.EntityNotExistsError):
        await peer.history(api.WorkflowExecution("nobody"))


async def test_the_history_of_a_task_in_pages(peer: Peer) -> None:
    run = await peer.start()
    for _ in range(1_100):
        await peer.signal(run)
    task = await peer.decide()
    assert len(task.history.events) == 1_000
    page = await peer.history(run, next_page_token=task.next_page_token)
    assert not page.next_page_token
    assert [event.event_id for event in page.history.events] == list(range(1_001, 1_104))
    await peer.service.respond_decision_task_failed(
        api.RespondDecisionTaskFailedRequest(task.task_token, DecisionTaskFailedCause.UNHANDLED_DECISION)
    )
    task = await peer.decide()
    page = await peer.history(run, next_page_token=task.next_page_token)
    assert [event.event_id for event in page.history.events][-3:] == [1_104, 1_105, 1_106]
    assert page.history.events[-1].event_type == EventType.DecisionTaskStarted


async def test_a_history_of_large_events_comes_in_more_pages(peer: Peer) -> None:
    run = await peer.start()
    large = b"x" * 2 * 1024 * 1024
    for _ in range(40):
        await peer.service.signal_workflow_execution(
            api.SignalWorkflowExecutionRequest(DOMAIN, run, "large", large, "tester")
        )
    task = await peer.decide()
    sizes, token = [len(task.history.events)], task.next_page_token
    while token:
        page = await peer.history(run, next_page_token=token)
        sizes.append(len(page.history.events))
        token = page.next_page_token
    assert sum(sizes) == 43
    assert max(sizes) <= 3


async def test_a_history_is_followed(peer: Peer) -> None:
    run = await peer.start()
    page = await peer.history(run, wait_for_new_event=True)
    assert len(page.history.events) == 2
    following = asyncio.create_task(peer.history(run, wait_for_new_event=True, next_page_token=page.next_page_token))
    await peer.signal(run)
    page = await following
    assert [event.event_id for event in page.history.events] == [3]
    empty = await peer.history(run, wait_for_new_event=True, next_page_token=page.next_page_token, timeout=1)
    assert not empty.history.events
    assert empty.next_page_token
    await peer.respond(await peer.decide(), complete())
    seen, token = [1, 2, 3], empty.next_page_token
    while token:
        page = await peer.history(run, wait_for_new_event=True, next_page_token=token)
        seen += [event.event_id for event in page.history.events]
        token = page.next_page_token
    assert seen == list(range(1, 7))


async def test_a_result_is_waited_for(peer: Peer) -> None:
    run = await peer.start()
    only = {"wait_for_new_event": True, "history_event_filter_type": HistoryEventFilterType.CLOSE_EVENT}
    early = await peer.history(run, **only, timeout=1)
    assert not early.history.events
    waiting = asyncio.create_task(peer.history(run, **only, next_page_token=early.next_page_token))
    await peer.respond(await peer.decide(), complete(b"ok"))
    page = await waiting
    (event,) = page.history.events
    assert event.workflow_execution_completed_event_attributes.result == b"ok"
    assert not page.next_page_token
    (event,) = (await peer.history(run, **only)).history.events
    assert event.event_type == EventType.WorkflowExecutionCompleted


async def test_queries_that_need_no_order(house: House, peer: Peer) -> None:
    run = await peer.start()
    with pytest.raises(errors.QueryFailedError, match="must handle at least one decision task"):
        await peer.query(run)
    task = await peer.decide()
    early = asyncio.create_task(peer.query(run))
    await until(lambda: bool(house.history.find(house.domains.find(DOMAIN).id, "w").first_decision_waiters))
    await peer.respond(task)
    task = await peer.decide()
    assert (task.query.query_type, task.query.query_args) == ("state", b"[7]")
    assert task.queries is None
    assert [event.event_id for event in task.history.events] == [1, 2, 3, 4]
    await peer.answer(task, b"42")
    assert (await early).query_result == b"42"
    with pytest.raises(errors.EntityNotExistsError, match="query task not found"):
        await peer.answer(task, b"43")
    failing = asyncio.create_task(peer.query(run, strong=True))
    await peer.answer(await peer.decide(), b"", failed=True)
    with pytest.raises(errors.QueryFailedError, match="no"):
        await failing
    given_up = asyncio.create_task(peer.query(run, timeout=0.2))
    await asyncio.wait([given_up])
    assert given_up.exception() is not None
    assert (await peer.decide(timeout=1)).task_token is None
    assert await peer.kinds(run) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
    ]


async def test_a_query_that_sees_what_happened_before(house: House, peer: Peer) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide())
    await peer.signal(run)
    asking = asyncio.create_task(peer.query(run, strong=True))
    await until(lambda: len(house.queries) == 1)
    task = await peer.decide()
    ((key, query),) = task.queries.items()
    assert query.query_type == "state"
    # The worker fails: the query goes out with the next attempt.
    await peer.service.respond_decision_task_failed(
        api.RespondDecisionTaskFailedRequest(task.task_token, DecisionTaskFailedCause.UNHANDLED_DECISION)
    )
    task = await peer.decide()
    assert task.queries.keys() == {key}
    results = {key: api.WorkflowQueryResult(QueryResultType.ANSWERED, b"after")}
    await peer.respond(task, query_results=results)
    assert (await asking).query_result == b"after"


async def test_a_query_is_asked_alone_when_its_decision_task_ends_without_answer(house: House, peer: Peer) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide())
    await peer.signal(run)
    task = await peer.decide()
    asking = asyncio.create_task(peer.query(run, strong=True))
    asking_too = asyncio.create_task(peer.query(run, strong=True))
    await until(lambda: len(house.queries) == 2)
    await peer.respond(task)
    await peer.answer(await peer.decide(), b"1")
    await peer.signal(run)
    await peer.answer(await peer.decide(), b"1")
    assert (await asking).query_result == (await asking_too).query_result == b"1"
    task = await peer.decide()
    asking = asyncio.create_task(peer.query(run, strong=True))
    await until(lambda: len(house.queries) == 1)
    await peer.respond(task, complete())
    await peer.answer(await peer.decide(), b"closed")
    assert (await asking).query_result == b"closed"


async def test_queries_of_closed_runs_can_be_refused(peer: Peer) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide(), complete())
    refused = await peer.query(run, query_reject_condition=QueryRejectCondition.NOT_OPEN)
    assert refused.query_rejected.close_status == WorkflowExecutionCloseStatus.COMPLETED
    clean = QueryRejectCondition.NOT_COMPLETED_CLEANLY
    asking = asyncio.create_task(peer.query(run, query_reject_condition=clean))
    await peer.answer(await peer.decide(), b"1")
    assert (await asking).query_result == b"1"


async def test_a_query_goes_to_the_worker_that_keeps_the_run(house: House, peer: Peer) -> None:
    run = await peer.start()
    sticky = api.StickyExecutionAttributes(api.TaskList(name="mine"), 1)
    polling = asyncio.create_task(peer.decide("mine"))
    await until(lambda: polled(house, "mine"))
    await peer.respond(await peer.decide(), sticky_attributes=sticky)
    asking = asyncio.create_task(peer.query(run))
    task = await polling
    assert not task.history.events
    await peer.answer(task, b"kept")
    assert (await asking).query_result == b"kept"
    # It polled just now, but never comes back: any worker can answer.
    asking = asyncio.create_task(peer.query(run))
    task = await peer.decide()
    assert [event.event_id for event in task.history.events] == [1, 2, 3, 4]
    await peer.answer(task, b"again")
    assert (await asking).query_result == b"again"


async def test_lists_show_open_and_closed_runs(peer: Peer) -> None:
    first = await peer.start("first")
    second = await peer.start("second")
    await peer.respond(await peer.decide(), complete())
    request = api.ListOpenWorkflowExecutionsRequest(DOMAIN, 10, None, ALWAYS)
    (row,) = (await peer.service.list_open_workflow_executions(request)).executions
    assert row.execution == second
    closed = api.ListClosedWorkflowExecutionsRequest(DOMAIN, 10, None, ALWAYS)
    (row,) = (await peer.service.list_closed_workflow_executions(closed)).executions
    assert row.execution == first
    assert (row.close_status, row.history_length) == (WorkflowExecutionCloseStatus.COMPLETED, 5)


async def test_who_waits_is_answered_when_the_server_closes(server: DevServer, house: House, peer: Peer) -> None:
    run = await peer.start()
    task = await peer.decide()
    await peer.respond(task)
    page = await peer.history(run, wait_for_new_event=True)
    waits = [
        asyncio.create_task(peer.decide("other")),
        asyncio.create_task(peer.work()),
        asyncio.create_task(peer.history(run, wait_for_new_event=True, next_page_token=page.next_page_token)),
    ]
    query = asyncio.create_task(peer.query(run))
    await until(lambda: polled(house, "other") and len(house.queries) == 1 and len(house.waiting) == 1)
    await peer.service.health()
    started = asyncio.get_running_loop().time()
    await server.close()
    assert asyncio.get_running_loop().time() - started < server.options.shutdown_grace
    decision, work, more = await asyncio.gather(*waits)
    assert decision == api.PollForDecisionTaskResponse()
    assert work == api.PollForActivityTaskResponse()
    assert not more.history.events
    assert more.next_page_token
    with pytest.raises(errors.ServiceBusyError, match="shutting down"):
        await query


SERVER = """
    import asyncio, sys
    from cadence.devserver import DevServer, DevServerOptions

    async def main():
        async with DevServer(DevServerOptions(database=sys.argv[1], domains=("samples",))) as server:
            print(server.address, flush=True)
            await asyncio.Event().wait()

    asyncio.run(main())
"""


class Process:
    """A server in a process of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def __aenter__(self) -> Self:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", textwrap.dedent(SERVER), str(self.path), stdout=asyncio.subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.peer = Peer((await self.process.stdout.readline()).decode().strip())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.peer.service.close()
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


async def test_runs_go_on_after_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    async with Process(path) as one:
        peer = one.peer
        deciding = await peer.start("deciding")
        task = await peer.decide()
        working = await peer.start("working")
        await peer.respond(await peer.decide(), activity())
        work = await peer.work()
        waiting = await peer.start("waiting")
        await peer.respond(await peer.decide(), activity("later"))
        closed = await peer.start("closed")
        await peer.respond(await peer.decide(), complete(b"ok"))
        fresh = await peer.start("fresh")
        await peer.signal(deciding, "unseen")
        before = {run.run_id: await peer.kinds(run) for run in (deciding, working, waiting, closed, fresh)}
    async with Process(path) as one:
        peer = one.peer
        assert {run.run_id: await peer.kinds(run) for run in (deciding, working, waiting, closed, fresh)} == before
        with pytest.raises(errors.WorkflowExecutionAlreadyStartedError):
            await peer.start("fresh")
        # What workers had in their hands they may still answer.
        await peer.respond(task)
        await peer.done(work)
        assert (await peer.work()).activity_id == "later"
        seen = [(await peer.decide()) for _ in range(3)]
        assert {each.workflow_execution.run_id for each in seen} == {deciding.run_id, working.run_id, fresh.run_id}
        for each in seen:
            await peer.respond(each, complete())
        assert "WorkflowExecutionSignaled" in await peer.kinds(deciding)
        for run in (deciding, working, fresh, closed):
            assert (await peer.kinds(run))[-1] == "WorkflowExecutionCompleted"
        await peer.start("closed", workflow_id_reuse_policy=WorkflowIdReusePolicy.AllowDuplicate)
        kept = await peer.kinds(closed)
    async with Process(path) as one:
        assert await one.peer.kinds(closed) == kept
        open_runs = api.ListOpenWorkflowExecutionsRequest(DOMAIN, 10, None, ALWAYS)
        rows = (await one.peer.service.list_open_workflow_executions(open_runs)).executions
        assert sorted(row.execution.workflow_id for row in rows) == ["closed", "waiting"]


async def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    started: list[api.WorkflowExecution] = []
    signalled: dict[str, int] = {}
    completed: list[api.WorkflowExecution] = []

    async def client(peer: Peer, lane: int) -> None:
        for number in range(1_000):
            run = await peer.start(f"{lane}-{number}")
            started.append(run)
            for _ in range(3):
                await peer.signal(run)
                signalled[run.run_id] = signalled.get(run.run_id, 0) + 1

    async def worker(peer: Peer) -> None:
        while True:
            task = await peer.decide()
            if len(task.history.events) > 4:
                await peer.respond(task, complete())
                completed.append(task.workflow_execution)
            else:
                await peer.respond(task)

    async with Process(path) as one:
        load = [asyncio.create_task(client(one.peer, lane)) for lane in range(4)]
        load += [asyncio.create_task(worker(one.peer)) for _ in range(4)]
        async with asyncio.timeout(30):
            await until(lambda: len(completed) >= 30)
        one.process.kill()
        await one.process.wait()
        for each in load:
            each.cancel()
        await asyncio.gather(*load, return_exceptions=True)
    async with Process(path) as one:
        for run in started:
            kinds = await one.peer.kinds(run)
            if run in completed:
                assert kinds[-1] == "WorkflowExecutionCompleted"
            assert kinds.count("WorkflowExecutionSignaled") >= signalled.get(run.run_id, 0)
            if not kinds[-1].startswith("WorkflowExecutionCompleted"):
                await one.peer.service.terminate_workflow_execution(api.TerminateWorkflowExecutionRequest(DOMAIN, run))
