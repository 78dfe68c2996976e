"""An exception's way through the code as text: Python's own, and in the form of Java's stack traces.

Frames of this package that stand before the user's first one are left out: they are how the call came in, and the same
for all.
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path

__all__ = ("java_stack_trace", "python_traceback", "text_form")

_PACKAGE = str(Path(__file__).parents[1])
_MOST_FRAMES = 50
_LONGEST = 16 * 1024
# What a workflow of `cadence-python-client` leaves; its activities leave Python's traceback alone.
_TEXT_FORM = re.compile(r"message: (.*?)\nstacktrace: (.*)", re.DOTALL)


def python_traceback(error: BaseException) -> str:
    """Return the traceback, after that of the far side where the error came from elsewhere; at most 16 KB."""
    lines = []
    remote = getattr(error, "remote_traceback", "")
    if isinstance(remote, str) and remote:
        lines.append(remote.rstrip() + "\n\nraised again:\n" if error.__traceback__ else remote)
    frames = _frames(error)
    if frames:
        lines += ["Traceback (most recent call last):\n", *traceback.format_list(frames)]
    return "".join(lines)[-_LONGEST:]


def java_stack_trace(error: BaseException) -> str:
    """Return the traceback as lines of `module.function(file.py:12)`, innermost first, as Java parses them."""
    return "\n".join(
        f"{Path(frame.filename).stem}.{frame.name}({Path(frame.filename).name}:{frame.lineno})"
        for frame in reversed(_frames(error))
    )


def text_form(details: bytes, reason: str) -> tuple[str, str] | None:
    """Take message and traceback out of details that are text, as `cadence-python-client` writes them.

    Args:
        details: The failure's details.
        reason: The failure's reason, the class's name there.

    Returns:
        Both; None where the details have another form.
    """
    try:
        text = details.decode()
    except UnicodeDecodeError:
        return None
    if whole := _TEXT_FORM.fullmatch(text):
        return whole[1], whole[2]
    if not text.startswith(("Traceback (most recent call last):\n", reason)):
        return None
    lines = list(re.finditer(rf"^(?:[\w.]+\.)?{re.escape(reason)}(?:: (.*))?$", text, re.MULTILINE)) if reason else []
    return (text[lines[-1].start(1) :].rstrip() if lines[-1][1] else "", text) if lines else None


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if not frame.filename.startswith(_PACKAGE)), 0)
    return frames[first:][-_MOST_FRAMES:]
