"""Activities in processes: results and errors come back, a death is told, and the next one finds a new process."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import process_deeds as deeds
import pytest

from cadence import activity, api
from cadence.exceptions import ConfigurationError
from cadence.worker.processes import ProcessPool

COMPLETED = "respond_activity_task_completed"
FAILED = "respond_activity_task_failed"


def task_of(name: str, data: bytes | None = None) -> api.PollForActivityTaskResponse:
    return api.PollForActivityTaskResponse(
        task_token=b"token",
        activity_id="1",
        activity_type=api.ActivityType(name=name),
        input=data,
        start_to_close_timeout_seconds=60,
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
