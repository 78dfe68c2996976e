"""How workflow code calls activities: with a wait or a handle, in a worker somewhere or in this one.

A call becomes a command (`ScheduleActivity`, `RunLocalActivity`) with the options of the activity's decorator under
those of the call, checked here; `Runtime.request` takes it. The future that comes back is the handle: asyncio knows how
to wait for it, gather it, shield it and cancel it, so that there is nothing to wrap.

One call in replay costs a few microseconds in all (650,000 events a second is the aim), so the way through here without
a mistake is short: one merge of options, four comparisons, one struct.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeVar, TypeVarTuple, Unpack, overload

from cadence.activity.definition import ActivityDefinition, definition_of
from cadence.exceptions import ConfigurationError
from cadence.workflow.commands import RunLocalActivity, ScheduleActivity
from cadence.workflow.options import (
    ActivityOptions,
    LocalActivityOptions,
    check_duration,
    check_retry_policy,
    refuse_unknown,
)
from cadence.workflow.runtime import Runtime, current

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = (
    "ActivityHandle",
    "call_directly",
    "execute_activity",
    "execute_local_activity",
    "start_activity",
    "start_local_activity",
)

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

ActivityHandle: TypeAlias = asyncio.Future[R]
"""A call on its way: await it for the result; `cancel()` it to ask for the activity's cancellation."""

_ZERO = timedelta()
_TIMEOUTS = (
    "schedule_to_close_timeout",
    "schedule_to_start_timeout",
    "start_to_close_timeout",
    "heartbeat_timeout",
)


@overload
async def execute_activity(
    activity: Callable[[Unpack[Ts]], Coroutine[Any, Any, R]], /, *args: *Ts, **options: Unpack[ActivityOptions]
) -> R: ...
@overload
async def execute_activity(
    activity: Callable[[Unpack[Ts]], R], /, *args: *Ts, **options: Unpack[ActivityOptions]
) -> R: ...
@overload
async def execute_activity(
    activity: str, /, *args: object, result_type: type[R], **options: Unpack[ActivityOptions]
) -> R: ...
@overload
async def execute_activity(activity: str, /, *args: object, **options: Unpack[ActivityOptions]) -> Any: ...
async def execute_activity(activity: Any, /, *args: object, result_type: Any = None, **options: Any) -> Any:
    """Call an activity and wait for its result.

    Cancelling the wait asks for the activity's cancellation, in the way that `cancellation_type` says.

    Args:
        activity: A function or method with `@activity.defn`, or an activity type's name.
        *args: Its arguments.
        result_type: For a name: the type to convert the result to; default: what the bytes say.
        **options: See `ActivityOptions`; what isn't given is as in the activity's decorator.

    Returns:
        The activity's result.

    Raises:
        ActivityFailedError: It raised and no retry was left; `__cause__` is what it raised.
        ActivityTimedOutError: One of its timeouts passed.
        ActivityCanceledError: It was cancelled and said so.
        ConfigurationError: An option is missing, unknown or out of range.
    """
    return await _schedule(activity, args, result_type, options)


@overload
def start_activity(
    activity: Callable[[Unpack[Ts]], Coroutine[Any, Any, R]], /, *args: *Ts, **options: Unpack[ActivityOptions]
) -> ActivityHandle[R]: ...
@overload
def start_activity(
    activity: Callable[[Unpack[Ts]], R], /, *args: *Ts, **options: Unpack[ActivityOptions]
) -> ActivityHandle[R]: ...
@overload
def start_activity(
    activity: str, /, *args: object, result_type: type[R], **options: Unpack[ActivityOptions]
) -> ActivityHandle[R]: ...
@overload
def start_activity(activity: str, /, *args: object, **options: Unpack[ActivityOptions]) -> ActivityHandle[Any]: ...
def start_activity(activity: Any, /, *args: object, result_type: Any = None, **options: Any) -> ActivityHandle[Any]:
    """Call an activity and go on; like `execute_activity` otherwise.

    Returns:
        The call's handle. Await it for the result; `handle.cancel()` asks for the activity's cancellation.

    Raises:
        ConfigurationError: An option is missing, unknown or out of range.
    """
    return _schedule(activity, args, result_type, options)


@overload
async def execute_local_activity(
    activity: Callable[[Unpack[Ts]], Coroutine[Any, Any, R]],
    /,
    *args: *Ts,
    **options: Unpack[LocalActivityOptions],
) -> R: ...
@overload
async def execute_local_activity(
    activity: Callable[[Unpack[Ts]], R], /, *args: *Ts, **options: Unpack[LocalActivityOptions]
) -> R: ...
@overload
async def execute_local_activity(
    activity: str, /, *args: object, result_type: type[R], **options: Unpack[LocalActivityOptions]
) -> R: ...
@overload
async def execute_local_activity(activity: str, /, *args: object, **options: Unpack[LocalActivityOptions]) -> Any: ...
async def execute_local_activity(activity: Any, /, *args: object, result_type: Any = None, **options: Any) -> Any:
    """Run an activity in this worker, within the decision task, and wait for its result.

    For short work: no task list, no heartbeat, and the result is kept in one event. It may run more than once, where
    the worker dies before the event is written.

    Args:
        activity: A function or method with `@activity.defn`, or an activity type's name; this worker has it.
        *args: Its arguments.
        result_type: For a name: the type to convert the result to; default: what the bytes say.
        **options: See `LocalActivityOptions`.

    Returns:
        The activity's result.

    Raises:
        ActivityFailedError: It raised and no retry was left; `__cause__` is what it raised.
        ActivityTimedOutError: Its timeout passed.
        ConfigurationError: An option is missing, unknown or out of range.
    """
    return await _run_locally(activity, args, result_type, options)


@overload
def start_local_activity(
    activity: Callable[[Unpack[Ts]], Coroutine[Any, Any, R]],
    /,
    *args: *Ts,
    **options: Unpack[LocalActivityOptions],
) -> ActivityHandle[R]: ...
@overload
def start_local_activity(
    activity: Callable[[Unpack[Ts]], R], /, *args: *Ts, **options: Unpack[LocalActivityOptions]
) -> ActivityHandle[R]: ...
@overload
def start_local_activity(
    activity: str, /, *args: object, result_type: type[R], **options: Unpack[LocalActivityOptions]
) -> ActivityHandle[R]: ...
@overload
def start_local_activity(
    activity: str, /, *args: object, **options: Unpack[LocalActivityOptions]
) -> ActivityHandle[Any]: ...
def start_local_activity(
    activity: Any, /, *args: object, result_type: Any = None, **options: Any
) -> ActivityHandle[Any]:
    """Run an activity in this worker and go on; like `execute_local_activity` otherwise.

    Returns:
        The call's handle. Await it for the result.

    Raises:
        ConfigurationError: An option is missing, unknown or out of range.
    """
    return _run_locally(activity, args, result_type, options)


def call_directly(definition: ActivityDefinition, args: Sequence[object]) -> ActivityHandle[Any]:
    """Turn `compose_greeting(...)` in workflow code into the activity's call, with its decorator's options."""
    return _schedule(definition, tuple(args), None, {})


def _target(activity: Any, result_type: Any, options: Mapping[str, Any]) -> tuple[str, Any, Mapping[str, Any]]:
    """Return the activity type's name, the result's type, and the options with the decorator's below them."""
    if type(activity) is str:
        return activity, object if result_type is None else result_type, options
    definition = definition_of(activity)
    if definition.options:
        options = {**definition.options, **options}
    return definition.name, definition.signature.result if result_type is None else result_type, options


def _schedule(
    activity: Any, args: tuple[object, ...], result_type: Any, options: Mapping[str, Any]
) -> asyncio.Future[Any]:
    runtime = current()
    name, result_type, options = _target(activity, result_type, options)
    try:
        command = ScheduleActivity(activity_type=name, arguments=args, result_type=result_type, **options)
    except TypeError as error:
        _refuse(error, options, ActivityOptions.__annotations__, f"activity {name}")
    close, start, run, beat = (
        command.schedule_to_close_timeout,
        command.schedule_to_start_timeout,
        command.start_to_close_timeout,
        command.heartbeat_timeout,
    )
    try:
        sound = (
            (close is None or close > _ZERO)
            and (start is None or start > _ZERO)
            and (run is None or run > _ZERO)
            and (beat is None or beat > _ZERO)
        )
    except TypeError:
        sound = False
    if not sound:
        for option in _TIMEOUTS:
            check_duration(getattr(command, option), option, f"activity {name}")
    if close is None and (start is None or run is None):
        command = _complete_timeouts(runtime, command)
    if command.retry_policy is not None:
        check_retry_policy(command.retry_policy, f"activity {name}")
    return runtime.request(command)


def _complete_timeouts(runtime: Runtime, command: ScheduleActivity) -> ScheduleActivity:
    """Let an activity with only a start_to_close_timeout wait for a worker as long as its workflow may run.

    The server refuses the decision otherwise: it fills the other clocks from schedule_to_close_timeout alone.
    """
    import msgspec

    limit = runtime.info.execution_start_to_close_timeout
    if command.start_to_close_timeout is None or limit is None:
        msg = f"activity {command.activity_type}: a timeout is missing"
        raise ConfigurationError(
            msg,
            hint="give schedule_to_close_timeout or start_to_close_timeout, at the call or in @activity.defn(...)",
        )
    return msgspec.structs.replace(command, schedule_to_start_timeout=limit)


def _run_locally(
    activity: Any, args: tuple[object, ...], result_type: Any, options: Mapping[str, Any]
) -> asyncio.Future[Any]:
    runtime = current()
    name, result_type, merged = _target(activity, result_type, options)
    where = f"local activity {name}"
    refuse_unknown(options, LocalActivityOptions.__annotations__, where)
    timeout = merged.get("schedule_to_close_timeout") or merged.get("start_to_close_timeout")
    if timeout is None:
        msg = f"{where}: a timeout is missing"
        raise ConfigurationError(msg, hint="give schedule_to_close_timeout, at the call or in @activity.defn(...)")
    check_duration(timeout, "schedule_to_close_timeout", where)
    check_retry_policy(merged.get("retry_policy"), where)
    known = {key: merged[key] for key in ("retry_policy", "cancellation_type") if key in merged}
    return runtime.request(
        RunLocalActivity(
            activity_type=name, arguments=args, result_type=result_type, schedule_to_close_timeout=timeout, **known
        )
    )


def _refuse(error: TypeError, options: Mapping[str, Any], known: Mapping[str, Any], where: str) -> NoReturn:
    """Say which option was wrong in our words; anything else is not the caller's mistake."""
    refuse_unknown(options, known, where)
    raise error
