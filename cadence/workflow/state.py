"""What workflow code can know and do by itself: facts about the run, its time, chance, versions, waiting, logging.

Everything here gives the same answer in replay. Each function finds the run on the event loop and raises
ConfigurationError where no workflow runs; what stands behind them is `cadence.workflow.runtime`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

from cadence.converter.signatures import signature_of
from cadence.exceptions import ConfigurationError, ConversionError
from cadence.workflow.commands import StartTimer, UpsertSearchAttributes
from cadence.workflow.runtime import WorkflowInfo, current, current_or_none

if TYPE_CHECKING:
    import logging
    import random as random_module
    import uuid

    from cadence.workflow.attribute_keys import SearchAttributeKey, SearchAttributes

__all__ = (
    "DEFAULT_VERSION",
    "cancel_requested",
    "get_logger",
    "get_version",
    "history_length",
    "history_size",
    "in_workflow",
    "info",
    "is_replaying",
    "logger",
    "memo",
    "mutable_side_effect",
    "now",
    "random",
    "search_attribute",
    "search_attributes",
    "set_query_handler",
    "set_signal_handler",
    "side_effect",
    "sleep",
    "time",
    "time_ns",
    "upsert_search_attributes",
    "uuid4",
    "wait_condition",
)

T = TypeVar("T")

DEFAULT_VERSION = -1
"""What `get_version` returns for runs that passed the place before the change was made."""


def in_workflow() -> bool:
    """Tell whether workflow code is running here."""
    return current_or_none() is not None


def info() -> WorkflowInfo:
    """Return the facts about the run that never change."""
    return current().info


def is_replaying() -> bool:
    """Tell whether the code runs over history that was made before. For logs and metrics, not for decisions."""
    return current().is_replaying


def cancel_requested() -> bool:
    """Tell whether somebody asked for this run's cancellation."""
    return current().cancel_requested


def history_length() -> int:
    """Return the number of events in history up to the current decision."""
    return current().history_length


def history_size() -> int:
    """Return the bytes of history up to the current decision as the server counts them; 0 where it doesn't say."""
    return current().history_size


def now() -> datetime:
    """Return the workflow's time, aware, UTC. It stands still between two decisions."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=current().time_ns() // 1000)


def time() -> float:
    """Return the workflow's time in seconds since the epoch."""
    return current().time_ns() / 1e9


def time_ns() -> int:
    """Return the workflow's time in nanoseconds since the epoch."""
    return current().time_ns()


def random() -> random_module.Random:
    """Return the run's own generator, seeded from its run id; the same object each time."""
    return current().random()


def uuid4() -> uuid.UUID:
    """Return a UUID from the run's own generator."""
    return current().uuid4()


async def sleep(duration: timedelta | float) -> None:
    """Wait on a timer that the server keeps, for seconds or months; as `asyncio.sleep` does in workflow code.

    Cancelling the wait cancels the timer.

    Args:
        duration: A timedelta or seconds, rounded up to whole ones; nothing or less returns at once.
    """
    await current().request(StartTimer(seconds=_seconds(duration, "sleep")))


async def wait_condition(predicate: Callable[[], object], timeout: timedelta | float | None = None) -> bool:
    """Wait until `predicate()` is true. It is looked at whenever the workflow's state may have changed.

    Args:
        predicate: Reads the workflow's state, changes nothing and does not wait.
        timeout: A timedelta or seconds, rounded up to whole ones; None: no limit.

    Returns:
        True if it became true, False if the time passed.
    """
    limit = None if timeout is None else _seconds(timeout, "wait_condition")
    return await current().wait_condition(predicate, limit)


def get_version(change_id: str, minimum: int = DEFAULT_VERSION, maximum: int = 1) -> int:
    """Return which version of a changed place this run follows, so that old runs go on as they began.

    Runs that come to the place for the first time get `maximum`, and keep it; runs that passed it before the change was
    made get DEFAULT_VERSION.

        if workflow.get_version("greet-twice") == workflow.DEFAULT_VERSION:
            ...  # as it was
        else:
            ...  # as it is now

    Args:
        change_id: The change's name; the same for all places that belong to it.
        minimum: Oldest version that the code still supports.
        maximum: Newest version.

    Raises:
        ConfigurationError: The arguments make no range, or the run follows a version outside it.
    """
    if not change_id or minimum > maximum:
        msg = f"get_version({change_id!r}, {minimum}, {maximum}): this is no change id with a range of versions"
        raise ConfigurationError(msg, hint="minimum is at most maximum")
    return current().get_version(change_id, minimum, maximum)


def side_effect(function: Callable[[], T], *, result_type: Any = None) -> T:
    """Run `function` once, keep its result in history, and return that in replay.

    For short things that differ each time, a random key for example; work that can fail belongs in an activity.

    Args:
        function: Takes nothing and doesn't wait; its result must be convertible.
        result_type: Type of the result; default: the function's annotation, or what the bytes say.
    """
    return cast("T", current().side_effect(function, _result_type(function, result_type)))


def mutable_side_effect(
    effect_id: str,
    function: Callable[[], T],
    *,
    result_type: Any = None,
    equal: Callable[[T, T], bool] = operator.eq,
) -> T:
    """Run `function` each time, but keep its result in history only where it changed.

    For a configuration value that may change while the workflow runs.

    Args:
        effect_id: The value's name in the run.
        function: Takes nothing and doesn't wait; its result must be convertible.
        result_type: Type of the result; default: the function's annotation, or what the bytes say.
        equal: Compares the last value with the new one.
    """
    value = current().mutable_side_effect(effect_id, function, _result_type(function, result_type), equal)
    return cast("T", value)


def memo(type_hints: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the memo that the run was started with.

    Args:
        type_hints: Types to convert values to, by key; default: what the bytes say.
    """
    runtime = current()
    hints = type_hints or {}
    return {key: runtime.decode(data, hints.get(key, object)) for key, data in runtime.memo.items()}


def search_attributes() -> Mapping[str, object]:
    """Return the run's search attributes, with what it upserted itself."""
    return current().search_attributes


def search_attribute(key: SearchAttributeKey[T]) -> T | None:
    """Return the value of a search attribute, converted to its key's type; None where it isn't set.

    Raises:
        ConversionError: The value has another type.
    """
    value = current().search_attributes.get(key.name)
    if value is None:
        return None
    try:
        return cast("T", msgspec.convert(value, key.value_type, strict=False))
    except msgspec.ValidationError as error:
        raise ConversionError(str(error), place=f"search attribute {key.name!r}") from error


def upsert_search_attributes(attributes: SearchAttributes) -> None:
    """Set search attributes of this run; those not named stay as they are.

    Args:
        attributes: Values by name or typed key: text, numbers, bool, datetime, or lists of them. The names must be
            known to the server.

    Raises:
        ConfigurationError: There is none, or a value isn't of its key's type.
    """
    if not attributes:
        msg = "upsert_search_attributes got no attribute"
        raise ConfigurationError(msg)
    current().request(UpsertSearchAttributes(attributes=dict(attributes)))


def set_signal_handler(name: str | None, handler: Callable[..., Any] | None) -> None:
    """Set, replace or remove the handler of a signal while the workflow runs.

    Signals that came before are handled at once, in their order.

    Args:
        name: The signal; None: every signal without a handler, which gets the name first.
        handler: `def` or `async def`; None removes it, and signals are kept until there is one again.
    """
    current().set_signal_handler(name, handler)


def set_query_handler(name: str | None, handler: Callable[..., Any] | None) -> None:
    """Set, replace or remove the handler of a query while the workflow runs.

    Args:
        name: The query; None: every query without a handler, which gets the name first.
        handler: A plain `def`; None removes it.
    """
    current().set_query_handler(name, handler)


def get_logger(name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
    """Return a logger that adds the workflow's and the run's id, and keeps quiet in replay.

    Args:
        name: The logger's name; default: `cadence.workflow`.
    """
    return current().logger(name)


class _RunLogger:
    """`workflow.logger`: whatever is asked of it is asked of the running workflow's logger."""

    def __getattr__(self, name: str) -> Any:
        return getattr(current().logger(), name)


logger = cast("logging.LoggerAdapter[logging.Logger]", _RunLogger())
"""The running workflow's logger: `workflow.logger.info("...")`. Quiet in replay."""


def _seconds(duration: object, where: str) -> float:
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    if isinstance(duration, (int, float)):
        return float(duration)
    msg = f"{where}: a duration is a timedelta or seconds, not {duration!r}"
    raise ConfigurationError(msg)


def _result_type(function: Callable[[], object], result_type: Any) -> Any:
    if result_type is not None:
        return result_type
    if not getattr(function, "__annotations__", None):
        return object
    return signature_of(function).result
