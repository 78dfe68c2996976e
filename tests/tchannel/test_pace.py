"""Peers that are slow, silent or rude cost the listener and the client a bounded time and a bounded memory."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest

from cadence.tchannel import CallResponse, Channel, IncomingCall, Limits, Listener, errors, messages
from cadence.tchannel.connection import Connection
from cadence.tchannel.fragments import cut
from cadence.tchannel.frames import FrameBuffer, FrameType, pack_frame

INIT = messages.pack_init(messages.init_headers())
HELLO = pack_frame(FrameType.INIT_REQUEST, 1, INIT)
CALL_HEAD = messages.pack_call_head("cadence-frontend", {"as": "thrift", "cn": "me"})


def call_frames(call_id: int, body: bytes = b"", ttl: int = 60_000) -> bytes:
    parts = cut(ttl.to_bytes(4, "big") + CALL_HEAD, 0, (b"S::m", b"\0\0", body))
    return b"".join(pack_frame(0x03 if n == 0 else 0x13, call_id, part) for n, part in enumerate(parts))


async def echo(call: IncomingCall) -> CallResponse:
    return CallResponse(True, call.headers, call.body)


@contextlib.asynccontextmanager
async def listening(handler: object = echo, **limits: float) -> AsyncIterator[Listener]:
    listener = await Listener.start(handler, limits=Limits(**limits))  # type: ignore[arg-type]
    try:
        yield listener
    finally:
        await listener.close(0.1)


@contextlib.asynccontextmanager
async def talking(listener: Listener) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.address[1])
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def frames_of(reader: asyncio.StreamReader, count: int) -> list[tuple[int, int, bytes]]:
    buffer, frames = FrameBuffer(), []
    async with asyncio.timeout(10):
        while len(frames) < count:
            data = await reader.read(65_536)
            assert data, frames
            frames += buffer.feed(data)
    return frames


async def until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is awaited is a count that statistics() gives
            await asyncio.sleep(0.005)


# --- the server ---


@pytest.mark.parametrize("said", [b"", HELLO[:20], HELLO[:-1]], ids=["nothing", "a header", "all but a byte"])
async def test_who_does_not_greet_in_time_is_closed(said: bytes) -> None:
    async with listening(init_timeout=0.1) as listener, talking(listener) as (reader, writer):
        writer.write(said)
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        await until(lambda: listener.statistics().connections == 0)


async def test_who_greets_in_time_may_be_silent() -> None:
    async with listening(init_timeout=0.1) as listener, talking(listener) as (reader, writer):
        writer.write(HELLO)
        await frames_of(reader, 1)
        await asyncio.sleep(0.2)  # twice the time for greeting: the timer is over, and must not have struck
        writer.write(pack_frame(FrameType.PING_REQUEST, 7, b""))
        assert await frames_of(reader, 1) == [(FrameType.PING_RESPONSE, 7, b"")]


async def test_who_does_not_read_is_not_read_from_and_then_closed() -> None:
    body = bytes(1024 * 1024)
    served = 0

    async def handler(call: IncomingCall) -> CallResponse:
        nonlocal served
        served += 1
        return CallResponse(True, {}, body)

    async with listening(handler, write_timeout=0.3) as listener, talking(listener) as (_, writer):
        writer.write(HELLO)
        for call_id in range(1000):
            writer.write(call_frames(call_id, bytes(60_000)))
        await until(lambda: listener.statistics().connections == 1)
        channel = Channel([f"127.0.0.1:{listener.address[1]}"])
        assert (await channel.call("S::m", {}, b"", timeout=10)).body == body  # the others are served
        await channel.close()
        await until(lambda: listener.statistics().connections == 0)
        assert served < 100


async def test_who_reads_slowly_is_served() -> None:
    # In small sips, for several times the write timeout.
    async with listening(write_timeout=0.4) as listener:
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        raw.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(raw, ("127.0.0.1", listener.address[1]))
        body = bytes(8 * 1024 * 1024)
        await loop.sock_sendall(raw, HELLO + call_frames(5, body))
        got = 0
        async with asyncio.timeout(20):
            while got < len(body):
                data = await loop.sock_recv(raw, 262_144)
                assert data
                got += len(data)
                await asyncio.sleep(0.02)  # the reader's slowness is what is tried
        raw.close()


async def test_calls_of_one_id_are_bounded_and_cancelled_with_their_connection() -> None:
    gone = 0

    async def handler(call: IncomingCall) -> CallResponse:
        nonlocal gone
        try:
            await asyncio.Event().wait()
        finally:
            gone += 1
        raise AssertionError

    async with listening(handler, calls_per_connection=10) as listener:
        async with talking(listener) as (reader, writer):
            writer.write(HELLO + call_frames(5) * 30)
            frames = await frames_of(reader, 21)
            assert {messages.parse_error(payload)[0] for kind, _, payload in frames if kind == FrameType.ERROR} == {3}
            assert listener.statistics().calls_in_work == 10
        await until(lambda: listener.statistics().calls_in_work == 0)
        assert gone == 10


async def test_a_call_cancelled_in_the_breath_it_came_in_is_answered_and_forgotten() -> None:
    async with listening() as listener, talking(listener) as (reader, writer):
        writer.write(HELLO + call_frames(5, bytes(100)) + pack_frame(FrameType.CANCEL, 5, messages.pack_cancel("no")))
        frames = await frames_of(reader, 2)
        assert frames[1][:2] == (FrameType.ERROR, 5)
        assert messages.parse_error(frames[1][2])[0] == 0x02
        assert listener.statistics().calls_in_work == 0


async def test_a_call_whose_ttl_passes_is_answered_with_a_timeout() -> None:
    async def handler(call: IncomingCall) -> CallResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async with listening(handler) as listener, talking(listener) as (reader, writer):
        writer.write(HELLO + call_frames(5, ttl=20))
        frames = await frames_of(reader, 2)
        assert messages.parse_error(frames[1][2])[0] == 0x01


async def test_headers_that_are_none_cost_the_call_alone() -> None:
    async with listening() as listener, talking(listener) as (reader, writer):
        payload = next(cut((1000).to_bytes(4, "big") + CALL_HEAD, 0, (b"S::m", b"\0\x09rubbish", b"")))
        writer.write(HELLO + pack_frame(FrameType.CALL_REQUEST, 5, payload) + call_frames(6, b"fine"))
        frames = {frame_id: (kind, payload) for kind, frame_id, payload in (await frames_of(reader, 3))[1:]}
        assert messages.parse_error(frames[5][1])[0] == 0x06
        assert frames[6][0] == FrameType.CALL_RESPONSE


async def test_the_last_word_reaches_who_goes_on_sending() -> None:
    async with listening() as listener, talking(listener) as (reader, writer):
        writer.write(HELLO + HELLO + call_frames(9, bytes(300_000)))
        frames = await frames_of(reader, 2)
        assert messages.parse_error(frames[1][2])[0] == 0xFF
        with contextlib.suppress(ConnectionError):
            writer.write(bytes(100_000))
            assert await asyncio.wait_for(reader.read(), 10) == b""


async def test_who_breaks_the_protocol_and_stays_is_closed() -> None:
    async with listening(linger=0.1) as listener, talking(listener) as (reader, writer):
        writer.write(HELLO + HELLO)
        await frames_of(reader, 2)
        await until(lambda: listener.statistics().connections == 0)


async def test_closing_does_not_wait_for_who_does_not_read() -> None:
    async with listening(linger=0.1) as listener, talking(listener) as (_, writer):
        writer.write(HELLO + call_frames(5, bytes(30_000_000)))
        await until(lambda: listener.statistics().connections == 1)
        async with asyncio.timeout(10):
            await listener.close(0.1)
        assert listener.statistics().connections == 0


# --- the client ---


@contextlib.asynccontextmanager
async def deaf_server(*, reads: int = 0) -> AsyncIterator[tuple[int, list[asyncio.StreamWriter]]]:
    """A server that greets, then reads that many bytes and no more."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.readexactly(len(HELLO))
        writer.write(pack_frame(FrameType.INIT_RESPONSE, 1, INIT))
        if reads:
            await reader.readexactly(reads)
        writer.transport.pause_reading()  # type: ignore[attr-defined]

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], writers
    finally:
        for writer in writers:
            writer.transport.abort()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        server.close()
        await server.wait_closed()


async def test_calls_wait_while_the_peer_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadence.tchannel.connection._LINGER", 0.1)
    async with deaf_server() as (port, _):
        channel = Channel([f"127.0.0.1:{port}"])
        await channel.connect()
        first = asyncio.create_task(channel.call("S::m", {}, bytes(20_000_000), timeout=0.4))
        await until(lambda: channel.statistics().connection.bytes_sent > 20_000_000)
        sent = channel.statistics().connection.bytes_sent
        with pytest.raises(errors.CallTimeoutError, match=r"nothing could be sent for 0\.1 s"):
            await channel.call("S::m", {}, bytes(1000), timeout=0.1)
        with pytest.raises(errors.CallTimeoutError, match="no answer"):
            await first
        assert channel.statistics().connection.bytes_sent == sent
        async with asyncio.timeout(10):
            await channel.close()


async def test_closing_does_not_hang_on_a_peer_that_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadence.tchannel.connection._LINGER", 0.1)
    async with deaf_server() as (port, _):
        channel = Channel([f"127.0.0.1:{port}"])
        await channel.connect()
        call = asyncio.create_task(channel.call("S::m", {}, bytes(20_000_000), timeout=30))
        await until(lambda: channel.statistics().connection.bytes_sent > 20_000_000)
        async with asyncio.timeout(10):
            await channel.close()
        with pytest.raises(errors.ConnectionLostError, match="this side closed"):
            await call


async def test_pings_of_a_peer_that_does_not_read_are_not_hoarded() -> None:
    async with deaf_server() as (port, writers):
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: Connection("peer", silence=30), "127.0.0.1", port)
        await connection.opened
        call = asyncio.create_task(connection.call(CALL_HEAD, (b"S::m", b"\0\0", bytes(20_000_000)), 30))
        await until(lambda: connection.statistics().bytes_sent > 20_000_000)
        sent, received = connection.statistics().bytes_sent, connection.statistics().bytes_received
        pings = pack_frame(FrameType.PING_REQUEST, 1, b"") * 20_000
        writers[0].write(pings)
        await until(lambda: connection.statistics().bytes_received >= received + len(pings))
        assert connection.statistics().bytes_sent == sent
        writers[0].transport.abort()
        with pytest.raises(errors.ConnectionLostError):
            await call
        await connection.close()
