"""What happens to bytes after values were written and before they are read: compression, encryption.

A chain of codecs; each wraps what it changed in a header that names it, so bytes that were never encoded, written
before codecs were set up or by a peer without them, still read, and so do those of a codec that declined. Knows no
JSON.

    header: 00 'C' 'D' 'N' 'C' 01, one byte: length of the codec's name, the name; then the codec's bytes

No JSON document begins with a zero byte. Bytes of the user's own that begin like a header get one with an empty name.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from cadence.exceptions import ConfigurationError, ConversionError

__all__ = ("CompressionCodec", "PayloadCodec", "PayloadCodecs")

_MAGIC = b"\x00CDNC\x01"
_AS_IT_IS = _MAGIC + b"\x00"
_LONGEST_PAYLOAD = 256 * 1024 * 1024


@runtime_checkable
class PayloadCodec(Protocol):
    """Changes the bytes of payloads. Runs in workflow code's thread, in replay too: pure functions of the bytes."""

    name: str
    """Written into each payload's header; what reads it is found by it. At most 255 bytes."""

    def encode(self, data: bytes) -> bytes | None:
        """Return the changed bytes, or None to leave these as they are."""

    def decode(self, data: bytes) -> bytes:
        """Return what `encode` was given."""


class CompressionCodec:
    """Compresses payloads that are long enough to gain from it.

    Args:
        method: `gzip` or `zlib`.
        minimum: Shorter payloads, in bytes, are left alone.
        level: 1 (fast) to 9 (small).
    """

    def __init__(self, method: Literal["gzip", "zlib"] = "gzip", *, minimum: int = 1_024, level: int = 6) -> None:
        if method not in ("gzip", "zlib"):
            msg = f"compression method {method!r} is unknown"
            raise ConfigurationError(msg, hint="gzip or zlib")
        self.name: str = method
        self.minimum = minimum
        self.level = level

    def encode(self, data: bytes) -> bytes | None:
        """Compress, unless that makes it longer."""
        if len(data) < self.minimum:
            return None
        # Without a time in the header: the same bytes in every replay.
        gzipped = self.name == "gzip"
        changed = gzip.compress(data, self.level, mtime=0) if gzipped else zlib.compress(data, self.level)
        return changed if len(changed) < len(data) else None

    def decode(self, data: bytes) -> bytes:
        """Decompress; refuses what would grow beyond 256 MiB."""
        inflater = zlib.decompressobj(31 if self.name == "gzip" else 15)
        result = inflater.decompress(data, _LONGEST_PAYLOAD)
        if inflater.unconsumed_tail:
            msg = f"a compressed payload is longer than {_LONGEST_PAYLOAD} bytes"
            raise ConversionError(msg)
        if not inflater.eof:
            msg = "a compressed payload is cut off"
            raise ConversionError(msg)
        return result


class PayloadCodecs:
    """A chain: encoded from first to last, decoded by the headers found.

    Args:
        codecs: In the order of encoding. One that only reads old payloads may return None from `encode`.
    """

    def __init__(self, codecs: Sequence[PayloadCodec] = ()) -> None:
        self._codecs = tuple(codecs)
        self._by_name = {codec.name.encode(): codec for codec in self._codecs}
        if len(self._by_name) < len(self._codecs) or any(not 0 < len(name) < 256 for name in self._by_name):
            msg = f"payload codecs need names of their own: {', '.join(repr(c.name) for c in self._codecs)}"
            raise ConfigurationError(msg)

    def __bool__(self) -> bool:
        return bool(self._codecs)

    def encode(self, data: bytes | None) -> bytes | None:
        """Pass bytes through all codecs; nothing at all stays nothing.

        Raises:
            ConversionError: A codec failed; `__cause__` says how.
        """
        if not data:
            return data
        if data.startswith(_MAGIC):
            data = _AS_IT_IS + data
        for codec in self._codecs:
            try:
                changed = codec.encode(data)
            except Exception as error:
                msg = f"payload codec {codec.name!r} can't encode: {error}"
                raise ConversionError(msg) from error
            if changed is not None:
                name = codec.name.encode()
                data = b"".join((_MAGIC, bytes((len(name),)), name, changed))
        return data

    def decode(self, data: bytes | None) -> bytes | None:
        """Undo what the headers say, as often as there are headers.

        Raises:
            ConversionError: A header names a codec that isn't here, or a codec failed.
        """
        while data is not None and data.startswith(_MAGIC):
            if data.startswith(_AS_IT_IS):
                return data[len(_AS_IT_IS) :]
            start = len(_MAGIC) + 1
            name = data[start : start + data[start - 1]] if len(data) >= start else b""
            codec = self._by_name.get(name)
            if codec is None:
                here = ", ".join(repr(codec.name) for codec in self._codecs) or "none"
                msg = f"a payload was written by codec {name.decode('utf-8', 'replace')!r}, which isn't here ({here})"
                raise ConversionError(msg, hint="give DataConverter the codecs of those who write")
            try:
                data = codec.decode(data[start + len(name) :])
            except Exception as error:
                msg = f"payload codec {codec.name!r} can't decode: {error}"
                raise ConversionError(msg) from error
        return data
