"""What the event that closes a run means: a result, an error, or another run that goes on.

Pure: events and bytes in, values and errors out; history.py waits for the event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cadence.api.enums import ContinueAsNewInitiator, EventType, TimeoutType
from cadence.client.descriptions import member_name
from cadence.converter.failures import failure_text
from cadence.converter.wire_options import own_reason
from cadence.exceptions import (
    CadenceError,
    ConversionError,
    TimeoutKind,
    WorkflowCanceledError,
    WorkflowContinuedAsNewError,
    WorkflowError,
    WorkflowFailedError,
    WorkflowTerminatedError,
    WorkflowTimedOutError,
)

if TYPE_CHECKING:
    from cadence import api
    from cadence.converter import DataConverter

__all__ = ("RunNames", "next_run", "result_of")


@dataclass(frozen=True, slots=True)
class RunNames:
    """Which run ended, for messages."""

    workflow_id: str
    run_id: str
    workflow_type: str

    def fields(self) -> dict[str, str]:
        """Give the names as keyword arguments of errors."""
        return {"workflow_id": self.workflow_id, "run_id": self.run_id, "workflow_type": self.workflow_type}


def next_run(event: api.HistoryEvent) -> str:
    """Give the id of the run that goes on in the closed one's place, or an empty text."""
    attributes = event.workflow_execution_continued_as_new_event_attributes
    return "" if attributes is None else attributes.new_execution_run_id or ""


def result_of(event: api.HistoryEvent, names: RunNames, result_type: Any, converter: DataConverter) -> Any:
    """Give the run's result.

    Raises:
        WorkflowError: It didn't complete; the subclass says what happened instead.
        ConversionError: The result isn't what `result_type` says.
    """
    completed = event.workflow_execution_completed_event_attributes
    if completed is None:
        raise _error_of(event, names, result_type, converter)
    return _value(completed.result, names, result_type, converter)


def _value(data: bytes | None, names: RunNames, result_type: Any, converter: DataConverter) -> Any:
    place = f'result of workflow {names.workflow_type or "type unknown"} (id "{names.workflow_id}")'
    try:
        return converter.decode_value(data, result_type, place=place)
    except ConversionError as error:
        error.hint = error.hint or "it did complete; a handle with result_type=object gives what it returned as it is"
        raise


def _error_of(event: api.HistoryEvent, names: RunNames, result_type: Any, converter: DataConverter) -> CadenceError:
    if (failed := event.workflow_execution_failed_event_attributes) is not None:
        cause = converter.decode_failure(failed.reason, failed.details)
        reason = own_reason(failed.reason, cause)
        error: WorkflowError = WorkflowFailedError(failure_text(cause), **names.fields(), reason=reason)
        error.__cause__ = cause
        return error
    if (timed_out := event.workflow_execution_timed_out_event_attributes) is not None:
        name = member_name(TimeoutType, timed_out.timeout_type or 0)
        kind = TimeoutKind.__members__.get(name, TimeoutKind.START_TO_CLOSE)
        return WorkflowTimedOutError(**names.fields(), kind=kind)
    if (canceled := event.workflow_execution_canceled_event_attributes) is not None:
        error = WorkflowCanceledError(**names.fields())
        error.details = converter.decode_details(canceled.details)
        return error
    if (terminated := event.workflow_execution_terminated_event_attributes) is not None:
        return WorkflowTerminatedError(**names.fields(), reason=terminated.reason or "")
    if (continued := event.workflow_execution_continued_as_new_event_attributes) is not None:
        return _continued(continued, names, result_type, converter)
    kind_of_event = member_name(EventType, event.event_type or 0)
    return WorkflowError(f"it was closed by an event of type {kind_of_event}", **names.fields())


def _continued(
    event: api.WorkflowExecutionContinuedAsNewEventAttributes,
    names: RunNames,
    result_type: Any,
    converter: DataConverter,
) -> WorkflowContinuedAsNewError:
    """Say which run goes on and why; retries tell what failed, cron schedules what there is already."""
    cause = converter.decode_failure(event.failure_reason, event.failure_details) if event.failure_reason else None
    after = "" if cause is None else f" after {failure_text(cause)}"
    error = WorkflowContinuedAsNewError(f"run {event.new_execution_run_id} goes on{after}", **names.fields())
    error.__cause__ = cause
    error.new_run_id = event.new_execution_run_id or ""
    error.initiator = member_name(ContinueAsNewInitiator, event.initiator or 0)
    if event.last_completion_result is not None:
        error.last_result = _value(event.last_completion_result, names, result_type, converter)
    return error
