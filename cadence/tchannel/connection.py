"""The client's end of one connection: the asyncio shell around `protocol`.

Matches answers to calls, turns deadlines and lost connections into errors, pings a silent peer, and writes once per
turn of the loop however many calls it sends. Reconnecting and choosing among hosts is `channel`'s business.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from cadence.tchannel.errors import (
    CallTimeoutError,
    ConnectionLostError,
    FatalProtocolError,
    TChannelError,
    error_for_code,
)
from cadence.tchannel.frames import CONNECTION_ID
from cadence.tchannel.protocol import ErrorReceived, InitReceived, Protocol, ResponseReceived, Side, State, Trigger

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ("Connection", "ConnectionStatistics", "RawResponse")

SILENCE = 4.0
"""Seconds without a byte after which the peer is pinged, and in which it must answer: a dead one is found in 10 s."""

_ANSWER_BY = 0.9
"""Of SILENCE: a ping is answered by the second look after it, or not at all."""
_UNANSWERED = 0.9
"""Seconds that a call must have waited before its end says something about the peer."""
_LONGEST = 0xFFFF_FFFF / 1000
"""Seconds that a call's ttl can say."""
_LINGER = 2.0
"""Seconds that a closed connection may take to write what it still has; then that is lost."""

RawResponse = tuple[int, bytes, bytes]
"""Code, arg2, arg3."""


@dataclasses.dataclass(frozen=True, slots=True)
class ConnectionStatistics:
    """A look at one connection."""

    peer: str
    state: str
    calls_out: int
    bytes_received: int
    bytes_sent: int


class Connection(asyncio.Protocol):
    """One connection to a frontend. Made by `channel`."""

    def __init__(
        self,
        peer: str,
        *,
        headers: Mapping[str, str] | None = None,
        checksum: int = 0,
        silence: float = SILENCE,
        on_lost: Callable[[Connection], None] | None = None,
        on_unanswered: Callable[[Connection], None] | None = None,
    ) -> None:
        self.peer = peer
        self._loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = self._loop.create_future()
        self._checksum = checksum
        self._silence = silence
        self._on_lost = on_lost
        self._on_unanswered = on_unanswered
        self._transport: asyncio.Transport | None = None
        self._calls: dict[int, asyncio.Future[RawResponse]] = {}
        self._protocol = Protocol(Side.CLIENT, headers=headers, is_awaited=self._calls.__contains__)
        self._next_id = 1
        self._flush_scheduled = False
        self._writable: asyncio.Future[None] | None = None
        self._heard = self._loop.time()
        self._answers = 0  # to calls; those to pings don't count
        self._is_retiring = False
        self._pinged = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._closed: asyncio.Future[None] = self._loop.create_future()
        self._received = 0
        self._sent = 0
        self._said_end = False
        self._backlog = 0  # bytes that the kernel did not take, as of the last look
        self._delivered = 0  # bytes that it took

    # --- asyncio.Protocol ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._heard = self._loop.time()
        self._watch = self._loop.call_later(self._silence, self._check_silence)
        self._protocol.send_init()
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        self._received += len(data)
        protocol = self._protocol
        protocol.receive_data(data)
        calls = self._calls
        for event in protocol.events_received():
            if type(event) is ResponseReceived:
                self._answers += 1
                future = calls.pop(event.id, None)
                if future is not None and not future.done():
                    future.set_result((event.code, event.arg2, event.arg3))
            elif type(event) is ErrorReceived:
                self._take_error(event)
            elif type(event) is InitReceived and not self.opened.done():
                self.opened.set_result(None)
        if protocol.close_expected:
            self._flush()
            self._end(protocol.error)
        else:
            self._flush()
            self._end_if_retired()

    def eof_received(self) -> bool:
        self._protocol.receive_eof()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc)
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if not self._closed.done():
            self._closed.set_result(None)

    def pause_writing(self) -> None:
        if self._writable is None:
            self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._writable is not None:
            self._writable.set_result(None)
            self._writable = None
        self._flush()

    # --- calls ---

    @property
    def is_open(self) -> bool:
        """True while calls may be sent."""
        return self._protocol.state is State.OPEN

    async def call(self, head: bytes, args: tuple[bytes, bytes, bytes], timeout: float) -> RawResponse:
        """Send a call and wait for its answer.

        Cancelling it tells the peer that nobody waits any more; the connection stays good.

        Args:
            head: From `messages.pack_call_head`.
            args: arg1, arg2, arg3.
            timeout: Seconds.

        Raises:
            CallTimeoutError: No answer in time.
            ConnectionLostError: The connection died.
            TChannelError: The peer answered with an error frame.
        """
        loop = self._loop
        if self._writable is not None:
            timeout = await self._wait_writable(timeout)
        if self._protocol.state is not State.OPEN:
            raise ConnectionLostError("the connection is closing", peer=self.peer)
        call_id = self._new_id()
        future: asyncio.Future[RawResponse] = loop.create_future()
        self._protocol.send_call(call_id, max(1, int(min(timeout, _LONGEST) * 1000)), head, args, self._checksum)
        self._calls[call_id] = future
        if not self._flush_scheduled:
            self._flush_scheduled = True
            loop.call_soon(self._flush)
        timer = loop.call_later(timeout, self._expire, call_id, timeout, self._answers)
        try:
            return await future
        except asyncio.CancelledError:
            if self._calls.pop(call_id, None) is not None:
                self._give_up(call_id, "cancelled by the caller")
                self._end_if_retired()
            raise
        finally:
            timer.cancel()

    def _new_id(self) -> int:
        new = self._next_id
        self._next_id = new + 1 if new < 0xFFFF_FFF0 else 1
        return new

    async def _wait_writable(self, timeout: float) -> float:
        """Wait until the peer reads again; what is left of the timeout."""
        deadline = self._loop.time() + timeout
        try:
            async with asyncio.timeout_at(deadline):
                while self._writable is not None:
                    await asyncio.shield(self._writable)
        except TimeoutError:
            raise CallTimeoutError(f"nothing could be sent for {timeout:g} s", peer=self.peer) from None
        return deadline - self._loop.time()

    def _expire(self, call_id: int, timeout: float, answers: int) -> None:
        future = self._calls.pop(call_id, None)
        if future is not None and not future.done():
            told = round(timeout, 2) or timeout  # what connecting took of it is nothing to read
            future.set_exception(CallTimeoutError(f"no answer within {told:g} s", peer=self.peer))
            self._give_up(call_id, "deadline passed")
            if timeout >= _UNANSWERED and answers == self._answers and self._on_unanswered is not None:
                self._on_unanswered(self)
        self._end_if_retired()

    def _give_up(self, call_id: int, why: str) -> None:
        self._protocol.send_cancel(call_id, why)
        if not self._flush_scheduled:
            self._flush_scheduled = True
            self._loop.call_soon(self._flush)

    def _take_error(self, event: ErrorReceived) -> None:
        self._answers += 1
        if event.id == CONNECTION_ID:
            self._end(error_for_code(event.code, event.message, self.peer))
            return
        future = self._calls.pop(event.id, None)
        if future is not None and not future.done():
            future.set_exception(error_for_code(event.code, event.message, self.peer))

    def _flush(self) -> None:
        self._flush_scheduled = False
        if self._writable is not None and not self._protocol.close_expected:
            return  # the peer does not read: what waits stays where it is bounded
        data = self._protocol.data_to_send()
        if data and self._transport is not None and not self._transport.is_closing() and not self._said_end:
            self._sent += len(data)
            self._transport.write(data)

    # --- life and death ---

    def _check_silence(self) -> None:
        """Ping a silent peer; it is dead when it does not answer, not when this side's loop stood still for a while."""
        self._look_at_backlog()
        now = self._loop.time()
        if self._pinged > self._heard:
            if now - self._pinged >= _ANSWER_BY * self._silence:
                self._end(ConnectionLostError(f"silent for {now - self._heard:.1f} s", peer=self.peer), abort=True)
                return
        elif now - self._heard >= self._silence and self._protocol.state in {State.OPEN, State.DRAINING}:
            self._pinged = now
            self._protocol.send_ping(self._new_id())
            self._flush()
        self._watch = self._loop.call_later(self._silence / 2, self._check_silence)

    def _look_at_backlog(self) -> None:
        """Count a peer as alive that takes what a full kernel buffer holds: an upload over a slow line."""
        transport = self._transport
        if transport is None:
            return
        backlog = transport.get_write_buffer_size()
        delivered = self._sent - backlog
        if self._backlog and delivered > self._delivered:
            self._heard = self._loop.time()
        self._backlog, self._delivered = backlog, delivered

    def _end(self, cause: BaseException | None, *, abort: bool = False) -> None:
        """Fail everything that waits and close the transport; once."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._protocol.receive_eof()
        if self._transport is not None and not self._transport.is_closing():
            if abort:
                self._transport.abort()
            else:
                self._transport.close()
                self._watch = self._loop.call_later(_LINGER, self._transport.abort)
        calls, self._calls = self._calls, {}
        for future in calls.values():
            if not future.done():
                future.set_exception(self._lost(cause))
        if not self.opened.done():
            self.opened.set_exception(self._lost(cause))
            self.opened.exception()  # whoever waits sees it; nobody needs to
        if self._writable is not None:
            self._writable.set_result(None)
            self._writable = None
        self._on_unanswered = None
        if self._on_lost is not None:
            on_lost, self._on_lost = self._on_lost, None
            on_lost(self)

    def _lost(self, cause: BaseException | None) -> TChannelError:
        if isinstance(cause, FatalProtocolError):
            return FatalProtocolError(cause.reason, peer=self.peer)
        if isinstance(cause, ConnectionLostError):
            return ConnectionLostError(cause.reason, peer=self.peer)
        error = ConnectionLostError(str(cause) if cause else "the peer closed the connection", peer=self.peer)
        error.__cause__ = cause
        return error

    def retire(self) -> None:
        """Take no more calls, and close when those that are out are over."""
        if self._protocol.state is State.OPEN:
            self._protocol.advance(Trigger.DRAIN)
        self._is_retiring = True
        self._end_if_retired()

    def _end_if_retired(self) -> None:
        if self._is_retiring and not self._calls:
            self._is_retiring = False
            self._flush()
            self._end(None)

    async def close(self, linger: float = 0.0) -> None:
        """Close the connection; calls that are out fail with ConnectionLostError.

        Args:
            linger: Seconds in which the peer may see that no more comes, and close its side. Until then the answers
                that it has sent already are taken.
        """
        if self._protocol.state is State.OPEN:
            self._protocol.advance(Trigger.DRAIN)
        self._flush()
        if linger and self._calls:
            await self._say_end(linger)
        self._end(ConnectionLostError("this side closed the connection", peer=self.peer))
        if self._transport is not None:
            await self._closed

    async def _say_end(self, linger: float) -> None:
        transport = self._transport
        if transport is not None and not transport.is_closing() and transport.can_write_eof():
            self._said_end = True
            transport.write_eof()
            await asyncio.wait([self._closed], timeout=linger)

    def statistics(self) -> ConnectionStatistics:
        """Counts as of now."""
        return ConnectionStatistics(self.peer, self._protocol.state.value, len(self._calls), self._received, self._sent)
