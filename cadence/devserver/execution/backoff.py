"""How long a retry waits, and whether there is one: for activities and for runs alike. Pure arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.devserver.clock import SECOND
from cadence.devserver.execution.state import Retry

if TYPE_CHECKING:
    from cadence import api

__all__ = ("next_wait", "retry_of")

NEVER_RETRIED = frozenset(
    {
        "CANCEL_DETAILS_EXCEEDS_LIMIT",
        "COMPLETE_RESULT_EXCEEDS_LIMIT",
        "HEARTBEAT_EXCEEDS_LIMIT",
        "DECISION_BLOB_SIZE_EXCEEDS_LIMIT",
    }
)
"""Failures that the server itself makes of what is too large: it will not get smaller."""

_LIMIT = 1 << 31
"""Seconds; a wait beyond it overflows on the real server."""


def retry_of(policy: api.RetryPolicy | None) -> Retry | None:
    """A policy of a message as it is kept in a run's state."""
    if policy is None:
        return None
    return Retry(
        initial=policy.initial_interval_in_seconds or 0,
        coefficient=policy.backoff_coefficient or 1.0,
        maximum=policy.maximum_interval_in_seconds or 0,
        attempts=policy.maximum_attempts or 0,
        expiration=policy.expiration_interval_in_seconds or 0,
        non_retriable=list(policy.non_retriable_error_reasons or ()),
    )


def next_wait(retry: Retry | None, attempt: int, reason: str, now_ns: int, expires_ns: int) -> int | None:
    """Return the seconds until the next attempt, or None where there is none.

    Args:
        retry: The policy.
        attempt: The attempt that failed, from 0.
        reason: Why it failed.
        now_ns: The time.
        expires_ns: No attempt starts later; 0 is no limit.
    """
    if retry is None or (retry.attempts == 0 and expires_ns == 0):
        return None
    if retry.attempts > 0 and attempt >= retry.attempts - 1:
        return None
    if reason in NEVER_RETRIED or reason in retry.non_retriable:
        return None
    wait = _interval(retry, attempt)
    if wait is None or (expires_ns and now_ns + wait * SECOND > expires_ns):
        return None
    return wait


def _interval(retry: Retry, attempt: int) -> int | None:
    try:
        wait = int(retry.initial * retry.coefficient**attempt)
    except OverflowError:
        wait = _LIMIT
    if wait >= _LIMIT or wait <= 0:
        return retry.maximum or None
    return min(wait, retry.maximum) if retry.maximum else wait
