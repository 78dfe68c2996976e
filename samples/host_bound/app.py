"""Activities that belong to one host: what fetched a file decides where the rest of the work on it is done.

    cadence dev -- python samples/host_bound/app.py

Go's client has sessions for this. All it takes is a task list for each host: any host may fetch the file, and says on
which list it can be asked for more. When that host is gone, nobody takes what waits on its list; the time limit for
that is short, and the workflow begins again elsewhere.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cadence import Client, Worker, activity, workflow
from cadence.exceptions import ActivityTimedOutError, TimeoutKind

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "host-bound"
HOST_IS_GONE_AFTER = timedelta(seconds=3)


@dataclass
class LocalCopy:
    """A file on some host."""

    host: str
    task_list: str
    path: str


class Files:
    """Activities of one host, with what they share."""

    def __init__(self, host: str, folder: Path) -> None:
        self.host = host
        self.folder = folder
        self.task_list = f"{TASK_LIST}-{host}"

    @activity.defn
    def fetch(self, name: str) -> LocalCopy:
        path = self.folder / name
        path.write_text("so much to do and so little time")  # from a store, in real life
        return LocalCopy(self.host, self.task_list, str(path))

    @activity.defn
    def count_words(self, path: str) -> int:
        return len(Path(path).read_text().split())

    @activity.defn
    def remove(self, path: str) -> str:
        Path(path).unlink()
        return self.host


@workflow.defn(task_list=TASK_LIST, execution_start_to_close_timeout=timedelta(minutes=5))
class CountWords:
    def __init__(self) -> None:
        self.fetched_on = ""
        self.may_go_on = False

    @workflow.run
    async def run(self, name: str) -> str:
        for _ in range(3):
            try:
                return await self.on_one_host(name)
            except ActivityTimedOutError as error:
                if error.kind is not TimeoutKind.SCHEDULE_TO_START:
                    raise
                # Nobody polls that host's list any more: the copy is lost, but not the work.
        raise RuntimeError(f"three hosts went away with {name}")

    async def on_one_host(self, name: str) -> str:
        copy = await workflow.execute_activity(Files.fetch, name, schedule_to_close_timeout=timedelta(minutes=1))
        self.fetched_on = copy.host
        await workflow.wait_condition(lambda: self.may_go_on)
        there = workflow.ActivityOptions(
            task_list=copy.task_list,
            schedule_to_start_timeout=HOST_IS_GONE_AFTER,
            start_to_close_timeout=timedelta(minutes=1),
        )
        words = await workflow.execute_activity(Files.count_words, copy.path, **there)
        removed_on = await workflow.execute_activity(Files.remove, copy.path, **there)
        return f"{name} has {words} words: fetched on {copy.host}, counted there, removed on {removed_on}"

    @workflow.signal
    def go_on(self) -> None:
        self.may_go_on = True

    @workflow.query
    def host(self) -> str:
        return self.fetched_on


@asynccontextmanager
async def host(client: Client, name: str) -> AsyncIterator[None]:
    """A host: it takes new files from everybody's list, and work on its own files from its own."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        files = Files(name, Path(folder))
        await stack.enter_async_context(Worker(client, TASK_LIST, workflows=[CountWords], activities=[files.fetch]))
        await stack.enter_async_context(Worker(client, files.task_list, activities=[files.count_words, files.remove]))
        yield


async def main() -> None:
    async with Client.connect(ADDRESS, domain=DOMAIN) as client:
        async with host(client, "host-1"), host(client, "host-2"):
            for name in ("a.txt", "b.txt"):
                counting = await client.start_workflow(CountWords.run, name)
                await counting.signal(CountWords.go_on)
                print(await counting.result())

        async with host(client, "host-3"):
            lost = await client.start_workflow(CountWords.run, "c.txt")
            while not await lost.query(CountWords.host):
                await asyncio.sleep(0.1)
        print("host-3 has c.txt, and is gone")
        async with host(client, "host-4"):
            await lost.signal(CountWords.go_on)
            print(await lost.result())


if __name__ == "__main__":
    asyncio.run(main())
