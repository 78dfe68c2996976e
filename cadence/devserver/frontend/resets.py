"""The RPCs that begin a run with what another one was given or did: reset, restart."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import WorkflowIdReusePolicy
from cadence.api.errors import BadRequestError, EntityNotExistsError
from cadence.devserver.frontend import checks
from cadence.devserver.frontend.responses import client_of

if TYPE_CHECKING:
    from cadence.devserver.house import CallContext, House

__all__ = ("HANDLERS",)


async def reset(
    house: House, request: api.ResetWorkflowExecutionRequest, context: CallContext
) -> api.ResetWorkflowExecutionResponse:
    """ResetWorkflowExecution."""
    domain = house.domains.require(request.domain)
    checks.check_reset(request)
    run_id = house.history.reset(domain, request)
    await house.store.committed()
    return api.ResetWorkflowExecutionResponse(run_id=run_id)


async def restart(
    house: House, request: api.RestartWorkflowExecutionRequest, context: CallContext
) -> api.RestartWorkflowExecutionResponse:
    """RestartWorkflowExecution: a new run with what the other one was started with, in its place."""
    domain = house.domains.require(request.domain)
    checks.check_execution(request.workflow_execution)
    asked = request.workflow_execution or api.WorkflowExecution()
    try:
        started = house.history.find(domain.id, asked.workflow_id, asked.run_id).started
    except EntityNotExistsError as error:
        msg = "Requested workflow history not found, may have passed retention period."
        raise BadRequestError(msg) from error
    again = api.StartWorkflowExecutionRequest(
        domain=request.domain,
        workflow_id=asked.workflow_id,
        workflow_type=started.workflow_type,
        task_list=started.task_list,
        input=started.input,
        execution_start_to_close_timeout_seconds=started.execution_start_to_close_timeout_seconds,
        task_start_to_close_timeout_seconds=started.task_start_to_close_timeout_seconds,
        identity=request.identity,
        request_id=str(uuid.uuid4()),
        workflow_id_reuse_policy=int(WorkflowIdReusePolicy.TerminateIfRunning),
        retry_policy=started.retry_policy,
        cron_schedule=started.cron_schedule,
        cron_overlap_policy=started.cron_overlap_policy,
        memo=started.memo,
        search_attributes=started.search_attributes,
        header=started.header,
    )
    run_id = house.history.start_workflow(domain, again, client=client_of(context))
    await house.store.committed()
    return api.RestartWorkflowExecutionResponse(run_id=run_id)


HANDLERS = {"ResetWorkflowExecution": reset, "RestartWorkflowExecution": restart}
