"""The dev server killed under load, on a file: what it acknowledged is there, once, and all of it goes on to its end.

Five kills as a rule; CADENCE_SERVER_KILLS says otherwise. The moments are drawn with the seed in CADENCE_SEED; one in
five is while the server starts.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from typing import Any

import pytest

KILLS = int(os.environ.get("CADENCE_SERVER_KILLS", "5"))
SEED = int(os.environ.get("CADENCE_SEED", "7933"))
LONGEST_LIFE = 1.0
"""Seconds for which a server is under load at most before it is killed."""


@pytest.mark.slow
@pytest.mark.timeout(120 + 6 * KILLS)
async def test_kill_9(server_process: Any, crash_load: Any, record_property: Any) -> None:
    moments = random.Random(SEED)
    load = crash_load.Load(server_process.address, SEED)
    starts: list[float] = []
    load.begin()
    began = time.monotonic()
    for kill in range(KILLS):
        begun = time.monotonic()
        await server_process.begin()
        if kill % 5 == 4:
            await asyncio.sleep(moments.uniform(0.1, 0.6))
        else:
            await server_process.ready()
            starts.append(time.monotonic() - begun)
            load.is_up.set()
            await asyncio.sleep(moments.uniform(0, LONGEST_LIFE))
            load.is_up.clear()
        await server_process.kill()
    await server_process.begin()
    await server_process.ready()
    load.is_up.set()
    histories = await load.end()
    crash_load.check(load.ledger, histories)
    assert await load.closed_count() == len(histories)
    await load.service.close()
    await server_process.stop()
    assert server_process.log.read_text() == ""
    with sqlite3.connect(server_process.file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    ledger = load.ledger
    signals = sum(map(len, ledger.signalled.values()))
    figures = (
        f"{KILLS} kills (seed {SEED}) in {time.monotonic() - began:.0f} s: {len(histories)} runs, {signals} signals, "
        f"{len(ledger.worked)} activities, {len(ledger.decided)} decisions; {ledger.repeated} calls made again; "
        f"ready in {max(starts):.2f} s at most"
    )
    record_property("figures", figures)
    print(f"\n{figures}")
