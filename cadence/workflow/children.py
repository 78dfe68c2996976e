"""How workflow code deals with other workflows: starts children, waits for them, signals and cancels them or others.

A child's start is a command whose future brings a `ChildStarted`; its result is a future of its own, so that start and
result can be waited for apart. Everything else is a command as well; the engine keeps their order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator, Mapping
from typing import Any, Generic, TypeVar, TypeVarTuple, Unpack, overload

from cadence.exceptions import ConfigurationError
from cadence.workflow.commands import CancelExternalWorkflow, SignalExternalWorkflow, StartChildWorkflow
from cadence.workflow.definition import definition_of, signal_name_of
from cadence.workflow.options import ChildWorkflowOptions, check_workflow_options, refuse_unknown
from cadence.workflow.runtime import ChildStarted, current

__all__ = (
    "ChildWorkflowHandle",
    "ExternalWorkflowHandle",
    "execute_child_workflow",
    "get_external_workflow_handle",
    "start_child_workflow",
)

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Ts = TypeVarTuple("Ts")


class ExternalWorkflowHandle:
    """Another workflow, known by its id. Get one from `get_external_workflow_handle`."""

    __slots__ = ("_children_only", "domain", "run_id", "workflow_id")

    def __init__(
        self, workflow_id: str, run_id: str = "", domain: str | None = None, *, children_only: bool = False
    ) -> None:
        self.workflow_id = workflow_id
        """The workflow's id."""
        self.run_id = run_id
        """The run that is meant, or an empty text for whichever is open."""
        self.domain = domain
        """Its domain, or None for this workflow's own."""
        self._children_only = children_only

    @overload
    async def signal(self, signal: Callable[[Any, Unpack[Ts]], Any], /, *args: *Ts) -> None: ...
    @overload
    async def signal(self, signal: str, /, *args: object) -> None: ...
    async def signal(self, signal: Any, /, *args: object) -> None:
        """Send a signal, and wait until the server delivered it.

        Args:
            signal: A handler with `@workflow.signal`, or the signal's name.
            *args: The handler's arguments.

        Raises:
            ExternalWorkflowError: There is no such workflow, or it is closed.
        """
        await current().request(
            SignalExternalWorkflow(
                workflow_id=self.workflow_id,
                signal_name=signal_name_of(signal),
                arguments=args,
                # A child is named by its id alone: it may have continued as new since it was started.
                run_id="" if self._children_only else self.run_id,
                domain=self.domain,
                child_workflow_only=self._children_only,
            )
        )

    async def cancel(self) -> None:
        """Ask for the workflow's cancellation, and wait until the server delivered the request.

        Raises:
            ExternalWorkflowError: There is no such workflow, or it is closed.
        """
        await current().request(
            CancelExternalWorkflow(
                workflow_id=self.workflow_id,
                run_id="" if self._children_only else self.run_id,
                domain=self.domain,
                child_workflow_only=self._children_only,
            )
        )


class ChildWorkflowHandle(ExternalWorkflowHandle, Generic[R_co]):
    """A child that runs: await it, or `result()`, for its result; signal it, cancel it.

    `cancel()` asks for its cancellation and leaves its result to come (`ChildWorkflowCanceledError`, where it lets it
    happen); cancelling a task that waits for the result does what the start's `cancellation_type` says.
    """

    __slots__ = ("_result",)

    def __init__(self, started: ChildStarted, domain: str | None = None) -> None:
        super().__init__(started.workflow_id, started.run_id, domain, children_only=True)
        self._result: asyncio.Future[Any] = started.result

    def __await__(self) -> Generator[Any, None, R_co]:
        return self._result.__await__()

    async def result(self) -> R_co:
        """Wait for the child's result.

        Raises:
            ChildWorkflowFailedError: Its code raised; `__cause__` is what it raised.
            ChildWorkflowTimedOutError: It ran too long.
            ChildWorkflowCanceledError: It was cancelled.
            ChildWorkflowTerminatedError: It was terminated.
        """
        return await self

    @property
    def done(self) -> bool:
        """True once the child is closed and this workflow knows."""
        return self._result.done()


@overload
async def start_child_workflow(
    workflow: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, R]],
    /,
    *args: *Ts,
    **options: Unpack[ChildWorkflowOptions],
) -> ChildWorkflowHandle[R]: ...
@overload
async def start_child_workflow(
    workflow: str, /, *args: object, result_type: type[R], **options: Unpack[ChildWorkflowOptions]
) -> ChildWorkflowHandle[R]: ...
@overload
async def start_child_workflow(
    workflow: str | type, /, *args: object, **options: Unpack[ChildWorkflowOptions]
) -> ChildWorkflowHandle[Any]: ...
async def start_child_workflow(
    workflow: Any, /, *args: object, result_type: Any = None, **options: Any
) -> ChildWorkflowHandle[Any]:
    """Start a child and wait until it runs.

    A child that shall outlive this workflow (`parent_close_policy=ABANDON`) must have started before this one ends, so
    wait for this even if the result doesn't matter.

    Args:
        workflow: The child's run method (`Greeting.run`), its class, or a workflow type's name.
        *args: The run method's arguments.
        result_type: For a name: the type to convert the result to; default: what the bytes say.
        **options: See `ChildWorkflowOptions`; what isn't given is as in the child's decorator.

    Returns:
        The child's handle.

    Raises:
        ChildWorkflowAlreadyStartedError: A workflow with its id runs, or the id may not be used again.
        ConfigurationError: An option is unknown or out of range.
    """
    command = _start_command(workflow, args, result_type, options)
    return ChildWorkflowHandle(await current().request(command), command.domain)


@overload
async def execute_child_workflow(
    workflow: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, R]],
    /,
    *args: *Ts,
    **options: Unpack[ChildWorkflowOptions],
) -> R: ...
@overload
async def execute_child_workflow(
    workflow: str, /, *args: object, result_type: type[R], **options: Unpack[ChildWorkflowOptions]
) -> R: ...
@overload
async def execute_child_workflow(
    workflow: str | type, /, *args: object, **options: Unpack[ChildWorkflowOptions]
) -> Any: ...
async def execute_child_workflow(workflow: Any, /, *args: object, result_type: Any = None, **options: Any) -> Any:
    """Start a child and wait for its result.

    Cancelling the wait asks for the child's cancellation, in the way that `cancellation_type` says.

    Args:
        workflow: The child's run method (`Greeting.run`), its class, or a workflow type's name.
        *args: The run method's arguments.
        result_type: For a name: the type to convert the result to; default: what the bytes say.
        **options: See `ChildWorkflowOptions`; what isn't given is as in the child's decorator.

    Returns:
        The child's result.

    Raises:
        ChildWorkflowFailedError: Its code raised; `__cause__` is what it raised.
        ChildWorkflowTimedOutError: It ran too long.
        ChildWorkflowCanceledError: It was cancelled.
        ChildWorkflowTerminatedError: It was terminated.
        ChildWorkflowAlreadyStartedError: A workflow with its id runs, or the id may not be used again.
        ConfigurationError: An option is unknown or out of range.
    """
    started: ChildStarted = await current().request(_start_command(workflow, args, result_type, options))
    return await started.result


def get_external_workflow_handle(
    workflow_id: str, *, run_id: str = "", domain: str | None = None
) -> ExternalWorkflowHandle:
    """Return a handle to signal or cancel any workflow; nothing is sent yet.

    Args:
        workflow_id: The workflow's id.
        run_id: A certain run of it; default: the one that is open then.
        domain: Its domain; default: this workflow's own.
    """
    current()
    if not workflow_id:
        msg = "get_external_workflow_handle got an empty workflow id"
        raise ConfigurationError(msg)
    return ExternalWorkflowHandle(workflow_id, run_id, domain)


def _start_command(
    workflow: Any, args: tuple[object, ...], result_type: Any, options: Mapping[str, Any]
) -> StartChildWorkflow:
    if isinstance(workflow, str):
        name, hint = workflow, object
    else:
        definition = definition_of(workflow)
        name, hint = definition.name, definition.signature.result
        options = {**definition.options, **options}
    where = f"child workflow {name}"
    refuse_unknown(options, ChildWorkflowOptions.__annotations__, where)
    check_workflow_options(options, where)
    return StartChildWorkflow(
        workflow_type=name, arguments=args, result_type=hint if result_type is None else result_type, **options
    )
