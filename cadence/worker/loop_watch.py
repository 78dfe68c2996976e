"""Names code that blocks the event loop of coroutine activities: a `requests.get` or a long computation in `async def`.

While it lasts, no other activity of that loop moves, though polls, heartbeats and answers go on elsewhere. It is looked
for from the worker's own loop, and only while coroutine activities run: a call that the other loop answers at its next
turn, and a look at its thread's frames where it doesn't. A thread that merely waits for events is not blocked, however
long the machine lets it wait. It stops nothing, and knows nothing of tasks and the server.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cadence.worker.watchdog import is_debugged

if TYPE_CHECKING:
    from cadence.metrics import Meter
    from cadence.worker.mailbox import Mailbox

__all__ = ("LoopWatch",)

_log = logging.getLogger("cadence.worker")

_ASYNCIO = asyncio.__path__[0]
_MACHINERY = (str(Path(__file__).parent), _ASYNCIO)
# Where a loop's own frames end and those of its callbacks begin. A loop written in C has none but who runs it.
_LOOPS = frozenset({"_run_once", "run", "run_forever", "run_until_complete"})
_HINT = "make it a plain `def`, which gets a thread of its own, or `await asyncio.to_thread(...)` what takes long"


class LoopWatch:
    """Watches one event loop, on behalf of another one."""

    def __init__(
        self,
        user: Mailbox,
        io: Mailbox,
        *,
        thread: int,
        limit: float,
        name_of: Callable[[asyncio.Task[Any]], str | None],
        is_busy: Callable[[], bool],
        meter: Meter,
    ) -> None:
        """Prepare.

        Args:
            user: Of the loop that is watched.
            io: Of the loop that watches.
            thread: The `threading.get_ident()` of the watched loop.
            limit: Seconds for which it may be held.
            name_of: Names the activity that a task runs; None where it is none.
            is_busy: Whether any activity runs there; called from the watching loop.
            meter: Counts what was found.
        """
        self._user = user
        self._io = io
        self._thread = thread
        self._limit = limit
        self._name_of = name_of
        self._is_busy = is_busy
        self._meter = meter
        self._timer: asyncio.TimerHandle | None = None
        self._asked_at = 0.0
        self._asked = self._answered = 0
        self._told = ""

    def begin(self) -> None:
        """Watch from now on, until nothing runs there any more. On the watching loop."""
        if self._timer is None and self._user.loop is not self._io.loop:
            self._ask()

    def _ask(self) -> None:
        self._asked += 1
        self._asked_at = self._io.loop.time()
        if self._user.post(self._answer, self._asked):  # otherwise the loop is closed, and nothing to be watched
            self._timer = self._io.loop.call_later(self._limit, self._look)
        else:
            self._timer = None

    def _answer(self, number: int) -> None:
        """Say that the watched loop has got round to it; on that loop."""
        self._answered = number

    def _look(self) -> None:
        loop = self._io.loop
        if self._answered != self._asked:
            self._tell(loop.time() - self._asked_at)
            self._timer = loop.call_later(self._limit, self._look)
            return
        if self._told:
            _log.info("the event loop that %s had held goes on", self._told)
            self._told = ""
        if self._is_busy():
            self._ask()
        else:
            self._timer = None

    def _tell(self, seconds: float) -> None:
        """Report what holds the loop; once for each time that it is held."""
        frame = sys._current_frames().get(self._thread)
        if self._told or frame is None or _waits_for_events(frame) or is_debugged(frame):
            return
        task = asyncio.current_task(self._user.loop)
        activity = self._name_of(task) if task is not None else None
        self._told = f"activity {activity}" if activity else "code outside of activities"
        _log.warning(
            "%s holds the event loop for %.1f s already, and no other coroutine activity moves meanwhile; %s. "
            "It is at:\n%s",
            self._told,
            seconds,
            _HINT,
            "".join(traceback.format_list(_shown(traceback.extract_stack(frame)))),
        )
        self._meter.count(
            "cadence_blocked_loops_total", activity_type=task.get_name() if task is not None and activity else ""
        )


def _waits_for_events(frame: types.FrameType) -> bool:
    """Whether the thread is in its loop's own wait, and nobody's code is on top of that."""
    code = frame.f_code
    if code.co_name == "select":
        return Path(code.co_filename).name == "selectors.py"
    return code.co_name in _LOOPS and _is_loop(code.co_filename)


def _is_loop(file: str) -> bool:
    return file.startswith(_ASYNCIO) or "uvloop" in file


def _shown(stack: traceback.StackSummary) -> list[traceback.FrameSummary]:
    """Leave out what runs the loop, and what stands between it and the activity."""
    below = 0
    for number, entry in enumerate(stack):
        if entry.name in _LOOPS and _is_loop(entry.filename):
            below = number + 1
    inner = stack[below:]
    return [entry for entry in inner if not entry.filename.startswith(_MACHINERY)] or inner
