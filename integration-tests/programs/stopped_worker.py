"""What `cadence worker` runs in test_shutdown.py: activities that note each result they have computed.

The environment names the task list and the file of the notes. A note is written as soon as a result is there, before
anybody else knows of it, so a result that is lost on its way is noted twice: its activity is tried again.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta

from cadence import Client, Worker, activity, workflow
from cadence.workflow import RetryPolicy

GRACE = timedelta(seconds=5)
ATTEMPT = timedelta(seconds=10)
RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=1.0, expiration_interval=timedelta(minutes=5)
)
OPTIONS = {
    "start_to_close_timeout": ATTEMPT,
    "schedule_to_start_timeout": timedelta(minutes=5),
    "retry_policy": RETRIES,
}


def _note() -> None:
    info = activity.info()
    line = f"{info.run_id} {info.activity_id} {info.attempt}\n"
    notes = os.open(os.environ["STOPPED_WORKER_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(notes, line.encode())
    finally:
        os.close(notes)


@activity.defn(**OPTIONS)
async def wait(seconds: float) -> float:
    await asyncio.sleep(seconds)
    _note()
    return seconds


@activity.defn(**OPTIONS)
def wait_in_a_thread(seconds: float) -> float:
    time.sleep(seconds)
    _note()
    return seconds


@activity.defn
async def wait_here(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


@workflow.defn
class Waits:
    """Activities of every kind, in a row and at once."""

    @workflow.run
    async def run(self, seconds: float) -> float:
        first = await wait(seconds)
        several = await asyncio.gather(wait(first), wait_in_a_thread(first), wait(0.0))
        here = await workflow.execute_local_activity(wait_here, seconds, schedule_to_close_timeout=ATTEMPT)
        return sum(several) + await wait_in_a_thread(here)


def make(client: Client) -> Worker:
    return Worker(
        client,
        os.environ["STOPPED_WORKER_LIST"],
        workflows=[Waits],
        activities=[wait, wait_in_a_thread, wait_here],
        grace=GRACE,
    )
