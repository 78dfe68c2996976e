"""The option classes of 1.x, in seconds as integers, and what they are in the async face.

Fields that are None or 0 are left to whoever stands below: the decorator, then the caller's surroundings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cadence.workflow.commands import CancellationType, RetryPolicy, WorkflowIdReusePolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = (
    "ActivityOptions",
    "RetryParameters",
    "WorkerFactoryOptions",
    "WorkerOptions",
    "WorkflowClientOptions",
    "WorkflowOptions",
    "seconds",
)


def seconds(value: float | None) -> timedelta | None:
    """Turn seconds into a timedelta; None and 0 are no limit."""
    return timedelta(seconds=value) if value else None


@dataclasses.dataclass
class RetryParameters:
    """When and how often a failed activity or workflow is tried again."""

    initial_interval_in_seconds: int | None = None
    """Pause before the second attempt; default 1."""
    backoff_coefficient: float | None = None
    """Each pause is this many times the one before; default 2."""
    maximum_interval_in_seconds: int | None = None
    """Longest pause; default 100 times the initial one."""
    maximum_attempts: int | None = None
    """Attempts in all, the first included."""
    non_retriable_error_reasons: Sequence[str | type[BaseException]] = dataclasses.field(default_factory=list)
    """Names of exceptions that end it at once, or the classes."""
    expiration_interval_in_seconds: int | None = None
    """No attempt starts later than this."""

    def to_retry_policy(self) -> RetryPolicy:
        """Return the same as the async face has it."""
        return RetryPolicy(
            initial_interval=seconds(self.initial_interval_in_seconds) or timedelta(seconds=1),
            backoff_coefficient=self.backoff_coefficient or 2.0,
            maximum_interval=seconds(self.maximum_interval_in_seconds),
            maximum_attempts=self.maximum_attempts or 0,
            expiration_interval=seconds(self.expiration_interval_in_seconds),
            non_retriable_error_reasons=tuple(self.non_retriable_error_reasons or ()),
        )


def _policy(parameters: RetryParameters | None) -> RetryPolicy | None:
    return None if parameters is None else parameters.to_retry_policy()


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what isn't set, so that it doesn't hide what stands below."""
    return {name: value for name, value in options.items() if value is not None and value != ""}


@dataclasses.dataclass
class ActivityOptions:
    """How to call the activities of a stub."""

    schedule_to_close_timeout_seconds: int | None = None
    schedule_to_start_timeout_seconds: int | None = None
    start_to_close_timeout_seconds: int | None = None
    heartbeat_timeout_seconds: int | None = None
    task_list: str | None = None
    activity_id: str | None = None
    """The id of the call; for stubs that are called once."""
    retry_parameters: RetryParameters | None = None
    cancellation_type: CancellationType | None = None

    def to_options(self) -> dict[str, Any]:
        """Return what is set as keyword arguments of `workflow.execute_activity`."""
        return _given(
            {
                "schedule_to_close_timeout": seconds(self.schedule_to_close_timeout_seconds),
                "schedule_to_start_timeout": seconds(self.schedule_to_start_timeout_seconds),
                "start_to_close_timeout": seconds(self.start_to_close_timeout_seconds),
                "heartbeat_timeout": seconds(self.heartbeat_timeout_seconds),
                "task_list": self.task_list,
                "activity_id": self.activity_id,
                "retry_policy": _policy(self.retry_parameters),
                "cancellation_type": self.cancellation_type,
            }
        )


@dataclasses.dataclass
class WorkflowOptions:
    """How to start the workflow of a stub; what is set stands over the decorator."""

    workflow_id: str | None = None
    workflow_id_reuse_policy: int | WorkflowIdReusePolicy | None = None
    """One of `cadence.cadence_types.WorkflowIdReusePolicy`, or of the async face's."""
    execution_start_to_close_timeout_seconds: int | None = None
    task_start_to_close_timeout_seconds: int | None = None
    task_list: str | None = None
    cron_schedule: str | None = None
    retry_parameters: RetryParameters | None = None
    memo: Mapping[str, object] | None = None
    search_attributes: Mapping[str, object] | None = None

    def to_options(self) -> dict[str, Any]:
        """Return what is set as keyword arguments of `Client.start_workflow`."""
        policy = self.workflow_id_reuse_policy
        if policy is not None and not isinstance(policy, WorkflowIdReusePolicy):
            policy = WorkflowIdReusePolicy(int(policy))
        return _given(
            {
                "workflow_id": self.workflow_id,
                "workflow_id_reuse_policy": policy,
                "execution_start_to_close_timeout": seconds(self.execution_start_to_close_timeout_seconds),
                "task_start_to_close_timeout": seconds(self.task_start_to_close_timeout_seconds),
                "task_list": self.task_list,
                "cron_schedule": self.cron_schedule,
                "retry_policy": _policy(self.retry_parameters),
                "memo": self.memo,
                "search_attributes": self.search_attributes,
            }
        )


@dataclasses.dataclass
class WorkflowClientOptions:
    """Options of a client; none so far, as in 1.x."""


@dataclasses.dataclass
class WorkerOptions:
    """Options of a worker: keyword arguments of the async face's `Worker`."""

    options: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class WorkerFactoryOptions:
    """Options of a factory; none so far, as in 1.x."""
