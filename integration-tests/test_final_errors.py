"""Errors that say that they must not be retried: in activities, children and workflows, and with their own reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.exceptions import ActivityFailedError, ApplicationError, WorkflowFailedError

TEN = timedelta(seconds=10)
POLICY = workflow.RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=5)

attempts: list[str] = []


@activity.defn
async def hopeless(name: str) -> None:
    attempts.append(name)
    msg = "no such card"
    raise ApplicationError(msg, {"card": 7}, reason="CardUnknown", non_retryable=True)


@workflow.defn
class Paying:
    @workflow.run
    async def run(self, name: str) -> list[Any]:
        try:
            await workflow.execute_activity(hopeless, name, schedule_to_close_timeout=TEN, retry_policy=POLICY)
        except ActivityFailedError as error:
            cause: Any = error.__cause__
            return [error.reason, cause.reason, list(cause.details), cause.non_retryable]
        return []


@workflow.defn
class Raising:
    @workflow.run
    async def run(self, name: str) -> None:
        attempts.append(name)
        msg = "no use"
        raise ApplicationError(msg, reason="NoUse", non_retryable=True)


async def test_an_activity_is_not_tried_again(scene: Any) -> None:
    attempts.clear()
    async with scene.worker([Paying], [hopeless]):
        handle = await scene.start(Paying.run, "a")
        assert await scene.result(handle) == ["CardUnknown", "CardUnknown", [{"card": 7}], True]
    assert attempts == ["a"]


async def test_a_workflow_is_not_tried_again(scene: Any) -> None:
    attempts.clear()
    async with scene.worker([Raising]):
        handle = await scene.start(Raising.run, "w", retry_policy=POLICY)
        with pytest.raises(WorkflowFailedError, match="no use") as caught:
            await scene.result(handle)
    assert caught.value.reason == "NoUse"
    assert attempts == ["w"]
