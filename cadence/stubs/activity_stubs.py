"""Stubs that workflow code calls activities through: typed by an interface, untyped, or local.

A typed stub is an object of the interface itself; its decorated methods find who carries out their calls in it.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar

from cadence.stubs.decorators import STUB, ActivityMark
from cadence.stubs.options import ActivityOptions, RetryParameters
from cadence.stubs.signatures import result_type_of
from cadence.workflow.activities import ActivityHandle, execute_activity, execute_local_activity, start_activity
from cadence.workflow.options import LocalActivityOptions

__all__ = ("ActivityStub", "new_activity_stub", "new_local_activity_stub", "new_untyped_activity_stub")

T = TypeVar("T")
_LOCAL = LocalActivityOptions.__annotations__


class _Calls(Protocol):
    """Carries out the calls of a stub's methods."""

    def call(self, mark: ActivityMark, args: tuple[Any, ...]) -> Awaitable[Any]: ...


class _RemoteCalls:
    """Calls activities in whichever worker polls for them."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options

    async def call(self, mark: ActivityMark, args: tuple[Any, ...]) -> Any:
        options = mark.options.to_options() | self._options
        return await execute_activity(mark.name, *args, result_type=result_type_of(mark.function), **options)


class _LocalCalls:
    """Runs activities in this worker."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options

    async def call(self, mark: ActivityMark, args: tuple[Any, ...]) -> Any:
        declared = mark.options.to_options()
        timeout = declared.get("schedule_to_close_timeout") or declared.get("start_to_close_timeout")
        options: dict[str, Any] = {
            "schedule_to_close_timeout": timeout,
            "retry_policy": declared.get("retry_policy"),
        } | self._options
        return await execute_local_activity(mark.name, *args, result_type=result_type_of(mark.function), **options)


class ActivityStub:
    """Calls activities by name. Made by `Workflow.new_untyped_activity_stub`."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options

    async def execute(self, activity_name: str, *args: object, result_type: Any = object) -> Any:
        """Call an activity and wait for its result.

        Args:
            activity_name: The activity type's name, `Interface::method` for those of 1.x.
            *args: Its arguments.
            result_type: Type to convert the result to; default: what the bytes say.
        """
        return await self.execute_async(activity_name, *args, result_type=result_type)

    def execute_async(self, activity_name: str, *args: object, result_type: Any = object) -> ActivityHandle[Any]:
        """Call an activity and go on; await what is returned for its result."""
        return start_activity(activity_name, *args, result_type=result_type, **self._options)


def new_activity_stub(
    activities_cls: type[T],
    retry_parameters: RetryParameters | None = None,
    activity_options: ActivityOptions | None = None,
) -> T:
    """Make a stub of an activities interface; options stand over those of the decorators."""
    return _stub(activities_cls, _RemoteCalls(_options(retry_parameters, activity_options)))


def new_local_activity_stub(
    activities_cls: type[T],
    retry_parameters: RetryParameters | None = None,
    activity_options: ActivityOptions | LocalActivityOptions | None = None,
) -> T:
    """Make a stub whose activities run in this worker, within the decision task.

    Args:
        activities_cls: The interface.
        retry_parameters: When a failed attempt is tried again.
        activity_options: Those of 1.x, of which the timeout for the whole counts, or of the async face.
    """
    options = _options(retry_parameters, activity_options)
    return _stub(activities_cls, _LocalCalls({name: options[name] for name in options if name in _LOCAL}))


def new_untyped_activity_stub(
    activity_options: ActivityOptions | None = None, retry_parameters: RetryParameters | None = None
) -> ActivityStub:
    """Make a stub that calls activities by name."""
    return ActivityStub(_options(retry_parameters, activity_options))


def _options(
    retry_parameters: RetryParameters | None, options: ActivityOptions | LocalActivityOptions | None
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if options is not None:
        given = options.to_options() if isinstance(options, ActivityOptions) else {**options}
    if retry_parameters is not None:
        given["retry_policy"] = retry_parameters.to_retry_policy()
    return given


def _stub(activities_cls: type[T], calls: _Calls) -> T:
    stub = activities_cls()
    setattr(stub, STUB, calls)
    return stub
