"""An activity task is answered by what its code did: completed, failed, cancelled, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, api, errors
from cadence.interceptor import ExecuteActivity, Heartbeat, Interceptor
from cadence.metrics import METRICS

COMPLETED = "respond_activity_task_completed"
FAILED = "respond_activity_task_failed"
CANCELED = "respond_activity_task_canceled"
HEARTBEAT = "record_activity_task_heartbeat"
NOW = 1_700_000_000 * 10**9

where: ContextVar[str] = ContextVar("where", default="nowhere")


class Deeds:
    """Activities, and what they saw."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.go_on = threading.Event()
        self.seen: list[Any] = []
        self.threads: list[str] = []

    @activity.defn
    async def add(self, a: int, b: int = 1) -> int:
        self.seen.append(where.get())
        return a + b

    @activity.defn
    def multiply(self, a: int, b: int) -> int:
        self.threads.append(threading.current_thread().name)
        self.seen.append(where.get())
        return a * b

    @activity.defn
    async def fail(self) -> None:
        raise ValueError("no good")

    @activity.defn
    async def wait(self) -> None:
        self.started.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.seen.append(activity.cancel_reason())

    @activity.defn
    def wait_in_thread(self) -> str:
        self.started.set()
        while not activity.is_cancelled():
            self.go_on.wait(0.01)
        raise asyncio.CancelledError("put back", 7)

    @activity.defn
    def block(self) -> str:
        self.started.set()
        self.go_on.wait(20)
        return "done"

    @activity.defn
    async def later(self) -> None:
        activity.complete_elsewhere()

    @activity.defn
    async def beat(self) -> Any:
        activity.heartbeat("half", 2)
        details = activity.heartbeat_details(str, int)
        activity.logger.warning("beating")
        return [list(details or ()), activity.info().attempt, activity.info().workflow_id]

    @activity.defn
    async def beat_badly(self) -> None:
        activity.heartbeat(object())

    @activity.defn
    async def unsendable(self) -> object:
        return object()

    @activity.defn
    def leave(self) -> None:
        raise SystemExit(2)


def task_of(name: str, data: bytes | None = None, **fields: Any) -> api.PollForActivityTaskResponse:
    values = {
        "start_to_close_timeout_seconds": 20,
        "schedule_to_close_timeout_seconds": 30,
        "scheduled_timestamp": NOW,
        "started_timestamp": NOW + 10**9,
        **fields,
    }
    return api.PollForActivityTaskResponse(
        task_token=b"token",
        workflow_execution=api.WorkflowExecution(workflow_id="workflow", run_id="run"),
        workflow_type=api.WorkflowType(name="Type"),
        activity_id="7",
        activity_type=api.ActivityType(name=name),
        input=data,
        attempt=2,
        **values,
    )


@pytest.fixture
def deeds() -> Deeds:
    return Deeds()


async def answer(service: Any, name: str, count: int = 1) -> Any:
    return (await service.wait_told(name, count))[count - 1]


@pytest.mark.parametrize("data", [b"2\n3\n", b"[2, 3]"])
@pytest.mark.parametrize(("name", "result"), [("add", b"5\n"), ("multiply", b"6\n"), ("main.add", b"5\n")])
async def test_results_are_told(
    machine: Any, service: Any, deeds: Deeds, *, name: str, result: bytes, data: bytes
) -> None:
    where.set("where the worker is entered")
    async with machine((), [deeds]) as assembly:
        service.activities.put_nowait(task_of(name, data))
        request = await answer(service, COMPLETED)
        assert (request.task_token, request.result, request.identity) == (b"token", result, assembly.identity)
        await assembly.activity_tasks.wait_idle()
        statistics = assembly.statistics(is_running=True)
        assert (statistics.activity_tasks.done, statistics.activity_tasks.failed) == (1, 0)
        assert list(statistics.polls) == ["activity"]
    assert deeds.seen == ["where the worker is entered"]
    assert all(thread.startswith("cadence-activity-tests") for thread in deeds.threads)


@pytest.mark.parametrize(
    ("name", "data", "reason", "text"),
    [
        ("fail", None, "ValueError", b"no good"),
        ("add", b'"x"', "ConversionError", b"argument 1"),
        ("unsendable", None, "ConversionError", b"object"),
        ("leave", None, "SystemExit", b"2"),
        ("ad", None, "ActivityNotRegistered", b'did you mean \\"add\\"?'),
    ],
)
async def test_failures_are_told(
    machine: Any, service: Any, deeds: Deeds, *, name: str, data: bytes | None, reason: str, text: bytes
) -> None:
    async with machine((), [deeds]) as assembly:
        service.activities.put_nowait(task_of(name, data))
        request = await answer(service, FAILED)
        assert reason in request.reason
        assert text in request.details
        await assembly.activity_tasks.wait_idle()
        assert assembly.statistics(is_running=True).activity_tasks.failed == 1


async def test_what_completes_elsewhere_is_not_answered(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine((), [deeds], max_concurrent_activities=1):
        service.activities.put_nowait(task_of("later"))
        service.activities.put_nowait(task_of("add", b"1"))
        await answer(service, COMPLETED)
    assert [name for name, _ in service.calls if name.startswith("respond")] == [COMPLETED]


@pytest.mark.parametrize(("name", "details"), [("wait", None), ("wait_in_thread", b'"put back"\n7\n')])
async def test_a_requested_cancellation_arrives_and_is_told(
    machine: Any, service: Any, deeds: Deeds, name: str, details: bytes | None
) -> None:
    service.answers[HEARTBEAT] = [api.RecordActivityTaskHeartbeatResponse(cancel_requested=True)]
    async with machine((), [deeds], automatic_heartbeats=True):
        service.activities.put_nowait(task_of(name, heartbeat_timeout_seconds=1))
        assert (await answer(service, CANCELED)).details == details


async def test_an_attempt_that_the_server_forgot_ends_quietly(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[HEARTBEAT] = [errors.EntityNotExistsError("gone")]
    async with machine((), [deeds], automatic_heartbeats=True) as assembly:
        service.activities.put_nowait(task_of("wait", heartbeat_timeout_seconds=1))
        await service.wait_told(HEARTBEAT)
        await assembly.activity_tasks.wait_idle()
    assert "timed out, or its workflow ended" in deeds.seen[0]
    assert [name for name, _ in service.calls if name.startswith("respond")] == []


async def test_an_attempt_is_stopped_at_its_deadline(machine: Any, service: Any, deeds: Deeds) -> None:
    late = {"started_timestamp": NOW + int(29.9 * 10**9)}
    async with machine((), [deeds]) as assembly:
        service.activities.put_nowait(task_of("wait", **late))
        await asyncio.to_thread(deeds.started.wait, 10)
        await assembly.activity_tasks.wait_idle()
    assert "its time is over" in deeds.seen[0]
    assert [name for name, _ in service.calls if name.startswith("respond")] == []


async def test_heartbeats_and_their_details(
    machine: Any, service: Any, deeds: Deeds, caplog: pytest.LogCaptureFixture
) -> None:
    async with machine((), [deeds]):
        service.activities.put_nowait(task_of("beat", heartbeat_details=b'"left"\n5\n', heartbeat_timeout_seconds=5))
        request = await answer(service, COMPLETED)
        assert request.result == b'[["left",5],2,"workflow"]\n'
        service.activities.put_nowait(task_of("beat_badly"))
        await answer(service, COMPLETED, 2)
    (record,) = [record for record in caplog.records if record.getMessage() == "beating"]
    assert vars(record)["cadence.activity_id"] == "7"
    assert "heartbeat details of activity beat_badly were not sent" in caplog.text


async def test_an_answer_that_is_refused_becomes_a_failure(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[COMPLETED] = [
        errors.BadRequestError("result too large"),
        errors.EntityNotExistsError("gone"),
        errors.InternalServiceError("down"),
    ]
    async with machine((), [deeds]):
        for _ in range(3):
            service.activities.put_nowait(task_of("add", b"1"))
        assert b"result too large" in (await answer(service, FAILED)).details
        await service.wait_told(COMPLETED, 3)
    assert len(service.told(FAILED)) == 1


class Watching(Interceptor):
    def __init__(self) -> None:
        self.calls: list[Any] = []

    async def execute_activity(
        self, call: ExecuteActivity, proceed: Callable[[ExecuteActivity], Awaitable[Any]]
    ) -> Any:
        self.calls.append((call.definition.name, call.arguments))
        return await proceed(call)

    def heartbeat(self, call: Heartbeat, proceed: Callable[[Heartbeat], None]) -> None:
        self.calls.append(call.details)
        proceed(call)


async def test_interceptors_stand_around_attempts(machine: Any, service: Any, deeds: Deeds) -> None:
    watching = Watching()
    async with machine((), [deeds], interceptors=[watching]):
        service.activities.put_nowait(task_of("multiply", b"2\n3\n"))
        assert (await answer(service, COMPLETED)).result == b"6\n"
        service.activities.put_nowait(task_of("beat"))
        await answer(service, COMPLETED, 2)
        service.activities.put_nowait(task_of("fail"))
        await answer(service, FAILED)
        service.activities.put_nowait(task_of("leave"))
        await answer(service, FAILED, 2)
    assert watching.calls == [("multiply", (2, 3)), ("beat", ()), ("half", 2), ("fail", ()), ("leave", ())]
    assert len(service.told(HEARTBEAT)) == 1


async def test_a_worker_that_stops_waits_for_what_runs(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine((), [deeds]):
        service.activities.put_nowait(task_of("block"))
        await asyncio.to_thread(deeds.started.wait, 10)
        asyncio.get_running_loop().call_later(0.05, deeds.go_on.set)
    assert service.told(COMPLETED)[0].result == b'"done"\n'


@pytest.mark.parametrize("name", ["wait", "wait_in_thread", "block"])
async def test_what_takes_longer_than_the_grace_is_left_to_the_server(
    machine: Any, service: Any, deeds: Deeds, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "cadence.worker")
    async with machine((), [deeds], grace=0.01):
        service.activities.put_nowait(task_of(name))
        await asyncio.to_thread(deeds.started.wait, 10)
    assert [called for called, _ in service.calls if called.startswith("respond")] == []
    assert ("1 activities" in caplog.text) == (name == "block")
    assert service.closed
    deeds.go_on.set()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            await asyncio.Event().wait()  # what is left posts its end, and nobody minds


async def test_limits_are_told_and_kept(machine: Any, service: Any, deeds: Deeds) -> None:
    limits = {"max_task_list_activities_per_second": 5, "max_activities_per_second": 1000.0}
    async with machine((), [deeds], **limits):
        service.activities.put_nowait(task_of("add", b"1"))
        await answer(service, COMPLETED)
    assert service.polls[0].task_list_metadata.max_tasks_per_second == 5.0


async def test_waiting_for_a_cancellation(machine: Any, service: Any) -> None:
    seen: list[Any] = []

    @activity.defn
    async def listen() -> str:
        seen.append("listening")
        try:
            await activity.wait_for_cancelled()
        except asyncio.CancelledError:
            seen.append("cancelled")
        return "ended"

    @activity.defn
    def listen_in_thread() -> str:
        seen.append(activity.wait_for_cancelled_sync(timedelta(milliseconds=1)))
        seen.append(activity.wait_for_cancelled_sync(timeout=None))
        seen.append(activity.is_worker_stopping())
        return "ended"

    service.answers[HEARTBEAT] = [api.RecordActivityTaskHeartbeatResponse(cancel_requested=True)] * 2
    async with machine((), [listen, listen_in_thread], automatic_heartbeats=True):
        service.activities.put_nowait(task_of("listen", heartbeat_timeout_seconds=1))
        await answer(service, COMPLETED)
        service.activities.put_nowait(task_of("listen_in_thread", heartbeat_timeout_seconds=1))
        await answer(service, COMPLETED, 2)
    assert seen == ["listening", "cancelled", False, True, False]


async def test_a_task_without_timeouts_has_long(machine: Any, service: Any, deeds: Deeds) -> None:
    nothing = {"start_to_close_timeout_seconds": None, "schedule_to_close_timeout_seconds": None}
    async with machine((), [deeds]):
        service.activities.put_nowait(task_of("beat", **nothing))
        await answer(service, COMPLETED)


class Counting:
    """A meter that adds up."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}
        self.times: set[str] = set()
        self.gauges: set[str] = set()

    def count(self, name: str, value: int = 1, /, **tags: str) -> None:
        key = (name, tags.get("outcome", ""))
        self.counts[key] = self.counts.get(key, 0) + value

    def time(self, name: str, seconds: float, /, **tags: str) -> None:
        assert seconds >= 0
        self.times.add(name)

    def gauge(self, name: str, value: float, /, **tags: str) -> None:
        self.gauges.add(name)


async def test_a_meter_is_told(machine: Any, service: Any, deeds: Deeds) -> None:
    meter = Counting()
    async with machine((), [deeds], meter=meter):
        for name in ("beat", "add", "fail", "nothing"):
            service.activities.put_nowait(task_of(name, b"1" if name == "add" else None))
        await service.wait_told(COMPLETED, 2)
        await service.wait_told(FAILED, 2)
    assert {name for name, _ in meter.counts} | meter.times <= set(METRICS)
    outcomes = {outcome: count for (name, outcome), count in meter.counts.items() if "activity_tasks" in name}
    assert outcomes == {"completed": 2, "failed": 1, "unknown": 1}
    assert meter.counts["cadence_heartbeats_total", "recorded"] == 1
    assert meter.counts["cadence_polls_total", "task"] == 4
    assert meter.times == {"cadence_activity_seconds"}
