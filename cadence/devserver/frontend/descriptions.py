"""DescribeWorkflowExecution: a run's settings, how far it is, and what it waits for.

It reads a run's state, whose words it translates into the wire's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence import api
from cadence.api.codec import CodecError, decode
from cadence.api.enums import PendingActivityState, PendingDecisionState, TaskListKind
from cadence.api.errors import EntityNotExistsError
from cadence.devserver.execution.continuing import reset_points
from cadence.devserver.frontend import checks

if TYPE_CHECKING:
    from cadence.devserver.execution.state import Activity, Child, Decision, Run
    from cadence.devserver.house import CallContext, House

__all__ = ("HANDLERS",)


async def describe(
    house: House, request: api.DescribeWorkflowExecutionRequest, context: CallContext
) -> api.DescribeWorkflowExecutionResponse:
    """DescribeWorkflowExecution."""
    domain = house.domains.require(request.domain)
    checks.check_describe(request)
    execution = request.execution or api.WorkflowExecution()
    run = house.history.find(domain.id, execution.workflow_id, execution.run_id)
    state = run.state
    answer = api.DescribeWorkflowExecutionResponse(
        execution_configuration=api.WorkflowExecutionConfiguration(
            task_list=api.TaskList(name=state.task_list, kind=int(TaskListKind.NORMAL)),
            execution_start_to_close_timeout_seconds=state.execution_timeout,
            task_start_to_close_timeout_seconds=state.task_timeout,
        ),
        workflow_execution_info=_info(house, run),
    )
    # What was pending when a run was ended from outside stays to be seen, as on the real server.
    answer.pending_activities = [_activity(activity) for activity in state.activities.values()] or None
    answer.pending_children = [_child(child, state.domain) for child in state.children.values()] or None
    answer.pending_decision = _decision(state.decision) if state.decision is not None else None
    await house.store.committed()
    return answer


def _info(house: House, run: Run) -> api.WorkflowExecutionInfo:
    state = run.state
    info = api.WorkflowExecutionInfo(
        execution=run.execution,
        type=api.WorkflowType(name=state.workflow_type),
        start_time=state.start_ns,
        execution_time=state.execution_ns,
        history_length=state.next_event_id - 1,
        memo=_memo(state.memo) or api.Memo(),
        search_attributes=api.SearchAttributes(indexed_fields=dict(state.search_attributes) or None),
        auto_reset_points=reset_points(run),
        task_list=state.task_list,
        task_list_info=api.TaskList(name=state.task_list, kind=int(TaskListKind.NORMAL)),
        is_cron=bool(state.cron_schedule),
        cron_overlap_policy=state.cron_overlap,
    )
    if not state.is_open:
        info.close_time = state.close_ns
        info.close_status = state.close_status
    if state.parent_run_id:
        info.parent_domain_name = state.parent_domain
        info.parent_domain_id = _domain_id(house, state.parent_domain)
        info.parent_execution = api.WorkflowExecution(workflow_id=state.parent_workflow_id, run_id=state.parent_run_id)
        info.parent_initated_id = state.parent_initiated_id
    return info


def _domain_id(house: House, name: str) -> str | None:
    try:
        return house.domains.find(name).id
    except EntityNotExistsError:
        return None  # it was deleted since


def _memo(blob: bytes | None) -> api.Memo | None:
    if not blob:
        return None
    try:
        return decode(api.Memo, blob)
    except CodecError:
        return None  # a note is no reason to show nothing of the run


def _activity(activity: Activity) -> api.PendingActivityInfo:
    info = api.PendingActivityInfo(
        activity_id=activity.activity_id,
        activity_type=api.ActivityType(name=activity.activity_type),
        state=int(_activity_state(activity)),
        schedule_id=activity.scheduled_id,
        attempt=activity.attempt,
        maximum_attempts=activity.retry.attempts if activity.retry is not None else 0,
        last_worker_identity=activity.last_identity,
        # The real server keeps it for activities that are tried again alone.
        started_worker_identity=(activity.identity or activity.last_identity) if activity.retry is not None else "",
    )
    if info.state == PendingActivityState.SCHEDULED:
        info.scheduled_timestamp = activity.scheduled_ns
    elif activity.is_started:
        info.last_started_timestamp = activity.started_ns
    if activity.heartbeat_ns:
        info.last_heartbeat_timestamp = activity.heartbeat_ns
        info.heartbeat_details = activity.heartbeat_details
    if activity.retry is not None:
        info.expiration_timestamp = activity.expires_ns or None
        if activity.last_failure_reason:
            info.last_failure_reason = activity.last_failure_reason
            info.last_failure_details = activity.last_failure_details
    return info


def _activity_state(activity: Activity) -> PendingActivityState:
    if activity.cancel_requested_id:
        return PendingActivityState.CANCEL_REQUESTED
    return PendingActivityState.STARTED if activity.is_started else PendingActivityState.SCHEDULED


def _child(child: Child, own_domain: str) -> api.PendingChildExecutionInfo:
    return api.PendingChildExecutionInfo(
        domain=child.domain or own_domain,
        workflow_id=child.workflow_id,
        run_id=child.run_id,
        workflow_typ_name=child.workflow_type,
        initiated_id=child.initiated_id,
        parent_close_policy=child.policy,
    )


def _decision(decision: Decision) -> api.PendingDecisionInfo:
    info = api.PendingDecisionInfo(
        state=int(PendingDecisionState.STARTED if decision.is_started else PendingDecisionState.SCHEDULED),
        scheduled_timestamp=decision.scheduled_ns,
        attempt=decision.attempt,
        original_scheduled_timestamp=decision.original_scheduled_ns,
        schedule_id=decision.scheduled_id,
    )
    if decision.is_started:
        info.started_timestamp = decision.started_ns
    return info


HANDLERS = {"DescribeWorkflowExecution": describe}
