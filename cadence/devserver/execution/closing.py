"""The end of a run: its last event, and what that means for its parent and its children.

Every ending passes `close`. Whether a run that ended goes on in another one is decided before, in `continuing`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.enums import EventType, ParentClosePolicy, WorkflowExecutionCloseStatus
from cadence.api.errors import CancellationAlreadyRequestedError, EntityNotExistsError
from cadence.devserver.execution import children, decision_tasks, queries, signalling

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Child, Run
    from cadence.devserver.execution.transaction import Transaction

__all__ = ("HISTORY_SERVICE", "cancel", "close", "complete", "fail", "terminate")

HISTORY_SERVICE = "history-service"
"""The identity of what the server does by itself."""

_log = logging.getLogger("cadence.devserver")


def complete(tx: Transaction, result: bytes | None, decided_id: int) -> None:
    """End the run with a result."""
    close(
        tx,
        WorkflowExecutionCloseStatus.COMPLETED,
        EventType.WorkflowExecutionCompleted,
        api.WorkflowExecutionCompletedEventAttributes(result=result, decision_task_completed_event_id=decided_id),
    )


def fail(tx: Transaction, reason: str, details: bytes | None, decided_id: int) -> None:
    """End the run with a failure."""
    close(
        tx,
        WorkflowExecutionCloseStatus.FAILED,
        EventType.WorkflowExecutionFailed,
        api.WorkflowExecutionFailedEventAttributes(
            reason=reason, details=details, decision_task_completed_event_id=decided_id
        ),
    )


def cancel(tx: Transaction, details: bytes | None, decided_id: int) -> None:
    """End the run as cancelled."""
    close(
        tx,
        WorkflowExecutionCloseStatus.CANCELED,
        EventType.WorkflowExecutionCanceled,
        api.WorkflowExecutionCanceledEventAttributes(details=details, decision_task_completed_event_id=decided_id),
    )


def terminate(runs: Runs, run: Run, *, reason: str, details: bytes | None, identity: str) -> None:
    """End an open run from outside; its workflow code is not asked."""
    with runs.change(run) as tx:
        decision_tasks.fail_in_flight(tx)
        close(
            tx,
            WorkflowExecutionCloseStatus.TERMINATED,
            EventType.WorkflowExecutionTerminated,
            api.WorkflowExecutionTerminatedEventAttributes(reason=reason, details=details, identity=identity),
        )


def close(tx: Transaction, status: WorkflowExecutionCloseStatus, kind: EventType, attributes: Any) -> None:
    """Add the run's last event; parent and children hear of it behind the change."""
    state, run, runs = tx.state, tx.run, tx.runs
    tx.add(kind, attributes)
    state.close_status = int(status)
    state.close_ns = tx.now_ns
    queries.close(run)
    tx.after(lambda: _spread(runs, run))


def _spread(runs: Runs, run: Run) -> None:
    state = run.state
    if state.parent_run_id and state.close_status != WorkflowExecutionCloseStatus.CONTINUED_AS_NEW:
        _tell_parent(runs, run)
    for child in state.children.values():
        if child.run_id and child.policy != ParentClosePolicy.ABANDON:
            runs.later(lambda child=child: _end_child(runs, run, child))  # type: ignore[misc]


def _tell_parent(runs: Runs, run: Run) -> None:
    state = run.state
    try:
        domain = runs.domains.find(state.parent_domain)
        parent = runs.find(domain.id, state.parent_workflow_id, state.parent_run_id)
    except EntityNotExistsError:
        return  # parent or domain were deleted: nobody waits
    child = parent.state.children.get(state.parent_initiated_id)
    if parent.state.is_open and child is not None and child.workflow_id == state.workflow_id:
        children.child_closed(runs, parent, child, run)


def _end_child(runs: Runs, parent: Run, child: Child) -> None:
    """Do with an open child what its parent's close policy says."""
    try:
        domain = runs.domains.find(child.domain)
    except EntityNotExistsError:
        return
    run = runs.current(domain.id, child.workflow_id)
    # The chain of the child that this parent started, and no later run of the same workflow id.
    if run is None or not run.state.is_open or run.state.first_run_id != child.run_id:
        return
    if run.state.parent_run_id != parent.state.run_id:
        return
    if child.policy == ParentClosePolicy.TERMINATE:
        terminate(runs, run, reason="by parent close policy", details=None, identity=HISTORY_SERVICE)
        return
    asked = api.WorkflowExecutionCancelRequestedEventAttributes(
        external_initiated_event_id=0, external_workflow_execution=parent.execution, identity=HISTORY_SERVICE
    )
    try:
        signalling.request_cancel(runs, run, asked)
    except CancellationAlreadyRequestedError:
        _log.debug("child %s is being cancelled already", child.workflow_id)
