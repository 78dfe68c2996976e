"""Mistakes of user code: what can't be converted, raised at the wrong time, or too large shows where it can be seen."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.exceptions import (
    ActivityError,
    ActivityFailedError,
    ApplicationError,
    ConfigurationError,
    ConversionError,
    WorkflowFailedError,
)

TEN = timedelta(seconds=10)


class Opaque:
    """Has no JSON form."""

    __slots__ = ("secret",)

    def __init__(self) -> None:
        self.secret = object()


class Unkind(Exception):
    """Can be made of what it needs alone, and holds what has no JSON form."""

    def __init__(self, first: Opaque, second: int) -> None:
        super().__init__(first, second)
        self.lock = asyncio.Lock()

    def __str__(self) -> str:
        raise RuntimeError("not even this")


@activity.defn
async def err(how: str) -> Any:
    match how:
        case "opaque":
            return Opaque()
        case "unkind":
            raise Unkind(Opaque(), 2)
        case "cancelled":
            raise asyncio.CancelledError
        case "exit":
            raise SystemExit(3)
        case "group":
            raise ExceptionGroup("two", [ValueError("one"), KeyError("other")])
        case "recursion":
            return await err("recursion")
        case "large":
            return "x" * 3_000_000
        case _:
            return how


@activity.defn
def err_in_thread(how: str) -> Any:
    if how == "exit":
        raise SystemExit(3)
    if how == "keyboard":
        raise KeyboardInterrupt
    raise StopIteration


@workflow.defn
class Calls:
    @workflow.run
    async def run(self, name: str, how: str) -> list[str]:
        try:
            got = await workflow.execute_activity(name, how, schedule_to_close_timeout=TEN)
        except ActivityError as error:
            cause = error.__cause__
            return [type(error).__name__, type(cause).__name__, str(cause)[:200]]
        return [str(got)[:20]]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("opaque", "Opaque"),
        ("unkind", ""),
        ("exit", "3"),
        ("group", "two"),
        ("recursion", "recursion"),
        ("large", ""),
        ("cancelled", ""),
    ],
)
async def test_whatever_an_activity_does_wrong_reaches_the_workflow(scene: Any, how: str, words: str) -> None:
    async with scene.worker([Calls], [err]) as worker:
        got = await scene.run(Calls.run, "err", how)
        assert got[0] in ("ActivityFailedError", "ActivityCanceledError"), got
        assert words in got[2]
        assert await scene.run(Calls.run, "err", "fine") == ["fine"]
        assert worker.is_running


@pytest.mark.parametrize("how", ["exit", "keyboard", "stop"])
async def test_the_same_in_a_thread(scene: Any, how: str) -> None:
    async with scene.worker([Calls], [err, err_in_thread]) as worker:
        got = await scene.run(Calls.run, "err_in_thread", how)
        assert got[0] == "ActivityFailedError"
        assert await scene.run(Calls.run, "err", "fine") == ["fine"]
        assert worker.is_running


@workflow.defn
class Erring:
    @workflow.run
    async def run(self, how: str) -> Any:
        match how:
            case "opaque":
                return Opaque()
            case "unkind":
                raise Unkind(Opaque(), 2)
            case "argument":
                return await workflow.execute_activity(err, Opaque(), schedule_to_close_timeout=TEN)  # type: ignore[arg-type]
            case "no timeout":
                return await workflow.execute_activity(err, "x")
            case "misspelt":
                return await workflow.execute_activity("err", "x", schedule_to_close_timout=TEN)  # type: ignore[call-overload]
            case "same id":
                calls = [
                    workflow.start_activity(err, "x", activity_id="one", schedule_to_close_timeout=TEN)
                    for _ in range(2)
                ]
                return await asyncio.gather(*calls)
            case "dangling":
                workflow.start_activity(err, "x", schedule_to_close_timeout=TEN)
                asyncio.create_task(asyncio.sleep(50))  # noqa: RUF006  # left behind on purpose
                return "left"
            case _:
                return how


@pytest.mark.parametrize(
    ("how", "cause"),
    [
        ("opaque", ConversionError),
        ("unkind", Exception),
        ("argument", ConversionError),
        ("no timeout", ConfigurationError),
        ("misspelt", ConfigurationError),
        ("same id", ConfigurationError),
    ],
)
async def test_mistakes_of_workflow_code_fail_it_with_words(
    scene: Any, how: str, cause: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    async with scene.worker([Erring], [err]) as worker:
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.run(Erring.run, how)
        if cause is not Exception:
            assert isinstance(caught.value.__cause__, cause), repr(caught.value.__cause__)
            assert str(caught.value.__cause__)
        assert await scene.run(Erring.run, "fine") == "fine"
        assert worker.is_running


async def test_what_a_workflow_leaves_behind_is_no_harm(scene: Any) -> None:
    async with scene.worker([Erring], [err]):
        handle = await scene.start(Erring.run, "dangling")
        assert await scene.result(handle) == "left"


async def test_a_start_that_can_not_work_is_refused_here(scene: Any) -> None:
    with pytest.raises(ConfigurationError, match="without how"):
        await scene.start(Erring.run)
    with pytest.raises(ConfigurationError, match="argument"):
        await scene.start(Erring.run, "one", "two")
    with pytest.raises(ConversionError, match="argument 1"):
        await scene.start(Erring.run, Opaque())
    with pytest.raises(ConfigurationError, match="task_list"):
        await scene.client.start_workflow(Erring.run, "x", execution_start_to_close_timeout=TEN)


@dataclasses.dataclass
class Point:
    x: int


async def test_signals_that_do_not_fit_fail_no_workflow(scene: Any, caplog: pytest.LogCaptureFixture) -> None:
    """They are logged and dropped: whoever sent them is gone, and the run must not pay for it."""

    @workflow.defn
    class Careful:
        def __init__(self) -> None:
            self.points: list[Point] = []

        @workflow.run
        async def run(self) -> int:
            await workflow.wait_condition(lambda: self.points)
            return self.points[0].x

        @workflow.signal
        def add(self, point: Point) -> None:
            self.points.append(point)

    async with scene.worker([Careful]):
        handle = await scene.start(Careful.run)
        await handle.signal("add", "no point")
        await handle.signal("add")
        await handle.signal("add", Point(4))
        assert await scene.result(handle) == 4
    assert any("add" in record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING)


async def test_a_failure_may_hold_anything(scene: Any) -> None:
    @workflow.defn
    class Detailed:
        @workflow.run
        async def run(self) -> None:
            raise ApplicationError("with details", Point(1), {"a": [1, None]}, "b" * 10_000, reason="detailed")

    async with scene.worker([Detailed]):
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.run(Detailed.run)
    cause = caught.value.__cause__
    assert isinstance(cause, ApplicationError)
    assert list(cause.details) == [{"x": 1}, {"a": [1, None]}, "b" * 10_000]


async def test_a_failed_child_of_a_failed_activity(scene: Any) -> None:
    @workflow.defn
    class Inner:
        @workflow.run
        async def run(self) -> None:
            await workflow.execute_activity(err, "group", schedule_to_close_timeout=TEN)

    @workflow.defn
    class Outer:
        @workflow.run
        async def run(self) -> None:
            await workflow.execute_child_workflow(Inner.run)

    async with scene.worker([Inner, Outer], [err]):
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.run(Outer.run)
    chain = []
    error: BaseException | None = caught.value
    while error is not None:
        chain.append(type(error).__name__)
        error = error.__cause__
    assert chain[:3] == ["WorkflowFailedError", "ChildWorkflowFailedError", ActivityFailedError.__name__]
