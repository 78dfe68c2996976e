"""A decision task that the server nearly gave up is told of, with where its time went; others are not."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from histories import RunHistory

from cadence import activity, api, workflow
from cadence.worker.decision_times import DecisionTimes, SlowDecisions

COMPLETED = "respond_decision_task_completed"


class Counts:
    def __init__(self) -> None:
        self.slow: list[dict[str, str]] = []

    def count(self, name: str, value: int = 1, /, **tags: str) -> None:
        if name == "cadence_slow_decision_tasks_total":
            self.slow.append(tags)

    def time(self, name: str, seconds: float, /, **tags: str) -> None: ...

    def gauge(self, name: str, value: float, /, **tags: str) -> None: ...


@workflow.defn
class Idling:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)


@workflow.defn
class Computing:
    @workflow.run
    async def run(self) -> None:
        until = time.monotonic() + 0.9
        while time.monotonic() < until:
            pass


@activity.defn
async def dawdle() -> None:
    await asyncio.sleep(1.5)


@workflow.defn
class Local:
    @workflow.run
    async def run(self) -> None:
        await workflow.execute_local_activity(dawdle, schedule_to_close_timeout=timedelta(seconds=30))


def task_of(workflow_type: str, timeout: int = 1) -> api.PollForDecisionTaskResponse:
    history = RunHistory(workflow_type, timeout=timeout)
    history.decision()
    return history.task()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_slow_is_what_comes_near_the_limit() -> None:
    times = DecisionTimes(10)
    assert not times.is_slow(7.9)
    assert times.is_slow(8)


def test_time_spent_on_purpose_makes_no_task_slow() -> None:
    times = DecisionTimes(10)
    times.add("local", 6)
    times.add("pause", 1)
    assert not times.is_slow(9.9), "the server is told in time, and gives it anew"
    assert times.is_slow(10.1)


def test_a_piece_counts_its_wait_and_its_work() -> None:
    times = DecisionTimes(10)
    piece = times.piece(lambda: 7)
    assert piece() == 7
    assert set(times.seconds) == {"thread", "code"}

    with pytest.raises(ZeroDivisionError):
        times.piece(lambda: 1 / 0)()
    with times.spent("history"):
        pass
    assert min(times.seconds.values()) >= 0


def told(slow: SlowDecisions, workflow_type: str = "Order", **seconds: float) -> None:
    times = DecisionTimes(10)
    for what, spent in seconds.items():
        times.add(what, spent)
    times.events = 12
    times.is_replayed = True
    slow.tell(times, sum(seconds.values()), workflow_type=workflow_type, workflow_id="w", run_id="r")


def test_the_line_says_where_the_time_went(caplog: pytest.LogCaptureFixture) -> None:
    meter = Counts()
    told(SlowDecisions(meter), thread=1.5, code=7, answer=0.01)
    (line,) = lines(caplog)
    assert line == (
        "a decision task of workflow w (Order), run r, took 8.5 s of 10.0 s: 7.0 s in replay and workflow code, 1.5 s "
        "waiting for the workflow thread; 12 events. keep more runs (sticky_runs, sticky_bytes), "
        "or continue as new sooner"
    )
    assert meter.slow == [{"workflow_type": "Order", "cause": "replay"}]


def test_one_line_a_minute_for_each_type(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    meter = Counts()
    slow = SlowDecisions(meter, lambda: now[0])
    for seconds in (0.0, 1.0, 30.0, 61.0, 62.0):
        now[0] = seconds
        told(slow, answer=9)
    told(slow, "Other", answer=9)
    assert ["more of the type" in line for line in lines(caplog)] == [False, True, False]
    assert "; 2 more of the type since the last such line" in lines(caplog)[1]
    assert len(meter.slow) == 6


async def test_a_slow_server_is_told_of(machine: Any, service: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def complete(request: Any, /, **_: Any) -> Any:
        await asyncio.sleep(0.85)
        return api.RespondDecisionTaskCompletedResponse()

    service.respond_decision_task_completed = complete
    async with machine([Idling]):
        service.decisions.put_nowait(task_of("Idling"))
        async with asyncio.timeout(10):
            while not lines(caplog):  # noqa: ASYNC110  # nobody tells but the log
                await asyncio.sleep(0.01)
    (line,) = lines(caplog)
    assert "workflow workflow (Idling), run run, took" in line
    assert "until the server took the answer; 3 events" in line


async def test_code_that_takes_long_is_told_of(machine: Any, service: Any, caplog: pytest.LogCaptureFixture) -> None:
    async with machine([Computing], deadlock_timeout=None):
        service.decisions.put_nowait(task_of("Computing"))
        await service.wait_told(COMPLETED)
    (line,) = lines(caplog)
    assert "s in workflow code" in line


async def test_local_activities_are_no_slow_decisions(
    machine: Any, service: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with machine([Local], [dawdle]):
        service.decisions.put_nowait(task_of("Local"))
        request = (await service.wait_told(COMPLETED))[0]
    assert request.force_create_new_decision_task, "the server was told in time"
    assert not lines(caplog)
