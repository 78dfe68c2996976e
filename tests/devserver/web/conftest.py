"""A server with its page, a peer that starts and works, and a plain HTTP client."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from cadence import api
from cadence.api.enums import DecisionType
from cadence.devserver import DevServer, DevServerOptions
from cadence.service import WorkflowService

DOMAIN = "shop"
LIST = api.TaskList(name="orders")


class Page:
    """What a browser does, without one."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self.session = session
        self.token = ""

    async def read(self, path: str, **asked: str) -> dict[str, Any]:
        async with self.session.get(f"http://{self.address}/api/{path}", params=asked) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, dict[str, Any]]:
        if not self.token:
            async with self.session.get(f"http://{self.address}/") as response:
                found = re.search(r'name="token" content="([^"]+)"', await response.text())
                assert found is not None
                self.token = found[1]
        sent = {"Origin": f"http://{self.address}", "X-Cadence-Token": self.token, **headers}
        sent = {name: value for name, value in sent.items() if value}
        async with self.session.post(f"http://{self.address}/api/{path}", json=body, headers=sent) as response:
            return response.status, await response.json()


class Peer:
    """Client and worker in one."""

    def __init__(self, service: WorkflowService) -> None:
        self.service = service

    async def start(self, workflow_id: str, **more: Any) -> dict[str, str]:
        request = api.StartWorkflowExecutionRequest(
            domain=DOMAIN,
            workflow_id=workflow_id,
            workflow_type=api.WorkflowType(name="order"),
            task_list=LIST,
            execution_start_to_close_timeout_seconds=600,
            task_start_to_close_timeout_seconds=60,
            request_id=str(uuid.uuid4()),
        )
        for name, value in more.items():
            setattr(request, name, value)
        answer = await self.service.start_workflow_execution(request)
        return {"domain": DOMAIN, "workflow": workflow_id, "run": answer.run_id or ""}

    async def poll(self) -> api.PollForDecisionTaskResponse:
        request = api.PollForDecisionTaskRequest(DOMAIN, LIST, "tester", "sum")
        return await self.service.poll_for_decision_task(request, timeout=20)

    async def decide(self, *decisions: api.Decision) -> None:
        task = await self.poll()
        await self.service.respond_decision_task_completed(
            api.RespondDecisionTaskCompletedRequest(
                task_token=task.task_token, decisions=list(decisions), identity="tester"
            )
        )

    async def answer(self, task: api.PollForDecisionTaskResponse, result: bytes) -> None:
        await self.service.respond_query_task_completed(
            api.RespondQueryTaskCompletedRequest(task.task_token, 0, result, None)
        )

    async def signal(self, run: dict[str, str], name: str, blob: bytes) -> None:
        execution = api.WorkflowExecution(workflow_id=run["workflow"], run_id=run["run"])
        await self.service.signal_workflow_execution(
            api.SignalWorkflowExecutionRequest(DOMAIN, execution, name, blob, "tester")
        )

    @staticmethod
    def activity(name: str, blob: bytes = b"[2]") -> api.Decision:
        attributes = api.ScheduleActivityTaskDecisionAttributes(
            activity_id=name,
            activity_type=api.ActivityType(name="charge"),
            task_list=LIST,
            input=blob,
            schedule_to_close_timeout_seconds=200,
            schedule_to_start_timeout_seconds=200,
            start_to_close_timeout_seconds=200,
            heartbeat_timeout_seconds=100,
        )
        return api.Decision(DecisionType.ScheduleActivityTask, schedule_activity_task_decision_attributes=attributes)

    @staticmethod
    def timer(name: str, seconds: int = 3600) -> api.Decision:
        attributes = api.StartTimerDecisionAttributes(name, seconds)
        return api.Decision(DecisionType.StartTimer, start_timer_decision_attributes=attributes)

    @staticmethod
    def complete(blob: bytes) -> api.Decision:
        attributes = api.CompleteWorkflowExecutionDecisionAttributes(blob)
        return api.Decision(
            DecisionType.CompleteWorkflowExecution, complete_workflow_execution_decision_attributes=attributes
        )


@pytest.fixture
async def server() -> AsyncIterator[DevServer]:
    async with DevServer(DevServerOptions(domains=(DOMAIN,), web_port=0, web_hosts=("dev.example",))) as server:
        yield server


@pytest.fixture
async def peer(server: DevServer) -> AsyncIterator[Peer]:
    service = WorkflowService.connect(server.address, retry=None)
    yield Peer(service)
    await service.close()


@pytest.fixture
async def page(server: DevServer) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(server.web_address, session)
