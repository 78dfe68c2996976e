"""Activities that somebody works on: results, failures, cancelling, answers by token and by id, stale answers."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from differential.decisions import activity, cancel_activity, complete

from cadence import api

if TYPE_CHECKING:
    from differential.stage import Stage


async def _working(s: Stage, **more: Any) -> tuple[Any, Any]:
    """Start a run whose first task schedules an activity, and take that."""
    run = await s.start()
    await s.turn(activity(s.list, **more))
    return run, await s.work()


async def completes(s: Stage) -> None:
    run, task = await _working(s)
    await s.describe(run)
    await s.done(task)
    await s.turn(complete())


async def fails(s: Stage) -> None:
    _, task = await _working(s)
    await s.failed(task)
    await s.turn(complete())


async def fails_without_reason(s: Stage) -> None:
    _, task = await _working(s)
    await s.failed(task, None, details=None, identity=None)
    await s.turn(complete())


async def completes_without_result(s: Stage) -> None:
    _, task = await _working(s, input=None)
    await s.done(task, None, identity=None)
    await s.turn(complete())


async def answered_twice(s: Stage) -> None:
    run, task = await _working(s)
    await s.done(task)
    await s.done(task)
    await s.failed(task)
    await s.canceled(task)
    await s.heartbeat(task)
    await s.terminate(run)
    await s.done(task)
    await s.heartbeat(task)


async def completed_while_deciding(s: Stage) -> None:
    """The events of the activity wait for the decision task to end."""
    run, task = await _working(s)
    await s.signal(run)
    decision = await s.poll()
    await s.done(task)
    await s.respond(decision, complete())
    await s.turn(complete())


async def taken_while_deciding(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    await s.signal(run)
    decision = await s.poll()
    await s.done(await s.work())
    await s.signal(run, "later")
    await s.respond(decision)
    await s.turn(complete())


async def two_in_either_order(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, "a"), activity(s.list + "-2", "b"))
    first, second = await s.work(), await s.work(s.list + "-2")
    decision_before = await _finish_in_order(s, second, first)
    await s.respond(decision_before, complete())


async def _finish_in_order(s: Stage, one: Any, two: Any) -> Any:
    await s.done(one)
    await s.done(two)
    return await s.poll()


async def waiting_is_described(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    await s.describe(run)


async def heartbeats(s: Stage) -> None:
    run, task = await _working(s, heartbeat_timeout_seconds=20)
    await s.heartbeat(task)
    await s.heartbeat(task, None)
    await s.describe(run)
    await s.heartbeat(task, b'"more"')
    await s.describe(run)
    await s.done(task)


async def cancelled_before_it_is_taken(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    await s.signal(run)
    await s.turn(cancel_activity())
    await s.turn(complete())


async def cancelled_in_its_own_turn(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list), cancel_activity())
    await s.turn(complete())


async def cancelled_while_worked_on(s: Stage) -> None:
    run, task = await _working(s, heartbeat_timeout_seconds=20)
    await s.heartbeat(task)
    await s.signal(run)
    await s.turn(cancel_activity())
    await s.describe(run)
    await s.heartbeat(task)
    await s.canceled(task)
    await s.turn(complete())


async def completes_though_cancelled(s: Stage) -> None:
    run, task = await _working(s)
    await s.signal(run)
    await s.turn(cancel_activity())
    await s.done(task)
    await s.turn(complete())


async def fails_though_cancelled(s: Stage) -> None:
    """Once cancelling is asked for, no retry follows."""
    run, task = await _working(s, retry_policy=api.RetryPolicy(1, 1.0, 1, 5))
    await s.signal(run)
    await s.turn(cancel_activity())
    await s.failed(task)
    await s.turn(complete())


async def cancelled_twice(s: Stage) -> None:
    run, task = await _working(s)
    await s.signal(run)
    await s.turn(cancel_activity(), cancel_activity())
    await s.signal(run)
    await s.turn(cancel_activity())
    await s.canceled(task)
    await s.turn(complete())


async def cancel_of_an_unknown_one(s: Stage) -> None:
    run = await s.start()
    await s.turn(cancel_activity("nobody"))
    await s.signal(run)
    await s.turn(complete())


async def canceled_unasked(s: Stage) -> None:
    """The real server tries for half a minute before it says so."""
    _, task = await _working(s, schedule_to_close_timeout_seconds=300, start_to_close_timeout_seconds=300)
    await s.canceled(task)
    await s.done(task)


async def closed_meanwhile(s: Stage) -> None:
    run, task = await _working(s)
    await s.signal(run)
    await s.turn(complete())
    await s.heartbeat(task)
    await s.done(task)
    await s.failed(task)
    await s.canceled(task)


async def terminated_before_it_is_taken(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    await s.terminate(run)
    await s.describe(run)


async def by_id(s: Stage) -> None:
    run, task = await _working(s, heartbeat_timeout_seconds=20)
    where = {"workflow_id": run.workflow_id, "run_id": run.run_id, "activity_id": "a", "identity": "elsewhere"}
    await s.call("RecordActivityTaskHeartbeatByID", **where, details=b"1")
    await s.call("RespondActivityTaskCompletedByID", **where, result=b"2")
    await s.call("RespondActivityTaskCompletedByID", **where, result=b"2")
    await s.done(task)
    await s.turn(complete())


async def failed_by_id(s: Stage) -> None:
    run, _ = await _working(s)
    where = {"workflow_id": run.workflow_id, "activity_id": "a", "identity": "elsewhere"}
    await s.call("RespondActivityTaskFailedByID", **where, reason="bad", details=b"2")
    await s.turn(complete())


async def canceled_by_id(s: Stage) -> None:
    run, _ = await _working(s)
    await s.signal(run)
    await s.turn(cancel_activity())
    where = {"workflow_id": run.workflow_id, "activity_id": "a"}
    await s.call("RecordActivityTaskHeartbeatByID", **where)
    await s.call("RespondActivityTaskCanceledByID", **where, details=b"1")
    await s.turn(complete())


async def by_id_before_it_is_taken(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    where = {"workflow_id": run.workflow_id, "run_id": run.run_id, "activity_id": "a"}
    await s.call("RecordActivityTaskHeartbeatByID", **where)
    await s.call("RespondActivityTaskCompletedByID", **where, result=b"2")
    await s.call("RespondActivityTaskFailedByID", **where, reason="x")
    await s.call("RespondActivityTaskCanceledByID", **where)


async def by_id_errors(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    for rpc in (
        "RespondActivityTaskCompletedByID",
        "RespondActivityTaskFailedByID",
        "RespondActivityTaskCanceledByID",
        "RecordActivityTaskHeartbeatByID",
    ):
        await s.call(rpc, workflow_id=run.workflow_id, run_id=run.run_id, activity_id="other")
        await s.call(rpc, workflow_id=s.id("nobody"), activity_id="a")
        await s.call(rpc, workflow_id=run.workflow_id, run_id=str(uuid.uuid4()), activity_id="a")
        await s.call(rpc, workflow_id=run.workflow_id, run_id="abc", activity_id="a")
        await s.call(rpc, workflow_id=run.workflow_id, activity_id="")
        await s.call(rpc, workflow_id="", activity_id="a")
        await s.call(rpc, workflow_id=run.workflow_id, activity_id="a", domain="nope")
        await s.call(rpc, workflow_id=run.workflow_id, activity_id="a", domain="")
        await s.call(rpc, workflow_id=run.workflow_id, activity_id="a", identity="n" * 1001)


async def by_id_of_a_closed_run(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    await s.terminate(run)
    where = {"workflow_id": run.workflow_id, "activity_id": "a"}
    await s.call("RespondActivityTaskCompletedByID", **where)
    await s.call("RespondActivityTaskFailedByID", **where)
    await s.call("RespondActivityTaskCanceledByID", **where)
    await s.call("RecordActivityTaskHeartbeatByID", **where)


async def id_used_twice(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list), activity(s.list))
    await s.turn(complete())


async def id_used_again_later(s: Stage) -> None:
    _, task = await _working(s)
    await s.done(task)
    await s.turn(activity(s.list))
    await s.done(await s.work())
    await s.done(task)
    await s.turn(complete())


async def raced_answers(s: Stage) -> None:
    """Of five answers at once, one counts."""
    _, task = await _working(s)
    with s.unseen():
        answers = await asyncio.gather(*[s.done(task) for _ in range(5)])
    s.keep("answers", sorted(type(answer).__name__ for answer in answers))
    await s.turn(complete())


async def raced_polls(s: Stage) -> None:
    """One activity, three polls: one gets it."""
    await s.start()
    await s.turn(activity(s.list))

    async def poll() -> bool:
        fields = {"task_list": api.TaskList(name=s.list), "identity": "worker"}
        answer = await s.ask("PollForActivityTask", timeout=5, **fields)
        return bool(getattr(answer, "task_token", None))

    s.keep("won", sum(await asyncio.gather(*[poll() for _ in range(3)])))


async def large_answers(s: Stage) -> None:
    """What is too large becomes a failure of the activity."""
    large = b"x" * (2 * 1024 * 1024 + 1)
    await s.start()
    await s.turn(*[activity(f"{s.list}-{name}", name) for name in "abcd"])
    with s.unseen():
        tasks = [await s.work(f"{s.list}-{name}") for name in "abcd"]
    await s.done(tasks[0], large)
    await s.failed(tasks[1], details=large)
    await s.heartbeat(tasks[2], large)
    await s.canceled(tasks[3], details=large)
