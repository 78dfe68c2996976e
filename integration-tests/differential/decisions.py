"""Decisions with short names, as scenarios write them; plain structs, no calls."""

from __future__ import annotations

from typing import Any

from cadence import api
from cadence.api.enums import DecisionType

__all__ = (
    "activity",
    "cancel_activity",
    "cancel_external",
    "cancel_self",
    "cancel_timer",
    "child",
    "complete",
    "continue_as_new",
    "fail",
    "marker",
    "signal_external",
    "timer",
    "upsert",
)


def decision(kind: DecisionType, attributes: Any) -> api.Decision:
    """Give a decision with its attributes in the right field."""
    name = "".join("_" + letter.lower() if letter.isupper() else letter for letter in kind.name).lstrip("_")
    return api.Decision(kind, **{f"{name}_decision_attributes": attributes})


def _list(name: str | None) -> api.TaskList | None:
    return None if name is None else api.TaskList(name=name)


def complete(result: bytes | None = b'"done"') -> api.Decision:
    """Complete the run."""
    return decision(DecisionType.CompleteWorkflowExecution, api.CompleteWorkflowExecutionDecisionAttributes(result))


def fail(reason: str | None = "broken", details: bytes | None = b'"why"') -> api.Decision:
    """Fail the run."""
    return decision(DecisionType.FailWorkflowExecution, api.FailWorkflowExecutionDecisionAttributes(reason, details))


def cancel_self(details: bytes | None = b'"stopped"') -> api.Decision:
    """End the run as cancelled."""
    return decision(DecisionType.CancelWorkflowExecution, api.CancelWorkflowExecutionDecisionAttributes(details))


def activity(task_list: str | None, activity_id: str | None = "a", **more: Any) -> api.Decision:
    """Schedule an activity."""
    fields = {
        "activity_id": activity_id,
        "activity_type": api.ActivityType(name="work"),
        "task_list": _list(task_list),
        "input": b"[1]",
        "schedule_to_close_timeout_seconds": 30,
        "schedule_to_start_timeout_seconds": 30,
        "start_to_close_timeout_seconds": 30,
        "heartbeat_timeout_seconds": 0,
        **more,
    }
    return decision(DecisionType.ScheduleActivityTask, api.ScheduleActivityTaskDecisionAttributes(**fields))


def cancel_activity(activity_id: str | None = "a") -> api.Decision:
    """Ask an activity to stop."""
    return decision(
        DecisionType.RequestCancelActivityTask, api.RequestCancelActivityTaskDecisionAttributes(activity_id)
    )


def timer(seconds: int | None = 1, timer_id: str | None = "t") -> api.Decision:
    """Start a timer."""
    return decision(DecisionType.StartTimer, api.StartTimerDecisionAttributes(timer_id, seconds))


def cancel_timer(timer_id: str | None = "t") -> api.Decision:
    """Stop a timer."""
    return decision(DecisionType.CancelTimer, api.CancelTimerDecisionAttributes(timer_id))


def marker(name: str | None = "note", details: bytes | None = b'"seen"', **more: Any) -> api.Decision:
    """Record a marker."""
    return decision(DecisionType.RecordMarker, api.RecordMarkerDecisionAttributes(name, details, **more))


def child(workflow_id: str | None, task_list: str | None = None, **more: Any) -> api.Decision:
    """Start a child workflow."""
    fields = {
        "workflow_id": workflow_id,
        "workflow_type": api.WorkflowType(name="part"),
        "task_list": _list(task_list),
        "input": b"[2]",
        "execution_start_to_close_timeout_seconds": 30,
        "task_start_to_close_timeout_seconds": 10,
        **more,
    }
    return decision(
        DecisionType.StartChildWorkflowExecution, api.StartChildWorkflowExecutionDecisionAttributes(**fields)
    )


def signal_external(
    domain: str | None, workflow_id: str | None, run_id: str | None = None, **more: Any
) -> api.Decision:
    """Signal another run."""
    fields = {
        "domain": domain,
        "execution": api.WorkflowExecution(workflow_id, run_id),
        "signal_name": "hello",
        "input": b"[3]",
        **more,
    }
    return decision(
        DecisionType.SignalExternalWorkflowExecution, api.SignalExternalWorkflowExecutionDecisionAttributes(**fields)
    )


def cancel_external(
    domain: str | None, workflow_id: str | None, run_id: str | None = None, **more: Any
) -> api.Decision:
    """Ask another run to cancel."""
    fields = {"domain": domain, "workflow_id": workflow_id, "run_id": run_id, **more}
    return decision(
        DecisionType.RequestCancelExternalWorkflowExecution,
        api.RequestCancelExternalWorkflowExecutionDecisionAttributes(**fields),
    )


def continue_as_new(task_list: str | None = None, **more: Any) -> api.Decision:
    """Go on in a new run."""
    fields = {
        "workflow_type": api.WorkflowType(name="next"),
        "task_list": _list(task_list),
        "input": b"[4]",
        "execution_start_to_close_timeout_seconds": 30,
        "task_start_to_close_timeout_seconds": 10,
        **more,
    }
    return decision(
        DecisionType.ContinueAsNewWorkflowExecution, api.ContinueAsNewWorkflowExecutionDecisionAttributes(**fields)
    )


def upsert(fields: dict[str, bytes] | None) -> api.Decision:
    """Change search attributes."""
    attributes = None if fields is None else api.SearchAttributes(fields)
    return decision(
        DecisionType.UpsertWorkflowSearchAttributes,
        api.UpsertWorkflowSearchAttributesDecisionAttributes(attributes),
    )
