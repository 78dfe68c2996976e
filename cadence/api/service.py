"""Every RPC with its request, its response and its errors.

Generated from thrift/cadence.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from cadence.api._rpc import Rpc

__all__ = ("RPCS", "Rpc")

RPCS: dict[str, Rpc] = {rpc.name: rpc for rpc in (
    Rpc("RegisterDomain", "register_request RegisterDomainRequest", None,
        "1 bad_request_error BadRequestError, 3 domain_exists_error DomainAlreadyExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("DescribeDomain", "describe_request DescribeDomainRequest", "DescribeDomainResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("ListDomains", "list_request ListDomainsRequest", "ListDomainsResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("UpdateDomain", "update_request UpdateDomainRequest", "UpdateDomainResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 client_version_not_supported_error ClientVersionNotSupportedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("FailoverDomain", "failover_request FailoverDomainRequest", "FailoverDomainResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 client_version_not_supported_error ClientVersionNotSupportedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("DeprecateDomain", "deprecate_request DeprecateDomainRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 client_version_not_supported_error ClientVersionNotSupportedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("DeleteDomain", "delete_request DeleteDomainRequest", None,
        "1 bad_request_error BadRequestError, 2 service_busy_error ServiceBusyError,"
        "3 client_version_not_supported_error ClientVersionNotSupportedError,"
        "4 access_denied_error AccessDeniedError,"),
    Rpc("ListFailoverHistory", "list_request ListFailoverHistoryRequest", "ListFailoverHistoryResponse",
        "1 bad_request_error BadRequestError, 2 service_busy_error ServiceBusyError,"
        "3 client_version_not_supported_error ClientVersionNotSupportedError,"
        "4 access_denied_error AccessDeniedError,"),
    Rpc("RestartWorkflowExecution", "restart_request RestartWorkflowExecutionRequest", "RestartWorkflowExecutionResponse",
        "1 bad_request_error BadRequestError, 2 service_busy_error ServiceBusyError,"
        "3 domain_not_active_error DomainNotActiveError, 4 limit_exceeded_error LimitExceededError,"
        "5 entity_not_exist_error EntityNotExistsError,"
        "6 client_version_not_supported_error ClientVersionNotSupportedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("DiagnoseWorkflowExecution", "diagnose_request DiagnoseWorkflowExecutionRequest", "DiagnoseWorkflowExecutionResponse",
        "1 domain_not_active_error DomainNotActiveError, 2 service_busy_error ServiceBusyError,"
        "3 entity_not_exist_error EntityNotExistsError,"
        "4 client_version_not_supported_error ClientVersionNotSupportedError,"
        "5 access_denied_error AccessDeniedError,"),
    Rpc("StartWorkflowExecution", "start_request StartWorkflowExecutionRequest", "StartWorkflowExecutionResponse",
        "1 bad_request_error BadRequestError, 3 session_already_exist_error WorkflowExecutionAlreadyStartedError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 limit_exceeded_error LimitExceededError, 7 entity_not_exist_error EntityNotExistsError,"
        "8 client_version_not_supported_error ClientVersionNotSupportedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("StartWorkflowExecutionAsync", "start_request StartWorkflowExecutionAsyncRequest", "StartWorkflowExecutionAsyncResponse",
        "1 bad_request_error BadRequestError, 3 session_already_exist_error WorkflowExecutionAlreadyStartedError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 limit_exceeded_error LimitExceededError, 7 entity_not_exist_error EntityNotExistsError,"
        "8 client_version_not_supported_error ClientVersionNotSupportedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("GetWorkflowExecutionHistory", "get_request GetWorkflowExecutionHistoryRequest", "GetWorkflowExecutionHistoryResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("PollForDecisionTask", "poll_request PollForDecisionTaskRequest", "PollForDecisionTaskResponse",
        "1 bad_request_error BadRequestError, 3 service_busy_error ServiceBusyError,"
        "4 limit_exceeded_error LimitExceededError, 5 entity_not_exist_error EntityNotExistsError,"
        "6 domain_not_active_error DomainNotActiveError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 access_denied_error AccessDeniedError,"),
    Rpc("RespondDecisionTaskCompleted", "complete_request RespondDecisionTaskCompletedRequest", "RespondDecisionTaskCompletedResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RespondDecisionTaskFailed", "failed_request RespondDecisionTaskFailedRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("PollForActivityTask", "poll_request PollForActivityTaskRequest", "PollForActivityTaskResponse",
        "1 bad_request_error BadRequestError, 3 service_busy_error ServiceBusyError,"
        "4 limit_exceeded_error LimitExceededError, 5 entity_not_exist_error EntityNotExistsError,"
        "6 domain_not_active_error DomainNotActiveError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 access_denied_error AccessDeniedError,"),
    Rpc("RecordActivityTaskHeartbeat", "heartbeat_request RecordActivityTaskHeartbeatRequest", "RecordActivityTaskHeartbeatResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RecordActivityTaskHeartbeatByID", "heartbeat_request RecordActivityTaskHeartbeatByIDRequest", "RecordActivityTaskHeartbeatResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RespondActivityTaskCompleted", "complete_request RespondActivityTaskCompletedRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RespondActivityTaskCompletedByID", "complete_request RespondActivityTaskCompletedByIDRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RespondActivityTaskFailed", "fail_request RespondActivityTaskFailedRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RespondActivityTaskFailedByID", "fail_request RespondActivityTaskFailedByIDRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RespondActivityTaskCanceled", "canceled_request RespondActivityTaskCanceledRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RespondActivityTaskCanceledByID", "canceled_request RespondActivityTaskCanceledByIDRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 domain_not_active_error DomainNotActiveError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("RequestCancelWorkflowExecution", "cancel_request RequestCancelWorkflowExecutionRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 cancellation_already_requested_error CancellationAlreadyRequestedError,"
        "5 service_busy_error ServiceBusyError, 6 domain_not_active_error DomainNotActiveError,"
        "7 limit_exceeded_error LimitExceededError,"
        "8 client_version_not_supported_error ClientVersionNotSupportedError,"
        "9 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "10 access_denied_error AccessDeniedError,"),
    Rpc("SignalWorkflowExecution", "signal_request SignalWorkflowExecutionRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 limit_exceeded_error LimitExceededError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("SignalWithStartWorkflowExecution", "signal_with_start_request SignalWithStartWorkflowExecutionRequest", "StartWorkflowExecutionResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 limit_exceeded_error LimitExceededError,"
        "7 workflow_already_started_error WorkflowExecutionAlreadyStartedError,"
        "8 client_version_not_supported_error ClientVersionNotSupportedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("SignalWithStartWorkflowExecutionAsync", "signal_with_start_request SignalWithStartWorkflowExecutionAsyncRequest", "SignalWithStartWorkflowExecutionAsyncResponse",
        "1 bad_request_error BadRequestError, 3 session_already_exist_error WorkflowExecutionAlreadyStartedError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 limit_exceeded_error LimitExceededError, 7 entity_not_exist_error EntityNotExistsError,"
        "8 client_version_not_supported_error ClientVersionNotSupportedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("ResetWorkflowExecution", "reset_request ResetWorkflowExecutionRequest", "ResetWorkflowExecutionResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 limit_exceeded_error LimitExceededError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 access_denied_error AccessDeniedError,"),
    Rpc("TerminateWorkflowExecution", "terminate_request TerminateWorkflowExecutionRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError, 5 domain_not_active_error DomainNotActiveError,"
        "6 limit_exceeded_error LimitExceededError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("ListOpenWorkflowExecutions", "list_request ListOpenWorkflowExecutionsRequest", "ListOpenWorkflowExecutionsResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError, 5 limit_exceeded_error LimitExceededError,"
        "6 client_version_not_supported_error ClientVersionNotSupportedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("ListClosedWorkflowExecutions", "list_request ListClosedWorkflowExecutionsRequest", "ListClosedWorkflowExecutionsResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("ListWorkflowExecutions", "list_request ListWorkflowExecutionsRequest", "ListWorkflowExecutionsResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("ListArchivedWorkflowExecutions", "list_request ListArchivedWorkflowExecutionsRequest", "ListArchivedWorkflowExecutionsResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("ScanWorkflowExecutions", "list_request ListWorkflowExecutionsRequest", "ListWorkflowExecutionsResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("CountWorkflowExecutions", "count_request CountWorkflowExecutionsRequest", "CountWorkflowExecutionsResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("GetSearchAttributes", None, "GetSearchAttributesResponse",
        "2 service_busy_error ServiceBusyError,"
        "3 client_version_not_supported_error ClientVersionNotSupportedError,"
        "4 access_denied_error AccessDeniedError,"),
    Rpc("RespondQueryTaskCompleted", "complete_request RespondQueryTaskCompletedRequest", None,
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 limit_exceeded_error LimitExceededError, 5 service_busy_error ServiceBusyError,"
        "6 domain_not_active_error DomainNotActiveError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 access_denied_error AccessDeniedError,"),
    Rpc("ResetStickyTaskList", "reset_request ResetStickyTaskListRequest", "ResetStickyTaskListResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 limit_exceeded_error LimitExceededError, 5 service_busy_error ServiceBusyError,"
        "6 domain_not_active_error DomainNotActiveError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "9 access_denied_error AccessDeniedError,"),
    Rpc("QueryWorkflow", "query_request QueryWorkflowRequest", "QueryWorkflowResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 query_failed_error QueryFailedError, 5 limit_exceeded_error LimitExceededError,"
        "6 service_busy_error ServiceBusyError,"
        "7 client_version_not_supported_error ClientVersionNotSupportedError,"
        "8 access_denied_error AccessDeniedError,"),
    Rpc("DescribeWorkflowExecution", "describe_request DescribeWorkflowExecutionRequest", "DescribeWorkflowExecutionResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 limit_exceeded_error LimitExceededError, 5 service_busy_error ServiceBusyError,"
        "6 client_version_not_supported_error ClientVersionNotSupportedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("DescribeTaskList", "request DescribeTaskListRequest", "DescribeTaskListResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 limit_exceeded_error LimitExceededError, 5 service_busy_error ServiceBusyError,"
        "6 client_version_not_supported_error ClientVersionNotSupportedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("GetClusterInfo", None, "ClusterInfo",
        "1 internal_service_error InternalServiceError, 2 service_busy_error ServiceBusyError,"
        "3 access_denied_error AccessDeniedError,"),
    Rpc("GetTaskListsByDomain", "request GetTaskListsByDomainRequest", "GetTaskListsByDomainResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 limit_exceeded_error LimitExceededError, 4 service_busy_error ServiceBusyError,"
        "5 client_version_not_supported_error ClientVersionNotSupportedError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("ListTaskListPartitions", "request ListTaskListPartitionsRequest", "ListTaskListPartitionsResponse",
        "1 bad_request_error BadRequestError, 3 entity_not_exist_error EntityNotExistsError,"
        "4 limit_exceeded_error LimitExceededError, 5 service_busy_error ServiceBusyError,"
        "6 access_denied_error AccessDeniedError,"),
    Rpc("RefreshWorkflowTasks", "request RefreshWorkflowTasksRequest", None,
        "1 bad_request_error BadRequestError, 2 domain_not_active_error DomainNotActiveError,"
        "3 service_busy_error ServiceBusyError, 4 entity_not_exist_error EntityNotExistsError,"
        "5 access_denied_error AccessDeniedError,"),
    Rpc("CreateSchedule", "request CreateScheduleRequest", "CreateScheduleResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 service_busy_error ServiceBusyError, 4 domain_not_active_error DomainNotActiveError,"
        "5 limit_exceeded_error LimitExceededError, 6 access_denied_error AccessDeniedError,"),
    Rpc("DescribeSchedule", "request DescribeScheduleRequest", "DescribeScheduleResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 service_busy_error ServiceBusyError, 4 query_failed_error QueryFailedError,"
        "5 limit_exceeded_error LimitExceededError, 6 access_denied_error AccessDeniedError,"),
    Rpc("UpdateSchedule", "request UpdateScheduleRequest", "UpdateScheduleResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 service_busy_error ServiceBusyError, 4 domain_not_active_error DomainNotActiveError,"
        "5 limit_exceeded_error LimitExceededError,"
        "6 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("DeleteSchedule", "request DeleteScheduleRequest", "DeleteScheduleResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 service_busy_error ServiceBusyError, 4 domain_not_active_error DomainNotActiveError,"
        "5 limit_exceeded_error LimitExceededError,"
        "6 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("PauseSchedule", "request PauseScheduleRequest", "PauseScheduleResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 service_busy_error ServiceBusyError, 4 domain_not_active_error DomainNotActiveError,"
        "5 limit_exceeded_error LimitExceededError,"
        "6 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("UnpauseSchedule", "request UnpauseScheduleRequest", "UnpauseScheduleResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 service_busy_error ServiceBusyError, 4 domain_not_active_error DomainNotActiveError,"
        "5 limit_exceeded_error LimitExceededError,"
        "6 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("BackfillSchedule", "request BackfillScheduleRequest", "BackfillScheduleResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 service_busy_error ServiceBusyError, 4 domain_not_active_error DomainNotActiveError,"
        "5 limit_exceeded_error LimitExceededError,"
        "6 workflow_execution_already_completed_error WorkflowExecutionAlreadyCompletedError,"
        "7 access_denied_error AccessDeniedError,"),
    Rpc("ListSchedules", "request ListSchedulesRequest", "ListSchedulesResponse",
        "1 bad_request_error BadRequestError, 2 entity_not_exist_error EntityNotExistsError,"
        "3 service_busy_error ServiceBusyError, 4 access_denied_error AccessDeniedError,"),
    Rpc("health", None, "HealthStatus", service="Meta"),
)}
