"""Histories and decision tasks of one run, built event by event as a frontend would write them."""

from __future__ import annotations

from typing import Any

from cadence import api
from cadence.api.enums import EventType

NOW_NS = 1_700_000_000 * 10**9


class RunHistory:
    """The history of one run; `task()` is what a poll brings."""

    def __init__(
        self, workflow_type: str, data: bytes | None = None, *, timeout: int = 10, run_id: str = "run"
    ) -> None:
        self.workflow_type = api.WorkflowType(name=workflow_type)
        self.execution = api.WorkflowExecution(workflow_id="workflow", run_id=run_id)
        self.events: list[api.HistoryEvent] = []
        self.started_id = 0
        self.completed_id = 0
        self.attempt = 0
        self.add(
            EventType.WorkflowExecutionStarted,
            workflow_execution_started_event_attributes=api.WorkflowExecutionStartedEventAttributes(
                workflow_type=self.workflow_type,
                task_list=api.TaskList(name="tests"),
                input=data,
                execution_start_to_close_timeout_seconds=60,
                task_start_to_close_timeout_seconds=timeout,
                original_execution_run_id=run_id,
                first_execution_run_id=run_id,
            ),
        )

    def add(self, event_type: EventType, **attributes: Any) -> int:
        """Add an event; returns its id."""
        event_id = len(self.events) + 1
        self.events.append(
            api.HistoryEvent(
                event_id=event_id, event_type=event_type, timestamp=NOW_NS + event_id * 10**9, **attributes
            )
        )
        return event_id

    def decision(self) -> None:
        """Schedule and start a decision."""
        scheduled = self.add(
            EventType.DecisionTaskScheduled,
            decision_task_scheduled_event_attributes=api.DecisionTaskScheduledEventAttributes(),
        )
        self.started_id = self.add(
            EventType.DecisionTaskStarted,
            decision_task_started_event_attributes=api.DecisionTaskStartedEventAttributes(scheduled_event_id=scheduled),
        )

    def completed(self) -> None:
        """Complete the decision that is started."""
        self.add(
            EventType.DecisionTaskCompleted,
            decision_task_completed_event_attributes=api.DecisionTaskCompletedEventAttributes(
                scheduled_event_id=self.started_id - 1, started_event_id=self.started_id
            ),
        )
        self.completed_id = self.started_id

    def failed(self) -> None:
        """Fail the decision that is started."""
        self.add(
            EventType.DecisionTaskFailed,
            decision_task_failed_event_attributes=api.DecisionTaskFailedEventAttributes(),
        )

    def signal(self, name: str, data: bytes | None = None) -> None:
        """Add a signal."""
        self.add(
            EventType.WorkflowExecutionSignaled,
            workflow_execution_signaled_event_attributes=api.WorkflowExecutionSignaledEventAttributes(
                signal_name=name, input=data
            ),
        )

    def marker(self, decision: api.Decision) -> None:
        """Add the marker that a decision asked for."""
        asked = decision.record_marker_decision_attributes
        assert asked is not None
        self.add(
            EventType.MarkerRecorded,
            marker_recorded_event_attributes=api.MarkerRecordedEventAttributes(
                marker_name=asked.marker_name, details=asked.details
            ),
        )

    def task(self, first: int = 1, *, token: bytes = b"token", **fields: Any) -> api.PollForDecisionTaskResponse:
        """Return the decision task with the events from `first` on."""
        return api.PollForDecisionTaskResponse(
            task_token=token,
            workflow_execution=self.execution,
            workflow_type=self.workflow_type,
            previous_started_event_id=self.completed_id,
            started_event_id=self.started_id,
            history=api.History(events=self.events[first - 1 :]),
            attempt=self.attempt,
            total_history_bytes=1000,
            **fields,
        )

    def query_task(self, name: str, first: int = 1, data: bytes | None = None) -> api.PollForDecisionTaskResponse:
        """Return a task that only asks."""
        task = self.task(first, query=api.WorkflowQuery(query_type=name, query_args=data))
        task.started_event_id = 0
        return task

    def answer(self) -> api.GetWorkflowExecutionHistoryResponse:
        """Return the whole history, as a page of it."""
        return api.GetWorkflowExecutionHistoryResponse(history=api.History(events=list(self.events)))
