"""Calls of the client that are right, with the type that a checker must infer. Never run; read by test_types.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, assert_type

from cadence import Client, Worker, workflow
from cadence.client import (
    BatchReport,
    BatchReset,
    BatchSignal,
    ResetPoint,
    TaskListDescription,
    WorkflowDescription,
    WorkflowHandle,
    WorkflowSummary,
)
from cadence.service import FileToken, JwtToken, StaticToken

MINUTE = timedelta(minutes=1)


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str, times: int = 1) -> int:
        return len(name) * times

    @workflow.signal
    def greet_with(self, greeting: str) -> None: ...

    @workflow.query
    def current(self) -> str:
        return ""


async def starts(client: Client) -> None:
    handle = await client.start_workflow(
        Greeting.run, "World", task_list="x", workflow_id="y", execution_start_to_close_timeout=MINUTE
    )
    assert_type(handle, WorkflowHandle[int])
    assert_type(await handle.result(), int)
    assert_type(await client.execute_workflow(Greeting.run, "World", 2, task_list="x"), int)
    assert_type(await client.execute_workflow("far", 1, result_type=dict[str, int], task_list="x"), dict[str, int])
    assert_type(await client.start_workflow("far", 1, task_list="x"), WorkflowHandle[Any])
    assert_type(await client.start_workflow(Greeting, "World"), WorkflowHandle[Any])
    signalled = await client.signal_with_start(
        Greeting.run, "World", signal=Greeting.greet_with, signal_arguments=["Hi"], workflow_id="y"
    )
    assert_type(signalled, WorkflowHandle[int])
    assert_type(client.get_workflow_handle("x", workflow=Greeting.run), WorkflowHandle[int])
    assert_type(client.get_workflow_handle("x", run_id="y", result_type=str), WorkflowHandle[str])
    assert_type(client.get_workflow_handle("x"), WorkflowHandle[Any])


async def deals(client: Client, handle: WorkflowHandle[int]) -> None:
    await handle.signal(Greeting.greet_with, "Hi")
    await handle.signal("stop", 1, 2)
    assert_type(await handle.query(Greeting.current, timeout=MINUTE), str)
    assert_type(await handle.query("current", 1, result_type=list[str]), list[str])
    assert_type(await handle.query("current", 1), Any)
    assert_type(await handle.describe(), WorkflowDescription)
    assert_type(await handle.reset(ResetPoint.last_decision(), reason="a bug"), WorkflowHandle[int])
    assert_type(await handle.restart(), WorkflowHandle[int])
    assert_type(await client.batch("", BatchSignal(Greeting.greet_with, ("Hi",)), workflow_type="x"), BatchReport)
    assert_type(await client.batch("", BatchReset(ResetPoint.event(4)), on_progress=lambda *_: None), BatchReport)
    assert_type(await client.task_lists.describe("x", "activity"), TaskListDescription)
    assert_type(await client.search_attributes(), dict[str, str])
    async for run in client.list_workflows(workflow_type="x", is_open=True):
        assert_type(run, WorkflowSummary)
    assert_type(await client.count_workflows(), int)
    await client.activity_completion(b"token").complete(3)


async def connects() -> None:
    async with Client.connect("localhost:7933", domain="samples") as client, Worker(client, "x", workflows=[Greeting]):
        assert_type(client, Client)
    await Client.connect(authorization=FileToken("token"))
    await Client.connect(authorization=JwtToken("key", groups=["x"]))
    await Client.connect(authorization=StaticToken("token"))
    assert_type(await Client.connect(["one:7933", "two:7933"]), Client)
