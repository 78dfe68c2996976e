"""Random programs on a server that skips time; what their histories say is decided again by every replay.

Each history is replayed whole, and from its beginning up to every decision task, where the code must decide what the
events behind that task say was decided. Workers keep hardly any run, so that most decisions are made after a replay in
the first place. 100 programs in the plain run; CADENCE_TEST_PROGRAMS says how many otherwise (2,000 for a night).
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import activity, workflow
from cadence.api.enums import DecisionTaskFailedCause, DecisionType, EventType
from cadence.converter import DataConverter
from cadence.engine import WorkflowRun
from cadence.errors import WorkflowExecutionAlreadyCompletedError
from cadence.exceptions import ApplicationError
from cadence.testing import Replayer, WorkflowEnvironment, WorkflowHistory
from cadence.workflow.definition import definition_of

_SPEC = importlib.util.spec_from_file_location(
    "programs", Path(__file__).parents[2] / "tests" / "engine" / "test_programs.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
programs = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(programs)

AT_ONCE = 20
COUNT = int(os.environ.get("CADENCE_TEST_PROGRAMS", "100"))
DAY = timedelta(days=1)


def chance(*parts: object) -> int:
    """A number that is the same for the same attempt of the same thing."""
    return zlib.crc32(repr(parts).encode())


@activity.defn(dynamic=True)
async def anything() -> str:
    """Ends well, badly or after a moment; local or not."""
    info = activity.info()
    number = chance(info.workflow_id, info.activity_id, info.attempt)
    if number % 4 == 0:
        msg = "on purpose"
        raise ApplicationError(msg, reason="OnPurpose")
    if number % 4 == 1:
        await asyncio.sleep(0.01)
    return info.activity_type


@workflow.defn(name="child")
class Child:
    """Ends well, badly or after a while."""

    @workflow.run
    async def run(self) -> str:
        number = chance(workflow.info().workflow_id)
        if number % 3 == 0:
            msg = "a child's end"
            raise ApplicationError(msg)
        if number % 3 == 1:
            await asyncio.sleep(2)
        return "grown up"


@workflow.defn(name="other")
class Other:
    """Is there to be signalled and cancelled."""

    @workflow.run
    async def run(self) -> None:
        await asyncio.sleep(3_600)

    @workflow.signal
    def hello(self) -> None:
        """Take it."""


async def run_all(drawn: list[tuple[Any, list[int]]]) -> list[WorkflowHistory]:
    async with WorkflowEnvironment.time_skipping() as environment:
        client = environment.client
        options: dict[str, Any] = {"execution_start_to_close_timeout": DAY}
        workflows = [programs.Interprets, Child, Other]
        async with environment.worker(workflows=workflows, activities=[anything], sticky_runs=2) as task_list:
            options["task_list"] = task_list
            await client.start_workflow(Other.run, workflow_id="other", **options)
            handles = []
            for program, signals in drawn:
                handle = await client.start_workflow(programs.Interprets.run, program, **options)
                for value in signals:
                    with contextlib.suppress(WorkflowExecutionAlreadyCompletedError):
                        await handle.signal("note", value)
                handles.append(handle)
            async with asyncio.timeout(60):
                await asyncio.gather(*(handle.result() for handle in handles), return_exceptions=True)
        found = []
        async for summary in client.list_workflows("WorkflowType = 'Interprets'"):
            assert summary.close_time is not None, summary
            found.append(await WorkflowHistory.from_server(client, summary.workflow_id, summary.run_id))
        return found


OPENERS = {
    DecisionType.ScheduleActivityTask: EventType.ActivityTaskScheduled,
    DecisionType.StartTimer: EventType.TimerStarted,
    DecisionType.RecordMarker: EventType.MarkerRecorded,
    DecisionType.StartChildWorkflowExecution: EventType.StartChildWorkflowExecutionInitiated,
    DecisionType.SignalExternalWorkflowExecution: EventType.SignalExternalWorkflowExecutionInitiated,
    DecisionType.RequestCancelExternalWorkflowExecution: EventType.RequestCancelExternalWorkflowExecutionInitiated,
    DecisionType.UpsertWorkflowSearchAttributes: EventType.UpsertWorkflowSearchAttributes,
    DecisionType.CompleteWorkflowExecution: EventType.WorkflowExecutionCompleted,
    DecisionType.FailWorkflowExecution: EventType.WorkflowExecutionFailed,
    DecisionType.CancelWorkflowExecution: EventType.WorkflowExecutionCanceled,
    DecisionType.ContinueAsNewWorkflowExecution: EventType.WorkflowExecutionContinuedAsNew,
}
CANCELS = {
    DecisionType.CancelTimer: {EventType.TimerCanceled, EventType.CancelTimerFailed},
    DecisionType.RequestCancelActivityTask: {
        EventType.ActivityTaskCancelRequested,
        EventType.RequestCancelActivityTaskFailed,
    },
}
DECIDED = set(OPENERS.values()) | {kind for kinds in CANCELS.values() for kind in kinds}


def decided_after(history: WorkflowHistory, index: int) -> list[int]:
    """The types of the events that the answer to a decision task wrote; the task's start is at `index`."""
    kinds = []
    for event in history.events[index + 2 :]:
        if event.event_type not in DECIDED:
            break
        kinds.append(event.event_type or 0)
    # A refused cancellation of an activity is two events, of which the first stands for the decision.
    return [
        kind
        for place, kind in enumerate(kinds)
        if not (
            kind == EventType.RequestCancelActivityTaskFailed
            and place
            and kinds[place - 1] == EventType.ActivityTaskCancelRequested
        )
    ]


def replay_up_to(history: WorkflowHistory, index: int) -> None:
    """Feed a fresh run up to a decision task's start, and compare what it decides."""
    recorded = decided_after(history, index)
    if EventType.MarkerRecorded in recorded:
        return  # side effects, versions and local activities of that very task are new each time
    run = WorkflowRun(
        definition_of(programs.Interprets),
        converter=DataConverter(),
        domain="test",
        workflow_id=history.workflow_id,
        run_id=history.run_id,
    )
    try:
        run.receive_task(history.events[: index + 1], started_event_id=index + 1)
        decisions = [decision.decision_type for decision in run.decisions_to_send()]
        assert len(decisions) == len(recorded), (decisions, recorded, history.source)
        for decision, kind in zip(decisions, recorded, strict=True):
            wanted = CANCELS.get(decision) or {OPENERS[decision]}  # type: ignore[call-overload, index]
            assert kind in wanted, (decisions, recorded, history.source)
    finally:
        run.close()


PROGRAMS = st.lists(
    st.tuples(programs.PROGRAMS, st.lists(st.integers(0, 5), max_size=3)), min_size=AT_ONCE, max_size=AT_ONCE
)


@given(PROGRAMS)
@settings(max_examples=max(1, COUNT // AT_ONCE), deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_every_replay_decides_the_same(drawn: list[tuple[Any, list[int]]]) -> None:
    histories = asyncio.run(run_all(drawn))
    assert len(histories) >= len(drawn)
    replayer = Replayer([programs.Interprets])
    for history in histories:
        kinds = [event.event_type for event in history.events]
        assert not _failures(history)
        replayer.replay(history)
        for index, kind in enumerate(kinds[:-1]):
            if kind == EventType.DecisionTaskStarted and kinds[index + 1] == EventType.DecisionTaskCompleted:
                replay_up_to(history, index)


def _failures(history: WorkflowHistory) -> list[str]:
    """What workers said of tasks that they failed; the server's own refusals are another matter."""
    failed = [event.decision_task_failed_event_attributes for event in history.events]
    return [
        (one.details or b"").decode()
        for one in failed
        if one is not None and one.cause == DecisionTaskFailedCause.WORKFLOW_WORKER_UNHANDLED_FAILURE
    ]
