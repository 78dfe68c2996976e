"""Local activities: run within the decision task, kept in markers, retried through timers, cancelled."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from cadence import api, workflow
from cadence.api.enums import DecisionType, EventType
from cadence.engine import HistoryError, LocalActivity
from cadence.exceptions import (
    ActivityCanceledError,
    ActivityFailedError,
    ActivityTimedOutError,
    NondeterminismError,
    TimeoutKind,
)
from cadence.workflow import CancellationType, RetryPolicy

MINUTE = timedelta(minutes=1)


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


def result(server: Any, decisions: list[Any]) -> Any:
    data = decisions[-1].complete_workflow_execution_decision_attributes.result
    server.check()
    return server.converter.decode_value(data)


async def local(name: str, *arguments: object, **options: Any) -> Any:
    options = {"schedule_to_close_timeout": MINUTE, **options}
    return await workflow.execute_local_activity(name, *arguments, **options)


@workflow.defn
class Three:
    @workflow.run
    async def run(self) -> list[Any]:
        first = await local("first", 1)
        at_first = workflow.now()
        both = await asyncio.gather(local("second", first), local("third", first))
        return [first, *both, workflow.now() > at_first, workflow.get_version("v"), workflow.side_effect(lambda: 3)]


def test_several_in_one_task(serve: Any) -> None:
    seen: list[LocalActivity] = []

    def run(activity: LocalActivity) -> dict[str, Any]:
        seen.append(activity)
        return {"result": json.dumps(f"of {activity.activity_type}").encode() + b"\n"}

    server = serve(Three, local=run)
    decisions = server.task()
    assert [(one.activity_id, one.activity_type, one.arguments) for one in seen] == [
        ("0", "first", b"1\n"),
        ("1", "second", b'"of first"\n'),
        ("2", "third", b'"of first"\n'),
    ]
    assert kinds(decisions)[:3] == ["RecordMarker"] * 3
    details = json.loads(decisions[0].record_marker_decision_attributes.details)
    assert details["activityId"] == "0"
    assert details["activityType"] == "first"
    assert details["resultJson"] == '"of first"\n'
    assert details["replayTime"].endswith("Z")
    assert result(server, decisions) == ["of first", "of second", "of third", True, 1, 3]


@workflow.defn
class Catches:
    @workflow.run
    async def run(self, options: dict[str, int] | None = None) -> list[Any]:
        retry = RetryPolicy(maximum_attempts=5, expiration_interval=timedelta(hours=1)) if options else None
        try:
            return ["result", await local("work", retry_policy=retry, result_type=str)]
        except ActivityFailedError as error:
            return ["failed", error.reason, str(error.__cause__), error.attempt, error.activity_id]
        except ActivityTimedOutError as error:
            return ["timed out", error.kind.name]
        except ActivityCanceledError:
            return ["canceled"]


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (("cadenceInternal:Generic", b"bad luck"), ["failed", "cadenceInternal:Generic", "bad luck", 2, "0"]),
        (("mine", b'"x"\n'), ["failed", "mine"]),
        (("mine", b"\x00\xff\xfe"), ["failed", "mine"]),
        (("cadenceInternal:Timeout SCHEDULE_TO_CLOSE", None), ["timed out", "SCHEDULE_TO_CLOSE"]),
        (("cadenceInternal:Canceled", None), ["canceled"]),
    ],
)
def test_failures(serve: Any, failure: Any, expected: list[Any]) -> None:
    server = serve(Catches, local=lambda _one: {"failure": failure, "attempt": 2})
    assert TimeoutKind.SCHEDULE_TO_CLOSE.name == "SCHEDULE_TO_CLOSE"
    assert result(server, server.task())[: len(expected)] == expected


def test_a_result_that_is_no_text(serve: Any) -> None:
    @workflow.defn
    class Bytes:
        @workflow.run
        async def run(self) -> bool:
            return bool(await local("work", result_type=bytes) == b"\x80\x00\xff")

    server = serve(Bytes, local=lambda _one: {"result": b"\x80\x00\xff"})
    assert result(server, server.task()) is True


def test_a_retry_that_takes_longer_goes_through_a_timer(serve: Any) -> None:
    ends: list[dict[str, Any]] = [
        {"failure": ("cadenceInternal:Generic", b"one"), "attempt": 2, "backoff": timedelta(seconds=30)},
        {"failure": ("cadenceInternal:Generic", b"two"), "attempt": 3, "backoff": timedelta(seconds=60.5)},
        {"result": b'"at last"\n', "attempt": 4},
    ]
    seen: list[LocalActivity] = []

    def run(activity: LocalActivity) -> dict[str, Any]:
        seen.append(activity)
        return ends[len(seen) - 1]

    server = serve(Catches, {"retry": 1}, local=run)
    decisions = server.task()
    assert kinds(decisions) == ["RecordMarker", "StartTimer"]
    assert json.loads(decisions[0].record_marker_decision_attributes.details)["backoff"] == 30 * 10**9
    assert decisions[1].start_timer_decision_attributes.start_to_fire_timeout_seconds == 30
    server.fire("1")
    decisions = server.task()
    assert decisions[1].start_timer_decision_attributes.start_to_fire_timeout_seconds == 61
    server.fire("3")
    assert result(server, server.task()) == ["result", "at last"]
    assert [(one.activity_id, one.attempt) for one in seen] == [("0", 0), ("2", 3), ("4", 4)]
    assert {one.expires_ns - one.scheduled_time_ns for one in seen} == {3600 * 10**9}


@workflow.defn
class Slow:
    def __init__(self) -> None:
        self.log: list[str] = []

    @workflow.run
    async def run(self) -> list[str]:
        self.log.append(str(await local("slow")))
        return self.log

    @workflow.signal
    def add(self) -> None:
        self.log.append("signal")


def test_one_that_outlives_its_task_by_heartbeats(serve: Any) -> None:
    server = serve(Slow, local=lambda _one: None)
    assert server.task() == []
    assert server.run.pending_local_activities == 1
    server.signal("add")
    assert server.task() == []
    server.begin()
    server.end_local("0", result=b'"done"\n')
    assert server.run.pending_local_activities == 0
    assert result(server, server.finish()) == ["signal", "done"]


def test_one_that_outlives_its_task_is_started_again_where_the_cache_is_lost(serve: Any) -> None:
    server = serve(Slow, local=lambda _one: None)
    server.task()
    server.evict()
    server.local = lambda _one: {"result": b'"again"\n'}
    assert result(server, server.task()) == ["again"]


@workflow.defn
class Cancels:
    def __init__(self) -> None:
        self.stop = False

    @workflow.run
    async def run(self, way: str) -> list[Any]:
        handle = workflow.start_local_activity(
            "slow", schedule_to_close_timeout=MINUTE, cancellation_type=CancellationType(way)
        )
        await workflow.wait_condition(lambda: self.stop)
        handle.cancel()
        handle.cancel()
        try:
            found = await handle
        except asyncio.CancelledError:
            found = "cancelled"
        except ActivityFailedError:
            found = "failed"
        await workflow.sleep(1)
        return [found]

    @workflow.signal
    def halt(self) -> None:
        self.stop = True


@pytest.mark.parametrize("way", ["try_cancel", "abandon"])
def test_cancelled_at_once(serve: Any, way: str) -> None:
    server = serve(Cancels, way, local=lambda _one: None)
    server.task()
    server.signal("halt")
    server.begin()
    assert server.run.local_activities_to_cancel() == (["0"] if way == "try_cancel" else [])
    assert server.run.pending_local_activities == 0
    assert kinds(server.finish()) == ["StartTimer"]
    server.run.receive_local_activity("0", time_ns=server.time_ns, result=b'"late"\n')  # nobody waits
    server.fire("1")
    assert result(server, server.task()) == ["cancelled"]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ({"failure": ("cadenceInternal:Canceled", None)}, "cancelled"),
        ({"failure": ("mine", None), "backoff": timedelta(seconds=9)}, "failed"),
        ({"result": b'"done"\n'}, "done"),
    ],
)
def test_cancelled_with_a_wait_for_its_end(serve: Any, end: dict[str, Any], expected: str) -> None:
    server = serve(Cancels, "wait_cancellation_completed", local=lambda _one: None)
    server.task()
    server.signal("halt")
    server.begin()
    assert set(server.run.local_activities_to_cancel()) == {"0"}
    server.end_local("0", **end)
    assert kinds(server.finish()) == ["RecordMarker", "StartTimer"]
    server.fire("1")
    assert result(server, server.task()) == [expected]


@workflow.defn
class NeverStarted:
    @workflow.run
    async def run(self) -> str:
        handle = workflow.start_local_activity("work", schedule_to_close_timeout=MINUTE)
        handle.cancel()
        await asyncio.wait([handle])
        return str(handle.cancelled())


def test_cancelled_before_it_began_is_never_run(serve: Any) -> None:
    server = serve(NeverStarted, local=lambda _one: pytest.fail("it was run"))
    assert result(server, server.task()) == "True"


@workflow.defn
class CancelsTheRetry:
    @workflow.run
    async def run(self) -> str:
        call = local("work", retry_policy=RetryPolicy(maximum_attempts=9))
        try:
            async with asyncio.timeout(5):
                await call
        except TimeoutError:
            return "gave up"
        return "done"


def test_cancelled_while_it_waits_for_its_next_attempt(serve: Any) -> None:
    end = {"failure": ("mine", None), "attempt": 1, "backoff": timedelta(seconds=600)}
    server = serve(CancelsTheRetry, local=lambda _one: end)
    assert kinds(server.task()) == ["StartTimer", "RecordMarker", "StartTimer"]
    server.fire("0")
    decisions = server.task()
    assert kinds(decisions) == ["CancelTimer", "CompleteWorkflowExecution"]
    assert result(server, decisions) == "gave up"


# --- replay of changed and foreign histories ---


def changed(server: Any, change: Any) -> None:
    for event in server.history:
        if event.event_type == EventType.MarkerRecorded:
            change(event.marker_recorded_event_attributes)
    server.evict()


@workflow.defn
class OneAndATimer:
    @workflow.run
    async def run(self) -> Any:
        found = await local("work")
        await workflow.sleep(1)
        return found


def one(serve: Any) -> Any:
    server = serve(OneAndATimer)
    server.task()
    server.fire("1")
    return server


def test_another_name_is_nondeterminism(serve: Any) -> None:
    server = one(serve)

    def rename(attributes: Any) -> None:
        attributes.details = attributes.details.replace(b'"work"', b'"package.job"')

    changed(server, rename)
    with pytest.raises(NondeterminismError, match='local activity "work"'):
        server.task()


def test_package_names_do_not_matter(serve: Any) -> None:
    server = one(serve)

    def rename(attributes: Any) -> None:
        attributes.details = attributes.details.replace(b'"work"', b'"main/package.work"')

    changed(server, rename)
    assert kinds(server.task()) == ["CompleteWorkflowExecution"]


def test_a_marker_that_nobody_waits_for(serve: Any) -> None:
    server = one(serve)

    def renumber(attributes: Any) -> None:
        attributes.details = attributes.details.replace(b'"activityId":"0"', b'"activityId":"7"')

    changed(server, renumber)
    with pytest.raises(NondeterminismError):
        server.task()


def test_a_time_that_is_none(serve: Any) -> None:
    server = one(serve)

    def break_time(attributes: Any) -> None:
        attributes.details = json.dumps({**json.loads(attributes.details), "replayTime": "yesterday"}).encode()

    changed(server, break_time)
    with pytest.raises(HistoryError, match="yesterday"):
        server.task()


@pytest.mark.parametrize("time", ["", "2026-11-21T01:02:03Z", "2026-11-21T01:02:03.123456789+05:30"])
def test_times_of_go(serve: Any, time: str) -> None:
    server = one(serve)

    def set_time(attributes: Any) -> None:
        attributes.details = json.dumps({**json.loads(attributes.details), "replayTime": time}).encode()

    changed(server, set_time)
    assert kinds(server.task()) == ["CompleteWorkflowExecution"]


JAVA = {
    "activityId": "0",
    "activityType": "ActivityType(name:Acts::work)",
    "errReason": None,
    "replayTimeMillis": 1795228535943,
    "attempt": 0,
    "backoff": None,
    "isCancelled": False,
}


@pytest.mark.parametrize(
    ("more", "details", "end"),
    [
        ({}, b'"of Java"', "CompleteWorkflowExecution"),
        ({"activityType": "Acts::work"}, None, "CompleteWorkflowExecution"),
        ({"errReason": "java.io.IOException"}, b'{"detailMessage":"x"}', "FailWorkflowExecution"),
    ],
)
def test_markers_of_java(serve: Any, more: dict[str, Any], details: Any, end: str) -> None:
    @workflow.defn(name="Acts")
    class JavaLike:
        @workflow.run
        async def run(self) -> Any:
            return await local("Acts::work")

    server = serve(JavaLike)
    server.task()

    def as_java(attributes: Any) -> None:
        header = {"LocalActivityHeader": json.dumps({**JAVA, **more}).encode()}
        attributes.header = api.Header(fields=header)
        attributes.details = details

    changed(server, as_java)
    run = server.new_run()
    if end.startswith("Complete"):
        run.receive_task(server.history)
        assert run.is_closed
    else:
        with pytest.raises(NondeterminismError, match="the workflow's failure"):
            run.receive_task(server.history)
    run.close()


@workflow.defn
class EndsWithTheFirst:
    @workflow.run
    async def run(self) -> str:
        tasks = [asyncio.create_task(local(name)) for name in ("a", "b")]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return "done"


def test_one_that_ends_behind_the_runs_end_leaves_no_marker(serve: Any) -> None:
    server = serve(EndsWithTheFirst)
    decisions = server.task()
    assert kinds(decisions) == ["RecordMarker", "CompleteWorkflowExecution"]
    assert result(server, decisions) == "done"
