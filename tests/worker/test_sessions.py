"""A worker's sessions: told to their workflows, kept alive, no more than there are places, and ended in every way."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import pytest

from cadence import Worker, activity, api, errors, workflow
from cadence.converter import Convention, DataConverter
from cadence.exceptions import ConfigurationError
from cadence.tchannel.errors import CallTimeoutError
from cadence.worker.options import WorkerOptions

CREATION = "internalSessionCreationActivity"
COMPLETION = "internalSessionCompletionActivity"
COMPLETED = "respond_activity_task_completed"
FAILED = "respond_activity_task_failed"
CANCELED = "respond_activity_task_canceled"
HEARTBEAT = "record_activity_task_heartbeat"
SIGNAL = "signal_workflow_execution"
CANCEL_REQUESTED = api.RecordActivityTaskHeartbeatResponse(cancel_requested=True)


class Deeds:
    """What runs in sessions."""

    def __init__(self) -> None:
        self.lists: list[str] = []
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    @activity.defn
    async def add(self, a: int) -> int:
        self.lists.append(activity.info().task_list)
        return a + 1

    @activity.defn
    async def wait(self) -> None:
        self.begun.set()
        await self.go_on.wait()


def task_of(name: str, session: str = "s", data: bytes | None = None, **fields: Any) -> api.PollForActivityTaskResponse:
    return api.PollForActivityTaskResponse(
        task_token=f"{name} {session}".encode(),
        workflow_execution=api.WorkflowExecution(workflow_id="workflow", run_id="run"),
        workflow_type=api.WorkflowType(name="Type"),
        activity_type=api.ActivityType(name=name),
        input=json.dumps(session).encode() + b"\n" if data is None else data,
        **{"start_to_close_timeout_seconds": 20, "heartbeat_timeout_seconds": 10, **fields},
    )


@pytest.fixture
async def deeds() -> Deeds:
    return Deeds()


async def open_session(service: Any, session: str = "s", **fields: Any) -> Any:
    """Have the worker take a session, and return the signal that says so."""
    before = len(service.told(SIGNAL))
    service.sessions.put_nowait(task_of(CREATION, session, **fields))
    return (await service.wait_told(SIGNAL, before + 1))[before]


async def token_of(service: Any, name: str, count: int = 1) -> bytes:
    token: bytes = (await service.wait_told(name, count))[count - 1].task_token
    return token


async def test_a_session_is_told_to_its_workflow_and_served(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine((), [deeds], sessions=True) as assembly:
        signal = await open_session(service)
        host = json.loads(signal.input)
        assert (signal.domain, signal.signal_name, signal.identity) == ("tests", "s", assembly.identity)
        assert signal.workflow_execution == api.WorkflowExecution(workflow_id="workflow", run_id="run")
        assert host["HostName"] == socket.gethostname()
        assert host["Tasklist"] == f"{host['ResourceID']}@{host['HostName']}"
        polled = {poll.task_list.name for poll in service.polls}
        assert polled == {"tests", "tests__internal_session_creation", host["Tasklist"]}
        assert list(assembly.statistics(is_running=True).polls) == ["activity", "session_creation", "session_activity"]

        service.in_sessions.put_nowait(task_of("add", data=b"1"))
        assert (await service.wait_told(COMPLETED))[0].result == b"2\n"
        assert deeds.lists == [host["Tasklist"]]

        service.in_sessions.put_nowait(task_of(COMPLETION))
        await service.wait_told(COMPLETED, 3)
        tokens = {each.task_token for each in service.told(COMPLETED)}
        assert tokens == {b"add s", f"{COMPLETION} s".encode(), f"{CREATION} s".encode()}
        statistics = assembly.statistics(is_running=True)
        assert (statistics.sessions.running, statistics.sessions.done, statistics.sessions.failed) == (0, 1, 0)
        assert (statistics.session_activities.done, statistics.activity_tasks.done) == (1, 0)


async def test_no_more_than_there_are_places(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine((), [deeds], max_concurrent_sessions=2) as assembly:
        for name in ("a", "b"):
            await open_session(service, name)
        service.sessions.put_nowait(task_of(CREATION, "c"))
        service.in_sessions.put_nowait(task_of(COMPLETION, "unknown"))
        await service.wait_told(COMPLETED)
        assert assembly.statistics(is_running=True).sessions.running == 2
        assert service.sessions.qsize() == 1
        service.in_sessions.put_nowait(task_of(COMPLETION, "a"))
        assert [signal.signal_name for signal in await service.wait_told(SIGNAL, 3)] == ["a", "b", "c"]


async def test_it_beats_until_its_cancellation_is_requested(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[HEARTBEAT] = [
        api.RecordActivityTaskHeartbeatResponse(cancel_requested=False),
        CallTimeoutError("slow"),
        CANCEL_REQUESTED,
    ]
    async with machine((), [deeds], sessions=True) as assembly:
        await open_session(service, heartbeat_timeout_seconds=1)
        assert await token_of(service, CANCELED) == f"{CREATION} s".encode()
        assert len(service.told(HEARTBEAT)) == 3
        assert assembly.statistics(is_running=True).sessions.running == 0


@pytest.mark.parametrize("where", [HEARTBEAT, SIGNAL])
async def test_one_that_the_server_forgot_ends_quietly(machine: Any, service: Any, deeds: Deeds, where: str) -> None:
    service.answers[where] = [errors.EntityNotExistsError("gone")]
    async with machine((), [deeds], max_concurrent_sessions=1):
        await open_session(service, heartbeat_timeout_seconds=1)
        await open_session(service, "next")
    assert [each.task_token for each in service.told(FAILED)] == [f"{CREATION} next".encode()]


async def test_one_lasts_no_longer_than_it_may(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine((), [deeds], max_concurrent_sessions=1):
        await open_session(service, start_to_close_timeout_seconds=1)
        await open_session(service, "next")
    assert [each.task_token for each in service.told(FAILED)] == [f"{CREATION} next".encode()]


async def test_a_workflow_is_told_until_it_knows(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[SIGNAL] = [CallTimeoutError("slow")]
    async with machine((), [deeds], sessions=True):
        await open_session(service)
        first, second = await service.wait_told(SIGNAL, 2)
        assert first.request_id == second.request_id


async def test_a_workflow_that_can_not_be_told_gets_no_session(machine: Any, service: Any, deeds: Deeds) -> None:
    service.answers[SIGNAL] = [errors.LimitExceededError("exceeded workflow execution limit for signal events")]
    async with machine((), [deeds], sessions=True) as assembly:
        await open_session(service)
        (failure,) = await service.wait_told(FAILED)
        assert failure.reason == "cadenceInternal:Generic"
        assert b"could not be told" in failure.details
        assert assembly.statistics(is_running=True).sessions.failed == 1


async def test_one_that_can_not_be_read_is_left_to_others(
    machine: Any, service: Any, deeds: Deeds, caplog: pytest.LogCaptureFixture
) -> None:
    async with machine((), [deeds], sessions=True):
        service.sessions.put_nowait(task_of(CREATION, data=b"\x00"))
        (failure,) = await service.wait_told(FAILED)
    assert failure.reason == "too many outstanding sessions"
    assert "a session can't be read" in caplog.text


@pytest.mark.parametrize("convention", [Convention.GO, Convention.JAVA])
async def test_a_worker_that_stops_gives_them_up_after_their_activities(
    machine: Any, service: Any, client: Any, deeds: Deeds, convention: Convention
) -> None:
    client.converter = DataConverter(convention=convention)
    async with machine((), [deeds], sessions=True):
        await open_session(service, data=b'"s"')
        service.in_sessions.put_nowait(task_of("wait"))
        async with asyncio.timeout(10):
            await deeds.begun.wait()
        asyncio.get_running_loop().call_later(0.1, deeds.go_on.set)
    answered = [(name, call.task_token) for name, call in service.calls if name in (COMPLETED, FAILED)]
    assert answered == [(COMPLETED, b"wait s"), (FAILED, f"{CREATION} s".encode())]
    (failure,) = service.told(FAILED)
    assert failure.reason == "cadenceInternal:Generic"
    assert "the worker stops" in str(client.converter.decode_failure(failure.reason, failure.details))


async def test_a_worker_that_stops_takes_no_more(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine((), [deeds], sessions=True) as assembly:
        assembly.sessions.begin_to_stop()
        service.sessions.put_nowait(task_of(CREATION))
        (failure,) = await service.wait_told(FAILED)
        assert failure.reason == "too many outstanding sessions"
    assert service.told(SIGNAL) == []


async def test_a_session_may_be_asked_of_this_host(machine: Any, service: Any, deeds: Deeds) -> None:
    async with machine((), [deeds], max_concurrent_sessions=1, max_concurrent_activities=1) as assembly:
        service.in_sessions.put_nowait(task_of(CREATION))
        await service.wait_told(SIGNAL)
        assert assembly.statistics(is_running=True).sessions.running == 1
        service.in_sessions.put_nowait(task_of(CREATION, "another"))
        assert await token_of(service, FAILED) == f"{CREATION} another".encode()
        service.in_sessions.put_nowait(task_of("add", data=b"1"))
        service.in_sessions.put_nowait(task_of(COMPLETION))
        await service.wait_told(COMPLETED, 3)
        assert assembly.statistics(is_running=True).sessions.running == 0
        await open_session(service, "next")


async def test_answers_that_can_not_be_told_end_it_all_the_same(
    machine: Any, service: Any, deeds: Deeds, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers[COMPLETED] = [None, errors.InternalServiceError("down")]
    async with machine((), [deeds], max_concurrent_sessions=1):
        await open_session(service)
        service.in_sessions.put_nowait(task_of(COMPLETION))
        await open_session(service, "next")
        await service.wait_told(COMPLETED, 2)
    assert "the end of a session could not be told" in caplog.text


def test_options() -> None:
    assert WorkerOptions().session_places == 0
    assert WorkerOptions(sessions=True).session_places == 1000
    assert WorkerOptions(max_concurrent_sessions=3).session_places == 3
    assert WorkerOptions(sessions=True, max_concurrent_sessions=3).session_places == 3
    for wrong in ({"sessions": 3}, {"max_concurrent_sessions": 0}, {"max_concurrent_sessions": True}):
        with pytest.raises(ConfigurationError, match="sessions"):
            WorkerOptions.of(wrong)


@workflow.defn
class Nothing:
    @workflow.run
    async def run(self) -> None: ...


def test_sessions_need_activities(client: Any) -> None:
    with pytest.raises(ConfigurationError, match="no activities"):
        Worker(client, "tests", sessions=True, workflows=[Nothing])
