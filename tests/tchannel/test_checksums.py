"""The sums agree with published values, and a message may be summed in parts."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.tchannel.checksums import checksum, crc32c, is_verified


@pytest.mark.parametrize(
    ("data", "total"),
    [  # RFC 3720, B.4
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
    ],
)
def test_crc32c(data: bytes, total: int) -> None:
    assert crc32c(data) == total


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_crc32c_goes_on_from_a_seed(first: bytes, second: bytes) -> None:
    assert crc32c(second, crc32c(first)) == crc32c(first + second)


@given(st.binary(max_size=100), st.integers(0, 0xFFFFFFFF))
def test_crc32_is_zlibs(data: bytes, seed: int) -> None:
    assert checksum(1, data, seed) == zlib.crc32(data, seed)
    assert checksum(0, data, seed) == 0


def test_what_is_verified() -> None:
    assert [kind for kind in range(4) if is_verified(kind)] == [1, 3]
