"""When a schedule's starts are: its cron specification within its start and end time.

Pure: times come from the caller, in nanoseconds since 1970. `cron` knows the specification itself; who decides what
becomes of a start is `policies` and `scheduler`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cadence.devserver.schedules import cron
from cadence.devserver.schedules.documents import SECOND, Instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cadence.devserver.schedules.documents import Spec

__all__ = ("SCAN_LIMIT", "Calendar")

SCAN_LIMIT = 1_000
"""Starts that one look at a range brings at most."""
_COUNT_LIMIT = 100_000
"""Starts that are counted at most; a range with more has "at least" so many."""
_LATEST = 2**63 - 1
"""The last time that a message can hold."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Calendar:
    """The starts of one specification."""

    def __init__(self, spec: Spec) -> None:
        """Read a specification.

        Raises:
            CronError: Its cron expression can't be read.
        """
        self._cron = cron.parse(spec.cron_expression)
        self._start = int(spec.start_time)
        self._end = int(spec.end_time)
        self._jitter = spec.jitter

    def next_after(self, now: int) -> int | None:
        """Return the first start behind a time; None where there is none any more."""
        if self._start and now < self._start:
            now = self._start - SECOND  # so that a start at the start time itself counts
        moment = _EPOCH + timedelta(microseconds=now // 1000)
        try:
            due = _nanos(self._cron.next_after(moment))
        except (cron.CronError, OverflowError):
            return None
        return None if due > (self._end or _LATEST) else due

    def delay(self, due: int, share: float) -> int:
        """Return how much later than due a start happens, for a share of the jitter between 0 and 1.

        It stays before the start that follows, so that jitter never loses one.
        """
        if self._jitter <= 0:
            return 0
        following = self.next_after(due)
        room = self._jitter if following is None else min(self._jitter, following - due - SECOND)
        return max(0, int(room * share))

    def missed(self, since: int, until: int) -> tuple[list[int], bool]:
        """Return the starts in (since, until], and whether there are more than one look brings."""
        found: list[int] = []
        for due in self._between(since, until):
            if len(found) == SCAN_LIMIT:
                return found, True
            found.append(due)
        return found, False

    def count(self, since: int, until: int) -> int:
        """Return how many starts (since, until] has; no more than are counted."""
        if isinstance(self._cron, cron.Every):
            first = self.next_after(since)
            last = min(until, self._end or _LATEST)
            period = int(self._cron.interval.total_seconds()) * SECOND
            return 0 if first is None or first > last else min(_COUNT_LIMIT, (last - first) // period + 1)
        number = 0
        for _ in self._between(since, until):
            number += 1
            if number == _COUNT_LIMIT:
                break
        return number

    def _between(self, since: int, until: int) -> Iterator[int]:
        due = self.next_after(since)
        while due is not None and due <= until:
            yield due
            due = self.next_after(due)


def _nanos(moment: datetime) -> Instant:
    since = moment - _EPOCH
    return Instant((since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1000)
