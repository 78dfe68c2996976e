"""The RPCs of clients about one run: start, signal, cancel, terminate, query, reset its stickiness.

Each resolves the domain, checks the request, makes one change in `execution`, and answers once that is safe. What a run
looks like is told by `histories` and `descriptions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence import api
from cadence.devserver.execution import queries
from cadence.devserver.frontend import checks
from cadence.devserver.frontend.responses import client_of

if TYPE_CHECKING:
    from cadence.devserver.house import CallContext, House

__all__ = ("HANDLERS",)


async def start(
    house: House, request: api.StartWorkflowExecutionRequest, context: CallContext
) -> api.StartWorkflowExecutionResponse:
    """StartWorkflowExecution."""
    domain = house.domains.require(request.domain)
    checks.check_start(request)
    run_id = house.history.start_workflow(domain, request, client=client_of(context))
    await house.store.committed()
    return api.StartWorkflowExecutionResponse(run_id=run_id)


async def signal_with_start(
    house: House, request: api.SignalWithStartWorkflowExecutionRequest, context: CallContext
) -> api.StartWorkflowExecutionResponse:
    """SignalWithStartWorkflowExecution."""
    domain = house.domains.require(request.domain)
    checks.check_signal_with_start(request)
    run_id = house.history.signal_with_start(domain, request, client=client_of(context))
    await house.store.committed()
    return api.StartWorkflowExecutionResponse(run_id=run_id)


async def signal(house: House, request: api.SignalWorkflowExecutionRequest, context: CallContext) -> None:
    """SignalWorkflowExecution."""
    domain = house.domains.require(request.domain)
    checks.check_signal(request)
    house.history.signal(domain, request)
    await house.store.committed()


async def request_cancel(
    house: House, request: api.RequestCancelWorkflowExecutionRequest, context: CallContext
) -> None:
    """RequestCancelWorkflowExecution."""
    domain = house.domains.require(request.domain)
    checks.check_cancel(request)
    house.history.request_cancel(domain, request)
    await house.store.committed()


async def terminate(house: House, request: api.TerminateWorkflowExecutionRequest, context: CallContext) -> None:
    """TerminateWorkflowExecution."""
    domain = house.domains.require(request.domain)
    checks.check_terminate(request)
    house.history.terminate(domain, request)
    await house.store.committed()


async def query(house: House, request: api.QueryWorkflowRequest, context: CallContext) -> api.QueryWorkflowResponse:
    """QueryWorkflow."""
    domain = house.domains.require(request.domain)
    checks.check_query(request)
    execution = request.execution or api.WorkflowExecution()
    run = house.history.find(domain.id, execution.workflow_id, execution.run_id)
    house.clock.hold()  # time must not jump while a worker answers
    try:
        return await queries.ask(house, run, request, context.deadline)
    finally:
        house.clock.release()


async def reset_sticky(
    house: House, request: api.ResetStickyTaskListRequest, context: CallContext
) -> api.ResetStickyTaskListResponse:
    """ResetStickyTaskList."""
    domain = house.domains.require(request.domain)
    checks.check_reset_sticky(request)
    house.history.reset_sticky(domain, request.execution)
    await house.store.committed()
    return api.ResetStickyTaskListResponse()


async def refresh_tasks(house: House, request: api.RefreshWorkflowTasksRequest, context: CallContext) -> None:
    """RefreshWorkflowTasks: tasks can't get lost here, as those in memory are made again from what is kept."""
    domain = house.domains.require(request.domain)
    checks.check_execution(request.execution)
    execution = request.execution or api.WorkflowExecution()
    house.history.find(domain.id, execution.workflow_id, execution.run_id)


HANDLERS = {
    "StartWorkflowExecution": start,
    "SignalWithStartWorkflowExecution": signal_with_start,
    "SignalWorkflowExecution": signal,
    "RequestCancelWorkflowExecution": request_cancel,
    "TerminateWorkflowExecution": terminate,
    "QueryWorkflow": query,
    "ResetStickyTaskList": reset_sticky,
    "RefreshWorkflowTasks": refresh_tasks,
}
