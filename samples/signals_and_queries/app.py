"""A workflow that is talked to while it runs: signals change it, queries look at it.

    cadence dev -- python samples/signals_and_queries/app.py

The shopping cart lives for as long as its customer takes. It needs no database: the workflow's fields are the state,
and they outlive the process.
"""

import asyncio
import os
from dataclasses import dataclass
from datetime import timedelta

from cadence import Client, Worker, workflow
from cadence.client import QueryConsistencyLevel

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "signals-and-queries"


@dataclass
class Item:
    name: str
    cents: int


@workflow.defn
class ShoppingCart:
    def __init__(self) -> None:
        self.items: list[Item] = []
        self.checked_out = False

    @workflow.run
    async def run(self, customer: str) -> str:
        # Nothing is lost while it waits, and nothing is polled: a signal wakes it up.
        if not await workflow.wait_condition(lambda: self.checked_out, timeout=timedelta(days=7)):
            return f"{customer} left the cart behind"
        return f"{customer} pays {self.total() / 100:.2f} for {len(self.items)} things"

    @workflow.signal
    def add(self, item: Item) -> None:
        self.items.append(item)

    @workflow.signal
    def check_out(self) -> None:
        self.checked_out = True

    # A query must change nothing: it is answered from the state as it is, and leaves no trace in the history.
    @workflow.query
    def total(self) -> int:
        return sum(item.cents for item in self.items)


async def main() -> None:
    async with (
        Client.connect(ADDRESS, domain=DOMAIN) as client,
        Worker(client, TASK_LIST, workflows=[ShoppingCart]),
    ):
        cart = await client.start_workflow(
            ShoppingCart.run, "Ada", task_list=TASK_LIST, execution_start_to_close_timeout=timedelta(days=8)
        )
        for item in (Item("tea", 450), Item("cup", 1250)):
            await cart.signal(ShoppingCart.add, item)
            # A strong query is answered after all that was sent before it has been worked on.
            total = await cart.query(ShoppingCart.total, consistency=QueryConsistencyLevel.STRONG)
            print(f"added {item.name}, the total is now {total / 100:.2f}")
        await cart.signal(ShoppingCart.check_out)
        print(await cart.result())


if __name__ == "__main__":
    asyncio.run(main())
