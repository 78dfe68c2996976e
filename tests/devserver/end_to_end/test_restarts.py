"""A server that ends: who waits is answered, and a killed one goes on where it was."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.enums import (
    WorkflowIdReusePolicy,
)
from cadence.devserver import DevServer, DevServerOptions
from cadence.devserver.house import House
from cadence.tchannel.errors import UnexpectedError

Peer = Any
DOMAIN = "samples"
ALWAYS = api.StartTimeFilter(earliest_time=0, latest_time=2**62)


async def test_who_waits_is_answered_when_the_server_closes(
    tools: Any, server: DevServer, house: House, peer: Peer
) -> None:
    run = await peer.start()
    task = await peer.decide()
    await peer.respond(task)
    page = await peer.history(run, wait_for_new_event=True)
    waits = [
        asyncio.create_task(peer.decide("other")),
        asyncio.create_task(peer.work()),
        asyncio.create_task(peer.history(run, wait_for_new_event=True, next_page_token=page.next_page_token)),
    ]
    query = asyncio.create_task(peer.query(run))
    await tools.until(lambda: tools.polled(house, "other") and len(house.queries) == 1 and len(house.waiting) == 1)
    await peer.service.health()
    started = asyncio.get_running_loop().time()
    await server.close()
    assert asyncio.get_running_loop().time() - started < server.options.shutdown_grace
    decision, work, more = await asyncio.gather(*waits)
    assert decision == api.PollForDecisionTaskResponse()
    assert work == api.PollForActivityTaskResponse()
    assert not more.history.events
    assert more.next_page_token
    with pytest.raises(errors.ServiceBusyError, match="shutting down"):
        await query


async def test_runs_go_on_after_kill_9(tools: Any, tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    async with tools.Process(path) as one:
        peer = one.peer
        deciding = await peer.start("deciding")
        task = await peer.decide()
        working = await peer.start("working")
        await peer.respond(await peer.decide(), tools.activity())
        work = await peer.work()
        waiting = await peer.start("waiting")
        await peer.respond(await peer.decide(), tools.activity("later"))
        closed = await peer.start("closed")
        await peer.respond(await peer.decide(), tools.complete(b"ok"))
        fresh = await peer.start("fresh")
        await peer.signal(deciding, "unseen")
        before = {run.run_id: await peer.kinds(run) for run in (deciding, working, waiting, closed, fresh)}
    async with tools.Process(path) as one:
        peer = one.peer
        assert {run.run_id: await peer.kinds(run) for run in (deciding, working, waiting, closed, fresh)} == before
        with pytest.raises(errors.WorkflowExecutionAlreadyStartedError):
            await peer.start("fresh")
        # What workers had in their hands they may still answer.
        await peer.respond(task)
        await peer.done(work)
        assert (await peer.work()).activity_id == "later"
        seen = [(await peer.decide()) for _ in range(3)]
        assert {each.workflow_execution.run_id for each in seen} == {deciding.run_id, working.run_id, fresh.run_id}
        for each in seen:
            await peer.respond(each, tools.complete())
        assert "WorkflowExecutionSignaled" in await peer.kinds(deciding)
        for run in (deciding, working, fresh, closed):
            assert (await peer.kinds(run))[-1] == "WorkflowExecutionCompleted"
        await peer.start("closed", workflow_id_reuse_policy=WorkflowIdReusePolicy.AllowDuplicate)
        kept = await peer.kinds(closed)
    async with tools.Process(path) as one:
        assert await one.peer.kinds(closed) == kept
        open_runs = api.ListOpenWorkflowExecutionsRequest(DOMAIN, 10, None, ALWAYS)
        rows = (await one.peer.service.list_open_workflow_executions(open_runs)).executions
        assert sorted(row.execution.workflow_id for row in rows) == ["closed", "waiting"]


async def test_nothing_acknowledged_is_lost_by_kill_9(tools: Any, tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    started: list[api.WorkflowExecution] = []
    signalled: dict[str, int] = {}
    completed: list[api.WorkflowExecution] = []

    async def client(peer: Peer, lane: int) -> None:
        for number in range(1_000):
            run = await peer.start(f"{lane}-{number}")
            started.append(run)
            for _ in range(3):
                await peer.signal(run)
                signalled[run.run_id] = signalled.get(run.run_id, 0) + 1

    async def worker(peer: Peer) -> None:
        while True:
            task = await peer.decide()
            if len(task.history.events) > 4:
                await peer.respond(task, tools.complete())
                completed.append(task.workflow_execution)
            else:
                await peer.respond(task)

    async with tools.Process(path) as one:
        load = [asyncio.create_task(client(one.peer, lane)) for lane in range(4)]
        load += [asyncio.create_task(worker(one.peer)) for _ in range(4)]
        async with asyncio.timeout(30):
            await tools.until(lambda: len(completed) >= 30)
        one.process.kill()
        await one.process.wait()
        for each in load:
            each.cancel()
        await asyncio.gather(*load, return_exceptions=True)
    async with tools.Process(path) as one:
        for run in started:
            kinds = await one.peer.kinds(run)
            if run in completed:
                assert kinds[-1] == "WorkflowExecutionCompleted"
            assert kinds.count("WorkflowExecutionSignaled") >= signalled.get(run.run_id, 0)
            if not kinds[-1].startswith("WorkflowExecutionCompleted"):
                await one.peer.service.terminate_workflow_execution(api.TerminateWorkflowExecutionRequest(DOMAIN, run))


async def test_a_full_disk_ends_all_promises(tools: Any, tmp_path: Path) -> None:
    options = DevServerOptions(database=tmp_path / "state.db", domains=(DOMAIN,))
    acknowledged: list[str] = []
    async with DevServer(options) as server:
        peer = tools.Peer(server.address)
        server._running().store.read("PRAGMA max_page_count = 60")
        with pytest.raises(UnexpectedError, match="database or disk is full"):  # noqa: PT012  # any of them may fail
            while True:
                acknowledged.append((await peer.start(f"w{len(acknowledged)}")).run_id)
        for _ in range(2):
            with pytest.raises(UnexpectedError, match="database or disk is full"):
                await peer.start("one-more")
        assert (await peer.service.health()).ok
        await peer.service.close()
    assert len(acknowledged) > 3
    async with DevServer(options) as server:
        peer = tools.Peer(server.address)
        for number, run_id in enumerate(acknowledged):
            assert await peer.kinds(api.WorkflowExecution(f"w{number}", run_id))
        await peer.start("one-more")
        await peer.service.close()
