"""Schedules, from the client to the runs that they start."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.client import (
    ScheduleAction,
    ScheduleCatchUpPolicy,
    ScheduleDescription,
    ScheduleOverlapPolicy,
    SchedulePolicies,
    ScheduleSpec,
)
from cadence.errors import BadRequestError, EntityNotExistsError, WorkflowExecutionAlreadyCompletedError

RARELY = ScheduleSpec(cron="0 0 1 1 *")


@workflow.defn(name="report")
class Report:
    @workflow.run
    async def run(self, kind: str) -> str:
        return f"{kind} by {workflow.info().workflow_id}"


@workflow.defn(name="waiter")
class Waiter:
    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(timedelta(minutes=5))


@contextlib.asynccontextmanager
async def schedule(
    scene: Any, subject: Any = Report.run, spec: ScheduleSpec = RARELY, **more: Any
) -> AsyncIterator[str]:
    """Make a schedule that is deleted at the end."""
    name = scene.new_id()
    action = ScheduleAction(
        workflow=subject,
        arguments=more.pop("arguments", ["daily"] if subject == Report.run else []),
        task_list=scene.task_list,
        execution_start_to_close_timeout=timedelta(minutes=1),
        **more.pop("action", {}),
    )
    await scene.client.schedules.create(name, spec=spec, action=action, **more)
    try:
        yield name
    finally:
        await scene.client.schedules.delete(name)


async def seen(scene: Any, name: str, condition: Any) -> ScheduleDescription:
    """Describe a schedule until something is true of it: changes reach the description a little later."""

    async def look() -> ScheduleDescription | None:
        found: ScheduleDescription = await scene.client.schedules.describe(name)
        return found if condition(found) else None

    found: ScheduleDescription = await scene.until(look, "the description")
    return found


async def test_a_schedule_is_what_was_made(scene: Any) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    spec = ScheduleSpec(
        cron="0 0 1 1 *", start_time=start, end_time=start + timedelta(days=9000), jitter=timedelta(seconds=5)
    )
    policies = SchedulePolicies(
        overlap=ScheduleOverlapPolicy.BUFFER,
        catch_up=ScheduleCatchUpPolicy.ONE,
        catch_up_window=timedelta(hours=1),
        buffer_limit=7,
        concurrency_limit=8,
        pause_on_failure=True,
    )
    action = {"workflow_id_prefix": scene.task_list, "memo": {"owner": "me"}}
    async with schedule(scene, spec=spec, action=action, policies=policies, memo={"note": "x"}) as name:
        found = await seen(scene, name, lambda found: found.next_run_time is not None)
        assert (found.spec, found.policies, found.is_paused) == (spec, policies, False)
        assert (found.action.workflow, found.action.input) == ("report", b'"daily"\n')
        assert (found.action.task_list, found.action.workflow_id_prefix) == (scene.task_list, scene.task_list)
        assert found.action.memo == {"owner": "me"}
        assert found.memo == {"note": "x"}
        assert (found.total_runs, found.skipped_runs, found.missed_runs, found.backfills) == (0, 0, 0, ())
        assert found.next_run_time.month == found.next_run_time.day == 1
        with pytest.raises(BadRequestError, match="already exists"):
            await scene.client.schedules.create(name, spec=spec, action=found.action)


async def test_runs_come_at_their_times(scene: Any) -> None:
    async with scene.worker([Report]), schedule(scene, spec=ScheduleSpec(cron="@every 1s")) as name:
        found = await seen(scene, name, lambda found: found.total_runs >= 2)
        workflow_id = f"{name}-{found.last_run_time:%Y-%m-%dT%H:%M:%SZ}"
        handle = scene.client.get_workflow_handle(workflow_id, workflow=Report.run)
        assert await scene.result(handle) == f"daily by {workflow_id}"


async def test_a_schedule_is_updated(scene: Any) -> None:
    async with schedule(scene) as name:
        before = await seen(scene, name, lambda found: found.next_run_time is not None)
        await scene.client.schedules.update(
            name,
            spec=dataclasses.replace(before.spec, cron="0 0 1 2 *"),
            policies=dataclasses.replace(before.policies, buffer_limit=3),
        )
        after = await seen(scene, name, lambda found: found.spec.cron == "0 0 1 2 *" and found.next_run_time.month == 2)
        assert after.policies.buffer_limit == 3
        assert after.action == before.action
        assert after.updated_at > before.updated_at
        assert after.created_at == before.created_at


async def test_a_schedule_is_paused_and_goes_on(scene: Any) -> None:
    async with schedule(scene) as name:
        await scene.client.schedules.pause(name, "maintenance")
        paused = await seen(scene, name, lambda found: found.is_paused)
        assert (paused.pause.reason, paused.pause.by) == ("maintenance", scene.client.identity)
        assert paused.pause.at is not None
        await scene.client.schedules.unpause(name, "done", catch_up=ScheduleCatchUpPolicy.SKIP)
        assert (await seen(scene, name, lambda found: not found.is_paused)).pause is None


async def test_a_span_is_made_up_for(scene: Any) -> None:
    hour = timedelta(hours=1)
    end = datetime(2026, 1, 1, 12, tzinfo=UTC)
    async with scene.worker([Report]), schedule(scene, spec=ScheduleSpec(cron="0 * * * *")) as name:
        await scene.client.schedules.backfill(name, end - 2 * hour, end, overlap=ScheduleOverlapPolicy.CONCURRENT)
        await seen(scene, name, lambda found: found.total_runs == 3)
        for due in (end - 2 * hour, end - hour, end):
            workflow_id = f"{name}-{due:%Y-%m-%dT%H:%M:%SZ}"
            handle = scene.client.get_workflow_handle(workflow_id, workflow=Report.run)
            assert await scene.result(handle) == f"daily by {workflow_id}"


@pytest.mark.parametrize(
    ("policy", "runs", "skipped"),
    [(ScheduleOverlapPolicy.SKIP_NEW, 1, 2), (ScheduleOverlapPolicy.TERMINATE_PREVIOUS, 3, 0)],
)
async def test_runs_that_meet(scene: Any, policy: ScheduleOverlapPolicy, runs: int, skipped: int) -> None:
    end = datetime(2026, 1, 1, 12, tzinfo=UTC)
    spec = ScheduleSpec(cron="0 * * * *")
    async with schedule(scene, Waiter.run, spec, policies=SchedulePolicies(overlap=policy)) as name:
        await scene.client.schedules.backfill(name, end - timedelta(hours=2), end)
        found = await seen(scene, name, lambda found: found.total_runs + found.skipped_runs == 3)
        assert (found.total_runs, found.skipped_runs) == (runs, skipped)


async def test_schedules_are_listed_until_they_are_deleted(scene: Any) -> None:
    async def names() -> set[str]:
        return {found.id async for found in scene.client.schedules.list(page_size=50)}

    async with schedule(scene) as one, schedule(scene) as two:

        async def both() -> bool:
            return {one, two} <= await names()

        await scene.until(both, "the list")
    await scene.client.schedules.delete(one)  # once more

    async def none() -> bool:
        return not {one, two} & await names()

    await scene.until(none, "the list without them")

    async def refused() -> bool:
        try:
            await scene.client.schedules.pause(one)
        except (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError):
            return True
        return False

    await scene.until(refused, "the end of the schedule")


async def test_a_schedule_that_never_was(scene: Any) -> None:
    name = scene.new_id()
    for call in (scene.client.schedules.describe(name), scene.client.schedules.pause(name)):
        with pytest.raises(EntityNotExistsError, match="not found in domain"):
            await call
    with pytest.raises(BadRequestError, match="Invalid CronSchedule"):
        await scene.client.schedules.create(
            name,
            spec=ScheduleSpec(cron="never"),
            action=ScheduleAction(
                workflow="report", task_list="t", execution_start_to_close_timeout=timedelta(seconds=5)
            ),
        )
