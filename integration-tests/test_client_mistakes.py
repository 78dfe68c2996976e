"""What users of the client get wrong most often: each mistake is one error, which says what, where and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, workflow
from cadence.client import (
    BlockingClient,
    QueryConsistencyLevel,
    ScheduleAction,
    ScheduleSpec,
    WorkflowIdReusePolicy,
)
from cadence.errors import (
    BadRequestError,
    EntityNotExistsError,
    WorkflowExecutionAlreadyCompletedError,
    WorkflowExecutionAlreadyStartedError,
)
from cadence.exceptions import ConfigurationError, ConversionError, TransportError

TEN = timedelta(seconds=10)


@workflow.defn(name="measured")
class Measured:
    @workflow.run
    async def run(self, text: str, times: int = 1) -> int:
        if text == "wait":
            await asyncio.sleep(50)
        return len(text) * times

    @workflow.signal(name="add")
    def add(self, number: int) -> None: ...

    @workflow.query(name="sum")
    def sum(self, factor: int) -> int:
        return factor


async def told(call: Any, kind: type[Exception], *words: str) -> None:
    """Wait for an error, whose text has all the words."""
    if isinstance(call, AsyncIterator):
        call = anext(call)
    with pytest.raises(kind) as caught:
        await call
    text = str(caught.value)
    assert not [word for word in words if word not in text], text
    assert "\n" not in text


async def test_arguments_of_the_wrong_type(scene: Any) -> None:
    """No worker runs: they are refused before anything is sent."""
    await told(scene.start(Measured.run, 5), ConversionError, 'argument 1 ("text") of workflow measured', "5 is no str")
    await told(scene.start(Measured, "x", "y"), ConversionError, 'argument 2 ("times")', "is no int")
    await told(scene.start(Measured.run), ConfigurationError, "workflow measured is started without text")
    handle = await scene.start(Measured.run, "wait", workflow_id=scene.new_id())
    await told(handle.signal(Measured.add, "x"), ConversionError, 'argument 1 ("number") of signal "add"', "is no int")
    await told(handle.signal(Measured.add), ConfigurationError, 'signal "add" is called without number')
    await told(handle.query(Measured.sum, [1]), ConversionError, 'argument 1 ("factor") of query "sum"')
    await told(handle.query(Measured.sum, 1, 2), ConfigurationError, 'query "sum" takes 1 argument, but got 2')
    started = scene.client.signal_with_start(
        Measured.run, "x", signal=Measured.add, signal_arguments=["y"], workflow_id="z", task_list="nobody"
    )
    await told(started, ConversionError, 'argument 1 ("number") of signal "add"')
    action = ScheduleAction(workflow=Measured.run, arguments=[5], task_list="x", execution_start_to_close_timeout=TEN)
    planned = scene.client.schedules.create("z", spec=ScheduleSpec(cron="@daily"), action=action)
    await told(planned, ConversionError, 'argument 1 ("text") of workflow measured')
    await handle.terminate()


async def test_timeouts(scene: Any) -> None:
    start = scene.client.start_workflow
    await told(
        start(Measured.run, "x", task_list="y"),
        ConfigurationError,
        "workflow measured: there is no execution_start_to_close_timeout",
        "give execution_start_to_close_timeout=timedelta(minutes=5)",
    )
    for wrong, words in ((-TEN, "is -10 s; it must be positive"), (10, "is a timedelta, not 10; write timedelta(s")):
        call = start(Measured.run, "x", task_list="y", execution_start_to_close_timeout=wrong)
        await told(call, ConfigurationError, f"workflow measured: execution_start_to_close_timeout {words}")
    handle = scene.client.get_workflow_handle("x")
    await told(
        handle.result(timeout=3), ConfigurationError, "result: timeout is a timedelta, not 3", "timedelta(second"
    )
    await told(handle.query("x", timeout=-TEN), ConfigurationError, 'query "x": timeout is -10 s')


async def test_domains_that_are_not_there(scene: Any) -> None:
    name = "nobody-has-registered-this"
    advice = f"cadence domain register {name}"
    async with Client.connect(scene.frontend.address, domain=name) as client:
        call = client.start_workflow("x", task_list="y", execution_start_to_close_timeout=TEN)
        await told(call, EntityNotExistsError, name, advice)
        await told(client.get_workflow_handle("x").describe(), EntityNotExistsError, name, advice)
        await told(client.list_workflows(is_open=True), EntityNotExistsError, name, advice)
    async with Client.connect(scene.frontend.address) as client:
        words = "the client has no domain, so it can't deal with workflows", 'domain="samples"'
        call = client.start_workflow("x", task_list="y", execution_start_to_close_timeout=TEN)
        await told(call, ConfigurationError, *words)
        await told(client.count_workflows(), ConfigurationError, *words)
        for refused in (client.list_workflows, lambda: client.get_workflow_handle("x")):
            with pytest.raises(ConfigurationError, match="has no domain"):
                refused()


async def test_list_queries(scene: Any) -> None:
    if not scene.frontend.is_dev_server:
        pytest.skip("the cluster may have no advanced visibility")
    lists: tuple[Callable[[str], Any], ...] = (scene.client.list_workflows, scene.client.count_workflows)
    for ask in lists:
        await told(ask("WorkflowType == 'x'"), BadRequestError, "Invalid query", "WorkflowType = 'order' AND")
        await told(ask("Customer = 'x'"), BadRequestError, "Customer", "client.search_attributes() tells")
    with pytest.raises(ConfigurationError, match="is_open is 'yes'; give True or False"):
        scene.client.list_workflows(is_open="yes")


async def test_cron_schedules(scene: Any) -> None:
    await told(
        scene.start(Measured.run, "x", cron_schedule="every monday"),
        ConfigurationError,
        "workflow measured: 'every monday' is no cron schedule",
        "five fields",
    )
    await told(scene.start(Measured.run, "x", cron_schedule="99 * * * *"), BadRequestError, "99 * * * *", "five fields")
    action = ScheduleAction(workflow="x", task_list="x", execution_start_to_close_timeout=TEN)
    call = scene.client.schedules.create("x", spec=ScheduleSpec(cron="every monday"), action=action)
    await told(call, BadRequestError, "every monday", "five fields")


async def test_ids(scene: Any) -> None:
    await told(
        scene.start(Measured.run, "x", workflow_id=""), ConfigurationError, "workflow_id is text, not ''", "leave"
    )
    with pytest.raises(ConfigurationError, match="the workflow id is ''; give the id"):
        scene.client.get_workflow_handle("")
    client, nobody = scene.client, scene.new_id()
    words = f'there is no workflow "{nobody}" in domain "{scene.frontend.domain}"', "retention"
    handle = client.get_workflow_handle(nobody)
    for call in (
        handle.result(),
        handle.describe(),
        handle.signal("x"),
        handle.cancel(),
        handle.terminate(),
        handle.history(),
        handle.query("x"),
    ):
        await told(call, EntityNotExistsError, *words)
    await told(
        client.get_workflow_handle(nobody, run_id="x").describe(), BadRequestError, "run x is no UUID", "leave run"
    )


async def test_what_is_started_twice(scene: Any) -> None:
    """Each id reuse policy, with a run that is open and with one that is closed."""
    async with scene.worker([Measured]):
        for policy in WorkflowIdReusePolicy:
            opened = await scene.start(Measured.run, "wait")
            again = scene.start(Measured.run, "wait", workflow_id=opened.workflow_id, workflow_id_reuse_policy=policy)
            if policy is WorkflowIdReusePolicy.TERMINATE_IF_RUNNING:
                await again
                await told(opened.terminate(), EntityNotExistsError, "another start may have taken its id")
            else:
                advice = f'get_workflow_handle("{opened.workflow_id}") reaches it', "TERMINATE_IF_RUNNING"
                await told(again, WorkflowExecutionAlreadyStartedError, opened.run_id, *advice)
            await scene.client.get_workflow_handle(opened.workflow_id).terminate()
            closed = await scene.start(Measured.run, "done")
            await scene.result(closed)
            again = scene.start(Measured.run, "done", workflow_id=closed.workflow_id, workflow_id_reuse_policy=policy)
            if policy.name in ("ALLOW_DUPLICATE", "TERMINATE_IF_RUNNING"):
                await again
            else:
                advice = "give another workflow_id", "WorkflowIdReusePolicy.ALLOW_DUPLICATE"
                await told(again, WorkflowExecutionAlreadyStartedError, closed.workflow_id, *advice)


async def test_a_closed_workflow(scene: Any) -> None:
    async with scene.worker([Measured]):
        handle = await scene.start(Measured.run, "done")
        assert await scene.result(handle) == 4
        words = f'workflow "{handle.workflow_id}" in domain "{scene.frontend.domain}" is closed', "describe() tells how"
        for call in (handle.signal(Measured.add, 1), handle.cancel(), handle.terminate()):
            await told(call, WorkflowExecutionAlreadyCompletedError, *words)
        other = scene.client.get_workflow_handle(handle.workflow_id, result_type=list[str])
        await told(
            other.result(), ConversionError, f'(id "{handle.workflow_id}")', "4 is no list[str]", "result_type=ob"
        )
        await told(handle.query("sum", 2, result_type=str), ConversionError, "result of query sum: 2 is no str")
        await told(
            handle.query(Measured.sum, 1, consistency="strong"),
            ConfigurationError,
            "consistency is 'strong'; write QueryConsistencyLevel.STRONG",
        )
        assert await handle.query(Measured.sum, 2, consistency=QueryConsistencyLevel.STRONG) == 2
    words = f'nobody answered query sum of workflow "{handle.workflow_id}"', "a worker of its task list must run"
    await told(handle.query(Measured.sum, 2, timeout=timedelta(seconds=1)), TransportError, *words)
    await told(handle.stack_trace(timeout=timedelta(seconds=1)), TransportError, "nobody answered query __stack_trace")


def test_the_blocking_client_says_the_same(frontend: Any) -> None:
    with BlockingClient.connect(frontend.address, domain=frontend.domain) as client:
        with pytest.raises(ConversionError, match="5 is no str"):
            client.start_workflow(Measured.run, 5, task_list="x", execution_start_to_close_timeout=TEN)  # type: ignore[arg-type]
        with pytest.raises(EntityNotExistsError, match="there is no workflow"):
            client.get_workflow_handle("nobody-has-started-this").result()
