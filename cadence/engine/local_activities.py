"""Local activities: asked for by the code, run by whoever drives the run, ended by a marker.

While the code is replayed nothing is started: the markers of the next decision end what was asked for, one by one, each
at its own time. What no marker ended is handed out to be run once the code has caught up. A retry that has to wait
longer than a decision may take goes through a marker and a timer, as in Go.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from cadence.converter.failures import failure_text
from cadence.engine import determinism
from cadence.engine.errors import HistoryError
from cadence.engine.machines.activity import same_type
from cadence.engine.machines.base import Machine, State, Trigger
from cadence.engine.machines.marker import LOCAL_ACTIVITY, Marker, bytes_of, text_of
from cadence.engine.machines.timer import Timer, start_timer
from cadence.exceptions import (
    ActivityCanceledError,
    ActivityError,
    ActivityFailedError,
    ActivityTimedOutError,
    RemoteTimeoutError,
)
from cadence.workflow.commands import CancellationType, RetryPolicy

if TYPE_CHECKING:
    import asyncio

    from cadence import api
    from cadence.engine.ledger import Ledger
    from cadence.engine.stacks import Place
    from cadence.workflow.commands import RunLocalActivity

__all__ = ("LocalActivities", "LocalActivity")

_HEADER = "LocalActivityHeader"
_CANCELED = "cadenceInternal:Canceled"
_NS = 1_000_000_000
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")


class LocalActivity(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be run."""

    activity_id: str
    activity_type: str
    arguments: bytes | None
    attempt: int
    """From 0."""
    schedule_to_close_timeout: timedelta
    retry_policy: RetryPolicy | None
    headers: Mapping[str, bytes]
    scheduled_time_ns: int
    """Workflow time of the first attempt."""
    expires_ns: int
    """No attempt starts later; 0: no limit."""


class _End(msgspec.Struct, kw_only=True, rename="camel", omit_defaults=True):
    """A marker's details, as Go writes them."""

    activity_id: str = msgspec.field(default="", name="activityId")
    activity_type: str = ""
    err_reason: str | None = None
    err_json: str | None = None
    result_json: str | None = None
    replay_time: str = ""
    attempt: int = 0
    backoff: Any = 0


class _Local(Machine):
    """One local activity, through all its attempts."""

    __slots__ = ("activity_id", "attempt", "command", "expires_ns", "input", "owner", "scheduled_ns", "timer")

    TRANSITIONS: ClassVar[Mapping[tuple[State, Trigger], State]] = {
        (State.ASKED, Trigger.CLOSED): State.CLOSED,
        (State.ASKED, Trigger.CANCEL): State.CANCELLING,
        (State.CANCELLING, Trigger.CANCEL): State.CANCELLING,
        (State.CANCELLING, Trigger.CLOSED): State.CLOSED,
    }

    def __init__(self, owner: LocalActivities, ledger: Ledger, command: RunLocalActivity, place: Place | None) -> None:
        super().__init__(ledger, place)
        self.owner = owner
        self.command = command
        self.activity_id = ledger.next_id()
        self.attempt = 0
        self.input = ledger.converter.encode_arguments(
            command.arguments, place=f"local activity {command.activity_type}"
        )
        self.scheduled_ns = ledger.time_ns
        expiry = command.retry_policy.expiration_interval if command.retry_policy is not None else None
        self.expires_ns = ledger.time_ns + int(expiry.total_seconds() * _NS) if expiry else 0
        self.timer: Timer | None = None

    def describe(self) -> str:
        """Return it in a few words."""
        return f'local activity "{self.command.activity_type}" (id {self.activity_id})'

    def cancel(self, message: Any | None) -> bool:
        """Cancel it: at once, or when its end has come, as its call said."""
        if self.ledger.is_over:
            return self.future.cancel_now(message)
        self.ledger.check_open()
        kind = self.command.cancellation_type
        self.advance(Trigger.CANCEL)
        if self.timer is not None:
            self.timer.future.cancel()
            self.timer = None
            return self.future.cancel_now(message)
        if kind is CancellationType.WAIT_CANCELLATION_COMPLETED:
            self.owner.cancel(self.activity_id)
            return True
        self.owner.drop(self.activity_id, ask=kind is CancellationType.TRY_CANCEL)
        return self.future.cancel_now(message)


class LocalActivities:
    """The local activities of one run."""

    __slots__ = ("_ledger", "_to_cancel", "_to_start", "open")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._to_start: list[str] = []
        self._to_cancel: list[str] = []
        self.open: dict[str, _Local] = {}
        """By id, those that have not ended."""

    def start(self, command: RunLocalActivity, place: Place | None) -> asyncio.Future[Any]:
        """Ask for one.

        Raises:
            ConversionError: An argument can't be encoded.
        """
        machine = _Local(self, self._ledger, command, place)
        self._add(machine)
        return machine.future

    def to_start(self) -> list[LocalActivity]:
        """Take those that are to be run now."""
        ids, self._to_start = self._to_start, []
        return [self._description(self.open[activity_id]) for activity_id in ids if activity_id in self.open]

    def to_cancel(self) -> list[str]:
        """Take the ids of those that run and whose result nobody waits for."""
        ids, self._to_cancel = self._to_cancel, []
        return ids

    def cancel(self, activity_id: str) -> None:
        """Ask for the end of one."""
        self._to_cancel.append(activity_id)

    def drop(self, activity_id: str, *, ask: bool) -> None:
        """Forget one; its end, should it come, means nothing."""
        if self.open.pop(activity_id, None) is None:
            return
        if activity_id in self._to_start:
            self._to_start.remove(activity_id)
        elif ask:
            self._to_cancel.append(activity_id)

    def end(
        self,
        activity_id: str,
        *,
        result: bytes | None,
        failure: tuple[str, bytes | None] | None,
        attempt: int,
        backoff: timedelta | None,
    ) -> bool:
        """Note how one ended that was run; its marker is asked for. False: nobody waits for it any more."""
        machine = self.open.pop(activity_id, None)
        if machine is None:
            return False
        reason, details = failure if failure is not None else (None, None)
        delay = 0 if backoff is None else math.ceil(backoff.total_seconds() * _NS)
        end = _End(
            activity_id=activity_id,
            activity_type=machine.command.activity_type,
            err_reason=reason,
            err_json=None if details is None else text_of(details),
            result_json=None if result is None else text_of(result),
            replay_time=_rfc3339(self._ledger.time_ns),
            attempt=attempt,
            backoff=delay,
        )
        marker = Marker(LOCAL_ACTIVITY, msgspec.json.encode(end) + b"\n", machine.place, activity_id)
        self._ledger.ask(marker)
        self._settle(machine, result, (reason, details), attempt, delay)
        return True

    def replay(self, event: api.HistoryEvent) -> bool:
        """Apply a marker of the next decision. False: nothing waits for it."""
        attributes: Any = event.marker_recorded_event_attributes
        end, result, details = _read(attributes)
        machine = self.open.get(end.activity_id)
        if machine is None:
            return False
        if not same_type(_plain_type(end.activity_type), machine.command.activity_type):
            raise self._ledger.stop(determinism.mismatch(event, machine))
        del self.open[end.activity_id]
        if end.activity_id in self._to_start:
            self._to_start.remove(end.activity_id)
        self._ledger.time_ns = max(self._ledger.time_ns, _nanoseconds(end.replay_time))
        self._ledger.ask(Marker(LOCAL_ACTIVITY, None, machine.place, end.activity_id))
        self._settle(machine, result, (end.err_reason, details), end.attempt, _delay(end.backoff))
        return True

    def _add(self, machine: _Local) -> None:
        self.open[machine.activity_id] = machine
        self._to_start.append(machine.activity_id)

    def _description(self, machine: _Local) -> LocalActivity:
        command = machine.command
        return LocalActivity(
            activity_id=machine.activity_id,
            activity_type=command.activity_type,
            arguments=machine.input,
            attempt=machine.attempt,
            schedule_to_close_timeout=command.schedule_to_close_timeout,
            retry_policy=command.retry_policy,
            headers=command.headers or {},
            scheduled_time_ns=machine.scheduled_ns,
            expires_ns=machine.expires_ns,
        )

    def _settle(
        self,
        machine: _Local,
        result: bytes | None,
        failure: tuple[str | None, bytes | None],
        attempt: int,
        delay: int,
    ) -> None:
        reason, details = failure
        if delay and reason is not None and machine.state is State.ASKED:
            machine.attempt = attempt + 1
            machine.timer = start_timer(self._ledger, delay / _NS, machine.place)
            machine.timer.future.add_done_callback(lambda timer: self._again(machine, timer))
            return
        was_cancelled = machine.state is State.CANCELLING
        machine.advance(Trigger.CLOSED)
        if not reason:
            machine.succeed(result, machine.command.result_type)
        elif was_cancelled and reason == _CANCELED and not machine.future.done():
            machine.future.cancel_at_last(None)
        else:
            machine.fail(self._error(machine, reason, details, attempt))

    def _again(self, machine: _Local, timer: asyncio.Future[Any]) -> None:
        if timer.cancelled() or machine.future.done():
            return
        machine.timer = None
        machine.activity_id = self._ledger.next_id()
        self._add(machine)

    def _error(self, machine: _Local, reason: str, details: bytes | None, attempt: int) -> ActivityError:
        cause = self._ledger.converter.decode_failure(reason, details)
        where: dict[str, Any] = {
            "activity_type": machine.command.activity_type,
            "activity_id": machine.activity_id,
            "attempt": attempt,
        }
        if reason == _CANCELED:
            return ActivityCanceledError("", **where)
        if isinstance(cause, RemoteTimeoutError):
            timeout = ActivityTimedOutError(cause.kind.value, **where)
            timeout.kind = cause.kind
            return timeout
        failed = ActivityFailedError(failure_text(cause) or reason, **where)
        failed.reason = reason
        failed.__cause__ = cause
        return failed


def _read(attributes: Any) -> tuple[_End, bytes | None, bytes | None]:
    """Return a marker's content, with result and error details as bytes, in whichever client's form."""
    header = (attributes.header.fields if attributes.header is not None else None) or {}
    data = attributes.details or b""
    if _HEADER not in header:
        end = msgspec.json.decode(data, type=_End)
        return end, _bytes(end.result_json), _bytes(end.err_json)
    java = msgspec.json.decode(header[_HEADER])
    milliseconds = int(java.get("replayTimeMillis") or 0)
    end = _End(
        activity_id=str(java["activityId"]),
        activity_type=java.get("activityType") or "",
        err_reason=java.get("errReason"),
        replay_time=_rfc3339(milliseconds * 1_000_000),
        attempt=int(java.get("attempt") or 0),
        backoff=java.get("backoff") or 0,
    )
    return (end, None, data) if end.err_reason else (end, data or None, None)


def _plain_type(name: str) -> str:
    """Java writes `ActivityType(name:Interface::method)`."""
    return name.removeprefix("ActivityType(name:").removesuffix(")") if name.startswith("ActivityType(") else name


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes_of(text)


def _delay(backoff: Any) -> int:
    if isinstance(backoff, dict):
        return int(backoff.get("seconds") or 0) * _NS + int(backoff.get("nanos") or 0)
    return int(backoff or 0)


def _rfc3339(time_ns: int) -> str:
    seconds, fraction = divmod(time_ns, _NS)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:09d}Z"


def _nanoseconds(text: str) -> int:
    if not text:
        return 0
    found = _TIME.fullmatch(text)
    if found is None:
        msg = f"a local activity's marker has the time {text!r}"
        raise HistoryError(msg, hint="it should be as in RFC 3339")
    whole, digits, zone = found.groups()
    moment = datetime.fromisoformat(whole + zone.replace("Z", "+00:00"))
    return int(moment.timestamp()) * _NS + int((digits or "").ljust(9, "0")[:9])
