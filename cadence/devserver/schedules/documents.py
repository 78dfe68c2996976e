"""What a schedule is and where it stands, as the JSON that the real server's scheduler keeps in its runs.

A schedule lives in a run of its own: the run's input is a `Book`, its signals are the changes below, and each answer to
a decision task carries the book as it stands then, so that a restart, and the next run of the chain, goes on from it.
This module reads and writes that JSON and turns it into the contract's structs and back; it decides nothing. Times are
nanoseconds since 1970, durations nanoseconds; 0 is "not set".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from cadence import api
from cadence.api.enums import ScheduleCatchUpPolicy, ScheduleOverlapPolicy, TaskListKind

__all__ = (
    "Action",
    "Backfill",
    "BackfillSignal",
    "Book",
    "BufferedFire",
    "CatchUp",
    "Instant",
    "Overlap",
    "PauseSignal",
    "Policies",
    "Spec",
    "StartWorkflow",
    "Started",
    "State",
    "UnpauseSignal",
    "UpdateSignal",
    "instant_text",
    "read",
    "write",
)

SECOND = 1_000_000_000
_T = TypeVar("_T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ZERO = "0001-01-01T00:00:00Z"
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")


class Instant(int):
    """A time, in nanoseconds since 1970; 0 is none. In JSON it is a text."""


class Overlap(int):
    """A number of `ScheduleOverlapPolicy`. In JSON it is its name."""


class CatchUp(int):
    """A number of `ScheduleCatchUpPolicy`. In JSON it is its name."""


class _Document(msgspec.Struct, rename="camel", omit_defaults=True):
    """One JSON object."""


class Spec(_Document):
    """When a schedule starts runs."""

    cron_expression: str = ""
    start_time: Instant = Instant(0)
    end_time: Instant = Instant(0)
    jitter: int = 0
    """Nanoseconds."""

    @classmethod
    def of(cls, spec: api.ScheduleSpec) -> Spec:
        """Read it from the contract's struct."""
        return cls(
            text(spec.cron_expression),
            Instant(spec.start_time_nano or 0),
            Instant(spec.end_time_nano or 0),
            (spec.jitter_in_seconds or 0) * SECOND,
        )

    def wire(self) -> api.ScheduleSpec:
        """Return the contract's struct."""
        return api.ScheduleSpec(
            cron_expression=self.cron_expression,
            start_time_nano=nanos(self.start_time),
            end_time_nano=nanos(self.end_time),
            jitter_in_seconds=self.jitter // SECOND or None,
        )


class _Named(_Document):
    name: str = ""


class _List(_Document):
    name: str = ""
    kind: str = ""


class _Fields(_Document):
    fields: dict[str, bytes] = {}


class _Indexed(_Document):
    indexed_fields: dict[str, bytes] = {}


class _Retry(_Document):
    initial_interval_in_seconds: int = 0
    backoff_coefficient: float = 0.0
    maximum_interval_in_seconds: int = 0
    maximum_attempts: int = 0
    non_retriable_error_reasons: list[str] | None = None
    expiration_interval_in_seconds: int = 0


class StartWorkflow(_Document):
    """The run that is started."""

    workflow_type: _Named | None = None
    task_list: _List | None = None
    input: bytes | None = None
    workflow_id_prefix: str = ""
    execution_start_to_close_timeout_seconds: int | None = None
    task_start_to_close_timeout_seconds: int | None = None
    retry_policy: _Retry | None = None
    memo: _Fields | None = None
    search_attributes: _Indexed | None = None


class Action(_Document):
    """What a schedule does when its time comes."""

    start_workflow: StartWorkflow | None = None

    @classmethod
    def of(cls, action: api.ScheduleAction) -> Action:
        """Read it from the contract's struct."""
        start = action.start_workflow
        if start is None:
            return cls()
        return cls(
            StartWorkflow(
                None if start.workflow_type is None else _Named(text(start.workflow_type.name)),
                _list_of(start.task_list),
                start.input,
                text(start.workflow_id_prefix),
                start.execution_start_to_close_timeout_seconds,
                start.task_start_to_close_timeout_seconds,
                _retry_of(start.retry_policy),
                memo_of(start.memo),
                indexed_of(start.search_attributes),
            )
        )

    def wire(self) -> api.ScheduleAction:
        """Return the contract's struct."""
        start = self.start_workflow
        if start is None:
            return api.ScheduleAction()
        return api.ScheduleAction(
            start_workflow=api.ScheduleStartWorkflowAction(
                workflow_type=None if start.workflow_type is None else api.WorkflowType(name=start.workflow_type.name),
                task_list=_list_wire(start.task_list),
                input=start.input,
                workflow_id_prefix=start.workflow_id_prefix,
                execution_start_to_close_timeout_seconds=start.execution_start_to_close_timeout_seconds,
                task_start_to_close_timeout_seconds=start.task_start_to_close_timeout_seconds,
                retry_policy=_retry_wire(start.retry_policy),
                memo=memo_wire(start.memo),
                search_attributes=indexed_wire(start.search_attributes),
            )
        )


class Policies(_Document):
    """What happens when runs overlap or starts were missed."""

    overlap_policy: Overlap = Overlap(0)
    catch_up_policy: CatchUp = CatchUp(0)
    catch_up_window: int = 0
    """Nanoseconds; 0 is no limit."""
    pause_on_failure: bool = False
    """Kept and shown; like the real server, nothing here acts on it."""
    buffer_limit: int = 0
    concurrency_limit: int = 0

    @classmethod
    def of(cls, policies: api.SchedulePolicies | None) -> Policies:
        """Read them from the contract's struct."""
        if policies is None:
            return cls()
        return cls(
            Overlap(policies.overlap_policy or 0),
            CatchUp(policies.catch_up_policy or 0),
            (policies.catch_up_window_in_seconds or 0) * SECOND,
            bool(policies.pause_on_failure),
            policies.buffer_limit or 0,
            policies.concurrency_limit or 0,
        )

    def wire(self) -> api.SchedulePolicies:
        """Return the contract's struct."""
        return api.SchedulePolicies(
            overlap_policy=int(self.overlap_policy),
            catch_up_policy=int(self.catch_up_policy),
            catch_up_window_in_seconds=self.catch_up_window // SECOND or None,
            pause_on_failure=self.pause_on_failure,
            buffer_limit=self.buffer_limit,
            concurrency_limit=self.concurrency_limit,
        )


class Started(_Document):
    """A run that the schedule started."""

    workflow_id: str = ""
    run_id: str = ""


class BufferedFire(_Document):
    """A start that waits until the run before it has ended."""

    scheduled_time: Instant
    trigger_source: str = "schedule"
    overlap_policy: Overlap = Overlap(0)
    backfill_id: str = ""


class Backfill(_Document):
    """A range of the past, or of the future, whose starts are made up for."""

    start_time: Instant
    end_time: Instant
    overlap_policy: Overlap = Overlap(0)
    backfill_id: str = ""
    runs_total: int = 0
    runs_completed: int = 0
    runs_total_computed: bool = False


class State(_Document):
    """Where a schedule stands."""

    paused: bool = False
    pause_reason: str = ""
    paused_by: str = ""
    last_run_time: Instant = Instant(0)
    """Of the last start that was seen to, by the calendar."""
    last_processed_time: Instant = Instant(0)
    """Of the last missed start that was seen to."""
    next_run_time: Instant = Instant(0)
    total_runs: int = 0
    missed_runs: int = 0
    skipped_runs: int = 0
    iterations: int = 0
    pending_backfills: list[Backfill] = []
    buffered_fires: list[BufferedFire] = []
    last_started_workflow: Started | None = None
    running_workflows: list[Started] = []
    unpause_catch_up_policy: CatchUp = CatchUp(0)
    create_time: Instant = Instant(0)
    last_update_time: Instant = Instant(0)
    paused_at: Instant = Instant(0)


class Book(_Document):
    """A schedule and where it stands."""

    domain: str = ""
    schedule_id: str = ""
    spec: Spec = msgspec.field(default_factory=Spec)
    action: Action = msgspec.field(default_factory=Action)
    policies: Policies = msgspec.field(default_factory=Policies)
    search_attributes: _Indexed | None = None
    memo: _Fields | None = None
    state: State = msgspec.field(default_factory=State)


class PauseSignal(_Document):
    """Stop starting runs."""

    reason: str = ""
    paused_by: str = ""


class UnpauseSignal(_Document):
    """Go on."""

    reason: str = ""
    catch_up_policy: CatchUp = CatchUp(0)
    """What to do about starts missed since, this once; 0 leaves it to the schedule."""


class UpdateSignal(_Document):
    """Replace parts of the schedule."""

    spec: Spec | None = None
    action: Action | None = None
    policies: Policies | None = None
    search_attributes: _Indexed | None = None


class BackfillSignal(_Document):
    """Make up for the starts of a range."""

    start_time: Instant
    end_time: Instant
    overlap_policy: Overlap = Overlap(0)
    backfill_id: str = ""


def write(document: object) -> bytes:
    """Return a document as JSON."""
    return msgspec.json.encode(document, enc_hook=_plain)


def read(kind: type[_T], data: bytes | None) -> _T:
    """Read a document.

    Raises:
        ValueError: These bytes are none.
    """
    return msgspec.json.decode(data or b"{}", type=kind, dec_hook=_special, strict=False)


def instant_text(nanoseconds: int) -> str:
    """Return a time as RFC 3339 in UTC, with as many digits as it needs."""
    seconds, rest = divmod(nanoseconds, SECOND)
    digits = f".{rest:09}".rstrip("0") if rest else ""
    return f"{(_EPOCH + timedelta(seconds=seconds)):%Y-%m-%dT%H:%M:%S}{digits}Z"


def text(value: str | bytes | None) -> str:
    """Return a string of a request; one that isn't UTF-8 comes as bytes and must not stop JSON from being written."""
    return value.decode(errors="replace") if isinstance(value, bytes) else value or ""


def nanos(at: int) -> int | None:
    """Return a time for an answer; None where there is none."""
    return int(at) or None


def memo_of(memo: api.Memo | None) -> _Fields | None:
    """Read a memo."""
    return None if memo is None else _Fields({text(key): value for key, value in (memo.fields or {}).items()})


def memo_wire(memo: _Fields | None) -> api.Memo | None:
    """Return the contract's struct."""
    return None if memo is None else api.Memo(fields=dict(memo.fields))


def indexed_of(given: api.SearchAttributes | None) -> _Indexed | None:
    """Read search attributes."""
    return (
        None if given is None else _Indexed({text(key): value for key, value in (given.indexed_fields or {}).items()})
    )


def indexed_wire(kept: _Indexed | None) -> api.SearchAttributes | None:
    """Return the contract's struct."""
    return None if kept is None else api.SearchAttributes(indexed_fields=dict(kept.indexed_fields))


def _list_of(task_list: api.TaskList | None) -> _List | None:
    if task_list is None:
        return None
    kind = "" if task_list.kind is None else next((one.name for one in TaskListKind if one == task_list.kind), "")
    return _List(text(task_list.name), kind)


def _list_wire(kept: _List | None) -> api.TaskList | None:
    if kept is None:
        return None
    return api.TaskList(name=kept.name, kind=TaskListKind.__members__.get(kept.kind))


def _retry_of(policy: api.RetryPolicy | None) -> _Retry | None:
    if policy is None:
        return None
    return _Retry(
        policy.initial_interval_in_seconds or 0,
        policy.backoff_coefficient or 0.0,
        policy.maximum_interval_in_seconds or 0,
        policy.maximum_attempts or 0,
        [text(reason) for reason in policy.non_retriable_error_reasons or ()] or None,
        policy.expiration_interval_in_seconds or 0,
    )


def _retry_wire(kept: _Retry | None) -> api.RetryPolicy | None:
    if kept is None:
        return None
    return api.RetryPolicy(
        initial_interval_in_seconds=kept.initial_interval_in_seconds,
        backoff_coefficient=kept.backoff_coefficient,
        maximum_interval_in_seconds=kept.maximum_interval_in_seconds,
        maximum_attempts=kept.maximum_attempts,
        non_retriable_error_reasons=kept.non_retriable_error_reasons,
        expiration_interval_in_seconds=kept.expiration_interval_in_seconds,
    )


def _plain(value: object) -> object:
    if isinstance(value, Instant):
        return instant_text(value) if value else _ZERO
    if isinstance(value, Overlap):
        return _name(ScheduleOverlapPolicy, value)
    if isinstance(value, CatchUp):
        return _name(ScheduleCatchUpPolicy, value)
    msg = f"no JSON for {type(value).__name__}"
    raise NotImplementedError(msg)


def _special(kind: type[Any], value: Any) -> Any:
    if kind is Instant:
        return _instant(str(value))
    names = ScheduleOverlapPolicy if kind is Overlap else ScheduleCatchUpPolicy
    name = str(value).upper()
    return kind(names[name]) if name in names.__members__ else kind(name)


def _name(names: type[ScheduleOverlapPolicy | ScheduleCatchUpPolicy], value: int) -> str:
    # As the real server: a number without a name stands for itself.
    return next((each.name for each in names if each == value), str(int(value)))


def _instant(value: str) -> Instant:
    found = _TIME.fullmatch(value)
    if found is None:
        msg = f"not a time: {value}"
        raise ValueError(msg)
    if value == _ZERO:
        return Instant(0)
    since = datetime.fromisoformat(found[1] + ("+00:00" if found[3] == "Z" else found[3])) - _EPOCH
    return Instant((since.days * 86_400 + since.seconds) * SECOND + int((found[2] or "").ljust(9, "0")))
