"""The client's side: calls to a service behind one or several hosts, over connections that come back by themselves.

One connection is in use at a time. When it dies, the next call tries the next host, and then the others; so it does
when a host takes calls and answers none of them, where there is another. When none can be reached, that call fails, and
the attempts of later calls begin with growing, jittered pauses. Names are resolved anew at each attempt (`hosts`).
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import random
from collections.abc import Mapping, Sequence

from cadence.exceptions import ConfigurationError
from cadence.tchannel import messages
from cadence.tchannel.calls import CallResponse
from cadence.tchannel.connection import SILENCE, Connection, ConnectionStatistics
from cadence.tchannel.errors import (
    ConnectionFailedError,
    ConnectTimeoutError,
    FatalProtocolError,
    TChannelError,
    UnexpectedError,
    UnknownHostError,
)
from cadence.tchannel.hosts import Host

__all__ = ("Channel", "ChannelStatistics")

logger = logging.getLogger("cadence.tchannel")

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_CONNECT_TIMEOUT = 5.0


@dataclasses.dataclass(frozen=True, slots=True)
class ChannelStatistics:
    """A look at a channel."""

    connection: ConnectionStatistics | None
    connects: int
    failed_connects: int


class Channel:
    """Calls to one service.

    Args:
        hosts: Addresses as `host:port`, in order of preference.
        service: The service's name.
        caller: This side's name.
        checksum: Type of the sums sent with calls: 0 (none: TCP has its own), 1 (CRC-32) or 3 (CRC-32C).
        connect_timeout: Seconds for one attempt to connect.
        silence: Seconds without a byte after which the peer is pinged, and in which it must answer; else it is dead.

    Raises:
        ConfigurationError: No host, one that isn't an address, or another checksum type.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        service: str = "cadence-frontend",
        caller: str = "cadence-client",
        checksum: int = 0,
        connect_timeout: float = _CONNECT_TIMEOUT,
        silence: float = SILENCE,
    ) -> None:
        if not hosts:
            raise ConfigurationError("no host to connect to", hint="give at least one host:port")
        if checksum not in {0, 1, 3}:
            raise ConfigurationError(
                f"checksum type {checksum} can't be written", hint="take 0, 1 (CRC-32) or 3 (CRC-32C)"
            )
        self.hosts = tuple(hosts)
        self._hosts = [Host(host) for host in hosts]
        self._names = (service, caller)
        self._head = messages.pack_call_head(service, {"as": "thrift", "cn": caller})
        self._checksum = checksum
        self._connect_timeout = connect_timeout
        self._silence = silence
        self._connection: Connection | None = None
        self._left: set[Connection] = set()
        self._connecting: asyncio.Task[Connection] | None = None
        self._endpoints: dict[str, bytes] = {}
        self._turn = 0
        self._failures = 0
        self._connects = 0
        self._failed_connects = 0
        self._closed = False

    async def call(self, endpoint: str, headers: Mapping[str, str], body: bytes, *, timeout: float) -> CallResponse:
        """Make one call; connects first where needed.

        Cancelling it tells the peer that nobody waits any more.

        Args:
            endpoint: For example `WorkflowService::DescribeDomain`.
            headers: Application headers.
            body: The third argument.
            timeout: Seconds for everything, connecting included.

        Raises:
            ConnectionFailedError: No host could be reached.
            CallTimeoutError: No answer in time.
            ConnectionLostError: The connection died while the call was out.
            TChannelError: The peer answered with an error frame.
        """
        return await self.call_packed(endpoint, messages.pack_application_headers(headers), body, timeout=timeout)

    async def call_packed(self, endpoint: str, headers: bytes, body: bytes, *, timeout: float) -> CallResponse:
        """As `call`, with headers that `messages.pack_application_headers` has packed before."""
        connection = self._connection
        if connection is None or not connection.is_open:
            loop = asyncio.get_running_loop()
            deadline = loop.time() + timeout
            connection = await self._connected(timeout)
            timeout = max(0.001, deadline - loop.time())
        arg1 = self._endpoints.get(endpoint)
        if arg1 is None:
            arg1 = self._endpoints[endpoint] = endpoint.encode()
        code, arg2, arg3 = await connection.call(self._head, (arg1, headers, body), timeout)
        return CallResponse(
            code == 0, _headers(arg2, connection.peer) if arg2 != b"\0\0" else {}, arg3, connection.peer
        )

    async def connect(self, *, timeout: float = _CONNECT_TIMEOUT) -> None:
        """Connect now rather than with the first call.

        Raises:
            ConnectionFailedError: No host could be reached.
        """
        await self._connected(timeout)

    def twin(self) -> Channel:
        """Return a channel to the same hosts with connections of its own: a channel belongs to one event loop."""
        service, caller = self._names
        return Channel(
            self.hosts,
            service=service,
            caller=caller,
            checksum=self._checksum,
            connect_timeout=self._connect_timeout,
            silence=self._silence,
        )

    async def close(self, linger: float = 0.0) -> None:
        """Close; calls that are out fail with ConnectionLostError.

        Args:
            linger: Seconds in which answers that are on their way are still taken, as long as the peer doesn't close.
        """
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._connection is not None:
            await self._connection.close(linger)
            self._connection = None
        for connection in list(self._left):
            await connection.close()

    def statistics(self) -> ChannelStatistics:
        """Counts as of now."""
        return ChannelStatistics(
            self._connection.statistics() if self._connection else None, self._connects, self._failed_connects
        )

    async def _connected(self, timeout: float) -> Connection:
        if self._closed:
            raise ConnectionFailedError("the channel is closed", peer=", ".join(self.hosts))
        if self._connection is not None and self._connection.is_open:
            return self._connection
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect(), name="cadence.tchannel.connect")
            self._connecting.add_done_callback(self._connect_done)
        try:
            async with asyncio.timeout(timeout):
                return await asyncio.shield(self._connecting)
        except TimeoutError as error:
            if isinstance(error, TChannelError):
                raise
            msg = f"no connection within {timeout:g} s"
            raise ConnectTimeoutError(msg, peer=", ".join(self.hosts)) from None
        except asyncio.CancelledError:
            if self._is_cancelled_by_close():
                raise ConnectionFailedError("the channel is closed", peer=", ".join(self.hosts)) from None
            raise

    def _connect_done(self, task: asyncio.Task[Connection]) -> None:
        self._connecting = None
        if not task.cancelled():
            task.exception()  # those who waited have seen it

    def _is_cancelled_by_close(self) -> bool:
        """Tell `close`, which cancels the attempt to connect, from whoever cancels the task that waits for it."""
        task = asyncio.current_task()
        return self._closed and (task is None or not task.cancelling())

    async def _connect(self) -> Connection:
        """Try each host once, after a pause where the last round failed."""
        if self._failures:
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(self._failures - 1, 10))
            await asyncio.sleep(pause * (0.5 + random.random() / 2))
        failures: list[tuple[Host, Exception]] = []
        for _ in self._hosts:
            host = self._hosts[self._turn % len(self._hosts)]
            try:
                connection = await self._open(host)
            except (OSError, TChannelError) as error:
                self._turn += 1
                self._failed_connects += 1
                failures.append((host, error))
            else:
                if self._failures:
                    logger.info("connected to %s again", host.address)
                self._failures = 0
                self._connects += 1
                self._connection = connection
                return connection
        reasons = ", ".join(f"{host.address} ({_reason(error)})" for host, error in failures)
        if not self._failures:
            logger.warning("no connection to %s", reasons)
        self._failures += 1
        is_unknown = not self._connects and all(isinstance(error, UnknownHostError) for _, error in failures)
        raise (UnknownHostError if is_unknown else ConnectionFailedError)(
            f"no Cadence frontend at {reasons}",
            hint="check the address, or start a server on this machine: cadence dev",
        )

    async def _open(self, host: Host) -> Connection:
        """Try each place that a host's name stands for."""
        try:
            async with asyncio.timeout(self._connect_timeout):
                places = await host.places()
        except TimeoutError:
            msg = f"the name {host.name!r} could not be resolved within {self._connect_timeout:g} s"
            raise ConnectionFailedError(msg, peer=host.address) from None
        failures: list[tuple[str, Exception]] = []
        for place in places:
            try:
                connection = await self._greet(host, place)
            except (OSError, TChannelError) as error:
                host.avoid(place)
                failures.append((place, error))
            else:
                host.prefer(place)
                return connection
        if len(failures) == 1:
            raise failures[0][1]
        told = "; ".join(f"{place}: {_reason(error)}" for place, error in failures)
        raise ConnectionFailedError(told or f"the name {host.name!r} has no address", peer=host.address)

    async def _greet(self, host: Host, place: str) -> Connection:
        loop = asyncio.get_running_loop()

        def make() -> Connection:
            return Connection(
                host.address,
                checksum=self._checksum,
                silence=self._silence,
                on_lost=lambda connection: self._lost(connection, host, place),
                on_unanswered=lambda connection: self._unanswered(connection, host, place),
            )

        try:
            async with asyncio.timeout(self._connect_timeout):
                _, connection = await loop.create_connection(make, place, host.port)
                try:
                    await connection.opened
                except BaseException:
                    await connection.close()
                    raise
        except TimeoutError:
            msg = f"no answer within {self._connect_timeout:g} s"
            raise ConnectionFailedError(msg, peer=host.address) from None
        return connection

    def _lost(self, connection: Connection, host: Host, place: str) -> None:
        self._left.discard(connection)
        if self._connection is connection:
            self._connection = None
            self._turn += 1
            host.avoid(place)
            if not self._closed:
                logger.warning("connection to %s lost", connection.peer)

    def _unanswered(self, connection: Connection, host: Host, place: str) -> None:
        """Leave a host that let a call wait and answers no other one either, where there is another to ask."""
        if self._connection is not connection or not (len(self._hosts) > 1 or host.is_several):
            return
        logger.warning("%s leaves calls without an answer; the next ones go to another host", connection.peer)
        self._connection = None
        self._turn += 1
        host.avoid(place)
        self._left.add(connection)
        connection.retire()


def _headers(arg2: bytes, peer: str) -> dict[str, str]:
    """Read an answer's headers; what is wrong with them is wrong with that answer alone."""
    try:
        return messages.parse_application_headers(arg2)
    except FatalProtocolError as error:
        msg = f"an answer with {error.reason}"
        raise UnexpectedError(msg, peer=peer) from error


def _reason(error: BaseException) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, TChannelError):
        return error.reason
    return str(error) or type(error).__name__
