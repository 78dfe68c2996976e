"""Whether a request can be worked on: one function per kind, in the real frontend's order and words.

Pure: no store, no clock, no domain registry. A handler first resolves the domain (`house.domains.require`), as the
real frontend does before it looks at anything else, then calls its check, then acts. Every function raises
BadRequestError or returns None. What decisions must satisfy as well (retry policy, calendar, search attributes) stands
in `devserver.policies`; requests about domains and lists are checked by `domain_checks`.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn, Protocol

from cadence.api.enums import WorkflowIdReusePolicy
from cadence.api.errors import BadRequestError
from cadence.devserver.policies import check_cron, check_retry_policy, check_search_attributes
from cadence.devserver.schedules import cron

if TYPE_CHECKING:
    from cadence import api

__all__ = (
    "check_activity_id",
    "check_cancel",
    "check_cron",
    "check_describe",
    "check_execution",
    "check_history",
    "check_identity",
    "check_poll_for_activity_task",
    "check_poll_for_decision_task",
    "check_query",
    "check_reset",
    "check_reset_sticky",
    "check_retry_policy",
    "check_search_attributes",
    "check_signal",
    "check_signal_with_start",
    "check_start",
    "check_task_list",
    "check_terminate",
)

ID_LIMIT = 1_000
"""Bytes that a name or id may have, as the real server's default."""
BLOB_LIMIT = 2 * 1024 * 1024
"""Bytes of input and memo together, of a signal's input, of a query's arguments."""

_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE)
_REUSE_POLICIES = frozenset(WorkflowIdReusePolicy)
_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)
"""Where the period of a cron schedule is measured from; the real server starts at the year 1, a Monday too."""


class _Start(Protocol):
    """What StartWorkflowExecution and SignalWithStartWorkflowExecution have in common."""

    workflow_id: str | None
    workflow_type: api.WorkflowType | None
    task_list: api.TaskList | None
    input: bytes | None
    execution_start_to_close_timeout_seconds: int | None
    task_start_to_close_timeout_seconds: int | None
    request_id: str | None
    retry_policy: api.RetryPolicy | None
    cron_schedule: str | None
    memo: api.Memo | None
    search_attributes: api.SearchAttributes | None


class _Identified(Protocol):
    identity: str | None


class _ById(Protocol):
    workflow_id: str | None
    run_id: str | None
    activity_id: str | None
    identity: str | None


def check_start(request: api.StartWorkflowExecutionRequest) -> None:
    """StartWorkflowExecution."""
    if not request.workflow_id:
        _refuse("WorkflowId is not set on request.")
    if not _UUID.fullmatch(request.request_id or ""):
        _refuse(f"requestId {json.dumps(request.request_id or '')} is not a valid UUID")
    name = _type_name(request.workflow_type)
    _limit(request.workflow_id, "WorkflowID")
    check_retry_policy(request.retry_policy)
    _limit(name, "WorkflowType")
    check_task_list(request.task_list)
    _check_timeouts(request)
    _check_policy(request.workflow_id_reuse_policy)
    if (request.delay_start_seconds or 0) < 0:
        _refuse("A valid DelayStartSeconds is not set on request.")
    jitter = request.jitter_start_seconds or 0
    if jitter < 0:
        _refuse("A valid JitterStartSeconds is not set on request (negative).")
    if request.cron_schedule:
        check_cron(request.cron_schedule)
        # The real server adds a random part of the jitter to the period first; a fair check need not be random.
        if jitter > cron.seconds_to_next_run(cron.parse(request.cron_schedule), _MONDAY, _MONDAY):
            _refuse("A valid JitterStartSeconds is not set on request (larger than cron duration).")
    _limit(request.request_id, "RequestID")
    check_search_attributes(request.search_attributes)
    _check_sizes(request)


def check_signal_with_start(request: api.SignalWithStartWorkflowExecutionRequest) -> None:
    """SignalWithStartWorkflowExecution."""
    if not request.workflow_id:
        _refuse("WorkflowId is not set on request.")
    _limit(request.workflow_id, "WorkflowID")
    _check_signal_name(request.signal_name)
    _limit(_type_name(request.workflow_type), "WorkflowType")
    check_task_list(request.task_list)
    _limit(request.request_id, "RequestID")
    _check_timeouts(request)
    _check_policy(request.workflow_id_reuse_policy)
    check_retry_policy(request.retry_policy)
    if request.cron_schedule:
        check_cron(request.cron_schedule)
    check_search_attributes(request.search_attributes)
    _check_blob(request.signal_input)
    _check_sizes(request)


def check_signal(request: api.SignalWorkflowExecutionRequest) -> None:
    """SignalWorkflowExecution."""
    check_execution(request.workflow_execution)
    _check_signal_name(request.signal_name)
    _limit(request.request_id, "RequestID")
    _check_blob(request.input)


def check_cancel(request: api.RequestCancelWorkflowExecutionRequest) -> None:
    """RequestCancelWorkflowExecution."""
    check_execution(request.workflow_execution)


def check_terminate(request: api.TerminateWorkflowExecutionRequest) -> None:
    """TerminateWorkflowExecution."""
    check_execution(request.workflow_execution)


def check_reset(request: api.ResetWorkflowExecutionRequest) -> None:
    """ResetWorkflowExecution; whether the event id makes sense is seen with the history."""
    check_execution(request.workflow_execution)


def check_reset_sticky(request: api.ResetStickyTaskListRequest) -> None:
    """ResetStickyTaskList."""
    check_execution(request.execution)


def check_describe(request: api.DescribeWorkflowExecutionRequest) -> None:
    """DescribeWorkflowExecution."""
    check_execution(request.execution)


def check_history(request: api.GetWorkflowExecutionHistoryRequest) -> None:
    """GetWorkflowExecutionHistory; the page token is its handler's own."""
    check_execution(request.execution)


def check_query(request: api.QueryWorkflowRequest) -> None:
    """QueryWorkflow."""
    check_execution(request.execution)
    if request.query is None:
        _refuse("WorkflowQuery is not set on request.")
    if not request.query.query_type:
        _refuse("QueryType is not set on request.")
    _check_blob(request.query.query_args)


def check_poll_for_decision_task(request: api.PollForDecisionTaskRequest) -> None:
    """PollForDecisionTask."""
    check_identity(request)
    check_task_list(request.task_list)


def check_poll_for_activity_task(request: api.PollForActivityTaskRequest) -> None:
    """PollForActivityTask."""
    check_task_list(request.task_list)
    check_identity(request)


def check_identity(request: _Identified) -> None:
    """Who responds to a task by its token: nothing but the identity's length is looked at before the token."""
    _limit(request.identity, "Identity")


def check_activity_id(request: _ById) -> None:
    """Who completes, fails, cancels or heartbeats an activity by workflow and activity id."""
    if not request.workflow_id:
        _refuse("WorkflowId is not set on request.")
    if not request.activity_id:
        _refuse("ActivityID is not set on request.")
    if request.run_id and not _UUID.fullmatch(request.run_id):
        _refuse("RunID is not valid UUID.")


def check_execution(execution: api.WorkflowExecution | None) -> None:
    """Which run is meant: a workflow id, and a run id that is a UUID or empty for the current run."""
    if execution is None:
        _refuse("Execution is not set on request.")
    if not execution.workflow_id:
        _refuse("WorkflowId is not set on request.")
    if execution.run_id and not _UUID.fullmatch(execution.run_id):
        _refuse("Invalid RunId.")


def check_task_list(task_list: api.TaskList | None) -> None:
    """A task list with a name of fair length."""
    if task_list is None or not task_list.name:
        _refuse("TaskList is not set on request.")
    _limit(task_list.name, "TaskList")


def _type_name(kind: api.WorkflowType | None) -> str:
    if kind is None or not kind.name:
        _refuse("WorkflowType is not set on request.")
    return kind.name


def _check_signal_name(name: str | None) -> None:
    if not name:
        _refuse("SignalName is not set on request.")
    _limit(name, "SignalName")


def _check_timeouts(request: _Start) -> None:
    if (request.execution_start_to_close_timeout_seconds or 0) <= 0:
        _refuse("A valid ExecutionStartToCloseTimeoutSeconds is not set on request.")
    if (request.task_start_to_close_timeout_seconds or 0) <= 0:
        _refuse("A valid TaskStartToCloseTimeoutSeconds is not set on request.")


def _check_policy(policy: int | None) -> None:
    if policy is not None and policy not in _REUSE_POLICIES:
        _refuse(f"Unknown WorkflowIdReusePolicy: {policy}.")


def _check_sizes(request: _Start) -> None:
    size = len(request.input or b"")
    if request.memo is not None and request.memo.fields:
        size += sum(len(name) + len(value) for name, value in request.memo.fields.items())
    if size > BLOB_LIMIT:
        _refuse("Blob data size exceeds limit.")


def _check_blob(blob: bytes | None) -> None:
    if blob is not None and len(blob) > BLOB_LIMIT:
        _refuse("Blob data size exceeds limit.")


def _limit(text: str | None, what: str) -> None:
    # The limit counts bytes; a text of a quarter of it can't exceed it, so the usual one is never encoded.
    if text is not None and len(text) > ID_LIMIT // 4 and _bytes(text) > ID_LIMIT:
        _refuse(f"{what} length exceeds limit.")


def _bytes(text: str | bytes) -> int:
    # A string that isn't UTF-8 reaches us as bytes; the real server takes it, so it has a length.
    return len(text) if isinstance(text, bytes) else len(text.encode())


def _refuse(message: str) -> NoReturn:
    raise BadRequestError(message)
