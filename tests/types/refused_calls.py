"""Calls that are wrong. A checker must report each line that says so, and no other. Never run, only checked."""

from __future__ import annotations

from datetime import timedelta

from cadence import activity, workflow

SECOND = timedelta(seconds=1)
OPTIONS = workflow.ActivityOptions(schedule_to_close_timeout=SECOND)


@activity.defn
def compose(greeting: str, name: str = "World") -> str:
    return f"{greeting}, {name}!"


@activity.defn(name="measure")
async def measure(text: str, factor: float) -> list[int]:
    return [len(text)]


class Files:
    @activity.defn
    def read(self, name: str) -> bytes:
        return name.encode()


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> int:
        return len(name)

    @workflow.signal
    def greet_with(self, greeting: str) -> None: ...


async def in_a_workflow() -> None:
    await workflow.execute_activity(compose, 1, **OPTIONS)  # wrong argument
    await workflow.execute_activity(compose, **OPTIONS)  # missing argument
    await workflow.execute_activity(compose, "a", "b", "c", **OPTIONS)  # one argument too many
    await workflow.execute_activity(measure, "a", "b", **OPTIONS)  # wrong argument
    await workflow.execute_activity(measure, "a", **OPTIONS)  # missing argument
    await workflow.execute_activity(Files.read, 1, **OPTIONS)  # wrong argument of a method
    await workflow.execute_activity(Files.read, **OPTIONS)  # missing argument of a method
    await workflow.execute_activity(compose, "a", schedule_to_close=SECOND)  # wrong option: misspelt
    await workflow.execute_activity(compose, "a", schedule_to_close_timeout=10)  # wrong option: no timedelta
    await workflow.execute_local_activity(compose, "a", heartbeat_timeout=SECOND)  # wrong option: not for local ones
    async with workflow.session(creation_timeout=1) as session:  # wrong option: no timedelta
        await session.execute_activity(compose, 1, **OPTIONS)  # wrong argument
        await session.execute_activity(Files.read, **OPTIONS)  # missing argument of a method
        session.start_activity(compose, "a", schedule_to_close=SECOND)  # wrong option: misspelt
    length: int = await workflow.execute_activity(compose, "a", **OPTIONS)  # wrong result
    await workflow.execute_child_workflow(Greeting.run, 1)  # wrong argument of a child
    await workflow.execute_child_workflow(Greeting.run)  # missing argument of a child
    await workflow.execute_child_workflow(Greeting.run, "a", workflow_idd="x")  # wrong option of a child
    await workflow.get_external_workflow_handle("x").signal(Greeting.greet_with, 1)  # wrong argument of a signal
    await workflow.get_external_workflow_handle("x").signal(Greeting.greet_with)  # missing argument of a signal
    print(length)
    workflow.continue_as_new(1, workflow_id="x")  # wrong option: a run keeps its id


def outside() -> None:
    compose(1)  # wrong argument
    compose.no_such_attribute  # wrong name # noqa: B018


@activity.defn(start_to_close=SECOND)  # wrong option in the decorator
def misspelt() -> None: ...
