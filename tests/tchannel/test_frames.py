"""A stream of frames gives the same frames however the network cuts it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.tchannel.frames import HEADER_SIZE, MAX_PAYLOAD_SIZE, FrameBuffer, pack_frame

FRAMES = st.lists(
    st.tuples(st.integers(0, 255), st.integers(0, 0xFFFFFFFF), st.binary(max_size=300)), min_size=1, max_size=12
)
CUTS = st.lists(st.integers(0, 2000), max_size=20)


def _feed_in_pieces(stream: bytes, cuts: list[int]) -> tuple[list[tuple[int, int, bytes]], FrameBuffer]:
    buffer = FrameBuffer()
    frames = []
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    for start, end in itertools.pairwise(places):
        frames += buffer.feed(stream[start:end])
    return frames, buffer


@given(FRAMES, CUTS)
def test_any_chunking_gives_the_same_frames(frames: list[tuple[int, int, bytes]], cuts: list[int]) -> None:
    stream = b"".join(pack_frame(*frame) for frame in frames)
    found, buffer = _feed_in_pieces(stream, cuts)
    assert found == frames
    assert buffer.is_empty
    assert buffer.breach is None


@given(FRAMES, st.integers(0, HEADER_SIZE - 1), st.binary(max_size=100), CUTS)
def test_frames_before_a_breach_are_given_under_any_chunking(
    frames: list[tuple[int, int, bytes]], size: int, behind: bytes, cuts: list[int]
) -> None:
    good = b"".join(pack_frame(*frame) for frame in frames)
    bad = size.to_bytes(2, "big") + bytes(HEADER_SIZE - 2)
    found, buffer = _feed_in_pieces(good + bad + behind, cuts)
    assert found == frames
    assert buffer.breach is not None
    assert f"claims {size} bytes" in str(buffer.breach)
    assert buffer.feed(good) == []


def test_one_byte_at_a_time() -> None:
    stream = pack_frame(3, 7, b"payload") + pack_frame(4, 8, b"")
    buffer = FrameBuffer()
    found = [frame for place in range(len(stream)) for frame in buffer.feed(stream[place : place + 1])]
    assert found == [(3, 7, b"payload"), (4, 8, b"")]


def test_the_largest_frame() -> None:
    payload = bytes(MAX_PAYLOAD_SIZE)
    assert FrameBuffer().feed(pack_frame(3, 1, payload)) == [(3, 1, payload)]


@pytest.mark.parametrize("kept", [1, HEADER_SIZE - 1, HEADER_SIZE, 65_534])
def test_a_frame_that_is_not_whole_waits(kept: int) -> None:
    stream = pack_frame(3, 1, bytes(MAX_PAYLOAD_SIZE))
    buffer = FrameBuffer()
    assert buffer.feed(stream[:kept]) == []
    assert not buffer.is_empty
    assert len(buffer.feed(stream[kept:])) == 1
