"""Changing a workflow's code while runs of it are open: the new code goes on with what the old code began.

    cadence dev -- python samples/versioning/app.py

When a worker picks a run up it goes through the run's history with the code it has. A change in what the code does
would not fit the history of runs that were begun before it, so the change stands behind a version: those runs go the
old way to their end, and new ones go the new way.
"""

import asyncio
import os
from datetime import timedelta

from cadence import Client, Worker, activity, workflow

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "versioning"
AT_MOST = timedelta(seconds=10)


@activity.defn
async def check_stock(order: str) -> None:
    print(f"  {order} is in stock")


@activity.defn
async def charge(order: str) -> None:
    print(f"  {order} is charged")


# The code as it was. Both classes have one name, as they would be one class at two times.
@workflow.defn(name="Order", task_list=TASK_LIST, execution_start_to_close_timeout=timedelta(minutes=5))
class OrderBefore:
    def __init__(self) -> None:
        self.charged = False
        self.packed = False

    @workflow.run
    async def run(self, order: str) -> str:
        await workflow.execute_activity(charge, order, schedule_to_close_timeout=AT_MOST)
        self.charged = True
        await workflow.wait_condition(lambda: self.packed)
        return f"{order} is sent"

    @workflow.signal
    def pack(self) -> None:
        self.packed = True

    @workflow.query
    def is_charged(self) -> bool:
        return self.charged


# The code as it is now: it looks for the goods first.
@workflow.defn(name="Order", task_list=TASK_LIST, execution_start_to_close_timeout=timedelta(minutes=5))
class OrderAfter:
    def __init__(self) -> None:
        self.packed = False

    @workflow.run
    async def run(self, order: str) -> str:
        version = workflow.get_version("check-stock", workflow.DEFAULT_VERSION, 1)
        if version >= 1:
            await workflow.execute_activity(check_stock, order, schedule_to_close_timeout=AT_MOST)
        await workflow.execute_activity(charge, order, schedule_to_close_timeout=AT_MOST)
        await workflow.wait_condition(lambda: self.packed)
        return f"{order} is sent, by version {version} of its code"

    @workflow.signal
    def pack(self) -> None:
        self.packed = True


async def main() -> None:
    async with Client.connect(ADDRESS, domain=DOMAIN) as client:
        print("a worker with the old code:")
        async with Worker(client, TASK_LIST, workflows=[OrderBefore], activities=[charge]):
            old = await client.start_workflow(OrderBefore.run, "the old order")
            while not await old.query(OrderBefore.is_charged):
                await asyncio.sleep(0.1)

        # The old order waits to be packed. Between the two workers it is kept by the server alone.
        print("a worker with the new code:")
        async with Worker(client, TASK_LIST, workflows=[OrderAfter], activities=[check_stock, charge]):
            new = await client.start_workflow(OrderAfter.run, "the new order")
            for handle in (old, new):
                await handle.signal(OrderAfter.pack)
                print(f"  {await handle.result()}")


if __name__ == "__main__":
    asyncio.run(main())
