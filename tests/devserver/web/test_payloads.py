"""Bytes as people read them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cadence.devserver.web.payloads import payload

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(VALUES, min_size=1, max_size=3))
def test_json_keeps_its_meaning(values: list[object]) -> None:
    shown = payload("\n".join(map(json.dumps, values)).encode())
    assert shown["form"] == "json"
    decoder, place, read = json.JSONDecoder(), 0, []
    while place < len(shown["text"]):
        value, place = decoder.raw_decode(shown["text"], place)
        read.append(value)
        place += 1
    assert read == values


@given(st.binary(max_size=300), st.integers(1, 300))
def test_anything_is_shown_and_none_is_lost_unsaid(blob: bytes, limit: int) -> None:
    shown = payload(blob, limit)
    assert (shown["size"], shown["cut"]) == (len(blob), len(blob) > limit)
    assert (shown["form"] == "empty") == (not blob)
    json.dumps(shown).encode()


def test_forms() -> None:
    assert payload(b'{"a":[1.0,2]}')["text"] == '{\n  "a": [\n    1.0,\n    2\n  ]\n}'
    assert payload(b"12345678901234567890123")["text"] == "12345678901234567890123"
    assert payload(b"007")["form"] == "text"
    assert payload(b"hello")["form"] == "text"
    assert payload(b"\x00\xff")["text"] == "00ff"
    assert payload(b"[" * 100_000, 200_000)["form"] == "text"
    assert payload("ä".encode() * 10, 3)["text"] == "ä"
