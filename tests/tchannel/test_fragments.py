"""Messages cut into frames come together again, wherever the cuts fall."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.tchannel.checksums import checksum
from cadence.tchannel.errors import BadRequestFrameError, FatalProtocolError
from cadence.tchannel.fragments import MAX_ARG1_SIZE, Assembly, ChecksumMismatch, cut, single_frame
from cadence.tchannel.frames import MAX_PAYLOAD_SIZE, MORE_FRAGMENTS

PREFIX = b"\0\0\0\x01" + bytes(40)
# Sizes around the border of one and two frames, where the cutting has its cases.
EDGE = MAX_PAYLOAD_SIZE - len(PREFIX) - 20
SIZES = st.one_of(st.integers(0, 300), st.integers(EDGE - 40, EDGE + 40), st.integers(2 * EDGE - 60, 2 * EDGE + 90))


def _assemble(frames: list[bytes]) -> tuple[bytes, bytes, bytes]:
    assembly = Assembly(None, 1 << 30)
    for number, payload in enumerate(frames):
        assert len(payload) <= MAX_PAYLOAD_SIZE
        more = bool(payload[0] & MORE_FRAGMENTS)
        place = 1 + (len(PREFIX) if number == 0 else 0)
        assert assembly.add(payload, place, more) is (number == len(frames) - 1)
    return assembly.whole()


@settings(max_examples=150)
@given(st.integers(0, 300), SIZES, SIZES, st.sampled_from([0, 1]))
def test_any_sizes_survive_the_cut(first: int, second: int, third: int, kind: int) -> None:
    args = (b"a" * first, bytes(second), b"\xff" * third)
    frames = list(cut(PREFIX, kind, args))
    assert _assemble(frames) == args
    whole = single_frame(PREFIX, kind, args)
    assert (whole is None) or [whole] == frames


@settings(max_examples=100)
@given(SIZES, SIZES)
def test_no_frame_is_one_that_the_real_server_refuses(second: int, third: int) -> None:
    overhead = 2
    for number, payload in enumerate(cut(PREFIX, 0, (b"endpoint", bytes(second), bytes(third)))):
        place = overhead + (len(PREFIX) if number == 0 else 0)
        chunks = 0
        while place < len(payload):
            place += 2 + int.from_bytes(payload[place : place + 2], "big")
            chunks += 1
        assert chunks >= 1


def test_arg2_that_ends_with_its_frame_is_followed_by_an_empty_chunk_or_cut() -> None:
    arg1 = b"endpoint"
    room = MAX_PAYLOAD_SIZE - 2 - len(PREFIX) - 2 - len(arg1)
    for size in range(room - 6, room + 3):
        args = (arg1, bytes(size), b"body")
        first = next(iter(cut(PREFIX, 0, args)))
        place = 2 + len(PREFIX) + 2 + len(arg1)
        length = int.from_bytes(first[place : place + 2], "big")
        if length == size:  # arg2 is whole: something stands behind it
            assert len(first) > place + 2 + length
        assert _assemble(list(cut(PREFIX, 0, args))) == args


def test_an_endpoint_that_is_too_long_is_refused_before_it_is_sent() -> None:
    with pytest.raises(BadRequestFrameError, match="16385"):
        list(cut(PREFIX, 0, (bytes(MAX_ARG1_SIZE + 1), b"", b"")))


@pytest.mark.parametrize("kind", [1, 3])
def test_a_changed_byte_is_noticed(kind: int) -> None:
    payload = bytearray(single_frame(b"", kind, (b"endpoint", b"headers", b"body")) or b"")
    payload[-1] ^= 1
    with pytest.raises(ChecksumMismatch):
        Assembly(None, 1000).add(bytes(payload), 1, more=False)


def test_farmhash_is_read_whatever_it_says() -> None:
    payload = b"\0\2" + b"\xde\xad\xbe\xef" + b"\0\1e" + b"\0\0" + b"\0\4body"
    assembly = Assembly(None, 1000)
    assert assembly.add(payload, 1, more=False)
    assert assembly.whole() == (b"e", b"", b"body")


@pytest.mark.parametrize(
    ("payload", "more", "words"),
    [
        (b"\0\0", False, "without a chunk"),
        (b"\0\0\0\x05ab", False, "behind its frame"),
        (b"\0\x09\0\0\0\0\0\0", False, "does not exist"),
        (b"\0\0\0\x01a", True, "arg1 does not end"),
        (b"\0\0\0\0\0\0", False, "2 args"),
        (b"\0\0" + b"\0\0" * 4, False, "more than three"),
        (b"\0", False, "ends too early"),
        (b"\0\x01\0", False, "ends too early"),
    ],
)
def test_breaches_are_named(payload: bytes, more: bool, words: str) -> None:
    with pytest.raises(FatalProtocolError, match=words):
        Assembly(None, 1000).add(payload, 1, more=more)


def test_a_message_longer_than_the_limit_ends_the_connection() -> None:
    assembly = Assembly(None, 10)
    with pytest.raises(FatalProtocolError, match="more than 10"):
        assembly.add(b"\0\0" + b"\0\0\0\0" + b"\0\x0b" + bytes(11), 1, more=False)


def test_checksum_types_do_not_mix_within_a_message() -> None:
    frames = list(cut(b"", 1, (b"e", b"", bytes(100_000))))
    plain = list(cut(b"", 0, (b"e", b"", bytes(100_000))))
    assembly = Assembly(None, 1 << 20)
    assembly.add(frames[0], 1, more=True)
    with pytest.raises(FatalProtocolError, match="different checksum types"):
        assembly.add(plain[1], 1, more=False)


def _framed(first: bytes, second: list[bytes], third: list[bytes], kind: int) -> list[bytes]:
    """Frames as any peer might cut them: each piece of an arg after its first one opens a frame."""
    chunks = [[first, second[0]], *([piece] for piece in second[1:])]
    chunks[-1].append(third[0])
    chunks += ([piece] for piece in third[1:])
    frames, total = [], 0
    for number, inside in enumerate(chunks):
        total = checksum(kind, b"".join(inside), total)
        flags = MORE_FRAGMENTS if number < len(chunks) - 1 else 0
        front = bytes((flags, kind)) + (total.to_bytes(4, "big") if kind else b"")
        frames.append(front + b"".join(len(chunk).to_bytes(2, "big") + chunk for chunk in inside))
    return frames


SMALL = st.binary(max_size=12)
PIECES = st.lists(SMALL, min_size=1, max_size=6)


@settings(max_examples=300)
@given(SMALL, PIECES, PIECES, st.sampled_from([0, 1, 2, 3]))
def test_any_split_that_a_peer_may_choose_is_read(
    first: bytes, second: list[bytes], third: list[bytes], kind: int
) -> None:
    assembly = Assembly(None, 1000)
    frames = _framed(first, second, third, kind)
    for number, payload in enumerate(frames):
        done = assembly.add(payload, 1, bool(payload[0] & MORE_FRAGMENTS))
        assert done is (number == len(frames) - 1)
    assert assembly.whole() == (first, b"".join(second), b"".join(third))
    assert assembly.size == sum(map(len, assembly.whole()))


def test_empty_chunks_cost_nothing() -> None:
    assembly = Assembly(None, 1000)
    assembly.add(b"\1\0" + b"\0\1e" + b"\0\0" + b"\0\0", 1, more=True)
    for _ in range(1000):
        assembly.add(b"\1\0" + b"\0\0", 1, more=True)
    assert sum(sys.getsizeof(arg) for arg in assembly.args) < 500
    assert assembly.add(b"\0\0" + b"\0\1x", 1, more=False)
    assert assembly.whole() == (b"e", b"", b"x")
