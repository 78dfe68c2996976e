"""Calls of the client that are wrong: a checker must say so in each line with a remark. Never run."""

from __future__ import annotations

from cadence import Client, workflow
from cadence.client import WorkflowHandle


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> int:
        return len(name)

    @workflow.signal
    def greet_with(self, greeting: str) -> None: ...

    @workflow.query
    def current(self, index: int) -> str:
        return str(index)


async def mistakes(client: Client, handle: WorkflowHandle[int]) -> None:
    await client.start_workflow(Greeting.run, 1)  # wrong argument
    await client.start_workflow(Greeting.run)  # missing argument
    await client.start_workflow(Greeting.run, "a", "b")  # one argument too many
    await client.start_workflow(Greeting.run, "a", workflow_idd="x")  # wrong option: misspelt
    await client.start_workflow(Greeting.run, "a", execution_start_to_close_timeout=60)  # wrong option: no timedelta
    await handle.signal(Greeting.greet_with, 1)  # wrong argument of a signal
    await handle.signal(Greeting.greet_with)  # missing argument of a signal
    await handle.query(Greeting.current)  # missing argument of a query
    await handle.query(Greeting.current, "a")  # wrong argument of a query
    length: str = await handle.result()  # wrong result
    print(length)
    await handle.reset(4)  # wrong argument: no reset point
    await client.batch("", "terminate")  # wrong argument: no action
    await client.task_lists.describe("x", "query")  # wrong kind
    client.list_workflows(is_opn=True)  # wrong filter: misspelt
