"""One coroutine per RPC; what a call does is invoker.py's job.

Generated from thrift/cadence.thrift and health.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from cadence.api.service import RPCS
from cadence.service.invoker import Invoker
from cadence.service.retry import INHERIT, RetryOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence import api
    from cadence.service.headers import AuthorizationProvider, ClientHeaders
    from cadence.service.invoker import CallChannel

__all__ = ("WorkflowService",)

# mypy: disable-error-code="no-any-return"
# An answer's class is known from the table of RPCs, which type checkers don't read.


class WorkflowService:
    """The frontend's RPCs over a channel.

    Every method takes its request and, by keyword, `timeout` (seconds for the whole call with its retries; None: ten
    for an attempt, 150 for a poll, 25 for a history) and `retry` (None: no retries; INHERIT: as the service was told).
    Each returns the response and raises the errors that its RPC declares (`cadence.errors`), other `ServiceError`s,
    `TransportError` when no answer arrives, and `CodecError` for a request whose fields hold wrong types. Cancelling
    a call tells the server that nobody waits for the answer; the request may have been worked on all the same.
    """

    def __init__(
        self, channel: CallChannel, *, headers: ClientHeaders | None = None, retry: RetryOptions | None = INHERIT,
        authorization: AuthorizationProvider | None = None,
    ) -> None:
        """Make calls over a channel.

        Args:
            channel: A `cadence.tchannel.Channel`, or anything that has its `call` and `close`. `close()` closes it.
            headers: What the client says of itself with every call.
            retry: Options for calls without options of their own; None: no retries.
            authorization: A token, or a function or coroutine function that gives one for each attempt.
        """
        self._channel = channel
        self._settings = (headers, retry, authorization)
        self._invoker = Invoker(channel, headers=headers, retry=retry, authorization=authorization)
        self._invoke = self._invoker.invoke

    @classmethod
    def connect(
        cls, hosts: str | Sequence[str], *, service: str = "cadence-frontend", caller: str = "cadence-client",
        headers: ClientHeaders | None = None, retry: RetryOptions | None = INHERIT,
        authorization: AuthorizationProvider | None = None,
    ) -> Self:
        """Make calls to the frontends at these addresses. Connections are opened when they are needed.

        Args:
            hosts: One `host:port` or several; a call goes to any that can be reached.
            service: The name that the frontends serve under.
            caller: The name that this process calls under.
            headers: What the client says of itself with every call.
            retry: Options for calls without options of their own; None: no retries.
            authorization: A token, or a function or coroutine function that gives one for each attempt.
        """
        from cadence.tchannel import Channel

        channel = Channel([hosts] if isinstance(hosts, str) else list(hosts), service=service, caller=caller)
        return cls(channel, headers=headers, retry=retry, authorization=authorization)

    def twin(self) -> Self:
        """Return a service of the same frontends and settings with connections of its own, for another event loop.

        A channel that has no `twin` is shared.
        """
        headers, retry, authorization = self._settings
        twin = getattr(self._channel, "twin", None)
        channel = self._channel if twin is None else twin()
        return type(self)(channel, headers=headers, retry=retry, authorization=authorization)

    async def close(self, *, linger: float = 0.0) -> None:
        """Close the channel; calls under way fail.

        Args:
            linger: Seconds in which answers that are on their way are still taken, as long as the server doesn't close.
        """
        self._invoker.is_closed = True
        await self._channel.close(linger)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def register_domain(
        self, request: api.RegisterDomainRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Create a domain. It may take some seconds until every server knows it."""
        await self._invoke(RPCS["RegisterDomain"], request, timeout, retry)

    async def describe_domain(
        self, request: api.DescribeDomainRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.DescribeDomainResponse:
        """Give a domain's settings, by name or by UUID."""
        return await self._invoke(RPCS["DescribeDomain"], request, timeout, retry)

    async def list_domains(
        self, request: api.ListDomainsRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListDomainsResponse:
        """List all domains, page by page."""
        return await self._invoke(RPCS["ListDomains"], request, timeout, retry)

    async def update_domain(
        self, request: api.UpdateDomainRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.UpdateDomainResponse:
        """Change a domain's settings."""
        return await self._invoke(RPCS["UpdateDomain"], request, timeout, retry)

    async def failover_domain(
        self, request: api.FailoverDomainRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.FailoverDomainResponse:
        """Make a domain active in another cluster."""
        return await self._invoke(RPCS["FailoverDomain"], request, timeout, retry)

    async def deprecate_domain(
        self, request: api.DeprecateDomainRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Mark a domain as deprecated: no new runs, old ones go on."""
        await self._invoke(RPCS["DeprecateDomain"], request, timeout, retry)

    async def delete_domain(
        self, request: api.DeleteDomainRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Delete a deprecated domain that has no runs."""
        await self._invoke(RPCS["DeleteDomain"], request, timeout, retry)

    async def list_failover_history(
        self, request: api.ListFailoverHistoryRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListFailoverHistoryResponse:
        """List a domain's past failovers."""
        return await self._invoke(RPCS["ListFailoverHistory"], request, timeout, retry)

    async def restart_workflow_execution(
        self, request: api.RestartWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.RestartWorkflowExecutionResponse:
        """Start a run anew with the same input, ending the current one."""
        return await self._invoke(RPCS["RestartWorkflowExecution"], request, timeout, retry)

    async def diagnose_workflow_execution(
        self, request: api.DiagnoseWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.DiagnoseWorkflowExecutionResponse:
        """Start the server's own diagnosis of a run."""
        return await self._invoke(RPCS["DiagnoseWorkflowExecution"], request, timeout, retry)

    async def start_workflow_execution(
        self, request: api.StartWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.StartWorkflowExecutionResponse:
        """Start a run."""
        return await self._invoke(RPCS["StartWorkflowExecution"], request, timeout, retry)

    async def start_workflow_execution_async(
        self, request: api.StartWorkflowExecutionAsyncRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.StartWorkflowExecutionAsyncResponse:
        """Queue the start of a run, where the domain has a queue for it."""
        return await self._invoke(RPCS["StartWorkflowExecutionAsync"], request, timeout, retry)

    async def get_workflow_execution_history(
        self, request: api.GetWorkflowExecutionHistoryRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.GetWorkflowExecutionHistoryResponse:
        """Give a page of a run's history; can wait for new events."""
        return await self._invoke(RPCS["GetWorkflowExecutionHistory"], request, timeout, retry)

    async def poll_for_decision_task(
        self, request: api.PollForDecisionTaskRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.PollForDecisionTaskResponse:
        """Wait for a decision task. An answer without task token means: poll again."""
        return await self._invoke(RPCS["PollForDecisionTask"], request, timeout, retry)

    async def respond_decision_task_completed(
        self, request: api.RespondDecisionTaskCompletedRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.RespondDecisionTaskCompletedResponse:
        """Answer a decision task with decisions."""
        return await self._invoke(RPCS["RespondDecisionTaskCompleted"], request, timeout, retry)

    async def respond_decision_task_failed(
        self, request: api.RespondDecisionTaskFailedRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Answer a decision task with a failure of the worker."""
        await self._invoke(RPCS["RespondDecisionTaskFailed"], request, timeout, retry)

    async def poll_for_activity_task(
        self, request: api.PollForActivityTaskRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.PollForActivityTaskResponse:
        """Wait for an activity task. An answer without task token means: poll again."""
        return await self._invoke(RPCS["PollForActivityTask"], request, timeout, retry)

    async def record_activity_task_heartbeat(
        self, request: api.RecordActivityTaskHeartbeatRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.RecordActivityTaskHeartbeatResponse:
        """Tell that an activity lives, by task token."""
        return await self._invoke(RPCS["RecordActivityTaskHeartbeat"], request, timeout, retry)

    async def record_activity_task_heartbeat_by_id(
        self, request: api.RecordActivityTaskHeartbeatByIDRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.RecordActivityTaskHeartbeatResponse:
        """Tell that an activity lives, by workflow and activity id."""
        return await self._invoke(RPCS["RecordActivityTaskHeartbeatByID"], request, timeout, retry)

    async def respond_activity_task_completed(
        self, request: api.RespondActivityTaskCompletedRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Answer an activity task with its result, by task token."""
        await self._invoke(RPCS["RespondActivityTaskCompleted"], request, timeout, retry)

    async def respond_activity_task_completed_by_id(
        self, request: api.RespondActivityTaskCompletedByIDRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Answer an activity task with its result, by workflow and activity id."""
        await self._invoke(RPCS["RespondActivityTaskCompletedByID"], request, timeout, retry)

    async def respond_activity_task_failed(
        self, request: api.RespondActivityTaskFailedRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Answer an activity task with a failure, by task token."""
        await self._invoke(RPCS["RespondActivityTaskFailed"], request, timeout, retry)

    async def respond_activity_task_failed_by_id(
        self, request: api.RespondActivityTaskFailedByIDRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Answer an activity task with a failure, by workflow and activity id."""
        await self._invoke(RPCS["RespondActivityTaskFailedByID"], request, timeout, retry)

    async def respond_activity_task_canceled(
        self, request: api.RespondActivityTaskCanceledRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Answer an activity task as cancelled, by task token."""
        await self._invoke(RPCS["RespondActivityTaskCanceled"], request, timeout, retry)

    async def respond_activity_task_canceled_by_id(
        self, request: api.RespondActivityTaskCanceledByIDRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Answer an activity task as cancelled, by workflow and activity id."""
        await self._invoke(RPCS["RespondActivityTaskCanceledByID"], request, timeout, retry)

    async def request_cancel_workflow_execution(
        self, request: api.RequestCancelWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Ask a run to cancel itself; its code decides what that means."""
        await self._invoke(RPCS["RequestCancelWorkflowExecution"], request, timeout, retry)

    async def signal_workflow_execution(
        self, request: api.SignalWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Send a signal to an open run."""
        await self._invoke(RPCS["SignalWorkflowExecution"], request, timeout, retry)

    async def signal_with_start_workflow_execution(
        self, request: api.SignalWithStartWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.StartWorkflowExecutionResponse:
        """Send a signal to a run, which is started first if it is not open."""
        return await self._invoke(RPCS["SignalWithStartWorkflowExecution"], request, timeout, retry)

    async def signal_with_start_workflow_execution_async(
        self, request: api.SignalWithStartWorkflowExecutionAsyncRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.SignalWithStartWorkflowExecutionAsyncResponse:
        """Queue a signal with start, where the domain has a queue for it."""
        return await self._invoke(RPCS["SignalWithStartWorkflowExecutionAsync"], request, timeout, retry)

    async def reset_workflow_execution(
        self, request: api.ResetWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ResetWorkflowExecutionResponse:
        """End a run and start a new one from a point in its history."""
        return await self._invoke(RPCS["ResetWorkflowExecution"], request, timeout, retry)

    async def terminate_workflow_execution(
        self, request: api.TerminateWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """End a run at once; its code is not asked."""
        await self._invoke(RPCS["TerminateWorkflowExecution"], request, timeout, retry)

    async def list_open_workflow_executions(
        self, request: api.ListOpenWorkflowExecutionsRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListOpenWorkflowExecutionsResponse:
        """List open runs by start time, and by id or type."""
        return await self._invoke(RPCS["ListOpenWorkflowExecutions"], request, timeout, retry)

    async def list_closed_workflow_executions(
        self, request: api.ListClosedWorkflowExecutionsRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListClosedWorkflowExecutionsResponse:
        """List closed runs by start time, and by id, type or status."""
        return await self._invoke(RPCS["ListClosedWorkflowExecutions"], request, timeout, retry)

    async def list_workflow_executions(
        self, request: api.ListWorkflowExecutionsRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListWorkflowExecutionsResponse:
        """List runs by a query, in order. Needs advanced visibility."""
        return await self._invoke(RPCS["ListWorkflowExecutions"], request, timeout, retry)

    async def list_archived_workflow_executions(
        self, request: api.ListArchivedWorkflowExecutionsRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListArchivedWorkflowExecutionsResponse:
        """List archived runs by a query."""
        return await self._invoke(RPCS["ListArchivedWorkflowExecutions"], request, timeout, retry)

    async def scan_workflow_executions(
        self, request: api.ListWorkflowExecutionsRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListWorkflowExecutionsResponse:
        """List runs by a query, in no order. Needs advanced visibility."""
        return await self._invoke(RPCS["ScanWorkflowExecutions"], request, timeout, retry)

    async def count_workflow_executions(
        self, request: api.CountWorkflowExecutionsRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.CountWorkflowExecutionsResponse:
        """Count runs by a query. Needs advanced visibility."""
        return await self._invoke(RPCS["CountWorkflowExecutions"], request, timeout, retry)

    async def get_search_attributes(
        self, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.GetSearchAttributesResponse:
        """Give the search attributes that exist, with their types."""
        return await self._invoke(RPCS["GetSearchAttributes"], None, timeout, retry)

    async def respond_query_task_completed(
        self, request: api.RespondQueryTaskCompletedRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Answer a decision task that only asks a query."""
        await self._invoke(RPCS["RespondQueryTaskCompleted"], request, timeout, retry)

    async def reset_sticky_task_list(
        self, request: api.ResetStickyTaskListRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ResetStickyTaskListResponse:
        """Forget the private list of a run, so that its next decision task goes to the shared one."""
        return await self._invoke(RPCS["ResetStickyTaskList"], request, timeout, retry)

    async def query_workflow(
        self, request: api.QueryWorkflowRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.QueryWorkflowResponse:
        """Ask a run's code a question."""
        return await self._invoke(RPCS["QueryWorkflow"], request, timeout, retry)

    async def describe_workflow_execution(
        self, request: api.DescribeWorkflowExecutionRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.DescribeWorkflowExecutionResponse:
        """Give a run's state, with its open activities, children and decision task."""
        return await self._invoke(RPCS["DescribeWorkflowExecution"], request, timeout, retry)

    async def describe_task_list(
        self, request: api.DescribeTaskListRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.DescribeTaskListResponse:
        """Give the pollers of a task list and, where asked for, its backlog."""
        return await self._invoke(RPCS["DescribeTaskList"], request, timeout, retry)

    async def get_cluster_info(
        self, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ClusterInfo:
        """Give the client versions that the cluster supports."""
        return await self._invoke(RPCS["GetClusterInfo"], None, timeout, retry)

    async def get_task_lists_by_domain(
        self, request: api.GetTaskListsByDomainRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.GetTaskListsByDomainResponse:
        """List a domain's task lists that this cluster knows."""
        return await self._invoke(RPCS["GetTaskListsByDomain"], request, timeout, retry)

    async def list_task_list_partitions(
        self, request: api.ListTaskListPartitionsRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListTaskListPartitionsResponse:
        """List the partitions of a task list and their owners."""
        return await self._invoke(RPCS["ListTaskListPartitions"], request, timeout, retry)

    async def refresh_workflow_tasks(
        self, request: api.RefreshWorkflowTasksRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> None:
        """Write a run's open tasks and timers anew."""
        await self._invoke(RPCS["RefreshWorkflowTasks"], request, timeout, retry)

    async def create_schedule(
        self, request: api.CreateScheduleRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.CreateScheduleResponse:
        """Create a schedule."""
        return await self._invoke(RPCS["CreateSchedule"], request, timeout, retry)

    async def describe_schedule(
        self, request: api.DescribeScheduleRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.DescribeScheduleResponse:
        """Give a schedule's settings and what it did."""
        return await self._invoke(RPCS["DescribeSchedule"], request, timeout, retry)

    async def update_schedule(
        self, request: api.UpdateScheduleRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.UpdateScheduleResponse:
        """Replace parts of a schedule."""
        return await self._invoke(RPCS["UpdateSchedule"], request, timeout, retry)

    async def delete_schedule(
        self, request: api.DeleteScheduleRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.DeleteScheduleResponse:
        """Delete a schedule; runs it started go on."""
        return await self._invoke(RPCS["DeleteSchedule"], request, timeout, retry)

    async def pause_schedule(
        self, request: api.PauseScheduleRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.PauseScheduleResponse:
        """Pause a schedule."""
        return await self._invoke(RPCS["PauseSchedule"], request, timeout, retry)

    async def unpause_schedule(
        self, request: api.UnpauseScheduleRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.UnpauseScheduleResponse:
        """Let a paused schedule go on."""
        return await self._invoke(RPCS["UnpauseSchedule"], request, timeout, retry)

    async def backfill_schedule(
        self, request: api.BackfillScheduleRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.BackfillScheduleResponse:
        """Start the runs that a schedule would have started between two times."""
        return await self._invoke(RPCS["BackfillSchedule"], request, timeout, retry)

    async def list_schedules(
        self, request: api.ListSchedulesRequest, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.ListSchedulesResponse:
        """List a domain's schedules."""
        return await self._invoke(RPCS["ListSchedules"], request, timeout, retry)

    async def health(
        self, *,
        timeout: float | None = None, retry: RetryOptions | None = INHERIT,
    ) -> api.HealthStatus:
        """Ask whether the server takes calls."""
        return await self._invoke(RPCS["health"], None, timeout, retry)
