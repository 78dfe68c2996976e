"""The event that holds one of the above, and the list of them.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import EventType
    from cadence.api.events_activity import (
        ActivityTaskCancelRequestedEventAttributes, ActivityTaskCanceledEventAttributes,
        ActivityTaskCompletedEventAttributes, ActivityTaskFailedEventAttributes, ActivityTaskScheduledEventAttributes,
        ActivityTaskStartedEventAttributes, ActivityTaskTimedOutEventAttributes, CancelTimerFailedEventAttributes,
        DecisionTaskCompletedEventAttributes, DecisionTaskFailedEventAttributes, DecisionTaskScheduledEventAttributes,
        DecisionTaskStartedEventAttributes, DecisionTaskTimedOutEventAttributes,
        RequestCancelActivityTaskFailedEventAttributes, TimerCanceledEventAttributes, TimerFiredEventAttributes,
        TimerStartedEventAttributes,
    )
    from cadence.api.events_external import (
        ChildWorkflowExecutionCanceledEventAttributes, ChildWorkflowExecutionCompletedEventAttributes,
        ChildWorkflowExecutionFailedEventAttributes, ChildWorkflowExecutionStartedEventAttributes,
        ChildWorkflowExecutionTerminatedEventAttributes, ChildWorkflowExecutionTimedOutEventAttributes,
        ExternalWorkflowExecutionCancelRequestedEventAttributes, ExternalWorkflowExecutionSignaledEventAttributes,
        RequestCancelExternalWorkflowExecutionFailedEventAttributes,
        RequestCancelExternalWorkflowExecutionInitiatedEventAttributes,
        SignalExternalWorkflowExecutionFailedEventAttributes, SignalExternalWorkflowExecutionInitiatedEventAttributes,
        StartChildWorkflowExecutionFailedEventAttributes, StartChildWorkflowExecutionInitiatedEventAttributes,
    )
    from cadence.api.events_workflow import (
        MarkerRecordedEventAttributes, UpsertWorkflowSearchAttributesEventAttributes,
        WorkflowExecutionCancelRequestedEventAttributes, WorkflowExecutionCanceledEventAttributes,
        WorkflowExecutionCompletedEventAttributes, WorkflowExecutionContinuedAsNewEventAttributes,
        WorkflowExecutionFailedEventAttributes, WorkflowExecutionSignaledEventAttributes,
        WorkflowExecutionStartedEventAttributes, WorkflowExecutionTerminatedEventAttributes,
        WorkflowExecutionTimedOutEventAttributes,
    )

__all__ = ("History", "HistoryEvent")


class HistoryEvent(Struct):
    """One event: id, time in nanoseconds, type, and the attributes of that type alone."""

    __slots__ = (
        "event_id", "timestamp", "event_type", "version", "task_id", "workflow_execution_started_event_attributes",
        "workflow_execution_completed_event_attributes", "workflow_execution_failed_event_attributes",
        "workflow_execution_timed_out_event_attributes", "decision_task_scheduled_event_attributes",
        "decision_task_started_event_attributes", "decision_task_completed_event_attributes",
        "decision_task_timed_out_event_attributes", "decision_task_failed_event_attributes",
        "activity_task_scheduled_event_attributes", "activity_task_started_event_attributes",
        "activity_task_completed_event_attributes", "activity_task_failed_event_attributes",
        "activity_task_timed_out_event_attributes", "timer_started_event_attributes", "timer_fired_event_attributes",
        "activity_task_cancel_requested_event_attributes", "request_cancel_activity_task_failed_event_attributes",
        "activity_task_canceled_event_attributes", "timer_canceled_event_attributes",
        "cancel_timer_failed_event_attributes", "marker_recorded_event_attributes",
        "workflow_execution_signaled_event_attributes", "workflow_execution_terminated_event_attributes",
        "workflow_execution_cancel_requested_event_attributes", "workflow_execution_canceled_event_attributes",
        "request_cancel_external_workflow_execution_initiated_event_attributes",
        "request_cancel_external_workflow_execution_failed_event_attributes",
        "external_workflow_execution_cancel_requested_event_attributes",
        "workflow_execution_continued_as_new_event_attributes",
        "start_child_workflow_execution_initiated_event_attributes",
        "start_child_workflow_execution_failed_event_attributes", "child_workflow_execution_started_event_attributes",
        "child_workflow_execution_completed_event_attributes", "child_workflow_execution_failed_event_attributes",
        "child_workflow_execution_canceled_event_attributes", "child_workflow_execution_timed_out_event_attributes",
        "child_workflow_execution_terminated_event_attributes",
        "signal_external_workflow_execution_initiated_event_attributes",
        "signal_external_workflow_execution_failed_event_attributes",
        "external_workflow_execution_signaled_event_attributes", "upsert_workflow_search_attributes_event_attributes",
    )
    _fields = (
        (10, "event_id", "i64"), (20, "timestamp", "i64"), (30, "event_type", "EventType"), (35, "version", "i64"),
        (36, "task_id", "i64"),
        (40, "workflow_execution_started_event_attributes", "WorkflowExecutionStartedEventAttributes"),
        (50, "workflow_execution_completed_event_attributes", "WorkflowExecutionCompletedEventAttributes"),
        (60, "workflow_execution_failed_event_attributes", "WorkflowExecutionFailedEventAttributes"),
        (70, "workflow_execution_timed_out_event_attributes", "WorkflowExecutionTimedOutEventAttributes"),
        (80, "decision_task_scheduled_event_attributes", "DecisionTaskScheduledEventAttributes"),
        (90, "decision_task_started_event_attributes", "DecisionTaskStartedEventAttributes"),
        (100, "decision_task_completed_event_attributes", "DecisionTaskCompletedEventAttributes"),
        (110, "decision_task_timed_out_event_attributes", "DecisionTaskTimedOutEventAttributes"),
        (120, "decision_task_failed_event_attributes", "DecisionTaskFailedEventAttributes"),
        (130, "activity_task_scheduled_event_attributes", "ActivityTaskScheduledEventAttributes"),
        (140, "activity_task_started_event_attributes", "ActivityTaskStartedEventAttributes"),
        (150, "activity_task_completed_event_attributes", "ActivityTaskCompletedEventAttributes"),
        (160, "activity_task_failed_event_attributes", "ActivityTaskFailedEventAttributes"),
        (170, "activity_task_timed_out_event_attributes", "ActivityTaskTimedOutEventAttributes"),
        (180, "timer_started_event_attributes", "TimerStartedEventAttributes"),
        (190, "timer_fired_event_attributes", "TimerFiredEventAttributes"),
        (200, "activity_task_cancel_requested_event_attributes", "ActivityTaskCancelRequestedEventAttributes"),
        (210, "request_cancel_activity_task_failed_event_attributes", "RequestCancelActivityTaskFailedEventAttributes"),
        (220, "activity_task_canceled_event_attributes", "ActivityTaskCanceledEventAttributes"),
        (230, "timer_canceled_event_attributes", "TimerCanceledEventAttributes"),
        (240, "cancel_timer_failed_event_attributes", "CancelTimerFailedEventAttributes"),
        (250, "marker_recorded_event_attributes", "MarkerRecordedEventAttributes"),
        (260, "workflow_execution_signaled_event_attributes", "WorkflowExecutionSignaledEventAttributes"),
        (270, "workflow_execution_terminated_event_attributes", "WorkflowExecutionTerminatedEventAttributes"),
        (280, "workflow_execution_cancel_requested_event_attributes", "WorkflowExecutionCancelRequestedEventAttributes"),
        (290, "workflow_execution_canceled_event_attributes", "WorkflowExecutionCanceledEventAttributes"),
        (300, "request_cancel_external_workflow_execution_initiated_event_attributes", "RequestCancelExternalWorkflowExecutionInitiatedEventAttributes"),
        (310, "request_cancel_external_workflow_execution_failed_event_attributes", "RequestCancelExternalWorkflowExecutionFailedEventAttributes"),
        (320, "external_workflow_execution_cancel_requested_event_attributes", "ExternalWorkflowExecutionCancelRequestedEventAttributes"),
        (330, "workflow_execution_continued_as_new_event_attributes", "WorkflowExecutionContinuedAsNewEventAttributes"),
        (340, "start_child_workflow_execution_initiated_event_attributes", "StartChildWorkflowExecutionInitiatedEventAttributes"),
        (350, "start_child_workflow_execution_failed_event_attributes", "StartChildWorkflowExecutionFailedEventAttributes"),
        (360, "child_workflow_execution_started_event_attributes", "ChildWorkflowExecutionStartedEventAttributes"),
        (370, "child_workflow_execution_completed_event_attributes", "ChildWorkflowExecutionCompletedEventAttributes"),
        (380, "child_workflow_execution_failed_event_attributes", "ChildWorkflowExecutionFailedEventAttributes"),
        (390, "child_workflow_execution_canceled_event_attributes", "ChildWorkflowExecutionCanceledEventAttributes"),
        (400, "child_workflow_execution_timed_out_event_attributes", "ChildWorkflowExecutionTimedOutEventAttributes"),
        (410, "child_workflow_execution_terminated_event_attributes", "ChildWorkflowExecutionTerminatedEventAttributes"),
        (420, "signal_external_workflow_execution_initiated_event_attributes", "SignalExternalWorkflowExecutionInitiatedEventAttributes"),
        (430, "signal_external_workflow_execution_failed_event_attributes", "SignalExternalWorkflowExecutionFailedEventAttributes"),
        (440, "external_workflow_execution_signaled_event_attributes", "ExternalWorkflowExecutionSignaledEventAttributes"),
        (450, "upsert_workflow_search_attributes_event_attributes", "UpsertWorkflowSearchAttributesEventAttributes"),
    )

    def __init__(
        self, event_id: int | None = None, timestamp: int | None = None, event_type: EventType | int | None = None,
        version: int | None = None, task_id: int | None = None,
        workflow_execution_started_event_attributes: WorkflowExecutionStartedEventAttributes | None = None,
        workflow_execution_completed_event_attributes: WorkflowExecutionCompletedEventAttributes | None = None,
        workflow_execution_failed_event_attributes: WorkflowExecutionFailedEventAttributes | None = None,
        workflow_execution_timed_out_event_attributes: WorkflowExecutionTimedOutEventAttributes | None = None,
        decision_task_scheduled_event_attributes: DecisionTaskScheduledEventAttributes | None = None,
        decision_task_started_event_attributes: DecisionTaskStartedEventAttributes | None = None,
        decision_task_completed_event_attributes: DecisionTaskCompletedEventAttributes | None = None,
        decision_task_timed_out_event_attributes: DecisionTaskTimedOutEventAttributes | None = None,
        decision_task_failed_event_attributes: DecisionTaskFailedEventAttributes | None = None,
        activity_task_scheduled_event_attributes: ActivityTaskScheduledEventAttributes | None = None,
        activity_task_started_event_attributes: ActivityTaskStartedEventAttributes | None = None,
        activity_task_completed_event_attributes: ActivityTaskCompletedEventAttributes | None = None,
        activity_task_failed_event_attributes: ActivityTaskFailedEventAttributes | None = None,
        activity_task_timed_out_event_attributes: ActivityTaskTimedOutEventAttributes | None = None,
        timer_started_event_attributes: TimerStartedEventAttributes | None = None,
        timer_fired_event_attributes: TimerFiredEventAttributes | None = None,
        activity_task_cancel_requested_event_attributes: ActivityTaskCancelRequestedEventAttributes | None = None,
        request_cancel_activity_task_failed_event_attributes: RequestCancelActivityTaskFailedEventAttributes | None = None,
        activity_task_canceled_event_attributes: ActivityTaskCanceledEventAttributes | None = None,
        timer_canceled_event_attributes: TimerCanceledEventAttributes | None = None,
        cancel_timer_failed_event_attributes: CancelTimerFailedEventAttributes | None = None,
        marker_recorded_event_attributes: MarkerRecordedEventAttributes | None = None,
        workflow_execution_signaled_event_attributes: WorkflowExecutionSignaledEventAttributes | None = None,
        workflow_execution_terminated_event_attributes: WorkflowExecutionTerminatedEventAttributes | None = None,
        workflow_execution_cancel_requested_event_attributes: WorkflowExecutionCancelRequestedEventAttributes | None = None,
        workflow_execution_canceled_event_attributes: WorkflowExecutionCanceledEventAttributes | None = None,
        request_cancel_external_workflow_execution_initiated_event_attributes: RequestCancelExternalWorkflowExecutionInitiatedEventAttributes | None = None,
        request_cancel_external_workflow_execution_failed_event_attributes: RequestCancelExternalWorkflowExecutionFailedEventAttributes | None = None,
        external_workflow_execution_cancel_requested_event_attributes: ExternalWorkflowExecutionCancelRequestedEventAttributes | None = None,
        workflow_execution_continued_as_new_event_attributes: WorkflowExecutionContinuedAsNewEventAttributes | None = None,
        start_child_workflow_execution_initiated_event_attributes: StartChildWorkflowExecutionInitiatedEventAttributes | None = None,
        start_child_workflow_execution_failed_event_attributes: StartChildWorkflowExecutionFailedEventAttributes | None = None,
        child_workflow_execution_started_event_attributes: ChildWorkflowExecutionStartedEventAttributes | None = None,
        child_workflow_execution_completed_event_attributes: ChildWorkflowExecutionCompletedEventAttributes | None = None,
        child_workflow_execution_failed_event_attributes: ChildWorkflowExecutionFailedEventAttributes | None = None,
        child_workflow_execution_canceled_event_attributes: ChildWorkflowExecutionCanceledEventAttributes | None = None,
        child_workflow_execution_timed_out_event_attributes: ChildWorkflowExecutionTimedOutEventAttributes | None = None,
        child_workflow_execution_terminated_event_attributes: ChildWorkflowExecutionTerminatedEventAttributes | None = None,
        signal_external_workflow_execution_initiated_event_attributes: SignalExternalWorkflowExecutionInitiatedEventAttributes | None = None,
        signal_external_workflow_execution_failed_event_attributes: SignalExternalWorkflowExecutionFailedEventAttributes | None = None,
        external_workflow_execution_signaled_event_attributes: ExternalWorkflowExecutionSignaledEventAttributes | None = None,
        upsert_workflow_search_attributes_event_attributes: UpsertWorkflowSearchAttributesEventAttributes | None = None,
    ) -> None:
        self.event_id = event_id
        self.timestamp = timestamp
        self.event_type = event_type
        self.version = version
        self.task_id = task_id
        self.workflow_execution_started_event_attributes = workflow_execution_started_event_attributes
        self.workflow_execution_completed_event_attributes = workflow_execution_completed_event_attributes
        self.workflow_execution_failed_event_attributes = workflow_execution_failed_event_attributes
        self.workflow_execution_timed_out_event_attributes = workflow_execution_timed_out_event_attributes
        self.decision_task_scheduled_event_attributes = decision_task_scheduled_event_attributes
        self.decision_task_started_event_attributes = decision_task_started_event_attributes
        self.decision_task_completed_event_attributes = decision_task_completed_event_attributes
        self.decision_task_timed_out_event_attributes = decision_task_timed_out_event_attributes
        self.decision_task_failed_event_attributes = decision_task_failed_event_attributes
        self.activity_task_scheduled_event_attributes = activity_task_scheduled_event_attributes
        self.activity_task_started_event_attributes = activity_task_started_event_attributes
        self.activity_task_completed_event_attributes = activity_task_completed_event_attributes
        self.activity_task_failed_event_attributes = activity_task_failed_event_attributes
        self.activity_task_timed_out_event_attributes = activity_task_timed_out_event_attributes
        self.timer_started_event_attributes = timer_started_event_attributes
        self.timer_fired_event_attributes = timer_fired_event_attributes
        self.activity_task_cancel_requested_event_attributes = activity_task_cancel_requested_event_attributes
        self.request_cancel_activity_task_failed_event_attributes = request_cancel_activity_task_failed_event_attributes
        self.activity_task_canceled_event_attributes = activity_task_canceled_event_attributes
        self.timer_canceled_event_attributes = timer_canceled_event_attributes
        self.cancel_timer_failed_event_attributes = cancel_timer_failed_event_attributes
        self.marker_recorded_event_attributes = marker_recorded_event_attributes
        self.workflow_execution_signaled_event_attributes = workflow_execution_signaled_event_attributes
        self.workflow_execution_terminated_event_attributes = workflow_execution_terminated_event_attributes
        self.workflow_execution_cancel_requested_event_attributes = workflow_execution_cancel_requested_event_attributes
        self.workflow_execution_canceled_event_attributes = workflow_execution_canceled_event_attributes
        self.request_cancel_external_workflow_execution_initiated_event_attributes = request_cancel_external_workflow_execution_initiated_event_attributes
        self.request_cancel_external_workflow_execution_failed_event_attributes = request_cancel_external_workflow_execution_failed_event_attributes
        self.external_workflow_execution_cancel_requested_event_attributes = external_workflow_execution_cancel_requested_event_attributes
        self.workflow_execution_continued_as_new_event_attributes = workflow_execution_continued_as_new_event_attributes
        self.start_child_workflow_execution_initiated_event_attributes = start_child_workflow_execution_initiated_event_attributes
        self.start_child_workflow_execution_failed_event_attributes = start_child_workflow_execution_failed_event_attributes
        self.child_workflow_execution_started_event_attributes = child_workflow_execution_started_event_attributes
        self.child_workflow_execution_completed_event_attributes = child_workflow_execution_completed_event_attributes
        self.child_workflow_execution_failed_event_attributes = child_workflow_execution_failed_event_attributes
        self.child_workflow_execution_canceled_event_attributes = child_workflow_execution_canceled_event_attributes
        self.child_workflow_execution_timed_out_event_attributes = child_workflow_execution_timed_out_event_attributes
        self.child_workflow_execution_terminated_event_attributes = child_workflow_execution_terminated_event_attributes
        self.signal_external_workflow_execution_initiated_event_attributes = signal_external_workflow_execution_initiated_event_attributes
        self.signal_external_workflow_execution_failed_event_attributes = signal_external_workflow_execution_failed_event_attributes
        self.external_workflow_execution_signaled_event_attributes = external_workflow_execution_signaled_event_attributes
        self.upsert_workflow_search_attributes_event_attributes = upsert_workflow_search_attributes_event_attributes


class History(Struct):
    """Events in order."""

    __slots__ = ("events",)
    _fields = ((10, "events", "list<HistoryEvent>"),)

    def __init__(self, events: list[HistoryEvent] | None = None) -> None:
        self.events = events
