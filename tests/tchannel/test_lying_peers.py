"""Frontends that lie: each lie is one clear error with the peer's name, and only a breach ends the connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cadence.tchannel import Channel, errors, messages
from cadence.tchannel.frames import CONNECTION_ID, FrameType, pack_frame
from cadence.tchannel.protocol import CallReceived

RESPONSE, CONTINUE = FrameType.CALL_RESPONSE, FrameType.CALL_RESPONSE_CONTINUE
HEAD = messages.pack_response_head({"as": "thrift"})
INIT = messages.pack_init(messages.init_headers())
CODES: dict[int, type[errors.TChannelError]] = {
    0x00: errors.UnexpectedError,
    0x01: errors.CallTimeoutError,
    0x02: errors.CallCancelledError,
    0x03: errors.BusyError,
    0x04: errors.DeclinedError,
    0x05: errors.UnexpectedError,
    0x06: errors.BadRequestFrameError,
    0x07: errors.NetworkError,
    0x08: errors.UnhealthyError,
    0x09: errors.UnexpectedError,
    0x7F: errors.UnexpectedError,
    0xFF: errors.FatalProtocolError,
}


@contextlib.asynccontextmanager
async def channel_to(*hosts: str, **options: Any) -> AsyncIterator[Channel]:
    channel = Channel(hosts, **options)
    try:
        yield channel
    finally:
        await channel.close()


async def told(channel: Channel, peer: Any) -> errors.TChannelError:
    """Make a call that fails; its error, which names the peer."""
    with pytest.raises(errors.TChannelError) as caught:
        await channel.call("S::m", {}, b"", timeout=20)
    assert peer.address in str(caught.value)
    return caught.value


async def lives(channel: Channel, peer: Any) -> None:
    """See that calls are answered, and by the same connection."""
    connects, peer.answers = channel.statistics().connects, peer.honest
    assert (await channel.call("S::m", {}, b"true", timeout=20)).body == b"true"
    assert channel.statistics().connects == connects


@pytest.fixture
async def liar(peer: Any) -> Any:
    """A frontend that is honest until the test says what it answers."""
    made = await peer()
    made.honest = made.answers
    return made


@pytest.mark.parametrize("code", CODES)
async def test_every_code_of_an_error_frame_is_the_calls_alone(liar: Any, code: int) -> None:
    liar.answers = lambda call: [pack_frame(FrameType.ERROR, call.id, messages.pack_error(code, "not now"))]
    async with channel_to(liar.address) as channel:
        error = await told(channel, liar)
        assert type(error) is CODES[code]
        assert "not now" in str(error)
        await lives(channel, liar)


@pytest.mark.parametrize("code", CODES)
async def test_an_error_about_the_connection_ends_it_with_all_its_calls(liar: Any, code: int) -> None:
    liar.answers = None
    async with channel_to(liar.address) as channel:
        calls = [asyncio.create_task(told(channel, liar)) for _ in range(3)]
        for _ in calls:
            link, _ = await liar.calls.get()
        link.send(pack_frame(FrameType.ERROR, CONNECTION_ID, messages.pack_error(code, "go away")))
        for error in await asyncio.gather(*calls):
            assert isinstance(error, errors.FatalProtocolError | errors.ConnectionLostError)
            assert "go away" in str(error)
        await liar.until(lambda: not liar.links)
        liar.answers = liar.honest
        assert (await channel.call("S::m", {}, b"true", timeout=20)).body == b"true"
        assert channel.statistics().connects == 2


async def test_an_answer_to_another_call_is_nobodys(liar: Any, frames: Any) -> None:
    liar.answers = lambda call: [*frames(call.id + 1000, b"whose?"), *frames(call.id, b"mine")]
    async with channel_to(liar.address) as channel:
        for _ in range(3):
            assert (await channel.call("S::m", {}, b"", timeout=20)).body == b"mine"
        await lives(channel, liar)


async def test_an_error_about_another_call_is_nobodys(liar: Any, frames: Any) -> None:
    other = messages.pack_error(0x05, "whose?")
    liar.answers = lambda call: [pack_frame(FrameType.ERROR, call.id + 1000, other), *frames(call.id, b"mine")]
    async with channel_to(liar.address) as channel:
        assert (await channel.call("S::m", {}, b"", timeout=20)).body == b"mine"
        await lives(channel, liar)


async def test_a_call_that_is_answered_twice_has_its_first_answer(liar: Any, frames: Any) -> None:
    liar.answers = lambda call: [*frames(call.id, b"one"), *frames(call.id, b"two"), *frames(call.id, bytes(200_000))]
    async with channel_to(liar.address) as channel:
        assert [(await channel.call("S::m", {}, b"", timeout=20)).body for _ in range(3)] == [b"one"] * 3
        await lives(channel, liar)


def of(kind: int, payload: bytes) -> Any:
    """Answer with one frame of the call's id."""
    return lambda call: [pack_frame(kind, call.id, payload)]


def first_then(payload: bytes) -> Any:
    """Begin a long answer honestly, and go on with this."""

    def frames(call: CallReceived) -> list[bytes]:
        begun = b"\1\0" + HEAD + b"\0" + b"\0\0\0\2\0\0\0\3abc"
        return [pack_frame(RESPONSE, call.id, begun), pack_frame(CONTINUE, call.id, payload)]

    return frames


WHOLE = b"\0\0" + HEAD + b"\0" + b"\0\0\0\2\0\0\0\0"


@pytest.mark.parametrize(
    "answers",
    [
        of(RESPONSE, b""),
        of(RESPONSE, WHOLE[:20]),
        of(RESPONSE, b"\0\0" + bytes(25) + b"\xff"),
        of(RESPONSE, WHOLE[:-1]),
        of(RESPONSE, b"\0\0" + HEAD + b"\0" + b"\xff\xff"),
        of(RESPONSE, b"\0\0" + HEAD + b"\0"),
        of(RESPONSE, b"\0\0" + HEAD + b"\0" + b"\0\0\0\0"),
        of(RESPONSE, WHOLE + b"\0\0\0\0"),
        of(RESPONSE, b"\0\0" + HEAD + b"\x09" + b"\0\0\0\0\0\0"),
        first_then(b""),
        first_then(b"\0\0"),
        first_then(b"\0\0\xff\xff"),
        first_then(b"\0\1\0\0\0\0\0\1x"),
        of(FrameType.ERROR, b""),
        of(FrameType.ERROR, b"\5" + bytes(10)),
        of(FrameType.INIT_RESPONSE, INIT),
        of(FrameType.CALL_REQUEST, b"\0"),
        lambda call: [b"\0\x05" + bytes(14)],
        lambda call: [b"\0\0" + bytes(14)],
    ],
)
async def test_a_breach_ends_the_connection_and_the_next_call_has_another(liar: Any, answers: Any) -> None:
    liar.answers = answers
    async with channel_to(liar.address) as channel:
        error = await told(channel, liar)
        assert type(error) is errors.FatalProtocolError
        assert channel.statistics().connection is None
        liar.answers = liar.honest
        assert (await channel.call("S::m", {}, b"true", timeout=20)).body == b"true"


@pytest.mark.parametrize(
    "headers", [b"\0\5", b"\0\1\xff\xff", b"\0\1\0\1k\xff\xffv", b"\xff\xff\0"], ids=["none", "key", "value", "many"]
)
async def test_headers_that_lie_cost_their_call_alone(liar: Any, headers: bytes) -> None:
    sized = len(headers).to_bytes(2, "big") + headers
    liar.answers = of(RESPONSE, b"\0\0" + HEAD + b"\0" + b"\0\0" + sized + b"\0\0")
    async with channel_to(liar.address) as channel:
        error = await told(channel, liar)
        assert isinstance(error, errors.UnexpectedError)
        assert "headers" in str(error)
        await lives(channel, liar)


@pytest.mark.parametrize("code", [1, 2, 0x7F, 0xFF])
async def test_any_code_but_that_of_success_is_an_application_error(liar: Any, frames: Any, code: int) -> None:
    liar.answers = lambda call: frames(call.id, b"no", code=code)
    async with channel_to(liar.address) as channel:
        answer = await channel.call("S::m", {}, b"", timeout=20)
        assert (answer.ok, answer.body, answer.peer) == (False, b"no", liar.address)
        await lives(channel, liar)


@pytest.mark.parametrize("kind", [0x00, 0x05, 0x7F, 0xC1, 0xFE])
async def test_frames_of_a_kind_that_is_none_are_passed_over(liar: Any, frames: Any, kind: int) -> None:
    liar.answers = lambda call: [pack_frame(kind, call.id, b"?" * 100), *frames(call.id, b"mine")]
    async with channel_to(liar.address) as channel:
        assert (await channel.call("S::m", {}, b"", timeout=20)).body == b"mine"
        await lives(channel, liar)


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (pack_frame(2, 1, messages.pack_init(messages.init_headers(), version=3)), "speaks version 3"),
        (pack_frame(2, 1, messages.pack_init(messages.init_headers(), version=1)), "speaks version 1"),
        (pack_frame(2, 1, messages.pack_init({})), "without host_port"),
        (pack_frame(2, 1, b"\0"), "can't be read"),
        (pack_frame(2, 1, b"\0\2\0\5"), "end too early"),
        (pack_frame(1, 1, INIT), "frame type 0x01 before the init message"),
        (pack_frame(4, 1, WHOLE), "frame type 0x04 before the init message"),
        (pack_frame(0xFF, 1, messages.pack_error(0x03, "too many connections")), "0x03: too many connections"),
        (b"\0\x04" + bytes(14), "no TChannel"),
        (b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "no TChannel"),
        (b"\0\0\x12\x04\0\0\0\0\0\0\3\0\0\0\x80\0\4\0\1\0\0", "no TChannel"),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "no TChannel"),
        (b"\x15\x03\x01\0\2\2\x46" + bytes(20), "no TChannel"),
    ],
)
async def test_a_greeting_that_is_none_is_told_at_once(peer: Any, greeting: bytes, words: str) -> None:
    lying = await peer(greeting=greeting)
    async with channel_to(lying.address, connect_timeout=15) as channel:
        with pytest.raises(errors.ConnectionFailedError, match=words) as caught:
            await channel.connect(timeout=10)
        assert lying.address in str(caught.value)
        await lying.until(lambda: not lying.links)


async def test_a_greeting_in_pieces_is_one(peer: Any) -> None:
    slow = await peer(greeting=b"")
    async with channel_to(slow.address) as channel:
        connecting = asyncio.create_task(channel.connect())
        await slow.until(lambda: slow.links and slow.links[0].protocol.peer_headers)
        for byte in pack_frame(2, 1, INIT):
            slow.links[0].send(bytes((byte,)))
            await asyncio.sleep(0)
        await connecting
        assert (await channel.call("S::m", {}, b"true", timeout=20)).body == b"true"
