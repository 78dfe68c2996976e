"""`BlockingWorkflowHandle`: one workflow, for code that blocks."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar, TypeVarTuple, Unpack, overload

from cadence.client.blocking.waiting import each

if TYPE_CHECKING:
    from cadence import api
    from cadence._loop_thread import LoopThread
    from cadence.api.enums import QueryConsistencyLevel, QueryRejectCondition
    from cadence.client.descriptions import WorkflowDescription
    from cadence.client.handle import WorkflowHandle
    from cadence.client.resetting import ResetPoint

__all__ = ("BlockingWorkflowHandle",)

R = TypeVar("R")
S = TypeVar("S")
Ts = TypeVarTuple("Ts")


class BlockingWorkflowHandle(Generic[R]):
    """A workflow of the client's domain; see `WorkflowHandle`."""

    def __init__(self, handle: WorkflowHandle[R], thread: LoopThread) -> None:
        self.handle = handle
        """The async handle; its methods belong to the thread's loop."""
        self._thread = thread

    def __repr__(self) -> str:
        return f"<blocking {self.handle!r}>"

    @property
    def workflow_id(self) -> str:
        """The workflow's id."""
        return self.handle.workflow_id

    @property
    def run_id(self) -> str:
        """The run that was started or named; an empty text stands for the one that is current when a call is made."""
        return self.handle.run_id

    @property
    def workflow_type(self) -> str:
        """Its type's name, where it is known."""
        return self.handle.workflow_type

    @property
    def result_type(self) -> Any:
        """Type that the result is converted to."""
        return self.handle.result_type

    def result(self, *, follow_runs: bool = True, timeout: timedelta | None = None) -> R:
        """Wait until the workflow is closed, and return its result; see `WorkflowHandle.result`."""
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
        result_type: type[S],
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
        reject_condition: QueryRejectCondition | None = None,
        consistency: QueryConsistencyLevel | None = None,
        timeout: timedelta | None = None,
    ) -> Any: ...
    def query(
        self,
        query: Any,
        /,
        *args: object,
        result_type: Any = None,
        reject_condition: QueryRejectCondition | None = None,
        consistency: QueryConsistencyLevel | None = None,
        timeout: timedelta | None = None,
    ) -> Any:
        """Ask the workflow's code something; see `WorkflowHandle.query`."""
        call = self.handle.query(
            query,
            *args,
            result_type=result_type,
            reject_condition=reject_condition,
            consistency=consistency,
            timeout=timeout,
        )
        return self._thread.run(call)

    def stack_trace(self, *, timeout: timedelta | None = None) -> str:
        """Ask where the workflow's code stands; see `WorkflowHandle.stack_trace`."""
        return self._thread.run(self.handle.stack_trace(timeout=timeout))

    def cancel(self, cause: str = "") -> None:
        """Ask for the workflow's cancellation; see `WorkflowHandle.cancel`."""
        self._thread.run(self.handle.cancel(cause))

    def terminate(self, reason: str = "", *details: object) -> None:
        """End the workflow at once; see `WorkflowHandle.terminate`."""
        self._thread.run(self.handle.terminate(reason, *details))

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

    def describe(self) -> WorkflowDescription:
        """Ask the server what it knows of the workflow; see `WorkflowHandle.describe`."""
        return self._thread.run(self.handle.describe())

    def history(self, *, wait: bool = False, page_size: int | None = None) -> Iterator[api.HistoryEvent]:
        """Read the events of a run; see `WorkflowHandle.history`."""
        return each(self._thread, self.handle.history(wait=wait, page_size=page_size))
