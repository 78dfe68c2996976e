"""What the table of runs keeps in memory, and when it holds a clock that jumps."""

from __future__ import annotations

from typing import Any

import pytest

from cadence.devserver.execution import runs


async def test_closed_runs_are_found_when_they_left_memory(
    ground: Any, tools: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_CLOSED_KEPT", 3)
    for number in range(10):
        ground.start(f"w{number}")
        ground.decide(tools.decision("CompleteWorkflowExecution", result=b"%d" % number))
    for number in range(10):
        run = ground.current(f"w{number}")
        assert run.events[-1].workflow_execution_completed_event_attributes.result == b"%d" % number
    assert len(ground.service.runs._closed) == 3


def test_the_clock_is_held_while_workers_have_something_to_do(ground: Any, tools: Any) -> None:
    clock = ground.clock
    assert not clock.held
    ground.start()
    assert clock.held
    task = ground.poll()
    ground.start("other")
    ground.answer(task, tools.activity())
    assert clock.held
    ground.decide()
    assert not clock.held, "nobody polls for the activity"
    work = ground.poll_activity()
    assert clock.held
    ground.complete(work)
    ground.decide(tools.activity("b", task_list=None), tools.activity("c"))
    ground.poll_activity()
    assert clock.held
    ground.clock.advance(100)
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    assert not clock.held


def test_an_activity_that_is_polled_for_holds_the_clock(ground: Any, tools: Any) -> None:
    ground.lists.polled.add("tl")
    ground.start()
    ground.decide(tools.activity())
    assert ground.clock.held


async def test_a_step_behind_a_change_that_fails_is_logged(
    ground: Any, tools: Any, caplog: pytest.LogCaptureFixture
) -> None:
    run = ground.start()

    def fail() -> None:
        msg = "boom"
        raise ValueError(msg)

    with ground.service.runs.change(run) as tx:
        tx.after(fail)
    assert "a step behind a change failed" in caplog.text
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    assert ground.store.read("SELECT COUNT(*) FROM runs") == [(1,)]


def test_runs_outlive_their_domain(ground: Any, tools: Any) -> None:
    from cadence.devserver.domains import Domain

    ground.domains.register(Domain(id="other-id", name="other"))
    run = ground.start(cron_schedule="@every 60s", execution_start_to_close_timeout_seconds=100)
    ground.clock.advance(60)
    ground.decide(tools.activity(retry_policy=None, domain="other", schedule_to_start_timeout_seconds=5))
    ground.domains.delete("samples")
    ground.domains.delete("other")
    ground.service.runs.matching.tasks.clear()
    ground.clock.advance(6)
    assert tools.types(run)[-2:] == ["ActivityTaskTimedOut", "DecisionTaskScheduled"]
    ground.decide(tools.activity("b"))
    ground.clock.advance(120)
    assert tools.types(run)[-1] == "WorkflowExecutionContinuedAsNew"
    assert ground.service.runs.current(ground.domain.id, "w").state.domain == "samples"
