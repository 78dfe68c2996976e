"""What interceptors may step into, and the calls that they see.

One class, `Interceptor`, has one method per kind of call: what comes into a workflow, an activity, and what goes out
of them and of the client. Each gets the call and `proceed`, the rest of the way; it may look at the call, replace it,
wrap the result, or not proceed at all. What workflow code asks for are the commands of `cadence.workflow.commands`; the
other calls are the structs here. Nothing here knows the engine, the worker or the client, which are at the far ends.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from cadence.activity.definition import ActivityDefinition
from cadence.activity.runtime import ActivityInfo
from cadence.workflow.commands import Command, RetryPolicy, WorkflowIdReusePolicy
from cadence.workflow.definition import WorkflowDefinition
from cadence.workflow.runtime import WorkflowInfo

if TYPE_CHECKING:
    import asyncio

__all__ = (
    "CancelWorkflow",
    "ClientCall",
    "ExecuteActivity",
    "HandleQuery",
    "HandleSignal",
    "Heartbeat",
    "Interceptor",
    "QueryWorkflow",
    "RunWorkflow",
    "SignalWorkflow",
    "StartWorkflow",
    "TerminateWorkflow",
)


class RunWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    """A run's code starts."""

    info: WorkflowInfo
    definition: WorkflowDefinition
    arguments: tuple[object, ...]


class HandleSignal(msgspec.Struct, frozen=True, kw_only=True):
    """A signal reaches its handler."""

    info: WorkflowInfo
    name: str
    arguments: tuple[object, ...]


class HandleQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query reaches its handler."""

    info: WorkflowInfo
    name: str
    arguments: tuple[object, ...]


class ExecuteActivity(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt of an activity starts."""

    info: ActivityInfo
    definition: ActivityDefinition
    arguments: tuple[object, ...]


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True):
    """Activity code reports progress."""

    info: ActivityInfo
    details: tuple[object, ...]


class StartWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    """The client starts a workflow; with a signal at once where `signal_name` is set."""

    workflow_type: str
    arguments: tuple[object, ...] = ()
    result_type: Any = object
    workflow_id: str
    task_list: str
    execution_start_to_close_timeout: timedelta
    task_start_to_close_timeout: timedelta
    workflow_id_reuse_policy: WorkflowIdReusePolicy = WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
    retry_policy: RetryPolicy | None = None
    cron_schedule: str | None = None
    memo: Mapping[str, object] | None = None
    search_attributes: Mapping[Any, object] | None = None
    delay_start: timedelta | None = None
    jitter_start: timedelta | None = None
    signal_name: str | None = None
    signal_arguments: tuple[object, ...] = ()
    headers: Mapping[str, bytes] | None = None
    extra: Mapping[str, Any] = {}
    """Options that only the client knows."""


class SignalWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    """The client signals a workflow."""

    workflow_id: str
    run_id: str = ""
    name: str
    arguments: tuple[object, ...] = ()


class QueryWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    """The client queries a workflow."""

    workflow_id: str
    run_id: str = ""
    name: str
    arguments: tuple[object, ...] = ()
    result_type: Any = object
    extra: Mapping[str, Any] = {}
    """Options that only the client knows: reject condition, consistency."""


class CancelWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    """The client asks for a workflow's cancellation."""

    workflow_id: str
    run_id: str = ""
    cause: str = ""
    first_execution_run_id: str = ""
    """Only if the workflow was started with this run: whatever run is current then, of that chain alone."""


class TerminateWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    """The client terminates a workflow."""

    workflow_id: str
    run_id: str = ""
    reason: str = ""
    details: tuple[object, ...] = ()
    first_execution_run_id: str = ""
    """Only if the workflow was started with this run: whatever run is current then, of that chain alone."""


ClientCall: TypeAlias = StartWorkflow | SignalWorkflow | QueryWorkflow | CancelWorkflow | TerminateWorkflow


class Interceptor:
    """Steps into calls. Override what you need; a method that isn't overridden costs nothing.

    Clients and workers take a list; the first one is the outermost. One object serves all runs and attempts, so state
    of a run belongs into a context variable or a dict by run id, not into attributes.
    """

    async def run_workflow(self, call: RunWorkflow, proceed: Callable[[RunWorkflow], Awaitable[Any]]) -> Any:
        """Step into a run: from its first line to its result. Runs as workflow code, in replay as well.

        Args:
            call: The run and its arguments.
            proceed: The rest of the way; ends with the workflow's code.

        Returns:
            The workflow's result.
        """
        return await proceed(call)

    async def handle_signal(self, call: HandleSignal, proceed: Callable[[HandleSignal], Awaitable[None]]) -> None:
        """Step into a signal's handler. Runs as workflow code, in replay as well."""
        await proceed(call)

    def handle_query(self, call: HandleQuery, proceed: Callable[[HandleQuery], Any]) -> Any:
        """Step into a query's handler; must change nothing. Returns the query's result."""
        return proceed(call)

    def request(self, command: Command, proceed: Callable[[Command], asyncio.Future[Any]]) -> asyncio.Future[Any]:
        """Step into what workflow code asks for: activities, timers, children, signals. Runs as workflow code.

        Args:
            command: What is asked for; `msgspec.structs.replace` makes a changed one.
            proceed: The rest of the way; ends with the engine.

        Returns:
            The future of its outcome.
        """
        return proceed(command)

    async def execute_activity(
        self, call: ExecuteActivity, proceed: Callable[[ExecuteActivity], Awaitable[Any]]
    ) -> Any:
        """Step into an attempt of an activity. Runs on the worker's event loop, also where the function has a thread.

        Context variables that are set around `proceed` are seen by the activity's code, in threads too.

        Args:
            call: The attempt and its arguments.
            proceed: The rest of the way; ends with the activity's code.

        Returns:
            The activity's result.
        """
        return await proceed(call)

    def heartbeat(self, call: Heartbeat, proceed: Callable[[Heartbeat], None]) -> None:
        """Step into a heartbeat. Runs where the activity's code runs; must not block."""
        proceed(call)

    async def client_call(self, call: ClientCall, proceed: Callable[[ClientCall], Awaitable[Any]]) -> Any:
        """Step into what a client asks for.

        Args:
            call: One of the five kinds.
            proceed: The rest of the way; ends with the service.

        Returns:
            What the call brings: the new run's id for a start, the result for a query, None for the rest.
        """
        return await proceed(call)
