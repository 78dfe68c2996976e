"""A worker whose server is busy or lies: it waits, says so once, and works on when the server is well."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, Worker, activity, api, workflow
from cadence.errors import LimitExceededError, ServiceBusyError
from cadence.tchannel import CallResponse, errors

MINUTE = timedelta(minutes=1)
POLLS = ("PollForDecisionTask", "PollForActivityTask")
GARBAGE = CallResponse(True, {}, b"\xff" * 40)
CUT_OFF = CallResponse(True, {}, b"\x0c\x00\x00\x0b\x00\x0a\x00\x00\x00\x05ab")
NOTHING = CallResponse(True, {}, b"\x00")
UNKNOWN = CallResponse(False, {"$rpc$-application-error-name": "QuotaError"}, b"\x0c\x00\x63\x00\x00")


@activity.defn(schedule_to_close_timeout=MINUTE)
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return await greet(name)


@pytest.fixture
async def client(between: Any, frontend: Any) -> AsyncIterator[Client]:
    """A client that talks to the frontend between."""
    async with Client.connect(between.address, domain=frontend.domain) as client:
        yield client


def worker_of(client: Client, task_list: str) -> Worker:
    """A worker with one poll of each kind, so that what it does can be counted."""
    return Worker(
        client,
        task_list,
        workflows=[Greeting],
        activities=[greet],
        max_eager_activities=0,
        grace=timedelta(seconds=1),
        **{f"{bound}_{kind}_pollers": 1 for bound in ("min", "max") for kind in ("decision", "activity")},  # type: ignore[arg-type]
    )


async def works(scene: Any) -> bool:
    return bool(await scene.run(Greeting.run, "you") == "Hello, you!")


def told_of(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if words in record.getMessage()]


@pytest.mark.parametrize(
    "busy", [ServiceBusyError("too many"), errors.BusyError("too many")], ids=["declared", "error frame"]
)
async def test_polls_slow_down_for_a_busy_server_and_recover(
    scene: Any, client: Client, between: Any, busy: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cadence.worker")

    async def be_busy(call: Any, passing: Any) -> CallResponse:
        if isinstance(busy, errors.BusyError):
            raise busy
        return between.answer_to(call, busy)

    async with worker_of(client, scene.task_list):
        assert await works(scene)
        between.acts["PollForActivityTask"] = be_busy
        # The poll that is out brings the activity of this one; those after it are refused.
        assert await works(scene)
        seen = between.seen["PollForActivityTask"]
        handle = await scene.start(Greeting.run, "you")
        await between.until(lambda: between.seen["PollForActivityTask"] >= seen + 3)
        between.acts.clear()
        assert await scene.result(handle) == "Hello, you!"
        gaps = between.gaps("PollForActivityTask")[seen:][:2]
        assert await works(scene)
    assert min(gaps) >= 0.5, gaps  # half of a second by lot, and more
    assert len(told_of(caplog, "too many")) == 1
    assert len(told_of(caplog, "answered again")) == 1


@pytest.mark.parametrize(
    "lie",
    [
        GARBAGE,
        CUT_OFF,
        NOTHING,
        UNKNOWN,
        errors.UnexpectedError("a bug of the server"),
        errors.DeclinedError("not here"),
        errors.BadRequestFrameError("what is this?"),
        errors.FatalProtocolError("no more"),
        LimitExceededError("too many polls"),
    ],
    ids=["garbage", "cut off", "nothing", "unknown error", "0x05", "0x04", "0x06", "0xff", "declared"],
)
async def test_polls_that_are_answered_with_a_lie_go_on(
    scene: Any, client: Client, between: Any, lie: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cadence.worker")

    async def lying(call: Any, passing: Any) -> CallResponse:
        if isinstance(lie, errors.TChannelError):
            raise lie
        return lie if isinstance(lie, CallResponse) else between.answer_to(call, lie)

    between.acts.update(dict.fromkeys(POLLS, lying))
    async with worker_of(client, scene.task_list):
        await between.until(lambda: all(between.seen[name] >= 5 for name in POLLS))
        between.acts.clear()
        assert await works(scene)
    fails = told_of(caplog, "fail, and are tried again")
    assert len(fails) <= 3, fails  # one of each kind
    assert all(record.exc_info is None for record in caplog.records), "known errors need no traceback"
    if not isinstance(lie, LimitExceededError):
        assert all(between.address in line for line in fails), fails


@pytest.mark.parametrize(
    "task",
    [
        api.PollForDecisionTaskResponse(task_token=b"?"),
        api.PollForDecisionTaskResponse(
            task_token=b"?",
            workflow_execution=api.WorkflowExecution(workflow_id="w", run_id="r"),
            workflow_type=api.WorkflowType(name="Greeting"),
        ),
        api.PollForDecisionTaskResponse(
            task_token=b"?",
            workflow_execution=api.WorkflowExecution(workflow_id="w", run_id="r"),
            workflow_type=api.WorkflowType(name="Greeting"),
            history=api.History(events=[api.HistoryEvent(event_id=7)]),
            started_event_id=3,
        ),
        api.PollForActivityTaskResponse(task_token=b"?"),
        api.PollForActivityTaskResponse(task_token=b"?", activity_type=api.ActivityType(name="greet"), input=b"{]"),
        api.PollForActivityTaskResponse(
            task_token=b"?",
            activity_type=api.ActivityType(name=greet.__name__),
            start_to_close_timeout_seconds=-5,
            heartbeat_timeout_seconds=-1,
            started_timestamp=-1,
            scheduled_timestamp=2**63 - 1,
        ),
    ],
    ids=["decision: a token", "no history", "half a history", "activity: a token", "bad input", "absurd times"],
)
async def test_tasks_that_are_none_cost_themselves_alone(scene: Any, client: Client, between: Any, task: Any) -> None:
    name = "PollForDecisionTask" if isinstance(task, api.PollForDecisionTaskResponse) else "PollForActivityTask"
    given = []

    async def give_once(call: Any, passing: Any) -> CallResponse:
        if between.request_of(call).task_list.name != scene.task_list or given:
            return await passing()
        given.append(task)
        return between.answer_to(call, task)

    between.acts[name] = give_once
    async with worker_of(client, scene.task_list):
        await between.until(lambda: given)
        assert await works(scene)
        assert await works(scene)
