"""A worker that holds sessions until it is killed: it says when its activity waits, which never ends.

python session_host.py ADDRESS DOMAIN TASK_LIST
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from cadence import Client, Worker, activity

MINUTE = timedelta(minutes=1)


@activity.defn(start_to_close_timeout=MINUTE)
async def where(step: str) -> str:
    """Tell on which worker it runs."""
    return "there"


@activity.defn(start_to_close_timeout=MINUTE)
async def wait() -> str:
    """Say so, and wait."""
    print("waits", flush=True)
    await asyncio.Event().wait()
    return "never"


async def main(address: str, domain: str, task_list: str) -> None:
    """Work until killed."""
    async with Client.connect(address, domain=domain) as client:
        worker = Worker(client, task_list, activities=[where, wait], sessions=True)
        async with worker:
            print("ready", flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
