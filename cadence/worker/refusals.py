"""Decisions that the server refused: how they are found, and how long to wait before the same are sent again.

A server that refuses decisions (an unknown search attribute, a name that is too long) answers as if all were well,
notes the reason in history, and hands out the next attempt at once. Without a pause the two would go round and round,
hundreds of times a second, and nobody would learn why. Knows events; who waits and who logs is `decision_tasks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cadence.api.enums import DecisionTaskFailedCause

if TYPE_CHECKING:
    from cadence.api import HistoryEvent

__all__ = ("pause_before", "refusal_in")

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 10.0

# Not refusals: told by a worker, or brought about by what happened meanwhile.
_OTHERS = frozenset(
    (
        DecisionTaskFailedCause.UNHANDLED_DECISION,
        DecisionTaskFailedCause.WORKFLOW_WORKER_UNHANDLED_FAILURE,
        DecisionTaskFailedCause.RESET_STICKY_TASKLIST,
        DecisionTaskFailedCause.RESET_WORKFLOW,
        DecisionTaskFailedCause.FORCE_CLOSE_DECISION,
        DecisionTaskFailedCause.FAILOVER_CLOSE_DECISION,
    )
)


def refusal_in(events: Sequence[HistoryEvent]) -> str:
    """Return why the server refused the last decisions, or an empty text where it didn't.

    Args:
        events: Those of the next attempt.
    """
    for event in reversed(events):
        if event.decision_task_completed_event_attributes is not None:
            return ""
        failed = event.decision_task_failed_event_attributes
        if failed is not None:
            return "" if failed.cause in _OTHERS else _words(failed.cause, failed.details)
    return ""


def pause_before(attempt: int, timeout: float) -> float:
    """Return the seconds to wait before refused decisions are sent again.

    Args:
        attempt: The task's attempt; 1 is the first after the refusal, and goes out at once.
        timeout: The decision timeout in seconds; a pause takes at most half of it.
    """
    if attempt < 2:
        return 0.0
    return min(_FIRST_PAUSE * 2.0 ** min(attempt - 2, 16), _LONGEST_PAUSE, timeout / 2)


def _words(cause: int | None, details: bytes | None) -> str:
    name = "no cause is given"
    if cause is not None:
        known = cause in DecisionTaskFailedCause.__members__.values()
        name = DecisionTaskFailedCause(cause).name if known else f"cause {cause}"
    text = (details or b"").decode("utf-8", "replace")
    return f"{name}: {text}" if text else name
