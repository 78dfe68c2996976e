"""Answers that don't reach the server: tried until the task's own deadline, given up with one line, never for ever."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, Worker, activity, workflow
from cadence.exceptions import ActivityFailedError, ActivityTimedOutError
from cadence.tchannel import CallResponse, errors
from cadence.workflow import RetryPolicy

MINUTE = timedelta(minutes=1)
COMPLETED, FAILED = "RespondActivityTaskCompleted", "RespondActivityTaskFailed"
DECIDED = "RespondDecisionTaskCompleted"


@activity.defn
async def give(value: int) -> int:
    if value < 0:
        raise ValueError(value)
    return value


@workflow.defn
class Gives:
    @workflow.run
    async def run(self, value: int, options: dict[str, int]) -> str:
        limits: Any = {name: timedelta(seconds=seconds) for name, seconds in options.items()}
        try:
            return str(await workflow.execute_activity(give, value, **{"schedule_to_close_timeout": MINUTE, **limits}))
        except ActivityTimedOutError as error:
            return str(error)
        except ActivityFailedError as error:
            return repr(error.__cause__)


@workflow.defn
class Decides:
    @workflow.run
    async def run(self) -> str:
        return "decided"


@pytest.fixture
async def client(between: Any, frontend: Any) -> AsyncIterator[Client]:
    """A client that talks to the frontend between."""
    async with Client.connect(between.address, domain=frontend.domain) as client:
        yield client


@pytest.fixture
async def worker(client: Client, scene: Any) -> AsyncIterator[Worker]:
    """A worker whose answers go through it."""
    async with Worker(
        client,
        scene.task_list,
        workflows=[Gives, Decides],
        activities=[give],
        grace=timedelta(0),
        max_eager_activities=0,
    ) as worker:
        yield worker


def told_of(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if words in record.getMessage()]


@pytest.mark.parametrize("limit", ["start_to_close_timeout", "schedule_to_close_timeout"])
@pytest.mark.parametrize("how", ["an error", "silence", "no connection"])
@pytest.mark.usefixtures("worker")
async def test_a_result_is_given_up_at_its_deadline(
    scene: Any, between: Any, limit: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    ending: list[asyncio.Task[None]] = []

    async def refuse(call: Any, passing: Any) -> CallResponse:
        if how == "silence":
            await asyncio.Event().wait()
        elif how == "no connection":
            ending.append(asyncio.create_task(between.stop()))
            await asyncio.Event().wait()
        raise errors.UnexpectedError("the database is gone")

    between.acts[COMPLETED] = refuse
    handle = await scene.start(Gives.run, 1, {limit: 3})
    async with asyncio.timeout(30):
        while not told_of(caplog, "could not be answered"):  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.01)
    if how == "no connection":
        await asyncio.gather(*ending)
        await between.start()
    assert "timed out" in await scene.result(handle)
    (line,) = told_of(caplog, "could not be answered")
    found = re.search(r"given up after ([\d.]+) s: (.*)", line)
    assert found
    assert 0.5 <= float(found[1]) <= 20
    why = {"an error": "the database is gone", "silence": "deadline passed|no answer", "no connection": "nothing"}
    assert re.search(why[how], found[2]), line
    assert f"activity give (id 0, attempt 0) of workflow {handle.workflow_id}, run {handle.run_id}" in line
    if how != "no connection":
        assert 2 <= between.seen[COMPLETED] <= 200


@pytest.mark.usefixtures("worker")
async def test_a_result_waits_for_the_server_to_come_back(
    scene: Any, between: Any, caplog: pytest.LogCaptureFixture
) -> None:
    gone = asyncio.Event()

    async def end(call: Any, passing: Any) -> CallResponse:
        between.acts.clear()
        gone.set()
        await asyncio.Event().wait()  # it ends with the connection
        raise AssertionError

    between.acts[COMPLETED] = end
    handle = await scene.start(Gives.run, 1, {"start_to_close_timeout": 40})
    await gone.wait()
    await between.stop()
    await between.start()
    assert await scene.result(handle) == "1"
    assert not told_of(caplog, "could not be answered")


@pytest.mark.parametrize("value", [1, -1], ids=["result", "failure"])
@pytest.mark.usefixtures("worker")
async def test_an_answer_that_was_lost_is_sent_again_and_counts_once(scene: Any, between: Any, value: int) -> None:
    lost = []

    async def lose(call: Any, passing: Any) -> CallResponse:
        answer = await passing()
        if not lost:
            lost.append(call)
            raise errors.UnexpectedError("it was done, and you are not told")
        return answer  # the server has forgotten the task by now

    between.acts[COMPLETED] = between.acts[FAILED] = lose
    handle = await scene.start(Gives.run, value, {})
    assert await scene.result(handle) == ("1" if value > 0 else "ValueError(-1)")
    assert lost
    kinds = await scene.kinds(handle)
    assert sum(kind in {"ActivityTaskCompleted", "ActivityTaskFailed"} for kind in kinds) == 1


@pytest.mark.usefixtures("worker")
async def test_decisions_are_given_up_when_the_server_waits_no_longer(
    scene: Any, between: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(call: Any, passing: Any) -> CallResponse:
        raise errors.UnexpectedError("the database is gone")

    between.acts[DECIDED] = refuse
    handle = await scene.start(Decides.run, task_start_to_close_timeout=timedelta(seconds=2))
    async with asyncio.timeout(30):
        while not told_of(caplog, "could not be answered"):  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.01)
    tried = between.seen[DECIDED]
    between.acts.clear()
    assert await scene.result(handle) == "decided"
    line = told_of(caplog, "could not be answered")[0]
    found = re.search(r"\(attempt 0\) could not be answered, and is given up after ([\d.]+) s: (.*)", line)
    assert found
    assert 0.5 <= float(found[1]) <= 20
    assert found[2].endswith("the database is gone")
    assert f"workflow {handle.workflow_id}, run {handle.run_id}" in line
    assert 2 <= tried <= 200


@activity.defn
async def beat() -> str:
    for number in range(1000):
        activity.heartbeat(number)
        await asyncio.sleep(0.02)
    return "nobody stopped it"


@workflow.defn
class Beats:
    @workflow.run
    async def run(self) -> str:
        return await workflow.execute_activity(
            beat,
            schedule_to_close_timeout=MINUTE,
            heartbeat_timeout=timedelta(seconds=1),
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=1),
        )


async def test_heartbeats_that_do_not_arrive_end_the_attempt(
    scene: Any, client: Client, between: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(call: Any, passing: Any) -> CallResponse:
        raise errors.UnexpectedError("the database is gone")

    between.acts["RecordActivityTaskHeartbeat"] = refuse
    async with Worker(client, scene.task_list, workflows=[Beats], activities=[beat], grace=timedelta(0)):
        handle = await scene.start(Beats.run)
        with pytest.raises(Exception, match=r"(?i)heartbeat"):
            await scene.result(handle)
        # The server has given the attempt up, and says so with the next heartbeat that reaches it.
        between.acts.clear()
        beats = between.seen["RecordActivityTaskHeartbeat"]
        await between.until(lambda: between.seen["RecordActivityTaskHeartbeat"] > beats)
    assert len(told_of(caplog, "a heartbeat was not recorded")) <= 5
