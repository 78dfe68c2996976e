"""A worker that works for a long time stays as it was: its memory level, and nothing of what is over left behind.

The plain run takes 1,500 workflows; CADENCE_SOAK says another number. The server is a process of its own, so what is
measured here is the worker with its client.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence import Client, Worker, activity, workflow
from cadence.testing import wait_until

WORKFLOWS = int(os.environ.get("CADENCE_SOAK", "1500"))
IS_FULL = WORKFLOWS >= 10_000
WARM = WORKFLOWS // 20 if IS_FULL else WORKFLOWS // 3
"""Workflows after which every cache and pool is as large as it becomes."""
GROWTH = 1.05 if IS_FULL else 1.10
AT_ONCE = 50
KEPT = 5_000 if IS_FULL else 1_000
KEPT_BYTES = 15_000
"""What an idle run may take beyond its own data."""
LIFE = timedelta(minutes=10)
STEP = timedelta(seconds=30)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/statm").exists(), reason="memory and files are read where Linux shows them"
    ),
]


@activity.defn(schedule_to_close_timeout=STEP)
async def shout(text: str) -> str:
    return text.upper()


@activity.defn(schedule_to_close_timeout=STEP)
def count(text: str) -> int:
    return len(text)


@workflow.defn
class Talk:
    """Two activities, one of each kind, and a signal."""

    def __init__(self) -> None:
        self.is_over = False

    @workflow.run
    async def run(self, text: str) -> list[Any]:
        loud, length = await asyncio.gather(shout(text), count(text))
        await workflow.wait_condition(lambda: self.is_over)
        return [loud, length]

    @workflow.signal
    def end(self) -> None:
        self.is_over = True


def _resident() -> int:
    """Bytes of this process that are in memory, once what is free was given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _objects() -> dict[str, int]:
    """Count what must not pile up."""
    gc.collect()
    kept: dict[str, int] = {"Task": 0, "Future": 0, "TimerHandle": 0, "WorkflowRun": 0, "Attempt": 0, "Kept": 0}
    for thing in gc.get_objects():
        name = type(thing).__name__
        if name in kept:
            kept[name] += 1
    kept["threads"] = threading.active_count()
    kept["files"] = len(list(Path("/proc/self/fd").iterdir()))
    return kept


@pytest.fixture
async def client(server_process: Any, crash_load: Any) -> AsyncIterator[Client]:
    """A client of a server in a process of its own."""
    await server_process.begin(in_memory=True)
    await server_process.ready()
    async with Client.connect(server_process.address, domain=crash_load.DOMAIN) as client:
        yield client


async def _talk(client: Client, number: int, *, end: bool = True) -> None:
    text = f"talk {number}"
    handle = await client.start_workflow(
        Talk.run, text, task_list="soak", workflow_id=text, execution_start_to_close_timeout=LIFE
    )
    if end:
        await handle.signal(Talk.end)
        assert await handle.result() == [text.upper(), len(text)]


async def _many(client: Client, first: int, last: int, **options: Any) -> None:
    numbers = iter(range(first, last))

    async def lane() -> None:
        for number in numbers:
            await _talk(client, number, **options)

    await asyncio.gather(*(lane() for _ in range(AT_ONCE)))


@pytest.mark.timeout(60 + WORKFLOWS / 10)
async def test_memory_and_what_is_open_stay_level(client: Client) -> None:
    async with Worker(client, "soak", workflows=[Talk], activities=[shout, count]):
        await _talk(client, WORKFLOWS)  # what the client opens once is open from now on
    before = _objects()
    async with Worker(client, "soak", workflows=[Talk], activities=[shout, count]) as worker:
        await _many(client, 0, WARM)
        warm, warm_bytes = _objects(), _resident()
        await _many(client, WARM, WORKFLOWS)
        over, over_bytes = _objects(), _resident()
        statistics = worker.statistics()
    del worker  # which remembers its end
    # Threads of activities are told to end, and not waited for: one may be busy for long.
    await wait_until(lambda: threading.active_count() <= before["threads"])
    after = _objects()
    print(f"\n{WORKFLOWS:,} workflows: {warm_bytes / 1e6:.1f} MB after {WARM:,}, {over_bytes / 1e6:.1f} MB at the end")
    print(f"before {before}\nwarm   {warm}\nover   {over}\nafter  {after}")
    assert over_bytes <= GROWTH * warm_bytes
    assert statistics.sticky is not None
    assert statistics.sticky.runs == 0
    # asyncio itself keeps up to a hundred timers that were cancelled, and the pool a thread for each function at once.
    slack = {"TimerHandle": 100, "threads": AT_ONCE}
    # Polls come and go with the load, each with a task, a future and a timer.
    assert all(over[name] <= warm[name] + slack.get(name, 16) for name in over), (warm, over)
    assert all(after[name] <= before[name] + (100 if name == "TimerHandle" else 0) for name in after), (before, after)


@pytest.mark.timeout(60 + KEPT / 10)
async def test_an_idle_run_is_small(client: Client) -> None:
    async with Worker(client, "soak", workflows=[Talk], activities=[shout, count], sticky_runs=KEPT + 200) as worker:
        await _many(client, 0, 200, end=False)
        await _idle(worker, 200)
        before = _resident()
        await _many(client, 200, 200 + KEPT, end=False)
        await _idle(worker, 200 + KEPT)
        each = (_resident() - before) / KEPT
    print(f"\n{KEPT:,} idle runs: {each / 1000:.1f} KB each")
    assert each <= KEPT_BYTES


async def _idle(worker: Worker, runs: int) -> None:
    """Wait until so many runs are kept, each with its activities done and nothing left but the signal to wait for."""
    async with asyncio.timeout(60):
        while True:
            statistics = worker.statistics()
            assert statistics.sticky is not None
            is_done = statistics.activity_tasks.done >= 2 * runs and statistics.decision_tasks.running == 0
            if is_done and statistics.sticky.runs == runs and statistics.activity_tasks.running == 0:
                return
            await asyncio.sleep(0.1)
