"""Bytes that users wrote, as people can read them: JSON laid out, text as it is, anything else as hex.

What a value means is not known here: no program's types are. One payload may hold several JSON values one behind the
other, as the Go and Python clients write argument lists. Long ones are cut, since a page shows a thousand events.
"""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ("CUT", "payload")

CUT = 8 * 1024
"""Bytes of one payload that a page of events shows; a single event shows all of them."""
_HEX_LINE = 32
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{},:]|[^][{},:"\s]+')
_DEPTH = 100


def payload(blob: bytes, limit: int = CUT) -> dict[str, Any]:
    """Describe bytes for the page.

    Args:
        blob: The bytes.
        limit: How many of them are shown at most.

    Returns:
        `kind` ("payload"), `form` ("json", "text", "hex" or "empty"), `text`, `size` in bytes, and `cut`: whether there
        is more.
    """
    is_cut = len(blob) > limit
    form, text = _read(blob[:limit], is_cut=is_cut)
    return {"kind": "payload", "form": form, "text": text, "size": len(blob), "cut": is_cut}


def _read(shown: bytes, *, is_cut: bool) -> tuple[str, str]:
    if not shown:
        return "empty", ""
    try:
        # The end of a cut text may lie within a character.
        text = shown.decode(errors="ignore") if is_cut and _is_text(shown) else shown.decode()
    except UnicodeDecodeError:
        return "hex", _hex(shown)
    laid_out = None if is_cut else _json(text)
    if laid_out is not None:
        return "json", laid_out
    return ("hex", _hex(shown)) if _CONTROL.search(text) else ("text", text)


def _is_text(shown: bytes) -> bool:
    try:
        shown.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(shown) - 3
    return True


def _json(text: str) -> str | None:
    """Lay out JSON values that stand one behind the other; None where the text is something else."""
    # Numbers stay text: reading them could take long, or lose digits.
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    values: list[str] = []
    place = _past_space(text, 0)
    try:
        while place < len(text):
            _, end = decoder.raw_decode(text, place)
            values.append(_laid_out(text[place:end]))
            place = _past_space(text, end)
            if end == place < len(text):
                return None  # 007 is not three numbers
    except (ValueError, RecursionError):
        return None
    return "\n".join(values) if values else None


def _past_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _laid_out(text: str) -> str:
    """Give a JSON value its lines, each literal as it was written.

    Raises:
        ValueError: It is nested too deeply for anyone to read.
    """
    tokens = _TOKEN.findall(text)
    parts: list[str] = []
    depth = 0
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else ""
        if token in "]}":
            depth -= 1
            if before not in "[{":
                parts.append("\n" + "  " * depth)
        elif before and before in "[{,":
            parts.append("\n" + "  " * depth)
        parts.append(token + " " if token == ":" else token)
        if token in "[{":
            depth += 1
            if depth > _DEPTH:
                msg = "too deep"
                raise ValueError(msg)
    return "".join(parts)


def _hex(shown: bytes) -> str:
    return "\n".join(shown[at : at + _HEX_LINE].hex(" ", -2) for at in range(0, len(shown), _HEX_LINE))
