"""Signals and cancel requests from one run to another: asked for by a decision, delivered, and how that went.

Both directions go through `signalling`, as a client's requests do; the run that asked gets an event and a decision task
in any case.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.enums import EventType
from cadence.api.errors import (
    CancellationAlreadyRequestedError,
    EntityNotExistsError,
    LimitExceededError,
    WorkflowExecutionAlreadyCompletedError,
)
from cadence.devserver.execution import decision_tasks, signalling
from cadence.devserver.execution.closing import HISTORY_SERVICE
from cadence.devserver.execution.state import External

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run
    from cadence.devserver.execution.transaction import Transaction

__all__ = ("ask_cancel", "ask_signal", "pending", "resend")

CancelInitiated = api.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes
SignalInitiated = api.SignalExternalWorkflowExecutionInitiatedEventAttributes

_UNKNOWN = 0
"""The one cause that the real server gives, whatever the reason."""


def ask_signal(tx: Transaction, asked: SignalInitiated) -> None:
    """Carry out the decision to signal another run."""
    external = _remember(tx, EventType.SignalExternalWorkflowExecutionInitiated, asked)
    runs, run = tx.runs, tx.run
    tx.after(lambda: _signal(runs, run, external, asked))


def ask_cancel(tx: Transaction, asked: CancelInitiated) -> None:
    """Carry out the decision to cancel another run."""
    external = _remember(tx, EventType.RequestCancelExternalWorkflowExecutionInitiated, asked)
    runs, run = tx.runs, tx.run
    tx.after(lambda: _cancel(runs, run, external, asked))


def resend(runs: Runs, run: Run, external: External) -> None:
    """Deliver once more what a run, as it was at an earlier point, had on its way."""
    event = run.event(external.initiated_id)
    signal = event.signal_external_workflow_execution_initiated_event_attributes
    cancel = event.request_cancel_external_workflow_execution_initiated_event_attributes
    if signal is not None:
        _signal(runs, run, external, signal)
    elif cancel is not None:
        _cancel(runs, run, external, cancel)


def pending(event: api.HistoryEvent, asked: SignalInitiated | CancelInitiated, own_domain: str) -> External:
    """What a run keeps of a signal or cancel request that an event began."""
    target = asked.workflow_execution or api.WorkflowExecution()
    return External(
        initiated_id=event.event_id or 0,
        domain=asked.domain or own_domain,
        workflow_id=target.workflow_id or "",
        run_id=target.run_id or "",
        child_only=bool(asked.child_workflow_only),
        request_id=str(uuid.uuid4()),
    )


def _remember(tx: Transaction, kind: EventType, asked: SignalInitiated | CancelInitiated) -> External:
    external = pending(tx.add(kind, asked), asked, tx.state.domain)
    tx.state.externals[external.initiated_id] = external
    return external


def _signal(runs: Runs, run: Run, external: External, asked: SignalInitiated) -> None:
    if not run.state.is_open:
        return  # as on the real server, what a run says with its last breath is not heard
    signal = api.WorkflowExecutionSignaledEventAttributes(
        signal_name=asked.signal_name,
        input=asked.input,
        identity=HISTORY_SERVICE,
        request_id=external.request_id,
    )
    try:
        signalling.deliver(runs, _target(runs, run, external), signal)
    except (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError, LimitExceededError):
        failed = api.SignalExternalWorkflowExecutionFailedEventAttributes(
            cause=_UNKNOWN,
            decision_task_completed_event_id=decision_tasks.NO_EVENT,
            domain=external.domain,
            workflow_execution=asked.workflow_execution,
            initiated_event_id=external.initiated_id,
            control=asked.control,
        )
        _settle(runs, run, external, EventType.SignalExternalWorkflowExecutionFailed, failed)
        return
    signaled = api.ExternalWorkflowExecutionSignaledEventAttributes(
        initiated_event_id=external.initiated_id,
        domain=external.domain,
        workflow_execution=asked.workflow_execution,
        control=asked.control,
    )
    _settle(runs, run, external, EventType.ExternalWorkflowExecutionSignaled, signaled)


def _cancel(runs: Runs, run: Run, external: External, asked: CancelInitiated) -> None:
    if not run.state.is_open:
        return
    request = api.WorkflowExecutionCancelRequestedEventAttributes(
        cause="",
        external_initiated_event_id=external.initiated_id,
        external_workflow_execution=run.execution,
        identity=HISTORY_SERVICE,
        request_id=external.request_id,
    )
    try:
        signalling.request_cancel(runs, _target(runs, run, external), request)
    except CancellationAlreadyRequestedError:
        pass  # what was asked for is under way
    except (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError):
        failed = api.RequestCancelExternalWorkflowExecutionFailedEventAttributes(
            cause=_UNKNOWN,
            decision_task_completed_event_id=decision_tasks.NO_EVENT,
            domain=external.domain,
            workflow_execution=asked.workflow_execution,
            initiated_event_id=external.initiated_id,
        )
        _settle(runs, run, external, EventType.RequestCancelExternalWorkflowExecutionFailed, failed)
        return
    requested = api.ExternalWorkflowExecutionCancelRequestedEventAttributes(
        initiated_event_id=external.initiated_id,
        domain=external.domain,
        workflow_execution=asked.workflow_execution,
    )
    _settle(runs, run, external, EventType.ExternalWorkflowExecutionCancelRequested, requested)


def _target(runs: Runs, run: Run, external: External) -> Run:
    """The run that is meant.

    Raises:
        EntityNotExistsError: There is none; or it is the sender itself, or no child of it where it must be one.
    """
    domain = runs.domains.find(external.domain)
    target = runs.find(domain.id, external.workflow_id, external.run_id)
    state = run.state
    itself = domain.id == state.domain_id and external.workflow_id == state.workflow_id
    if itself or (external.child_only and target.state.parent_run_id != state.run_id):
        msg = "Workflow execution not found."
        raise EntityNotExistsError(msg, active_clusters=[])
    return target


def _settle(runs: Runs, run: Run, external: External, kind: EventType, attributes: Any) -> None:
    """Tell the run that asked how it went, if it is still open."""
    if not run.state.is_open or run.state.externals.pop(external.initiated_id, None) is None:
        return
    with runs.change(run) as tx:
        tx.add(kind, attributes)
        decision_tasks.schedule(tx)
