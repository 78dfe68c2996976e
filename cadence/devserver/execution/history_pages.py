"""One page of a history: so many events that a message holds them.

A page ends at a number of events, and earlier where they are large: an answer must fit into what peers accept as one
message, and building it must not keep the others waiting. It reads a run and knows nothing of tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api.codec import encode

if TYPE_CHECKING:
    from cadence import api
    from cadence.devserver.execution.state import Run

__all__ = ("PAGE", "PAGE_BYTES", "page_of")

PAGE = 1_000
"""Events in one page, as on the real server."""
PAGE_BYTES = 4 * 1024 * 1024
"""Bytes after which a page ends; one event may be larger."""


def page_of(run: Run, first: int, end: int, limit: int = PAGE) -> list[api.HistoryEvent]:
    """Return events from an id on; at least one, if there is one.

    Args:
        run: The run.
        first: Id of the first event.
        end: One behind the id of the last event that may be in the page.
        limit: Events at most.
    """
    events = run.events[first - 1 : min(first - 1 + limit, end - 1)]
    if run.state.history_size <= PAGE_BYTES:
        return events
    size = 0
    for index, event in enumerate(events):
        size += len(encode(event))
        if size > PAGE_BYTES:
            return events[: max(index, 1)]
    return events
