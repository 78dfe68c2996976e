"""What workflow code uses: decorators, calls, time, state. Names load their files when they are first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cadence.activity.definition import ActivityDefinition, route_direct_calls

if TYPE_CHECKING:
    from cadence.workflow.activities import (
        ActivityHandle,
        execute_activity,
        execute_local_activity,
        start_activity,
        start_local_activity,
    )
    from cadence.workflow.children import (
        ChildWorkflowHandle,
        ExternalWorkflowHandle,
        execute_child_workflow,
        get_external_workflow_handle,
        start_child_workflow,
    )
    from cadence.workflow.commands import (
        CancellationType,
        ParentClosePolicy,
        RetryPolicy,
        WorkflowIdReusePolicy,
    )
    from cadence.workflow.continuing import (
        continue_as_new,
        last_completion_result,
        should_continue_as_new,
    )
    from cadence.workflow.definition import (
        WorkflowDefinition,
        definition_of,
        defn,
        query,
        run,
        signal,
    )
    from cadence.workflow.options import (
        ActivityOptions,
        ChildWorkflowOptions,
        ContinueAsNewOptions,
        LocalActivityOptions,
        WorkflowOptions,
    )
    from cadence.workflow.runtime import (
        ContinueAsNewError,
        ParentInfo,
        WorkflowInfo,
    )
    from cadence.workflow.state import (
        DEFAULT_VERSION,
        cancel_requested,
        get_logger,
        get_version,
        history_length,
        history_size,
        in_workflow,
        info,
        is_replaying,
        logger,
        memo,
        mutable_side_effect,
        now,
        random,
        search_attributes,
        set_query_handler,
        set_signal_handler,
        side_effect,
        sleep,
        time,
        time_ns,
        upsert_search_attributes,
        uuid4,
        wait_condition,
    )

__all__ = (
    "DEFAULT_VERSION",
    "ActivityHandle",
    "ActivityOptions",
    "CancellationType",
    "ChildWorkflowHandle",
    "ChildWorkflowOptions",
    "ContinueAsNewError",
    "ContinueAsNewOptions",
    "ExternalWorkflowHandle",
    "LocalActivityOptions",
    "ParentClosePolicy",
    "ParentInfo",
    "RetryPolicy",
    "WorkflowDefinition",
    "WorkflowIdReusePolicy",
    "WorkflowInfo",
    "WorkflowOptions",
    "cancel_requested",
    "continue_as_new",
    "definition_of",
    "defn",
    "execute_activity",
    "execute_child_workflow",
    "execute_local_activity",
    "get_external_workflow_handle",
    "get_logger",
    "get_version",
    "history_length",
    "history_size",
    "in_workflow",
    "info",
    "is_replaying",
    "last_completion_result",
    "logger",
    "memo",
    "mutable_side_effect",
    "now",
    "query",
    "random",
    "run",
    "search_attributes",
    "set_query_handler",
    "set_signal_handler",
    "should_continue_as_new",
    "side_effect",
    "signal",
    "sleep",
    "start_activity",
    "start_child_workflow",
    "start_local_activity",
    "time",
    "time_ns",
    "upsert_search_attributes",
    "uuid4",
    "wait_condition",
)

_HOMES = {
    "ActivityHandle": "cadence.workflow.activities",
    "ActivityOptions": "cadence.workflow.options",
    "CancellationType": "cadence.workflow.commands",
    "ChildWorkflowHandle": "cadence.workflow.children",
    "ChildWorkflowOptions": "cadence.workflow.options",
    "ContinueAsNewError": "cadence.workflow.runtime",
    "ContinueAsNewOptions": "cadence.workflow.options",
    "DEFAULT_VERSION": "cadence.workflow.state",
    "ExternalWorkflowHandle": "cadence.workflow.children",
    "LocalActivityOptions": "cadence.workflow.options",
    "ParentClosePolicy": "cadence.workflow.commands",
    "ParentInfo": "cadence.workflow.runtime",
    "RetryPolicy": "cadence.workflow.commands",
    "WorkflowDefinition": "cadence.workflow.definition",
    "WorkflowIdReusePolicy": "cadence.workflow.commands",
    "WorkflowInfo": "cadence.workflow.runtime",
    "WorkflowOptions": "cadence.workflow.options",
    "cancel_requested": "cadence.workflow.state",
    "continue_as_new": "cadence.workflow.continuing",
    "definition_of": "cadence.workflow.definition",
    "defn": "cadence.workflow.definition",
    "execute_activity": "cadence.workflow.activities",
    "execute_child_workflow": "cadence.workflow.children",
    "execute_local_activity": "cadence.workflow.activities",
    "get_external_workflow_handle": "cadence.workflow.children",
    "get_logger": "cadence.workflow.state",
    "get_version": "cadence.workflow.state",
    "history_length": "cadence.workflow.state",
    "history_size": "cadence.workflow.state",
    "in_workflow": "cadence.workflow.state",
    "info": "cadence.workflow.state",
    "is_replaying": "cadence.workflow.state",
    "last_completion_result": "cadence.workflow.continuing",
    "logger": "cadence.workflow.state",
    "memo": "cadence.workflow.state",
    "mutable_side_effect": "cadence.workflow.state",
    "now": "cadence.workflow.state",
    "query": "cadence.workflow.definition",
    "random": "cadence.workflow.state",
    "run": "cadence.workflow.definition",
    "search_attributes": "cadence.workflow.state",
    "set_query_handler": "cadence.workflow.state",
    "set_signal_handler": "cadence.workflow.state",
    "should_continue_as_new": "cadence.workflow.continuing",
    "side_effect": "cadence.workflow.state",
    "signal": "cadence.workflow.definition",
    "sleep": "cadence.workflow.state",
    "start_activity": "cadence.workflow.activities",
    "start_child_workflow": "cadence.workflow.children",
    "start_local_activity": "cadence.workflow.activities",
    "time": "cadence.workflow.state",
    "time_ns": "cadence.workflow.state",
    "upsert_search_attributes": "cadence.workflow.state",
    "uuid4": "cadence.workflow.state",
    "wait_condition": "cadence.workflow.state",
}


def _call_directly(definition: ActivityDefinition, args: tuple[object, ...]) -> Any:
    from cadence.workflow.activities import call_directly

    return call_directly(definition, args)


# Here and not where the calls are made, so that it stands as soon as anything of workflows is imported.
route_direct_calls(_call_directly)


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
