"""Sessions: the host that fetched a file does the rest of the work on it; when it goes away, another one begins anew.

    cadence dev -- python samples/sessions/app.py

Each host here is a worker with a folder that no other host sees, and holds one session at a time.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from cadence import Client, Worker, activity, workflow
from cadence.exceptions import SessionFailedError

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "sessions"
MINUTE = timedelta(minutes=1)


class Files:
    """Activities of one host, with the folder that they share."""

    def __init__(self, host: str, folder: Path) -> None:
        self.host = host
        self.folder = folder

    @activity.defn(start_to_close_timeout=MINUTE)
    def fetch(self, name: str) -> str:
        (self.folder / name).write_text("so much to do and so little time")  # from a store, in real life
        return self.host

    @activity.defn(start_to_close_timeout=MINUTE)
    def count_words(self, name: str) -> int:
        return len((self.folder / name).read_text().split())

    @activity.defn(start_to_close_timeout=MINUTE)
    def remove(self, name: str) -> str:
        (self.folder / name).unlink()
        return self.host


@workflow.defn(task_list=TASK_LIST, execution_start_to_close_timeout=timedelta(minutes=5))
class CountWords:
    def __init__(self) -> None:
        self.fetched_on: list[str] = []
        self.may_go_on = False

    @workflow.run
    async def run(self, name: str) -> str:
        for _ in range(3):
            try:
                return await self.on_one_host(name)
            except SessionFailedError as error:
                workflow.logger.info("%s is lost: %s", name, error)
        raise RuntimeError(f"three hosts went away with {name}")

    async def on_one_host(self, name: str) -> str:
        async with workflow.session(creation_timeout=MINUTE, heartbeat_timeout=timedelta(seconds=5)) as session:
            self.fetched_on.append(await session.execute_activity(Files.fetch, name))
            await workflow.wait_condition(lambda: self.may_go_on)
            words = await session.execute_activity(Files.count_words, name)
            removed_on = await session.execute_activity(Files.remove, name)
        return f"{name} has {words} words: fetched on {self.fetched_on[-1]}, counted there, removed on {removed_on}"

    @workflow.signal
    def go_on(self) -> None:
        self.may_go_on = True

    @workflow.query
    def hosts(self) -> list[str]:
        return self.fetched_on


@asynccontextmanager
async def host(client: Client, name: str) -> AsyncIterator[None]:
    """A host; at its end it gives its sessions up."""
    with tempfile.TemporaryDirectory() as folder:
        activities = [Files(name, Path(folder))]
        async with Worker(client, TASK_LIST, activities=activities, max_concurrent_sessions=1):
            yield


async def main() -> None:
    async with Client.connect(ADDRESS, domain=DOMAIN) as client, Worker(client, TASK_LIST, workflows=[CountWords]):
        async with host(client, "host-1"), host(client, "host-2"):
            counts = [await client.start_workflow(CountWords.run, name) for name in ("a.txt", "b.txt")]
            for counting in counts:
                await counting.signal(CountWords.go_on)
                print(await counting.result())

        async with host(client, "host-3"):
            lost = await client.start_workflow(CountWords.run, "c.txt")
            while not await lost.query(CountWords.hosts):
                await asyncio.sleep(0.1)
        print("host-3 has c.txt, and is gone")
        async with host(client, "host-4"):
            await lost.signal(CountWords.go_on)
            print(await lost.result())


if __name__ == "__main__":
    asyncio.run(main())
