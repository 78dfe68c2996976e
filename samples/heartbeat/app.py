"""An activity that goes on where its last attempt stopped: heartbeats carry how far it came.

    cadence dev -- python samples/heartbeat/app.py

The first attempt fails in the middle, on purpose. The server starts the second one, which finds the details of the
last heartbeat and leaves out what is done.
"""

import asyncio
import os
from datetime import timedelta

from cadence import Client, Worker, activity, workflow

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "heartbeat"
ROWS = 10


@activity.defn
async def import_rows(rows: int) -> int:
    attempt = activity.info().attempt
    # What the last attempt's last heartbeat left: None in the first attempt.
    done = activity.heartbeat_details(int) or 0
    print(f"attempt {attempt}: starts at row {done}")
    here = 0
    for row in range(done, rows):
        if attempt == 0 and row == rows // 2:
            raise ConnectionError(f"the connection broke at row {row}")
        await asyncio.sleep(0.01)  # the work
        here += 1
        # The server gives the activity up and starts another attempt when it hears nothing for the heartbeat timeout.
        # Beats are cheap: most are held back, and the newest one is what counts, after a failure too.
        activity.heartbeat(row + 1)
    print(f"attempt {attempt}: imported {here} rows")
    return here


@workflow.defn
class Import:
    @workflow.run
    async def run(self, rows: int) -> str:
        last = await workflow.execute_activity(
            import_rows,
            rows,
            start_to_close_timeout=timedelta(minutes=1),
            schedule_to_start_timeout=timedelta(minutes=1),
            heartbeat_timeout=timedelta(seconds=5),
            retry_policy=workflow.RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3),
        )
        return f"all {rows} rows are there, the last {last} by the last attempt"


async def main() -> None:
    async with (
        Client.connect(ADDRESS, domain=DOMAIN) as client,
        Worker(client, TASK_LIST, workflows=[Import], activities=[import_rows]),
    ):
        print(
            await client.execute_workflow(
                Import.run, ROWS, task_list=TASK_LIST, execution_start_to_close_timeout=timedelta(minutes=5)
            )
        )


if __name__ == "__main__":
    asyncio.run(main())
