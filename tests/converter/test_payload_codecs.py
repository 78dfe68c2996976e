"""Codecs change bytes, headers say which, and what was never encoded still reads."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.converter import CompressionCodec, DataConverter, signature_of
from cadence.converter.payload_codecs import PayloadCodecs
from cadence.exceptions import ApplicationError, ConfigurationError, ConversionError


class Xor:
    """Flips bits; stands for encryption."""

    def __init__(self, name: str, key: int) -> None:
        self.name = name
        self.key = key

    def encode(self, data: bytes) -> bytes:
        return bytes(byte ^ self.key for byte in data)

    decode = encode


class Failing:
    name = "failing"

    def encode(self, data: bytes) -> bytes:
        msg = "no key"
        raise RuntimeError(msg)

    decode = encode


class OnlyReads(Xor):
    def encode(self, data: bytes) -> bytes | None:  # type: ignore[override]
        return None


@given(data=st.binary(min_size=1, max_size=5_000))
def test_a_chain_is_undone(data: bytes) -> None:
    chain = PayloadCodecs([CompressionCodec(minimum=10), Xor("a", 1), Xor("b", 2)])
    written = chain.encode(data)
    assert written != data
    assert chain.decode(written) == data
    assert PayloadCodecs([Xor("b", 2), Xor("a", 1), CompressionCodec()]).decode(written) == data


@pytest.mark.parametrize("codecs", [[], [OnlyReads("a", 1)], [Xor("a", 1)]], ids=["none", "declines", "one"])
@pytest.mark.parametrize("rest", [b"", b"\x00", b"\x01a", b"\x00\x00CDNC\x01\x00"])
def test_bytes_that_begin_like_a_header_come_back(codecs: list[Xor], rest: bytes) -> None:
    converter = DataConverter(codecs=codecs)
    data = b"\x00CDNC\x01" + rest
    assert converter.decode_value(converter.encode_value(data), bytes) == data
    chain = PayloadCodecs(codecs)
    assert chain.decode(chain.encode(data)) == data


def test_plain_bytes_pass_and_so_does_nothing() -> None:
    chain = PayloadCodecs([Xor("a", 1)])
    assert chain.decode(b'{"plain": 1}') == b'{"plain": 1}'
    assert chain.encode(None) is None
    assert chain.encode(b"") == b""
    assert chain.decode(None) is None


@pytest.mark.parametrize("method", ["gzip", "zlib"])
def test_compression(method: str) -> None:
    codec = CompressionCodec(method)  # type: ignore[arg-type]
    chain = PayloadCodecs([codec])
    data = b"abc" * 5_000
    written = chain.encode(data)
    assert written is not None
    assert len(written) < 200
    assert written == chain.encode(data)
    assert chain.decode(written) == data
    assert chain.encode(b"short") == b"short"
    with pytest.raises(ConversionError, match="cut off"):
        chain.decode(written[:-20])


def test_keys_rotate() -> None:
    old = DataConverter(codecs=[Xor("key-1", 1)])
    new = DataConverter(codecs=[Xor("key-2", 2), OnlyReads("key-1", 1)])
    written = old.encode_value("secret")
    assert written is not None
    assert b"secret" not in written
    assert new.decode_value(written, str) == "secret"
    again = new.encode_value("secret")
    assert again is not None
    assert b"key-2" in again
    with pytest.raises(ConversionError, match="'key-2', which isn't here"):
        old.decode_value(again, str, place="result of a")


def test_everything_of_a_converter_goes_through_them() -> None:
    converter = DataConverter(codecs=[Xor("x", 7)])

    def function(a: str, b: int) -> None: ...

    data = converter.encode_arguments(["hidden", 1])
    assert data is not None
    assert b"hidden" not in data
    assert converter.decode_arguments(data, signature_of(function)) == ["hidden", 1]
    reason, details = converter.encode_failure(ApplicationError("hidden", "hidden"))
    assert details is not None
    assert b"hidden" not in details
    error = converter.decode_failure(reason, details)
    assert "hidden" in str(error)


def test_failing_codecs(caplog: pytest.LogCaptureFixture) -> None:
    converter = DataConverter(codecs=[Failing()])
    with pytest.raises(ConversionError, match="'failing' can't encode: no key"):
        converter.encode_value("x")
    with caplog.at_level(logging.ERROR):
        reason, details = converter.encode_failure(ValueError("must stay secret"))
    assert (reason, details) == ("ValueError", None)
    written = DataConverter(codecs=[Xor("gone", 3)]).encode_failure(ValueError("x"))
    error = DataConverter().decode_failure(*written)
    assert isinstance(error, (ValueError, ApplicationError))
    assert any("details could not be read" in note for note in error.__notes__)


@pytest.mark.parametrize("codecs", [[Xor("a", 1), Xor("a", 2)], [Xor("", 1)], [Xor("n" * 256, 1)]])
def test_names_are_checked(codecs: list[Xor]) -> None:
    with pytest.raises(ConfigurationError, match="names of their own"):
        DataConverter(codecs=codecs)
    with pytest.raises(ConfigurationError, match="unknown"):
        CompressionCodec("brotli")  # type: ignore[arg-type]


def test_sizes(caplog: pytest.LogCaptureFixture) -> None:
    converter = DataConverter(warn_bytes=100, limit_bytes=200)
    with caplog.at_level(logging.WARNING):
        converter.encode_value("x" * 150, place="result of big")
    assert "result of big" in caplog.text
    with pytest.raises(ConversionError, match=r"result of big.*more than the limit of 200"):
        converter.encode_value("x" * 300, place="result of big")
    with pytest.raises(ConfigurationError, match="Convention"):
        DataConverter(convention="go")  # type: ignore[arg-type]
