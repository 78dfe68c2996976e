"""Names for numbers; a number that is not here stays a number.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from enum import IntEnum

__all__ = (
    "ArchivalStatus", "CancelExternalWorkflowExecutionFailedCause", "ChildWorkflowExecutionFailedCause",
    "ContinueAsNewInitiator", "CronOverlapPolicy", "CrossClusterTaskFailedCause", "CrossClusterTaskType",
    "DecisionTaskFailedCause", "DecisionTaskTimedOutCause", "DecisionType", "DomainStatus", "EncodingType",
    "EventType", "FailoverType", "GetTaskFailedCause", "HistoryEventFilterType", "IndexedValueType",
    "IsolationGroupState", "ParentClosePolicy", "PendingActivityState", "PendingDecisionState", "PredicateType",
    "QueryConsistencyLevel", "QueryRejectCondition", "QueryResultType", "QueryTaskCompletedType",
    "ScheduleCatchUpPolicy", "ScheduleOverlapPolicy", "SignalExternalWorkflowExecutionFailedCause", "TaskListKind",
    "TaskListType", "TimeoutType", "WorkflowExecutionCloseStatus", "WorkflowExecutionStatus", "WorkflowIdReusePolicy",
)


class WorkflowIdReusePolicy(IntEnum):
    """Whether a workflow id may be used again."""

    AllowDuplicateFailedOnly = 0
    AllowDuplicate = 1
    RejectDuplicate = 2
    TerminateIfRunning = 3


class DomainStatus(IntEnum):
    """State of a domain."""

    REGISTERED = 0
    DEPRECATED = 1
    DELETED = 2


class TimeoutType(IntEnum):
    """Which clock ran out."""

    START_TO_CLOSE = 0
    SCHEDULE_TO_START = 1
    SCHEDULE_TO_CLOSE = 2
    HEARTBEAT = 3


class ParentClosePolicy(IntEnum):
    """What happens to a child when its parent ends."""

    ABANDON = 0
    REQUEST_CANCEL = 1
    TERMINATE = 2


class DecisionType(IntEnum):
    """What a decision asks for."""

    ScheduleActivityTask = 0
    RequestCancelActivityTask = 1
    StartTimer = 2
    CompleteWorkflowExecution = 3
    FailWorkflowExecution = 4
    CancelTimer = 5
    CancelWorkflowExecution = 6
    RequestCancelExternalWorkflowExecution = 7
    RecordMarker = 8
    ContinueAsNewWorkflowExecution = 9
    StartChildWorkflowExecution = 10
    SignalExternalWorkflowExecution = 11
    UpsertWorkflowSearchAttributes = 12


class EventType(IntEnum):
    """What an event tells."""

    WorkflowExecutionStarted = 0
    WorkflowExecutionCompleted = 1
    WorkflowExecutionFailed = 2
    WorkflowExecutionTimedOut = 3
    DecisionTaskScheduled = 4
    DecisionTaskStarted = 5
    DecisionTaskCompleted = 6
    DecisionTaskTimedOut = 7
    DecisionTaskFailed = 8
    ActivityTaskScheduled = 9
    ActivityTaskStarted = 10
    ActivityTaskCompleted = 11
    ActivityTaskFailed = 12
    ActivityTaskTimedOut = 13
    ActivityTaskCancelRequested = 14
    RequestCancelActivityTaskFailed = 15
    ActivityTaskCanceled = 16
    TimerStarted = 17
    TimerFired = 18
    CancelTimerFailed = 19
    TimerCanceled = 20
    WorkflowExecutionCancelRequested = 21
    WorkflowExecutionCanceled = 22
    RequestCancelExternalWorkflowExecutionInitiated = 23
    RequestCancelExternalWorkflowExecutionFailed = 24
    ExternalWorkflowExecutionCancelRequested = 25
    MarkerRecorded = 26
    WorkflowExecutionSignaled = 27
    WorkflowExecutionTerminated = 28
    WorkflowExecutionContinuedAsNew = 29
    StartChildWorkflowExecutionInitiated = 30
    StartChildWorkflowExecutionFailed = 31
    ChildWorkflowExecutionStarted = 32
    ChildWorkflowExecutionCompleted = 33
    ChildWorkflowExecutionFailed = 34
    ChildWorkflowExecutionCanceled = 35
    ChildWorkflowExecutionTimedOut = 36
    ChildWorkflowExecutionTerminated = 37
    SignalExternalWorkflowExecutionInitiated = 38
    SignalExternalWorkflowExecutionFailed = 39
    ExternalWorkflowExecutionSignaled = 40
    UpsertWorkflowSearchAttributes = 41


class DecisionTaskFailedCause(IntEnum):
    """Why a decision task failed."""

    UNHANDLED_DECISION = 0
    BAD_SCHEDULE_ACTIVITY_ATTRIBUTES = 1
    BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES = 2
    BAD_START_TIMER_ATTRIBUTES = 3
    BAD_CANCEL_TIMER_ATTRIBUTES = 4
    BAD_RECORD_MARKER_ATTRIBUTES = 5
    BAD_COMPLETE_WORKFLOW_EXECUTION_ATTRIBUTES = 6
    BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES = 7
    BAD_CANCEL_WORKFLOW_EXECUTION_ATTRIBUTES = 8
    BAD_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_ATTRIBUTES = 9
    BAD_CONTINUE_AS_NEW_ATTRIBUTES = 10
    START_TIMER_DUPLICATE_ID = 11
    RESET_STICKY_TASKLIST = 12
    WORKFLOW_WORKER_UNHANDLED_FAILURE = 13
    BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES = 14
    BAD_START_CHILD_EXECUTION_ATTRIBUTES = 15
    FORCE_CLOSE_DECISION = 16
    FAILOVER_CLOSE_DECISION = 17
    BAD_SIGNAL_INPUT_SIZE = 18
    RESET_WORKFLOW = 19
    BAD_BINARY = 20
    SCHEDULE_ACTIVITY_DUPLICATE_ID = 21
    BAD_SEARCH_ATTRIBUTES = 22


class DecisionTaskTimedOutCause(IntEnum):
    TIMEOUT = 0
    RESET = 1


class CancelExternalWorkflowExecutionFailedCause(IntEnum):
    UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION = 0
    WORKFLOW_ALREADY_COMPLETED = 1


class SignalExternalWorkflowExecutionFailedCause(IntEnum):
    UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION = 0
    WORKFLOW_ALREADY_COMPLETED = 1


class ChildWorkflowExecutionFailedCause(IntEnum):
    WORKFLOW_ALREADY_RUNNING = 0


class WorkflowExecutionCloseStatus(IntEnum):
    """How a run ended."""

    COMPLETED = 0
    FAILED = 1
    CANCELED = 2
    TERMINATED = 3
    CONTINUED_AS_NEW = 4
    TIMED_OUT = 5


class WorkflowExecutionStatus(IntEnum):
    """State of a run."""

    PENDING = 0
    STARTED = 1
    COMPLETED = 2
    FAILED = 3
    CANCELED = 4
    TERMINATED = 5
    CONTINUED_AS_NEW = 6
    TIMED_OUT = 7


class QueryTaskCompletedType(IntEnum):
    """Whether a query-only task was answered."""

    COMPLETED = 0
    FAILED = 1


class QueryResultType(IntEnum):
    """Whether a query was answered."""

    ANSWERED = 0
    FAILED = 1


class PendingActivityState(IntEnum):
    """State of an open activity."""

    SCHEDULED = 0
    STARTED = 1
    CANCEL_REQUESTED = 2


class PendingDecisionState(IntEnum):
    """State of an open decision task."""

    SCHEDULED = 0
    STARTED = 1


class HistoryEventFilterType(IntEnum):
    """All events, or the closing one alone."""

    ALL_EVENT = 0
    CLOSE_EVENT = 1


class TaskListKind(IntEnum):
    """Shared list, private list of a worker, or a list that goes away with its host."""

    NORMAL = 0
    STICKY = 1
    EPHEMERAL = 2


class ArchivalStatus(IntEnum):
    """Whether closed runs are archived."""

    DISABLED = 0
    ENABLED = 1


class CronOverlapPolicy(IntEnum):
    """What a cron start does while the last run goes on."""

    SKIPPED = 0
    BUFFERONE = 1


class IndexedValueType(IntEnum):
    """Type of a search attribute."""

    STRING = 0
    KEYWORD = 1
    INT = 2
    DOUBLE = 3
    BOOL = 4
    DATETIME = 5


class EncodingType(IntEnum):
    """How a blob is written."""

    ThriftRW = 0
    JSON = 1


class QueryRejectCondition(IntEnum):
    """In which states of a run a query is refused."""

    NOT_OPEN = 0
    NOT_COMPLETED_CLEANLY = 1


class QueryConsistencyLevel(IntEnum):
    """Whether a query waits for what happened before it."""

    EVENTUAL = 0
    STRONG = 1


class ContinueAsNewInitiator(IntEnum):
    """Who started the next run: the code, a retry, or the calendar."""

    Decider = 0
    RetryPolicy = 1
    CronSchedule = 2


class TaskListType(IntEnum):
    """Decision or activity tasks."""

    Decision = 0
    Activity = 1


class CrossClusterTaskType(IntEnum):
    StartChildExecution = 0
    CancelExecution = 1
    SignalExecution = 2
    RecordChildWorkflowExecutionComplete = 3
    ApplyParentClosePolicy = 4


class CrossClusterTaskFailedCause(IntEnum):
    DOMAIN_NOT_ACTIVE = 0
    DOMAIN_NOT_EXISTS = 1
    WORKFLOW_ALREADY_RUNNING = 2
    WORKFLOW_NOT_EXISTS = 3
    WORKFLOW_ALREADY_COMPLETED = 4
    UNCATEGORIZED = 5


class GetTaskFailedCause(IntEnum):
    SERVICE_BUSY = 0
    TIMEOUT = 1
    SHARD_OWNERSHIP_LOST = 2
    UNCATEGORIZED = 3


class IsolationGroupState(IntEnum):
    INVALID = 0
    HEALTHY = 1
    DRAINED = 2


class FailoverType(IntEnum):
    INVALID = 0
    FORCE = 1
    GRACEFUL = 2


class PredicateType(IntEnum):
    Universal = 0
    Empty = 1
    DomainID = 2


class ScheduleOverlapPolicy(IntEnum):
    """What a schedule does while the last run goes on."""

    INVALID = 0
    SKIP_NEW = 1
    BUFFER = 2
    CONCURRENT = 3
    CANCEL_PREVIOUS = 4
    TERMINATE_PREVIOUS = 5


class ScheduleCatchUpPolicy(IntEnum):
    """What a schedule does about starts it missed."""

    INVALID = 0
    SKIP = 1
    ONE = 2
    ALL = 3
