"""The four timeouts of an activity, with and without retries."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api

RETRY = api.RetryPolicy(initial_interval_in_seconds=1, backoff_coefficient=1.0, expiration_interval_in_seconds=100)


def timed_out(run: Any) -> Any:
    return run.events[-2].activity_task_timed_out_event_attributes


def test_nobody_started_it(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(schedule_to_start_timeout_seconds=20))
    ground.clock.advance(20.1)
    assert tools.types(run)[-2:] == ["ActivityTaskTimedOut", "DecisionTaskScheduled"]
    assert (timed_out(run).timeout_type, timed_out(run).started_event_id) == (1, -23)
    assert ground.poll_activity() is None


def test_it_took_too_long(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(start_to_close_timeout_seconds=30))
    ground.clock.advance(10)
    ground.poll_activity()
    ground.clock.advance(30.1)
    assert (timed_out(run).timeout_type, timed_out(run).started_event_id) == (0, 6)


def test_it_took_too_long_in_all(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(schedule_to_close_timeout_seconds=25))
    ground.clock.advance(10)
    ground.poll_activity()
    ground.clock.advance(15.1)
    assert timed_out(run).timeout_type == 2


def test_it_was_silent_for_too_long(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(heartbeat_timeout_seconds=5))
    work = ground.poll_activity()
    for number in range(4):
        ground.clock.advance(4)
        ground.beat(work, b"%d" % number)
    ground.clock.advance(4)
    assert tools.types(run)[-1] == "ActivityTaskStarted"
    ground.clock.advance(1.1)
    assert (timed_out(run).timeout_type, timed_out(run).details) == (3, b"3")


@pytest.mark.parametrize(
    ("fields", "wait", "reason"),
    [
        ({"start_to_close_timeout_seconds": 5}, 5, "cadenceInternal:Timeout START_TO_CLOSE"),
        ({"heartbeat_timeout_seconds": 3}, 3, "cadenceInternal:Timeout HEARTBEAT"),
    ],
)
def test_a_lost_attempt_is_retried(ground: Any, tools: Any, fields: dict[str, int], wait: int, reason: str) -> None:
    run = ground.start()
    ground.decide(tools.activity(retry_policy=RETRY, **fields))
    ground.poll_activity()
    ground.clock.advance(wait + 0.5)
    assert ground.poll_activity() is None
    ground.clock.advance(1)
    work = ground.poll_activity()
    assert work.attempt == 1
    ground.complete(work)
    started = run.event(6).activity_task_started_event_attributes
    assert (started.attempt, started.last_failure_reason) == (1, reason)


def test_attempts_end_with_their_expiration(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity(retry_policy=RETRY, start_to_close_timeout_seconds=30))
    assert run.event(5).activity_task_scheduled_event_attributes.schedule_to_close_timeout_seconds == 100
    for _ in range(4):
        ground.poll_activity()
        ground.clock.advance(31.5)
    assert tools.types(run)[-3:] == ["ActivityTaskStarted", "ActivityTaskTimedOut", "DecisionTaskScheduled"]
    assert run.events[-3].activity_task_started_event_attributes.attempt == 3


def test_what_is_due_in_one_second_ends_together(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(*[tools.activity(name, schedule_to_start_timeout_seconds=7) for name in "abc"])
    ground.clock.advance(8)
    assert tools.types(run)[-4:] == [*["ActivityTaskTimedOut"] * 3, "DecisionTaskScheduled"]


def test_another_domain_has_it_done(ground: Any, tools: Any) -> None:
    from cadence.devserver.domains import Domain

    other = ground.domains.register(Domain(id="other-id", name="other"))
    run = ground.start()
    ground.decide(tools.activity(domain="other", task_list=api.TaskList(name="theirs")))
    task = ground.lists.tasks[other.id, "theirs", "activity"].popleft()
    work = ground.service.start_activity(task, identity="w", request_id="r")
    ground.complete(work)
    assert tools.types(run)[-2] == "ActivityTaskCompleted"
