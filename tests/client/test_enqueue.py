"""Starts that go into the domain's queue, where it has one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cadence import api
from cadence.client import Client
from cadence.errors import BadRequestError

OPTIONS: dict[str, Any] = {
    "task_list": "orders",
    "execution_start_to_close_timeout": timedelta(minutes=1),
    "workflow_id": "w",
    "enqueue": True,
}


async def test_a_start_is_queued(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecutionAsync", api.StartWorkflowExecutionAsyncResponse())
    handle = await client.start_workflow("order", 1, **OPTIONS)
    ((name, request),) = frontend.requests
    assert name == "StartWorkflowExecutionAsync"
    assert (request.request.workflow_id, request.request.input) == ("w", b"1\n")
    assert request.request.request_id
    assert (handle.workflow_id, handle.run_id) == ("w", "")


async def test_a_signal_with_start_is_queued(client: Client, frontend: Any) -> None:
    frontend.on("SignalWithStartWorkflowExecutionAsync", api.SignalWithStartWorkflowExecutionAsyncResponse())
    handle = await client.signal_with_start("order", 1, signal="go", signal_arguments=[2], **OPTIONS)
    ((_, request),) = frontend.requests
    assert (request.request.signal_name, request.request.signal_input) == ("go", b"2\n")
    assert handle.run_id == ""


async def test_a_domain_without_a_queue_says_what_to_do(client: Client, frontend: Any) -> None:
    error = BadRequestError(message="async workflow is not enabled for domain samples")
    frontend.on("StartWorkflowExecutionAsync", error)
    with pytest.raises(BadRequestError, match="not enabled") as caught:
        await client.start_workflow("order", 1, **OPTIONS)
    assert "without enqueue" in caught.value.hint


async def test_starts_are_not_queued_by_themselves(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", api.StartWorkflowExecutionResponse(run_id="r"))
    handle = await client.start_workflow("order", 1, **{**OPTIONS, "enqueue": False})
    assert handle.run_id == "r"
