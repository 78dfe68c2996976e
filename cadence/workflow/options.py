"""The options of calls and definitions: their names and types, and checks that say what to change.

Checks run where the value is given, before anything is sent, because the server's own answer comes a decision later
and fails the decision task rather than the call. What the server fills in by itself (see each TypedDict) is left to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypedDict

from cadence.activity.options import ActivityOptions, check_duration, refuse_unknown
from cadence.exceptions import ConfigurationError
from cadence.workflow.attribute_keys import SearchAttributes
from cadence.workflow.commands import (
    CancellationType,
    CronOverlapPolicy,
    ParentClosePolicy,
    RetryPolicy,
    WorkflowIdReusePolicy,
)

__all__ = (
    "ActivityOptions",
    "ChildWorkflowOptions",
    "ContinueAsNewOptions",
    "LocalActivityOptions",
    "WorkflowDefaults",
    "check_duration",
    "check_retry_policy",
    "check_workflow_options",
    "refuse_unknown",
)

_ONE_SECOND = timedelta(seconds=1)


class LocalActivityOptions(TypedDict, total=False):
    """How to run an activity within the decision task, in this worker."""

    schedule_to_close_timeout: timedelta | None
    """Longest time for one attempt; needed."""
    retry_policy: RetryPolicy | None
    """When a failed attempt is tried again; None: never."""
    cancellation_type: CancellationType
    """What cancelling the call does; default TRY_CANCEL."""


class WorkflowDefaults(TypedDict, total=False):
    """Defaults that a workflow's decorator gives to those who start it."""

    task_list: str | None
    """Where its workers poll."""
    execution_start_to_close_timeout: timedelta | None
    """Longest time for a run."""
    task_start_to_close_timeout: timedelta | None
    """Longest time for one decision task."""
    workflow_id_reuse_policy: WorkflowIdReusePolicy
    """When the id of an earlier run may be used again."""
    retry_policy: RetryPolicy | None
    """When a failed run is tried again; None: never."""
    cron_schedule: str | None
    """Five fields, UTC: start anew at these times."""


class ChildWorkflowOptions(TypedDict, total=False):
    """How to start a child; what isn't given is as in the child's decorator, or else the parent's own."""

    workflow_id: str | None
    """Default: made from the parent's run id, so it is the same in replay."""
    domain: str | None
    """Default: the parent's."""
    task_list: str | None
    """Where its workers poll."""
    execution_start_to_close_timeout: timedelta | None
    """Longest time for its run."""
    task_start_to_close_timeout: timedelta | None
    """Longest time for one decision task."""
    parent_close_policy: ParentClosePolicy
    """What becomes of it when the parent closes; default TERMINATE."""
    workflow_id_reuse_policy: WorkflowIdReusePolicy
    """When the id of an earlier run may be used again; default ALLOW_DUPLICATE_FAILED_ONLY."""
    retry_policy: RetryPolicy | None
    """When a failed run is tried again; None: never."""
    cron_schedule: str | None
    """Five fields, UTC: start anew at these times."""
    cron_overlap_policy: CronOverlapPolicy | None
    """What happens when it still runs at its next time; default SKIP."""
    memo: Mapping[str, object] | None
    """Values to show in lists; not indexed."""
    search_attributes: SearchAttributes | None
    """Values to find it by."""
    cancellation_type: CancellationType
    """What cancelling the call does; default TRY_CANCEL."""


class ContinueAsNewOptions(TypedDict, total=False):
    """What the next run has otherwise than this one."""

    task_list: str | None
    """Where its workers poll."""
    execution_start_to_close_timeout: timedelta | None
    """Longest time for the next run."""
    task_start_to_close_timeout: timedelta | None
    """Longest time for one decision task."""
    retry_policy: RetryPolicy | None
    """When it is tried again."""
    cron_schedule: str | None
    """Five fields, UTC."""
    cron_overlap_policy: CronOverlapPolicy | None
    """What happens when it still runs at its next time; default: as this run's."""
    memo: Mapping[str, object] | None
    """Default: this run's."""
    search_attributes: SearchAttributes | None
    """Default: this run's."""


def check_retry_policy(policy: object, where: str) -> None:
    """Raise unless `policy` is None or one that the server takes.

    Raises:
        ConfigurationError: A field is out of range, or nothing limits the retries.
    """
    if policy is None:
        return
    if not isinstance(policy, RetryPolicy):
        msg = f"{where}: retry_policy is a RetryPolicy, not {policy!r}"
        raise ConfigurationError(msg, hint="write RetryPolicy(maximum_attempts=3)")
    check_duration(policy.initial_interval, "initial_interval", where)
    check_duration(policy.maximum_interval, "maximum_interval", where)
    check_duration(policy.expiration_interval, "expiration_interval", where)
    if policy.initial_interval < _ONE_SECOND:
        msg = f"{where}: the retry policy's initial_interval is below one second"
        raise ConfigurationError(msg, hint="the server counts in whole seconds")
    if policy.maximum_interval is not None and policy.maximum_interval < policy.initial_interval:
        msg = f"{where}: the retry policy's maximum_interval is shorter than its initial_interval"
        raise ConfigurationError(msg)
    if policy.backoff_coefficient < 1:
        msg = f"{where}: the retry policy's backoff_coefficient is {policy.backoff_coefficient:g}"
        raise ConfigurationError(msg, hint="it must be at least 1")
    if policy.maximum_attempts < 0:
        msg = f"{where}: the retry policy's maximum_attempts is {policy.maximum_attempts}"
        raise ConfigurationError(msg, hint="0 is no limit")
    if policy.maximum_attempts == 0 and policy.expiration_interval is None:
        msg = f"{where}: nothing limits the retry policy"
        raise ConfigurationError(msg, hint="set maximum_attempts or expiration_interval")


def check_workflow_options(options: Mapping[str, Any], where: str) -> None:
    """Raise for values that can't be a workflow's, whether in its decorator, of a child or of a next run.

    Raises:
        ConfigurationError: A value is of the wrong type, or out of range.
    """
    check_duration(options.get("execution_start_to_close_timeout"), "execution_start_to_close_timeout", where)
    check_duration(options.get("task_start_to_close_timeout"), "task_start_to_close_timeout", where)
    check_retry_policy(options.get("retry_policy"), where)
    cron = options.get("cron_schedule")
    if cron is not None and (not isinstance(cron, str) or (not cron.startswith("@") and len(cron.split()) != 5)):
        msg = f"{where}: {cron!r} is no cron schedule"
        raise ConfigurationError(msg, hint='five fields, for example "0 8 * * *" for every day at 8:00 UTC')
    for name, kind in (
        ("workflow_id_reuse_policy", WorkflowIdReusePolicy),
        ("parent_close_policy", ParentClosePolicy),
        ("cancellation_type", CancellationType),
        ("cron_overlap_policy", CronOverlapPolicy),
    ):
        value = options.get(name)
        if value is not None and not isinstance(value, kind):
            msg = f"{where}: {name} is one of {kind.__name__}, not {value!r}"
            raise ConfigurationError(msg, hint=f"write {kind.__name__}.{next(iter(kind)).name}, for example")
