"""The payload of each frame type: Python values to bytes and back.

No I/O, and no knowledge of which message may come when (`protocol`).
"""

from __future__ import annotations

import dataclasses
import platform
import struct
from collections.abc import Mapping

from cadence._version import __version__
from cadence.tchannel.errors import BadRequestFrameError, FatalProtocolError
from cadence.tchannel.frames import PROTOCOL_VERSION

__all__ = (
    "EMPTY_TRACING",
    "CallHead",
    "ResponseHead",
    "init_headers",
    "pack_application_headers",
    "pack_call_head",
    "pack_cancel",
    "pack_error",
    "pack_init",
    "pack_response_head",
    "parse_application_headers",
    "parse_call_head",
    "parse_cancel",
    "parse_error",
    "parse_init",
    "parse_response_head",
)

EMPTY_TRACING = bytes(25)
_TRACING_SIZE = 25
_SHORT = struct.Struct(">H")
_short_at = _SHORT.unpack_from
_INT = struct.Struct(">I")
_CALL = struct.Struct(">BI25x")
_RESPONSE = struct.Struct(">BB25x")
_MAX_HEADERS = 128
_MAX_KEY = 16
_MAX_SHORT = 0xFFFF


@dataclasses.dataclass(slots=True)
class CallHead:
    """The part of a call request before its checksum."""

    flags: int
    ttl: int
    """Milliseconds."""
    service: str
    headers: dict[str, str]
    end: int
    """Where the checksum type stands."""


@dataclasses.dataclass(slots=True)
class ResponseHead:
    """The part of a call response before its checksum."""

    flags: int
    code: int
    headers: dict[str, str]
    end: int


def init_headers(host_port: str = "0.0.0.0:0", process_name: str = "cadence-client-python") -> dict[str, str]:
    """What this side says of itself."""
    return {
        "host_port": host_port,
        "process_name": process_name,
        "tchannel_language": "python",
        "tchannel_language_version": platform.python_version(),
        "tchannel_version": __version__,
    }


def pack_init(headers: Mapping[str, str], version: int = PROTOCOL_VERSION) -> bytes:
    """The payload of an init request or response."""
    return _SHORT.pack(version) + pack_application_headers(headers)


def parse_init(payload: bytes) -> tuple[int, dict[str, str]]:
    """Read version and headers of an init message."""
    try:
        version: int = _short_at(payload)[0]
        return version, parse_application_headers(payload[2:])
    except (struct.error, IndexError) as error:
        msg = f"an init message that can't be read: {error}"
        raise FatalProtocolError(msg) from error


def pack_application_headers(headers: Mapping[str, str]) -> bytes:
    """Headers as they stand in init messages and in arg2: nh:2 (key~2 value~2){nh}.

    Raises:
        BadRequestFrameError: More headers, or longer ones, than two bytes can count.
    """
    if len(headers) > _MAX_SHORT:
        msg = f"{len(headers)} headers, and {_MAX_SHORT} are allowed"
        raise BadRequestFrameError(msg)
    parts = [_SHORT.pack(len(headers))]
    for key, value in headers.items():
        raw_key, raw_value = key.encode(), value.encode()
        if len(raw_key) > _MAX_SHORT or len(raw_value) > _MAX_SHORT:
            msg = f"header {key[:40]!r}: key and value have at most {_MAX_SHORT} bytes each"
            raise BadRequestFrameError(msg)
        parts += (_SHORT.pack(len(raw_key)), raw_key, _SHORT.pack(len(raw_value)), raw_value)
    return b"".join(parts)


def parse_application_headers(data: bytes) -> dict[str, str]:
    """Read headers; no bytes at all are no headers.

    Raises:
        FatalProtocolError: The bytes end too early.
    """
    headers: dict[str, str] = {}
    if not data:
        return headers
    try:
        (count,) = _short_at(data)
        place = 2
        for _ in range(count):
            (size,) = _short_at(data, place)
            place += 2
            key = data[place : place + size]
            place += size
            (size,) = _short_at(data, place)
            place += 2
            headers[key.decode("utf-8", "replace")] = data[place : place + size].decode("utf-8", "replace")
            place += size
    except struct.error as error:
        msg = f"headers that end too early: {error}"
        raise FatalProtocolError(msg) from error
    if place > len(data):
        raise FatalProtocolError("headers that end too early")
    return headers


def _pack_transport_headers(headers: Mapping[str, str]) -> bytes:
    if len(headers) > _MAX_HEADERS:
        msg = f"{len(headers)} transport headers, and {_MAX_HEADERS} are allowed"
        raise ValueError(msg)
    parts = [bytes((len(headers),))]
    for key, value in headers.items():
        raw_key, raw_value = key.encode(), value.encode()
        if len(raw_key) > _MAX_KEY or len(raw_value) > 255:
            msg = f"transport header {key!r}: keys have at most {_MAX_KEY} bytes, values 255"
            raise ValueError(msg)
        parts += (bytes((len(raw_key),)), raw_key, bytes((len(raw_value),)), raw_value)
    return b"".join(parts)


def _parse_transport_headers(payload: bytes, place: int) -> tuple[dict[str, str], int]:
    headers: dict[str, str] = {}
    count = payload[place]
    place += 1
    for _ in range(count):
        size = payload[place]
        key = payload[place + 1 : place + 1 + size]
        place += 1 + size
        size = payload[place]
        headers[key.decode("utf-8", "replace")] = payload[place + 1 : place + 1 + size].decode("utf-8", "replace")
        place += 1 + size
    return headers, place


def pack_call_head(service: str, headers: Mapping[str, str]) -> bytes:
    """The part of a call request between ttl and checksum: tracing, service, transport headers."""
    raw = service.encode()
    return EMPTY_TRACING + bytes((len(raw),)) + raw + _pack_transport_headers(headers)


def parse_call_head(payload: bytes) -> CallHead:
    """Read a call request up to its checksum.

    Raises:
        FatalProtocolError: The payload ends too early.
    """
    try:
        flags, ttl = _CALL.unpack_from(payload)
        size = payload[30]
        service = payload[31 : 31 + size].decode("utf-8", "replace")
        headers, place = _parse_transport_headers(payload, 31 + size)
    except (struct.error, IndexError) as error:
        msg = f"a call request that ends too early: {error}"
        raise FatalProtocolError(msg) from error
    return CallHead(flags, ttl, service, headers, place)


def pack_response_head(headers: Mapping[str, str]) -> bytes:
    """The part of a call response between code and checksum: tracing, transport headers."""
    return EMPTY_TRACING + _pack_transport_headers(headers)


def parse_response_head(payload: bytes) -> ResponseHead:
    """Read a call response up to its checksum.

    Raises:
        FatalProtocolError: The payload ends too early.
    """
    try:
        flags, code = _RESPONSE.unpack_from(payload)
        headers, place = _parse_transport_headers(payload, 27)
    except (struct.error, IndexError) as error:
        msg = f"a call response that ends too early: {error}"
        raise FatalProtocolError(msg) from error
    return ResponseHead(flags, code, headers, place)


def pack_error(code: int, message: str) -> bytes:
    """The payload of an error frame; a long message is cut."""
    raw = message.encode()[:32_000]
    return bytes((code,)) + EMPTY_TRACING + _SHORT.pack(len(raw)) + raw


def parse_error(payload: bytes) -> tuple[int, str]:
    """Read code and message of an error frame.

    Raises:
        FatalProtocolError: The payload ends too early.
    """
    try:
        (size,) = _short_at(payload, 1 + _TRACING_SIZE)
        return payload[0], payload[28 : 28 + size].decode("utf-8", "replace")
    except (struct.error, IndexError) as error:
        msg = f"an error frame that ends too early: {error}"
        raise FatalProtocolError(msg) from error


def pack_cancel(why: str, ttl: int = 1) -> bytes:
    """The payload of a cancel frame."""
    raw = why.encode()[:1000]
    return _INT.pack(ttl) + EMPTY_TRACING + _SHORT.pack(len(raw)) + raw


def parse_cancel(payload: bytes) -> str:
    """Read the reason of a cancel frame; one that is cut short has none."""
    if len(payload) < 31:
        return ""
    (size,) = _short_at(payload, 29)
    return payload[31 : 31 + size].decode("utf-8", "replace")
