"""The port between the face that activity code uses and whatever runs it.

The face (`cadence.activity.context`) finds the runtime in a context variable, which works the same in coroutines and in
threads; the worker (`cadence.worker.activity_tasks`) and test environments implement it. This module knows neither.
"""

from __future__ import annotations

import contextvars
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    import logging

__all__ = ("ActivityInfo", "ActivityRuntime", "ResultPending", "activate", "current", "current_or_none")


class ActivityInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Facts about the running attempt of an activity."""

    activity_id: str
    activity_type: str
    task_token: bytes
    """Names this attempt to the server; completes the activity from elsewhere."""
    workflow_id: str
    run_id: str
    workflow_type: str
    domain: str
    task_list: str
    attempt: int = 0
    """Attempts before this one, so 0 in the first."""
    scheduled_time: datetime
    """When workflow code called it, aware, UTC."""
    current_attempt_scheduled_time: datetime
    """When this attempt was put into the task list."""
    started_time: datetime
    """When this attempt was given to the worker."""
    schedule_to_close_timeout: timedelta | None = None
    start_to_close_timeout: timedelta | None = None
    heartbeat_timeout: timedelta | None = None
    """Longest time between two heartbeats, or None: it need not beat."""
    deadline: datetime
    """When the attempt times out: the earlier one of its two clocks."""
    is_local: bool = False
    """True where it runs within a decision task of this worker."""
    headers: Mapping[str, bytes] = {}


class ResultPending(BaseException):
    """Ends an activity's function without a result; somebody completes it from elsewhere.

    No Exception, so that `except Exception` in activity code can't hold it.
    """


class ActivityRuntime(Protocol):
    """What activity code can ask for. One per attempt; every method may be called from any thread."""

    @property
    def info(self) -> ActivityInfo: ...

    def heartbeat(self, details: tuple[object, ...]) -> None:
        """Report progress. Returns at once and never fails: sending is the runtime's business."""

    def heartbeat_details(self, type_hints: Sequence[Any]) -> Sequence[Any]:
        """Decode what the last attempt's last heartbeat left, value by value; empty where it left nothing.

        Without `type_hints` the values are what the bytes say.
        """

    @property
    def is_cancelled(self) -> bool:
        """True once the server or the worker wants this attempt to stop."""

    @property
    def cancel_reason(self) -> str:
        """Why, in a sentence; empty while nobody asked."""

    async def wait_for_cancelled(self) -> None:
        """Return as soon as `is_cancelled` is true. On the event loop that the activity runs on."""

    def wait_for_cancelled_sync(self, timeout: float | None) -> bool:
        """Block the thread until `is_cancelled` is true; False after `timeout` seconds."""

    @property
    def is_worker_stopping(self) -> bool:
        """True once the worker stops and its grace time runs."""

    def complete_elsewhere(self) -> None:
        """Leave the function's result unsent: somebody else completes the activity."""

    def logger(self, name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        """Adds the activity's and the workflow's names and ids."""


_CURRENT: contextvars.ContextVar[ActivityRuntime | None] = contextvars.ContextVar("cadence_activity", default=None)


def current() -> ActivityRuntime:
    """Return the runtime of the activity whose code is running.

    Raises:
        ConfigurationError: Not called from activity code.
    """
    runtime = _CURRENT.get()
    if runtime is None:
        msg = "this works in activity code alone, and no activity is running here"
        raise ConfigurationError(
            msg,
            hint="threads that an activity starts itself need its context: contextvars.copy_context().run(...) "
            "or asyncio.to_thread",
        )
    return runtime


def current_or_none() -> ActivityRuntime | None:
    """Return the runtime of the activity whose code is running, or None outside activity code."""
    return _CURRENT.get()


@contextmanager
def activate(runtime: ActivityRuntime) -> Iterator[None]:
    """Make `runtime` the current one for the body, and for threads and tasks that copy its context."""
    token = _CURRENT.set(runtime)
    try:
        yield
    finally:
        _CURRENT.reset(token)
