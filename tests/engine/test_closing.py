"""A run that is closed or interrupted: it cleans up without effect, and ends even where its code would not."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.api.enums import DecisionType
from cadence.engine import WorkflowBlockedError

MINUTE = timedelta(minutes=1)


async def act(name: str, *arguments: object, **options: Any) -> Any:
    return await workflow.execute_activity(name, *arguments, schedule_to_close_timeout=MINUTE, **options)


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


def result(server: Any, decisions: list[Any]) -> Any:
    data = decisions[-1].complete_workflow_execution_decision_attributes.result
    server.check()
    return server.converter.decode_value(data)


@workflow.defn
class TidiesUp:
    @workflow.run
    async def run(self) -> None:
        asyncio.get_running_loop()
        tasks = [asyncio.create_task(self.one(how)) for how in ("awaits", "raises", "asks", "cancels", "leaves")]
        try:
            await asyncio.gather(*tasks)
        finally:
            workflow.logger.warning("clean-up")
            workflow.start_activity("clean up", schedule_to_close_timeout=MINUTE)

    async def one(self, how: str) -> None:
        try:
            await act(how)
        finally:
            if how == "awaits":
                await act("tidy")
            elif how == "raises":
                raise ValueError("in clean-up")
            elif how == "asks":
                workflow.get_version("clean-up")
                workflow.side_effect(lambda: 1)
            elif how == "cancels":
                raise asyncio.CancelledError
            elif how == "leaves":
                workflow.continue_as_new()

    @workflow.query
    def nothing(self) -> int:
        return 1


def test_a_closed_run_cleans_up_without_effect(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(TidiesUp)
    server.task()
    with caplog.at_level(logging.INFO):
        server.run.close()
        server.run.close()
    assert server.run.decisions_to_send() == []
    assert caplog.text == ""
    server.run = server.new_run()
    for activity_id in list(server.activities):
        server.complete(activity_id)
    assert kinds(server.task())[-1] in {"ScheduleActivityTask", "FailWorkflowExecution"}


@workflow.defn
class Spins:
    run_of: Any = None

    @workflow.run
    async def run(self, how: str) -> None:
        if how == "sync":
            with contextlib.suppress(BaseException):  # bad manners, which must not matter
                self.stop()
            await act("a")
        while True:
            self.stop()
            await asyncio.sleep(0)

    def stop(self) -> None:
        type(self).run_of.interrupt()
        raise_in_here()


def raise_in_here() -> None:
    """Stand in for what the watchdog puts into the thread."""
    raise WorkflowBlockedError


@pytest.mark.parametrize("how", ["sync", "async"])
def test_interrupted_code_ends_its_task_even_where_it_swallows(serve: Any, how: str) -> None:
    server = serve(Spins, how)
    Spins.run_of = server.run
    with pytest.raises(WorkflowBlockedError):
        server.task()
    server.run.close()


def test_interrupted_between_tasks_of_the_loop(serve: Any) -> None:
    @workflow.defn
    class Turns:
        @workflow.run
        async def run(self) -> None:
            turns = 0
            while True:
                await asyncio.sleep(0)
                turns += 1
                if turns == 100:
                    server.run.interrupt()

    server = serve(Turns)
    with pytest.raises(WorkflowBlockedError):
        server.task()


def test_the_stack_shows_every_task(serve: Any) -> None:
    server = serve(TidiesUp)
    server.task()
    trace = server.run.stack_trace()
    assert trace.count("waits for activity") == 5
    assert "await asyncio.gather(*tasks)" in trace
    assert "in TidiesUp.one" in trace


def test_clean_up_that_waits_again_and_again_is_closed_wherever_it_waits(serve: Any) -> None:
    @workflow.defn
    class Stubborn:
        @workflow.run
        async def run(self) -> None:
            try:
                await self.nested()
            finally:
                await workflow.sleep(1)

        async def nested(self) -> None:
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                try:
                    await asyncio.Event().wait()
                finally:
                    await asyncio.Event().wait()

    server = serve(Stubborn)
    server.task()
    coroutine = server.run._main.get_coro()
    server.run.close()
    assert coroutine.cr_frame is None


@workflow.defn
class UsesAsyncioToTidyUp:
    @workflow.run
    async def run(self, how: str) -> None:
        try:
            await workflow.sleep(1)
        finally:
            if how == "group":
                async with asyncio.TaskGroup() as group:
                    group.create_task(act("tidy"))
            elif how == "timeout":
                async with asyncio.timeout(5):
                    await act("tidy")
            elif how == "gather":
                await asyncio.gather(act("tidy"), act("up"))
            else:
                await asyncio.wait_for(act("tidy"), 5)


@pytest.mark.parametrize("how", ["group", "timeout", "gather", "wait for"])
def test_clean_up_may_use_all_of_asyncio(serve: Any, how: str, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(UsesAsyncioToTidyUp, how)
    server.task()
    with caplog.at_level(logging.INFO):
        server.run.close()
    gc.collect()
    assert caplog.text == ""
    assert server.run.decisions_to_send() == []
