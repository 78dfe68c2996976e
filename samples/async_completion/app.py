"""An activity that ends somewhere else: the expense report waits until a person has decided.

    cadence dev -- python samples/async_completion/app.py

The activity's function gives its task token away and ends without a result. Whoever has the token completes the
activity, from any process and any machine, hours later if need be; no worker waits meanwhile.
"""

import asyncio
import os
from datetime import timedelta

from cadence import Client, Worker, activity, workflow

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "async-completion"


class Desk:
    """Where open requests lie; a database or a message queue in real life."""

    def __init__(self) -> None:
        self.requests: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()

    @activity.defn
    async def ask_for_approval(self, expense: str) -> str:
        self.requests.put_nowait((expense, activity.info().task_token))
        print(f"activity: {expense!r} lies on the desk, and the function is done")
        # Leaves the function here and the activity open.
        activity.raise_complete_async()


@workflow.defn
class ExpenseReport:
    @workflow.run
    async def run(self, expense: str) -> str:
        # The timeout is how long the person may take.
        decision = await workflow.execute_activity(
            Desk.ask_for_approval, expense, schedule_to_close_timeout=timedelta(minutes=5)
        )
        return f"{expense}: {decision}"


async def decide(client: Client, desk: Desk) -> None:
    """What the person does; in real life a web application with a client of its own."""
    expense, token = await desk.requests.get()
    print(f"person: {expense!r} is fine")
    await client.activity_completion(token).complete("approved")


async def main() -> None:
    desk = Desk()
    async with (
        Client.connect(ADDRESS, domain=DOMAIN) as client,
        Worker(client, TASK_LIST, workflows=[ExpenseReport], activities=[desk.ask_for_approval]),
    ):
        handle = await client.start_workflow(
            ExpenseReport.run,
            "dinner for two",
            task_list=TASK_LIST,
            execution_start_to_close_timeout=timedelta(minutes=10),
        )
        await decide(client, desk)
        print(f"workflow: {await handle.result()}")


if __name__ == "__main__":
    asyncio.run(main())
