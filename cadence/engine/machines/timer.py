"""Timers: started, fired or cancelled. A cancelled one is forgotten at once; history may still say that it fired."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

from cadence import api
from cadence.api.enums import DecisionType
from cadence.engine import determinism
from cadence.engine.machines.base import Machine, State, Trigger
from cadence.engine.stacks import caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cadence.engine.ledger import Ledger
    from cadence.engine.stacks import Place

__all__ = ("Timer", "TimerCancellation", "start_timer")


class Timer(Machine):
    """One timer."""

    __slots__ = ("seconds", "timer_id")

    TRANSITIONS: ClassVar[Mapping[tuple[State, Trigger], State]] = {
        (State.ASKED, Trigger.RECORDED): State.OPEN,
        (State.ASKED, Trigger.CANCEL): State.WITHDRAWN,
        (State.OPEN, Trigger.CLOSED): State.CLOSED,
        (State.OPEN, Trigger.CANCEL): State.CANCELLING,
        (State.CANCELLING, Trigger.CANCEL_RECORDED): State.CLOSED,
        (State.CANCELLING, Trigger.CANCEL_REFUSED): State.CANCELLING,
        (State.CANCELLING, Trigger.CLOSED): State.CLOSED,
    }

    def __init__(self, ledger: Ledger, place: Place | None, seconds: int, timer_id: str) -> None:
        super().__init__(ledger, place)
        self.seconds = seconds
        self.timer_id = timer_id

    def describe(self) -> str:
        """Return it in a few words."""
        return f"timer of {self.seconds} s (id {self.timer_id})"

    def decision(self) -> api.Decision:
        """Return the decision that starts it."""
        return api.Decision(
            decision_type=DecisionType.StartTimer,
            start_timer_decision_attributes=api.StartTimerDecisionAttributes(
                timer_id=self.timer_id, start_to_fire_timeout_seconds=self.seconds
            ),
        )

    def recorded(self, event: api.HistoryEvent) -> None:
        """Compare with the event that started it."""
        attributes: Any = event.timer_started_event_attributes
        if attributes.timer_id != self.timer_id:
            raise determinism.mismatch(event, self)
        self.advance(Trigger.RECORDED)
        self.ledger.timers[self.timer_id] = self

    def fired(self) -> None:
        """Its time has come."""
        self.advance(Trigger.CLOSED)
        if not self.future.done():
            self.future.set_result(None)

    def cancel(self, message: Any | None) -> bool:
        """Take it back."""
        if not self.ledger.is_over:
            self.ledger.check_open()
            if self.state is State.ASKED:
                self.advance(Trigger.CANCEL)
                self.ledger.withdraw(self)
            elif self.state is State.OPEN:
                self.advance(Trigger.CANCEL)
                self.ledger.ask(TimerCancellation(self))
        return self.future.cancel_now(message)


class TimerCancellation:
    """The request to cancel a timer."""

    __slots__ = ("place", "timer")

    is_compared: ClassVar[bool] = True

    def __init__(self, timer: Timer) -> None:
        self.timer = timer
        self.place = caller() or timer.place

    def describe(self) -> str:
        """Return it in a few words."""
        return f"cancellation of timer (id {self.timer.timer_id})"

    def decision(self) -> api.Decision:
        """Return the decision."""
        return api.Decision(
            decision_type=DecisionType.CancelTimer,
            cancel_timer_decision_attributes=api.CancelTimerDecisionAttributes(timer_id=self.timer.timer_id),
        )

    def recorded(self, event: api.HistoryEvent, timer_id: str | None, trigger: Trigger) -> None:
        """Compare with the event of the request, or of its refusal."""
        timer = self.timer
        if timer_id != timer.timer_id:
            raise determinism.mismatch(event, self)
        if timer.state is State.CANCELLING:
            timer.advance(trigger)
            if trigger is Trigger.CANCEL_RECORDED:
                timer.ledger.timers.pop(timer.timer_id, None)


def start_timer(ledger: Ledger, seconds: float, place: Place | None) -> Timer:
    """Ask for a timer, of whole seconds; one of no time is done at once and leaves no trace."""
    whole = math.ceil(seconds)
    if whole <= 0:
        machine = Timer(ledger, place, 0, "")
        machine.state = State.CLOSED
        machine.future.set_result(None)
        return machine
    machine = Timer(ledger, place, whole, ledger.next_id())
    ledger.asked.append(machine)
    return machine
