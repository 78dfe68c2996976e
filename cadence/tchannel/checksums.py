"""The four checksums of TChannel frames: none, CRC-32, farmhash's Fingerprint32, CRC-32C.

Each is seeded with the sum of the frame before it of the same message. CRC-32 is zlib's; the other two are table and
word loops in Python, since peers that use them are rare and a frame is at most 64 KiB.
"""

from __future__ import annotations

import enum
import struct
from zlib import crc32

__all__ = ("ChecksumType", "checksum", "crc32c", "fingerprint32")


class ChecksumType(enum.IntEnum):
    """How the arg bytes of a frame are summed."""

    NONE = 0
    CRC32 = 1
    FARMHASH = 2
    CRC32C = 3


def _crc32c_tables() -> tuple[tuple[int, ...], ...]:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = (crc >> 1) ^ 0x82F63B78 if crc & 1 else crc >> 1
        table.append(crc)
    tables = [tuple(table)]
    for _ in range(7):
        previous = tables[-1]
        tables.append(tuple((crc >> 8) ^ table[crc & 0xFF] for crc in previous))
    return tuple(tables)


_TABLES: tuple[tuple[int, ...], ...] = ()


def crc32c(data: bytes, seed: int = 0) -> int:
    """CRC-32C (Castagnoli) of `data`, eight bytes a step."""
    global _TABLES  # noqa: PLW0603 - made on first use: most connections never see this type
    if not _TABLES:
        _TABLES = _crc32c_tables()
    t0, t1, t2, t3, t4, t5, t6, t7 = _TABLES
    crc = seed ^ 0xFFFFFFFF
    whole = len(data) & ~7
    for low, high in struct.iter_unpack("<II", data[:whole]):
        mixed = low ^ crc
        crc = (
            t7[mixed & 0xFF]
            ^ t6[(mixed >> 8) & 0xFF]
            ^ t5[(mixed >> 16) & 0xFF]
            ^ t4[mixed >> 24]
            ^ t3[high & 0xFF]
            ^ t2[(high >> 8) & 0xFF]
            ^ t1[(high >> 16) & 0xFF]
            ^ t0[high >> 24]
        )
    for byte in data[whole:]:
        crc = (crc >> 8) ^ t0[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


_MASK = 0xFFFFFFFF
_C1 = 0xCC9E2D51
_C2 = 0x1B873593


def _rotate(value: int, shift: int) -> int:
    return ((value >> shift) | (value << (32 - shift))) & _MASK


def _mur(a: int, h: int) -> int:
    a = _rotate((a * _C1) & _MASK, 17) * _C2 & _MASK
    return (_rotate(h ^ a, 19) * 5 + 0xE6546B64) & _MASK


def _fmix(h: int) -> int:
    h ^= h >> 16
    h = h * 0x85EBCA6B & _MASK
    h ^= h >> 13
    h = h * 0xC2B2AE35 & _MASK
    return h ^ (h >> 16)


def _word(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 4], "little")


def _short(data: bytes) -> int:
    size = len(data)
    if size <= 4:
        b, c = 0, 9
        for byte in data:
            signed = byte - 256 if byte > 127 else byte
            b = (b * _C1 + signed) & _MASK
            c ^= b
        return _fmix(_mur(b, _mur(size, c)))
    if size <= 12:
        a = (size + _word(data, 0)) & _MASK
        b = (size * 5 + _word(data, size - 4)) & _MASK
        c = (9 + _word(data, (size >> 1) & 4)) & _MASK
        return _fmix(_mur(c, _mur(b, _mur(a, size * 5))))
    a = _word(data, (size >> 1) - 4)
    b = _word(data, 4)
    c = _word(data, size - 8)
    d = _word(data, size >> 1)
    e = _word(data, 0)
    f = _word(data, size - 4)
    h = (d * _C1 + size) & _MASK
    a = (_rotate(a, 12) + f) & _MASK
    h = (_mur(c, h) + a) & _MASK
    a = (_rotate(a, 3) + c) & _MASK
    h = (_mur(e, h) + a) & _MASK
    a = (_rotate((a + f) & _MASK, 12) + d) & _MASK
    h = (_mur(b, h) + a) & _MASK
    return _fmix(h)


def fingerprint32(data: bytes) -> int:
    """Farmhash's Fingerprint32 of `data`."""
    size = len(data)
    if size <= 24:
        return _short(data)
    h, g, f = size, (size * _C1) & _MASK, (size * _C1) & _MASK
    a, b, c, d, e = (_rotate(_word(data, size - back) * _C1 & _MASK, 17) * _C2 & _MASK for back in (4, 8, 16, 12, 20))
    h = (_rotate(h ^ a, 19) * 5 + 0xE6546B64) & _MASK
    h = (_rotate(h ^ c, 19) * 5 + 0xE6546B64) & _MASK
    g = (_rotate(g ^ b, 19) * 5 + 0xE6546B64) & _MASK
    g = (_rotate(g ^ d, 19) * 5 + 0xE6546B64) & _MASK
    f = (_rotate((f + e) & _MASK, 19) + 113) & _MASK
    for place in range(0, (size - 1) // 20 * 20, 20):
        a, b, c, d, e = struct.unpack_from("<5I", data, place)
        h = (h + a) & _MASK
        g = (g + b) & _MASK
        f = (f + c) & _MASK
        h = (_mur(d, h) + e) & _MASK
        g = (_mur(c, g) + a) & _MASK
        f = (_mur((b + e * _C1) & _MASK, f) + d) & _MASK
        f = (f + g) & _MASK
        g = (g + f) & _MASK
    g = _rotate(_rotate(g, 11) * _C1 & _MASK, 17) * _C1 & _MASK
    f = _rotate(_rotate(f, 11) * _C1 & _MASK, 17) * _C1 & _MASK
    h = (_rotate((h + g) & _MASK, 19) * 5 + 0xE6546B64) & _MASK
    h = _rotate(h, 17) * _C1 & _MASK
    h = (_rotate((h + f) & _MASK, 19) * 5 + 0xE6546B64) & _MASK
    return _rotate(h, 17) * _C1 & _MASK


def checksum(kind: int, data: bytes, seed: int) -> int:
    """Sum the arg bytes of one frame, after a frame whose sum was `seed` (0 for the first)."""
    if kind == ChecksumType.CRC32:
        return crc32(data, seed)
    if kind == ChecksumType.CRC32C:
        return crc32c(data, seed)
    if kind == ChecksumType.FARMHASH:
        return fingerprint32(seed.to_bytes(4, "big") + data if seed else data)
    return 0
