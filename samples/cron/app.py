"""A workflow that starts anew by the clock, and knows what its last run left.

    cadence dev -- python samples/cron/app.py

A cron workflow is one chain of runs under one id. It goes on until somebody cancels or terminates it, which this
program does after three firings.
"""

import asyncio
import os
from datetime import timedelta

from cadence import Client, Worker, activity, workflow
from cadence.exceptions import WorkflowTerminatedError

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "cron"
FIRINGS = 3


class Reports:
    def __init__(self) -> None:
        self.enough = asyncio.Event()

    @activity.defn
    async def write_report(self, number: int) -> None:
        print(f"report {number} is written")
        if number >= FIRINGS:
            self.enough.set()


@workflow.defn
class Report:
    @workflow.run
    async def run(self) -> int:
        # Each run is a new one with a history of its own; the result of the last one that completed is at hand.
        number = (workflow.last_completion_result(int) or 0) + 1
        await workflow.execute_activity(Reports.write_report, number, schedule_to_close_timeout=timedelta(seconds=10))
        return number


async def main() -> None:
    reports = Reports()
    async with (
        Client.connect(ADDRESS, domain=DOMAIN) as client,
        Worker(client, TASK_LIST, workflows=[Report], activities=[reports.write_report]),
    ):
        handle = await client.start_workflow(
            Report.run,
            task_list=TASK_LIST,
            execution_start_to_close_timeout=timedelta(minutes=1),
            # Every two seconds, for a sample; "0 6 * * MON-FRI" is six o'clock UTC on working days.
            cron_schedule="@every 2s",
        )
        print(f"cron workflow {handle.workflow_id} fires every two seconds")
        await reports.enough.wait()
        await handle.terminate("three reports are enough")
        try:
            await handle.result()
        except WorkflowTerminatedError as error:
            print(f"it ended: {error}")


if __name__ == "__main__":
    asyncio.run(main())
