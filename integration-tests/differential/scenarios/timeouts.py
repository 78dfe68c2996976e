"""Time-outs of runs, activities and decision tasks, retries, and timers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from differential.decisions import activity, cancel_activity, cancel_timer, complete, fail, timer

from cadence import api

if TYPE_CHECKING:
    from differential.stage import Stage

AT_ONCE = api.RetryPolicy(1, 1.0, 1, 2, ["final"])


async def schedule_to_start(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, schedule_to_start_timeout_seconds=1))
    await s.turn(complete())


async def start_to_close(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, start_to_close_timeout_seconds=1))
    task = await s.work()
    await s.turn(complete())
    await s.done(task)


async def schedule_to_close(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, schedule_to_close_timeout_seconds=1))
    task = await s.work()
    await s.turn()
    await s.done(task)


async def heartbeat(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, heartbeat_timeout_seconds=1))
    task = await s.work()
    await s.heartbeat(task, b'"half"')
    await s.turn(complete())
    await s.heartbeat(task)


async def first_heartbeat_is_missing(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, heartbeat_timeout_seconds=1))
    await s.work()
    await s.turn(complete())


async def times_are_inferred(s: Stage) -> None:
    await s.start(execution_start_to_close_timeout_seconds=20)
    await s.turn(
        activity(s.list, "a", schedule_to_start_timeout_seconds=None, start_to_close_timeout_seconds=None),
        activity(s.list, "b", schedule_to_close_timeout_seconds=None),
        activity(s.list, "c", schedule_to_close_timeout_seconds=100, heartbeat_timeout_seconds=500),
        activity(
            s.list,
            "d",
            schedule_to_close_timeout_seconds=None,
            schedule_to_start_timeout_seconds=3,
            start_to_close_timeout_seconds=4,
            retry_policy=api.RetryPolicy(1, 1.0, 1, 0, None, 15),
        ),
    )


async def retried_and_completed(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list, retry_policy=AT_ONCE))
    await s.failed(await s.work())
    await s.describe(run)
    await s.done(await s.work())
    await s.turn(complete())


async def retried_in_vain(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, retry_policy=AT_ONCE))
    for _ in range(2):
        await s.failed(await s.work())
    await s.turn(complete())


async def not_retried_for_its_reason(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, retry_policy=AT_ONCE))
    await s.failed(await s.work(), "final")
    await s.turn(complete())


async def old_token_after_a_retry(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, retry_policy=AT_ONCE))
    task = await s.work()
    await s.failed(task)
    await s.failed(task)
    await s.done(task)
    await s.heartbeat(task)
    await s.done(await s.work())
    await s.turn(complete())


async def details_for_the_next_attempt(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, retry_policy=AT_ONCE, heartbeat_timeout_seconds=20))
    task = await s.work()
    await s.heartbeat(task, b'"half"')
    await s.failed(task)
    await s.done(await s.work())


async def retried_after_a_timeout(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list, retry_policy=AT_ONCE, start_to_close_timeout_seconds=1))
    await s.work()
    task = await s.work()
    await s.describe(run)
    await s.done(task)
    await s.turn(complete())


async def retries_time_out(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, retry_policy=AT_ONCE, start_to_close_timeout_seconds=1))
    await s.work()
    await s.work()
    await s.turn(complete())


async def retries_expire(s: Stage) -> None:
    await s.start()
    policy = api.RetryPolicy(3, 1.0, 3, 0, None, 2)
    await s.turn(activity(s.list, retry_policy=policy))
    await s.failed(await s.work())
    await s.turn(complete())


async def retry_is_waited_for_when_cancelled(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list, retry_policy=api.RetryPolicy(20, 1.0, 20, 3)))
    await s.failed(await s.work())
    await s.signal(run)
    await s.turn(cancel_activity())
    await s.turn(complete())


async def workflow_times_out(s: Stage) -> None:
    run = await s.start(execution_start_to_close_timeout_seconds=1)
    await s.until_event(run, "WorkflowExecutionTimedOut")
    await s.describe(run)


async def workflow_times_out_while_deciding(s: Stage) -> None:
    run, task = await s.begin(execution_start_to_close_timeout_seconds=1)
    await s.until_event(run, "WorkflowExecutionTimedOut")
    await s.respond(task, complete())


async def workflow_times_out_with_much_open(s: Stage) -> None:
    run = await s.start(execution_start_to_close_timeout_seconds=2)
    await s.turn(timer(100), activity(s.list))
    task = await s.work()
    await s.until_event(run, "WorkflowExecutionTimedOut")
    await s.done(task)
    await s.heartbeat(task)
    await s.describe(run)


async def workflow_retries(s: Stage) -> None:
    run = await s.start(retry_policy=api.RetryPolicy(1, 1.0, 1, 2, ["final"]))
    await s.turn(fail())
    await s.until_known("w", run)
    await s.describe(run)
    await s.turn(fail())


async def workflow_is_not_retried_for_its_reason(s: Stage) -> None:
    await s.start(retry_policy=api.RetryPolicy(1, 1.0, 1, 2, ["final"]))
    await s.turn(fail("final"))


async def workflow_retries_after_timeout(s: Stage) -> None:
    run = await s.start(retry_policy=api.RetryPolicy(1, 1.0, 1, 2), execution_start_to_close_timeout_seconds=1)
    new = await s.until_known("w", run)
    await s.until_event(new, "WorkflowExecutionTimedOut")


async def decision_times_out(s: Stage) -> None:
    run, task = await s.begin(task_start_to_close_timeout_seconds=1)
    again = await s.poll()
    await s.describe(run)
    await s.respond(task, complete())
    await s.respond(again, complete())


async def decision_times_out_twice(s: Stage) -> None:
    await s.begin(task_start_to_close_timeout_seconds=1)
    await s.poll()
    await s.turn(complete())


async def decision_times_out_and_a_signal_comes(s: Stage) -> None:
    run, _ = await s.begin(task_start_to_close_timeout_seconds=1)
    await s.signal(run)
    await s.turn(complete())


async def timer_fires(s: Stage) -> None:
    await s.start()
    await s.turn(timer(1))
    await s.turn(complete())


async def timers_fire_in_order(s: Stage) -> None:
    await s.start()
    await s.turn(timer(3, "late"), timer(1, "early"))
    await s.turn()
    await s.turn(complete())


async def timer_fires_while_deciding(s: Stage) -> None:
    run = await s.start()
    await s.turn(timer(1))
    await s.signal(run)
    task = await s.poll()
    await s.pause(2.5)
    await s.respond(task, complete())
    await s.turn(complete())


async def timer_cancelled(s: Stage) -> None:
    run = await s.start()
    await s.turn(timer(100))
    await s.signal(run)
    await s.turn(cancel_timer())
    await s.signal(run)
    await s.turn(cancel_timer(), complete())


async def timer_cancelled_in_its_own_turn(s: Stage) -> None:
    await s.start()
    await s.turn(timer(100), cancel_timer(), timer(100), complete())


async def timer_cancelled_after_it_fired(s: Stage) -> None:
    """It fired while the decider was at it: the firing is taken back."""
    run = await s.start()
    await s.turn(timer(1))
    await s.signal(run)
    task = await s.poll()
    await s.pause(2.5)
    await s.respond(task, cancel_timer())
    await s.signal(run)
    await s.turn(complete())


async def timer_id_used_twice(s: Stage) -> None:
    run = await s.start()
    await s.turn(timer(100))
    await s.signal(run)
    await s.turn(timer(100))
    await s.turn(complete())


async def timer_id_used_again(s: Stage) -> None:
    await s.start()
    await s.turn(timer(1))
    await s.turn(timer(1))
    await s.turn(complete())


async def unknown_timer_cancelled(s: Stage) -> None:
    run = await s.start()
    await s.turn(cancel_timer("nobody"))
    await s.signal(run)
    await s.turn(complete())
