"""Heartbeats of one activity attempt: the first goes out at once, then the newest of each 80 % of the timeout.

Activity code reports from its thread as often as it likes; what is sent is this module's business, on the worker's own
loop. The answer may say that the activity is to stop: then the attempt is told. Failures are logged, not raised to the
activity: its next report tries again.
"""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from cadence import api
from cadence.exceptions import CadenceError
from cadence.service.retry import RetryOptions
from cadence.tchannel.errors import BadRequestFrameError

if TYPE_CHECKING:
    from cadence.worker.mailbox import Mailbox
    from cadence.worker.ports import WorkerService

__all__ = ("Heartbeats", "StopReason", "window_of")

_log = logging.getLogger("cadence.worker")

_SHARE = 0.8
# As Java's: without it, an activity with a timeout of an hour would learn of its cancellation 48 minutes late.
_LONGEST_WINDOW = 30.0
_WITHOUT_TIMEOUT = 600.0
_AFTER_FAILURE = 1.0
_RETRY = RetryOptions(maximum_interval=1.0)

_GONE = frozenset({"EntityNotExistsError", "WorkflowExecutionAlreadyCompletedError", "DomainNotActiveError"})


def _nothing(_: str) -> None:
    """Count nothing."""


class StopReason(enum.Enum):
    """Why an attempt is to stop."""

    CANCEL_REQUESTED = "its cancellation was requested"
    GONE = "the server doesn't know it any more: it timed out, or its workflow ended"
    TIMED_OUT = "its time is over"
    WORKER_STOPS = "the worker stops"


def window_of(timeout: float) -> float:
    """Return the seconds between two heartbeats on the wire for a heartbeat timeout; 0 is none."""
    return min(_SHARE * timeout, _LONGEST_WINDOW) if timeout > 0 else _LONGEST_WINDOW


class Heartbeats:
    """The sender of one attempt. Made lazily: an attempt that never beats costs nothing."""

    __slots__ = (
        "_beating",
        "_closed",
        "_count",
        "_dirty",
        "_identity",
        "_mailbox",
        "_newest",
        "_on_stop",
        "_posted",
        "_send_timeout",
        "_sending",
        "_service",
        "_timer",
        "_token",
        "_window",
        "sent",
    )

    def __init__(
        self,
        service: WorkerService,
        mailbox: Mailbox,
        token: bytes,
        identity: str,
        *,
        timeout: float,
        on_stop: Callable[[StopReason], None],
        count: Callable[[str], None] | None = None,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            service: Takes the heartbeats.
            mailbox: Of the loop that sends.
            token: The task's token.
            identity: The worker's.
            timeout: The heartbeat timeout in seconds; 0 is none.
            on_stop: Called on that loop when the answer is that the attempt shall stop.
            count: Told what became of each one that was sent: `recorded`, `cancelled` or `error`.
        """
        self._service = service
        self._mailbox = mailbox
        self._token = token
        self._identity = identity
        self._window = window_of(timeout)
        self._send_timeout = timeout or _WITHOUT_TIMEOUT
        self._on_stop = on_stop
        self._count = count or _nothing
        self._newest: bytes | None = None
        self._dirty = self._posted = self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._beating: asyncio.TimerHandle | None = None
        self._sending: asyncio.Task[None] | None = None
        self.sent = 0
        """Heartbeats sent."""

    @property
    def is_used(self) -> bool:
        """Whether there is anything to end: it was reported to, or beats by itself."""
        return self._dirty or self._beating is not None or self._timer is not None or self._sending is not None

    def report(self, details: bytes | None) -> None:
        """Note a heartbeat. From any thread; returns at once."""
        self._newest = details
        self._dirty = True
        if not self._posted:
            self._posted = True
            self._mailbox.post(self._take)

    def beat_automatically(self, every: float, is_alive: Callable[[Callable[[], None]], None]) -> None:
        """Send the newest details again and again, until closed. On the loop.

        Args:
            every: Seconds.
            is_alive: Calls back, from any thread, once the activity's own loop got round to it: a stuck one never does.
        """

        def beat() -> None:
            if self._closed:
                return
            is_alive(lambda: self.report(self._newest))
            self._beating = self._mailbox.loop.call_later(every, beat)

        self._beating = self._mailbox.loop.call_later(every, beat)

    async def close(self, *, flush: bool) -> None:
        """End it; with `flush`, details that were reported and not sent go out first. On the loop."""
        self._closed = True
        for timer in (self._timer, self._beating):
            if timer is not None:
                timer.cancel()
        if self._sending is not None:
            # One that is out is waited for: overtaken by the answer, it would be told that the task is unknown.
            await asyncio.gather(self._sending, return_exceptions=True)
        if flush and self._dirty:
            await self._send()

    def _take(self) -> None:
        # Lowered before anything is read: a report that comes now posts again.
        self._posted = False
        if self._dirty and self._timer is None and self._sending is None and not self._closed:
            self._sending = asyncio.create_task(self._send_and_open(), name="cadence.worker.heartbeat")

    async def _send_and_open(self) -> None:
        recorded = await self._send()
        self._sending = None
        if not self._closed:
            window = self._window if recorded else min(self._window, _AFTER_FAILURE)
            self._timer = self._mailbox.loop.call_later(window, self._window_ended)

    def _window_ended(self) -> None:
        self._timer = None
        self._take()

    async def _send(self) -> bool:
        """Send the newest details; False where they were not recorded and should be sent again soon."""
        self._dirty = False
        request = api.RecordActivityTaskHeartbeatRequest(self._token, self._newest, self._identity)
        try:
            answer = await self._service.record_activity_task_heartbeat(
                request, timeout=self._send_timeout, retry=_RETRY
            )
        except CadenceError as error:
            if type(error).__name__ in _GONE:
                self._count("cancelled")
                self._on_stop(StopReason.GONE)
                return True
            self._count("error")
            if isinstance(error, BadRequestFrameError):
                _log.warning("a heartbeat can't be sent: %s", error)
                return True
            self._dirty = True
            _log.warning("a heartbeat was not recorded, and is sent again: %s", error)
            return False
        self.sent += 1
        self._count("cancelled" if answer.cancel_requested else "recorded")
        if answer.cancel_requested:
            self._on_stop(StopReason.CANCEL_REQUESTED)
        return True
