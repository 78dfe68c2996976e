"""Runs and other runs: children, signals and cancel requests from workflow code."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from differential.decisions import (
    cancel_external,
    cancel_self,
    child,
    complete,
    continue_as_new,
    fail,
    signal_external,
    timer,
)

from cadence import api
from cadence.api.enums import ParentClosePolicy

if TYPE_CHECKING:
    from differential.stage import Stage


async def _parent(s: Stage, **more: Any) -> tuple[Any, Any]:
    """Start a parent whose first task starts a child with a task list of its own; both executions."""
    run = await s.start()
    await s.turn(child(s.id("c"), f"{s.list}-c", **more))
    await s.until_event(run, "ChildWorkflowExecutionStarted")
    part = await s.until_known("c")
    await s.until_event(part, "DecisionTaskScheduled")
    return run, part


async def _child_turn(s: Stage, *decisions: api.Decision) -> None:
    await s.respond(await s.poll(f"{s.list}-c"), *decisions)


async def child_completes(s: Stage) -> None:
    run, part = await _parent(s)
    await s.describe(run)
    await s.describe(part)
    await s.turn()
    await _child_turn(s, complete())
    await s.turn(complete())


async def child_with_everything(s: Stage) -> None:
    run, part = await _parent(
        s,
        control=b"control",
        memo=api.Memo({"note": b'"x"'}),
        header=api.Header({"a": b"b"}),
        search_attributes=api.SearchAttributes({"CustomIntField": b"4"}),
        retry_policy=api.RetryPolicy(1, 2.0, 10, 1),
        domain=s.domain,
    )
    await s.describe(part)
    await _child_turn(s, complete())
    await s.until_event(run, "ChildWorkflowExecutionCompleted")


async def child_with_defaults(s: Stage) -> None:
    run = await s.start()
    bare = {
        "input": None,
        "execution_start_to_close_timeout_seconds": None,
        "task_start_to_close_timeout_seconds": None,
    }
    await s.turn(child(s.id("c"), **bare))
    await s.until_event(run, "ChildWorkflowExecutionStarted")
    await s.until_known("c")


async def child_fails(s: Stage) -> None:
    await _parent(s)
    await s.turn()
    await _child_turn(s, fail())
    await s.turn(complete())


async def child_is_cancelled(s: Stage) -> None:
    _, part = await _parent(s)
    await s.turn()
    await s.cancel(part)
    await _child_turn(s, cancel_self())
    await s.turn(complete())


async def child_is_terminated(s: Stage) -> None:
    _, part = await _parent(s)
    await s.turn()
    await s.terminate(part)
    await s.turn(complete())


async def child_times_out(s: Stage) -> None:
    await _parent(s, execution_start_to_close_timeout_seconds=1)
    await s.turn()
    await s.turn(complete())


async def child_continues(s: Stage) -> None:
    _, part = await _parent(s)
    await s.turn()
    await _child_turn(s, continue_as_new(f"{s.list}-c"))
    await s.until_known("c", part)
    await _child_turn(s, complete())
    await s.turn(complete())


async def child_retries(s: Stage) -> None:
    _, part = await _parent(s, retry_policy=api.RetryPolicy(1, 1.0, 1, 2))
    await s.turn()
    await _child_turn(s, fail())
    await s.until_known("c", part)
    await _child_turn(s, fail())
    await s.turn(complete())


async def child_is_there_already(s: Stage) -> None:
    await s.start("c", task_list=s.lists("other"))
    await s.start()
    await s.turn(child(s.id("c"), f"{s.list}-c"))
    await s.turn(complete())


async def child_was_there_before(s: Stage) -> None:
    with s.unseen():
        await s.start("c")
        await s.turn(complete())
    run = await s.start()
    await s.turn(child(s.id("c"), f"{s.list}-c"))
    await s.until_event(run, "StartChildWorkflowExecutionFailed")
    await s.turn(child(s.id("c"), f"{s.list}-c", workflow_id_reuse_policy=1))
    await s.until_event(run, "ChildWorkflowExecutionStarted")


async def child_twice(s: Stage) -> None:
    run = await s.start()
    await s.turn(child(s.id("c"), f"{s.list}-c"), child(s.id("c"), f"{s.list}-c"))
    await s.until_event(run, "StartChildWorkflowExecutionFailed")
    s.keep("kinds", sorted(event.event_type for event in await s.events(run))[:8])
    s.runs.clear()


async def _closing(s: Stage, policy: int | None) -> None:
    _, part = await _parent(s, parent_close_policy=policy)
    await s.turn(complete())
    if policy == ParentClosePolicy.REQUEST_CANCEL:
        await s.until_event(part, "WorkflowExecutionCancelRequested")
    elif policy == ParentClosePolicy.ABANDON:
        await _child_turn(s, complete())
    else:
        await s.until_event(part, "WorkflowExecutionTerminated")


async def parent_closes_and_terminates(s: Stage) -> None:
    await _closing(s, ParentClosePolicy.TERMINATE)


async def parent_closes_and_cancels(s: Stage) -> None:
    await _closing(s, ParentClosePolicy.REQUEST_CANCEL)


async def parent_closes_and_abandons(s: Stage) -> None:
    await _closing(s, ParentClosePolicy.ABANDON)


async def parent_closes_without_policy(s: Stage) -> None:
    await _closing(s, None)


async def parent_is_terminated(s: Stage) -> None:
    run, part = await _parent(s)
    await s.terminate(run)
    await s.until_event(part, "WorkflowExecutionTerminated")


async def parent_continues(s: Stage) -> None:
    run, part = await _parent(s)
    await s.turn(continue_as_new(s.list))
    await s.until_known("w", run)
    await s.until_event(part, "WorkflowExecutionTerminated")


async def child_closes_while_parent_decides(s: Stage) -> None:
    await _parent(s)
    task = await s.poll()
    await _child_turn(s, complete())
    await s.pause(0.5)
    await s.respond(task, complete())
    await s.turn(complete())


async def _told(s: Stage, *decisions: api.Decision) -> None:
    """Another run, and one whose first task says something to it."""
    await s.start("other", task_list=s.lists("other"))
    await s.start()
    await s.turn(*decisions)
    await s.turn(complete())


async def signals_another(s: Stage) -> None:
    await _told(s, signal_external(s.domain, s.id("other"), control=b"c"))


async def signals_nobody(s: Stage) -> None:
    await _told(s, signal_external(s.domain, s.id("nobody"), control=b"c"))


async def signals_an_unknown_run(s: Stage) -> None:
    await _told(s, signal_external(s.domain, s.id("other"), str(uuid.uuid4())))


async def signals_a_closed_one(s: Stage) -> None:
    other = await s.start("other", task_list=s.lists("other"))
    await s.terminate(other)
    await s.start()
    await s.turn(signal_external(s.domain, s.id("other")))
    await s.turn(complete())


async def signals_itself(s: Stage) -> None:
    await s.start()
    await s.turn(signal_external(s.domain, s.id()))
    await s.turn(complete())


async def signals_a_child(s: Stage) -> None:
    await _parent(s)
    await s.turn(signal_external(s.domain, s.id("c"), child_workflow_only=True))
    await s.turn()
    await _child_turn(s, complete())
    await s.turn(complete())


async def signals_a_stranger_as_child(s: Stage) -> None:
    await _told(s, signal_external(s.domain, s.id("other"), child_workflow_only=True))


async def cancels_another(s: Stage) -> None:
    await _told(s, cancel_external(s.domain, s.id("other"), control=b"c"))


async def cancels_nobody(s: Stage) -> None:
    await _told(s, cancel_external(s.domain, s.id("nobody"), control=b"c"))


async def cancels_twice(s: Stage) -> None:
    other = await s.start("other", task_list=s.lists("other"))
    await s.cancel(other)
    await s.start()
    await s.turn(cancel_external(s.domain, s.id("other")))
    await s.turn(complete())


async def cancels_a_closed_one(s: Stage) -> None:
    other = await s.start("other", task_list=s.lists("other"))
    await s.terminate(other)
    await s.start()
    await s.turn(cancel_external(s.domain, s.id("other")))
    await s.turn(complete())


async def cancels_itself_from_outside(s: Stage) -> None:
    run = await s.start()
    await s.turn(cancel_external(s.domain, s.id()))
    await s.pause(0.5)
    await s.terminate(run)


async def cancels_a_child(s: Stage) -> None:
    await _parent(s)
    await s.turn(cancel_external(s.domain, s.id("c"), child_workflow_only=True))
    await s.turn()
    await _child_turn(s, cancel_self())
    await s.turn(complete())


async def cancels_a_stranger_as_child(s: Stage) -> None:
    await _told(s, cancel_external(s.domain, s.id("other"), child_workflow_only=True))


async def says_and_closes_at_once(s: Stage) -> None:
    """What was said in the last task does not arrive."""
    await s.start("other", task_list=s.lists("other"))
    await s.start()
    await s.turn(signal_external(s.domain, s.id("other")), cancel_external(s.domain, s.id("other")), complete())
    await s.pause(1.5)


async def starts_a_child_and_closes_at_once(s: Stage) -> None:
    await s.start()
    await s.turn(child(s.id("c"), f"{s.list}-c", parent_close_policy=ParentClosePolicy.ABANDON), complete())
    await s.pause(1)
    await s.describe(api.WorkflowExecution(s.id("c")))


async def timer_and_child_in_one_task(s: Stage) -> None:
    run = await s.start()
    await s.turn(timer(100), child(s.id("c"), f"{s.list}-c"))
    await s.until_event(run, "ChildWorkflowExecutionStarted")
    await s.describe(run)
