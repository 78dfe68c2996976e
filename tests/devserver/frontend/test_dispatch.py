"""Calls reach their handler, and answers and refusals reach the caller, over a real connection."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.codec import decode, encode
from cadence.api.service import RPCS
from cadence.devserver.frontend.dispatch import Dispatcher
from cadence.devserver.house import CallContext
from cadence.tchannel import CallResponse, Channel, Listener
from cadence.tchannel.errors import BadRequestFrameError, BusyError, UnexpectedError

Call = Callable[..., Awaitable[CallResponse]]


async def describe(house: str, request: api.DescribeDomainRequest, context: CallContext) -> Any:
    match request.name:
        case "unknown":
            raise errors.EntityNotExistsError("Domain unknown does not exist.")
        case "closed":
            raise errors.WorkflowExecutionAlreadyCompletedError("workflow execution already completed")
        case "undeclared":
            raise errors.LimitExceededError("too much")
        case "busy":
            raise BusyError("later")
        case "fault":
            raise KeyError("fault")
        case "wrong":
            return api.DescribeDomainResponse(failover_version="x")  # type: ignore[arg-type]
    info = api.DomainInfo(name=request.name, owner_email=f"{house} {context.caller} {sorted(context.headers)}")
    return api.DescribeDomainResponse(domain_info=info)


async def deprecate(house: str, request: api.DeprecateDomainRequest, context: CallContext) -> None:
    return None


async def signal(house: str, request: api.SignalWorkflowExecutionRequest, context: CallContext) -> None:
    raise errors.WorkflowExecutionAlreadyCompletedError("workflow execution already completed")


async def health(house: str, request: None, context: CallContext) -> api.HealthStatus:
    return api.HealthStatus(ok=request is None, msg="OK")


@pytest.fixture
async def call() -> AsyncIterator[Call]:
    table: Any = {
        "DescribeDomain": describe,
        "DeprecateDomain": deprecate,
        "SignalWorkflowExecution": signal,
        "health": health,
    }
    listener = await Listener.start(Dispatcher("house", table))  # type: ignore[arg-type]
    channel = Channel([f"127.0.0.1:{listener.address[1]}"], caller="tester")

    async def call(name: str, request: object = None, headers: dict[str, str] | None = None) -> CallResponse:
        rpc = RPCS[name]
        args = rpc.args_type(request) if request is not None else rpc.args_type()
        return await channel.call(rpc.endpoint, headers or {}, encode(args), timeout=5)

    call.channel = channel  # type: ignore[attr-defined]
    yield call
    await channel.close()
    await listener.close(0)


async def test_a_call_is_answered(call: Call) -> None:
    answer = await call("DescribeDomain", api.DescribeDomainRequest(name="samples"), {"b": "1", "a": "2"})
    assert answer.ok
    assert answer.headers == {"$rpc$-service": "cadence-frontend"}
    result: Any = decode(RPCS["DescribeDomain"].result_type, answer.body)
    assert result.success.domain_info.name == "samples"
    assert result.success.domain_info.owner_email == "house tester ['a', 'b']"
    assert (await call("DeprecateDomain", api.DeprecateDomainRequest(name="samples"))).body == b"\0"
    result = decode(RPCS["health"].result_type, (await call("health")).body)
    assert result.success.ok


async def test_a_declared_refusal_travels_in_the_result(call: Call) -> None:
    answer = await call("DescribeDomain", api.DescribeDomainRequest(name="unknown"))
    assert not answer.ok
    assert answer.headers == {
        "$rpc$-service": "cadence-frontend",
        "$rpc$-application-error-code": "5",
        "$rpc$-application-error-name": "EntityNotExistsError",
        "$rpc$-application-error-details": "EntityNotExistsError{Message: Domain unknown does not exist.}",
    }
    result: Any = decode(RPCS["DescribeDomain"].result_type, answer.body)
    assert result.success is None
    assert result.entity_not_exist_error.message == "Domain unknown does not exist."


async def test_a_request_that_is_not_there(call: Call) -> None:
    answer = await call("DescribeDomain")
    result: Any = decode(RPCS["DescribeDomain"].result_type, answer.body)
    assert result.bad_request_error.message == "Request is nil."


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({}, "EntityNotExistsError"),
        ({"cadence-client-name": "uber-go"}, "EntityNotExistsError"),
        ({"cadence-client-name": "uber-go", "cadence-client-feature-flags": "nonsense"}, "EntityNotExistsError"),
        ({"cadence-client-name": "uber-go", "cadence-client-feature-flags": "[]"}, "EntityNotExistsError"),
        (
            {
                "cadence-client-name": "someone",
                "cadence-client-feature-flags": '{"WorkflowExecutionAlreadyCompletedErrorEnabled":true}',
            },
            "EntityNotExistsError",
        ),
        (
            {
                "cadence-client-name": "uber-go",
                "cadence-client-feature-flags": '{"WorkflowExecutionAlreadyCompletedErrorEnabled":true}',
            },
            "EntityNotExistsError",
        ),
        (
            {
                "cadence-client-name": "uber-go",
                "cadence-client-feature-version": "1.7.0",
                "cadence-client-feature-flags": '{"WorkflowExecutionAlreadyCompletedErrorEnabled":true}',
            },
            "WorkflowExecutionAlreadyCompletedError",
        ),
    ],
)
async def test_the_newer_error_is_for_clients_that_know_it(call: Call, headers: dict[str, str], name: str) -> None:
    answer = await call("SignalWorkflowExecution", api.SignalWorkflowExecutionRequest(), headers)
    assert answer.headers["$rpc$-application-error-name"] == name


async def test_what_the_contract_has_no_place_for_is_a_frame(call: Call) -> None:
    with pytest.raises(UnexpectedError, match=r"LimitExceededError\{Message: too much\}"):
        await call("DescribeDomain", api.DescribeDomainRequest(name="undeclared"))
    with pytest.raises(BusyError, match="later"):
        await call("DescribeDomain", api.DescribeDomainRequest(name="busy"))


@pytest.mark.parametrize(("name", "message"), [("fault", "KeyError: 'fault'"), ("wrong", "CodecError: .*x")])
async def test_a_fault_of_ours_is_logged_and_told(
    call: Call, caplog: pytest.LogCaptureFixture, name: str, message: str
) -> None:
    with caplog.at_level(logging.ERROR, "cadence.devserver"), pytest.raises(UnexpectedError, match=message):
        await call("DescribeDomain", api.DescribeDomainRequest(name=name))
    (record,) = caplog.records
    assert record.exc_info
    assert "DescribeDomain failed" in record.getMessage()
    assert (await call("health")).ok


async def test_what_is_no_call_of_ours(call: Call) -> None:
    channel: Channel = call.channel  # type: ignore[attr-defined]
    for endpoint in ("WorkflowService::Nope", "Nope::DescribeDomain", "WorkflowService::ListDomains", ""):
        with pytest.raises(BadRequestFrameError, match="unrecognized procedure"):
            await channel.call(endpoint, {}, b"\0", timeout=5)
    with pytest.raises(BadRequestFrameError, match="error decoding arguments of WorkflowService::DescribeDomain"):
        await channel.call("WorkflowService::DescribeDomain", {}, b"garbage", timeout=5)
    assert (await call("health")).ok
