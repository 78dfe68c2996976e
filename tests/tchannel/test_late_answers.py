"""A slow server: answers that come after their deadline, whole or in the middle of their frames, harm nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from cadence.tchannel import CallResponse, Channel, errors
from cadence.tchannel.protocol import MAX_ASSEMBLIES, State

LONG = bytes(range(256)) * 1000
"""Four frames."""
Frames = Callable[..., list[bytes]]


@pytest.fixture
async def slow(peer: Any) -> Any:
    """A frontend that answers when the test does."""
    return await peer(answers=None)


@pytest.fixture
async def channel(slow: Any) -> AsyncIterator[Channel]:
    channel = Channel([slow.address])
    yield channel
    await channel.close()


def kept_by(channel: Channel) -> int:
    """The bytes of unfinished answers."""
    assert channel._connection is not None
    return channel._connection._protocol._assembled


async def given_up(slow: Any, channel: Channel) -> tuple[Any, int]:
    """Make a call whose deadline passes; the peer's end of its connection, and its id."""
    with pytest.raises(errors.CallTimeoutError, match="no answer within"):
        await channel.call("S::m", {}, b"", timeout=0.01)
    link, call = await slow.calls.get()
    await slow.until(lambda: call.id in slow.cancelled)
    return link, call.id


async def answered(slow: Any, channel: Channel, body: bytes, *before: bytes, frames: Frames) -> CallResponse:
    """Make a call that is answered, after other bytes."""
    task = asyncio.create_task(channel.call("S::m", {}, b"", timeout=20))
    link, call = await slow.calls.get()
    link.send(*before, *frames(call.id, body))
    return await task


@pytest.mark.parametrize("late", [b"late", LONG], ids=["one frame", "several"])
async def test_a_late_answer_is_nobodys(slow: Any, channel: Channel, frames: Frames, late: bytes) -> None:
    links = set()
    for number in range(20):
        link, call_id = await given_up(slow, channel)
        links.add(link)
        body = b"in time %d" % number
        assert (await answered(slow, channel, body, *frames(call_id, late), frames=frames)).body == body
    assert len(links) == 1
    assert channel.statistics().connects == 1
    assert kept_by(channel) == 0


async def test_late_answers_go_to_none_of_the_calls_that_wait(slow: Any, channel: Channel, frames: Frames) -> None:
    late = [await given_up(slow, channel) for _ in range(5)]
    waiting = [asyncio.create_task(channel.call("S::m", {}, b"", timeout=20)) for _ in range(5)]
    calls = [await slow.calls.get() for _ in waiting]
    for number, ((link, call), (_, late_id)) in enumerate(zip(calls, late, strict=True)):
        mixed = [frames(late_id, LONG), frames(call.id, LONG + b"%d" % number)]
        for pair in zip(*mixed, strict=True):
            link.send(*pair)
    bodies = [(await task).body for task in waiting]
    assert bodies == [LONG + b"%d" % number for number in range(5)]
    assert kept_by(channel) == 0


async def test_the_rest_of_an_answer_is_thrown_away(slow: Any, channel: Channel, frames: Frames) -> None:
    task = asyncio.create_task(channel.call("S::m", {}, b"", timeout=0.2))
    link, call = await slow.calls.get()
    parts = frames(call.id, LONG)
    link.send(*parts[:2])
    with pytest.raises(errors.CallTimeoutError):
        await task
    assert kept_by(channel) == 0
    assert (await answered(slow, channel, b"next", *parts[2:], frames=frames)).body == b"next"
    assert kept_by(channel) == 0
    assert channel.statistics().connects == 1


async def test_a_server_that_stops_in_the_middle_costs_nothing(slow: Any, channel: Channel, frames: Frames) -> None:
    """As real ones do when they are told that nobody waits any more."""
    for number in range(MAX_ASSEMBLIES + 10):
        task = asyncio.create_task(channel.call("S::m", {}, b"", timeout=20))
        link, call = await slow.calls.get()
        link.send(frames(call.id, LONG)[0])
        if number % 100 == 0:
            answer = await answered(slow, channel, b"", frames=frames)  # the part before it is here by now
            assert answer.ok
            assert kept_by(channel) > 60_000
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await answered(slow, channel, b"next", frames=frames)).body == b"next"
    assert kept_by(channel) == 0
    assert channel.statistics().connects == 1


async def test_answers_to_calls_that_were_never_made_are_not_collected(
    slow: Any, channel: Channel, frames: Frames
) -> None:
    task = asyncio.create_task(channel.call("S::m", {}, b"", timeout=20))
    link, call = await slow.calls.get()
    for number in range(MAX_ASSEMBLIES + 10):
        link.send(frames(1_000_000 + number, LONG)[0])
    link.send(*frames(call.id, b"mine"))
    assert (await task).body == b"mine"
    assert kept_by(channel) == 0
    assert channel._connection is not None
    assert channel._connection._protocol.state is State.OPEN
