"""What signals change of a schedule: pause, go on, update, backfill, delete.

Each changes the book or is ignored, as the real server's scheduler does; the frontend has refused by then what is
plainly wrong. What follows from a change is `scheduler`'s.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadence.api.enums import ScheduleOverlapPolicy
from cadence.devserver.schedules import cron
from cadence.devserver.schedules.documents import (
    Backfill,
    BackfillSignal,
    CatchUp,
    Instant,
    PauseSignal,
    UnpauseSignal,
    UpdateSignal,
    read,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cadence.devserver.schedules.documents import Book

__all__ = ("BACKFILL", "DELETE", "PAUSE", "UNPAUSE", "UPDATE", "Outcome", "Signal", "apply")

PAUSE = "scheduler-pause"
UNPAUSE = "scheduler-unpause"
UPDATE = "scheduler-update"
BACKFILL = "scheduler-backfill"
DELETE = "scheduler-delete"

BACKFILLS_LIMIT = 10
"""Backfills that may wait for one schedule."""

_log = logging.getLogger("cadence.devserver")


@dataclass(slots=True, frozen=True)
class Signal:
    """A signal that the schedule's run got."""

    name: str
    input: bytes | None = None


@dataclass(slots=True)
class Outcome:
    """What signals came to."""

    changed: bool = False
    deleted: bool = False


def apply(book: Book, signals: Iterable[Signal], now: int) -> Outcome:
    """Change a schedule as signals say, in their order; deleting goes before everything.

    Args:
        book: The schedule; it is changed.
        signals: What came.
        now: The time, in nanoseconds since 1970.
    """
    outcome = Outcome()
    for signal in signals:
        if signal.name == DELETE:
            outcome.deleted = True
            continue
        try:
            outcome.changed |= _apply(book, signal, now)
        except ValueError as error:
            # Anybody may signal the run; what can't be read changes nothing.
            _log.warning("schedule %r ignores a signal %r: %s", book.schedule_id, signal.name, error)
    return outcome


def _apply(book: Book, signal: Signal, now: int) -> bool:
    if signal.name == PAUSE:
        return _pause(book, read(PauseSignal, signal.input), now)
    if signal.name == UNPAUSE:
        return _unpause(book, read(UnpauseSignal, signal.input))
    if signal.name == UPDATE:
        return _update(book, read(UpdateSignal, signal.input), now)
    if signal.name == BACKFILL:
        return _backfill(book, read(BackfillSignal, signal.input))
    return False


def _pause(book: Book, signal: PauseSignal, now: int) -> bool:
    state = book.state
    if state.paused:
        return False
    state.paused = True
    state.pause_reason = signal.reason
    state.paused_by = signal.paused_by
    state.paused_at = Instant(now)
    return True


def _unpause(book: Book, signal: UnpauseSignal) -> bool:
    state = book.state
    if not state.paused:
        return False
    state.paused = False
    state.pause_reason = state.paused_by = ""
    state.paused_at = Instant(0)
    if signal.catch_up_policy:
        state.unpause_catch_up_policy = CatchUp(signal.catch_up_policy)
    return True


def _update(book: Book, signal: UpdateSignal, now: int) -> bool:
    changed = False
    if signal.spec is not None and _is_readable(signal.spec.cron_expression):
        book.spec = signal.spec
        book.state.pending_backfills = []  # they were meant for the calendar before
        changed = True
    if signal.action is not None:
        book.action = signal.action
        changed = True
    if signal.policies is not None:
        _replace_policies(book, signal)
        changed = True
    if signal.search_attributes is not None:
        book.search_attributes = signal.search_attributes
        changed = True
    if changed:
        book.state.last_update_time = Instant(now)
    return changed


def _replace_policies(book: Book, signal: UpdateSignal) -> None:
    before, after, state = book.policies, signal.policies, book.state
    assert after is not None, "the caller looked"
    if after.catch_up_window <= 0:
        after.catch_up_window = max(0, before.catch_up_window)  # 0 is "not said"
    overlap, overlap_before = int(after.overlap_policy), int(before.overlap_policy)
    if overlap_before == ScheduleOverlapPolicy.BUFFER and overlap != ScheduleOverlapPolicy.BUFFER:
        state.skipped_runs += len(state.buffered_fires)
        state.buffered_fires = []
    counts = overlap == ScheduleOverlapPolicy.CONCURRENT and after.concurrency_limit != 0
    if overlap_before == ScheduleOverlapPolicy.CONCURRENT and not counts:
        state.running_workflows = []
    book.policies = after


def _backfill(book: Book, signal: BackfillSignal) -> bool:
    waiting = book.state.pending_backfills
    if signal.end_time <= signal.start_time or len(waiting) >= BACKFILLS_LIMIT:
        return False
    if signal.backfill_id and any(each.backfill_id == signal.backfill_id for each in waiting):
        return False  # the same request again
    waiting.append(Backfill(signal.start_time, signal.end_time, signal.overlap_policy, signal.backfill_id))
    return True


def _is_readable(expression: str) -> bool:
    try:
        cron.parse(expression)
    except cron.CronError:
        return False
    return True
