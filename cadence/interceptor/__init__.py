"""Steps into calls of workflows, activities and clients. Names load their files when they are first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

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

_HOMES = names_by_module(
    "cadence",
    {
        "interceptor.chain": "check_interceptors compose",
        "interceptor.interfaces": (
            "CancelWorkflow ClientCall ExecuteActivity HandleQuery HandleSignal Heartbeat "
            "Interceptor QueryWorkflow RunWorkflow SignalWorkflow StartWorkflow TerminateWorkflow"
        ),
        "interceptor.propagation": "ContextPropagator PropagationInterceptor contextvar",
    },
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(__name__, _HOMES)
