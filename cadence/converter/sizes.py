"""Failures that are too large for the server, and what the server makes of values that are: words for people.

The server takes 2 MiB for each value by default, and puts a reason of its own in the place of what is larger. Knows
forms and reasons, and nothing of how a failure is written or read, which is `failures`' business.
"""

from __future__ import annotations

from typing import Any

__all__ = ("LONGEST_FAILURE", "limit_text", "shortened")

LONGEST_FAILURE = 1024 * 1024
"""Bytes of a failure's details beyond which they are shortened: half of what the server takes, as one failure becomes
part of another's details where it is passed on."""

_LONGEST_TEXT = 16_000
_MOST_ITEMS = 200
_DEEPEST = 60

_FAILURE = "FAILURE_DETAILS_EXCEEDS_LIMIT"
_WHAT = {
    "COMPLETE_RESULT_EXCEEDS_LIMIT": "the activity's result",
    "HEARTBEAT_EXCEEDS_LIMIT": "the activity's heartbeat",
    "CANCEL_DETAILS_EXCEEDS_LIMIT": "what the activity said at its cancellation",
    _FAILURE: "the activity's failure",
}
_DECISION = "DECISION_BLOB_SIZE_EXCEEDS_LIMIT"
_CURE = "keep large data elsewhere and pass a reference to it; the worker's log has the size"


def limit_text(reason: str, details: bytes) -> str | None:
    """Say what a failure of the server's own is about; None for every other one.

    Args:
        reason: The failure's.
        details: The failure's. Where a value was too large, they are the part of it that fits the limit, which is of
            no use to anybody but shows how large that is.
    """
    what = _WHAT.get(reason)
    if what is not None:
        begin = f" (it begins with {details[:200].decode('utf-8', 'replace')!r})" if reason == _FAILURE else ""
        return f"{reason}: {what} has more than the {len(details):,} bytes that the server takes{begin}; {_CURE}"
    if reason == _DECISION:
        said = details.decode("utf-8", "replace").strip().removesuffix(".")[:200]
        return f"{reason}: {said} (2 MiB by default); {_CURE}"
    return None


def shortened(value: Any, depth: int = 0) -> Any:
    """Return a form with its long texts and lists cut; each says what is missing.

    Args:
        value: What JSON can have, or what became of it: the form of a failure, with the user's values in it.
        depth: How deep it lies in the form.
    """
    if depth > _DEEPEST:
        return "..."
    if isinstance(value, str):
        if len(value) <= _LONGEST_TEXT:
            return value
        half = _LONGEST_TEXT // 2
        return f"{value[:half]}\n... (shortened, {len(value):,} characters in all) ...\n{value[-half:]}"
    if isinstance(value, bytes | bytearray):
        return bytes(value[:_LONGEST_TEXT])
    if isinstance(value, dict):
        items = list(value.items())[:_MOST_ITEMS]
        return {key: shortened(part, depth + 1) for key, part in items}
    if isinstance(value, list | tuple):
        left = len(value) - _MOST_ITEMS
        parts = [shortened(part, depth + 1) for part in value[:_MOST_ITEMS]]
        return [*parts, f"... ({left:,} more)"] if left > 0 else parts
    return value
