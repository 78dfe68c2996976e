"""Blocking waits for what comes piece by piece: items of an iterator, reports of a call."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from cadence._loop_thread import LoopThread
from cadence.client.blocking.waiting import each, run_with_calls
from cadence.exceptions import ConfigurationError

WHO: contextvars.ContextVar[str] = contextvars.ContextVar("WHO", default="nobody")


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.close()


class Numbers:
    """Counts up, and notes who asks and when it is over."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.asked_by: list[str] = []
        self.is_over = threading.Event()

    async def read(self) -> AsyncIterator[int]:
        try:
            for number in range(self.end):
                self.asked_by.append(WHO.get())
                await asyncio.sleep(0)
                yield number
            if self.end == 3:
                raise LookupError("three is the end")
        finally:
            self.is_over.set()


def test_items_come_when_they_are_asked_for(thread: LoopThread) -> None:
    numbers = Numbers(5)
    items = each(thread, numbers.read())
    assert numbers.asked_by == []
    assert next(items) == 0
    token = WHO.set("me")
    assert list(items) == [1, 2, 3, 4]
    WHO.reset(token)
    assert numbers.asked_by == ["nobody", "me", "me", "me", "me"]
    assert numbers.is_over.is_set()


def test_errors_come_through(thread: LoopThread) -> None:
    items = each(thread, Numbers(3).read())
    with pytest.raises(LookupError, match="three"):
        list(items)


def test_who_stops_early_leaves_nothing_behind(thread: LoopThread) -> None:
    numbers = Numbers(1000)
    for number in each(thread, numbers.read()):
        if number == 2:
            break
    assert numbers.is_over.wait(20)


def test_reports_are_made_in_the_callers_thread(thread: LoopThread) -> None:
    seen: list[tuple[int, str, int]] = []

    async def count(report: Callable[[int, str], object]) -> str:
        for number in range(3):
            report(number, "x")
            await asyncio.sleep(0)
        return "done"

    async def double(number: int) -> int:
        return 2 * number

    def note(number: int, word: str) -> None:
        assert threading.current_thread() is threading.main_thread()
        seen.append((number, word, thread.run(double(number))))

    assert run_with_calls(thread, count, note) == "done"
    assert seen == [(0, "x", 0), (1, "x", 2), (2, "x", 4)]


def test_a_report_that_fails_ends_the_call(thread: LoopThread) -> None:
    ended = threading.Event()

    async def wait(report: Callable[[int], object]) -> None:
        report(1)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    def fail(number: int) -> None:
        raise ValueError(number)

    with pytest.raises(ValueError, match="1"):
        run_with_calls(thread, wait, fail)
    assert ended.wait(20)


def test_a_call_that_fails_is_told_after_its_reports(thread: LoopThread) -> None:
    seen: list[int] = []

    async def fail(report: Callable[[int], object]) -> None:
        report(1)
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        run_with_calls(thread, fail, seen.append)
    assert seen == [1]


def test_it_says_what_to_do_on_its_own_loop(thread: LoopThread) -> None:
    async def block() -> None:
        await asyncio.sleep(0)
        list(each(thread, Numbers(2).read()))

    with pytest.raises(ConfigurationError, match="await the async method instead"):
        thread.run(block())


async def test_it_works_where_another_loop_runs(thread: LoopThread) -> None:
    """As in a notebook."""
    assert asyncio.get_running_loop().is_running()
    assert list(each(thread, Numbers(2).read())) == [0, 1]
