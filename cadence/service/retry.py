"""Which call is tried again after which error, when, and with how much time: pure functions, no clock, no I/O.

The rules are the Go client's, so that a cluster sees the same load from every kind of client. The loop that follows
them is in invoker.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from cadence.exceptions import ServiceError, TransportError
from cadence.tchannel.errors import (
    BusyError,
    ConnectionFailedError,
    ConnectTimeoutError,
    NotRetryable,
    UnknownHostError,
)

__all__ = (
    "INHERIT",
    "SHORTEST_ATTEMPT",
    "RetryOptions",
    "attempt_timeout",
    "is_busy",
    "is_retryable",
    "is_unreachable",
    "next_delay",
    "retries_by_default",
    "time_for",
)

_FINAL = frozenset(
    {
        "AccessDeniedError",
        "BadRequestError",
        "CancellationAlreadyRequestedError",
        "ClientVersionNotSupportedError",
        "DomainAlreadyExistsError",
        "DomainNotActiveError",
        "EntityNotExistsError",
        "FeatureNotEnabledError",
        "LimitExceededError",
        "QueryFailedError",
        "UnknownAnswerError",
        "WorkflowExecutionAlreadyCompletedError",
        "WorkflowExecutionAlreadyStartedError",
    }
)
_HISTORY = "GetWorkflowExecutionHistory"

# Calls that wait on the server's side: an attempt gets all the time there is, up to this many seconds. The server ends
# an empty poll after a minute or two, and a wait for new events after twenty seconds.
_WAITING = {"PollForDecisionTask": 150.0, "PollForActivityTask": 150.0, _HISTORY: 25.0}
_POLLS = frozenset({"PollForDecisionTask", "PollForActivityTask"})

_ATTEMPT_WITHOUT_DEADLINE = 10.0
SHORTEST_ATTEMPT = 1.0
"""Seconds that an attempt gets, unless the whole call has less."""
_LONGEST_ATTEMPT, _LONGEST_QUERY_ATTEMPT = 5.0, 20.0
_JITTER = 0.2
# Beyond this the delay is at its cap anyway; without a bound the power overflows after some thousand attempts.
_LARGEST_EXPONENT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions:
    """When a failed call is tried again. All times in seconds."""

    initial_interval: float = 0.02
    """Pause after the first failure. Also the least pause: where less time is left, the call ends."""

    coefficient: float = 1.2
    """Each pause is this much longer than the one before."""

    maximum_interval: float | None = None
    """Longest pause; None: a tenth of the time that the whole call has."""

    expiration: float = 60.0
    """Time for the whole call where it has no timeout of its own."""

    unreachable: float = 10.0
    """Time for the whole call where none of its attempts reaches a host: a wrong address should be told soon."""

    busy_pause: float = 1.0
    """Added to the pause when the server says that it is busy."""


INHERIT = RetryOptions()
"""As the argument of a call: use the service's own options. Recognized by identity."""


def retries_by_default(rpc: str) -> bool:
    """Whether a call without options of its own is retried. Polls are not: who polls has a back-off of its own."""
    return rpc not in _POLLS


def is_retryable(rpc: str, error: BaseException) -> bool:
    """Whether trying again can help.

    Args:
        rpc: The IDL's name of the call.
        error: What it raised.
    """
    if isinstance(error, ServiceError):
        name = type(error).__name__
        if name == "EntityNotExistsError" and rpc == _HISTORY:
            return _is_standby(error)
        return name not in _FINAL
    return isinstance(error, TransportError) and not isinstance(error, NotRetryable | UnknownHostError)


def _is_standby(error: ServiceError) -> bool:
    """Whether a cluster that is not the active one said so: it may merely lag behind."""
    current, active = getattr(error, "current_cluster", None), getattr(error, "active_cluster", None)
    return bool(current and active and current != active)


def time_for(options: RetryOptions, timeout: float | None, *, unreachable: bool) -> float:
    """Give the seconds that a call may take in all, the failed attempts included.

    Args:
        options: The options of the call.
        timeout: The call's own timeout, if it has one.
        unreachable: No attempt of the call found a host. One that did shows that the address is right: a frontend that
            is started anew in the middle of a long call has the time of the call to come back.
    """
    total = options.expiration if timeout is None else timeout
    return min(total, options.unreachable) if unreachable else total


def is_unreachable(error: BaseException) -> bool:
    """Whether no host could be connected to."""
    return isinstance(error, ConnectionFailedError | ConnectTimeoutError)


def is_busy(error: BaseException) -> bool:
    """Whether the server asks for a pause."""
    return isinstance(error, BusyError) or type(error).__name__ == "ServiceBusyError"


def attempt_timeout(rpc: str, remaining: float | None, *, retried: bool) -> float:
    """Give the time that the next attempt gets.

    A lost answer must not eat all the time of a call, so an attempt that may be followed by another gets half of it.

    Args:
        rpc: The IDL's name of the call.
        remaining: Seconds that the whole call has left; None if it has no deadline.
        retried: Whether the call may be tried again.

    Returns:
        Seconds.
    """
    waiting = _WAITING.get(rpc)
    if remaining is None:
        return waiting or _ATTEMPT_WITHOUT_DEADLINE
    if not retried:
        return remaining
    if waiting is not None:
        return min(remaining, waiting)
    longest = _LONGEST_QUERY_ATTEMPT if rpc == "QueryWorkflow" else _LONGEST_ATTEMPT
    return min(remaining, max(SHORTEST_ATTEMPT, min(longest, remaining / 2)))


def next_delay(options: RetryOptions, attempt: int, total: float, remaining: float, chance: float) -> float | None:
    """Give the pause before the next attempt.

    Args:
        options: The options of the call.
        attempt: How many attempts have failed before this one: 0 after the first failure.
        total: Seconds that the whole call had at its start.
        remaining: Seconds that it has left.
        chance: A random number from 0 to 1; the pause is 80 % fixed and up to 20 % random.

    Returns:
        Seconds, or None if there is no time for another attempt.
    """
    longest = total / 10 if options.maximum_interval is None else options.maximum_interval
    delay = options.initial_interval * options.coefficient ** min(attempt, _LARGEST_EXPONENT)
    delay = min(delay, longest, remaining)
    if delay < options.initial_interval:
        return None
    return delay * (1 - _JITTER + _JITTER * chance)
