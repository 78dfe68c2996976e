"""Values beyond the server's 2 MiB: what is too large is named where a person looks, and nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.converter.sizes import LONGEST_FAILURE
from cadence.errors import BadRequestError
from cadence.exceptions import ActivityFailedError, ApplicationError, WorkflowFailedError
from cadence.tchannel.errors import BadRequestFrameError
from cadence.workflow import RetryPolicy

SIZE = 3 * 1024 * 1024
BIG = "x" * SIZE
HUGE = "x" * (70 * 1024 * 1024)
"""More than one message of the protocol may have."""
OPTIONS: Any = {
    "schedule_to_close_timeout": timedelta(seconds=50),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3),
}


@activity.defn(**OPTIONS)
async def result() -> str:
    return BIG


@activity.defn(**OPTIONS)
async def huge_result() -> str:
    return HUGE


@activity.defn(heartbeat_timeout=timedelta(seconds=20), **OPTIONS)
async def heartbeat() -> str:
    activity.heartbeat(BIG)
    await asyncio.sleep(40)
    return "nobody stopped it"


@activity.defn(**OPTIONS)
async def failure() -> str:
    raise ApplicationError(BIG, reason="MyReason", non_retryable=True)


@activity.defn(**OPTIONS)
async def takes(value: str) -> int:
    return len(value)


ACTIVITIES: Any = {"result": result, "huge_result": huge_result, "heartbeat": heartbeat, "failure": failure}


@workflow.defn
class Large:
    def __init__(self) -> None:
        self.is_over = False

    @workflow.run
    async def run(self, what: str) -> str:
        if what in ACTIVITIES:
            return str(await ACTIVITIES[what]())
        match what:
            case "argument":
                return str(await takes(BIG))
            case "side effect":
                workflow.side_effect(lambda: BIG)
            case "local result":
                return str(len(await workflow.execute_local_activity(result, **OPTIONS)))
            case "own result":
                return BIG
            case "own failure":
                raise ValueError(BIG)
            case "next run":
                workflow.continue_as_new(BIG)
            case "ask":
                await workflow.wait_condition(lambda: self.is_over)
                return "over"
        await workflow.sleep(0.1)
        return "nobody minded"

    @workflow.query
    def look(self) -> str:
        return BIG

    @workflow.signal
    def end(self, value: str) -> None:
        self.is_over = True


@pytest.mark.parametrize(
    ("what", "words", "name"),
    [
        (
            "result",
            "COMPLETE_RESULT_EXCEEDS_LIMIT: the activity's result has more than the",
            "result of activity result",
        ),
        ("heartbeat", "HEARTBEAT_EXCEEDS_LIMIT: the activity's heartbeat has more than the", "heartbeat of activity"),
    ],
)
async def test_an_activity_fails_with_what_was_too_large(
    scene: Any, what: str, words: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.worker([Large], list(ACTIVITIES.values())):
        with pytest.raises(WorkflowFailedError, match=words) as caught:
            await scene.run(Large.run, what)
    failed = caught.value.__cause__
    assert isinstance(failed, ActivityFailedError)
    assert isinstance(failed.__cause__, ApplicationError)
    assert "2,097,152 bytes that the server takes" in str(failed.__cause__)
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert sum(name in line and str(SIZE + 3)[:4] in line for line in told) == 1, told


async def test_a_result_that_no_message_can_carry_fails_its_activity(
    scene: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.worker([Large], list(ACTIVITIES.values()), max_eager_activities=0):
        with pytest.raises(WorkflowFailedError, match=r"\d+ bytes, and 67108864 are allowed"):
            await scene.run(Large.run, "huge_result")
    assert "was refused, so it fails" in caplog.text


@pytest.mark.parametrize("what", ["failure", "own failure"])
async def test_a_failure_keeps_its_reason_and_the_begin_of_its_text(scene: Any, what: str) -> None:
    async with scene.worker([Large], list(ACTIVITIES.values())):
        with pytest.raises(WorkflowFailedError, match="xxxx") as caught:
            await scene.run(Large.run, what)
    error: BaseException = caught.value
    while error.__cause__ is not None:
        error = error.__cause__
    assert isinstance(error, ApplicationError if what == "failure" else ValueError)
    assert getattr(error, "reason", "MyReason") == "MyReason"
    assert "3,145,728 characters in all" in str(error)
    assert len(str(error)) < LONGEST_FAILURE


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("argument", "ScheduleActivityTaskDecisionAttributes.Input exceeds size limit"),
        ("side effect", "RecordMarkerDecisionAttributes.Details exceeds size limit"),
        ("local result", "RecordMarkerDecisionAttributes.Details exceeds size limit"),
        ("own result", "CompleteWorkflowExecutionDecisionAttributes.Result exceeds size limit"),
        ("next run", "ContinueAsNewWorkflowExecutionDecisionAttributes. ?Input exceeds size limit"),
    ],
)
async def test_a_workflow_fails_with_what_was_too_large(
    scene: Any, what: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.worker([Large], [takes, *ACTIVITIES.values()]):
        with pytest.raises(WorkflowFailedError, match=rf"DECISION_BLOB_SIZE_EXCEEDS_LIMIT: {words}") as caught:
            await scene.run(Large.run, what)
    assert "2 MiB by default" in str(caught.value)
    assert "reference" in str(caught.value)
    assert str(SIZE)[:4] in caplog.text


async def test_calls_are_told_at_once(scene: Any) -> None:
    async with scene.worker([Large]):
        handle = await scene.start(Large.run, "ask")
        with pytest.raises(Exception, match=r"query result size \(\d+\) exceeds limit \(\d+\)"):
            await handle.query(Large.look)
        for call in (
            lambda: handle.signal(Large.end, BIG),
            lambda: scene.start(Large.run, BIG),
            lambda: handle.query("look", BIG),
        ):
            with pytest.raises(BadRequestError, match=r"the request has 3,\d+,\d+ bytes, and the server takes 2 MiB"):
                await call()
        with pytest.raises(BadRequestFrameError, match=r"67108864 are allowed; the request has 73,\d+,\d+ bytes"):
            await handle.signal(Large.end, HUGE)
        await handle.signal(Large.end, "small")
        assert await scene.result(handle) == "over"
