"""One attempt of an activity, as its code sees it: the port of `cadence.activity.runtime`, and how it ended.

Made for each task on the worker's own loop; used from the thread or loop that the code runs on. What belongs to both
sides is written by one of them alone, or stands under the lock. It sends nothing: heartbeats go through `Heartbeats`,
the outcome through `activity_tasks` or `local_activities`.
"""

from __future__ import annotations

import asyncio
import enum
import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cadence.converter.signatures import Parameter, Signature
from cadence.exceptions import ConversionError
from cadence.interceptor import Heartbeat
from cadence.logs import ContextLogger
from cadence.worker.heartbeats import StopReason

if TYPE_CHECKING:
    from cadence.activity.runtime import ActivityInfo
    from cadence.converter import DataConverter
    from cadence.worker.heartbeats import Heartbeats

__all__ = ("Attempt", "Ended", "Outcome")

_log = logging.getLogger("cadence.worker")
_lock = threading.Lock()


class Ended(enum.Enum):
    """How an attempt ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ELSEWHERE = "elsewhere"
    """Its result comes from somebody else."""
    DROPPED = "dropped"
    """It was only interrupted: nothing is said, and the server's timeout gives it to another worker."""


class Outcome(NamedTuple):
    """How an attempt ended, in bytes."""

    ended: Ended
    result: bytes | None = None
    reason: str = ""
    details: bytes | None = None
    error: BaseException | None = None


class Attempt:
    """The runtime behind `cadence.activity` for one attempt."""

    __slots__ = (
        "_converter",
        "_details",
        "_heartbeats",
        "_info",
        "_info_of",
        "_intercepted",
        "_is_stopping",
        "_listeners",
        "elsewhere",
        "stop_reason",
    )

    def __init__(
        self,
        info_of: Callable[[], ActivityInfo],
        converter: DataConverter,
        *,
        details: bytes | None = None,
        heartbeats: Heartbeats | None = None,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """Prepare an attempt.

        Args:
            info_of: Makes the facts; called when they are first asked for.
            converter: For details.
            details: What the last attempt's heartbeat left.
            heartbeats: Sends; None for local activities, whose heartbeats mean nothing.
            is_stopping: Whether the worker stops.
        """
        self._info: ActivityInfo | None = None
        self._info_of = info_of
        self._converter = converter
        self._details = details
        self._heartbeats = heartbeats
        self._intercepted: Callable[[Heartbeat], None] | None = None
        self._is_stopping = is_stopping
        self._listeners: list[Callable[[], object]] | None = None
        self.elsewhere = False
        """True once the code left the result to somebody else."""
        self.stop_reason: StopReason | None = None
        """Why it is to stop; None while it isn't."""

    # --- cadence.activity.runtime.ActivityRuntime ---

    @property
    def info(self) -> ActivityInfo:
        """The facts about this attempt."""
        if self._info is None:
            self._info = self._info_of()
        return self._info

    def heartbeat(self, details: tuple[object, ...]) -> None:
        """Report progress; through the interceptors, where there are any."""
        if self._intercepted is not None:
            self._intercepted(Heartbeat(info=self.info, details=details))
        elif self._heartbeats is not None:
            self._report(self._heartbeats, details)

    def heartbeat_details(self, type_hints: Sequence[Any]) -> Sequence[Any]:
        """Decode what the last attempt left."""
        if not self._details:
            return ()
        parameters = tuple(Parameter(f"value {number}", hint) for number, hint in enumerate(type_hints, 1))
        variadic = None if parameters else object
        signature = Signature("heartbeat_details", parameters, variadic)
        place = f"heartbeat details of activity {self.info.activity_type}"
        return self._converter.decode_arguments(self._details, signature, place=place)

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to stop."""
        return self.stop_reason is not None

    @property
    def cancel_reason(self) -> str:
        """Why, or an empty text."""
        return self.stop_reason.value if self.stop_reason is not None else ""

    async def wait_for_cancelled(self) -> None:
        """Wait until it is to stop."""
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        if self._listen(lambda: loop.call_soon_threadsafe(event.set)):
            await event.wait()

    def wait_for_cancelled_sync(self, timeout: float | None) -> bool:
        """Block until it is to stop; False after `timeout` seconds."""
        event = threading.Event()
        return event.wait(timeout) if self._listen(event.set) else True

    @property
    def is_worker_stopping(self) -> bool:
        """Whether the worker stops."""
        return self._is_stopping()

    def complete_elsewhere(self) -> None:
        """Leave the result to somebody else."""
        self.elsewhere = True

    def logger(self, name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        """Return a logger that names the attempt."""
        info = self.info
        context = {
            "domain": info.domain,
            "workflow_id": info.workflow_id,
            "run_id": info.run_id,
            "workflow_type": info.workflow_type,
            "activity_type": info.activity_type,
            "activity_id": info.activity_id,
            "attempt": info.attempt,
        }
        return ContextLogger(logging.getLogger(name or "cadence.activity"), context)

    # --- for the worker ---

    @property
    def heartbeats(self) -> Heartbeats | None:
        """Its sender."""
        return self._heartbeats

    def intercept_heartbeats(
        self, compose: Callable[[Callable[[Heartbeat], None]], Callable[[Heartbeat], None]]
    ) -> None:
        """Put interceptors before the sender."""
        heartbeats = self._heartbeats

        def send(call: Heartbeat) -> None:
            if heartbeats is not None:
                self._report(heartbeats, call.details)

        self._intercepted = compose(send)

    def stop(self, reason: StopReason) -> None:
        """Tell it to stop; the first reason stays."""
        with _lock:
            if self.stop_reason is not None:
                return
            self.stop_reason = reason
            listeners, self._listeners = self._listeners, None
        for listener in listeners or ():
            try:
                listener()
            except RuntimeError as error:  # the loop that waited is closed
                _log.debug("nobody waits any more for a cancellation: %s", error)

    def on_stop(self, listener: Callable[[], object]) -> None:
        """Have `listener` called, from any thread, once it is to stop; at once where it is already."""
        if not self._listen(listener):
            listener()

    def _listen(self, listener: Callable[[], object]) -> bool:
        """Add a listener; False where it is to stop already."""
        with _lock:
            if self.stop_reason is not None:
                return False
            if self._listeners is None:
                self._listeners = []
            self._listeners.append(listener)
            return True

    def _report(self, heartbeats: Heartbeats, details: tuple[object, ...]) -> None:
        # Encoded here and now: the values may change as soon as the activity goes on.
        try:
            place = f"heartbeat of activity {self.info.activity_type}"
            data = self._converter.encode_arguments(details, place=place) if details else None
        except ConversionError as error:
            _log.warning("heartbeat details of activity %s were not sent: %s", self.info.activity_type, error)
            data = None
        heartbeats.report(data)
