"""Activities in processes: results and errors come back, they ask their attempt, a death is told and survived."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from typing import Any

import process_deeds as deeds
import pytest

from cadence import activity, api
from cadence.exceptions import ConfigurationError
from cadence.worker.processes import ProcessPool

COMPLETED = "respond_activity_task_completed"
FAILED = "respond_activity_task_failed"
CANCELED = "respond_activity_task_canceled"
HEARTBEAT = "record_activity_task_heartbeat"


def task_of(name: str, data: bytes | None = None, **fields: Any) -> api.PollForActivityTaskResponse:
    return api.PollForActivityTaskResponse(
        task_token=b"token",
        activity_id="1",
        workflow_execution=api.WorkflowExecution(workflow_id="w", run_id="r"),
        activity_type=api.ActivityType(name=name),
        input=data,
        start_to_close_timeout_seconds=60,
        **fields,
    )


async def test_functions_run_in_processes(machine: Any, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(os.path.dirname(deeds.__file__))  # noqa: PTH120
    activities = [deeds.process_id, deeds.die, deeds.raise_error]
    async with machine((), activities, process_activities=activities, max_processes=1):
        async with asyncio.timeout(60):
            service.activities.put_nowait(task_of("process_id", b"7"))
            await wait(service, COMPLETED, 1)
            value, process = json.loads(service.told(COMPLETED)[0].result)
            assert value == 7
            assert process != os.getpid()
            service.activities.put_nowait(task_of("raise_error", b'"no good"'))
            await wait(service, FAILED, 1)
            assert service.told(FAILED)[0].reason.endswith("ValueError")
            service.activities.put_nowait(task_of("die"))
            await wait(service, FAILED, 2)
            assert service.told(FAILED)[1].reason == "ProcessDied"
            service.activities.put_nowait(task_of("process_id", b"8"))
            await wait(service, COMPLETED, 2)
            assert json.loads(service.told(COMPLETED)[1].result)[1] != process


async def wait(service: Any, name: str, count: int) -> None:
    while len(service.told(name)) < count:  # noqa: ASYNC110  # processes take their time
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("subject", "message"),
    [(deeds.coroutine, "is a coroutine"), (deeds.Holder().method, "by its name"), (print, "is no activity")],
)
def test_what_can_not_run_in_a_process_is_refused(subject: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        ProcessPool([subject], None)


def test_a_function_inside_another_is_refused() -> None:
    @activity.defn
    def inner() -> None: ...

    with pytest.raises(ConfigurationError, match="by its name"):
        ProcessPool([inner], 1)


async def test_activities_ask_their_runtime(machine: Any, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(os.path.dirname(deeds.__file__))  # noqa: PTH120
    activities = [deeds.facts, deeds.beat, deeds.beat_badly, deeds.leave_open]
    async with machine((), activities, process_activities=activities, max_processes=1) as assembly, asyncio.timeout(60):
        service.activities.put_nowait(task_of("facts"))
        await wait(service, COMPLETED, 1)
        assert json.loads(service.told(COMPLETED)[0].result) == ["1", "w", False, False]
        service.activities.put_nowait(task_of("beat", heartbeat_details=b'"left"\n5\n', heartbeat_timeout_seconds=5))
        await wait(service, COMPLETED, 2)
        assert json.loads(service.told(COMPLETED)[1].result) == ["left", 5]
        service.activities.put_nowait(task_of("beat_badly", heartbeat_timeout_seconds=5))
        await wait(service, HEARTBEAT, 2)
        assert [request.details for request in service.told(HEARTBEAT)] == [b'"row"\n7\n', None]
        await wait(service, COMPLETED, 3)
        service.activities.put_nowait(task_of("leave_open"))
        await assembly.activity_tasks.wait_idle()
    assert [name for name, _ in service.calls if name.startswith("respond")] == [COMPLETED] * 3


async def test_cancellation_reaches_the_process(machine: Any, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(os.path.dirname(deeds.__file__))  # noqa: PTH120
    activities = [deeds.wait_until_cancelled, deeds.wait_in_a_loop, deeds.facts]
    cancelled = api.RecordActivityTaskHeartbeatResponse(cancel_requested=True)
    service.answers[HEARTBEAT] = [cancelled, cancelled]
    async with machine((), activities, process_activities=activities, max_processes=1), asyncio.timeout(60):
        service.activities.put_nowait(task_of("wait_until_cancelled", heartbeat_timeout_seconds=1))
        await wait(service, CANCELED, 1)
        assert b"cancellation" in service.told(CANCELED)[0].details
        service.activities.put_nowait(task_of("wait_in_a_loop", heartbeat_timeout_seconds=1))
        await wait(service, COMPLETED, 1)
        assert json.loads(service.told(COMPLETED)[0].result) == "done all the same"
        service.activities.put_nowait(task_of("facts"))
        await wait(service, COMPLETED, 2)
        assert json.loads(service.told(COMPLETED)[1].result)[2] is False  # the next one has not heard of it


async def test_what_cannot_cross_is_told(machine: Any, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(os.path.dirname(deeds.__file__))  # noqa: PTH120
    activities = [deeds.raise_demanding, deeds.return_what_cannot_leave, deeds.raise_error, deeds.process_id]
    async with machine((), activities, process_activities=activities, max_processes=1), asyncio.timeout(60):
        service.activities.put_nowait(task_of("raise_demanding"))
        service.activities.put_nowait(task_of("return_what_cannot_leave"))
        service.activities.put_nowait(task_of("raise_error", b'"no good"'))
        await wait(service, FAILED, 3)
        reasons = {failure.reason: failure.details for failure in service.told(FAILED)}
        assert b"5 of tea" in reasons["DemandingError"]
        assert b"process_deeds.py" in reasons["ValueError"]
        assert len(reasons) == 3
        service.activities.put_nowait(task_of("process_id", b"7"))
        await wait(service, COMPLETED, 1)


async def test_processes_end_with_their_pool(machine: Any, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(os.path.dirname(deeds.__file__))  # noqa: PTH120
    activities = [deeds.process_id]
    before = set(threading.enumerate())
    async with machine((), activities, process_activities=activities, max_processes=3), asyncio.timeout(60):
        for number in range(6):
            service.activities.put_nowait(task_of("process_id", str(number).encode()))
        await wait(service, COMPLETED, 6)
        results = [json.loads(request.result) for request in service.told(COMPLETED)]
        assert sorted(number for number, _ in results) == list(range(6))
        processes = {process for _, process in results}
        assert 1 <= len(processes) <= 3
    for thread in set(threading.enumerate()) - before:
        if thread.name == "cadence-process":
            await asyncio.to_thread(thread.join, 30)
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
