"""Queries: asked by clients, answered by workers, with a decision task or alone; they never change a run.

One that must see what happened before it waits for the decision task that is pending, and is answered together with
it. Every other one becomes a task of its own, for the worker that keeps the run if there is one, else for any. Waiting
queries live in memory alone: whoever asked is connected to this process.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import (
    QueryConsistencyLevel,
    QueryRejectCondition,
    QueryResultType,
    WorkflowExecutionCloseStatus,
)
from cadence.api.errors import EntityNotExistsError, LimitExceededError, QueryFailedError
from cadence.devserver.execution.decision_answers import query_answer
from cadence.devserver.execution.state import Query
from cadence.devserver.tasks import Task
from cadence.devserver.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cadence.devserver.execution.state import Run
    from cadence.devserver.house import House

__all__ = ("answer", "ask", "attach", "close", "fail", "fail_all", "put_back", "settle", "start")

FIRST_DECISION_WAIT = 1.0
"""Seconds that a query waits for a run's first decision task, as on the real server."""
WAITING_LIMIT = 1_000
"""Queries that may wait for one run's decision task."""
ALL_LIMIT = 10_000
"""Queries that may wait at all."""


class _AskAloneError(Exception):
    """The decision task that a query waited for is gone: it must be asked with a task of its own."""


# --- beside decision tasks ---


def attach(run: Run) -> dict[str, api.WorkflowQuery] | None:
    """Give the waiting queries to the decision task that is about to go out."""
    if not run.queries:
        return None
    waiting = {key: query for key, query in run.queries.items() if not query.answer.done()}
    run.sent_queries.update(waiting)
    run.queries.clear()
    return {key: _wire(query) for key, query in waiting.items()} or None


def settle(run: Run, results: Mapping[str, api.WorkflowQueryResult]) -> None:
    """Pass on the answers that came with a completed decision task; the other queries wait for the next one.

    Where no next one follows, they are asked alone.
    """
    for key, result in results.items():
        query = run.sent_queries.pop(key, None)
        if query is None:
            continue
        if result.result_type == QueryResultType.FAILED:
            fail(query, QueryFailedError(result.error_message or ""))
        else:
            answer(query, result.answer)
    put_back(run)


def put_back(run: Run) -> None:
    """Have what went out with a decision task that is over, unanswered, go out again."""
    if run.sent_queries:
        run.queries = {**run.sent_queries, **run.queries}
        run.sent_queries = {}
    close(run)


def close(run: Run) -> None:
    """See to the waiting queries when a decision task or the run has ended.

    Whether another decision task follows is known only once the change that this is part of is complete.
    """
    if run.queries or run.sent_queries:
        asyncio.get_running_loop().call_soon(_release, run)


def _release(run: Run) -> None:
    if run.state.is_open and run.state.decision is not None:
        return
    for query in (*run.queries.values(), *run.sent_queries.values()):
        fail(query, _AskAloneError())
    run.queries.clear()
    run.sent_queries.clear()


# --- alone ---


async def ask(house: House, run: Run, request: api.QueryWorkflowRequest, deadline: float) -> api.QueryWorkflowResponse:
    """Answer a query, or say why it isn't.

    Waits until a worker has answered; the caller ends that at its deadline.

    Args:
        house: The server.
        run: The run, open or closed.
        request: What is asked; it was checked.
        deadline: When the caller stops waiting, on the loop's clock.

    Raises:
        QueryFailedError: The worker could not answer, or no decision task was completed yet.
        LimitExceededError: Too many queries wait, for this run or at all.
    """
    rejected = _rejection(run, request.query_reject_condition)
    if rejected is not None:
        return rejected
    if len(house.queries) >= ALL_LIMIT:
        msg = "Too many queries wait for answers."
        raise LimitExceededError(msg)
    await _first_decision(run)
    asked = request.query or api.WorkflowQuery()
    state = run.state
    if request.query_consistency_level == QueryConsistencyLevel.STRONG and state.is_open and state.decision is not None:
        try:
            return api.QueryWorkflowResponse(query_result=await _ask_with_decision(house, run, asked))
        except _AskAloneError:
            pass
    return api.QueryWorkflowResponse(query_result=await _ask_alone(house, run, asked, deadline))


def start(house: House, task: Task) -> api.PollForDecisionTaskResponse | None:
    """Give a query to a worker; None where nobody waits for its answer any more."""
    query = task.query
    if query is None or query.answer.done():
        return None
    try:
        run = house.history.find(task.domain_id, task.workflow_id, task.run_id)
    except EntityNotExistsError as error:  # its retention ended meanwhile: news for who asked, not for the worker
        fail(query, error)
        return None
    token = Token(
        domain_id=task.domain_id,
        workflow_id=task.workflow_id,
        run_id=task.run_id,
        workflow_type=run.state.workflow_type,
        task_list=task.list_name,
        query_id=query.query_id,
    )
    is_sticky = run.state.is_open and task.list_name == run.state.sticky_list
    return query_answer(run, _wire(query), token.encode(), is_sticky=is_sticky)


def answer(query: Query, result: bytes | None) -> None:
    """Give a query's answer to whoever waits for it."""
    if not query.answer.done():
        query.answer.set_result(result)


def fail(query: Query, error: Exception) -> None:
    """Tell whoever waits for a query's answer that there is none."""
    if not query.answer.done():
        query.answer.set_exception(error)
        query.answer.exception()  # whoever waits may have gone: then that is no loss to complain of


def fail_all(queries: Iterable[Query], error: Exception) -> None:
    """End all that wait, when the server closes."""
    for query in tuple(queries):
        fail(query, error)


async def _ask_with_decision(house: House, run: Run, asked: api.WorkflowQuery) -> bytes | None:
    if len(run.queries) + len(run.sent_queries) >= WAITING_LIMIT:
        msg = "consistent query buffer is full, cannot accept new consistent queries"
        raise LimitExceededError(msg)
    query = _new(asked)
    run.queries[query.query_id] = query
    house.queries[query.query_id] = query
    try:
        return await query.answer
    finally:
        del house.queries[query.query_id]
        run.queries.pop(query.query_id, None)
        run.sent_queries.pop(query.query_id, None)


async def _ask_alone(house: House, run: Run, asked: api.WorkflowQuery, deadline: float) -> bytes | None:
    state = run.state
    sticky = state.sticky_list
    if state.is_open and sticky and house.matching.has_poller(state.domain_id, sticky, "decision"):
        left = deadline - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(state.sticky_timeout, max(left, 0))):
                return await _ask_list(house, run, asked, sticky)
        except TimeoutError:
            # The worker that keeps the run is gone or stuck: any other can answer from the history.
            if run.state.is_open and run.state.sticky_list == sticky:
                house.history.reset_sticky(house.domains.by_id(state.domain_id), run.execution)
    return await _ask_list(house, run, asked, state.task_list)


async def _ask_list(house: House, run: Run, asked: api.WorkflowQuery, name: str) -> bytes | None:
    query = _new(asked)
    house.queries[query.query_id] = query
    try:
        house.matching.add(
            Task(
                domain_id=run.state.domain_id,
                list_name=name,
                kind="decision",
                workflow_id=run.state.workflow_id,
                run_id=run.state.run_id,
                scheduled_id=0,
                attempt=0,
                query=query,
            )
        )
        return await query.answer
    finally:
        del house.queries[query.query_id]


async def _first_decision(run: Run) -> None:
    """Wait until a worker knows the run: before that there is nobody to answer."""
    if run.state.previous_started_id:
        return
    unknown = QueryFailedError("workflow must handle at least one decision task before it can be queried")
    if not run.state.is_open:
        raise unknown
    waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    run.first_decision_waiters.add(waiter)
    try:
        async with asyncio.timeout(FIRST_DECISION_WAIT):
            await waiter
    except TimeoutError:
        raise unknown from None
    finally:
        run.first_decision_waiters.discard(waiter)


def _rejection(run: Run, condition: int | None) -> api.QueryWorkflowResponse | None:
    state = run.state
    if condition is None or state.is_open:
        return None
    is_clean = state.close_status == WorkflowExecutionCloseStatus.COMPLETED
    if condition == QueryRejectCondition.NOT_COMPLETED_CLEANLY and is_clean:
        return None
    return api.QueryWorkflowResponse(query_rejected=api.QueryRejected(close_status=state.close_status))


def _new(asked: api.WorkflowQuery) -> Query:
    return Query(
        str(uuid.uuid4()), asked.query_type or "", asked.query_args, asyncio.get_running_loop().create_future()
    )


def _wire(query: Query) -> api.WorkflowQuery:
    return api.WorkflowQuery(query_type=query.kind, query_args=query.args)
