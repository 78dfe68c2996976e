"""Steps into calls of workflows, activities and clients. Names load their files when they are first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cadence.interceptor.chain import (
        check_interceptors,
        compose,
    )
    from cadence.interceptor.interfaces import (
        CancelWorkflow,
        ClientCall,
        ExecuteActivity,
        HandleQuery,
        HandleSignal,
        Heartbeat,
        Interceptor,
        QueryWorkflow,
        RunWorkflow,
        SignalWorkflow,
        StartWorkflow,
        TerminateWorkflow,
    )
    from cadence.interceptor.propagation import (
        ContextPropagator,
        PropagationInterceptor,
        contextvar,
    )

__all__ = (
    "CancelWorkflow",
    "ClientCall",
    "ContextPropagator",
    "ExecuteActivity",
    "HandleQuery",
    "HandleSignal",
    "Heartbeat",
    "Interceptor",
    "PropagationInterceptor",
    "QueryWorkflow",
    "RunWorkflow",
    "SignalWorkflow",
    "StartWorkflow",
    "TerminateWorkflow",
    "check_interceptors",
    "compose",
    "contextvar",
)

_HOMES = {
    "CancelWorkflow": "cadence.interceptor.interfaces",
    "ClientCall": "cadence.interceptor.interfaces",
    "ContextPropagator": "cadence.interceptor.propagation",
    "ExecuteActivity": "cadence.interceptor.interfaces",
    "HandleQuery": "cadence.interceptor.interfaces",
    "HandleSignal": "cadence.interceptor.interfaces",
    "Heartbeat": "cadence.interceptor.interfaces",
    "Interceptor": "cadence.interceptor.interfaces",
    "PropagationInterceptor": "cadence.interceptor.propagation",
    "QueryWorkflow": "cadence.interceptor.interfaces",
    "RunWorkflow": "cadence.interceptor.interfaces",
    "SignalWorkflow": "cadence.interceptor.interfaces",
    "StartWorkflow": "cadence.interceptor.interfaces",
    "TerminateWorkflow": "cadence.interceptor.interfaces",
    "check_interceptors": "cadence.interceptor.chain",
    "compose": "cadence.interceptor.chain",
    "contextvar": "cadence.interceptor.propagation",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
