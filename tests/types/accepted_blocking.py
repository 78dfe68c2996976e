"""Calls of the blocking client that are right, with the type that a checker must infer. Never run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, assert_type

from cadence import api, workflow
from cadence.client import (
    BatchCancel,
    BatchReport,
    BlockingActivityCompletion,
    BlockingClient,
    BlockingDomains,
    BlockingSchedules,
    BlockingWorkflowHandle,
    DomainDescription,
    QueryConsistencyLevel,
    QueryRejectCondition,
    ResetPoint,
    ScheduleAction,
    ScheduleDescription,
    ScheduleSpec,
    ScheduleSummary,
    TaskListDescription,
    WorkflowDescription,
    WorkflowIdReusePolicy,
    WorkflowStatus,
    WorkflowSummary,
)
from cadence.testing import BlockingWorkflowEnvironment

MINUTE = timedelta(minutes=1)


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str, times: int = 1) -> list[str]:
        return [name] * times

    @workflow.signal
    def greet_with(self, greeting: str) -> None: ...

    @workflow.query
    def current(self, index: int) -> str:
        return str(index)


def connects() -> None:
    with BlockingClient.connect("localhost:7933", domain="samples", identity="me") as client:
        assert_type(client, BlockingClient)
    assert_type(BlockingClient.connect(["one:7933", "two:7933"], retry=None, check_at_start=False), BlockingClient)
    with BlockingWorkflowEnvironment() as environment:
        assert_type(environment.client, BlockingClient)


def starts(client: BlockingClient) -> None:
    handle = client.start_workflow(
        Greeting.run, "World", task_list="x", workflow_id_reuse_policy=WorkflowIdReusePolicy.REJECT_DUPLICATE
    )
    assert_type(handle, BlockingWorkflowHandle[list[str]])
    assert_type(handle.result(), list[str])
    assert_type(client.execute_workflow(Greeting.run, "World", 2, task_list="x"), list[str])
    assert_type(client.execute_workflow("far", 1, result_type=dict[str, int], task_list="x"), dict[str, int])
    assert_type(client.start_workflow("far", 1, task_list="x"), BlockingWorkflowHandle[Any])
    assert_type(client.start_workflow("far", 1, result_type=int), BlockingWorkflowHandle[int])
    assert_type(client.start_workflow(Greeting, "World"), BlockingWorkflowHandle[Any])
    signalled = client.signal_with_start(
        Greeting.run, "World", signal=Greeting.greet_with, signal_arguments=["Hi"], workflow_id="y"
    )
    assert_type(signalled, BlockingWorkflowHandle[list[str]])
    far = client.signal_with_start("far", signal="greet", result_type=int, workflow_id="y")
    assert_type(far, BlockingWorkflowHandle[int])
    assert_type(client.get_workflow_handle("x", workflow=Greeting.run), BlockingWorkflowHandle[list[str]])
    assert_type(client.get_workflow_handle("x", run_id="y", result_type=str), BlockingWorkflowHandle[str])
    assert_type(client.get_workflow_handle("x"), BlockingWorkflowHandle[Any])


def deals(handle: BlockingWorkflowHandle[int]) -> None:
    assert_type(handle.workflow_id, str)
    assert_type(handle.result(follow_runs=False, timeout=MINUTE), int)
    handle.signal(Greeting.greet_with, "Hi")
    handle.signal("stop", 1, 2)
    assert_type(handle.query(Greeting.current, 1, consistency=QueryConsistencyLevel.STRONG), str)
    assert_type(handle.query("current", 1, result_type=list[str]), list[str])
    assert_type(handle.query("current", 1, reject_condition=QueryRejectCondition.NOT_OPEN), Any)
    assert_type(handle.stack_trace(timeout=MINUTE), str)
    handle.cancel("enough")
    handle.terminate("enough", 1, "x")
    assert_type(handle.describe(), WorkflowDescription)
    assert_type(handle.reset(ResetPoint.first_decision()), BlockingWorkflowHandle[int])
    assert_type(handle.restart("again"), BlockingWorkflowHandle[int])
    for event in handle.history(wait=True, page_size=10):
        assert_type(event, api.HistoryEvent)


def looks_around(client: BlockingClient) -> None:
    for run in client.list_workflows(status=WorkflowStatus.FAILED, started_after=datetime.now(UTC), page_size=10):
        assert_type(run, WorkflowSummary)
    assert_type(client.count_workflows("WorkflowType = 'x'"), int)
    assert_type(client.batch("", BatchCancel("why"), is_open=True, rate=5), BatchReport)
    client.batch("", BatchCancel("why"), on_progress=lambda report, run: print(report.done, run.workflow_id))
    assert_type(client.task_lists.describe("x", "activity"), TaskListDescription)
    assert_type(client.domains, BlockingDomains)
    assert_type(client.domains.describe(), DomainDescription)
    assert_type([domain.name for domain in client.domains.list()], list[str])
    completion = client.activity_completion(workflow_id="x", activity_id="y")
    assert_type(completion, BlockingActivityCompletion)
    completion.complete(3)
    clusters = client.wait_for(client.client.service.get_cluster_info())
    assert_type(clusters, api.ClusterInfo)


def plans(schedules: BlockingSchedules) -> None:
    schedules.create("x", spec=ScheduleSpec(cron="0 6 * * *"), action=ScheduleAction(workflow=Greeting.run))
    assert_type(schedules.describe("x"), ScheduleDescription)
    for schedule in schedules.list():
        assert_type(schedule, ScheduleSummary)
