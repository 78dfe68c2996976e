"""Schedules on a file go on where a killed server left them."""

from __future__ import annotations

import asyncio
import sys
import textwrap
import uuid
from pathlib import Path

from cadence import api
from cadence.api.enums import DecisionType, ScheduleCatchUpPolicy, ScheduleOverlapPolicy
from cadence.service import WorkflowService

DOMAIN = "samples"
SERVER = """
    import asyncio, sys
    from cadence.devserver import DevServer, DevServerOptions

    async def main():
        async with DevServer(DevServerOptions(database=sys.argv[1], domains=("samples",))) as server:
            print(server.address, flush=True)
            await asyncio.Event().wait()

    asyncio.run(main())
"""


async def serve(path: Path) -> tuple[asyncio.subprocess.Process, WorkflowService]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(SERVER), str(path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    return process, WorkflowService.connect((await process.stdout.readline()).decode().strip(), retry=None)


async def kill(process: asyncio.subprocess.Process, service: WorkflowService) -> None:
    process.kill()
    await process.communicate()
    await service.close()


async def create(service: WorkflowService, schedule_id: str, cron: str, **policies: object) -> None:
    action = api.ScheduleStartWorkflowAction(
        workflow_type=api.WorkflowType(name="order"),
        task_list=api.TaskList(name=schedule_id),
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
    )
    await service.create_schedule(
        api.CreateScheduleRequest(
            domain=DOMAIN,
            schedule_id=schedule_id,
            spec=api.ScheduleSpec(cron_expression=cron),
            action=api.ScheduleAction(start_workflow=action),
            policies=api.SchedulePolicies(**policies),  # type: ignore[arg-type]  # each test gives some
            memo=api.Memo(fields={"k": b"v"}),
        )
    )


async def finish(service: WorkflowService, task_list: str) -> str:
    poll = api.PollForDecisionTaskRequest(DOMAIN, api.TaskList(name=task_list), "tester")
    task = await service.poll_for_decision_task(poll, timeout=20)
    complete = api.Decision(
        DecisionType.CompleteWorkflowExecution,
        complete_workflow_execution_decision_attributes=api.CompleteWorkflowExecutionDecisionAttributes(b"1"),
    )
    await service.respond_decision_task_completed(
        api.RespondDecisionTaskCompletedRequest(task.task_token, [complete], identity="tester")
    )
    assert task.workflow_execution is not None
    return task.workflow_execution.workflow_id or ""


async def test_schedules_survive_a_kill(tmp_path: Path) -> None:
    process, service = await serve(tmp_path / "state.db")
    await create(service, "quiet", "0 0 1 1 *", catch_up_policy=ScheduleCatchUpPolicy.ONE)
    await service.pause_schedule(api.PauseScheduleRequest(DOMAIN, "quiet", "why", "me"))
    await create(service, "gone", "0 0 1 1 *")
    await service.delete_schedule(api.DeleteScheduleRequest(DOMAIN, "gone"))
    await create(service, "busy", "0 0 1 1 *")
    minute = 60 * 10**9
    await service.update_schedule(
        api.UpdateScheduleRequest(DOMAIN, "busy", spec=api.ScheduleSpec(cron_expression="* * * * *"))
    )
    await service.backfill_schedule(
        api.BackfillScheduleRequest(
            DOMAIN, "busy", 100 * minute, 102 * minute, ScheduleOverlapPolicy.BUFFER, str(uuid.uuid4())
        )
    )
    await service.pause_schedule(api.PauseScheduleRequest(DOMAIN, "busy", "so that the minute brings no more"))
    await service.unpause_schedule(api.UnpauseScheduleRequest(DOMAIN, "busy"))
    before = await service.describe_schedule(api.DescribeScheduleRequest(DOMAIN, "quiet"))
    await kill(process, service)

    process, service = await serve(tmp_path / "state.db")
    listed = (await service.list_schedules(api.ListSchedulesRequest(DOMAIN))).schedules or []
    assert {entry.schedule_id for entry in listed} == {"quiet", "busy"}
    assert await service.describe_schedule(api.DescribeScheduleRequest(DOMAIN, "quiet")) == before
    # What waited for the run before it still does, and goes on with it.
    times = ["1970-01-01T01:40:00Z", "1970-01-01T01:41:00Z", "1970-01-01T01:42:00Z"]
    assert [await finish(service, "busy") for _ in times] == [f"busy-{at}" for at in times]
    await kill(process, service)


async def test_a_schedule_fires_after_a_restart(tmp_path: Path) -> None:
    process, service = await serve(tmp_path / "state.db")
    await create(service, "often", "@every 1s", overlap_policy=ScheduleOverlapPolicy.CONCURRENT)
    first = await finish(service, "often")
    await kill(process, service)
    process, service = await serve(tmp_path / "state.db")
    seen = [await finish(service, "often") for _ in range(3)]
    assert len({first, *seen}) == 4
    await kill(process, service)
