"""Context that travels with calls: a context variable set here is set in the workflows, children and activities.

It rides in the headers that a start, a child's start, an activity's call and a continue-as-new carry; signals and
queries carry none on this wire, so their handlers see what their run was started with. Header names are as Go's
propagators write them, so that a Go worker reads ours.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec

from cadence.exceptions import ConversionError
from cadence.interceptor.interfaces import (
    ClientCall,
    ExecuteActivity,
    HandleQuery,
    HandleSignal,
    Interceptor,
    RunWorkflow,
    StartWorkflow,
)
from cadence.workflow.commands import Command, RunLocalActivity, ScheduleActivity, StartChildWorkflow
from cadence.workflow.runtime import ContinueAsNewError

if TYPE_CHECKING:
    import asyncio
    from contextlib import AbstractContextManager

__all__ = ("ContextPropagator", "ContextVarPropagator", "PropagationInterceptor", "contextvar")

T = TypeVar("T")
_UNSET: Any = object()


class ContextPropagator(Protocol):
    """Carries some context over a call."""

    def inject(self) -> Mapping[str, bytes]:
        """Return the headers that say what the context is here; none where it isn't set."""

    def extract(self, headers: Mapping[str, bytes]) -> AbstractContextManager[None]:
        """Set the context that the headers say, for the body of a `with`."""


class ContextVarPropagator(Generic[T]):
    """Carries one context variable, as JSON. Made by `contextvar`."""

    def __init__(self, variable: ContextVar[T], header: str, value_type: Any) -> None:
        self._variable = variable
        self._header = header
        self._type = value_type

    def inject(self) -> Mapping[str, bytes]:
        """Return the variable's value as a header, or nothing where it isn't set."""
        value = self._variable.get(_UNSET)
        return {} if value is _UNSET else {self._header: msgspec.json.encode(value)}

    @contextmanager
    def extract(self, headers: Mapping[str, bytes]) -> Iterator[None]:
        """Set the variable to what the header says; leave it alone where there is none.

        Raises:
            ConversionError: The header isn't what this side expects.
        """
        data = headers.get(self._header)
        if data is None:
            yield
            return
        try:
            value = msgspec.json.decode(data, type=self._type)
        except msgspec.MsgspecError as error:
            raise ConversionError(str(error), place=f"header {self._header!r}") from error
        token = self._variable.set(value)
        try:
            yield
        finally:
            # A run that leaves the cache is closed from outside its own context, which nobody reads any more.
            with suppress(ValueError):
                self._variable.reset(token)


def contextvar(variable: ContextVar[T], *, header: str | None = None, value_type: Any = Any) -> ContextVarPropagator[T]:
    """Carry a context variable over calls: `Client.connect(..., propagators=[contextvar(TENANT)])`.

    Args:
        variable: The variable; its values must be convertible to JSON.
        header: The header's name; default: the variable's.
        value_type: Type to convert the value to on the far side; default: what the JSON says.
    """
    return ContextVarPropagator(variable, header or variable.name, value_type)


class PropagationInterceptor(Interceptor):
    """Runs propagators at every place where headers go out or come in.

    Args:
        propagators: In the order in which their headers are written; a later one wins over an earlier one.
    """

    def __init__(self, propagators: Sequence[ContextPropagator]) -> None:
        self._propagators = tuple(propagators)

    def _headers(self, given: Mapping[str, bytes] | None) -> Mapping[str, bytes] | None:
        headers = dict(given or {})
        for propagator in self._propagators:
            headers.update(propagator.inject())
        return headers or given

    @contextmanager
    def _context(self, headers: Mapping[str, bytes]) -> Iterator[None]:
        with ExitStack() as stack:
            for propagator in self._propagators:
                stack.enter_context(propagator.extract(headers))
            yield

    async def run_workflow(self, call: RunWorkflow, proceed: Callable[[RunWorkflow], Awaitable[Any]]) -> Any:
        """Set the context that the run was started with, and hand it on where the run continues as new."""
        with self._context(call.info.headers):
            try:
                return await proceed(call)
            except ContinueAsNewError as error:
                headers = self._headers(error.command.headers)
                raise ContinueAsNewError(msgspec.structs.replace(error.command, headers=headers)) from None

    async def handle_signal(self, call: HandleSignal, proceed: Callable[[HandleSignal], Awaitable[None]]) -> None:
        """Set the context that the run was started with."""
        with self._context(call.info.headers):
            await proceed(call)

    def handle_query(self, call: HandleQuery, proceed: Callable[[HandleQuery], Any]) -> Any:
        """Set the context that the run was started with."""
        with self._context(call.info.headers):
            return proceed(call)

    def request(self, command: Command, proceed: Callable[[Command], asyncio.Future[Any]]) -> asyncio.Future[Any]:
        """Send the context along with activities and children."""
        if isinstance(command, (ScheduleActivity, RunLocalActivity, StartChildWorkflow)):
            command = msgspec.structs.replace(command, headers=self._headers(command.headers))
        return proceed(command)

    async def execute_activity(
        self, call: ExecuteActivity, proceed: Callable[[ExecuteActivity], Awaitable[Any]]
    ) -> Any:
        """Set the context that the activity was called with."""
        with self._context(call.info.headers):
            return await proceed(call)

    async def client_call(self, call: ClientCall, proceed: Callable[[ClientCall], Awaitable[Any]]) -> Any:
        """Send the context along with a start."""
        if isinstance(call, StartWorkflow):
            call = msgspec.structs.replace(call, headers=self._headers(call.headers))
        return await proceed(call)
