"""Queries: alone, with decisions, of closed runs, refused ones, and stale answers."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from differential.decisions import complete, fail, marker

from cadence import api
from cadence.api.enums import QueryConsistencyLevel, QueryRejectCondition, QueryResultType

if TYPE_CHECKING:
    from differential.stage import Stage

STRONG = QueryConsistencyLevel.STRONG


async def _asked(s: Stage, run: Any, *, wait: float = 1.0, **more: Any) -> asyncio.Task[Any]:
    """Ask, and go on while the question is under way."""
    with s.unseen():
        task = asyncio.create_task(
            s.ask("QueryWorkflow", execution=run, query=api.WorkflowQuery("state", b"[5]"), **more)
        )
        await asyncio.sleep(wait)
    return task


async def _idle(s: Stage) -> Any:
    run = await s.start()
    await s.turn(marker())
    return run


async def answered(s: Stage) -> None:
    run = await _idle(s)
    asked = await _asked(s, run)
    await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def refused_by_the_worker(s: Stage) -> None:
    run = await _idle(s)
    asked = await _asked(s, run)
    await s.answer_query(await s.poll(), error="don't know")
    s.keep("answer", await asked)


async def empty_answer(s: Stage) -> None:
    run = await _idle(s)
    asked = await _asked(s, run)
    await s.answer_query(await s.poll(), None)
    s.keep("answer", await asked)


async def of_a_closed_run(s: Stage) -> None:
    run = await s.start()
    await s.turn(complete())
    asked = await _asked(s, run)
    await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def by_workflow_id_alone(s: Stage) -> None:
    await _idle(s)
    asked = await _asked(s, api.WorkflowExecution(s.id()))
    await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def rejected_when_not_open(s: Stage) -> None:
    run = await s.start()
    await s.turn(complete())
    await s.query(run, query_reject_condition=QueryRejectCondition.NOT_OPEN)


async def rejected_when_not_completed(s: Stage) -> None:
    run = await s.start()
    await s.turn(fail())
    await s.query(run, query_reject_condition=QueryRejectCondition.NOT_COMPLETED_CLEANLY)


async def completed_is_clean(s: Stage) -> None:
    run = await s.start()
    await s.turn(complete())
    asked = await _asked(s, run, query_reject_condition=QueryRejectCondition.NOT_COMPLETED_CLEANLY)
    await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def open_is_not_rejected(s: Stage) -> None:
    run = await _idle(s)
    asked = await _asked(s, run, query_reject_condition=QueryRejectCondition.NOT_OPEN)
    await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def strong_while_idle(s: Stage) -> None:
    run = await _idle(s)
    asked = await _asked(s, run, query_consistency_level=STRONG)
    await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def strong_with_a_decision(s: Stage) -> None:
    """It waits for the pending task and travels with it."""
    run = await _idle(s)
    await s.signal(run)
    asked = await _asked(s, run, query_consistency_level=STRONG)
    task = await s.poll()
    ids = list(task.queries or ())
    s.keep("queries", len(ids))
    result = api.WorkflowQueryResult(QueryResultType.ANSWERED, b'"now"')
    await s.respond(task, marker(), query_results=dict.fromkeys(ids, result))
    s.keep("answer", await asked)


async def strong_failing_with_a_decision(s: Stage) -> None:
    run = await _idle(s)
    await s.signal(run)
    asked = await _asked(s, run, query_consistency_level=STRONG)
    task = await s.poll()
    result = api.WorkflowQueryResult(QueryResultType.FAILED, None, "don't know")
    await s.respond(task, marker(), query_results=dict.fromkeys(task.queries or (), result))
    s.keep("answer", await asked)


async def strong_while_deciding(s: Stage) -> None:
    """Asked while a task is out: answered by the one after it."""
    run = await _idle(s)
    await s.signal(run)
    task = await s.poll()
    asked = await _asked(s, run, query_consistency_level=STRONG)
    await s.respond(task, marker())
    await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def strong_left_unanswered(s: Stage) -> None:
    """A worker that answers the decision and not its query is asked again."""
    run = await _idle(s)
    await s.signal(run)
    asked = await _asked(s, run, query_consistency_level=STRONG)
    await s.respond(await s.poll(), marker())
    await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def strong_and_the_run_completes(s: Stage) -> None:
    run = await _idle(s)
    await s.signal(run)
    asked = await _asked(s, run, query_consistency_level=STRONG)
    task = await s.poll()
    result = api.WorkflowQueryResult(QueryResultType.ANSWERED, b'"last"')
    await s.respond(task, complete(), query_results=dict.fromkeys(task.queries or (), result))
    s.keep("answer", await asked)


async def answered_twice(s: Stage) -> None:
    run = await _idle(s)
    asked = await _asked(s, run)
    task = await s.poll()
    await s.answer_query(task)
    s.keep("answer", await asked)
    await s.answer_query(task)


async def before_the_first_decision(s: Stage) -> None:
    run = await s.start()
    await s.query(run)


async def strong_before_the_first_decision(s: Stage) -> None:
    run = await s.start()
    asked = await _asked(s, run, wait=0.3, query_consistency_level=STRONG)
    task = await s.poll()
    s.keep("queries", len(task.queries or ()))
    result = api.WorkflowQueryResult(QueryResultType.ANSWERED, b'"first"')
    await s.respond(task, marker(), query_results=dict.fromkeys(task.queries or (), result))
    if not asked.done() and not task.queries:
        await s.answer_query(await s.poll())
    s.keep("answer", await asked)


async def token_of_a_decision(s: Stage) -> None:
    _, task = await s.begin()
    await s.answer_query(task)
    await s.respond(task, complete())


async def token_of_a_query(s: Stage) -> None:
    run = await _idle(s)
    asked = await _asked(s, run)
    task = await s.poll()
    await s.fail_decision(task)
    await s.done(task)
    await s.answer_query(task)
    s.keep("answer", await asked)


async def to_a_sticky_list(s: Stage) -> None:
    sticky = api.StickyExecutionAttributes(s.lists("sticky"), 10)
    run, task = await s.begin()
    await s.respond(task, marker(), sticky_attributes=sticky)
    poll = asyncio.create_task(s.poll(f"{s.prefix}-sticky"))
    await s.pause(0.5)
    asked = await _asked(s, run)
    await s.answer_query(await poll)
    s.keep("answer", await asked)


async def errors(s: Stage) -> None:
    run = await _idle(s)
    await s.query(None)
    await s.query(run, query=None)
    await s.query(run, None)
    await s.query(run, "")
    await s.query(api.WorkflowExecution())
    await s.query(api.WorkflowExecution(s.id("nobody")))
    await s.query(api.WorkflowExecution(s.id(), "abc"))
    await s.query(api.WorkflowExecution(s.id(), str(uuid.uuid4())))
    await s.query(run, domain="nope")
    await s.query(run, domain="")
    await s.query(run, query=api.WorkflowQuery("state", b"x" * (2 * 1024 * 1024 + 1)))
