"""One side of a TChannel connection, without I/O, clock or tasks: bytes in, events and bytes out.

The shell (`connection`, `listener`) feeds `receive_data`, takes `events_received` and `data_to_send`, and closes when
`close_expected` says so. A call either changes state and queues output, or raises and leaves a dead object that says
why. The states and what moves them are in TRANSITIONS.

The common message has one frame; it is read and written without any of the machinery for long ones.
"""

from __future__ import annotations

import dataclasses
import enum
import struct
from collections.abc import Callable, Mapping

from cadence.tchannel import messages
from cadence.tchannel.errors import BadRequestFrameError, FatalProtocolError
from cadence.tchannel.fragments import Assembly, ChecksumMismatch, cut, read_chunks, single_frame
from cadence.tchannel.frames import (
    CONNECTION_ID,
    HEADER_SIZE,
    MORE_FRAGMENTS,
    PROTOCOL_VERSION,
    FrameBuffer,
    FrameType,
    pack_frame,
)

__all__ = (
    "TRANSITIONS",
    "CallReceived",
    "CancelReceived",
    "ErrorReceived",
    "Event",
    "InitReceived",
    "PongReceived",
    "Protocol",
    "ResponseReceived",
    "Side",
    "State",
    "Trigger",
)

MAX_MESSAGE_SIZE = 64 * 1024 * 1024
"""Longer messages break the connection: Cadence's own limits are far below."""
MAX_ASSEMBLIES = 1024
"""Messages that may be on their way in at once, in frames."""
MAX_ANSWERS_QUEUED = 4096
"""Pings are answered only while less than this waits to be written: who does not read can't make this side grow."""


class Side(enum.Enum):
    """Which end of the connection this is."""

    CLIENT = "client"
    SERVER = "server"


class State(enum.Enum):
    """How far the connection is."""

    NEW = "new"
    """Nothing said yet."""
    GREETING = "greeting"
    """The client sent its init request."""
    OPEN = "open"
    """Calls may pass."""
    DRAINING = "draining"
    """No new calls; what is out may be answered."""
    CLOSED = "closed"
    """Over."""


class Trigger(enum.Enum):
    """What moves a connection from one state to another."""

    SEND_INIT = "send init request"
    RECEIVE_INIT = "receive init message"
    DRAIN = "drain"
    FAIL = "fail"
    END = "end of stream"


TRANSITIONS: dict[State, dict[Trigger, State]] = {
    State.NEW: {
        Trigger.SEND_INIT: State.GREETING,
        Trigger.RECEIVE_INIT: State.OPEN,
        Trigger.FAIL: State.CLOSED,
        Trigger.END: State.CLOSED,
    },
    State.GREETING: {Trigger.RECEIVE_INIT: State.OPEN, Trigger.FAIL: State.CLOSED, Trigger.END: State.CLOSED},
    State.OPEN: {Trigger.DRAIN: State.DRAINING, Trigger.FAIL: State.CLOSED, Trigger.END: State.CLOSED},
    State.DRAINING: {Trigger.FAIL: State.CLOSED, Trigger.END: State.CLOSED},
    State.CLOSED: {Trigger.FAIL: State.CLOSED, Trigger.END: State.CLOSED},
}


@dataclasses.dataclass(slots=True)
class InitReceived:
    """The peer's init message arrived: calls may pass."""

    headers: dict[str, str]


@dataclasses.dataclass(slots=True)
class CallReceived:
    """A whole call request."""

    id: int
    ttl: int
    """Milliseconds that the caller waits."""
    service: str
    headers: dict[str, str]
    """Transport headers."""
    checksum: int
    arg1: bytes
    arg2: bytes
    arg3: bytes


@dataclasses.dataclass(slots=True)
class ResponseReceived:
    """A whole call response."""

    id: int
    code: int
    """0: ok; 1: application error."""
    arg2: bytes
    arg3: bytes


@dataclasses.dataclass(slots=True)
class ErrorReceived:
    """An error frame: about one call, or with CONNECTION_ID about the connection."""

    id: int
    code: int
    message: str


@dataclasses.dataclass(slots=True)
class CancelReceived:
    """The caller gave up."""

    id: int
    why: str


@dataclasses.dataclass(slots=True)
class PongReceived:
    """The answer to a ping."""

    id: int


Event = InitReceived | CallReceived | ResponseReceived | ErrorReceived | CancelReceived | PongReceived

_FIRST_BYTES = 24
_TTL = struct.Struct(">I")
_SIZE = struct.Struct(">H")
_size_at = _SIZE.unpack_from


class Protocol:
    """One side of a connection."""

    def __init__(
        self,
        side: Side,
        *,
        headers: Mapping[str, str] | None = None,
        max_message_size: int = MAX_MESSAGE_SIZE,
        is_awaited: Callable[[int], bool] | None = None,
    ) -> None:
        """Begin anew.

        Args:
            side: Which end this is.
            headers: What this side says of itself.
            max_message_size: Bytes of a message that is taken in, at most.
            is_awaited: Whether somebody waits for the answer to a call, by its id: a long one that comes too late is
                not put together. None: all are.
        """
        self.side = side
        self.state = State.NEW
        self.peer_headers: dict[str, str] = {}
        self.error: FatalProtocolError | None = None
        self.is_breached = False
        """True when this side ended the connection for what the peer sent; False when the peer did."""
        self._headers = dict(headers) if headers is not None else messages.init_headers()
        self._limit = max_message_size
        self._is_awaited = is_awaited
        self._buffer = FrameBuffer()
        self._first = b""
        self._out: list[bytes] = []
        self._events: list[Event] = []
        self._assemblies: dict[tuple[int, int], Assembly] = {}
        self._assembled = 0  # bytes in them
        self._readers: dict[int, Callable[[int, bytes], None]] = {
            FrameType.CALL_REQUEST: self._read_call,
            FrameType.CALL_RESPONSE: self._read_response,
            FrameType.CALL_REQUEST_CONTINUE: self._read_call_continue,
            FrameType.CALL_RESPONSE_CONTINUE: self._read_response_continue,
            FrameType.CANCEL: self._read_cancel,
            FrameType.PING_REQUEST: self._read_ping,
            FrameType.PING_RESPONSE: self._read_pong,
            FrameType.ERROR: self._read_error,
            FrameType.INIT_REQUEST: self._read_late_init,
            FrameType.INIT_RESPONSE: self._read_late_init,
        }

    def advance(self, trigger: Trigger) -> None:
        """Move to the next state.

        Raises:
            FatalProtocolError: The table has no such transition.
        """
        target = TRANSITIONS[self.state].get(trigger)
        if target is None:
            msg = f"{trigger.value} does not belong to a connection that is {self.state.value}"
            raise FatalProtocolError(msg)
        self.state = target

    # --- in ---

    def receive_data(self, data: bytes) -> None:
        """Take bytes from the peer. A breach of the protocol ends the connection, with an error frame queued."""
        if self.state is State.CLOSED:
            return
        frame_id = CONNECTION_ID
        is_new = self.state is not State.OPEN and self.state is not State.DRAINING
        if is_new:
            self._first = (self._first + data)[:_FIRST_BYTES]
        try:
            for kind, frame_id, payload in self._buffer.feed(data):
                if self.state is State.NEW or self.state is State.GREETING:
                    self._read_init(kind, frame_id, payload)
                    continue
                reader = self._readers.get(kind)
                if reader is not None:  # an unknown frame type is ignored, as real peers do
                    reader(frame_id, payload)
                    if self.close_expected:  # the peer said that it is over
                        return
            if is_new:
                self._check_first()
            if self._buffer.breach is not None:
                frame_id = CONNECTION_ID
                raise self._buffer.breach
        except FatalProtocolError as error:
            self.fail(error, frame_id)

    def receive_eof(self) -> None:
        """The peer sends no more."""
        if self.state is not State.CLOSED:
            self.advance(Trigger.END)

    def events_received(self) -> list[Event]:
        """What arrived since the last call."""
        events, self._events = self._events, []
        return events

    def data_to_send(self) -> bytes:
        """What to write since the last call."""
        out = self._out
        if not out:
            return b""
        data = out[0] if len(out) == 1 else b"".join(out)
        out.clear()
        return data

    @property
    def close_expected(self) -> bool:
        """True when the transport is to be closed once `data_to_send` is written."""
        return self.state is State.CLOSED

    def fail(self, error: FatalProtocolError, frame_id: int = CONNECTION_ID) -> None:
        """End the connection: queue an error frame that says why."""
        if self.state is State.CLOSED:
            return
        self.error = error
        self.is_breached = True
        self._out.append(pack_frame(FrameType.ERROR, frame_id, messages.pack_error(0xFF, error.reason)))
        self.advance(Trigger.FAIL)

    # --- out ---

    def send_init(self) -> None:
        """Open the connection; the client's first word."""
        self.advance(Trigger.SEND_INIT)
        self._out.append(pack_frame(FrameType.INIT_REQUEST, 1, messages.pack_init(self._headers)))

    def send_call(
        self, call_id: int, ttl: int, head: bytes, args: tuple[bytes, bytes, bytes], checksum: int = 0
    ) -> None:
        """Send a call request; where the arguments are refused, nothing is sent.

        Args:
            call_id: Not in use by another call of this side.
            ttl: Milliseconds, at least 1.
            head: From `messages.pack_call_head`.
            args: arg1, arg2, arg3.
            checksum: Type of the sums to send.

        Raises:
            BadRequestFrameError: The args are longer than allowed.
            FatalProtocolError: The connection is not open.
        """
        self._send_message(FrameType.CALL_REQUEST, call_id, _TTL.pack(ttl) + head, args, checksum)

    def send_response(
        self, call_id: int, code: int, head: bytes, args: tuple[bytes, bytes, bytes], checksum: int
    ) -> None:
        """Send a call response; code 0 is ok, 1 an application error.

        Raises:
            BadRequestFrameError: The args are longer than allowed.
            FatalProtocolError: The connection is not open.
        """
        self._send_message(FrameType.CALL_RESPONSE, call_id, bytes((code,)) + head, args, checksum)

    def send_error(self, call_id: int, code: int, message: str) -> None:
        """Answer a call with an error frame."""
        if self.state is not State.CLOSED:
            self._out.append(pack_frame(FrameType.ERROR, call_id, messages.pack_error(code, message)))

    def send_cancel(self, call_id: int, why: str) -> None:
        """Tell the callee that nobody waits any more; what came of the answer so far is thrown away."""
        self._drop(FrameType.CALL_RESPONSE, call_id)
        if self.state is not State.CLOSED:
            self._out.append(pack_frame(FrameType.CANCEL, call_id, messages.pack_cancel(why)))

    def send_ping(self, ping_id: int) -> None:
        """Ask whether the peer is alive."""
        if self.state is not State.CLOSED:
            self._out.append(pack_frame(FrameType.PING_REQUEST, ping_id, b""))

    def _send_message(
        self, kind: int, call_id: int, prefix: bytes, args: tuple[bytes, bytes, bytes], checksum: int
    ) -> None:
        if self.state is not State.OPEN and self.state is not State.DRAINING:
            msg = f"no message can be sent on a connection that is {self.state.value}"
            raise FatalProtocolError(msg)
        payload = single_frame(prefix, checksum, args)
        if payload is not None:
            self._out.append(pack_frame(kind, call_id, payload))
            return
        size = sum(map(len, args))
        if size > MAX_MESSAGE_SIZE:  # the peer would break the connection, with all its other calls
            msg = f"a message of {size} bytes, and {MAX_MESSAGE_SIZE} are allowed"
            raise BadRequestFrameError(msg)
        for number, part in enumerate(cut(prefix, checksum, args)):
            self._out.append(pack_frame(kind if number == 0 else kind | 0x10, call_id, part))

    # --- frames ---

    @property
    def _greeting(self) -> FrameType:
        return FrameType.INIT_REQUEST if self.side is Side.SERVER else FrameType.INIT_RESPONSE

    def _check_first(self) -> None:
        """Recognize another protocol by its first bytes: a frame that it seems to begin may never be whole."""
        first = self._first
        if self.state not in {State.NEW, State.GREETING} or len(first) < HEADER_SIZE:
            return
        if self._buffer.breach is not None or first[2] not in {self._greeting, FrameType.ERROR}:
            msg = f"the other side speaks no TChannel: it begins with {first!r}"
            raise FatalProtocolError(msg)

    def _read_init(self, kind: int, frame_id: int, payload: bytes) -> None:
        if kind == FrameType.ERROR and self.side is Side.CLIENT:
            code, message = messages.parse_error(payload)
            msg = f"the peer refused the connection with error {code:#04x}: {message}"
            raise FatalProtocolError(msg)
        if kind != self._greeting:
            msg = f"frame type {kind:#04x} before the init message"
            raise FatalProtocolError(msg)
        version, headers = messages.parse_init(payload)
        missing = [key for key in ("host_port", "process_name") if key not in headers]
        if missing:
            msg = f"an init message without {missing[0]}"
            raise FatalProtocolError(msg)
        if self.side is Side.CLIENT and version != PROTOCOL_VERSION:
            msg = f"the peer speaks version {version}, and this side version {PROTOCOL_VERSION}"
            raise FatalProtocolError(msg)
        self.advance(Trigger.RECEIVE_INIT)
        self.peer_headers = headers
        if self.side is Side.SERVER:
            # A client of another version is answered with ours, and may go or stay, as the real frontend does.
            self._out.append(pack_frame(FrameType.INIT_RESPONSE, frame_id, messages.pack_init(self._headers)))
        self._events.append(InitReceived(headers))

    def _read_late_init(self, frame_id: int, payload: bytes) -> None:
        raise FatalProtocolError("a second init message")

    def _read_call(self, frame_id: int, payload: bytes) -> None:
        self._begin(frame_id, payload, messages.parse_call_head(payload), FrameType.CALL_REQUEST)

    def _read_response(self, frame_id: int, payload: bytes) -> None:
        self._begin(frame_id, payload, messages.parse_response_head(payload), FrameType.CALL_RESPONSE)

    def _begin(self, frame_id: int, payload: bytes, head: messages.CallHead | messages.ResponseHead, kind: int) -> None:
        more = bool(head.flags & MORE_FRAGMENTS)
        assembly = Assembly(head, self._limit)
        try:
            whole = assembly.add(payload, head.end, more)
        except ChecksumMismatch:
            # As the real frontend: a wrong sum in a one-frame call is dropped and ends by the caller's own ttl.
            return
        if whole:
            self._finish(frame_id, assembly)
            return
        self._drop(kind, frame_id)  # a new message with the id of an unfinished one takes its place
        if kind == FrameType.CALL_RESPONSE and self._is_awaited is not None and not self._is_awaited(frame_id):
            return  # nor is what follows
        if len(self._assemblies) >= MAX_ASSEMBLIES:
            msg = f"more than {MAX_ASSEMBLIES} unfinished messages"
            raise FatalProtocolError(msg)
        self._assemblies[kind, frame_id] = assembly
        self._count(assembly.size)

    def _count(self, size: int) -> None:
        self._assembled += size
        if self._assembled > 2 * self._limit:
            msg = f"unfinished messages of more than {2 * self._limit} bytes together"
            raise FatalProtocolError(msg)

    def _drop(self, kind: int, frame_id: int) -> None:
        assembly = self._assemblies.pop((kind, frame_id), None)
        if assembly is not None:
            self._assembled -= assembly.size

    def _read_call_continue(self, frame_id: int, payload: bytes) -> None:
        self._continue(frame_id, payload, FrameType.CALL_REQUEST)

    def _read_response_continue(self, frame_id: int, payload: bytes) -> None:
        self._continue(frame_id, payload, FrameType.CALL_RESPONSE)

    def _continue(self, frame_id: int, payload: bytes, kind: int) -> None:
        if not payload:
            raise FatalProtocolError("a continue frame without flags")
        assembly = self._assemblies.get((kind, frame_id))
        if assembly is None:
            read_chunks(payload, 1)  # late frames of a call that was refused are ignored; a breach is one anyway
            return
        before = assembly.size
        try:
            whole = assembly.add(payload, 1, bool(payload[0] & MORE_FRAGMENTS))
        except ChecksumMismatch:
            self._drop(kind, frame_id)
            if kind == FrameType.CALL_REQUEST:
                self.send_error(frame_id, 0x05, "different checksums between peer and local")
            else:
                self._events.append(ErrorReceived(frame_id, 0x05, "the answer's checksum is wrong"))
            return
        self._count(assembly.size - before)
        if whole:
            self._drop(kind, frame_id)
            self._finish(frame_id, assembly)

    def _finish(self, frame_id: int, assembly: Assembly) -> None:
        arg1, arg2, arg3 = assembly.whole()
        head = assembly.head
        if isinstance(head, messages.CallHead):
            if head.ttl == 0:
                self.send_error(frame_id, 0x01, "a ttl of 0: the deadline passed before the call was sent")
                return
            self._events.append(
                CallReceived(frame_id, head.ttl, head.service, head.headers, assembly.kind, arg1, arg2, arg3)
            )
        elif isinstance(head, messages.ResponseHead):
            self._events.append(ResponseReceived(frame_id, head.code, arg2, arg3))

    def _read_cancel(self, frame_id: int, payload: bytes) -> None:
        self._drop(FrameType.CALL_REQUEST, frame_id)
        self._events.append(CancelReceived(frame_id, messages.parse_cancel(payload)))

    def _read_ping(self, frame_id: int, payload: bytes) -> None:
        if len(self._out) < MAX_ANSWERS_QUEUED:
            self._out.append(pack_frame(FrameType.PING_RESPONSE, frame_id, b""))

    def _read_pong(self, frame_id: int, payload: bytes) -> None:
        self._events.append(PongReceived(frame_id))

    def _read_error(self, frame_id: int, payload: bytes) -> None:
        code, message = messages.parse_error(payload)
        self._drop(FrameType.CALL_RESPONSE, frame_id)
        self._events.append(ErrorReceived(frame_id, code, message))
        if code == 0xFF and frame_id == CONNECTION_ID:
            self.error = FatalProtocolError(f"the peer closed the connection: {message}")
            self.advance(Trigger.FAIL)
