"""What can be counted and timed, and the meter that a user's metrics library stands behind.

A leaf: the rooms call a `Meter`; what it does with the numbers is its own business (`cadence.contrib.prometheus`).
All names are in one table, so that dashboards have one place to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

__all__ = ("METRICS", "Meter", "NullMeter")

METRICS: Mapping[str, str] = {
    "cadence_polls_total": "polls, by kind (decision, sticky, activity, session_...) and outcome (task, empty, error)",
    "cadence_decision_tasks_total": "decision tasks, by workflow_type and outcome (completed, failed, query, dropped)",
    "cadence_decision_task_seconds": "from a decision task's arrival to its answer, by workflow_type",
    "cadence_slow_decision_tasks_total": "decision tasks nearly given up by the server, by workflow_type and cause",
    "cadence_activity_tasks_total": "activity tasks, by activity_type and outcome (completed, failed, cancelled, ...)",
    "cadence_eager_activities_total": "activities asked for with a decision's answer, by outcome (started, refused)",
    "cadence_activity_seconds": "from an activity task's arrival to its answer, by activity_type",
    "cadence_blocked_loops_total": "times that an event loop was held, by activity_type (empty: by other code)",
    "cadence_heartbeats_total": "heartbeats sent, by activity_type and outcome (recorded, cancelled, error)",
    "cadence_sticky_runs": "runs in the sticky cache",
    "cadence_sticky_evictions_total": "runs pushed out of the sticky cache while they were open",
}
"""Name -> meaning, with its tags."""


class Meter(Protocol):
    """Takes numbers. Called from several threads; must be quick and not raise."""

    def count(self, name: str, value: int = 1, /, **tags: str) -> None:
        """Add to a counter."""

    def time(self, name: str, seconds: float, /, **tags: str) -> None:
        """Note how long something took."""

    def gauge(self, name: str, value: float, /, **tags: str) -> None:
        """Set a level."""


class NullMeter:
    """Takes numbers and forgets them: the default."""

    def count(self, name: str, value: int = 1, /, **tags: str) -> None:
        """Do nothing."""

    def time(self, name: str, seconds: float, /, **tags: str) -> None:
        """Do nothing."""

    def gauge(self, name: str, value: float, /, **tags: str) -> None:
        """Do nothing."""
