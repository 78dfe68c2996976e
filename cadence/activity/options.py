"""The options of an activity's call, which its decorator may give as defaults, and the checks that all options share.

The option types that name commands (retry policy, cancellation) live in `cadence.workflow.commands`, above this room;
they are named here for type checkers alone, and their values are checked where the call is made.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cadence.workflow.commands import CancellationType, RetryPolicy

__all__ = ("ActivityOptions", "check_duration", "refuse_unknown")

_ZERO = timedelta()


class ActivityOptions(TypedDict, total=False):
    """How to call an activity; at least `schedule_to_close_timeout` or `start_to_close_timeout` is needed."""

    activity_id: str | None
    """Its id in the run; default: the next number."""
    task_list: str | None
    """Where its workers poll; default: the workflow's own."""
    schedule_to_close_timeout: timedelta | None
    """Longest time from the call to the end. Alone, it stands for the other two as well."""
    schedule_to_start_timeout: timedelta | None
    """Longest wait for a worker; default: schedule_to_close_timeout, or the workflow's own timeout."""
    start_to_close_timeout: timedelta | None
    """Longest time for one attempt; default: schedule_to_close_timeout."""
    heartbeat_timeout: timedelta | None
    """Longest time between two heartbeats; None: it need not beat."""
    retry_policy: RetryPolicy | None
    """When a failed attempt is tried again; None: never."""
    cancellation_type: CancellationType
    """What cancelling the call does; default TRY_CANCEL."""


def refuse_unknown(given: Iterable[str], known: Iterable[str], where: str) -> None:
    """Raise for the first option that isn't known, with the nearest name that is.

    Raises:
        ConfigurationError: An option is unknown.
    """
    names = sorted(known)
    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(names)}"
            msg = f"{where}: there is no option {name!r}"
            raise ConfigurationError(msg, hint=hint)


def check_duration(value: object, name: str, where: str, *, zero: bool = False) -> None:
    """Raise unless `value` is None or a positive timedelta.

    Args:
        value: What was given.
        name: The option's name, for the message.
        where: What it was given to, for the message.
        zero: True allows a duration of nothing.

    Raises:
        ConfigurationError: It is no timedelta, or not positive.
    """
    if value is None:
        return
    if not isinstance(value, timedelta):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        msg = f"{where}: {name} is a timedelta, not {value!r}"
        raise ConfigurationError(msg, hint=f"write timedelta(seconds={value!r})" if number else "")
    if value < _ZERO or (value == _ZERO and not zero):
        msg = f"{where}: {name} is {value.total_seconds():g} s"
        raise ConfigurationError(msg, hint="it must be positive")
