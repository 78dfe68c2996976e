"""`Activity` and `ActivityContext`: what activity code of 1.x can ask, by its names there.

A thin face over `cadence.activity.context`. Heartbeats raise here when the activity is cancelled, as they do in 1.x.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from cadence.activity import context
from cadence.activity.runtime import ActivityRuntime, current
from cadence.exceptions import ActivityCanceledError

if TYPE_CHECKING:
    from cadence.api import ActivityType, WorkflowExecution

__all__ = ("Activity", "ActivityContext", "ActivityTask")


@dataclasses.dataclass
class ActivityTask:
    """The task that is being run, fields as on the wire."""

    task_token: bytes
    workflow_execution: WorkflowExecution
    activity_id: str
    activity_type: ActivityType
    scheduled_timestamp: int
    """Nanoseconds since the epoch."""
    schedule_to_close_timeout_seconds: int
    start_to_close_timeout_seconds: int
    heartbeat_timeout_seconds: int
    attempt: int
    heartbeat_details: bytes | None
    workflow_domain: str


class ActivityContext:
    """The running activity, for code that hands it on: to a thread of its own, for example."""

    def __init__(self, runtime: ActivityRuntime) -> None:
        self._runtime = runtime

    @staticmethod
    def get() -> ActivityContext:
        """Return the context of the activity whose code is running."""
        return ActivityContext(current())

    @property
    def domain(self) -> str:
        """The workflow's domain."""
        return self._runtime.info.domain

    @property
    def activity_task(self) -> ActivityTask:
        """The task that is being run."""
        from cadence.api import ActivityType, WorkflowExecution

        info = self._runtime.info
        details = self._runtime.heartbeat_details(())
        whole = [
            0 if timeout is None else int(timeout.total_seconds())
            for timeout in (info.schedule_to_close_timeout, info.start_to_close_timeout, info.heartbeat_timeout)
        ]
        return ActivityTask(
            task_token=info.task_token,
            workflow_execution=WorkflowExecution(workflow_id=info.workflow_id, run_id=info.run_id),
            activity_id=info.activity_id,
            activity_type=ActivityType(name=info.activity_type),
            scheduled_timestamp=int(info.scheduled_time.timestamp()) * 1_000_000_000
            + info.scheduled_time.microsecond * 1000,
            schedule_to_close_timeout_seconds=whole[0],
            start_to_close_timeout_seconds=whole[1],
            heartbeat_timeout_seconds=whole[2],
            attempt=info.attempt,
            heartbeat_details=json.dumps(details[0]).encode() if details else None,
            workflow_domain=info.domain,
        )

    def heartbeat(self, details: object = None) -> None:
        """Report progress.

        Raises:
            ActivityCancelledException: The activity is cancelled and should end.
        """
        self._runtime.heartbeat((details,))
        if self._runtime.is_cancelled:
            info = self._runtime.info
            raise ActivityCanceledError(
                self._runtime.cancel_reason, activity_type=info.activity_type, activity_id=info.activity_id
            )

    def get_heartbeat_details(self) -> Any:
        """Return what the last heartbeat of the previous attempt left, or None."""
        details = self._runtime.heartbeat_details(())
        return details[0] if details else None

    def do_not_complete_on_return(self) -> None:
        """Leave the activity open when its function returns; an ActivityCompletionClient completes it."""
        self._runtime.complete_elsewhere()


class Activity:
    """Static methods for activity code; each raises ConfigurationError outside of it."""

    @staticmethod
    def get_task_token() -> bytes:
        """Return what names this attempt to an ActivityCompletionClient."""
        return context.info().task_token

    @staticmethod
    def get_workflow_execution() -> WorkflowExecution:
        """Return the workflow that called the activity."""
        return ActivityContext.get().activity_task.workflow_execution

    @staticmethod
    def get_domain() -> str:
        """Return the workflow's domain."""
        return context.info().domain

    @staticmethod
    def get_heartbeat_details() -> Any:
        """Return what the last heartbeat of the previous attempt left, or None."""
        return ActivityContext.get().get_heartbeat_details()

    @staticmethod
    def heartbeat(details: object = None) -> None:
        """Report progress.

        Raises:
            ActivityCancelledException: The activity is cancelled and should end.
        """
        ActivityContext.get().heartbeat(details)

    @staticmethod
    def get_activity_task() -> ActivityTask:
        """Return the task that is being run."""
        return ActivityContext.get().activity_task

    @staticmethod
    def do_not_complete_on_return() -> None:
        """Leave the activity open when its function returns; an ActivityCompletionClient completes it."""
        context.complete_elsewhere()
