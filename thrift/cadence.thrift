// The frontend's service: what a client or worker may call. Comments become the docstrings of
// cadence/service/workflow_service.py. Edit by hand, then run `python thrift/generate.py`.

include "./shared.thrift"

namespace py cadence

service WorkflowService {
  // Create a domain. It may take some seconds until every server knows it.
  void RegisterDomain(1: shared.RegisterDomainRequest registerRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.DomainAlreadyExistsError domainExistsError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // Give a domain's settings, by name or by UUID.
  shared.DescribeDomainResponse DescribeDomain(1: shared.DescribeDomainRequest describeRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // List all domains, page by page.
  shared.ListDomainsResponse ListDomains(1: shared.ListDomainsRequest listRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // Change a domain's settings.
  shared.UpdateDomainResponse UpdateDomain(1: shared.UpdateDomainRequest updateRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Make a domain active in another cluster.
  shared.FailoverDomainResponse FailoverDomain(1: shared.FailoverDomainRequest failoverRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Mark a domain as deprecated: no new runs, old ones go on.
  void DeprecateDomain(1: shared.DeprecateDomainRequest deprecateRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Delete a deprecated domain that has no runs.
  void DeleteDomain(1: shared.DeleteDomainRequest deleteRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.ServiceBusyError serviceBusyError,
      3: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      4: shared.AccessDeniedError accessDeniedError
    )

  // List a domain's past failovers.
  shared.ListFailoverHistoryResponse ListFailoverHistory(1: shared.ListFailoverHistoryRequest listRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.ServiceBusyError serviceBusyError,
      3: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      4: shared.AccessDeniedError accessDeniedError
    )

  // Start a run anew with the same input, ending the current one.
  shared.RestartWorkflowExecutionResponse RestartWorkflowExecution(1: shared.RestartWorkflowExecutionRequest restartRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.ServiceBusyError serviceBusyError,
      3: shared.DomainNotActiveError domainNotActiveError,
      4: shared.LimitExceededError limitExceededError,
      5: shared.EntityNotExistsError entityNotExistError,
      6: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Start the server's own diagnosis of a run.
  shared.DiagnoseWorkflowExecutionResponse DiagnoseWorkflowExecution(1: shared.DiagnoseWorkflowExecutionRequest diagnoseRequest)
    throws (
      1: shared.DomainNotActiveError domainNotActiveError,
      2: shared.ServiceBusyError serviceBusyError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      5: shared.AccessDeniedError accessDeniedError
    )

  // Start a run.
  shared.StartWorkflowExecutionResponse StartWorkflowExecution(1: shared.StartWorkflowExecutionRequest startRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.WorkflowExecutionAlreadyStartedError sessionAlreadyExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.LimitExceededError limitExceededError,
      7: shared.EntityNotExistsError entityNotExistError,
      8: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Queue the start of a run, where the domain has a queue for it.
  shared.StartWorkflowExecutionAsyncResponse StartWorkflowExecutionAsync(1: shared.StartWorkflowExecutionAsyncRequest startRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.WorkflowExecutionAlreadyStartedError sessionAlreadyExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.LimitExceededError limitExceededError,
      7: shared.EntityNotExistsError entityNotExistError,
      8: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Give a page of a run's history; can wait for new events.
  shared.GetWorkflowExecutionHistoryResponse GetWorkflowExecutionHistory(1: shared.GetWorkflowExecutionHistoryRequest getRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // Wait for a decision task. An answer without task token means: poll again.
  shared.PollForDecisionTaskResponse PollForDecisionTask(1: shared.PollForDecisionTaskRequest pollRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.LimitExceededError limitExceededError,
      5: shared.EntityNotExistsError entityNotExistError,
      6: shared.DomainNotActiveError domainNotActiveError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.AccessDeniedError accessDeniedError
    )

  // Answer a decision task with decisions.
  shared.RespondDecisionTaskCompletedResponse RespondDecisionTaskCompleted(1: shared.RespondDecisionTaskCompletedRequest completeRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Answer a decision task with a failure of the worker.
  void RespondDecisionTaskFailed(1: shared.RespondDecisionTaskFailedRequest failedRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Wait for an activity task. An answer without task token means: poll again.
  shared.PollForActivityTaskResponse PollForActivityTask(1: shared.PollForActivityTaskRequest pollRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.LimitExceededError limitExceededError,
      5: shared.EntityNotExistsError entityNotExistError,
      6: shared.DomainNotActiveError domainNotActiveError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.AccessDeniedError accessDeniedError
    )

  // Tell that an activity lives, by task token.
  shared.RecordActivityTaskHeartbeatResponse RecordActivityTaskHeartbeat(1: shared.RecordActivityTaskHeartbeatRequest heartbeatRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Tell that an activity lives, by workflow and activity id.
  shared.RecordActivityTaskHeartbeatResponse RecordActivityTaskHeartbeatByID(1: shared.RecordActivityTaskHeartbeatByIDRequest heartbeatRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Answer an activity task with its result, by task token.
  void RespondActivityTaskCompleted(1: shared.RespondActivityTaskCompletedRequest completeRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Answer an activity task with its result, by workflow and activity id.
  void RespondActivityTaskCompletedByID(1: shared.RespondActivityTaskCompletedByIDRequest completeRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Answer an activity task with a failure, by task token.
  void RespondActivityTaskFailed(1: shared.RespondActivityTaskFailedRequest failRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Answer an activity task with a failure, by workflow and activity id.
  void RespondActivityTaskFailedByID(1: shared.RespondActivityTaskFailedByIDRequest failRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Answer an activity task as cancelled, by task token.
  void RespondActivityTaskCanceled(1: shared.RespondActivityTaskCanceledRequest canceledRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Answer an activity task as cancelled, by workflow and activity id.
  void RespondActivityTaskCanceledByID(1: shared.RespondActivityTaskCanceledByIDRequest canceledRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Ask a run to cancel itself; its code decides what that means.
  void RequestCancelWorkflowExecution(1: shared.RequestCancelWorkflowExecutionRequest cancelRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.CancellationAlreadyRequestedError cancellationAlreadyRequestedError,
      5: shared.ServiceBusyError serviceBusyError,
      6: shared.DomainNotActiveError domainNotActiveError,
      7: shared.LimitExceededError limitExceededError,
      8: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      9: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      10: shared.AccessDeniedError accessDeniedError
    )

  // Send a signal to an open run.
  void SignalWorkflowExecution(1: shared.SignalWorkflowExecutionRequest signalRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.LimitExceededError limitExceededError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Send a signal to a run, which is started first if it is not open.
  shared.StartWorkflowExecutionResponse SignalWithStartWorkflowExecution(1: shared.SignalWithStartWorkflowExecutionRequest signalWithStartRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.LimitExceededError limitExceededError,
      7: shared.WorkflowExecutionAlreadyStartedError workflowAlreadyStartedError,
      8: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Queue a signal with start, where the domain has a queue for it.
  shared.SignalWithStartWorkflowExecutionAsyncResponse SignalWithStartWorkflowExecutionAsync(1: shared.SignalWithStartWorkflowExecutionAsyncRequest signalWithStartRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.WorkflowExecutionAlreadyStartedError sessionAlreadyExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.LimitExceededError limitExceededError,
      7: shared.EntityNotExistsError entityNotExistError,
      8: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // End a run and start a new one from a point in its history.
  shared.ResetWorkflowExecutionResponse ResetWorkflowExecution(1: shared.ResetWorkflowExecutionRequest resetRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.LimitExceededError limitExceededError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.AccessDeniedError accessDeniedError
    )

  // End a run at once; its code is not asked.
  void TerminateWorkflowExecution(1: shared.TerminateWorkflowExecutionRequest terminateRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.DomainNotActiveError domainNotActiveError,
      6: shared.LimitExceededError limitExceededError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // List open runs by start time, and by id or type.
  shared.ListOpenWorkflowExecutionsResponse ListOpenWorkflowExecutions(1: shared.ListOpenWorkflowExecutionsRequest listRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // List closed runs by start time, and by id, type or status.
  shared.ListClosedWorkflowExecutionsResponse ListClosedWorkflowExecutions(1: shared.ListClosedWorkflowExecutionsRequest listRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // List runs by a query, in order. Needs advanced visibility.
  shared.ListWorkflowExecutionsResponse ListWorkflowExecutions(1: shared.ListWorkflowExecutionsRequest listRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // List archived runs by a query.
  shared.ListArchivedWorkflowExecutionsResponse ListArchivedWorkflowExecutions(1: shared.ListArchivedWorkflowExecutionsRequest listRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // List runs by a query, in no order. Needs advanced visibility.
  shared.ListWorkflowExecutionsResponse ScanWorkflowExecutions(1: shared.ListWorkflowExecutionsRequest listRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // Count runs by a query. Needs advanced visibility.
  shared.CountWorkflowExecutionsResponse CountWorkflowExecutions(1: shared.CountWorkflowExecutionsRequest countRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // Give the search attributes that exist, with their types.
  shared.GetSearchAttributesResponse GetSearchAttributes()
    throws (
      2: shared.ServiceBusyError serviceBusyError,
      3: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      4: shared.AccessDeniedError accessDeniedError
    )

  // Answer a decision task that only asks a query.
  void RespondQueryTaskCompleted(1: shared.RespondQueryTaskCompletedRequest completeRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.LimitExceededError limitExceededError,
      5: shared.ServiceBusyError serviceBusyError,
      6: shared.DomainNotActiveError domainNotActiveError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.AccessDeniedError accessDeniedError
    )

  // Forget the private list of a run, so that its next decision task goes to the shared one.
  shared.ResetStickyTaskListResponse ResetStickyTaskList(1: shared.ResetStickyTaskListRequest resetRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.LimitExceededError limitExceededError,
      5: shared.ServiceBusyError serviceBusyError,
      6: shared.DomainNotActiveError domainNotActiveError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      9: shared.AccessDeniedError accessDeniedError
    )

  // Ask a run's code a question.
  shared.QueryWorkflowResponse QueryWorkflow(1: shared.QueryWorkflowRequest queryRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.QueryFailedError queryFailedError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.ServiceBusyError serviceBusyError,
      7: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      8: shared.AccessDeniedError accessDeniedError
    )

  // Give a run's state, with its open activities, children and decision task.
  shared.DescribeWorkflowExecutionResponse DescribeWorkflowExecution(1: shared.DescribeWorkflowExecutionRequest describeRequest)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.LimitExceededError limitExceededError,
      5: shared.ServiceBusyError serviceBusyError,
      6: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Give the pollers of a task list and, where asked for, its backlog.
  shared.DescribeTaskListResponse DescribeTaskList(1: shared.DescribeTaskListRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.LimitExceededError limitExceededError,
      5: shared.ServiceBusyError serviceBusyError,
      6: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Give the client versions that the cluster supports.
  shared.ClusterInfo GetClusterInfo()
    throws (
      1: shared.InternalServiceError internalServiceError,
      2: shared.ServiceBusyError serviceBusyError,
      3: shared.AccessDeniedError accessDeniedError
    )

  // List a domain's task lists that this cluster knows.
  shared.GetTaskListsByDomainResponse GetTaskListsByDomain(1: shared.GetTaskListsByDomainRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.LimitExceededError limitExceededError,
      4: shared.ServiceBusyError serviceBusyError,
      5: shared.ClientVersionNotSupportedError clientVersionNotSupportedError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // List the partitions of a task list and their owners.
  shared.ListTaskListPartitionsResponse ListTaskListPartitions(1: shared.ListTaskListPartitionsRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      3: shared.EntityNotExistsError entityNotExistError,
      4: shared.LimitExceededError limitExceededError,
      5: shared.ServiceBusyError serviceBusyError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // Write a run's open tasks and timers anew.
  void RefreshWorkflowTasks(1: shared.RefreshWorkflowTasksRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.DomainNotActiveError domainNotActiveError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.EntityNotExistsError entityNotExistError,
      5: shared.AccessDeniedError accessDeniedError
    )

  // Create a schedule.
  shared.CreateScheduleResponse CreateSchedule(1: shared.CreateScheduleRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // Give a schedule's settings and what it did.
  shared.DescribeScheduleResponse DescribeSchedule(1: shared.DescribeScheduleRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.QueryFailedError queryFailedError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.AccessDeniedError accessDeniedError
    )

  // Replace parts of a schedule.
  shared.UpdateScheduleResponse UpdateSchedule(1: shared.UpdateScheduleRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Delete a schedule; runs it started go on.
  shared.DeleteScheduleResponse DeleteSchedule(1: shared.DeleteScheduleRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Pause a schedule.
  shared.PauseScheduleResponse PauseSchedule(1: shared.PauseScheduleRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Let a paused schedule go on.
  shared.UnpauseScheduleResponse UnpauseSchedule(1: shared.UnpauseScheduleRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // Start the runs that a schedule would have started between two times.
  shared.BackfillScheduleResponse BackfillSchedule(1: shared.BackfillScheduleRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.DomainNotActiveError domainNotActiveError,
      5: shared.LimitExceededError limitExceededError,
      6: shared.WorkflowExecutionAlreadyCompletedError workflowExecutionAlreadyCompletedError,
      7: shared.AccessDeniedError accessDeniedError
    )

  // List a domain's schedules.
  shared.ListSchedulesResponse ListSchedules(1: shared.ListSchedulesRequest request)
    throws (
      1: shared.BadRequestError badRequestError,
      2: shared.EntityNotExistsError entityNotExistError,
      3: shared.ServiceBusyError serviceBusyError,
      4: shared.AccessDeniedError accessDeniedError
    )
}
