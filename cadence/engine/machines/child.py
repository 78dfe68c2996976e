"""Child workflows: a start and an end to wait for, and a cancellation that must wait until the child has started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from cadence import api
from cadence.api.enums import ChildWorkflowExecutionFailedCause, DecisionType
from cadence.converter.failures import failure_text
from cadence.converter.wire_options import (
    header_struct,
    memo_struct,
    own_reason,
    retry_policy_struct,
    search_attributes_struct,
    whole_seconds,
)
from cadence.engine import determinism
from cadence.engine.loop import WorkflowFuture
from cadence.engine.machines.activity import is_plain, same_type, timeout_kind
from cadence.engine.machines.base import Machine, State, Trigger
from cadence.engine.machines.external import ExternalCancel
from cadence.exceptions import (
    ChildWorkflowAlreadyStartedError,
    ChildWorkflowCanceledError,
    ChildWorkflowError,
    ChildWorkflowFailedError,
    ChildWorkflowTerminatedError,
    ChildWorkflowTimedOutError,
    ConversionError,
)
from cadence.workflow.commands import CancelExternalWorkflow, CancellationType
from cadence.workflow.runtime import ChildStarted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cadence.engine.ledger import Ledger
    from cadence.engine.stacks import Place
    from cadence.workflow.commands import StartChildWorkflow

    ErrorT = TypeVar("ErrorT", bound=ChildWorkflowError)

__all__ = ("Child", "start_child")


class Child(Machine):
    """One child. `future` brings `ChildStarted`, whose result is `result`."""

    __slots__ = ("command", "input", "memo", "result", "run_id", "search_attributes", "workflow_id")

    TRANSITIONS: ClassVar[Mapping[tuple[State, Trigger], State]] = {
        (State.ASKED, Trigger.RECORDED): State.OPEN,
        (State.ASKED, Trigger.CANCEL): State.WITHDRAWN,
        (State.ASKED, Trigger.REFUSED): State.CLOSED,
        (State.OPEN, Trigger.REFUSED): State.CLOSED,
        (State.OPEN, Trigger.STARTED): State.STARTED,
        (State.OPEN, Trigger.CANCEL): State.CANCELLING,
        (State.STARTED, Trigger.CANCEL): State.CANCELLING,
        (State.STARTED, Trigger.CLOSED): State.CLOSED,
        (State.CANCELLING, Trigger.STARTED): State.CANCELLING,
        (State.CANCELLING, Trigger.REFUSED): State.CLOSED,
        (State.CANCELLING, Trigger.CLOSED): State.CLOSED,
    }

    def __init__(self, ledger: Ledger, place: Place | None, command: StartChildWorkflow, workflow_id: str) -> None:
        super().__init__(ledger, place)
        self.command = command
        self.workflow_id = workflow_id
        self.run_id = ""
        self.input: bytes | None = None
        self.memo: api.Memo | None = None
        self.search_attributes: api.SearchAttributes | None = None
        self.result: WorkflowFuture[Any] = WorkflowFuture(ledger.loop, self.cancel_result)

    def describe(self) -> str:
        """Return it in a few words."""
        return f'child workflow "{self.command.workflow_type}" (id {self.workflow_id})'

    def decision(self) -> api.Decision:
        """Return the decision that starts it."""
        command = self.command
        return api.Decision(
            decision_type=DecisionType.StartChildWorkflowExecution,
            start_child_workflow_execution_decision_attributes=api.StartChildWorkflowExecutionDecisionAttributes(
                domain=command.domain or self.ledger.domain,
                workflow_id=self.workflow_id,
                workflow_type=api.WorkflowType(name=command.workflow_type),
                task_list=api.TaskList(name=command.task_list or self.ledger.task_list),
                input=self.input,
                execution_start_to_close_timeout_seconds=whole_seconds(command.execution_start_to_close_timeout),
                task_start_to_close_timeout_seconds=whole_seconds(command.task_start_to_close_timeout),
                parent_close_policy=command.parent_close_policy.value,
                workflow_id_reuse_policy=command.workflow_id_reuse_policy.value,
                retry_policy=retry_policy_struct(command.retry_policy),
                cron_schedule=command.cron_schedule or None,
                cron_overlap_policy=None if command.cron_overlap_policy is None else command.cron_overlap_policy.value,
                header=header_struct(command.headers, command.retry_policy),
                memo=self.memo,
                search_attributes=self.search_attributes,
            ),
        )

    def encode(self) -> None:
        """Make the bytes that go with the start."""
        command, converter = self.command, self.ledger.converter
        what = f"child workflow {command.workflow_type}"
        self.input = converter.encode_arguments(command.arguments, place=what)
        self.memo = memo_struct(command.memo, converter)
        self.search_attributes = search_attributes_struct(command.search_attributes)

    def recorded(self, event: api.HistoryEvent) -> None:
        """Compare with the event that says that it will be started."""
        attributes: Any = event.start_child_workflow_execution_initiated_event_attributes
        other_id = self.command.workflow_id is not None and attributes.workflow_id != self.workflow_id
        if other_id or not same_type(attributes.workflow_type.name, self.command.workflow_type):
            raise determinism.mismatch(event, self)
        self.advance(Trigger.RECORDED)
        self.workflow_id = attributes.workflow_id
        self.input = self.memo = self.search_attributes = None
        self.ledger.children[event.event_id or 0] = self

    def started(self, attributes: api.ChildWorkflowExecutionStartedEventAttributes) -> None:
        """Its run began."""
        self.advance(Trigger.STARTED)
        execution = attributes.workflow_execution
        self.run_id = (execution.run_id if execution is not None else None) or ""
        if not self.future.done():
            self.future.set_result(ChildStarted(self.workflow_id, self.run_id, self.result))
        if self.state is State.CANCELLING:
            # In its turn: asked for now, it would be compared with the decisions before this event.
            self.ledger.loop.call_soon(self._ask_cancellation)

    def not_started(self, attributes: api.StartChildWorkflowExecutionFailedEventAttributes) -> None:
        """The server could not start it."""
        self.advance(Trigger.REFUSED)
        cause = attributes.cause
        known = cause == ChildWorkflowExecutionFailedCause.WORKFLOW_ALREADY_RUNNING
        message = "a workflow with this id runs already, or the id may not be used again" if known else f"cause {cause}"
        self.fail(self._error(ChildWorkflowAlreadyStartedError, message))

    def completed(self, attributes: api.ChildWorkflowExecutionCompletedEventAttributes) -> None:
        """It has a result."""
        self.advance(Trigger.CLOSED)
        if self.result.done():
            return
        try:
            value = self.ledger.converter.decode_value(attributes.result, self.command.result_type)
        except ConversionError as error:
            place = f"result of {self.describe()}"
            self._fail_result(ConversionError(error.message, place=place, hint=error.hint))
            return
        self.result.set_result(value)

    def failed(self, attributes: api.ChildWorkflowExecutionFailedEventAttributes) -> None:
        """Its code raised."""
        self.advance(Trigger.CLOSED)
        cause = self.ledger.converter.decode_failure(attributes.reason, attributes.details)
        error = self._error(ChildWorkflowFailedError, failure_text(cause) or attributes.reason or "")
        error.reason = own_reason(attributes.reason, cause)
        error.__cause__ = cause
        self._fail_result(error)

    def timed_out(self, attributes: api.ChildWorkflowExecutionTimedOutEventAttributes) -> None:
        """It ran too long."""
        self.advance(Trigger.CLOSED)
        error = self._error(ChildWorkflowTimedOutError)
        error.kind = timeout_kind(attributes.timeout_type)
        self._fail_result(error)

    def canceled(self, attributes: api.ChildWorkflowExecutionCanceledEventAttributes) -> None:
        """It was cancelled and let it happen."""
        error = self._error(ChildWorkflowCanceledError)
        error.details = self.ledger.converter.decode_details(attributes.details)
        waits = self.state is State.CANCELLING
        self.advance(Trigger.CLOSED)
        if waits and not self.result.done():
            self.result.cancel_at_last(error.details)  # the code waits for its own cancellation to come through
        else:
            self._fail_result(error)

    def terminated(self, _attributes: api.ChildWorkflowExecutionTerminatedEventAttributes) -> None:
        """It was terminated."""
        self.advance(Trigger.CLOSED)
        self._fail_result(self._error(ChildWorkflowTerminatedError))

    def cancel(self, message: Any | None) -> bool:
        """Cancel the wait for its start, as its start said."""
        return self._cancel(self.future, message)

    def cancel_result(self, message: Any | None) -> bool:
        """Cancel the wait for its end, as its start said."""
        return self._cancel(self.result, message)

    def _cancel(self, future: WorkflowFuture[Any], message: Any | None) -> bool:
        if self.ledger.is_over:
            return future.cancel_now(message)
        self.ledger.check_open()
        kind = self.command.cancellation_type
        if self.state is State.ASKED:
            self.advance(Trigger.CANCEL)
            self.ledger.withdraw(self)
            return future.cancel_now(message)
        if kind is CancellationType.ABANDON:
            return future.cancel_now(message)
        if self.state in {State.OPEN, State.STARTED}:
            has_started = self.state is State.STARTED
            self.advance(Trigger.CANCEL)
            if has_started:
                self._ask_cancellation()
        waits = kind is CancellationType.WAIT_CANCELLATION_COMPLETED and future is self.result
        return True if waits else future.cancel_now(message)

    def _ask_cancellation(self) -> None:
        if self.state is State.CLOSED:
            return
        command = CancelExternalWorkflow(
            workflow_id=self.workflow_id, domain=self.command.domain, child_workflow_only=True
        )
        self.ledger.ask(ExternalCancel(self.ledger, self.place, command, ""))

    def _fail_result(self, error: BaseException) -> None:
        if not self.result.done():
            self.result.set_exception(error)
            self.result._log_traceback = False  # a handle that was dropped is no mistake

    def _error(self, kind: type[ErrorT], message: str = "") -> ErrorT:
        return kind(message, workflow_id=self.workflow_id, run_id=self.run_id, workflow_type=self.command.workflow_type)


def start_child(ledger: Ledger, command: StartChildWorkflow, place: Place | None) -> Child:
    """Ask for a child.

    Raises:
        ConversionError: An argument, memo or search attribute can't be encoded.
    """
    workflow_id = command.workflow_id
    if workflow_id is None:
        workflow_id = f"{ledger.id_prefix}_{ledger.next_id()}"
    machine = Child(ledger, place, command, workflow_id)
    if not (ledger.is_replaying and is_plain(command.arguments) and not command.memo and not command.search_attributes):
        machine.encode()
    ledger.ask(machine)
    return machine
