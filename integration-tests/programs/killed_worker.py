"""The worker that test_kill_worker.py kills: says `ready` when it polls, and works until its end comes.

The address, the domain and the task list come from the command line.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from cadence import Client, Worker, activity, workflow
from cadence.workflow import RetryPolicy

# A killed worker's attempts end by their timeout, so that is short.
ATTEMPT = timedelta(seconds=2)
RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=1.0, expiration_interval=timedelta(minutes=5)
)


@activity.defn(start_to_close_timeout=ATTEMPT, schedule_to_start_timeout=timedelta(minutes=1), retry_policy=RETRIES)
async def square(number: int) -> int:
    await asyncio.sleep(0.05)
    return number * number


@activity.defn
def halve(number: int) -> int:
    return number // 2


@workflow.defn
class Steps:
    """Goes through activities in a row and at once, a timer, a local activity, a side effect and a version."""

    @workflow.run
    async def run(self, number: int) -> list[int]:
        first = await square(number)
        several = await asyncio.gather(*(square(number + offset) for offset in (1, 2, 3)))
        await workflow.sleep(1)
        half = await workflow.execute_local_activity(halve, number, schedule_to_close_timeout=ATTEMPT)
        kept = workflow.side_effect(lambda: number + 1000)
        version = workflow.get_version("steps", maximum=2)
        last = await square(half)
        return [first, *several, half, kept, version, last]


async def main(address: str, domain: str, task_list: str) -> None:
    async with (
        Client.connect(address, domain=domain) as client,
        Worker(
            client,
            task_list,
            workflows=[Steps],
            activities=[square, halve],
            sticky_timeout=timedelta(seconds=1),
        ),
    ):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
