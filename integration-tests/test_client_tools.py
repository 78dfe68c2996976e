"""What operators do with runs and task lists: reset, restart, batches, looking around."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.api.enums import EventType
from cadence.client import (
    BatchCancel,
    BatchReport,
    BatchReset,
    BatchSignal,
    BatchTerminate,
    BlockingClient,
    ResetPoint,
    ResetPointError,
    ScheduleAction,
    ScheduleSpec,
    WorkflowStatus,
    WorkflowSummary,
)
from cadence.errors import BadRequestError
from cadence.exceptions import WorkflowCanceledError, WorkflowTerminatedError

SECOND = timedelta(seconds=1)
done: list[str] = []


@activity.defn(name="step")
async def step(name: str) -> str:
    done.append(name)
    return name


@workflow.defn(name="steps")
class Steps:
    def __init__(self) -> None:
        self.told: list[str] = []

    @workflow.run
    async def run(self, name: str) -> list[str]:
        first = await workflow.execute_activity(step, f"{name} 1", schedule_to_close_timeout=30 * SECOND)
        second = await workflow.execute_activity(step, f"{name} 2", schedule_to_close_timeout=30 * SECOND)
        await workflow.wait_condition(lambda: bool(self.told))
        return [first, second, *self.told]

    @workflow.signal(name="tell")
    def tell(self, word: str) -> None:
        self.told.append(word)


async def finished(scene: Any, **options: Any) -> Any:
    """Run the workflow to its end."""
    handle = await scene.start(Steps.run, scene.task_list, **options)
    await handle.signal("tell", "x")
    await scene.result(handle)
    return handle


def times(scene: Any, number: int) -> int:
    return done.count(f"{scene.task_list} {number}")


@pytest.mark.parametrize(
    ("point", "first", "second"), [(ResetPoint.first_decision(), 2, 2), (ResetPoint.last_decision(), 1, 1)]
)
async def test_a_closed_run_goes_on_from_a_decision(scene: Any, point: ResetPoint, first: int, second: int) -> None:
    async with scene.worker([Steps], [step]):
        handle = await finished(scene)
        made = await handle.reset(point, reason="once more")
        assert made.run_id != handle.run_id
        assert await scene.result(made) == [f"{scene.task_list} 1", f"{scene.task_list} 2", "x"]
        assert (times(scene, 1), times(scene, 2)) == (first, second)


async def test_an_event_and_a_time_name_a_decision(scene: Any) -> None:
    async with scene.worker([Steps], [step]):
        handle = await finished(scene)
        events = await scene.events(handle)
        scheduled = [event for event in events if event.event_type == EventType.ActivityTaskScheduled]
        event_id = scheduled[1].activity_task_scheduled_event_attributes.decision_task_completed_event_id
        completed_at = datetime.fromtimestamp(events[event_id - 1].timestamp / 1e9, UTC)
        for point in (
            ResetPoint.event(event_id),
            ResetPoint.time(completed_at - timedelta(microseconds=1)),
        ):
            before = times(scene, 2)
            base = scene.client.get_workflow_handle(handle.workflow_id, run_id=handle.run_id)
            await scene.result(await base.reset(point))
            assert (times(scene, 1), times(scene, 2)) == (1, before + 1)
        with pytest.raises(BadRequestError):
            await handle.reset(ResetPoint.event(2))
        with pytest.raises(ResetPointError, match="no such decision"):
            await handle.reset(ResetPoint.time(datetime.now(UTC) + timedelta(hours=1)))


async def test_a_bad_build_is_undone(scene: Any) -> None:
    handle = await scene.start(Steps.run, scene.task_list)
    async with scene.worker([Steps], [step], binary_checksum="good"):
        await scene.until(lambda: times(scene, 1) == 1 and times(scene, 2) == 1)
    async with scene.worker([Steps], [step], binary_checksum="bad"):
        await handle.signal("tell", "x")
        await scene.result(handle)
        with pytest.raises(ResetPointError, match="build unknown"):
            await handle.reset(ResetPoint.bad_binary("unknown"))
        made = await handle.reset(ResetPoint.bad_binary("bad"), reason="a bad build")
        assert (await scene.result(made))[-1] == "x"


async def test_signals_may_be_forgotten(scene: Any) -> None:
    async with scene.worker([Steps], [step]):
        handle = await finished(scene)
        made = await handle.reset(ResetPoint.first_decision(), skip_signals=True)
        assert (await made.describe()).status is WorkflowStatus.OPEN
        await made.signal("tell", "y")
        assert (await scene.result(made))[-1] == "y"


async def test_an_open_run_is_reset(scene: Any) -> None:
    async with scene.worker([Steps], [step]):
        handle = await scene.start(Steps.run, scene.task_list)
        await scene.until(lambda: times(scene, 2) == 1)
        made = await handle.reset(ResetPoint.first_decision(), reason="again")
        base = scene.client.get_workflow_handle(handle.workflow_id, run_id=handle.run_id)
        with pytest.raises(WorkflowTerminatedError):
            await scene.result(base)
        await made.signal("tell", "x")
        assert (await scene.result(made))[-1] == "x"


async def test_a_restart_begins_from_the_start(scene: Any) -> None:
    async with scene.worker([Steps], [step]):
        handle = await scene.start(Steps.run, scene.task_list)
        await scene.until(lambda: times(scene, 2) == 1)
        made = await handle.restart("from the start")
        assert made.run_id != handle.run_id
        base = scene.client.get_workflow_handle(handle.workflow_id, run_id=handle.run_id)
        with pytest.raises(WorkflowTerminatedError):
            await scene.result(base)
        await made.refresh_tasks()
        await made.signal("tell", "x")
        assert await scene.result(made) == [f"{scene.task_list} 1", f"{scene.task_list} 2", "x"]
        assert times(scene, 1) == 2


async def test_batches(scene: Any) -> None:
    """Each kind of batch, over the runs of one workflow type."""
    name = f"type-{scene.task_list}"

    async def listed(count: int) -> bool:
        found = [run async for run in scene.client.list_workflows(workflow_type=name, is_open=True)]
        return len(found) == count

    def only() -> dict[str, Any]:
        return {"workflow_type": name, "is_open": True, "rate": 1000}

    handles = [await scene.start(name, number) for number in range(5)]
    await scene.until(lambda: listed(5))
    seen: list[str] = []
    dry = await scene.client.batch(
        "", BatchTerminate(), dry_run=True, on_progress=lambda _, run: seen.append(run.workflow_id), **only()
    )
    assert (dry.found, dry.done) == (5, 5)
    assert sorted(seen) == sorted(handle.workflow_id for handle in handles)
    sent = await scene.client.batch("", BatchSignal("tell", ("x",)), **only())
    assert (sent.done, sent.failures) == (5, [])
    assert "WorkflowExecutionSignaled" in await scene.kinds(handles[0])
    failed = await scene.client.batch("", BatchReset(ResetPoint.first_decision()), **only())
    assert (failed.done, len(failed.failures)) == (0, 5)
    asked = await scene.client.batch("", BatchCancel("why"), **only())
    assert (asked.done, asked.skipped) == (5, 0)
    again = await scene.client.batch("", BatchCancel("why"), **only())
    assert again.done + again.skipped == 5
    assert again.failures == []
    ended = await scene.client.batch("", BatchTerminate("why"), **only())
    assert (ended.done, ended.failures) == (5, [])
    for handle in handles:
        with pytest.raises((WorkflowTerminatedError, WorkflowCanceledError)):
            await scene.result(handle)
    await scene.until(lambda: listed(0))


async def test_task_lists_tell_of_pollers_and_backlogs(scene: Any) -> None:
    lists = scene.client.task_lists
    for _ in range(3):
        await scene.start(Steps.run, "x")

    async def backlog() -> bool:
        return (await lists.describe(scene.task_list)).backlog == 3

    if scene.frontend.is_dev_server:
        await scene.until(backlog)
    assert (await lists.describe(scene.task_list)).pollers == ()
    async with scene.worker([Steps], [step], identity="tools"):

        async def polled() -> bool:
            found = [await lists.describe(scene.task_list, kind) for kind in ("decision", "activity")]
            return all(any(poller.identity == "tools" for poller in each.pollers) for each in found)

        await scene.until(polled)
        partitions = await lists.partitions(scene.task_list)
        assert {each.kind for each in partitions} == {"decision", "activity"}
        assert any(each.name == scene.task_list for each in partitions)

        async def in_use() -> bool:
            found = await lists.list()
            return {each.kind for each in found if each.name == scene.task_list} == {"decision", "activity"}

        await scene.until(in_use)


async def test_the_cluster_tells_what_it_knows(scene: Any) -> None:
    attributes = await scene.client.search_attributes()
    assert attributes["WorkflowType"] in {"KEYWORD", "STRING"}
    info = await scene.client.cluster_info()
    assert info.go_client_version.count(".") == 2


async def test_a_domain_without_a_queue_refuses_queued_starts(scene: Any) -> None:
    with pytest.raises(BadRequestError, match="not enabled for domain"):
        await scene.start("any", enqueue=True)


def test_the_blocking_face_has_the_same(frontend: Any) -> None:
    with BlockingClient.connect(frontend.address, domain=frontend.domain) as client:
        handle = client.start_workflow(
            "nobody-runs-this", task_list="nobody-polls-this", execution_start_to_close_timeout=timedelta(minutes=1)
        )
        with pytest.raises(ResetPointError):
            handle.reset(ResetPoint.last_decision())
        made = handle.restart("again")
        assert made.run_id != handle.run_id
        made.refresh_tasks()
        seen: list[str] = []

        def note(_: BatchReport, run: WorkflowSummary) -> None:
            # It may make calls that block.
            seen.append(client.get_workflow_handle(run.workflow_id).describe().workflow_type)

        def done() -> int:
            given = client.batch("", BatchSignal("x"), workflow_id=made.workflow_id, is_open=True, on_progress=note)
            return given.done

        deadline = time.monotonic() + 30
        while not done():
            assert time.monotonic() < deadline
        assert set(seen) == {"nobody-runs-this"}
        made.terminate("over")
        assert client.search_attributes()
        assert client.cluster_info().go_client_version
        assert client.wait_for(client.client.service.get_cluster_info()).supported_client_versions
        assert client.task_lists.describe("nobody-polls-this", "activity").pollers == ()
        assert client.task_lists.partitions("nobody-polls-this")
        assert isinstance(client.task_lists.list(), tuple)
        report = client.batch("", BatchTerminate(), dry_run=True, workflow_id=made.workflow_id)
        assert report.dry_run


def test_blocking_domains_and_schedules(frontend: Any) -> None:
    with BlockingClient.connect(frontend.address, domain=frontend.domain) as client:
        client.domains.register(frontend.domain, exist_ok=True)
        assert client.domains.describe().name == frontend.domain
        assert frontend.domain in {found.name for found in client.domains.list()}
        name = f"blocking-{uuid.uuid4().hex[:8]}"
        client.schedules.create(
            name,
            spec=ScheduleSpec(cron="0 6 * * *"),
            action=ScheduleAction(
                workflow="report", task_list="nobody-polls-this", execution_start_to_close_timeout=60 * SECOND
            ),
        )
        client.schedules.pause(name, "not yet")
        paused = client.schedules.describe(name).pause
        assert paused is not None
        assert paused.reason == "not yet"
        client.schedules.update(name, spec=ScheduleSpec(cron="0 7 * * *"))
        client.schedules.backfill(name, datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC))
        client.schedules.unpause(name)
        deadline = time.monotonic() + 30
        while name not in {found.id for found in client.schedules.list(page_size=2)}:
            assert time.monotonic() < deadline
        client.schedules.delete(name)
