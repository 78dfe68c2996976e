"""What users test their workflows and activities with: replaying recorded histories, before each deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.testing.histories import WorkflowHistory
    from cadence.testing.replayer import Replayer, ReplayReport, ReplayResult
    from cadence.testing.shadower import Shadower

__all__ = ("ReplayReport", "ReplayResult", "Replayer", "Shadower", "WorkflowHistory")

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        names_by_module(
            __name__,
            {
                "histories": "WorkflowHistory",
                "replayer": "ReplayReport ReplayResult Replayer",
                "shadower": "Shadower",
            },
        ),
    )
