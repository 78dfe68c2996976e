"""`BlockingClient`: the way into a domain for code that blocks. Wraps a `Client` and the thread that its loop runs in.

What it gives stands in the files beside: handle.py, domains.py, schedules.py, task_lists.py, completion.py.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, TypeVarTuple, Unpack, overload

from cadence._loop_thread import LoopThread, shared_loop_thread
from cadence.client.blocking.completion import BlockingActivityCompletion
from cadence.client.blocking.domains import BlockingDomains
from cadence.client.blocking.handle import BlockingWorkflowHandle
from cadence.client.blocking.schedules import BlockingSchedules
from cadence.client.blocking.task_lists import BlockingTaskLists
from cadence.client.blocking.waiting import each, run_with_calls
from cadence.service.retry import INHERIT, RetryOptions

if TYPE_CHECKING:
    from cadence.client.batch import BatchAction, BatchProgress, BatchReport
    from cadence.client.client import Client
    from cadence.client.cluster import ClusterDescription
    from cadence.client.descriptions import WorkflowSummary
    from cadence.client.handle import WorkflowHandle
    from cadence.client.options import StartOptions
    from cadence.client.visibility import ListFilters
    from cadence.converter.data_converter import DataConverter
    from cadence.interceptor.interfaces import Interceptor
    from cadence.interceptor.propagation import ContextPropagator
    from cadence.service.headers import AuthorizationProvider, ClientHeaders

__all__ = ("BlockingClient",)

R = TypeVar("R")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class BlockingClient:
    """A client whose calls block. May be shared by threads.

    For example:

        with BlockingClient.connect("localhost:7933", domain="samples") as client:
            print(client.execute_workflow(Greeting.run, "World", task_list="greetings",
                                          execution_start_to_close_timeout=timedelta(minutes=1)))

    In a notebook, where an event loop runs already, it works as well, and holds that loop up for as long as a call
    takes; so a worker on that loop can't do what the call waits for. In coroutines, use `Client`.
    """

    def __init__(self, client: Client, thread: LoopThread) -> None:
        """Wrap a client; `connect` makes both.

        Args:
            client: Lives on the thread's loop.
            thread: Carries the calls out.
        """
        self.client = client
        """The async client; its methods belong to the thread's loop, see `wait_for`."""
        self.domains = BlockingDomains(client.domains, thread)
        """The domains of the cluster: register, describe and list them."""
        self.schedules = BlockingSchedules(client.schedules, thread)
        """The domain's schedules, which start workflows by the calendar."""
        self.task_lists = BlockingTaskLists(client.task_lists, thread)
        """The domain's task lists: who polls them, and what waits there."""
        self._thread = thread

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
    ) -> Self:
        """Connect to a cluster's frontends; see `Client.connect`.

        Interceptors, propagators and authorization run on the loop of the package's thread.

        Raises:
            ConfigurationError: An argument can't work.
            TransportError: Nothing answers there.
            ServiceError: The server refuses this client.
        """
        from cadence.client.client import Client

        thread = shared_loop_thread()

        async def connect() -> Client:
            return await Client.connect(
                hosts,
                domain=domain,
                converter=converter,
                identity=identity,
                interceptors=interceptors,
                propagators=propagators,
                authorization=authorization,
                headers=headers,
                retry=retry,
                service_name=service_name,
                caller=caller,
                check_at_start=check_at_start,
            )

        return cls(thread.run(connect()), thread)

    def close(self) -> None:
        """Close the connections; calls that wait end."""
        self._thread.run(self.client.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<BlockingClient of {self.domain!r}>"

    @property
    def domain(self) -> str:
        """The domain that the workflows are in."""
        return self.client.domain

    @property
    def converter(self) -> DataConverter:
        """Turns arguments and results into bytes and back."""
        return self.client.converter

    @property
    def identity(self) -> str:
        """Who acts, as histories show it."""
        return self.client.identity

    def wait_for(self, call: Coroutine[Any, Any, T]) -> T:
        """Carry out a coroutine on the client's loop and wait for it: for what has no method here.

        For example, `client.wait_for(client.client.service.get_cluster_info())`.

        Args:
            call: The coroutine; cancelled where an exception, Ctrl-C for example, ends the wait.
        """
        return self._thread.run(call)

    @overload
    def start_workflow(
        self,
        workflow: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, R]],
        /,
        *args: *Ts,
        **options: Unpack[StartOptions],
    ) -> BlockingWorkflowHandle[R]: ...
    @overload
    def start_workflow(
        self, workflow: str, /, *args: object, result_type: type[R], **options: Unpack[StartOptions]
    ) -> BlockingWorkflowHandle[R]: ...
    @overload
    def start_workflow(
        self, workflow: str | type, /, *args: object, **options: Unpack[StartOptions]
    ) -> BlockingWorkflowHandle[Any]: ...
    def start_workflow(
        self, workflow: Any, /, *args: object, result_type: Any = None, **options: Any
    ) -> BlockingWorkflowHandle[Any]:
        """Start a workflow and go on; see `Client.start_workflow`."""
        call = self.client.start_workflow(workflow, *args, result_type=result_type, **options)
        return self._handle(self._thread.run(call))

    @overload
    def execute_workflow(
        self,
        workflow: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, R]],
        /,
        *args: *Ts,
        **options: Unpack[StartOptions],
    ) -> R: ...
    @overload
    def execute_workflow(
        self, workflow: str, /, *args: object, result_type: type[R], **options: Unpack[StartOptions]
    ) -> R: ...
    @overload
    def execute_workflow(self, workflow: str | type, /, *args: object, **options: Unpack[StartOptions]) -> Any: ...
    def execute_workflow(self, workflow: Any, /, *args: object, result_type: Any = None, **options: Any) -> Any:
        """Start a workflow and wait for its result; see `Client.execute_workflow`."""
        return self._thread.run(self.client.execute_workflow(workflow, *args, result_type=result_type, **options))

    @overload
    def signal_with_start(
        self,
        workflow: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, R]],
        /,
        *args: *Ts,
        signal: Callable[..., Any] | str,
        signal_arguments: Sequence[object] = (),
        **options: Unpack[StartOptions],
    ) -> BlockingWorkflowHandle[R]: ...
    @overload
    def signal_with_start(
        self,
        workflow: str,
        /,
        *args: object,
        signal: Callable[..., Any] | str,
        signal_arguments: Sequence[object] = (),
        result_type: type[R],
        **options: Unpack[StartOptions],
    ) -> BlockingWorkflowHandle[R]: ...
    @overload
    def signal_with_start(
        self,
        workflow: str | type,
        /,
        *args: object,
        signal: Callable[..., Any] | str,
        signal_arguments: Sequence[object] = (),
        **options: Unpack[StartOptions],
    ) -> BlockingWorkflowHandle[Any]: ...
    def signal_with_start(
        self,
        workflow: Any,
        /,
        *args: object,
        signal: Any,
        signal_arguments: Sequence[object] = (),
        result_type: Any = None,
        **options: Any,
    ) -> BlockingWorkflowHandle[Any]:
        """Signal a workflow, which is started first where it doesn't run; see `Client.signal_with_start`."""
        call = self.client.signal_with_start(
            workflow, *args, signal=signal, signal_arguments=signal_arguments, result_type=result_type, **options
        )
        return self._handle(self._thread.run(call))

    @overload
    def get_workflow_handle(
        self,
        workflow_id: str | None,
        *,
        run_id: str | None = None,
        workflow: Callable[..., Coroutine[Any, Any, R]],
    ) -> BlockingWorkflowHandle[R]: ...
    @overload
    def get_workflow_handle(
        self,
        workflow_id: str | None,
        *,
        run_id: str | None = None,
        workflow: str | type | None = None,
        result_type: type[R],
    ) -> BlockingWorkflowHandle[R]: ...
    @overload
    def get_workflow_handle(
        self, workflow_id: str | None, *, run_id: str | None = None, workflow: str | type | None = None
    ) -> BlockingWorkflowHandle[Any]: ...
    def get_workflow_handle(
        self, workflow_id: str | None, *, run_id: str | None = None, workflow: Any = None, result_type: Any = None
    ) -> BlockingWorkflowHandle[Any]:
        """Give the handle of a workflow that is there; see `Client.get_workflow_handle`."""
        made: WorkflowHandle[Any] = self.client.get_workflow_handle(
            workflow_id, run_id=run_id, workflow=workflow, result_type=result_type
        )
        return self._handle(made)

    def list_workflows(
        self, query: str = "", *, page_size: int | None = None, scan: bool = False, **filters: Unpack[ListFilters]
    ) -> Iterator[WorkflowSummary]:
        """Go through runs, page by page as they are asked for; see `Client.list_workflows`."""
        return each(self._thread, self.client.list_workflows(query, page_size=page_size, scan=scan, **filters))

    def count_workflows(self, query: str = "") -> int:
        """Count runs; see `Client.count_workflows`."""
        return self._thread.run(self.client.count_workflows(query))

    def batch(
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
        """Do one thing to all runs of a list; see `Client.batch`.

        `on_progress` is called in the thread that calls this, and may make calls that block. The batch goes on
        meanwhile, so the report may be ahead of the run.
        """

        def start(on_progress: BatchProgress | None) -> Coroutine[Any, Any, BatchReport]:
            return self.client.batch(
                query,
                action,
                rate=rate,
                concurrency=concurrency,
                dry_run=dry_run,
                on_progress=on_progress,
                **filters,
            )

        if on_progress is None:
            return self._thread.run(start(None))
        return run_with_calls(self._thread, start, on_progress)

    def search_attributes(self) -> dict[str, str]:
        """Ask which search attributes the cluster knows; see `Client.search_attributes`."""
        return self._thread.run(self.client.search_attributes())

    def cluster_info(self) -> ClusterDescription:
        """Ask which client versions the cluster takes; see `Client.cluster_info`."""
        return self._thread.run(self.client.cluster_info())

    def activity_completion(
        self,
        task_token: bytes | None = None,
        *,
        workflow_id: str | None = None,
        run_id: str | None = None,
        activity_id: str | None = None,
    ) -> BlockingActivityCompletion:
        """Give a handle of an activity that is completed from elsewhere; see `Client.activity_completion`."""
        made = self.client.activity_completion(
            task_token, workflow_id=workflow_id, run_id=run_id, activity_id=activity_id
        )
        return BlockingActivityCompletion(made, self._thread)

    def _handle(self, handle: WorkflowHandle[R]) -> BlockingWorkflowHandle[R]:
        return BlockingWorkflowHandle(handle, self._thread)
