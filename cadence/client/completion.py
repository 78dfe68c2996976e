"""`ActivityCompletion`: completes an activity from elsewhere, by the token that it gave away or by ids.

The activity's function said `activity.complete_elsewhere()`; until somebody completes it, its timeouts run on.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, NamedTuple

from cadence import api
from cadence.errors import BadRequestError, EntityNotExistsError, WorkflowExecutionAlreadyCompletedError
from cadence.exceptions import ActivityCanceledError, ActivityCompletionError, ConfigurationError

if TYPE_CHECKING:
    from cadence.client.ports import ClientService
    from cadence.converter import DataConverter

__all__ = ("ActivityCompletion", "ActivityIds", "completion_of")

_UNKNOWN_ID = "Cannot locate Activity"
"""How a server answers for an activity id that no pending activity has."""


class ActivityIds(NamedTuple):
    """Names a pending activity without its token."""

    workflow_id: str
    run_id: str
    """An empty text for the current run."""
    activity_id: str


class ActivityCompletion:
    """One activity that is completed from elsewhere. Made by `Client.activity_completion`.

    Every method raises ActivityCompletionError where the activity is unknown, closed or timed out, and is tried again
    after passing failures.
    """

    def __init__(
        self, service: ClientService, domain: str, converter: DataConverter, identity: str, target: bytes | ActivityIds
    ) -> None:
        self._service = service
        self._domain = domain
        self._converter = converter
        self._identity = identity
        self._target = target

    def __repr__(self) -> str:
        # A token lets who has it complete the activity, so logs must not show it.
        return f"<ActivityCompletion {'by token' if isinstance(self._target, bytes) else self._target}>"

    async def complete(self, result: object = None) -> None:
        """Complete the activity.

        Args:
            result: What the workflow gets as the activity's result.

        Raises:
            ActivityCompletionError: It is unknown, closed or timed out.
            ConversionError: The result can't be converted.
        """
        fields = {"result": self._converter.encode_value(result, place=f"result of {self!r}"), **self._who()}
        if isinstance(self._target, bytes):
            await self._told(
                self._service.respond_activity_task_completed(api.RespondActivityTaskCompletedRequest(**fields))
            )
        else:
            await self._told(
                self._service.respond_activity_task_completed_by_id(
                    api.RespondActivityTaskCompletedByIDRequest(**fields)
                )
            )

    async def fail(self, error: BaseException) -> None:
        """Fail the activity; it is tried again where its retry policy says so.

        Args:
            error: What the workflow gets as the `__cause__` of an ActivityFailedError.

        Raises:
            ActivityCompletionError: It is unknown, closed or timed out.
        """
        reason, details = self._converter.encode_failure(error)
        fields = {"reason": reason, "details": details, **self._who()}
        if isinstance(self._target, bytes):
            await self._told(self._service.respond_activity_task_failed(api.RespondActivityTaskFailedRequest(**fields)))
        else:
            await self._told(
                self._service.respond_activity_task_failed_by_id(api.RespondActivityTaskFailedByIDRequest(**fields))
            )

    async def cancelled(self, *details: object) -> None:
        """Say that the activity ended because it was cancelled; only after a heartbeat said so.

        Args:
            *details: Values for the workflow.

        Raises:
            ActivityCompletionError: It is unknown, closed or timed out, or its cancellation was not asked for.
            ConversionError: A value can't be converted.
        """
        fields = {"details": self._converter.encode_arguments(details), **self._who()}
        if isinstance(self._target, bytes):
            await self._told(
                self._service.respond_activity_task_canceled(api.RespondActivityTaskCanceledRequest(**fields))
            )
        else:
            await self._told(
                self._service.respond_activity_task_canceled_by_id(api.RespondActivityTaskCanceledByIDRequest(**fields))
            )

    async def heartbeat(self, *details: object) -> None:
        """Report that the activity goes on.

        Args:
            *details: Values for the next attempt, as of `activity.heartbeat`.

        Raises:
            ActivityCanceledError: Its cancellation was asked for; end it with `cancelled()`.
            ActivityCompletionError: It is unknown, closed or timed out.
            ConversionError: A value can't be converted.
        """
        fields = {"details": self._converter.encode_arguments(details), **self._who()}
        if isinstance(self._target, bytes):
            response = await self._told(
                self._service.record_activity_task_heartbeat(api.RecordActivityTaskHeartbeatRequest(**fields))
            )
        else:
            response = await self._told(
                self._service.record_activity_task_heartbeat_by_id(api.RecordActivityTaskHeartbeatByIDRequest(**fields))
            )
        if response.cancel_requested:
            raise ActivityCanceledError(
                "its cancellation was asked for",
                activity_id="" if isinstance(self._target, bytes) else self._target.activity_id,
            )

    def _who(self) -> dict[str, Any]:
        """Give the fields that say which activity is meant, and who acts."""
        if isinstance(self._target, bytes):
            return {"task_token": self._target, "identity": self._identity}
        return {
            "domain": self._domain,
            "workflow_id": self._target.workflow_id,
            "run_id": self._target.run_id or None,
            "activity_id": self._target.activity_id,
            "identity": self._identity,
        }

    async def _told(self, call: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await call
        except (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError) as error:
            raise self._refused(error) from error
        except BadRequestError as error:
            if _UNKNOWN_ID not in error.message:
                raise
            raise self._refused(error) from error

    def _refused(self, error: Exception) -> ActivityCompletionError:
        target = self._target
        which = "" if isinstance(target, bytes) else f' "{target.activity_id}" of workflow "{target.workflow_id}"'
        return ActivityCompletionError(f"activity{which} can't be completed from here: {error}")


def completion_of(
    task_token: object, workflow_id: str | None, run_id: str | None, activity_id: str | None
) -> bytes | ActivityIds:
    """Check how an activity is named.

    Raises:
        ConfigurationError: Neither by token nor by ids, or both.
    """
    hint = "give the task token, or workflow_id and activity_id"
    if task_token is not None:
        if workflow_id is not None or activity_id is not None or run_id is not None:
            msg = "activity_completion got a task token and ids"
            raise ConfigurationError(msg, hint=hint)
        if not isinstance(task_token, bytes) or not task_token:
            msg = f"activity_completion: the task token is {type(task_token).__name__ if task_token else 'empty'}"
            raise ConfigurationError(msg, hint="give the bytes of activity.info().task_token")
        return task_token
    if not workflow_id or not activity_id:
        msg = "activity_completion doesn't know which activity is meant"
        raise ConfigurationError(msg, hint=hint)
    return ActivityIds(workflow_id, run_id or "", activity_id)
