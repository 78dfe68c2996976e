"""What workflow code uses: decorators, calls, time, state. Names load their files when they are first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cadence.workflow.commands import (
        CancellationType,
        ParentClosePolicy,
        RetryPolicy,
        WorkflowIdReusePolicy,
    )
    from cadence.workflow.definition import WorkflowDefinition, definition_of, defn, query, run, signal
    from cadence.workflow.options import (
        ActivityOptions,
        ChildWorkflowOptions,
        ContinueAsNewOptions,
        LocalActivityOptions,
        WorkflowOptions,
    )
    from cadence.workflow.runtime import ContinueAsNewError, ParentInfo, WorkflowInfo

__all__ = (
    "ActivityOptions",
    "CancellationType",
    "ChildWorkflowOptions",
    "ContinueAsNewError",
    "ContinueAsNewOptions",
    "LocalActivityOptions",
    "ParentClosePolicy",
    "ParentInfo",
    "RetryPolicy",
    "WorkflowDefinition",
    "WorkflowIdReusePolicy",
    "WorkflowInfo",
    "WorkflowOptions",
    "definition_of",
    "defn",
    "query",
    "run",
    "signal",
)

_HOMES = {
    "ActivityOptions": "cadence.workflow.options",
    "CancellationType": "cadence.workflow.commands",
    "ChildWorkflowOptions": "cadence.workflow.options",
    "ContinueAsNewError": "cadence.workflow.runtime",
    "ContinueAsNewOptions": "cadence.workflow.options",
    "LocalActivityOptions": "cadence.workflow.options",
    "ParentClosePolicy": "cadence.workflow.commands",
    "ParentInfo": "cadence.workflow.runtime",
    "RetryPolicy": "cadence.workflow.commands",
    "WorkflowDefinition": "cadence.workflow.definition",
    "WorkflowIdReusePolicy": "cadence.workflow.commands",
    "WorkflowInfo": "cadence.workflow.runtime",
    "WorkflowOptions": "cadence.workflow.options",
    "defn": "cadence.workflow.definition",
    "definition_of": "cadence.workflow.definition",
    "query": "cadence.workflow.definition",
    "run": "cadence.workflow.definition",
    "signal": "cadence.workflow.definition",
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
