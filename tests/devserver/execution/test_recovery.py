"""A server that starts again on the same file goes on exactly where it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cadence import api
from cadence.api.codec import encode
from cadence.devserver.store.sqlite import SqliteStore

RETRY = api.RetryPolicy(initial_interval_in_seconds=5, backoff_coefficient=1.0, maximum_attempts=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.db"


async def restart(old: Any, tools: Any, path: Path) -> Any:
    """Lose everything that is in memory, and begin again."""
    await old.service.close()
    await old.store.close()
    old.clock.held = False
    new = tools.Ground(SqliteStore(path), old.clock)
    await new.service.start()
    return new


def events(run: Any) -> list[bytes]:
    return [encode(event) for event in run.events]


async def test_everything_pending_goes_on(tools: Any, path: Path) -> None:
    ground = tools.Ground(SqliteStore(path))
    run = ground.start()
    ground.decide(
        tools.activity("waits"),
        tools.activity("retried", retry_policy=RETRY, task_list=api.TaskList(name="r")),
        tools.activity("running", task_list=api.TaskList(name="s")),
        tools.decision("StartTimer", timer_id="t", start_to_fire_timeout_seconds=40),
        tools.decision(
            "StartChildWorkflowExecution",
            workflow_id="c",
            workflow_type=api.WorkflowType(name="small"),
            task_list=api.TaskList(name="small"),
        ),
    )
    ground.fail(ground.poll_activity("r"))
    out = ground.poll()
    running = ground.poll_activity("s")
    ground.signal("waits")
    before = events(run)

    ground = await restart(ground, tools, path)
    run = ground.current()
    assert events(run) == before
    assert len(run.buffered) == 2
    ground.complete(running)
    ground.answer(out)
    assert tools.types(run)[-5:] == [
        "DecisionTaskCompleted",
        "ActivityTaskStarted",
        "WorkflowExecutionSignaled",
        "ActivityTaskCompleted",
        "DecisionTaskScheduled",
    ]
    assert ground.poll_activity().activity_id == "waits"
    assert ground.poll_activity("r") is None
    ground.clock.advance(5)
    assert ground.poll_activity("r").attempt == 1
    ground.answer(ground.poll("small"), tools.decision("CompleteWorkflowExecution", result=b"c"))
    assert tools.types(run)[-1] == "ChildWorkflowExecutionCompleted"
    ground.clock.advance(35)
    assert "TimerFired" in tools.types(run)
    await ground.store.close()


async def test_a_task_in_a_list_is_there_again(tools: Any, path: Path) -> None:
    ground = tools.Ground(SqliteStore(path))
    ground.start()
    ground = await restart(ground, tools, path)
    task = ground.poll()
    ground = await restart(ground, tools, path)
    assert ground.poll() is None
    ground.answer(task, tools.decision("CompleteWorkflowExecution", result=b"x"))
    ground = await restart(ground, tools, path)
    run = ground.current()
    assert tools.types(run)[-1] == "WorkflowExecutionCompleted"
    assert not run.state.is_open
    await ground.store.close()


async def test_a_task_that_was_out_times_out(tools: Any, path: Path) -> None:
    ground = tools.Ground(SqliteStore(path))
    ground.start(execution_start_to_close_timeout_seconds=100)
    ground.poll()
    ground = await restart(ground, tools, path)
    ground.clock.advance(10)
    run = ground.current()
    assert tools.types(run)[-1] == "DecisionTaskTimedOut"
    ground.refuse(ground.poll())
    ground = await restart(ground, tools, path)
    assert ground.poll().attempt == 2
    ground.clock.advance(95)
    assert tools.types(ground.current())[-1] == "WorkflowExecutionTimedOut"
    await ground.store.close()


async def test_what_fell_due_while_the_server_was_down_happens_at_once(tools: Any, path: Path) -> None:
    ground = tools.Ground(SqliteStore(path))
    ground.start(delay_start_seconds=50)
    ground.clock.advance(1)
    await ground.service.close()
    ground.clock.advance(100)
    ground = await restart(ground, tools, path)
    ground.clock.advance(0)
    assert tools.types(ground.current())[-1] == "DecisionTaskScheduled"
    await ground.store.close()


async def test_a_chain_has_one_current_run(tools: Any, path: Path) -> None:
    ground = tools.Ground(SqliteStore(path))
    first = ground.start().state.run_id
    ground.decide(tools.decision("ContinueAsNewWorkflowExecution"))
    second = ground.current().state.run_id
    ground = await restart(ground, tools, path)
    assert ground.current().state.run_id == second
    closed = ground.service.find(ground.domain.id, "w", first)
    assert tools.types(closed)[-1] == "WorkflowExecutionContinuedAsNew"
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    ground = await restart(ground, tools, path)
    assert ground.current().state.run_id == second
    await ground.store.close()
