"""An answer to a decision task, checked as a whole before anything is changed: the plan of what it does.

Decisions are looked at in order, against what the earlier ones of the same answer will have done, so that an answer
with one bad decision changes nothing. What comes out is a list of steps; `decisions` takes them.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause as Cause
from cadence.api.enums import DecisionType, EventType
from cadence.api.errors import BadRequestError, InternalServiceError
from cadence.devserver.execution import (
    activities,
    closing,
    continuing,
    decision_checks,
    externals,
    timers,
)
from cadence.devserver.execution.child_starts import start_child
from cadence.devserver.execution.decision_checks import Checks
from cadence.devserver.execution.state import Child

if TYPE_CHECKING:
    from collections.abc import Callable

    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run
    from cadence.devserver.execution.transaction import Transaction

    Step = Callable[[Transaction, int], object]
    """Carries one decision out; gets the id of the completed decision task. True: a decision task must follow."""

__all__ = ("BadDecision", "Plan")

BLOB_LIMIT = 2 * 1024 * 1024
_UNHANDLED = "cannot {}, new pending decisions were scheduled while this decision was processing"


class BadDecision(Exception):
    """The answer can't be carried out: its decision task fails."""

    def __init__(self, cause: Cause, details: str) -> None:
        super().__init__(details)
        self.cause = cause
        self.details = details


class Plan:
    """The steps of one answer, and what is pending after the steps so far."""

    def __init__(self, runs: Runs, run: Run, identity: str) -> None:
        self.steps: list[Step] = []
        self.unhandled = bool(run.buffered)
        """Whether events came in that the worker has not seen."""
        self.started_here: dict[str, api.ActivityLocalDispatchInfo] = {}
        """Activities that the worker gets with the answer, once the steps are taken."""
        self._run = run
        self._identity = identity
        self._checks = Checks(run.state, runs.domains)
        self._waiting = len(run.buffered)
        self._activities: dict[str, bool] = {}
        """Activities scheduled (True) or ended (False) by this answer."""
        self._timers: dict[str, bool] = {}
        self._taken_back: set[str] = set()
        self._closes = False
        self._stops = False

    def add(self, decision: api.Decision) -> None:
        """Look at the next decision.

        Raises:
            BadDecision: It can't be carried out.
            BadRequestError: There is no such type of decision.
            InternalServiceError: It names a domain that isn't there, or comes behind the one that ends the run.
        """
        if self._stops:
            return
        handler = _HANDLERS.get(decision.decision_type if decision.decision_type is not None else -1)
        if handler is None:
            msg = f"Unknown decision type: {decision.decision_type}"
            raise BadRequestError(msg)
        cause, field, check = handler
        if self._closes and check not in _ENDINGS:
            msg = "invalid mutable state action: mutation after finish"
            raise InternalServiceError(msg)
        attributes = getattr(decision, field)
        if attributes is None:
            # The real server tells decisions by their attributes: one without any is of the first type.
            cause, _, check = _HANDLERS[DecisionType.ScheduleActivityTask]
        try:
            check(self, attributes)
        except BadRequestError as error:
            raise BadDecision(cause, str(error)) from error

    # --- what does not end the run ---

    def _schedule_activity(self, asked: api.ScheduleActivityTaskDecisionAttributes | None) -> None:
        if asked is not None:
            self._checks.known_domain(asked.domain, "schedule activity across domain")
        scheduled = self._checks.activity(asked)
        if self._too_large(scheduled.input, "ScheduleActivityTaskDecisionAttributes.Input"):
            return
        activity_id = scheduled.activity_id or ""
        if self._activities.get(activity_id, activity_id in self._run.activity_ids):
            raise BadDecision(Cause.SCHEDULE_ACTIVITY_DUPLICATE_ID, "")
        self._activities[activity_id] = True
        starts_here = asked is not None and asked.request_local_dispatch

        def step(tx: Transaction, decided_id: int) -> None:
            scheduled.decision_task_completed_event_id = decided_id
            activity = activities.schedule(tx, scheduled)
            if starts_here:
                self.started_here[activity_id] = activities.start_here(tx, activity, self._identity)

        self.steps.append(step)

    def _cancel_activity(self, asked: api.RequestCancelActivityTaskDecisionAttributes | None) -> None:
        activity_id = decision_checks.check_cancel_activity(asked)
        self._note_cancelled(activity_id)
        self.steps.append(lambda tx, decided: activities.request_cancel(tx, activity_id, decided, self._identity))

    def _note_cancelled(self, activity_id: str) -> None:
        run = self._run
        activity = run.state.activities.get(run.activity_ids.get(activity_id, 0))
        added = self._activities.get(activity_id)
        if added is None and activity is not None:
            ends = not activity.is_started and not activity.cancel_requested_id
            known = not activity.cancel_requested_id
        else:
            ends = known = bool(added)
        if ends:
            self._activities[activity_id] = False
        if ends or not known:
            self._waiting += 1  # the cancelled or the failed event waits for the end of this answer

    def _start_timer(self, asked: api.StartTimerDecisionAttributes | None) -> None:
        timer_id, seconds = decision_checks.check_timer(asked)
        if self._timers.get(timer_id, timer_id in self._run.state.timers):
            raise BadDecision(Cause.START_TIMER_DUPLICATE_ID, "")
        self._timers[timer_id] = True
        self.steps.append(lambda tx, decided: timers.start(tx, timer_id, seconds, decided))

    def _cancel_timer(self, asked: api.CancelTimerDecisionAttributes | None) -> None:
        timer_id = decision_checks.check_cancel_timer(asked)
        known = self._timers.get(timer_id, timer_id in self._run.state.timers)
        if known:
            self._timers[timer_id] = False
        elif timer_id not in self._taken_back and any(timers.is_buffered(e, timer_id) for e in self._run.buffered):
            self._taken_back.add(timer_id)
            self._waiting -= 1
            known = True
        if known:
            self.unhandled = self._waiting > 0
        self.steps.append(lambda tx, decided: timers.cancel(tx, timer_id, decided, self._identity))

    def _record_marker(self, asked: api.RecordMarkerDecisionAttributes | None) -> None:
        marker = decision_checks.check_marker(asked)
        if not self._too_large(marker.details, "RecordMarkerDecisionAttributes.Details"):
            self._write(EventType.MarkerRecorded, marker)

    def _start_child(self, asked: api.StartChildWorkflowExecutionDecisionAttributes | None) -> None:
        if asked is not None:
            self._checks.known_domain(asked.domain, "schedule child execution across domain")
        initiated = self._checks.child(asked)
        if self._too_large(initiated.input, "StartChildWorkflowExecutionDecisionAttributes.Input"):
            return

        def step(tx: Transaction, decided_id: int) -> None:
            initiated.decision_task_completed_event_id = decided_id
            event = tx.add(EventType.StartChildWorkflowExecutionInitiated, initiated)
            child = Child(
                initiated_id=event.event_id or 0,
                workflow_id=initiated.workflow_id or "",
                workflow_type=(initiated.workflow_type.name if initiated.workflow_type else "") or "",
                domain=initiated.domain or "",
                policy=int(initiated.parent_close_policy or 0),
                request_id=str(uuid.uuid4()),
            )
            tx.state.children[child.initiated_id] = child
            runs, run = tx.runs, tx.run
            tx.after(lambda: start_child(runs, run, child.initiated_id))

        self.steps.append(step)

    def _cancel_external(self, asked: api.RequestCancelExternalWorkflowExecutionDecisionAttributes | None) -> None:
        if asked is not None:
            self._checks.known_domain(asked.domain, "cancel workflow across domain:")
        initiated = self._checks.external_cancel(asked)

        def step(tx: Transaction, decided_id: int) -> None:
            initiated.decision_task_completed_event_id = decided_id
            externals.ask_cancel(tx, initiated)

        self.steps.append(step)

    def _signal_external(self, asked: api.SignalExternalWorkflowExecutionDecisionAttributes | None) -> None:
        if asked is not None:
            self._checks.known_domain(asked.domain, "signal workflow across domain:")
        initiated = self._checks.external_signal(asked)
        if self._too_large(initiated.input, "SignalExternalWorkflowExecutionDecisionAttributes.Input"):
            return

        def step(tx: Transaction, decided_id: int) -> None:
            initiated.decision_task_completed_event_id = decided_id
            externals.ask_signal(tx, initiated)

        self.steps.append(step)

    def _upsert(self, asked: api.UpsertWorkflowSearchAttributesDecisionAttributes | None) -> None:
        upserted = decision_checks.check_upsert(asked)
        fields = (upserted.search_attributes.indexed_fields if upserted.search_attributes else None) or {}
        size = b"".join([*(name.encode() for name in fields), *fields.values()])
        if self._too_large(size, "UpsertWorkflowSearchAttributesDecisionAttributes"):
            return
        self._write(EventType.UpsertWorkflowSearchAttributes, upserted)

        def show(tx: Transaction, decided_id: int) -> None:
            tx.state.search_attributes.update(fields)
            tx.after(lambda: tx.runs.show(tx.run) if tx.state.is_open else None)

        self.steps.append(show)

    # --- what ends it ---

    def _complete(self, asked: api.CompleteWorkflowExecutionDecisionAttributes) -> None:
        self._refuse_unhandled("complete workflow")
        result = asked.result
        if not self._too_large(result, "CompleteWorkflowExecutionDecisionAttributes.Result"):
            self._end(lambda tx, decided: continuing.complete_or_repeat(tx, result, decided))

    def _fail(self, asked: api.FailWorkflowExecutionDecisionAttributes) -> None:
        self._refuse_unhandled("complete workflow")
        if asked.reason is None:
            msg = "Reason is not set on decision."
            raise BadRequestError(msg)
        reason, details = asked.reason, asked.details
        if not self._too_large(details, "FailWorkflowExecutionDecisionAttributes.Details"):
            self._end(lambda tx, decided: continuing.fail_or_retry(tx, reason, details, decided))

    def _cancel(self, asked: api.CancelWorkflowExecutionDecisionAttributes) -> None:
        self._refuse_unhandled("process cancellation")
        details = asked.details
        self._end(lambda tx, decided: closing.cancel(tx, details, decided))

    def _continue_as_new(self, asked: api.ContinueAsNewWorkflowExecutionDecisionAttributes | None) -> None:
        self._refuse_unhandled("complete workflow")
        checked = self._checks.continue_as_new(asked)
        if not self._too_large(checked.input, "ContinueAsNewWorkflowExecutionDecisionAttributes. Input"):
            self._end(lambda tx, decided: continuing.continue_or_cancel(tx, checked, decided))

    # --- what they share ---

    def _write(self, kind: EventType, attributes: Any) -> None:
        def step(tx: Transaction, decided_id: int) -> None:
            attributes.decision_task_completed_event_id = decided_id
            tx.add(kind, attributes)

        self.steps.append(step)

    def _end(self, step: Step) -> None:
        """The step that ends the run; as on the real server, further ones of that kind are ignored."""
        if not self._closes:
            self._closes = True
            self.steps.append(step)

    def _refuse_unhandled(self, what: str) -> None:
        if self.unhandled:
            raise BadDecision(Cause.UNHANDLED_DECISION, _UNHANDLED.format(what))

    def _too_large(self, blob: bytes | None, what: str) -> bool:
        """End the run in place of what is too large; the decisions behind it are dropped."""
        if blob is None or len(blob) <= BLOB_LIMIT:
            return False
        details = f"{what} exceeds size limit.".encode()
        self._stops = True
        self._end(lambda tx, decided: closing.fail(tx, "DECISION_BLOB_SIZE_EXCEEDS_LIMIT", details, decided))
        return True


_HANDLERS: dict[int, tuple[Cause, str, Callable[[Plan, Any], None]]] = {
    DecisionType.ScheduleActivityTask: (
        Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
        "schedule_activity_task_decision_attributes",
        Plan._schedule_activity,
    ),
    DecisionType.RequestCancelActivityTask: (
        Cause.BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES,
        "request_cancel_activity_task_decision_attributes",
        Plan._cancel_activity,
    ),
    DecisionType.StartTimer: (
        Cause.BAD_START_TIMER_ATTRIBUTES,
        "start_timer_decision_attributes",
        Plan._start_timer,
    ),
    DecisionType.CancelTimer: (
        Cause.BAD_CANCEL_TIMER_ATTRIBUTES,
        "cancel_timer_decision_attributes",
        Plan._cancel_timer,
    ),
    DecisionType.RecordMarker: (
        Cause.BAD_RECORD_MARKER_ATTRIBUTES,
        "record_marker_decision_attributes",
        Plan._record_marker,
    ),
    DecisionType.StartChildWorkflowExecution: (
        Cause.BAD_START_CHILD_EXECUTION_ATTRIBUTES,
        "start_child_workflow_execution_decision_attributes",
        Plan._start_child,
    ),
    DecisionType.RequestCancelExternalWorkflowExecution: (
        Cause.BAD_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_ATTRIBUTES,
        "request_cancel_external_workflow_execution_decision_attributes",
        Plan._cancel_external,
    ),
    DecisionType.SignalExternalWorkflowExecution: (
        Cause.BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES,
        "signal_external_workflow_execution_decision_attributes",
        Plan._signal_external,
    ),
    DecisionType.UpsertWorkflowSearchAttributes: (
        Cause.BAD_SEARCH_ATTRIBUTES,
        "upsert_workflow_search_attributes_decision_attributes",
        Plan._upsert,
    ),
    DecisionType.CompleteWorkflowExecution: (
        Cause.BAD_COMPLETE_WORKFLOW_EXECUTION_ATTRIBUTES,
        "complete_workflow_execution_decision_attributes",
        Plan._complete,
    ),
    DecisionType.FailWorkflowExecution: (
        Cause.BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES,
        "fail_workflow_execution_decision_attributes",
        Plan._fail,
    ),
    DecisionType.CancelWorkflowExecution: (
        Cause.BAD_CANCEL_WORKFLOW_EXECUTION_ATTRIBUTES,
        "cancel_workflow_execution_decision_attributes",
        Plan._cancel,
    ),
    DecisionType.ContinueAsNewWorkflowExecution: (
        Cause.BAD_CONTINUE_AS_NEW_ATTRIBUTES,
        "continue_as_new_workflow_execution_decision_attributes",
        Plan._continue_as_new,
    ),
}
_ENDINGS = frozenset({Plan._complete, Plan._fail, Plan._cancel, Plan._continue_as_new})
