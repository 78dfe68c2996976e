"""What workflow code uses: decorators, calls, time, state. Names load their files when they are first used."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from cadence._lazy import lazy_names, names_by_module
from cadence.activity.definition import ActivityDefinition, route_direct_calls

if TYPE_CHECKING:
    from cadence.exceptions import (
        WorkflowExecutionCanceledException,
        WorkflowExecutionFailedException,
        WorkflowExecutionTerminatedException,
        WorkflowExecutionTimedOutException,
    )
    from cadence.stubs.client import (
        WorkflowClient,
        WorkflowExecutionContext,
    )
    from cadence.stubs.decorators import (
        cron_schedule,
        query_method,
        signal_method,
        workflow_method,
    )
    from cadence.stubs.interfaces import (
        WorkflowStub,
    )
    from cadence.stubs.options import (
        WorkflowClientOptions,
        WorkflowOptions,
    )
    from cadence.stubs.workflow import (
        CancellationScope,
        Workflow,
    )
    from cadence.workflow.activities import (
        ActivityHandle,
        execute_activity,
        execute_local_activity,
        start_activity,
        start_local_activity,
    )
    from cadence.workflow.attribute_keys import SearchAttributeKey
    from cadence.workflow.children import (
        ChildWorkflowHandle,
        ExternalWorkflowHandle,
        execute_child_workflow,
        get_external_workflow_handle,
        start_child_workflow,
    )
    from cadence.workflow.commands import (
        CancellationType,
        CronOverlapPolicy,
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
        WorkflowDefaults,
    )
    from cadence.workflow.runtime import (
        ContinueAsNewError,
        ParentInfo,
        WorkflowInfo,
    )
    from cadence.workflow.sessions import Session, SessionState, session
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
        search_attribute,
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
    "CancellationScope",
    "CancellationType",
    "ChildWorkflowHandle",
    "ChildWorkflowOptions",
    "ContinueAsNewError",
    "ContinueAsNewOptions",
    "CronOverlapPolicy",
    "ExternalWorkflowHandle",
    "LocalActivityOptions",
    "ParentClosePolicy",
    "ParentInfo",
    "RetryPolicy",
    "SearchAttributeKey",
    "Session",
    "SessionState",
    "Workflow",
    "WorkflowClient",
    "WorkflowClientOptions",
    "WorkflowDefaults",
    "WorkflowDefinition",
    "WorkflowExecutionCanceledException",
    "WorkflowExecutionContext",
    "WorkflowExecutionFailedException",
    "WorkflowExecutionTerminatedException",
    "WorkflowExecutionTimedOutException",
    "WorkflowIdReusePolicy",
    "WorkflowInfo",
    "WorkflowOptions",
    "WorkflowStub",
    "cancel_requested",
    "continue_as_new",
    "cron_schedule",
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
    "query_method",
    "random",
    "run",
    "search_attribute",
    "search_attributes",
    "session",
    "set_query_handler",
    "set_signal_handler",
    "should_continue_as_new",
    "side_effect",
    "signal",
    "signal_method",
    "sleep",
    "start_activity",
    "start_child_workflow",
    "start_local_activity",
    "time",
    "time_ns",
    "upsert_search_attributes",
    "uuid4",
    "wait_condition",
    "workflow_method",
)


def _call_directly(definition: ActivityDefinition, args: tuple[object, ...]) -> Awaitable[Any]:
    from cadence.workflow.activities import call_directly

    return call_directly(definition, args)


# Here and not where the calls are made, so that it stands as soon as anything of workflows is imported.
route_direct_calls(_call_directly)

_HOMES = names_by_module(
    "cadence",
    {
        "workflow.activities": (
            "ActivityHandle execute_activity execute_local_activity start_activity start_local_activity"
        ),
        "workflow.attribute_keys": "SearchAttributeKey",
        "workflow.children": (
            "ChildWorkflowHandle ExternalWorkflowHandle execute_child_workflow "
            "get_external_workflow_handle start_child_workflow"
        ),
        "workflow.commands": "CancellationType CronOverlapPolicy ParentClosePolicy RetryPolicy WorkflowIdReusePolicy",
        "workflow.continuing": "continue_as_new last_completion_result should_continue_as_new",
        "workflow.definition": "WorkflowDefinition defn definition_of query run signal",
        "workflow.options": (
            "ActivityOptions ChildWorkflowOptions ContinueAsNewOptions LocalActivityOptions WorkflowDefaults"
        ),
        "workflow.runtime": "ContinueAsNewError ParentInfo WorkflowInfo",
        "workflow.sessions": "Session SessionState session",
        "workflow.state": (
            "DEFAULT_VERSION cancel_requested get_logger get_version history_length history_size "
            "in_workflow info is_replaying logger memo mutable_side_effect now random "
            "search_attribute search_attributes set_query_handler set_signal_handler side_effect sleep time time_ns "
            "upsert_search_attributes uuid4 wait_condition"
        ),
        "stubs.client": "WorkflowClient WorkflowExecutionContext",
        "stubs.decorators": "cron_schedule query_method signal_method workflow_method",
        "stubs.interfaces": "WorkflowStub",
        "stubs.options": "WorkflowClientOptions WorkflowOptions",
        "stubs.workflow": "CancellationScope Workflow",
        "exceptions": (
            "WorkflowExecutionCanceledException WorkflowExecutionFailedException "
            "WorkflowExecutionTerminatedException WorkflowExecutionTimedOutException"
        ),
    },
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(__name__, _HOMES)
