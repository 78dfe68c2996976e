"""The decorators of 1.x. They leave marks; an activity's also makes its method callable through a stub.

An interface is a class whose methods are decorated and have no body worth running; an implementation derives from it or
just has methods of the same names. Registration (`cadence.stubs.registration`) and the stubs read the marks. Nothing
here needs a connection or a running workflow.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from cadence.stubs.names import method_name
from cadence.stubs.options import ActivityOptions, RetryParameters, WorkflowOptions

if TYPE_CHECKING:
    from cadence.workflow.commands import WorkflowIdReusePolicy

__all__ = (
    "ACTIVITY",
    "QUERY",
    "SIGNAL",
    "STUB",
    "WORKFLOW",
    "ActivityMark",
    "HandlerMark",
    "WorkflowMark",
    "activity_method",
    "cron_schedule",
    "positional",
    "query_method",
    "signal_method",
    "workflow_method",
)

ACTIVITY = "__cadence_activity_method__"
WORKFLOW = "__cadence_workflow_method__"
SIGNAL = "__cadence_signal_method__"
QUERY = "__cadence_query_method__"
STUB = "__cadence_stub__"
"""Where an activity stub keeps who carries out its calls."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclasses.dataclass
class ActivityMark:
    """What `activity_method` says about a method."""

    name: str
    """The activity type's name."""
    has_own_name: bool
    function: Callable[..., Any]
    """The method as it was written, for its types."""
    options: ActivityOptions


@dataclasses.dataclass
class WorkflowMark:
    """What `workflow_method` and `cron_schedule` say about a method; they come in any order."""

    name: str = ""
    """The workflow type's name; empty while only `cron_schedule` was there."""
    options: WorkflowOptions = dataclasses.field(default_factory=WorkflowOptions)


@dataclasses.dataclass
class HandlerMark:
    """What `signal_method` or `query_method` says about a method."""

    name: str
    """The signal's or query's name."""


def positional(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Arrange a method's arguments, `self` left out, by position, as they are sent."""
    if not kwargs:
        return tuple(args)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    bound = inspect.Signature(parameters).bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.args


@overload
def activity_method(func: F, /) -> F: ...
@overload
def activity_method(
    func: None = None,
    name: str = "",
    schedule_to_close_timeout_seconds: int = 0,
    schedule_to_start_timeout_seconds: int = 0,
    start_to_close_timeout_seconds: int = 0,
    heartbeat_timeout_seconds: int = 0,
    task_list: str = "",
    retry_parameters: RetryParameters | None = None,
) -> Callable[[F], F]: ...
def activity_method(  # noqa: PLR0917  # as in 1.x
    func: Callable[..., Any] | None = None,
    name: str = "",
    schedule_to_close_timeout_seconds: int = 0,
    schedule_to_start_timeout_seconds: int = 0,
    start_to_close_timeout_seconds: int = 0,
    heartbeat_timeout_seconds: int = 0,
    task_list: str = "",
    retry_parameters: RetryParameters | None = None,
) -> Callable[..., Any]:
    """Declare a method of an activities interface.

    Args:
        func: The method, where the decorator is used without arguments.
        name: The activity type's name; default: `Interface::method`.
        schedule_to_close_timeout_seconds: Longest time from the call to the end, retries included.
        schedule_to_start_timeout_seconds: Longest wait for a worker.
        start_to_close_timeout_seconds: Longest time for one attempt.
        heartbeat_timeout_seconds: Longest time between two heartbeats; 0: it need not beat.
        task_list: Where its workers poll; default: the workflow's own.
        retry_parameters: When a failed attempt is tried again; default: never.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            stub = getattr(self, STUB, None)
            if stub is None:
                return function(self, *args, **kwargs)
            return stub.call(mark, positional(function, args, kwargs))

        mark = ActivityMark(
            name=name or method_name(function),
            has_own_name=bool(name),
            function=function,
            options=ActivityOptions(
                schedule_to_close_timeout_seconds=schedule_to_close_timeout_seconds,
                schedule_to_start_timeout_seconds=schedule_to_start_timeout_seconds,
                start_to_close_timeout_seconds=start_to_close_timeout_seconds,
                heartbeat_timeout_seconds=heartbeat_timeout_seconds,
                task_list=task_list,
                retry_parameters=retry_parameters,
            ),
        )
        setattr(call, ACTIVITY, mark)
        return call

    return decorate if func is None else decorate(func)


@overload
def workflow_method(func: F, /) -> F: ...
@overload
def workflow_method(
    func: None = None,
    name: str | None = None,
    workflow_id: str | None = None,
    workflow_id_reuse_policy: int | WorkflowIdReusePolicy = 0,
    execution_start_to_close_timeout_seconds: int = 7200,
    task_start_to_close_timeout_seconds: int = 10,
    task_list: str | None = None,
) -> Callable[[F], F]: ...
def workflow_method(  # noqa: PLR0917  # as in 1.x
    func: Callable[..., Any] | None = None,
    name: str | None = None,
    workflow_id: str | None = None,
    workflow_id_reuse_policy: int | WorkflowIdReusePolicy = 0,
    execution_start_to_close_timeout_seconds: int = 7200,
    task_start_to_close_timeout_seconds: int = 10,
    task_list: str | None = None,
) -> Callable[..., Any]:
    """Declare the method of an interface that is the workflow.

    Args:
        func: The method, where the decorator is used without arguments.
        name: The workflow type's name; default: `Interface::method`.
        workflow_id: The id of its runs; default: a new one for each.
        workflow_id_reuse_policy: When the id may be used again, one of `cadence.cadence_types.WorkflowIdReusePolicy`;
            default: AllowDuplicateFailedOnly.
        execution_start_to_close_timeout_seconds: Longest time for a run; default two hours.
        task_start_to_close_timeout_seconds: Longest time for one decision task; default 10.
        task_list: Where its workers poll.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        mark = _workflow_mark(function)
        mark.name = name or method_name(function)
        mark.options = dataclasses.replace(
            mark.options,
            workflow_id=workflow_id,
            workflow_id_reuse_policy=workflow_id_reuse_policy,
            execution_start_to_close_timeout_seconds=execution_start_to_close_timeout_seconds,
            task_start_to_close_timeout_seconds=task_start_to_close_timeout_seconds,
            task_list=task_list,
        )
        return function

    return decorate if func is None else decorate(func)


def cron_schedule(value: str) -> Callable[[F], F]:
    """Start a workflow anew at certain times. Stands above or below `workflow_method`.

    Args:
        value: Five fields, UTC, for example `0 8 * * *` for every day at 8:00.
    """

    def decorate(function: F) -> F:
        mark = _workflow_mark(function)
        mark.options = dataclasses.replace(mark.options, cron_schedule=value)
        return function

    return decorate


@overload
def signal_method(func: F, /) -> F: ...
@overload
def signal_method(func: None = None, name: str | None = None) -> Callable[[F], F]: ...
def signal_method(func: Callable[..., Any] | None = None, name: str | None = None) -> Callable[..., Any]:
    """Declare a method of an interface that takes a signal.

    Args:
        func: The method, where the decorator is used without arguments.
        name: The signal's name; default: `Interface::method`.
    """
    return _handler(SIGNAL, func, name)


@overload
def query_method(func: F, /) -> F: ...
@overload
def query_method(func: None = None, name: str | None = None) -> Callable[[F], F]: ...
def query_method(func: Callable[..., Any] | None = None, name: str | None = None) -> Callable[..., Any]:
    """Declare a method of an interface that answers a query.

    Args:
        func: The method, where the decorator is used without arguments.
        name: The query's name; default: `Interface::method`.
    """
    return _handler(QUERY, func, name)


def _handler(kind: str, func: Callable[..., Any] | None, name: str | None) -> Callable[..., Any]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(function, kind, HandlerMark(name or method_name(function)))
        return function

    return decorate if func is None else decorate(func)


def _workflow_mark(function: Callable[..., Any]) -> WorkflowMark:
    mark: WorkflowMark | None = getattr(function, WORKFLOW, None)
    if mark is None:
        mark = WorkflowMark()
        setattr(function, WORKFLOW, mark)
    return mark
