"""A server whose time is moved by hand, and the calls about its schedules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cadence import api
from cadence.api.enums import DecisionType
from cadence.devserver import DevServer, DevServerOptions
from cadence.devserver.clock import SECOND, SkippingClock
from cadence.service import WorkflowService

DOMAIN = "samples"
MINUTE = 60 * SECOND


class Desk:
    """Makes schedules and looks at what they do."""

    def __init__(self, server: DevServer) -> None:
        self.server = server
        self.service = WorkflowService.connect(server.address, retry=None)
        clock = server.clock
        assert isinstance(clock, SkippingClock)
        self.clock = clock

    def now(self) -> int:
        return self.clock.now_ns()

    def next_minute(self) -> int:
        return self.now() // MINUTE * MINUTE + MINUTE

    async def create(self, schedule_id: str = "s", cron: str = "* * * * *", **more: Any) -> None:
        policies = {name: more.pop(name) for name in tuple(more) if name in api.SchedulePolicies.__slots__}
        action = api.ScheduleStartWorkflowAction(
            workflow_type=api.WorkflowType(name="order"),
            task_list=api.TaskList(name="orders"),
            input=b"[1]",
            workflow_id_prefix=more.pop("prefix", "run"),
            execution_start_to_close_timeout_seconds=more.pop("timeout", 3600),
            task_start_to_close_timeout_seconds=10,
            search_attributes=more.pop("run_attributes", None),
        )
        request = api.CreateScheduleRequest(
            domain=DOMAIN,
            schedule_id=schedule_id,
            spec=api.ScheduleSpec(cron_expression=cron, **more.pop("spec", {})),
            action=api.ScheduleAction(start_workflow=action),
            policies=api.SchedulePolicies(**policies),
            **more,
        )
        await self.service.create_schedule(request)

    async def describe(self, schedule_id: str = "s") -> Any:
        return await self.service.describe_schedule(api.DescribeScheduleRequest(DOMAIN, schedule_id))

    async def info(self, schedule_id: str = "s") -> Any:
        return (await self.describe(schedule_id)).info

    async def step(self, minutes: int = 1) -> None:
        """Let time go by, minute by minute, to a second behind the full one: timers are in whole seconds."""
        for _ in range(minutes):
            self.clock.advance(self.next_minute() + SECOND - self.now())
            await self.service.health()

    async def update(self, **parts: Any) -> None:
        await self.service.update_schedule(api.UpdateScheduleRequest(domain=DOMAIN, schedule_id="s", **parts))

    async def pause(self, reason: str = "", identity: str = "tester") -> None:
        await self.service.pause_schedule(api.PauseScheduleRequest(DOMAIN, "s", reason, identity))

    async def unpause(self, policy: int | None = None) -> None:
        await self.service.unpause_schedule(api.UnpauseScheduleRequest(DOMAIN, "s", "go", policy))

    async def backfill(self, start: int, end: int, policy: int | None = None, name: str = "b") -> None:
        await self.service.backfill_schedule(api.BackfillScheduleRequest(DOMAIN, "s", start, end, policy, name))

    async def delete(self, schedule_id: str = "s") -> None:
        await self.service.delete_schedule(api.DeleteScheduleRequest(DOMAIN, schedule_id))

    async def list(self, **more: Any) -> Any:
        return await self.service.list_schedules(api.ListSchedulesRequest(domain=DOMAIN, **more))

    async def runs(self, query: str = "") -> list[api.WorkflowExecutionInfo]:
        """The runs that were started, the oldest first."""
        conditions = "WorkflowType = 'order'" + (f" and {query}" if query else "")
        request = api.ListWorkflowExecutionsRequest(domain=DOMAIN, page_size=500, query=conditions)
        found = (await self.service.list_workflow_executions(request)).executions or []
        return sorted(found, key=lambda run: (run.start_time or 0, run.execution.workflow_id if run.execution else ""))

    async def ids(self, query: str = "") -> list[str]:
        return [(run.execution.workflow_id if run.execution else "") or "" for run in await self.runs(query)]

    async def finish(self) -> str:
        """Complete the run whose decision task comes first; returns its workflow id."""
        poll = api.PollForDecisionTaskRequest(DOMAIN, api.TaskList(name="orders"), "tester")
        task = await self.service.poll_for_decision_task(poll, timeout=10)
        complete = api.Decision(
            DecisionType.CompleteWorkflowExecution,
            complete_workflow_execution_decision_attributes=api.CompleteWorkflowExecutionDecisionAttributes(b"1"),
        )
        await self.service.respond_decision_task_completed(
            api.RespondDecisionTaskCompletedRequest(task.task_token, [complete], identity="tester")
        )
        assert task.workflow_execution is not None
        return task.workflow_execution.workflow_id or ""

    async def terminate(self, workflow_id: str) -> None:
        run = api.WorkflowExecution(workflow_id=workflow_id)
        await self.service.terminate_workflow_execution(api.TerminateWorkflowExecutionRequest(DOMAIN, run, "enough"))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with DevServer(DevServerOptions(domains=(DOMAIN,), skip_time=True)) as server:
        desk = Desk(server)
        desk.clock.skipping = False
        yield desk
        await desk.service.close()
