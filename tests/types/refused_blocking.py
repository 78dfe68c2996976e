"""Calls of the blocking client that are wrong: a checker must say so in each line with a remark. Never run."""

from __future__ import annotations

from cadence import workflow
from cadence.client import (
    BatchCancel,
    BlockingClient,
    BlockingWorkflowHandle,
    ScheduleAction,
    ScheduleSpec,
)


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


def mistakes(client: BlockingClient, handle: BlockingWorkflowHandle[int]) -> None:
    client.start_workflow(Greeting.run, 1)  # wrong argument
    client.start_workflow(Greeting.run)  # missing argument
    client.start_workflow(Greeting.run, "a", "b")  # one argument too many
    client.start_workflow(Greeting.run, "a", workflow_idd="x")  # wrong option: misspelt
    client.execute_workflow(Greeting.run, "a", execution_start_to_close_timeout=60)  # wrong option: no timedelta
    client.signal_with_start(Greeting.run, signal="x", workflow_id="y")  # missing argument
    client.signal_with_start(Greeting.run, "a", workflow_id="y")  # missing signal
    handle.signal(Greeting.greet_with, 1)  # wrong argument of a signal
    handle.query(Greeting.current)  # missing argument of a query
    handle.query(Greeting.current, 1, consistency="strong")  # wrong option: no member
    handle.result(timeout=60)  # wrong option: no timedelta
    length: str = handle.result()  # wrong result
    stack: bytes = handle.stack_trace()  # wrong result
    print(length, stack)
    handle.reset(4)  # wrong argument: no reset point
    handle.history(pages=1)  # wrong option
    client.batch("", "terminate")  # wrong argument: no action
    client.batch("", BatchCancel(), on_progress=len)  # wrong function: takes one argument
    client.task_lists.describe("x", "query")  # wrong kind
    client.list_workflows(is_opn=True)  # wrong filter: misspelt
    client.list_workflows(status="FAILED")  # wrong filter: no member
    client.domains.register("x", retention=3)  # wrong option: no timedelta
    client.schedules.create("x", spec="0 6 * * *", action=ScheduleAction(workflow="y"))  # wrong argument: no spec
    client.schedules.create("x", spec=ScheduleSpec(cron="0 6 * * *"))  # missing argument
    BlockingClient.connect("localhost:7933", domian="x")  # wrong option: misspelt
