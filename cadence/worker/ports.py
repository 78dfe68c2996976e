"""What the worker needs of the room below: the RPCs that it calls, as a Protocol, so that tests can answer in memory.

`cadence.service.WorkflowService` is one. Every method may raise `ServiceError` and `TransportError`.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from cadence.service.retry import INHERIT, RetryOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence import api
    from cadence.converter import DataConverter
    from cadence.interceptor import Interceptor

__all__ = ("ClientPort", "WorkerService")


class _Call(Protocol):
    def __call__(
        self, request: Any, /, *, timeout: float | None = None, retry: RetryOptions | None = INHERIT
    ) -> Coroutine[Any, Any, Any]: ...


class WorkerService(Protocol):
    """The worker's RPCs, each as in `cadence.service.WorkflowService`."""

    def poll_for_decision_task(
        self, request: api.PollForDecisionTaskRequest, /, *, timeout: float | None = None
    ) -> Coroutine[Any, Any, api.PollForDecisionTaskResponse]: ...
    def poll_for_activity_task(
        self, request: api.PollForActivityTaskRequest, /, *, timeout: float | None = None
    ) -> Coroutine[Any, Any, api.PollForActivityTaskResponse]: ...

    @property
    def respond_decision_task_completed(self) -> _Call: ...
    @property
    def respond_decision_task_failed(self) -> _Call: ...
    @property
    def respond_query_task_completed(self) -> _Call: ...
    @property
    def reset_sticky_task_list(self) -> _Call: ...
    @property
    def get_workflow_execution_history(self) -> _Call: ...
    @property
    def respond_activity_task_completed(self) -> _Call: ...
    @property
    def respond_activity_task_failed(self) -> _Call: ...
    @property
    def respond_activity_task_canceled(self) -> _Call: ...
    @property
    def record_activity_task_heartbeat(self) -> _Call: ...
    @property
    def respond_activity_task_completed_by_id(self) -> _Call: ...
    @property
    def respond_activity_task_failed_by_id(self) -> _Call: ...
    @property
    def respond_activity_task_canceled_by_id(self) -> _Call: ...
    @property
    def record_activity_task_heartbeat_by_id(self) -> _Call: ...
    @property
    def describe_workflow_execution(self) -> _Call: ...
    @property
    def signal_workflow_execution(self) -> _Call: ...
    @property
    def describe_domain(self) -> _Call: ...

    def twin(self) -> WorkerService:
        """Return a service of the same frontends with connections of its own, for another event loop."""

    async def close(self, *, linger: float = 0.0) -> None:
        """Close the connections, after at most `linger` seconds for answers that are on their way."""


class ClientPort(Protocol):
    """What the worker needs of a client; `cadence.client.Client` is one."""

    @property
    def service(self) -> WorkerService: ...
    @property
    def domain(self) -> str: ...
    @property
    def converter(self) -> DataConverter: ...
    @property
    def identity(self) -> str: ...
    @property
    def interceptors(self) -> Sequence[Interceptor]: ...
