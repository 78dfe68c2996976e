"""Nothing that a start or a schedule can say on the wire is out of reach: an option sets it, or here is why not.

Each test gives every option there is and looks for fields of the request that are not set, however deep.
"""

from __future__ import annotations

import contextvars
import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import api
from cadence.client import (
    Client,
    ClusterAttribute,
    CronOverlapPolicy,
    RetryPolicy,
    ScheduleAction,
    ScheduleCatchUpPolicy,
    ScheduleOverlapPolicy,
    SchedulePolicies,
    ScheduleSpec,
    StartOptions,
    WorkflowIdReusePolicy,
)
from cadence.interceptor import contextvar

MINUTE = timedelta(minutes=1)
WHEN = datetime(2030, 1, 1, tzinfo=UTC)
RETRIES = RetryPolicy(
    initial_interval=MINUTE,
    backoff_coefficient=3.0,
    maximum_interval=MINUTE,
    maximum_attempts=3,
    expiration_interval=MINUTE,
    non_retriable_error_reasons=("bad",),
)
ALL = StartOptions(
    task_list="x",
    workflow_id="y",
    execution_start_to_close_timeout=MINUTE,
    task_start_to_close_timeout=MINUTE,
    workflow_id_reuse_policy=WorkflowIdReusePolicy.TERMINATE_IF_RUNNING,
    retry_policy=RETRIES,
    cron_schedule="* * * * *",
    cron_overlap_policy=CronOverlapPolicy.BUFFER_ONE,
    memo={"a": 1},
    search_attributes={"CustomIntField": 1},
    delay_start=MINUTE,
    jitter_start=MINUTE,
    first_run_at=WHEN,
    cluster_attribute=ClusterAttribute("region", "eu-west"),
)
TASK_LIST = {
    "task_list.kind": "what workers poll by name is a normal list; sticky ones are their own affair",
    "task_list.base_name": "what a list is a partition of; servers say it to each other",
}
NOT_OF_A_START = {"enqueue"}
"""Options that choose another call rather than set a field."""


def unset(struct: Any, place: str = "") -> Iterator[str]:
    """Give the names of fields that are None, those of structs inside with a dot."""
    for field in dataclasses.fields(struct):
        value = getattr(struct, field.name)
        if value is None:
            yield place + field.name
        elif dataclasses.is_dataclass(value):
            yield from unset(value, f"{place}{field.name}.")


@pytest.fixture
def client(connect: Callable[..., Client]) -> Client:
    """A client with context to carry, which travels in the header."""
    tenant = contextvars.ContextVar("tenant", default="me")
    tenant.set("me")
    return connect(propagators=[contextvar(tenant)])


def test_each_option_is_given_here() -> None:
    assert set(ALL) == set(StartOptions.__annotations__) - NOT_OF_A_START


async def test_a_start(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecution", api.StartWorkflowExecutionResponse(run_id="r"))
    await client.start_workflow("far", 1, **ALL)
    (request,) = frontend.of("StartWorkflowExecution")
    assert set(unset(request)) == set(TASK_LIST)
    attribute = request.active_cluster_selection_policy.cluster_attribute
    assert (attribute.scope, attribute.name) == ("region", "eu-west")


async def test_a_signal_with_start(client: Client, frontend: Any) -> None:
    frontend.on("SignalWithStartWorkflowExecution", api.StartWorkflowExecutionResponse(run_id="r"))
    await client.signal_with_start("far", 1, signal="x", signal_arguments=[1], **ALL)
    (request,) = frontend.of("SignalWithStartWorkflowExecution")
    reasons = {**TASK_LIST, "control": "notes for deciders of long ago; nothing reads them"}
    assert set(unset(request)) == set(reasons)


async def test_starts_that_are_queued(client: Client, frontend: Any) -> None:
    frontend.on("StartWorkflowExecutionAsync", api.StartWorkflowExecutionAsyncResponse())
    options = ALL.copy()
    options["enqueue"] = True
    await client.start_workflow("far", 1, **options)
    (request,) = frontend.of("StartWorkflowExecutionAsync")
    assert set(unset(request.request)) == set(TASK_LIST)


async def test_a_schedule(client: Client, frontend: Any) -> None:
    parts: dict[str, Any] = {
        "spec": ScheduleSpec(cron="0 6 * * *", start_time=WHEN, end_time=WHEN + MINUTE, jitter=MINUTE),
        "action": ScheduleAction(
            workflow="far",
            arguments=[1],
            task_list="x",
            workflow_id_prefix="y",
            execution_start_to_close_timeout=MINUTE,
            task_start_to_close_timeout=MINUTE,
            retry_policy=RETRIES,
            memo={"a": 1},
            search_attributes={"CustomIntField": 1},
        ),
        "policies": SchedulePolicies(
            overlap=ScheduleOverlapPolicy.BUFFER,
            catch_up=ScheduleCatchUpPolicy.ALL,
            catch_up_window=MINUTE,
            pause_on_failure=True,
            buffer_limit=3,
            concurrency_limit=3,
        ),
        "search_attributes": {"CustomIntField": 1},
    }
    frontend.on("CreateSchedule", api.CreateScheduleResponse())
    frontend.on("UpdateSchedule", api.UpdateScheduleResponse())
    await client.schedules.create("s", memo={"a": 1}, **parts)
    await client.schedules.update("s", **parts)
    reasons = {f"action.start_workflow.{name}": reason for name, reason in TASK_LIST.items()}
    assert set(unset(frontend.of("CreateSchedule")[0])) == set(reasons)
    assert set(unset(frontend.of("UpdateSchedule")[0])) == set(reasons)


async def test_what_schedules_are_asked_to_do(client: Client, frontend: Any) -> None:
    frontend.on("PauseSchedule", api.PauseScheduleResponse())
    frontend.on("UnpauseSchedule", api.UnpauseScheduleResponse())
    frontend.on("BackfillSchedule", api.BackfillScheduleResponse())
    await client.schedules.pause("s", "why")
    await client.schedules.unpause("s", "why", catch_up=ScheduleCatchUpPolicy.ONE)
    await client.schedules.backfill("s", WHEN, WHEN + MINUTE, overlap=ScheduleOverlapPolicy.CONCURRENT, backfill_id="b")
    for name in ("PauseSchedule", "UnpauseSchedule", "BackfillSchedule"):
        (request,) = frontend.of(name)
        assert set(unset(request)) == set()
