"""A profiler of the user's is around each piece of workflow code, in its thread, and can't break what it measures."""

from __future__ import annotations

import cProfile
import logging
import pstats
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from histories import RunHistory

from cadence import activity, api, workflow
from cadence.engine.run import WorkflowRun
from cadence.exceptions import ConfigurationError
from cadence.testing import wait_until
from cadence.worker import WorkerOptions

COMPLETED = "respond_decision_task_completed"
FAILED = "respond_decision_task_failed"


def compute() -> int:
    return sum(range(1000))


@activity.defn
async def three() -> int:
    return 3


@workflow.defn
class Computing:
    @workflow.run
    async def run(self) -> int:
        await workflow.execute_local_activity(three, schedule_to_close_timeout=timedelta(seconds=30))
        compute()
        await workflow.wait_condition(lambda: False)
        return 0

    @workflow.query
    def ask(self) -> int:
        return compute()


@workflow.defn(dynamic=True)
class Anything:
    @workflow.run
    async def run(self, arguments: workflow.RawArguments) -> None:
        raise SystemExit(3)


class Pieces:
    """A profiler that notes what it is told."""

    def __init__(self) -> None:
        self.types: list[str] = []
        self.threads: set[str] = set()
        self.open = 0
        self.raised: list[str] = []

    @contextmanager
    def __call__(self, workflow_type: str) -> Iterator[None]:
        self.types.append(workflow_type)
        self.threads.add(threading.current_thread().name)
        self.open += 1
        try:
            yield
        except BaseException as error:
            self.raised.append(type(error).__name__)
            raise
        finally:
            self.open -= 1


def history_of(workflow_type: str) -> RunHistory:
    history = RunHistory(workflow_type)
    history.decision()
    return history


async def test_each_piece_is_profiled(machine: Any, service: Any) -> None:
    pieces = Pieces()
    history = history_of("Computing")
    async with machine([Computing], [three], profile=pieces):
        service.decisions.put_nowait(history.task())
        await service.wait_told(COMPLETED)
        assert pieces.types == ["Computing"] * 2, "the first task, and what its local activity gave"
        service.decisions.put_nowait(history.query_task("ask"))
        await service.wait_told("respond_query_task_completed")
        await wait_until(lambda: not pieces.open)
        assert len(pieces.types) > 2
    assert set(pieces.types) == {"Computing"}
    assert all(name.startswith("cadence-workflow-tests") for name in pieces.threads)
    assert pieces.raised == []


async def test_code_that_raises_is_left_in_order(machine: Any, service: Any) -> None:
    pieces = Pieces()
    async with machine([Anything], profile=pieces):
        service.decisions.put_nowait(history_of("Whatever").task())
        await service.wait_told(FAILED)
    assert set(pieces.types) == {"Whatever"}, "a catch-all has the name that was asked for"
    assert pieces.raised
    assert pieces.open == 0


async def test_cprofile_by_type(machine: Any, service: Any) -> None:
    profiles: defaultdict[str, cProfile.Profile] = defaultdict(cProfile.Profile)
    async with machine([Computing], [three], profile=profiles.__getitem__):
        service.decisions.put_nowait(history_of("Computing").task())
        await service.wait_told(COMPLETED)
    functions = pstats.Stats(profiles["Computing"]).get_stats_profile().func_profiles
    assert functions["compute"].ncalls == "1"


@contextmanager
def _fails_at_the_end() -> Iterator[None]:
    yield
    raise ValueError("no profile")


def _fails(workflow_type: str) -> AbstractContextManager[object]:
    raise ValueError("no profile")


@pytest.mark.parametrize("profile", [_fails, lambda _: _fails_at_the_end()], ids=["entering", "leaving"])
async def test_one_that_fails_is_left_out(
    machine: Any, service: Any, profile: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with machine([Computing], [three], profile=profile):
        service.decisions.put_nowait(history_of("Computing").task())
        (request,) = await service.wait_told(COMPLETED)
        assert isinstance(request, api.RespondDecisionTaskCompletedRequest)
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert errors == ["the profiler of workflow code failed, and is left out from now on"]


@pytest.mark.parametrize("options", [{}, {"profile": Pieces()}], ids=["none", "one"])
async def test_no_profiler_no_cost(machine: Any, service: Any, options: Any) -> None:
    task = history_of("Computing").task()
    async with machine([Computing], [three], **options) as assembly:
        service.decisions.put_nowait(task)
        await service.wait_told(COMPLETED)
        run = assembly.workflow_side.runs.peek(task).run
        assert (type(run) is WorkflowRun) is not bool(options)


def test_what_is_no_profiler_is_told() -> None:
    with pytest.raises(ConfigurationError, match="profile is 3"):
        WorkerOptions.of({"profile": 3})
