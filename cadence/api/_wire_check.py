"""A walk over bytes in the binary protocol, before the C codec reads what could make it loop (codec.py).

Pure Python, and called only for messages that look suspicious; it jumps over strings, so that its time is
proportional to the number of fields and elements.
"""

from __future__ import annotations

__all__ = ("check_struct",)

_FIXED = {2: 1, 3: 1, 4: 8, 6: 2, 8: 4, 10: 8}
_STRING, _STRUCT, _MAP, _SET, _LIST = 11, 12, 13, 14, 15
_STRINGS = (_STRING, 18)


class _Malformed(Exception):
    pass


def check_struct(data: bytes, max_depth: int) -> str:
    """Look whether bytes can be a struct, whatever its fields.

    Args:
        data: The field list, closed by a stop byte; more may follow.
        max_depth: How deep structs and containers may nest.

    Returns:
        What is wrong with them, or an empty string.
    """
    try:
        _walk_struct(data, 0, max_depth)
    except (_Malformed, IndexError) as error:
        return str(error)
    return ""


def _walk_struct(data: bytes, place: int, depth: int) -> int:
    if depth <= 0:
        raise _Malformed("nested too deep")
    while (kind := data[place]) != 0:
        place = _walk_value(data, place + 3, kind, depth - 1)
    return place + 1


def _walk_value(data: bytes, place: int, kind: int, depth: int) -> int:
    size = _FIXED.get(kind)
    if size is not None:
        place += size
    elif kind in _STRINGS:
        place = _walk_size(data, place)
    elif kind == _STRUCT:
        return _walk_struct(data, place, depth)
    elif kind in {_LIST, _SET}:
        return _walk_elements(data, place + 1, (data[place],), depth)
    elif kind == _MAP:
        return _walk_elements(data, place + 2, (data[place], data[place + 1]), depth)
    else:
        raise _Malformed(f"type {kind} at byte {place} does not exist")
    if place > len(data):
        raise _Malformed("they end too early")
    return place


def _walk_size(data: bytes, place: int) -> int:
    size = int.from_bytes(data[place : place + 4], "big", signed=True)
    if size < 0:
        raise _Malformed(f"negative size at byte {place}")
    return place + 4 + size


def _walk_elements(data: bytes, place: int, kinds: tuple[int, ...], depth: int) -> int:
    if depth <= 0:
        raise _Malformed("nested too deep")
    count = int.from_bytes(data[place : place + 4], "big", signed=True)
    place += 4
    # Every element takes a byte at least, so this also bounds the loop.
    if not 0 <= count <= len(data) - place:
        raise _Malformed(f"a container at byte {place - 4} claims {count} elements")
    sizes = [_FIXED.get(kind) for kind in kinds]
    if None not in sizes:
        place += count * sum(size for size in sizes if size)
        if place > len(data):
            raise _Malformed("they end too early")
        return place
    for _ in range(count):
        for kind in kinds:
            place = _walk_value(data, place, kind, depth - 1)
    return place
