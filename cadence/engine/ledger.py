"""What one run has asked for: in order until history confirms it, and by id until it ends.

The theory: whatever workflow code asks for becomes an entry in `asked`, a queue. When a decision task ends, the queue
is what is sent; in the next batch of history the decision events stand in the same order, and each takes the front
entry off the queue. If it is of another kind or name, code and history part. The same happens in replay, where nothing
is sent: so every run is checked all the time, replayed or not, at the price of a comparison per event.

Versions and mutable side effects are not compared: history is asked for them before the code runs, and code may drop
and add them freely. The machines (`machines/`) know what their events do; this module knows none of them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from cadence.engine import determinism
from cadence.engine.errors import HistoryError, StopRun
from cadence.engine.stacks import Place, place_text, tasks_of
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cadence import api
    from cadence.converter import DataConverter
    from cadence.engine.loop import WorkflowLoop
    from cadence.engine.machines.activity import Activity
    from cadence.engine.machines.child import Child
    from cadence.engine.machines.external import External
    from cadence.engine.machines.timer import Timer
    from cadence.exceptions import CadenceError

__all__ = ("Asked", "Ledger")

MachineT = TypeVar("MachineT")
AskedT = TypeVar("AskedT", bound="Asked")


class Asked(Protocol):
    """An entry of the queue."""

    place: Place | None
    """The line that asked."""
    is_compared: ClassVar[bool]
    """False for what history need not confirm."""

    def decision(self) -> api.Decision:
        """Return it as the server wants it."""

    def describe(self) -> str:
        """Return it in a few words, for reports."""


class Ledger:
    """The books of one run."""

    __slots__ = (
        "_next_id",
        "activities",
        "activity_ids",
        "asked",
        "children",
        "converter",
        "domain",
        "event_id",
        "externals",
        "failure",
        "id_prefix",
        "is_new",
        "is_over",
        "is_replaying",
        "loop",
        "reader",
        "task_list",
        "time_ns",
        "timers",
    )

    def __init__(self, loop: WorkflowLoop, converter: DataConverter, domain: str) -> None:
        self.loop = loop
        self.converter = converter
        self.domain = domain
        self.task_list = ""
        self.id_prefix = ""
        """What the ids of children begin with."""
        self.asked: deque[Asked] = deque()
        self.activities: dict[int, Activity] = {}
        """By the id of their scheduled event."""
        self.activity_ids: set[str] = set()
        """Of those that have not ended."""
        self.timers: dict[str, Timer] = {}
        self.children: dict[int, Child] = {}
        """By the id of their initiated event."""
        self.externals: dict[int, External] = {}
        """Likewise."""
        self.event_id = 0
        """The event that is being looked at."""
        self.time_ns = 0
        self.is_replaying = False
        self.is_new = False
        """True while the code goes where history has no answers, also where they are not sent: for a query, say."""
        self.is_over = False
        """True once the run was closed or dropped: code that still runs is cleaning up and changes nothing."""
        self.reader = ""
        """Who runs now and may ask for nothing: a query's handler, or a side effect's function."""
        self.failure: CadenceError | None = None
        """Why the run was stopped."""
        self._next_id = 0

    def next_id(self) -> str:
        """Return the next id; activities, timers, side effects and the like share one count, as in Go."""
        number = self._next_id
        self._next_id = number + 1
        return str(number)

    def check_open(self) -> None:
        """Refuse to ask for something where nothing may be asked for.

        Raises:
            ConfigurationError: A query's handler asked, or a side effect's function.
            StopRun: The run is over.
        """
        if self.is_over:
            raise StopRun
        if self.reader:
            msg = f"{self.reader} asked for something that changes the workflow"
            raise ConfigurationError(msg, hint="it may read what the workflow knows; signals and the run change it")

    def ask(self, entry: Asked) -> None:
        """Put an entry at the end of the queue."""
        self.asked.append(entry)

    def withdraw(self, entry: Asked) -> None:
        """Take an entry back that was not sent yet."""
        self.asked.remove(entry)

    def take(self, event: api.HistoryEvent, kind: type[AskedT]) -> AskedT:
        """Take the front entry off the queue for a decision's event.

        Raises:
            NondeterminismError: It is of another kind, or there is none.
        """
        if not self.asked:
            raise determinism.too_few(event, self._waiting())
        entry = self.asked.popleft()
        if type(entry) is not kind:
            raise determinism.mismatch(event, entry)
        return entry

    def stop(self, error: CadenceError) -> StopRun:
        """Note why the run ends here; raise what this returns, out of workflow code."""
        if self.failure is None:
            self.failure = error
        self.loop.ready.clear()
        return StopRun()

    def unknown(self, event: api.HistoryEvent, what: str) -> HistoryError:
        """The error of an event about something that nobody began."""
        return HistoryError(
            f"event {event.event_id} ({determinism.describe_event(event)}) is about {what}, which is not open",
            hint="the history is damaged, or was written by a server that this version doesn't know",
        )

    def _waiting(self) -> str:
        """Where the code waits, for the report: the main task's innermost line."""
        for task in tasks_of(self.loop):
            awaitable: Any = task.get_coro()
            place: Place | None = None
            while awaitable is not None:
                frame = getattr(awaitable, "cr_frame", None)
                if frame is None:
                    break
                if not frame.f_globals.get("__name__", "").startswith(("cadence.", "asyncio.")):
                    place = frame.f_code, frame.f_lasti
                awaitable = getattr(awaitable, "cr_await", None)
            if place is not None:
                return place_text(place)
        return ""
