"""Closed runs go when their domain's retention is over: their events, their state, and their rows in lists.

It works in small steps between other work, on the real time of the machine: a server whose clock jumps keeps its runs,
since a test that slept for a month still wants to look at them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from cadence.devserver.clock import SECOND
from cadence.devserver.store.interface import StoreError

if TYPE_CHECKING:
    from cadence.devserver.domains import Domain
    from cadence.devserver.execution.runs import Runs

__all__ = ("sweep", "sweep_on")

_log = logging.getLogger("cadence.devserver")
_EVERY = 600.0
"""Seconds between two looks."""
_STEP = 50
"""Runs that go at once."""
_DAY = 24 * 60 * 60 * SECOND

_EXPIRED = (
    "SELECT run_id, workflow_id FROM visibility "
    "WHERE domain_id = ? AND close_time IS NOT NULL AND close_time < ? ORDER BY close_time LIMIT ?"
)
_DROP = (
    "DELETE FROM events WHERE run_id = ?",
    "DELETE FROM runs WHERE run_id = ?",
)
_DROP_ROW = "DELETE FROM visibility WHERE domain_id = ? AND run_id = ?"
_DROP_CURRENT = "DELETE FROM current_runs WHERE domain_id = ? AND workflow_id = ? AND run_id = ?"


async def sweep_on(runs: Runs) -> None:
    """Drop what is too old, again and again, until cancelled or the store is broken."""
    while True:
        try:
            await sweep(runs)
        except StoreError as error:
            _log.error("closed runs are no longer dropped: %s", error)  # the store told the cause
            return
        await asyncio.sleep(_EVERY)


async def sweep(runs: Runs) -> int:
    """Drop the closed runs whose time is over.

    Returns:
        How many there were.

    Raises:
        StoreError: The store can't be read or written.
    """
    dropped = 0
    for domain in runs.domains.all():
        while count := _step(runs, domain):
            dropped += count
            await runs.store.committed()
            await asyncio.sleep(0)
    return dropped


def _step(runs: Runs, domain: Domain) -> int:
    before_ns = runs.clock.now_ns() - domain.retention_days * _DAY
    rows = runs.store.read(_EXPIRED, (domain.id, before_ns, _STEP))
    statements: list[tuple[str, tuple[str, ...]]] = []
    for run_id, workflow_id in rows:
        runs.forget(run_id)
        statements.extend((statement, (run_id,)) for statement in _DROP)
        statements.append((_DROP_ROW, (domain.id, run_id)))
        statements.append((_DROP_CURRENT, (domain.id, workflow_id, run_id)))
    if statements:
        runs.store.write_all(statements)
    return len(rows)
