"""The four clocks of activities; public as `cadence.exceptions.TimeoutKind`."""

from __future__ import annotations

import enum

__all__ = ("TimeoutKind",)


class TimeoutKind(enum.Enum):
    """Which clock ran out."""

    START_TO_CLOSE = "START_TO_CLOSE"
    """The attempt was picked up and did not end in time."""
    SCHEDULE_TO_START = "SCHEDULE_TO_START"
    """No worker picked it up in time."""
    SCHEDULE_TO_CLOSE = "SCHEDULE_TO_CLOSE"
    """It did not end in time, waiting and retries included."""
    HEARTBEAT = "HEARTBEAT"
    """The time between two heartbeats was too long."""
