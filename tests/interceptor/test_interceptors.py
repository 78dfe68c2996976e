from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from cadence import activity, workflow
from cadence.activity.definition import definition_of as activity_definition_of
from cadence.exceptions import ConfigurationError, ConversionError
from cadence.interceptor import (
    CancelWorkflow,
    ExecuteActivity,
    HandleQuery,
    HandleSignal,
    Heartbeat,
    Interceptor,
    PropagationInterceptor,
    RunWorkflow,
    StartWorkflow,
    check_interceptors,
    compose,
    contextvar,
)
from cadence.workflow.commands import Command, ContinueAsNew, ScheduleActivity, StartTimer
from cadence.workflow.runtime import ContinueAsNewError, WorkflowInfo

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TENANT: ContextVar[str] = ContextVar("tenant")


@dataclasses.dataclass
class User:
    name: str
    id: int


USER: ContextVar[User] = ContextVar("user")


@activity.defn
def compose_greeting(name: str) -> str:
    return name


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return name


def workflow_info(**headers: bytes) -> WorkflowInfo:
    return WorkflowInfo(
        workflow_id="w", run_id="r", workflow_type="G", domain="d", task_list="t", start_time=NOW, headers=headers
    )


def run_call(**headers: bytes) -> RunWorkflow:
    return RunWorkflow(info=workflow_info(**headers), definition=workflow.definition_of(Greeting), arguments=("World",))


def activity_info(**headers: bytes) -> activity.ActivityInfo:
    return activity.ActivityInfo(
        activity_id="0",
        activity_type="compose_greeting",
        task_token=b"",
        workflow_id="w",
        run_id="r",
        workflow_type="G",
        domain="d",
        task_list="t",
        scheduled_time=NOW,
        current_attempt_scheduled_time=NOW,
        started_time=NOW,
        deadline=NOW,
        headers=headers,
    )


def start_call() -> StartWorkflow:
    return StartWorkflow(
        workflow_type="G",
        workflow_id="w",
        task_list="t",
        execution_start_to_close_timeout=timedelta(1),
        task_start_to_close_timeout=timedelta(1),
    )


class Loud(Interceptor):
    def __init__(self, mark: str) -> None:
        self.mark = mark

    async def run_workflow(self, call: RunWorkflow, proceed: Callable[[RunWorkflow], Awaitable[Any]]) -> Any:
        name = f"{call.arguments[0]}{self.mark}"
        return f"{await proceed(msgspec.structs.replace(call, arguments=(name,)))}{self.mark}"


async def test_the_first_is_the_outermost() -> None:
    async def target(call: RunWorkflow) -> Any:
        return f"<{call.arguments[0]}>"

    call = compose([Loud("1"), Interceptor(), Loud("2")], "run_workflow", target)
    assert await call(run_call()) == "<World12>21"


def test_nobody_stepping_in_costs_nothing() -> None:
    def target(command: Command) -> Any: ...

    assert compose([], "request", target) is target
    assert compose([Interceptor(), Loud("1")], "request", target) is target


async def test_every_hook_goes_on_by_itself() -> None:
    seen: list[object] = []

    async def wait(call: Any) -> Any:
        seen.append(call)
        return call

    def plain(call: Any) -> Any:
        seen.append(call)
        return call

    one = Interceptor()
    definition = activity_definition_of(compose_greeting)
    run, start, timer = run_call(), start_call(), StartTimer(seconds=1)
    signal = HandleSignal(info=workflow_info(), name="go", arguments=())
    query = HandleQuery(info=workflow_info(), name="state", arguments=())
    execute = ExecuteActivity(info=activity_info(), definition=definition, arguments=())
    beat = Heartbeat(info=activity_info(), details=(1,))
    assert await one.run_workflow(run, wait) is run
    await one.handle_signal(signal, wait)
    assert one.handle_query(query, plain) is query
    assert one.request(timer, plain) is timer  # type: ignore[comparison-overlap]  # the target gives back what it got
    assert await one.execute_activity(execute, wait) is execute
    one.heartbeat(beat, plain)
    assert await one.client_call(start, wait) is start
    assert seen == [run, signal, query, timer, execute, beat, start]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([Loud], r"Loud is the class; give an object: Loud\(\)"),
        ([object()], r"is none; derive its class from cadence\.interceptor\.Interceptor"),
    ],
)
def test_what_is_no_interceptor_is_told(given: list[Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        check_interceptors(given)
    assert check_interceptors([]) == ()


def test_context_goes_out_with_calls() -> None:
    carrier = PropagationInterceptor([contextvar(TENANT), contextvar(USER, header="x-user", value_type=User)])
    commands: list[Command] = []

    def take(command: Command) -> Any:
        commands.append(command)

    carrier.request(StartTimer(seconds=1), take)
    carrier.request(ScheduleActivity(activity_type="a"), take)
    tokens = TENANT.set("acme"), USER.set(User("eve", 7))
    try:
        carrier.request(ScheduleActivity(activity_type="a", headers={"own": b"1"}), take)
    finally:
        TENANT.reset(tokens[0])
        USER.reset(tokens[1])
    assert commands == [
        StartTimer(seconds=1),
        ScheduleActivity(activity_type="a"),
        ScheduleActivity(
            activity_type="a", headers={"own": b"1", "tenant": b'"acme"', "x-user": b'{"name":"eve","id":7}'}
        ),
    ]


async def test_context_comes_in_with_calls() -> None:
    carrier = PropagationInterceptor([contextvar(TENANT), contextvar(USER, header="x-user", value_type=User)])

    async def look(call: Any) -> Any:
        return TENANT.get("nobody"), USER.get(None)

    headers = {"tenant": b'"acme"', "x-user": b'{"name":"eve","id":7}'}
    expected = ("acme", User("eve", 7))
    definition = activity_definition_of(compose_greeting)
    call = ExecuteActivity(info=activity_info(**headers), definition=definition, arguments=())
    assert await carrier.execute_activity(call, look) == expected
    assert await carrier.run_workflow(run_call(**headers), look) == expected
    assert await carrier.run_workflow(run_call(), look) == ("nobody", None)
    query = HandleQuery(info=workflow_info(**headers), name="q", arguments=())
    assert carrier.handle_query(query, lambda _: TENANT.get()) == "acme"

    seen: list[str] = []

    async def handle(call: HandleSignal) -> None:
        seen.append(TENANT.get())

    await carrier.handle_signal(HandleSignal(info=workflow_info(**headers), name="s", arguments=()), handle)
    assert seen == ["acme"]
    assert TENANT.get("nobody") == "nobody"


async def test_context_goes_on_when_a_run_continues_as_new() -> None:
    carrier = PropagationInterceptor([contextvar(TENANT)])

    async def go_on(call: Any) -> Any:
        raise ContinueAsNewError(ContinueAsNew(arguments=(1,)))

    with pytest.raises(ContinueAsNewError) as caught:
        await carrier.run_workflow(run_call(tenant=b'"acme"'), go_on)
    assert caught.value.command == ContinueAsNew(arguments=(1,), headers={"tenant": b'"acme"'})


async def test_context_goes_out_with_a_start() -> None:
    carrier = PropagationInterceptor([contextvar(TENANT)])

    async def target(call: Any) -> Any:
        return call

    token = TENANT.set("acme")
    try:
        started = await carrier.client_call(start_call(), target)
        cancel = CancelWorkflow(workflow_id="w")
        assert await carrier.client_call(cancel, target) is cancel
    finally:
        TENANT.reset(token)
    assert started.headers == {"tenant": b'"acme"'}


async def test_a_header_that_does_not_fit_is_told() -> None:
    carrier = PropagationInterceptor([contextvar(USER, value_type=User)])

    async def target(call: Any) -> Any: ...

    with pytest.raises(ConversionError, match="header 'user'"):
        await carrier.run_workflow(run_call(user=b'{"name":1}'), target)


async def test_a_run_that_is_closed_from_outside_its_context() -> None:
    carrier = PropagationInterceptor([contextvar(TENANT)])
    started = asyncio.Event()

    async def wait(call: Any) -> Any:
        started.set()
        await asyncio.get_running_loop().create_future()

    coroutine = carrier.run_workflow(run_call(tenant=b'"acme"'), wait)
    task = asyncio.create_task(coroutine)
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    other = carrier.run_workflow(run_call(tenant=b'"acme"'), wait)
    import contextvars

    contextvars.copy_context().run(other.send, None)
    other.close()
