"""Handles: results of every ending and over chains of runs, signals, queries, cancel, terminate, describe, history."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import api, workflow
from cadence.api import codec
from cadence.api.enums import (
    ContinueAsNewInitiator,
    EventType,
    HistoryEventFilterType,
    PendingActivityState,
    PendingDecisionState,
    QueryConsistencyLevel,
    QueryRejectCondition,
    TimeoutType,
    WorkflowExecutionCloseStatus,
)
from cadence.client import Client, WorkflowHandle, WorkflowStatus
from cadence.client.descriptions import member_name
from cadence.converter import CompressionCodec, Convention, DataConverter
from cadence.errors import EntityNotExistsError, QueryFailedError, WorkflowExecutionAlreadyCompletedError
from cadence.exceptions import (
    ApplicationError,
    ConfigurationError,
    ConversionError,
    QueryRejectedError,
    TimeoutKind,
    WorkflowCanceledError,
    WorkflowContinuedAsNewError,
    WorkflowError,
    WorkflowFailedError,
    WorkflowTerminatedError,
    WorkflowTimedOutError,
)

MINUTE = timedelta(minutes=1)
HISTORY = "GetWorkflowExecutionHistory"
RUN = api.WorkflowExecution(workflow_id="w", run_id="r")


@workflow.defn(task_list="greetings", execution_start_to_close_timeout=MINUTE)
class Greeting:
    @workflow.run
    async def run(self, name: str) -> list[str]:
        return [name]

    @workflow.signal
    def greet_with(self, greeting: str, times: int = 1) -> None: ...

    @workflow.query
    def current(self) -> tuple[str, int]:
        return "", 1


def event(kind: EventType, **fields: Any) -> api.HistoryEvent:
    """Make an event with the attributes that belong to its type."""
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.name)[1:]
    attributes = getattr(api, f"{kind.name}EventAttributes")(**fields)
    return api.HistoryEvent(event_id=9, event_type=kind, **{f"{name}_event_attributes": attributes})


def page(*events: api.HistoryEvent, token: bytes | None = None) -> api.GetWorkflowExecutionHistoryResponse:
    return api.GetWorkflowExecutionHistoryResponse(history=api.History(events=list(events)), next_page_token=token)


def completed(result: bytes | None) -> api.GetWorkflowExecutionHistoryResponse:
    return page(event(EventType.WorkflowExecutionCompleted, result=result))


@pytest.fixture
def handle(client: Client) -> WorkflowHandle[list[str]]:
    """A handle of one run."""
    return client.get_workflow_handle("w", run_id="r", workflow=Greeting.run)


@pytest.fixture
async def started(client: Client, frontend: Any) -> WorkflowHandle[list[str]]:
    """A handle from a start."""
    frontend.on("StartWorkflowExecution", api.StartWorkflowExecutionResponse(run_id="r"))
    return await client.start_workflow(Greeting.run, "x", workflow_id="w")


async def test_the_result_is_waited_for_in_long_polls(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on(HISTORY, page(token=b"1"), page(token=b"2"), completed(b'["x"]'))
    assert await handle.result() == ["x"]
    requests = frontend.of(HISTORY)
    assert [request.next_page_token for request in requests] == [None, b"1", b"2"]
    for request in requests:
        assert (request.domain, request.execution) == ("samples", RUN)
        assert request.wait_for_new_event
        assert request.history_event_filter_type == HistoryEventFilterType.CLOSE_EVENT


async def test_execute_starts_and_waits(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", api.StartWorkflowExecutionResponse(run_id="r"))
    frontend.on(HISTORY, completed(b'["x"]'))
    assert await client.execute_workflow(Greeting.run, "x", workflow_id="w") == ["x"]
    assert frontend.of(HISTORY)[0].execution == RUN


async def test_a_result_comes_without_a_type_or_as_the_one_asked_for(client: Client, frontend: Any) -> None:
    frontend.on(HISTORY, completed(b'{"1": 2}'))
    assert await client.get_workflow_handle("w", workflow="far").result() == {"1": 2}
    assert await client.get_workflow_handle("w", result_type=dict[int, int]).result() == {1: 2}
    with pytest.raises(ConversionError, match=r"result of workflow Greeting \(id \"w\"\)"):
        await client.get_workflow_handle("w", workflow=Greeting).result()
    frontend.on(HISTORY, completed(None))
    assert await client.get_workflow_handle("w").result() is None


async def test_a_result_is_read_as_the_server_keeps_it(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    kept = codec.encode(completed(b'["x"]').history or api.History())
    frontend.on(HISTORY, api.GetWorkflowExecutionHistoryResponse(raw_history=[api.DataBlob(data=b"\x59" + kept)]))
    assert await handle.result() == ["x"]
    frontend.on(HISTORY, api.GetWorkflowExecutionHistoryResponse(raw_history=[api.DataBlob(data=b"[]")]))
    with pytest.raises(ConversionError, match="encoding"):
        await handle.result()


async def test_the_result_is_that_of_the_chain(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    chain = {
        "r": page(event(EventType.WorkflowExecutionContinuedAsNew, new_execution_run_id="s")),
        "s": page(event(EventType.WorkflowExecutionContinuedAsNew, new_execution_run_id="t")),
        "t": completed(b'["x"]'),
    }
    frontend.on(HISTORY, lambda request: chain[request.execution.run_id])
    assert await handle.result() == ["x"]
    with pytest.raises(WorkflowContinuedAsNewError) as caught:
        await handle.result(follow_runs=False)
    assert (caught.value.run_id, caught.value.new_run_id) == ("r", "s")
    chain["t"] = page(event(EventType.WorkflowExecutionTerminated, reason="enough"))
    with pytest.raises(WorkflowTerminatedError, match="run t, was terminated: enough"):
        await handle.result()


async def test_why_another_run_goes_on(handle: WorkflowHandle[list[str]], client: Client, frontend: Any) -> None:
    def ends(**fields: Any) -> None:
        frontend.on(HISTORY, page(event(EventType.WorkflowExecutionContinuedAsNew, new_execution_run_id="s", **fields)))

    reason, details = client.converter.encode_failure(ApplicationError("no luck", reason="luck"))
    ends(initiator=ContinueAsNewInitiator.RetryPolicy, failure_reason=reason, failure_details=details)
    with pytest.raises(WorkflowContinuedAsNewError, match=r"run s goes on after .*no luck") as retried:
        await handle.result(follow_runs=False)
    assert retried.value.initiator == "RetryPolicy"
    assert isinstance(retried.value.__cause__, ApplicationError)
    ends(initiator=ContinueAsNewInitiator.CronSchedule, last_completion_result=b'["x"]')
    with pytest.raises(WorkflowContinuedAsNewError) as again:
        await handle.result(follow_runs=False)
    assert (again.value.initiator, again.value.last_result, again.value.__cause__) == ("CronSchedule", ["x"], None)
    ends(initiator=ContinueAsNewInitiator.Decider)
    with pytest.raises(WorkflowContinuedAsNewError, match=r"run s goes on$") as continued:
        await handle.result(follow_runs=False)
    assert (continued.value.initiator, continued.value.last_result) == ("Decider", None)


async def test_a_failure_is_the_cause(handle: WorkflowHandle[list[str]], client: Client, frontend: Any) -> None:
    reason, details = client.converter.encode_failure(ApplicationError("no luck", 3, reason="luck"))
    frontend.on(HISTORY, page(event(EventType.WorkflowExecutionFailed, reason=reason, details=details)))
    with pytest.raises(WorkflowFailedError, match="no luck") as caught:
        await handle.result()
    assert (caught.value.workflow_id, caught.value.run_id, caught.value.workflow_type) == ("w", "r", "Greeting")
    assert caught.value.reason == "luck"
    cause = caught.value.__cause__
    assert isinstance(cause, ApplicationError)
    assert list(cause.details) == [3]


async def test_the_other_endings(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on(HISTORY, page(event(EventType.WorkflowExecutionTimedOut, timeout_type=TimeoutType.START_TO_CLOSE)))
    with pytest.raises(WorkflowTimedOutError) as timed_out:
        await handle.result()
    assert timed_out.value.kind is TimeoutKind.START_TO_CLOSE
    for details, decoded in ((b'"half"', "half"), (b"\xff", b"\xff"), (None, None)):
        frontend.on(HISTORY, page(event(EventType.WorkflowExecutionCanceled, details=details)))
        with pytest.raises(WorkflowCanceledError) as canceled:
            await handle.result()
        assert canceled.value.details == decoded
    frontend.on(HISTORY, page(api.HistoryEvent(event_id=9, event_type=EventType.TimerFired)))
    with pytest.raises(WorkflowError, match="TimerFired"):
        await handle.result()


async def test_a_wait_can_end_before_the_workflow(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on(HISTORY, asyncio.Event())
    with pytest.raises(TimeoutError):
        await handle.result(timeout=timedelta(milliseconds=5))
    assert [name for name, _ in frontend.requests] == [HISTORY]


async def test_an_unknown_workflow_is_told(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on(HISTORY, EntityNotExistsError(message="no rows"))
    with pytest.raises(EntityNotExistsError, match="no rows"):
        await handle.result()


async def test_signals_go_to_the_run_that_is_named(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on("SignalWorkflowExecution", None)
    await handle.signal(Greeting.greet_with, "Hi", 2)
    await handle.signal("stop")
    first, second = frontend.of("SignalWorkflowExecution")
    assert (first.signal_name, first.input, first.workflow_execution) == ("greet_with", b'"Hi"\n2\n', RUN)
    assert (first.domain, first.identity) == ("samples", "tester")
    assert (second.signal_name, second.input) == ("stop", None)
    assert first.request_id != second.request_id
    with pytest.raises(ConfigurationError, match="no signal handler"):
        await handle.signal(len, "x")
    frontend.on("SignalWorkflowExecution", WorkflowExecutionAlreadyCompletedError(message="closed"))
    with pytest.raises(WorkflowExecutionAlreadyCompletedError):
        await handle.signal("stop")


async def test_a_started_workflow_is_reached_in_its_current_run(
    started: WorkflowHandle[list[str]], frontend: Any
) -> None:
    for rpc in ("SignalWorkflowExecution", "RequestCancelWorkflowExecution", "TerminateWorkflowExecution"):
        frontend.on(rpc, None)
    await started.signal("stop")
    await started.cancel("because")
    await started.terminate("enough", 1, "x")
    (signal,), (cancel,), (terminate,) = (frontend.of(rpc) for rpc in list(frontend.outcomes)[1:])
    assert all(request.workflow_execution.run_id is None for request in (signal, cancel, terminate))
    assert (cancel.cause, cancel.first_execution_run_id) == ("because", "r")
    assert (terminate.reason, terminate.details, terminate.first_execution_run_id) == ("enough", b'1\n"x"\n', "r")
    assert cancel.identity == terminate.identity == "tester"


async def test_a_named_run_is_cancelled_itself(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on("RequestCancelWorkflowExecution", None)
    await handle.cancel()
    (request,) = frontend.of("RequestCancelWorkflowExecution")
    assert (request.workflow_execution, request.first_execution_run_id, request.cause) == (RUN, None, None)


async def test_queries_are_typed(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on("QueryWorkflow", api.QueryWorkflowResponse(query_result=b'["Hi",3]'))
    assert await handle.query(Greeting.current) == ("Hi", 3)
    assert await handle.query("current", 1) == ["Hi", 3]
    result = await handle.query(
        "current",
        result_type=tuple[str, int],
        reject_condition=QueryRejectCondition.NOT_OPEN,
        consistency=QueryConsistencyLevel.STRONG,
        timeout=timedelta(seconds=3),
    )
    assert result == ("Hi", 3)
    first, second, third = frontend.of("QueryWorkflow")
    assert (first.query, first.execution) == (api.WorkflowQuery(query_type="current"), RUN)
    assert (first.query_reject_condition, first.query_consistency_level) == (None, None)
    assert second.query.query_args == b"1\n"
    assert third.query_reject_condition == QueryRejectCondition.NOT_OPEN
    assert third.query_consistency_level == QueryConsistencyLevel.STRONG
    assert frontend.timeouts[-1] == 3


async def test_the_stack_is_a_query(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on("QueryWorkflow", api.QueryWorkflowResponse(query_result=b'"File \\"app.py\\", line 3"'))
    assert await handle.stack_trace(timeout=timedelta(seconds=3)) == 'File "app.py", line 3'
    (request,) = frontend.of("QueryWorkflow")
    assert (request.query, request.execution) == (api.WorkflowQuery(query_type="__stack_trace"), RUN)
    assert frontend.timeouts == [3]
    frontend.on("QueryWorkflow", QueryFailedError(message="unknown queryType __stack_trace"))
    with pytest.raises(QueryFailedError, match="unknown queryType"):
        await handle.stack_trace()


async def test_queries_are_refused_and_fail(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    closed = api.QueryRejected(close_status=WorkflowExecutionCloseStatus.FAILED)
    frontend.on("QueryWorkflow", api.QueryWorkflowResponse(query_rejected=closed))
    with pytest.raises(QueryRejectedError) as caught:
        await handle.query("current")
    assert caught.value.close_status == "FAILED"
    frontend.on("QueryWorkflow", QueryFailedError(message="unknown queryType current"))
    with pytest.raises(QueryFailedError, match="unknown queryType"):
        await handle.query("current")
    frontend.on("QueryWorkflow", QueryFailedError(message="{no form"), QueryFailedError(message='{"a": 1}'))
    for text in ("{no form", '{"a": 1}'):
        with pytest.raises(QueryFailedError) as failed:
            await handle.query("current")
        assert (failed.value.message, failed.value.__cause__) == (text, None)
    with pytest.raises(ConfigurationError, match="no query handler"):
        await handle.query(len)


async def test_what_a_querys_handler_raised_is_the_cause_where_it_is_told(
    handle: WorkflowHandle[list[str]], client: Client, frontend: Any
) -> None:
    _, form = client.converter.failures.encode(KeyError("x"), Convention.PYTHON_1)
    assert form is not None
    frontend.on("QueryWorkflow", QueryFailedError(message=form.decode()))
    with pytest.raises(QueryFailedError, match=r"^KeyError: 'x'$") as caught:
        await handle.query("current")
    assert isinstance(caught.value.__cause__, KeyError)


async def test_a_run_is_described(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    second = 1_000_000_000
    frontend.on(
        "DescribeWorkflowExecution",
        api.DescribeWorkflowExecutionResponse(
            execution_configuration=api.WorkflowExecutionConfiguration(
                task_list=api.TaskList(name="greetings"),
                execution_start_to_close_timeout_seconds=60,
                task_start_to_close_timeout_seconds=10,
            ),
            workflow_execution_info=api.WorkflowExecutionInfo(execution=RUN),
            pending_activities=[
                api.PendingActivityInfo(
                    activity_id="5",
                    activity_type=api.ActivityType(name="compose"),
                    state=PendingActivityState.CANCEL_REQUESTED,
                    heartbeat_details=b"7",
                    attempt=2,
                    maximum_attempts=3,
                    scheduled_timestamp=second,
                    last_failure_reason="luck",
                    last_worker_identity="me",
                ),
                api.PendingActivityInfo(heartbeat_details=b"\xff", state=77),
            ],
            pending_children=[api.PendingChildExecutionInfo(workflow_id="c", run_id="d", workflow_typ_name="Child")],
            pending_decision=api.PendingDecisionInfo(
                state=PendingDecisionState.STARTED, attempt=4, original_scheduled_timestamp=second
            ),
        ),
    )
    described = await handle.describe()
    assert frontend.of("DescribeWorkflowExecution")[0].execution == RUN
    assert (described.workflow_id, described.run_id, described.status) == ("w", "r", WorkflowStatus.OPEN)
    assert (described.task_list, described.execution_start_to_close_timeout) == ("greetings", MINUTE)
    assert described.task_start_to_close_timeout == timedelta(seconds=10)
    first, unreadable = described.pending_activities
    assert (first.activity_id, first.activity_type, first.state) == ("5", "compose", "CANCEL_REQUESTED")
    assert (first.heartbeat_details, first.attempt, first.maximum_attempts) == (7, 2, 3)
    assert first.scheduled_time == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert (first.last_failure_reason, first.worker_identity) == ("luck", "me")
    assert (unreadable.heartbeat_details, unreadable.state) == (b"\xff", "77")
    (child,) = described.pending_children
    assert (child.workflow_id, child.run_id, child.workflow_type) == ("c", "d", "Child")
    assert described.pending_decision is not None
    assert (described.pending_decision.state, described.pending_decision.attempt) == ("STARTED", 4)


async def test_a_started_workflow_is_described_as_it_is_now(started: WorkflowHandle[list[str]], frontend: Any) -> None:
    frontend.on("DescribeWorkflowExecution", api.DescribeWorkflowExecutionResponse())
    described = await started.describe()
    assert frontend.of("DescribeWorkflowExecution")[0].execution == api.WorkflowExecution(workflow_id="w")
    assert (described.pending_decision, described.pending_activities, described.start_time) == (None, (), None)


async def test_histories_are_read_page_by_page(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    one, two = (api.HistoryEvent(event_id=number, event_type=EventType.TimerFired) for number in (1, 2))
    frontend.on(HISTORY, page(one, token=b"1"), page(two))
    assert [found.event_id async for found in handle.history(page_size=1)] == [1, 2]
    first, second = frontend.of(HISTORY)
    assert (first.maximum_page_size, first.wait_for_new_event, first.next_page_token) == (1, None, None)
    assert second.next_page_token == b"1"
    assert first.history_event_filter_type == HistoryEventFilterType.ALL_EVENT


async def test_histories_can_be_followed(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    one, two = (api.HistoryEvent(event_id=number, event_type=EventType.TimerFired) for number in (1, 2))
    frontend.on(HISTORY, page(one, token=b"1"), page(token=b"2"), page(two))
    assert [found.event_id async for found in handle.history(wait=True)] == [1, 2]
    assert all(request.wait_for_new_event for request in frontend.of(HISTORY))
    with pytest.raises(ConfigurationError, match="page_size is 0"):
        handle.history(page_size=0)


@pytest.mark.parametrize("workflow_id", [None, "", 3])
def test_a_handle_needs_an_id(client: Client, workflow_id: Any) -> None:
    with pytest.raises(ConfigurationError, match="workflow id"):
        client.get_workflow_handle(workflow_id)


def test_a_handle_knows_its_type(connect: Callable[..., Client]) -> None:
    client = connect()
    handle = client.get_workflow_handle("w", workflow=Greeting)
    assert (handle.workflow_type, handle.result_type) == ("Greeting", list[str])
    assert repr(handle) == "<WorkflowHandle 'w' in 'samples'>"
    with pytest.raises(ConfigurationError):
        client.get_workflow_handle("w", workflow=int)


async def test_what_another_codec_wrote_hides_nothing(handle: WorkflowHandle[list[str]], frontend: Any) -> None:
    strange = DataConverter(codecs=[CompressionCodec(minimum=1)]).encode_value("x" * 100)
    frontend.on(HISTORY, page(event(EventType.WorkflowExecutionCanceled, details=strange)))
    with pytest.raises(WorkflowCanceledError) as caught:
        await handle.result()
    assert caught.value.details == strange
    frontend.on(
        "DescribeWorkflowExecution",
        api.DescribeWorkflowExecutionResponse(
            workflow_execution_info=api.WorkflowExecutionInfo(memo=api.Memo(fields={"note": strange})),
            pending_activities=[api.PendingActivityInfo(heartbeat_details=strange)],
        ),
    )
    described = await handle.describe()
    assert described.memo == {"note": strange}
    assert described.pending_activities[0].heartbeat_details == strange


def test_names_of_values() -> None:
    assert member_name(TimeoutType, 3) == "HEARTBEAT"
    assert member_name(TimeoutType, 99) == "99"
    assert member_name(TimeoutType, None) == ""
