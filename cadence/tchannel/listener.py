"""The server's side: accepts connections, gives each call to one handler, and keeps what peers can cost in bounds.

A call's task is cancelled when its caller cancels, its deadline passes or its connection dies. Calls beyond a
connection's limit are answered "busy", so that pings behind them still are. A connection with too many bytes in work is
not read from until some are answered, and one whose peer does not read its answers neither: memory stays bounded, and
the others are served.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import socket
from collections.abc import Awaitable, Callable
from typing import cast

from cadence.tchannel import messages
from cadence.tchannel.calls import CallResponse, IncomingCall
from cadence.tchannel.checksums import ChecksumType
from cadence.tchannel.errors import FatalProtocolError, TChannelError
from cadence.tchannel.protocol import CallReceived, CancelReceived, InitReceived, Protocol, Side, State

__all__ = ("Handler", "Limits", "Listener", "ListenerStatistics")

logger = logging.getLogger("cadence.tchannel")


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What peers may cost."""

    connections: int = 1000
    """More are closed as soon as they come."""
    calls_per_connection: int = 10_000
    """Calls beyond are answered with error 0x03, busy; long polls count too."""
    bytes_per_connection: int = 32 * 1024 * 1024
    """With so many in requests in work, a connection is not read from."""
    message_size: int = 64 * 1024 * 1024
    """A longer message ends its connection."""
    init_timeout: float = 10.0
    """Seconds in which a new connection must say who it is."""
    write_timeout: float = 30.0
    """Seconds in which a peer must read something of what waits for it."""
    linger: float = 1.0
    """Seconds that a connection lives on after its last word, for its peer to read it."""


@dataclasses.dataclass(frozen=True, slots=True)
class ListenerStatistics:
    """A look at a listener."""

    connections: int
    calls_in_work: int
    accepted: int
    refused: int
    protocol_errors: int


Handler = Callable[[IncomingCall], Awaitable[CallResponse]]
_RESPONSE_HEAD = messages.pack_response_head({"as": "thrift"})
_NO_HEADERS = b"\0\0"


class Listener:
    """A TChannel server. Made by `Listener.start`."""

    def __init__(self, handler: Handler, limits: Limits) -> None:
        self._handler = handler
        self.limits = limits
        self._server: asyncio.Server | None = None
        self._peers: set[_Peer] = set()
        self.address: tuple[str, int] = ("", 0)
        self.accepted = 0
        self.refused = 0
        self.protocol_errors = 0

    @classmethod
    async def start(
        cls, handler: Handler, host: str = "127.0.0.1", port: int = 0, *, limits: Limits | None = None
    ) -> Listener:
        """Listen.

        Args:
            handler: Called in a task of its own for each call; may raise the errors of `tchannel.errors` to answer
                with their error frames.
            host: Address to listen on.
            port: Port to listen on; 0 takes a free one, see `address`.
            limits: What peers may cost.

        Raises:
            OSError: The address can't be listened on.
        """
        listener = cls(handler, limits or Limits())
        loop = asyncio.get_running_loop()
        listener._server = await loop.create_server(lambda: _Peer(listener, handler), host, port, backlog=512)
        name = listener._server.sockets[0].getsockname()
        listener.address = (name[0], name[1])
        return listener

    async def close(self, grace: float = 5.0) -> None:
        """Take no new connections and calls, answer what was accepted for at most `grace` seconds, then close."""
        if self._server is not None:
            self._server.close()
        for peer in list(self._peers):
            peer.drain()
        tasks = [task for peer in self._peers for task in peer.tasks]
        if tasks:
            await asyncio.wait(tasks, timeout=grace)
        peers = list(self._peers)
        for peer in peers:
            peer.end()
        leftover = [task for peer in peers for task in peer.tasks]
        if leftover:
            await asyncio.wait(leftover)
        closed = [peer.closed for peer in peers]
        if closed:
            await asyncio.wait(closed, timeout=self.limits.linger)
        for peer in peers:
            peer.abort()
        await asyncio.gather(*closed)
        if self._server is not None:
            await self._server.wait_closed()

    def statistics(self) -> ListenerStatistics:
        """Counts as of now."""
        return ListenerStatistics(
            len(self._peers),
            sum(len(peer.tasks) for peer in self._peers),
            self.accepted,
            self.refused,
            self.protocol_errors,
        )

    def admit(self, peer: _Peer) -> bool:
        """Count a new connection; False when there are too many."""
        if len(self._peers) >= self.limits.connections:
            self.refused += 1
            return False
        self.accepted += 1
        self._peers.add(peer)
        return True

    def forget(self, peer: _Peer) -> None:
        """A connection is gone."""
        self._peers.discard(peer)


class _Peer(asyncio.Protocol):
    """One accepted connection."""

    def __init__(self, listener: Listener, handler: Handler) -> None:
        self._listener = listener
        self._handler = handler
        self._loop = asyncio.get_running_loop()
        self._protocol = Protocol(
            Side.SERVER,
            headers=messages.init_headers("127.0.0.1:0", "cadence-devserver"),
            max_message_size=listener.limits.message_size,
        )
        self._transport: asyncio.Transport | None = None
        self._name = ""
        self.tasks: set[asyncio.Task[None]] = set()
        self._by_id: dict[int, asyncio.Task[None]] = {}  # two calls may have one id: the later is the one to cancel
        self.closed: asyncio.Future[None] = self._loop.create_future()
        self._bytes = 0
        self._written = 0
        self._reading = True
        self._writable = True
        self._draining = False
        self._hung_up = False
        self._flush_scheduled = False
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    # --- asyncio.Protocol ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        name = transport.get_extra_info("peername")
        self._name = f"{name[0]}:{name[1]}" if name else "?"
        if not self._listener.admit(self):
            self._transport.abort()
            return
        # Who vanished without a word while nothing is written to it would be kept for ever.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._arm(self._listener.limits.init_timeout, self._too_slow, "no init message")

    def data_received(self, data: bytes) -> None:
        protocol = self._protocol
        if self._hung_up:
            return  # what comes after a breach is read, so that closing does not reset the connection, and dropped
        protocol.receive_data(data)
        for event in protocol.events_received():
            if type(event) is CallReceived:
                self._accept(event)
            elif type(event) is InitReceived:
                self._disarm()
            elif type(event) is CancelReceived:
                task = self._by_id.get(event.id)
                if task is not None:
                    task.cancel()
        if protocol.close_expected:
            if protocol.is_breached:
                self._listener.protocol_errors += 1
                logger.debug("%s broke the protocol: %s", self._name, protocol.error)
            self._hang_up()
        else:
            self._flush()

    def eof_received(self) -> bool:
        """Close, once those who work for the peer know that nobody waits; what is answered by then is still sent."""
        if self._hung_up or not self.tasks:
            self._protocol.receive_eof()
            return False
        self._draining = True
        self._cancel_calls()
        self._closing = self._loop.create_task(self._close_after(set(self.tasks)))
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener.forget(self)
        self._disarm()
        self._protocol.receive_eof()
        self._cancel_calls()
        if not self.closed.done():
            self.closed.set_result(None)

    def pause_writing(self) -> None:
        self._writable = False
        self._pace()
        if not self._hung_up:
            self._arm(self._listener.limits.write_timeout, self._check_reader, self._read_by_peer())

    def resume_writing(self) -> None:
        self._writable = True
        if not self._hung_up:
            self._disarm()
        self._pace()

    # --- calls ---

    def _accept(self, event: CallReceived) -> None:
        if self._draining:
            self._protocol.send_error(event.id, 0x04, "the server is shutting down")
            return
        limit = self._listener.limits.calls_per_connection
        if len(self.tasks) >= limit:
            self._protocol.send_error(event.id, 0x03, f"{limit} calls of this connection are in work")
            return
        size = len(event.arg2) + len(event.arg3)
        self._bytes += size
        deadline = self._loop.time() + event.ttl / 1000
        task = self._loop.create_task(self._answer(event, deadline))
        timer = self._loop.call_at(deadline, task.cancel)
        self.tasks.add(task)
        self._by_id[event.id] = task
        task.add_done_callback(lambda done: self._answered(done, event.id, size, timer, deadline))
        if self._reading:
            self._pace()

    async def _answer(self, event: CallReceived, deadline: float) -> None:
        try:
            call = IncomingCall(
                event.arg1.decode("utf-8", "replace"),
                event.service,
                event.headers.get("cn", ""),
                messages.parse_application_headers(event.arg2),
                event.arg3,
                deadline,
                self._name,
            )
            answer = await self._handler(call)
            headers = messages.pack_application_headers(answer.headers) if answer.headers else _NO_HEADERS
            checksum = event.checksum if event.checksum != ChecksumType.FARMHASH else ChecksumType.CRC32
            if self._protocol.state is State.OPEN:
                self._protocol.send_response(
                    event.id, 0 if answer.ok else 1, _RESPONSE_HEAD, (b"", headers, answer.body), checksum
                )
        except FatalProtocolError as error:
            self._protocol.send_error(event.id, 0x06, error.reason)
        except TChannelError as error:
            self._protocol.send_error(event.id, error.code or 0x05, error.reason)
        except Exception as error:  # a bug of the handler must cost its call alone
            logger.exception("the handler of %s failed", event.arg1.decode("utf-8", "replace"))
            self._protocol.send_error(event.id, 0x05, f"{type(error).__name__}: {error}")

    def _answered(
        self, task: asyncio.Task[None], call_id: int, size: int, timer: asyncio.TimerHandle, deadline: float
    ) -> None:
        """A call is over; here rather than in its task, which never runs when it is cancelled early enough."""
        timer.cancel()
        self.tasks.discard(task)
        if self._by_id.get(call_id) is task:
            del self._by_id[call_id]
        self._bytes -= size
        if task.cancelled():
            late = self._loop.time() >= deadline
            self._protocol.send_error(call_id, 0x01 if late else 0x02, "deadline passed" if late else "cancelled")
        if not self._reading:
            self._pace()
        if not self._flush_scheduled:
            self._flush_scheduled = True
            self._loop.call_soon(self._flush)

    def _cancel_calls(self) -> None:
        for task in list(self.tasks):
            task.cancel()

    # --- pace, life and death ---

    def _pace(self) -> None:
        """Read from the peer only while what it has in work is within bounds and it reads its answers."""
        wanted = self._writable and self._bytes < self._listener.limits.bytes_per_connection
        transport = self._transport
        if wanted != self._reading and transport is not None and not transport.is_closing():
            self._reading = wanted
            transport.resume_reading() if wanted else transport.pause_reading()

    def _flush(self) -> None:
        self._flush_scheduled = False
        data = self._protocol.data_to_send()
        if data and self._transport is not None and not self._transport.is_closing():
            self._written += len(data)
            self._transport.write(data)

    def _arm(self, seconds: float, action: Callable[..., None], *args: object) -> None:
        self._disarm()
        self._timer = self._loop.call_later(seconds, action, *args)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _read_by_peer(self) -> int:
        waiting = self._transport.get_write_buffer_size() if self._transport is not None else 0
        return self._written - waiting

    def _check_reader(self, before: int) -> None:
        now = self._read_by_peer()
        if now > before:
            self._arm(self._listener.limits.write_timeout, self._check_reader, now)
        else:
            self._too_slow("answers are not read")

    def _too_slow(self, why: str) -> None:
        self._timer = None
        logger.debug("%s is closed: %s", self._name, why)
        self.abort()

    def _hang_up(self) -> None:
        """Say the last word and close when the peer has read it, or after a while."""
        self._hung_up = True
        self._cancel_calls()
        self._flush()
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if not self._reading:
            self._reading = True
            transport.resume_reading()
        transport.write_eof()
        self._arm(self._listener.limits.linger, self._too_slow, "it broke the protocol and stays")

    async def _close_after(self, tasks: set[asyncio.Task[None]]) -> None:
        await asyncio.wait(tasks)
        self.end()

    def drain(self) -> None:
        """Refuse new calls from now on."""
        self._draining = True

    def end(self) -> None:
        """Write what is queued and close."""
        self._cancel_calls()
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once; what is queued is lost."""
        if self._transport is not None:
            self._transport.abort()
