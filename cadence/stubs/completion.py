"""`ActivityCompletionClient`: completes activities from elsewhere, by the token that they gave away.

It stands on the blocking service, as in 1.x, and can be made from one: `ActivityCompletionClient(service)`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from cadence.api import (
    RecordActivityTaskHeartbeatRequest,
    RespondActivityTaskCanceledRequest,
    RespondActivityTaskCompletedRequest,
    RespondActivityTaskFailedRequest,
)
from cadence.exceptions import ActivityCanceledError

if TYPE_CHECKING:
    from cadence.converter import DataConverter
    from cadence.stubs.service import WorkflowService

__all__ = ("ActivityCompletionClient",)


@dataclasses.dataclass
class ActivityCompletionClient:
    """Completes, fails, cancels activities and reports their progress, from outside of them."""

    service: WorkflowService
    """A blocking service."""
    converter: DataConverter | None = None
    """How results and details are written; default: as 1.x and Java do."""

    def _converter(self) -> DataConverter:
        if self.converter is None:
            from cadence.stubs.conventions import default_converter

            self.converter = default_converter()
        return self.converter

    def heartbeat(self, task_token: bytes, details: object = None) -> None:
        """Report that the activity lives.

        Args:
            task_token: What `Activity.get_task_token()` gave in the activity.
            details: A value for the next attempt.

        Raises:
            ActivityCancelledException: The activity is cancelled and should end.
            EntityNotExistsError: The activity is closed.
        """
        request = RecordActivityTaskHeartbeatRequest(
            task_token=task_token, details=self._converter().encode_value(details), identity=self.service.get_identity()
        )
        response = _checked(self.service.record_activity_task_heartbeat(request))
        if response.cancel_requested:
            raise ActivityCanceledError

    def complete(self, task_token: bytes, return_value: object = None) -> None:
        """Complete the activity.

        Args:
            task_token: What `Activity.get_task_token()` gave in the activity.
            return_value: The activity's result.

        Raises:
            EntityNotExistsError: The activity is closed.
        """
        request = RespondActivityTaskCompletedRequest(
            task_token=task_token,
            result=self._converter().encode_value(return_value),
            identity=self.service.get_identity(),
        )
        _checked(self.service.respond_activity_task_completed(request))

    def complete_exceptionally(self, task_token: bytes, ex: BaseException) -> None:
        """Fail the activity.

        Args:
            task_token: What `Activity.get_task_token()` gave in the activity.
            ex: The exception that the workflow gets as the cause of an ActivityFailureException.

        Raises:
            EntityNotExistsError: The activity is closed.
        """
        reason, details = self._converter().encode_failure(ex)
        request = RespondActivityTaskFailedRequest(
            task_token=task_token, reason=reason, details=details, identity=self.service.get_identity()
        )
        _checked(self.service.respond_activity_task_failed(request))

    def report_cancellation(self, task_token: bytes, details: object = None) -> None:
        """Say that the activity ended because it was cancelled.

        Args:
            task_token: What `Activity.get_task_token()` gave in the activity.
            details: A value for the workflow.

        Raises:
            EntityNotExistsError: The activity is closed.
        """
        request = RespondActivityTaskCanceledRequest(
            task_token=task_token, details=self._converter().encode_value(details), identity=self.service.get_identity()
        )
        _checked(self.service.respond_activity_task_canceled(request))


def _checked(answer: tuple[Any, BaseException | None]) -> Any:
    response, error = answer
    if error is not None:
        raise error
    return response
