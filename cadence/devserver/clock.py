"""The server's time and its alarms: the real one, and one that jumps ahead when nothing is being worked on.

Everything that waits for a moment in a workflow's life (timers, timeouts, retries, cron) asks `call_at`. Waiting for a
peer, a long poll for example, is on the loop's own clock, since that time really passes.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections.abc import Callable
from typing import Protocol

__all__ = ("SECOND", "Alarm", "Clock", "RealClock", "SkippingClock")

SECOND = 1_000_000_000

_log = logging.getLogger("cadence.devserver")
_LOOK_AGAIN = 30.0
"""Seconds after which the wall clock is looked at again: it may be set, and it goes on while the machine sleeps."""
_SETTLE = 0.005
"""Seconds of quiet before a jump: two turns of the selector, so that what is on its way gets to say so first."""
_SPARE = 500
"""Alarms that were called off and may lie about before they are swept out."""


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

    def hold(self) -> None:
        """Something is being worked on: time must not jump."""

    def release(self) -> None:
        """That work is done."""

    def close(self) -> None:
        """Call every alarm off."""


class RealClock:
    """The machine's clock."""

    def __init__(self) -> None:
        """Make the clock of the running loop."""
        self._loop = asyncio.get_running_loop()
        self._alarms = _Alarms()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ns = 0

    def now_ns(self) -> int:
        """The time."""
        return time.time_ns()

    def call_at(self, when_ns: int, callback: Callable[[], None]) -> Alarm:
        """Call back at or after a time; never within this call."""
        alarm = self._alarms.add(when_ns, callback)
        if self._timer is None or when_ns < self._timer_ns:
            self._arm()
        return alarm

    def hold(self) -> None:
        """Nothing to do: this clock never jumps."""

    def release(self) -> None:
        """Nothing to do: this clock never jumps."""

    def close(self) -> None:
        """Call every alarm off."""
        self._alarms.clear()
        self._disarm()

    def _arm(self) -> None:
        self._disarm()
        first_ns = self._alarms.first_ns()
        if first_ns is not None:
            self._timer_ns = first_ns
            delay = max(0.0, (first_ns - self.now_ns()) / SECOND)
            self._timer = self._loop.call_later(min(delay, _LOOK_AGAIN), self._ring)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        self._alarms.ring(self.now_ns)
        self._arm()


class SkippingClock:
    """A clock that jumps to the next alarm once nothing is being worked on.

    `hold()` and `release()` bracket work: a task that is out with a worker, or a test that wants to look around. While
    anything is held, the clock runs like the real one.
    """

    def __init__(self, start_ns: int | None = None) -> None:
        """Make the clock of the running loop.

        Args:
            start_ns: Where it begins; default: now.
        """
        self._loop = asyncio.get_running_loop()
        self._offset = 0 if start_ns is None else start_ns - time.time_ns()
        self._alarms = _Alarms()
        self._held = 0
        self._timer: asyncio.TimerHandle | None = None
        self._settle: asyncio.TimerHandle | None = None
        self.skipping = True
        """Whether it jumps; set it to False and it runs like the real one, until `advance` moves it."""

    def now_ns(self) -> int:
        """The time, jumps included."""
        return time.time_ns() + self._offset

    def call_at(self, when_ns: int, callback: Callable[[], None]) -> Alarm:
        """Call back at or after a time; never within this call."""
        alarm = self._alarms.add(when_ns, callback)
        self._arm()
        return alarm

    def hold(self) -> None:
        """Something is being worked on: time must not jump."""
        self._held += 1
        if self._settle is not None:
            self._settle.cancel()
            self._settle = None

    def release(self) -> None:
        """That work is done."""
        self._held -= 1
        self._arm()

    async def sleep(self, nanoseconds: int) -> None:
        """Return when so much time has passed on this clock: jumped over, where nothing is being worked on."""
        passed: asyncio.Future[None] = self._loop.create_future()
        alarm = self.call_at(self.now_ns() + nanoseconds, lambda: passed.set_result(None))
        try:
            await passed
        finally:
            alarm.cancel()

    def advance(self, nanoseconds: int) -> None:
        """Move the clock by hand; alarms that are passed ring in order, each at its own time."""
        until_ns = self.now_ns() + nanoseconds
        while (first_ns := self._alarms.first_ns()) is not None and first_ns <= until_ns:
            self._jump_to(first_ns)
        self._jump_to(until_ns)

    def close(self) -> None:
        """Call every alarm off."""
        self._alarms.clear()
        for timer in (self._timer, self._settle):
            if timer is not None:
                timer.cancel()
        self._timer = self._settle = None

    def _arm(self) -> None:
        first_ns = self._alarms.first_ns()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if first_ns is None:
            return
        delay = max(0.0, (first_ns - self.now_ns()) / SECOND)
        self._timer = self._loop.call_later(min(delay, _LOOK_AGAIN), self._ring)
        if self.skipping and self._held == 0 and self._settle is None:
            self._settle = self._loop.call_later(_SETTLE, self._jump)

    def _jump(self) -> None:
        self._settle = None
        first_ns = self._alarms.first_ns()
        if first_ns is not None and self.skipping and self._held == 0:
            self._jump_to(first_ns)

    def _jump_to(self, when_ns: int) -> None:
        self._offset += max(0, when_ns - self.now_ns())
        self._ring()

    def _ring(self) -> None:
        self._alarms.ring(self.now_ns)
        self._arm()


class _Alarm:
    __slots__ = ("_alarms", "callback")

    def __init__(self, alarms: _Alarms, callback: Callable[[], None]) -> None:
        self._alarms: _Alarms | None = alarms
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Call it off; once it rang this does nothing."""
        if self.callback is not None and self._alarms is not None:
            self._alarms.cancelled()
        self.callback = self._alarms = None


class _Alarms:
    """Alarms by their time. Those that were called off stay until they come up, or until there are too many."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, _Alarm]] = []
        self._order = itertools.count()
        self._cancelled = 0

    def add(self, when_ns: int, callback: Callable[[], None]) -> _Alarm:
        alarm = _Alarm(self, callback)
        heapq.heappush(self._heap, (when_ns, next(self._order), alarm))
        return alarm

    def cancelled(self) -> None:
        self._cancelled += 1
        if self._cancelled > _SPARE and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].callback is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def first_ns(self) -> int | None:
        """When the next one is due."""
        while self._heap and self._heap[0][2].callback is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][0] if self._heap else None

    def ring(self, now_ns: Callable[[], int]) -> None:
        """Ring what is due, in order; also what becomes due meanwhile, but no more than was there at first."""
        for _ in range(len(self._heap)):
            first_ns = self.first_ns()
            if first_ns is None or first_ns > now_ns():
                return
            alarm = heapq.heappop(self._heap)[2]
            callback, alarm.callback = alarm.callback, None
            if callback is None:
                continue
            try:
                callback()
            except Exception:  # noqa: BLE001  # logged; one run's trouble must not stop the time of the others
                _log.exception("an alarm failed")

    def clear(self) -> None:
        self._heap.clear()
        self._cancelled = 0
