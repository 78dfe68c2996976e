"""Starts: what is checked, what is filled in, and which ids may be used again."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import TYPE_CHECKING

from differential.decisions import cancel_self, complete, continue_as_new, fail

from cadence import api

if TYPE_CHECKING:
    from differential.stage import Stage


async def plain(s: Stage) -> None:
    """The first task's whole answer, and the end."""
    run = await s.start()
    await s.turn(complete())
    await s.describe(run)


async def with_everything(s: Stage) -> None:
    run = await s.start(
        memo=api.Memo({"note": b'"x"'}),
        search_attributes=api.SearchAttributes({"CustomKeywordField": b'"k"', "CustomIntField": b"3"}),
        header=api.Header({"trace": b"1"}),
        retry_policy=api.RetryPolicy(1, 2.0, 10, 3, ["final"], 30),
        workflow_id_reuse_policy=1,
    )
    await s.turn(complete(None))
    await s.describe(run)


async def missing_fields(s: Stage) -> None:
    for field in (
        "workflow_id",
        "workflow_type",
        "task_list",
        "execution_start_to_close_timeout_seconds",
        "task_start_to_close_timeout_seconds",
        "request_id",
        "input",
        "identity",
    ):
        await s.start(field, **{field: None})
    await s.start("domain", domain=None)
    await s.call("StartWorkflowExecution", api.StartWorkflowExecutionRequest())


async def wrong_fields(s: Stage) -> None:
    await s.start("a", request_id="abc")
    await s.start("b", workflow_type=api.WorkflowType(""))
    await s.start("c", task_list=api.TaskList(""))
    await s.start("d", execution_start_to_close_timeout_seconds=-1)
    await s.start("e", task_start_to_close_timeout_seconds=0)
    await s.start("f", delay_start_seconds=-1)
    await s.start("g", jitter_start_seconds=-1)
    await s.start("h", cron_schedule="every day")
    await s.start("i", domain="nope")
    await s.start("j", domain="")
    await s.start("k", search_attributes=api.SearchAttributes({"Nope": b"1"}))
    await s.start("l", search_attributes=api.SearchAttributes({"CustomIntField": b'"x"'}))


async def unknown_reuse_policy(s: Stage) -> None:
    await s.start(workflow_id_reuse_policy=17)


async def long_names(s: Stage) -> None:
    long = "n" * 1001
    await s.start("a", workflow_id=long)
    await s.start("b", workflow_type=api.WorkflowType(long))
    await s.start("c", task_list=api.TaskList(long))
    await s.start("d", identity=long)
    await s.start("e", domain=long)
    await s.start("f", request_id=long)


async def bad_retry_policies(s: Stage) -> None:
    for number, policy in enumerate(
        (
            (0, 2.0, 10, 3),
            (-1, 2.0, 10, 3),
            (1, 0.5, 10, 3),
            (1, 2.0, -1, 3),
            (5, 2.0, 1, 3),
            (1, 2.0, 10, -1),
            (1, 2.0, 10, 0, None, -1),
            (1, 2.0, 10, 0, None, 0),
        )
    ):
        await s.start(f"w{number}", retry_policy=api.RetryPolicy(*policy))


async def decision_timeout_is_capped(s: Stage) -> None:
    run = await s.start(task_start_to_close_timeout_seconds=500, execution_start_to_close_timeout_seconds=300)
    await s.describe(run)
    run = await s.start("short", task_start_to_close_timeout_seconds=20, execution_start_to_close_timeout_seconds=9)
    await s.describe(run)


async def too_large_input(s: Stage) -> None:
    await s.start(input=b"x" * (2 * 1024 * 1024 + 1))


async def same_request_id(s: Stage) -> None:
    request_id = str(uuid.uuid4())
    await s.start(request_id=request_id)
    await s.start(request_id=request_id)
    await s.start(request_id=request_id, workflow_type=api.WorkflowType("other"))
    await s.start(request_id=request_id, workflow_id_reuse_policy=3)


async def same_request_id_after_close(s: Stage) -> None:
    request_id = str(uuid.uuid4())
    for policy in (0, 1, 2):
        await s.start(request_id=request_id, workflow_id_reuse_policy=policy)
        if policy == 0:
            await s.turn(complete())


async def reuse_while_running(s: Stage) -> None:
    await s.start()
    for policy in (None, 0, 1, 2):
        await s.start(workflow_id_reuse_policy=policy)


async def terminate_if_running(s: Stage) -> None:
    run = await s.start()
    await s.start(workflow_id_reuse_policy=3, input=b"[1]")
    await s.describe(run)
    await s.turn(complete())
    await s.start(workflow_id_reuse_policy=3, input=b"[2]")


async def terminate_if_running_in_decision(s: Stage) -> None:
    _, task = await s.begin()
    await s.start(workflow_id_reuse_policy=3)
    await s.respond(task, complete())


async def reuse_after_completion(s: Stage) -> None:
    await s.start()
    await s.turn(complete())
    for policy in (None, 2, 1):
        await s.start(workflow_id_reuse_policy=policy)


async def reuse_after_failure(s: Stage) -> None:
    await s.start()
    await s.turn(fail())
    await s.start(workflow_id_reuse_policy=2)
    await s.start(workflow_id_reuse_policy=0)


async def reuse_after_cancel(s: Stage) -> None:
    run = await s.start()
    await s.cancel(run)
    await s.turn(cancel_self())
    await s.start(workflow_id_reuse_policy=2)
    await s.start(workflow_id_reuse_policy=0)


async def reuse_after_termination(s: Stage) -> None:
    await s.terminate(await s.start())
    await s.start(workflow_id_reuse_policy=2)
    await s.start()


async def reuse_after_timeout(s: Stage) -> None:
    run = await s.start(execution_start_to_close_timeout_seconds=1)
    await s.until_event(run, "WorkflowExecutionTimedOut")
    await s.start(workflow_id_reuse_policy=2)
    await s.start()


async def reuse_while_continued(s: Stage) -> None:
    run = await s.start()
    await s.turn(continue_as_new(s.list))
    await s.until_known("w", run)
    await s.start(workflow_id_reuse_policy=1)


async def delayed(s: Stage) -> None:
    run = await s.start(delay_start_seconds=1)
    await s.describe(run)
    await s.turn(complete())


async def first_run_at(s: Stage) -> None:
    await s.start(first_run_at_timestamp=time.time_ns() + 1_500_000_000, delay_start_seconds=20)
    await s.turn(complete())


async def first_run_at_in_the_past(s: Stage) -> None:
    await s.start(first_run_at_timestamp=5, delay_start_seconds=1)
    await s.turn(complete())


async def signal_while_delayed(s: Stage) -> None:
    run = await s.start(delay_start_seconds=1)
    await s.signal(run)
    await s.turn(complete())


async def cancel_while_delayed(s: Stage) -> None:
    run = await s.start(delay_start_seconds=20)
    await s.cancel(run)
    await s.turn(cancel_self())


async def async_start(s: Stage) -> None:
    fields = {"domain": s.domain, **s.start_fields()}
    for more in ({}, {"workflow_id": ""}, {"domain": "nope"}):
        request = api.StartWorkflowExecutionRequest(**{**fields, **more})
        await s.call("StartWorkflowExecutionAsync", api.StartWorkflowExecutionAsyncRequest(request))
    await s.call("StartWorkflowExecutionAsync", api.StartWorkflowExecutionAsyncRequest())
    request = api.SignalWithStartWorkflowExecutionRequest(**fields, signal_name="hello", signal_input=b"1")
    await s.call("SignalWithStartWorkflowExecutionAsync", api.SignalWithStartWorkflowExecutionAsyncRequest(request))


async def concurrent_starts(s: Stage) -> None:
    """One of five is started; the others are told which."""
    with s.unseen():
        answers = await asyncio.gather(*[s.start() for _ in range(5)])
    s.keep("kinds", sorted(type(answer).__name__ for answer in answers))
    s.keep("ids", len({answer.run_id for answer in answers}))
