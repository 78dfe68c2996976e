"""What operators do with the client, with the type that a checker must infer. Never run; read by test_types.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import assert_type

from cadence import Client, api, workflow
from cadence.client import (
    BatchAction,
    BatchCancel,
    BatchProgress,
    BatchReport,
    BatchReset,
    BatchSignal,
    BatchTerminate,
    ClusterAttribute,
    CronOverlapPolicy,
    DomainDescription,
    ListFilters,
    QueryConsistencyLevel,
    QueryRejectCondition,
    ResetPoint,
    RetryPolicy,
    ScheduleAction,
    ScheduleCatchUpPolicy,
    ScheduleDescription,
    ScheduleOverlapPolicy,
    SchedulePolicies,
    ScheduleSpec,
    ScheduleSummary,
    StartOptions,
    WorkflowHandle,
    WorkflowIdReusePolicy,
    WorkflowStatus,
    WorkflowSummary,
)

NOW = datetime.now(UTC)
MINUTE = timedelta(minutes=1)


@workflow.defn
class Report:
    @workflow.run
    async def run(self, kind: str) -> int:
        return len(kind)

    @workflow.signal
    async def hurry(self, how: str) -> None: ...

    @workflow.query
    def pages(self) -> int:
        return 1


async def resets(handle: WorkflowHandle[int]) -> None:
    points = [
        ResetPoint.first_decision(),
        ResetPoint.last_decision(),
        ResetPoint.event(7),
        ResetPoint.time(NOW),
        ResetPoint.bad_binary("checksum"),
    ]
    for point in points:
        assert_type(await handle.reset(point, reason="a bug", skip_signals=True), WorkflowHandle[int])
    assert_type(await handle.stack_trace(), str)
    async for event in handle.history(wait=True, page_size=100):
        assert_type(event, api.HistoryEvent)
    level, condition = QueryConsistencyLevel.STRONG, QueryRejectCondition.NOT_COMPLETED_CLEANLY
    assert_type(await handle.query(Report.pages, consistency=level, reject_condition=condition), int)


def told(report: BatchReport, run: WorkflowSummary) -> None:
    print(report.done, report.failures, run.workflow_id)


async def batches(client: Client) -> None:
    actions: list[BatchAction] = [
        BatchSignal(Report.hurry, ("up",)),
        BatchSignal("hurry"),
        BatchCancel(),
        BatchTerminate("over"),
        BatchReset(ResetPoint.last_decision(), skip_signals=True),
    ]
    progress: BatchProgress = told
    for action in actions:
        assert_type(await client.batch("CloseTime = missing", action, on_progress=progress), BatchReport)
    report = await client.batch("", actions[0], rate=0.5, concurrency=2, dry_run=True, workflow_type="report")
    assert_type(report.found, int)
    filters = ListFilters(status=WorkflowStatus.TIMED_OUT, started_before=NOW)
    assert_type([run.status async for run in client.list_workflows(**filters)], list[WorkflowStatus])
    assert_type([run async for run in client.list_workflows("WorkflowType = 'x'", scan=True)], list[WorkflowSummary])
    assert_type([found async for found in client.domains.list()], list[DomainDescription])


async def options(client: Client) -> None:
    daily = StartOptions(
        task_list="x",
        execution_start_to_close_timeout=MINUTE,
        retry_policy=RetryPolicy(maximum_attempts=3),
        cron_schedule="@daily",
        cron_overlap_policy=CronOverlapPolicy.BUFFER_ONE,
        workflow_id_reuse_policy=WorkflowIdReusePolicy.TERMINATE_IF_RUNNING,
        delay_start=MINUTE,
        jitter_start=MINUTE,
        first_run_at=NOW,
        memo={"x": 1},
        search_attributes={"CustomKeywordField": "x"},
        cluster_attribute=ClusterAttribute("region", "eu-west"),
        enqueue=True,
    )
    assert_type(await client.start_workflow(Report.run, "x", **daily), WorkflowHandle[int])


async def plans(client: Client) -> None:
    action = ScheduleAction(workflow=Report.run, arguments=["x"], task_list="reports", memo={"x": 1})
    policies = SchedulePolicies(overlap=ScheduleOverlapPolicy.BUFFER, catch_up=ScheduleCatchUpPolicy.ALL)
    await client.schedules.create("x", spec=ScheduleSpec(cron="0 6 * * *"), action=action, policies=policies)
    found = await client.schedules.describe("x")
    assert_type(found, ScheduleDescription)
    assert_type(found.next_run_time, datetime | None)
    await client.schedules.update("x", spec=found.spec)
    await client.schedules.backfill("x", NOW, NOW + MINUTE, overlap=ScheduleOverlapPolicy.CONCURRENT)
    assert_type([each async for each in client.schedules.list()], list[ScheduleSummary])
