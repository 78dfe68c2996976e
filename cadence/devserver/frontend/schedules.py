"""The RPCs of schedules: create, describe, update, delete, pause, go on, backfill, list.

A schedule is a run of its own, as on the real server: creating starts it, changing signals it, describing reads what it
keeps, listing lists those that are open. Its decisions are made by `devserver.schedules`, which is asked to catch up
before anything is answered, so that whoever changed a schedule sees the change at once.
"""

from __future__ import annotations

import json
import math
import time
import uuid
from typing import TYPE_CHECKING, NoReturn

from cadence import api
from cadence.api.enums import (
    ScheduleCatchUpPolicy,
    ScheduleOverlapPolicy,
    WorkflowExecutionCloseStatus,
    WorkflowIdReusePolicy,
)
from cadence.api.errors import (
    BadRequestError,
    EntityNotExistsError,
    InternalServiceError,
    WorkflowExecutionAlreadyCompletedError,
    WorkflowExecutionAlreadyStartedError,
)
from cadence.devserver.frontend import checks, visibility
from cadence.devserver.schedules import changes, documents
from cadence.devserver.schedules.documents import Action, Book, Instant, Overlap, Policies, Spec
from cadence.devserver.schedules.runner import book_of, workflow_id_of
from cadence.devserver.schedules.scheduler import DECISION_TIMEOUT, EXECUTION_TIMEOUT, TASK_LIST, WORKFLOW_TYPE

if TYPE_CHECKING:
    from cadence.devserver.domains import Domain
    from cadence.devserver.house import CallContext, House

__all__ = ("HANDLERS",)

_PAGE_SIZE = 10
_OWN_ATTRIBUTES = "CadenceSchedule"


async def create(house: House, request: api.CreateScheduleRequest, context: CallContext) -> api.CreateScheduleResponse:
    """CreateSchedule."""
    domain = house.domains.require(request.domain)
    schedule_id = _id(request.schedule_id)
    if request.spec is None:
        _refuse("Spec is not set on request.")
    if not request.spec.cron_expression:
        _refuse("CronExpression is not set on request.")
    checks.check_cron(request.spec.cron_expression)
    _check_times(request.spec)
    if request.action is None or request.action.start_workflow is None:
        _refuse("Action.StartWorkflow is not set on request.")
    _check_retries(request.action.start_workflow)
    _check_policies(request.policies)
    _check_attributes(request.search_attributes)
    book = Book(
        domain.name,
        schedule_id,
        Spec.of(request.spec),
        Action.of(request.action),
        Policies.of(request.policies),
        documents.indexed_of(request.search_attributes),
        documents.memo_of(request.memo),
    )
    start = api.StartWorkflowExecutionRequest(
        domain=domain.name,
        workflow_id=workflow_id_of(schedule_id),
        workflow_type=api.WorkflowType(name=WORKFLOW_TYPE),
        task_list=api.TaskList(name=TASK_LIST),
        input=documents.write(book),
        execution_start_to_close_timeout_seconds=EXECUTION_TIMEOUT,
        task_start_to_close_timeout_seconds=DECISION_TIMEOUT,
        request_id=str(uuid.uuid4()),
        workflow_id_reuse_policy=int(WorkflowIdReusePolicy.AllowDuplicate),
        memo=request.memo,
        search_attributes=request.search_attributes,
    )
    checks.check_start(start)
    try:
        house.history.start_workflow(domain, start)
    except WorkflowExecutionAlreadyStartedError as error:
        msg = f"schedule {json.dumps(schedule_id)} already exists in domain {json.dumps(domain.name)}"
        raise BadRequestError(msg) from error
    await _settle(house, domain, schedule_id)
    return api.CreateScheduleResponse(schedule_id=schedule_id)


async def describe(
    house: House, request: api.DescribeScheduleRequest, context: CallContext
) -> api.DescribeScheduleResponse:
    """DescribeSchedule."""
    domain = house.domains.require(request.domain)
    schedule_id = _id(request.schedule_id)
    await _settle(house, domain, schedule_id)
    try:
        run = house.history.find(domain.id, workflow_id_of(schedule_id))
    except EntityNotExistsError as error:
        raise _not_found(domain, schedule_id) from error
    name = f"schedule {json.dumps(schedule_id)} in domain {json.dumps(domain.name)}"
    if not run.state.is_open:
        status = WorkflowExecutionCloseStatus(run.state.close_status).name
        msg = f"{name} is not operational: scheduler workflow ended with status {status}"
        raise InternalServiceError(msg)
    try:
        book = book_of(run)
    except ValueError as error:
        msg = f"{name} is not operational: {error}"
        raise InternalServiceError(msg) from error
    return _description(book)


async def update(house: House, request: api.UpdateScheduleRequest, context: CallContext) -> api.UpdateScheduleResponse:
    """UpdateSchedule: what is given replaces what was, part by part."""
    domain = house.domains.require(request.domain)
    schedule_id = _id(request.schedule_id)
    if all(part is None for part in (request.spec, request.action, request.policies, request.search_attributes)):
        _refuse("At least one of Spec, Action, Policies, or SearchAttributes must be set on request.")
    _check_policies(request.policies)
    if request.spec is not None and request.spec.cron_expression:
        checks.check_cron(request.spec.cron_expression)
    _check_times(request.spec)
    if request.action is not None and request.action.start_workflow is not None:
        _check_retries(request.action.start_workflow)
    _check_attributes(request.search_attributes)
    # The real server finds out in the scheduler, whose decisions then fail for good.
    checks.check_search_attributes(request.search_attributes)
    signal = documents.UpdateSignal(
        None if request.spec is None else Spec.of(request.spec),
        None if request.action is None else Action.of(request.action),
        None if request.policies is None else Policies.of(request.policies),
        documents.indexed_of(request.search_attributes),
    )
    await _signal(house, domain, schedule_id, changes.UPDATE, documents.write(signal))
    return api.UpdateScheduleResponse()


async def delete(house: House, request: api.DeleteScheduleRequest, context: CallContext) -> api.DeleteScheduleResponse:
    """DeleteSchedule: one that is gone already is well."""
    domain = house.domains.require(request.domain)
    schedule_id = _id(request.schedule_id)
    try:
        await _signal(house, domain, schedule_id, changes.DELETE, None)
    except (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError):
        return api.DeleteScheduleResponse()
    return api.DeleteScheduleResponse()


async def pause(house: House, request: api.PauseScheduleRequest, context: CallContext) -> api.PauseScheduleResponse:
    """PauseSchedule."""
    domain = house.domains.require(request.domain)
    schedule_id = _id(request.schedule_id)
    signal = documents.PauseSignal(documents.text(request.reason), documents.text(request.identity))
    await _signal(house, domain, schedule_id, changes.PAUSE, documents.write(signal))
    return api.PauseScheduleResponse()


async def unpause(
    house: House, request: api.UnpauseScheduleRequest, context: CallContext
) -> api.UnpauseScheduleResponse:
    """UnpauseSchedule."""
    domain = house.domains.require(request.domain)
    schedule_id = _id(request.schedule_id)
    signal = documents.UnpauseSignal(
        documents.text(request.reason), documents.CatchUp(request.catch_up_policy or ScheduleCatchUpPolicy.INVALID)
    )
    await _signal(house, domain, schedule_id, changes.UNPAUSE, documents.write(signal))
    return api.UnpauseScheduleResponse()


async def backfill(
    house: House, request: api.BackfillScheduleRequest, context: CallContext
) -> api.BackfillScheduleResponse:
    """BackfillSchedule."""
    domain = house.domains.require(request.domain)
    schedule_id = _id(request.schedule_id)
    if not request.start_time_nano:
        _refuse("StartTime is not set on request.")
    if not request.end_time_nano:
        _refuse("EndTime is not set on request.")
    if request.end_time_nano <= request.start_time_nano:
        _refuse("EndTime must be after StartTime.")
    signal = documents.BackfillSignal(
        Instant(request.start_time_nano),
        Instant(request.end_time_nano),
        Overlap(request.overlap_policy or ScheduleOverlapPolicy.INVALID),
        documents.text(request.backfill_id).strip() or str(uuid.uuid4()),
    )
    await _signal(house, domain, schedule_id, changes.BACKFILL, documents.write(signal))
    return api.BackfillScheduleResponse()


async def list_schedules(
    house: House, request: api.ListSchedulesRequest, context: CallContext
) -> api.ListSchedulesResponse:
    """ListSchedules, the newest first."""
    house.domains.require(request.domain)
    size = request.page_size or 0
    listed = api.ListOpenWorkflowExecutionsRequest(
        domain=request.domain,
        maximum_page_size=size if size > 0 else _PAGE_SIZE,
        next_page_token=request.next_page_token,
        start_time_filter=api.StartTimeFilter(earliest_time=0, latest_time=max(house.clock.now_ns(), time.time_ns())),
        type_filter=api.WorkflowTypeFilter(name=WORKFLOW_TYPE),
    )
    found = await visibility.list_open(house, listed, context)
    entries = [_entry(execution) for execution in found.executions or []]
    return api.ListSchedulesResponse(
        schedules=[entry for entry in entries if entry is not None], next_page_token=found.next_page_token
    )


async def _signal(house: House, domain: Domain, schedule_id: str, name: str, payload: bytes | None) -> None:
    signal = api.SignalWorkflowExecutionRequest(
        domain=domain.name,
        workflow_execution=api.WorkflowExecution(workflow_id=workflow_id_of(schedule_id)),
        signal_name=name,
        input=payload,
        request_id=str(uuid.uuid4()),
    )
    checks.check_signal(signal)
    try:
        house.history.signal(domain, signal)
    except EntityNotExistsError as error:
        raise _not_found(domain, schedule_id) from error
    await _settle(house, domain, schedule_id)


async def _settle(house: House, domain: Domain, schedule_id: str) -> None:
    house.schedules.settle(domain.id, workflow_id_of(schedule_id))
    await house.store.committed()


def _description(book: Book) -> api.DescribeScheduleResponse:
    state = book.state
    info = None
    if state.paused:
        info = api.SchedulePauseInfo(
            reason=state.pause_reason, paused_time_nano=documents.nanos(state.paused_at), paused_by=state.paused_by
        )
    backfills = [
        api.BackfillInfo(
            backfill_id=each.backfill_id,
            start_time_nano=documents.nanos(each.start_time),
            end_time_nano=documents.nanos(each.end_time),
            runs_completed=each.runs_completed,
            runs_total=each.runs_total,
        )
        for each in state.pending_backfills
    ]
    return api.DescribeScheduleResponse(
        spec=book.spec.wire(),
        action=book.action.wire(),
        policies=book.policies.wire(),
        state=api.ScheduleState(paused=state.paused, pause_info=info),
        info=api.ScheduleInfo(
            last_run_time_nano=documents.nanos(state.last_run_time),
            next_run_time_nano=documents.nanos(state.next_run_time),
            total_runs=state.total_runs,
            missed_runs=state.missed_runs,
            skipped_runs=state.skipped_runs,
            create_time_nano=documents.nanos(state.create_time),
            last_update_time_nano=documents.nanos(state.last_update_time),
            ongoing_backfills=backfills or None,
        ),
        memo=documents.memo_wire(book.memo),
        search_attributes=documents.indexed_wire(book.search_attributes),
    )


def _entry(execution: api.WorkflowExecutionInfo) -> api.ScheduleListEntry | None:
    """Show a schedule's run; None where somebody else started a run of that type."""
    workflow_id = (execution.execution.workflow_id if execution.execution else None) or ""
    schedule_id = workflow_id.removeprefix(workflow_id_of(""))
    if schedule_id == workflow_id:
        return None
    shown = (execution.search_attributes.indexed_fields if execution.search_attributes else None) or {}
    workflow_type = _text(shown.get("CadenceScheduleWorkflowType"))
    return api.ScheduleListEntry(
        schedule_id=schedule_id,
        workflow_type=api.WorkflowType(name=workflow_type) if workflow_type else None,
        state=api.ScheduleState(paused=_text(shown.get("CadenceScheduleState")) == "paused"),
        cron_expression=_text(shown.get("CadenceScheduleCron")),
    )


def _text(value: bytes | None) -> str:
    decoded = json.loads(value) if value else ""
    return decoded if isinstance(decoded, str) else ""


def _id(schedule_id: str | bytes | None) -> str:
    if not schedule_id:
        _refuse("ScheduleID is not set on request.")
    return documents.text(schedule_id)


def _check_times(spec: api.ScheduleSpec | None) -> None:
    if spec is None or not spec.start_time_nano or not spec.end_time_nano:
        return
    if spec.end_time_nano <= spec.start_time_nano:
        _refuse("Spec.EndTime must be after Spec.StartTime.")


def _check_retries(action: api.ScheduleStartWorkflowAction) -> None:
    policy = action.retry_policy
    checks.check_retry_policy(policy)
    if policy is not None and not math.isfinite(policy.backoff_coefficient or 0.0):
        msg = "failed to serialize scheduler workflow input: json: unsupported value"
        raise InternalServiceError(msg)


def _check_policies(policies: api.SchedulePolicies | None) -> None:
    if policies is None:
        return
    skips = policies.overlap_policy == ScheduleOverlapPolicy.SKIP_NEW
    if skips and policies.catch_up_policy == ScheduleCatchUpPolicy.ALL:
        _refuse(
            "SKIP_NEW overlap policy with CATCH_UP_ALL catch-up policy is invalid: "
            "caught-up fires would be immediately skipped due to overlap with the previous run."
        )


def _check_attributes(given: api.SearchAttributes | None) -> None:
    for name in (given.indexed_fields if given is not None else None) or {}:
        if documents.text(name).startswith(_OWN_ATTRIBUTES):
            _refuse(f"search attribute key {json.dumps(documents.text(name))} is reserved for internal use")


def _not_found(domain: Domain, schedule_id: str) -> EntityNotExistsError:
    msg = f"schedule {json.dumps(schedule_id)} not found in domain {json.dumps(domain.name)}"
    return EntityNotExistsError(msg, active_clusters=[])


def _refuse(message: str) -> NoReturn:
    raise BadRequestError(message)


HANDLERS = {
    "CreateSchedule": create,
    "DescribeSchedule": describe,
    "UpdateSchedule": update,
    "DeleteSchedule": delete,
    "PauseSchedule": pause,
    "UnpauseSchedule": unpause,
    "BackfillSchedule": backfill,
    "ListSchedules": list_schedules,
}
