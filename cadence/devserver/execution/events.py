"""Events: making one of a type, its attributes, and which of them wait while a decision task is out.

The name of each type's attributes field is derived once, and checked, when this module is imported.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from cadence import api
from cadence.api.enums import EventType

__all__ = ("ALWAYS_NOW", "attributes_of", "close_key", "make_event")


def _field(kind: EventType) -> str:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.name).lower()
    return f"{snake}_event_attributes"


FIELDS: dict[int, str] = {int(kind): _field(kind) for kind in EventType}
assert set(FIELDS.values()) <= set(api.HistoryEvent.__slots__), "an event type without attributes"

ALWAYS_NOW = frozenset(
    {
        EventType.WorkflowExecutionStarted,
        EventType.WorkflowExecutionCompleted,
        EventType.WorkflowExecutionFailed,
        EventType.WorkflowExecutionTimedOut,
        EventType.WorkflowExecutionTerminated,
        EventType.WorkflowExecutionCanceled,
        EventType.WorkflowExecutionContinuedAsNew,
        EventType.DecisionTaskScheduled,
        EventType.DecisionTaskStarted,
        EventType.DecisionTaskCompleted,
        EventType.DecisionTaskTimedOut,
        EventType.DecisionTaskFailed,
        EventType.ActivityTaskScheduled,
        EventType.ActivityTaskCancelRequested,
        EventType.TimerStarted,
        EventType.TimerCanceled,
        EventType.CancelTimerFailed,
        EventType.MarkerRecorded,
        EventType.StartChildWorkflowExecutionInitiated,
        EventType.RequestCancelExternalWorkflowExecutionInitiated,
        EventType.SignalExternalWorkflowExecutionInitiated,
        EventType.UpsertWorkflowSearchAttributes,
    }
)
"""Events that get their id at once; the others wait while a decision task is out."""

_ACTIVITY_CLOSE = frozenset(
    {
        EventType.ActivityTaskCompleted,
        EventType.ActivityTaskFailed,
        EventType.ActivityTaskTimedOut,
        EventType.ActivityTaskCanceled,
    }
)
_CHILD_CLOSE = frozenset(
    {
        EventType.ChildWorkflowExecutionCompleted,
        EventType.ChildWorkflowExecutionFailed,
        EventType.ChildWorkflowExecutionCanceled,
        EventType.ChildWorkflowExecutionTimedOut,
        EventType.ChildWorkflowExecutionTerminated,
    }
)


_NEVER_UNSET: dict[EventType, dict[str, str]] = {
    EventType.WorkflowExecutionStarted: dict.fromkeys(("continued_execution_run_id", "cron_schedule", "identity"), ""),
    EventType.WorkflowExecutionSignaled: dict.fromkeys(("identity", "request_id"), ""),
    EventType.WorkflowExecutionCancelRequested: dict.fromkeys(("cause", "identity", "request_id"), ""),
    EventType.WorkflowExecutionTerminated: dict.fromkeys(("reason", "identity"), ""),
    EventType.DecisionTaskCompleted: dict.fromkeys(("identity", "binary_checksum"), ""),
    EventType.DecisionTaskFailed: dict.fromkeys(
        ("identity", "base_run_id", "new_run_id", "binary_checksum", "request_id"), ""
    ),
    EventType.DecisionTaskTimedOut: {"request_id": ""},
    EventType.ActivityTaskCompleted: {"identity": ""},
    EventType.ActivityTaskFailed: {"identity": ""},
    EventType.ActivityTaskCanceled: {"identity": ""},
    EventType.StartChildWorkflowExecutionInitiated: {"cron_schedule": ""},
}
"""Texts that the real server writes as empty where there are none."""


def make_event(kind: EventType, now_ns: int, attributes: Any) -> api.HistoryEvent:
    """An event without an id; what the real server never leaves unset is set."""
    for name, empty in _NEVER_UNSET.get(kind, {}).items():
        if getattr(attributes, name) is None:
            setattr(attributes, name, empty)
    policy = getattr(attributes, "retry_policy", None)
    if policy is not None and policy.expiration_interval_in_seconds is None:
        attributes.retry_policy = replace(policy, expiration_interval_in_seconds=0)
    event = api.HistoryEvent(timestamp=now_ns, event_type=int(kind), version=-24, task_id=-1234)
    setattr(event, FIELDS[kind], attributes)
    return event


def attributes_of(event: api.HistoryEvent) -> Any:
    """The attributes of an event."""
    return getattr(event, FIELDS[event.event_type or 0])


def close_key(event: api.HistoryEvent) -> tuple[str, int] | None:
    """What an activity's or child's closing event closes: its kind, and the id of the event that opened it."""
    kind = event.event_type
    if kind in _ACTIVITY_CLOSE:
        return "activity", attributes_of(event).scheduled_event_id
    if kind in _CHILD_CLOSE:
        return "child", attributes_of(event).initiated_event_id
    return None


def start_key(event: api.HistoryEvent) -> tuple[str, int] | None:
    """What an activity's or child's started event starts."""
    kind = event.event_type
    if kind == EventType.ActivityTaskStarted:
        return "activity", attributes_of(event).scheduled_event_id
    if kind == EventType.ChildWorkflowExecutionStarted:
        return "child", attributes_of(event).initiated_event_id
    return None
