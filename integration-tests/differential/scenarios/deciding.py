"""Decision tasks: failing them, answering badly, too late, twice, with heartbeats, and through sticky lists."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from differential.decisions import (
    activity,
    cancel_activity,
    cancel_external,
    cancel_self,
    cancel_timer,
    child,
    complete,
    continue_as_new,
    decision,
    fail,
    marker,
    signal_external,
    timer,
    upsert,
)

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause, DecisionType, EventType

if TYPE_CHECKING:
    from differential.stage import Stage

ENDINGS = {EventType.WorkflowExecutionCompleted, EventType.WorkflowExecutionTerminated}


async def _refused(s: Stage, name: str, *decisions: api.Decision) -> None:
    """Answer the first task of a run with what can't be."""
    task_list = f"{s.list}-{name}"
    run = await s.start(name, task_list=api.TaskList(name=task_list), task_start_to_close_timeout_seconds=60)
    with s.unseen():
        task = await s.poll(task_list)
    await s.respond(task, *decisions)
    await s.call("GetWorkflowExecutionHistory", execution=run)
    await s.terminate(run)
    s.runs.remove(run)


async def bad_activities(s: Stage) -> None:
    for number, one in enumerate(
        (
            activity(s.list, None),
            activity(s.list, ""),
            activity(None),
            activity(""),
            activity(s.list, activity_type=None),
            activity(s.list, activity_type=api.ActivityType("")),
            activity(s.list, "n" * 1001),
            activity(s.list, activity_type=api.ActivityType("n" * 1001)),
            activity("n" * 1001),
            activity(s.list, schedule_to_close_timeout_seconds=-1),
            activity(s.list, start_to_close_timeout_seconds=-1),
            activity(s.list, heartbeat_timeout_seconds=-1),
            activity(s.list, schedule_to_close_timeout_seconds=None, start_to_close_timeout_seconds=None),
            activity(s.list, schedule_to_close_timeout_seconds=None, schedule_to_start_timeout_seconds=None),
            activity(s.list, retry_policy=api.RetryPolicy(0, 1.0, 1, 2)),
            activity(s.list, domain="nope"),
            decision(DecisionType.ScheduleActivityTask, None),
        )
    ):
        await _refused(s, f"w{number}", one)


async def bad_activity_cancels(s: Stage) -> None:
    await _refused(s, "a", cancel_activity(None))
    await _refused(s, "b", cancel_activity(""))
    await _refused(s, "c", cancel_activity("n" * 1001))
    await _refused(s, "d", decision(DecisionType.RequestCancelActivityTask, None))


async def bad_timers(s: Stage) -> None:
    await _refused(s, "a", timer(1, None))
    await _refused(s, "b", timer(1, ""))
    await _refused(s, "c", timer(0))
    await _refused(s, "d", timer(-1))
    await _refused(s, "e", timer(None))
    await _refused(s, "f", timer(1, "n" * 1001))
    await _refused(s, "g", timer(1), timer(1))
    await _refused(s, "h", cancel_timer(None))
    await _refused(s, "i", cancel_timer("n" * 1001))
    await _refused(s, "j", decision(DecisionType.StartTimer, None))
    await _refused(s, "k", decision(DecisionType.CancelTimer, None))


async def bad_markers(s: Stage) -> None:
    await _refused(s, "a", marker(None))
    await _refused(s, "b", marker(""))
    await _refused(s, "c", marker("n" * 1001))
    await _refused(s, "d", decision(DecisionType.RecordMarker, None))


async def bad_endings(s: Stage) -> None:
    await _refused(s, "a", decision(DecisionType.CompleteWorkflowExecution, None))
    await _refused(s, "b", decision(DecisionType.FailWorkflowExecution, None))
    await _refused(s, "c", fail(None))
    await _refused(s, "d", decision(DecisionType.CancelWorkflowExecution, None))
    await _refused(s, "e", complete(), complete())
    await _refused(s, "f", complete(), fail())
    await _refused(s, "g", complete(), timer(1))
    await _refused(s, "h", fail(""))


async def bad_continuations(s: Stage) -> None:
    await _refused(s, "a", decision(DecisionType.ContinueAsNewWorkflowExecution, None))
    await _refused(s, "b", continue_as_new(s.list, execution_start_to_close_timeout_seconds=-1))
    await _refused(s, "c", continue_as_new(s.list, task_start_to_close_timeout_seconds=-1))
    await _refused(s, "d", continue_as_new("n" * 1001))
    await _refused(s, "e", continue_as_new(s.list, workflow_type=api.WorkflowType("n" * 1001)))
    await _refused(s, "f", continue_as_new(s.list, backoff_start_interval_in_seconds=-1))
    await _refused(s, "g", continue_as_new(s.list, search_attributes=api.SearchAttributes({"Nope": b"1"})))
    await _refused(s, "h", continue_as_new(s.list, retry_policy=api.RetryPolicy(0)))
    await _refused(s, "i", continue_as_new(s.list, cron_schedule="x"))


async def bad_children(s: Stage) -> None:
    for number, one in enumerate(
        (
            child(None),
            child(""),
            child("n" * 1001),
            child(s.id("c"), workflow_type=None),
            child(s.id("c"), workflow_type=api.WorkflowType("")),
            child(s.id("c"), workflow_type=api.WorkflowType("n" * 1001)),
            child(s.id("c"), "n" * 1001),
            child(s.id("c"), domain="nope"),
            child(s.id("c"), domain="n" * 1001),
            child(s.id("c"), retry_policy=api.RetryPolicy(0)),
            child(s.id("c"), cron_schedule="x"),
            decision(DecisionType.StartChildWorkflowExecution, None),
        )
    ):
        await _refused(s, f"w{number}", one)


async def bad_external_signals(s: Stage) -> None:
    for number, one in enumerate(
        (
            decision(DecisionType.SignalExternalWorkflowExecution, None),
            signal_external(s.domain, None),
            signal_external(s.domain, ""),
            signal_external(s.domain, s.id("other"), "abc"),
            signal_external(s.domain, s.id("other"), signal_name=None),
            signal_external(s.domain, s.id("other"), signal_name=""),
            signal_external(s.domain, s.id("other"), input=None),
            signal_external(s.domain, s.id("other"), execution=None),
            signal_external("nope", s.id("other")),
            signal_external(s.domain, "n" * 1001),
            signal_external("n" * 1001, s.id("other")),
        )
    ):
        await _refused(s, f"w{number}", one)


async def bad_external_cancels(s: Stage) -> None:
    for number, one in enumerate(
        (
            decision(DecisionType.RequestCancelExternalWorkflowExecution, None),
            cancel_external(s.domain, None),
            cancel_external(s.domain, ""),
            cancel_external(s.domain, s.id("other"), "abc"),
            cancel_external("nope", s.id("other")),
            cancel_external(s.domain, "n" * 1001),
        )
    ):
        await _refused(s, f"w{number}", one)


async def bad_upserts(s: Stage) -> None:
    await _refused(s, "a", decision(DecisionType.UpsertWorkflowSearchAttributes, None))
    await _refused(s, "b", upsert(None))
    await _refused(s, "c", upsert({}))
    await _refused(s, "d", upsert({"Nope": b"1"}))
    await _refused(s, "e", upsert({"CustomIntField": b'"x"'}))
    await _refused(s, "f", upsert({"CustomIntField": b"{"}))
    await _refused(s, "g", upsert({"WorkflowID": b'"x"'}))


async def unknown_decision(s: Stage) -> None:
    run, task = await s.begin()
    await s.respond(task, api.Decision(77))
    await s.call("GetWorkflowExecutionHistory", execution=run)


async def no_type_of_decision(s: Stage) -> None:
    run, task = await s.begin()
    await s.respond(task, api.Decision())
    await s.call("GetWorkflowExecutionHistory", execution=run)


async def good_before_bad(s: Stage) -> None:
    """What stood before the bad decision is undone."""
    await s.start()
    await s.turn(timer(100), marker(), activity(s.list), timer(0))
    await s.turn(marker(), complete())


async def fails_once(s: Stage) -> None:
    run, task = await s.begin()
    await s.fail_decision(task)
    await s.describe(run)
    await s.turn(complete())


async def fails_thrice(s: Stage) -> None:
    run, task = await s.begin()
    for _ in range(2):
        await s.fail_decision(task)
        task = await s.poll()
    await s.describe(run)
    await s.fail_decision(task, details=None, binary_checksum="sum")
    await s.turn(complete())


async def fails_and_a_signal_comes(s: Stage) -> None:
    run, task = await s.begin()
    await s.fail_decision(task)
    await s.signal(run)
    await s.turn(complete())


async def fails_twice_with_a_signal_between(s: Stage) -> None:
    run, task = await s.begin()
    await s.fail_decision(task)
    task = await s.poll()
    await s.signal(run)
    await s.fail_decision(task)
    await s.turn(complete())


async def signal_during_a_repeated_task(s: Stage) -> None:
    run, task = await s.begin()
    await s.fail_decision(task)
    task = await s.poll()
    await s.signal(run)
    await s.respond(task, complete())
    await s.turn(complete())


async def every_cause_of_failure(s: Stage) -> None:
    run, task = await s.begin()
    for cause in (DecisionTaskFailedCause.UNHANDLED_DECISION, DecisionTaskFailedCause.RESET_WORKFLOW):
        await s.fail_decision(task, cause=cause)
        await s.signal(run)
        task = await s.poll()
    await s.fail_decision(task, cause=99)
    await s.fail_decision(task, cause=None)
    await s.fail_decision(task)


async def answered_twice(s: Stage) -> None:
    run, task = await s.begin()
    await s.respond(task, marker())
    await s.respond(task, marker())
    await s.fail_decision(task)
    await s.signal(run)
    await s.turn(complete())
    await s.respond(task, marker())
    await s.fail_decision(task)


async def answered_after_failing(s: Stage) -> None:
    _, task = await s.begin()
    await s.fail_decision(task)
    await s.respond(task, complete())
    await s.fail_decision(task)
    again = await s.poll()
    await s.respond(task, complete())
    await s.respond(again, complete())


async def answered_after_termination(s: Stage) -> None:
    run, task = await s.begin()
    await s.terminate(run)
    await s.respond(task, complete())
    await s.fail_decision(task)


async def token_of_nothing(s: Stage) -> None:
    task = api.PollForDecisionTaskResponse(task_token=b"zzz")
    for token in (b"zzz", b"", None, b"{}", b'{"domainId":1}', b'{"domainId":"x","workflowId":"y","runId":"z"}'):
        task.task_token = token
        await s.respond(task)
        await s.fail_decision(task)
        await s.answer_query(task)
        await s.done(task)
        await s.failed(task)
        await s.canceled(task)
        await s.heartbeat(task)


async def token_of_the_other_kind(s: Stage) -> None:
    """An activity's token for a decision, and the other way round."""
    await s.start()
    decided = await s.turn(activity(s.list))
    worked = await s.work()
    await s.respond(worked, complete())
    await s.fail_decision(worked)
    await s.done(decided)
    await s.heartbeat(decided)
    await s.answer_query(decided)
    await s.done(worked)


async def raced_answers(s: Stage) -> None:
    """Of five answers at once, one counts."""
    _, task = await s.begin()
    with s.unseen():
        answers = await asyncio.gather(*[s.respond(task, complete()) for _ in range(5)])
    s.keep("answers", sorted(type(answer).__name__ for answer in answers))


async def raced_polls(s: Stage) -> None:
    await s.start()

    async def poll() -> bool:
        fields = {"task_list": api.TaskList(name=s.list), "identity": "worker"}
        answer = await s.ask("PollForDecisionTask", timeout=5, **fields)
        return bool(getattr(answer, "task_token", None))

    s.keep("won", sum(await asyncio.gather(*[poll() for _ in range(3)])))


async def completion_races_a_termination(s: Stage) -> None:
    """One of the two wins, and the other is told so."""
    run, task = await s.begin()
    with s.unseen():
        answers = await asyncio.gather(s.respond(task, complete()), s.terminate(run))
    s.keep("errors", sum(isinstance(answer, Exception) for answer in answers))
    s.keep("closed", (await s.events(run))[-1].event_type in ENDINGS)
    s.runs.clear()


async def cancel_during_completion(s: Stage) -> None:
    run, task = await s.begin()
    await s.cancel(run)
    await s.respond(task, complete())
    await s.turn(cancel_self())


async def heartbeat_keeps_the_task(s: Stage) -> None:
    run, task = await s.begin()
    answer = await s.respond(task, force_create_new_decision_task=True, return_new_decision_task=True)
    again = await s.respond(
        answer.decision_task, marker(), force_create_new_decision_task=True, return_new_decision_task=True
    )
    await s.signal(run)
    await s.respond(again.decision_task, return_new_decision_task=True)
    await s.turn(complete())


async def new_task_without_being_returned(s: Stage) -> None:
    await s.start()
    await s.turn(force_create_new_decision_task=True)
    await s.turn(complete())


async def new_task_is_returned(s: Stage) -> None:
    run, task = await s.begin()
    await s.signal(run)
    answer = await s.respond(task, return_new_decision_task=True)
    await s.respond(answer.decision_task, complete(), return_new_decision_task=True)


async def nothing_new_is_returned(s: Stage) -> None:
    run, task = await s.begin()
    await s.respond(task, marker(), return_new_decision_task=True)
    await s.signal(run)
    await s.turn(complete(), return_new_decision_task=True, force_create_new_decision_task=True)


async def local_dispatch(s: Stage) -> None:
    _, task = await s.begin()
    await s.respond(task, activity(s.list, request_local_dispatch=True))


async def context_and_checksum(s: Stage) -> None:
    run, task = await s.begin()
    await s.respond(task, marker(), execution_context=b"context", binary_checksum="sum")
    await s.signal(run)
    await s.turn(marker(details=None, header=api.Header({"a": b"b"})), complete(), binary_checksum="sum2")
    await s.describe(run)


async def upsert_is_seen(s: Stage) -> None:
    run = await s.start()
    await s.turn(upsert({"CustomIntField": b"7", "CustomKeywordField": b'"k"'}))
    await s.signal(run)
    await s.turn(upsert({"CustomIntField": b"8"}), complete())
    await s.describe(run)


async def _sticky(s: Stage, seconds: int = 10) -> Any:
    attributes = api.StickyExecutionAttributes(s.lists("sticky"), seconds)
    run, task = await s.begin()
    await s.respond(task, marker(), sticky_attributes=attributes)
    return run


async def sticky_is_used(s: Stage) -> None:
    run = await _sticky(s)
    sticky = asyncio.create_task(s.poll(f"{s.prefix}-sticky"))
    await s.pause(0.5)
    await s.signal(run)
    task = await sticky
    await s.respond(task, marker(), sticky_attributes=api.StickyExecutionAttributes(s.lists("sticky"), 10))
    sticky = asyncio.create_task(s.poll(f"{s.prefix}-sticky"))
    await s.pause(0.5)
    await s.signal(run)
    await s.respond(await sticky, complete())


async def sticky_times_out(s: Stage) -> None:
    """The worker that has the run in its cache was there a moment ago and doesn't come back."""
    run = await _sticky(s, 3)
    poll = asyncio.create_task(s.poll(f"{s.prefix}-sticky"))
    await s.pause(0.5)
    await s.signal(run, "first")
    await s.respond(await poll, marker(), sticky_attributes=api.StickyExecutionAttributes(s.lists("sticky"), 3))
    await s.signal(run, "second")
    await s.turn(complete())


async def sticky_is_reset(s: Stage) -> None:
    run = await _sticky(s)
    await s.describe(run)
    await s.call("ResetStickyTaskList", execution=run)
    await s.signal(run)
    await s.turn(complete())
    await s.call("ResetStickyTaskList", execution=run)


async def sticky_reset_errors(s: Stage) -> None:
    await s.call("ResetStickyTaskList")
    await s.call("ResetStickyTaskList", execution=api.WorkflowExecution(s.id("nobody")))
    await s.call("ResetStickyTaskList", execution=api.WorkflowExecution(s.id("nobody"), "abc"))
    await s.call("ResetStickyTaskList", execution=api.WorkflowExecution(s.id("nobody")), domain="nope")


async def sticky_is_left_by_an_answer_without(s: Stage) -> None:
    run = await _sticky(s)
    poll = asyncio.create_task(s.poll(f"{s.prefix}-sticky"))
    await s.pause(0.5)
    await s.signal(run)
    await s.respond(await poll, marker())
    await s.signal(run)
    await s.turn(complete())


async def poll_errors(s: Stage) -> None:
    for rpc in ("PollForDecisionTask", "PollForActivityTask"):
        await s.call(rpc, identity="worker")
        await s.call(rpc, task_list=api.TaskList(""), identity="worker")
        await s.call(rpc, task_list=api.TaskList("n" * 1001), identity="worker")
        await s.call(rpc, task_list=s.lists("x"), identity="n" * 1001)
        await s.call(rpc, task_list=s.lists("x"), identity="worker", domain="nope")
        await s.call(rpc, task_list=s.lists("x"), identity="worker", domain=None)
