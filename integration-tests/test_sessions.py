"""Sessions: their activities stay on one host, as many as each host may hold, and a host that goes away is told."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cadence import activity, workflow
from cadence.client import ResetPoint
from cadence.exceptions import SessionFailedError, SessionNotCreatedError, WorkflowCanceledError
from cadence.testing import Replayer, WorkflowHistory

if TYPE_CHECKING:
    from cadence.client import WorkflowHandle

PROGRAM = Path(__file__).parent / "programs" / "session_host.py"
MINUTE = timedelta(minutes=1)
FIVE_SECONDS = timedelta(seconds=5)


class Host:
    """Activities that tell on which worker they ran."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ran: list[str] = []
        self.go_on = asyncio.Event()

    @activity.defn(start_to_close_timeout=MINUTE)
    async def where(self, step: str) -> str:
        self.ran.append(step)
        return self.name

    @activity.defn(start_to_close_timeout=MINUTE, heartbeat_timeout=timedelta(seconds=3))
    async def wait(self) -> str:
        self.ran.append("wait")
        while True:
            activity.heartbeat()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.go_on.wait(), 0.2)
                return self.name


@workflow.defn
class Stays:
    @workflow.run
    async def run(self, name: str) -> list[str]:
        async with workflow.session(creation_timeout=timedelta(seconds=20)) as session:
            first = await session.execute_activity(Host.where, f"{name} first")
            both = await asyncio.gather(*(session.execute_activity(Host.where, f"{name} {n}") for n in range(3)))
            last = await session.execute_activity(Host.where, f"{name} last")
        return [first, *both, last]


async def replays(scene: Any, workflow_class: type, handle: WorkflowHandle[Any]) -> None:
    history = await WorkflowHistory.from_server(scene.client, handle.workflow_id)
    Replayer([workflow_class]).replay(history)


async def test_all_stays_on_one_host(scene: Any) -> None:
    hosts = [Host("a"), Host("b")]
    workers = [scene.worker([Stays], [host], sessions=True) for host in hosts]
    async with workers[0], workers[1]:
        handles = [await scene.start(Stays.run, f"order {n}") for n in range(6)]
        results = [await scene.result(handle) for handle in handles]
        for result in results:
            assert len(set(result)) == 1
        await scene.until(lambda: not any(worker.statistics().sessions.running for worker in workers))
        assert sum(worker.statistics().sessions.done for worker in workers) == 6
        assert sum(worker.statistics().session_activities.done for worker in workers) == 30
        assert sum(worker.statistics().activity_tasks.done for worker in workers) == 0
        await replays(scene, Stays, handles[0])
        assert await handles[0].query("__open_sessions") == []


@workflow.defn
class Holds:
    """Holds a session until a signal."""

    def __init__(self) -> None:
        self.over = False
        self.told = ""

    @workflow.run
    async def run(self, creation_timeout: int) -> str:
        try:
            async with workflow.session(creation_timeout=timedelta(seconds=creation_timeout)) as session:
                self.told = await session.execute_activity(Host.where, workflow.info().workflow_id)
                await workflow.wait_condition(lambda: self.over)
        except SessionNotCreatedError as error:
            return type(error).__name__
        return self.told

    @workflow.signal
    def end(self) -> None:
        self.over = True

    @workflow.query
    def host(self) -> str:
        return self.told


async def test_a_worker_holds_no_more_than_it_may(scene: Any) -> None:
    host = Host("a")
    async with scene.worker([Holds], [host], max_concurrent_sessions=2) as worker:
        handles = [await scene.start(Holds.run, 30) for _ in range(3)]
        await scene.until(lambda: len(host.ran) == 2)
        assert worker.statistics().sessions.running == 2
        # One that waits no longer is turned away, and takes nobody's place.
        late = await scene.start(Holds.run, 1)
        assert await scene.result(late) == "SessionNotCreatedError"
        assert worker.statistics().sessions.running == 2
        assert len(host.ran) == 2
        first = next(handle for handle in handles if handle.workflow_id == host.ran[0])
        ((opened,),) = [await first.query("__open_sessions")]
        assert set(opened) == {"SessionID", "HostName"}
        await first.signal(Holds.end)
        assert await scene.result(first) == "a"
        await scene.until(lambda: len(host.ran) == 3)
        for handle in handles:
            if handle is not first:
                await handle.signal(Holds.end)
                assert await scene.result(handle) == "a"
        assert Counter(host.ran) == Counter(handle.workflow_id for handle in handles)
        await replays(scene, Holds, late)
        await replays(scene, Holds, first)


@workflow.defn
class Survives:
    """Opens sessions until one lasts."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.hosts: list[str] = []

    @workflow.run
    async def run(self) -> list[Any]:
        for _ in range(5):
            try:
                async with workflow.session(
                    creation_timeout=timedelta(seconds=20), heartbeat_timeout=timedelta(seconds=2)
                ) as session:
                    self.hosts.append(await session.execute_activity(Host.where, "first"))
                    waited = await session.execute_activity(Host.wait, heartbeat_timeout=timedelta(seconds=30))
                    return [self.hosts, waited, self.failures]
            except SessionFailedError as error:
                cause = error.__cause__
                kind = getattr(cause, "kind", None)
                self.failures.append(kind.name if kind else str(cause.__cause__))
        raise AssertionError

    @workflow.query
    def begun_on(self) -> list[str]:
        return self.hosts


async def test_a_host_that_is_killed_fails_the_session_and_another_goes_on(scene: Any) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROGRAM),
        scene.frontend.address,
        scene.frontend.domain,
        scene.task_list,
        stdout=asyncio.subprocess.PIPE,
    )
    host = Host("here")
    host.go_on.set()
    # Decisions are made by a worker without sessions, so that the first session is the process's.
    async with scene.worker([Survives]):
        try:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
            handle = await scene.start(Survives.run)
            assert await process.stdout.readline() == b"waits\n"
        finally:
            process.kill()
            await process.communicate()
        async with scene.worker([], [host], sessions=True):
            assert await scene.result(handle) == [["there", "here"], "here", ["HEARTBEAT"]]
    kinds = await scene.kinds(handle)
    assert "ActivityTaskTimedOut" in kinds
    await replays(scene, Survives, handle)


async def test_a_worker_that_stops_gives_its_sessions_up_at_once(scene: Any) -> None:
    first, second = Host("first"), Host("second")
    second.go_on.set()
    worker = scene.worker([], [first], sessions=True)
    async with scene.worker([Survives]):
        async with worker:
            handle = await scene.start(Survives.run)
            await scene.until(lambda: "wait" in first.ran)
        async with scene.worker([], [second], sessions=True):
            hosts, waited, failures = await scene.result(handle)
    assert (hosts, waited) == (["first", "second"], "second")
    assert len(failures) == 1
    assert "the worker stops" in failures[0]
    assert worker.statistics().sessions.failed == 1
    await replays(scene, Survives, handle)


@workflow.defn
class Cancelled:
    def __init__(self) -> None:
        self.seen: list[str] = []

    @workflow.run
    async def run(self) -> None:
        async with workflow.session(heartbeat_timeout=timedelta(seconds=3)) as session:
            await session.execute_activity(Host.wait)


async def test_a_cancelled_workflow_frees_its_place(scene: Any) -> None:
    host = Host("a")
    async with scene.worker([Cancelled, Stays], [host], max_concurrent_sessions=1) as worker:
        handle = await scene.start(Cancelled.run)
        await scene.until(lambda: "wait" in host.ran)
        await handle.cancel()
        with pytest.raises(WorkflowCanceledError):
            await scene.result(handle)
        assert await scene.run(Stays.run, "next") == ["a"] * 5
        await scene.until(lambda: not worker.statistics().sessions.running)
    kinds = await scene.kinds(handle)
    assert "ActivityTaskCancelRequested" in kinds
    await replays(scene, Cancelled, handle)


async def test_a_terminated_workflow_frees_its_place(scene: Any) -> None:
    host = Host("a")
    async with scene.worker([Cancelled, Stays], [host], max_concurrent_sessions=1):
        handle = await scene.start(Cancelled.run)
        await scene.until(lambda: "wait" in host.ran)
        await handle.terminate("enough")
        assert await scene.run(Stays.run, "next") == ["a"] * 5


@workflow.defn
class InTwoRuns:
    @workflow.run
    async def run(self, host: str | None, before: str) -> list[str]:
        async with workflow.session(on_host=host, creation_timeout=timedelta(seconds=20)) as session:
            name = await session.execute_activity(Host.where, f"run of {workflow.info().workflow_id}")
        if host is None:
            workflow.continue_as_new(session.task_list, name)
        return [before, name]


async def test_a_session_goes_on_in_the_next_run(scene: Any) -> None:
    hosts = [Host(name) for name in "abc"]
    async with contextlib.AsyncExitStack() as stack:
        for host in hosts:
            await stack.enter_async_context(scene.worker([InTwoRuns], [host], max_concurrent_sessions=2))
        results = await asyncio.gather(*(scene.run(InTwoRuns.run, None, "") for _ in range(3)))
    assert all(before == after for before, after in results)


@workflow.defn
class IsReset:
    def __init__(self) -> None:
        self.over = False

    @workflow.run
    async def run(self) -> list[str]:
        told = []
        for _ in range(3):
            try:
                async with workflow.session(
                    creation_timeout=timedelta(seconds=20), heartbeat_timeout=timedelta(seconds=3)
                ) as session:
                    told.append(await session.execute_activity(Host.where, "begun"))
                    await workflow.wait_condition(lambda: self.over)
                    told.append(await session.execute_activity(Host.where, "over"))
                    return told
            except SessionFailedError as error:
                told.append(str(error))
        return told

    @workflow.signal
    def end(self) -> None:
        self.over = True


@pytest.mark.parametrize("decision", [1, 2, 3])
async def test_a_reset_run_does_not_stay_on_a_host_that_holds_it_no_more(scene: Any, decision: int) -> None:
    first, second = Host("first"), Host("second")
    async with scene.worker([IsReset]), scene.worker([], [first], max_concurrent_sessions=1):
        handle = await scene.start(IsReset.run)
        await scene.until(lambda: _decided(scene, handle, 3))
        kinds = await scene.kinds(handle)
        at = [number for number, kind in enumerate(kinds, 1) if kind == "DecisionTaskCompleted"][decision - 1]
        # The run before holds the only place here until its host hears of its end.
        async with scene.worker([], [second], sessions=True):
            again = await handle.reset(ResetPoint.event(at), reason="tried again")
            await again.signal(IsReset.end)
            *before, begun, over = await scene.result(again)
    assert begun == over
    if begun == "second" and decision == 3:
        assert before[0] == "first"
        assert "another host holds it" in before[1]
    await replays(scene, IsReset, again)


async def _decided(scene: Any, handle: Any, count: int) -> bool:
    return (await scene.kinds(handle)).count("DecisionTaskCompleted") >= count


async def test_sessions_of_others_and_calls_of_all_kinds_go_on_beside(scene: Any) -> None:
    """Activities without a session run on any worker, also while all places for sessions are taken."""
    host = Host("a")
    async with scene.worker([Holds, Loose], [host], max_concurrent_sessions=1, max_concurrent_activities=1):
        holds = await scene.start(Holds.run, 20)
        await scene.until(lambda: host.ran)
        assert await scene.run(Loose.run) == "a"
        await holds.signal(Holds.end)
        assert await scene.result(holds) == "a"


@workflow.defn
class Loose:
    @workflow.run
    async def run(self) -> str:
        return await workflow.execute_activity(Host.where, "loose")
