"""What activity code can ask: who am I, what was left by the last attempt, am I cancelled; and its heartbeat.

Every function works in coroutines and in threads, and raises ConfigurationError outside activity code. What stands
behind them is `cadence.activity.runtime`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast, overload

from cadence.activity.runtime import ActivityInfo, ResultPending, current, current_or_none

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = (
    "cancel_reason",
    "complete_elsewhere",
    "get_logger",
    "heartbeat",
    "heartbeat_details",
    "in_activity",
    "info",
    "is_cancelled",
    "is_worker_stopping",
    "logger",
    "raise_complete_async",
    "wait_for_cancelled",
    "wait_for_cancelled_sync",
)

T = TypeVar("T")


def in_activity() -> bool:
    """Tell whether activity code is running here."""
    return current_or_none() is not None


def info() -> ActivityInfo:
    """Return the facts about the running attempt."""
    return current().info


def heartbeat(*details: object) -> None:
    """Report that the activity lives, and how far it is.

    Cheap enough to call often: at most about one in 80 % of the heartbeat timeout is sent, the newest. Returns at once;
    that the activity is cancelled shows at `is_cancelled()`, and as `asyncio.CancelledError` in an `async def`.

    Args:
        *details: Values for the next attempt, which finds the last ones sent at `heartbeat_details()`.
    """
    current().heartbeat(details)


@overload
def heartbeat_details() -> Any: ...
@overload
def heartbeat_details(type_hint: type[T], /) -> T | None: ...
@overload
def heartbeat_details(type_hint: Any, /, *type_hints: Any) -> Any: ...
def heartbeat_details(*type_hints: Any) -> Any:
    """Return what the last heartbeat of the previous attempt left, or None where it left nothing.

    Args:
        *type_hints: Types to convert the values to, one for each; without them: what the bytes say.

    Returns:
        The value; a tuple where several values were left, or several types are asked for.

    Raises:
        ConversionError: The values don't fit the types.
    """
    values = current().heartbeat_details(type_hints)
    if not values:
        return None
    return values[0] if len(values) == 1 and len(type_hints) < 2 else tuple(values)


def is_cancelled() -> bool:
    """Tell whether the activity shall stop: it was cancelled, it or its workflow ended, or the worker stops.

    For functions in threads to look at between steps; cancelled coroutines get `asyncio.CancelledError`.
    """
    return current().is_cancelled


def cancel_reason() -> str:
    """Return why the activity shall stop, in a sentence, or an empty text."""
    return current().cancel_reason


async def wait_for_cancelled() -> None:
    """Wait until the activity is cancelled. Cancelling the wait has no other effect."""
    await current().wait_for_cancelled()


def wait_for_cancelled_sync(timeout: timedelta | None = None) -> bool:
    """Block the thread until the activity is cancelled.

    Args:
        timeout: Longest wait; None: until the activity is cancelled.

    Returns:
        True if it is cancelled, False after the timeout.
    """
    return current().wait_for_cancelled_sync(None if timeout is None else timeout.total_seconds())


def is_worker_stopping() -> bool:
    """Tell whether the worker stops; the activity has its grace time to end by itself."""
    return current().is_worker_stopping


def complete_elsewhere() -> None:
    """Leave this activity open when its function returns.

    Somebody completes it with `info().task_token`, or with the workflow's id and the activity's, through
    `Client.activity_completion()`; until then its timeouts run on.
    """
    current().complete_elsewhere()


def raise_complete_async() -> NoReturn:
    """Leave the function at once and the activity open; see `complete_elsewhere`."""
    current().complete_elsewhere()
    raise ResultPending


def get_logger(name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
    """Return a logger that adds the activity's and the workflow's names and ids; outside activities, a plain one.

    Args:
        name: The logger's name; default: `cadence.activity`.
    """
    runtime = current_or_none()
    if runtime is None:
        # The function may be called as a plain one, in a test for example; its logging shall not stand in the way.
        return logging.LoggerAdapter(logging.getLogger(name or "cadence.activity"), {})
    return runtime.logger(name)


class _ActivityLogger:
    """`activity.logger`: whatever is asked of it is asked of the running activity's logger."""

    def __getattr__(self, name: str) -> Any:
        return getattr(get_logger(), name)


logger = cast("logging.LoggerAdapter[logging.Logger]", _ActivityLogger())
"""The running activity's logger: `activity.logger.info("...")`."""
