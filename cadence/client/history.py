"""Reads histories: page by page, or waiting for the event that closes a run.

Knows pages, their two encodings and long polls, not what events mean; endings.py does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from cadence import api
from cadence.api import codec
from cadence.api.enums import HistoryEventFilterType
from cadence.client.advice import about_workflow
from cadence.exceptions import ConversionError
from cadence.service.retry import INHERIT, RetryOptions

if TYPE_CHECKING:
    from cadence.client.ports import ClientService

__all__ = ("closing_event", "events_of")

# Marks the binary protocol, in which a server that sends pages as it keeps them keeps them.
_BINARY = b"\x59"
# Once a frontend has answered, its address is right: then it may be away for a while, for a deployment say.
_PATIENT = RetryOptions(expiration=300.0, unreachable=300.0, maximum_interval=10.0)
# An end may be waited for as long as one likes, so an answer that is long in coming is no reason to give up either.
_WAITING = RetryOptions(expiration=300.0, maximum_interval=10.0)


async def closing_event(service: ClientService, domain: str, workflow_id: str, run_id: str) -> api.HistoryEvent:
    """Wait until a run is closed, and return the event that closed it.

    Args:
        service: Makes the calls.
        domain: The run's domain.
        workflow_id: The workflow's id.
        run_id: The run; an empty text for the one that is current now.
    """
    token: bytes | None = None
    retry = _WAITING
    while True:
        request = api.GetWorkflowExecutionHistoryRequest(
            domain=domain,
            execution=api.WorkflowExecution(workflow_id=workflow_id, run_id=run_id or None),
            next_page_token=token,
            wait_for_new_event=True,
            history_event_filter_type=HistoryEventFilterType.CLOSE_EVENT,
            skip_archival=True,
        )
        with about_workflow(domain, workflow_id, run_id):
            response = await service.get_workflow_execution_history(request, retry=retry)
        events = _events(response)
        if events:
            return events[-1]
        # Without a token the server would look up the run again, which could be another one by then.
        token, retry = response.next_page_token or token, _PATIENT


async def events_of(
    service: ClientService, domain: str, workflow_id: str, run_id: str, *, wait: bool, page_size: int | None
) -> AsyncIterator[api.HistoryEvent]:
    """Give the events of a run in order.

    Args:
        service: Makes the calls.
        domain: The run's domain.
        workflow_id: The workflow's id.
        run_id: The run; an empty text for the current one.
        wait: True goes on with what comes, until the run is closed.
        page_size: Events per page at most; None: as many as the server gives.
    """
    token: bytes | None = None
    retry = _WAITING if wait else INHERIT
    while True:
        request = api.GetWorkflowExecutionHistoryRequest(
            domain=domain,
            execution=api.WorkflowExecution(workflow_id=workflow_id, run_id=run_id or None),
            maximum_page_size=page_size,
            next_page_token=token,
            wait_for_new_event=wait or None,
            history_event_filter_type=HistoryEventFilterType.ALL_EVENT,
        )
        with about_workflow(domain, workflow_id, run_id):
            response = await service.get_workflow_execution_history(request, retry=retry)
        for event in _events(response):
            yield event
        token, retry = response.next_page_token, _PATIENT
        if not token:
            return


def _events(response: api.GetWorkflowExecutionHistoryResponse) -> Sequence[api.HistoryEvent]:
    """Give the events of an answer: decoded, or as the server keeps them, where it is set up to spare itself that."""
    if not response.raw_history:
        return (response.history.events if response.history is not None else None) or ()
    events: list[api.HistoryEvent] = []
    for blob in response.raw_history:
        data = blob.data or b""
        if not data.startswith(_BINARY):
            msg = f"it is in an encoding that is not known here: it begins with {data[:4]!r}"
            raise ConversionError(msg, place="a page of history")
        events.extend(codec.decode(api.History, data[1:]).events or ())
    return events
