"""Calls that are right, with the type that a checker must infer. Never run; read by test_types.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, assert_type

from cadence import activity, workflow

SECOND = timedelta(seconds=1)
OPTIONS = workflow.ActivityOptions(schedule_to_close_timeout=SECOND)


@activity.defn
def compose(greeting: str, name: str = "World") -> str:
    return f"{greeting}, {name}!"


@activity.defn(name="measure", start_to_close_timeout=SECOND)
async def measure(text: str, factor: float) -> list[int]:
    return [len(text)]


def undecorated(text: str) -> bytes:
    return text.encode()


class Files:
    @activity.defn
    def read(self, name: str) -> bytes:
        return name.encode()

    @activity.defn(name="files.size")
    async def size(self, name: str) -> int:
        return len(name)


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> int:
        return len(name)

    @workflow.signal
    def greet_with(self, greeting: str) -> None: ...

    @workflow.signal(name="stop")
    async def stop(self) -> None: ...

    @workflow.query
    def current(self) -> str:
        return ""


@workflow.defn(name="other", task_list="x", cron_schedule="* * * * *")
class Other:
    @workflow.run
    async def run(self) -> None: ...


async def in_a_workflow() -> None:
    assert_type(await workflow.execute_activity(compose, "a", "b", **OPTIONS), str)
    assert_type(await workflow.execute_activity(compose, "a", schedule_to_close_timeout=SECOND), str)
    assert_type(await workflow.execute_activity(measure, "a", 0.5), list[int])
    assert_type(await workflow.execute_activity(undecorated, "a", **OPTIONS), bytes)
    assert_type(await workflow.execute_activity(Files.read, "a", **OPTIONS), bytes)
    assert_type(await workflow.execute_activity(Files().read, "a", **OPTIONS), bytes)
    assert_type(await workflow.execute_activity(Files.size, "a", **OPTIONS), int)
    assert_type(await workflow.execute_activity(Files().size, "a", **OPTIONS), int)
    assert_type(await workflow.execute_activity("far", 1, "x", result_type=int, **OPTIONS), int)
    assert_type(await workflow.execute_activity("far", 1, result_type=dict[str, int], **OPTIONS), dict[str, int])
    assert_type(await workflow.execute_activity("far", **OPTIONS), Any)
    async with workflow.session(creation_timeout=SECOND) as session:
        assert_type(session, workflow.Session)
        assert_type(await session.execute_activity(compose, "a", **OPTIONS), str)
        assert_type(await session.execute_activity(measure, "a", 0.5), list[int])
        assert_type(await session.execute_activity(Files.size, "a", **OPTIONS), int)
        assert_type(await session.execute_activity("far", 1, result_type=int, **OPTIONS), int)
        assert_type(await session.execute_activity("far", **OPTIONS), Any)
        assert_type(session.start_activity(compose, "a", **OPTIONS), workflow.ActivityHandle[str])
        assert_type(await session.start_activity(measure, "a", 1), list[int])
    assert_type(workflow.start_activity(compose, "a", **OPTIONS), workflow.ActivityHandle[str])
    assert_type(await workflow.start_activity(measure, "a", 1), list[int])
    assert_type(await workflow.execute_local_activity(compose, "a", schedule_to_close_timeout=SECOND), str)
    assert_type(await workflow.start_local_activity(Files.size, "a", schedule_to_close_timeout=SECOND), int)
    assert_type(await measure("a", factor=1.0), list[int])
    assert_type(await workflow.execute_child_workflow(Greeting.run, "a", workflow_id="x"), int)
    child = await workflow.start_child_workflow(Greeting.run, "a", execution_start_to_close_timeout=SECOND)
    assert_type(child, workflow.ChildWorkflowHandle[int])
    assert_type(await child, int)
    assert_type(await child.result(), int)
    await child.signal(Greeting.greet_with, "Hi")
    await child.signal(Greeting.stop)
    await child.signal("other", 1, 2)
    assert_type(await workflow.execute_child_workflow("far", 1, result_type=int), int)
    await workflow.execute_child_workflow(Other.run)
    await workflow.get_external_workflow_handle("x").signal(Greeting.greet_with, "Hi")
    assert_type(workflow.side_effect(lambda: 3), int)
    assert_type(await workflow.wait_condition(lambda: True, timeout=3), bool)
    assert_type(workflow.last_completion_result(int), int | None)
    await workflow.sleep(SECOND)


def outside() -> None:
    assert_type(compose("a"), str)
    assert_type(Files().read("a"), bytes)
    assert_type(compose.__name__, str)
    assert_type(Greeting().current(), str)


def in_an_activity() -> None:
    activity.heartbeat(1, "x")
    assert_type(activity.heartbeat_details(int), int | None)
    assert_type(activity.info().attempt, int)
    activity.logger.info("hello %s", "you")


def never_returns() -> int:
    workflow.continue_as_new(1, workflow=Greeting.run, task_list="x")
