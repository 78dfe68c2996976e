"""The blocking client and environment: the async ones, waited for, from any thread."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from cadence import activity, workflow
from cadence.client import BlockingClient
from cadence.exceptions import ConfigurationError, WorkflowCanceledError, WorkflowTerminatedError
from cadence.testing import BlockingWorkflowEnvironment

MONTHS = timedelta(days=90)


@activity.defn
def greet(name: str) -> str:
    return f"Hello, {name}!"


@activity.defn
def later() -> str:
    activity.raise_complete_async()


@workflow.defn
class Greeting:
    def __init__(self) -> None:
        self.told: list[str] = []

    @workflow.run
    async def run(self, name: str) -> str:
        await workflow.wait_condition(lambda: bool(self.told), timedelta(days=30))
        greeting = await workflow.execute_activity(greet, name, schedule_to_close_timeout=timedelta(minutes=1))
        return " ".join([greeting, *self.told])

    @workflow.signal
    def tell(self, word: str) -> None:
        self.told.append(word)

    @workflow.query
    def known(self) -> list[str]:
        return self.told


@workflow.defn
class Waiting:
    @workflow.run
    async def run(self) -> str:
        return await workflow.execute_activity(later, activity_id="later", schedule_to_close_timeout=timedelta(days=1))


@pytest.fixture
def environment() -> Iterator[BlockingWorkflowEnvironment]:
    with BlockingWorkflowEnvironment() as environment:
        yield environment


def test_a_whole_life(environment: BlockingWorkflowEnvironment) -> None:
    client = environment.client
    before = environment.now()
    with environment.worker(workflows=[Greeting], activities=[greet]) as task_list:
        result = client.execute_workflow(
            Greeting.run, "you", task_list=task_list, execution_start_to_close_timeout=MONTHS
        )
        assert result == "Hello, you!"
        assert environment.now() - before >= timedelta(days=30)
        handle = client.signal_with_start(
            Greeting,
            "me",
            signal=Greeting.tell,
            signal_arguments=["again"],
            workflow_id="me",
            task_list=task_list,
            execution_start_to_close_timeout=MONTHS,
        )
        assert handle.result() == "Hello, me! again"
        assert handle.query(Greeting.known) == ["again"]
        assert client.get_workflow_handle("me").describe().workflow_type == "Greeting"
        assert [event.event_id for event in handle.history()][:3] == [1, 2, 3]
        assert client.count_workflows() == len(list(client.list_workflows())) == 2
        assert handle.workflow_id in repr(handle)


def test_ends_from_outside(environment: BlockingWorkflowEnvironment) -> None:
    client = environment.client
    options = {"task_list": "nobody", "execution_start_to_close_timeout": MONTHS}
    handle = client.start_workflow("Greeting", "you", **options)  # type: ignore[call-overload]
    handle.signal("tell", "x")
    handle.cancel("enough")
    handle.terminate("at once")
    with pytest.raises(WorkflowTerminatedError, match="at once"):
        handle.result()
    with environment.worker(workflows=[Waiting], activities=[later]) as task_list:
        options["task_list"] = task_list
        waiting = client.start_workflow(Waiting.run, **options)  # type: ignore[call-overload]
        completion = client.activity_completion(workflow_id=waiting.workflow_id, activity_id="later")
        while not waiting.describe().pending_activities:
            pass
        completion.complete("from elsewhere")
        assert waiting.result() == "from elsewhere"
        again = client.start_workflow(Waiting.run, **options)  # type: ignore[call-overload]
        again.cancel()
        with pytest.raises(WorkflowCanceledError):
            again.result()


def test_many_threads_share_it(environment: BlockingWorkflowEnvironment) -> None:
    client = environment.client
    with environment.worker(workflows=[Greeting], activities=[greet]) as task_list, ThreadPoolExecutor(8) as pool:

        def one(number: int) -> str:
            handle = client.start_workflow(
                Greeting.run, str(number), task_list=task_list, execution_start_to_close_timeout=MONTHS
            )
            handle.signal(Greeting.tell, threading.current_thread().name[:4])
            return handle.result()

        results = list(pool.map(one, range(24)))
    assert [result.split("!")[0] for result in results] == [f"Hello, {number}" for number in range(24)]


def test_a_client_of_its_own(environment: BlockingWorkflowEnvironment) -> None:
    with BlockingClient.connect(environment.address, domain="test") as client:
        assert client.domain == "test"
        assert client.count_workflows() == 0
        assert "test" in repr(client)


FORKING = """
import os, sys
from cadence.client import BlockingClient
from cadence.exceptions import ConfigurationError

client = BlockingClient.connect(sys.argv[1], domain="test")
if os.fork() == 0:
    try:
        client.count_workflows()
    except ConfigurationError as error:
        print(error, flush=True)
    with BlockingClient.connect(sys.argv[1], domain="test") as own:
        print(own.count_workflows(), flush=True)
    os._exit(0)
_, status = os.wait()
print(status, client.count_workflows())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_forked_process_connects_anew(environment: BlockingWorkflowEnvironment) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKING, environment.address], capture_output=True, text=True, timeout=60, check=True
    )
    told, *rest = done.stdout.splitlines()
    assert "forked" in told
    assert "connect after the fork" in told
    assert rest == ["0", "0 0"]


def test_before_it_is_entered() -> None:
    with pytest.raises(ConfigurationError, match="not entered"):
        _ = BlockingWorkflowEnvironment().client
