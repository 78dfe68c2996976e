"""The blocking service of 1.x: answers and errors as pairs; the calls are those of cadence.service.

Generated from thrift/cadence.thrift and health.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

from cadence._loop_thread import LoopThread, shared_loop_thread
from cadence.exceptions import ServiceError
from cadence.service.workflow_service import WorkflowService as AsyncWorkflowService

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from cadence import api

__all__ = ("WorkflowService",)

T = TypeVar("T")
Pair: TypeAlias = tuple[T, None] | tuple[None, ServiceError]


class WorkflowService:
    """The frontend's RPCs as blocking calls, for any thread.

    Every method returns `(response, None)`, or `(None, error)` where the server answered with an error
    (`cadence.errors`). It raises `TransportError` when no answer arrives and `CodecError` for a request whose fields
    hold wrong types.
    """

    def __init__(
        self, service: AsyncWorkflowService, *, timeout: float | None = None, loop: LoopThread | None = None,
    ) -> None:
        """Make blocking calls over an async service.

        Args:
            service: The service; used on the loop's thread alone from now on.
            timeout: Seconds for each call with its retries; None: as the async methods.
            loop: The thread that carries the calls out; None: the one that the process shares.
        """
        self._service = service
        self._timeout = timeout
        self._loop = loop or shared_loop_thread()

    @classmethod
    def create(cls, host: str, port: int, timeout: float | None = None) -> Self:
        """Make calls to a frontend. The connection is opened by the first call.

        Args:
            host: Name or address.
            port: TChannel port, 7933 as a rule.
            timeout: Seconds for each call with its retries; None: ten for an attempt, 150 for a poll.
        """
        return cls(AsyncWorkflowService.connect(f"{host}:{port}"), timeout=timeout)

    @classmethod
    def get_identity(cls) -> str:
        """Give this process's name as the server shows it: process id and host."""
        return f"{os.getpid()}@{socket.gethostname()}"

    def close(self) -> None:
        """Close the connections."""
        self._loop.run(self._service.close())

    def _pair(self, call: Coroutine[Any, Any, T]) -> Pair[T]:
        try:
            return self._loop.run(call), None
        except ServiceError as error:
            return None, error

    def register_domain(self, request: api.RegisterDomainRequest) -> Pair[None]:
        """Create a domain. It may take some seconds until every server knows it."""
        return self._pair(self._service.register_domain(request, timeout=self._timeout))

    def describe_domain(self, request: api.DescribeDomainRequest) -> Pair[api.DescribeDomainResponse]:
        """Give a domain's settings, by name or by UUID."""
        return self._pair(self._service.describe_domain(request, timeout=self._timeout))

    def list_domains(self, request: api.ListDomainsRequest) -> Pair[api.ListDomainsResponse]:
        """List all domains, page by page."""
        return self._pair(self._service.list_domains(request, timeout=self._timeout))

    def update_domain(self, request: api.UpdateDomainRequest) -> Pair[api.UpdateDomainResponse]:
        """Change a domain's settings."""
        return self._pair(self._service.update_domain(request, timeout=self._timeout))

    def failover_domain(self, request: api.FailoverDomainRequest) -> Pair[api.FailoverDomainResponse]:
        """Make a domain active in another cluster."""
        return self._pair(self._service.failover_domain(request, timeout=self._timeout))

    def deprecate_domain(self, request: api.DeprecateDomainRequest) -> Pair[None]:
        """Mark a domain as deprecated: no new runs, old ones go on."""
        return self._pair(self._service.deprecate_domain(request, timeout=self._timeout))

    def delete_domain(self, request: api.DeleteDomainRequest) -> Pair[None]:
        """Delete a deprecated domain that has no runs."""
        return self._pair(self._service.delete_domain(request, timeout=self._timeout))

    def list_failover_history(self, request: api.ListFailoverHistoryRequest) -> Pair[api.ListFailoverHistoryResponse]:
        """List a domain's past failovers."""
        return self._pair(self._service.list_failover_history(request, timeout=self._timeout))

    def restart_workflow_execution(self, request: api.RestartWorkflowExecutionRequest) -> Pair[api.RestartWorkflowExecutionResponse]:
        """Start a run anew with the same input, ending the current one."""
        return self._pair(self._service.restart_workflow_execution(request, timeout=self._timeout))

    def diagnose_workflow_execution(self, request: api.DiagnoseWorkflowExecutionRequest) -> Pair[api.DiagnoseWorkflowExecutionResponse]:
        """Start the server's own diagnosis of a run."""
        return self._pair(self._service.diagnose_workflow_execution(request, timeout=self._timeout))

    def start_workflow(self, request: api.StartWorkflowExecutionRequest) -> Pair[api.StartWorkflowExecutionResponse]:
        """Start a run."""
        return self._pair(self._service.start_workflow_execution(request, timeout=self._timeout))

    def start_workflow_execution_async(self, request: api.StartWorkflowExecutionAsyncRequest) -> Pair[api.StartWorkflowExecutionAsyncResponse]:
        """Queue the start of a run, where the domain has a queue for it."""
        return self._pair(self._service.start_workflow_execution_async(request, timeout=self._timeout))

    def get_workflow_execution_history(self, request: api.GetWorkflowExecutionHistoryRequest) -> Pair[api.GetWorkflowExecutionHistoryResponse]:
        """Give a page of a run's history; can wait for new events."""
        return self._pair(self._service.get_workflow_execution_history(request, timeout=self._timeout))

    def poll_for_decision_task(self, request: api.PollForDecisionTaskRequest) -> Pair[api.PollForDecisionTaskResponse]:
        """Wait for a decision task. An answer without task token means: poll again."""
        return self._pair(self._service.poll_for_decision_task(request, timeout=self._timeout))

    def respond_decision_task_completed(self, request: api.RespondDecisionTaskCompletedRequest) -> Pair[api.RespondDecisionTaskCompletedResponse]:
        """Answer a decision task with decisions."""
        return self._pair(self._service.respond_decision_task_completed(request, timeout=self._timeout))

    def respond_decision_task_failed(self, request: api.RespondDecisionTaskFailedRequest) -> Pair[None]:
        """Answer a decision task with a failure of the worker."""
        return self._pair(self._service.respond_decision_task_failed(request, timeout=self._timeout))

    def poll_for_activity_task(self, request: api.PollForActivityTaskRequest) -> Pair[api.PollForActivityTaskResponse]:
        """Wait for an activity task. An answer without task token means: poll again."""
        return self._pair(self._service.poll_for_activity_task(request, timeout=self._timeout))

    def record_activity_task_heartbeat(self, request: api.RecordActivityTaskHeartbeatRequest) -> Pair[api.RecordActivityTaskHeartbeatResponse]:
        """Tell that an activity lives, by task token."""
        return self._pair(self._service.record_activity_task_heartbeat(request, timeout=self._timeout))

    def record_activity_task_heartbeat_by_id(self, request: api.RecordActivityTaskHeartbeatByIDRequest) -> Pair[api.RecordActivityTaskHeartbeatResponse]:
        """Tell that an activity lives, by workflow and activity id."""
        return self._pair(self._service.record_activity_task_heartbeat_by_id(request, timeout=self._timeout))

    def respond_activity_task_completed(self, request: api.RespondActivityTaskCompletedRequest) -> Pair[None]:
        """Answer an activity task with its result, by task token."""
        return self._pair(self._service.respond_activity_task_completed(request, timeout=self._timeout))

    def respond_activity_task_completed_by_id(self, request: api.RespondActivityTaskCompletedByIDRequest) -> Pair[None]:
        """Answer an activity task with its result, by workflow and activity id."""
        return self._pair(self._service.respond_activity_task_completed_by_id(request, timeout=self._timeout))

    def respond_activity_task_failed(self, request: api.RespondActivityTaskFailedRequest) -> Pair[None]:
        """Answer an activity task with a failure, by task token."""
        return self._pair(self._service.respond_activity_task_failed(request, timeout=self._timeout))

    def respond_activity_task_failed_by_id(self, request: api.RespondActivityTaskFailedByIDRequest) -> Pair[None]:
        """Answer an activity task with a failure, by workflow and activity id."""
        return self._pair(self._service.respond_activity_task_failed_by_id(request, timeout=self._timeout))

    def respond_activity_task_canceled(self, request: api.RespondActivityTaskCanceledRequest) -> Pair[None]:
        """Answer an activity task as cancelled, by task token."""
        return self._pair(self._service.respond_activity_task_canceled(request, timeout=self._timeout))

    def respond_activity_task_canceled_by_id(self, request: api.RespondActivityTaskCanceledByIDRequest) -> Pair[None]:
        """Answer an activity task as cancelled, by workflow and activity id."""
        return self._pair(self._service.respond_activity_task_canceled_by_id(request, timeout=self._timeout))

    def request_cancel_workflow_execution(self, request: api.RequestCancelWorkflowExecutionRequest) -> Pair[None]:
        """Ask a run to cancel itself; its code decides what that means."""
        return self._pair(self._service.request_cancel_workflow_execution(request, timeout=self._timeout))

    def signal_workflow_execution(self, request: api.SignalWorkflowExecutionRequest) -> Pair[None]:
        """Send a signal to an open run."""
        return self._pair(self._service.signal_workflow_execution(request, timeout=self._timeout))

    def signal_with_start_workflow_execution(self, request: api.SignalWithStartWorkflowExecutionRequest) -> Pair[api.StartWorkflowExecutionResponse]:
        """Send a signal to a run, which is started first if it is not open."""
        return self._pair(self._service.signal_with_start_workflow_execution(request, timeout=self._timeout))

    def signal_with_start_workflow_execution_async(self, request: api.SignalWithStartWorkflowExecutionAsyncRequest) -> Pair[api.SignalWithStartWorkflowExecutionAsyncResponse]:
        """Queue a signal with start, where the domain has a queue for it."""
        return self._pair(self._service.signal_with_start_workflow_execution_async(request, timeout=self._timeout))

    def reset_workflow_execution(self, request: api.ResetWorkflowExecutionRequest) -> Pair[api.ResetWorkflowExecutionResponse]:
        """End a run and start a new one from a point in its history."""
        return self._pair(self._service.reset_workflow_execution(request, timeout=self._timeout))

    def terminate_workflow_execution(self, request: api.TerminateWorkflowExecutionRequest) -> Pair[None]:
        """End a run at once; its code is not asked."""
        return self._pair(self._service.terminate_workflow_execution(request, timeout=self._timeout))

    def list_open_workflow_executions(self, request: api.ListOpenWorkflowExecutionsRequest) -> Pair[api.ListOpenWorkflowExecutionsResponse]:
        """List open runs by start time, and by id or type."""
        return self._pair(self._service.list_open_workflow_executions(request, timeout=self._timeout))

    def list_closed_workflow_executions(self, request: api.ListClosedWorkflowExecutionsRequest) -> Pair[api.ListClosedWorkflowExecutionsResponse]:
        """List closed runs by start time, and by id, type or status."""
        return self._pair(self._service.list_closed_workflow_executions(request, timeout=self._timeout))

    def list_workflow_executions(self, request: api.ListWorkflowExecutionsRequest) -> Pair[api.ListWorkflowExecutionsResponse]:
        """List runs by a query, in order. Needs advanced visibility."""
        return self._pair(self._service.list_workflow_executions(request, timeout=self._timeout))

    def list_archived_workflow_executions(self, request: api.ListArchivedWorkflowExecutionsRequest) -> Pair[api.ListArchivedWorkflowExecutionsResponse]:
        """List archived runs by a query."""
        return self._pair(self._service.list_archived_workflow_executions(request, timeout=self._timeout))

    def scan_workflow_executions(self, request: api.ListWorkflowExecutionsRequest) -> Pair[api.ListWorkflowExecutionsResponse]:
        """List runs by a query, in no order. Needs advanced visibility."""
        return self._pair(self._service.scan_workflow_executions(request, timeout=self._timeout))

    def count_workflow_executions(self, request: api.CountWorkflowExecutionsRequest) -> Pair[api.CountWorkflowExecutionsResponse]:
        """Count runs by a query. Needs advanced visibility."""
        return self._pair(self._service.count_workflow_executions(request, timeout=self._timeout))

    def get_search_attributes(self) -> Pair[api.GetSearchAttributesResponse]:
        """Give the search attributes that exist, with their types."""
        return self._pair(self._service.get_search_attributes(timeout=self._timeout))

    def respond_query_task_completed(self, request: api.RespondQueryTaskCompletedRequest) -> Pair[None]:
        """Answer a decision task that only asks a query."""
        return self._pair(self._service.respond_query_task_completed(request, timeout=self._timeout))

    def reset_sticky_task_list(self, request: api.ResetStickyTaskListRequest) -> Pair[api.ResetStickyTaskListResponse]:
        """Forget the private list of a run, so that its next decision task goes to the shared one."""
        return self._pair(self._service.reset_sticky_task_list(request, timeout=self._timeout))

    def query_workflow(self, request: api.QueryWorkflowRequest) -> Pair[api.QueryWorkflowResponse]:
        """Ask a run's code a question."""
        return self._pair(self._service.query_workflow(request, timeout=self._timeout))

    def describe_workflow_execution(self, request: api.DescribeWorkflowExecutionRequest) -> Pair[api.DescribeWorkflowExecutionResponse]:
        """Give a run's state, with its open activities, children and decision task."""
        return self._pair(self._service.describe_workflow_execution(request, timeout=self._timeout))

    def describe_task_list(self, request: api.DescribeTaskListRequest) -> Pair[api.DescribeTaskListResponse]:
        """Give the pollers of a task list and, where asked for, its backlog."""
        return self._pair(self._service.describe_task_list(request, timeout=self._timeout))

    def get_cluster_info(self) -> Pair[api.ClusterInfo]:
        """Give the client versions that the cluster supports."""
        return self._pair(self._service.get_cluster_info(timeout=self._timeout))

    def get_task_lists_by_domain(self, request: api.GetTaskListsByDomainRequest) -> Pair[api.GetTaskListsByDomainResponse]:
        """List a domain's task lists that this cluster knows."""
        return self._pair(self._service.get_task_lists_by_domain(request, timeout=self._timeout))

    def list_task_list_partitions(self, request: api.ListTaskListPartitionsRequest) -> Pair[api.ListTaskListPartitionsResponse]:
        """List the partitions of a task list and their owners."""
        return self._pair(self._service.list_task_list_partitions(request, timeout=self._timeout))

    def refresh_workflow_tasks(self, request: api.RefreshWorkflowTasksRequest) -> Pair[None]:
        """Write a run's open tasks and timers anew."""
        return self._pair(self._service.refresh_workflow_tasks(request, timeout=self._timeout))

    def create_schedule(self, request: api.CreateScheduleRequest) -> Pair[api.CreateScheduleResponse]:
        """Create a schedule."""
        return self._pair(self._service.create_schedule(request, timeout=self._timeout))

    def describe_schedule(self, request: api.DescribeScheduleRequest) -> Pair[api.DescribeScheduleResponse]:
        """Give a schedule's settings and what it did."""
        return self._pair(self._service.describe_schedule(request, timeout=self._timeout))

    def update_schedule(self, request: api.UpdateScheduleRequest) -> Pair[api.UpdateScheduleResponse]:
        """Replace parts of a schedule."""
        return self._pair(self._service.update_schedule(request, timeout=self._timeout))

    def delete_schedule(self, request: api.DeleteScheduleRequest) -> Pair[api.DeleteScheduleResponse]:
        """Delete a schedule; runs it started go on."""
        return self._pair(self._service.delete_schedule(request, timeout=self._timeout))

    def pause_schedule(self, request: api.PauseScheduleRequest) -> Pair[api.PauseScheduleResponse]:
        """Pause a schedule."""
        return self._pair(self._service.pause_schedule(request, timeout=self._timeout))

    def unpause_schedule(self, request: api.UnpauseScheduleRequest) -> Pair[api.UnpauseScheduleResponse]:
        """Let a paused schedule go on."""
        return self._pair(self._service.unpause_schedule(request, timeout=self._timeout))

    def backfill_schedule(self, request: api.BackfillScheduleRequest) -> Pair[api.BackfillScheduleResponse]:
        """Start the runs that a schedule would have started between two times."""
        return self._pair(self._service.backfill_schedule(request, timeout=self._timeout))

    def list_schedules(self, request: api.ListSchedulesRequest) -> Pair[api.ListSchedulesResponse]:
        """List a domain's schedules."""
        return self._pair(self._service.list_schedules(request, timeout=self._timeout))

    def health(self) -> Pair[api.HealthStatus]:
        """Ask whether the server takes calls."""
        return self._pair(self._service.health(timeout=self._timeout))
