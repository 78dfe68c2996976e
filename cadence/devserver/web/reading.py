"""What the page shows, as plain data for JSON: domains, lists of runs, one run, pages of its events.

Each function asks the frontend's handlers, or reads a run that is in memory; none changes anything. Naming a domain
that isn't there is an error here, never its registration. It knows no HTTP: `site` and `live` do.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.enums import EventType, WorkflowExecutionCloseStatus
from cadence.api.errors import BadRequestError, EntityNotExistsError
from cadence.devserver.execution.history_pages import PAGE, page_of
from cadence.devserver.web.events import shown_event
from cadence.devserver.web.fields import fields_of, milliseconds
from cadence.devserver.web.payloads import payload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cadence.devserver.execution.state import Run
    from cadence.devserver.house import House
    from cadence.devserver.web.calls import Calls

__all__ = ("domains", "event", "events", "find", "list_runs", "run")

LIST_SIZE = 50
_WHOLE = 4 * 1024 * 1024
"""Bytes of a payload of a single event."""
_STATUS = {
    WorkflowExecutionCloseStatus.COMPLETED: "completed",
    WorkflowExecutionCloseStatus.FAILED: "failed",
    WorkflowExecutionCloseStatus.CANCELED: "canceled",
    WorkflowExecutionCloseStatus.TERMINATED: "terminated",
    WorkflowExecutionCloseStatus.CONTINUED_AS_NEW: "continued as new",
    WorkflowExecutionCloseStatus.TIMED_OUT: "timed out",
}


def domains(house: House) -> dict[str, Any]:
    """Give every domain's name."""
    return {"domains": [domain.name for domain in house.domains.all()]}


def find(house: House, asked: Mapping[str, str]) -> Run:
    """Find the run that a request means, the current one where it names none.

    Raises:
        EntityNotExistsError: There is no such domain or run.
    """
    domain = house.domains.find(asked.get("domain", ""))
    return house.history.find(domain.id, asked.get("workflow"), asked.get("run") or None)


async def list_runs(calls: Calls, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give one page of the runs that match `query`, the last started first unless it says otherwise.

    Raises:
        BadRequestError: The query or the token can't be read.
        EntityNotExistsError: There is no such domain.
    """
    calls.house.domains.find(asked.get("domain", ""))
    request = api.ListWorkflowExecutionsRequest(
        domain=asked.get("domain"), page_size=LIST_SIZE, query=asked.get("query", ""), next_page_token=_token(asked)
    )
    answer: api.ListWorkflowExecutionsResponse = await calls("ListWorkflowExecutions", request)
    more = answer.next_page_token
    return {
        "runs": [_listed(calls.house, info) for info in answer.executions or ()],
        "next": base64.urlsafe_b64encode(more).decode() if more else None,
    }


def _token(asked: Mapping[str, str]) -> bytes | None:
    try:
        return base64.b64decode(asked.get("token", ""), b"-_", validate=True) or None
    except (binascii.Error, ValueError):
        msg = "Invalid NextPageToken."
        raise BadRequestError(msg) from None


def _listed(house: House, info: api.WorkflowExecutionInfo) -> dict[str, Any]:
    row = _row(info)
    # What lists keep of an open run is from its start, as on the real server; the run itself knows better.
    found = house.history.runs.open_run(row["run"])
    return row if found is None else {**row, "length": len(found.events)}


def _row(info: api.WorkflowExecutionInfo) -> dict[str, Any]:
    execution = info.execution or api.WorkflowExecution()
    return {
        "workflow": execution.workflow_id,
        "run": execution.run_id,
        "type": info.type.name if info.type else "",
        "status": _status(info.close_status),
        "startMs": milliseconds(info.start_time),
        "closeMs": milliseconds(info.close_time),
        "length": info.history_length,
        "taskList": info.task_list,
        "isCron": bool(info.is_cron),
    }


def _status(close_status: int | None) -> str:
    if close_status is None:
        return "running"
    return _STATUS.get(WorkflowExecutionCloseStatus(close_status), "closed")


async def run(calls: Calls, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give what is known of one run now: settings, how far it is, what it waits for, how it ended.

    Raises:
        BadRequestError: The ids can't be any.
        EntityNotExistsError: There is no such domain or run.
    """
    found = find(calls.house, asked)
    state = found.state
    answer: api.DescribeWorkflowExecutionResponse = await calls(
        "DescribeWorkflowExecution",
        api.DescribeWorkflowExecutionRequest(domain=state.domain, execution=found.execution),
    )
    info = answer.workflow_execution_info or api.WorkflowExecutionInfo()
    parent = info.parent_execution
    if not state.is_open:
        # The real server names what a closed run left behind; nobody waits for that any more.
        answer.pending_activities, answer.pending_children, answer.pending_decision = [], [], None
    return {
        **_row(info),
        "domain": state.domain,
        "isOpen": state.is_open,
        "cron": info.cron_schedule or "",
        "executionTimeout": state.execution_timeout,
        "decisionTimeout": state.task_timeout,
        "memo": _named_payloads(info.memo.fields if info.memo else None),
        "searchAttributes": _named_payloads(info.search_attributes.indexed_fields if info.search_attributes else None),
        "parent": parent and {"domain": info.parent_domain_name, "workflow": parent.workflow_id, "run": parent.run_id},
        "isCurrent": _is_current(calls.house, found),
        "resetTo": _reset_point(found),
        "first": shown_event(found, found.events[0]),
        "last": None if state.is_open else shown_event(found, found.events[-1]),
        "activities": [fields_of(activity) for activity in answer.pending_activities or ()],
        "children": [_child(child) for child in answer.pending_children or ()],
        "decision": fields_of(answer.pending_decision) if answer.pending_decision else None,
        "timers": [
            {"id": timer.timer_id, "startedId": timer.started_id, "firesMs": milliseconds(timer.fires_ns)}
            for timer in (state.timers.values() if state.is_open else ())
        ],
    }


def _named_payloads(found: Mapping[str, bytes] | None) -> list[list[Any]]:
    return [[name, payload(blob)] for name, blob in (found or {}).items()]


def _child(child: api.PendingChildExecutionInfo) -> dict[str, Any]:
    return {
        "fields": fields_of(child),
        "link": {"domain": child.domain, "workflow": child.workflow_id, "run": child.run_id or ""},
    }


def _is_current(house: House, found: Run) -> bool:
    try:
        return house.history.find(found.state.domain_id, found.state.workflow_id).state.run_id == found.state.run_id
    except EntityNotExistsError:
        return False  # the record of the workflow id went with retention


def _reset_point(found: Run) -> int | None:
    """The end of the last decision that was completed, where a reset would usually go back to."""
    event_id = found.state.previous_started_id + 1
    if not 1 < event_id <= len(found.events):
        return None
    is_end = found.event(event_id).event_type == EventType.DecisionTaskCompleted
    return event_id if is_end else found.state.previous_started_id


def events(house: House, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give one page of a run's events, from `first` on.

    Raises:
        BadRequestError: `first` is no event id.
        EntityNotExistsError: There is no such domain or run.
    """
    found = find(house, asked)
    first = max(_event_id(asked.get("first") or "1"), 1)
    shown = page_of(found, first, found.state.next_event_id)
    return {
        "events": [shown_event(found, event) for event in shown],
        "first": first,
        "total": len(found.events),
        "pageSize": PAGE,
    }


def event(house: House, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give one event with whole payloads.

    Raises:
        BadRequestError: `id` is no event id.
        EntityNotExistsError: There is no such domain, run or event.
    """
    found = find(house, asked)
    event_id = _event_id(asked.get("id", ""))
    if not 1 <= event_id <= len(found.events):
        msg = f"There is no event {event_id}."
        raise EntityNotExistsError(msg, active_clusters=[])
    return shown_event(found, found.event(event_id), _WHOLE)


def _event_id(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        msg = f"{text!r} is not an event id."
        raise BadRequestError(msg)
    return int(text)
