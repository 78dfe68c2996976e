"""The client for code that blocks: scripts, notebooks, threads, programs without an event loop.

Each method is the async one of the same name, carried out on an event loop in a thread of the package's own and waited
for; Ctrl-C and other exceptions end the wait and cancel the call. Safe to use from any number of threads at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, TypeVarTuple, overload

from cadence._loop_thread import LoopThread, shared_loop_thread

if TYPE_CHECKING:
    from typing import Unpack

    from cadence import api
    from cadence.api.enums import QueryConsistencyLevel, QueryRejectCondition
    from cadence.client.batch import BatchAction, BatchReport
    from cadence.client.client import Client
    from cadence.client.cluster import ClusterDescription
    from cadence.client.descriptions import WorkflowDescription, WorkflowSummary
    from cadence.client.handle import WorkflowHandle
    from cadence.client.options import StartOptions
    from cadence.client.resetting import ResetPoint
    from cadence.client.task_lists import TaskListDescription, TaskListPartition, TaskLists

__all__ = ("BlockingActivityCompletion", "BlockingClient", "BlockingTaskLists", "BlockingWorkflowHandle")

R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_END: Any = object()


class BlockingClient:
    """A client whose calls block.

    For example:

        with BlockingClient.connect("localhost:7933", domain="samples") as client:
            print(client.execute_workflow(Greeting.run, "World", task_list="greetings",
                                          execution_start_to_close_timeout=timedelta(minutes=1)))
    """

    def __init__(self, client: Client, thread: LoopThread) -> None:
        """Wrap a client; `connect` makes both.

        Args:
            client: Lives on the thread's loop.
            thread: Carries the calls out.
        """
        self.client = client
        """The async client; its methods belong to the thread's loop."""
        self._thread = thread

    @classmethod
    def connect(cls, hosts: str | Sequence[str] = "127.0.0.1:7933", *, domain: str, **options: Any) -> Self:
        """Connect to a server.

        Args:
            hosts: `host:port` of one frontend, or several.
            domain: The domain of all calls.
            **options: As those of `Client.connect`.

        Raises:
            TransportError: Nothing answers there.
            ConfigurationError: An option can't work.
        """
        from cadence.client.client import Client

        thread = shared_loop_thread()

        async def connect() -> Client:
            return await Client.connect(hosts, domain=domain, **options)

        return cls(thread.run(connect()), thread)

    @property
    def domain(self) -> str:
        """The domain of all calls."""
        return self.client.domain

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
    def start_workflow(self, workflow: Any, /, *args: object, **options: Any) -> BlockingWorkflowHandle[Any]:
        """Start a workflow and go on; see `Client.start_workflow`."""
        return self._handle(self._thread.run(self.client.start_workflow(workflow, *args, **options)))

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
    def execute_workflow(self, workflow: Any, /, *args: object, **options: Any) -> Any:
        """Start a workflow and wait for its result; see `Client.execute_workflow`."""
        return self._thread.run(self.client.execute_workflow(workflow, *args, **options))

    def signal_with_start(
        self,
        workflow: Any,
        /,
        *args: object,
        signal: Callable[..., Any] | str,
        signal_arguments: Sequence[object] = (),
        **options: Any,
    ) -> BlockingWorkflowHandle[Any]:
        """Signal a workflow, which is started first where it doesn't run; see `Client.signal_with_start`."""
        call = self.client.signal_with_start(
            workflow, *args, signal=signal, signal_arguments=signal_arguments, **options
        )
        return self._handle(self._thread.run(call))

    def get_workflow_handle(self, workflow_id: str, **options: Any) -> BlockingWorkflowHandle[Any]:
        """Return the handle of a workflow that is there; see `Client.get_workflow_handle`."""
        return self._handle(self.client.get_workflow_handle(workflow_id, **options))

    def list_workflows(self, query: str = "", **options: Any) -> Iterator[WorkflowSummary]:
        """Give runs, page by page as they are asked for; see `Client.list_workflows`."""
        return _each(self._thread, self.client.list_workflows(query, **options))

    def count_workflows(self, query: str = "") -> int:
        """Count runs; see `Client.count_workflows`."""
        return self._thread.run(self.client.count_workflows(query))

    def batch(self, query: str, action: BatchAction, **options: Any) -> BatchReport:
        """Do one thing to all runs of a list; see `Client.batch`."""
        return self._thread.run(self.client.batch(query, action, **options))

    def search_attributes(self) -> dict[str, str]:
        """Ask which search attributes the cluster knows; see `Client.search_attributes`."""
        return self._thread.run(self.client.search_attributes())

    def cluster_info(self) -> ClusterDescription:
        """Ask which client versions the cluster takes; see `Client.cluster_info`."""
        return self._thread.run(self.client.cluster_info())

    @property
    def task_lists(self) -> BlockingTaskLists:
        """The domain's task lists: who polls them, and what waits there."""
        return BlockingTaskLists(self.client.task_lists, self._thread)

    def activity_completion(self, *args: Any, **options: Any) -> BlockingActivityCompletion:
        """Complete, fail or heartbeat an activity from elsewhere; see `Client.activity_completion`."""
        return BlockingActivityCompletion(self.client.activity_completion(*args, **options), self._thread)

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

    def _handle(self, handle: WorkflowHandle[R]) -> BlockingWorkflowHandle[R]:
        return BlockingWorkflowHandle(handle, self._thread)


class BlockingWorkflowHandle(Generic[R]):
    """A workflow, for code that blocks; see `WorkflowHandle`."""

    def __init__(self, handle: WorkflowHandle[R], thread: LoopThread) -> None:
        self.handle = handle
        """The async handle; its methods belong to the thread's loop."""
        self._thread = thread

    @property
    def workflow_id(self) -> str:
        """The workflow's id."""
        return self.handle.workflow_id

    @property
    def run_id(self) -> str:
        """The run that was started or named."""
        return self.handle.run_id

    def result(self, *, follow_runs: bool = True, timeout: timedelta | None = None) -> R:
        """Wait for the result; see `WorkflowHandle.result`."""
        return self._thread.run(self.handle.result(follow_runs=follow_runs, timeout=timeout))

    @overload
    def signal(self, signal: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, None] | None], /, *args: *Ts) -> None: ...
    @overload
    def signal(self, signal: str, /, *args: object) -> None: ...
    def signal(self, signal: Any, /, *args: object) -> None:
        """Send a signal; see `WorkflowHandle.signal`."""
        self._thread.run(self.handle.signal(signal, *args))

    @overload
    def query(
        self,
        query: Callable[[Any, Unpack[Ts]], S],
        /,
        *args: *Ts,
        reject_condition: QueryRejectCondition | None = None,
        consistency: QueryConsistencyLevel | None = None,
        timeout: timedelta | None = None,
    ) -> S: ...
    @overload
    def query(
        self,
        query: str,
        /,
        *args: object,
        result_type: Any = None,
        reject_condition: QueryRejectCondition | None = None,
        consistency: QueryConsistencyLevel | None = None,
        timeout: timedelta | None = None,
    ) -> Any: ...
    def query(self, query: Any, /, *args: object, **options: Any) -> Any:
        """Ask the workflow's code something; see `WorkflowHandle.query`."""
        return self._thread.run(self.handle.query(query, *args, **options))

    def stack_trace(self, *, timeout: timedelta | None = None) -> str:
        """Ask where the workflow's code stands; see `WorkflowHandle.stack_trace`."""
        return self._thread.run(self.handle.stack_trace(timeout=timeout))

    def cancel(self, cause: str = "") -> None:
        """Ask for the workflow's cancellation; see `WorkflowHandle.cancel`."""
        self._thread.run(self.handle.cancel(cause))

    def terminate(self, reason: str = "", *details: object) -> None:
        """End the workflow; see `WorkflowHandle.terminate`."""
        self._thread.run(self.handle.terminate(reason, *details))

    def describe(self) -> WorkflowDescription:
        """Return what the server knows of the workflow; see `WorkflowHandle.describe`."""
        return self._thread.run(self.handle.describe())

    def reset(self, point: ResetPoint, *, reason: str = "", skip_signals: bool = False) -> BlockingWorkflowHandle[R]:
        """Let the run go on from an earlier decision; see `WorkflowHandle.reset`."""
        made = self._thread.run(self.handle.reset(point, reason=reason, skip_signals=skip_signals))
        return BlockingWorkflowHandle(made, self._thread)

    def restart(self, reason: str = "") -> BlockingWorkflowHandle[R]:
        """Start the workflow once more; see `WorkflowHandle.restart`."""
        return BlockingWorkflowHandle(self._thread.run(self.handle.restart(reason)), self._thread)

    def refresh_tasks(self) -> None:
        """Let the server make the run's tasks and timers again; see `WorkflowHandle.refresh_tasks`."""
        self._thread.run(self.handle.refresh_tasks())

    def history(self, **options: Any) -> Iterator[api.HistoryEvent]:
        """Give the run's events; see `WorkflowHandle.history`."""
        return _each(self._thread, self.handle.history(**options))

    def __repr__(self) -> str:
        return f"<blocking {self.handle!r}>"


class BlockingTaskLists:
    """The task lists of a domain, for code that blocks; see `TaskLists`."""

    def __init__(self, task_lists: TaskLists, thread: LoopThread) -> None:
        self._task_lists = task_lists
        self._thread = thread

    def describe(self, name: str, kind: Literal["decision", "activity"] = "decision") -> TaskListDescription:
        """Ask who polls a list and how many tasks wait there; see `TaskLists.describe`."""
        return self._thread.run(self._task_lists.describe(name, kind))

    def partitions(self, name: str) -> tuple[TaskListPartition, ...]:
        """Ask which partitions a list has; see `TaskLists.partitions`."""
        return self._thread.run(self._task_lists.partitions(name))

    def list(self) -> tuple[TaskListDescription, ...]:
        """Describe the lists that are in use; see `TaskLists.list`."""
        return self._thread.run(self._task_lists.list())


class BlockingActivityCompletion:
    """Completes an activity from elsewhere, for code that blocks; see `ActivityCompletion`."""

    def __init__(self, completion: Any, thread: LoopThread) -> None:
        self._completion = completion
        self._thread = thread

    def complete(self, result: object = None) -> None:
        """Complete it with a result."""
        self._thread.run(self._completion.complete(result))

    def fail(self, error: BaseException) -> None:
        """Let it fail with an error."""
        self._thread.run(self._completion.fail(error))

    def cancelled(self, *details: object) -> None:
        """Say that it was cancelled, as was asked for."""
        self._thread.run(self._completion.cancelled(*details))

    def heartbeat(self, *details: object) -> Any:
        """Report that it lives, and how far it is."""
        return self._thread.run(self._completion.heartbeat(*details))


def _each(thread: LoopThread, items: AsyncIterator[T]) -> Iterator[T]:
    async def next_item() -> T:
        return await anext(items, _END)

    while (item := thread.run(next_item())) is not _END:
        yield item
