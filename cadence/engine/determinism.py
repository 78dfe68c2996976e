"""Where code and history part: the report, in words that lead to the change that caused it.

The comparison itself is made by the ledger, decision event by decision event; this module finds the words. It knows
events and what was asked, and nothing of runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from cadence.api.enums import EventType
from cadence.engine.stacks import Place, place_text
from cadence.exceptions import NondeterminismError

if TYPE_CHECKING:
    from cadence.api import HistoryEvent

__all__ = ("Report", "describe_event", "mismatch", "too_few", "too_many", "unanswerable")


class Asked(Protocol):
    """What the code asked for, as far as a report needs it."""

    place: Place | None

    def describe(self) -> str:
        """Return it in a few words."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How code and history part."""

    event_id: int
    """The event at which they part."""
    recorded: str
    """What history has there; empty: nothing more."""
    asked: str
    """What the code asked for; empty: nothing more."""
    place: str
    """The line of workflow code that asked, or that waits."""
    cause: str
    """What most likely happened, and what to do."""
    workflow: str = ""
    """Which run."""

    def __str__(self) -> str:
        where = f"\n  at:        {self.place}" if self.place else ""
        what = f" of {self.workflow}" if self.workflow else ""
        return (
            f"the workflow's code does not do what its history says, at event {self.event_id}{what}\n"
            f"  history:   {self.recorded or 'nothing more'}\n"
            f"  code:      {self.asked or 'asks for nothing more'}{where}\n"
            f"  {self.cause}"
        )


_HOW = (
    "Put the change behind workflow.get_version(...), or let runs that began with the old code end with it. If the "
    "code did not change, look for what differs from run to run: clocks, random numbers, the order of a set, globals."
)


def mismatch(event: HistoryEvent, asked: Asked) -> NondeterminismError:
    """The code asked for something else than history has."""
    recorded = describe_event(event)
    wanted = asked.describe()
    same_kind = recorded.split(" ", 1)[0] == wanted.split(" ", 1)[0]
    cause = (
        "The code calls the same kind of thing, but with another name or id: was something renamed, or were calls "
        "added or taken away before this one?"
        if same_kind
        else "Were calls added, taken away or put in another order since this run began?"
    )
    return _error(event.event_id or 0, recorded, wanted, asked.place, f"{cause} {_HOW}")


def too_few(event: HistoryEvent, waiting: str) -> NondeterminismError:
    """History has a decision that the code didn't make."""
    cause = "Was a call taken away since this run began, or does a condition before it give another answer?"
    report = Report(
        event_id=event.event_id or 0,
        recorded=describe_event(event),
        asked="",
        place=waiting,
        cause=f"{cause} {_HOW}",
    )
    return NondeterminismError(str(report), event_id=report.event_id, details=report)


def too_many(event_id: int, asked: Asked) -> NondeterminismError:
    """The code made a decision that history doesn't have."""
    cause = "Was a call added since this run began, or does a condition before it give another answer?"
    return _error(event_id, "", asked.describe(), asked.place, f"{cause} {_HOW}")


def unanswerable(event_id: int, asked: str, place: Place | None, cause: str) -> NondeterminismError:
    """The code asks in replay for a value that history doesn't have."""
    return _error(event_id, "", asked, place, f"{cause} {_HOW}")


def _error(event_id: int, recorded: str, asked: str, place: Place | None, cause: str) -> NondeterminismError:
    report = Report(event_id=event_id, recorded=recorded, asked=asked, place=place_text(place), cause=cause)
    return NondeterminismError(str(report), event_id=event_id, details=report)


def describe_event(event: HistoryEvent) -> str:
    """Return a decision's event in the words in which machines describe themselves."""
    kind = event.event_type
    words = _WORDS.get(kind or 0)
    if words is not None:
        return words(event)
    try:
        return EventType(kind or 0).name
    except ValueError:
        return f"event of type {kind}"


def _activity(event: Any) -> str:
    attributes = event.activity_task_scheduled_event_attributes
    return f'activity "{attributes.activity_type.name}" (id {attributes.activity_id})'


def _child(event: Any) -> str:
    attributes = event.start_child_workflow_execution_initiated_event_attributes
    return f'child workflow "{attributes.workflow_type.name}" (id {attributes.workflow_id})'


def _signal(event: Any) -> str:
    attributes = event.signal_external_workflow_execution_initiated_event_attributes
    return f'signal "{attributes.signal_name}" to workflow {attributes.workflow_execution.workflow_id}'


def _cancel(event: Any) -> str:
    attributes = event.request_cancel_external_workflow_execution_initiated_event_attributes
    return f"cancellation of workflow {attributes.workflow_execution.workflow_id}"


_WORDS: dict[int, Callable[[Any], str]] = {
    EventType.ActivityTaskScheduled: _activity,
    EventType.ActivityTaskCancelRequested: lambda event: (
        f"cancellation of activity (id {event.activity_task_cancel_requested_event_attributes.activity_id})"
    ),
    EventType.TimerStarted: lambda event: (
        f"timer of {event.timer_started_event_attributes.start_to_fire_timeout_seconds} s "
        f"(id {event.timer_started_event_attributes.timer_id})"
    ),
    EventType.TimerCanceled: lambda event: (
        f"cancellation of timer (id {event.timer_canceled_event_attributes.timer_id})"
    ),
    EventType.CancelTimerFailed: lambda event: (
        f"cancellation of timer (id {event.cancel_timer_failed_event_attributes.timer_id})"
    ),
    EventType.MarkerRecorded: lambda event: f'marker "{event.marker_recorded_event_attributes.marker_name}"',
    EventType.StartChildWorkflowExecutionInitiated: _child,
    EventType.SignalExternalWorkflowExecutionInitiated: _signal,
    EventType.RequestCancelExternalWorkflowExecutionInitiated: _cancel,
    EventType.UpsertWorkflowSearchAttributes: lambda _event: "upsert of search attributes",
    EventType.WorkflowExecutionCompleted: lambda _event: "the workflow's completion",
    EventType.WorkflowExecutionFailed: lambda _event: "the workflow's failure",
    EventType.WorkflowExecutionCanceled: lambda _event: "the workflow's cancellation",
    EventType.WorkflowExecutionContinuedAsNew: lambda _event: "the workflow's continue-as-new",
}
