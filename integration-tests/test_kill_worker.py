"""A worker killed again and again while workflows run: each of them ends once, with the right result.

Ten kills as a rule; CADENCE_KILLS says otherwise. The moments are drawn with the seed in CADENCE_SEED.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parent / "programs" / "killed_worker.py"
WORKFLOWS = 200
KILLS = int(os.environ.get("CADENCE_KILLS", "10"))
SEED = int(os.environ.get("CADENCE_SEED", "7933"))
LONGEST_LIFE = 1.0
"""Seconds that a worker works for at most before it is killed."""


def _expected(number: int) -> list[int]:
    half = number // 2
    return [number**2, *((number + offset) ** 2 for offset in (1, 2, 3)), half, number + 1000, 2, half**2]


async def _begun(scene: Any) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROGRAM),
        scene.frontend.address,
        scene.frontend.domain,
        scene.task_list,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = await process.stdout.readline()
    assert line == b"ready\n", f"the worker did not start: {line!r}"
    return process


async def _kill(process: asyncio.subprocess.Process) -> None:
    process.kill()
    await process.communicate()


async def _start(scene: Any, number: int) -> Any:
    return await scene.start(
        "Steps",
        number,
        execution_start_to_close_timeout=timedelta(minutes=10),
        task_start_to_close_timeout=timedelta(seconds=2),
    )


@pytest.mark.slow
@pytest.mark.timeout(60 + 5 * KILLS)
async def test_every_workflow_ends_right(scene: Any, record_property: Any) -> None:
    moments = random.Random(SEED)
    begun = time.monotonic()
    handles: list[Any] = []
    killed_at_work = 0
    for kill in range(KILLS):
        # New ones before each kill, so that there is work of every age.
        until = WORKFLOWS * (kill + 1) // KILLS
        process = await _begun(scene)
        try:
            handles += await asyncio.gather(*(_start(scene, number) for number in range(len(handles), until)))
            await asyncio.sleep(moments.uniform(0, LONGEST_LIFE))
            described = await handles[-1].describe()
            killed_at_work += described.close_time is None
        finally:
            await _kill(process)
    process = await _begun(scene)
    try:
        results = await asyncio.gather(*(handle.result() for handle in handles))
        seconds = time.monotonic() - begun
        assert results == [_expected(number) for number in range(WORKFLOWS)]
    finally:
        await _kill(process)
    assert killed_at_work == KILLS
    histories = await asyncio.gather(*(scene.kinds(handle) for handle in handles))
    for kinds in histories:
        assert "DecisionTaskFailed" not in kinds
        assert kinds.count("WorkflowExecutionCompleted") == 1
    timeouts = sum(kinds.count("DecisionTaskTimedOut") for kinds in histories)
    record_property("figures", f"{KILLS} kills (seed {SEED}), {WORKFLOWS} workflows: {seconds:.1f} s")
    print(
        f"\n{KILLS} kills (seed {SEED}), {WORKFLOWS} workflows in {seconds:.1f} s; {timeouts} decision tasks timed out"
    )
