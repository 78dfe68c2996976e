"""A channel without a network, and a frontend that answers by a function, both for tests of the service."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest

from cadence.api.calls import error_body, read_request, response_body
from cadence.api.service import RPCS
from cadence.service import WorkflowService
from cadence.tchannel import CallResponse, IncomingCall, Listener

BY_ENDPOINT = {rpc.endpoint: rpc for rpc in RPCS.values()}


def answer(endpoint: str, outcome: Any) -> CallResponse:
    """What a frontend sends for a response, an error or None (void)."""
    rpc = BY_ENDPOINT[endpoint]
    if isinstance(outcome, CallResponse):
        return outcome
    if isinstance(outcome, Exception):
        body = error_body(rpc, outcome)  # type: ignore[arg-type]
        assert body is not None
        return CallResponse(False, {"$rpc$-application-error-name": type(outcome).__name__}, body)
    return CallResponse(True, {}, response_body(rpc, outcome))


@dataclasses.dataclass
class Sent:
    """A call as it reached the channel."""

    endpoint: str
    headers: dict[str, str]
    request: Any
    timeout: float


class ScriptedChannel:
    """Gives its outcomes one after another, the last one for ever. Exceptions of the transport are raised."""

    def __init__(self, *outcomes: Any) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[Sent] = []
        self.is_closed = False

    async def call(self, endpoint: str, headers: Mapping[str, str], body: bytes, *, timeout: float) -> CallResponse:
        self.sent.append(Sent(endpoint, dict(headers), read_request(BY_ENDPOINT[endpoint], body), timeout))
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, ConnectionError):
            raise outcome
        if isinstance(outcome, asyncio.Event):
            await outcome.wait()
            outcome = None
        return answer(endpoint, outcome)

    async def close(self, linger: float = 0.0) -> None:
        self.is_closed = True


@pytest.fixture
def scripted() -> Callable[..., ScriptedChannel]:
    """Make a channel from its outcomes."""
    return ScriptedChannel


class Frontend:
    """A real listener whose answers are a function's."""

    def __init__(self) -> None:
        self.calls: list[IncomingCall] = []
        self.respond: Callable[[str, Any], Awaitable[Any]] | None = None

    async def handle(self, call: IncomingCall) -> CallResponse:
        self.calls.append(call)
        assert self.respond is not None
        return answer(
            call.endpoint, await self.respond(call.endpoint, read_request(BY_ENDPOINT[call.endpoint], call.body))
        )


@pytest.fixture
async def frontend() -> AsyncIterator[tuple[Frontend, WorkflowService]]:
    """A frontend on loopback and a service that calls it."""
    server = Frontend()
    listener = await Listener.start(server.handle)
    host, port = listener.address
    async with WorkflowService.connect(f"{host}:{port}") as service:
        yield server, service
    await listener.close()
