"""Schedules that start runs by the calendar.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence.api._struct import Struct

if TYPE_CHECKING:
    from cadence.api.enums import ScheduleCatchUpPolicy, ScheduleOverlapPolicy
    from cadence.api.parts import Memo, RetryPolicy, SearchAttributes, TaskList, WorkflowType

__all__ = (
    "BackfillInfo", "BackfillScheduleRequest", "BackfillScheduleResponse", "CreateScheduleRequest",
    "CreateScheduleResponse", "DeleteScheduleRequest", "DeleteScheduleResponse", "DescribeScheduleRequest",
    "DescribeScheduleResponse", "ListSchedulesRequest", "ListSchedulesResponse", "PauseScheduleRequest",
    "PauseScheduleResponse", "ScheduleAction", "ScheduleInfo", "ScheduleListEntry", "SchedulePauseInfo",
    "SchedulePolicies", "ScheduleSpec", "ScheduleStartWorkflowAction", "ScheduleState", "UnpauseScheduleRequest",
    "UnpauseScheduleResponse", "UpdateScheduleRequest", "UpdateScheduleResponse",
)


class ScheduleSpec(Struct):
    """When a schedule starts runs."""

    __slots__ = ("cron_expression", "start_time_nano", "end_time_nano", "jitter_in_seconds")
    _fields = (
        (10, "cron_expression", "string"), (20, "start_time_nano", "i64"), (30, "end_time_nano", "i64"),
        (40, "jitter_in_seconds", "i32"),
    )

    def __init__(
        self, cron_expression: str | None = None, start_time_nano: int | None = None,
        end_time_nano: int | None = None, jitter_in_seconds: int | None = None,
    ) -> None:
        self.cron_expression = cron_expression
        self.start_time_nano = start_time_nano
        self.end_time_nano = end_time_nano
        self.jitter_in_seconds = jitter_in_seconds


class ScheduleStartWorkflowAction(Struct):
    __slots__ = (
        "workflow_type", "task_list", "input", "workflow_id_prefix", "execution_start_to_close_timeout_seconds",
        "task_start_to_close_timeout_seconds", "retry_policy", "memo", "search_attributes",
    )
    _fields = (
        (10, "workflow_type", "WorkflowType"), (20, "task_list", "TaskList"), (30, "input", "binary"),
        (40, "workflow_id_prefix", "string"), (50, "execution_start_to_close_timeout_seconds", "i32"),
        (60, "task_start_to_close_timeout_seconds", "i32"), (70, "retry_policy", "RetryPolicy"), (80, "memo", "Memo"),
        (90, "search_attributes", "SearchAttributes"),
    )

    def __init__(
        self, workflow_type: WorkflowType | None = None, task_list: TaskList | None = None,
        input: bytes | None = None, workflow_id_prefix: str | None = None,
        execution_start_to_close_timeout_seconds: int | None = None,
        task_start_to_close_timeout_seconds: int | None = None, retry_policy: RetryPolicy | None = None,
        memo: Memo | None = None, search_attributes: SearchAttributes | None = None,
    ) -> None:
        self.workflow_type = workflow_type
        self.task_list = task_list
        self.input = input
        self.workflow_id_prefix = workflow_id_prefix
        self.execution_start_to_close_timeout_seconds = execution_start_to_close_timeout_seconds
        self.task_start_to_close_timeout_seconds = task_start_to_close_timeout_seconds
        self.retry_policy = retry_policy
        self.memo = memo
        self.search_attributes = search_attributes


class ScheduleAction(Struct):
    """What a schedule does when its time comes."""

    __slots__ = ("start_workflow",)
    _fields = ((10, "start_workflow", "ScheduleStartWorkflowAction"),)

    def __init__(self, start_workflow: ScheduleStartWorkflowAction | None = None) -> None:
        self.start_workflow = start_workflow


class SchedulePolicies(Struct):
    """What happens when runs overlap or starts were missed."""

    __slots__ = (
        "overlap_policy", "catch_up_policy", "catch_up_window_in_seconds", "pause_on_failure", "buffer_limit",
        "concurrency_limit",
    )
    _fields = (
        (10, "overlap_policy", "ScheduleOverlapPolicy"), (20, "catch_up_policy", "ScheduleCatchUpPolicy"),
        (30, "catch_up_window_in_seconds", "i32"), (40, "pause_on_failure", "bool"), (50, "buffer_limit", "i32"),
        (60, "concurrency_limit", "i32"),
    )

    def __init__(
        self, overlap_policy: ScheduleOverlapPolicy | int | None = None,
        catch_up_policy: ScheduleCatchUpPolicy | int | None = None, catch_up_window_in_seconds: int | None = None,
        pause_on_failure: bool | None = None, buffer_limit: int | None = None, concurrency_limit: int | None = None,
    ) -> None:
        self.overlap_policy = overlap_policy
        self.catch_up_policy = catch_up_policy
        self.catch_up_window_in_seconds = catch_up_window_in_seconds
        self.pause_on_failure = pause_on_failure
        self.buffer_limit = buffer_limit
        self.concurrency_limit = concurrency_limit


class SchedulePauseInfo(Struct):
    __slots__ = ("reason", "paused_time_nano", "paused_by")
    _fields = ((10, "reason", "string"), (20, "paused_time_nano", "i64"), (30, "paused_by", "string"))

    def __init__(
        self, reason: str | None = None, paused_time_nano: int | None = None, paused_by: str | None = None,
    ) -> None:
        self.reason = reason
        self.paused_time_nano = paused_time_nano
        self.paused_by = paused_by


class ScheduleState(Struct):
    """Whether the schedule is paused, and by whom."""

    __slots__ = ("paused", "pause_info")
    _fields = ((10, "paused", "bool"), (20, "pause_info", "SchedulePauseInfo"))

    def __init__(self, paused: bool | None = None, pause_info: SchedulePauseInfo | None = None) -> None:
        self.paused = paused
        self.pause_info = pause_info


class BackfillInfo(Struct):
    __slots__ = ("backfill_id", "start_time_nano", "end_time_nano", "runs_completed", "runs_total")
    _fields = (
        (10, "backfill_id", "string"), (20, "start_time_nano", "i64"), (30, "end_time_nano", "i64"),
        (40, "runs_completed", "i32"), (50, "runs_total", "i32"),
    )

    def __init__(
        self, backfill_id: str | None = None, start_time_nano: int | None = None, end_time_nano: int | None = None,
        runs_completed: int | None = None, runs_total: int | None = None,
    ) -> None:
        self.backfill_id = backfill_id
        self.start_time_nano = start_time_nano
        self.end_time_nano = end_time_nano
        self.runs_completed = runs_completed
        self.runs_total = runs_total


class ScheduleInfo(Struct):
    """What the schedule did last and will do next."""

    __slots__ = (
        "last_run_time_nano", "next_run_time_nano", "total_runs", "create_time_nano", "last_update_time_nano",
        "ongoing_backfills", "missed_runs", "skipped_runs",
    )
    _fields = (
        (10, "last_run_time_nano", "i64"), (20, "next_run_time_nano", "i64"), (30, "total_runs", "i64"),
        (40, "create_time_nano", "i64"), (50, "last_update_time_nano", "i64"),
        (60, "ongoing_backfills", "list<BackfillInfo>"), (70, "missed_runs", "i64"), (80, "skipped_runs", "i64"),
    )

    def __init__(
        self, last_run_time_nano: int | None = None, next_run_time_nano: int | None = None,
        total_runs: int | None = None, create_time_nano: int | None = None, last_update_time_nano: int | None = None,
        ongoing_backfills: list[BackfillInfo] | None = None, missed_runs: int | None = None,
        skipped_runs: int | None = None,
    ) -> None:
        self.last_run_time_nano = last_run_time_nano
        self.next_run_time_nano = next_run_time_nano
        self.total_runs = total_runs
        self.create_time_nano = create_time_nano
        self.last_update_time_nano = last_update_time_nano
        self.ongoing_backfills = ongoing_backfills
        self.missed_runs = missed_runs
        self.skipped_runs = skipped_runs


class ScheduleListEntry(Struct):
    __slots__ = ("schedule_id", "workflow_type", "state", "cron_expression")
    _fields = (
        (10, "schedule_id", "string"), (20, "workflow_type", "WorkflowType"), (30, "state", "ScheduleState"),
        (40, "cron_expression", "string"),
    )

    def __init__(
        self, schedule_id: str | None = None, workflow_type: WorkflowType | None = None,
        state: ScheduleState | None = None, cron_expression: str | None = None,
    ) -> None:
        self.schedule_id = schedule_id
        self.workflow_type = workflow_type
        self.state = state
        self.cron_expression = cron_expression


class CreateScheduleRequest(Struct):
    __slots__ = ("domain", "schedule_id", "spec", "action", "policies", "memo", "search_attributes")
    _fields = (
        (10, "domain", "string"), (20, "schedule_id", "string"), (30, "spec", "ScheduleSpec"),
        (40, "action", "ScheduleAction"), (50, "policies", "SchedulePolicies"), (60, "memo", "Memo"),
        (70, "search_attributes", "SearchAttributes"),
    )

    def __init__(
        self, domain: str | None = None, schedule_id: str | None = None, spec: ScheduleSpec | None = None,
        action: ScheduleAction | None = None, policies: SchedulePolicies | None = None, memo: Memo | None = None,
        search_attributes: SearchAttributes | None = None,
    ) -> None:
        self.domain = domain
        self.schedule_id = schedule_id
        self.spec = spec
        self.action = action
        self.policies = policies
        self.memo = memo
        self.search_attributes = search_attributes


class CreateScheduleResponse(Struct):
    __slots__ = ("schedule_id",)
    _fields = ((10, "schedule_id", "string"),)

    def __init__(self, schedule_id: str | None = None) -> None:
        self.schedule_id = schedule_id


class DescribeScheduleRequest(Struct):
    __slots__ = ("domain", "schedule_id")
    _fields = ((10, "domain", "string"), (20, "schedule_id", "string"))

    def __init__(self, domain: str | None = None, schedule_id: str | None = None) -> None:
        self.domain = domain
        self.schedule_id = schedule_id


class DescribeScheduleResponse(Struct):
    __slots__ = ("spec", "action", "policies", "state", "info", "memo", "search_attributes")
    _fields = (
        (10, "spec", "ScheduleSpec"), (20, "action", "ScheduleAction"), (30, "policies", "SchedulePolicies"),
        (40, "state", "ScheduleState"), (50, "info", "ScheduleInfo"), (60, "memo", "Memo"),
        (70, "search_attributes", "SearchAttributes"),
    )

    def __init__(
        self, spec: ScheduleSpec | None = None, action: ScheduleAction | None = None,
        policies: SchedulePolicies | None = None, state: ScheduleState | None = None,
        info: ScheduleInfo | None = None, memo: Memo | None = None, search_attributes: SearchAttributes | None = None,
    ) -> None:
        self.spec = spec
        self.action = action
        self.policies = policies
        self.state = state
        self.info = info
        self.memo = memo
        self.search_attributes = search_attributes


class ListSchedulesRequest(Struct):
    __slots__ = ("domain", "page_size", "next_page_token")
    _fields = ((10, "domain", "string"), (20, "page_size", "i32"), (30, "next_page_token", "binary"))

    def __init__(
        self, domain: str | None = None, page_size: int | None = None, next_page_token: bytes | None = None,
    ) -> None:
        self.domain = domain
        self.page_size = page_size
        self.next_page_token = next_page_token


class ListSchedulesResponse(Struct):
    __slots__ = ("schedules", "next_page_token")
    _fields = ((10, "schedules", "list<ScheduleListEntry>"), (20, "next_page_token", "binary"))

    def __init__(
        self, schedules: list[ScheduleListEntry] | None = None, next_page_token: bytes | None = None,
    ) -> None:
        self.schedules = schedules
        self.next_page_token = next_page_token


class DeleteScheduleRequest(Struct):
    __slots__ = ("domain", "schedule_id")
    _fields = ((10, "domain", "string"), (20, "schedule_id", "string"))

    def __init__(self, domain: str | None = None, schedule_id: str | None = None) -> None:
        self.domain = domain
        self.schedule_id = schedule_id


class DeleteScheduleResponse(Struct):
    __slots__ = ()


class PauseScheduleRequest(Struct):
    __slots__ = ("domain", "schedule_id", "reason", "identity")
    _fields = (
        (10, "domain", "string"), (20, "schedule_id", "string"), (30, "reason", "string"), (40, "identity", "string"),
    )

    def __init__(
        self, domain: str | None = None, schedule_id: str | None = None, reason: str | None = None,
        identity: str | None = None,
    ) -> None:
        self.domain = domain
        self.schedule_id = schedule_id
        self.reason = reason
        self.identity = identity


class PauseScheduleResponse(Struct):
    __slots__ = ()


class UnpauseScheduleRequest(Struct):
    __slots__ = ("domain", "schedule_id", "reason", "catch_up_policy")
    _fields = (
        (10, "domain", "string"), (20, "schedule_id", "string"), (30, "reason", "string"),
        (40, "catch_up_policy", "ScheduleCatchUpPolicy"),
    )

    def __init__(
        self, domain: str | None = None, schedule_id: str | None = None, reason: str | None = None,
        catch_up_policy: ScheduleCatchUpPolicy | int | None = None,
    ) -> None:
        self.domain = domain
        self.schedule_id = schedule_id
        self.reason = reason
        self.catch_up_policy = catch_up_policy


class UnpauseScheduleResponse(Struct):
    __slots__ = ()


class BackfillScheduleRequest(Struct):
    __slots__ = ("domain", "schedule_id", "start_time_nano", "end_time_nano", "overlap_policy", "backfill_id")
    _fields = (
        (10, "domain", "string"), (20, "schedule_id", "string"), (30, "start_time_nano", "i64"),
        (40, "end_time_nano", "i64"), (50, "overlap_policy", "ScheduleOverlapPolicy"), (60, "backfill_id", "string"),
    )

    def __init__(
        self, domain: str | None = None, schedule_id: str | None = None, start_time_nano: int | None = None,
        end_time_nano: int | None = None, overlap_policy: ScheduleOverlapPolicy | int | None = None,
        backfill_id: str | None = None,
    ) -> None:
        self.domain = domain
        self.schedule_id = schedule_id
        self.start_time_nano = start_time_nano
        self.end_time_nano = end_time_nano
        self.overlap_policy = overlap_policy
        self.backfill_id = backfill_id


class BackfillScheduleResponse(Struct):
    __slots__ = ()


class UpdateScheduleRequest(Struct):
    __slots__ = ("domain", "schedule_id", "spec", "action", "policies", "search_attributes")
    _fields = (
        (10, "domain", "string"), (20, "schedule_id", "string"), (30, "spec", "ScheduleSpec"),
        (40, "action", "ScheduleAction"), (50, "policies", "SchedulePolicies"),
        (60, "search_attributes", "SearchAttributes"),
    )

    def __init__(
        self, domain: str | None = None, schedule_id: str | None = None, spec: ScheduleSpec | None = None,
        action: ScheduleAction | None = None, policies: SchedulePolicies | None = None,
        search_attributes: SearchAttributes | None = None,
    ) -> None:
        self.domain = domain
        self.schedule_id = schedule_id
        self.spec = spec
        self.action = action
        self.policies = policies
        self.search_attributes = search_attributes


class UpdateScheduleResponse(Struct):
    __slots__ = ()
