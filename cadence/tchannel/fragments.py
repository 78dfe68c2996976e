"""Three args to frames and back: cutting long messages, putting them together, checking their sums.

No I/O. Two rules of real peers shape the cutting: a continue frame always has a chunk, and arg1 or arg2 never end
exactly with their frame (the next frame would have to open with an empty chunk, which Go's reader refuses).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from cadence.tchannel.checksums import ChecksumType, checksum, is_verified
from cadence.tchannel.errors import BadRequestFrameError, FatalProtocolError
from cadence.tchannel.frames import MAX_PAYLOAD_SIZE, MORE_FRAGMENTS

__all__ = ("MAX_ARG1_SIZE", "Assembly", "ChecksumMismatch", "cut", "read_chunks", "single_frame")

MAX_ARG1_SIZE = 16 * 1024
_CHUNK = struct.Struct(">H")
_chunk = _CHUNK.pack
_size_at = _CHUNK.unpack_from
_SUM = struct.Struct(">I")


class ChecksumMismatch(Exception):
    """The sum that a frame carries is not that of its bytes."""


def single_frame(prefix: bytes, kind: int, args: tuple[bytes, bytes, bytes]) -> bytes | None:
    """Flags, `prefix`, sum and args as the payload of one frame, or None if that is `cut`'s business."""
    arg1, arg2, arg3 = args
    size = len(prefix) + 12 + len(arg1) + len(arg2) + len(arg3)
    if size > MAX_PAYLOAD_SIZE or len(arg1) > MAX_ARG1_SIZE:
        return None
    chunks = b"".join((_chunk(len(arg1)), arg1, _chunk(len(arg2)), arg2, _chunk(len(arg3)), arg3))
    if kind == 0:
        return b"".join((b"\0", prefix, b"\0", chunks))
    total = checksum(kind, arg1 + arg2 + arg3, 0)
    return b"".join((b"\0", prefix, bytes((kind,)), _SUM.pack(total), chunks))


def cut(prefix: bytes, kind: int, args: tuple[bytes, bytes, bytes]) -> Iterator[bytes]:
    """The payloads of the frames of a message; `prefix` stands in the first alone.

    Raises:
        BadRequestFrameError: arg1 is longer than the protocol allows.
    """
    if len(args[0]) > MAX_ARG1_SIZE:
        msg = f"arg1 has {len(args[0])} bytes, and {MAX_ARG1_SIZE} are allowed"
        raise BadRequestFrameError(msg)
    head = prefix
    overhead = 2 + (4 if kind else 0)
    total = 0
    index, offset = 0, 0
    while True:
        room = MAX_PAYLOAD_SIZE - overhead - len(head)
        chunks: list[bytes] = []
        summed: list[bytes] = []
        while True:
            left = len(args[index]) - offset
            # Behind arg1 and arg2 there must be room for the next chunk's length, or they go on in the next frame.
            fits = left + 2 <= room if index == 2 else left + 4 <= room
            # A part of arg1 or arg2 never is all of it: one byte at least goes on in the next frame.
            end = len(args[index]) if fits else offset + min(room - 2, left - (index < 2))
            chunk = args[index][offset:end]
            chunks += (_chunk(len(chunk)), chunk)
            summed.append(chunk)
            room -= 2 + len(chunk)
            if not fits:
                offset += len(chunk)
                break
            index, offset = index + 1, 0
            if index == 3:
                break
        more = index < 3
        parts = [bytes((MORE_FRAGMENTS if more else 0,)), head, bytes((kind,))]
        if kind:
            total = checksum(kind, b"".join(summed), total)
            parts.append(_SUM.pack(total))
        yield b"".join((*parts, *chunks))
        if not more:
            return
        head = b""


def read_chunks(payload: bytes, place: int) -> tuple[int, int, list[bytes]]:
    """Checksum type, claimed sum and chunks of the frame whose checksum type stands at `place`.

    Raises:
        FatalProtocolError: The frame has no chunk, ends too early or has a checksum type that does not exist.
    """
    chunks: list[bytes] = []
    claimed = 0
    end = len(payload)
    try:
        kind = payload[place]
        place += 1
        if kind:
            (claimed,) = _SUM.unpack_from(payload, place)
            place += 4
        while place < end:
            (size,) = _size_at(payload, place)
            place += 2 + size
            chunks.append(payload[place - size : place])
    except (struct.error, IndexError) as error:
        msg = f"a call frame that ends too early: {error}"
        raise FatalProtocolError(msg) from error
    if place > end:
        raise FatalProtocolError("a chunk that ends behind its frame")
    if not chunks:
        raise FatalProtocolError("a call frame without a chunk")
    if kind > ChecksumType.CRC32C:
        msg = f"checksum type {kind} does not exist"
        raise FatalProtocolError(msg)
    return kind, claimed, chunks


class Assembly:
    """One message on its way in."""

    __slots__ = ("_limit", "_sum", "args", "head", "kind", "size")

    def __init__(self, head: object, limit: int) -> None:
        self.head = head
        # An arg that came in one piece stays as it is; one of several grows in place, so that neither many small
        # chunks nor empty ones cost more memory than their bytes.
        self.args: list[bytes | bytearray] = []
        self.kind = -1
        self.size = 0
        self._sum = 0
        self._limit = limit

    def add(self, payload: bytes, place: int, more: bool) -> bool:
        """Take the frame whose checksum type stands at `place`; True when the message is whole.

        Raises:
            ChecksumMismatch: The frame's sum is wrong.
            FatalProtocolError: The frame has no chunk, ends too early, or the message is longer than the limit.
        """
        kind, claimed, chunks = read_chunks(payload, place)
        if self.kind not in {-1, kind}:
            raise FatalProtocolError("the frames of a message have different checksum types")
        self.kind = kind
        if is_verified(kind):
            self._sum = checksum(kind, b"".join(chunks), self._sum)
            if self._sum != claimed:
                raise ChecksumMismatch
        self._take(chunks, more)
        return not more

    def _take(self, chunks: list[bytes], more: bool) -> None:
        args = self.args
        self.size += sum(map(len, chunks))
        if self.size > self._limit:
            msg = f"a message of more than {self._limit} bytes"
            raise FatalProtocolError(msg)
        if args:
            begun = args[-1]
            if not isinstance(begun, bytearray):
                begun = args[-1] = bytearray(begun)
            begun += chunks[0]
            args += chunks[1:]
        else:
            args += chunks
        if len(args) > 3:
            raise FatalProtocolError("a message with more than three args")
        if len(args) == 1 and more:
            raise FatalProtocolError("arg1 does not end in its first frame")
        if not more and len(args) != 3:
            msg = f"a message with {len(args)} args instead of three"
            raise FatalProtocolError(msg)

    def whole(self) -> tuple[bytes, bytes, bytes]:
        """The three args."""
        first, second, third = self.args
        return bytes(first), bytes(second), bytes(third)
