"""Calls of the service: every RPC, deadlines, retries, errors that say what to do."""

from __future__ import annotations

import asyncio
import inspect
import logging
import socket
from collections.abc import Callable
from typing import Any

import pytest

from cadence import api, errors
from cadence.api.calls import request_body
from cadence.api.codec import CodecError
from cadence.api.service import RPCS
from cadence.exceptions import ServiceError, TransportError
from cadence.service import INHERIT, ClientHeaders, RetryOptions, UnknownAnswerError, WorkflowService
from cadence.tchannel import CallResponse
from cadence.tchannel import errors as tchannel

Scripted = Callable[..., Any]
FAST = RetryOptions(initial_interval=0.001, busy_pause=0.002, expiration=5)
START = api.StartWorkflowExecutionRequest(domain="orders", workflow_id="w-1")


def _method_name(rpc: str) -> str:
    names: dict[str, str] = {}
    for name, function in inspect.getmembers(WorkflowService, inspect.iscoroutinefunction):
        source = inspect.getsource(function)
        if f'RPCS["{rpc}"]' in source:
            names[rpc] = name
    return names[rpc]


@pytest.mark.parametrize("rpc", RPCS.values(), ids=lambda rpc: rpc.name)
async def test_every_rpc_has_its_coroutine(rpc: Any, scripted: Scripted) -> None:
    response = rpc.response_type() if rpc.response_type else None
    channel = scripted(response)
    service = WorkflowService(channel)
    arguments = [] if rpc.request_type is None else [rpc.request_type()]
    assert await getattr(service, _method_name(rpc.name))(*arguments) == response
    assert channel.sent[0].endpoint == rpc.endpoint
    assert channel.sent[0].request == (arguments[0] if arguments else None)
    assert channel.sent[0].headers["cadence-client-name"] == "uber-go"
    for _, cls in rpc.errors:
        error = cls()
        with pytest.raises(cls):
            await getattr(WorkflowService(scripted(error)), _method_name(rpc.name))(*arguments, retry=None)


def test_names_are_the_idls_in_snake_case() -> None:
    for rpc, name in {
        "StartWorkflowExecution": "start_workflow_execution",
        "RecordActivityTaskHeartbeatByID": "record_activity_task_heartbeat_by_id",
        "health": "health",
    }.items():
        assert _method_name(rpc) == name


async def test_declared_errors_carry_their_fields(scripted: Scripted) -> None:
    service = WorkflowService(scripted(errors.WorkflowExecutionAlreadyStartedError("running", "req", "run")))
    with pytest.raises(errors.WorkflowExecutionAlreadyStartedError) as caught:
        await service.start_workflow_execution(START)
    assert (caught.value.message, caught.value.start_request_id, caught.value.run_id) == ("running", "req", "run")
    assert caught.value.startRequestId == "req"


async def test_an_unknown_domain_says_how_to_register_it(scripted: Scripted) -> None:
    service = WorkflowService(scripted(errors.EntityNotExistsError("Domain orders does not exist.")))
    with pytest.raises(errors.EntityNotExistsError, match="register it: cadence domain register orders"):
        await service.start_workflow_execution(START)
    with pytest.raises(errors.EntityNotExistsError, match="cadence domain register shop"):
        await service.describe_domain(api.DescribeDomainRequest(name="shop"))
    other = WorkflowService(scripted(errors.EntityNotExistsError("Workflow execution not found.")))
    with pytest.raises(errors.EntityNotExistsError) as caught:
        await other.start_workflow_execution(START)
    assert caught.value.hint == ""


async def test_failed_attempts_are_repeated(scripted: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    response = api.StartWorkflowExecutionResponse("run")
    channel = scripted(
        tchannel.UnexpectedError("a"), errors.ServiceBusyError("b"), tchannel.ConnectionLostError("c"), response
    )
    with caplog.at_level(logging.DEBUG, "cadence.service"):
        assert await WorkflowService(channel, retry=FAST).start_workflow_execution(START) == response
    assert len(channel.sent) == 4
    assert all(sent.request == START for sent in channel.sent)
    assert "StartWorkflowExecution, domain 'orders', workflow id 'w-1' again in" in caplog.text


async def test_what_can_not_succeed_is_not_repeated(scripted: Scripted) -> None:
    channel = scripted(errors.BadRequestError("no"), None)
    with pytest.raises(errors.BadRequestError):
        await WorkflowService(channel, retry=FAST).start_workflow_execution(START)
    assert len(channel.sent) == 1


async def test_retries_end(scripted: Scripted) -> None:
    channel = scripted(tchannel.UnexpectedError("always"))
    service = WorkflowService(channel, retry=FAST)
    with pytest.raises(tchannel.UnexpectedError):
        await service.start_workflow_execution(START, retry=None)
    assert len(channel.sent) == 1
    with pytest.raises(tchannel.UnexpectedError):
        await service.start_workflow_execution(START, timeout=0.05)
    assert len(channel.sent) > 3
    short = RetryOptions(initial_interval=0.001, expiration=0.03)
    with pytest.raises(tchannel.UnexpectedError):
        await WorkflowService(channel, retry=None).start_workflow_execution(START, retry=short)


async def test_polls_are_left_to_the_pollers(scripted: Scripted) -> None:
    channel = scripted(tchannel.UnexpectedError("x"))
    service = WorkflowService(channel, retry=FAST)
    with pytest.raises(tchannel.UnexpectedError):
        await service.poll_for_decision_task(api.PollForDecisionTaskRequest())
    assert len(channel.sent) == 1
    assert channel.sent[0].timeout == 150
    with pytest.raises(tchannel.UnexpectedError):
        await service.poll_for_activity_task(api.PollForActivityTaskRequest(), retry=FAST, timeout=0.05)
    assert len(channel.sent) > 2


async def test_the_time_of_a_call_is_given_to_its_attempts(scripted: Scripted) -> None:
    channel = scripted(None)
    service = WorkflowService(channel)
    request = api.SignalWorkflowExecutionRequest(domain="d")
    await service.signal_workflow_execution(request)
    await service.signal_workflow_execution(request, timeout=4)
    await service.signal_workflow_execution(request, timeout=4, retry=None)
    assert [sent.timeout for sent in channel.sent] == [10, 2, 4]


async def test_cancelling_a_call_makes_no_other_attempt(scripted: Scripted) -> None:
    channel = scripted(asyncio.Event())
    call = asyncio.create_task(
        WorkflowService(channel, retry=FAST).signal_workflow_execution(api.SignalWorkflowExecutionRequest())
    )
    await asyncio.sleep(0)
    assert len(channel.sent) == 1
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert len(channel.sent) == 1


async def test_a_closed_service_does_not_go_on(scripted: Scripted) -> None:
    channel = scripted(tchannel.ConnectionFailedError("closed"))
    service = WorkflowService(channel)
    await service.close()
    assert channel.is_closed
    with pytest.raises(tchannel.ConnectionFailedError):
        await service.start_workflow_execution(START)
    assert len(channel.sent) == 1


async def test_answers_of_a_newer_server(scripted: Scripted) -> None:
    unknown = CallResponse(
        False, {"$rpc$-application-error-name": "NewerError"}, b"\x0c\x00\x63\x0b\x00\x01\0\0\0\0\0\0"
    )
    with pytest.raises(UnknownAnswerError, match="StartWorkflowExecution was answered with NewerError") as caught:
        await WorkflowService(scripted(unknown)).start_workflow_execution(START)
    assert caught.value.name == "NewerError"
    assert isinstance(caught.value, ServiceError)
    with pytest.raises(UnknownAnswerError, match="neither a response nor a known error"):
        await WorkflowService(scripted(CallResponse(True, {}, b"\0"))).start_workflow_execution(START)
    with pytest.raises(UnknownAnswerError):
        await WorkflowService(scripted(CallResponse(False, {}, b"\0"))).register_domain(api.RegisterDomainRequest())


async def test_answers_that_are_none(scripted: Scripted) -> None:
    for body in (b"", b"\x0c\x00\x00\x0b", b"\x0b"):
        with pytest.raises(CodecError):
            await WorkflowService(scripted(CallResponse(True, {}, body))).start_workflow_execution(START)


async def test_a_request_that_does_not_fit_is_not_sent(scripted: Scripted) -> None:
    channel = scripted(None)
    with pytest.raises(CodecError, match=r"StartWorkflowExecutionRequest\.domain"):
        await WorkflowService(channel).start_workflow_execution(api.StartWorkflowExecutionRequest(domain=3))  # type: ignore[arg-type]
    assert channel.sent == []


async def test_a_token_is_asked_for_before_each_attempt(scripted: Scripted) -> None:
    tokens = iter("abc")
    channel = scripted(tchannel.UnexpectedError("x"), None)
    service = WorkflowService(
        channel, retry=FAST, authorization=lambda: next(tokens), headers=ClientHeaders(extra={"k": "v"})
    )
    await service.signal_workflow_execution(api.SignalWorkflowExecutionRequest())
    assert [sent.headers["cadence-authorization"] for sent in channel.sent] == ["a", "b"]
    assert channel.sent[0].headers["k"] == "v"


async def test_calls_are_logged_with_what_they_are_about(scripted: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    execution = api.WorkflowExecution("w", "r")
    request = api.SignalWorkflowExecutionRequest(domain="d", workflow_execution=execution, input=b"secret")
    with caplog.at_level(logging.DEBUG, "cadence.service"):
        await WorkflowService(scripted(None)).signal_workflow_execution(request)
    assert caplog.messages == ["SignalWorkflowExecution, domain 'd', workflow id 'w', run id 'r'"]


# --- against a real listener -----------------------------------------------------------------------------------------


async def test_calls_over_a_socket(frontend: Any) -> None:
    server, service = frontend

    async def respond(endpoint: str, request: Any) -> Any:
        if endpoint.endswith("DescribeDomain"):
            return api.DescribeDomainResponse(domain_info=api.DomainInfo(name=request.name))
        if endpoint == "Meta::health":
            return api.HealthStatus(ok=True, msg="fine")
        if endpoint.endswith("RegisterDomain"):
            return None
        return errors.EntityNotExistsError(f"Domain {request.domain} does not exist.")

    server.respond = respond
    described = await asyncio.gather(
        *(service.describe_domain(api.DescribeDomainRequest(name=f"d{n}")) for n in range(100))
    )
    assert [item.domain_info.name for item in described] == [f"d{n}" for n in range(100)]
    assert (await service.health()).msg == "fine"
    assert await service.register_domain(api.RegisterDomainRequest(name="x")) is None
    with pytest.raises(errors.EntityNotExistsError, match="cadence domain register orders"):
        await service.start_workflow_execution(START)
    assert server.calls[0].headers == ClientHeaders().as_dict()
    assert server.calls[0].service == "cadence-frontend"


async def test_a_large_answer_over_a_socket(frontend: Any) -> None:
    server, service = frontend
    blob = bytes(range(256)) * 40_000

    async def respond(endpoint: str, request: Any) -> Any:
        return api.QueryWorkflowResponse(query_result=request.query.query_args)

    server.respond = respond
    answer = await service.query_workflow(api.QueryWorkflowRequest(query=api.WorkflowQuery("q", blob)))
    assert answer.query_result == blob


async def test_a_server_that_does_not_answer(frontend: Any) -> None:
    server, service = frontend

    async def respond(endpoint: str, request: Any) -> Any:
        await asyncio.Event().wait()

    server.respond = respond
    with pytest.raises(TransportError) as caught:
        await service.describe_domain(api.DescribeDomainRequest(name="d"), timeout=0.2, retry=None)
    assert isinstance(caught.value, TimeoutError)


async def test_an_address_where_nothing_listens_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with WorkflowService.connect([f"127.0.0.1:{port}"]) as service:
        with pytest.raises(TransportError, match=rf"127\.0\.0\.1:{port}.*cadence dev"):
            await service.health(retry=None)
        quick = RetryOptions(unreachable=0.1)
        with pytest.raises(tchannel.ConnectionFailedError):
            await service.health(retry=quick)


async def test_a_server_that_was_there_may_be_away_for_the_time_of_the_call(scripted: Scripted) -> None:
    lost, unreachable = tchannel.ConnectionLostError(), tchannel.ConnectionFailedError()
    channel = scripted(lost, unreachable, unreachable, api.DescribeDomainResponse())
    service = WorkflowService(channel, retry=RetryOptions(unreachable=0.0))
    assert await service.describe_domain(api.DescribeDomainRequest("a")) is not None
    channel = scripted(unreachable, api.DescribeDomainResponse())
    service = WorkflowService(channel, retry=RetryOptions(unreachable=0.0))
    with pytest.raises(tchannel.ConnectionFailedError):
        await service.describe_domain(api.DescribeDomainRequest("a"))


async def test_a_wrong_address_is_told_with_its_reason(scripted: Scripted) -> None:
    nowhere, not_yet = tchannel.ConnectionFailedError("nothing listens"), tchannel.ConnectTimeoutError("no connection")
    service = WorkflowService(scripted(nowhere, not_yet), retry=RetryOptions(unreachable=0.2))
    with pytest.raises(tchannel.ConnectionFailedError, match="nothing listens"):
        await service.describe_domain(api.DescribeDomainRequest("a"), timeout=60)
    service = WorkflowService(scripted(not_yet), retry=RetryOptions(unreachable=0.2))
    with pytest.raises(tchannel.ConnectTimeoutError):
        await service.describe_domain(api.DescribeDomainRequest("a"), timeout=60)


async def test_concurrent_calls_do_not_share_anything(scripted: Scripted) -> None:
    channel = scripted(api.DescribeDomainResponse())
    service = WorkflowService(channel, retry=INHERIT)
    one, two = await asyncio.gather(
        service.describe_domain(api.DescribeDomainRequest("a")), service.describe_domain(api.DescribeDomainRequest("b"))
    )
    assert one is not two
    assert request_body(RPCS["GetClusterInfo"], None) == b"\0"
