"""Signals, and signals with a start."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from differential.decisions import complete, fail

from cadence import api

if TYPE_CHECKING:
    from differential.stage import Stage


async def before_the_first_task(s: Stage) -> None:
    run = await s.start()
    await s.signal(run, input=None, identity=None)
    await s.signal(run, "second")
    await s.turn(complete())


async def while_deciding(s: Stage) -> None:
    run, task = await s.begin()
    await s.signal(run, "one")
    await s.signal(run, "two")
    await s.respond(task)
    await s.turn(complete())


async def completion_meets_a_signal(s: Stage) -> None:
    """The decider doesn't know of the signal: its completion is refused."""
    run, task = await s.begin()
    await s.signal(run)
    await s.respond(task, complete())
    await s.turn(complete())


async def failure_meets_a_signal(s: Stage) -> None:
    run, task = await s.begin()
    await s.signal(run)
    await s.respond(task, fail())
    await s.turn(fail())


async def same_request_id(s: Stage) -> None:
    run = await s.start()
    request_id = str(uuid.uuid4())
    await s.signal(run, request_id=request_id)
    await s.signal(run, request_id=request_id)
    await s.signal(run, "other", request_id=request_id)
    await s.turn(complete())
    await s.signal(run, request_id=request_id)


async def by_workflow_id_alone(s: Stage) -> None:
    await s.start()
    await s.signal(api.WorkflowExecution(s.id()))
    await s.turn(complete())
    await s.signal(api.WorkflowExecution(s.id()))


async def errors(s: Stage) -> None:
    run = await s.start()
    await s.signal(run, None)
    await s.signal(run, "")
    await s.signal(run, "n" * 1001)
    await s.signal(None)
    await s.signal(api.WorkflowExecution())
    await s.signal(api.WorkflowExecution(s.id("nobody")))
    await s.signal(api.WorkflowExecution(s.id(), "abc"))
    await s.signal(api.WorkflowExecution(s.id(), str(uuid.uuid4())))
    await s.signal(run, domain="nope")
    await s.signal(run, domain=None)
    await s.signal(run, request_id="r" * 1001)
    await s.signal(run, input=b"x" * (2 * 1024 * 1024 + 1))


async def closed(s: Stage) -> None:
    run = await s.start()
    await s.terminate(run)
    await s.signal(run)
    await s.signal(api.WorkflowExecution(s.id()))


async def many_at_once(s: Stage) -> None:
    run, task = await s.begin()
    with s.unseen():
        await asyncio.gather(*[s.signal(run, "many") for _ in range(20)])
    await s.respond(task)
    await s.turn(complete())


async def more_than_may_wait(s: Stage) -> None:
    """Beyond a hundred waiting events, the task is taken from the worker."""
    run, task = await s.begin(task_start_to_close_timeout_seconds=60)
    with s.unseen():
        for number in range(103):
            await s.signal(run, f"signal {number}")
    await s.respond(task)
    await s.turn(complete())


async def with_start(s: Stage) -> None:
    await s.signal_with_start()
    await s.signal_with_start(signal_name="again")
    await s.turn(complete())


async def with_start_while_deciding(s: Stage) -> None:
    _, task = await s.begin()
    await s.signal_with_start()
    await s.respond(task, complete())
    await s.turn(complete())


async def with_start_twice(s: Stage) -> None:
    request_id = str(uuid.uuid4())
    await s.signal_with_start(request_id=request_id)
    await s.signal_with_start(request_id=request_id)
    await s.turn(complete())
    await s.signal_with_start(request_id=request_id)


async def with_start_after_close(s: Stage) -> None:
    await s.start()
    await s.turn(complete())
    await s.signal_with_start()
    await s.signal_with_start(workflow_id_reuse_policy=2)
    await s.signal_with_start(workflow_id_reuse_policy=1)
    await s.turn(complete())


async def with_start_after_failure(s: Stage) -> None:
    await s.start()
    await s.turn(fail())
    await s.signal_with_start(workflow_id_reuse_policy=2)
    await s.signal_with_start()


async def with_start_terminating(s: Stage) -> None:
    await s.start()
    await s.signal_with_start(workflow_id_reuse_policy=3)
    await s.turn(complete())


async def with_start_terminating_while_deciding(s: Stage) -> None:
    _, task = await s.begin()
    await s.signal_with_start(workflow_id_reuse_policy=3)
    await s.respond(task)


async def with_start_delayed(s: Stage) -> None:
    await s.signal_with_start(delay_start_seconds=1)
    await s.turn(complete())


async def with_start_by_cron(s: Stage) -> None:
    await s.signal_with_start(cron_schedule="@every 1s")
    await s.turn(complete())


async def with_start_errors(s: Stage) -> None:
    long = "n" * 1001
    await s.signal_with_start("a", signal_name=None)
    await s.signal_with_start("b", signal_name=long)
    await s.signal_with_start("c", workflow_id=None)
    await s.signal_with_start("d", workflow_type=None)
    await s.signal_with_start("e", task_list=None)
    await s.signal_with_start("f", execution_start_to_close_timeout_seconds=None)
    await s.signal_with_start("g", task_start_to_close_timeout_seconds=-1)
    await s.signal_with_start("h", request_id=None)
    await s.signal_with_start("i", request_id="no uuid")
    await s.signal_with_start("j", retry_policy=api.RetryPolicy(0))
    await s.signal_with_start("k", cron_schedule="x")
    await s.signal_with_start("l", domain="nope")
    await s.signal_with_start("m", signal_input=b"x" * (2 * 1024 * 1024 + 1))
    await s.signal_with_start("n", search_attributes=api.SearchAttributes({"Nope": b"1"}))
    await s.signal_with_start("o", delay_start_seconds=-1)
    await s.signal_with_start("p", jitter_start_seconds=-1)


async def with_start_at_once(s: Stage) -> None:
    """Five at the same time make one run with five signals."""
    with s.unseen():
        answers = await asyncio.gather(*[s.signal_with_start() for _ in range(5)])
    s.keep("runs", len({answer.run_id for answer in answers}))
    await s.turn(complete())
