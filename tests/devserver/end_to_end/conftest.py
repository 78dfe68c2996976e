"""A server in this process, one in another, and a peer that is client and worker in one."""

from __future__ import annotations

import asyncio
import sys
import textwrap
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest

from cadence import api
from cadence.api.enums import (
    DecisionType,
    EventType,
    QueryConsistencyLevel,
    QueryTaskCompletedType,
)
from cadence.devserver import DevServer, DevServerOptions
from cadence.devserver.house import House
from cadence.service import WorkflowService

DOMAIN = "samples"
LIST = api.TaskList(name="orders")
ALWAYS = api.StartTimeFilter(earliest_time=0, latest_time=2**62)


class Peer:
    """Client and worker in one: each method is one call."""

    def __init__(self, address: str) -> None:
        self.service = WorkflowService.connect(address, retry=None)

    async def start(self, workflow_id: str = "w", **more: Any) -> api.WorkflowExecution:
        request = api.StartWorkflowExecutionRequest(
            domain=DOMAIN,
            workflow_id=workflow_id,
            workflow_type=api.WorkflowType(name="order"),
            task_list=LIST,
            execution_start_to_close_timeout_seconds=60,
            task_start_to_close_timeout_seconds=10,
            request_id=str(uuid.uuid4()),
            input=b"[1]",
        )
        for name, value in more.items():
            setattr(request, name, value)
        answer = await self.service.start_workflow_execution(request)
        return api.WorkflowExecution(workflow_id=workflow_id, run_id=answer.run_id)

    async def decide(self, name: str = "orders", timeout: float = 20) -> api.PollForDecisionTaskResponse:
        request = api.PollForDecisionTaskRequest(DOMAIN, api.TaskList(name=name), "tester", "sum")
        return await self.service.poll_for_decision_task(request, timeout=timeout)

    async def respond(
        self, task: api.PollForDecisionTaskResponse, *decisions: api.Decision, **more: Any
    ) -> api.RespondDecisionTaskCompletedResponse:
        return await self.service.respond_decision_task_completed(
            api.RespondDecisionTaskCompletedRequest(
                task_token=task.task_token, decisions=list(decisions), identity="tester", **more
            )
        )

    async def work(self, timeout: float = 20) -> api.PollForActivityTaskResponse:
        request = api.PollForActivityTaskRequest(DOMAIN, LIST, "tester")
        return await self.service.poll_for_activity_task(request, timeout=timeout)

    async def done(self, task: api.PollForActivityTaskResponse, result: bytes = b"1") -> None:
        await self.service.respond_activity_task_completed(
            api.RespondActivityTaskCompletedRequest(task.task_token, result, "tester")
        )

    async def signal(self, run: api.WorkflowExecution, name: str = "s") -> None:
        await self.service.signal_workflow_execution(
            api.SignalWorkflowExecutionRequest(DOMAIN, run, name, b"[]", "tester")
        )

    async def history(self, run: api.WorkflowExecution, **more: Any) -> api.GetWorkflowExecutionHistoryResponse:
        timeout = more.pop("timeout", 20)
        request = api.GetWorkflowExecutionHistoryRequest(domain=DOMAIN, execution=run, **more)
        return await self.service.get_workflow_execution_history(request, timeout=timeout)

    async def kinds(self, run: api.WorkflowExecution) -> list[str]:
        events = (await self.history(run)).history.events
        assert [event.event_id for event in events] == list(range(1, len(events) + 1))
        return [EventType(event.event_type).name for event in events]

    async def describe(self, run: api.WorkflowExecution) -> api.DescribeWorkflowExecutionResponse:
        return await self.service.describe_workflow_execution(api.DescribeWorkflowExecutionRequest(DOMAIN, run))

    async def query(self, run: api.WorkflowExecution, *, strong: bool = False, **more: Any) -> Any:
        level = QueryConsistencyLevel.STRONG if strong else QueryConsistencyLevel.EVENTUAL
        timeout = more.pop("timeout", 20)
        request = api.QueryWorkflowRequest(
            DOMAIN, run, api.WorkflowQuery("state", b"[7]"), query_consistency_level=level, **more
        )
        return await self.service.query_workflow(request, timeout=timeout)

    async def answer(self, task: api.PollForDecisionTaskResponse, result: bytes, failed: bool = False) -> None:
        kind = QueryTaskCompletedType.FAILED if failed else QueryTaskCompletedType.COMPLETED
        await self.service.respond_query_task_completed(
            api.RespondQueryTaskCompletedRequest(
                task.task_token, kind, None if failed else result, "no" if failed else None
            )
        )


def activity(name: str = "a", **more: Any) -> api.Decision:
    attributes = api.ScheduleActivityTaskDecisionAttributes(
        activity_id=name,
        activity_type=api.ActivityType(name="charge"),
        task_list=LIST,
        input=b"[2]",
        schedule_to_close_timeout_seconds=20,
        schedule_to_start_timeout_seconds=20,
        start_to_close_timeout_seconds=20,
        heartbeat_timeout_seconds=10,
        **more,
    )
    return api.Decision(DecisionType.ScheduleActivityTask, schedule_activity_task_decision_attributes=attributes)


def complete(result: bytes = b"2") -> api.Decision:
    attributes = api.CompleteWorkflowExecutionDecisionAttributes(result)
    return api.Decision(
        DecisionType.CompleteWorkflowExecution, complete_workflow_execution_decision_attributes=attributes
    )


def child(name: str) -> api.Decision:
    attributes = api.StartChildWorkflowExecutionDecisionAttributes(
        workflow_id=name, workflow_type=api.WorkflowType(name="part"), task_list=api.TaskList(name="children")
    )
    return api.Decision(
        DecisionType.StartChildWorkflowExecution, start_child_workflow_execution_decision_attributes=attributes
    )


SERVER = """
    import asyncio, sys
    from cadence.devserver import DevServer, DevServerOptions

    async def main():
        async with DevServer(DevServerOptions(database=sys.argv[1], domains=("samples",))) as server:
            print(server.address, flush=True)
            await asyncio.Event().wait()

    asyncio.run(main())
"""


class Process:
    """A server in a process of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def __aenter__(self) -> Self:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", textwrap.dedent(SERVER), str(self.path), stdout=asyncio.subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.peer = Peer((await self.process.stdout.readline()).decode().strip())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.peer.service.close()
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


@pytest.fixture
async def server() -> AsyncIterator[DevServer]:
    async with DevServer(DevServerOptions(domains=(DOMAIN,))) as server:
        yield server


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens on this loop."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # the loop is all there is to wait for
            await asyncio.sleep(0)


def polled(house: House, name: str) -> bool:
    return house.matching.has_poller(house.domains.find(DOMAIN).id, name, "decision")


@pytest.fixture
def house(server: DevServer) -> House:
    return server._running()


@pytest.fixture
async def peer(server: DevServer) -> AsyncIterator[Peer]:
    peer = Peer(server.address)
    yield peer
    await peer.service.close()


@pytest.fixture
def tools() -> SimpleNamespace:
    """What tests build and wait with."""
    return SimpleNamespace(
        domain=DOMAIN,
        activity=activity,
        complete=complete,
        child=child,
        until=until,
        polled=polled,
        Peer=Peer,
        Process=Process,
    )
