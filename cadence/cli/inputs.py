"""What people type, as what the server takes: JSON arguments, lengths of time, names of enums.

Everything that does not fit becomes a MistakeError that shows how it is meant.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from cadence.cli.failures import MistakeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import IntEnum

    E = TypeVar("E", bound=IntEnum)

__all__ = ("arguments", "choice", "fields", "json_value", "moment", "seconds")

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|min|h|d)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_INT_LIMIT = (1 << 31) - 1


def arguments(given: Sequence[str]) -> bytes | None:
    """Join JSON values into the bytes of an argument list, one value a line, as the Go client writes them.

    Args:
        given: JSON texts, one for each argument.

    Returns:
        The bytes; None for no arguments.
    """
    if not given:
        return None
    return "".join(json_value(text, f"input {index}") + "\n" for index, text in enumerate(given, 1)).encode()


def json_value(text: str, what: str) -> str:
    """Check a JSON value and put it on one line.

    Raises:
        MistakeError: It isn't JSON.
    """
    try:
        value = json.loads(text)
    except ValueError:
        as_text = json.dumps(text, ensure_ascii=False)
        msg = f"{what} is not JSON: {text}  (a text needs quotes of its own, as in -i '{as_text}')"
        raise MistakeError(msg) from None
    # As typed where possible: numbers keep all their digits.
    stripped = text.strip()
    return json.dumps(value, ensure_ascii=False) if "\n" in stripped else stripped


def fields(given: Sequence[str], what: str) -> dict[str, bytes]:
    """Read `name=JSON` pairs.

    Raises:
        MistakeError: One has no name, or its value isn't JSON.
    """
    found = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            msg = f"{what} {pair!r} is not name=JSON, as in --{what} 'customer=\"acme\"'"
            raise MistakeError(msg)
        found[name] = json_value(value, f"{what} {name}").encode()
    return found


def seconds(text: str, what: str) -> int:
    """Read a length of time: `90`, `90s`, `5m`, `1h`, `30d`; whole seconds, rounded up.

    Raises:
        MistakeError: It isn't one, or is too long for the server.
    """
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        msg = f"{what} {text!r} is not a length of time; give seconds, or 30s, 5m, 1h, 2d"
        raise MistakeError(msg)
    exact = float(match[1]) * _UNITS[match[2] or "s"]
    whole = int(exact) + (exact > int(exact))
    if whole > _INT_LIMIT:
        msg = f"{what} {text!r} is longer than the server can count"
        raise MistakeError(msg)
    return whole


def moment(text: str, what: str) -> datetime:
    """Read a time; one without a zone is this machine's.

    Raises:
        MistakeError: It isn't one.
    """
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):
        msg = f"{what} {text!r} is not a time; give it like 2026-01-31T09:00Z or 2026-01-31T09:00+01:00"
        raise MistakeError(msg) from None


def choice(kind: type[E], text: str, what: str) -> E:
    """Find an enum's member by name, in any case, with dashes or without.

    Raises:
        MistakeError: There is none of that name.
    """
    wanted = text.replace("-", "").replace("_", "").lower()
    for member in kind:
        if member.name.replace("_", "").lower() == wanted:
            return member
    names = ", ".join(member.name for member in kind)
    msg = f"{what} {text!r} is none of {names}"
    raise MistakeError(msg)
