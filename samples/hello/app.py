"""A first workflow: it asks an activity for a greeting and returns it.

    cadence dev -- python samples/hello/app.py

starts a server for development and runs this program beside it. On a cluster, say where it is:

    CADENCE_ADDRESS=cadence.example.com:7933 python samples/hello/app.py
"""

import asyncio
import os
from datetime import timedelta

from cadence import Client, Worker, activity, workflow

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "hello"


# Activities do the work: they may call services, read files, take their time. One that fails can be tried again.
@activity.defn
def compose_greeting(greeting: str, name: str) -> str:
    return f"{greeting}, {name}!"


# Workflows decide what happens, and in which order. The server keeps what happened, so a workflow outlives the process
# that runs it: another worker goes on where the first one stopped.
@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity(
            compose_greeting, "Hello", name, schedule_to_close_timeout=timedelta(seconds=10)
        )


async def main() -> None:
    # The client talks to the server. The worker polls the task list, and runs what it finds there.
    async with (
        Client.connect(ADDRESS, domain=DOMAIN) as client,
        Worker(client, TASK_LIST, workflows=[Greeting], activities=[compose_greeting]),
    ):
        handle = await client.start_workflow(
            Greeting.run, "World", task_list=TASK_LIST, execution_start_to_close_timeout=timedelta(minutes=1)
        )
        print(f"started workflow {handle.workflow_id}")
        print(await handle.result())


if __name__ == "__main__":
    asyncio.run(main())
