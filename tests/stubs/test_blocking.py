"""Blocking calls over one loop thread, and the blocking service of 1.x on top of them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cadence import api, errors
from cadence._loop_thread import LoopThread, shared_loop_thread
from cadence.api.calls import error_body, read_request, response_body
from cadence.api.service import RPCS
from cadence.exceptions import ConfigurationError, TransportError
from cadence.tchannel import CallResponse, IncomingCall, Listener
from cadence.workflowservice import WorkflowService

BY_ENDPOINT = {rpc.endpoint: rpc for rpc in RPCS.values()}


@pytest.fixture
def loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread("test-blocking")
    yield thread
    thread.close()


async def _echo(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


async def _fail() -> None:
    raise KeyError("x")


def test_a_coroutine_is_run_and_waited_for(loop_thread: LoopThread) -> None:
    assert loop_thread.run(_echo(3)) == 3
    with pytest.raises(KeyError):
        loop_thread.run(_fail())
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda n: loop_thread.run(_echo(n)), range(50))) == list(range(50))


def test_a_wait_that_ends_cancels_the_coroutine(loop_thread: LoopThread) -> None:
    cancelled = threading.Event()

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError):
        loop_thread.run(never(), timeout=0.05)
    assert cancelled.wait(5)


def test_a_call_from_the_loop_itself_would_wait_for_itself(loop_thread: LoopThread) -> None:
    async def inner() -> None:
        loop_thread.run(_echo(1))

    with pytest.raises(ConfigurationError, match="await the async method instead"):
        loop_thread.run(inner())


def test_closing_ends_what_runs(loop_thread: LoopThread) -> None:
    entered = threading.Event()

    async def never() -> None:
        entered.set()
        await asyncio.Event().wait()

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(loop_thread.run, never())
        assert entered.wait(5)
        loop_thread.close()
        with pytest.raises(ConfigurationError, match="closed while this call waited"):
            waiting.result(5)
    with pytest.raises(ConfigurationError, match="is closed"):
        loop_thread.run(_echo(1))
    LoopThread().close()


def test_a_process_shares_one_thread() -> None:
    assert shared_loop_thread() is shared_loop_thread()
    assert shared_loop_thread().run(_echo(1)) == 1


async def _frontend(call: IncomingCall) -> CallResponse:
    rpc = BY_ENDPOINT[call.endpoint]
    request = read_request(rpc, call.body)
    if rpc.name == "RegisterDomain":
        body = error_body(rpc, errors.DomainAlreadyExistsError("Domain already exists."))
        assert body is not None
        return CallResponse(False, {}, body)
    response: Any = rpc.response_type() if rpc.response_type else None
    if rpc.name == "StartWorkflowExecution":
        response.run_id = f"run of {request.workflow_id}"
    return CallResponse(True, {}, response_body(rpc, response))


@pytest.fixture
def address(loop_thread: LoopThread) -> Iterator[tuple[str, int]]:
    listener = loop_thread.run(Listener.start(_frontend))
    yield listener.address
    loop_thread.run(listener.close())


def test_answers_and_errors_are_pairs(address: tuple[str, int]) -> None:
    service = WorkflowService.create(*address, timeout=10)
    started, error = service.start_workflow(api.StartWorkflowExecutionRequest(workflow_id="w"))
    assert started == api.StartWorkflowExecutionResponse("run of w")
    assert error is None
    nothing, refused = service.register_domain(api.RegisterDomainRequest(name="d"))
    assert nothing is None
    assert isinstance(refused, errors.DomainAlreadyExistsError)
    assert service.poll_for_decision_task(api.PollForDecisionTaskRequest())[0] == api.PollForDecisionTaskResponse()
    assert service.get_cluster_info()[1] is None
    service.close()
    with pytest.raises(TransportError):
        service.get_cluster_info()


def test_every_rpc_is_there_under_its_name() -> None:
    names = {name for name in vars(WorkflowService) if not name.startswith("_")} - {"create", "get_identity", "close"}
    assert len(names) == 56
    assert {"start_workflow", "get_workflow_execution_history", "record_activity_task_heartbeat_by_id"} <= names
    method: Callable[..., Any] = WorkflowService.start_workflow
    assert method.__doc__ == "Start a run."


def test_the_identity_is_process_and_host() -> None:
    assert WorkflowService.get_identity().startswith(f"{os.getpid()}@")


def test_every_rpc_is_answered(address: tuple[str, int]) -> None:
    service = WorkflowService.create(*address, timeout=10)
    names = [name for name in vars(WorkflowService) if not name.startswith("_")]
    names = [name for name in names if name not in {"create", "get_identity", "close"}]
    # Both are written from the IDL, in its order.
    for name, rpc in zip(names, RPCS.values(), strict=True):
        arguments = [] if rpc.request_type is None else [rpc.request_type()]
        response, error = getattr(service, name)(*arguments)
        assert type(response) is (rpc.response_type or type(None)), name
        assert (error is None) is (rpc.name != "RegisterDomain")
    service.close()
