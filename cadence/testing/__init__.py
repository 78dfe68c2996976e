"""What users test workflows and activities with: a server that skips time, activities alone, replayed histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.testing.activity_environment import ActivityEnvironment
    from cadence.testing.blocking import BlockingWorkflowEnvironment
    from cadence.testing.environment import WorkflowEnvironment
    from cadence.testing.histories import WorkflowHistory
    from cadence.testing.mocks import MockActivity
    from cadence.testing.replayer import Replayer, ReplayReport, ReplayResult
    from cadence.testing.shadower import Shadower
    from cadence.testing.waiting import wait_until

__all__ = (
    "ActivityEnvironment",
    "BlockingWorkflowEnvironment",
    "MockActivity",
    "ReplayReport",
    "ReplayResult",
    "Replayer",
    "Shadower",
    "WorkflowEnvironment",
    "WorkflowHistory",
    "wait_until",
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        names_by_module(
            __name__,
            {
                "activity_environment": "ActivityEnvironment",
                "blocking": "BlockingWorkflowEnvironment",
                "environment": "WorkflowEnvironment",
                "histories": "WorkflowHistory",
                "mocks": "MockActivity",
                "replayer": "ReplayReport ReplayResult Replayer",
                "shadower": "Shadower",
                "waiting": "wait_until",
            },
        ),
    )
