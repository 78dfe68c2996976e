"""Events as the page shows them: a row of the table, and where the event stands in the timeline.

Events belong together: an activity is scheduled, started, completed. Each event names the one that opened its span and
that one's time, so that a page of a long history can be drawn without the pages before it. It reads a run's events and
changes nothing; values inside the attributes are `fields`' job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cadence.api.enums import EventType
from cadence.devserver.execution.events import attributes_of
from cadence.devserver.web.fields import fields_of, milliseconds, named
from cadence.devserver.web.payloads import CUT

if TYPE_CHECKING:
    from cadence import api
    from cadence.devserver.execution.state import Run

__all__ = ("shown_event",)

_OPEN, _START, _CLOSE = "open", "start", "close"

# Kind of the span, stage in it, the attribute that names its first event (None: this is it), and how it went.
_SPANS: dict[EventType, tuple[str, str, str | None, str]] = {
    EventType.DecisionTaskScheduled: ("decision", _OPEN, None, ""),
    EventType.DecisionTaskStarted: ("decision", _START, "scheduled_event_id", ""),
    EventType.DecisionTaskCompleted: ("decision", _CLOSE, "scheduled_event_id", "completed"),
    EventType.DecisionTaskFailed: ("decision", _CLOSE, "scheduled_event_id", "failed"),
    EventType.DecisionTaskTimedOut: ("decision", _CLOSE, "scheduled_event_id", "timed out"),
    EventType.ActivityTaskScheduled: ("activity", _OPEN, None, ""),
    EventType.ActivityTaskStarted: ("activity", _START, "scheduled_event_id", ""),
    EventType.ActivityTaskCompleted: ("activity", _CLOSE, "scheduled_event_id", "completed"),
    EventType.ActivityTaskFailed: ("activity", _CLOSE, "scheduled_event_id", "failed"),
    EventType.ActivityTaskTimedOut: ("activity", _CLOSE, "scheduled_event_id", "timed out"),
    EventType.ActivityTaskCanceled: ("activity", _CLOSE, "scheduled_event_id", "canceled"),
    EventType.TimerStarted: ("timer", _OPEN, None, ""),
    EventType.TimerFired: ("timer", _CLOSE, "started_event_id", "fired"),
    EventType.TimerCanceled: ("timer", _CLOSE, "started_event_id", "canceled"),
    EventType.StartChildWorkflowExecutionInitiated: ("child", _OPEN, None, ""),
    EventType.ChildWorkflowExecutionStarted: ("child", _START, "initiated_event_id", ""),
    EventType.StartChildWorkflowExecutionFailed: ("child", _CLOSE, "initiated_event_id", "failed"),
    EventType.ChildWorkflowExecutionCompleted: ("child", _CLOSE, "initiated_event_id", "completed"),
    EventType.ChildWorkflowExecutionFailed: ("child", _CLOSE, "initiated_event_id", "failed"),
    EventType.ChildWorkflowExecutionCanceled: ("child", _CLOSE, "initiated_event_id", "canceled"),
    EventType.ChildWorkflowExecutionTimedOut: ("child", _CLOSE, "initiated_event_id", "timed out"),
    EventType.ChildWorkflowExecutionTerminated: ("child", _CLOSE, "initiated_event_id", "terminated"),
    EventType.SignalExternalWorkflowExecutionInitiated: ("external", _OPEN, None, ""),
    EventType.SignalExternalWorkflowExecutionFailed: ("external", _CLOSE, "initiated_event_id", "failed"),
    EventType.ExternalWorkflowExecutionSignaled: ("external", _CLOSE, "initiated_event_id", "completed"),
    EventType.RequestCancelExternalWorkflowExecutionInitiated: ("external", _OPEN, None, ""),
    EventType.RequestCancelExternalWorkflowExecutionFailed: ("external", _CLOSE, "initiated_event_id", "failed"),
    EventType.ExternalWorkflowExecutionCancelRequested: ("external", _CLOSE, "initiated_event_id", "completed"),
}
_POINTS: dict[EventType, tuple[str, str]] = {
    EventType.WorkflowExecutionStarted: ("run", "completed"),
    EventType.WorkflowExecutionCompleted: ("run", "completed"),
    EventType.WorkflowExecutionContinuedAsNew: ("run", "completed"),
    EventType.WorkflowExecutionFailed: ("run", "failed"),
    EventType.WorkflowExecutionTimedOut: ("run", "timed out"),
    EventType.WorkflowExecutionTerminated: ("run", "terminated"),
    EventType.WorkflowExecutionCanceled: ("run", "canceled"),
    EventType.WorkflowExecutionCancelRequested: ("run", "canceled"),
    EventType.WorkflowExecutionSignaled: ("signal", "completed"),
    EventType.MarkerRecorded: ("marker", "completed"),
    EventType.CancelTimerFailed: ("timer", "failed"),
    EventType.RequestCancelActivityTaskFailed: ("activity", "failed"),
    EventType.ActivityTaskCancelRequested: ("activity", "canceled"),
}
_NAMES = ("activity_type", "workflow_type", "signal_name", "marker_name")
_IDS = ("activity_id", "timer_id", "workflow_id", "workflow_execution", "new_execution_run_id")
_WHYS = ("timeout_type", "cause", "reason")


def shown_event(run: Run, event: api.HistoryEvent, limit: int = CUT) -> dict[str, Any]:
    """Describe an event.

    Args:
        run: The run it belongs to.
        event: The event.
        limit: Bytes of each payload that are shown.

    Returns:
        `id`, `ms`, `type`, `category` and `outcome`, `summary` (one line), `span` (None for an event that stands
        alone), `link` to another run (or None), and `fields`: the attributes.
    """
    kind = EventType(event.event_type or 0)
    category, outcome = _POINTS.get(kind, ("other", "completed"))
    span = _span(run, event, kind)
    if span is not None:
        category, outcome = span["kind"], span["outcome"]
    attributes = attributes_of(event)
    return {
        "id": event.event_id,
        "ms": milliseconds(event.timestamp),
        "type": kind.name,
        "category": category,
        "outcome": outcome,
        "summary": _summary(span, attributes),
        "span": span,
        "link": _link(run, attributes),
        "fields": fields_of(attributes, limit) if attributes is not None else [],
    }


def _span(run: Run, event: api.HistoryEvent, kind: EventType) -> dict[str, Any] | None:
    found = _SPANS.get(kind)
    if found is None:
        return None
    category, stage, attribute, outcome = found
    first = event if attribute is None else _opener(run, getattr(attributes_of(event), attribute))
    if first is None:
        return None
    return {
        "kind": category,
        "stage": stage,
        "id": first.event_id,
        "since": milliseconds(first.timestamp),
        "label": _label(category, attributes_of(first)),
        "outcome": outcome,
    }


def _opener(run: Run, event_id: int | None) -> api.HistoryEvent | None:
    """Find the event that opened a span; None for an id that no event has, as failed decisions may carry."""
    if event_id is None or not 1 <= event_id <= len(run.events):
        return None
    return run.event(event_id)


def _label(category: str, attributes: Any) -> str:
    if category == "decision":
        return "Decision"
    words = [_word(attributes, name) for name in (*_NAMES, *_IDS)]
    text = " ".join(word for word in words if word)
    return f"Timer {text}" if category == "timer" else text or category


def _summary(span: dict[str, Any] | None, attributes: Any) -> str:
    if span is not None and span["kind"] != "decision":
        words = [span["label"]]
    else:
        words = [_word(attributes, name) for name in (*_NAMES, *_IDS)]
    words += [_word(attributes, name) for name in _WHYS]
    if span is not None and span["kind"] == "decision":
        words.append(_word(attributes, "identity"))
    return " · ".join(word for word in words if word)


def _word(attributes: Any, name: str) -> str:
    value = getattr(attributes, name, None)
    if value is None or value == "":
        return ""
    if name == "workflow_execution":
        value = value.workflow_id
    elif name in _WHYS:
        value = named(attributes, name)
    elif hasattr(value, "name"):
        value = value.name
    return value if isinstance(value, str) else str(value)


def _link(run: Run, attributes: Any) -> dict[str, str] | None:
    """Where an event leads: the child, the run that follows, the run before, the one that was signaled."""
    state = run.state
    following = getattr(attributes, "new_execution_run_id", None) or getattr(
        attributes, "continued_execution_run_id", None
    )
    if isinstance(following, str) and following:
        return {"domain": state.domain, "workflow": state.workflow_id, "run": following}
    parent = getattr(attributes, "parent_workflow_execution", None)
    if parent is not None:
        return _to(getattr(attributes, "parent_workflow_domain", None) or state.domain, parent)
    other = getattr(attributes, "workflow_execution", None)
    if other is not None and other.workflow_id:
        return _to(getattr(attributes, "domain", None) or state.domain, other)
    return None


def _to(domain: str, execution: api.WorkflowExecution) -> dict[str, str]:
    return {"domain": domain, "workflow": execution.workflow_id or "", "run": execution.run_id or ""}
