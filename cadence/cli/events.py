"""One history event as one line: number, time, what happened, and what matters of it.

Made for long histories: each line stands for itself, so that they can be printed as they come and searched by other
programs. It knows the shape of events from their fields and no event type by name.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cadence import api
from cadence.api import enums
from cadence.api._struct import Struct, field_rows
from cadence.api.enums import EventType
from cadence.cli import output

__all__ = ("HEADER", "event_name", "line")

HEADER = f"{'ID':>6}  {'TIME':<12}  {'EVENT':<36}  WHAT"

_UNTOLD = frozenset(
    {
        "decision_task_completed_event_id",
        "original_execution_run_id",
        "first_execution_run_id",
        "request_id",
        "prev_auto_reset_points",
        "partition_config",
        "header",
        "binary_checksum",
        "execution_context",
        "fork_event_version",
        "child_workflow_only",
        "failure_options",
        "last_failure_options",
        "parent_workflow_domain_id",
    }
)
"""What the server keeps for itself and no reader looks for."""
_VALUE_WIDTH = 80


def event_name(event: api.HistoryEvent) -> str:
    """The event's type by name."""
    return output.name_of(EventType, event.event_type)


def line(event: api.HistoryEvent, started_nanos: int) -> str:
    """Show an event on one line.

    Args:
        event: The event.
        started_nanos: Time of the run's first event; the line tells the time since.
    """
    since = (event.timestamp or started_nanos) - started_nanos
    what = "  ".join(_told(event))
    return f"{event.event_id or 0:>6}  +{since / 1e9:<11.3f}  {event_name(event):<36}  {what}".rstrip()


def _told(event: api.HistoryEvent) -> list[str]:
    for name in _attribute_fields():
        attributes = getattr(event, name)
        if attributes is not None:
            return _facts(attributes)
    return []


@cache
def _attribute_fields() -> tuple[str, ...]:
    return tuple(name for _, name, kind, _ in field_rows(api.HistoryEvent) if kind.endswith("EventAttributes"))


def _facts(attributes: Struct) -> list[str]:
    told = []
    for _, name, kind, _ in field_rows(type(attributes)):
        value = getattr(attributes, name)
        if name in _UNTOLD or (value in (None, "", 0, b"", [], {}) and kind not in _ENUMS):
            continue
        text = _value(kind, value)
        if text:
            told.append(f"{_short(name)}={text}")
    return told


_ENUMS = frozenset(name for name in dir(enums) if isinstance(getattr(enums, name), type))


def _short(name: str) -> str:
    return name.removesuffix("_event_id").removesuffix("_seconds")


def _value(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return output.payload(value, _VALUE_WIDTH)
    if kind in _ENUMS:
        return output.name_of(getattr(enums, kind), value)
    if isinstance(value, Struct):
        named = getattr(value, "name", None) or getattr(value, "workflow_id", None)
        if named:
            return output.escaped(str(named))
        return output.shortened(output.escaped(str(output.plain(value))), _VALUE_WIDTH)
    if isinstance(value, list | dict):
        return output.shortened(output.escaped(str(output.plain(value))), _VALUE_WIDTH)
    return output.shortened(output.escaped(str(value)), _VALUE_WIDTH)
