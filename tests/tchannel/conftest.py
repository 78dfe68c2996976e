"""A frontend whose every frame is the test's: it reads as a sane server does and says only what it is told to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import pytest

from cadence.tchannel import messages
from cadence.tchannel.fragments import cut
from cadence.tchannel.frames import FrameType, pack_frame
from cadence.tchannel.protocol import CallReceived, CancelReceived, Protocol, Side

RESPONSE_HEAD = messages.pack_response_head({"as": "thrift"})


def answer_frames(call_id: int, body: bytes = b"", *, code: int = 0) -> list[bytes]:
    """The frames of an answer, as a sane server would send them."""
    parts = cut(bytes((code,)) + RESPONSE_HEAD, 0, (b"", b"\0\0", body))
    kinds = FrameType.CALL_RESPONSE, FrameType.CALL_RESPONSE_CONTINUE
    return [pack_frame(kinds[number > 0], call_id, part) for number, part in enumerate(parts)]


class Link(asyncio.Protocol):
    """The peer's end of one connection."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.protocol = Protocol(Side.SERVER)
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.peer.links.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.peer.links.remove(self)
        self.peer.changed.set()

    def data_received(self, data: bytes) -> None:
        self.protocol.receive_data(data)
        for event in self.protocol.events_received():
            if isinstance(event, CallReceived):
                self.peer.calls.put_nowait((self, event))
                if self.peer.answers is not None:
                    self.send(*self.peer.answers(event))
            elif isinstance(event, CancelReceived):
                self.peer.cancelled.append(event.id)
        answer = self.protocol.data_to_send()  # the init message and the answers to pings
        if self.peer.greeting is not None and answer[2:3] == b"\x02":
            answer = self.peer.greeting
        if answer:
            self.send(answer)
        self.peer.changed.set()

    def send(self, *frames: bytes) -> None:
        """Say this."""
        assert self.transport is not None
        self.transport.write(b"".join(frames))


class Peer:
    """A frontend on loopback.

    Attributes:
        greeting: Bytes that it says instead of its init message; none: it says nothing.
        answers: Gives the frames for each call; None: it answers nothing.
    """

    def __init__(self, *, greeting: bytes | None = None, answers: Callable[[CallReceived], list[bytes]] | None) -> None:
        self.greeting = greeting
        self.answers = answers
        self.links: list[Link] = []
        self.calls: asyncio.Queue[tuple[Link, CallReceived]] = asyncio.Queue()
        self.cancelled: list[int] = []
        self.changed = asyncio.Event()
        self.port = 0
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where it listens, or did."""
        return f"127.0.0.1:{self.port}"

    async def start(self, host: str = "127.0.0.1") -> None:
        """Listen; at the port of before, where it did."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Link(self), host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Die: nothing listens any more, and connections are gone."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for link in list(self.links):
            assert link.transport is not None
            link.transport.abort()
        await self.until(lambda: not self.links)
        await server.wait_closed()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds; looked at whenever something arrives here."""
        async with asyncio.timeout(20):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


def echoed(call: CallReceived) -> list[bytes]:
    """An answer with the call's own body."""
    return answer_frames(call.id, call.arg3)


@pytest.fixture
def frames() -> Callable[..., list[bytes]]:
    """Give the frames of an answer."""
    return answer_frames


@pytest.fixture
async def peer() -> AsyncIterator[Callable[..., Awaitable[Peer]]]:
    """Make frontends: they echo, unless `answers` says else; all are gone at the end."""
    peers: list[Peer] = []

    async def make(*, host: str = "127.0.0.1", port: int = 0, **options: Any) -> Peer:
        made = Peer(**{"answers": echoed, **options})
        made.port = port
        peers.append(made)
        await made.start(host)
        return made

    yield make
    for made in peers:
        await made.stop()
