"""An exception's way through the code as text: Python's own, and in the form of Java's stack traces.

Frames of this package that stand before the user's first one are left out: they are how the call came in, and the same
for all.
"""

from __future__ import annotations

import traceback
from pathlib import Path

__all__ = ("java_stack_trace", "python_traceback")

_PACKAGE = str(Path(__file__).parents[1])
_MOST_FRAMES = 50
_LONGEST = 16 * 1024


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


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if not frame.filename.startswith(_PACKAGE)), 0)
    return frames[first:][-_MOST_FRAMES:]
