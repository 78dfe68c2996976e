"""The frame: sixteen bytes of header, then the payload. Sizes, types, and cutting a stream of bytes into frames.

No I/O. The messages inside are `messages`' business, how long ones are cut `fragments`'.
"""

from __future__ import annotations

import enum
import struct

from cadence.tchannel.errors import FatalProtocolError

__all__ = (
    "CONNECTION_ID",
    "HEADER_SIZE",
    "MAX_FRAME_SIZE",
    "MAX_PAYLOAD_SIZE",
    "MORE_FRAGMENTS",
    "PROTOCOL_VERSION",
    "FrameBuffer",
    "FrameType",
    "pack_frame",
)

HEADER_SIZE = 16
MAX_FRAME_SIZE = 0xFFFF
"""The size field has two bytes and counts the header."""
MAX_PAYLOAD_SIZE = MAX_FRAME_SIZE - HEADER_SIZE
MORE_FRAGMENTS = 0x01
PROTOCOL_VERSION = 2
CONNECTION_ID = 0xFFFFFFFF
"""The id of an error about the connection rather than one call."""

_HEADER = struct.Struct(">HBxI8x")
_pack_header = _HEADER.pack
_unpack_header = _HEADER.unpack_from


class FrameType(enum.IntEnum):
    """What a frame's payload is."""

    INIT_REQUEST = 0x01
    INIT_RESPONSE = 0x02
    CALL_REQUEST = 0x03
    CALL_RESPONSE = 0x04
    CALL_REQUEST_CONTINUE = 0x13
    CALL_RESPONSE_CONTINUE = 0x14
    CANCEL = 0xC0
    CLAIM = 0xC1
    PING_REQUEST = 0xD0
    PING_RESPONSE = 0xD1
    ERROR = 0xFF


def pack_frame(kind: int, message_id: int, payload: bytes) -> bytes:
    """Put a header before `payload`, which is at most MAX_PAYLOAD_SIZE long."""
    return _pack_header(HEADER_SIZE + len(payload), kind, message_id) + payload


class FrameBuffer:
    """Collects bytes and gives whole frames.

    Holds at most one frame that is not whole, so at most 64 KiB beyond what was fed.
    """

    __slots__ = ("_rest", "breach")

    def __init__(self) -> None:
        self._rest = b""
        self.breach: FatalProtocolError | None = None
        """Set once a header claims a size that no frame has; there are no frames behind it."""

    def feed(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Take bytes and return type, id and payload of every frame that is whole now.

        Frames before a breach are returned all the same, so that how the stream was cut into reads changes nothing.
        """
        if self.breach is not None:
            return []
        rest = self._rest
        if rest:
            data = rest + data
        frames: list[tuple[int, int, bytes]] = []
        place, end = 0, len(data)
        while end - place >= HEADER_SIZE:
            size, kind, message_id = _unpack_header(data, place)
            if size < HEADER_SIZE:
                msg = f"a frame claims {size} bytes, and its header alone has {HEADER_SIZE}"
                self.breach = FatalProtocolError(msg)
                self._rest = b""
                return frames
            if end - place < size:
                break
            frames.append((kind, message_id, data[place + HEADER_SIZE : place + size]))
            place += size
        self._rest = data[place:] if place else data
        return frames

    @property
    def is_empty(self) -> bool:
        """True between frames."""
        return not self._rest
