"""What happened to decision tasks, activity tasks and timers.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import DecisionTaskFailedCause, DecisionTaskTimedOutCause, TimeoutType
    from cadence.api.parts import ActivityType, Header, RetryPolicy, TaskList

__all__ = (
    "ActivityTaskCancelRequestedEventAttributes", "ActivityTaskCanceledEventAttributes",
    "ActivityTaskCompletedEventAttributes", "ActivityTaskFailedEventAttributes",
    "ActivityTaskScheduledEventAttributes", "ActivityTaskStartedEventAttributes",
    "ActivityTaskTimedOutEventAttributes", "CancelTimerFailedEventAttributes", "DecisionTaskCompletedEventAttributes",
    "DecisionTaskFailedEventAttributes", "DecisionTaskScheduledEventAttributes", "DecisionTaskStartedEventAttributes",
    "DecisionTaskTimedOutEventAttributes", "RequestCancelActivityTaskFailedEventAttributes",
    "TimerCanceledEventAttributes", "TimerFiredEventAttributes", "TimerStartedEventAttributes",
)


class DecisionTaskScheduledEventAttributes(Struct):
    """A decision task was put on its list."""

    __slots__ = ("task_list", "start_to_close_timeout_seconds", "attempt")
    _fields = ((10, "task_list", "TaskList"), (20, "start_to_close_timeout_seconds", "i32"), (30, "attempt", "i64"))

    def __init__(
        self, task_list: TaskList | None = None, start_to_close_timeout_seconds: int | None = None,
        attempt: int | None = None,
    ) -> None:
        self.task_list = task_list
        self.start_to_close_timeout_seconds = start_to_close_timeout_seconds
        self.attempt = attempt


class DecisionTaskStartedEventAttributes(Struct):
    """A worker took the decision task."""

    __slots__ = ("scheduled_event_id", "identity", "request_id")
    _fields = ((10, "scheduled_event_id", "i64"), (20, "identity", "string"), (30, "request_id", "string"))

    def __init__(
        self, scheduled_event_id: int | None = None, identity: str | None = None, request_id: str | None = None,
    ) -> None:
        self.scheduled_event_id = scheduled_event_id
        self.identity = identity
        self.request_id = request_id


class DecisionTaskCompletedEventAttributes(Struct):
    """The worker answered with decisions."""

    __slots__ = ("execution_context", "scheduled_event_id", "started_event_id", "identity", "binary_checksum")
    _fields = (
        (10, "execution_context", "binary"), (20, "scheduled_event_id", "i64"), (30, "started_event_id", "i64"),
        (40, "identity", "string"), (50, "binary_checksum", "string"),
    )

    def __init__(
        self, execution_context: bytes | None = None, scheduled_event_id: int | None = None,
        started_event_id: int | None = None, identity: str | None = None, binary_checksum: str | None = None,
    ) -> None:
        self.execution_context = execution_context
        self.scheduled_event_id = scheduled_event_id
        self.started_event_id = started_event_id
        self.identity = identity
        self.binary_checksum = binary_checksum


class DecisionTaskTimedOutEventAttributes(Struct):
    """Nobody answered the decision task in time."""

    __slots__ = (
        "scheduled_event_id", "started_event_id", "timeout_type", "base_run_id", "new_run_id", "fork_event_version",
        "reason", "cause", "request_id",
    )
    _fields = (
        (10, "scheduled_event_id", "i64"), (20, "started_event_id", "i64"), (30, "timeout_type", "TimeoutType"),
        (40, "base_run_id", "string"), (50, "new_run_id", "string"), (60, "fork_event_version", "i64"),
        (70, "reason", "string"), (80, "cause", "DecisionTaskTimedOutCause"), (90, "request_id", "string"),
    )

    def __init__(
        self, scheduled_event_id: int | None = None, started_event_id: int | None = None,
        timeout_type: TimeoutType | int | None = None, base_run_id: str | None = None, new_run_id: str | None = None,
        fork_event_version: int | None = None, reason: str | None = None,
        cause: DecisionTaskTimedOutCause | int | None = None, request_id: str | None = None,
    ) -> None:
        self.scheduled_event_id = scheduled_event_id
        self.started_event_id = started_event_id
        self.timeout_type = timeout_type
        self.base_run_id = base_run_id
        self.new_run_id = new_run_id
        self.fork_event_version = fork_event_version
        self.reason = reason
        self.cause = cause
        self.request_id = request_id


class DecisionTaskFailedEventAttributes(Struct):
    """The worker, or the server's checks, refused the decision task."""

    __slots__ = (
        "scheduled_event_id", "started_event_id", "cause", "details", "identity", "reason", "base_run_id",
        "new_run_id", "fork_event_version", "binary_checksum", "request_id",
    )
    _fields = (
        (10, "scheduled_event_id", "i64"), (20, "started_event_id", "i64"), (30, "cause", "DecisionTaskFailedCause"),
        (35, "details", "binary"), (40, "identity", "string"), (50, "reason", "string"),
        (60, "base_run_id", "string"), (70, "new_run_id", "string"), (80, "fork_event_version", "i64"),
        (90, "binary_checksum", "string"), (100, "request_id", "string"),
    )

    def __init__(
        self, scheduled_event_id: int | None = None, started_event_id: int | None = None,
        cause: DecisionTaskFailedCause | int | None = None, details: bytes | None = None, identity: str | None = None,
        reason: str | None = None, base_run_id: str | None = None, new_run_id: str | None = None,
        fork_event_version: int | None = None, binary_checksum: str | None = None, request_id: str | None = None,
    ) -> None:
        self.scheduled_event_id = scheduled_event_id
        self.started_event_id = started_event_id
        self.cause = cause
        self.details = details
        self.identity = identity
        self.reason = reason
        self.base_run_id = base_run_id
        self.new_run_id = new_run_id
        self.fork_event_version = fork_event_version
        self.binary_checksum = binary_checksum
        self.request_id = request_id


class ActivityTaskScheduledEventAttributes(Struct):
    """An activity was put on its list."""

    __slots__ = (
        "activity_id", "activity_type", "domain", "task_list", "input", "schedule_to_close_timeout_seconds",
        "schedule_to_start_timeout_seconds", "start_to_close_timeout_seconds", "heartbeat_timeout_seconds",
        "decision_task_completed_event_id", "retry_policy", "header",
    )
    _fields = (
        (10, "activity_id", "string"), (20, "activity_type", "ActivityType"), (25, "domain", "string"),
        (30, "task_list", "TaskList"), (40, "input", "binary"), (45, "schedule_to_close_timeout_seconds", "i32"),
        (50, "schedule_to_start_timeout_seconds", "i32"), (55, "start_to_close_timeout_seconds", "i32"),
        (60, "heartbeat_timeout_seconds", "i32"), (90, "decision_task_completed_event_id", "i64"),
        (110, "retry_policy", "RetryPolicy"), (120, "header", "Header"),
    )

    def __init__(
        self, activity_id: str | None = None, activity_type: ActivityType | None = None, domain: str | None = None,
        task_list: TaskList | None = None, input: bytes | None = None,
        schedule_to_close_timeout_seconds: int | None = None, schedule_to_start_timeout_seconds: int | None = None,
        start_to_close_timeout_seconds: int | None = None, heartbeat_timeout_seconds: int | None = None,
        decision_task_completed_event_id: int | None = None, retry_policy: RetryPolicy | None = None,
        header: Header | None = None,
    ) -> None:
        self.activity_id = activity_id
        self.activity_type = activity_type
        self.domain = domain
        self.task_list = task_list
        self.input = input
        self.schedule_to_close_timeout_seconds = schedule_to_close_timeout_seconds
        self.schedule_to_start_timeout_seconds = schedule_to_start_timeout_seconds
        self.start_to_close_timeout_seconds = start_to_close_timeout_seconds
        self.heartbeat_timeout_seconds = heartbeat_timeout_seconds
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.retry_policy = retry_policy
        self.header = header


class ActivityTaskStartedEventAttributes(Struct):
    """A worker took the activity; written when the activity closes."""

    __slots__ = (
        "scheduled_event_id", "identity", "request_id", "attempt", "last_failure_reason", "last_failure_details",
    )
    _fields = (
        (10, "scheduled_event_id", "i64"), (20, "identity", "string"), (30, "request_id", "string"),
        (40, "attempt", "i32"), (50, "last_failure_reason", "string"), (60, "last_failure_details", "binary"),
    )

    def __init__(
        self, scheduled_event_id: int | None = None, identity: str | None = None, request_id: str | None = None,
        attempt: int | None = None, last_failure_reason: str | None = None, last_failure_details: bytes | None = None,
    ) -> None:
        self.scheduled_event_id = scheduled_event_id
        self.identity = identity
        self.request_id = request_id
        self.attempt = attempt
        self.last_failure_reason = last_failure_reason
        self.last_failure_details = last_failure_details


class ActivityTaskCompletedEventAttributes(Struct):
    """The activity returned."""

    __slots__ = ("result", "scheduled_event_id", "started_event_id", "identity")
    _fields = (
        (10, "result", "binary"), (20, "scheduled_event_id", "i64"), (30, "started_event_id", "i64"),
        (40, "identity", "string"),
    )

    def __init__(
        self, result: bytes | None = None, scheduled_event_id: int | None = None, started_event_id: int | None = None,
        identity: str | None = None,
    ) -> None:
        self.result = result
        self.scheduled_event_id = scheduled_event_id
        self.started_event_id = started_event_id
        self.identity = identity


class ActivityTaskFailedEventAttributes(Struct):
    """The activity raised, and no retry is left."""

    __slots__ = ("reason", "details", "scheduled_event_id", "started_event_id", "identity")
    _fields = (
        (10, "reason", "string"), (20, "details", "binary"), (30, "scheduled_event_id", "i64"),
        (40, "started_event_id", "i64"), (50, "identity", "string"),
    )

    def __init__(
        self, reason: str | None = None, details: bytes | None = None, scheduled_event_id: int | None = None,
        started_event_id: int | None = None, identity: str | None = None,
    ) -> None:
        self.reason = reason
        self.details = details
        self.scheduled_event_id = scheduled_event_id
        self.started_event_id = started_event_id
        self.identity = identity


class ActivityTaskTimedOutEventAttributes(Struct):
    """One of the activity's timeouts passed, and no retry is left."""

    __slots__ = (
        "details", "scheduled_event_id", "started_event_id", "timeout_type", "last_failure_reason",
        "last_failure_details",
    )
    _fields = (
        (5, "details", "binary"), (10, "scheduled_event_id", "i64"), (20, "started_event_id", "i64"),
        (30, "timeout_type", "TimeoutType"), (40, "last_failure_reason", "string"),
        (50, "last_failure_details", "binary"),
    )

    def __init__(
        self, details: bytes | None = None, scheduled_event_id: int | None = None,
        started_event_id: int | None = None, timeout_type: TimeoutType | int | None = None,
        last_failure_reason: str | None = None, last_failure_details: bytes | None = None,
    ) -> None:
        self.details = details
        self.scheduled_event_id = scheduled_event_id
        self.started_event_id = started_event_id
        self.timeout_type = timeout_type
        self.last_failure_reason = last_failure_reason
        self.last_failure_details = last_failure_details


class ActivityTaskCancelRequestedEventAttributes(Struct):
    """The run asked for the activity's cancellation."""

    __slots__ = ("activity_id", "decision_task_completed_event_id")
    _fields = ((10, "activity_id", "string"), (20, "decision_task_completed_event_id", "i64"))

    def __init__(self, activity_id: str | None = None, decision_task_completed_event_id: int | None = None) -> None:
        self.activity_id = activity_id
        self.decision_task_completed_event_id = decision_task_completed_event_id


class RequestCancelActivityTaskFailedEventAttributes(Struct):
    """The activity to cancel is not known."""

    __slots__ = ("activity_id", "cause", "decision_task_completed_event_id")
    _fields = (
        (10, "activity_id", "string"), (20, "cause", "string"), (30, "decision_task_completed_event_id", "i64"),
    )

    def __init__(
        self, activity_id: str | None = None, cause: str | None = None,
        decision_task_completed_event_id: int | None = None,
    ) -> None:
        self.activity_id = activity_id
        self.cause = cause
        self.decision_task_completed_event_id = decision_task_completed_event_id


class ActivityTaskCanceledEventAttributes(Struct):
    """The activity stopped because it was asked to."""

    __slots__ = ("details", "latest_cancel_requested_event_id", "scheduled_event_id", "started_event_id", "identity")
    _fields = (
        (10, "details", "binary"), (20, "latest_cancel_requested_event_id", "i64"), (30, "scheduled_event_id", "i64"),
        (40, "started_event_id", "i64"), (50, "identity", "string"),
    )

    def __init__(
        self, details: bytes | None = None, latest_cancel_requested_event_id: int | None = None,
        scheduled_event_id: int | None = None, started_event_id: int | None = None, identity: str | None = None,
    ) -> None:
        self.details = details
        self.latest_cancel_requested_event_id = latest_cancel_requested_event_id
        self.scheduled_event_id = scheduled_event_id
        self.started_event_id = started_event_id
        self.identity = identity


class TimerStartedEventAttributes(Struct):
    """A timer runs."""

    __slots__ = ("timer_id", "start_to_fire_timeout_seconds", "decision_task_completed_event_id")
    _fields = (
        (10, "timer_id", "string"), (20, "start_to_fire_timeout_seconds", "i64"),
        (30, "decision_task_completed_event_id", "i64"),
    )

    def __init__(
        self, timer_id: str | None = None, start_to_fire_timeout_seconds: int | None = None,
        decision_task_completed_event_id: int | None = None,
    ) -> None:
        self.timer_id = timer_id
        self.start_to_fire_timeout_seconds = start_to_fire_timeout_seconds
        self.decision_task_completed_event_id = decision_task_completed_event_id


class TimerFiredEventAttributes(Struct):
    """A timer's time has come."""

    __slots__ = ("timer_id", "started_event_id")
    _fields = ((10, "timer_id", "string"), (20, "started_event_id", "i64"))

    def __init__(self, timer_id: str | None = None, started_event_id: int | None = None) -> None:
        self.timer_id = timer_id
        self.started_event_id = started_event_id


class TimerCanceledEventAttributes(Struct):
    """A timer was taken back."""

    __slots__ = ("timer_id", "started_event_id", "decision_task_completed_event_id", "identity")
    _fields = (
        (10, "timer_id", "string"), (20, "started_event_id", "i64"), (30, "decision_task_completed_event_id", "i64"),
        (40, "identity", "string"),
    )

    def __init__(
        self, timer_id: str | None = None, started_event_id: int | None = None,
        decision_task_completed_event_id: int | None = None, identity: str | None = None,
    ) -> None:
        self.timer_id = timer_id
        self.started_event_id = started_event_id
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.identity = identity


class CancelTimerFailedEventAttributes(Struct):
    """The timer to take back is not known."""

    __slots__ = ("timer_id", "cause", "decision_task_completed_event_id", "identity")
    _fields = (
        (10, "timer_id", "string"), (20, "cause", "string"), (30, "decision_task_completed_event_id", "i64"),
        (40, "identity", "string"),
    )

    def __init__(
        self, timer_id: str | None = None, cause: str | None = None,
        decision_task_completed_event_id: int | None = None, identity: str | None = None,
    ) -> None:
        self.timer_id = timer_id
        self.cause = cause
        self.decision_task_completed_event_id = decision_task_completed_event_id
        self.identity = identity
