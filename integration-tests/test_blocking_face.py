"""The face of 1.x: a whole program in a process of its own, and what 1.x could do, feature by feature.

These tests are plain functions in a thread without an event loop, as the programs of 1.x are.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import queue
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cadence.activity import Activity
from cadence.activity_method import RetryParameters, activity_method
from cadence.exceptions import (
    ActivityFailureException,
    ActivityTaskTimeoutException,
    QueryFailureException,
    WorkflowExecutionTimedOutException,
    WorkflowFailureException,
)
from cadence.workerfactory import WorkerFactory
from cadence.workflow import (
    Workflow,
    WorkflowClient,
    WorkflowOptions,
    query_method,
    signal_method,
    workflow_method,
)

_DEFAULT_VERSION = -1
PROGRAMS = Path(__file__).parent / "programs"


def test_a_program_of_1x_runs_and_ends(frontend: Any) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / "greeting_1x.py"), frontend.domain, f"program-{uuid.uuid4().hex[:8]}"],
        env={**os.environ, "CADENCE_ADDRESS": frontend.address},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Welcome, reader.", "stopping", "stopped"]


class Shop:
    """A client, and a worker of a task list of the test's own."""

    def __init__(self, frontend: Any) -> None:
        host, _, port = frontend.address.rpartition(":")
        self.task_list = f"blocking-{uuid.uuid4().hex[:8]}"
        self.client = WorkflowClient.new_client(host, int(port), domain=frontend.domain)
        self.factory = WorkerFactory(host, int(port), frontend.domain)
        self.worker = self.factory.new_worker(self.task_list)

    @contextlib.contextmanager
    def open(self, implementation: type, activities: object = None, interface: str = "") -> Iterator[None]:
        """Run the worker with a workflow implementation and activities."""
        self.worker.register_workflow_implementation_type(implementation)
        if activities is not None:
            self.worker.register_activities_implementation(activities, interface)
        self.factory.start()
        try:
            yield
        finally:
            self.worker.stop()

    def stub(self, interface: type, **options: Any) -> Any:
        """Make a workflow stub that starts on the task list."""
        return self.client.new_workflow_stub(interface, WorkflowOptions(task_list=self.task_list, **options))


@pytest.fixture
def shop(frontend: Any) -> Iterator[Shop]:
    shop = Shop(frontend)
    yield shop
    shop.client.close()


@dataclasses.dataclass
class Parcel:
    name: str
    weights: list[int]


class Packing:
    @activity_method(schedule_to_close_timeout_seconds=10)
    def pack(self, name: str, weight: int) -> Parcel:
        raise NotImplementedError

    @activity_method(
        schedule_to_close_timeout_seconds=20,
        retry_parameters=RetryParameters(
            initial_interval_in_seconds=1,
            backoff_coefficient=1.0,
            maximum_attempts=3,
            expiration_interval_in_seconds=20,
        ),
    )
    def seal(self, parcel: Parcel) -> str:
        raise NotImplementedError

    @activity_method(schedule_to_close_timeout_seconds=10)
    def ship(self) -> str:
        raise NotImplementedError

    @activity_method(schedule_to_close_timeout_seconds=1)
    def lose(self) -> str:
        raise NotImplementedError


class PackingByHand:
    def __init__(self) -> None:
        self.tokens: queue.Queue[bytes] = queue.Queue()

    def pack(self, name: str, weight: int) -> Parcel:
        return Parcel(name, [weight])

    def seal(self, parcel: Parcel) -> str:
        if Activity.get_heartbeat_details() is None:
            Activity.heartbeat({"sealed": 1})
            raise RuntimeError("out of glue")
        return f"{parcel.name} {parcel.weights} {Activity.get_heartbeat_details()}"

    def ship(self) -> str:
        self.tokens.put(Activity.get_task_token())
        Activity.do_not_complete_on_return()
        return "this is not the result"

    def lose(self) -> str:
        Activity.do_not_complete_on_return()
        return ""


class Delivery:
    @workflow_method(execution_start_to_close_timeout_seconds=60)
    async def deliver(self, what: str) -> Any:
        raise NotImplementedError

    @signal_method
    async def push(self, word: str) -> None:
        raise NotImplementedError

    @query_method
    async def words(self) -> list[str]:
        raise NotImplementedError

    @query_method
    async def broken(self) -> str:
        raise NotImplementedError


class DeliveryImpl(Delivery):
    def __init__(self) -> None:
        self.packing: Packing = Workflow.new_activity_stub(Packing)
        self.heard: list[str] = []

    async def deliver(self, what: str) -> Any:
        step: Callable[[], Any] = getattr(self, f"do_{what}")
        return await step()

    async def do_activities(self) -> list[Any]:
        parcel = await self.packing.pack("books", 3)
        return [parcel.weights, await self.packing.seal(parcel)]

    async def do_ship(self) -> str:
        return await self.packing.ship()

    async def do_lose(self) -> list[bool]:
        try:
            await self.packing.lose()
        except ActivityFailureException as error:
            return [True, isinstance(error.get_cause(), ActivityTaskTimeoutException)]
        return [False]

    async def do_wait(self) -> list[str]:
        await Workflow.await_till(lambda: len(self.heard) == 2)
        return self.heard

    async def do_time(self) -> list[bool]:
        before, version = Workflow.current_time_millis(), Workflow.get_version("one", _DEFAULT_VERSION, 3)
        key, number = Workflow.random_uuid(), Workflow.new_random().random()
        Workflow.get_logger("test").info("sleeping")
        await Workflow.sleep(1)
        late = await Workflow.await_till(lambda: False, timeout_seconds=1)
        return [
            Workflow.current_time_millis() - before >= 2000,
            version == 3,
            bool(key) and 0 <= number < 1,
            late is False,
            Workflow.get_workflow_id() in Workflow.get_execution_id(),
            Workflow.now().year > 2000,
        ]

    async def do_fail(self) -> None:
        raise LookupError("no such parcel")

    async def do_hang(self) -> None:
        await Workflow.sleep(50)

    async def push(self, word: str) -> None:
        self.heard.append(word)

    async def words(self) -> list[str]:
        return self.heard

    async def broken(self) -> str:
        raise ValueError("no words")


def test_activities_with_classes_retries_and_heartbeats(shop: Shop) -> None:
    with shop.open(DeliveryImpl, PackingByHand(), "Packing"):
        got = shop.stub(Delivery).deliver("activities")
    assert got == [[3], "books [3] {'sealed': 1}"]


def test_completion_from_elsewhere(shop: Shop) -> None:
    packing = PackingByHand()
    with shop.open(DeliveryImpl, packing, "Packing"):
        context = WorkflowClient.start(shop.stub(Delivery).deliver, "ship")
        token = packing.tokens.get(timeout=20)
        completion = shop.client.new_activity_completion_client()
        completion.heartbeat(token, "on its way")
        completion.complete(token, "there")
        assert shop.client.wait_for_close(context) == "there"
        context = WorkflowClient.start(shop.stub(Delivery).deliver, "ship")
        completion.complete_exceptionally(packing.tokens.get(timeout=20), KeyError("lost"))
        with pytest.raises(WorkflowFailureException):
            shop.client.wait_for_close(context)


def test_activity_timeout(shop: Shop) -> None:
    with shop.open(DeliveryImpl, PackingByHand(), "Packing"):
        assert shop.stub(Delivery).deliver("lose") == [True, True]


def test_signals_queries_and_stubs_of_ids(shop: Shop) -> None:
    with shop.open(DeliveryImpl):
        stub = shop.stub(Delivery, workflow_id=f"{shop.task_list}-own")
        context = WorkflowClient.start(stub.deliver, "wait")
        stub.push("one")
        other = shop.client.new_workflow_stub_from_workflow_id(Delivery, f"{shop.task_list}-own")
        assert other.words() == ["one"]
        with pytest.raises(QueryFailureException):
            other.broken()
        other.push("two")
        assert shop.client.wait_for_close(context) == ["one", "two"]
        assert shop.client.wait_for_close_with_workflow_id(f"{shop.task_list}-own") == ["one", "two"]
        assert stub.words() == ["one", "two"]


def test_time_versions_and_chance(shop: Shop) -> None:
    with shop.open(DeliveryImpl):
        assert shop.stub(Delivery).deliver("time") == [True] * 6


def test_failures_and_timeouts(shop: Shop) -> None:
    with shop.open(DeliveryImpl):
        with pytest.raises(WorkflowFailureException) as caught:
            shop.stub(Delivery).deliver("fail")
        assert isinstance(caught.value.__cause__, LookupError)
        assert "no such parcel" in str(caught.value.__cause__)
        with pytest.raises(WorkflowExecutionTimedOutException):
            shop.stub(Delivery, execution_start_to_close_timeout_seconds=1).deliver("hang")


class Family:
    @workflow_method(execution_start_to_close_timeout_seconds=30)
    async def grow(self, depth: int) -> list[int]:
        raise NotImplementedError


class FamilyImpl(Family):
    async def grow(self, depth: int) -> list[int]:
        if depth == 0:
            return [0]
        if depth == 5:
            Workflow.continue_as_new(1)
        child: Family = Workflow.new_child_workflow_stub(Family)
        return [depth, *await child.grow(depth - 1)]


def test_children_and_continue_as_new(shop: Shop) -> None:
    with shop.open(FamilyImpl):
        assert shop.stub(Family).grow(2) == [2, 1, 0]
        assert shop.stub(Family).grow(5) == [1, 0]


def test_untyped_stub(shop: Shop) -> None:
    with shop.open(FamilyImpl):
        options = WorkflowOptions(task_list=shop.task_list, execution_start_to_close_timeout_seconds=30)
        for name in ("Family::grow",):
            stub = shop.client.new_untyped_workflow_stub(name, options)
            assert stub.execute(1) == [1, 0]


def test_blocking_service(frontend: Any) -> None:
    from cadence.cadence_types import DescribeDomainRequest, ListOpenWorkflowExecutionsRequest, StartTimeFilter
    from cadence.errors import EntityNotExistsError
    from cadence.workflowservice import WorkflowService

    host, _, port = frontend.address.rpartition(":")
    service = WorkflowService.create(host, int(port))
    response, error = service.describe_domain(DescribeDomainRequest(name=frontend.domain))
    assert error is None
    assert response.domain_info.name == frontend.domain
    response, error = service.describe_domain(DescribeDomainRequest(name="nobody-has-registered-this"))
    assert response is None
    assert isinstance(error, EntityNotExistsError)
    response, error = service.list_open_workflow_executions(
        ListOpenWorkflowExecutionsRequest(
            domain=frontend.domain,
            maximum_page_size=5,
            start_time_filter=StartTimeFilter(earliest_time=0, latest_time=2**62),
        )
    )
    assert error is None
    assert isinstance(response.executions or [], list)
    service.close()
