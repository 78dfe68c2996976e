"""Signals to other workflows and requests to cancel them: sent, then delivered or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cadence import api
from cadence.api.enums import (
    CancelExternalWorkflowExecutionFailedCause,
    DecisionType,
    SignalExternalWorkflowExecutionFailedCause,
)
from cadence.engine import determinism
from cadence.engine.machines.activity import is_plain
from cadence.engine.machines.base import Machine, State, Trigger
from cadence.exceptions import ExternalWorkflowError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cadence.engine.ledger import Ledger
    from cadence.engine.stacks import Place
    from cadence.workflow.commands import CancelExternalWorkflow, SignalExternalWorkflow

__all__ = ("External", "ExternalCancel", "ExternalSignal", "cancel_external", "signal_external")

_TRANSITIONS: Mapping[tuple[State, Trigger], State] = {
    (State.ASKED, Trigger.RECORDED): State.OPEN,
    (State.ASKED, Trigger.CANCEL): State.WITHDRAWN,
    (State.OPEN, Trigger.CLOSED): State.CLOSED,
    (State.OPEN, Trigger.CANCEL): State.OPEN,
}


class External(Machine):
    """What goes to another workflow. Its future completes when the server delivered it."""

    __slots__ = ("external_id",)

    TRANSITIONS: ClassVar[Mapping[tuple[State, Trigger], State]] = _TRANSITIONS

    def __init__(self, ledger: Ledger, place: Place | None, external_id: str) -> None:
        super().__init__(ledger, place)
        self.external_id = external_id

    def decision(self) -> api.Decision:
        """Return the decision that sends it."""
        raise NotImplementedError

    def delivered(self) -> None:
        """The other workflow has it."""
        self.advance(Trigger.CLOSED)
        if not self.future.done():
            self.future.set_result(None)

    def refused(self, cause: str, workflow_id: str, run_id: str) -> None:
        """The other workflow could not be reached."""
        self.advance(Trigger.CLOSED)
        message = f"{self.describe()} was not delivered: {cause}"
        self.fail(ExternalWorkflowError(message, workflow_id=workflow_id, run_id=run_id))

    def cancel(self, message: Any | None) -> bool:
        """Take it back if it was not sent; else only stop waiting."""
        if not self.ledger.is_over:
            self.ledger.check_open()
            if self.state is State.ASKED:
                self.ledger.withdraw(self)
            self.advance(Trigger.CANCEL)
        return self.future.cancel_now(message)

    def _open(self, event: api.HistoryEvent) -> None:
        self.advance(Trigger.RECORDED)
        self.ledger.externals[event.event_id or 0] = self


class ExternalSignal(External):
    """A signal to another workflow."""

    __slots__ = ("command", "input")

    def __init__(self, ledger: Ledger, place: Place | None, command: SignalExternalWorkflow, external_id: str) -> None:
        super().__init__(ledger, place, external_id)
        self.command = command
        self.input: bytes | None = None

    def describe(self) -> str:
        """Return it in a few words."""
        return f'signal "{self.command.signal_name}" to workflow {self.command.workflow_id}'

    def decision(self) -> api.Decision:
        """Return the decision."""
        command = self.command
        attributes = api.SignalExternalWorkflowExecutionDecisionAttributes(
            domain=command.domain or self.ledger.domain,
            execution=api.WorkflowExecution(workflow_id=command.workflow_id, run_id=command.run_id),
            signal_name=command.signal_name,
            input=self.input,
            control=self.external_id.encode(),
            child_workflow_only=command.child_workflow_only,
        )
        return api.Decision(
            decision_type=DecisionType.SignalExternalWorkflowExecution,
            signal_external_workflow_execution_decision_attributes=attributes,
        )

    def recorded(self, event: api.HistoryEvent) -> None:
        """Compare with the event that says that it will be sent."""
        attributes: Any = event.signal_external_workflow_execution_initiated_event_attributes
        command = self.command
        same = (
            attributes.signal_name == command.signal_name
            and attributes.workflow_execution.workflow_id == command.workflow_id
            and (not command.domain or attributes.domain == command.domain)
        )
        if not same:
            raise determinism.mismatch(event, self)
        self._open(event)
        self.input = None

    def failed(self, attributes: api.SignalExternalWorkflowExecutionFailedEventAttributes) -> None:
        """It was not delivered."""
        cause = _name(SignalExternalWorkflowExecutionFailedCause, attributes.cause)
        self.refused(cause, self.command.workflow_id, self.command.run_id)


class ExternalCancel(External):
    """A request to cancel another workflow, or a child."""

    __slots__ = ("command",)

    def __init__(self, ledger: Ledger, place: Place | None, command: CancelExternalWorkflow, external_id: str) -> None:
        super().__init__(ledger, place, external_id)
        self.command = command

    def describe(self) -> str:
        """Return it in a few words."""
        return f"cancellation of workflow {self.command.workflow_id}"

    def decision(self) -> api.Decision:
        """Return the decision."""
        command = self.command
        attributes = api.RequestCancelExternalWorkflowExecutionDecisionAttributes(
            domain=command.domain or self.ledger.domain,
            workflow_id=command.workflow_id,
            run_id=command.run_id or None,
            control=self.external_id.encode() or None,
            child_workflow_only=command.child_workflow_only,
        )
        return api.Decision(
            decision_type=DecisionType.RequestCancelExternalWorkflowExecution,
            request_cancel_external_workflow_execution_decision_attributes=attributes,
        )

    def recorded(self, event: api.HistoryEvent) -> None:
        """Compare with the event that says that it will be sent."""
        attributes: Any = event.request_cancel_external_workflow_execution_initiated_event_attributes
        command = self.command
        same = attributes.workflow_execution.workflow_id == command.workflow_id and (
            not command.domain or attributes.domain == command.domain
        )
        if not same:
            raise determinism.mismatch(event, self)
        self._open(event)

    def failed(self, attributes: api.RequestCancelExternalWorkflowExecutionFailedEventAttributes) -> None:
        """It was not delivered."""
        cause = _name(CancelExternalWorkflowExecutionFailedCause, attributes.cause)
        self.refused(cause, self.command.workflow_id, self.command.run_id)


def signal_external(ledger: Ledger, command: SignalExternalWorkflow, place: Place | None) -> ExternalSignal:
    """Ask for a signal to another workflow.

    Raises:
        ConversionError: An argument can't be encoded.
    """
    machine = ExternalSignal(ledger, place, command, ledger.next_id())
    if not (ledger.is_replaying and is_plain(command.arguments)):
        machine.input = ledger.converter.encode_arguments(command.arguments, place=f"signal {command.signal_name}")
    ledger.ask(machine)
    return machine


def cancel_external(ledger: Ledger, command: CancelExternalWorkflow, place: Place | None) -> ExternalCancel:
    """Ask for another workflow's cancellation. That of a child has no id, as in Go."""
    machine = ExternalCancel(ledger, place, command, "" if command.child_workflow_only else ledger.next_id())
    ledger.ask(machine)
    return machine


def _name(causes: Any, cause: int | None) -> str:
    try:
        return str(causes(cause).name).replace("_", " ").lower()
    except ValueError:
        return f"cause {cause}"
