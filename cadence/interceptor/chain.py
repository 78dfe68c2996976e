"""How several interceptors become one call: composed once, so that what nobody steps into costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TypeAlias, TypeVar, cast

from cadence.exceptions import ConfigurationError
from cadence.interceptor.interfaces import Interceptor

__all__ = ("Hook", "check_interceptors", "compose")

Hook: TypeAlias = Literal[
    "run_workflow", "handle_signal", "handle_query", "request", "execute_activity", "heartbeat", "client_call"
]
"""A method of `Interceptor`."""

CallT = TypeVar("CallT")
ResultT = TypeVar("ResultT")


def check_interceptors(interceptors: Iterable[object]) -> tuple[Interceptor, ...]:
    """Return the interceptors as a tuple.

    Raises:
        ConfigurationError: One of them is none, a class for example instead of its object.
    """
    checked = tuple(interceptors)
    for interceptor in checked:
        if isinstance(interceptor, type) and issubclass(interceptor, Interceptor):
            msg = f"interceptors: {interceptor.__qualname__} is the class"
            raise ConfigurationError(msg, hint=f"give an object: {interceptor.__qualname__}()")
        if not isinstance(interceptor, Interceptor):
            msg = f"interceptors: {interceptor!r} is none"
            raise ConfigurationError(msg, hint="derive its class from cadence.interceptor.Interceptor")
    return cast("tuple[Interceptor, ...]", checked)


def compose(
    interceptors: Sequence[Interceptor], hook: Hook, target: Callable[[CallT], ResultT]
) -> Callable[[CallT], ResultT]:
    """Put the interceptors that override `hook` before `target`.

    Args:
        interceptors: The first one is the outermost.
        hook: The method's name.
        target: What is called in the end.

    Returns:
        A function of the call; `target` itself where nobody steps in.
    """
    default = getattr(Interceptor, hook)
    proceed = target
    for interceptor in reversed(interceptors):
        if getattr(type(interceptor), hook) is not default:
            proceed = _step(getattr(interceptor, hook), proceed)
    return proceed


def _step(method: Callable[[Any, Any], Any], proceed: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call(value: Any) -> Any:
        return method(value, proceed)

    return call
