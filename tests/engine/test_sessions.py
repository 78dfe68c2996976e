"""Sessions: one host for several activities; how they open, fail and end, and that replay agrees at every step."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.api.enums import DecisionType, TimeoutType
from cadence.engine import RunOptions
from cadence.exceptions import (
    ActivityFailedError,
    ConfigurationError,
    SessionFailedError,
    SessionNotCreatedError,
    TimeoutKind,
)
from cadence.interceptor import Interceptor

CREATION = "internalSessionCreationActivity"
COMPLETION = "internalSessionCompletionActivity"
HOST = {"Tasklist": "disk@host-1", "HostName": "host-1", "ResourceID": "disk"}
LIMIT = timedelta(seconds=60)


def scheduled(decisions: list[Any]) -> dict[str, Any]:
    """The activities that decisions schedule, by type."""
    attributes = [each.schedule_activity_task_decision_attributes for each in decisions]
    return {each.activity_type.name: each for each in attributes if each is not None}


def withdrawn(decisions: list[Any]) -> list[str]:
    """The ids of activities whose cancellation decisions request."""
    attributes = [each.request_cancel_activity_task_decision_attributes for each in decisions]
    return [each.activity_id for each in attributes if each is not None]


def result_of(decisions: list[Any]) -> Any:
    last = decisions[-1]
    assert last.decision_type == DecisionType.CompleteWorkflowExecution, last
    return json.loads(last.complete_workflow_execution_decision_attributes.result)


class Names:
    """Names of sessions, the same again in a check, whose runs ask for them in the same order."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> uuid.UUID:
        self.last += 1
        return uuid.UUID(int=self.last)


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names()
    monkeypatch.setattr(uuid, "uuid4", names)
    return names


def check(server: Any) -> None:
    """Demand the same decisions of fresh runs."""
    uuid.uuid4.last = 0  # type: ignore[attr-defined]  # it is `Names`
    server.check()


class Opened:
    """A run whose session a host has taken."""

    def __init__(self, server: Any) -> None:
        self.server = server
        server.begin()
        self.creation = scheduled(server.finish())[CREATION]
        self.id = json.loads(self.creation.input)
        server.signal(self.id, HOST)

    def fail(self, kind: TimeoutType = TimeoutType.HEARTBEAT) -> list[Any]:
        self.server.time_out(self.creation.activity_id, kind)
        decisions: list[Any] = self.server.task()
        return decisions

    def complete(self, decisions: list[Any]) -> list[Any]:
        """End the session on its host, and go on."""
        completion = scheduled(decisions)[COMPLETION]
        assert completion.task_list.name == HOST["Tasklist"]
        assert json.loads(completion.input) == self.id
        self.server.complete(completion.activity_id, None)
        after: list[Any] = self.server.task()
        return after


@pytest.fixture
def opened(serve: Callable[..., Any]) -> Callable[..., Opened]:
    return lambda subject, *arguments: Opened(serve(subject, *arguments))


@workflow.defn
class OneAfterTheOther:
    @workflow.run
    async def run(self) -> list[str]:
        async with workflow.session(
            creation_timeout=timedelta(seconds=30),
            execution_timeout=timedelta(minutes=10),
            heartbeat_timeout=timedelta(seconds=9),
        ) as session:
            facts = [session.host_name, session.task_list, session.resource_id, session.state.value]
            first = await session.execute_activity("first", start_to_close_timeout=LIMIT, result_type=str)
            second = await session.execute_activity("second", first, schedule_to_close_timeout=LIMIT, result_type=str)
        return [*facts, second, session.state.value]


def test_a_session_from_its_beginning_to_its_end(opened: Callable[..., Opened]) -> None:
    run = opened(OneAfterTheOther)
    creation = run.creation
    assert creation.task_list.name == "tasks__internal_session_creation"
    assert (creation.schedule_to_start_timeout_seconds, creation.start_to_close_timeout_seconds) == (30, 600)
    assert creation.heartbeat_timeout_seconds == 9
    assert creation.retry_policy.expiration_interval_in_seconds == 30
    assert "cadenceInternal:Timeout HEARTBEAT" in creation.retry_policy.non_retriable_error_reasons
    server = run.server
    first = scheduled(server.task())["first"]
    assert first.task_list.name == "disk@host-1"
    server.complete(first.activity_id, "file")
    second = scheduled(server.task())["second"]
    assert second.task_list.name == "disk@host-1"
    server.complete(second.activity_id, "words")
    end = run.complete(server.task())
    assert result_of(end) == ["host-1", "disk@host-1", "disk", "open", "words", "closed"]
    check(server)


def test_the_host_need_not_answer_before_the_block_is_left(opened: Callable[..., Opened]) -> None:
    run = opened(OneAfterTheOther)
    server = run.server
    for name in ("first", "second"):
        server.complete(scheduled(server.task())[name].activity_id, name)
    completion = scheduled(server.task())[COMPLETION]
    server.complete(run.creation.activity_id, None)
    assert server.task() == []
    server.complete(completion.activity_id, None)
    assert result_of(server.task())[-1] == "closed"
    check(server)


def test_a_host_that_does_not_hear_of_the_end_learns_it_from_its_heartbeats(opened: Callable[..., Opened]) -> None:
    run = opened(OneAfterTheOther)
    server = run.server
    for name in ("first", "second"):
        server.complete(scheduled(server.task())[name].activity_id, name)
    completion = scheduled(server.task())[COMPLETION]
    server.time_out(completion.activity_id, TimeoutType.SCHEDULE_TO_START)
    end = server.task()
    assert withdrawn(end) == [run.creation.activity_id]
    assert result_of(end)[-1] == "closed"
    check(server)


def test_open_sessions_are_told_to_who_asks(opened: Callable[..., Opened]) -> None:
    run = opened(OneAfterTheOther)
    server = run.server
    assert json.loads(server.query("__open_sessions").answer) == []
    first = scheduled(server.task())["first"]
    assert json.loads(server.query("__open_sessions").answer) == [{"SessionID": run.id, "HostName": "host-1"}]
    server.complete(first.activity_id, "file")
    server.complete(scheduled(server.task())["second"].activity_id, "words")
    run.complete(server.task())
    assert json.loads(server.query("__open_sessions").answer) == []


@workflow.defn
class TriesAgain:
    """Its block waits in the way that the test names."""

    @workflow.run
    async def run(self, how: str) -> list[str]:
        told = []
        try:
            async with workflow.session() as session:
                await getattr(self, how)(session)
        except SessionFailedError as error:
            cause = error.__cause__
            told = [session.state.value, error.host_name, cause.kind.name, *self.seen]
            assert asyncio.current_task().cancelling() == 0
        try:
            await session.execute_activity("late", start_to_close_timeout=LIMIT)
        except SessionFailedError:
            told.append("refused")
        return told

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def awaits(self, session: workflow.Session) -> None:
        await session.execute_activity("work", start_to_close_timeout=LIMIT)

    async def sleeps(self, session: workflow.Session) -> None:
        await workflow.sleep(3000)

    async def gathers(self, session: workflow.Session) -> None:
        await asyncio.gather(*(session.execute_activity(f"work {n}", start_to_close_timeout=LIMIT) for n in range(3)))

    async def groups(self, session: workflow.Session) -> None:
        async with asyncio.TaskGroup() as group:
            for n in range(3):
                group.create_task(self.inner(session, n))

    async def inner(self, session: workflow.Session, n: int) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(session.execute_activity(f"work {n}", start_to_close_timeout=LIMIT))

    async def beside(self, session: workflow.Session) -> None:
        async def note() -> None:
            try:
                await session.execute_activity("work", start_to_close_timeout=LIMIT)
            except SessionFailedError:
                self.seen.append("told")

        self.task = asyncio.create_task(note())
        try:
            await workflow.sleep(3000)
        finally:
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    async def stubborn(self, session: workflow.Session) -> None:
        waits = workflow.CancellationType.WAIT_CANCELLATION_COMPLETED
        await session.execute_activity("work", start_to_close_timeout=LIMIT, cancellation_type=waits)

    async def late(self, session: workflow.Session) -> None:
        async def clean_up() -> None:
            try:
                await workflow.sleep(3000)
            except asyncio.CancelledError:
                await session.execute_activity("clean up", start_to_close_timeout=LIMIT)

        async with asyncio.TaskGroup() as group:
            group.create_task(clean_up())

    async def handles(self, session: workflow.Session) -> None:
        handles = [session.start_activity(f"work {n}", start_to_close_timeout=LIMIT) for n in range(2)]
        await asyncio.wait(handles)


@pytest.mark.parametrize(
    ("how", "calls", "seen"),
    [
        ("awaits", 1, []),
        ("sleeps", 0, []),
        ("gathers", 3, []),
        ("groups", 3, []),
        ("beside", 1, ["told"]),
        ("stubborn", 1, []),
        ("handles", 2, []),
        ("late", 0, []),
    ],
)
def test_a_host_that_dies_ends_the_block_wherever_it_waits(
    opened: Callable[..., Opened], how: str, calls: int, seen: list[str]
) -> None:
    run = opened(TriesAgain, how)
    begun = scheduled(run.server.task())
    assert len(begun) == calls
    end = run.fail()
    assert sorted(withdrawn(end)) == sorted(each.activity_id for each in begun.values())
    assert result_of(end) == ["failed", "host-1", "HEARTBEAT", *seen, "refused"]
    assert json.loads(run.server.query("__open_sessions").answer) == []
    check(run.server)


def test_a_session_lasts_no_longer_than_it_may(opened: Callable[..., Opened]) -> None:
    run = opened(TriesAgain, "sleeps")
    run.server.task()
    assert result_of(run.fail(TimeoutType.START_TO_CLOSE))[:3] == ["failed", "host-1", "START_TO_CLOSE"]
    check(run.server)


@workflow.defn
class Reopens:
    @workflow.run
    async def run(self) -> str:
        while True:
            try:
                async with workflow.session() as session:
                    return await session.execute_activity("work", start_to_close_timeout=LIMIT, result_type=str)
            except SessionFailedError:
                continue


def test_another_session_goes_on_after_a_failed_one(opened: Callable[..., Opened]) -> None:
    run = opened(Reopens)
    server = run.server
    server.task()
    again = scheduled(run.fail())[CREATION]
    second = json.loads(again.input)
    assert second != run.id
    server.signal(second, {**HOST, "Tasklist": "disk@host-2"})
    server.signal(run.id, HOST)  # late, and of no interest
    work = scheduled(server.task())["work"]
    assert work.task_list.name == "disk@host-2"
    server.complete(work.activity_id, "done")
    completion = scheduled(server.task())[COMPLETION]
    assert completion.task_list.name == "disk@host-2"
    server.complete(completion.activity_id, None)
    assert result_of(server.task()) == "done"
    check(server)


@workflow.defn
class Reset:
    @workflow.run
    async def run(self) -> str:
        try:
            async with workflow.session() as session:
                await session.execute_activity("work", start_to_close_timeout=LIMIT)
        except SessionFailedError as error:
            return str(error)
        return "done"


def test_a_run_that_was_reset_may_find_another_host_in_its_session(opened: Callable[..., Opened]) -> None:
    run = opened(Reset)
    work = scheduled(run.server.task())["work"]
    run.server.signal(run.id, HOST)  # the same one took it again
    assert run.server.task() == []
    run.server.signal(run.id, {**HOST, "Tasklist": "disk@host-2"})
    end = run.server.task()
    assert sorted(withdrawn(end)) == sorted([run.creation.activity_id, work.activity_id])
    assert "another host holds it" in result_of(end)
    check(run.server)


@workflow.defn
class NextRun:
    @workflow.run
    async def run(self, host: str) -> str:
        async with workflow.session(on_host=host) as session:
            return session.task_list


def test_a_session_on_a_certain_host(serve: Callable[..., Any]) -> None:
    server = serve(NextRun, "disk@host-1")
    server.begin()
    creation = scheduled(server.finish())[CREATION]
    assert creation.task_list.name == "disk@host-1"
    with pytest.raises(ConfigurationError, match="both"):
        workflow.session(task_list="a", on_host="b")


@workflow.defn
class NotTaken:
    @workflow.run
    async def run(self) -> list[str]:
        try:
            async with workflow.session(task_list="disks"):
                raise AssertionError
        except SessionNotCreatedError as error:
            return [str(error), type(error.__cause__).__name__]


@pytest.mark.parametrize("how", ["nobody", "refused"])
def test_a_session_that_nobody_takes(serve: Callable[..., Any], how: str) -> None:
    server = serve(NotTaken)
    server.begin()
    creation = scheduled(server.finish())[CREATION]
    assert creation.task_list.name == "disks__internal_session_creation"
    if how == "nobody":
        server.time_out(creation.activity_id, TimeoutType.SCHEDULE_TO_START)
    else:
        server.fail(creation.activity_id, "too many outstanding sessions")
    text, cause = result_of(server.task())
    assert "was not created" in text
    assert "sessions=True" in text
    assert cause == ("ActivityTimedOutError" if how == "nobody" else "ActivityFailedError")
    check(server)


@workflow.defn
class IsCancelled:
    @workflow.run
    async def run(self) -> list[str]:
        seen = []
        try:
            async with workflow.session() as session:
                handle = session.start_activity("work", start_to_close_timeout=LIMIT)
                try:
                    await workflow.sleep(3000)
                finally:
                    seen.append(session.state.value)
        except asyncio.CancelledError:
            seen += [session.state.value, str(handle.cancelled())]
        return seen


def test_a_cancelled_workflow_ends_its_session(opened: Callable[..., Opened]) -> None:
    run = opened(IsCancelled)
    work = scheduled(run.server.task())["work"]
    run.server.cancel()
    decisions = run.server.task()
    assert withdrawn(decisions) == [work.activity_id]
    assert result_of(run.complete(decisions)) == ["open", "closed", "True"]
    check(run.server)


def test_a_cancellation_waits_until_the_session_is_ended(opened: Callable[..., Opened]) -> None:
    run = opened(OneAfterTheOther)
    server = run.server
    for name in ("first", "second"):
        server.complete(scheduled(server.task())[name].activity_id, name)
    completion = scheduled(server.task())[COMPLETION]
    server.cancel()
    assert server.task() == []
    server.complete(completion.activity_id, None)
    assert server.task()[-1].decision_type == DecisionType.CancelWorkflowExecution
    check(server)


def test_a_dead_host_is_not_waited_for_at_the_end(opened: Callable[..., Opened]) -> None:
    run = opened(IsCancelled)
    run.server.task()
    run.server.cancel()
    completion = scheduled(run.server.task())[COMPLETION]
    decisions = run.fail()
    assert withdrawn(decisions) == [completion.activity_id]
    assert result_of(decisions) == ["open", "closed", "True"]
    check(run.server)


def test_a_host_that_came_with_the_cancellation_is_told(serve: Callable[..., Any]) -> None:
    server = serve(Reopens)
    server.begin()
    creation = scheduled(server.finish())[CREATION]
    server.signal(json.loads(creation.input), HOST)
    server.cancel()
    completion = scheduled(server.task())[COMPLETION]
    server.complete(completion.activity_id, None)
    assert server.task()[-1].decision_type == DecisionType.CancelWorkflowExecution
    check(server)


def test_the_wait_for_a_host_can_be_cancelled(serve: Callable[..., Any]) -> None:
    server = serve(Reopens)
    server.begin()
    creation = scheduled(server.finish())[CREATION]
    server.cancel()
    decisions = server.task()
    assert withdrawn(decisions) == [creation.activity_id]
    assert decisions[-1].decision_type == DecisionType.CancelWorkflowExecution
    check(server)


@workflow.defn
class Fails:
    @workflow.run
    async def run(self, how: str) -> str:
        async with workflow.session() as session:
            if how == "continues":
                workflow.continue_as_new("fails")
            try:
                await session.execute_activity("work", start_to_close_timeout=LIMIT)
            except ActivityFailedError as error:
                raise ValueError(session.state.value) from error
        return ""


def test_an_error_in_the_block_ends_the_session_and_goes_on(opened: Callable[..., Opened]) -> None:
    run = opened(Fails, "fails")
    work = scheduled(run.server.task())["work"]
    run.server.fail_with(work.activity_id, ValueError("no disk"))
    end = run.complete(run.server.task())
    assert end[-1].decision_type == DecisionType.FailWorkflowExecution
    assert b"open" in end[-1].fail_workflow_execution_decision_attributes.details
    check(run.server)


def test_continuing_as_new_ends_the_session(opened: Callable[..., Opened]) -> None:
    run = opened(Fails, "continues")
    end = run.complete(run.server.task())
    assert end[-1].decision_type == DecisionType.ContinueAsNewWorkflowExecution
    check(run.server)


@workflow.defn
class Handles:
    @workflow.run
    async def run(self) -> list[str]:
        async with workflow.session() as session:
            good = session.start_activity("good", start_to_close_timeout=LIMIT, result_type=str)
            session.start_activity("bad", start_to_close_timeout=LIMIT)
            never = session.start_activity("never", start_to_close_timeout=LIMIT)
            never.cancel()
            seen = [await good]
            other = session.start_activity("other", start_to_close_timeout=LIMIT)
            await workflow.sleep(1)
            other.cancel("enough")
            try:
                await other
            except asyncio.CancelledError as error:
                seen.append(*error.args)
        return seen


def test_handles_in_a_session(opened: Callable[..., Opened], caplog: pytest.LogCaptureFixture) -> None:
    run = opened(Handles)
    server = run.server
    calls = scheduled(server.task())
    assert set(calls) == {"good", "bad"}
    server.fail_with(calls["bad"].activity_id, ValueError("nobody looks at it"))
    server.complete(calls["good"].activity_id, "fine")
    other = scheduled(server.task())["other"]
    (timer,) = server.timers
    server.fire(timer)
    decisions = server.task()
    assert withdrawn(decisions) == [other.activity_id]
    assert result_of(run.complete(decisions)) == ["fine", "enough"]
    check(server)
    assert not caplog.records


class Watching(Interceptor):
    def __init__(self) -> None:
        self.seen: list[str] = []

    async def handle_signal(self, call: Any, proceed: Any) -> None:
        self.seen.append(call.name)
        await proceed(call)


def test_interceptors_have_nothing_to_do_with_its_signal(serve: Callable[..., Any]) -> None:
    watching = Watching()
    run = Opened(serve(TriesAgain, "sleeps", options=RunOptions(interceptors=[watching])))
    assert "StartTimer" in [each.decision_type.name for each in run.server.task()]
    assert watching.seen == []


@workflow.defn
class TwoAtOnce:
    @workflow.run
    async def run(self) -> list[str]:
        async with workflow.session() as source, workflow.session() as target:
            return await asyncio.gather(
                source.execute_activity("read", start_to_close_timeout=LIMIT, result_type=str),
                target.execute_activity("write", start_to_close_timeout=LIMIT, result_type=str),
            )


def test_a_workflow_may_have_several_sessions(serve: Callable[..., Any]) -> None:
    server = serve(TwoAtOnce)
    server.begin()
    for host in ("a", "b"):
        creation = scheduled(server.finish() if host == "a" else server.task())[CREATION]
        server.signal(json.loads(creation.input), {**HOST, "Tasklist": f"disk@{host}", "HostName": host})
    work = scheduled(server.task())
    assert {name: each.task_list.name for name, each in work.items()} == {"read": "disk@a", "write": "disk@b"}
    hosts = [each["HostName"] for each in json.loads(server.query("__open_sessions").answer)]
    assert hosts == ["a", "b"]
    check(server)


@workflow.defn
class Misused:
    @workflow.run
    async def run(self) -> list[str]:
        told = []
        session = workflow.session()
        for options in ({}, {"task_list": "elsewhere"}):
            try:
                await session.execute_activity("work", start_to_close_timeout=LIMIT, **options)
            except ConfigurationError as error:
                told.append(str(error))
        async with session:
            try:
                session.start_activity("work", start_to_close_timeout=LIMIT, task_list="elsewhere")
            except ConfigurationError as error:
                told.append(str(error))
            dropped = session.start_activity("dropped", start_to_close_timeout=LIMIT)
            dropped.cancel()
        try:
            async with session:
                pass
        except ConfigurationError as error:
            told.append(str(error))
        return told


def test_misuse_is_named(opened: Callable[..., Opened]) -> None:
    run = opened(Misused)
    decisions = run.server.task()
    assert "dropped" not in scheduled(decisions)
    told = result_of(run.complete(decisions))
    assert [any(word in text for word in ("is new", "task list", "before")) for text in told] == [True] * 4
    assert told[2].startswith("an activity in a session was given a task list")
    check(run.server)


@pytest.mark.parametrize("name", ["creation_timeout", "execution_timeout", "heartbeat_timeout"])
def test_times_are_checked(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        workflow.session(**{name: timedelta(0)})


def test_an_evicted_run_leaves_its_block_quietly(opened: Callable[..., Opened]) -> None:
    run = opened(TriesAgain, "sleeps")
    run.server.task()
    run.server.evict()
    assert result_of(run.fail())[2] == TimeoutKind.HEARTBEAT.name
