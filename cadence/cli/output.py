"""How things look on a terminal and in JSON: tables, times, payloads; control characters escaped.

What a workflow or a server says is shown, never obeyed: no text of theirs reaches the terminal with its control
characters in it. Tables are plain columns, so that they can be read in a log and cut by other programs.
"""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from cadence.api._struct import Struct, field_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = (
    "age",
    "escaped",
    "moment",
    "name_of",
    "payload",
    "plain",
    "print_facts",
    "print_json",
    "print_table",
    "say",
    "shortened",
)

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def say(text: str = "") -> None:
    """Print a line for people."""
    print(text)


def print_json(value: object) -> None:
    """Print one JSON value on a line of its own."""
    print(json.dumps(value, ensure_ascii=not _is_unicode(), separators=(",", ": ")))


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def escaped(text: str) -> str:
    """Make control characters, and those that turn the direction of text, visible instead of effective."""
    if text.isprintable():
        return text
    return "".join(_visible(one) for one in text)


def _visible(one: str) -> str:
    if one.isprintable() or one == " ":
        return one
    if one in _ESCAPES:
        return _ESCAPES[one]
    if unicodedata.category(one) == "Zs":
        return one
    code = ord(one)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def shortened(text: str, width: int) -> str:
    """Cut a text to a width, with a mark where something is missing."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"


def moment(nanos: int | None) -> str:
    """Show a time of the server's, in this machine's time zone; empty where there is none."""
    if not nanos:
        return ""
    return datetime.fromtimestamp(nanos / 1e9, tz=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def age(nanos: int | None) -> str:
    """Show a length of time in its two largest units."""
    if nanos is None:
        return ""
    if nanos < 1_000_000_000:
        return f"{max(nanos, 0) // 1_000_000} ms"
    seconds = nanos // 1_000_000_000
    if seconds < 60:
        return f"{nanos / 1e9:.1f} s"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def name_of(kind: type[IntEnum], number: int | None) -> str:
    """Show an enum's value by name, or by number where a newer server sent one we don't know."""
    if number is None:
        return ""
    try:
        return kind(number).name
    except ValueError:
        return str(int(number))


def payload(data: bytes | None, limit: int | None = None) -> str:
    """Show arguments, results and details: as text where they are text, on one line."""
    if data is None:
        return ""
    try:
        text = data.decode("utf-8").rstrip("\n")
    except UnicodeDecodeError:
        text = f"<{len(data)} bytes> {data[:24].hex()}"
    # Values of several arguments stand on lines of their own.
    shown = escaped(text.replace("\n", " "))
    return shown if limit is None else shortened(shown, limit)


def plain(value: Any) -> Any:
    """Turn a struct into what JSON can hold: names of the IDL, enums by name, payloads decoded where they are JSON."""
    if isinstance(value, Struct):
        named = ((key, _typed(kind, getattr(value, name))) for _, name, kind, key in field_rows(type(value)))
        return {key: plain(item) for key, item in named if item is not None}
    if isinstance(value, IntEnum):
        return value.name
    if isinstance(value, bytes):
        return _decoded(value)
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _typed(kind: str, value: Any) -> Any:
    """Give a number that stands for an enum its name."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    from cadence.api import enums

    enum = getattr(enums, kind, None)
    try:
        return enum(value) if enum is not None else value
    except ValueError:
        return value


def _decoded(data: bytes) -> Any:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data.hex()
    try:
        return json.loads(text)
    except ValueError:
        return text


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns as wide as their content; the last one is cut at the terminal's edge.

    Args:
        header: Names of the columns.
        rows: Cells as text; they are escaped here.
    """
    cells = [[escaped(cell) for cell in row] for row in rows]
    widths = [max(len(row[index]) for row in [list(header), *cells]) for index in range(len(header))]
    room = shutil.get_terminal_size((0, 0)).columns if sys.stdout.isatty() else 0
    for row in [[name.upper() for name in header], *cells]:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        print(shortened(line, room) if room else line)


def print_facts(facts: Mapping[str, str]) -> None:
    """Print names and values, one a line; empty values are left out."""
    shown = {name: escaped(value) for name, value in facts.items() if value}
    width = max((len(name) for name in shown), default=0) + 2
    for name, value in shown.items():
        print(f"{name.ljust(width)}{value}")
