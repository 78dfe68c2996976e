"""Sessions where time jumps: the activity that holds one keeps no time, and an open session survives a jump."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from cadence import activity, workflow
from cadence.exceptions import SessionFailedError, SessionNotCreatedError, TimeoutKind
from cadence.testing import Replayer, WorkflowEnvironment, WorkflowHistory

LIMIT = timedelta(seconds=30)
DAY = timedelta(days=1)


@activity.defn(start_to_close_timeout=LIMIT)
async def work(word: str) -> str:
    """Say it."""
    return word


@workflow.defn
class Patient:
    """Waits for hours inside a session."""

    @workflow.run
    async def run(self) -> list[str]:
        async with workflow.session(execution_timeout=timedelta(hours=12)) as session:
            first = await session.execute_activity(work, "first")
            await workflow.sleep(timedelta(hours=6))
            return [first, await session.execute_activity(work, "second")]


@workflow.defn
class TooPatient:
    """Waits longer than its session may last."""

    @workflow.run
    async def run(self) -> str:
        try:
            async with workflow.session(execution_timeout=timedelta(hours=1)):
                await workflow.sleep(timedelta(hours=6))
        except SessionFailedError as error:
            return str(getattr(error.__cause__, "kind", error.__cause__))
        return "lasted"


@workflow.defn
class Unserved:
    """Finds no host."""

    @workflow.run
    async def run(self) -> str:
        try:
            async with workflow.session(creation_timeout=timedelta(hours=1)):
                return "served"
        except SessionNotCreatedError as error:
            return type(error).__name__


async def test_time_jumps_inside_a_session() -> None:
    async with WorkflowEnvironment.time_skipping() as environment:
        async with environment.worker(workflows=[Patient, TooPatient], activities=[work], sessions=True) as task_list:
            handle = await environment.client.start_workflow(
                Patient.run, task_list=task_list, execution_start_to_close_timeout=DAY
            )
            async with asyncio.timeout(20):
                assert await handle.result() == ["first", "second"]
                assert await environment.client.execute_workflow(
                    TooPatient.run, task_list=task_list, execution_start_to_close_timeout=DAY
                ) == str(TimeoutKind.START_TO_CLOSE)
        history = await WorkflowHistory.from_server(environment.client, handle.workflow_id)
    Replayer([Patient]).replay(history)


async def test_time_jumps_to_the_end_of_the_wait_for_a_host() -> None:
    async with (
        WorkflowEnvironment.time_skipping() as environment,
        environment.worker(workflows=[Unserved]) as task_list,
        asyncio.timeout(20),
    ):
        assert (
            await environment.client.execute_workflow(
                Unserved.run, task_list=task_list, execution_start_to_close_timeout=DAY
            )
            == "SessionNotCreatedError"
        )
