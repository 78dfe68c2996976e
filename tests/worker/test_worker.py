"""The public face: what it refuses, when it starts, how it stops, and what it shows."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from fake_service import FakeService
from histories import RunHistory

from cadence import activity, api, errors, workflow
from cadence.exceptions import ConfigurationError, TransportError
from cadence.worker import Worker, WorkerOptions
from cadence.worker.mailbox import Mailbox
from cadence.worker.options import WorkerSettings
from cadence.worker.threads import ThreadPool


@activity.defn
async def greet(name: str) -> str:
    return f"Hello {name}"


@workflow.defn
class Waiting:
    @workflow.run
    async def run(self) -> None:
        await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"workflows": [Waiting], "task_list": ""}, "the task list is ''"),
        ({"workflows": []}, "neither workflows nor activities"),
        ({"activities": [greet], "graze": 3}, "graze"),
        ({"activities": [greet], "sticky_runs": 0}, "sticky_runs is 0"),
        ({"activities": [greet], "max_concurrent_decision_tasks": 1}, "max_concurrent_decision_tasks is 1"),
        ({"activities": [greet], "max_activity_pollers": 1}, "max_activity_pollers is 1"),
        ({"activities": [greet], "max_eager_activities": -1}, "max_eager_activities is -1"),
        ({"activities": [greet], "max_activities_per_second": 0}, "max_activities_per_second is 0"),
        ({"activities": [greet], "grace": 3}, "grace is 3"),
        ({"activities": [greet], "deadlock_timeout": timedelta()}, "deadlock_timeout"),
        ({"activities": [greet], "nondeterminism": "ignore"}, "nondeterminism is 'ignore'"),
    ],
)
def test_what_can_not_work_is_refused(client: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Worker(client, **{"task_list": "tests", **arguments})


def test_every_option_can_be_given_as_an_argument() -> None:
    options = set(WorkerOptions.__dataclass_fields__)
    assert set(WorkerSettings.__annotations__) == options
    assert WorkerOptions.of({"grace": timedelta(), "deadlock_timeout": None}).grace == timedelta()


async def test_it_runs_and_stops_within_a_second(client: Any, service: FakeService) -> None:
    worker = Worker(client, "tests", workflows=[Waiting], activities=[greet], identity="me")
    assert not worker.is_running
    assert not worker.statistics().is_running
    await worker.stop()
    running = asyncio.create_task(worker.run())
    while not worker.is_running or service.polls_out < 6:  # noqa: ASYNC110  # counted on another loop
        await asyncio.sleep(0.001)
    assert "running" in repr(worker)
    assert set(worker.statistics().polls) == {"decision", "sticky", "activity"}
    with pytest.raises(ConfigurationError, match="was started before"):
        await worker.start()
    assert "cadence-worker-tests" in [thread.name for thread in threading.enumerate()]
    started = time.monotonic()
    await asyncio.gather(worker.stop(), worker.stop(timedelta(seconds=1)))
    await running
    assert time.monotonic() - started < 1
    assert service.closed
    assert not worker.is_running
    assert "not running" in repr(worker)
    assert "cadence-worker-tests" not in [thread.name for thread in threading.enumerate()]


async def test_a_stop_that_waits_can_be_hurried(client: Any, service: FakeService) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    @activity.defn
    async def forever() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    worker = Worker(client, "tests", activities=[forever], grace=timedelta(hours=1))
    await worker.start()
    task = api.PollForActivityTaskResponse(
        task_token=b"t",
        activity_type=api.ActivityType("forever"),
        workflow_execution=api.WorkflowExecution("w", "r"),
        activity_id="0",
        start_to_close_timeout_seconds=7200,
    )
    assert worker._io is not None
    worker._io.mailbox.post(service.activities.put_nowait, task)  # the polls wait on the worker's own loop
    await begun.wait()
    stopping = asyncio.create_task(worker.stop())
    while worker.is_running:  # noqa: ASYNC110  # the task's first step
        await asyncio.sleep(0)
    await worker.stop(0)
    await stopping
    assert ended.is_set()


async def test_an_unknown_domain_is_told_with_what_to_do(client: Any, service: FakeService) -> None:
    service.answers["describe_domain"] = [errors.EntityNotExistsError("no")]
    with pytest.raises(ConfigurationError, match="cadence domain register tests"):
        await Worker(client, "tests", activities=[greet]).start()
    assert service.closed


@pytest.mark.parametrize("error", [TransportError("nobody there"), errors.BadRequestError("go away")])
async def test_a_server_that_is_not_there_or_refuses_is_told(
    client: Any, service: FakeService, error: Exception
) -> None:
    service.answers["describe_domain"] = [error]
    with pytest.raises(type(error)):
        async with Worker(client, "tests", workflows=[Waiting]):
            pass


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            errors.ClientVersionNotSupportedError(
                feature_version="1.7.0", client_impl="uber-go", supported_versions="<1.5.0"
            ),
            ["1.7.0", "uber-go", "<1.5.0", "ClientHeaders(feature_version=...)"],
        ),
        (errors.AccessDeniedError("Request unauthorized."), ["Request unauthorized", "authorization=..."]),
    ],
)
async def test_a_refused_client_is_told_what_to_do(
    client: Any, service: FakeService, error: Any, words: list[str]
) -> None:
    service.answers["describe_domain"] = [error]
    with pytest.raises(type(error)) as caught:
        await Worker(client, "tests", activities=[greet]).start()
    assert [word for word in words if word not in str(caught.value)] == []
    assert service.closed


async def test_a_server_with_trouble_does_not_keep_it_from_starting(
    client: Any, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers["describe_domain"] = [errors.InternalServiceError("trouble")]
    async with Worker(client, "tests", activities=[greet]):
        pass
    assert "trouble" in caplog.text
    calls = len(service.calls)
    async with Worker(client, "tests", activities=[greet], check_at_start=False):
        pass
    assert len(service.calls) == calls


async def test_a_start_that_fails_on_the_way_leaves_nothing(client: Any, service: FakeService) -> None:
    client.interceptors = ("none",)
    with pytest.raises(ConfigurationError, match="interceptors"):
        await Worker(client, "tests", activities=[greet]).start()
    assert service.calls == []


async def test_kept_runs_are_given_up_when_it_stops(machine: Any, service: FakeService) -> None:
    async with machine([Waiting]) as assembly:
        for run_id in ("a", "b", "c"):
            history = RunHistory("Waiting", run_id=run_id)
            history.decision()
            service.decisions.put_nowait(history.task())
        await service.wait_told("respond_decision_task_completed", 3)
        await assembly.workflow_side.tasks.wait_idle()
        service.answers["reset_sticky_task_list"] = [errors.EntityNotExistsError("closed")]
    resets = {request.execution.run_id for request in service.told("reset_sticky_task_list")}
    assert resets == {"a", "b", "c"}


async def test_decisions_of_a_worker_that_stops_are_for_others_to_go_on_with(
    machine: Any, service: FakeService
) -> None:
    gate = asyncio.Event()

    @activity.defn
    async def gated(value: int) -> None:
        await gate.wait()

    @workflow.defn
    class Local:
        @workflow.run
        async def run(self) -> None:
            await workflow.execute_local_activity(gated, 1, schedule_to_close_timeout=timedelta(seconds=20))
            await asyncio.sleep(60)

    history = RunHistory("Local")
    history.decision()
    async with machine([Local], [gated]) as assembly:
        service.decisions.put_nowait(history.task())
        while not assembly.statistics(is_running=True).local_activities.running:  # noqa: ASYNC110
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.02, gate.set)
    (request,) = service.told("respond_decision_task_completed")
    assert request.sticky_attributes is None
    assert not request.return_new_decision_task


async def test_decisions_that_take_longer_than_the_grace_are_left_to_the_server(
    machine: Any, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    @activity.defn
    async def stubborn(value: int) -> None:
        await asyncio.Event().wait()

    @workflow.defn
    class Local:
        @workflow.run
        async def run(self) -> None:
            await workflow.execute_local_activity(stubborn, 1, schedule_to_close_timeout=timedelta(seconds=20))

    history = RunHistory("Local")
    history.decision()
    async with machine([Local], [stubborn], grace=0.01) as assembly:
        service.decisions.put_nowait(history.task())
        while not assembly.statistics(is_running=True).local_activities.running:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert service.told("respond_decision_task_completed") == []
    assert "1 decision tasks that did not end" in caplog.text


async def test_a_mailbox_outlives_a_bad_call(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    done = asyncio.Event()
    mailbox.post(lambda: 1 / 0)
    mailbox.post(lambda: mailbox.post(done.set))
    await done.wait()
    assert "our own bug" in caplog.text


def test_a_mailbox_of_a_closed_loop_says_so() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    assert not Mailbox(loop).post(print)


def test_threads_are_made_when_they_are_needed_and_outlive_bad_functions(caplog: pytest.LogCaptureFixture) -> None:
    pool = ThreadPool(2, "pool")
    gate, done = threading.Event(), threading.Semaphore(0)
    names: set[str] = set()

    def work() -> None:
        gate.wait(10)
        names.add(threading.current_thread().name)
        done.release()

    for _ in range(4):
        pool.submit(work)
    assert pool.threads == 2
    gate.set()
    for _ in range(4):
        assert done.acquire(timeout=10)
    assert names <= {"pool-1", "pool-2"}
    pool.submit(lambda: 1 / 0)
    pool.submit(work)
    assert done.acquire(timeout=10)
    pool.close()
    deadline = time.monotonic() + 10
    while pool.threads and time.monotonic() < deadline:
        time.sleep(0.001)
    assert pool.threads == 0
    assert "our own bug" in caplog.text


def test_idle_threads_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadence.worker.threads._IDLE_SECONDS", 0.001)
    pool = ThreadPool(1, "pool")
    done = threading.Event()
    pool.submit(done.set)
    assert done.wait(10)
    deadline = time.monotonic() + 10
    while pool.threads and time.monotonic() < deadline:
        time.sleep(0.001)
    assert pool.threads == 0
    done.clear()
    pool.submit(done.set)
    assert done.wait(10)
