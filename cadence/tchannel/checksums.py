"""The four checksums of TChannel frames: none, CRC-32, farmhash, CRC-32C.

Each is seeded with the sum of the frame before it of the same message. CRC-32 is zlib's; CRC-32C is a table loop in
Python, since peers that use it are rare and a frame is at most 64 KiB.

Farmhash is read and not verified, and never written: no two implementations agree on what it covers. Node's hashes the
last chunk of a frame alone (its hash takes no seed), Go's writes a sum of nothing, Python's has none.
"""

from __future__ import annotations

import enum
import struct
from zlib import crc32

__all__ = ("ChecksumType", "checksum", "crc32c", "is_verified")


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


def is_verified(kind: int) -> bool:
    """Tell the types whose sums say something from those that are only carried."""
    return kind in {ChecksumType.CRC32, ChecksumType.CRC32C}


def checksum(kind: int, data: bytes, seed: int) -> int:
    """Sum the arg bytes of one frame, after a frame whose sum was `seed` (0 for the first); 0 for types without one."""
    if kind == ChecksumType.CRC32:
        return crc32(data, seed)
    if kind == ChecksumType.CRC32C:
        return crc32c(data, seed)
    return 0
