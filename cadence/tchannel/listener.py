"""The server's side: accepts connections, gives each call to one handler, and keeps what peers can cost in bounds.

A call's task is cancelled when its caller cancels, its deadline passes or its connection dies. A connection with too
many calls or bytes in work is not read from until some are answered, and one whose peer does not read its answers
neither: memory stays bounded, and the others are served.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable
from typing import cast

from cadence.tchannel import messages
from cadence.tchannel.calls import CallResponse, IncomingCall
from cadence.tchannel.errors import FatalProtocolError, TChannelError
from cadence.tchannel.protocol import CallReceived, CancelReceived, Protocol, Side, State

__all__ = ("Handler", "Limits", "Listener", "ListenerStatistics")

logger = logging.getLogger("cadence.tchannel")


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What peers may cost."""

    connections: int = 1000
    """More are closed as soon as they come."""
    calls_per_connection: int = 1000
    """With so many in work, a connection is not read from."""
    bytes_per_connection: int = 32 * 1024 * 1024
    """With so many in requests in work, a connection is not read from."""
    message_size: int = 64 * 1024 * 1024
    """A longer message ends its connection."""
    init_timeout: float = 10.0
    """Seconds in which a new connection must say who it is."""
    write_timeout: float = 30.0
    """Seconds in which a peer must read something of what waits for it."""


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
        tasks = [task for peer in self._peers for task in peer.tasks.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=grace)
        peers = list(self._peers)
        for peer in peers:
            peer.end()
        leftover = [task for peer in peers for task in peer.tasks.values()]
        if leftover:
            await asyncio.wait(leftover)
        await asyncio.gather(*(peer.closed for peer in peers))
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
        self.tasks: dict[int, asyncio.Task[None]] = {}
        self.closed: asyncio.Future[None] = self._loop.create_future()
        self._bytes = 0
        self._reading = True
        self._writable = True
        self._draining = False
        self._flush_scheduled = False
        self._timer: asyncio.TimerHandle | None = None

    # --- asyncio.Protocol ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        name = transport.get_extra_info("peername")
        self._name = f"{name[0]}:{name[1]}" if name else "?"
        if not self._listener.admit(self):
            self._transport.abort()
            return
        self._timer = self._loop.call_later(self._listener.limits.init_timeout, self._too_slow, "no init message")

    def data_received(self, data: bytes) -> None:
        protocol = self._protocol
        was_new = protocol.state is State.NEW
        protocol.receive_data(data)
        if was_new and protocol.state is State.OPEN and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for event in protocol.events_received():
            if type(event) is CallReceived:
                self._accept(event)
            elif type(event) is CancelReceived:
                task = self.tasks.get(event.id)
                if task is not None:
                    task.cancel()
        self._flush()
        if protocol.close_expected:
            if isinstance(protocol.error, FatalProtocolError):
                self._listener.protocol_errors += 1
                logger.debug("%s broke the protocol: %s", self._name, protocol.error)
            self.end()

    def eof_received(self) -> bool:
        self._protocol.receive_eof()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener.forget(self)
        if self._timer is not None:
            self._timer.cancel()
        for task in list(self.tasks.values()):
            task.cancel()
        self._protocol.receive_eof()
        if not self.closed.done():
            self.closed.set_result(None)

    def pause_writing(self) -> None:
        self._writable = False
        self._pace()
        self._timer = self._loop.call_later(self._listener.limits.write_timeout, self._too_slow, "answers are not read")

    def resume_writing(self) -> None:
        self._writable = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._pace()

    # --- calls ---

    def _accept(self, event: CallReceived) -> None:
        if self._draining:
            self._protocol.send_error(event.id, 0x04, "the server is shutting down")
            return
        self._bytes += len(event.arg3)
        task = self._loop.create_task(self._answer(event))
        self.tasks[event.id] = task
        if self._reading:
            self._pace()

    async def _answer(self, event: CallReceived) -> None:
        loop = self._loop
        me = self.tasks.get(event.id)
        deadline = loop.time() + event.ttl / 1000
        timer = loop.call_later(event.ttl / 1000, self._expire, event.id, me)
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
            if self._protocol.state is State.OPEN:
                self._protocol.send_response(
                    event.id, 0 if answer.ok else 1, _RESPONSE_HEAD, (b"", headers, answer.body), event.checksum & 1
                )
        except asyncio.CancelledError:
            # Cancelled by the caller, by its deadline or with the connection: error 0x01 or 0x02, or nobody is there.
            late = loop.time() >= deadline
            self._protocol.send_error(event.id, 0x01 if late else 0x02, "deadline passed" if late else "cancelled")
        except FatalProtocolError as error:
            self._protocol.send_error(event.id, 0x06, error.reason)
        except TChannelError as error:
            self._protocol.send_error(event.id, error.code or 0x05, error.reason)
        except Exception as error:  # a bug of the handler must cost its call alone
            logger.exception("the handler of %s failed", event.arg1.decode("utf-8", "replace"))
            self._protocol.send_error(event.id, 0x05, f"{type(error).__name__}: {error}")
        finally:
            timer.cancel()
            if self.tasks.get(event.id) is me:
                del self.tasks[event.id]
            self._bytes -= len(event.arg3)
            if not self._reading:
                self._pace()
            if not self._flush_scheduled:
                self._flush_scheduled = True
                loop.call_soon(self._flush)

    def _expire(self, call_id: int, task: asyncio.Task[None] | None) -> None:
        if task is not None:
            task.cancel()

    # --- pace, life and death ---

    def _pace(self) -> None:
        """Read from the peer only while what it has in work is within bounds and it reads its answers."""
        limits = self._listener.limits
        wanted = (
            self._writable
            and len(self.tasks) < limits.calls_per_connection
            and self._bytes < limits.bytes_per_connection
        )
        transport = self._transport
        if wanted != self._reading and transport is not None and not transport.is_closing():
            self._reading = wanted
            transport.resume_reading() if wanted else transport.pause_reading()

    def _flush(self) -> None:
        self._flush_scheduled = False
        data = self._protocol.data_to_send()
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _too_slow(self, why: str) -> None:
        self._timer = None
        logger.debug("%s is closed: %s", self._name, why)
        if self._transport is not None:
            self._transport.abort()

    def drain(self) -> None:
        """Refuse new calls from now on."""
        self._draining = True

    def end(self) -> None:
        """Write what is queued and close."""
        for task in list(self.tasks.values()):
            task.cancel()
        self._flush()
        if self._transport is not None:
            self._transport.close()
