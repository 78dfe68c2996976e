"""Signals: kept until a handler is there, then handled in the order of their arrival, as tasks of the run."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from cadence.converter.signatures import Signature, signature_of
from cadence.exceptions import ConversionError
from cadence.interceptor.chain import compose
from cadence.interceptor.interfaces import HandleSignal

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from cadence.engine.loop import WorkflowLoop
    from cadence.engine.runtime import RunRuntime
    from cadence.interceptor import Interceptor
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("Handler", "Signals", "handler_of")


class Handler(msgspec.Struct, frozen=True):
    """A function that handles signals or queries."""

    function: Callable[..., Any]
    """Bound to its object."""
    signature: Signature
    """Without the name that a catch-all gets first."""
    takes_name: bool
    is_internal: bool = False
    """Not the user's, so that interceptors have nothing to do with it."""


def handler_of(
    function: Callable[..., Any], signature: Signature, *, takes_name: bool, is_internal: bool = False
) -> Handler:
    """Make a handler; that of every name gets the name as its first argument."""
    if takes_name:
        signature = Signature(
            signature.name, signature.parameters[1:], signature.variadic, signature.result, signature.is_coroutine
        )
    return Handler(function, signature, takes_name, is_internal)


class Signals:
    """The signals of one run."""

    def __init__(
        self,
        runtime: RunRuntime,
        loop: WorkflowLoop,
        interceptors: Sequence[Interceptor],
        on_error: Callable[..., None],
    ) -> None:
        """Begin with no handlers.

        Args:
            runtime: The run's face, for its info, logger and converter.
            loop: Where handlers run.
            interceptors: What steps in before handlers.
            on_error: Called with what a handler raised.
        """
        self._runtime = runtime
        self._loop = loop
        self._on_error = on_error
        self._handlers: dict[str | None, Handler] = {}
        self._waiting: list[tuple[str, bytes | None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_open = False
        self._intercepted = compose(interceptors, "handle_signal", self._handle)

    def open(self, definition: WorkflowDefinition, instance: object) -> None:
        """The run's object is there: handle what waits."""
        for name, signal in definition.signals.items():
            function = functools.partial(signal.function, instance)
            self._handlers[name] = handler_of(function, signal.signature, takes_name=name is None)
        self._is_open = True
        self._deliver_waiting()

    def set_handler(self, name: str | None, function: Callable[..., Any] | None, *, is_internal: bool = False) -> None:
        """Set, replace or remove a handler; what waited for it is handled."""
        if function is None:
            self._handlers.pop(name, None)
            return
        self._handlers[name] = handler_of(
            function, signature_of(function), takes_name=name is None, is_internal=is_internal
        )
        self._deliver_waiting()

    def deliver(self, name: str, data: bytes | None) -> None:
        """Handle a signal, or keep it until somebody does."""
        handler = (self._handlers.get(name) or self._handlers.get(None)) if self._is_open else None
        if handler is None:
            self._waiting.append((name, data))
            return
        try:
            arguments = tuple(
                self._runtime.converter.decode_arguments(data, handler.signature, place=f'signal "{name}"')
            )
        except ConversionError as error:
            # The sender's mistake must not end the workflow, and the same bytes come again in each replay.
            self._runtime.logger().error("a signal is dropped, since it can't be read: %s", error)
            return
        call = HandleSignal(info=self._runtime.info, name=name, arguments=arguments)
        task = self._loop.create_task(self._run(call, handler), name=f"signal {name}")
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _deliver_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for name, data in waiting:
            self.deliver(name, data)

    async def _run(self, call: HandleSignal, handler: Handler) -> None:
        if handler.is_internal or self._intercepted == self._handle:
            await self._call(handler, call)
        else:
            await self._intercepted(call)

    async def _handle(self, call: HandleSignal) -> None:
        """The end of the interceptors: whoever handles that name now."""
        handler = self._handlers.get(call.name) or self._handlers.get(None)
        if handler is not None:
            await self._call(handler, call)

    async def _call(self, handler: Handler, call: HandleSignal) -> None:
        arguments = (call.name, *call.arguments) if handler.takes_name else call.arguments
        result = handler.function(*arguments)
        if handler.signature.is_coroutine or hasattr(result, "__await__"):
            await result

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            error = task.exception()
            if error is not None:
                self._on_error(error)
