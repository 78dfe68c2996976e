"""The server's time and its alarms: the real one, and one that jumps ahead when nothing is being worked on.

Everything that waits for a moment in a workflow's life (timers, timeouts, retries, cron) asks `call_at`. Waiting for a
peer, a long poll for example, is on the loop's own clock, since that time really passes.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import Protocol

__all__ = ("Alarm", "Clock", "RealClock", "SkippingClock")

SECOND = 1_000_000_000


class Alarm(Protocol):
    """A callback that may be called off."""

    def cancel(self) -> None:
        """Call it off; once it rang this does nothing."""


class Clock(Protocol):
    """Time in nanoseconds since the epoch, and alarms on it."""

    def now_ns(self) -> int:
        """The time."""

    def call_at(self, when_ns: int, callback: Callable[[], None]) -> Alarm:
        """Call back at or after a time; never within this call."""

    def close(self) -> None:
        """Call every alarm off."""


class RealClock:
    """The machine's clock."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._alarms: set[asyncio.TimerHandle] = set()

    def now_ns(self) -> int:
        """The time."""
        return time.time_ns()

    def call_at(self, when_ns: int, callback: Callable[[], None]) -> Alarm:
        """Call back at or after a time."""
        delay = max(0.0, (when_ns - time.time_ns()) / SECOND)
        # A loop's timer may be a hair early against the wall clock; callers check what is due, so be late instead.
        return self._loop.call_later(delay + 0.001, callback)

    def close(self) -> None:
        """Nothing to do: the loop's timers hold weak promises, and the server that asked for them is gone."""


class SkippingClock:
    """A clock that jumps to the next alarm once nothing is being worked on.

    `hold()` and `release()` bracket work: a task that is out with a worker, a call that is being answered. While
    anything is held the clock runs like the real one.
    """

    def __init__(self, start_ns: int | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._offset = 0 if start_ns is None else start_ns - time.time_ns()
        self._heap: list[tuple[int, int, _SkippingAlarm]] = []
        self._order = itertools.count()
        self._held = 0
        self._timer: asyncio.TimerHandle | None = None
        self._settle: asyncio.TimerHandle | None = None
        self.skipping = True

    def now_ns(self) -> int:
        """The time, jumps included."""
        return time.time_ns() + self._offset

    def call_at(self, when_ns: int, callback: Callable[[], None]) -> Alarm:
        """Call back at or after a time."""
        alarm = _SkippingAlarm(callback)
        heapq.heappush(self._heap, (when_ns, next(self._order), alarm))
        self._arm()
        return alarm

    def hold(self) -> None:
        """Something is being worked on: do not jump."""
        self._held += 1
        if self._settle is not None:
            self._settle.cancel()
            self._settle = None

    def release(self) -> None:
        """That work is done."""
        self._held -= 1
        self._arm()

    def advance(self, nanoseconds: int) -> None:
        """Move the clock by hand; alarms that are passed ring in order."""
        self._offset += nanoseconds
        self._ring()

    def close(self) -> None:
        """Call every alarm off."""
        self._heap.clear()
        for timer in (self._timer, self._settle):
            if timer is not None:
                timer.cancel()

    def _arm(self) -> None:
        while self._heap and self._heap[0][2].cancelled:
            heapq.heappop(self._heap)
        if not self._heap:
            return
        if self._timer is not None:
            self._timer.cancel()
        delay = max(0.0, (self._heap[0][0] - self.now_ns()) / SECOND)
        self._timer = self._loop.call_later(delay, self._ring)
        if self.skipping and self._held == 0 and self._settle is None:
            # Two turns of the selector: whatever is on its way to this process gets to say so first.
            self._settle = self._loop.call_later(0.005, self._jump)

    def _jump(self) -> None:
        self._settle = None
        if self._held or not self.skipping:
            return
        while self._heap and self._heap[0][2].cancelled:
            heapq.heappop(self._heap)
        if self._heap:
            self._offset += max(0, self._heap[0][0] - self.now_ns())
            self._ring()

    def _ring(self) -> None:
        now = self.now_ns()
        while self._heap and self._heap[0][0] <= now:
            alarm = heapq.heappop(self._heap)[2]
            if not alarm.cancelled:
                alarm.callback()
        self._arm()


class _SkippingAlarm:
    __slots__ = ("callback", "cancelled")

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True
