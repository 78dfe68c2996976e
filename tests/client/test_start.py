"""Starts: what reaches the wire for options, decorators, arguments; and what is refused before."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from cadence import api, workflow
from cadence.api.enums import CronOverlapPolicy as WireCronOverlapPolicy
from cadence.api.enums import WorkflowIdReusePolicy as WireReusePolicy
from cadence.client import Client, CronOverlapPolicy
from cadence.errors import EntityNotExistsError, WorkflowExecutionAlreadyStartedError
from cadence.exceptions import ConfigurationError, ConversionError
from cadence.interceptor import ClientCall, Interceptor, StartWorkflow, contextvar

MINUTE = timedelta(minutes=1)
STARTED = api.StartWorkflowExecutionResponse(run_id="run-1")


@workflow.defn(task_list="greetings", execution_start_to_close_timeout=MINUTE)
class Greeting:
    @workflow.run
    async def run(self, name: str, times: int = 1) -> list[str]:
        return [name] * times

    @workflow.signal
    def greet_with(self, greeting: str) -> None: ...


@workflow.defn(name="bare")
class Bare:
    @workflow.run
    async def run(self, *names: str) -> None: ...


async def test_the_decorators_options_and_defaults_are_sent(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", STARTED)
    handle = await client.start_workflow(Greeting.run, "World", 2)
    (request,) = frontend.of("StartWorkflowExecution")
    assert request.domain == "samples"
    assert request.workflow_type.name == "Greeting"
    assert request.task_list.name == "greetings"
    assert request.input == b'"World"\n2\n'
    assert request.execution_start_to_close_timeout_seconds == 60
    assert request.task_start_to_close_timeout_seconds == 10
    assert request.identity == "tester"
    assert request.workflow_id_reuse_policy == WireReusePolicy.AllowDuplicateFailedOnly
    assert uuid.UUID(request.request_id) != uuid.UUID(request.workflow_id)
    assert (request.header, request.memo, request.search_attributes, request.retry_policy) == (None,) * 4
    assert (handle.workflow_id, handle.run_id, handle.workflow_type) == (request.workflow_id, "run-1", "Greeting")
    assert handle.result_type == list[str]
    assert repr(handle) == f"<WorkflowHandle '{handle.workflow_id}' run run-1 in 'samples'>"


async def test_options_of_the_call_stand_over_the_decorator(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", STARTED)
    when = datetime(2030, 1, 1, tzinfo=UTC)
    await client.start_workflow(
        Greeting,
        "World",
        workflow_id="greet-1",
        task_list="others",
        execution_start_to_close_timeout=timedelta(seconds=1.5),
        task_start_to_close_timeout=timedelta(seconds=7),
        workflow_id_reuse_policy=workflow.WorkflowIdReusePolicy.TERMINATE_IF_RUNNING,
        retry_policy=workflow.RetryPolicy(
            initial_interval=timedelta(seconds=2),
            maximum_attempts=3,
            expiration_interval=MINUTE,
            non_retriable_error_reasons=("bad", ValueError),
        ),
        cron_schedule="* * * * *",
        memo={"who": ["me"]},
        search_attributes={"CustomDatetimeField": when, "CustomIntField": 3},
        delay_start=timedelta(seconds=3),
        jitter_start=timedelta(seconds=4),
        first_run_at=when,
        cron_overlap_policy=CronOverlapPolicy.BUFFER_ONE,
    )
    (request,) = frontend.of("StartWorkflowExecution")
    assert (request.workflow_id, request.task_list.name) == ("greet-1", "others")
    assert request.execution_start_to_close_timeout_seconds == 2
    assert request.task_start_to_close_timeout_seconds == 7
    assert request.workflow_id_reuse_policy == WireReusePolicy.TerminateIfRunning
    assert request.retry_policy == api.RetryPolicy(
        initial_interval_in_seconds=2,
        backoff_coefficient=2.0,
        maximum_interval_in_seconds=200,
        maximum_attempts=3,
        expiration_interval_in_seconds=60,
        non_retriable_error_reasons=["bad", "ValueError", "NonRetryable"],
    )
    assert request.cron_schedule == "* * * * *"
    assert request.memo.fields == {"who": b'["me"]\n'}
    assert request.search_attributes.indexed_fields == {
        "CustomDatetimeField": b'"2030-01-01T00:00:00Z"',
        "CustomIntField": b"3",
    }
    assert (request.delay_start_seconds, request.jitter_start_seconds) == (3, 4)
    assert request.first_run_at_timestamp == int(when.timestamp()) * 1_000_000_000
    assert request.cron_overlap_policy == WireCronOverlapPolicy.BUFFERONE


async def test_a_type_is_started_by_its_name(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", STARTED)
    handle = await client.start_workflow(
        "far", 1, result_type=int, task_list="x", execution_start_to_close_timeout=MINUTE
    )
    assert (handle.workflow_type, handle.result_type) == ("far", int)


async def test_the_next_start_has_another_request_id(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", STARTED)
    await client.start_workflow(Greeting.run, "x", workflow_id="same")
    await client.start_workflow(Greeting.run, "x", workflow_id="same")
    first, second = frontend.of("StartWorkflowExecution")
    assert first.request_id != second.request_id


async def test_a_start_whose_answer_was_lost_is_recognized(client: Client, frontend: Any) -> None:
    frontend.on(
        "StartWorkflowExecution",
        lambda request: WorkflowExecutionAlreadyStartedError(
            message="is running", start_request_id=request.request_id, run_id="run-7"
        ),
    )
    handle = await client.start_workflow(Greeting.run, "x")
    assert handle.run_id == "run-7"


async def test_an_id_that_is_taken_is_told(client: Client, frontend: Any) -> None:
    frontend.on(
        "StartWorkflowExecution",
        WorkflowExecutionAlreadyStartedError(message="is running", start_request_id="other", run_id="run-7"),
    )
    with pytest.raises(WorkflowExecutionAlreadyStartedError, match="is running") as caught:
        await client.start_workflow(Greeting.run, "x")
    assert caught.value.run_id == "run-7"


async def test_an_unknown_domain_is_told_with_what_to_do(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", EntityNotExistsError(message="Domain samples does not exist."))
    with pytest.raises(EntityNotExistsError, match="cadence domain register samples"):
        await client.start_workflow(Greeting.run, "x")


async def test_signal_with_start_sends_both(client: Client, frontend: Any) -> None:
    frontend.on("SignalWithStartWorkflowExecution", STARTED)
    frontend.on("TerminateWorkflowExecution", None)
    handle = await client.signal_with_start(
        Greeting.run, "World", signal=Greeting.greet_with, signal_arguments=["Hi"], workflow_id="greet-1"
    )
    (request,) = frontend.of("SignalWithStartWorkflowExecution")
    assert (request.signal_name, request.signal_input, request.input) == ("greet_with", b'"Hi"\n', b'"World"\n')
    assert handle.result_type == list[str]
    # The run that got the signal may be a later one of its chain.
    await handle.terminate()
    (request,) = frontend.of("TerminateWorkflowExecution")
    assert (request.first_execution_run_id, request.workflow_execution.run_id) == (None, None)


async def test_signal_with_start_needs_an_id(client: Client) -> None:
    with pytest.raises(ConfigurationError, match="workflow_id"):
        await client.signal_with_start(Greeting.run, "World", signal="x")


async def test_signal_with_start_of_a_closed_workflow_is_refused(client: Client, frontend: Any) -> None:
    frontend.on(
        "SignalWithStartWorkflowExecution",
        lambda request: WorkflowExecutionAlreadyStartedError(start_request_id=request.request_id, run_id="run-1"),
    )
    with pytest.raises(WorkflowExecutionAlreadyStartedError):
        await client.signal_with_start("far", signal="x", workflow_id="y", task_list="z", **TIMEOUT)


TIMEOUT: dict[str, Any] = {"execution_start_to_close_timeout": MINUTE}


@pytest.mark.parametrize(
    ("subject", "arguments", "options", "says"),
    [
        (Bare.run, (), TIMEOUT, "there is no task_list"),
        (Bare.run, (), {"task_list": "x"}, "there is no execution_start_to_close_timeout"),
        ("", (), TIMEOUT, "empty workflow type"),
        (Greeting.run, (), {}, "without name"),
        (Greeting.run, ("a", 1, 2), {}, "takes 2 arguments, but got 3"),
        (Greeting.run, ("a",), {"workflow_idd": "x"}, "workflow_idd"),
        (Greeting.run, ("a",), {"workflow_id": 3}, "workflow_id is text, not 3"),
        (Greeting.run, ("a",), {"task_list": 3}, "task_list is text, not 3"),
        (Greeting.run, ("a",), {"execution_start_to_close_timeout": 60}, "execution_start_to_close_timeout"),
        (Greeting.run, ("a",), {"delay_start": timedelta(seconds=-1)}, "delay_start"),
        (Greeting.run, ("a",), {"memo": ["x"]}, "memo is a dict"),
        (Greeting.run, ("a",), {"search_attributes": "x"}, "search_attributes is a dict"),
        (Greeting.run, ("a",), {"first_run_at": 3}, "first_run_at is a datetime"),
        (Greeting.run, ("a",), {"cluster_attribute": ("region", "eu")}, "cluster_attribute is"),
        (Greeting.run, ("a",), {"cron_overlap_policy": 1}, "CronOverlapPolicy"),
        (len, ("a",), {}, "workflow"),
    ],
)
async def test_mistakes_are_told_before_anything_is_sent(
    client: Client, frontend: Any, *, subject: Any, arguments: Any, options: Any, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        await client.start_workflow(subject, *arguments, **options)
    assert frontend.requests == []


async def test_values_without_json_are_told(client: Client) -> None:
    with pytest.raises(ConversionError, match="argument 1"):
        await client.start_workflow("far", object(), task_list="x", **TIMEOUT)
    with pytest.raises(ConversionError, match="search attribute 'Keyword'"):
        await client.start_workflow("far", task_list="x", search_attributes={"Keyword": object()}, **TIMEOUT)


async def test_a_client_without_a_domain_starts_nothing(connect: Callable[..., Client]) -> None:
    with pytest.raises(ConfigurationError, match="no domain"):
        await connect(domain="").start_workflow(Greeting.run, "x")


async def test_interceptors_see_and_change_calls_in_order(connect: Callable[..., Client], frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", STARTED)
    seen: list[str] = []

    class Renaming(Interceptor):
        def __init__(self, letter: str) -> None:
            self.letter = letter

        async def client_call(self, call: ClientCall, proceed: Callable[[ClientCall], Awaitable[Any]]) -> Any:
            seen.append(self.letter)
            assert isinstance(call, StartWorkflow)
            result = await proceed(msgspec.structs.replace(call, workflow_id=call.workflow_id + self.letter))
            seen.append(result)
            return result

    client = connect(interceptors=[Renaming("a"), Renaming("b")])
    handle = await client.start_workflow(Greeting.run, "x", workflow_id="w-")
    (request,) = frontend.of("StartWorkflowExecution")
    assert request.workflow_id == "w-ab"
    assert seen == ["a", "b", "run-1", "run-1"]
    assert (handle.workflow_id, handle.run_id) == ("w-ab", "run-1")


async def test_context_travels_in_headers(connect: Callable[..., Client], frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", STARTED)
    tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant")
    client = connect(propagators=[contextvar(tenant)])
    assert len(client.interceptors) == 1
    await client.start_workflow(Greeting.run, "x")
    tenant.set("ours")
    await client.start_workflow(Greeting.run, "x")
    first, second = frontend.of("StartWorkflowExecution")
    assert first.header is None
    assert second.header.fields == {"tenant": b'"ours"'}


def test_what_is_no_interceptor_is_refused(connect: Callable[..., Client]) -> None:
    with pytest.raises(ConfigurationError, match="Interceptor"):
        connect(interceptors=[Interceptor])
