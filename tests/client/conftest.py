"""A frontend without a network: it gets and gives the real bytes, and answers each RPC as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest

from cadence.api.calls import error_body, read_request, response_body
from cadence.api.service import RPCS
from cadence.client import Client
from cadence.service import WorkflowService
from cadence.tchannel import CallResponse

BY_ENDPOINT = {rpc.endpoint: rpc for rpc in RPCS.values()}


class Frontend:
    """A channel whose answers are set by RPC: `frontend.on("DescribeDomain", response, error, function, ...)`.

    The outcomes of an RPC come one after another, the last one for ever. A function gets the request; an event is
    waited for; transport errors are raised.
    """

    def __init__(self) -> None:
        self.outcomes: dict[str, list[Any]] = {}
        self.requests: list[tuple[str, Any]] = []
        self.timeouts: list[float] = []
        self.is_closed = False
        self.asked = asyncio.Event()
        """Set with each request."""

    def on(self, rpc: str, *outcomes: Any) -> None:
        """Say what an RPC is answered with."""
        self.outcomes[rpc] = list(outcomes)

    def of(self, rpc: str) -> list[Any]:
        """Return the requests of an RPC."""
        return [request for name, request in self.requests if name == rpc]

    async def call(self, endpoint: str, headers: Mapping[str, str], body: bytes, *, timeout: float) -> CallResponse:
        rpc = BY_ENDPOINT[endpoint]
        request = read_request(rpc, body)
        self.requests.append((rpc.name, request))
        self.timeouts.append(timeout)
        self.asked.set()
        outcomes = self.outcomes[rpc.name]
        outcome = outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]
        if callable(outcome):
            outcome = outcome(request)
        if isinstance(outcome, asyncio.Event):
            await outcome.wait()
            outcome = outcomes[0]
        if isinstance(outcome, ConnectionError):
            raise outcome
        if isinstance(outcome, Exception):
            data = error_body(rpc, outcome)  # type: ignore[arg-type]
            assert data is not None
            return CallResponse(False, {"$rpc$-application-error-name": type(outcome).__name__}, data)
        return CallResponse(True, {}, response_body(rpc, outcome))

    async def close(self, linger: float = 0.0) -> None:
        self.is_closed = True


@pytest.fixture
def frontend() -> Frontend:
    """What the client's calls go to."""
    return Frontend()


@pytest.fixture
def connect(frontend: Frontend) -> Callable[..., Client]:
    """Make a client of the frontend, without retries."""

    def make(**options: Any) -> Client:
        options = {"domain": "samples", "identity": "tester", **options}
        return Client(WorkflowService(frontend, retry=None), **options)

    return make


@pytest.fixture
async def client(connect: Callable[..., Client]) -> AsyncIterator[Client]:
    """A client of the frontend."""
    async with connect() as made:
        yield made
