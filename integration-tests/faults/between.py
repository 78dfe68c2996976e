"""A frontend between a client and a server, which hands calls on or does something else with them.

It knows calls and answers, where the proxy beside it knows bytes. What becomes of a call is a function's business: it
gets the call and what hands it on, and gives the answer, or raises an error of the transport. Loaded by the `between`
fixture.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Self

from cadence.api.calls import error_body, read_request, response_body
from cadence.api.service import RPCS
from cadence.tchannel import CallResponse, Channel, IncomingCall, Listener

Passing = Callable[[], Awaitable[CallResponse]]
Act = Callable[[IncomingCall, Passing], Awaitable[CallResponse]]
_BY_ENDPOINT = {rpc.endpoint: rpc for rpc in RPCS.values()}


def request_of(call: IncomingCall) -> Any:
    """What was asked."""
    return read_request(_BY_ENDPOINT[call.endpoint], call.body)


def answer_to(call: IncomingCall, outcome: Any) -> CallResponse:
    """An answer that is a response, None for void, or one of the errors that the RPC declares."""
    rpc = _BY_ENDPOINT[call.endpoint]
    if isinstance(outcome, Exception):
        body = error_body(rpc, outcome)  # type: ignore[arg-type]
        assert body is not None, f"{rpc.name} declares no {type(outcome).__name__}"
        return CallResponse(False, {"$rpc$-application-error-name": type(outcome).__name__}, body)
    return CallResponse(True, {}, response_body(rpc, outcome))


class Between:
    """Listens on loopback; all calls are handed on until `acts` has something for their RPC."""

    answer_to = staticmethod(answer_to)
    request_of = staticmethod(request_of)

    def __init__(self, server: str) -> None:
        self.acts: dict[str, Act] = {}
        """What becomes of calls, by the RPC's name."""
        self.seen: Counter[str] = Counter()
        """Calls by the RPC's name."""
        self.times: list[tuple[str, float]] = []
        """Name and moment of each call."""
        self._server = Channel([server])
        self._listener: Listener | None = None
        self._changed = asyncio.Event()
        self._port = 0

    @property
    def address(self) -> str:
        """Where it listens, or did."""
        return f"127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen; where it did before."""
        self._listener = await Listener.start(self._handle, port=self._port)
        self._port = self._listener.address[1]

    async def stop(self) -> None:
        """Be gone: connections end, and nothing listens."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            await listener.close(0.0)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        await self._server.close()

    def gaps(self, name: str) -> list[float]:
        """Seconds between one call of an RPC and the next."""
        moments = [moment for seen, moment in self.times if seen == name]
        return [later - earlier for earlier, later in itertools.pairwise(moments)]

    async def until(self, condition: Callable[[], object], seconds: float = 60.0) -> None:
        """Wait until a condition holds; looked at with each call and answer."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def _handle(self, call: IncomingCall) -> CallResponse:
        name = call.endpoint.rpartition(":")[2]
        self.seen[name] += 1
        self.times.append((name, asyncio.get_running_loop().time()))
        self._changed.set()

        async def passing() -> CallResponse:
            left = max(0.001, call.deadline - asyncio.get_running_loop().time())
            return await self._server.call(call.endpoint, call.headers, call.body, timeout=left)

        act = self.acts.get(name)
        try:
            return await passing() if act is None else await act(call, passing)
        finally:
            self._changed.set()
