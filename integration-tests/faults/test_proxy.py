"""Workflows over a network that fails in every way: each ends once and right, whatever happens between it and us.

Client and worker talk through the proxy beside this file. The plain run takes 3 plans with 40 workflows each; more by
CADENCE_FAULT_PLANS and CADENCE_FAULT_WORKFLOWS, and others by CADENCE_SEED, the first plan. The last test has no proxy,
but a server that is killed and started again, CADENCE_FAULT_RESTARTS times.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, Worker, activity, workflow
from cadence.workflow import RetryPolicy

PLANS = int(os.environ.get("CADENCE_FAULT_PLANS", "3"))
WORKFLOWS = int(os.environ.get("CADENCE_FAULT_WORKFLOWS", "40"))
RESTARTS = int(os.environ.get("CADENCE_FAULT_RESTARTS", "3"))
SEED = int(os.environ.get("CADENCE_SEED", "0"))
STORM = max(5.0, WORKFLOWS / 10)
"""Seconds for which the network is bad, and over which workflows are started; then they have their timeouts to end."""
AFTER = 120.0
"""Seconds after which what was lost has come again: ten to find a dead connection, a few timeouts of two, and the
minute for which the server waits for a decision task that was lost for the third time."""
LIFE = timedelta(seconds=STORM + AFTER)
"""A run that hangs longer than this times out, and so is no right end."""
SIGNALS = ("first", "second")
ATTEMPT = timedelta(seconds=2)
PATIENT = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=1.0, expiration_interval=timedelta(minutes=4)
)


@activity.defn(start_to_close_timeout=ATTEMPT, schedule_to_start_timeout=timedelta(minutes=4), retry_policy=PATIENT)
async def double(number: int) -> int:
    await asyncio.sleep(0.01)
    return 2 * number


@activity.defn(start_to_close_timeout=ATTEMPT, schedule_to_start_timeout=timedelta(minutes=4), retry_policy=PATIENT)
def negate(number: int) -> int:
    return -number


@workflow.defn
class Order:
    """Activities in a row and at once, a timer, and signals that come when they come."""

    def __init__(self) -> None:
        self.items: list[str] = []

    @workflow.run
    async def run(self, number: int) -> list[Any]:
        doubled = await double(number)
        several = await asyncio.gather(negate(number), double(doubled), workflow.sleep(1))
        await workflow.wait_condition(lambda: len(self.items) >= len(SIGNALS))
        last = await negate(several[1])
        return [doubled, *several[:2], last, sorted(self.items)]

    @workflow.signal
    def add(self, item: str) -> None:
        self.items.append(item)


def _expected(number: int) -> list[Any]:
    return [2 * number, -number, 4 * number, -4 * number, sorted(SIGNALS)]


async def _order(client: Client, task_list: str, number: int, draw: random.Random) -> tuple[Any, Any]:
    await asyncio.sleep(draw.uniform(0, STORM))
    handle = await client.start_workflow(
        Order.run,
        number,
        task_list=task_list,
        workflow_id=f"{task_list}-{number}",
        execution_start_to_close_timeout=LIFE,
        task_start_to_close_timeout=timedelta(seconds=2),
    )
    for item in SIGNALS:
        await asyncio.sleep(draw.uniform(0, 0.5))
        await handle.signal(Order.add, item)
    return handle, await handle.result(timeout=LIFE)


def _worker(client: Client, task_list: str) -> Worker:
    return Worker(
        client,
        task_list,
        workflows=[Order],
        activities=[double, negate],
        sticky_timeout=timedelta(seconds=1),
        grace=timedelta(seconds=2),
    )


async def _check(calm: Client, handles: list[Any]) -> Counter[str]:
    """Hold the histories against what must be in them; how often things had to be done again."""
    from cadence.api.enums import EventType

    again: Counter[str] = Counter()
    for handle in handles:
        seen = calm.get_workflow_handle(handle.workflow_id, run_id=handle.run_id)
        events = [event async for event in seen.history()]
        kinds = Counter(EventType(event.event_type).name for event in events)
        assert kinds["WorkflowExecutionCompleted"] == 1, kinds
        assert kinds["ActivityTaskScheduled"] == kinds["ActivityTaskCompleted"] == 4, kinds
        assert kinds["TimerStarted"] == kinds["TimerFired"] == 1, kinds
        assert kinds["WorkflowExecutionSignaled"] == len(SIGNALS), kinds
        # A task whose history can't be read in its time is failed.
        again["decisions"] += kinds["DecisionTaskTimedOut"] + kinds["DecisionTaskFailed"]
        started = [event.activity_task_started_event_attributes for event in events]
        again["attempts"] += sum(attributes.attempt or 0 for attributes in started if attributes is not None)
    return again


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Reports of a plan's faults would fill the screen."""
    logger = logging.getLogger("cadence")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)


@pytest.fixture
async def calm(frontend: Any) -> AsyncIterator[Client]:
    """A client that talks to the server directly."""
    async with Client.connect(frontend.address, domain=frontend.domain) as client:
        yield client


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", range(SEED, SEED + PLANS))
async def test_every_workflow_ends_right_over_a_bad_network(
    seed: int, frontend: Any, calm: Client, proxy: Any, caplog: pytest.LogCaptureFixture
) -> None:
    plan = proxy.Plan.drawn(seed)
    draw = random.Random(seed)
    host, _, port = frontend.address.rpartition(":")
    task_list = f"bad-network-{seed}-{time.time_ns():x}"
    begun = time.monotonic()
    async with proxy.Proxy(host, int(port), plan) as between:
        between.is_calm = True  # a worker that can't reach its server at the start says so and is started again
        async with Client.connect(between.address, domain=frontend.domain) as client, _worker(client, task_list):
            between.is_calm = False
            asyncio.get_running_loop().call_later(STORM, setattr, between, "is_calm", True)
            orders = [_order(client, task_list, number, draw) for number in range(WORKFLOWS)]
            ended = await asyncio.gather(*orders)
            seconds = time.monotonic() - begun
    assert not between.links
    assert [result for _, result in ended] == [_expected(number) for number in range(WORKFLOWS)]
    assert "our own bug" not in caplog.text
    again = await _check(calm, [handle for handle, _ in ended])
    print(f"\n{plan}\n{WORKFLOWS} workflows in {seconds:.1f} s; {dict(between.happened)}; again: {dict(again)}")


@pytest.mark.slow
@pytest.mark.timeout(120 + 15 * RESTARTS)
async def test_every_workflow_ends_right_while_the_frontend_is_killed(server_process: Any, crash_load: Any) -> None:
    draw = random.Random(SEED)
    server = server_process
    begun = time.monotonic()
    await server.begin()
    await server.ready()
    async with Client.connect(server.address, domain=crash_load.DOMAIN) as client, _worker(client, "killed"):
        starts = asyncio.gather(*(_order(client, "killed", number, draw) for number in range(WORKFLOWS)))
        at_work = 0
        for _ in range(RESTARTS):
            await asyncio.sleep(draw.uniform(0.2, STORM / RESTARTS))
            at_work += not starts.done()
            await server.kill()
            await asyncio.sleep(draw.uniform(0, 1.0))
            await server.begin()
            await server.ready()
        ended = await starts
        seconds = time.monotonic() - begun
        assert [result for _, result in ended] == [_expected(number) for number in range(WORKFLOWS)]
        again = await _check(client, [handle for handle, _ in ended])
    assert at_work > RESTARTS // 2
    print(
        f"\n{RESTARTS} restarts, {at_work} of them at work, {WORKFLOWS} workflows in {seconds:.1f} s; "
        f"again: {dict(again)}"
    )
