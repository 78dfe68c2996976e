"""How fast a task list may hand out its tasks: a bucket of permits that fills with time.

Pure arithmetic on the times that it is given; `task_lists` owns the clock and waits.
"""

from __future__ import annotations

import math

__all__ = ("TaskRate",)


class TaskRate:
    """A bucket of permits; it holds what one second brings, and at least one."""

    __slots__ = ("_at", "_burst", "_left", "per_second")

    def __init__(self, per_second: float, now: float) -> None:
        """Begin with a full bucket.

        Args:
            per_second: Tasks per second; 0 hands out nothing.
            now: The time, in seconds.
        """
        self.per_second = max(per_second, 0.0)
        self._burst = max(1.0, math.ceil(self.per_second)) if self.per_second > 0 else 0.0
        self._left = self._burst
        self._at = now

    def take(self, now: float) -> bool:
        """Take a permit, if one is there."""
        self._fill(now)
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def wait(self, now: float) -> float | None:
        """Return the seconds until there is a permit; None if there never is one."""
        self._fill(now)
        if self.per_second <= 0:
            return None
        return max(0.0, (1 - self._left) / self.per_second)

    def _fill(self, now: float) -> None:
        self._left = min(self._burst, self._left + (now - self._at) * self.per_second)
        self._at = now
