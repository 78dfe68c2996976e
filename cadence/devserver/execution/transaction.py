"""One change of one run: its events and state, written together with all that follows from it in other runs.

Everything on the server runs on one loop, so a change is a plain `with` block without awaits. It collects new events
and gives them ids; those that must not interrupt a decision task in flight wait in `Run.buffered`, in the real server's
order, until that task has ended. What must happen elsewhere (a task for matching, a word to the parent) is left with
`after` and done behind it, each other run in a change of its own; the store gets all of it as one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from cadence import api
from cadence.api.enums import EventType
from cadence.devserver.execution import events
from cadence.devserver.execution.state import Run, RunState

if TYPE_CHECKING:
    from types import TracebackType

    from cadence.devserver.execution.runs import Runs

__all__ = ("Transaction",)


class Transaction:
    """A change in the making."""

    __slots__ = ("_first", "_new", "now_ns", "run", "runs", "state")

    def __init__(self, runs: Runs, run: Run) -> None:
        self.runs = runs
        self.run = run
        self.state: RunState = run.state
        self._first = len(run.events)
        self._new: list[api.HistoryEvent] = []
        """Events of this change that have no id yet."""
        self.now_ns = runs.clock.now_ns()

    def __enter__(self) -> Self:
        self.runs.enter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self.runs.leave()

    def add(self, kind: EventType, attributes: Any, at_ns: int = 0) -> api.HistoryEvent:
        """Add an event.

        Args:
            kind: Its type.
            attributes: Its attributes.
            at_ns: Its time, where that isn't now.

        Returns:
            The event; its id is set unless it is of a kind that waits for the decision task in flight to end.
        """
        event = events.make_event(kind, at_ns or self.now_ns, attributes)
        if kind in events.ALWAYS_NOW:
            self._append(event)
        else:
            self._new.append(event)
        return event

    def after(self, action: Callable[[], None]) -> None:
        """Do something once this change is in place: tell matching, or begin with another run."""
        self.runs.later(action)

    @property
    def decision_in_flight(self) -> bool:
        """Whether a worker has the decision task."""
        decision = self.state.decision
        return decision is not None and decision.is_started

    @property
    def waiting(self) -> int:
        """How many events have no id yet."""
        return len(self.run.buffered) + len(self._new)

    def flush(self) -> None:
        """Give the events that wait their ids, in the real server's order.

        Those of earlier changes come first, and among them, those that close an activity or child last.
        """
        earlier, self.run.buffered = self.run.buffered, []
        new, self._new = self._new, []
        started: dict[tuple[str, int], int] = {}
        for event in (*_in_order(earlier), *new):
            self._append(event)
            self._link(event, started)

    def _link(self, event: api.HistoryEvent, started: dict[tuple[str, int], int]) -> None:
        """Now that a started event has its id, its activity or child and what closes that refer to it."""
        start = events.start_key(event)
        if start is not None:
            event_id = event.event_id or 0
            started[start] = event_id
            kind, opened = start
            item: Any = self.state.activities.get(opened) if kind == "activity" else self.state.children.get(opened)
            if item is not None:
                item.started_id = event_id
            return
        close = events.close_key(event)
        if close in started:
            events.attributes_of(event).started_event_id = started[close]

    def _append(self, event: api.HistoryEvent) -> None:
        event.event_id = self.state.next_event_id
        self.state.next_event_id += 1
        self.run.events.append(event)

    def _finish(self) -> None:
        run = self.run
        if not self.state.is_open:
            run.buffered.clear()
        elif self.decision_in_flight:
            run.buffered.extend(self._new)
        elif run.buffered or self._new:
            self.flush()
        grew = len(run.events) > self._first
        self.runs.save(run)
        if grew or not self.state.is_open:
            for waiter in run.waiters:
                if not waiter.done():
                    waiter.set_result(None)
            run.waiters.clear()


def _in_order(waiting: list[api.HistoryEvent]) -> list[api.HistoryEvent]:
    """Events that waited, each closing event once and behind the others."""
    if len(waiting) < 2:
        return waiting
    seen: set[tuple[object, ...]] = set()
    front: list[api.HistoryEvent] = []
    back: list[api.HistoryEvent] = []
    for event in waiting:
        close = events.close_key(event)
        key = close or events.start_key(event)
        if key is not None:
            mark = (event.event_type, *key)
            if mark in seen:
                continue
            seen.add(mark)
        (front if close is None else back).append(event)
    return front + back
