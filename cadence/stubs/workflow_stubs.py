"""Stubs that workflow code uses for other workflows: children, any others by id, and the next run.

Calls are awaited, as everything in workflow code. A child's stub starts it once; signals through it wait for the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, NoReturn, TypeVar

from cadence.exceptions import ConfigurationError
from cadence.stubs.interfaces import Method, make_stub
from cadence.stubs.options import WorkflowOptions
from cadence.stubs.signatures import result_type_of
from cadence.workflow.children import (
    ChildWorkflowHandle,
    ExternalWorkflowHandle,
    get_external_workflow_handle,
    start_child_workflow,
)
from cadence.workflow.continuing import continue_as_new
from cadence.workflow.options import ChildWorkflowOptions, ContinueAsNewOptions

__all__ = (
    "ChildWorkflowStub",
    "ExternalWorkflowStub",
    "new_child_workflow_stub",
    "new_continue_as_new_stub",
    "new_external_workflow_stub",
    "new_untyped_child_workflow_stub",
    "new_untyped_external_workflow_stub",
)

T = TypeVar("T")


class ChildWorkflowStub:
    """Starts a child by its type's name, waits for it, signals and cancels it.

    Made by `Workflow.new_untyped_child_workflow_stub`.
    """

    def __init__(self, workflow_type: str, options: dict[str, Any]) -> None:
        self.workflow_type = workflow_type
        """The child's type."""
        self._options = options
        self._handle: asyncio.Future[ChildWorkflowHandle[Any]] | None = None

    def _started(self) -> asyncio.Future[ChildWorkflowHandle[Any]]:
        if self._handle is None:
            self._handle = asyncio.get_running_loop().create_future()
        return self._handle

    async def start(self, *args: object, result_type: Any = object) -> ChildWorkflowHandle[Any]:
        """Start the child and wait until it runs.

        Returns:
            Its handle.

        Raises:
            ChildWorkflowAlreadyStartedError: A workflow with its id runs, or the id may not be used again.
            ConfigurationError: This stub has started its child before.
        """
        started = self._started()
        if started.done():
            msg = f"the stub of child workflow {self.workflow_type} has started it before"
            raise ConfigurationError(msg, hint="make a stub for each child")
        try:
            handle = await start_child_workflow(self.workflow_type, *args, result_type=result_type, **self._options)
        except BaseException as error:
            started.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
            started.exception()  # signals that wait for the start are told; where there are none, nothing is amiss
            raise
        started.set_result(handle)
        return handle

    async def execute(self, *args: object, result_type: Any = object) -> Any:
        """Start the child and wait for its result.

        Args:
            *args: The child's arguments.
            result_type: Type to convert the result to; default: what the bytes say.
        """
        return await (await self.start(*args, result_type=result_type))

    async def signal(self, signal_name: str, *args: object) -> None:
        """Signal the child, once it has started."""
        await (await asyncio.shield(self._started())).signal(signal_name, *args)

    async def cancel(self) -> None:
        """Ask for the child's cancellation, once it has started."""
        await (await asyncio.shield(self._started())).cancel()

    async def get_execution(self) -> tuple[str, str]:
        """Return the child's workflow id and run id, once it has started."""
        handle = await asyncio.shield(self._started())
        return handle.workflow_id, handle.run_id


class ExternalWorkflowStub:
    """Signals and cancels another workflow by its id. Made by `Workflow.new_untyped_external_workflow_stub`."""

    def __init__(self, handle: ExternalWorkflowHandle) -> None:
        self._handle = handle

    async def signal(self, signal_name: str, *args: object) -> None:
        """Send a signal.

        Raises:
            ExternalWorkflowError: There is no such workflow, or it is closed.
        """
        await self._handle.signal(signal_name, *args)

    async def cancel(self) -> None:
        """Ask for the workflow's cancellation.

        Raises:
            ExternalWorkflowError: There is no such workflow, or it is closed.
        """
        await self._handle.cancel()


class _ChildCalls:
    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._stub: ChildWorkflowStub | None = None

    def run(self, method: Method, args: tuple[Any, ...]) -> Awaitable[Any]:
        self._stub = stub = self._stub or self._make(method)
        return stub.execute(*args, result_type=result_type_of(method.function))

    def signal(self, method: Method, args: tuple[Any, ...]) -> Awaitable[None]:
        if self._stub is None:
            msg = f"signal {method.mark.name} has no child to go to yet"
            raise ConfigurationError(msg, hint="call the stub's workflow method first, in a task of its own")
        return self._stub.signal(method.mark.name, *args)

    def query(self, method: Method, args: tuple[Any, ...]) -> NoReturn:  # the shape of StubCalls
        _no_queries(method)

    def _make(self, method: Method) -> ChildWorkflowStub:
        return ChildWorkflowStub(method.mark.name, _child_options(method.mark.options, self._options))


class _ExternalCalls:
    def __init__(self, handle: ExternalWorkflowHandle) -> None:
        self._handle = handle

    def run(self, method: Method, args: tuple[Any, ...]) -> NoReturn:  # the shape of StubCalls
        msg = f"{method.mark.name} can't be run through a stub of another workflow"
        raise ConfigurationError(msg, hint="use Workflow.new_child_workflow_stub to start one")

    def signal(self, method: Method, args: tuple[Any, ...]) -> Awaitable[None]:
        return self._handle.signal(method.mark.name, *args)

    def query(self, method: Method, args: tuple[Any, ...]) -> NoReturn:  # the shape of StubCalls
        _no_queries(method)


class _NextRunCalls:
    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options

    def run(self, method: Method, args: tuple[Any, ...]) -> NoReturn:
        declared = method.mark.options.to_options() | self._options
        known = {name: value for name, value in declared.items() if name in ContinueAsNewOptions.__annotations__}
        continue_as_new(*args, workflow=method.mark.name, **known)

    def signal(self, method: Method, args: tuple[Any, ...]) -> NoReturn:  # the shape of StubCalls
        msg = f"{method.mark.name} can't be sent to a run that is still to come"
        raise ConfigurationError(msg)

    def query(self, method: Method, args: tuple[Any, ...]) -> NoReturn:  # the shape of StubCalls
        _no_queries(method)


def new_child_workflow_stub(workflow_cls: type[T], options: WorkflowOptions | ChildWorkflowOptions | None = None) -> T:
    """Make a stub of an interface that starts a child.

    Args:
        workflow_cls: The interface.
        options: Those of 1.x or of the async face; what is set stands over the decorators.
    """
    return make_stub(workflow_cls, _ChildCalls(_given(options)))


def new_untyped_child_workflow_stub(
    workflow_type: str, options: WorkflowOptions | ChildWorkflowOptions | None = None
) -> ChildWorkflowStub:
    """Make a stub that starts a child by its type's name."""
    return ChildWorkflowStub(workflow_type, _given(options))


def new_external_workflow_stub(workflow_cls: type[T], workflow_id: str, run_id: str = "") -> T:
    """Make a stub of an interface that signals a workflow by its id."""
    return make_stub(workflow_cls, _ExternalCalls(get_external_workflow_handle(workflow_id, run_id=run_id)))


def new_untyped_external_workflow_stub(workflow_id: str, run_id: str = "") -> ExternalWorkflowStub:
    """Make a stub that signals and cancels a workflow by its id."""
    return ExternalWorkflowStub(get_external_workflow_handle(workflow_id, run_id=run_id))


def new_continue_as_new_stub(workflow_cls: type[T], options: WorkflowOptions | ContinueAsNewOptions | None = None) -> T:
    """Make a stub of an interface whose workflow method ends this run and starts the next one."""
    return make_stub(workflow_cls, _NextRunCalls(_given(options)))


def _given(options: WorkflowOptions | ChildWorkflowOptions | ContinueAsNewOptions | None) -> dict[str, Any]:
    if options is None:
        return {}
    return options.to_options() if isinstance(options, WorkflowOptions) else {**options}


def _child_options(declared: WorkflowOptions, given: dict[str, Any]) -> dict[str, Any]:
    return declared.to_options() | given


def _no_queries(method: Method) -> NoReturn:
    msg = f"{method.mark.name}: workflow code can't query a workflow"
    raise ConfigurationError(msg, hint="query it from an activity, with a client")
