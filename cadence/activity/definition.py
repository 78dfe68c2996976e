"""What an activity is: its name, its function and the options that its decorator gives.

The decorated function stays a function. Called outside workflow code it is the plain function; called in workflow code
it is the activity, run by a worker with the decorator's options. This room doesn't know workflows: it sees that the
running event loop is one of theirs and hands the call to whom `route_direct_calls` named (`cadence.workflow`).
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, overload

from cadence.activity.options import ActivityOptions, refuse_unknown
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from typing import Unpack

    from cadence.converter.signatures import Signature

__all__ = (
    "ActivityDefinition",
    "ActivityFunction",
    "activity_type_of",
    "check_sendable",
    "definition_of",
    "definitions_in",
    "defn",
    "route_direct_calls",
)

_ACTIVITY = "__cadence_activity__"

P = ParamSpec("P")
P2 = ParamSpec("P2")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
S = TypeVar("S")


class ActivityFunction(Protocol[P, R_co]):
    """How type checkers see a decorated function: as it was, and without `self` where it is taken from a class.

    `workflow.execute_activity(Greetings.compose, "Hello")` can thus be checked without an instance, which lives with
    the worker alone. At run time it is an ordinary function.
    """

    __name__: str
    __qualname__: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Run the function; in workflow code, call the activity and return what can be awaited."""

    @overload
    def __get__(
        self: ActivityFunction[Concatenate[S, P2], R], instance: None, owner: type, /
    ) -> ActivityFunction[P2, R]: ...
    @overload
    def __get__(
        self: ActivityFunction[Concatenate[S, P2], R], instance: object, owner: type | None = None, /
    ) -> ActivityFunction[P2, R]: ...


class _Decorator(Protocol):
    def __call__(self, function: Callable[P, R], /) -> ActivityFunction[P, R]: ...


@dataclasses.dataclass(frozen=True, eq=False)
class ActivityDefinition:
    """One activity type: what a worker calls for it, and under which name."""

    name: str
    """The activity type's name on the wire."""
    function: Callable[..., Any]
    """The function as it was written, never bound; for signatures."""
    callable: Callable[..., Any]
    """What a worker calls: the decorated function, or the method bound to its object. Can be pickled by name."""
    is_coroutine: bool
    """True for `async def`: run on an event loop; otherwise in a thread."""
    options: ActivityOptions
    """Defaults for those who call it, from the decorator."""
    aliases: tuple[str, ...] = ()
    """Other names that a worker answers to (both spellings of 1.x)."""
    dynamic: bool = False
    """True for the one that a worker runs where no other has the name."""

    @functools.cached_property
    def signature(self) -> Signature:
        """Typed parameters and result, `self` left out."""
        from cadence.converter.signatures import signature_of  # pulls msgspec, which decorating doesn't need

        return signature_of(self.function)


@overload
def defn(function: Callable[P, R], /) -> ActivityFunction[P, R]: ...
@overload
def defn(*, name: str | None = None, dynamic: bool = False, **options: Unpack[ActivityOptions]) -> _Decorator: ...
def defn(
    function: Callable[..., Any] | None = None, /, *, name: str | None = None, dynamic: bool = False, **options: Any
) -> Any:
    """Make a function or method an activity, `def` (runs in a thread) or `async def` (on the worker's event loop).

    Args:
        function: The function, where the decorator is used without arguments.
        name: The activity type's name; default: the function's, or the class's for `__call__`.
        dynamic: True makes it the activity that a worker runs for every name it doesn't know; the name is at
            `activity.info().activity_type`.
        **options: Defaults for those who call it, see `ActivityOptions`.

    Raises:
        ConfigurationError: The function can't be an activity; the message says what to change.
    """

    def decorate(target: Callable[..., Any]) -> Callable[..., Any]:
        return build_definition(target, name=name, dynamic=dynamic, options=cast("ActivityOptions", options)).callable

    return decorate if function is None else decorate(function)


def build_definition(
    function: Callable[..., Any],
    *,
    name: str | None = None,
    dynamic: bool = False,
    options: ActivityOptions | None = None,
    aliases: Sequence[str] = (),
) -> ActivityDefinition:
    """Wrap a function and make its definition; `definition.callable` is the wrapper.

    Args:
        function: A function or an unbound method.
        name: The activity type's name; default: the function's, or the class's for `__call__`.
        dynamic: True for the catch-all.
        options: Defaults for those who call it.
        aliases: Other names of the type.

    Raises:
        ConfigurationError: The function can't be an activity.
    """
    where = f"@activity.defn on {getattr(function, '__qualname__', repr(function))}"
    _check(function, name, dynamic, options or {}, where)
    wrapper = _wrap_coroutine(function) if inspect.iscoroutinefunction(function) else _wrap_function(function)
    definition = ActivityDefinition(
        name=name or _default_name(function),
        function=function,
        callable=wrapper,
        is_coroutine=inspect.iscoroutinefunction(function),
        options=options or {},
        aliases=tuple(aliases),
        dynamic=dynamic,
    )
    setattr(wrapper, _ACTIVITY, definition)
    return definition


def definition_of(subject: object) -> ActivityDefinition:
    """Return the definition of a decorated function, a method (bound to its object where it is), or a callable object.

    Raises:
        ConfigurationError: `subject` is no activity.
    """
    if isinstance(subject, ActivityDefinition):
        return subject
    target = subject
    found = getattr(target, _ACTIVITY, None)
    if found is None and not isinstance(subject, type):
        target = getattr(subject, "__call__", None)  # noqa: B004  # its mark is wanted, not whether it can be called
        found = getattr(target, _ACTIVITY, None)
    if not isinstance(found, ActivityDefinition):
        msg = f"{getattr(subject, '__qualname__', repr(subject))} is no activity"
        raise ConfigurationError(msg, hint="decorate it with @activity.defn, or give the activity's name as text")
    if inspect.ismethod(target):
        return dataclasses.replace(found, callable=target)
    return found


def definitions_in(instance: object) -> list[ActivityDefinition]:
    """Return the definitions of an object's activity methods, bound to it; an override needs no decorator of its own.

    Raises:
        ConfigurationError: `instance` is a class, or has no activity method.
    """
    if isinstance(instance, type):
        msg = f"{instance.__qualname__} is a class, and its activities need an object"
        raise ConfigurationError(msg, hint=f"register {instance.__name__}(...)")
    found: dict[str, ActivityDefinition] = {}
    for base in reversed(type(instance).__mro__):
        for attribute, value in vars(base).items():
            own = getattr(getattr(value, "__func__", value), _ACTIVITY, None)
            if isinstance(own, ActivityDefinition):
                found[attribute] = own
    if not found:
        msg = f"{type(instance).__qualname__} has no activities"
        raise ConfigurationError(msg, hint="decorate its methods with @activity.defn")
    return [_bind(definition, getattr(instance, attribute)) for attribute, definition in found.items()]


def activity_type_of(subject: object) -> str:
    """Return the type's name for an activity, or a name."""
    return subject if isinstance(subject, str) else definition_of(subject).name


def check_sendable(parameters: Sequence[inspect.Parameter], where: str) -> None:
    """Refuse parameters that a sender can't fill: arguments cross the wire by position.

    Raises:
        ConfigurationError: There is a `**` parameter, or a keyword-only one without a default.
    """
    for parameter in parameters:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            msg = f"{where}: parameter **{parameter.name} can't be filled, as arguments are sent by position"
            raise ConfigurationError(msg, hint="take a dataclass or a dict as an ordinary parameter")
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.default is inspect.Parameter.empty:
            msg = f"{where}: parameter {parameter.name!r} is keyword-only, and arguments are sent by position"
            raise ConfigurationError(msg, hint="make it positional or give it a default")


DirectCall = Callable[[ActivityDefinition, tuple[object, ...]], Awaitable[Any]]
_direct_call: DirectCall | None = None


def route_direct_calls(call: DirectCall) -> None:
    """Name who turns the direct call of an activity in workflow code into the activity's call."""
    global _direct_call  # noqa: PLW0603  # the port's one slot, set once when the room above is imported
    _direct_call = call


def _in_workflow() -> bool:
    loop = asyncio._get_running_loop()  # the public spelling raises where none runs, as in every thread
    return loop is not None and getattr(loop, "workflow_runtime", None) is not None


def _wrap_function(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if _direct_call is not None and _in_workflow():
            definition = getattr(call, _ACTIVITY)
            return _direct_call(definition, _positional(definition, args, kwargs))
        return function(*args, **kwargs)

    return call


def _wrap_coroutine(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        if _direct_call is not None and _in_workflow():
            definition = getattr(call, _ACTIVITY)
            return await _direct_call(definition, _positional(definition, args, kwargs))
        return await function(*args, **kwargs)

    return call


def _positional(
    definition: ActivityDefinition, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> tuple[object, ...]:
    """Arrange the arguments of a direct call by position, without the object that a method was called on."""
    function = definition.function
    if args and getattr(getattr(type(args[0]), function.__name__, None), _ACTIVITY, None) is definition:
        args = args[1:]
    if not kwargs:
        return args
    parameters = list(inspect.signature(function).parameters.values())
    if parameters and parameters[0].name == "self":
        del parameters[0]
    bound = inspect.Signature(parameters).bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.args


def _bind(definition: ActivityDefinition, method: Callable[..., Any]) -> ActivityDefinition:
    unchanged = getattr(method, _ACTIVITY, None) is definition
    if unchanged:
        return dataclasses.replace(definition, callable=method)
    function = getattr(method, "__func__", method)
    return dataclasses.replace(
        definition, function=function, callable=method, is_coroutine=inspect.iscoroutinefunction(function)
    )


def _default_name(function: Callable[..., Any]) -> str:
    return function.__qualname__.split(".")[-2] if function.__name__ == "__call__" else function.__name__


def _check(function: object, name: object, dynamic: bool, options: Mapping[str, Any], where: str) -> None:
    if isinstance(function, str):
        msg = f"{where}: a name is given as a keyword argument"
        raise ConfigurationError(msg, hint=f"write name={function!r}")
    if isinstance(function, (staticmethod, classmethod)):
        msg = f"{where}: the order of the decorators is the wrong way round"
        raise ConfigurationError(
            msg, hint="write @staticmethod above @activity.defn; class methods can't be activities"
        )
    if isinstance(function, type) or not inspect.isfunction(function):
        msg = f"{where}: this is for functions and methods"
        raise ConfigurationError(msg, hint="decorate the methods of a class, and register an object of it")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        msg = f"{where}: an activity can't be a generator"
        raise ConfigurationError(msg, hint="return a value, and report progress with activity.heartbeat(...)")
    if getattr(function, _ACTIVITY, None) is not None:
        msg = f"{where}: it is an activity already"
        raise ConfigurationError(msg, hint="decorate it once")
    if name is not None and dynamic:
        msg = f"{where}: it is dynamic and has the name {name!r}"
        raise ConfigurationError(msg, hint="a dynamic activity runs for any name: leave one of the two out")
    if name is not None and (not isinstance(name, str) or not name):
        msg = f"{where}: a name is a text that isn't empty, not {name!r}"
        raise ConfigurationError(msg)
    parameters = list(inspect.signature(function).parameters.values())
    check_sendable(parameters, where)
    refuse_unknown(options, ActivityOptions.__annotations__, where)
