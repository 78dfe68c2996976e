"""What becomes of starts that were missed, and how many may wait or go on at once.

Pure functions over numbers; what they choose is done by `firing`, and `scheduler` keeps the count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api.enums import ScheduleCatchUpPolicy, ScheduleOverlapPolicy
from cadence.devserver.schedules.documents import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence.devserver.schedules.documents import Policies

__all__ = ("buffer_limit", "concurrency_limit", "overlap_of", "set_defaults", "to_catch_up")

_SYSTEM_LIMIT = 1_000
"""Starts that may wait, and runs that are told apart, whatever the schedule says."""
_CATCH_UP_WINDOW = 365 * 86_400 * SECOND


def set_defaults(policies: Policies) -> None:
    """Complete the policies of a new schedule."""
    looks_back = int(policies.catch_up_policy) in {ScheduleCatchUpPolicy.ONE, ScheduleCatchUpPolicy.ALL}
    if looks_back and policies.catch_up_window <= 0:
        policies.catch_up_window = _CATCH_UP_WINDOW


def to_catch_up(policy: int, window: int, missed: Sequence[int], now: int) -> tuple[list[int], int]:
    """Choose among missed starts.

    Args:
        policy: A `ScheduleCatchUpPolicy`; one that isn't known skips.
        window: How old a start may be, in nanoseconds; 0 is no limit.
        missed: The starts, the oldest first.
        now: The time.

    Returns:
        Those to make up for, and how many are skipped for good.
    """
    eligible = [due for due in missed if window <= 0 or now - due <= window]
    if policy == ScheduleCatchUpPolicy.ALL:
        chosen = eligible
    elif policy == ScheduleCatchUpPolicy.ONE:
        chosen = eligible[-1:]
    else:
        chosen = []
    return chosen, len(missed) - len(chosen)


def overlap_of(policy: int) -> int:
    """Return the overlap policy that is meant: where none is set, new starts are skipped."""
    return policy or ScheduleOverlapPolicy.SKIP_NEW


def buffer_limit(limit: int) -> int:
    """Return how many starts may wait for the run before them; 0 is the server's own limit."""
    return limit if 0 < limit <= _SYSTEM_LIMIT else _SYSTEM_LIMIT


def concurrency_limit(limit: int) -> int:
    """Return how many runs may go on at once, for a schedule that limits them."""
    return min(limit, _SYSTEM_LIMIT)
