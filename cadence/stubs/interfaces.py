"""Stubs of a workflow interface: one class made per interface and use, whose methods hand their calls on.

Who takes them differs: a client outside workflows, a child, another workflow or the next run inside. They are the
`StubCalls` of `cadence.stubs.workflow_stubs` and `cadence.stubs.client`; the methods are the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from cadence.exceptions import ConfigurationError
from cadence.stubs.decorators import QUERY, SIGNAL, WORKFLOW, HandlerMark, WorkflowMark, positional
from cadence.stubs.names import public_methods

__all__ = ("Method", "StubCalls", "WorkflowStub", "calls_of", "find_mark", "make_stub", "started_method")

T = TypeVar("T")
_CALLS = "__cadence_calls__"
_METHOD = "__cadence_method__"


class Method(NamedTuple):
    """A decorated method of an interface."""

    mark: Any
    """WorkflowMark or HandlerMark."""
    function: Callable[..., Any]
    """As it was written, for its types."""


class StubCalls(Protocol):
    """Takes the calls of a stub."""

    def run(self, method: Method, args: tuple[Any, ...]) -> Any: ...

    def signal(self, method: Method, args: tuple[Any, ...]) -> Any: ...

    def query(self, method: Method, args: tuple[Any, ...]) -> Any: ...


class WorkflowStub:
    """Base of every workflow stub."""


def find_mark(cls: type, name: str, kind: str) -> Any:
    """Return a method's mark, which an override inherits from what it overrides, or None."""
    for base in cls.__mro__:
        mark = getattr(vars(base).get(name), kind, None)
        if mark is not None:
            return mark
    return None


def make_stub(cls: type[T], calls: StubCalls) -> T:
    """Make a stub of an interface.

    Raises:
        ConfigurationError: The class has no decorated method.
    """
    attributes: dict[str, Any] = {}
    for name, function in public_methods(cls):
        for kind, take in ((WORKFLOW, calls.run), (SIGNAL, calls.signal), (QUERY, calls.query)):
            mark: WorkflowMark | HandlerMark | None = find_mark(cls, name, kind)
            if mark is not None and mark.name:
                attributes[name] = _forward(Method(mark, function), take)
    if not attributes:
        msg = f"{cls.__qualname__} is no workflow interface"
        raise ConfigurationError(msg, hint="decorate its methods with @workflow_method, @signal_method, @query_method")
    stub = type(cls.__name__, (WorkflowStub,), attributes)()
    setattr(stub, _CALLS, calls)
    return cast("T", stub)


def calls_of(stub: object) -> Any:
    """Return who takes a stub's calls, or None where it is no stub."""
    return getattr(stub, _CALLS, None)


def started_method(bound: Any) -> tuple[object, Method]:
    """Return the stub and the workflow method that `stub.method` stands for.

    Raises:
        ConfigurationError: It isn't the workflow method of a stub.
    """
    method = getattr(bound, _METHOD, None)
    if method is None or not isinstance(method.mark, WorkflowMark):
        msg = f"{getattr(bound, '__qualname__', bound)!s} is no workflow method of a stub"
        raise ConfigurationError(msg, hint="start(stub.method, ...), with a stub from new_workflow_stub")
    return bound.__self__, method


def _forward(method: Method, take: Callable[[Method, tuple[Any, ...]], Any]) -> Callable[..., Any]:
    @functools.wraps(method.function)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:  # bound to the stub like any method
        return take(method, positional(method.function, args, kwargs))

    setattr(call, _METHOD, method)
    return call
