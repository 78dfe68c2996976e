"""The wire contract as typed classes; a name loads its module when it is first used.

Generated from thrift/*.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.api.cluster import (
        CloseShardRequest, DescribeHistoryHostRequest, DescribeHistoryHostResponse, DescribeQueueRequest,
        DescribeQueueResponse, DescribeShardDistributionRequest, DescribeShardDistributionResponse, DomainCacheInfo,
        DomainIDPredicateAttributes, EmptyPredicateAttributes, HistoryBranch, HistoryBranchRange, Predicate,
        QueueState, ReapplyEventsRequest, RemoveTaskRequest, ResetQueueRequest, TaskKey, TaskRange,
        UniversalPredicateAttributes, VersionHistories, VersionHistory, VersionHistoryItem, VirtualQueueState,
        VirtualSliceState,
    )
    from cadence.api.cross_cluster import (
        ApplyParentClosePolicyAttributes, ApplyParentClosePolicyRequest, ApplyParentClosePolicyResult,
        ApplyParentClosePolicyStatus, CrossClusterApplyParentClosePolicyRequestAttributes,
        CrossClusterApplyParentClosePolicyResponseAttributes, CrossClusterCancelExecutionRequestAttributes,
        CrossClusterCancelExecutionResponseAttributes,
        CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes,
        CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes,
        CrossClusterSignalExecutionRequestAttributes, CrossClusterSignalExecutionResponseAttributes,
        CrossClusterStartChildExecutionRequestAttributes, CrossClusterStartChildExecutionResponseAttributes,
        CrossClusterTaskInfo, CrossClusterTaskRequest, CrossClusterTaskResponse, GetCrossClusterTasksRequest,
        GetCrossClusterTasksResponse, RespondCrossClusterTasksCompletedRequest,
        RespondCrossClusterTasksCompletedResponse,
    )
    from cadence.api.decisions import (
        CancelTimerDecisionAttributes, CancelWorkflowExecutionDecisionAttributes,
        CompleteWorkflowExecutionDecisionAttributes, ContinueAsNewWorkflowExecutionDecisionAttributes, Decision,
        FailWorkflowExecutionDecisionAttributes, RecordMarkerDecisionAttributes,
        RequestCancelActivityTaskDecisionAttributes, RequestCancelExternalWorkflowExecutionDecisionAttributes,
        ScheduleActivityTaskDecisionAttributes, SignalExternalWorkflowExecutionDecisionAttributes,
        StartChildWorkflowExecutionDecisionAttributes, StartTimerDecisionAttributes,
        UpsertWorkflowSearchAttributesDecisionAttributes,
    )
    from cadence.api.enums import (
        ArchivalStatus, CancelExternalWorkflowExecutionFailedCause, ChildWorkflowExecutionFailedCause,
        ContinueAsNewInitiator, CronOverlapPolicy, CrossClusterTaskFailedCause, CrossClusterTaskType,
        DecisionTaskFailedCause, DecisionTaskTimedOutCause, DecisionType, DomainStatus, EncodingType, EventType,
        FailoverType, GetTaskFailedCause, HistoryEventFilterType, IndexedValueType, IsolationGroupState,
        ParentClosePolicy, PendingActivityState, PendingDecisionState, PredicateType, QueryConsistencyLevel,
        QueryRejectCondition, QueryResultType, QueryTaskCompletedType, ScheduleCatchUpPolicy, ScheduleOverlapPolicy,
        SignalExternalWorkflowExecutionFailedCause, TaskListKind, TaskListType, TimeoutType,
        WorkflowExecutionCloseStatus, WorkflowExecutionStatus, WorkflowIdReusePolicy,
    )
    from cadence.api.errors import (
        AccessDeniedError, BadRequestError, CancellationAlreadyRequestedError, ClientVersionNotSupportedError,
        CurrentBranchChangedError, DomainAlreadyExistsError, DomainNotActiveError, EntityNotExistsError,
        FeatureNotEnabledError, InternalDataInconsistencyError, InternalServiceError, LimitExceededError,
        QueryFailedError, RemoteSyncMatchedError, RetryTaskV2Error, ServiceBusyError, StickyWorkerUnavailableError,
        TaskListNotOwnedByHostError, WorkflowExecutionAlreadyCompletedError, WorkflowExecutionAlreadyStartedError,
    )
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
    from cadence.api.history import History, HistoryEvent
    from cadence.api.parts import (
        ActiveClusterSelectionPolicy, ActivityType, Any, ClusterAttribute, DataBlob, FeatureFlags, Header, Memo,
        PaginationOptions, ResetPointInfo, ResetPoints, RetryPolicy, SearchAttributes, TaskList, WorkerVersionInfo,
        WorkflowExecution, WorkflowExecutionInfo, WorkflowQuery, WorkflowType,
    )
    from cadence.api.rpc_describe import (
        DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse, DiagnoseWorkflowExecutionRequest,
        DiagnoseWorkflowExecutionResponse, GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse,
        PendingActivityInfo, PendingChildExecutionInfo, PendingDecisionInfo, QueryRejected, QueryWorkflowRequest,
        QueryWorkflowResponse, WorkflowExecutionConfiguration,
    )
    from cadence.api.rpc_domain import (
        BadBinaries, BadBinaryInfo, ClusterReplicationConfiguration, DeleteDomainRequest, DeprecateDomainRequest,
        DescribeDomainRequest, DescribeDomainResponse, DomainConfiguration, DomainInfo,
        DomainReplicationConfiguration, ListDomainsRequest, ListDomainsResponse, RegisterDomainRequest,
        UpdateDomainInfo, UpdateDomainRequest, UpdateDomainResponse,
    )
    from cadence.api.rpc_failover import (
        ActiveClusterInfo, ActiveClusters, AsyncWorkflowConfiguration, ClusterAttributeScope, ClusterFailover,
        FailoverDomainRequest, FailoverDomainResponse, FailoverEvent, FailoverInfo, IsolationGroupConfiguration,
        IsolationGroupPartition, ListFailoverHistoryRequest, ListFailoverHistoryRequestFilters,
        ListFailoverHistoryResponse,
    )
    from cadence.api.rpc_health import HealthStatus
    from cadence.api.rpc_schedule import (
        BackfillInfo, BackfillScheduleRequest, BackfillScheduleResponse, CreateScheduleRequest,
        CreateScheduleResponse, DeleteScheduleRequest, DeleteScheduleResponse, DescribeScheduleRequest,
        DescribeScheduleResponse, ListSchedulesRequest, ListSchedulesResponse, PauseScheduleRequest,
        PauseScheduleResponse, ScheduleAction, ScheduleInfo, ScheduleListEntry, SchedulePauseInfo, SchedulePolicies,
        ScheduleSpec, ScheduleStartWorkflowAction, ScheduleState, UnpauseScheduleRequest, UnpauseScheduleResponse,
        UpdateScheduleRequest, UpdateScheduleResponse,
    )
    from cadence.api.rpc_visibility import (
        ClusterInfo, CountWorkflowExecutionsRequest, CountWorkflowExecutionsResponse, DescribeTaskListRequest,
        DescribeTaskListResponse, GetSearchAttributesResponse, GetTaskListsByDomainRequest,
        GetTaskListsByDomainResponse, IsolationGroupMetrics, ListArchivedWorkflowExecutionsRequest,
        ListArchivedWorkflowExecutionsResponse, ListClosedWorkflowExecutionsRequest,
        ListClosedWorkflowExecutionsResponse, ListOpenWorkflowExecutionsRequest, ListOpenWorkflowExecutionsResponse,
        ListTaskListPartitionsRequest, ListTaskListPartitionsResponse, ListWorkflowExecutionsRequest,
        ListWorkflowExecutionsResponse, PollerInfo, StartTimeFilter, SupportedClientVersions, TaskIDBlock,
        TaskListPartitionMetadata, TaskListStatus, WorkflowExecutionFilter, WorkflowTypeFilter,
    )
    from cadence.api.rpc_worker import (
        ActivityLocalDispatchInfo, AutoConfigHint, PollForActivityTaskRequest, PollForActivityTaskResponse,
        PollForDecisionTaskRequest, PollForDecisionTaskResponse, RecordActivityTaskHeartbeatByIDRequest,
        RecordActivityTaskHeartbeatRequest, RecordActivityTaskHeartbeatResponse, ResetStickyTaskListRequest,
        ResetStickyTaskListResponse, RespondActivityTaskCanceledByIDRequest, RespondActivityTaskCanceledRequest,
        RespondActivityTaskCompletedByIDRequest, RespondActivityTaskCompletedRequest,
        RespondActivityTaskFailedByIDRequest, RespondActivityTaskFailedRequest, RespondDecisionTaskCompletedRequest,
        RespondDecisionTaskCompletedResponse, RespondDecisionTaskFailedRequest, RespondQueryTaskCompletedRequest,
        StickyExecutionAttributes, TaskListMetadata, TransientDecisionInfo, WorkflowQueryResult,
    )
    from cadence.api.rpc_workflow import (
        RefreshWorkflowTasksRequest, RequestCancelWorkflowExecutionRequest, ResetWorkflowExecutionRequest,
        ResetWorkflowExecutionResponse, RestartWorkflowExecutionRequest, RestartWorkflowExecutionResponse,
        SignalWithStartWorkflowExecutionAsyncRequest, SignalWithStartWorkflowExecutionAsyncResponse,
        SignalWithStartWorkflowExecutionRequest, SignalWorkflowExecutionRequest, StartWorkflowExecutionAsyncRequest,
        StartWorkflowExecutionAsyncResponse, StartWorkflowExecutionRequest, StartWorkflowExecutionResponse,
        TerminateWorkflowExecutionRequest,
    )

__all__ = (
    "AccessDeniedError", "ActiveClusterInfo", "ActiveClusterSelectionPolicy", "ActiveClusters",
    "ActivityLocalDispatchInfo", "ActivityTaskCancelRequestedEventAttributes", "ActivityTaskCanceledEventAttributes",
    "ActivityTaskCompletedEventAttributes", "ActivityTaskFailedEventAttributes",
    "ActivityTaskScheduledEventAttributes", "ActivityTaskStartedEventAttributes",
    "ActivityTaskTimedOutEventAttributes", "ActivityType", "Any", "ApplyParentClosePolicyAttributes",
    "ApplyParentClosePolicyRequest", "ApplyParentClosePolicyResult", "ApplyParentClosePolicyStatus", "ArchivalStatus",
    "AsyncWorkflowConfiguration", "AutoConfigHint", "BackfillInfo", "BackfillScheduleRequest",
    "BackfillScheduleResponse", "BadBinaries", "BadBinaryInfo", "BadRequestError",
    "CancelExternalWorkflowExecutionFailedCause", "CancelTimerDecisionAttributes", "CancelTimerFailedEventAttributes",
    "CancelWorkflowExecutionDecisionAttributes", "CancellationAlreadyRequestedError",
    "ChildWorkflowExecutionCanceledEventAttributes", "ChildWorkflowExecutionCompletedEventAttributes",
    "ChildWorkflowExecutionFailedCause", "ChildWorkflowExecutionFailedEventAttributes",
    "ChildWorkflowExecutionStartedEventAttributes", "ChildWorkflowExecutionTerminatedEventAttributes",
    "ChildWorkflowExecutionTimedOutEventAttributes", "ClientVersionNotSupportedError", "CloseShardRequest",
    "ClusterAttribute", "ClusterAttributeScope", "ClusterFailover", "ClusterInfo", "ClusterReplicationConfiguration",
    "CompleteWorkflowExecutionDecisionAttributes", "ContinueAsNewInitiator",
    "ContinueAsNewWorkflowExecutionDecisionAttributes", "CountWorkflowExecutionsRequest",
    "CountWorkflowExecutionsResponse", "CreateScheduleRequest", "CreateScheduleResponse", "CronOverlapPolicy",
    "CrossClusterApplyParentClosePolicyRequestAttributes", "CrossClusterApplyParentClosePolicyResponseAttributes",
    "CrossClusterCancelExecutionRequestAttributes", "CrossClusterCancelExecutionResponseAttributes",
    "CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes",
    "CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes",
    "CrossClusterSignalExecutionRequestAttributes", "CrossClusterSignalExecutionResponseAttributes",
    "CrossClusterStartChildExecutionRequestAttributes", "CrossClusterStartChildExecutionResponseAttributes",
    "CrossClusterTaskFailedCause", "CrossClusterTaskInfo", "CrossClusterTaskRequest", "CrossClusterTaskResponse",
    "CrossClusterTaskType", "CurrentBranchChangedError", "DataBlob", "Decision",
    "DecisionTaskCompletedEventAttributes", "DecisionTaskFailedCause", "DecisionTaskFailedEventAttributes",
    "DecisionTaskScheduledEventAttributes", "DecisionTaskStartedEventAttributes", "DecisionTaskTimedOutCause",
    "DecisionTaskTimedOutEventAttributes", "DecisionType", "DeleteDomainRequest", "DeleteScheduleRequest",
    "DeleteScheduleResponse", "DeprecateDomainRequest", "DescribeDomainRequest", "DescribeDomainResponse",
    "DescribeHistoryHostRequest", "DescribeHistoryHostResponse", "DescribeQueueRequest", "DescribeQueueResponse",
    "DescribeScheduleRequest", "DescribeScheduleResponse", "DescribeShardDistributionRequest",
    "DescribeShardDistributionResponse", "DescribeTaskListRequest", "DescribeTaskListResponse",
    "DescribeWorkflowExecutionRequest", "DescribeWorkflowExecutionResponse", "DiagnoseWorkflowExecutionRequest",
    "DiagnoseWorkflowExecutionResponse", "DomainAlreadyExistsError", "DomainCacheInfo", "DomainConfiguration",
    "DomainIDPredicateAttributes", "DomainInfo", "DomainNotActiveError", "DomainReplicationConfiguration",
    "DomainStatus", "EmptyPredicateAttributes", "EncodingType", "EntityNotExistsError", "EventType",
    "ExternalWorkflowExecutionCancelRequestedEventAttributes", "ExternalWorkflowExecutionSignaledEventAttributes",
    "FailWorkflowExecutionDecisionAttributes", "FailoverDomainRequest", "FailoverDomainResponse", "FailoverEvent",
    "FailoverInfo", "FailoverType", "FeatureFlags", "FeatureNotEnabledError", "GetCrossClusterTasksRequest",
    "GetCrossClusterTasksResponse", "GetSearchAttributesResponse", "GetTaskFailedCause",
    "GetTaskListsByDomainRequest", "GetTaskListsByDomainResponse", "GetWorkflowExecutionHistoryRequest",
    "GetWorkflowExecutionHistoryResponse", "Header", "HealthStatus", "History", "HistoryBranch", "HistoryBranchRange",
    "HistoryEvent", "HistoryEventFilterType", "IndexedValueType", "InternalDataInconsistencyError",
    "InternalServiceError", "IsolationGroupConfiguration", "IsolationGroupMetrics", "IsolationGroupPartition",
    "IsolationGroupState", "LimitExceededError", "ListArchivedWorkflowExecutionsRequest",
    "ListArchivedWorkflowExecutionsResponse", "ListClosedWorkflowExecutionsRequest",
    "ListClosedWorkflowExecutionsResponse", "ListDomainsRequest", "ListDomainsResponse", "ListFailoverHistoryRequest",
    "ListFailoverHistoryRequestFilters", "ListFailoverHistoryResponse", "ListOpenWorkflowExecutionsRequest",
    "ListOpenWorkflowExecutionsResponse", "ListSchedulesRequest", "ListSchedulesResponse",
    "ListTaskListPartitionsRequest", "ListTaskListPartitionsResponse", "ListWorkflowExecutionsRequest",
    "ListWorkflowExecutionsResponse", "MarkerRecordedEventAttributes", "Memo", "PaginationOptions",
    "ParentClosePolicy", "PauseScheduleRequest", "PauseScheduleResponse", "PendingActivityInfo",
    "PendingActivityState", "PendingChildExecutionInfo", "PendingDecisionInfo", "PendingDecisionState",
    "PollForActivityTaskRequest", "PollForActivityTaskResponse", "PollForDecisionTaskRequest",
    "PollForDecisionTaskResponse", "PollerInfo", "Predicate", "PredicateType", "QueryConsistencyLevel",
    "QueryFailedError", "QueryRejectCondition", "QueryRejected", "QueryResultType", "QueryTaskCompletedType",
    "QueryWorkflowRequest", "QueryWorkflowResponse", "QueueState", "ReapplyEventsRequest",
    "RecordActivityTaskHeartbeatByIDRequest", "RecordActivityTaskHeartbeatRequest",
    "RecordActivityTaskHeartbeatResponse", "RecordMarkerDecisionAttributes", "RefreshWorkflowTasksRequest",
    "RegisterDomainRequest", "RemoteSyncMatchedError", "RemoveTaskRequest",
    "RequestCancelActivityTaskDecisionAttributes", "RequestCancelActivityTaskFailedEventAttributes",
    "RequestCancelExternalWorkflowExecutionDecisionAttributes",
    "RequestCancelExternalWorkflowExecutionFailedEventAttributes",
    "RequestCancelExternalWorkflowExecutionInitiatedEventAttributes", "RequestCancelWorkflowExecutionRequest",
    "ResetPointInfo", "ResetPoints", "ResetQueueRequest", "ResetStickyTaskListRequest", "ResetStickyTaskListResponse",
    "ResetWorkflowExecutionRequest", "ResetWorkflowExecutionResponse", "RespondActivityTaskCanceledByIDRequest",
    "RespondActivityTaskCanceledRequest", "RespondActivityTaskCompletedByIDRequest",
    "RespondActivityTaskCompletedRequest", "RespondActivityTaskFailedByIDRequest", "RespondActivityTaskFailedRequest",
    "RespondCrossClusterTasksCompletedRequest", "RespondCrossClusterTasksCompletedResponse",
    "RespondDecisionTaskCompletedRequest", "RespondDecisionTaskCompletedResponse", "RespondDecisionTaskFailedRequest",
    "RespondQueryTaskCompletedRequest", "RestartWorkflowExecutionRequest", "RestartWorkflowExecutionResponse",
    "RetryPolicy", "RetryTaskV2Error", "ScheduleAction", "ScheduleActivityTaskDecisionAttributes",
    "ScheduleCatchUpPolicy", "ScheduleInfo", "ScheduleListEntry", "ScheduleOverlapPolicy", "SchedulePauseInfo",
    "SchedulePolicies", "ScheduleSpec", "ScheduleStartWorkflowAction", "ScheduleState", "SearchAttributes",
    "ServiceBusyError", "SignalExternalWorkflowExecutionDecisionAttributes",
    "SignalExternalWorkflowExecutionFailedCause", "SignalExternalWorkflowExecutionFailedEventAttributes",
    "SignalExternalWorkflowExecutionInitiatedEventAttributes", "SignalWithStartWorkflowExecutionAsyncRequest",
    "SignalWithStartWorkflowExecutionAsyncResponse", "SignalWithStartWorkflowExecutionRequest",
    "SignalWorkflowExecutionRequest", "StartChildWorkflowExecutionDecisionAttributes",
    "StartChildWorkflowExecutionFailedEventAttributes", "StartChildWorkflowExecutionInitiatedEventAttributes",
    "StartTimeFilter", "StartTimerDecisionAttributes", "StartWorkflowExecutionAsyncRequest",
    "StartWorkflowExecutionAsyncResponse", "StartWorkflowExecutionRequest", "StartWorkflowExecutionResponse",
    "StickyExecutionAttributes", "StickyWorkerUnavailableError", "SupportedClientVersions", "TaskIDBlock", "TaskKey",
    "TaskList", "TaskListKind", "TaskListMetadata", "TaskListNotOwnedByHostError", "TaskListPartitionMetadata",
    "TaskListStatus", "TaskListType", "TaskRange", "TerminateWorkflowExecutionRequest", "TimeoutType",
    "TimerCanceledEventAttributes", "TimerFiredEventAttributes", "TimerStartedEventAttributes",
    "TransientDecisionInfo", "UniversalPredicateAttributes", "UnpauseScheduleRequest", "UnpauseScheduleResponse",
    "UpdateDomainInfo", "UpdateDomainRequest", "UpdateDomainResponse", "UpdateScheduleRequest",
    "UpdateScheduleResponse", "UpsertWorkflowSearchAttributesDecisionAttributes",
    "UpsertWorkflowSearchAttributesEventAttributes", "VersionHistories", "VersionHistory", "VersionHistoryItem",
    "VirtualQueueState", "VirtualSliceState", "WorkerVersionInfo", "WorkflowExecution",
    "WorkflowExecutionAlreadyCompletedError", "WorkflowExecutionAlreadyStartedError",
    "WorkflowExecutionCancelRequestedEventAttributes", "WorkflowExecutionCanceledEventAttributes",
    "WorkflowExecutionCloseStatus", "WorkflowExecutionCompletedEventAttributes", "WorkflowExecutionConfiguration",
    "WorkflowExecutionContinuedAsNewEventAttributes", "WorkflowExecutionFailedEventAttributes",
    "WorkflowExecutionFilter", "WorkflowExecutionInfo", "WorkflowExecutionSignaledEventAttributes",
    "WorkflowExecutionStartedEventAttributes", "WorkflowExecutionStatus",
    "WorkflowExecutionTerminatedEventAttributes", "WorkflowExecutionTimedOutEventAttributes", "WorkflowIdReusePolicy",
    "WorkflowQuery", "WorkflowQueryResult", "WorkflowType", "WorkflowTypeFilter",
)

HOMES = names_by_module(__name__, {
    "enums":
        "WorkflowIdReusePolicy DomainStatus TimeoutType ParentClosePolicy DecisionType EventType "
        "DecisionTaskFailedCause DecisionTaskTimedOutCause CancelExternalWorkflowExecutionFailedCause "
        "SignalExternalWorkflowExecutionFailedCause ChildWorkflowExecutionFailedCause WorkflowExecutionCloseStatus "
        "WorkflowExecutionStatus QueryTaskCompletedType QueryResultType PendingActivityState PendingDecisionState "
        "HistoryEventFilterType TaskListKind ArchivalStatus CronOverlapPolicy IndexedValueType EncodingType "
        "QueryRejectCondition QueryConsistencyLevel ContinueAsNewInitiator TaskListType CrossClusterTaskType "
        "CrossClusterTaskFailedCause GetTaskFailedCause IsolationGroupState FailoverType PredicateType "
        "ScheduleOverlapPolicy ScheduleCatchUpPolicy",
    "errors":
        "BadRequestError InternalServiceError InternalDataInconsistencyError DomainAlreadyExistsError "
        "WorkflowExecutionAlreadyStartedError WorkflowExecutionAlreadyCompletedError EntityNotExistsError "
        "ServiceBusyError CancellationAlreadyRequestedError QueryFailedError DomainNotActiveError "
        "LimitExceededError AccessDeniedError RetryTaskV2Error ClientVersionNotSupportedError "
        "FeatureNotEnabledError CurrentBranchChangedError RemoteSyncMatchedError StickyWorkerUnavailableError "
        "TaskListNotOwnedByHostError",
    "parts":
        "Header WorkflowType ActivityType TaskList DataBlob WorkflowExecution Memo SearchAttributes "
        "WorkerVersionInfo WorkflowExecutionInfo ResetPoints ResetPointInfo WorkflowQuery RetryPolicy FeatureFlags "
        "Any ActiveClusterSelectionPolicy ClusterAttribute PaginationOptions",
    "decisions":
        "ScheduleActivityTaskDecisionAttributes RequestCancelActivityTaskDecisionAttributes "
        "StartTimerDecisionAttributes CompleteWorkflowExecutionDecisionAttributes "
        "FailWorkflowExecutionDecisionAttributes CancelTimerDecisionAttributes "
        "CancelWorkflowExecutionDecisionAttributes RequestCancelExternalWorkflowExecutionDecisionAttributes "
        "SignalExternalWorkflowExecutionDecisionAttributes UpsertWorkflowSearchAttributesDecisionAttributes "
        "RecordMarkerDecisionAttributes ContinueAsNewWorkflowExecutionDecisionAttributes "
        "StartChildWorkflowExecutionDecisionAttributes Decision",
    "events_workflow":
        "WorkflowExecutionStartedEventAttributes WorkflowExecutionCompletedEventAttributes "
        "WorkflowExecutionFailedEventAttributes WorkflowExecutionTimedOutEventAttributes "
        "WorkflowExecutionContinuedAsNewEventAttributes WorkflowExecutionCancelRequestedEventAttributes "
        "WorkflowExecutionCanceledEventAttributes MarkerRecordedEventAttributes "
        "WorkflowExecutionSignaledEventAttributes WorkflowExecutionTerminatedEventAttributes "
        "UpsertWorkflowSearchAttributesEventAttributes",
    "events_activity":
        "DecisionTaskScheduledEventAttributes DecisionTaskStartedEventAttributes "
        "DecisionTaskCompletedEventAttributes DecisionTaskTimedOutEventAttributes DecisionTaskFailedEventAttributes "
        "ActivityTaskScheduledEventAttributes ActivityTaskStartedEventAttributes "
        "ActivityTaskCompletedEventAttributes ActivityTaskFailedEventAttributes ActivityTaskTimedOutEventAttributes "
        "ActivityTaskCancelRequestedEventAttributes RequestCancelActivityTaskFailedEventAttributes "
        "ActivityTaskCanceledEventAttributes TimerStartedEventAttributes TimerFiredEventAttributes "
        "TimerCanceledEventAttributes CancelTimerFailedEventAttributes",
    "events_external":
        "RequestCancelExternalWorkflowExecutionInitiatedEventAttributes "
        "RequestCancelExternalWorkflowExecutionFailedEventAttributes "
        "ExternalWorkflowExecutionCancelRequestedEventAttributes "
        "SignalExternalWorkflowExecutionInitiatedEventAttributes "
        "SignalExternalWorkflowExecutionFailedEventAttributes ExternalWorkflowExecutionSignaledEventAttributes "
        "StartChildWorkflowExecutionInitiatedEventAttributes StartChildWorkflowExecutionFailedEventAttributes "
        "ChildWorkflowExecutionStartedEventAttributes ChildWorkflowExecutionCompletedEventAttributes "
        "ChildWorkflowExecutionFailedEventAttributes ChildWorkflowExecutionCanceledEventAttributes "
        "ChildWorkflowExecutionTimedOutEventAttributes ChildWorkflowExecutionTerminatedEventAttributes",
    "history":
        "HistoryEvent History",
    "rpc_worker":
        "TaskListMetadata TransientDecisionInfo ActivityLocalDispatchInfo PollForDecisionTaskRequest "
        "PollForDecisionTaskResponse StickyExecutionAttributes RespondDecisionTaskCompletedRequest "
        "RespondDecisionTaskCompletedResponse RespondDecisionTaskFailedRequest PollForActivityTaskRequest "
        "PollForActivityTaskResponse RecordActivityTaskHeartbeatRequest RecordActivityTaskHeartbeatByIDRequest "
        "RecordActivityTaskHeartbeatResponse RespondActivityTaskCompletedRequest RespondActivityTaskFailedRequest "
        "RespondActivityTaskCanceledRequest RespondActivityTaskCompletedByIDRequest "
        "RespondActivityTaskFailedByIDRequest RespondActivityTaskCanceledByIDRequest ResetStickyTaskListRequest "
        "ResetStickyTaskListResponse RespondQueryTaskCompletedRequest WorkflowQueryResult AutoConfigHint",
    "rpc_workflow":
        "StartWorkflowExecutionRequest StartWorkflowExecutionResponse StartWorkflowExecutionAsyncRequest "
        "StartWorkflowExecutionAsyncResponse RestartWorkflowExecutionResponse RequestCancelWorkflowExecutionRequest "
        "SignalWorkflowExecutionRequest SignalWithStartWorkflowExecutionRequest "
        "SignalWithStartWorkflowExecutionAsyncRequest SignalWithStartWorkflowExecutionAsyncResponse "
        "RestartWorkflowExecutionRequest TerminateWorkflowExecutionRequest ResetWorkflowExecutionRequest "
        "ResetWorkflowExecutionResponse RefreshWorkflowTasksRequest",
    "rpc_describe":
        "WorkflowExecutionConfiguration DiagnoseWorkflowExecutionRequest DiagnoseWorkflowExecutionResponse "
        "GetWorkflowExecutionHistoryRequest GetWorkflowExecutionHistoryResponse QueryWorkflowRequest QueryRejected "
        "QueryWorkflowResponse DescribeWorkflowExecutionRequest PendingActivityInfo PendingDecisionInfo "
        "PendingChildExecutionInfo DescribeWorkflowExecutionResponse",
    "rpc_visibility":
        "WorkflowExecutionFilter WorkflowTypeFilter StartTimeFilter ListOpenWorkflowExecutionsRequest "
        "ListOpenWorkflowExecutionsResponse ListClosedWorkflowExecutionsRequest "
        "ListClosedWorkflowExecutionsResponse ListWorkflowExecutionsRequest ListWorkflowExecutionsResponse "
        "ListArchivedWorkflowExecutionsRequest ListArchivedWorkflowExecutionsResponse "
        "CountWorkflowExecutionsRequest CountWorkflowExecutionsResponse GetSearchAttributesResponse "
        "DescribeTaskListRequest DescribeTaskListResponse GetTaskListsByDomainRequest GetTaskListsByDomainResponse "
        "ListTaskListPartitionsRequest TaskListPartitionMetadata ListTaskListPartitionsResponse "
        "IsolationGroupMetrics TaskListStatus TaskIDBlock PollerInfo SupportedClientVersions ClusterInfo",
    "rpc_domain":
        "DomainInfo DomainConfiguration BadBinaries BadBinaryInfo UpdateDomainInfo ClusterReplicationConfiguration "
        "DomainReplicationConfiguration RegisterDomainRequest ListDomainsRequest ListDomainsResponse "
        "DescribeDomainRequest DescribeDomainResponse UpdateDomainRequest UpdateDomainResponse "
        "DeprecateDomainRequest DeleteDomainRequest",
    "rpc_failover":
        "FailoverInfo ClusterAttributeScope ActiveClusters ActiveClusterInfo FailoverDomainRequest "
        "FailoverDomainResponse ListFailoverHistoryRequest ListFailoverHistoryRequestFilters "
        "ListFailoverHistoryResponse FailoverEvent ClusterFailover IsolationGroupPartition "
        "IsolationGroupConfiguration AsyncWorkflowConfiguration",
    "rpc_schedule":
        "ScheduleSpec ScheduleStartWorkflowAction ScheduleAction SchedulePolicies SchedulePauseInfo ScheduleState "
        "BackfillInfo ScheduleInfo ScheduleListEntry CreateScheduleRequest CreateScheduleResponse "
        "DescribeScheduleRequest DescribeScheduleResponse ListSchedulesRequest ListSchedulesResponse "
        "DeleteScheduleRequest DeleteScheduleResponse PauseScheduleRequest PauseScheduleResponse "
        "UnpauseScheduleRequest UnpauseScheduleResponse BackfillScheduleRequest BackfillScheduleResponse "
        "UpdateScheduleRequest UpdateScheduleResponse",
    "cross_cluster":
        "CrossClusterTaskInfo CrossClusterStartChildExecutionRequestAttributes "
        "CrossClusterStartChildExecutionResponseAttributes CrossClusterCancelExecutionRequestAttributes "
        "CrossClusterCancelExecutionResponseAttributes CrossClusterSignalExecutionRequestAttributes "
        "CrossClusterSignalExecutionResponseAttributes "
        "CrossClusterRecordChildWorkflowExecutionCompleteRequestAttributes "
        "CrossClusterRecordChildWorkflowExecutionCompleteResponseAttributes ApplyParentClosePolicyAttributes "
        "ApplyParentClosePolicyStatus ApplyParentClosePolicyRequest "
        "CrossClusterApplyParentClosePolicyRequestAttributes ApplyParentClosePolicyResult "
        "CrossClusterApplyParentClosePolicyResponseAttributes CrossClusterTaskRequest CrossClusterTaskResponse "
        "GetCrossClusterTasksRequest GetCrossClusterTasksResponse RespondCrossClusterTasksCompletedRequest "
        "RespondCrossClusterTasksCompletedResponse",
    "cluster":
        "DescribeHistoryHostRequest RemoveTaskRequest CloseShardRequest ResetQueueRequest DescribeQueueRequest "
        "DescribeQueueResponse DescribeShardDistributionRequest DescribeShardDistributionResponse "
        "DescribeHistoryHostResponse DomainCacheInfo HistoryBranchRange HistoryBranch VersionHistoryItem "
        "VersionHistory VersionHistories ReapplyEventsRequest QueueState VirtualQueueState VirtualSliceState "
        "TaskRange TaskKey UniversalPredicateAttributes EmptyPredicateAttributes DomainIDPredicateAttributes "
        "Predicate",
    "rpc_health":
        "HealthStatus",
})

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(__name__, HOMES)
