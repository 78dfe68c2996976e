"""Closed runs that go: after the days that their domain keeps them, their rows are deleted.

A sweep looks now and then, in small parts so that nobody waits for it. It runs on the loop's own clock: time that is
jumped over in tests must not sweep for ever. When a run closed is told by the visibility table.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from cadence.devserver.clock import SECOND
from cadence.devserver.store.interface import StoreError

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs

__all__ = ("Retention",)

_log = logging.getLogger("cadence.devserver")
_PAUSE = 600.0
"""Seconds between two sweeps."""
_BREATH = 0.05
"""Seconds between two parts of one."""
_PART = 50
"""Runs deleted at once."""
_DAY = 86_400 * SECOND

_DUE = "SELECT run_id, workflow_id FROM visibility WHERE domain_id = ? AND close_time < ? LIMIT ?"


class Retention:
    """The sweep of one server."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Sweep from now on."""
        self._timer = asyncio.get_running_loop().call_later(_PAUSE, self._sweep)

    def close(self) -> None:
        """Sweep no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _sweep(self) -> None:
        try:
            pause = _BREATH if self.sweep() else _PAUSE
        except StoreError as error:
            _log.error("closed runs are no longer deleted: %s", error)  # the store told the cause
            return
        self._timer = asyncio.get_running_loop().call_later(pause, self._sweep)

    def sweep(self) -> bool:
        """Delete a part of what is due.

        Returns:
            Whether there may be more.

        Raises:
            StoreError: The store can't be read.
        """
        runs = self._runs
        now_ns = runs.clock.now_ns()
        more = False
        for domain in runs.domains.all():
            due = runs.store.read(_DUE, (domain.id, now_ns - domain.retention_days * _DAY, _PART))
            for run_id, workflow_id in due:
                runs.forget(domain.id, workflow_id, run_id)
            more = more or len(due) == _PART
        return more
