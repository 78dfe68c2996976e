"""When a silent peer is pinged and counts as dead, and how attempts to connect are paced: a clock the test moves."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import socket
from collections.abc import Callable
from typing import Any, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.tchannel import Channel, errors, messages
from cadence.tchannel.connection import SILENCE, Connection
from cadence.tchannel.frames import FrameBuffer, FrameType, pack_frame

INIT = messages.pack_init(messages.init_headers())
PING = FrameType.PING_REQUEST
ARGS = (b"S::m", b"\0\0", b"")


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock stands still unless `pass_time` moves it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = itertools.count()

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[..., object], *args: Any, context: Any = None) -> Any:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any, context: Any = None) -> Any:
        return self.call_at(self.now + delay, callback, *args, context=context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        pass

    def settle(self) -> None:
        """Run what is ready."""
        for _ in range(5):
            self.call_soon(self.stop)
            self.run_forever()

    def pass_time(self, seconds: float) -> None:
        """Let time pass; timers run at their own times."""
        end = self.now + seconds
        while self._timers and self._timers[0][0] <= end:
            when, _, timer = heapq.heappop(self._timers)
            self.now = max(self.now, when)
            if not timer.cancelled():
                timer._run()
            self.settle()
        self.now = end


class Line(asyncio.Transport):
    """A transport that keeps what is written; the test says how much of it the peer took."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.waiting = 0
        self.ended = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)
        if self.waiting:  # as in a real one: behind what waits, everything waits
            self.waiting += len(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return self.ended

    def close(self) -> None:
        self.ended = True

    abort = close


class Setting:
    """An open connection on such a loop and line, with one call out; closed at the end of a `with`."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.line = Line()

        async def make() -> Connection:
            return Connection("peer:1")

        self.connection = self.loop.run_until_complete(make())
        self.connection.connection_made(self.line)
        self.connection.data_received(pack_frame(FrameType.INIT_RESPONSE, 1, INIT))
        head = messages.pack_call_head("s", {})
        self.call = self.loop.create_task(self.connection.call(head, ARGS, 3600))
        self.loop.settle()

    def pings(self) -> int:
        return [kind for kind, _, _ in FrameBuffer().feed(self.line.written)].count(PING)

    def outcome(self) -> BaseException | None:
        """How the call ended, after the connection."""
        self.connection.connection_lost(None)
        self.loop.settle()
        return self.call.exception()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.outcome()
        self.loop.close()


@settings(max_examples=60)
@given(st.lists(st.floats(0.01, 7.9), max_size=10))
def test_a_dead_peer_is_found_within_ten_seconds_of_its_last_byte(gaps: list[float]) -> None:
    with Setting() as setting:
        for gap in gaps:
            setting.loop.pass_time(gap)
            setting.connection.data_received(pack_frame(FrameType.PING_RESPONSE, 9, b""))
        assert setting.connection.is_open
        setting.loop.pass_time(7.9)
        assert setting.connection.is_open
        setting.loop.pass_time(2.1)
        assert not setting.connection.is_open
        assert setting.line.ended
        setting.loop.settle()
        error = setting.outcome()
        assert isinstance(error, errors.ConnectionLostError)
        assert "silent" in str(error)


def test_a_peer_that_answers_pings_lives_for_ever() -> None:
    with Setting() as setting:
        answered = 0
        for _ in range(1000):
            setting.loop.pass_time(SILENCE / 2)
            while answered < setting.pings():
                answered += 1
                setting.connection.data_received(pack_frame(FrameType.PING_RESPONSE, 9, b""))
        assert setting.connection.is_open
        assert 250 <= answered <= 500


def test_a_loop_that_stood_still_is_not_the_peers_death() -> None:
    with Setting() as setting:
        setting.loop.now += 60  # user code blocked the loop, or the machine slept
        setting.loop.pass_time(0)
        assert setting.connection.is_open
        assert setting.pings() == 1
        setting.loop.pass_time(1)
        setting.connection.data_received(pack_frame(FrameType.PING_RESPONSE, 9, b""))
        setting.loop.pass_time(5)
        assert setting.connection.is_open
        setting.loop.pass_time(5)
        assert not setting.connection.is_open


def test_a_peer_that_talks_is_not_pinged() -> None:
    with Setting() as setting:
        for _ in range(100):
            setting.loop.pass_time(SILENCE / 4)
            setting.connection.data_received(pack_frame(FrameType.PING_REQUEST, 9, b""))
        assert setting.pings() == 0


def test_a_slow_upload_is_no_silence() -> None:
    with Setting() as setting:
        setting.line.waiting = 40_000_000
        for _ in range(100):
            setting.loop.pass_time(SILENCE)
            setting.line.waiting -= 100_000
        assert setting.connection.is_open
        setting.loop.pass_time(14)  # now it stands still
        assert not setting.connection.is_open


def test_what_the_kernel_takes_at_once_is_no_sign_of_life() -> None:
    with Setting() as setting:
        for _ in range(4):
            setting.loop.pass_time(2.4)
            extra = setting.loop.create_task(setting.connection.call(messages.pack_call_head("s", {}), ARGS, 3600))
            setting.loop.settle()
            if extra.done():
                extra.exception()
        setting.loop.pass_time(0.4)
        assert not setting.connection.is_open


FAREWELL = pack_frame(FrameType.ERROR, 0xFFFFFFFF, messages.pack_error(0xFF, "bye"))


@pytest.mark.parametrize("bad", [b"\0\1" + bytes(30), FAREWELL], ids=["breach", "farewell"])
def test_after_the_end_no_timer_acts(bad: bytes) -> None:
    with Setting() as setting:
        setting.connection.data_received(bad)
        setting.loop.settle()
        written = setting.line.written
        setting.loop.pass_time(60)
        assert setting.line.written == written
        assert isinstance(setting.outcome(), errors.FatalProtocolError)


# --- pauses between attempts to connect ---


class Nowhere(Loop):
    """A loop on which nothing listens anywhere, until something does."""

    def __init__(self) -> None:
        super().__init__()
        self.attempts: list[tuple[float, int]] = []
        self.listens: set[int] = set()

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", port))]

    async def create_connection(self, make: Any, host: Any = None, port: Any = None, **_: Any) -> Any:
        self.attempts.append((self.now - 1000, port))
        if port not in self.listens:
            raise ConnectionRefusedError
        connection, line = make(), Line()
        connection.connection_made(line)
        connection.data_received(pack_frame(FrameType.INIT_RESPONSE, 1, INIT))
        return line, connection


def _try(loop: Nowhere, channel: Channel) -> BaseException | None:
    """Connect once, letting as much time pass as that takes."""

    async def connect() -> None:
        await channel.connect(timeout=60)

    task = loop.create_task(connect())
    loop.settle()
    while not task.done():
        loop.pass_time(0.001)
    return task.exception()


def _end(loop: Nowhere, channel: Channel) -> None:
    connection = channel._connection
    if connection is not None:
        connection.connection_lost(None)
    loop.run_until_complete(channel.close())
    loop.close()


def test_pauses_between_attempts_grow_to_a_bound_and_differ() -> None:
    loop = Nowhere()
    channel = Channel(["host:1"])
    for _ in range(20):
        assert isinstance(_try(loop, channel), errors.ConnectionFailedError)
    pauses = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(loop.attempts)]
    assert len(loop.attempts) == 20
    for number, pause in enumerate(pauses):
        full = min(5.0, 0.05 * 2**number)
        assert full / 2 <= pause <= full + 0.002
    assert len({round(pause, 6) for pause in pauses[-10:]}) > 1  # many clients must not come back at once
    _end(loop, channel)


def test_a_success_ends_the_pauses() -> None:
    loop = Nowhere()
    channel = Channel(["host:1"])
    for _ in range(8):
        _try(loop, channel)
    loop.listens.add(1)
    assert _try(loop, channel) is None
    connection = channel._connection
    assert connection is not None
    connection.connection_lost(None)
    loop.listens.clear()
    before = loop.now
    assert isinstance(_try(loop, channel), errors.ConnectionFailedError)
    assert loop.now - before < 0.01
    assert channel.statistics().connects == 1
    assert channel.statistics().failed_connects == 9
    _end(loop, channel)


def test_each_round_tries_every_host_beginning_with_the_next() -> None:
    loop = Nowhere()
    channel = Channel(["host:1", "host:2", "host:3"])
    error = _try(loop, channel)
    assert all(f"host:{number}" in str(error) for number in (1, 2, 3))
    loop.listens.add(2)
    assert _try(loop, channel) is None
    assert [port for _, port in loop.attempts] == [1, 2, 3, 1, 2]
    connection = channel._connection
    assert connection is not None
    connection.connection_lost(None)
    assert _try(loop, channel) is None
    assert [port for _, port in loop.attempts[5:]] == [3, 1, 2]
    _end(loop, channel)


def test_many_calls_share_one_attempt() -> None:
    loop = Nowhere()
    channel = Channel(["host:1"])

    async def call() -> None:
        await channel.call("S::m", {}, b"", timeout=10)

    tasks = [loop.create_task(call()) for _ in range(50)]
    loop.settle()
    assert len(loop.attempts) == 1
    assert {type(task.exception()) for task in tasks} == {errors.ConnectionFailedError}
    _end(loop, channel)


def test_a_call_waits_for_a_connection_no_longer_than_its_timeout() -> None:
    loop = Nowhere()
    channel = Channel(["host:1"])
    for _ in range(10):
        _try(loop, channel)

    async def call() -> None:
        await channel.call("S::m", {}, b"", timeout=0.5)

    task = loop.create_task(call())
    loop.settle()
    loop.pass_time(0.51)
    assert isinstance(task.exception(), errors.CallTimeoutError)
    assert "no connection within 0.5 s" in str(task.exception())
    _end(loop, channel)


def test_closing_ends_calls_that_wait_for_a_connection_and_cancels_none() -> None:
    loop = Nowhere()
    channel = Channel(["host:1"])
    _try(loop, channel)

    async def call() -> None:
        await channel.call("S::m", {}, b"", timeout=10)

    task, cancelled = loop.create_task(call()), loop.create_task(call())
    loop.settle()
    cancelled.cancel()
    loop.run_until_complete(channel.close())
    loop.settle()
    assert isinstance(task.exception(), errors.ConnectionFailedError)
    assert cancelled.cancelled()
    with pytest.raises(errors.ConnectionFailedError, match="closed"):
        loop.run_until_complete(call())
    loop.close()
