"""Frames that almost are the protocol, from a seed, and what plays them to a server and to a client over sockets.

Shared by `test_mutations` and by the long run in integration-tests/faults; both load it by path. It knows the project's
frames and its public client and server, and nothing of how these are made.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import random
from collections.abc import Iterator

from cadence.tchannel import CallResponse, Channel, IncomingCall, Limits, Listener, errors, messages
from cadence.tchannel.fragments import cut
from cadence.tchannel.frames import CONNECTION_ID, FrameBuffer, FrameType, pack_frame
from cadence.tchannel.protocol import Protocol, Side, State

INIT = messages.pack_init(messages.init_headers())
CALL_HEAD = (1000).to_bytes(4, "big") + messages.pack_call_head("cadence-frontend", {"as": "thrift", "cn": "me"})
RESPONSE_HEAD = b"\0" + messages.pack_response_head({"as": "thrift"})
INTERESTING = (0, 1, 2, 3, 0x0F, 0x10, 0x13, 0x14, 0x7F, 0x80, 0xC0, 0xD0, 0xFE, 0xFF)
FRAMES_PER_CONNECTION = 5
HUNG = 20.0
"""Seconds after which a connection counts as hung; a net, nothing waits for it."""


def _valid(rng: random.Random, call_id: int) -> list[bytes]:
    """The frames of one message as a sane peer would send them."""
    arg2 = messages.pack_application_headers({"key": "value"} if rng.random() < 0.3 else {})
    size = rng.choice((0, 1, 10, 200)) if rng.random() < 0.98 else rng.randrange(60_000, 140_000)
    kind = rng.choice((0, 0, 1, 1, 2, 3)) if size < 1000 else rng.choice((0, 1))
    choice = rng.randrange(12)
    if choice < 7:
        request = choice < 4
        head, arg1 = (CALL_HEAD, b"Service::method") if request else (RESPONSE_HEAD, b"")
        first = FrameType.CALL_REQUEST if request else FrameType.CALL_RESPONSE
        parts = cut(head, kind, (arg1, arg2, rng.randbytes(size)))
        return [pack_frame(first if n == 0 else first | 0x10, call_id, part) for n, part in enumerate(parts)]
    kind_of_frame, payload = (
        (FrameType.CANCEL, messages.pack_cancel("no more")),
        (FrameType.ERROR, messages.pack_error(rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 0xFF)), "words")),
        (FrameType.PING_REQUEST, b""),
        (FrameType.CALL_REQUEST_CONTINUE, b"\1\0\0\1x"),
        (rng.choice((FrameType.INIT_REQUEST, FrameType.INIT_RESPONSE)), INIT),
    )[choice - 7]
    return [pack_frame(kind_of_frame, call_id, payload)]


def _resized(frame: bytes) -> bytes:
    return min(len(frame), 0xFFFF).to_bytes(2, "big") + frame[2:0xFFFF]


def _mutated(rng: random.Random, frame: bytes) -> bytes:
    data = bytearray(frame)
    place = rng.randrange(len(data)) if rng.random() < 0.5 else rng.randrange(min(len(data), 80))
    choice = rng.randrange(10)
    if choice == 0:
        data[place] ^= 1 << rng.randrange(8)
    elif choice == 1:
        data[place] = rng.choice(INTERESTING)
    elif choice == 2:  # shorter, and honest about it
        return _resized(bytes(data[: max(16, place)]))
    elif choice == 3:  # longer, and honest about it
        return _resized(bytes(data[:place] + rng.randbytes(rng.randrange(1, 40)) + data[place:]).ljust(16, b"\0"))
    elif choice == 4:
        data[rng.randrange(16) :] = rng.randbytes(rng.randrange(60))
        return _resized(bytes(data).ljust(16, b"\0"))
    elif choice == 5:
        data[2] = rng.choice(INTERESTING)
    elif choice == 6 and len(data) > 18:
        start = rng.randrange(16, len(data))
        del data[start : start + rng.randrange(1, 8)]
        return _resized(bytes(data))
    elif choice == 7 and len(data) > 20:  # a length that lies
        start = rng.randrange(16, len(data) - 2)
        data[start : start + 2] = rng.choice((b"\xff\xff", b"\0\0", b"\0\1", b"\x7f\xff"))
    elif choice == 8 and rng.random() < 0.3:  # a frame's own size that lies
        data[0:2] = rng.choice((b"\0\0", b"\0\x0f", b"\xff\xff", rng.randbytes(2)))
    return bytes(data)


def mutated_frames(seed: int) -> Iterator[bytes]:
    """Endless frames: about one in six as it should be, the others changed in one to three places."""
    rng = random.Random(seed)
    while True:
        for frame in _valid(rng, rng.choice((1, 2, 3, 5, 0xFFFFFFFF, rng.getrandbits(32)))):
            changed = frame
            for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
                changed = _mutated(rng, changed)
            yield changed


@dataclasses.dataclass
class Outcome:
    """What became of a run."""

    frames: int = 0
    connections: int = 0
    breaches: int = 0
    """Connections that were closed with error 0xff."""
    served: int = 0
    """Connections on which a sane frame was still answered behind the others."""


def _frames_in(data: bytes) -> list[tuple[int, int, bytes]]:
    return FrameBuffer().feed(data)


def _ends_fatally(frames: list[tuple[int, int, bytes]]) -> bool:
    return bool(frames) and frames[-1][0] == FrameType.ERROR and messages.parse_error(frames[-1][2])[0] == 0xFF


def _is_farewell(frame: bytes) -> bool:
    """True for a peer's own word that the connection is over, which is not answered."""
    return any(
        (kind, frame_id, payload[:1]) == (FrameType.ERROR, CONNECTION_ID, b"\xff")
        for kind, frame_id, payload in _frames_in(frame)
    )


def ends_connection(side: Side, frame: bytes) -> bool:
    """Give the frame to a side whose connection just opened, without sockets.

    Raises:
        AssertionError: It ended the connection in another way than it should.
    """
    protocol = Protocol(side)
    if side is Side.CLIENT:
        protocol.send_init()
    greeting = FrameType.INIT_REQUEST if side is Side.SERVER else FrameType.INIT_RESPONSE
    protocol.receive_data(pack_frame(greeting, 1, INIT))
    protocol.data_to_send()
    protocol.receive_data(frame)
    protocol.events_received()
    if protocol.state is State.OPEN:
        return False
    assert protocol.state is State.CLOSED
    assert protocol.error is not None
    answers = _frames_in(protocol.data_to_send())
    assert protocol.is_breached is _ends_fatally(answers)
    assert protocol.is_breached or _is_farewell(frame)
    return True


async def echo(call: IncomingCall) -> CallResponse:
    """Answer with what came."""
    return CallResponse(True, {}, call.body)


async def _talk(port: int, data: bytes) -> bytes:
    """Say something, and all that is answered until the other side closes."""
    async with asyncio.timeout(HUNG):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(data)
            writer.write_eof()
            return await reader.read()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def play_to_server(seed: int, frames: int, outcome: Outcome) -> None:
    """Send that many frames to a listener, while a client of its own is served at any time.

    Raises:
        AssertionError: The listener did something else than to serve or to close with error 0xff.
        TimeoutError: It hung.
    """
    source = mutated_frames(seed)
    listener = await Listener.start(echo, limits=Limits(init_timeout=HUNG, message_size=1024 * 1024))
    channel = Channel([f"127.0.0.1:{listener.address[1]}"])
    hello = pack_frame(FrameType.INIT_REQUEST, 1, INIT)
    probe = pack_frame(FrameType.PING_REQUEST, 0xCAFE, b"")
    try:
        for start in range(0, frames, FRAMES_PER_CONNECTION):
            count = min(FRAMES_PER_CONNECTION, frames - start)
            sent = [next(source) for _ in range(count)]
            before = listener.protocol_errors
            # One connection in ten never greets: its first frame is the first mutated one.
            answer = await _talk(
                listener.address[1], b"".join([hello] * (outcome.connections % 10 > 0) + sent + [probe])
            )
            answers = _frames_in(answer)
            broken = listener.protocol_errors - before
            assert broken <= 1
            assert not broken or _ends_fatally(answers), answers
            outcome.frames += count
            outcome.connections += 1
            outcome.breaches += broken
            outcome.served += (FrameType.PING_RESPONSE, 0xCAFE, b"") in answers
            if outcome.connections % 20 == 0:
                body = outcome.connections.to_bytes(4, "big")
                assert (await channel.call("S::m", {}, body, timeout=HUNG)).body == body
        assert channel.statistics().connects <= 1
    finally:
        await channel.close()
        await listener.close()
    statistics = listener.statistics()
    assert (statistics.connections, statistics.calls_in_work) == (0, 0)


async def play_to_client(seed: int, frames: int, outcome: Outcome) -> None:
    """Answer that many calls' worth of frames to a channel that goes on calling.

    Raises:
        AssertionError: A call ended in something else than an answer or a TChannelError.
        TimeoutError: It hung.
    """
    source = mutated_frames(seed)
    open_ones: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        me = asyncio.current_task()
        assert me is not None
        open_ones.add(me)
        me.add_done_callback(open_ones.discard)
        buffer = FrameBuffer()
        heard: list[tuple[int, int, bytes]] = []
        answered = False
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                for kind, call_id, payload in buffer.feed(data):
                    heard.append((kind, call_id, payload))
                    if kind == FrameType.INIT_REQUEST:
                        writer.write(pack_frame(FrameType.INIT_RESPONSE, call_id, INIT))
                    elif kind == FrameType.CALL_REQUEST and not answered:
                        answered = True  # a second call may come before the client reads the end of the stream
                        sent = [next(source) for _ in range(FRAMES_PER_CONNECTION)]
                        outcome.frames += len(sent)
                        (good,) = cut(RESPONSE_HEAD, 0, (b"", b"\0\0", b"good"))
                        sent.append(pack_frame(FrameType.CALL_RESPONSE, call_id, good))
                        writer.write(b"".join(sent))
                        writer.write_eof()
        outcome.connections += 1
        outcome.breaches += _ends_fatally(heard)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    channel = Channel([f"127.0.0.1:{server.sockets[0].getsockname()[1]}"])
    try:
        while outcome.frames < frames:
            async with asyncio.timeout(HUNG):
                try:
                    answer = await channel.call("S::m", {}, b"", timeout=2 * HUNG)
                except errors.TChannelError:
                    continue
            assert isinstance(answer, CallResponse)
            outcome.served += answer.body == b"good"
        statistics = channel.statistics()
        assert statistics.failed_connects == 0
    finally:
        await channel.close()
        async with asyncio.timeout(HUNG):
            await asyncio.gather(*open_ones)
        server.close()
        await server.wait_closed()
