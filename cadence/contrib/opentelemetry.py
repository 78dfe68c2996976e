"""Tracing with OpenTelemetry: `Client.connect(..., interceptors=[TracingInterceptor()])`. Needs `opentelemetry-api`.

Spans stand for what happens once: a start, signal or query of a client, the first line of a workflow's run, what its
code asks for, an attempt of an activity. Replay makes none. The context travels in the headers of starts, activities
and children, in the W3C form (`traceparent`, `tracestate`, `baggage`), so that workers of other languages carry on.

Give the interceptor to the client; its workers take it from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from cadence._version import __version__
from cadence.interceptor import Interceptor
from cadence.interceptor.interfaces import (
    ClientCall,
    ExecuteActivity,
    HandleQuery,
    HandleSignal,
    RunWorkflow,
    StartWorkflow,
)
from cadence.workflow import runtime
from cadence.workflow.commands import (
    CancelExternalWorkflow,
    Command,
    RunLocalActivity,
    ScheduleActivity,
    SignalExternalWorkflow,
    StartChildWorkflow,
)

__all__ = ("TracingInterceptor",)

# What workflow code runs under. Not OpenTelemetry's own variable: its value must not be what replay happened to leave.
_parent: ContextVar[Context | None] = ContextVar("cadence_trace_parent", default=None)

_COMMANDS: dict[type, tuple[str, Callable[[Any], str]]] = {
    ScheduleActivity: ("StartActivity", lambda command: command.activity_type),
    RunLocalActivity: ("StartLocalActivity", lambda command: command.activity_type),
    StartChildWorkflow: ("StartChildWorkflow", lambda command: command.workflow_type),
    SignalExternalWorkflow: ("SignalExternalWorkflow", lambda command: command.signal_name),
    CancelExternalWorkflow: ("CancelExternalWorkflow", lambda command: command.workflow_id),
}
_WITH_HEADERS = (ScheduleActivity, RunLocalActivity, StartChildWorkflow)


class TracingInterceptor(Interceptor):
    """Makes spans of what clients, workflows and activities do."""

    def __init__(
        self,
        tracer_provider: trace.TracerProvider | None = None,
        *,
        propagator: TextMapPropagator | None = None,
        trace_queries: bool = False,
    ) -> None:
        """Make an interceptor.

        Args:
            tracer_provider: Where spans go; default: the process's own.
            propagator: How the context is written into headers; default: the process's own (W3C).
            trace_queries: Whether handlers of queries have spans, too; pollers of dashboards make many.
        """
        provider = tracer_provider or trace.get_tracer_provider()
        self._tracer = provider.get_tracer("cadence-client", __version__)
        self._propagator = propagator or propagate.get_global_textmap()
        self._trace_queries = trace_queries

    # --- client ---

    async def client_call(self, call: ClientCall, proceed: Callable[[ClientCall], Awaitable[Any]]) -> Any:
        """Make a span of a call, and send it along with a start."""
        name = type(call).__name__
        what = getattr(call, "workflow_type", None) or getattr(call, "name", None)
        attributes = {"cadence.workflow_id": call.workflow_id}
        with self._tracer.start_as_current_span(
            f"{name}:{what}" if what else name, kind=SpanKind.CLIENT, attributes=attributes
        ):
            if isinstance(call, StartWorkflow):
                call = msgspec.structs.replace(call, headers=self._injected(call.headers))
            return await proceed(call)

    # --- workflow ---

    async def run_workflow(self, call: RunWorkflow, proceed: Callable[[RunWorkflow], Awaitable[Any]]) -> Any:
        """Note that a run began, and why it failed."""
        info = call.info
        attributes = _of_run(info)
        parent = self._extracted(info.headers)
        with _under(self._noted(f"RunWorkflow:{info.workflow_type}", parent, attributes)):
            try:
                return await proceed(call)
            except Exception as error:
                self._noted(f"FailWorkflow:{info.workflow_type}", _parent.get() or parent, attributes, error=error)
                raise

    async def handle_signal(self, call: HandleSignal, proceed: Callable[[HandleSignal], Awaitable[None]]) -> None:
        """Note that a signal is handled."""
        parent = self._extracted(call.info.headers)
        with _under(self._noted(f"HandleSignal:{call.name}", parent, _of_run(call.info))):
            await proceed(call)

    def handle_query(self, call: HandleQuery, proceed: Callable[[HandleQuery], Any]) -> Any:
        """Make a span of a query's handler, where that is wanted."""
        if not self._trace_queries:
            return proceed(call)
        parent = self._extracted(call.info.headers)
        with self._tracer.start_as_current_span(
            f"HandleQuery:{call.name}", parent, kind=SpanKind.SERVER, attributes=_of_run(call.info)
        ):
            return proceed(call)

    def request(self, command: Command, proceed: Callable[[Command], asyncio.Future[Any]]) -> asyncio.Future[Any]:
        """Note what workflow code asks for, and send the context along."""
        known = _COMMANDS.get(type(command))
        if known is None:
            return proceed(command)
        info = runtime.current().info
        parent = _parent.get() or self._extracted(info.headers)
        context = self._noted(f"{known[0]}:{known[1](command)}", parent, _of_run(info))
        if isinstance(command, _WITH_HEADERS):
            command = msgspec.structs.replace(command, headers=self._injected(command.headers, context))
        return proceed(command)

    # --- activity ---

    async def execute_activity(
        self, call: ExecuteActivity, proceed: Callable[[ExecuteActivity], Awaitable[Any]]
    ) -> Any:
        """Make a span of an attempt; what the activity's code traces stands below it."""
        info = call.info
        attributes: dict[str, str | int] = {
            "cadence.workflow_id": info.workflow_id,
            "cadence.run_id": info.run_id,
            "cadence.activity_id": info.activity_id,
            "cadence.attempt": info.attempt,
        }
        name = f"RunActivity:{info.activity_type}"
        parent = self._extracted(info.headers)
        with self._tracer.start_as_current_span(name, parent, kind=SpanKind.SERVER, attributes=attributes):
            return await proceed(call)

    # --- the rest ---

    def _noted(
        self,
        name: str,
        parent: Context | None,
        attributes: Mapping[str, str],
        *,
        error: Exception | None = None,
    ) -> Context | None:
        """Make a span of a moment, unless it is replayed; return the context below it.

        A run outlives its worker, so that a span of its whole length could not be ended by who began it.
        """
        if runtime.current().is_replaying:
            return parent
        time_ns = runtime.current().time_ns()
        span = self._tracer.start_span(
            name, parent, kind=SpanKind.SERVER, attributes=dict(attributes), start_time=time_ns
        )
        if error is not None:
            span.record_exception(error, timestamp=time_ns)
            span.set_status(Status(StatusCode.ERROR, f"{type(error).__name__}: {error}"))
        span.end(end_time=time_ns)
        return _context_of(span, parent)

    def _injected(self, headers: Mapping[str, bytes] | None, context: Context | None = None) -> dict[str, bytes]:
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier, context)
        return {**(headers or {}), **{name: text.encode() for name, text in carrier.items()}}

    def _extracted(self, headers: Mapping[str, bytes]) -> Context | None:
        carrier = {name: data.decode("utf-8", "replace") for name, data in headers.items()}
        return self._propagator.extract(carrier, Context())


def _context_of(span: Span, parent: Context | None) -> Context:
    return trace.set_span_in_context(span, parent)


@contextmanager
def _under(context: Context | None) -> Iterator[None]:
    _parent.set(context)  # the task's own, which ends with it: nothing to reset, also where the run is dropped
    yield


def _of_run(info: runtime.WorkflowInfo) -> dict[str, str]:
    return {"cadence.workflow_id": info.workflow_id, "cadence.run_id": info.run_id}
