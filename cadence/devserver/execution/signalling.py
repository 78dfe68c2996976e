"""What reaches a run from outside while it is open: signals, cancel requests, and that its worker was lost.

Terminating is `closing`'s. Requests of clients and the words of other runs (`externals`) come here alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import EventType, WorkflowExecutionCloseStatus
from cadence.api.errors import (
    CancellationAlreadyRequestedError,
    LimitExceededError,
    WorkflowExecutionAlreadyCompletedError,
)
from cadence.devserver.execution import activity_timeouts, decision_tasks

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run

__all__ = ("check_open", "deliver", "request_cancel", "reset_sticky")

SIGNALS_LIMIT = 10_000
BYTES_LIMIT = 200 * 1024 * 1024
"""Bytes of history beyond which a run has no use for signals: its next decision task ends it."""
_REQUESTS_KEPT = 500
"""Request ids of signals that are remembered: a retry comes soon, or not at all."""


def check_open(run: Run) -> None:
    """Refuse what a closed run can't take.

    Raises:
        WorkflowExecutionAlreadyCompletedError: It is closed.
    """
    if not run.state.is_open:
        msg = "workflow execution already completed"
        raise WorkflowExecutionAlreadyCompletedError(msg)


def deliver(runs: Runs, run: Run, signal: api.WorkflowExecutionSignaledEventAttributes) -> None:
    """Signal a run; a request that came before changes nothing.

    Raises:
        LimitExceededError: The run has had too many signals.
        WorkflowExecutionAlreadyCompletedError: It is closed.
    """
    state = run.state
    request_id = signal.request_id or ""
    if request_id and request_id in state.signal_requests:
        return
    check_open(run)
    if state.signals >= SIGNALS_LIMIT or state.history_size > BYTES_LIMIT:
        msg = "exceeded workflow execution limit for signal events"
        raise LimitExceededError(msg)
    with runs.change(run) as tx:
        if request_id:
            state.signal_requests.append(request_id)
            del state.signal_requests[:-_REQUESTS_KEPT]
        state.signals += 1
        tx.add(EventType.WorkflowExecutionSignaled, signal)
        activity_timeouts.signalled(tx)
        if state.previous_started_id or state.decision is not None:
            # While a backoff, or the parent, holds the first decision task back, a signal does not hasten it.
            decision_tasks.schedule(tx)


def request_cancel(runs: Runs, run: Run, asked: api.WorkflowExecutionCancelRequestedEventAttributes) -> None:
    """Ask a run to cancel itself; the same request again changes nothing but wakes the run.

    Raises:
        CancellationAlreadyRequestedError: Another request came before.
        WorkflowExecutionAlreadyCompletedError: It is closed.
    """
    state = run.state
    request_id = asked.request_id or ""
    repeated = state.cancel_requested and bool(request_id) and state.cancel_request_id == request_id
    if repeated and state.close_status == WorkflowExecutionCloseStatus.CANCELED:
        return
    check_open(run)
    if state.cancel_requested and not repeated:
        msg = "cancellation already requested for this workflow execution"
        raise CancellationAlreadyRequestedError(msg)
    with runs.change(run) as tx:
        if not repeated:
            state.cancel_requested = True
            state.cancel_request_id = request_id
            tx.add(EventType.WorkflowExecutionCancelRequested, asked)
        decision_tasks.schedule(tx)


def reset_sticky(runs: Runs, run: Run) -> None:
    """Send the run's following decision tasks to its normal list.

    Raises:
        WorkflowExecutionAlreadyCompletedError: It is closed.
    """
    check_open(run)
    with runs.change(run) as tx:
        decision_tasks.forget_sticky(tx)
