"""`WorkflowClient`: starts, waits for, signals and queries workflows through stubs that block.

Each call runs on the async `Client` in the thread of `cadence._loop_thread`; several threads may share a client.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from cadence.exceptions import ConfigurationError, QueryFailureException
from cadence.stubs.addresses import DEFAULT_HOST, DEFAULT_PORT, resolve
from cadence.stubs.interfaces import Method, calls_of, make_stub, started_method
from cadence.stubs.options import WorkflowClientOptions, WorkflowOptions
from cadence.stubs.signatures import result_type_of
from cadence.workflow.runtime import current_or_none

if TYPE_CHECKING:
    from cadence.api import WorkflowExecution
    from cadence.client import Client
    from cadence.stubs.completion import ActivityCompletionClient
    from cadence.stubs.service import WorkflowService

__all__ = ("UntypedWorkflowStub", "WorkflowClient", "WorkflowExecutionContext")

T = TypeVar("T")
_DEFAULT_TIMEOUT_SECONDS = 120


@dataclasses.dataclass
class WorkflowExecutionContext:
    """A workflow that was started, for `WorkflowClient.wait_for_close`."""

    workflow_type: str
    workflow_execution: WorkflowExecution
    result_type: Any = dataclasses.field(default=object, repr=False, compare=False)
    """Type that the result is converted to."""


class WorkflowClient:
    """Starts workflows and waits for them, outside of workflows. Made by `WorkflowClient.new_client`."""

    def __init__(
        self,
        service: WorkflowService | None = None,
        domain: str = "",
        options: WorkflowClientOptions | None = None,
        *,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        timeout: float = _DEFAULT_TIMEOUT_SECONDS,
    ) -> None:
        self.domain = domain
        """The domain that its workflows are in."""
        self.options = options
        self._service = service
        self._address = resolve(host, port)
        self._timeout = timeout
        self._client: Client | None = None
        self._lock = threading.Lock()

    @classmethod
    def new_client(
        cls,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        domain: str = "",
        options: WorkflowClientOptions | None = None,
        timeout: float = _DEFAULT_TIMEOUT_SECONDS,
    ) -> WorkflowClient:
        """Make a client; it connects when it is first used.

        Args:
            host: The frontend's host.
            port: The frontend's port.
            domain: The domain that the workflows are in.
            options: None so far, as in 1.x.
            timeout: Seconds that a call of `service` may take.
        """
        return cls(domain=domain, options=options, host=host, port=port, timeout=timeout)

    @property
    def service(self) -> WorkflowService:
        """The blocking service, one method per RPC."""
        with self._lock:
            if self._service is None:
                from cadence.stubs.service import WorkflowService

                self._service = WorkflowService.create(*self._address, timeout=self._timeout)
            return self._service

    def new_workflow_stub(self, cls: type[T], workflow_options: WorkflowOptions | None = None) -> T:
        """Make a stub of a workflow interface.

        Calling its workflow method starts a workflow and waits for its result; its signal and query methods go to the
        workflow that it started.

        Args:
            cls: The interface.
            workflow_options: What is set stands over the interface's decorators.
        """
        return make_stub(cls, _ClientCalls(self, workflow_options))

    def new_workflow_stub_from_workflow_id(self, cls: type[T], workflow_id: str, run_id: str | None = None) -> T:
        """Make a stub that signals and queries a workflow that runs already.

        Args:
            cls: The interface.
            workflow_id: The workflow's id.
            run_id: A certain run of it; default: the current one.
        """
        from cadence.api import WorkflowExecution

        return make_stub(cls, _ClientCalls(self, None, WorkflowExecution(workflow_id=workflow_id, run_id=run_id)))

    def new_untyped_workflow_stub(
        self, workflow_type: str, workflow_options: WorkflowOptions | None = None
    ) -> UntypedWorkflowStub:
        """Make a stub that starts a workflow by its type's name."""
        return UntypedWorkflowStub(self, workflow_type, workflow_options)

    def new_untyped_workflow_stub_from_workflow_id(
        self, workflow_id: str, run_id: str | None = None, workflow_type: str = ""
    ) -> UntypedWorkflowStub:
        """Make a stub for a workflow that runs already."""
        from cadence.api import WorkflowExecution

        return UntypedWorkflowStub(self, workflow_type, None, WorkflowExecution(workflow_id=workflow_id, run_id=run_id))

    @classmethod
    def start(cls, stub_fn: Callable[..., Any], *args: object) -> WorkflowExecutionContext:
        """Start a workflow and go on.

        Args:
            stub_fn: The workflow method of a stub: `WorkflowClient.start(stub.get_greeting, "World")`.
            *args: Its arguments.

        Returns:
            What `wait_for_close` takes.

        Raises:
            WorkflowExecutionAlreadyStartedError: A workflow with its id runs, or the id may not be used again.
        """
        stub, method = started_method(stub_fn)
        calls = calls_of(stub)
        if not isinstance(calls, _ClientCalls):
            msg = f"{method.mark.name} is the method of a stub for workflow code"
            raise ConfigurationError(msg, hint="start(stub.method, ...), with a stub from client.new_workflow_stub")
        return calls.start(method, args)

    def wait_for_close(self, context: WorkflowExecutionContext) -> Any:
        """Wait until a workflow that was started is closed, and return its result.

        Raises:
            WorkflowFailureException: Its code raised; `__cause__` is what it raised.
            WorkflowExecutionTimedOutException: It ran too long.
            WorkflowExecutionCanceledException: It was cancelled.
            WorkflowExecutionTerminatedException: It was terminated.
        """
        execution = context.workflow_execution
        return self._wait(execution.workflow_id, execution.run_id, context.result_type)

    def wait_for_close_with_workflow_id(
        self,
        workflow_id: str | None,
        run_id: str | None = None,
        workflow_type: str | None = None,
        result_type: Any = object,
    ) -> Any:
        """Wait until a workflow is closed, and return its result; raises as `wait_for_close`.

        Args:
            workflow_id: The workflow's id.
            run_id: A certain run of it; default: the current one.
            workflow_type: Its type, for messages.
            result_type: Type to convert the result to; default: what the bytes say.
        """
        del workflow_type  # the server knows it better
        return self._wait(workflow_id, run_id, result_type)

    def new_activity_completion_client(self) -> ActivityCompletionClient:
        """Make a client that completes activities from elsewhere."""
        from cadence.stubs.completion import ActivityCompletionClient

        return ActivityCompletionClient(self.service)

    def cancel(self, workflow_id: str | None, run_id: str | None = None) -> None:
        """Ask for a workflow's cancellation."""
        self.call(lambda client: client.get_workflow_handle(workflow_id, run_id=run_id).cancel())

    def terminate(self, workflow_id: str, run_id: str | None = None, reason: str = "") -> None:
        """Terminate a workflow; its code is not asked."""
        self.call(lambda client: client.get_workflow_handle(workflow_id, run_id=run_id).terminate(reason))

    def close(self) -> None:
        """Close the connections; the client connects anew when it is used again."""
        from cadence._loop_thread import shared_loop_thread

        with self._lock:
            client, self._client = self._client, None
            service, self._service = self._service, None
        if client is not None:
            shared_loop_thread().run(client.close())
        if service is not None:
            service.close()

    def call(self, make: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine of the async client to its end, and return its result.

        Raises:
            ConfigurationError: Called from workflow code.
        """
        from cadence._loop_thread import shared_loop_thread

        if current_or_none() is not None:
            msg = "a client's stub was called in workflow code, which would stop the worker"
            raise ConfigurationError(msg, hint="use Workflow.new_child_workflow_stub or new_external_workflow_stub")
        return shared_loop_thread().run(make(self._connected()))

    def _connected(self) -> Client:
        from cadence._loop_thread import shared_loop_thread
        from cadence.client import Client
        from cadence.stubs.conventions import default_converter

        with self._lock:
            if self._client is None:
                host, port = self._address
                self._client = shared_loop_thread().run(
                    Client.connect(f"{host}:{port}", domain=self.domain, converter=default_converter())
                )
            return self._client

    def _wait(self, workflow_id: str | None, run_id: str | None, result_type: Any) -> Any:
        return self.call(
            lambda client: client.get_workflow_handle(workflow_id, run_id=run_id, result_type=result_type).result()
        )


class UntypedWorkflowStub:
    """Starts, signals and queries a workflow by names. Made by `WorkflowClient.new_untyped_workflow_stub`."""

    def __init__(
        self,
        client: WorkflowClient,
        workflow_type: str,
        options: WorkflowOptions | None = None,
        execution: WorkflowExecution | None = None,
    ) -> None:
        self._client = client
        self.workflow_type = workflow_type
        """The workflow's type."""
        self._options = {} if options is None else options.to_options()
        self.execution = execution
        """The workflow that was started, or None before."""

    def start(self, *args: object, result_type: Any = object) -> WorkflowExecutionContext:
        """Start the workflow and go on.

        Args:
            *args: Its arguments.
            result_type: Type to convert the result to; default: what the bytes say.
        """
        from cadence.api import WorkflowExecution

        if self.execution is not None:
            msg = f"the stub stands for workflow {self.execution.workflow_id!r} already"
            raise ConfigurationError(msg, hint="make a stub for each workflow that you start")
        handle = self._client.call(
            lambda client: client.start_workflow(self.workflow_type, *args, result_type=result_type, **self._options)
        )
        self.execution = WorkflowExecution(workflow_id=handle.workflow_id, run_id=handle.run_id)
        return WorkflowExecutionContext(self.workflow_type, self.execution, result_type)

    def execute(self, *args: object, result_type: Any = object) -> Any:
        """Start the workflow and wait for its result."""
        return self._client.wait_for_close(self.start(*args, result_type=result_type))

    def get_result(self, result_type: Any = object) -> Any:
        """Wait until the workflow is closed, and return its result."""
        execution = self._known("its result")
        return self._client.wait_for_close_with_workflow_id(
            execution.workflow_id, execution.run_id, self.workflow_type, result_type
        )

    def signal(self, signal_name: str, *args: object) -> None:
        """Send a signal to the workflow."""
        execution = self._known(f"signal {signal_name}")
        self._client.call(
            lambda client: client.get_workflow_handle(execution.workflow_id, run_id=execution.run_id).signal(
                signal_name, *args
            )
        )

    def query(self, query_type: str, *args: object, result_type: Any = object) -> Any:
        """Query the workflow and return its answer.

        Raises:
            QueryFailureException: The query's handler raised, or there is none.
            QueryRejectedException: The workflow's state doesn't allow it.
        """
        from cadence.errors import QueryFailedError

        execution = self._known(f"query {query_type}")
        try:
            return self._client.call(
                lambda client: client.get_workflow_handle(execution.workflow_id, run_id=execution.run_id).query(
                    query_type, *args, result_type=result_type
                )
            )
        except QueryFailedError as error:
            raise QueryFailureException(query_type, execution) from (error.__cause__ or error)

    def cancel(self) -> None:
        """Ask for the workflow's cancellation."""
        execution = self._known("the cancellation")
        self._client.cancel(execution.workflow_id, execution.run_id)

    def _known(self, what: str) -> WorkflowExecution:
        if self.execution is None:
            msg = f"{what} has no workflow to go to yet"
            raise ConfigurationError(msg, hint="start it first, or use new_workflow_stub_from_workflow_id")
        return self.execution


class _ClientCalls:
    """Takes the calls of a typed stub."""

    def __init__(
        self, client: WorkflowClient, options: WorkflowOptions | None, execution: WorkflowExecution | None = None
    ) -> None:
        self._client = client
        self._options = {} if options is None else options.to_options()
        self._execution = execution
        self._by_id = execution is not None

    def start(self, method: Method, args: tuple[Any, ...]) -> WorkflowExecutionContext:
        if self._by_id:
            _refuse_start(method)
        stub = self._stub(method.mark.name, method.mark.options.to_options())
        stub.execution = None
        context = stub.start(*args, result_type=result_type_of(method.function))
        self._execution = context.workflow_execution
        return context

    def run(self, method: Method, args: tuple[Any, ...]) -> Any:
        return self._client.wait_for_close(self.start(method, args))

    def signal(self, method: Method, args: tuple[Any, ...]) -> None:
        self._stub("", {}).signal(method.mark.name, *args)

    def query(self, method: Method, args: tuple[Any, ...]) -> Any:
        return self._stub("", {}).query(method.mark.name, *args, result_type=result_type_of(method.function))

    def _stub(self, workflow_type: str, declared: dict[str, Any]) -> UntypedWorkflowStub:
        stub = UntypedWorkflowStub(self._client, workflow_type, None, self._execution)
        stub._options = declared | self._options  # two faces of one thing
        return stub


def _refuse_start(method: Method) -> NoReturn:
    msg = f"{method.mark.name} can't be started through a stub that was made from a workflow's id"
    raise ConfigurationError(msg, hint="use new_workflow_stub, with WorkflowOptions(workflow_id=...) to choose the id")
