"""Where the time of a decision task went, told where the server nearly gave the task up.

`DecisionTimes` is the stopwatch of one task, `SlowDecisions` tells of it when the task is answered. Time that is spent
on purpose (local activities, which the server is told of in time, and pauses after a refusal) makes no task slow. It
knows nothing of runs and sends nothing.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cadence.metrics import Meter

__all__ = ("DecisionTimes", "SlowDecisions")

T = TypeVar("T")

_log = logging.getLogger("cadence.worker")

_SLOW_SHARE = 0.8
# A type of workflow that is slow is so all the time; one line a minute is enough for somebody who looks.
_QUIET = 60.0
_WORTH_TELLING = 0.05
_ON_PURPOSE = ("local", "pause")
_NAMES = {
    "history": "waiting for history",
    "thread": "waiting for the workflow thread",
    "code": "in workflow code",
    "replay": "in replay and workflow code",
    "local": "in local activities",
    "pause": "waiting before another try",
    "answer": "until the server took the answer",
}
_HINTS = {
    "history": "is its run's history large, or the server slow?",
    "thread": "code of other runs holds the thread: move what computes to activities, or add workers",
    "code": "move what computes to activities",
    "replay": "keep more runs (sticky_runs, sticky_bytes), or continue as new sooner",
    "answer": "the server is slow, or was out of reach",
}


class DecisionTimes:
    """The stopwatch of one task."""

    __slots__ = ("events", "is_replayed", "limit", "seconds")

    def __init__(self, limit: float) -> None:
        """Start with nothing.

        Args:
            limit: Seconds for which the server waits for the answer.
        """
        self.limit = limit
        self.seconds: dict[str, float] = {}
        """By what was done."""
        self.events = 0
        """How many events the run took."""
        self.is_replayed = False
        """Whether some of them were answered before."""

    @contextmanager
    def spent(self, what: str) -> Iterator[None]:
        """Count the time of a `with` block."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.add(what, time.monotonic() - begun)

    def add(self, what: str, seconds: float) -> None:
        """Count some time."""
        self.seconds[what] = self.seconds.get(what, 0.0) + seconds

    def is_slow(self, seconds: float) -> bool:
        """Whether a task that took so many seconds, from its arrival to the end of its answer, is worth a warning."""
        on_purpose = sum(self.seconds.get(what, 0.0) for what in _ON_PURPOSE)
        return seconds > self.limit or seconds - on_purpose >= _SLOW_SHARE * self.limit

    def piece(self, function: Callable[[], T]) -> Callable[[], T]:
        """Return a piece of work for the workflow thread that counts its wait and its time there."""
        given = time.monotonic()

        def timed() -> T:
            begun = time.monotonic()
            self.add("thread", begun - given)
            try:
                return function()
            finally:
                self.add("code", time.monotonic() - begun)

        return timed


class SlowDecisions:
    """Tells of slow tasks, once a minute for each type of workflow."""

    def __init__(self, meter: Meter, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare.

        Args:
            meter: Counts.
            clock: Gives seconds.
        """
        self._meter = meter
        self._clock = clock
        self._told: dict[str, float] = {}
        self._untold: dict[str, int] = {}

    def tell(self, times: DecisionTimes, seconds: float, *, workflow_type: str, workflow_id: str, run_id: str) -> None:
        """Tell of a slow task.

        Args:
            times: Where its time went.
            seconds: From its arrival to the end of its answer.
            workflow_type: Of its run.
            workflow_id: Of its run.
            run_id: Of its run.
        """
        spent = dict(times.seconds)
        if times.is_replayed and "code" in spent:
            spent["replay"] = spent.pop("code")
        largest = max(_HINTS, key=lambda what: spent.get(what, 0.0))
        self._meter.count("cadence_slow_decision_tasks_total", workflow_type=workflow_type, cause=largest)
        now = self._clock()
        if now - self._told.get(workflow_type, -_QUIET) < _QUIET:
            self._untold[workflow_type] = self._untold.get(workflow_type, 0) + 1
            return
        self._told[workflow_type] = now
        others = self._untold.pop(workflow_type, 0)
        _log.warning(
            "a decision task of workflow %s (%s), run %s, took %.1f s of %.1f s: %s; %d events%s. %s",
            workflow_id,
            workflow_type,
            run_id,
            seconds,
            times.limit,
            _listed(spent),
            times.events,
            f"; {others} more of the type since the last such line" if others else "",
            _HINTS[largest],
        )


def _listed(spent: dict[str, float]) -> str:
    shown = sorted(((s, what) for what, s in spent.items() if s >= _WORTH_TELLING), reverse=True)
    return ", ".join(f"{s:.1f} s {_NAMES[what]}" for s, what in shown) or "nowhere in particular"
