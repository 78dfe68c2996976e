"""The runs that a worker keeps between their decision tasks, the least recently used first to go.

Bounded by their number and by the bytes they may take, which are estimated from the sizes of their histories. A run
that is being worked on is never pushed out. Who is pushed out while its workflow is open must be closed on the thread
of workflow code, and the server told that this worker's own list is no longer the place for it: both are the caller's
business (`decision_tasks`). On one loop; it knows nothing of what a run is.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from cadence.worker.local_activities import LocalWork

__all__ = ("Kept", "StickyCache", "StickyStatistics")

RunT = TypeVar("RunT")

# What a run takes before it has any history, and how much more a history takes as objects than on the wire: measured
# with idle runs of one to a hundred activities.
_EMPTY_RUN_BYTES = 12_000
_BYTES_PER_HISTORY_BYTE = 1.5


class Kept(Generic[RunT]):
    """A run with what the next task of it must be compared with."""

    __slots__ = ("history_bytes", "is_gone", "local", "lock", "next_event_id", "run", "run_id", "workflow_id")

    def __init__(self, run_id: str, workflow_id: str, run: RunT) -> None:
        self.run_id = run_id
        self.workflow_id = workflow_id
        self.run = run
        self.next_event_id = 0
        """The first event that the run hasn't seen; 0 until it has seen any."""
        self.history_bytes = 0
        """Its history's size, as the server says."""
        self.is_gone = False
        """It was dropped; whoever waits for its lock finds nothing to work on."""
        self.local: LocalWork | None = None
        """Its local activities; None until it has any."""
        self.lock = asyncio.Lock()
        """Held while a task of the run is worked on: queries may come beside a decision."""

    @property
    def bytes(self) -> int:
        """What it takes, estimated."""
        return _EMPTY_RUN_BYTES + int(self.history_bytes * _BYTES_PER_HISTORY_BYTE)


class StickyStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """A look at the cache."""

    runs: int
    bytes: int
    hits: int
    misses: int
    evictions: int


class StickyCache(Generic[RunT]):
    """Runs by run id."""

    def __init__(self, most_runs: int, most_bytes: int) -> None:
        """Prepare.

        Args:
            most_runs: Most runs kept; 0 keeps none.
            most_bytes: Most bytes that they may take.
        """
        self._most_runs = most_runs
        self._most_bytes = most_bytes
        self._runs: OrderedDict[str, Kept[RunT]] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._bytes = 0
        self._hits = self._misses = self._evictions = 0

    def __len__(self) -> int:
        return len(self._runs)

    def holds(self, kept: Kept[RunT]) -> bool:
        """Whether this very run is kept: it may have gone while somebody waited for its lock."""
        return self._runs.get(kept.run_id) is kept

    def peek(self, run_id: str) -> Kept[RunT] | None:
        """Return a run and count nothing; None where it isn't kept."""
        return self._runs.get(run_id)

    def get(self, run_id: str) -> Kept[RunT] | None:
        """Return a run and make it the most recently used; None where it isn't kept."""
        kept = self._runs.get(run_id)
        if kept is None:
            self._misses += 1
            return None
        self._hits += 1
        self._runs.move_to_end(run_id)
        return kept

    def keep(self, kept: Kept[RunT]) -> list[Kept[RunT]]:
        """Keep a run, new or changed.

        Returns:
            Who had to go for it; the run itself where there is no room for any.
        """
        run_id, size = kept.run_id, kept.bytes
        self._bytes += size - self._sizes.get(run_id, 0)
        self._sizes[run_id] = size
        self._runs[run_id] = kept
        self._runs.move_to_end(run_id)
        if len(self._runs) <= self._most_runs and self._bytes <= self._most_bytes:
            return []
        return self._push_out()

    def drop(self, kept: Kept[RunT]) -> bool:
        """Forget a run. Returns False where it isn't kept."""
        if not self.holds(kept):
            return False
        del self._runs[kept.run_id]
        self._bytes -= self._sizes.pop(kept.run_id)
        return True

    def clear(self) -> list[Kept[RunT]]:
        """Forget all runs that nobody works on, and return them, the most recently used first."""
        runs = [kept for kept in reversed(self._runs.values()) if not kept.lock.locked()]
        for kept in runs:
            self.drop(kept)
        return runs

    def statistics(self) -> StickyStatistics:
        """Counts as of now."""
        return StickyStatistics(
            runs=len(self._runs),
            bytes=self._bytes,
            hits=self._hits,
            misses=self._misses,
            evictions=self._evictions,
        )

    def _push_out(self) -> list[Kept[RunT]]:
        gone = []
        for kept in list(self._runs.values()):
            if len(self._runs) <= self._most_runs and self._bytes <= self._most_bytes:
                break
            if not kept.lock.locked():
                self.drop(kept)
                gone.append(kept)
        self._evictions += len(gone)
        return gone
