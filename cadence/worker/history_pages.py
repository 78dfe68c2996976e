"""The events of a task, page after page: the first page comes with the task, the others are read when they are wanted.

It sees to it that the events come without a gap, up to the one that the task was made for: a history that ends early is
an error of this task, not something for workflow code to run on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence import api
from cadence.exceptions import CadenceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence.api import HistoryEvent
    from cadence.worker.ports import WorkerService

__all__ = ("BrokenHistoryError", "HistoryPages")

_PAGE_TIMEOUT = 20.0


class BrokenHistoryError(CadenceError):
    """The server's history has a gap, or ends before the event that the task is for."""


class HistoryPages:
    """The history of one task; the first page may be all of it."""

    def __init__(
        self,
        service: WorkerService,
        domain: str,
        execution: api.WorkflowExecution,
        events: Sequence[HistoryEvent],
        next_page_token: bytes | None,
    ) -> None:
        """Prepare.

        Args:
            service: Gives further pages.
            domain: The run's domain.
            execution: The run.
            events: The first page; empty to read the whole history from its start.
            next_page_token: Where it goes on; None with no events reads from the start.
        """
        self._service = service
        self._domain = domain
        self._execution = execution
        self._events = events
        self._token = next_page_token

    @property
    def first_event_id(self) -> int:
        """The id of the first event of the first page; 0 where the page is empty."""
        return (self._events[0].event_id or 0) if self._events else 0

    def from_start(self) -> HistoryPages:
        """Return the same run's history from its first event on."""
        return HistoryPages(self._service, self._domain, self._execution, (), None)

    async def read(self, last_event_id: int) -> Sequence[HistoryEvent]:
        """Return the events, those of all pages.

        Args:
            last_event_id: Events must come up to this one, and what stands behind it is left out; 0 where any end will
                do (query tasks).

        Raises:
            BrokenHistoryError: There is a gap, or the end comes too early.
            ServiceError: A page can't be had.
            TransportError: As above.
        """
        events, token = self._events, self._token
        expected = 0
        if not events:
            events, token = await self._read(token)
        if events:
            expected = _checked(events, expected)
        if token and not (last_event_id and expected > last_event_id):
            events = list(events)
            while token and not (last_event_id and expected > last_event_id):
                more, token = await self._read(token)
                if more:
                    expected = _checked(more, expected)
                    events.extend(more)
        if not expected:
            msg = "the server has no history of this run"
            raise BrokenHistoryError(msg)
        if expected <= last_event_id:
            msg = f"the history ends with event {expected - 1}, before event {last_event_id} that the task is for"
            raise BrokenHistoryError(msg)
        beyond = expected - 1 - last_event_id if last_event_id else 0
        return events[:-beyond] if beyond else events

    async def _read(self, token: bytes | None) -> tuple[Sequence[HistoryEvent], bytes | None]:
        answer = await self._service.get_workflow_execution_history(
            api.GetWorkflowExecutionHistoryRequest(
                domain=self._domain, execution=self._execution, next_page_token=token
            ),
            timeout=_PAGE_TIMEOUT,
        )
        if answer.raw_history:
            return _from_raw(answer.raw_history), answer.next_page_token
        return (answer.history.events if answer.history is not None else None) or (), answer.next_page_token


def _checked(events: Sequence[HistoryEvent], expected: int) -> int:
    """Return the id that must come after these events."""
    first, last = events[0].event_id or 0, events[-1].event_id or 0
    if (expected and first != expected) or last - first + 1 != len(events):
        msg = f"the history has a gap: event {first} comes where {expected or first} is expected"
        if last - first + 1 != len(events):
            msg = f"the history has a gap between events {first} and {last}: there are {len(events)}"
        raise BrokenHistoryError(msg)
    return last + 1


def _from_raw(blobs: Sequence[api.DataBlob]) -> list[HistoryEvent]:
    """Read history that the server hands over as it keeps it: a byte 0x59, then the struct in the binary protocol."""
    from cadence.api import codec

    events: list[HistoryEvent] = []
    for blob in blobs:
        data = blob.data or b""
        if not data.startswith(b"\x59"):
            msg = f"a page of history is in an encoding that is not known here: it begins with {data[:4]!r}"
            raise BrokenHistoryError(msg)
        events.extend(codec.decode(api.History, data[1:]).events or ())
    return events
