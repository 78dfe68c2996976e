"""Decisions that the server refuses are told once, and sent again with pauses that grow."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from histories import RunHistory

from cadence import api, workflow
from cadence.api.enums import DecisionTaskFailedCause as Cause
from cadence.api.enums import EventType
from cadence.worker.refusals import pause_before, refusal_in


@workflow.defn
class Plain:
    @workflow.run
    async def run(self) -> str:
        return "done"


def refused(cause: int | None = Cause.BAD_SEARCH_ATTRIBUTES, details: bytes | None = b"no such key") -> RunHistory:
    """Give the history of a run whose first decisions were refused."""
    history = RunHistory("Plain")
    history.decision()
    history.add(
        EventType.DecisionTaskFailed,
        decision_task_failed_event_attributes=api.DecisionTaskFailedEventAttributes(cause=cause, details=details),
    )
    return history


@pytest.mark.parametrize(
    ("cause", "details", "words"),
    [
        (Cause.BAD_SEARCH_ATTRIBUTES, b"no such key", "BAD_SEARCH_ATTRIBUTES: no such key"),
        (Cause.START_TIMER_DUPLICATE_ID, None, "START_TIMER_DUPLICATE_ID"),
        (99, b"new", "cause 99: new"),
        (None, None, "no cause is given"),
        (Cause.WORKFLOW_WORKER_UNHANDLED_FAILURE, b"raised", ""),
        (Cause.UNHANDLED_DECISION, None, ""),
        (Cause.RESET_WORKFLOW, None, ""),
    ],
)
def test_what_counts_as_a_refusal(cause: int | None, details: bytes | None, words: str) -> None:
    assert refusal_in(refused(cause, details).events) == words


def test_one_before_the_last_completed_decision_is_over() -> None:
    history = refused()
    history.decision()
    history.completed()
    history.signal("later")
    assert refusal_in(history.events) == ""
    assert refusal_in([]) == ""


def test_pauses_grow_up_to_half_the_tasks_time() -> None:
    pauses = [pause_before(attempt, 10.0) for attempt in range(1, 12)]
    assert pauses[:4] == [0.0, 0.1, 0.2, 0.4]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 5.0
    assert pause_before(10**6, 3600.0) == 10.0


async def test_a_refusal_is_told_once_and_its_pause_ends_with_the_worker(
    machine: Any, service: Any, caplog: pytest.LogCaptureFixture
) -> None:
    history = refused()
    async with machine([Plain]) as assembly:
        history.decision()
        history.attempt = 1
        service.decisions.put_nowait(history.task())
        await service.wait_told("respond_decision_task_completed", 1)
        history.attempt = 40
        service.decisions.put_nowait(history.task())
        tasks = assembly.workflow_side.tasks
        while tasks.running == 0:  # noqa: ASYNC110  # everything happens on this very loop
            await asyncio.sleep(0)
    assert len(await service.wait_told("respond_decision_task_completed", 2)) == 2
    told = [record for record in caplog.records if "refused" in record.getMessage()]
    assert [record.levelno for record in told] == [logging.ERROR]
    assert "no such key" in told[0].getMessage()
