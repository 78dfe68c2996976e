"""Local activities: attempts, timeouts, cancellation, and pauses that are waited for or handed to the workflow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from histories import NOW_NS

from cadence import activity
from cadence.converter import DataConverter
from cadence.exceptions import ApplicationError, RemoteTimeoutError
from cadence.worker.attempts import Ended, Outcome
from cadence.worker.executors import Executors
from cadence.worker.local_activities import LocalActivities, LocalWork, next_backoff
from cadence.worker.mailbox import Mailbox
from cadence.worker.pollers import Slots
from cadence.worker.registry import Registry, read_activities
from cadence.worker.threads import ThreadPool
from cadence.workflow.commands import RetryPolicy
from cadence.workflow.runtime import WorkflowInfo

SECOND_NS = 10**9
INFO = WorkflowInfo(
    workflow_id="workflow",
    run_id="run",
    workflow_type="Type",
    domain="tests",
    task_list="list",
    start_time=datetime.now(UTC),
)


@dataclass
class Call:
    activity_type: str
    activity_id: str = "0"
    arguments: bytes | None = None
    attempt: int = 0
    schedule_to_close_timeout: timedelta = timedelta(seconds=20)
    retry_policy: RetryPolicy | None = None
    headers: Any = None
    scheduled_time_ns: int = NOW_NS
    expires_ns: int = 0


class Bench:
    """Activities with a memory of their attempts."""

    def __init__(self) -> None:
        self.attempts: list[int] = []
        self.is_stopping = False
        self.started = asyncio.Event()
        self.infos: list[activity.ActivityInfo] = []

    @activity.defn
    async def flaky(self) -> str:
        info = activity.info()
        self.infos.append(info)
        self.attempts.append(info.attempt)
        if info.attempt < 2:
            raise ValueError("not yet")
        return "at last"

    @activity.defn
    async def final(self) -> None:
        self.attempts.append(activity.info().attempt)
        raise ApplicationError("no use", non_retryable=True)

    @activity.defn
    async def stuck(self) -> None:
        self.started.set()
        await asyncio.Event().wait()

    @activity.defn
    def deaf(self) -> str:
        time.sleep(0.2)
        return "too late"

    @activity.defn
    async def elsewhere(self) -> None:
        activity.complete_elsewhere()


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
async def local(bench: Bench, mailbox: Mailbox) -> AsyncIterator[LocalActivities]:
    threads = ThreadPool(4, "test")
    converter = DataConverter()
    executors = Executors(converter, (), user_loop=mailbox, io_loop=mailbox, threads=threads)
    registry = Registry("activity", read_activities([bench]))
    yield LocalActivities(
        registry, executors, converter, Slots(2), task_list="list", is_stopping=lambda: bench.is_stopping
    )
    threads.close()


@pytest.fixture
async def work(local: LocalActivities) -> LocalWork:
    work = local.of_run(INFO, timedelta(seconds=10))
    work.set_time(NOW_NS)
    return work


def soon() -> float:
    return asyncio.get_running_loop().time() + 10


async def end_of(work: LocalWork, call: Call) -> Any:
    work.start([call])
    assert await work.wait(soon())
    (outcome,) = work.take()
    assert work.open == 0
    return outcome


def policy(**rules: Any) -> RetryPolicy:
    return RetryPolicy(**{"initial_interval": timedelta(milliseconds=1), "maximum_attempts": 5, **rules})


async def test_it_is_tried_again_in_place(work: LocalWork, local: LocalActivities, bench: Bench) -> None:
    outcome = await end_of(work, Call("flaky", retry_policy=policy()))
    assert (outcome.result, outcome.failure, outcome.attempt) == (b'"at last"\n', None, 2)
    assert NOW_NS < outcome.time_ns < NOW_NS + 10 * SECOND_NS
    assert bench.attempts == [0, 1, 2]
    info = bench.infos[0]
    assert info.is_local
    assert (info.workflow_id, info.task_list, info.headers) == ("workflow", "list", {})
    assert info.deadline - info.started_time == timedelta(seconds=20)
    statistics = local.statistics()
    assert (statistics.done, statistics.failed, statistics.running) == (1, 0, 0)


async def test_a_long_pause_is_the_workflows(work: LocalWork) -> None:
    outcome = await end_of(work, Call("flaky", retry_policy=policy(initial_interval=timedelta(seconds=11))))
    assert outcome.failure[0].endswith("ValueError") or outcome.failure[0] == "cadenceInternal:Generic"
    assert (outcome.attempt, outcome.backoff) == (0, timedelta(seconds=11))


async def test_without_a_policy_the_first_failure_is_the_last(work: LocalWork, bench: Bench) -> None:
    assert (await end_of(work, Call("flaky"))).backoff is None
    assert (await end_of(work, Call("final", retry_policy=policy()))).failure[0] == "ApplicationError"
    assert bench.attempts == [0, 0]


async def test_an_unknown_one_fails_with_the_names_that_there_are(work: LocalWork) -> None:
    outcome = await end_of(work, Call("flakey", retry_policy=policy()))
    assert outcome.failure[0] == "ActivityNotRegistered"
    assert b'did you mean \\"flaky\\"?' in outcome.failure[1]


@pytest.mark.parametrize("name", ["stuck", "deaf"])
async def test_it_times_out_at_once(work: LocalWork, local: LocalActivities, name: str) -> None:
    outcome = await end_of(work, Call(name, schedule_to_close_timeout=timedelta(seconds=0.05)))
    assert outcome.failure[0] == "cadenceInternal:Timeout SCHEDULE_TO_CLOSE"
    async with asyncio.timeout(10):
        while local.statistics().running:  # noqa: ASYNC110  # its slot is free when its code has ended
            await asyncio.sleep(0.01)


async def test_a_timeout_can_be_final(work: LocalWork) -> None:
    rules = policy(non_retriable_error_reasons=("timeout:SCHEDULE_TO_CLOSE",))
    outcome = await end_of(work, Call("stuck", schedule_to_close_timeout=timedelta(seconds=0.01), retry_policy=rules))
    assert outcome.attempt == 0


async def test_a_running_one_is_cancelled(work: LocalWork, bench: Bench) -> None:
    work.start([Call("stuck")])
    await bench.started.wait()
    work.cancel(["0", "unknown"])
    assert await work.wait(soon())
    assert work.take()[0].failure == ("cadenceInternal:Canceled", None)


async def test_one_that_waits_is_cancelled(work: LocalWork, bench: Bench) -> None:
    work.start([Call("flaky", retry_policy=policy(initial_interval=timedelta(seconds=9)))])
    async with asyncio.timeout(10):
        while not bench.attempts or work._calls["0"]._attempt is not None:  # noqa: ASYNC110
            await asyncio.sleep(0)
    work.cancel(["0"])
    assert await work.wait(soon())
    assert work.take()[0].failure == ("cadenceInternal:Canceled", None)


async def test_one_that_has_no_slot_is_cancelled(work: LocalWork, bench: Bench) -> None:
    work.start([Call("stuck", "0"), Call("stuck", "1"), Call("stuck", "2")])
    await bench.started.wait()
    work.cancel(["2", "0"])
    for _ in range(2):
        assert await work.wait(soon())
        for outcome in work.take():
            assert outcome.failure == ("cadenceInternal:Canceled", None)
    work.abandon()


async def test_it_can_not_be_completed_from_elsewhere(work: LocalWork) -> None:
    assert b"elsewhere" in (await end_of(work, Call("elsewhere"))).failure[1]


async def test_a_run_that_goes_stops_them(work: LocalWork, local: LocalActivities, bench: Bench) -> None:
    work.start([Call("stuck")])
    await bench.started.wait()
    work.abandon()
    assert work.open == 0
    async with asyncio.timeout(10):
        while local.statistics().running:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert not await work.wait(asyncio.get_running_loop().time() + 0.01)


async def test_a_worker_that_stops_says_nothing_of_them(work: LocalWork, local: LocalActivities, bench: Bench) -> None:
    work.start([Call("stuck")])
    await bench.started.wait()
    bench.is_stopping = True
    local.stop_attempts()
    async with asyncio.timeout(10):
        while work.open:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert work.take() == []


def failure(error: BaseException | None = None, reason: str = "reason") -> Outcome:
    return Outcome(Ended.FAILED, reason=reason, error=error)


@pytest.mark.parametrize(
    ("rules", "outcome", "number", "expires", "pause"),
    [
        ({"maximum_attempts": 3}, failure(), 1, 0, 2.0),
        ({"maximum_attempts": 3}, failure(), 2, 0, None),
        ({}, failure(), 0, 0, None),
        ({}, failure(), 0, 2 * SECOND_NS, 1.0),
        ({}, failure(), 2, 2 * SECOND_NS, None),
        ({"maximum_attempts": 9999}, failure(), 5000, 0, 100.0),
        ({"maximum_attempts": 99, "maximum_interval": timedelta(seconds=3)}, failure(), 7, 0, 3.0),
        ({"maximum_attempts": 9, "non_retriable_error_reasons": ("reason",)}, failure(), 0, 0, None),
        ({"maximum_attempts": 9, "non_retriable_error_reasons": ("KeyError",)}, failure(KeyError()), 0, 0, None),
        ({"maximum_attempts": 9, "non_retriable_error_reasons": (LookupError,)}, failure(KeyError()), 0, 0, None),
        ({"maximum_attempts": 9, "non_retriable_error_reasons": (OSError,)}, failure(KeyError()), 0, 0, 1.0),
        (
            {"maximum_attempts": 9, "non_retriable_error_reasons": ("timeout:START_TO_CLOSE",)},
            failure(RemoteTimeoutError()),
            0,
            0,
            None,
        ),
        ({"maximum_attempts": 9}, failure(ApplicationError(next_retry_delay=timedelta(seconds=7))), 0, 0, 7.0),
    ],
)
def test_when_there_is_another_attempt(
    rules: Any, outcome: Outcome, number: int, expires: int, pause: float | None
) -> None:
    found = next_backoff(RetryPolicy(**rules), outcome, number, 0, expires)
    assert (found.total_seconds() if found else None) == pause
