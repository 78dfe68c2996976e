"""Two that come at once: whoever wins, the other is told so, and the history says one thing.

Where either may win, what is kept is what must hold in both cases.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from differential.decisions import (
    activity,
    cancel_activity,
    cancel_self,
    cancel_timer,
    child,
    complete,
    continue_as_new,
    fail,
    marker,
    timer,
)

from cadence import api
from cadence.api.enums import EventType

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from differential.stage import Stage


async def _at_once(s: Stage, *calls: Awaitable[Any]) -> list[Any]:
    with s.unseen():
        return list(await asyncio.gather(*calls))


def _kinds(answers: list[Any]) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


async def _count(s: Stage, run: Any, kind: str) -> int:
    return sum(event.event_type == EventType[kind] for event in await s.events(run))


async def cancels(s: Stage) -> None:
    run = await s.start()
    s.keep("answers", _kinds(await _at_once(s, *[s.cancel(run) for _ in range(5)])))
    s.keep("requested", await _count(s, run, "WorkflowExecutionCancelRequested"))


async def cancels_of_one_request(s: Stage) -> None:
    run = await s.start()
    request_id = str(uuid.uuid4())
    answers = await _at_once(s, *[s.cancel(run, request_id=request_id) for _ in range(5)])
    s.keep("answers", _kinds(answers))
    s.keep("requested", await _count(s, run, "WorkflowExecutionCancelRequested"))


async def signals_of_one_request(s: Stage) -> None:
    run = await s.start()
    request_id = str(uuid.uuid4())
    answers = await _at_once(s, *[s.signal(run, request_id=request_id) for _ in range(5)])
    s.keep("answers", _kinds(answers))
    s.keep("signals", await _count(s, run, "WorkflowExecutionSignaled"))


async def starts_of_one_request(s: Stage) -> None:
    request_id = str(uuid.uuid4())
    answers = await _at_once(s, *[s.start(request_id=request_id) for _ in range(5)])
    s.keep("answers", _kinds(answers))
    s.keep("runs", len({answer.run_id for answer in answers}))


async def starts_that_terminate(s: Stage) -> None:
    """Each of them starts a run; the last one is open."""
    answers = await _at_once(s, *[s.start(workflow_id_reuse_policy=3) for _ in range(4)])
    s.keep("runs", len({answer.run_id for answer in answers}))
    s.keep("terminated", sorted([await _count(s, run, "WorkflowExecutionTerminated") for run in s.runs]))
    s.runs.clear()


async def start_and_signal_with_start(s: Stage) -> None:
    answers = await _at_once(s, s.start(), s.signal_with_start())
    runs = {getattr(answer, "run_id", "") for answer in answers if isinstance(answer, api.WorkflowExecution)}
    s.keep("runs", len(runs))
    s.keep("signals", await _count(s, s.runs[0], "WorkflowExecutionSignaled"))
    s.runs.clear()


async def signal_and_completion(s: Stage) -> None:
    """Either the signal comes too late, or the completion has not seen it."""
    run, task = await s.begin()
    signal, _ = await _at_once(s, s.signal(run), s.respond(task, complete()))
    closed = await _count(s, run, "WorkflowExecutionCompleted")
    s.keep("sound", closed == (signal is not None) and closed + await _count(s, run, "DecisionTaskFailed") == 1)
    s.runs.clear()


async def termination_and_continuation(s: Stage) -> None:
    """Either the run is terminated, or it goes on and the termination meets the first run's end."""
    run, task = await s.begin()
    answers = await _at_once(s, s.terminate(run), s.respond(task, continue_as_new(s.list)))
    s.keep("errors", sum(isinstance(answer, Exception) for answer in answers))
    last = (await s.events(run))[-1].event_type
    ends = (EventType.WorkflowExecutionTerminated, EventType.WorkflowExecutionContinuedAsNew)
    s.keep("ended", last in ends)
    s.runs.clear()


async def answer_and_failure(s: Stage) -> None:
    _, task = await s.begin()
    answers = await _at_once(s, s.respond(task, marker()), s.fail_decision(task))
    s.keep("errors", [type(answer).__name__ for answer in answers if isinstance(answer, Exception)])
    s.runs.clear()


async def answers_with_different_decisions(s: Stage) -> None:
    run, task = await s.begin()
    answers = await _at_once(s, s.respond(task, complete()), s.respond(task, fail()), s.respond(task, timer(100)))
    s.keep("errors", sum(isinstance(answer, Exception) for answer in answers))
    s.keep("completed tasks", await _count(s, run, "DecisionTaskCompleted"))
    s.runs.clear()


async def _working(s: Stage, **more: Any) -> tuple[Any, Any]:
    run = await s.start()
    await s.turn(activity(s.list, **more))
    return run, await s.work()


async def result_and_failure(s: Stage) -> None:
    run, task = await _working(s)
    answers = await _at_once(s, s.done(task), s.failed(task))
    s.keep("errors", [type(answer).__name__ for answer in answers if isinstance(answer, Exception)])
    ends = await _count(s, run, "ActivityTaskCompleted") + await _count(s, run, "ActivityTaskFailed")
    s.keep("ends", ends)
    s.runs.clear()


async def result_by_token_and_by_id(s: Stage) -> None:
    run, task = await _working(s)
    by_id = {"workflow_id": run.workflow_id, "activity_id": "a"}
    answers = await _at_once(s, s.done(task), s.call("RespondActivityTaskCompletedByID", **by_id))
    s.keep("errors", sum(isinstance(answer, Exception) for answer in answers))
    s.keep("ends", await _count(s, run, "ActivityTaskCompleted"))
    s.runs.clear()


async def result_and_heartbeats(s: Stage) -> None:
    run, task = await _working(s, heartbeat_timeout_seconds=20)
    await _at_once(s, s.heartbeat(task), s.heartbeat(task), s.done(task))
    s.keep("ends", await _count(s, run, "ActivityTaskCompleted"))
    await s.heartbeat(task)


async def result_and_its_cancellation(s: Stage) -> None:
    """The worker answers while the decider asks it to stop."""
    run, task = await _working(s)
    await s.signal(run)
    decision = await s.poll()
    answers = await _at_once(s, s.done(task), s.respond(decision, cancel_activity()))
    s.keep("errors", sum(isinstance(answer, Exception) for answer in answers))
    s.keep("ends", await _count(s, run, "ActivityTaskCompleted"))
    s.runs.clear()


async def result_and_termination(s: Stage) -> None:
    run, task = await _working(s)
    answers = await _at_once(s, s.done(task), s.terminate(run))
    s.keep("terminated", await _count(s, run, "WorkflowExecutionTerminated"))
    s.keep("sound", isinstance(answers[0], Exception) == (await _count(s, run, "ActivityTaskCompleted") == 0))
    s.runs.clear()


async def retries_of_one_attempt(s: Stage) -> None:
    """Of five failures of one attempt at once, one counts."""
    _, task = await _working(s, retry_policy=api.RetryPolicy(1, 1.0, 1, 3))
    s.keep("answers", _kinds(await _at_once(s, *[s.failed(task) for _ in range(5)])))
    again = await s.work()
    await s.done(again)
    await s.turn(complete())


async def timer_and_its_cancellation(s: Stage) -> None:
    run = await s.start()
    await s.turn(timer(1))
    await s.signal(run)
    task = await s.poll()
    await s.pause(1)
    await _at_once(s, s.respond(task, cancel_timer()))
    fired, gone = await _count(s, run, "TimerFired"), await _count(s, run, "TimerCanceled")
    s.keep("one of them", fired + gone)
    s.runs.clear()


async def resets(s: Stage) -> None:
    """Each begins a run; one of them is the current one."""
    run = await s.start()
    await s.turn(marker())
    answers = await _at_once(s, *[s.reset(run, 4) for _ in range(3)])
    runs = [answer for answer in answers if isinstance(answer, api.WorkflowExecution)]
    opened = [await _count(s, each, "WorkflowExecutionTerminated") == 0 for each in runs]
    s.keep("open", sum(opened))
    s.runs.clear()


async def reset_and_signals(s: Stage) -> None:
    """A signal that was taken is in the new run, or in the old one and taken over."""
    run = await s.start()
    await s.turn(marker())
    current = api.WorkflowExecution(s.id())
    reset, *signals = await _at_once(s, s.reset(run, 4), *[s.signal(current, f"{n}") for n in range(3)])
    s.keep("refused", sum(isinstance(answer, Exception) for answer in signals))
    s.keep("in the new run", await _count(s, reset, "WorkflowExecutionSignaled"))
    s.runs.clear()


async def parent_ends_while_child_starts(s: Stage) -> None:
    """The child is not there, or it is ended with its parent."""
    run, task = await s.begin()
    await _at_once(s, s.respond(task, child(s.id("c"), f"{s.list}-c")), s.terminate(run))

    async def over() -> bool:
        answer = await s.ask("DescribeWorkflowExecution", execution=api.WorkflowExecution(s.id("c")))
        return isinstance(answer, Exception) or answer.workflow_execution_info.close_status is not None

    await s.until(over)
    s.keep("over", True)
    s.runs.clear()


async def polls_and_starts(s: Stage) -> None:
    """Ten polls and ten runs: each poll gets one of them."""

    async def poll() -> str:
        fields = {"task_list": api.TaskList(name=s.list), "identity": "worker"}
        answer = await s.ask("PollForDecisionTask", timeout=30, **fields)
        return answer.workflow_execution.workflow_id if answer.task_token else ""

    polls = [asyncio.create_task(poll()) for _ in range(10)]
    await _at_once(s, *[s.start(f"w{number}") for number in range(10)])
    found = await asyncio.gather(*polls)
    while "" in found:
        found.remove("")
        found.append(await poll())
    s.keep("runs", len(set(found)))
    s.runs.clear()


async def cancel_and_completion(s: Stage) -> None:
    run, task = await s.begin()
    cancel, _ = await _at_once(s, s.cancel(run), s.respond(task, complete()))
    closed = await _count(s, run, "WorkflowExecutionCompleted")
    s.keep("sound", closed == isinstance(cancel, Exception))
    s.runs.clear()


async def two_workers_of_one_run(s: Stage) -> None:
    """The first worker's task timed out; the second has it, and the first comes back with other decisions."""
    run, late = await s.begin(task_start_to_close_timeout_seconds=1)
    task = await s.poll()
    await s.cancel(run)
    await s.respond(late, timer(100))
    await s.fail_decision(late)
    await s.respond(task, marker())
    await s.turn(cancel_self())
    await s.respond(late, complete())


async def query_and_completion(s: Stage) -> None:
    """A query that waits for a task is answered by it or after it."""
    run = await s.start()
    await s.turn(marker())
    await s.signal(run)
    task = await s.poll()
    query = asyncio.create_task(
        s.ask("QueryWorkflow", execution=run, query=api.WorkflowQuery("state", None), query_consistency_level=1)
    )
    await s.pause(0.5)
    await s.respond(task, complete())
    await s.answer_query(await s.poll())
    s.keep("answer", await query)
