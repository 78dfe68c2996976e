"""What the log says while a result is waited for that does not come."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from cadence import api
from cadence.api.enums import PendingDecisionState
from cadence.client import Client
from cadence.client.diagnosis import Diagnosis
from cadence.errors import EntityNotExistsError

MINUTE = 60 * 1_000_000_000
SCHEDULED = 100 * MINUTE


def described(
    *, attempt: int = 0, state: PendingDecisionState = PendingDecisionState.SCHEDULED, task_list: str = "greetings"
) -> api.DescribeWorkflowExecutionResponse:
    return api.DescribeWorkflowExecutionResponse(
        execution_configuration=api.WorkflowExecutionConfiguration(task_list=api.TaskList(name=task_list)),
        pending_decision=api.PendingDecisionInfo(state=state, attempt=attempt, scheduled_timestamp=SCHEDULED),
    )


def polled(*times: int) -> api.DescribeTaskListResponse:
    return api.DescribeTaskListResponse(pollers=[api.PollerInfo(last_access_time=time) for time in times])


def diagnosis(client: Client) -> Diagnosis:
    return Diagnosis(client.service, client.domain, "w\n", "r", first_look=0.001)


async def test_nobody_polls_is_said_once(client: Client, frontend: Any, caplog: pytest.LogCaptureFixture) -> None:
    frontend.on("DescribeWorkflowExecution", described())
    frontend.on("DescribeTaskList", polled(SCHEDULED - 5 * MINUTE))
    looking = diagnosis(client)
    await looking.look()
    await looking.look()
    (record,) = caplog.records
    assert "nobody polls task list 'greetings' of domain 'samples'" in record.getMessage()
    assert "\n" not in record.getMessage()
    assert vars(record)["cadence.run_id"] == "r"
    (request,) = frontend.of("DescribeTaskList")
    assert (request.domain, request.task_list.name) == ("samples", "greetings")


async def test_a_worker_that_polls_is_left_in_peace(
    client: Client, frontend: Any, caplog: pytest.LogCaptureFixture
) -> None:
    looking = diagnosis(client)
    frontend.on("DescribeWorkflowExecution", described())
    frontend.on("DescribeTaskList", polled(SCHEDULED - 5 * MINUTE, SCHEDULED - MINUTE))
    await looking.look()
    for quiet in (
        described(state=PendingDecisionState.STARTED, attempt=1),
        described(task_list=""),
        api.DescribeWorkflowExecutionResponse(),
    ):
        frontend.on("DescribeWorkflowExecution", quiet)
        await looking.look()
    assert caplog.records == []


async def test_decisions_that_fail_are_said_ever_more_rarely(
    client: Client, frontend: Any, caplog: pytest.LogCaptureFixture
) -> None:
    looking = diagnosis(client)
    for attempt in range(1, 10):
        frontend.on("DescribeWorkflowExecution", described(attempt=attempt, state=PendingDecisionState.STARTED))
        await looking.look()
    said = [record.getMessage() for record in caplog.records]
    assert [text for text in said if "failed 2 times" in text or "failed 4 times" in text or "failed 8" in text] == said
    assert len(said) == 3


async def test_it_looks_again_and_ends_with_the_wait(
    client: Client, frontend: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "cadence.client")
    looked = asyncio.Event()

    def answer(request: Any) -> Any:
        if len(frontend.requests) == 2:
            looked.set()
        return api.DescribeWorkflowExecutionResponse()

    frontend.on("DescribeWorkflowExecution", answer)
    with diagnosis(client):
        async with asyncio.timeout(5):
            await looked.wait()
        (task,) = (task for task in asyncio.all_tasks() if task.get_name() == "cadence diagnosis")
    await asyncio.wait([task])
    assert task.cancelled()
    assert not any("can't be looked after" in record.getMessage() for record in caplog.records)


async def test_its_own_failures_end_it_quietly(client: Client, frontend: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "cadence.client")
    looking: list[asyncio.Task[Any] | None] = []

    def answer(request: Any) -> Any:
        looking.append(asyncio.current_task())
        return EntityNotExistsError(message="gone")

    frontend.on("DescribeWorkflowExecution", answer)
    with diagnosis(client):
        await frontend.asked.wait()
        (task,) = looking
        assert task is not None
        await asyncio.wait([task])
        assert task.exception() is None
    assert any("can't be looked after" in record.getMessage() for record in caplog.records)
    assert len(frontend.requests) == 1
    assert all(record.levelno == logging.DEBUG for record in caplog.records if record.name == "cadence.client")


async def test_a_short_wait_asks_nothing(client: Client, frontend: Any) -> None:
    with Diagnosis(client.service, client.domain, "w", "r"):
        await asyncio.sleep(0)
    assert frontend.requests == []
