"""A TCP proxy that behaves like a bad network, the same way each time for the same seed.

It knows bytes and connections, and nothing of what they mean. Within a stream nothing is reordered and nothing is
missing before something that arrives, as TCP promises; all else may happen: bytes come in other pieces and late, stop
for a while, stop for ever in one direction or both, and connections end in every way there is. Loaded by the `proxy`
fixture; who talks through it is the tests' affair.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

ENDS = ("close", "cut", "drop", "reset", "stall", "blackhole", "half")
"""What may become of a connection: closed after all that it took; closed in the middle of a piece; closed with what was
under way lost; reset; silent for a while and then on; silent for ever in both directions, or in one of the two."""
_CHUNK = 65_536
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Plan:
    """What the network does; times in seconds."""

    seed: int
    pieces: tuple[int, int]
    """Bytes in which a stream is sent on: at least, at most."""
    gathering: float
    """How long bytes are gathered before they are sent on together."""
    delay: tuple[float, float]
    """How late each piece comes."""
    life: tuple[float, float]
    """When something happens to a connection."""
    ends: tuple[str, ...]
    """What may happen then."""
    stall: tuple[float, float]
    """How long a stall is."""
    refused: float
    """The share of connections that are reset as soon as they are made."""

    @classmethod
    def drawn(cls, seed: int) -> Plan:
        """Draw a plan. Three plans that follow each other have all kinds of ends among them."""
        draw = random.Random(seed)
        start = seed * 3 % len(ENDS)
        ends = tuple(ENDS[(start + step) % len(ENDS)] for step in range(3))
        smallest, factors = draw.choice(((1, (64, 512)), (16, (8, 64, 512)), (200, (8, 64))))
        return cls(
            seed=seed,
            pieces=(smallest, smallest * draw.choice(factors)),
            gathering=draw.choice((0, 0, 0.005, 0.03)),
            delay=(0.0, draw.choice((0, 0.002, 0.02, 0.1))),
            life=(0.05, draw.choice((1.0, 3.0, 6.0))),
            ends=ends,
            stall=(0.1, draw.choice((0.5, 2.0, 6.0))),
            refused=draw.choice((0, 0.1, 0.4)),
        )


@dataclass
class Proxy:
    """Listens, and connects each who comes to the server."""

    host: str
    port: int
    plan: Plan
    happened: Counter[str] = field(default_factory=Counter)
    """How often what happened."""

    def __post_init__(self) -> None:
        self._draw = random.Random(self.plan.seed)
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self.is_calm = False
        """True while connections are left alone."""

    @property
    def address(self) -> str:
        """Where it listens."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    @property
    def links(self) -> int:
        """Connections that are there now."""
        return len(self._links)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for link in list(self._links):
            link.end("over")
        await asyncio.gather(*(link.is_over.wait() for link in list(self._links)))
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        draw = random.Random(self._draw.random())
        if not self.is_calm and draw.random() < self.plan.refused:
            self.happened["refused"] += 1
            _abort(writer, reset=True)
            return
        try:
            there = await asyncio.open_connection(self.host, self.port)
        except OSError:
            self.happened["unreachable"] += 1
            _abort(writer, reset=True)
            return
        link = _Link(self, (reader, writer), there, draw)
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)


class _Link:
    """One connection, with both its directions."""

    def __init__(
        self,
        proxy: Proxy,
        here: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        there: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        draw: random.Random,
    ) -> None:
        self.is_over = asyncio.Event()
        self._proxy = proxy
        self._plan = proxy.plan
        self._draw = draw
        self._flows = [(here[0], there[1]), (there[0], here[1])]
        self._tasks: list[asyncio.Task[None]] = []
        self._open = [asyncio.Event(), asyncio.Event()]
        """Set while a direction moves."""
        self._cut = False
        self._swallow = [False, False]

    async def run(self) -> None:
        """Carry bytes until an end comes."""
        for is_open in self._open:
            is_open.set()
        self._tasks = [asyncio.create_task(self._carry(number)) for number in (0, 1)]
        fate = asyncio.create_task(self._fate())
        try:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*self._tasks, fate):
                task.cancel()
            await asyncio.gather(*self._tasks, fate, return_exceptions=True)
            for _, writer in self._flows:
                writer.close()
            for _, writer in self._flows:
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
            self.is_over.set()

    def end(self, how: str) -> None:
        """End it at once."""
        self._proxy.happened[how] += 1
        for _, writer in self._flows:
            _abort(writer, reset=how == "reset")
        for task in self._tasks:
            task.cancel()

    async def _fate(self) -> None:
        """Let happen what happens, until it was the last thing."""
        while True:
            await asyncio.sleep(self._draw.uniform(*self._plan.life))
            if self._proxy.is_calm:
                continue
            kind = self._draw.choice(self._plan.ends)
            if kind == "stall":
                self._proxy.happened[kind] += 1
                await self._stall()
                continue
            await self._meet(kind)
            return

    async def _stall(self) -> None:
        which = self._draw.choice(([0], [1], [0, 1]))
        for number in which:
            self._open[number].clear()
        await asyncio.sleep(self._draw.uniform(*self._plan.stall))
        for number in which:
            self._open[number].set()

    async def _meet(self, kind: str) -> None:
        if kind == "cut":
            self._cut = True  # the next piece is the last, and only a part of it
        elif kind in {"blackhole", "half", "drop"}:
            self._proxy.happened[kind] += 1
            self._swallow = [True, True] if kind == "blackhole" else self._draw.choice(([True, False], [False, True]))
            if kind == "drop":
                await asyncio.sleep(self._draw.uniform(*self._plan.life))
                self.end("dropped")
        else:
            self.end(kind)

    async def _carry(self, number: int) -> None:
        reader, writer = self._flows[number]
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                if self._plan.gathering:
                    await asyncio.sleep(self._plan.gathering)
                await self._send(number, writer, data)

    async def _send(self, number: int, writer: asyncio.StreamWriter, data: bytes) -> None:
        at = 0
        # One delay for all that was read at once: a delay for each piece would make a long answer last for minutes.
        if self._plan.delay[1]:
            await asyncio.sleep(self._draw.uniform(*self._plan.delay))
        while at < len(data):
            await self._open[number].wait()
            if self._swallow[number]:
                return
            piece = data[at : at + self._draw.randint(*self._plan.pieces)]
            if self._cut:
                writer.write(piece[: len(piece) // 2])
                await writer.drain()
                self._proxy.happened["cut"] += 1
                raise ConnectionAbortedError
            writer.write(piece)
            at += len(piece)
            await writer.drain()
            await asyncio.sleep(0)  # the kernel sends it before the next one comes, so that it arrives alone


def _abort(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    """Close a connection without a word, by RST where it is to be told so."""
    raw = writer.get_extra_info("socket")
    if reset and raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
