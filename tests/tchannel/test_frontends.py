"""Several frontends, and names that stand for other places over time: calls go on at whoever serves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cadence.exceptions import ConfigurationError
from cadence.tchannel import Channel, errors
from cadence.tchannel.frames import FrameType, pack_frame
from cadence.tchannel.hosts import Host

NO_INIT = pack_frame(FrameType.PING_RESPONSE, 1, b"")
ANSWER = 20.0
"""Seconds that a call may take; a net, nothing waits for it."""


@contextlib.asynccontextmanager
async def channel_to(*hosts: str, **options: Any) -> AsyncIterator[Channel]:
    channel = Channel(hosts, **options)
    try:
        yield channel
    finally:
        await channel.close()


async def serves(channel: Channel, *peers: Any) -> int:
    """Make a call; the number of the peer that answered it."""
    before = [peer.calls.qsize() for peer in peers]
    assert (await channel.call("S::m", {}, b"body", timeout=ANSWER)).body == b"body"
    changed = [peer.calls.qsize() != count for peer, count in zip(peers, before, strict=True)]
    assert changed.count(True) == 1
    return changed.index(True)


async def lost(channel: Channel) -> None:
    """Wait until the channel knows that its connection is gone."""
    async with asyncio.timeout(ANSWER):
        while channel.statistics().connection is not None:  # noqa: ASYNC110 - nothing is told when it is
            await asyncio.sleep(0.001)


class Resolver:
    """What names stand for, at the moment; counts who asks."""

    def __init__(self) -> None:
        self.names: dict[str, list[str] | Exception] = {}
        self.asked = 0

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        self.asked += 1
        places = self.names.get(host, socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
        if isinstance(places, Exception):
            raise places
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port)) for place in places]


@pytest.fixture
async def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """A resolver that knows only what the test tells it."""
    resolver = Resolver()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver.getaddrinfo)
    return resolver


# --- several hosts ---


async def test_calls_go_on_at_the_second_and_come_back(peer: Any) -> None:
    first, second = await peer(), await peer()
    async with channel_to(first.address, second.address) as channel:
        assert await serves(channel, first, second) == 0
        await first.stop()
        await lost(channel)
        assert [await serves(channel, first, second) for _ in range(3)] == [1, 1, 1]
        await first.start()
        await second.stop()
        await lost(channel)
        assert [await serves(channel, first, second) for _ in range(3)] == [0, 0, 0]


async def test_all_are_dead_and_then_back(peer: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cadence.tchannel")
    first, second = await peer(), await peer()
    async with channel_to(first.address, second.address) as channel:
        await serves(channel, first, second)
        await first.stop()
        await second.stop()
        await lost(channel)
        for _ in range(3):
            with pytest.raises(errors.ConnectionFailedError, match="nothing listens there") as caught:
                await channel.call("S::m", {}, b"", timeout=ANSWER)
            assert not isinstance(caught.value, errors.UnknownHostError)
            assert first.address in str(caught.value)
            assert second.address in str(caught.value)
        await second.start()
        assert await serves(channel, first, second) == 1
    told = [record.getMessage() for record in caplog.records]
    assert sum("no connection to" in line for line in told) == 1
    assert told[-1] == f"connected to {second.address} again"


@pytest.mark.parametrize("silent", [True, False], ids=["says nothing", "takes calls and answers none"])
async def test_a_frontend_that_hangs_is_left(peer: Any, silent: bool, caplog: pytest.LogCaptureFixture) -> None:
    hung = await peer(greeting=b"" if silent else None, answers=None)
    good = await peer()
    async with channel_to(hung.address, good.address, connect_timeout=0.2) as channel:
        if not silent:
            with pytest.raises(errors.CallTimeoutError, match=f"{hung.address}: no answer within 1 s"):
                await channel.call("S::m", {}, b"", timeout=1)
            assert f"{hung.address} leaves calls without an answer" in caplog.text
        assert await serves(channel, hung, good) == 1
        await hung.until(lambda: not hung.links)


async def test_calls_that_are_out_at_a_frontend_that_was_left_are_answered(peer: Any, frames: Any) -> None:
    slow, good = await peer(answers=None), await peer()
    async with channel_to(slow.address, good.address) as channel:
        patient = asyncio.create_task(channel.call("S::m", {}, b"", timeout=ANSWER))
        link, call = await slow.calls.get()
        with pytest.raises(errors.CallTimeoutError):
            await channel.call("S::m", {}, b"", timeout=1)
        assert await serves(channel, slow, good) == 1
        assert not patient.done()
        link.send(*frames(call.id, b"at last"))
        assert (await patient).body == b"at last"
        await slow.until(lambda: not slow.links)  # nothing is left open there


async def test_calls_to_a_frontend_that_was_left_end_with_the_channel(peer: Any) -> None:
    slow, good = await peer(answers=None), await peer()
    async with channel_to(slow.address, good.address) as channel:
        patient = asyncio.create_task(channel.call("S::m", {}, b"", timeout=ANSWER))
        with pytest.raises(errors.CallTimeoutError):
            await channel.call("S::m", {}, b"", timeout=1)
        assert await serves(channel, slow, good) == 1
    with pytest.raises(errors.ConnectionLostError):
        await patient
    await slow.until(lambda: not slow.links)


async def test_a_frontend_that_answers_others_is_not_left(peer: Any, frames: Any) -> None:
    first, second = await peer(answers=None), await peer()
    async with channel_to(first.address, second.address) as channel:
        patient = asyncio.create_task(channel.call("S::m", {}, b"", timeout=1))
        await first.calls.get()
        quick = asyncio.create_task(channel.call("S::m", {}, b"", timeout=ANSWER))
        link, call = await first.calls.get()
        link.send(*frames(call.id))
        await quick
        with pytest.raises(errors.CallTimeoutError):
            await patient
        assert len(first.links) == 1
        assert channel.statistics().connection is not None


async def test_the_only_frontend_is_never_left(peer: Any, frames: Any) -> None:
    slow = await peer(answers=None)
    async with channel_to(slow.address) as channel:
        with pytest.raises(errors.CallTimeoutError):
            await channel.call("S::m", {}, b"", timeout=1)
        await slow.calls.get()
        task = asyncio.create_task(channel.call("S::m", {}, b"", timeout=ANSWER))
        link, call = await slow.calls.get()
        link.send(*frames(call.id))
        assert (await task).ok
        assert channel.statistics().connects == 1


# --- names ---


async def test_a_name_that_moves_is_followed(peer: Any, resolver: Resolver) -> None:
    old = await peer(host="127.0.0.1")
    resolver.names["cadence"] = ["127.0.0.1"]
    async with channel_to(f"cadence:{old.port}") as channel:
        assert await serves(channel, old) == 0
        new = await peer(host="127.0.0.2", port=old.port)
        resolver.names["cadence"] = ["127.0.0.2"]
        assert await serves(channel, old, new) == 0  # a connection that lives is kept
        await old.stop()
        await lost(channel)
        assert [await serves(channel, old, new) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("first", ["refuses", "says nothing", "lies"])
async def test_each_place_of_a_name_is_tried(peer: Any, resolver: Resolver, first: str) -> None:
    good = await peer(host="127.0.0.2")
    if first != "refuses":
        await peer(port=good.port, greeting=b"" if first == "says nothing" else NO_INIT)
    resolver.names["cadence"] = ["127.0.0.1", "127.0.0.2"]
    async with channel_to(f"cadence:{good.port}", connect_timeout=0.2) as channel:
        assert await serves(channel, good) == 0


async def test_places_that_failed_come_last(peer: Any, resolver: Resolver) -> None:
    good = await peer(host="127.0.0.2")
    hung = await peer(port=good.port, greeting=b"")
    resolver.names["cadence"] = ["127.0.0.1", "127.0.0.2"]
    host = Host(f"cadence:{good.port}")
    async with channel_to(host.address, connect_timeout=0.2) as channel:
        channel._hosts = [host]
        assert await serves(channel, good) == 0
        assert await host.places() == ["127.0.0.2", "127.0.0.1"]
        good.links[0].transport.abort()
        await lost(channel)
        hung.greeting = None
        assert await serves(channel, hung, good) == 0


async def test_a_place_that_hangs_is_left_for_another_of_its_name(peer: Any, resolver: Resolver) -> None:
    good = await peer(host="127.0.0.2")
    hung = await peer(port=good.port, answers=None)
    resolver.names["cadence"] = ["127.0.0.1", "127.0.0.2"]
    async with channel_to(f"cadence:{good.port}") as channel:
        with pytest.raises(errors.CallTimeoutError):
            await channel.call("S::m", {}, b"", timeout=1)
        assert await serves(channel, hung, good) == 1


async def test_why_no_place_serves_is_told_for_each(peer: Any, resolver: Resolver) -> None:
    lying = await peer(host="127.0.0.2", greeting=NO_INIT)
    resolver.names["cadence"] = ["127.0.0.1", "127.0.0.2"]
    async with channel_to(f"cadence:{lying.port}") as channel:
        with pytest.raises(errors.ConnectionFailedError) as caught:
            await channel.connect()
    assert (
        f"no Cadence frontend at cadence:{lying.port} (127.0.0.1: nothing listens there; 127.0.0.2: frame type 0xd1 "
        in str(caught.value)
    )


async def test_a_name_that_nobody_has_is_told_with_it(resolver: Resolver) -> None:
    async with channel_to("nosuch.example:7933") as channel:
        with pytest.raises(errors.UnknownHostError) as caught:
            await channel.call("S::m", {}, b"", timeout=ANSWER)
    assert str(caught.value).startswith(
        "no Cadence frontend at nosuch.example:7933 "
        "(the name 'nosuch.example' can't be resolved: Name or service not known); check the address"
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "Temporary failure"),
        (OSError(24, "Too many open files"), "Too many open files"),
        ([], "has no address"),
    ],
    ids=["a resolver that is away", "no descriptors", "an empty answer"],
)
async def test_a_resolver_that_does_not_know_may_know_later(
    resolver: Resolver, peer: Any, answer: Any, words: str
) -> None:
    good = await peer()
    resolver.names["cadence"] = answer
    async with channel_to(f"cadence:{good.port}") as channel:
        with pytest.raises(errors.ConnectionFailedError, match=f"'cadence'.*{words}") as caught:
            await channel.connect()
        assert not isinstance(caught.value, errors.UnknownHostError)
        resolver.names["cadence"] = ["127.0.0.1"]
        assert await serves(channel, good) == 0


async def test_a_name_that_vanishes_while_its_server_moves_is_waited_for(resolver: Resolver, peer: Any) -> None:
    server = await peer()
    resolver.names["cadence"] = ["127.0.0.1"]
    async with channel_to(f"cadence:{server.port}") as channel:
        await serves(channel, server)
        await server.stop()
        await lost(channel)
        del resolver.names["cadence"]
        with pytest.raises(errors.ConnectionFailedError) as caught:
            await channel.connect()
        assert not isinstance(caught.value, errors.UnknownHostError)
        resolver.names["cadence"] = ["127.0.0.1"]
        await server.start()
        assert await serves(channel, server) == 0


async def test_a_slow_resolver_is_not_waited_for_without_end(
    resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: Any, **__: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
    async with channel_to("cadence:7933", connect_timeout=0.1) as channel:
        with pytest.raises(errors.ConnectionFailedError, match=r"'cadence' could not be resolved within 0\.1 s"):
            await channel.connect()


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a..b"])
async def test_a_name_that_can_be_none(name: str) -> None:
    async with channel_to(f"{name}:7933") as channel:
        with pytest.raises(errors.ConnectionFailedError, match="the name") as caught:
            await channel.connect()
    assert name in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "[::1]:1", "[fe80::1%lo]:1"])
async def test_numbers_are_not_resolved(address: str, resolver: Resolver) -> None:
    host = Host(address)
    assert await host.places() == [host.name]
    assert (resolver.asked, host.is_several) == (0, False)


async def test_a_place_comes_last_until_it_serves_again(resolver: Resolver) -> None:
    host = Host("cadence:7933")
    resolver.names["cadence"] = ["10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.3"]
    assert await host.places() == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    assert host.is_several
    host.avoid("10.0.0.1")
    assert await host.places() == ["10.0.0.2", "10.0.0.3", "10.0.0.1"]
    host.avoid("10.0.0.2")
    host.avoid("10.0.0.3")
    assert await host.places() == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    host.avoid("10.0.0.1")
    assert await host.places() == ["10.0.0.2", "10.0.0.3", "10.0.0.1"]
    host.prefer("10.0.0.1")
    assert await host.places() == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    resolver.names["cadence"] = ["10.0.0.4", "10.0.0.2"]
    assert await host.places() == ["10.0.0.4", "10.0.0.2"]


def test_addresses_are_checked() -> None:
    with pytest.raises(ConfigurationError, match="'nowhere' is not an address"):
        Host("nowhere")
