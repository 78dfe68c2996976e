"""Three works, as a user would write them: hello many times, a fan-out, activities in a row.

Worker and starter share one process and its CPU is what counts; the frontend is at CADENCE_ADDRESS, or a dev server in
a process of its own. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
import uuid
from collections.abc import Awaitable
from datetime import timedelta

from cadence import Client, Worker, activity, workflow

MINUTE = timedelta(minutes=1)


@activity.defn
async def compose(greeting: str, name: str) -> str:
    return f"{greeting}, {name}!"


@workflow.defn
class Hello:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity(compose, "Hello", name, schedule_to_close_timeout=MINUTE)


@workflow.defn
class FanOut:
    @workflow.run
    async def run(self, count: int) -> int:
        calls = (
            workflow.execute_activity(compose, "Hello", str(i), schedule_to_close_timeout=MINUTE) for i in range(count)
        )
        return len(await asyncio.gather(*calls))


@workflow.defn
class InARow:
    @workflow.run
    async def run(self, count: int) -> int:
        for i in range(count):
            await workflow.execute_activity(compose, "Hello", str(i), schedule_to_close_timeout=MINUTE)
        return count


async def measure(work: Awaitable[object], units: int) -> dict[str, float]:
    """Wall time of `work` in seconds, and this process's CPU for each of its units in milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    await work
    return {
        "wall_s": time.perf_counter() - wall,
        "cpu_ms_each": (time.process_time() - cpu) * 1000 / units,
    }


async def run_works(address: str, domain: str, hellos: int, at_once: int, in_a_row: int) -> dict[str, dict[str, float]]:
    """Do the three works against the frontend at `address` and return their figures."""
    task_list = f"works-{uuid.uuid4()}"
    options = {"task_list": task_list, "execution_start_to_close_timeout": timedelta(minutes=5)}
    async with (
        Client.connect(address, domain=domain) as client,
        Worker(client, task_list, workflows=[Hello, FanOut, InARow], activities=[compose]),
    ):
        gate = asyncio.Semaphore(20)

        async def one(name: str) -> None:
            async with gate:
                answer = await client.execute_workflow(Hello.run, name, **options)
            if answer != f"Hello, {name}!":
                msg = f"wrong answer {answer!r}"
                raise RuntimeError(msg)

        await one("warm-up")
        return {
            f"hello x{hellos}": await measure(asyncio.gather(*(one(str(i)) for i in range(hellos))), hellos),
            f"{at_once} at once": await measure(client.execute_workflow(FanOut.run, at_once, **options), at_once),
            f"{in_a_row} in a row": await measure(client.execute_workflow(InARow.run, in_a_row, **options), in_a_row),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default=os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933"))
    parser.add_argument("--domain", default="benchmarks")
    parser.add_argument("--hellos", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--in-a-row", type=int, default=100)
    parser.add_argument("--uvloop", action="store_true")
    options = parser.parse_args()
    work = run_works(options.address, options.domain, options.hellos, options.at_once, options.in_a_row)
    if options.uvloop:
        import uvloop

        figures = uvloop.run(work)
    else:
        figures = asyncio.run(work)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
