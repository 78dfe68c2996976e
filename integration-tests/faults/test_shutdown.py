"""SIGTERM while a worker has work: it ends in time and well, and what it computed is known to the server.

Three times as a rule; CADENCE_SHUTDOWNS says otherwise. The moments are drawn with the seed in CADENCE_SEED.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence.api.enums import EventType, TimeoutType

PROGRAMS = Path(__file__).parent.parent / "programs"
SHUTDOWNS = int(os.environ.get("CADENCE_SHUTDOWNS", "3"))
SEED = int(os.environ.get("CADENCE_SEED", "7933"))
OPEN_AT_MOST = 60
LONGEST_LIFE = 0.7
"""Seconds of work before the signal comes, at most."""
GRACE = 5.0
"""The program's; no activity takes longer than a part of it, so that each can end."""
SECONDS = (0.0, 0.05, 0.3)


class _Load:
    """Starts workflows for as long as it is told to, so that there is always work."""

    def __init__(self, scene: Any) -> None:
        self.handles: list[Any] = []
        self.ended = 0
        self._scene = scene
        self._is_over = False
        self._lanes = [asyncio.create_task(self._lane(lane)) for lane in range(OPEN_AT_MOST)]

    async def end(self) -> None:
        """Start no more, and wait for those that were started."""
        self._is_over = True
        await asyncio.gather(*self._lanes)

    async def _lane(self, lane: int) -> None:
        seconds = SECONDS[lane % len(SECONDS)]
        while not self._is_over:
            handle = await self._scene.start("Waits", seconds, execution_start_to_close_timeout=timedelta(minutes=5))
            self.handles.append(handle)
            assert await handle.result() == pytest.approx(3 * seconds)
            self.ended += 1


async def _begun(scene: Any, notes: Path) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cadence", "worker", "stopped_worker:make", "--log-level", "WARNING"),
        *("--address", scene.frontend.address, "--domain", scene.frontend.domain),
        stdout=asyncio.subprocess.PIPE,
        cwd=PROGRAMS,
        env={**os.environ, "STOPPED_WORKER_NOTES": str(notes), "STOPPED_WORKER_LIST": scene.task_list},
    )
    assert process.stdout is not None
    line = await process.stdout.readline()
    assert line.startswith(b"working on"), line
    return process


async def _stopped(process: asyncio.subprocess.Process) -> float:
    """Send the signal, and give the seconds until the process was gone."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(GRACE + 10):
        await process.communicate()
    assert process.returncode == 0
    return time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.timeout(60 + 8 * SHUTDOWNS)
async def test_nothing_that_was_computed_is_lost(scene: Any, tmp_path: Path) -> None:
    moments = random.Random(SEED)
    notes = tmp_path / "notes"
    load = _Load(scene)
    times = []
    for _ in range(SHUTDOWNS):
        process = await _begun(scene, notes)
        try:
            await asyncio.sleep(moments.uniform(0, LONGEST_LIFE))
            times.append(await _stopped(process))
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()
    process = await _begun(scene, notes)
    try:
        await load.end()
    finally:
        await _stopped(process)
    assert max(times) <= GRACE, times
    computed = Counter(tuple(line.split()[:2]) for line in notes.read_text().splitlines())
    twice = {key: number for key, number in computed.items() if number > 1}
    assert not twice, "results that were computed again, as the first were lost"
    kinds: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for handle in load.handles:
        events = await scene.events(handle)
        kinds.update(EventType(event.event_type).name for event in events)
        timed_out = [event.decision_task_timed_out_event_attributes for event in events]
        again.update(TimeoutType(attributes.timeout_type).name for attributes in timed_out if attributes is not None)
    assert kinds["ActivityTaskCompleted"] == sum(computed.values()) == 5 * len(load.handles)
    middle = sorted(times)[len(times) // 2]
    print(
        f"\n{SHUTDOWNS} shutdowns (seed {SEED}): {max(times):.2f} s at most, {middle:.2f} s in the middle; "
        f"{len(load.handles)} workflows, {sum(computed.values())} activities; decisions again: {dict(again)}"
    )
