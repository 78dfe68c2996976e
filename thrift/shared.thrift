// What Cadence clients and servers say to each other: enums, errors and structs.
//
// This file is the source of truth: edit it by hand, then run `python thrift/generate.py`, which writes cadence/api/.
// Numbers, types and names are the wire's and must not change. A comment right above a definition becomes the class's
// docstring. `@module` starts a module of cadence/api/.

namespace py shared

// ====================================================================================================
// @module enums: names for numbers; a number that is not here stays a number
// ====================================================================================================

// Whether a workflow id may be used again.
enum WorkflowIdReusePolicy {
  AllowDuplicateFailedOnly = 0
  AllowDuplicate = 1
  RejectDuplicate = 2
  TerminateIfRunning = 3
}

// State of a domain.
enum DomainStatus {
  REGISTERED = 0
  DEPRECATED = 1
  DELETED = 2
}

// Which clock ran out.
enum TimeoutType {
  START_TO_CLOSE = 0
  SCHEDULE_TO_START = 1
  SCHEDULE_TO_CLOSE = 2
  HEARTBEAT = 3
}

// What happens to a child when its parent ends.
enum ParentClosePolicy {
  ABANDON = 0
  REQUEST_CANCEL = 1
  TERMINATE = 2
}

// What a decision asks for.
enum DecisionType {
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
}

// What an event tells.
enum EventType {
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
}

// Why a decision task failed.
enum DecisionTaskFailedCause {
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
}

enum DecisionTaskTimedOutCause {
  TIMEOUT = 0
  RESET = 1
}

enum CancelExternalWorkflowExecutionFailedCause {
  UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION = 0
  WORKFLOW_ALREADY_COMPLETED = 1
}

enum SignalExternalWorkflowExecutionFailedCause {
  UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION = 0
  WORKFLOW_ALREADY_COMPLETED = 1
}

enum ChildWorkflowExecutionFailedCause {
  WORKFLOW_ALREADY_RUNNING = 0
}

// How a run ended.
enum WorkflowExecutionCloseStatus {
  COMPLETED = 0
  FAILED = 1
  CANCELED = 2
  TERMINATED = 3
  CONTINUED_AS_NEW = 4
  TIMED_OUT = 5
}

// State of a run.
enum WorkflowExecutionStatus {
  PENDING = 0
  STARTED = 1
  COMPLETED = 2
  FAILED = 3
  CANCELED = 4
  TERMINATED = 5
  CONTINUED_AS_NEW = 6
  TIMED_OUT = 7
}

// Whether a query-only task was answered.
enum QueryTaskCompletedType {
  COMPLETED = 0
  FAILED = 1
}

// Whether a query was answered.
enum QueryResultType {
  ANSWERED = 0
  FAILED = 1
}

// State of an open activity.
enum PendingActivityState {
  SCHEDULED = 0
  STARTED = 1
  CANCEL_REQUESTED = 2
}

// State of an open decision task.
enum PendingDecisionState {
  SCHEDULED = 0
  STARTED = 1
}

// All events, or the closing one alone.
enum HistoryEventFilterType {
  ALL_EVENT = 0
  CLOSE_EVENT = 1
}

// Shared list, private list of a worker, or a list that goes away with its host.
enum TaskListKind {
  NORMAL = 0
  STICKY = 1
  EPHEMERAL = 2
}

// Whether closed runs are archived.
enum ArchivalStatus {
  DISABLED = 0
  ENABLED = 1
}

// What a cron start does while the last run goes on.
enum CronOverlapPolicy {
  SKIPPED = 0
  BUFFERONE = 1
}

// Type of a search attribute.
enum IndexedValueType {
  STRING = 0
  KEYWORD = 1
  INT = 2
  DOUBLE = 3
  BOOL = 4
  DATETIME = 5
}

// How a blob is written.
enum EncodingType {
  ThriftRW = 0
  JSON = 1
}

// In which states of a run a query is refused.
enum QueryRejectCondition {
  NOT_OPEN = 0
  NOT_COMPLETED_CLEANLY = 1
}

// Whether a query waits for what happened before it.
enum QueryConsistencyLevel {
  EVENTUAL = 0
  STRONG = 1
}

// Who started the next run: the code, a retry, or the calendar.
enum ContinueAsNewInitiator {
  Decider = 0
  RetryPolicy = 1
  CronSchedule = 2
}

// Decision or activity tasks.
enum TaskListType {
  Decision = 0
  Activity = 1
}

enum CrossClusterTaskType {
  StartChildExecution = 0
  CancelExecution = 1
  SignalExecution = 2
  RecordChildWorkflowExecutionComplete = 3
  ApplyParentClosePolicy = 4
}

enum CrossClusterTaskFailedCause {
  DOMAIN_NOT_ACTIVE = 0
  DOMAIN_NOT_EXISTS = 1
  WORKFLOW_ALREADY_RUNNING = 2
  WORKFLOW_NOT_EXISTS = 3
  WORKFLOW_ALREADY_COMPLETED = 4
  UNCATEGORIZED = 5
}

enum GetTaskFailedCause {
  SERVICE_BUSY = 0
  TIMEOUT = 1
  SHARD_OWNERSHIP_LOST = 2
  UNCATEGORIZED = 3
}

enum IsolationGroupState {
  INVALID = 0
  HEALTHY = 1
  DRAINED = 2
}

enum FailoverType {
  INVALID = 0
  FORCE = 1
  GRACEFUL = 2
}

enum PredicateType {
  Universal = 0
  Empty = 1
  DomainID = 2
}

// What a schedule does while the last run goes on.
enum ScheduleOverlapPolicy {
  INVALID = 0
  SKIP_NEW = 1
  BUFFER = 2
  CONCURRENT = 3
  CANCEL_PREVIOUS = 4
  TERMINATE_PREVIOUS = 5
}

// What a schedule does about starts it missed.
enum ScheduleCatchUpPolicy {
  INVALID = 0
  SKIP = 1
  ONE = 2
  ALL = 3
}

// ====================================================================================================
// @module errors: the answers that say no
// ====================================================================================================

// The request can't work as it is; sending it again does not help.
exception BadRequestError {
  1: required string message
}

// The server failed; trying again is right.
exception InternalServiceError {
  1: required string message
}

// The server's data contradicts itself.
exception InternalDataInconsistencyError {
  1: required string message
}

// A domain of this name is registered.
exception DomainAlreadyExistsError {
  1: required string message
}

// A run with this workflow id is open, or its reuse policy forbids another one.
exception WorkflowExecutionAlreadyStartedError {
  10: optional string message
  20: optional string startRequestId
  30: optional string runId
}

// The run is closed.
exception WorkflowExecutionAlreadyCompletedError {
  1: required string message
}

// No such domain, run, task or schedule; or, on a standby cluster, not yet.
exception EntityNotExistsError {
  1: required string message
  2: optional string currentCluster
  3: optional string activeCluster
  4: required list<string> activeClusters
}

// Too many requests; try again after a pause.
exception ServiceBusyError {
  1: required string message
  2: optional string reason
}

// The run was asked to cancel itself before.
exception CancellationAlreadyRequestedError {
  1: required string message
}

// Workflow code could not answer the query.
exception QueryFailedError {
  1: required string message
}

// The domain is active in another cluster.
exception DomainNotActiveError {
  1: required string message
  2: required string domainName
  3: required string currentCluster
  4: required string activeCluster
  5: required list<string> activeClusters
}

// A limit of the server is reached.
exception LimitExceededError {
  1: required string message
}

// The caller may not do this.
exception AccessDeniedError {
  1: required string message
}

// Between servers: events are missing and must be sent first.
exception RetryTaskV2Error {
  1: required string message
  2: optional string domainId
  3: optional string workflowId
  4: optional string runId
  5: optional i64 startEventId
  6: optional i64 startEventVersion
  7: optional i64 endEventId
  8: optional i64 endEventVersion
}

// The client's feature version is above what the server supports.
exception ClientVersionNotSupportedError {
  1: required string featureVersion
  2: required string clientImpl
  3: required string supportedVersions
}

// The feature is switched off.
exception FeatureNotEnabledError {
  1: required string featureFlag
}

// Between servers: history has grown another branch meanwhile.
exception CurrentBranchChangedError {
  10: required string message
  20: required binary currentBranchToken
}

// Between servers: the task was handed over elsewhere.
exception RemoteSyncMatchedError {
  10: required string message
}

// The worker with the private list no longer polls.
exception StickyWorkerUnavailableError {
  1: required string message
}

// Between servers: another host owns the task list.
exception TaskListNotOwnedByHostError {
  1: required string ownedByIdentity
  2: required string myIdentity
  3: required string tasklistName
}

// ====================================================================================================
// @module parts: what many messages are made of
// ====================================================================================================

// Context that travels with a call: tracing, tenant, locale; each value is opaque bytes.
struct Header {
  10: optional map<string, binary> fields
}

// The registered name of a kind of workflow.
struct WorkflowType {
  10: optional string name
}

// The registered name of a kind of activity.
struct ActivityType {
  10: optional string name
}

// The queue that workers poll. `kind` is STICKY for the private list of one worker.
struct TaskList {
  10: optional string name
  20: optional TaskListKind kind
  30: optional string baseName
}

// A struct already serialized, with the encoding it is in.
struct DataBlob {
  10: optional EncodingType EncodingType
  20: optional binary Data
}

// One run: the workflow id is chosen by the caller, the run id by the server. No run id means the current run.
struct WorkflowExecution {
  10: optional string workflowId
  20: optional string runId
}

// Values kept with a run for people to see; not indexed.
struct Memo {
  10: optional map<string, binary> fields
}

// Indexed values of a run, each as JSON.
struct SearchAttributes {
  10: optional map<string, binary> indexedFields
}

// Which implementation and feature version a worker speaks.
struct WorkerVersionInfo {
  10: optional string impl
  20: optional string featureVersion
}

// A run as lists and descriptions show it. Times are nanoseconds since the epoch.
struct WorkflowExecutionInfo {
  10: optional WorkflowExecution execution
  20: optional WorkflowType type
  30: optional i64 startTime
  40: optional i64 closeTime
  50: optional WorkflowExecutionCloseStatus closeStatus
  60: optional i64 historyLength
  70: optional string parentDomainId
  71: optional string parentDomainName
  72: optional i64 parentInitatedId
  80: optional WorkflowExecution parentExecution
  90: optional i64 executionTime
  100: optional Memo memo
  101: optional SearchAttributes searchAttributes
  110: optional ResetPoints autoResetPoints
  120: optional string taskList
  121: optional TaskList taskListInfo
  130: optional bool isCron
  140: optional i64 updateTime
  150: optional map<string, string> partitionConfig
  160: optional CronOverlapPolicy cronOverlapPolicy
  170: optional ActiveClusterSelectionPolicy activeClusterSelectionPolicy
  180: optional string cronSchedule
  190: optional WorkflowExecutionStatus executionStatus
  200: optional i64 scheduledExecutionTime
}

// Points that a run can be reset to without naming an event.
struct ResetPoints {
  10: optional list<ResetPointInfo> points
}

// The first decision made by one build of a worker.
struct ResetPointInfo {
  10: optional string binaryChecksum
  20: optional string runId
  30: optional i64 firstDecisionCompletedId
  40: optional i64 createdTimeNano
  50: optional i64 expiringTimeNano
  60: optional bool resettable
}

// A question to workflow code: its name and its encoded arguments.
struct WorkflowQuery {
  10: optional string queryType
  20: optional binary queryArgs
}

// When and how often to try again. Intervals are seconds; 0 attempts and 0 expiration mean no limit of that kind.
struct RetryPolicy {
  10: optional i32 initialIntervalInSeconds
  20: optional double backoffCoefficient
  30: optional i32 maximumIntervalInSeconds
  40: optional i32 maximumAttempts
  50: optional list<string> nonRetriableErrorReasons
  60: optional i32 expirationIntervalInSeconds
}

// What a client understands beyond the basics.
struct FeatureFlags {
  10: optional bool WorkflowExecutionAlreadyCompletedErrorEnabled
  20: optional bool AutoForwardingEnabled
}

// A value with a name for its type.
struct Any {
  10: optional string ValueType
  20: optional binary Value
}

// Which cluster a run is active in, where a domain is active in several.
struct ActiveClusterSelectionPolicy {
  1: optional ClusterAttribute clusterAttribute
}

// A named scope of an active-active domain.
struct ClusterAttribute {
  1: optional string scope
  2: optional string name
}

// Size and place of a page.
struct PaginationOptions {
  10: optional i32 pageSize
  20: optional binary nextPageToken
}

// ====================================================================================================
// @module decisions: what a decider asks the server to do
// ====================================================================================================

// Run an activity. Timeouts are seconds; at least schedule-to-close, or the two others, must be given.
struct ScheduleActivityTaskDecisionAttributes {
  10: optional string activityId
  20: optional ActivityType activityType
  25: optional string domain
  30: optional TaskList taskList
  40: optional binary input
  45: optional i32 scheduleToCloseTimeoutSeconds
  50: optional i32 scheduleToStartTimeoutSeconds
  55: optional i32 startToCloseTimeoutSeconds
  60: optional i32 heartbeatTimeoutSeconds
  70: optional RetryPolicy retryPolicy
  80: optional Header header
  90: optional bool requestLocalDispatch
}

// Ask a running activity to stop.
struct RequestCancelActivityTaskDecisionAttributes {
  10: optional string activityId
}

// Fire after so many seconds.
struct StartTimerDecisionAttributes {
  10: optional string timerId
  20: optional i64 startToFireTimeoutSeconds
}

// End the run with a result.
struct CompleteWorkflowExecutionDecisionAttributes {
  10: optional binary result
}

// End the run with a reason and details.
struct FailWorkflowExecutionDecisionAttributes {
  10: optional string reason
  20: optional binary details
}

// Take back a timer that has not fired.
struct CancelTimerDecisionAttributes {
  10: optional string timerId
}

// End the run as cancelled.
struct CancelWorkflowExecutionDecisionAttributes {
  10: optional binary details
}

// Ask another run, or a child, to cancel itself.
struct RequestCancelExternalWorkflowExecutionDecisionAttributes {
  10: optional string domain
  20: optional string workflowId
  30: optional string runId
  40: optional binary control
  50: optional bool childWorkflowOnly
}

// Signal another run, or a child.
struct SignalExternalWorkflowExecutionDecisionAttributes {
  10: optional string domain
  20: optional WorkflowExecution execution
  30: optional string signalName
  40: optional binary input
  50: optional binary control
  60: optional bool childWorkflowOnly
}

// Set search attributes of the own run; those not named stay.
struct UpsertWorkflowSearchAttributesDecisionAttributes {
  10: optional SearchAttributes searchAttributes
}

// Write something into history for replay: versions, side effects, local activities.
struct RecordMarkerDecisionAttributes {
  10: optional string markerName
  20: optional binary details
  30: optional Header header
}

// End this run and start the next one under the same id.
struct ContinueAsNewWorkflowExecutionDecisionAttributes {
  10: optional WorkflowType workflowType
  20: optional TaskList taskList
  30: optional binary input
  40: optional i32 executionStartToCloseTimeoutSeconds
  50: optional i32 taskStartToCloseTimeoutSeconds
  60: optional i32 backoffStartIntervalInSeconds
  70: optional RetryPolicy retryPolicy
  80: optional ContinueAsNewInitiator initiator
  90: optional string failureReason
  100: optional binary failureDetails
  110: optional binary lastCompletionResult
  120: optional string cronSchedule
  130: optional Header header
  140: optional Memo memo
  150: optional SearchAttributes searchAttributes
  160: optional i32 jitterStartSeconds
  170: optional CronOverlapPolicy cronOverlapPolicy
  180: optional ActiveClusterSelectionPolicy activeClusterSelectionPolicy
}

// Start a child.
struct StartChildWorkflowExecutionDecisionAttributes {
  10: optional string domain
  20: optional string workflowId
  30: optional WorkflowType workflowType
  40: optional TaskList taskList
  50: optional binary input
  60: optional i32 executionStartToCloseTimeoutSeconds
  70: optional i32 taskStartToCloseTimeoutSeconds
  81: optional ParentClosePolicy parentClosePolicy
  90: optional binary control
  100: optional WorkflowIdReusePolicy workflowIdReusePolicy
  110: optional RetryPolicy retryPolicy
  120: optional string cronSchedule
  130: optional Header header
  140: optional Memo memo
  150: optional SearchAttributes searchAttributes
  160: optional CronOverlapPolicy cronOverlapPolicy
  170: optional ActiveClusterSelectionPolicy activeClusterSelectionPolicy
}

// One decision: the type, and the attributes of that type alone.
struct Decision {
  10: optional DecisionType decisionType
  20: optional ScheduleActivityTaskDecisionAttributes scheduleActivityTaskDecisionAttributes
  25: optional StartTimerDecisionAttributes startTimerDecisionAttributes
  30: optional CompleteWorkflowExecutionDecisionAttributes completeWorkflowExecutionDecisionAttributes
  35: optional FailWorkflowExecutionDecisionAttributes failWorkflowExecutionDecisionAttributes
  40: optional RequestCancelActivityTaskDecisionAttributes requestCancelActivityTaskDecisionAttributes
  50: optional CancelTimerDecisionAttributes cancelTimerDecisionAttributes
  60: optional CancelWorkflowExecutionDecisionAttributes cancelWorkflowExecutionDecisionAttributes
  70: optional RequestCancelExternalWorkflowExecutionDecisionAttributes requestCancelExternalWorkflowExecutionDecisionAttributes
  80: optional RecordMarkerDecisionAttributes recordMarkerDecisionAttributes
  90: optional ContinueAsNewWorkflowExecutionDecisionAttributes continueAsNewWorkflowExecutionDecisionAttributes
  100: optional StartChildWorkflowExecutionDecisionAttributes startChildWorkflowExecutionDecisionAttributes
  110: optional SignalExternalWorkflowExecutionDecisionAttributes signalExternalWorkflowExecutionDecisionAttributes
  120: optional UpsertWorkflowSearchAttributesDecisionAttributes upsertWorkflowSearchAttributesDecisionAttributes
}

// ====================================================================================================
// @module events_workflow: what happened to a run as a whole
// ====================================================================================================

// The first event of every run: all that its code and its server-side limits need.
struct WorkflowExecutionStartedEventAttributes {
  10: optional WorkflowType workflowType
  12: optional string parentWorkflowDomain
  14: optional WorkflowExecution parentWorkflowExecution
  16: optional i64 parentInitiatedEventId
  20: optional TaskList taskList
  30: optional binary input
  40: optional i32 executionStartToCloseTimeoutSeconds
  50: optional i32 taskStartToCloseTimeoutSeconds
  54: optional string continuedExecutionRunId
  55: optional ContinueAsNewInitiator initiator
  56: optional string continuedFailureReason
  57: optional binary continuedFailureDetails
  58: optional binary lastCompletionResult
  59: optional string originalExecutionRunId
  60: optional string identity
  61: optional string firstExecutionRunId
  62: optional i64 firstScheduledTimeNano
  70: optional RetryPolicy retryPolicy
  80: optional i32 attempt
  90: optional i64 expirationTimestamp
  100: optional string cronSchedule
  110: optional i32 firstDecisionTaskBackoffSeconds
  120: optional Memo memo
  121: optional SearchAttributes searchAttributes
  130: optional ResetPoints prevAutoResetPoints
  140: optional Header header
  150: optional map<string, string> partitionConfig
  160: optional string requestId
  170: optional CronOverlapPolicy cronOverlapPolicy
  180: optional ActiveClusterSelectionPolicy activeClusterSelectionPolicy
}

// The run ended with a result.
struct WorkflowExecutionCompletedEventAttributes {
  10: optional binary result
  20: optional i64 decisionTaskCompletedEventId
}

// The run ended with a failure.
struct WorkflowExecutionFailedEventAttributes {
  10: optional string reason
  20: optional binary details
  30: optional i64 decisionTaskCompletedEventId
}

// The run was longer than its timeout.
struct WorkflowExecutionTimedOutEventAttributes {
  10: optional TimeoutType timeoutType
}

// The run ended; another one under the same id goes on.
struct WorkflowExecutionContinuedAsNewEventAttributes {
  10: optional string newExecutionRunId
  20: optional WorkflowType workflowType
  30: optional TaskList taskList
  40: optional binary input
  50: optional i32 executionStartToCloseTimeoutSeconds
  60: optional i32 taskStartToCloseTimeoutSeconds
  70: optional i64 decisionTaskCompletedEventId
  80: optional i32 backoffStartIntervalInSeconds
  90: optional ContinueAsNewInitiator initiator
  100: optional string failureReason
  110: optional binary failureDetails
  120: optional binary lastCompletionResult
  130: optional Header header
  140: optional Memo memo
  150: optional SearchAttributes searchAttributes
  160: optional CronOverlapPolicy cronOverlapPolicy
  170: optional ActiveClusterSelectionPolicy activeClusterSelectionPolicy
}

// Somebody asked the run to cancel itself.
struct WorkflowExecutionCancelRequestedEventAttributes {
  10: optional string cause
  20: optional i64 externalInitiatedEventId
  30: optional WorkflowExecution externalWorkflowExecution
  40: optional string identity
  50: optional string requestId
}

// The run cancelled itself.
struct WorkflowExecutionCanceledEventAttributes {
  10: optional i64 decisionTaskCompletedEventId
  20: optional binary details
}

// What a RecordMarker decision wrote.
struct MarkerRecordedEventAttributes {
  10: optional string markerName
  20: optional binary details
  30: optional i64 decisionTaskCompletedEventId
  40: optional Header header
}

// A signal came in.
struct WorkflowExecutionSignaledEventAttributes {
  10: optional string signalName
  20: optional binary input
  30: optional string identity
  40: optional string requestId
}

// The run was ended from outside.
struct WorkflowExecutionTerminatedEventAttributes {
  10: optional string reason
  20: optional binary details
  30: optional string identity
}

// Search attributes were set.
struct UpsertWorkflowSearchAttributesEventAttributes {
  10: optional i64 decisionTaskCompletedEventId
  20: optional SearchAttributes searchAttributes
}

// ====================================================================================================
// @module events_activity: what happened to decision tasks, activity tasks and timers
// ====================================================================================================

// A decision task was put on its list.
struct DecisionTaskScheduledEventAttributes {
  10: optional TaskList taskList
  20: optional i32 startToCloseTimeoutSeconds
  30: optional i64 attempt
}

// A worker took the decision task.
struct DecisionTaskStartedEventAttributes {
  10: optional i64 scheduledEventId
  20: optional string identity
  30: optional string requestId
}

// The worker answered with decisions.
struct DecisionTaskCompletedEventAttributes {
  10: optional binary executionContext
  20: optional i64 scheduledEventId
  30: optional i64 startedEventId
  40: optional string identity
  50: optional string binaryChecksum
}

// Nobody answered the decision task in time.
struct DecisionTaskTimedOutEventAttributes {
  10: optional i64 scheduledEventId
  20: optional i64 startedEventId
  30: optional TimeoutType timeoutType
  40: optional string baseRunId
  50: optional string newRunId
  60: optional i64 forkEventVersion
  70: optional string reason
  80: optional DecisionTaskTimedOutCause cause
  90: optional string requestId
}

// The worker, or the server's checks, refused the decision task.
struct DecisionTaskFailedEventAttributes {
  10: optional i64 scheduledEventId
  20: optional i64 startedEventId
  30: optional DecisionTaskFailedCause cause
  35: optional binary details
  40: optional string identity
  50: optional string reason
  60: optional string baseRunId
  70: optional string newRunId
  80: optional i64 forkEventVersion
  90: optional string binaryChecksum
  100: optional string requestId
}

// An activity was put on its list.
struct ActivityTaskScheduledEventAttributes {
  10: optional string activityId
  20: optional ActivityType activityType
  25: optional string domain
  30: optional TaskList taskList
  40: optional binary input
  45: optional i32 scheduleToCloseTimeoutSeconds
  50: optional i32 scheduleToStartTimeoutSeconds
  55: optional i32 startToCloseTimeoutSeconds
  60: optional i32 heartbeatTimeoutSeconds
  90: optional i64 decisionTaskCompletedEventId
  110: optional RetryPolicy retryPolicy
  120: optional Header header
}

// A worker took the activity; written when the activity closes.
struct ActivityTaskStartedEventAttributes {
  10: optional i64 scheduledEventId
  20: optional string identity
  30: optional string requestId
  40: optional i32 attempt
  50: optional string lastFailureReason
  60: optional binary lastFailureDetails
}

// The activity returned.
struct ActivityTaskCompletedEventAttributes {
  10: optional binary result
  20: optional i64 scheduledEventId
  30: optional i64 startedEventId
  40: optional string identity
}

// The activity raised, and no retry is left.
struct ActivityTaskFailedEventAttributes {
  10: optional string reason
  20: optional binary details
  30: optional i64 scheduledEventId
  40: optional i64 startedEventId
  50: optional string identity
}

// One of the activity's timeouts passed, and no retry is left.
struct ActivityTaskTimedOutEventAttributes {
  5: optional binary details
  10: optional i64 scheduledEventId
  20: optional i64 startedEventId
  30: optional TimeoutType timeoutType
  40: optional string lastFailureReason
  50: optional binary lastFailureDetails
}

// The run asked for the activity's cancellation.
struct ActivityTaskCancelRequestedEventAttributes {
  10: optional string activityId
  20: optional i64 decisionTaskCompletedEventId
}

// The activity to cancel is not known.
struct RequestCancelActivityTaskFailedEventAttributes {
  10: optional string activityId
  20: optional string cause
  30: optional i64 decisionTaskCompletedEventId
}

// The activity stopped because it was asked to.
struct ActivityTaskCanceledEventAttributes {
  10: optional binary details
  20: optional i64 latestCancelRequestedEventId
  30: optional i64 scheduledEventId
  40: optional i64 startedEventId
  50: optional string identity
}

// A timer runs.
struct TimerStartedEventAttributes {
  10: optional string timerId
  20: optional i64 startToFireTimeoutSeconds
  30: optional i64 decisionTaskCompletedEventId
}

// A timer's time has come.
struct TimerFiredEventAttributes {
  10: optional string timerId
  20: optional i64 startedEventId
}

// A timer was taken back.
struct TimerCanceledEventAttributes {
  10: optional string timerId
  20: optional i64 startedEventId
  30: optional i64 decisionTaskCompletedEventId
  40: optional string identity
}

// The timer to take back is not known.
struct CancelTimerFailedEventAttributes {
  10: optional string timerId
  20: optional string cause
  30: optional i64 decisionTaskCompletedEventId
  40: optional string identity
}

// ====================================================================================================
// @module events_external: what happened between a run, its children and other runs
// ====================================================================================================

struct RequestCancelExternalWorkflowExecutionInitiatedEventAttributes {
  10: optional i64 decisionTaskCompletedEventId
  20: optional string domain
  30: optional WorkflowExecution workflowExecution
  40: optional binary control
  50: optional bool childWorkflowOnly
}

struct RequestCancelExternalWorkflowExecutionFailedEventAttributes {
  10: optional CancelExternalWorkflowExecutionFailedCause cause
  20: optional i64 decisionTaskCompletedEventId
  30: optional string domain
  40: optional WorkflowExecution workflowExecution
  50: optional i64 initiatedEventId
  60: optional binary control
}

struct ExternalWorkflowExecutionCancelRequestedEventAttributes {
  10: optional i64 initiatedEventId
  20: optional string domain
  30: optional WorkflowExecution workflowExecution
}

struct SignalExternalWorkflowExecutionInitiatedEventAttributes {
  10: optional i64 decisionTaskCompletedEventId
  20: optional string domain
  30: optional WorkflowExecution workflowExecution
  40: optional string signalName
  50: optional binary input
  60: optional binary control
  70: optional bool childWorkflowOnly
}

struct SignalExternalWorkflowExecutionFailedEventAttributes {
  10: optional SignalExternalWorkflowExecutionFailedCause cause
  20: optional i64 decisionTaskCompletedEventId
  30: optional string domain
  40: optional WorkflowExecution workflowExecution
  50: optional i64 initiatedEventId
  60: optional binary control
}

struct ExternalWorkflowExecutionSignaledEventAttributes {
  10: optional i64 initiatedEventId
  20: optional string domain
  30: optional WorkflowExecution workflowExecution
  40: optional binary control
}

struct StartChildWorkflowExecutionInitiatedEventAttributes {
  10: optional string domain
  20: optional string workflowId
  30: optional WorkflowType workflowType
  40: optional TaskList taskList
  50: optional binary input
  60: optional i32 executionStartToCloseTimeoutSeconds
  70: optional i32 taskStartToCloseTimeoutSeconds
  81: optional ParentClosePolicy parentClosePolicy
  90: optional binary control
  100: optional i64 decisionTaskCompletedEventId
  110: optional WorkflowIdReusePolicy workflowIdReusePolicy
  120: optional RetryPolicy retryPolicy
  130: optional string cronSchedule
  140: optional Header header
  150: optional Memo memo
  160: optional SearchAttributes searchAttributes
  170: optional i32 delayStartSeconds
  180: optional i32 jitterStartSeconds
  190: optional i64 firstRunAtTimestamp
  200: optional CronOverlapPolicy cronOverlapPolicy
  210: optional ActiveClusterSelectionPolicy activeClusterSelectionPolicy
}

struct StartChildWorkflowExecutionFailedEventAttributes {
  10: optional string domain
  20: optional string workflowId
  30: optional WorkflowType workflowType
  40: optional ChildWorkflowExecutionFailedCause cause
  50: optional binary control
  60: optional i64 initiatedEventId
  70: optional i64 decisionTaskCompletedEventId
}

struct ChildWorkflowExecutionStartedEventAttributes {
  10: optional string domain
  20: optional i64 initiatedEventId
  30: optional WorkflowExecution workflowExecution
  40: optional WorkflowType workflowType
  50: optional Header header
}

struct ChildWorkflowExecutionCompletedEventAttributes {
  10: optional binary result
  20: optional string domain
  30: optional WorkflowExecution workflowExecution
  40: optional WorkflowType workflowType
  50: optional i64 initiatedEventId
  60: optional i64 startedEventId
}

struct ChildWorkflowExecutionFailedEventAttributes {
  10: optional string reason
  20: optional binary details
  30: optional string domain
  40: optional WorkflowExecution workflowExecution
  50: optional WorkflowType workflowType
  60: optional i64 initiatedEventId
  70: optional i64 startedEventId
}

struct ChildWorkflowExecutionCanceledEventAttributes {
  10: optional binary details
  20: optional string domain
  30: optional WorkflowExecution workflowExecution
  40: optional WorkflowType workflowType
  50: optional i64 initiatedEventId
  60: optional i64 startedEventId
}

struct ChildWorkflowExecutionTimedOutEventAttributes {
  10: optional TimeoutType timeoutType
  20: optional string domain
  30: optional WorkflowExecution workflowExecution
  40: optional WorkflowType workflowType
  50: optional i64 initiatedEventId
  60: optional i64 startedEventId
}

struct ChildWorkflowExecutionTerminatedEventAttributes {
  10: optional string domain
  20: optional WorkflowExecution workflowExecution
  30: optional WorkflowType workflowType
  40: optional i64 initiatedEventId
  50: optional i64 startedEventId
}

// ====================================================================================================
// @module history: the event that holds one of the above, and the list of them
// ====================================================================================================

// One event: id, time in nanoseconds, type, and the attributes of that type alone.
struct HistoryEvent {
  10: optional i64 eventId
  20: optional i64 timestamp
  30: optional EventType eventType
  35: optional i64 version
  36: optional i64 taskId
  40: optional WorkflowExecutionStartedEventAttributes workflowExecutionStartedEventAttributes
  50: optional WorkflowExecutionCompletedEventAttributes workflowExecutionCompletedEventAttributes
  60: optional WorkflowExecutionFailedEventAttributes workflowExecutionFailedEventAttributes
  70: optional WorkflowExecutionTimedOutEventAttributes workflowExecutionTimedOutEventAttributes
  80: optional DecisionTaskScheduledEventAttributes decisionTaskScheduledEventAttributes
  90: optional DecisionTaskStartedEventAttributes decisionTaskStartedEventAttributes
  100: optional DecisionTaskCompletedEventAttributes decisionTaskCompletedEventAttributes
  110: optional DecisionTaskTimedOutEventAttributes decisionTaskTimedOutEventAttributes
  120: optional DecisionTaskFailedEventAttributes decisionTaskFailedEventAttributes
  130: optional ActivityTaskScheduledEventAttributes activityTaskScheduledEventAttributes
  140: optional ActivityTaskStartedEventAttributes activityTaskStartedEventAttributes
  150: optional ActivityTaskCompletedEventAttributes activityTaskCompletedEventAttributes
  160: optional ActivityTaskFailedEventAttributes activityTaskFailedEventAttributes
  170: optional ActivityTaskTimedOutEventAttributes activityTaskTimedOutEventAttributes
  180: optional TimerStartedEventAttributes timerStartedEventAttributes
  190: optional TimerFiredEventAttributes timerFiredEventAttributes
  200: optional ActivityTaskCancelRequestedEventAttributes activityTaskCancelRequestedEventAttributes
  210: optional RequestCancelActivityTaskFailedEventAttributes requestCancelActivityTaskFailedEventAttributes
  220: optional ActivityTaskCanceledEventAttributes activityTaskCanceledEventAttributes
  230: optional TimerCanceledEventAttributes timerCanceledEventAttributes
  240: optional CancelTimerFailedEventAttributes cancelTimerFailedEventAttributes
  250: optional MarkerRecordedEventAttributes markerRecordedEventAttributes
  260: optional WorkflowExecutionSignaledEventAttributes workflowExecutionSignaledEventAttributes
  270: optional WorkflowExecutionTerminatedEventAttributes workflowExecutionTerminatedEventAttributes
  280: optional WorkflowExecutionCancelRequestedEventAttributes workflowExecutionCancelRequestedEventAttributes
  290: optional WorkflowExecutionCanceledEventAttributes workflowExecutionCanceledEventAttributes
  300: optional RequestCancelExternalWorkflowExecutionInitiatedEventAttributes requestCancelExternalWorkflowExecutionInitiatedEventAttributes
  310: optional RequestCancelExternalWorkflowExecutionFailedEventAttributes requestCancelExternalWorkflowExecutionFailedEventAttributes
  320: optional ExternalWorkflowExecutionCancelRequestedEventAttributes externalWorkflowExecutionCancelRequestedEventAttributes
  330: optional WorkflowExecutionContinuedAsNewEventAttributes workflowExecutionContinuedAsNewEventAttributes
  340: optional StartChildWorkflowExecutionInitiatedEventAttributes startChildWorkflowExecutionInitiatedEventAttributes
  350: optional StartChildWorkflowExecutionFailedEventAttributes startChildWorkflowExecutionFailedEventAttributes
  360: optional ChildWorkflowExecutionStartedEventAttributes childWorkflowExecutionStartedEventAttributes
  370: optional ChildWorkflowExecutionCompletedEventAttributes childWorkflowExecutionCompletedEventAttributes
  380: optional ChildWorkflowExecutionFailedEventAttributes childWorkflowExecutionFailedEventAttributes
  390: optional ChildWorkflowExecutionCanceledEventAttributes childWorkflowExecutionCanceledEventAttributes
  400: optional ChildWorkflowExecutionTimedOutEventAttributes childWorkflowExecutionTimedOutEventAttributes
  410: optional ChildWorkflowExecutionTerminatedEventAttributes childWorkflowExecutionTerminatedEventAttributes
  420: optional SignalExternalWorkflowExecutionInitiatedEventAttributes signalExternalWorkflowExecutionInitiatedEventAttributes
  430: optional SignalExternalWorkflowExecutionFailedEventAttributes signalExternalWorkflowExecutionFailedEventAttributes
  440: optional ExternalWorkflowExecutionSignaledEventAttributes externalWorkflowExecutionSignaledEventAttributes
  450: optional UpsertWorkflowSearchAttributesEventAttributes upsertWorkflowSearchAttributesEventAttributes
}

// Events in order.
struct History {
  10: optional list<HistoryEvent> events
}

// ====================================================================================================
// @module rpc_worker: polls, answers and heartbeats of workers
// ====================================================================================================

struct TaskListMetadata {
  10: optional double maxTasksPerSecond
}

// Decision events that are not in history yet.
struct TransientDecisionInfo {
  10: optional HistoryEvent scheduledEvent
  20: optional HistoryEvent startedEvent
}

// An activity task handed out with the completion of the decision that asked for it.
struct ActivityLocalDispatchInfo {
  10: optional string activityId
  20: optional i64 scheduledTimestamp
  30: optional i64 startedTimestamp
  40: optional i64 scheduledTimestampOfThisAttempt
  50: optional binary taskToken
}

// Wait for a decision task on a list.
struct PollForDecisionTaskRequest {
  10: optional string domain
  20: optional TaskList taskList
  30: optional string identity
  40: optional string binaryChecksum
}

// A decision task; no task token means that none came in time.
struct PollForDecisionTaskResponse {
  10: optional binary taskToken
  20: optional WorkflowExecution workflowExecution
  30: optional WorkflowType workflowType
  40: optional i64 previousStartedEventId
  50: optional i64 startedEventId
  51: optional i64 attempt
  54: optional i64 backlogCountHint
  60: optional History history
  70: optional binary nextPageToken
  80: optional WorkflowQuery query
  90: optional TaskList WorkflowExecutionTaskList
  100: optional i64 scheduledTimestamp
  110: optional i64 startedTimestamp
  120: optional map<string, WorkflowQuery> queries
  130: optional i64 nextEventId
  140: optional i64 totalHistoryBytes
  150: optional AutoConfigHint autoConfigHint
}

// The private list that the run's next decision task should go to, and for how long.
struct StickyExecutionAttributes {
  10: optional TaskList workerTaskList
  20: optional i32 scheduleToStartTimeoutSeconds
}

// What the code decided, and the answers to queries.
struct RespondDecisionTaskCompletedRequest {
  10: optional binary taskToken
  20: optional list<Decision> decisions
  30: optional binary executionContext
  40: optional string identity
  50: optional StickyExecutionAttributes stickyAttributes
  60: optional bool returnNewDecisionTask
  70: optional bool forceCreateNewDecisionTask
  80: optional string binaryChecksum
  90: optional map<string, WorkflowQueryResult> queryResults
}

// The next decision task of the run, where one was asked for and is there.
struct RespondDecisionTaskCompletedResponse {
  10: optional PollForDecisionTaskResponse decisionTask
  20: optional map<string, ActivityLocalDispatchInfo> activitiesToDispatchLocally
}

// The worker can't work on the task, and why.
struct RespondDecisionTaskFailedRequest {
  10: optional binary taskToken
  20: optional DecisionTaskFailedCause cause
  30: optional binary details
  40: optional string identity
  50: optional string binaryChecksum
}

// Wait for an activity task on a list.
struct PollForActivityTaskRequest {
  10: optional string domain
  20: optional TaskList taskList
  30: optional string identity
  40: optional TaskListMetadata taskListMetadata
}

// An activity task; no task token means that none came in time.
struct PollForActivityTaskResponse {
  10: optional binary taskToken
  20: optional WorkflowExecution workflowExecution
  30: optional string activityId
  40: optional ActivityType activityType
  50: optional binary input
  70: optional i64 scheduledTimestamp
  80: optional i32 scheduleToCloseTimeoutSeconds
  90: optional i64 startedTimestamp
  100: optional i32 startToCloseTimeoutSeconds
  110: optional i32 heartbeatTimeoutSeconds
  120: optional i32 attempt
  130: optional i64 scheduledTimestampOfThisAttempt
  140: optional binary heartbeatDetails
  150: optional WorkflowType workflowType
  160: optional string workflowDomain
  170: optional Header header
  180: optional AutoConfigHint autoConfigHint
}

// The activity lives; details are kept for its next attempt.
struct RecordActivityTaskHeartbeatRequest {
  10: optional binary taskToken
  20: optional binary details
  30: optional string identity
}

struct RecordActivityTaskHeartbeatByIDRequest {
  10: optional string domain
  20: optional string workflowID
  30: optional string runID
  40: optional string activityID
  50: optional binary details
  60: optional string identity
}

// Whether the activity is asked to cancel itself.
struct RecordActivityTaskHeartbeatResponse {
  10: optional bool cancelRequested
}

struct RespondActivityTaskCompletedRequest {
  10: optional binary taskToken
  20: optional binary result
  30: optional string identity
}

struct RespondActivityTaskFailedRequest {
  10: optional binary taskToken
  20: optional string reason
  30: optional binary details
  40: optional string identity
}

struct RespondActivityTaskCanceledRequest {
  10: optional binary taskToken
  20: optional binary details
  30: optional string identity
}

struct RespondActivityTaskCompletedByIDRequest {
  10: optional string domain
  20: optional string workflowID
  30: optional string runID
  40: optional string activityID
  50: optional binary result
  60: optional string identity
}

struct RespondActivityTaskFailedByIDRequest {
  10: optional string domain
  20: optional string workflowID
  30: optional string runID
  40: optional string activityID
  50: optional string reason
  60: optional binary details
  70: optional string identity
}

struct RespondActivityTaskCanceledByIDRequest {
  10: optional string domain
  20: optional string workflowID
  30: optional string runID
  40: optional string activityID
  50: optional binary details
  60: optional string identity
}

struct ResetStickyTaskListRequest {
  10: optional string domain
  20: optional WorkflowExecution execution
}

struct ResetStickyTaskListResponse {}

struct RespondQueryTaskCompletedRequest {
  10: optional binary taskToken
  20: optional QueryTaskCompletedType completedType
  30: optional binary queryResult
  40: optional string errorMessage
  50: optional WorkerVersionInfo workerVersionInfo
}

// The answer to one query, or the failure of it.
struct WorkflowQueryResult {
  10: optional QueryResultType resultType
  20: optional binary answer
  30: optional string errorMessage
}

// The server's advice on the number of pollers.
struct AutoConfigHint {
  10: optional bool enableAutoConfig
  20: optional i64 pollerWaitTimeInMs
}

// ====================================================================================================
// @module rpc_workflow: start, signal, cancel, reset and end runs
// ====================================================================================================

// Start a run. `requestId` is a UUID that makes a repeated call harmless.
struct StartWorkflowExecutionRequest {
  10: optional string domain
  20: optional string workflowId
  30: optional WorkflowType workflowType
  40: optional TaskList taskList
  50: optional binary input
  60: optional i32 executionStartToCloseTimeoutSeconds
  70: optional i32 taskStartToCloseTimeoutSeconds
  80: optional string identity
  90: optional string requestId
  100: optional WorkflowIdReusePolicy workflowIdReusePolicy
  120: optional RetryPolicy retryPolicy
  130: optional string cronSchedule
  140: optional Memo memo
  141: optional SearchAttributes searchAttributes
  150: optional Header header
  160: optional i32 delayStartSeconds
  170: optional i32 jitterStartSeconds
  180: optional i64 firstRunAtTimestamp
  190: optional CronOverlapPolicy cronOverlapPolicy
  200: optional ActiveClusterSelectionPolicy activeClusterSelectionPolicy
}

// The run that was started.
struct StartWorkflowExecutionResponse {
  10: optional string runId
}

struct StartWorkflowExecutionAsyncRequest {
  10: optional StartWorkflowExecutionRequest request
}

struct StartWorkflowExecutionAsyncResponse {}

struct RestartWorkflowExecutionResponse {
  10: optional string runId
}

struct RequestCancelWorkflowExecutionRequest {
  10: optional string domain
  20: optional WorkflowExecution workflowExecution
  30: optional string identity
  40: optional string requestId
  50: optional string cause
  60: optional string firstExecutionRunID
}

struct SignalWorkflowExecutionRequest {
  10: optional string domain
  20: optional WorkflowExecution workflowExecution
  30: optional string signalName
  40: optional binary input
  50: optional string identity
  60: optional string requestId
  70: optional binary control
}

struct SignalWithStartWorkflowExecutionRequest {
  10: optional string domain
  20: optional string workflowId
  30: optional WorkflowType workflowType
  40: optional TaskList taskList
  50: optional binary input
  60: optional i32 executionStartToCloseTimeoutSeconds
  70: optional i32 taskStartToCloseTimeoutSeconds
  80: optional string identity
  90: optional string requestId
  100: optional WorkflowIdReusePolicy workflowIdReusePolicy
  110: optional string signalName
  120: optional binary signalInput
  130: optional binary control
  140: optional RetryPolicy retryPolicy
  150: optional string cronSchedule
  160: optional Memo memo
  161: optional SearchAttributes searchAttributes
  170: optional Header header
  180: optional i32 delayStartSeconds
  190: optional i32 jitterStartSeconds
  200: optional i64 firstRunAtTimestamp
  210: optional CronOverlapPolicy cronOverlapPolicy
  220: optional ActiveClusterSelectionPolicy activeClusterSelectionPolicy
}

struct SignalWithStartWorkflowExecutionAsyncRequest {
  10: optional SignalWithStartWorkflowExecutionRequest request
}

struct SignalWithStartWorkflowExecutionAsyncResponse {}

struct RestartWorkflowExecutionRequest {
  10: optional string domain
  20: optional WorkflowExecution workflowExecution
  30: optional string reason
  40: optional string identity
}

struct TerminateWorkflowExecutionRequest {
  10: optional string domain
  20: optional WorkflowExecution workflowExecution
  30: optional string reason
  40: optional binary details
  50: optional string identity
  60: optional string firstExecutionRunID
}

struct ResetWorkflowExecutionRequest {
  10: optional string domain
  20: optional WorkflowExecution workflowExecution
  30: optional string reason
  40: optional i64 decisionFinishEventId
  50: optional string requestId
  60: optional bool skipSignalReapply
}

struct ResetWorkflowExecutionResponse {
  10: optional string runId
}

struct RefreshWorkflowTasksRequest {
  10: optional string domain
  20: optional WorkflowExecution execution
}

// ====================================================================================================
// @module rpc_describe: read runs: history, description, queries
// ====================================================================================================

struct WorkflowExecutionConfiguration {
  10: optional TaskList taskList
  20: optional i32 executionStartToCloseTimeoutSeconds
  30: optional i32 taskStartToCloseTimeoutSeconds
}

struct DiagnoseWorkflowExecutionRequest {
  10: optional string domain
  20: optional WorkflowExecution workflowExecution
  30: optional string identity
}

struct DiagnoseWorkflowExecutionResponse {
  10: optional string domain
  20: optional WorkflowExecution diagnosticWorkflowExecution
}

struct GetWorkflowExecutionHistoryRequest {
  10: optional string domain
  20: optional WorkflowExecution execution
  30: optional i32 maximumPageSize
  40: optional binary nextPageToken
  50: optional bool waitForNewEvent
  60: optional HistoryEventFilterType HistoryEventFilterType
  70: optional bool skipArchival
  80: optional QueryConsistencyLevel queryConsistencyLevel
}

// One page, as events or, for clients that can read them, as `rawHistory` blobs.
struct GetWorkflowExecutionHistoryResponse {
  10: optional History history
  11: optional list<DataBlob> rawHistory
  20: optional binary nextPageToken
  30: optional bool archived
}

struct QueryWorkflowRequest {
  10: optional string domain
  20: optional WorkflowExecution execution
  30: optional WorkflowQuery query
  40: optional QueryRejectCondition queryRejectCondition
  50: optional QueryConsistencyLevel queryConsistencyLevel
}

// The run's state, which the caller's condition excluded.
struct QueryRejected {
  10: optional WorkflowExecutionCloseStatus closeStatus
}

// The answer, or the reason why it was refused.
struct QueryWorkflowResponse {
  10: optional binary queryResult
  20: optional QueryRejected queryRejected
}

struct DescribeWorkflowExecutionRequest {
  10: optional string domain
  20: optional WorkflowExecution execution
  30: optional QueryConsistencyLevel queryConsistencyLevel
}

// An activity that has not closed.
struct PendingActivityInfo {
  10: optional string activityID
  20: optional ActivityType activityType
  30: optional PendingActivityState state
  40: optional binary heartbeatDetails
  50: optional i64 lastHeartbeatTimestamp
  60: optional i64 lastStartedTimestamp
  70: optional i32 attempt
  80: optional i32 maximumAttempts
  90: optional i64 scheduledTimestamp
  100: optional i64 expirationTimestamp
  110: optional string lastFailureReason
  120: optional string lastWorkerIdentity
  130: optional binary lastFailureDetails
  140: optional string startedWorkerIdentity
  150: optional i64 scheduleID
}

// The decision task that has not closed.
struct PendingDecisionInfo {
  10: optional PendingDecisionState state
  20: optional i64 scheduledTimestamp
  30: optional i64 startedTimestamp
  40: optional i64 attempt
  50: optional i64 originalScheduledTimestamp
  60: optional i64 scheduleID
}

// A child that has not closed.
struct PendingChildExecutionInfo {
  1: optional string domain
  10: optional string workflowID
  20: optional string runID
  30: optional string workflowTypName
  40: optional i64 initiatedID
  50: optional ParentClosePolicy parentClosePolicy
}

struct DescribeWorkflowExecutionResponse {
  10: optional WorkflowExecutionConfiguration executionConfiguration
  20: optional WorkflowExecutionInfo workflowExecutionInfo
  30: optional list<PendingActivityInfo> pendingActivities
  40: optional list<PendingChildExecutionInfo> pendingChildren
  50: optional PendingDecisionInfo pendingDecision
}

// ====================================================================================================
// @module rpc_visibility: lists of runs, task lists, search attributes, the cluster itself
// ====================================================================================================

struct WorkflowExecutionFilter {
  10: optional string workflowId
  20: optional string runId
}

struct WorkflowTypeFilter {
  10: optional string name
}

// Runs started between two times, in nanoseconds; both are required by the server.
struct StartTimeFilter {
  10: optional i64 earliestTime
  20: optional i64 latestTime
}

struct ListOpenWorkflowExecutionsRequest {
  10: optional string domain
  20: optional i32 maximumPageSize
  30: optional binary nextPageToken
  40: optional StartTimeFilter StartTimeFilter
  50: optional WorkflowExecutionFilter executionFilter
  60: optional WorkflowTypeFilter typeFilter
}

struct ListOpenWorkflowExecutionsResponse {
  10: optional list<WorkflowExecutionInfo> executions
  20: optional binary nextPageToken
}

struct ListClosedWorkflowExecutionsRequest {
  10: optional string domain
  20: optional i32 maximumPageSize
  30: optional binary nextPageToken
  40: optional StartTimeFilter StartTimeFilter
  50: optional WorkflowExecutionFilter executionFilter
  60: optional WorkflowTypeFilter typeFilter
  70: optional WorkflowExecutionCloseStatus statusFilter
}

struct ListClosedWorkflowExecutionsResponse {
  10: optional list<WorkflowExecutionInfo> executions
  20: optional binary nextPageToken
}

struct ListWorkflowExecutionsRequest {
  10: optional string domain
  20: optional i32 pageSize
  30: optional binary nextPageToken
  40: optional string query
}

struct ListWorkflowExecutionsResponse {
  10: optional list<WorkflowExecutionInfo> executions
  20: optional binary nextPageToken
}

struct ListArchivedWorkflowExecutionsRequest {
  10: optional string domain
  20: optional i32 pageSize
  30: optional binary nextPageToken
  40: optional string query
}

struct ListArchivedWorkflowExecutionsResponse {
  10: optional list<WorkflowExecutionInfo> executions
  20: optional binary nextPageToken
}

struct CountWorkflowExecutionsRequest {
  10: optional string domain
  20: optional string query
}

struct CountWorkflowExecutionsResponse {
  10: optional i64 count
}

struct GetSearchAttributesResponse {
  10: optional map<string, IndexedValueType> keys
}

struct DescribeTaskListRequest {
  10: optional string domain
  20: optional TaskList taskList
  30: optional TaskListType taskListType
  40: optional bool includeTaskListStatus
}

struct DescribeTaskListResponse {
  10: optional list<PollerInfo> pollers
  20: optional TaskListStatus taskListStatus
  30: optional TaskList taskList
}

struct GetTaskListsByDomainRequest {
  10: optional string domainName
}

struct GetTaskListsByDomainResponse {
  10: optional map<string, DescribeTaskListResponse> decisionTaskListMap
  20: optional map<string, DescribeTaskListResponse> activityTaskListMap
}

struct ListTaskListPartitionsRequest {
  10: optional string domain
  20: optional TaskList taskList
}

struct TaskListPartitionMetadata {
  10: optional string key
  20: optional string ownerHostName
}

struct ListTaskListPartitionsResponse {
  10: optional list<TaskListPartitionMetadata> activityTaskListPartitions
  20: optional list<TaskListPartitionMetadata> decisionTaskListPartitions
}

struct IsolationGroupMetrics {
  10: optional double newTasksPerSecond
  20: optional i64 pollerCount
}

// Backlog and read position of a list.
struct TaskListStatus {
  10: optional i64 backlogCountHint
  20: optional i64 readLevel
  30: optional i64 ackLevel
  35: optional double ratePerSecond
  40: optional TaskIDBlock taskIDBlock
  50: optional map<string, IsolationGroupMetrics> isolationGroupMetrics
  60: optional double newTasksPerSecond
  70: optional bool empty
}

struct TaskIDBlock {
  10: optional i64 startID
  20: optional i64 endID
}

// Who polled a list, when it did last, and how fast.
struct PollerInfo {
  10: optional i64 lastAccessTime
  20: optional string identity
  30: optional double ratePerSecond
}

struct SupportedClientVersions {
  10: optional string goSdk
  20: optional string javaSdk
}

// Client versions that the cluster supports.
struct ClusterInfo {
  10: optional SupportedClientVersions supportedClientVersions
}

// ====================================================================================================
// @module rpc_domain: domains and their settings
// ====================================================================================================

// Name, state and owner of a domain.
struct DomainInfo {
  10: optional string name
  20: optional DomainStatus status
  30: optional string description
  40: optional string ownerEmail
  50: optional map<string, string> data
  60: optional string uuid
}

// Retention and archival of a domain.
struct DomainConfiguration {
  10: optional i32 workflowExecutionRetentionPeriodInDays
  20: optional bool emitMetric
  60: optional IsolationGroupConfiguration isolationgroups
  70: optional BadBinaries badBinaries
  80: optional ArchivalStatus historyArchivalStatus
  90: optional string historyArchivalURI
  100: optional ArchivalStatus visibilityArchivalStatus
  110: optional string visibilityArchivalURI
  120: optional AsyncWorkflowConfiguration AsyncWorkflowConfiguration
}

// Worker builds whose decisions are not accepted, by checksum.
struct BadBinaries {
  10: optional map<string, BadBinaryInfo> binaries
}

struct BadBinaryInfo {
  10: optional string reason
  20: optional string operator
  30: optional i64 createdTimeNano
}

struct UpdateDomainInfo {
  10: optional string description
  20: optional string ownerEmail
  30: optional map<string, string> data
}

struct ClusterReplicationConfiguration {
  10: optional string clusterName
}

// The clusters of a domain, and which one is active.
struct DomainReplicationConfiguration {
  10: optional string activeClusterName
  20: optional list<ClusterReplicationConfiguration> clusters
  30: optional ActiveClusters activeClusters
}

struct RegisterDomainRequest {
  10: optional string name
  20: optional string description
  30: optional string ownerEmail
  40: optional i32 workflowExecutionRetentionPeriodInDays
  50: optional bool emitMetric
  60: optional list<ClusterReplicationConfiguration> clusters
  70: optional string activeClusterName
  75: optional map<string, string> activeClustersByRegion
  76: optional ActiveClusters activeClusters
  80: optional map<string, string> data
  90: optional string securityToken
  120: optional bool isGlobalDomain
  130: optional ArchivalStatus historyArchivalStatus
  140: optional string historyArchivalURI
  150: optional ArchivalStatus visibilityArchivalStatus
  160: optional string visibilityArchivalURI
}

struct ListDomainsRequest {
  10: optional i32 pageSize
  20: optional binary nextPageToken
}

struct ListDomainsResponse {
  10: optional list<DescribeDomainResponse> domains
  20: optional binary nextPageToken
}

struct DescribeDomainRequest {
  10: optional string name
  20: optional string uuid
}

struct DescribeDomainResponse {
  10: optional DomainInfo domainInfo
  20: optional DomainConfiguration configuration
  30: optional DomainReplicationConfiguration replicationConfiguration
  40: optional i64 failoverVersion
  50: optional bool isGlobalDomain
  60: optional FailoverInfo failoverInfo
}

struct UpdateDomainRequest {
  10: optional string name
  20: optional UpdateDomainInfo updatedInfo
  30: optional DomainConfiguration configuration
  40: optional DomainReplicationConfiguration replicationConfiguration
  50: optional string securityToken
  60: optional string deleteBadBinary
  70: optional i32 failoverTimeoutInSeconds
}

struct UpdateDomainResponse {
  10: optional DomainInfo domainInfo
  20: optional DomainConfiguration configuration
  30: optional DomainReplicationConfiguration replicationConfiguration
  40: optional i64 failoverVersion
  50: optional bool isGlobalDomain
}

struct DeprecateDomainRequest {
  10: optional string name
  20: optional string securityToken
}

struct DeleteDomainRequest {
  10: optional string name
  20: optional string securityToken
}

// ====================================================================================================
// @module rpc_failover: where a domain is active, and its past failovers
// ====================================================================================================

struct FailoverInfo {
  10: optional i64 failoverVersion
  20: optional i64 failoverStartTimestamp
  30: optional i64 failoverExpireTimestamp
  40: optional i32 completedShardCount
  50: optional list<i32> pendingShards
}

struct ClusterAttributeScope {
  10: optional map<string, ActiveClusterInfo> clusterAttributes
}

struct ActiveClusters {
  10: optional map<string, ActiveClusterInfo> activeClustersByRegion
  11: optional map<string, ClusterAttributeScope> activeClustersByClusterAttribute
}

struct ActiveClusterInfo {
  10: optional string activeClusterName
  20: optional i64 failoverVersion
}

struct FailoverDomainRequest {
  10: optional string domainName
  20: optional string domainActiveClusterName
  30: optional ActiveClusters activeClusters
  40: optional string reason
  50: optional i32 failoverTimeoutInSeconds
}

struct FailoverDomainResponse {
  10: optional DomainInfo domainInfo
  20: optional DomainConfiguration configuration
  30: optional DomainReplicationConfiguration replicationConfiguration
  40: optional i64 failoverVersion
  50: optional bool isGlobalDomain
}

struct ListFailoverHistoryRequest {
  10: optional ListFailoverHistoryRequestFilters filters
  20: optional PaginationOptions pagination
}

struct ListFailoverHistoryRequestFilters {
  10: optional string domainID
}

struct ListFailoverHistoryResponse {
  10: optional list<FailoverEvent> failoverEvents
  20: optional binary nextPageToken
}

struct FailoverEvent {
  10: optional string id
  20: optional i64 createdTime
  30: optional FailoverType failoverType
  40: optional list<ClusterFailover> clusterFailovers
}

struct ClusterFailover {
  10: optional ActiveClusterInfo fromCluster
  20: optional ActiveClusterInfo toCluster
  30: optional ClusterAttribute clusterAttribute
}

struct IsolationGroupPartition {
  10: optional string name
  20: optional IsolationGroupState state
}

struct IsolationGroupConfiguration {
  10: optional list<IsolationGroupPartition> isolationGroups
}

struct AsyncWorkflowConfiguration {
  10: optional bool enabled
  20: optional string predefinedQueueName
  30: optional string queueType
  40: optional DataBlob queueConfig
}

// ====================================================================================================
// @module rpc_schedule: schedules that start runs by the calendar
// ====================================================================================================

// When a schedule starts runs.
struct ScheduleSpec {
  10: optional string cronExpression
  20: optional i64 startTimeNano
  30: optional i64 endTimeNano
  40: optional i32 jitterInSeconds
}

struct ScheduleStartWorkflowAction {
  10: optional WorkflowType workflowType
  20: optional TaskList taskList
  30: optional binary input
  40: optional string workflowIdPrefix
  50: optional i32 executionStartToCloseTimeoutSeconds
  60: optional i32 taskStartToCloseTimeoutSeconds
  70: optional RetryPolicy retryPolicy
  80: optional Memo memo
  90: optional SearchAttributes searchAttributes
}

// What a schedule does when its time comes.
struct ScheduleAction {
  10: optional ScheduleStartWorkflowAction startWorkflow
}

// What happens when runs overlap or starts were missed.
struct SchedulePolicies {
  10: optional ScheduleOverlapPolicy overlapPolicy
  20: optional ScheduleCatchUpPolicy catchUpPolicy
  30: optional i32 catchUpWindowInSeconds
  40: optional bool pauseOnFailure
  50: optional i32 bufferLimit
  60: optional i32 concurrencyLimit
}

struct SchedulePauseInfo {
  10: optional string reason
  20: optional i64 pausedTimeNano
  30: optional string pausedBy
}

// Whether the schedule is paused, and by whom.
struct ScheduleState {
  10: optional bool paused
  20: optional SchedulePauseInfo pauseInfo
}

struct BackfillInfo {
  10: optional string backfillId
  20: optional i64 startTimeNano
  30: optional i64 endTimeNano
  40: optional i32 runsCompleted
  50: optional i32 runsTotal
}

// What the schedule did last and will do next.
struct ScheduleInfo {
  10: optional i64 lastRunTimeNano
  20: optional i64 nextRunTimeNano
  30: optional i64 totalRuns
  40: optional i64 createTimeNano
  50: optional i64 lastUpdateTimeNano
  60: optional list<BackfillInfo> ongoingBackfills
  70: optional i64 missedRuns
  80: optional i64 skippedRuns
}

struct ScheduleListEntry {
  10: optional string scheduleId
  20: optional WorkflowType workflowType
  30: optional ScheduleState state
  40: optional string cronExpression
}

struct CreateScheduleRequest {
  10: optional string domain
  20: optional string scheduleId
  30: optional ScheduleSpec spec
  40: optional ScheduleAction action
  50: optional SchedulePolicies policies
  60: optional Memo memo
  70: optional SearchAttributes searchAttributes
}

struct CreateScheduleResponse {
  10: optional string scheduleId
}

struct DescribeScheduleRequest {
  10: optional string domain
  20: optional string scheduleId
}

struct DescribeScheduleResponse {
  10: optional ScheduleSpec spec
  20: optional ScheduleAction action
  30: optional SchedulePolicies policies
  40: optional ScheduleState state
  50: optional ScheduleInfo info
  60: optional Memo memo
  70: optional SearchAttributes searchAttributes
}

struct ListSchedulesRequest {
  10: optional string domain
  20: optional i32 pageSize
  30: optional binary nextPageToken
}

struct ListSchedulesResponse {
  10: optional list<ScheduleListEntry> schedules
  20: optional binary nextPageToken
}

struct DeleteScheduleRequest {
  10: optional string domain
  20: optional string scheduleId
}

struct DeleteScheduleResponse {}

struct PauseScheduleRequest {
  10: optional string domain
  20: optional string scheduleId
  30: optional string reason
  40: optional string identity
}

struct PauseScheduleResponse {}

struct UnpauseScheduleRequest {
  10: optional string domain
  20: optional string scheduleId
  30: optional string reason
  40: optional ScheduleCatchUpPolicy catchUpPolicy
}

struct UnpauseScheduleResponse {}

struct BackfillScheduleRequest {
  10: optional string domain
  20: optional string scheduleId
  30: optional i64 startTimeNano
  40: optional i64 endTimeNano
  50: optional ScheduleOverlapPolicy overlapPolicy
  60: optional string backfillId
}

struct BackfillScheduleResponse {}

struct UpdateScheduleRequest {
  10: optional string domain
  20: optional string scheduleId
  30: optional ScheduleSpec spec
  40: optional ScheduleAction action
  50: optional SchedulePolicies policies
  60: optional SearchAttributes searchAttributes
}

struct UpdateScheduleResponse {}

// ====================================================================================================
// @module cross_cluster: tasks that clusters hand to each other; clients never send these
// ====================================================================================================

struct CrossClusterTaskInfo {
  10: optional string domainID
  20: optional string workflowID
  30: optional string runID
  40: optional CrossClusterTaskType taskType
  50: optional i16 taskState
  60: optional i64 taskID
  70: optional i64 visibilityTimestamp
}

struct CrossClusterStartChildExecutionRequestAttributes {
  10: optional string targetDomainID
  20: optional string requestID
  30: optional i64 initiatedEventID
  40: optional StartChildWorkflowExecutionInitiatedEventAttributes initiatedEventAttributes
  50: optional string targetRunID
  60: optional map<string, string> partitionConfig
}

struct CrossClusterStartChildExecutionResponseAttributes {
  10: optional string runID
}

struct CrossClusterCancelExecutionRequestAttributes {
  10: optional string targetDomainID
  20: optional string targetWorkflowID
  30: optional string targetRunID
  40: optional string requestID
  50: optional i64 initiatedEventID
  60: optional bool childWorkflowOnly
}

struct CrossClusterCancelExecutionResponseAttributes {}

struct CrossClusterSignalExecutionRequestAttributes {
  10: optional string targetDomainID
  20: optional string targetWorkflowID
  30: optional string targetRunID
  40: optional string requestID
  50: optional i64 initiatedEventID
  60: optional bool childWorkflowOnly
  70: optional string signalName
  80: optional binary signalInput
  90: optional binary control
}

struct CrossClusterSignalExecutionResponseAttributes {}

struct CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes {
  10: optional string targetDomainID
  20: optional string targetWorkflowID
  30: optional string targetRunID
  40: optional i64 initiatedEventID
  50: optional HistoryEvent completionEvent
}

struct CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes {}

struct ApplyParentClosePolicyAttributes {
  10: optional string childDomainID
  20: optional string childWorkflowID
  30: optional string childRunID
  40: optional ParentClosePolicy parentClosePolicy
}

struct ApplyParentClosePolicyStatus {
  10: optional bool completed
  20: optional CrossClusterTaskFailedCause failedCause
}

struct ApplyParentClosePolicyRequest {
  10: optional ApplyParentClosePolicyAttributes child
  20: optional ApplyParentClosePolicyStatus status
}

struct CrossClusterApplyParentClosePolicyRequestAttributes {
  10: optional list<ApplyParentClosePolicyRequest> children
}

struct ApplyParentClosePolicyResult {
  10: optional ApplyParentClosePolicyAttributes child
  20: optional CrossClusterTaskFailedCause failedCause
}

struct CrossClusterApplyParentClosePolicyResponseAttributes {
  10: optional list<ApplyParentClosePolicyResult> childrenStatus
}

struct CrossClusterTaskRequest {
  10: optional CrossClusterTaskInfo taskInfo
  20: optional CrossClusterStartChildExecutionRequestAttributes startChildExecutionAttributes
  30: optional CrossClusterCancelExecutionRequestAttributes cancelExecutionAttributes
  40: optional CrossClusterSignalExecutionRequestAttributes signalExecutionAttributes
  50: optional CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes recordChildWorkflowExecutionCompleteAttributes
  60: optional CrossClusterApplyParentClosePolicyRequestAttributes applyParentClosePolicyAttributes
}

struct CrossClusterTaskResponse {
  10: optional i64 taskID
  20: optional CrossClusterTaskType taskType
  30: optional i16 taskState
  40: optional CrossClusterTaskFailedCause failedCause
  50: optional CrossClusterStartChildExecutionResponseAttributes startChildExecutionAttributes
  60: optional CrossClusterCancelExecutionResponseAttributes cancelExecutionAttributes
  70: optional CrossClusterSignalExecutionResponseAttributes signalExecutionAttributes
  80: optional CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes recordChildWorkflowExecutionCompleteAttributes
  90: optional CrossClusterApplyParentClosePolicyResponseAttributes applyParentClosePolicyAttributes
}

struct GetCrossClusterTasksRequest {
  10: optional list<i32> shardIDs
  20: optional string targetCluster
}

struct GetCrossClusterTasksResponse {
  10: optional map<i32, list<CrossClusterTaskRequest>> tasksByShard
  20: optional map<i32, GetTaskFailedCause> failedCauseByShard
}

struct RespondCrossClusterTasksCompletedRequest {
  10: optional i32 shardID
  20: optional string targetCluster
  30: optional list<CrossClusterTaskResponse> taskResponses
  40: optional bool fetchNewTasks
}

struct RespondCrossClusterTasksCompletedResponse {
  10: optional list<CrossClusterTaskRequest> tasks
}

// ====================================================================================================
// @module cluster: spoken between servers and by operators' tools; clients never send these
// ====================================================================================================

struct DescribeHistoryHostRequest {
  10: optional string hostAddress
  20: optional i32 shardIdForHost
  30: optional WorkflowExecution executionForHost
}

struct RemoveTaskRequest {
  10: optional i32 shardID
  20: optional i32 type
  30: optional i64 taskID
  40: optional i64 visibilityTimestamp
  50: optional string clusterName
}

struct CloseShardRequest {
  10: optional i32 shardID
}

struct ResetQueueRequest {
  10: optional i32 shardID
  20: optional string clusterName
  30: optional i32 type
}

struct DescribeQueueRequest {
  10: optional i32 shardID
  20: optional string clusterName
  30: optional i32 type
}

struct DescribeQueueResponse {
  10: optional list<string> processingQueueStates
}

struct DescribeShardDistributionRequest {
  10: optional i32 pageSize
  20: optional i32 pageID
}

struct DescribeShardDistributionResponse {
  10: optional i32 numberOfShards
  20: optional map<i32, string> shards
}

struct DescribeHistoryHostResponse {
  10: optional i32 numberOfShards
  20: optional list<i32> shardIDs
  30: optional DomainCacheInfo domainCache
  40: optional string shardControllerStatus
  50: optional string address
}

struct DomainCacheInfo {
  10: optional i64 numOfItemsInCacheByID
  20: optional i64 numOfItemsInCacheByName
}

struct HistoryBranchRange {
  10: optional string branchID
  20: optional i64 beginNodeID
  30: optional i64 endNodeID
}

struct HistoryBranch {
  10: optional string treeID
  20: optional string branchID
  30: optional list<HistoryBranchRange> ancestors
}

struct VersionHistoryItem {
  10: optional i64 eventID
  20: optional i64 version
}

struct VersionHistory {
  10: optional binary branchToken
  20: optional list<VersionHistoryItem> items
}

struct VersionHistories {
  10: optional i32 currentVersionHistoryIndex
  20: optional list<VersionHistory> histories
}

struct ReapplyEventsRequest {
  10: optional string domainName
  20: optional WorkflowExecution workflowExecution
  30: optional DataBlob events
}

struct QueueState {
  10: optional map<i64, VirtualQueueState> virtualQueueStates
  20: optional TaskKey exclusiveMaxReadLevel
}

struct VirtualQueueState {
  10: optional list<VirtualSliceState> virtualSliceStates
}

struct VirtualSliceState {
  10: optional TaskRange taskRange
  20: optional Predicate predicate
}

struct TaskRange {
  10: optional TaskKey inclusiveMin
  20: optional TaskKey exclusiveMax
}

struct TaskKey {
  10: optional i64 scheduledTimeNano
  20: optional i64 taskID
}

struct UniversalPredicateAttributes {}

struct EmptyPredicateAttributes {}

struct DomainIDPredicateAttributes {
  10: optional list<string> domainIDs
  20: optional bool isExclusive
}

struct Predicate {
  10: optional PredicateType predicateType
  20: optional UniversalPredicateAttributes universalPredicateAttributes
  30: optional EmptyPredicateAttributes emptyPredicateAttributes
  40: optional DomainIDPredicateAttributes domainIDPredicateAttributes
}
