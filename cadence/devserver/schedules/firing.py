"""One start of a schedule: look at the runs before it, do as the overlap policy says, start the run.

It changes the schedule's state and asks a `Starter` for what happens to runs; it knows no history and no clock. A start
has a request id of its own, so that one which is tried again after a crash finds its run and makes no second one.
"""

from __future__ import annotations

import json
import logging
import uuid
from typing import TYPE_CHECKING, Protocol

from cadence import api
from cadence.api.enums import ScheduleOverlapPolicy, WorkflowIdReusePolicy
from cadence.api.errors import WorkflowExecutionAlreadyStartedError
from cadence.devserver.schedules.documents import BufferedFire, Instant, Overlap, Started, instant_text
from cadence.devserver.schedules.policies import buffer_limit, concurrency_limit, overlap_of
from cadence.exceptions import ServiceError

if TYPE_CHECKING:
    from cadence.devserver.schedules.documents import Book, StartWorkflow

__all__ = ("BACKFILL", "SCHEDULE", "Starter", "fire", "try_fire")

SCHEDULE = "schedule"
BACKFILL = "backfill"

_log = logging.getLogger("cadence.devserver")
_REQUESTS = uuid.uuid5(uuid.NAMESPACE_DNS, "cadence.scheduler")


class Starter(Protocol):
    """What a schedule may do to runs of its domain."""

    def is_running(self, run: Started) -> bool:
        """Whether a run is open."""

    def cancel(self, run: Started, cause: str) -> None:
        """Ask a run to cancel itself; one that is gone is well."""

    def terminate(self, run: Started, reason: str) -> None:
        """End a run; one that is gone is well."""

    def start(self, request: api.StartWorkflowExecutionRequest) -> str:
        """Start a run and return its id.

        Raises:
            ServiceError: It can't be started.
        """


def fire(book: Book, starter: Starter, start: BufferedFire) -> bool:
    """See to a start that is due; where the policy says so, it waits behind others.

    Returns:
        Whether the runs were looked at, which the history notes.
    """
    buffers = int(start.overlap_policy) == ScheduleOverlapPolicy.BUFFER
    if buffers and book.state.buffered_fires:
        # Also where the run before has just ended: those that wait go first.
        _note_run(book, start)
        _buffer(book, start)
        return False
    if not try_fire(book, starter, start):
        _buffer(book, start)
    return True


def try_fire(book: Book, starter: Starter, start: BufferedFire) -> bool:
    """See to a start; returns False if it must wait for the run before it."""
    state = book.state
    _note_run(book, start)
    action = book.action.start_workflow
    if action is None:
        state.missed_runs += 1
        return True
    try:
        return _fire(book, starter, start, action)
    except ServiceError as error:
        state.missed_runs += 1
        _log.warning("schedule %r could not start a run: %s", book.schedule_id, error)
        return True


def _fire(book: Book, starter: Starter, start: BufferedFire, action: StartWorkflow) -> bool:
    state = book.state
    policy = overlap_of(start.overlap_policy)
    counts = policy == ScheduleOverlapPolicy.CONCURRENT and book.policies.concurrency_limit > 0
    if counts:
        state.running_workflows = [run for run in state.running_workflows if starter.is_running(run)]
        if len(state.running_workflows) >= concurrency_limit(book.policies.concurrency_limit):
            state.skipped_runs += 1
            return True
    before = state.last_started_workflow
    if policy != ScheduleOverlapPolicy.CONCURRENT and before is not None and starter.is_running(before):
        if policy == ScheduleOverlapPolicy.BUFFER:
            return False
        if policy == ScheduleOverlapPolicy.SKIP_NEW:
            state.skipped_runs += 1
            return True
        if policy == ScheduleOverlapPolicy.CANCEL_PREVIOUS:
            starter.cancel(before, "schedule overlap policy: CANCEL_PREVIOUS")
        elif policy == ScheduleOverlapPolicy.TERMINATE_PREVIOUS:
            starter.terminate(before, "schedule overlap policy: TERMINATE_PREVIOUS")
    request = _request(book, start, action)
    workflow_id = request.workflow_id or ""
    try:
        started = Started(workflow_id, starter.start(request))
        state.total_runs += 1
    except WorkflowExecutionAlreadyStartedError as error:
        started = Started(workflow_id, error.run_id or "")
        state.skipped_runs += 1
    state.last_started_workflow = started
    if counts:
        state.running_workflows.append(started)
    return True


def _note_run(book: Book, start: BufferedFire) -> None:
    # Only forward: one that waited may start behind a later one.
    book.state.last_run_time = max(book.state.last_run_time, start.scheduled_time)


def _buffer(book: Book, start: BufferedFire) -> None:
    state = book.state
    if len(state.buffered_fires) >= buffer_limit(book.policies.buffer_limit):
        state.skipped_runs += 1
        return
    state.buffered_fires.append(
        BufferedFire(
            Instant(start.scheduled_time), start.trigger_source, Overlap(start.overlap_policy), start.backfill_id
        )
    )


def _request(book: Book, start: BufferedFire, action: StartWorkflow) -> api.StartWorkflowExecutionRequest:
    due = start.scheduled_time
    prefix = action.workflow_id_prefix or book.schedule_id
    asked = book.action.wire().start_workflow or api.ScheduleStartWorkflowAction()
    at_second = instant_text(due - due % 1_000_000_000)
    return api.StartWorkflowExecutionRequest(
        domain=book.domain,
        workflow_id=f"{prefix}-{at_second}",
        workflow_type=asked.workflow_type,
        task_list=asked.task_list,
        input=asked.input,
        execution_start_to_close_timeout_seconds=asked.execution_start_to_close_timeout_seconds,
        task_start_to_close_timeout_seconds=asked.task_start_to_close_timeout_seconds,
        request_id=str(uuid.uuid5(_REQUESTS, f"{book.schedule_id}-{int(due)}-{start.trigger_source}")),
        workflow_id_reuse_policy=int(WorkflowIdReusePolicy.AllowDuplicate),
        retry_policy=asked.retry_policy,
        memo=asked.memo,
        search_attributes=api.SearchAttributes(indexed_fields=_attributes(book, start, asked.search_attributes)),
    )


def _attributes(book: Book, start: BufferedFire, given: api.SearchAttributes | None) -> dict[str, bytes]:
    is_backfill = start.trigger_source == BACKFILL
    own: dict[str, object] = {
        "CadenceScheduleID": book.schedule_id,
        "CadenceScheduleTime": instant_text(start.scheduled_time),
        "CadenceScheduleIsBackfill": is_backfill,
    }
    if is_backfill and start.backfill_id:
        own["CadenceScheduleBackfillID"] = start.backfill_id
    asked = (given.indexed_fields if given is not None else None) or {}
    return {**asked, **{name: json.dumps(value).encode() for name, value in own.items()}}
