"""What all machines share: states, triggers, and a table of transitions that says what is possible.

A pair that isn't in a machine's table can't happen in a history that a server wrote for this code, so it is an error
by construction. `docs/design/engine.md` draws the tables.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from cadence.engine.errors import HistoryError
from cadence.engine.loop import WorkflowFuture
from cadence.engine.stacks import Place
from cadence.exceptions import ConversionError

if TYPE_CHECKING:
    from cadence.engine.ledger import Ledger

__all__ = ("Machine", "State", "Trigger")


class State(enum.IntEnum):
    """Where something stands."""

    ASKED = 0
    """The code asked; nothing is known to history."""
    OPEN = 1
    """History has the event that began it."""
    STARTED = 2
    """A child runs."""
    CANCELLING = 3
    """Its cancellation was asked for."""
    CLOSED = 4
    """It ended."""
    WITHDRAWN = 5
    """It was cancelled before it was sent: it leaves no trace."""


class Trigger(enum.IntEnum):
    """What moves it."""

    RECORDED = 0
    """The event of its decision."""
    REFUSED = 1
    """The server could not do it."""
    STARTED = 2
    """A child's run began."""
    CLOSED = 3
    """Its end."""
    CANCEL = 4
    """The code cancels it."""
    CANCEL_RECORDED = 5
    """The event of that decision."""
    CANCEL_REFUSED = 6
    """There was nothing to cancel any more."""


class Machine:
    """One thing that was asked for."""

    __slots__ = ("future", "ledger", "place", "state")

    TRANSITIONS: ClassVar[Mapping[tuple[State, Trigger], State]] = {}
    is_compared: ClassVar[bool] = True

    def __init__(self, ledger: Ledger, place: Place | None) -> None:
        self.ledger = ledger
        self.place = place
        self.state = State.ASKED
        self.future: WorkflowFuture[Any] = WorkflowFuture(ledger.loop, self.cancel)

    def describe(self) -> str:
        """Return it in a few words, for reports."""
        raise NotImplementedError

    def cancel(self, message: Any | None) -> bool:
        """Cancel it in its own way; called by its future."""
        raise NotImplementedError

    def advance(self, trigger: Trigger) -> None:
        """Go to the next state.

        Raises:
            HistoryError: The table has no such transition.
        """
        new = self.TRANSITIONS.get((self.state, trigger))
        if new is None:
            msg = (
                f"event {self.ledger.event_id}: {self.describe()} is {self.state.name.lower()} "
                f"and can't be {trigger.name.lower()}"
            )
            raise HistoryError(msg, hint="the history is damaged, or a newer server wrote it")
        self.state = new

    def succeed(self, data: bytes | None, type_hint: Any) -> None:
        """Complete the future with a decoded result; with the error, where it doesn't fit its type."""
        future = self.future
        if future.done():
            return
        try:
            value = self.ledger.converter.decode_value(data, type_hint)
        except ConversionError as error:
            place = f"result of {self.describe()}"
            future.set_exception(ConversionError(error.message, place=place, hint=error.hint))
            return
        future.set_result(value)

    def fail(self, error: BaseException) -> None:
        """Complete the future with an error."""
        if not self.future.done():
            self.future.set_exception(error)
            # Nobody needs to look at it: a handle that workflow code dropped is no mistake.
            self.future._log_traceback = False
