"""Whether a decision can be carried out, and with which values, in the real server's order and words.

One function per type, pure but for the look-up of domains: what a decision leaves out is filled in from the run. Each
raises BadRequestError, which `deciding` turns into the reason of a failed decision task, or returns what the decision's
event will say, without the id of the completed decision task.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from cadence import api
from cadence.api.enums import ParentClosePolicy
from cadence.api.errors import BadRequestError, EntityNotExistsError, InternalServiceError
from cadence.devserver.policies import check_cron, check_retry_policy, check_search_attributes

if TYPE_CHECKING:
    from cadence.devserver.domains import DomainRegistry
    from cadence.devserver.execution.state import RunState

__all__ = (
    "Checks",
    "check_cancel_activity",
    "check_cancel_timer",
    "check_marker",
    "check_timer",
    "check_upsert",
)

ID_LIMIT = 1_000
RESERVED_LISTS = "/__cadence_sys/"
LONGEST_RETRY_IN_LIST = 1_800
"""Seconds that an activity with retries waits for a worker, where its own timeout is shorter."""
SCHEDULE_TO_START = "cadenceInternal:Timeout SCHEDULE_TO_START"

_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks that look at the run, or at domains."""

    state: RunState
    domains: DomainRegistry

    def known_domain(self, name: str | None, what: str) -> None:
        """The domain that a decision names, if it names one.

        Raises:
            InternalServiceError: There is no such domain.
        """
        if not name:
            return
        try:
            self.domains.find(name)
        except EntityNotExistsError as error:
            msg = f"Unable to {what} {name}."
            raise InternalServiceError(msg) from error

    def activity(
        self, asked: api.ScheduleActivityTaskDecisionAttributes | None
    ) -> api.ActivityTaskScheduledEventAttributes:
        """ScheduleActivityTask."""
        if asked is None:
            _refuse("ScheduleActivityTaskDecisionAttributes is not set on decision.")
        task_list = self.task_list(asked.task_list)
        _require(asked.activity_id, "ActivityId is not set on decision.")
        name = asked.activity_type.name if asked.activity_type else None
        _require(name, "ActivityType is not set on decision.")
        check_retry_policy(asked.retry_policy)
        _limit(asked.activity_id, "ActivityID")
        _limit(name, "ActivityType")
        _limit(asked.domain, "Domain")
        to_close, to_start, work, beat = _activity_timeouts(asked, self.state.execution_timeout)
        return api.ActivityTaskScheduledEventAttributes(
            activity_id=asked.activity_id,
            activity_type=asked.activity_type,
            domain=asked.domain,
            task_list=task_list,
            input=asked.input,
            schedule_to_close_timeout_seconds=to_close,
            schedule_to_start_timeout_seconds=to_start,
            start_to_close_timeout_seconds=work,
            heartbeat_timeout_seconds=beat,
            retry_policy=asked.retry_policy,
            header=asked.header,
        )

    def continue_as_new(
        self, asked: api.ContinueAsNewWorkflowExecutionDecisionAttributes | None
    ) -> api.ContinueAsNewWorkflowExecutionDecisionAttributes:
        """ContinueAsNewWorkflowExecution; what it leaves out is filled in."""
        if asked is None:
            _refuse("ContinueAsNewWorkflowExecutionDecisionAttributes is not set on decision.")
        asked = copy(asked)
        if asked.workflow_type is None or not asked.workflow_type.name:
            asked.workflow_type = api.WorkflowType(name=self.state.workflow_type)
        _limit(asked.workflow_type.name, "WorkflowType")
        asked.task_list = self.task_list(asked.task_list)
        if (asked.execution_start_to_close_timeout_seconds or 0) <= 0:
            asked.execution_start_to_close_timeout_seconds = self.state.execution_timeout
        if (asked.task_start_to_close_timeout_seconds or 0) <= 0:
            asked.task_start_to_close_timeout_seconds = self.state.task_timeout
        if (asked.backoff_start_interval_in_seconds or 0) < 0:
            _refuse("BackoffStartInterval is less than 0.")
        check_search_attributes(asked.search_attributes)
        return asked

    def child(
        self, asked: api.StartChildWorkflowExecutionDecisionAttributes | None
    ) -> api.StartChildWorkflowExecutionInitiatedEventAttributes:
        """StartChildWorkflowExecution."""
        if asked is None:
            _refuse("StartChildWorkflowExecutionDecisionAttributes is not set on decision.")
        _require(asked.workflow_id, "Required field WorkflowID is not set on decision.")
        name = asked.workflow_type.name if asked.workflow_type else None
        _require(name, "Required field WorkflowType is not set on decision.")
        _limit(asked.domain, "Domain")
        _limit(asked.workflow_id, "WorkflowId")
        _limit(name, "WorkflowType")
        check_retry_policy(asked.retry_policy)
        if asked.cron_schedule:
            check_cron(asked.cron_schedule)
        policy = asked.parent_close_policy
        longest = _positive(asked.execution_start_to_close_timeout_seconds, self.state.execution_timeout)
        return api.StartChildWorkflowExecutionInitiatedEventAttributes(
            domain=asked.domain or self.state.domain,
            workflow_id=asked.workflow_id,
            workflow_type=asked.workflow_type,
            task_list=self.task_list(asked.task_list),
            input=asked.input,
            execution_start_to_close_timeout_seconds=longest,
            task_start_to_close_timeout_seconds=_positive(
                asked.task_start_to_close_timeout_seconds, self.state.task_timeout
            ),
            parent_close_policy=int(ParentClosePolicy.TERMINATE if policy is None else policy),
            control=asked.control,
            workflow_id_reuse_policy=asked.workflow_id_reuse_policy,
            retry_policy=asked.retry_policy,
            cron_schedule=asked.cron_schedule,
            header=asked.header,
            memo=asked.memo,
            search_attributes=asked.search_attributes,
            cron_overlap_policy=asked.cron_overlap_policy,
        )

    def external_cancel(
        self, asked: api.RequestCancelExternalWorkflowExecutionDecisionAttributes | None
    ) -> api.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes:
        """RequestCancelExternalWorkflowExecution."""
        if asked is None:
            _refuse("RequestCancelExternalWorkflowExecutionDecisionAttributes is not set on decision.")
        _require(asked.workflow_id, "WorkflowId is not set on decision.")
        _limit(asked.domain, "Domain")
        _limit(asked.workflow_id, "WorkflowId")
        _check_run_id(asked.run_id)
        return api.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes(
            domain=asked.domain,
            workflow_execution=api.WorkflowExecution(workflow_id=asked.workflow_id, run_id=asked.run_id or ""),
            control=asked.control,
            child_workflow_only=bool(asked.child_workflow_only),
        )

    def external_signal(
        self, asked: api.SignalExternalWorkflowExecutionDecisionAttributes | None
    ) -> api.SignalExternalWorkflowExecutionInitiatedEventAttributes:
        """SignalExternalWorkflowExecution."""
        if asked is None:
            _refuse("SignalExternalWorkflowExecutionDecisionAttributes is not set on decision.")
        if asked.execution is None:
            _refuse("Execution is nil on decision.")
        _require(asked.execution.workflow_id, "WorkflowId is not set on decision.")
        _limit(asked.domain, "Domain")
        _limit(asked.execution.workflow_id, "WorkflowId")
        _check_run_id(asked.execution.run_id)
        _require(asked.signal_name, "SignalName is not set on decision.")
        return api.SignalExternalWorkflowExecutionInitiatedEventAttributes(
            domain=asked.domain,
            workflow_execution=api.WorkflowExecution(
                workflow_id=asked.execution.workflow_id, run_id=asked.execution.run_id or ""
            ),
            signal_name=asked.signal_name,
            input=asked.input,
            control=asked.control,
            child_workflow_only=bool(asked.child_workflow_only),
        )

    def task_list(self, asked: api.TaskList | None) -> api.TaskList:
        """The list that a decision names, or the run's own."""
        if asked is None or not asked.name:
            return api.TaskList(name=self.state.task_list, kind=self.state.task_list_kind)
        if _bytes(asked.name) > ID_LIMIT:
            _refuse(f"task list name exceeds length limit of {ID_LIMIT}")
        if asked.name.startswith(RESERVED_LISTS):
            _refuse(f"task list name cannot start with reserved prefix {RESERVED_LISTS}")
        return asked


def check_timer(asked: api.StartTimerDecisionAttributes | None) -> tuple[str, int]:
    """StartTimer: the timer's id and its seconds."""
    if asked is None:
        _refuse("StartTimerDecisionAttributes is not set on decision.")
    _require(asked.timer_id, "TimerId is not set on decision.")
    _limit(asked.timer_id, "TimerId")
    seconds = asked.start_to_fire_timeout_seconds or 0
    if seconds <= 0:
        _refuse(f"Invalid StartToFireTimeoutSeconds: {seconds}")
    return asked.timer_id or "", seconds


def check_cancel_timer(asked: api.CancelTimerDecisionAttributes | None) -> str:
    """CancelTimer: the timer's id."""
    if asked is None:
        _refuse("CancelTimerDecisionAttributes is not set on decision.")
    _require(asked.timer_id, "TimerId is not set on decision.")
    _limit(asked.timer_id, "TimerId")
    return asked.timer_id or ""


def check_cancel_activity(asked: api.RequestCancelActivityTaskDecisionAttributes | None) -> str:
    """RequestCancelActivityTask: the activity's id."""
    if asked is None:
        _refuse("RequestCancelActivityTaskDecisionAttributes is not set on decision.")
    _require(asked.activity_id, "ActivityId is not set on decision.")
    _limit(asked.activity_id, "ActivityId")
    return asked.activity_id or ""


def check_marker(asked: api.RecordMarkerDecisionAttributes | None) -> api.MarkerRecordedEventAttributes:
    """RecordMarker."""
    if asked is None:
        _refuse("RecordMarkerDecisionAttributes is not set on decision.")
    _require(asked.marker_name, "MarkerName is not set on decision.")
    _limit(asked.marker_name, "MarkerName")
    return api.MarkerRecordedEventAttributes(marker_name=asked.marker_name, details=asked.details, header=asked.header)


def check_upsert(
    asked: api.UpsertWorkflowSearchAttributesDecisionAttributes | None,
) -> api.UpsertWorkflowSearchAttributesEventAttributes:
    """UpsertWorkflowSearchAttributes."""
    if asked is None:
        _refuse("UpsertWorkflowSearchAttributesDecisionAttributes is not set on decision.")
    if asked.search_attributes is None:
        _refuse("SearchAttributes is not set on decision.")
    if not asked.search_attributes.indexed_fields:
        _refuse("IndexedFields is empty on decision.")
    check_search_attributes(asked.search_attributes)
    return api.UpsertWorkflowSearchAttributesEventAttributes(search_attributes=asked.search_attributes)


def _activity_timeouts(asked: api.ScheduleActivityTaskDecisionAttributes, longest: int) -> tuple[int, int, int, int]:
    """Schedule to close, schedule to start, start to close, heartbeat; what is left out follows from the others."""
    given = (
        asked.schedule_to_close_timeout_seconds or 0,
        asked.schedule_to_start_timeout_seconds or 0,
        asked.start_to_close_timeout_seconds or 0,
        asked.heartbeat_timeout_seconds or 0,
    )
    if min(given) < 0:
        _refuse("A valid timeout may not be negative.")
    to_close, to_start, work, beat = (min(seconds, longest) for seconds in given)
    if to_close > 0:
        to_start = to_start or to_close
        work = work or to_close
    elif to_start > 0 and work > 0:
        to_close = min(to_start + work, longest)
    else:
        _refuse("A valid ScheduleToCloseTimeout is not set on decision.")
    policy = asked.retry_policy
    if policy is not None:
        expiration = policy.expiration_interval_in_seconds or longest
        expiration = min(expiration, longest)
        if SCHEDULE_TO_START not in (policy.non_retriable_error_reasons or ()):
            to_start = max(to_start, min(expiration, LONGEST_RETRY_IN_LIST))
        to_close = max(to_close, expiration)
    return to_close, to_start, work, beat


def _positive(given: int | None, default: int) -> int:
    return given if given is not None and given > 0 else default


def _check_run_id(run_id: str | None) -> None:
    if run_id and not _UUID.fullmatch(run_id):
        _refuse("Invalid RunId set on decision.")


def _require(value: str | None, message: str) -> None:
    if not value:
        _refuse(message)


def _limit(text: str | None, what: str) -> None:
    if text is not None and len(text) > ID_LIMIT // 4 and _bytes(text) > ID_LIMIT:
        _refuse(f"{what} exceeds length limit.")


def _bytes(text: str | bytes) -> int:
    # A string that isn't UTF-8 reaches us as bytes.
    return len(text) if isinstance(text, bytes) else len(text.encode())


def _refuse(message: str) -> NoReturn:
    raise BadRequestError(message)
