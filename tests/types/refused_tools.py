"""What operators do wrong: a checker must say so in each line with a remark. Never run."""

from __future__ import annotations

from cadence import Client
from cadence.client import (
    BatchReset,
    BatchSignal,
    ListFilters,
    QueryConsistencyLevel,
    ResetPoint,
    ScheduleAction,
    SchedulePolicies,
    ScheduleSpec,
    StartOptions,
    WorkflowHandle,
)


async def mistakes(client: Client, handle: WorkflowHandle[int]) -> None:
    ResetPoint.event("7")  # wrong argument: no number
    ResetPoint.time(7.0)  # wrong argument: no datetime
    ResetPoint.last_event()  # wrong name
    BatchReset("last")  # wrong argument: no reset point
    BatchSignal("x", arguments="y")  # wrong argument: no tuple
    ListFilters(status="OPEN")  # wrong filter: no member
    ListFilters(workflow_typ="x")  # wrong filter: misspelt
    StartOptions(cron_overlap_policy="skip")  # wrong option: no member
    StartOptions(workflow_id_reuse_policy=2)  # wrong option: no member
    StartOptions(first_run_at="monday")  # wrong option: no datetime
    ScheduleSpec("0 6 * * *")  # wrong: cron must be named
    ScheduleSpec(cron="0 6 * * *", jitter=5)  # wrong option: no timedelta
    ScheduleAction(workflow="x", arguments=3)  # wrong option: no list
    ScheduleAction(workflow="x", task_lst="y")  # wrong option: misspelt
    SchedulePolicies(overlap="buffer")  # wrong option: no member
    handle.stack_trace()  # missing await
    stack: int = await handle.stack_trace()  # wrong result
    await handle.query("x", consistency=True)  # wrong option: no member
    await handle.query("x", reject_condition=QueryConsistencyLevel.STRONG)  # wrong option: of another enum
    await client.batch("x", BatchSignal("y"), rate="fast")  # wrong option: no number
    await client.list_workflows("x")  # wrong: to be gone through with async for
    async for run in client.list_workflows(is_open=True):
        print(run.workflow_name, stack)  # wrong name
    for event in handle.history():  # wrong: needs async for
        print(event)
    await client.schedules.pause("x", note="y")  # wrong option
