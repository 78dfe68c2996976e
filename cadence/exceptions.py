"""What can go wrong, as one tree.

The errors a user of the SDK can meet, whatever room they come from. They carry fields; the sentence a person reads is
composed from them ("what happened, where, what to do"). This module imports no room of the package, so every room can
raise from it; the server's declared errors (`cadence.errors`) and the transport's (`cadence.tchannel.errors`) derive
from the classes here.

    CadenceError
     |- ConfigurationError (ValueError)       yours to fix, raised where the value is given
     |- ConversionError (ValueError)          a value does not fit its type on the way in or out
     |- ServiceError                          the server answered no; the subclasses stand in cadence.errors
     |- TransportError (ConnectionError)      no answer; the subclasses stand in cadence.tchannel.errors
     |- WorkflowError                         what happened to a workflow you waited for
     |   |- WorkflowFailedError, WorkflowTimedOutError, WorkflowCanceledError, WorkflowTerminatedError,
     |      WorkflowContinuedAsNewError
     |- ActivityError                         what happened to an activity that workflow code called
     |   |- ActivityFailedError, ActivityTimedOutError, ActivityCanceledError
     |- ChildWorkflowError                    what happened to a child that workflow code started
     |   |- ChildWorkflowFailedError, ChildWorkflowTimedOutError, ChildWorkflowCanceledError,
     |      ChildWorkflowTerminatedError, ChildWorkflowAlreadyStartedError
     |- SessionFailedError                    the host that held a workflow's session is gone
     |   |- SessionNotCreatedError              no host took the session in time
     |- ExternalWorkflowError                 a signal to, or cancel of, another workflow did not arrive
     |- ApplicationError                      raised by user code to choose reason, details and retries; and the
     |   |                                    far side of a failure whose class is not registered here
     |   |- RemoteTimeoutError                a timeout that ended what the far side called, told as its failure
     |- NondeterminismError                   code and history part; carries the report
     |   |- NotReplayableError                 workflow code asked for what could not be replayed
     |- QueryRejectedError                    a query was refused by its reject condition
     |- ActivityCompletionError               an activity could not be completed or heartbeat from elsewhere

`asyncio.CancelledError`, not a class of ours, is what workflow and activity code sees when it is cancelled itself.
The names of `cadence-client` 1.x at the end are these classes under their old names.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from cadence._error_root import CadenceError
from cadence._session_errors import SessionFailedError, SessionNotCreatedError
from cadence._timeout_kind import TimeoutKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

__all__ = (
    "ActivityCanceledError",
    "ActivityCompletionError",
    "ActivityError",
    "ActivityFailedError",
    "ActivityTimedOutError",
    "ApplicationError",
    "CadenceError",
    "ChildWorkflowAlreadyStartedError",
    "ChildWorkflowCanceledError",
    "ChildWorkflowError",
    "ChildWorkflowFailedError",
    "ChildWorkflowTerminatedError",
    "ChildWorkflowTimedOutError",
    "ConfigurationError",
    "ConversionError",
    "ExternalWorkflowError",
    "NondeterminismError",
    "NotReplayableError",
    "QueryFailureException",
    "QueryRejectedError",
    "RemoteTimeoutError",
    "ServiceError",
    "SessionFailedError",
    "SessionNotCreatedError",
    "TimeoutKind",
    "TransportError",
    "WorkflowCanceledError",
    "WorkflowContinuedAsNewError",
    "WorkflowError",
    "WorkflowFailedError",
    "WorkflowIds",
    "WorkflowTerminatedError",
    "WorkflowTimedOutError",
)


class ConfigurationError(CadenceError, ValueError):
    """A definition, option or argument that can't work; raised where it is given, before anything is sent."""


class ConversionError(CadenceError, ValueError):
    """A value does not fit its type on the way to or from bytes. Retrying does not help.

    Attributes:
        place: Which value it was, for example `argument 2 ("name") of activity compose_greeting`.
    """

    def __init__(self, message: str = "", *, place: str = "", hint: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message, hint=hint)
        self.place = place


class ServiceError(CadenceError):
    """The server answered no. The subclasses, by the IDL's names, are in `cadence.errors`."""


class TransportError(CadenceError, ConnectionError):
    """No answer arrived. The subclasses are in `cadence.tchannel.errors`."""


class WorkflowIds(NamedTuple):
    """Names a run."""

    workflow_id: str
    run_id: str


class WorkflowError(CadenceError):
    """A workflow that you waited for did not complete. `__cause__` is the far exception, where there is one.

    Attributes:
        workflow_id: The workflow's id.
        run_id: The run that ended.
        workflow_type: Its type's name, or an empty string where it isn't known.
    """

    ended = "did not complete"

    def __init__(self, message: str = "", *, workflow_id: str = "", run_id: str = "", workflow_type: str = "") -> None:
        what = f'workflow "{workflow_id}"' if workflow_id else "workflow"
        if workflow_type:
            what = f"{what} ({workflow_type})"
        if run_id:
            what = f"{what}, run {run_id},"
        super().__init__(f"{what} {self.ended}" + (f": {message}" if message else ""))
        self.reason_text = message
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.workflow_type = workflow_type

    @property
    def execution(self) -> WorkflowIds:
        """The workflow's id and run id together, under their name of 1.x."""
        return WorkflowIds(self.workflow_id, self.run_id)


class WorkflowFailedError(WorkflowError):
    """The workflow's code raised. `__cause__` is what it raised.

    Attributes:
        reason: The failure's reason as the server keeps it.
    """

    ended = "failed"

    def __init__(
        self, message: str = "", *, workflow_id: str = "", run_id: str = "", workflow_type: str = "", reason: str = ""
    ) -> None:
        super().__init__(message or reason, workflow_id=workflow_id, run_id=run_id, workflow_type=workflow_type)
        self.reason = reason


class WorkflowTimedOutError(WorkflowError):
    """The workflow ran longer than its execution_start_to_close_timeout.

    Attributes:
        kind: Which clock ran out.
    """

    ended = "timed out"

    def __init__(
        self,
        message: str = "",
        *,
        workflow_id: str = "",
        run_id: str = "",
        workflow_type: str = "",
        kind: TimeoutKind = TimeoutKind.START_TO_CLOSE,
    ) -> None:
        super().__init__(message or kind.value, workflow_id=workflow_id, run_id=run_id, workflow_type=workflow_type)
        self.kind = kind


class WorkflowCanceledError(WorkflowError):
    """The workflow was cancelled and let it happen.

    Attributes:
        details: What the workflow left as details, decoded, or None.
    """

    ended = "was cancelled"
    details: object = None


class WorkflowTerminatedError(WorkflowError):
    """The workflow was terminated from outside; its code was not asked.

    Attributes:
        reason: Who terminated it says why.
    """

    ended = "was terminated"

    def __init__(
        self, message: str = "", *, workflow_id: str = "", run_id: str = "", workflow_type: str = "", reason: str = ""
    ) -> None:
        super().__init__(message or reason, workflow_id=workflow_id, run_id=run_id, workflow_type=workflow_type)
        self.reason = reason


class WorkflowContinuedAsNewError(WorkflowError):
    """The run ended and another goes on in its place; raised only where one run was asked for.

    Where the run failed, what it raised is the `__cause__`.

    Attributes:
        new_run_id: The run that goes on.
        initiator: `Decider`: its code asked for it; `RetryPolicy`: it failed; `CronSchedule`: its time comes again.
        last_result: What a cron run gave, or one before it if it failed.
    """

    ended = "continued as new"
    new_run_id: str = ""
    initiator: str = ""
    last_result: object = None


class ActivityError(CadenceError):
    """An activity that workflow code called did not complete.

    Attributes:
        activity_type: The activity's name.
        activity_id: Its id in the run.
        attempt: The attempt that ended it, counted from 0.
        identity: The worker that ran it, or an empty string.
    """

    ended = "did not complete"

    def __init__(
        self, message: str = "", *, activity_type: str = "", activity_id: str = "", attempt: int = 0, identity: str = ""
    ) -> None:
        where = f"activity {activity_type}" if activity_type else "activity"
        if activity_id:
            where = f"{where} (id {activity_id})"
        super().__init__(f"{where} {self.ended}" + (f": {message}" if message else ""))
        self.reason_text = message
        self.activity_type = activity_type
        self.activity_id = activity_id
        self.attempt = attempt
        self.identity = identity

    @property
    def cause(self) -> BaseException | None:
        """What made it end, under its name of 1.x: `__cause__`, or this error itself for a timeout."""
        return self.__cause__

    def get_cause(self) -> BaseException | None:
        """Return `cause`, as in 1.x."""
        return self.cause

    def set_cause(self) -> None:
        """Do nothing: in 1.x this set `__cause__`, which is there from the start."""


class ActivityFailedError(ActivityError):
    """The activity raised, and no retry was left. `__cause__` is what it raised."""

    ended = "failed"
    reason: str = ""


class ActivityTimedOutError(ActivityError):
    """One of the activity's four timeouts passed. `__cause__` is the last attempt's failure, where there is one.

    Attributes:
        kind: Which clock ran out.
        details: The last heartbeat's details, decoded, or None.
    """

    ended = "timed out"
    kind: TimeoutKind = TimeoutKind.START_TO_CLOSE
    details: object = None

    @property
    def cause(self) -> BaseException:
        """This error itself: in 1.x a timeout is the cause of an ActivityFailureException."""
        return self

    @property
    def timeout_type(self) -> int:
        """The kind as a number of `cadence.cadence_types.TimeoutType`."""
        return list(TimeoutKind).index(self.kind)


class ActivityCanceledError(ActivityError):
    """The activity was cancelled, and said so.

    Attributes:
        details: What it left as details, decoded, or None.
    """

    ended = "was cancelled"
    details: object = None


class ChildWorkflowError(WorkflowError):
    """A child that workflow code started did not complete."""


class ChildWorkflowFailedError(ChildWorkflowError):
    """The child's code raised. `__cause__` is what it raised."""

    ended = "failed"
    reason: str = ""


class ChildWorkflowTimedOutError(ChildWorkflowError):
    """The child ran longer than its execution_start_to_close_timeout."""

    ended = "timed out"
    kind: TimeoutKind = TimeoutKind.START_TO_CLOSE


class ChildWorkflowCanceledError(ChildWorkflowError):
    """The child was cancelled and let it happen."""

    ended = "was cancelled"
    details: object = None


class ChildWorkflowTerminatedError(ChildWorkflowError):
    """The child was terminated from outside."""

    ended = "was terminated"


class ChildWorkflowAlreadyStartedError(ChildWorkflowError):
    """A workflow with the child's id runs already, or its id may not be used again."""

    ended = "could not be started"


class ExternalWorkflowError(CadenceError):
    """A signal to, or a cancel request for, another workflow did not arrive: it is unknown or closed.

    Attributes:
        workflow_id: The workflow that was meant.
        run_id: Its run, or an empty string for the current one.
    """

    def __init__(self, message: str = "", *, workflow_id: str = "", run_id: str = "") -> None:
        super().__init__(message)
        self.workflow_id = workflow_id
        self.run_id = run_id


class ApplicationError(CadenceError):
    """A failure with a reason and details of your choice, for workflow and activity code to raise.

    It also stands for a failure from elsewhere whose class isn't registered here.

    Args:
        message: For people.
        details: Values to carry along, in order; each must be convertible.
        reason: The failure's type as other workers and retry policies see it
            (`non_retriable_error_reasons`); default: the class's own name.
        non_retryable: True ends the retries of an activity or workflow at once.
        next_retry_delay: For local activities: wait this long before the next attempt instead of what the retry policy
            says.

    Attributes:
        fields: What else the far exception had as attributes; empty for one raised here.
        remote_traceback: The far side's traceback as text, or an empty string.
    """

    def __init__(
        self,
        message: str = "",
        *details: object,
        reason: str = "",
        non_retryable: bool = False,
        next_retry_delay: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.details: Sequence[object] = details
        self.reason = reason or type(self).__name__
        self.non_retryable = non_retryable
        self.next_retry_delay = next_retry_delay
        self.remote_traceback = ""
        self.fields: Mapping[str, object] = {}


class RemoteTimeoutError(ApplicationError):
    """A failure that is a timeout: of the last attempt of a retried workflow, or of something that it waited for.

    Attributes:
        kind: Which clock ran out.
    """

    def __init__(self, kind: TimeoutKind = TimeoutKind.START_TO_CLOSE, details: Sequence[object] = ()) -> None:
        super().__init__(f"timed out: {kind.value}", *details, reason=f"cadenceInternal:Timeout {kind.value}")
        self.kind = kind


class NondeterminismError(CadenceError):
    """Workflow code and its history part.

    Attributes:
        report: Event id, what history has, what the code asked for, the line of workflow code and the likely cause,
            as text for people; the engine's report object is at `details`.
    """

    def __init__(self, report: str = "", *, event_id: int = 0, details: object = None) -> None:
        super().__init__(report)
        self.report = report
        self.event_id = event_id
        self.details = details


class NotReplayableError(NondeterminismError):
    """Workflow code asked for what would not replay: a file, a socket, a thread, time.sleep.

    It fails the decision task, not the workflow: once the code is mended, the run goes on.
    """

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class QueryRejectedError(CadenceError):
    """A query was refused because of the run's state and the query's reject condition.

    Attributes:
        close_status: How the run closed, by the IDL's name, for example `COMPLETED`.
    """

    def __init__(self, message: str = "", *, close_status: str = "") -> None:
        super().__init__(message or f"query rejected: the workflow is {close_status or 'not open'}")
        self.close_status = close_status


class ActivityCompletionError(CadenceError):
    """An activity could not be completed or heartbeat from elsewhere: it is unknown, closed or timed out."""


class QueryFailureException(CadenceError):
    """A query's handler raised, as the stubs of 1.x tell it. `__cause__` is what it raised.

    Attributes:
        query_type: The query's name.
        execution: The workflow that was asked.
    """

    def __init__(self, query_type: str = "", execution: object = None) -> None:
        super().__init__(f"query {query_type} failed")
        self.query_type = query_type
        self.execution = execution


# The names of 1.x. Several stand for one class where 1.x drew a line that no program could act on.
WorkflowException = WorkflowError
WorkflowFailureException = WorkflowExecutionFailedException = WorkflowFailedError
WorkflowExecutionTimedOutException = WorkflowTimedOutError
WorkflowExecutionCanceledException = WorkflowCanceledError
WorkflowExecutionTerminatedException = WorkflowTerminatedError
WorkflowOperationException = ActivityException = ActivityFailureException = ActivityError
ActivityTaskFailedException = ActivityFailedError
ActivityTaskTimeoutException = ActivityTimedOutError
ActivityCancelledException = ActivityCanceledError
CancellationException = asyncio.CancelledError
ChildWorkflowException = ChildWorkflowError
ChildWorkflowFailureException = ChildWorkflowFailedError
ChildWorkflowTimedOutException = ChildWorkflowTimedOutError
QueryRejectedException = QueryRejectedError
NonDeterministicWorkflowException = NondeterminismError
ExternalException = ApplicationError
IllegalStateException = IllegalArgumentException = ConfigurationError
WorkflowTypeNotFound = SignalNotFound = QueryNotFound = QueryDidNotComplete = ConfigurationError
