"""The ways a run ends or goes on: cancel, terminate, continue as new, cron, reset; and what closed ones refuse."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from differential.decisions import activity, cancel_self, complete, continue_as_new, fail, marker, timer

from cadence import api
from cadence.api.enums import ContinueAsNewInitiator

if TYPE_CHECKING:
    from differential.stage import Stage

EVERY_SECOND = "@every 1s"


async def fails(s: Stage) -> None:
    run = await s.start()
    await s.turn(fail(details=None))
    await s.describe(run)


async def cancelled(s: Stage) -> None:
    run = await s.start()
    await s.cancel(run, cause="no need")
    await s.turn(cancel_self())
    await s.describe(run)


async def cancelled_twice(s: Stage) -> None:
    run = await s.start()
    await s.cancel(run)
    await s.cancel(run)
    await s.cancel(run, request_id=str(uuid.uuid4()))
    await s.turn(cancel_self(None))
    await s.cancel(run)


async def cancelled_by_the_same_request(s: Stage) -> None:
    run = await s.start()
    request_id = str(uuid.uuid4())
    await s.cancel(run, request_id=request_id)
    await s.cancel(run, request_id=request_id)
    await s.turn()
    await s.cancel(run, request_id=request_id)
    await s.turn(cancel_self())
    await s.cancel(run, request_id=request_id)


async def completes_though_cancelled(s: Stage) -> None:
    run = await s.start()
    await s.cancel(run)
    await s.turn(complete())
    await s.cancel(run)


async def cancels_itself_unasked(s: Stage) -> None:
    await s.start()
    await s.turn(cancel_self())


async def cancelled_while_deciding(s: Stage) -> None:
    run, task = await s.begin()
    await s.cancel(run)
    await s.respond(task, timer(100))
    await s.turn(cancel_self())


async def cancel_errors(s: Stage) -> None:
    run = await s.start()
    for rpc in ("RequestCancelWorkflowExecution", "TerminateWorkflowExecution"):
        await s.call(rpc)
        await s.call(rpc, workflow_execution=api.WorkflowExecution())
        await s.call(rpc, workflow_execution=api.WorkflowExecution(s.id("nobody")))
        await s.call(rpc, workflow_execution=api.WorkflowExecution(s.id(), "abc"))
        await s.call(rpc, workflow_execution=api.WorkflowExecution(s.id(), str(uuid.uuid4())))
        await s.call(rpc, workflow_execution=run, domain="nope")
        await s.call(rpc, workflow_execution=run, domain="")
        await s.call(rpc, workflow_execution=run, first_execution_run_id=str(uuid.uuid4()))
        await s.call(rpc, workflow_execution=run, first_execution_run_id="abc")


async def by_the_first_run_of_a_chain(s: Stage) -> None:
    run = await s.start()
    await s.turn(continue_as_new(s.list))
    await s.until_known("w", run)
    current = api.WorkflowExecution(s.id())
    await s.cancel(current, first_execution_run_id=run.run_id)
    await s.terminate(current, first_execution_run_id=str(uuid.uuid4()))
    await s.terminate(current, first_execution_run_id=run.run_id)


async def terminated(s: Stage) -> None:
    run = await s.start()
    await s.terminate(run)
    await s.describe(run)
    await s.terminate(run)
    await s.terminate(api.WorkflowExecution(s.id()))


async def terminated_without_words(s: Stage) -> None:
    run = await s.start()
    await s.terminate(run, reason=None, details=None, identity=None)


async def terminated_while_deciding(s: Stage) -> None:
    run, task = await s.begin()
    await s.signal(run)
    await s.terminate(run)
    await s.respond(task, complete())


async def terminated_at_once(s: Stage) -> None:
    """Of five terminations at once, one counts."""
    run = await s.start()
    with s.unseen():
        answers = await asyncio.gather(*[s.terminate(run) for _ in range(5)])
    s.keep("answers", sorted(type(answer).__name__ for answer in answers))


async def closed_refuses(s: Stage) -> None:
    run = await s.start()
    await s.turn(complete())
    await s.signal(run)
    await s.cancel(run)
    await s.terminate(run)
    await s.describe(run)
    await s.call("ResetStickyTaskList", execution=run)
    await s.call("RefreshWorkflowTasks", execution=run)
    await s.query(run, query_reject_condition=0)


async def continues(s: Stage) -> None:
    run = await s.start(memo=api.Memo({"note": b'"x"'}), header=api.Header({"a": b"b"}))
    await s.turn(continue_as_new(s.list))
    new = await s.until_known("w", run)
    await s.describe(run)
    await s.describe(new)
    await s.turn(complete())


async def continues_with_defaults(s: Stage) -> None:
    run = await s.start(memo=api.Memo({"note": b'"x"'}), header=api.Header({"a": b"b"}))
    bare = {
        "workflow_type": None,
        "input": None,
        "execution_start_to_close_timeout_seconds": None,
        "task_start_to_close_timeout_seconds": None,
    }
    await s.turn(continue_as_new(None, **bare))
    await s.until_known("w", run)
    await s.turn(complete())


async def continues_with_everything(s: Stage) -> None:
    run = await s.start()
    await s.turn(
        continue_as_new(
            s.list,
            memo=api.Memo({"note": b'"y"'}),
            header=api.Header({"c": b"d"}),
            search_attributes=api.SearchAttributes({"CustomIntField": b"4"}),
            retry_policy=api.RetryPolicy(1, 2.0, 10, 3),
            initiator=ContinueAsNewInitiator.Decider,
            failure_reason="why",
            failure_details=b'"d"',
            last_completion_result=b'"r"',
        )
    )
    await s.until_known("w", run)
    await s.turn(complete())


async def continues_later(s: Stage) -> None:
    run = await s.start()
    await s.turn(continue_as_new(s.list, backoff_start_interval_in_seconds=4))
    new = await s.until_known("w", run)
    await s.describe(new)
    await s.turn(complete())


async def continuing_meets_a_signal(s: Stage) -> None:
    run, task = await s.begin()
    await s.signal(run)
    await s.respond(task, continue_as_new(s.list))
    await s.turn(continue_as_new(s.list))
    await s.until_known("w", run)
    await s.turn(complete())


async def continued_run_refuses(s: Stage) -> None:
    run = await s.start()
    await s.turn(continue_as_new(s.list))
    await s.until_known("w", run)
    await s.signal(run)
    await s.cancel(run)
    await s.terminate(run)
    await s.signal(api.WorkflowExecution(s.id()))
    await s.turn(complete())


async def cron(s: Stage) -> None:
    run = await s.start(cron_schedule=EVERY_SECOND)
    await s.describe(run)
    await s.turn(complete(b'"one"'))
    new = await s.until_known("w", run)
    await s.turn(fail())
    await s.until_known("w", new)
    await s.turn(complete(b'"three"'))


async def cron_is_cancelled(s: Stage) -> None:
    run = await s.start(cron_schedule=EVERY_SECOND)
    await s.cancel(run)
    await s.turn(cancel_self())


async def cron_times_out(s: Stage) -> None:
    run = await s.start(cron_schedule=EVERY_SECOND, execution_start_to_close_timeout_seconds=3)
    new = await s.until_known("w", run)
    await s.poll()
    await s.terminate(new)


async def cron_with_retries(s: Stage) -> None:
    run = await s.start(cron_schedule=EVERY_SECOND, retry_policy=api.RetryPolicy(1, 1.0, 1, 1))
    await s.turn(fail())
    new = await s.until_known("w", run)
    await s.turn(fail())
    await s.until_known("w", new)
    await s.poll()


async def cron_continues(s: Stage) -> None:
    run = await s.start(cron_schedule=EVERY_SECOND)
    await s.turn(continue_as_new(s.list))
    await s.until_known("w", run)
    await s.turn(complete())


async def cron_specs(s: Stage) -> None:
    for number, spec in enumerate(
        ("* * * *", "60 * * * *", "@every", "@every x", "@hourly", "0 0 31 2 *", "? * * * *")
    ):
        run = await s.start(f"w{number}", cron_schedule=spec, request_id=str(uuid.uuid4()))
        if isinstance(run, api.WorkflowExecution):
            s.runs.remove(run)
            with s.unseen():
                await s.terminate(run)


async def _three_turns(s: Stage) -> Any:
    run = await s.start()
    with s.unseen():
        await s.turn(marker("one"))
        await s.signal(run, "first")
        await s.turn(marker("two"))
        await s.signal(run, "second")
        await s.turn(marker("three"))
    return run


async def reset_to_the_first_decision(s: Stage) -> None:
    run = await _three_turns(s)
    new = await s.reset(run, 4)
    await s.describe(new)
    await s.turn(complete())


async def reset_to_the_second_decision(s: Stage) -> None:
    run = await _three_turns(s)
    await s.reset(run, 9)
    await s.turn(complete())


async def reset_without_signals(s: Stage) -> None:
    run = await _three_turns(s)
    await s.reset(run, 4, skip_signal_reapply=True)
    await s.turn(complete())


async def reset_of_a_closed_run(s: Stage) -> None:
    run = await s.start()
    await s.turn(complete())
    await s.reset(run, 4)
    await s.turn(fail())


async def reset_with_an_open_activity(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    task = await s.work()
    await s.signal(run)
    await s.turn(marker())
    await s.reset(run, 9)
    await s.done(task)
    await s.turn(complete())


async def reset_with_a_timer(s: Stage) -> None:
    run = await s.start()
    await s.turn(timer(5))
    await s.signal(run)
    await s.turn(marker())
    await s.reset(run, 8)
    await s.turn()
    await s.turn(complete())


async def reset_while_deciding(s: Stage) -> None:
    run = await s.start()
    await s.turn(marker())
    await s.signal(run)
    task = await s.poll()
    await s.reset(run, 4)
    await s.respond(task, complete())


async def reset_twice_by_one_request(s: Stage) -> None:
    run = await s.start()
    await s.turn(marker())
    request_id = str(uuid.uuid4())
    await s.reset(run, 4, request_id=request_id)
    await s.reset(run, 4, request_id=request_id)
    s.runs.pop()


async def reset_errors(s: Stage) -> None:
    run = await s.start()
    await s.turn(marker(), timer(100))
    for event_id in (None, 0, -1, 1, 2, 3, 5, 6, 7, 100):
        answer = await s.reset(run, event_id)
        if isinstance(answer, api.WorkflowExecution):
            run = answer
    await s.reset(run, 4, request_id=None)
    await s.reset(api.WorkflowExecution(s.id("nobody")), 4)
    await s.reset(api.WorkflowExecution(s.id(), str(uuid.uuid4())), 4)
    await s.reset(api.WorkflowExecution(s.id(), "abc"), 4)
    await s.reset(api.WorkflowExecution(), 4)
    await s.reset(run, 4, domain="nope")


async def restarted(s: Stage) -> None:
    run = await s.start()
    await s.turn(marker())
    for execution in (run, api.WorkflowExecution(s.id("nobody")), api.WorkflowExecution(s.id(), "abc")):
        fields = {"workflow_execution": execution, "identity": "client", "reason": "again"}
        answer = await s.call("RestartWorkflowExecution", **fields)
        if getattr(answer, "run_id", None):
            s.follow("w", answer.run_id)


async def refreshed(s: Stage) -> None:
    run = await s.start()
    await s.call("RefreshWorkflowTasks", execution=run)
    await s.turn(complete())
    await s.call("RefreshWorkflowTasks", execution=api.WorkflowExecution(s.id("nobody")))
    await s.call("RefreshWorkflowTasks")
    await s.call("RefreshWorkflowTasks", execution=run, domain="nope")
    await s.call("RefreshWorkflowTasks", execution=api.WorkflowExecution(s.id(), "abc"))


async def diagnosed(s: Stage) -> None:
    run = await s.start()
    await s.call("DiagnoseWorkflowExecution")
    await s.call("DiagnoseWorkflowExecution", workflow_execution=api.WorkflowExecution(), identity="x")
    await s.call("DiagnoseWorkflowExecution", workflow_execution=run, identity="x", domain="nope")


async def describe_errors(s: Stage) -> None:
    await s.describe(None)
    await s.describe(api.WorkflowExecution())
    await s.describe(api.WorkflowExecution(s.id("nobody")))
    await s.describe(api.WorkflowExecution(s.id("nobody"), "abc"))
    await s.describe(api.WorkflowExecution(s.id("nobody"), str(uuid.uuid4())))
    await s.describe(api.WorkflowExecution(s.id("nobody")), domain="nope")
    await s.describe(api.WorkflowExecution(s.id("nobody")), domain=None)
