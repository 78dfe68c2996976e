"""The last decision of a run: completed, failed, cancelled or continued as new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cadence import api
from cadence.api.enums import DecisionType, EventType
from cadence.converter.wire_options import (
    header_struct,
    memo_struct,
    retry_policy_struct,
    search_attributes_struct,
    whole_seconds,
)
from cadence.engine import determinism

if TYPE_CHECKING:
    from cadence.converter import DataConverter
    from cadence.engine.stacks import Place
    from cadence.workflow.commands import ContinueAsNew

__all__ = ("Completion", "canceled", "completed", "continued_as_new", "failed")


class Completion:
    """How a run ends."""

    __slots__ = ("_decision", "event_type", "place", "result")

    is_compared: ClassVar[bool] = True

    def __init__(self, event_type: EventType, decision: api.Decision, result: bytes | None = None) -> None:
        self.event_type = event_type
        self.result = result
        """The result's bytes, for comparisons."""
        self.place: Place | None = None
        self._decision = decision

    def describe(self) -> str:
        """Return it in a few words."""
        return _WORDS[self.event_type]

    def decision(self) -> api.Decision:
        """Return the decision that closes the run."""
        return self._decision

    def recorded(self, event: api.HistoryEvent) -> None:
        """Compare with the event that closed the run."""
        if event.event_type != self.event_type:
            raise determinism.mismatch(event, self)


_WORDS = {
    EventType.WorkflowExecutionCompleted: "the workflow's completion",
    EventType.WorkflowExecutionFailed: "the workflow's failure",
    EventType.WorkflowExecutionCanceled: "the workflow's cancellation",
    EventType.WorkflowExecutionContinuedAsNew: "the workflow's continue-as-new",
}


def completed(result: bytes | None) -> Completion:
    """It returned."""
    decision = api.Decision(
        decision_type=DecisionType.CompleteWorkflowExecution,
        complete_workflow_execution_decision_attributes=api.CompleteWorkflowExecutionDecisionAttributes(result=result),
    )
    return Completion(EventType.WorkflowExecutionCompleted, decision, result)


def failed(reason: str, details: bytes | None) -> Completion:
    """It raised."""
    decision = api.Decision(
        decision_type=DecisionType.FailWorkflowExecution,
        fail_workflow_execution_decision_attributes=api.FailWorkflowExecutionDecisionAttributes(
            reason=reason, details=details
        ),
    )
    return Completion(EventType.WorkflowExecutionFailed, decision)


def canceled(details: bytes | None) -> Completion:
    """It was cancelled and let it happen."""
    decision = api.Decision(
        decision_type=DecisionType.CancelWorkflowExecution,
        cancel_workflow_execution_decision_attributes=api.CancelWorkflowExecutionDecisionAttributes(details=details),
    )
    return Completion(EventType.WorkflowExecutionCanceled, decision)


def continued_as_new(
    command: ContinueAsNew, converter: DataConverter, started: api.WorkflowExecutionStartedEventAttributes
) -> Completion:
    """It goes on as another run; what isn't said is as in this one.

    Raises:
        ConversionError: An argument, memo or search attribute can't be encoded.
    """
    old: Any = started
    policy = retry_policy_struct(command.retry_policy) or old.retry_policy
    attributes = api.ContinueAsNewWorkflowExecutionDecisionAttributes(
        workflow_type=api.WorkflowType(name=command.workflow_type) if command.workflow_type else old.workflow_type,
        task_list=api.TaskList(name=command.task_list or old.task_list.name),
        input=converter.encode_arguments(command.arguments, place="continue_as_new"),
        execution_start_to_close_timeout_seconds=(
            whole_seconds(command.execution_start_to_close_timeout) or old.execution_start_to_close_timeout_seconds
        ),
        task_start_to_close_timeout_seconds=(
            whole_seconds(command.task_start_to_close_timeout) or old.task_start_to_close_timeout_seconds
        ),
        retry_policy=policy,
        cron_schedule=command.cron_schedule or old.cron_schedule or None,
        cron_overlap_policy=(
            old.cron_overlap_policy if command.cron_overlap_policy is None else command.cron_overlap_policy.value
        ),
        header=header_struct(command.headers, command.retry_policy) or old.header,
        memo=memo_struct(command.memo, converter) or old.memo,
        search_attributes=search_attributes_struct(command.search_attributes) or old.search_attributes,
    )
    decision = api.Decision(
        decision_type=DecisionType.ContinueAsNewWorkflowExecution,
        continue_as_new_workflow_execution_decision_attributes=attributes,
    )
    return Completion(EventType.WorkflowExecutionContinuedAsNew, decision)
