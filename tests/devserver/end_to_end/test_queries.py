"""Queries over real sockets: with decision tasks, alone, for closed runs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.enums import (
    DecisionTaskFailedCause,
    QueryRejectCondition,
    QueryResultType,
    WorkflowExecutionCloseStatus,
)
from cadence.devserver.execution import queries
from cadence.devserver.execution.retention import Retention
from cadence.devserver.house import House

Peer = Any
DOMAIN = "samples"


async def test_queries_that_need_no_order(tools: Any, house: House, peer: Peer) -> None:
    run = await peer.start()
    with pytest.raises(errors.QueryFailedError, match="must handle at least one decision task"):
        await peer.query(run)
    task = await peer.decide()
    early = asyncio.create_task(peer.query(run))
    await tools.until(lambda: bool(house.history.find(house.domains.find(DOMAIN).id, "w").first_decision_waiters))
    await peer.respond(task)
    task = await peer.decide()
    assert (task.query.query_type, task.query.query_args) == ("state", b"[7]")
    assert task.queries is None
    assert [event.event_id for event in task.history.events] == [1, 2, 3, 4]
    await peer.answer(task, b"42")
    assert (await early).query_result == b"42"
    with pytest.raises(errors.EntityNotExistsError, match="query task not found"):
        await peer.answer(task, b"43")
    failing = asyncio.create_task(peer.query(run, strong=True))
    await peer.answer(await peer.decide(), b"", failed=True)
    with pytest.raises(errors.QueryFailedError, match="no"):
        await failing
    given_up = asyncio.create_task(peer.query(run, timeout=0.2))
    await asyncio.wait([given_up])
    assert given_up.exception() is not None
    assert (await peer.decide(timeout=1)).task_token is None
    assert await peer.kinds(run) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
    ]


async def test_a_query_that_sees_what_happened_before(tools: Any, house: House, peer: Peer) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide())
    await peer.signal(run)
    asking = asyncio.create_task(peer.query(run, strong=True))
    await tools.until(lambda: len(house.queries) == 1)
    task = await peer.decide()
    ((key, query),) = task.queries.items()
    assert query.query_type == "state"
    # The worker fails: the query goes out with the next attempt.
    await peer.service.respond_decision_task_failed(
        api.RespondDecisionTaskFailedRequest(task.task_token, DecisionTaskFailedCause.UNHANDLED_DECISION)
    )
    task = await peer.decide()
    assert task.queries.keys() == {key}
    results = {key: api.WorkflowQueryResult(QueryResultType.ANSWERED, b"after")}
    await peer.respond(task, query_results=results)
    assert (await asking).query_result == b"after"


async def test_a_query_is_asked_alone_when_its_decision_task_ends_without_answer(
    tools: Any, house: House, peer: Peer
) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide())
    await peer.signal(run)
    task = await peer.decide()
    asking = asyncio.create_task(peer.query(run, strong=True))
    asking_too = asyncio.create_task(peer.query(run, strong=True))
    await tools.until(lambda: len(house.queries) == 2)
    await peer.respond(task)
    await peer.answer(await peer.decide(), b"1")
    await peer.signal(run)
    await peer.answer(await peer.decide(), b"1")
    assert (await asking).query_result == (await asking_too).query_result == b"1"
    task = await peer.decide()
    asking = asyncio.create_task(peer.query(run, strong=True))
    await tools.until(lambda: len(house.queries) == 1)
    await peer.respond(task, tools.complete())
    await peer.answer(await peer.decide(), b"closed")
    assert (await asking).query_result == b"closed"


async def test_queries_of_closed_runs_can_be_refused(tools: Any, peer: Peer) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide(), tools.complete())
    refused = await peer.query(run, query_reject_condition=QueryRejectCondition.NOT_OPEN)
    assert refused.query_rejected.close_status == WorkflowExecutionCloseStatus.COMPLETED
    clean = QueryRejectCondition.NOT_COMPLETED_CLEANLY
    asking = asyncio.create_task(peer.query(run, query_reject_condition=clean))
    await peer.answer(await peer.decide(), b"1")
    assert (await asking).query_result == b"1"


async def test_a_query_goes_to_the_worker_that_keeps_the_run(tools: Any, house: House, peer: Peer) -> None:
    run = await peer.start()
    sticky = api.StickyExecutionAttributes(api.TaskList(name="mine"), 1)
    polling = asyncio.create_task(peer.decide("mine"))
    await tools.until(lambda: tools.polled(house, "mine"))
    await peer.respond(await peer.decide(), sticky_attributes=sticky)
    asking = asyncio.create_task(peer.query(run))
    task = await polling
    assert not task.history.events
    await peer.answer(task, b"kept")
    assert (await asking).query_result == b"kept"
    # It polled just now, but never comes back: any worker can answer.
    asking = asyncio.create_task(peer.query(run))
    task = await peer.decide()
    assert [event.event_id for event in task.history.events] == [1, 2, 3, 4]
    await peer.answer(task, b"again")
    assert (await asking).query_result == b"again"


async def test_waiting_queries_are_bounded(
    tools: Any, house: House, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide())
    await peer.signal(run)
    monkeypatch.setattr(queries, "WAITING_LIMIT", 2)
    monkeypatch.setattr(queries, "ALL_LIMIT", 3)
    asking = [asyncio.create_task(peer.query(run, strong=True)) for _ in range(2)]
    await tools.until(lambda: len(house.queries) == 2)
    with pytest.raises(errors.LimitExceededError, match="consistent query buffer is full"):
        await peer.query(run, strong=True)
    asking.append(asyncio.create_task(peer.query(run)))
    await tools.until(lambda: len(house.queries) == 3)
    with pytest.raises(errors.LimitExceededError, match="Too many queries"):
        await peer.query(run)
    await peer.answer(await peer.decide(), b"alone")
    task = await peer.decide()
    failed = api.WorkflowQueryResult(QueryResultType.FAILED, None, "not now")
    await peer.respond(task, query_results={**dict.fromkeys(task.queries, failed), "unknown": failed})
    assert (await asking.pop()).query_result == b"alone"
    for each in asking:
        with pytest.raises(errors.QueryFailedError, match="not now"):
            await each
    assert not house.queries


async def test_a_run_that_ended_before_its_first_decision_cannot_be_asked(peer: Peer) -> None:
    run = await peer.start()
    await peer.service.terminate_workflow_execution(api.TerminateWorkflowExecutionRequest(DOMAIN, run))
    with pytest.raises(errors.QueryFailedError, match="must handle at least one decision task"):
        await peer.query(run)


async def test_a_run_that_is_dropped_while_a_query_waits(tools: Any, house: House, peer: Peer) -> None:
    run = await peer.start()
    await peer.respond(await peer.decide(), tools.complete())
    asking = asyncio.create_task(peer.query(run))
    await tools.until(lambda: len(house.queries) == 1)
    house.domains.update(DOMAIN, lambda old: replace(old, retention_days=0))
    Retention(house.history.runs).sweep()
    assert (await peer.decide(timeout=1)).task_token is None
    with pytest.raises(errors.EntityNotExistsError, match="Workflow execution not found"):
        await asking
