"""`Client`: the way into a domain from outside of workflows. Starts workflows, and gives handles of those that exist.

It holds what belongs together: the service, the domain, the converter, the interceptors. What a call becomes on the
wire is calls.py's job; a workflow's own verbs stand in handle.py, lists in visibility.py, domains in domains.py,
activities that are completed from elsewhere in completion.py.
"""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar, TypeVarTuple, Unpack, overload

from cadence.client.advice import require_domain
from cadence.client.arguments import checked_signal
from cadence.client.batch import run_batch
from cadence.client.calls import Calls
from cadence.client.cluster import cluster_info, search_attributes
from cadence.client.completion import ActivityCompletion, completion_of
from cadence.client.connecting import Connecting
from cadence.client.domains import Domains
from cadence.client.handle import WorkflowHandle
from cadence.client.options import StartOptions, start_call
from cadence.client.schedules import Schedules
from cadence.client.task_lists import TaskLists
from cadence.client.visibility import ListFilters, Lists
from cadence.converter.data_converter import DataConverter
from cadence.exceptions import ConfigurationError
from cadence.interceptor.chain import check_interceptors, compose
from cadence.interceptor.propagation import ContextPropagator, PropagationInterceptor
from cadence.service.retry import INHERIT, RetryOptions
from cadence.service.workflow_service import WorkflowService
from cadence.workflow.definition import definition_of

if TYPE_CHECKING:
    from cadence.client.batch import BatchAction, BatchProgress, BatchReport
    from cadence.client.cluster import ClusterDescription
    from cadence.client.descriptions import WorkflowSummary
    from cadence.interceptor.interfaces import ClientCall, Interceptor, StartWorkflow
    from cadence.service.headers import AuthorizationProvider, ClientHeaders

__all__ = ("Client",)

R = TypeVar("R")
Ts = TypeVarTuple("Ts")


class Client:
    """Starts workflows and deals with those that are there. May be shared by the tasks of one event loop.

    Made by `Client.connect`, or of a service: `Client(WorkflowService(channel), domain="samples")`. Where it was given
    a service, `close()` leaves that open.
    """

    def __init__(
        self,
        service: WorkflowService,
        *,
        domain: str = "",
        converter: DataConverter | None = None,
        identity: str | None = None,
        interceptors: Sequence[Interceptor] = (),
        propagators: Sequence[ContextPropagator] = (),
    ) -> None:
        """Make a client of a service.

        Args:
            service: Makes the calls.
            domain: The domain that the workflows are in; needed by all but the calls about domains.
            converter: How values become bytes; default: JSON as Go's clients and workers write it.
            identity: Who acts, as histories show it; default: process id and host name.
            interceptors: Step into the calls of this client and of its workers; the first one is the outermost.
            propagators: Carry context to the workflows that are started, and on to their activities and children. They
                run outside of the interceptors.

        Raises:
            ConfigurationError: An argument can't work.
        """
        self.service = service
        """One coroutine per RPC, for what has no method here."""
        self.domain = domain
        """The domain that the workflows are in."""
        self.converter = DataConverter() if converter is None else converter
        """Turns arguments and results into bytes and back."""
        self.identity = identity or f"{os.getpid()}@{socket.gethostname()}"
        """Who acts, as histories show it."""
        first = (PropagationInterceptor(propagators),) if propagators else ()
        self.interceptors: tuple[Interceptor, ...] = (*first, *check_interceptors(interceptors))
        """Step into calls; workers of this client have them too."""
        self.domains = Domains(service, domain)
        """The domains of the cluster: register, describe and list them."""
        self.schedules = Schedules(service, domain, self.converter, self.identity)
        """The domain's schedules, which start workflows by the calendar."""
        self.task_lists = TaskLists(service, domain)
        """The domain's task lists: who polls them, and what waits there."""
        self._lists = Lists(service, domain, self.converter)
        self._owns_service = False
        self._calls = Calls(service, domain, self.converter, self.identity)
        self._send: Callable[[ClientCall], Coroutine[Any, Any, Any]] = compose(
            self.interceptors, "client_call", self._calls.send
        )

    @classmethod
    def connect(
        cls,
        hosts: str | Sequence[str] = "127.0.0.1:7933",
        *,
        domain: str = "",
        converter: DataConverter | None = None,
        identity: str | None = None,
        interceptors: Sequence[Interceptor] = (),
        propagators: Sequence[ContextPropagator] = (),
        authorization: AuthorizationProvider | None = None,
        headers: ClientHeaders | None = None,
        retry: RetryOptions | None = INHERIT,
        service_name: str = "cadence-frontend",
        caller: str = "cadence-client",
        check_at_start: bool = True,
    ) -> Connecting[Self]:
        """Connect to a cluster's frontends.

        Await it for the client, which you then close; or `async with Client.connect(...) as client`, which closes it at
        the end. Connections that break are made anew when they are needed.

        Args:
            hosts: One `host:port` or several; a call goes to any that can be reached.
            domain: The domain that the workflows are in; needed by all but the calls about domains.
            converter: How values become bytes; default: JSON as Go's clients and workers write it.
            identity: Who acts, as histories show it; default: process id and host name.
            interceptors: Step into the calls of this client and of its workers; the first one is the outermost.
            propagators: Carry context to the workflows that are started, and on to their activities and children.
            authorization: A token, or a function or coroutine function that gives one for each attempt of a call.
            headers: What the client says of itself with every call.
            retry: When failed calls are tried again; None: never.
            service_name: The name that the frontends serve under.
            caller: The name that this process calls under.
            check_at_start: Ask a frontend whether it is well, so that a wrong address is told here; False connects with
                the first call.

        Raises:
            ConfigurationError: An argument can't work.
            TransportError: Nothing answers there. It is tried for ten seconds, unless `retry` says else.
            ServiceError: The server refuses this client.
        """
        service = WorkflowService.connect(
            hosts, service=service_name, caller=caller, headers=headers, retry=retry, authorization=authorization
        )
        client = cls(
            service,
            domain=domain,
            converter=converter,
            identity=identity,
            interceptors=interceptors,
            propagators=propagators,
        )
        client._owns_service = True
        return Connecting(client._connected(check=check_at_start))

    async def _connected(self, *, check: bool) -> Self:
        if check:
            try:
                await self.service.health()
            except BaseException:
                await self.close()
                raise
        return self

    async def close(self) -> None:
        """Close the connections; calls under way fail. A service that the client was given stays open."""
        if self._owns_service:
            await self.service.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<Client of {self.domain!r}>"

    @overload
    async def start_workflow(
        self,
        workflow: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, R]],
        /,
        *args: *Ts,
        **options: Unpack[StartOptions],
    ) -> WorkflowHandle[R]: ...
    @overload
    async def start_workflow(
        self, workflow: str, /, *args: object, result_type: type[R], **options: Unpack[StartOptions]
    ) -> WorkflowHandle[R]: ...
    @overload
    async def start_workflow(
        self, workflow: str | type, /, *args: object, **options: Unpack[StartOptions]
    ) -> WorkflowHandle[Any]: ...
    async def start_workflow(
        self, workflow: Any, /, *args: object, result_type: Any = None, **options: Any
    ) -> WorkflowHandle[Any]:
        """Start a workflow and go on.

        Safe to retry: attempts of one call never start two. Cancelling the call leaves open whether it was started.

        Args:
            workflow: Its run method (`Greeting.run`), its class, or a workflow type's name.
            *args: The run method's arguments.
            result_type: For a name: the type to convert the result to; default: what the bytes say.
            **options: See `StartOptions`; what isn't given is as in the workflow's decorator. `task_list` and
                `execution_start_to_close_timeout` must be in one of them.

        Returns:
            The workflow's handle: `await handle.result()`.

        Raises:
            WorkflowExecutionAlreadyStartedError: A workflow with its id runs, or the id may not be used again.
            ConfigurationError: An option is missing, unknown or out of range, or the arguments don't fit.
            ConversionError: An argument can't be converted.
            EntityNotExistsError: The domain is unknown.
        """
        return await self._start(self._start_call(workflow, args, result_type, options))

    @overload
    async def execute_workflow(
        self,
        workflow: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, R]],
        /,
        *args: *Ts,
        **options: Unpack[StartOptions],
    ) -> R: ...
    @overload
    async def execute_workflow(
        self, workflow: str, /, *args: object, result_type: type[R], **options: Unpack[StartOptions]
    ) -> R: ...
    @overload
    async def execute_workflow(
        self, workflow: str | type, /, *args: object, **options: Unpack[StartOptions]
    ) -> Any: ...
    async def execute_workflow(self, workflow: Any, /, *args: object, result_type: Any = None, **options: Any) -> Any:
        """Start a workflow and wait for its result; `start_workflow` and `WorkflowHandle.result` in one.

        Cancelling the wait leaves the workflow alone. Arguments and errors are those of the two.

        Returns:
            The workflow's result.
        """
        handle = await self._start(self._start_call(workflow, args, result_type, options))
        return await handle.result()

    @overload
    async def signal_with_start(
        self,
        workflow: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, R]],
        /,
        *args: *Ts,
        signal: Callable[..., Any] | str,
        signal_arguments: Sequence[object] = (),
        **options: Unpack[StartOptions],
    ) -> WorkflowHandle[R]: ...
    @overload
    async def signal_with_start(
        self,
        workflow: str,
        /,
        *args: object,
        signal: Callable[..., Any] | str,
        signal_arguments: Sequence[object] = (),
        result_type: type[R],
        **options: Unpack[StartOptions],
    ) -> WorkflowHandle[R]: ...
    @overload
    async def signal_with_start(
        self,
        workflow: str | type,
        /,
        *args: object,
        signal: Callable[..., Any] | str,
        signal_arguments: Sequence[object] = (),
        **options: Unpack[StartOptions],
    ) -> WorkflowHandle[Any]: ...
    async def signal_with_start(
        self,
        workflow: Any,
        /,
        *args: object,
        signal: Any,
        signal_arguments: Sequence[object] = (),
        result_type: Any = None,
        **options: Any,
    ) -> WorkflowHandle[Any]:
        """Signal a workflow, which is started first where it doesn't run: one step on the server, so nothing is lost.

        Args:
            workflow: Its run method (`Greeting.run`), its class, or a workflow type's name.
            *args: The run method's arguments, where it is started.
            signal: A method with `@workflow.signal`, or a signal's name.
            signal_arguments: What the signal carries.
            result_type: For a name: the type to convert the result to; default: what the bytes say.
            **options: See `StartOptions`; `workflow_id` says which workflow is meant.

        Returns:
            The handle of the run that got the signal.

        Raises:
            WorkflowExecutionAlreadyStartedError: It is closed, and its id may not be used again.
            ConfigurationError: An option is missing, unknown or out of range, or the arguments don't fit.
            ConversionError: An argument can't be converted.
        """
        if not options.get("workflow_id"):
            msg = "signal_with_start doesn't know which workflow is meant"
            raise ConfigurationError(msg, hint="give workflow_id=...")
        name = checked_signal(signal, signal_arguments, self.converter.convention)
        carried = {"signal_name": name, "signal_arguments": tuple(signal_arguments)}
        return await self._start(self._start_call(workflow, args, result_type, options, **carried))

    @overload
    def get_workflow_handle(
        self,
        workflow_id: str | None,
        *,
        run_id: str | None = None,
        workflow: Callable[..., Coroutine[Any, Any, R]],
    ) -> WorkflowHandle[R]: ...
    @overload
    def get_workflow_handle(
        self,
        workflow_id: str | None,
        *,
        run_id: str | None = None,
        workflow: str | type | None = None,
        result_type: type[R],
    ) -> WorkflowHandle[R]: ...
    @overload
    def get_workflow_handle(
        self, workflow_id: str | None, *, run_id: str | None = None, workflow: str | type | None = None
    ) -> WorkflowHandle[Any]: ...
    def get_workflow_handle(
        self, workflow_id: str | None, *, run_id: str | None = None, workflow: Any = None, result_type: Any = None
    ) -> WorkflowHandle[Any]:
        """Give the handle of a workflow that is there. Nothing is asked of the server.

        Args:
            workflow_id: The workflow's id.
            run_id: A certain run of it; default: whichever is the current one at each call.
            workflow: Its run method, class or type's name: says the type of the result.
            result_type: Type to convert the result to; default: the run method's, or what the bytes say.

        Raises:
            ConfigurationError: There is no workflow id, or `workflow` is no workflow.
        """
        if not isinstance(workflow_id, str) or not workflow_id:
            msg = f"get_workflow_handle: the workflow id is {workflow_id!r}"
            raise ConfigurationError(msg, hint="give the id that the workflow was started with")
        require_domain(self.domain, "workflows")
        name, hint = "", object
        if isinstance(workflow, str):
            name = workflow
        elif workflow is not None:
            definition = definition_of(workflow)
            name, hint = definition.name, definition.signature.result
        if result_type is not None:
            hint = result_type
        return WorkflowHandle(self, workflow_id, run_id or "", result_type=hint, workflow_type=name)

    def list_workflows(
        self, query: str = "", *, page_size: int | None = None, scan: bool = False, **filters: Unpack[ListFilters]
    ) -> AsyncIterator[WorkflowSummary]:
        """Go through runs: `async for run in client.list_workflows(workflow_type="order", is_open=True)`.

        The newest come first; with filters, or where the cluster has no advanced visibility, all open ones come before
        the closed ones.

        Args:
            query: Which ones, in the words of Cadence's list queries, `WorkflowType = 'order'` for example; needs a
                cluster with advanced visibility. Default: all.
            page_size: Runs per request; default: 200.
            scan: True takes them in no order, which spares the cluster where there are very many.
            **filters: Which ones, on clusters of every kind; see `ListFilters`. Not together with a query.

        Raises:
            BadRequestError: The query is wrong, or the cluster has no advanced visibility.
            ConfigurationError: The arguments don't go together, or `page_size` isn't positive.
        """
        return self._lists.read(query, filters, page_size, scan=scan)

    async def count_workflows(self, query: str = "") -> int:
        """Count runs.

        Args:
            query: Which ones, in the words of Cadence's list queries; default: all.

        Raises:
            BadRequestError: The query is wrong, or the cluster has no advanced visibility, which counts need.
        """
        return await self._lists.count(query)

    async def batch(
        self,
        query: str,
        action: BatchAction,
        *,
        rate: float = 50.0,
        concurrency: int = 5,
        dry_run: bool = False,
        on_progress: BatchProgress | None = None,
        **filters: Unpack[ListFilters],
    ) -> BatchReport:
        """Do one thing to all runs of a list. It goes on while this is awaited; what was done stays done.

        Args:
            query: Which runs; see `list_workflows`. With an empty text and filters, on clusters of every kind.
            action: `BatchSignal("name", (1, 2))`, `BatchCancel("why")`, `BatchTerminate("why")` or
                `BatchReset(ResetPoint.last_decision())`. Resets are for closed runs too, the others skip them.
            rate: Runs per second at most.
            concurrency: Runs at the same time at most.
            dry_run: Only look which runs there are; `on_progress` gets them.
            on_progress: Called with the report so far and the run, after each run.
            **filters: Which runs; see `ListFilters`.

        Returns:
            How many there were, and those that failed.

        Raises:
            BadRequestError: The query is wrong, or the cluster has no advanced visibility.
            ConfigurationError: An argument can't work.
        """
        runs = self._lists.read(query, filters, None, scan=True)
        return await run_batch(
            self, runs, action, rate=rate, concurrency=concurrency, dry_run=dry_run, on_progress=on_progress
        )

    async def search_attributes(self) -> dict[str, str]:
        """Ask which search attributes the cluster knows: their types by name, `KEYWORD` for example."""
        return await search_attributes(self.service)

    async def cluster_info(self) -> ClusterDescription:
        """Ask which client versions the cluster takes."""
        return await cluster_info(self.service)

    def activity_completion(
        self,
        task_token: bytes | None = None,
        *,
        workflow_id: str | None = None,
        run_id: str | None = None,
        activity_id: str | None = None,
    ) -> ActivityCompletion:
        """Give a handle of an activity that is completed from elsewhere. Nothing is asked of the server.

        Args:
            task_token: `activity.info().task_token`, or instead of it:
            workflow_id: The workflow's id.
            run_id: A certain run of it; default: the current one.
            activity_id: The activity's id in the run.

        Raises:
            ConfigurationError: The activity isn't named, or twice.
        """
        target = completion_of(task_token, workflow_id, run_id, activity_id)
        return ActivityCompletion(self.service, self.domain, self.converter, self.identity, target)

    async def send(self, call: ClientCall) -> Any:
        """Carry out a call by way of the interceptors; what handles stand on.

        Args:
            call: One of the five kinds of `cadence.interceptor`.

        Returns:
            The run id for a start, the result for a query, None for the rest.

        Raises:
            ConfigurationError: The client has no domain.
        """
        return await self._send(call)

    def _start_call(self, *call: Any, **signal: Any) -> StartWorkflow:
        return start_call(self.converter.convention, *call, **signal)

    async def _start(self, call: StartWorkflow) -> WorkflowHandle[Any]:
        sent = call

        async def send_at_last(call: StartWorkflow) -> Any:
            # Interceptors may have changed it, its workflow id above all.
            nonlocal sent
            sent = call
            return await self._calls.send(call)

        run_id = await compose(self.interceptors, "client_call", send_at_last)(call)
        return WorkflowHandle(
            self,
            sent.workflow_id,
            run_id,
            result_type=sent.result_type,
            workflow_type=sent.workflow_type,
            pinned=False,
            # A workflow that was signalled may have been there before, as a later run of its chain.
            first_run_id=run_id if sent.signal_name is None else "",
        )
