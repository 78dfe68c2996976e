"""What a schedule is made of: when it starts runs, what it starts, and what happens where runs meet or were missed.

Plain values that users build and read, each with its way to the wire and back. What is asked of the server is
schedules.py's job; a retry policy, a memo and the like become structs in cadence.converter.wire_options.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from cadence import api
from cadence.client.options import start_call
from cadence.converter import wire_options as wire
from cadence.exceptions import ConfigurationError
from cadence.workflow.commands import RetryPolicy
from cadence.workflow.definition import definition_of
from cadence.workflow.options import check_duration

if TYPE_CHECKING:
    from cadence.converter import DataConverter
    from cadence.workflow.attribute_keys import SearchAttributes

__all__ = ("ScheduleAction", "ScheduleCatchUpPolicy", "ScheduleOverlapPolicy", "SchedulePolicies", "ScheduleSpec")

_E = TypeVar("_E", bound=enum.Enum)
_T = TypeVar("_T")
_OPTIONS = (
    "task_list",
    "execution_start_to_close_timeout",
    "task_start_to_close_timeout",
    "retry_policy",
    "memo",
    "search_attributes",
)


class ScheduleOverlapPolicy(enum.Enum):
    """What a start does while the run before it still goes on."""

    SKIP_NEW = 1
    """It is left out. The default."""
    BUFFER = 2
    """It waits until that run has ended; how many may wait is `SchedulePolicies.buffer_limit`."""
    CONCURRENT = 3
    """It starts beside it; how many may go on at once is `SchedulePolicies.concurrency_limit`."""
    CANCEL_PREVIOUS = 4
    """It asks that run to cancel itself, and starts at once."""
    TERMINATE_PREVIOUS = 5
    """It ends that run, and starts."""


class ScheduleCatchUpPolicy(enum.Enum):
    """What becomes of starts that were missed: while the schedule was paused, or the server was down."""

    SKIP = 1
    """They are left out. The default."""
    ONE = 2
    """The last one of them is made up for."""
    ALL = 3
    """All of them are made up for, in order. Not together with `ScheduleOverlapPolicy.SKIP_NEW`."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduleSpec:
    """When a schedule starts runs.

    For example `ScheduleSpec(cron="0 9 * * mon-fri")`, `ScheduleSpec(cron="@every 90s", jitter=timedelta(seconds=5))`.

    Raises:
        ConfigurationError: The values can't work together.
    """

    cron: str
    """Five fields (minute, hour, day of month, month, day of week), `@daily` and the like, or `@every 1h30m`; in UTC,
    unless it begins with a zone: `CRON_TZ=Europe/Berlin 0 9 * * *`."""
    start_time: datetime | None = None
    """No start comes before; default: no bound. A naive time is local time."""
    end_time: datetime | None = None
    """No start comes after, and the schedule ends with the last one; default: no bound."""
    jitter: timedelta = timedelta()
    """Each start comes at a random time up to this much later; whole seconds. Servers may keep it without doing so."""

    def __post_init__(self) -> None:
        cron: object = self.cron  # whoever writes without a type checker gives anything
        if not isinstance(cron, str) or not cron.strip():
            msg = f"a schedule's cron expression is {self.cron!r}"
            raise ConfigurationError(msg, hint='give five fields, for example cron="0 9 * * mon-fri"')
        check_duration(self.jitter, "jitter", "a schedule", zero=True)
        start, end = self.start_time, self.end_time
        if start is not None and end is not None and wire.nanoseconds(end) <= wire.nanoseconds(start):
            msg = f"a schedule ends at {end}, but starts at {start}"
            raise ConfigurationError(msg, hint="end_time must be later than start_time")

    def to_wire(self) -> api.ScheduleSpec:
        """Give it as the wire has it."""
        return api.ScheduleSpec(
            cron_expression=self.cron,
            start_time_nano=None if self.start_time is None else wire.nanoseconds(self.start_time),
            end_time_nano=None if self.end_time is None else wire.nanoseconds(self.end_time),
            jitter_in_seconds=wire.whole_seconds(self.jitter) or None,
        )

    @classmethod
    def from_wire(cls, spec: api.ScheduleSpec | None) -> ScheduleSpec:
        """Read it as the server tells it; what no user could give is told all the same."""
        spec = spec or api.ScheduleSpec()
        return _unchecked(
            cls,
            cron=spec.cron_expression or "",
            start_time=wire.moment(spec.start_time_nano),
            end_time=wire.moment(spec.end_time_nano),
            jitter=timedelta(seconds=spec.jitter_in_seconds or 0),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduleAction:
    """What a schedule starts.

    For example `ScheduleAction(workflow=Report.run, arguments=["daily"], task_list="reports")`. What isn't given is as
    in the workflow's decorator; `task_list` and `execution_start_to_close_timeout` must be in one of them.
    """

    workflow: Callable[..., Any] | type | str
    """Its run method, its class, or a workflow type's name; of a schedule that is described: the name."""
    arguments: Sequence[object] = ()
    """What each run is started with."""
    input: bytes | None = None
    """The arguments as bytes, instead of them: so they come from a schedule that is described, and so they go back."""
    task_list: str | None = None
    """Where its workers poll."""
    workflow_id_prefix: str = ""
    """Workflow ids are this, a dash and the time of the start in UTC; default: the schedule's id."""
    execution_start_to_close_timeout: timedelta | None = None
    """Longest time for a run."""
    task_start_to_close_timeout: timedelta | None = None
    """Longest time for one decision task; default: 10 seconds."""
    retry_policy: RetryPolicy | None = None
    """When a failed run is tried again; None: never, or as the decorator says."""
    memo: Mapping[str, object] | None = None
    """Values to show in lists of runs; not indexed."""
    search_attributes: SearchAttributes | None = None
    """Values to find the runs by."""

    def to_wire(self, converter: DataConverter) -> api.ScheduleAction:
        """Give it as the wire has it.

        Raises:
            ConfigurationError: An option is missing or out of range, or the arguments don't fit.
            ConversionError: An argument can't be converted.
        """
        if self.input is not None and self.arguments:
            msg = "a schedule's action has both arguments and input"
            raise ConfigurationError(msg, hint="give one; dataclasses.replace(action, input=None, arguments=[...])")
        if isinstance(self.arguments, str | bytes):
            msg = f"a schedule's arguments are a list, not {self.arguments!r}"
            raise ConfigurationError(msg, hint="arguments=[...]")
        given = {name: getattr(self, name) for name in _OPTIONS if getattr(self, name) is not None}
        workflow = self.workflow
        if self.input is not None and not isinstance(workflow, str):
            # Arguments that are bytes already can't be counted: go by the name.
            definition = definition_of(workflow)
            workflow, given = definition.name, {**definition.options, **given}
        call = start_call(converter.convention, workflow, tuple(self.arguments), None, given)
        encoded = converter.encode_arguments(call.arguments) if self.input is None else self.input
        return api.ScheduleAction(
            start_workflow=api.ScheduleStartWorkflowAction(
                workflow_type=api.WorkflowType(name=call.workflow_type),
                task_list=api.TaskList(name=call.task_list),
                input=encoded,
                workflow_id_prefix=self.workflow_id_prefix or None,
                execution_start_to_close_timeout_seconds=wire.whole_seconds(call.execution_start_to_close_timeout),
                task_start_to_close_timeout_seconds=wire.whole_seconds(call.task_start_to_close_timeout),
                retry_policy=wire.retry_policy_struct(call.retry_policy),
                memo=wire.memo_struct(call.memo, converter),
                search_attributes=wire.search_attributes_struct(call.search_attributes),
            )
        )

    @classmethod
    def from_wire(cls, action: api.ScheduleAction | None, converter: DataConverter) -> ScheduleAction:
        """Read it as the server tells it."""
        start = (action.start_workflow if action is not None else None) or api.ScheduleStartWorkflowAction()
        return cls(
            workflow=(start.workflow_type.name if start.workflow_type else None) or "",
            input=start.input,
            task_list=(start.task_list.name if start.task_list else None) or None,
            workflow_id_prefix=start.workflow_id_prefix or "",
            execution_start_to_close_timeout=_seconds(start.execution_start_to_close_timeout_seconds),
            task_start_to_close_timeout=_seconds(start.task_start_to_close_timeout_seconds),
            retry_policy=_retry_policy(start.retry_policy),
            memo=wire.memo_values(start.memo, converter) or None,
            search_attributes=wire.search_attribute_values(start.search_attributes) or None,
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class SchedulePolicies:
    """What happens where runs of a schedule meet, and to starts that were missed.

    Raises:
        ConfigurationError: The values can't work together.
    """

    overlap: ScheduleOverlapPolicy = ScheduleOverlapPolicy.SKIP_NEW
    """What a start does while the run before it still goes on."""
    catch_up: ScheduleCatchUpPolicy = ScheduleCatchUpPolicy.SKIP
    """What becomes of starts that were missed."""
    catch_up_window: timedelta | None = None
    """Starts that were missed longer ago than this are left out; whole seconds; default: a year. An update without it
    leaves it as it was."""
    pause_on_failure: bool = False
    """Pause when a run fails. Servers of our day keep this without doing so."""
    buffer_limit: int = 0
    """How many starts may wait with `ScheduleOverlapPolicy.BUFFER`; 0: as many as the server takes (1,000)."""
    concurrency_limit: int = 0
    """How many runs may go on at once with `ScheduleOverlapPolicy.CONCURRENT`; 0: no limit."""

    def __post_init__(self) -> None:
        for value, kind in ((self.overlap, ScheduleOverlapPolicy), (self.catch_up, ScheduleCatchUpPolicy)):
            if not isinstance(value, kind):
                msg = f"a schedule's policy is one of {kind.__name__}, not {value!r}"
                raise ConfigurationError(msg, hint=f"write {kind.__name__}.{next(iter(kind)).name}, for example")
        check_duration(self.catch_up_window, "catch_up_window", "a schedule")
        if self.buffer_limit < 0 or self.concurrency_limit < 0:
            msg = "a schedule's limit is negative"
            raise ConfigurationError(msg, hint="0 is no limit")
        if self.overlap is ScheduleOverlapPolicy.SKIP_NEW and self.catch_up is ScheduleCatchUpPolicy.ALL:
            msg = "a schedule would make up for all missed starts, and skip each for the one before it"
            raise ConfigurationError(msg, hint="with catch_up=ALL, let overlap be BUFFER or CONCURRENT, for example")

    def to_wire(self) -> api.SchedulePolicies:
        """Give them as the wire has them."""
        return api.SchedulePolicies(
            overlap_policy=self.overlap.value,
            catch_up_policy=self.catch_up.value,
            catch_up_window_in_seconds=wire.whole_seconds(self.catch_up_window),
            pause_on_failure=self.pause_on_failure,
            buffer_limit=self.buffer_limit,
            concurrency_limit=self.concurrency_limit,
        )

    @classmethod
    def from_wire(cls, policies: api.SchedulePolicies | None) -> SchedulePolicies:
        """Read them as the server tells them; policies that aren't set are the defaults."""
        policies = policies or api.SchedulePolicies()
        return _unchecked(
            cls,
            overlap=member(ScheduleOverlapPolicy, policies.overlap_policy, ScheduleOverlapPolicy.SKIP_NEW),
            catch_up=member(ScheduleCatchUpPolicy, policies.catch_up_policy, ScheduleCatchUpPolicy.SKIP),
            catch_up_window=_seconds(policies.catch_up_window_in_seconds),
            pause_on_failure=bool(policies.pause_on_failure),
            buffer_limit=policies.buffer_limit or 0,
            concurrency_limit=policies.concurrency_limit or 0,
        )


def member(kind: type[_E], value: int | None, default: _E) -> _E:
    """Give an enum's member; the default for a number that isn't set or that only a later server knows."""
    try:
        return kind(int(value or 0))
    except ValueError:
        return default


def _unchecked(kind: type[_T], **values: Any) -> _T:
    """Make a value without its checks: what the server has is told as it is."""
    made = object.__new__(kind)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def _retry_policy(struct: api.RetryPolicy | None) -> RetryPolicy | None:
    """Read a retry policy; the reason that every policy of ours has is not shown, as it comes back by itself."""
    if struct is None:
        return None
    return RetryPolicy(
        initial_interval=timedelta(seconds=struct.initial_interval_in_seconds or 0),
        backoff_coefficient=struct.backoff_coefficient or 0.0,
        maximum_interval=_seconds(struct.maximum_interval_in_seconds),
        maximum_attempts=struct.maximum_attempts or 0,
        expiration_interval=_seconds(struct.expiration_interval_in_seconds),
        non_retriable_error_reasons=tuple(
            reason for reason in struct.non_retriable_error_reasons or () if reason != wire.NON_RETRYABLE
        ),
    )


def _seconds(value: int | None) -> timedelta | None:
    return timedelta(seconds=value) if value else None
