"""Histories that Go and Java programs left on a real cluster, replayed by the same workflows in Python."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence import api, workflow
from cadence.api import history_json
from cadence.converter import DataConverter
from cadence.engine import RunOptions, WorkflowRun
from cadence.exceptions import (
    ActivityError,
    ActivityFailedError,
    ActivityTimedOutError,
    ChildWorkflowAlreadyStartedError,
    ChildWorkflowFailedError,
    NondeterminismError,
)
from cadence.workflow.definition import definition_of

MINUTE = timedelta(minutes=1)


async def act(name: str, *arguments: object, **options: Any) -> Any:
    return await workflow.execute_activity(name, *arguments, schedule_to_close_timeout=MINUTE, **options)


async def local(name: str) -> Any:
    return await workflow.execute_local_activity(name, schedule_to_close_timeout=MINUTE)


@workflow.defn(name="go")
class Go:
    """Every workflow of the recordings; which one is chosen by its type's last part."""

    def __init__(self) -> None:
        self.signals: list[Any] = []

    @workflow.run
    async def run(self, *arguments: Any) -> Any:
        name = workflow.info().workflow_type.rpartition(".")[2].replace("-", "_")
        return await getattr(self, name)(*arguments)

    @workflow.signal(dynamic=True)
    def anything(self, name: str, *values: Any) -> None:
        self.signals.append((name, *values))

    async def Basic(self) -> list[str]:
        await act("Prefix_ToUpperWithDelay", "hello", 10**9)
        return ["toUpperWithDelay"]

    async def ActivityRetryOnError(self) -> list[str]:
        with contextlib.suppress(ActivityFailedError):
            await act("Fail")
        return ["fail"] * 3

    async def ActivityRetryOptionsChange(self) -> list[str]:
        with contextlib.suppress(ActivityFailedError):
            await act("Fail")
        return ["fail"] * 2

    async def ActivityRetryOnTimeout(self, kind: str) -> list[str]:
        with pytest.raises(ActivityTimedOutError) as caught:
            await act("Activities_Sleep", 2 * 10**9)
        assert caught.value.kind.name == kind
        return ["sleep"] * 3

    async def ActivityAutoHeartbeat(self) -> list[str]:
        await act("HeartbeatAndSleep", 0, 5 * 10**9)
        return ["heartbeatAndSleep"]

    async def ActivityCancelRepro(self) -> list[str]:
        calls = [
            asyncio.ensure_future(workflow.sleep(10)),
            *(asyncio.ensure_future(act(f"Prefix_ToUpper{end}", "hello")) for end in ("WithDelay", "", "")),
        ]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        for call in calls:
            call.cancel()
        return ["toUpperWithDelay"]

    async def ContinueAsNew(self, count: int, task_list: str) -> int:
        if count > 0:
            workflow.continue_as_new(count - 1, task_list, task_list=task_list)
        return 999

    async def SimplestWorkflow(self) -> str:
        return "hello"

    async def LargeQueryResultWorkflow(self) -> str:
        return "hello"

    async def VersionedWorkflow(self, argument: str) -> None:
        assert argument == "arg"
        version = workflow.get_version("test-change", workflow.DEFAULT_VERSION, 2)
        await act({workflow.DEFAULT_VERSION: "FooActivity", 1: "BarActivity", 2: "BazActivity"}[version])

    async def sleep(self, duration: int) -> None:
        await act("Activities_Sleep", duration)

    async def child(self, text: str, must_fail: bool) -> Any:
        return await act("Prefix_ToUpper", text)

    async def childForMemoAndSearchAttr(self) -> Any:
        memo = workflow.memo()["memoKey"]
        return await act("Activities_GetMemoAndSearchAttr", memo, "searchAttrVal")

    async def ChildWorkflowSuccess(self) -> Any:
        return await workflow.execute_child_workflow("childForMemoAndSearchAttr")

    async def ChildWorkflowRetryOnError(self) -> Any:
        return await workflow.execute_child_workflow("child", "hello", True)

    async def ChildWorkflowCancel(self) -> str:
        starting = asyncio.create_task(workflow.start_child_workflow("sleep", 20 * 10**9))
        await asyncio.sleep(0)
        await workflow.sleep(1)
        handle = await starting
        cancelling = asyncio.create_task(handle.cancel())
        await asyncio.sleep(0)
        await workflow.sleep(1)
        await cancelling
        return handle.workflow_id

    async def IDReusePolicy(self, workflow_id: str, policy: int, parallel: bool, fail: bool) -> Any:
        first = await workflow.execute_child_workflow("child", "hello", False, workflow_id=workflow_id)
        try:
            second = await workflow.execute_child_workflow("child", "world", False, workflow_id=workflow_id)
        except ChildWorkflowAlreadyStartedError as error:
            raise RuntimeError(str(error)) from error
        return first + second

    async def WorkflowWithLocalActivityCtxPropagation(self) -> Any:
        return await local("Activities_DuplicateStringInContext")

    async def InspectLocalActivityInfo(self) -> None:
        await local("inspectActivityInfo")

    async def ConsistentQueryWorkflow(self, _delay: int) -> None:
        await workflow.wait_condition(lambda: self.signals)
        await local("LocalSleep")

    async def RetryTimeoutStableErrorWorkflow(self) -> list[str]:
        with contextlib.suppress(ActivityError):
            await act("Activities_RetryTimeoutStableErrorActivity")
        return []

    async def Session(self) -> Any:
        session = workflow.side_effect(workflow.uuid4, result_type=str)
        creation = workflow.start_activity("internalSessionCreationActivity", session, schedule_to_close_timeout=MINUTE)
        await workflow.wait_condition(lambda: any(name == session for name, _ in self.signals))
        found = await act("Activities_GetTaskList")
        creation.cancel()
        await act("internalSessionCompletionActivity", session)
        return found

    async def cadence_scheduler(self, schedule: dict[str, Any]) -> None:
        workflow.upsert_search_attributes({"CadenceScheduleState": "active"})
        timer = asyncio.create_task(workflow.sleep(3600))
        await workflow.wait_condition(lambda: self.signals)
        timer.cancel()
        if self.signals[0][0] == "scheduler-update":
            workflow.continue_as_new(schedule)

    async def NonDeterminismSimulatorWorkflow(self) -> Any:
        return await act("Prefix_ToUpper", "hello")


def replay(history: api.History, workflow_class: type = Go, *, compare_result: bool = False) -> WorkflowRun:
    started: Any = history.events[0].workflow_execution_started_event_attributes
    run = WorkflowRun(
        definition_of(workflow_class),
        converter=DataConverter(),
        domain="domain",
        workflow_id="workflow",
        run_id=started.original_execution_run_id,
        options=RunOptions(replay_only=True, compare_result=compare_result),
    )
    try:
        run.receive_task(history.events)
    except BaseException:
        run.close()
        raise
    return run


@pytest.fixture
def recording() -> Callable[[str], api.History]:
    """Read a recording by its language and name."""

    def read(name: str) -> api.History:
        path = Path(__file__).parents[1] / "data" / "histories" / f"{name}.json"
        return history_json.loads(path.read_bytes())

    return read


SAME_RESULT = [
    "ActivityRetryOnError-1",
    "ActivityAutoHeartbeat-1",
    "ActivityCancelRepro-1",
    "ActivityRetryOnTimeout-1",
    "ActivityRetryOptionsChange-1",
    "ChildWorkflowCancel-1",
    "ChildWorkflowSuccess-1",
    "ConsistentQueryWorkflow-1",
    "ContinueAsNew-1",
    "InspectLocalActivityInfo-1",
    "LargeQueryResultWorkflow-1",
    "RetryTimeoutStableErrorWorkflow-1",
    "Session-1",
    "SimplestWorkflow-1",
    "VersionedWorkflow-1",
    "VersionedWorkflow-2",
    "WorkflowWithLocalActivityCtxPropagation-1",
    "child-1",
    "childForMemoAndSearchAttr-1",
]
ENDS_ALIKE = [
    "Basic-1",
    "Basic-2",
    "ContinueAsNew-2",
    "ChildWorkflowRetryOnError-1",
    "IDReusePolicy-1",
    "cadence-scheduler-1",
    "cadence-scheduler-2",
    "sleep-1",
    "sleep-2",
]


@pytest.mark.parametrize("name", [*SAME_RESULT, *ENDS_ALIKE])
def test_go(recording: Any, name: str) -> None:
    run = replay(recording(f"go/{name}"), compare_result=name in SAME_RESULT)
    assert run.is_closed
    assert run.decisions_to_send() == []
    run.close()


@pytest.mark.parametrize("name", ["NonDeterminismSimulatorWorkflow-1", "NonDeterminismSimulatorWorkflow-2"])
def test_go_that_was_not_deterministic(recording: Any, name: str) -> None:
    with pytest.raises(NondeterminismError):
        replay(recording(f"go/{name}"))


@workflow.defn(name="Greeting::getGreeting")
class Greeting:
    """What peer.Main of the recording did."""

    def __init__(self) -> None:
        self.pokes: list[Any] = []

    @workflow.signal(name="Greeting::poke")
    def poke(self, who: str, count: int) -> None:
        self.pokes.append((who, count))

    @workflow.run
    async def run(self, name: str, count: int) -> str:
        version = workflow.get_version("change-1", workflow.DEFAULT_VERSION, 1)
        assert version == 1
        greeting = await act("Acts::composeGreeting", "Hello", name)
        order = await act("Acts::makeOrder", "o1", count)
        await act("Acts::nothing")
        total = await act("Acts::sum", 1, 2, 3)
        key = workflow.side_effect(lambda: "mine", result_type=str)
        assert len(key) == 36
        value = workflow.mutable_side_effect("mse", lambda: "mine", result_type=str)
        await workflow.sleep(1)
        await workflow.wait_condition(lambda: self.pokes)
        there = await local("Acts::composeGreeting")
        child = await workflow.execute_child_workflow("Child::childRun", "x", result_type=str)
        failures = []
        try:
            await workflow.execute_child_workflow("Child::childRun", "boom")
        except ChildWorkflowFailedError as error:
            failures.append(f"{error.reason}: {error.__cause__}")
        try:
            await act("Acts::fail", "bad")
        except ActivityFailedError as error:
            failures.append(f"{error.reason}: {error.__cause__}")
        assert value == "val"
        return f"{greeting}{order['id']}{total}{there}{child}{'|'.join(failures)}{len(self.pokes)}"


def with_our_count(history: api.History) -> api.History:
    """Java gives side effects no number; ours, as Go's, do: what comes behind the one there is has one more."""
    for event in history.events[31:]:
        timer: Any = event.timer_started_event_attributes or event.timer_fired_event_attributes
        activity = event.activity_task_scheduled_event_attributes
        marker = event.marker_recorded_event_attributes
        if timer is not None:
            timer.timer_id = str(int(timer.timer_id) + 1)
        elif activity is not None:
            activity.activity_id = str(int(activity.activity_id) + 1)
        elif marker is not None and marker.marker_name == "LocalActivity":
            fields: Any = marker.header.fields
            fields["LocalActivityHeader"] = fields["LocalActivityHeader"].replace(b':"5"', b':"6"')
    return history


def test_java(recording: Any) -> None:
    run = replay(with_our_count(recording("java/getGreeting-completed")), Greeting)
    entry: Any = run._completion
    text = DataConverter().decode_value(entry.result)
    assert text.startswith("Hello World!o16Local World!child xjava.io.IOException: ")
    assert "child failed|java.lang.IllegalStateException: " in text
    assert text.endswith("bad1")
    run.close()


def test_java_that_timed_out(recording: Any) -> None:
    run = replay(with_our_count(recording("java/getGreeting-timed_out")), Greeting)
    assert run.is_closed
    run.close()
