"""A parent's side of its children: asked for, started, refused, closed.

The child's own side (its start, its end) stands in `child_starts` and `closing`, which tell the parent here; a parent
that closed meanwhile hears nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.enums import ChildWorkflowExecutionFailedCause, EventType, WorkflowExecutionCloseStatus
from cadence.devserver.execution import decision_tasks

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Child, Run

__all__ = ("child_closed", "child_started", "initiated", "start_refused")

Initiated = api.StartChildWorkflowExecutionInitiatedEventAttributes


def initiated(parent: Run, child: Child) -> Initiated:
    """The parent's event that asked for a child."""
    attributes = parent.event(child.initiated_id).start_child_workflow_execution_initiated_event_attributes
    assert attributes is not None, "a child points to the event that asked for it"
    return attributes


def child_started(runs: Runs, parent: Run, child: Child, run_id: str) -> None:
    """Tell the parent that the child runs."""
    asked = initiated(parent, child)
    with runs.change(parent) as tx:
        child.run_id = run_id
        tx.add(
            EventType.ChildWorkflowExecutionStarted,
            api.ChildWorkflowExecutionStartedEventAttributes(
                domain=asked.domain,
                initiated_event_id=child.initiated_id,
                workflow_execution=api.WorkflowExecution(workflow_id=child.workflow_id, run_id=run_id),
                workflow_type=asked.workflow_type,
                header=asked.header,
            ),
        )
        decision_tasks.schedule(tx)


def start_refused(runs: Runs, parent: Run, child: Child) -> None:
    """Tell the parent that the child can't start, since its workflow id is taken."""
    asked = initiated(parent, child)
    with runs.change(parent) as tx:
        del tx.state.children[child.initiated_id]
        tx.add(
            EventType.StartChildWorkflowExecutionFailed,
            api.StartChildWorkflowExecutionFailedEventAttributes(
                domain=asked.domain,
                workflow_id=child.workflow_id,
                workflow_type=asked.workflow_type,
                cause=int(ChildWorkflowExecutionFailedCause.WORKFLOW_ALREADY_RUNNING),
                control=asked.control,
                initiated_event_id=child.initiated_id,
                decision_task_completed_event_id=asked.decision_task_completed_event_id,
            ),
        )
        decision_tasks.schedule(tx)


def child_closed(runs: Runs, parent: Run, child: Child, closed: Run) -> None:
    """Tell the parent how the child ended.

    Args:
        runs: The runs.
        parent: An open run.
        child: What the parent knows of the child.
        closed: The run that ended, the last of the child's chain.
    """
    asked = initiated(parent, child)
    kind, attributes = _ending(closed)
    attributes.domain = asked.domain
    attributes.workflow_execution = closed.execution
    attributes.workflow_type = asked.workflow_type
    attributes.initiated_event_id = child.initiated_id
    attributes.started_event_id = child.started_id
    with runs.change(parent) as tx:
        del tx.state.children[child.initiated_id]
        tx.add(kind, attributes)
        decision_tasks.schedule(tx)


def _ending(closed: Run) -> tuple[EventType, Any]:
    last = closed.events[-1]
    match closed.state.close_status:
        case WorkflowExecutionCloseStatus.COMPLETED:
            completed = last.workflow_execution_completed_event_attributes
            result = completed.result if completed else None
            return (
                EventType.ChildWorkflowExecutionCompleted,
                api.ChildWorkflowExecutionCompletedEventAttributes(result=result),
            )
        case WorkflowExecutionCloseStatus.FAILED:
            failed = last.workflow_execution_failed_event_attributes
            return EventType.ChildWorkflowExecutionFailed, api.ChildWorkflowExecutionFailedEventAttributes(
                reason=failed.reason if failed else None, details=failed.details if failed else None
            )
        case WorkflowExecutionCloseStatus.CANCELED:
            canceled = last.workflow_execution_canceled_event_attributes
            details = canceled.details if canceled else None
            return (
                EventType.ChildWorkflowExecutionCanceled,
                api.ChildWorkflowExecutionCanceledEventAttributes(details=details),
            )
        case WorkflowExecutionCloseStatus.TERMINATED:
            return (
                EventType.ChildWorkflowExecutionTerminated,
                api.ChildWorkflowExecutionTerminatedEventAttributes(),
            )
        case _:
            timed_out = last.workflow_execution_timed_out_event_attributes
            kind = timed_out.timeout_type if timed_out else None
            return (
                EventType.ChildWorkflowExecutionTimedOut,
                api.ChildWorkflowExecutionTimedOutEventAttributes(timeout_type=kind),
            )
