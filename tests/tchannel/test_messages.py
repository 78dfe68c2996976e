"""Every message survives the way to bytes and back, and no bytes do worse than a FatalProtocolError."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.tchannel import messages
from cadence.tchannel.errors import BadRequestFrameError, FatalProtocolError

TEXT = st.text(max_size=40)
HEADERS = st.dictionaries(TEXT, TEXT, max_size=10)
KEYS = st.text(max_size=16).filter(lambda key: len(key.encode()) <= 16)
VALUES = st.text(max_size=80).filter(lambda value: len(value.encode()) <= 255)
TRANSPORT_HEADERS = st.dictionaries(KEYS, VALUES, max_size=128)
PARSERS = [
    messages.parse_init,
    messages.parse_application_headers,
    messages.parse_call_head,
    messages.parse_response_head,
    messages.parse_error,
    messages.parse_cancel,
]


@given(HEADERS, st.integers(0, 0xFFFF))
def test_init(headers: dict[str, str], version: int) -> None:
    assert messages.parse_init(messages.pack_init(headers, version)) == (version, headers)


@given(HEADERS)
def test_application_headers(headers: dict[str, str]) -> None:
    packed = messages.pack_application_headers(headers)
    assert messages.parse_application_headers(packed) == headers
    for end in range(1, len(packed)):
        with pytest.raises(FatalProtocolError):
            messages.parse_application_headers(packed[:end])


def test_no_bytes_are_no_headers() -> None:
    assert messages.parse_application_headers(b"") == {}


@pytest.mark.parametrize(
    "headers", [{"k": "v" * 65_536}, {"k" * 65_536: ""}, dict.fromkeys(map(str, range(65_536)), "")]
)
def test_headers_that_two_bytes_cannot_count_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadRequestFrameError, match="65535"):
        messages.pack_application_headers(headers)


def test_the_longest_headers() -> None:
    headers = {"k" * 65_535: "v" * 65_535}
    assert messages.parse_application_headers(messages.pack_application_headers(headers)) == headers


@given(st.integers(0, 255), st.integers(1, 0xFFFFFFFF), VALUES, TRANSPORT_HEADERS, st.binary(max_size=20))
def test_call_head(flags: int, ttl: int, service: str, headers: dict[str, str], behind: bytes) -> None:
    front = struct.pack(">BI", flags, ttl) + messages.pack_call_head(service, headers)
    head = messages.parse_call_head(front + behind)
    assert head == messages.CallHead(flags, ttl, service, headers, len(front))


@given(st.integers(0, 255), st.integers(0, 255), TRANSPORT_HEADERS, st.binary(max_size=20))
def test_response_head(flags: int, code: int, headers: dict[str, str], behind: bytes) -> None:
    front = bytes((flags, code)) + messages.pack_response_head(headers)
    head = messages.parse_response_head(front + behind)
    assert head == messages.ResponseHead(flags, code, headers, len(front))


@given(st.integers(0, 255), TEXT)
def test_error(code: int, message: str) -> None:
    assert messages.parse_error(messages.pack_error(code, message)) == (code, message)


@given(TEXT)
def test_cancel(why: str) -> None:
    assert messages.parse_cancel(messages.pack_cancel(why)) == why


def test_long_words_are_cut_to_fit_a_frame() -> None:
    assert messages.parse_error(messages.pack_error(5, "é" * 100_000)) == (5, "é" * 16_000)
    assert messages.parse_cancel(messages.pack_cancel("w" * 100_000)) == "w" * 1000


@pytest.mark.parametrize(
    "headers", [{"k" * 17: ""}, {"k": "v" * 256}, {str(i): "" for i in range(129)}], ids=["key", "value", "count"]
)
def test_transport_headers_have_limits(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"at most 16|128 are allowed"):
        messages.pack_call_head("service", headers)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(parse: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(FatalProtocolError):
        parse(data)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
def test_bytes_that_are_no_text_are_replaced(parse: Callable[[bytes], object]) -> None:
    with contextlib.suppress(FatalProtocolError):
        parse(b"\x00\x01" * 20 + b"\xff" * 200)
