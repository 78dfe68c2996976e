"""Activities: scheduled in some worker, cancelled in three ways, ended in four.

Knows its decision, its events and its errors; who finds the machine for an event is `dispatch`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cadence import api
from cadence.api.enums import DecisionType, TimeoutType
from cadence.converter.failures import failure_text
from cadence.converter.wire_options import header_struct, own_reason, retry_policy_struct, whole_seconds
from cadence.engine import determinism
from cadence.engine.machines.base import Machine, State, Trigger
from cadence.engine.stacks import caller
from cadence.exceptions import (
    ActivityCanceledError,
    ActivityError,
    ActivityFailedError,
    ActivityTimedOutError,
    ConfigurationError,
    TimeoutKind,
)
from cadence.workflow.commands import CancellationType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cadence.engine.ledger import Ledger
    from cadence.engine.stacks import Place
    from cadence.workflow.commands import ScheduleActivity

__all__ = ("Activity", "ActivityCancellation", "schedule_activity", "timeout_kind")

# Values of these types can always be encoded, so that replay, where nobody reads the bytes, may leave it out.
_PLAIN = frozenset((str, int, float, bool, bytes, type(None)))
_INT_LIMIT = 1 << 63


class Activity(Machine):
    """One activity."""

    __slots__ = ("activity_id", "attempt", "command", "input")

    TRANSITIONS: ClassVar[Mapping[tuple[State, Trigger], State]] = {
        (State.ASKED, Trigger.RECORDED): State.OPEN,
        (State.ASKED, Trigger.CANCEL): State.WITHDRAWN,
        (State.OPEN, Trigger.CLOSED): State.CLOSED,
        (State.OPEN, Trigger.CANCEL): State.CANCELLING,
        (State.CANCELLING, Trigger.CANCEL): State.CANCELLING,
        (State.CANCELLING, Trigger.CANCEL_RECORDED): State.CANCELLING,
        (State.CANCELLING, Trigger.CLOSED): State.CLOSED,
    }

    def __init__(self, ledger: Ledger, place: Place | None, command: ScheduleActivity, activity_id: str) -> None:
        super().__init__(ledger, place)
        self.command = command
        self.activity_id = activity_id
        self.attempt = 0
        self.input: bytes | None = None

    def describe(self) -> str:
        """Return it in a few words."""
        return f'activity "{self.command.activity_type}" (id {self.activity_id})'

    def decision(self) -> api.Decision:
        """Return the decision that schedules it."""
        command = self.command
        return api.Decision(
            decision_type=DecisionType.ScheduleActivityTask,
            schedule_activity_task_decision_attributes=api.ScheduleActivityTaskDecisionAttributes(
                activity_id=self.activity_id,
                activity_type=api.ActivityType(name=command.activity_type),
                task_list=api.TaskList(name=command.task_list or self.ledger.task_list),
                input=self.input,
                schedule_to_close_timeout_seconds=whole_seconds(command.schedule_to_close_timeout) or 0,
                schedule_to_start_timeout_seconds=whole_seconds(command.schedule_to_start_timeout) or 0,
                start_to_close_timeout_seconds=whole_seconds(command.start_to_close_timeout) or 0,
                heartbeat_timeout_seconds=whole_seconds(command.heartbeat_timeout) or 0,
                retry_policy=retry_policy_struct(command.retry_policy),
                header=header_struct(command.headers, command.retry_policy),
            ),
        )

    def recorded(self, event: api.HistoryEvent) -> None:
        """Compare with the event that scheduled it."""
        attributes: Any = event.activity_task_scheduled_event_attributes
        name = attributes.activity_type.name
        if attributes.activity_id != self.activity_id or not same_type(name, self.command.activity_type):
            raise determinism.mismatch(event, self)
        self.advance(Trigger.RECORDED)
        self.input = None
        self.ledger.activities[event.event_id or 0] = self

    def completed(self, attributes: api.ActivityTaskCompletedEventAttributes) -> None:
        """It has a result."""
        self._close()
        self.succeed(attributes.result, self.command.result_type)

    def failed(self, attributes: api.ActivityTaskFailedEventAttributes) -> None:
        """It raised."""
        self._close()
        cause = self.ledger.converter.decode_failure(attributes.reason, attributes.details)
        error = self._error(
            ActivityFailedError, failure_text(cause) or attributes.reason or "", attributes.identity or ""
        )
        error.reason = own_reason(attributes.reason, cause)
        error.__cause__ = cause
        self.fail(error)

    def timed_out(self, attributes: api.ActivityTaskTimedOutEventAttributes) -> None:
        """One of its clocks ran out."""
        self._close()
        kind = timeout_kind(attributes.timeout_type)
        error = self._error(ActivityTimedOutError, kind.value)
        error.kind = kind
        converter = self.ledger.converter
        error.details = converter.decode_details(attributes.details)
        if attributes.last_failure_reason:
            error.__cause__ = converter.decode_failure(attributes.last_failure_reason, attributes.last_failure_details)
        self.fail(error)

    def canceled(self, attributes: api.ActivityTaskCanceledEventAttributes) -> None:
        """It was cancelled, and said so."""
        asked = self.state is State.CANCELLING
        details = self.ledger.converter.decode_details(attributes.details)
        self._close()
        if asked and not self.future.done():
            self.future.cancel_at_last(details)  # the code waits for its own cancellation to come through
            return
        error = self._error(ActivityCanceledError, "", attributes.identity or "")
        error.details = details
        self.fail(error)

    def cancel(self, message: Any | None) -> bool:
        """Cancel it as its call said."""
        if self.ledger.is_over:
            return self.future.cancel_now(message)
        self.ledger.check_open()
        kind = self.command.cancellation_type
        if self.state is State.ASKED:
            self.advance(Trigger.CANCEL)
            self.ledger.withdraw(self)
            self.ledger.activity_ids.discard(self.activity_id)
            return self.future.cancel_now(message)
        if kind is CancellationType.ABANDON:
            return self.future.cancel_now(message)
        if self.state is State.OPEN:
            self.advance(Trigger.CANCEL)
            self.ledger.ask(ActivityCancellation(self))
        return True if kind is CancellationType.WAIT_CANCELLATION_COMPLETED else self.future.cancel_now(message)

    def _close(self) -> None:
        self.advance(Trigger.CLOSED)
        self.ledger.activity_ids.discard(self.activity_id)

    def _error(self, kind: type[ErrorT], message: str, identity: str = "") -> ErrorT:
        return kind(
            message,
            activity_type=self.command.activity_type,
            activity_id=self.activity_id,
            attempt=self.attempt,
            identity=identity,
        )


if TYPE_CHECKING:
    from typing import TypeVar

    ErrorT = TypeVar("ErrorT", bound=ActivityError)


class ActivityCancellation:
    """The request to cancel an activity."""

    __slots__ = ("activity", "place")

    is_compared: ClassVar[bool] = True

    def __init__(self, activity: Activity) -> None:
        self.activity = activity
        self.place = caller() or activity.place

    def describe(self) -> str:
        """Return it in a few words."""
        return f"cancellation of activity (id {self.activity.activity_id})"

    def decision(self) -> api.Decision:
        """Return the decision."""
        return api.Decision(
            decision_type=DecisionType.RequestCancelActivityTask,
            request_cancel_activity_task_decision_attributes=api.RequestCancelActivityTaskDecisionAttributes(
                activity_id=self.activity.activity_id
            ),
        )

    def recorded(self, event: api.HistoryEvent, activity_id: str | None) -> None:
        """Compare with the event of the request."""
        if activity_id != self.activity.activity_id:
            raise determinism.mismatch(event, self)
        self.activity.advance(Trigger.CANCEL_RECORDED)


def schedule_activity(ledger: Ledger, command: ScheduleActivity, place: Place | None) -> Activity:
    """Ask for an activity.

    Raises:
        ConfigurationError: Its id belongs to one that has not ended.
        ConversionError: An argument can't be encoded.
    """
    activity_id = command.activity_id
    if activity_id is None:
        activity_id = ledger.next_id()
    if activity_id in ledger.activity_ids:
        msg = f"activity {command.activity_type}: the id {activity_id!r} is in use"
        raise ConfigurationError(msg, hint="an id may be used again when the activity that has it ended")
    machine = Activity(ledger, place, command, activity_id)
    arguments = command.arguments
    if not (ledger.is_replaying and is_plain(arguments)):
        machine.input = ledger.converter.encode_arguments(arguments, place=f"activity {command.activity_type}")
    ledger.activity_ids.add(activity_id)
    ledger.asked.append(machine)
    return machine


def is_plain(arguments: Sequence[object]) -> bool:
    """Tell whether values can be encoded for sure."""
    for value in arguments:
        kind = type(value)
        if kind is str:
            if not value.isascii():  # type: ignore[attr-defined]  # a str
                return False  # it may hold what has no UTF-8 form
        elif kind not in _PLAIN or (kind is int and not -_INT_LIMIT <= value < _INT_LIMIT):  # type: ignore[operator]
            return False
    return True


def same_type(recorded: str, asked: str) -> bool:
    """Compare names of types: by their last dotted part, since clients differ in what stands before it."""
    return recorded == asked or recorded.rpartition(".")[2] == asked.rpartition(".")[2]


def timeout_kind(kind: int | None) -> TimeoutKind:
    """Return the public name of a timeout."""
    return TimeoutKind[TimeoutType(kind).name] if kind is not None else TimeoutKind.START_TO_CLOSE
