"""One blocking client, many threads: each gets what is its own; also where a loop runs already, as in notebooks."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from cadence import Worker, activity, workflow
from cadence.client import BlockingClient, BlockingWorkflowHandle, QueryConsistencyLevel

MINUTE = timedelta(minutes=1)
THREADS, EACH = 8, 25


@activity.defn(name="stamp")
async def stamp(word: str) -> str:
    return f"<{word}>"


@workflow.defn(name="letters")
class Letters:
    def __init__(self, name: str) -> None:
        self.name = name
        self.words: list[str] = []
        self.is_over = False

    @workflow.run
    async def run(self, name: str) -> list[str]:
        await workflow.wait_condition(lambda: self.is_over)
        stamped = await workflow.execute_activity(stamp, self.name, schedule_to_close_timeout=MINUTE)
        return [stamped, *self.words]

    @workflow.signal(name="write")
    def write(self, word: str) -> None:
        self.words.append(word)

    @workflow.signal(name="close")
    def close(self) -> None:
        self.is_over = True

    @workflow.query(name="read")
    def read(self, mark: str) -> list[str]:
        return [mark, self.name, *self.words]


class Post:
    """A blocking client, and a worker of a task list of its own on the client's loop."""

    def __init__(self, client: BlockingClient) -> None:
        self.client = client
        self.task_list = f"threads-{uuid.uuid4().hex[:8]}"

    def start(self, name: str) -> BlockingWorkflowHandle[list[str]]:
        return self.client.start_workflow(
            Letters.run, name, workflow_id=name, task_list=self.task_list, execution_start_to_close_timeout=MINUTE
        )

    def one(self, name: str) -> list[str]:
        """Do all that one does with a workflow; each answer must be about this one."""
        handle = self.start(name)
        assert handle.workflow_id == name
        handle.signal(Letters.write, f"{name}-a")
        mark = uuid.uuid4().hex
        seen = handle.query(Letters.read, mark, consistency=QueryConsistencyLevel.STRONG)
        assert seen == [mark, name, f"{name}-a"]
        handle.signal(Letters.write, f"{name}-b")
        handle.signal(Letters.close)
        result = handle.result(timeout=MINUTE)
        described = handle.describe()
        assert (described.workflow_id, described.run_id) == (name, handle.run_id)
        assert next(handle.history()).workflow_execution_started_event_attributes.input == f'"{name}"\n'.encode()  # type: ignore[union-attr]
        deadline = time.monotonic() + 30
        while [run.run_id for run in self.client.list_workflows(workflow_id=name)] != [handle.run_id]:
            assert time.monotonic() < deadline, "the run is not listed"
        return result


@pytest.fixture
def post(frontend: Any) -> Iterator[Post]:
    with BlockingClient.connect(frontend.address, domain=frontend.domain) as client:
        post = Post(client)
        worker = Worker(client.client, post.task_list, workflows=[Letters], activities=[stamp])
        with contextlib.ExitStack() as stack:
            client.wait_for(worker.__aenter__())
            stack.callback(lambda: client.wait_for(worker.__aexit__(None, None, None)))
            yield post


@pytest.mark.slow
def test_threads_share_a_client_and_mix_nothing_up(post: Post) -> None:
    together = Barrier(THREADS)

    def many(thread: int) -> dict[str, list[str]]:
        together.wait(30)
        names = [f"{post.task_list}-{thread}-{number}" for number in range(EACH)]
        return {name: post.one(name) for name in names}

    with ThreadPoolExecutor(THREADS) as pool:
        results = {name: result for part in pool.map(many, range(THREADS)) for name, result in part.items()}
    assert len(results) == THREADS * EACH
    for name, result in results.items():
        assert result == [f"<{name}>", f"{name}-a", f"{name}-b"]


def test_threads_share_a_handle(post: Post) -> None:
    handle = post.start(f"{post.task_list}-shared")
    with ThreadPoolExecutor(THREADS) as pool:
        waits = [pool.submit(handle.result, timeout=MINUTE) for _ in range(THREADS // 2)]
        words = [str(number) for number in range(40)]
        list(pool.map(lambda word: handle.signal(Letters.write, word), words))
        handle.signal(Letters.close)
        results = [wait.result() for wait in waits]
    for result in results:
        assert sorted(result[1:]) == sorted(words)


async def test_where_an_event_loop_runs_already(post: Post) -> None:
    """As in a notebook: this loop is held up, the client's own one goes on."""
    name = f"{post.task_list}-notebook"
    assert post.one(name) == [f"<{name}>", f"{name}-a", f"{name}-b"]
