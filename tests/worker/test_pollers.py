"""Polls never go quiet: they grow, shrink, back off, recover, and stop at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from cadence import api
from cadence.exceptions import TransportError
from cadence.worker import assembly, pollers
from cadence.worker.pollers import PollerGroup, RateLimiter, Slots


class Source:
    """What a group polls: a queue of tasks, None for empty polls, and errors."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[object] = asyncio.Queue()
        self.taken: list[object] = []

    async def poll(self) -> object:
        task = await self.queue.get()
        if isinstance(task, BaseException):
            raise task
        return task


async def wait_until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # everything happens on this very loop
            await asyncio.sleep(0)


def group(source: Source, slots: Slots, accept: Callable[[object], None] | None = None, **options: int) -> PollerGroup:
    bounds = {"minimum": 1, "maximum": 1, **options}
    return PollerGroup("tests", source.poll, accept or source.taken.append, slots, **bounds)


async def test_no_poll_without_a_free_slot() -> None:
    source, slots = Source(), Slots(1)
    polls = group(source, slots, minimum=2, maximum=2)
    polls.start()
    source.queue.put_nowait("a")
    source.queue.put_nowait("b")
    await wait_until(lambda: source.taken)
    for _ in range(20):
        await asyncio.sleep(0)
    assert source.taken == ["a"]
    slots.release()
    await wait_until(lambda: source.taken == ["a", "b"])
    await polls.stop()
    slots.release()
    assert slots.used == 0


async def test_stopping_cancels_polls_at_once_and_gives_slots_back() -> None:
    source, slots = Source(), Slots(5)
    polls = group(source, slots, minimum=3, maximum=3)
    polls.start()
    await wait_until(lambda: slots.used == 3)
    await polls.stop()
    assert slots.used == 0
    assert polls.statistics().pollers == 0


async def test_polls_grow_with_tasks_and_shrink_without() -> None:
    source, slots = Source(), Slots(100)
    polls = group(source, slots, minimum=1, maximum=4)
    for number in range(50):
        source.queue.put_nowait(number)
    polls.start()
    await wait_until(lambda: len(source.taken) == 50)
    assert polls.statistics().pollers > 1
    for _ in range(10):
        source.queue.put_nowait(None)
    await wait_until(lambda: polls.statistics().pollers == 1)
    await polls.stop()


@pytest.mark.parametrize(("waited", "grown"), [(0.2, 4), (0.01, 1)])
async def test_polls_grow_where_tasks_waited_though_none_came_at_once(waited: float, grown: int) -> None:
    """As over a slow network, where a poll takes long on its way to a task that waits."""
    source, slots = Source(), Slots(100)
    taken = source.taken.append
    polls = PollerGroup("tests", source.poll, taken, slots, minimum=1, maximum=4, waited=lambda _: waited)
    polls.start()
    for number in range(6):
        await asyncio.sleep(pollers._AT_ONCE)
        source.queue.put_nowait(number)
        await wait_until(lambda count=number + 1: len(source.taken) == count)
    assert polls.statistics().pollers == grown
    await polls.stop()


@pytest.mark.parametrize(
    ("task", "seconds"),
    [
        (api.PollForDecisionTaskResponse(scheduled_timestamp=10**9, started_timestamp=3 * 10**9), 2.0),
        (api.PollForDecisionTaskResponse(), 0.0),
        (
            api.PollForActivityTaskResponse(
                scheduled_timestamp=10**9, scheduled_timestamp_of_this_attempt=4 * 10**9, started_timestamp=5 * 10**9
            ),
            1.0,
        ),
        (api.PollForActivityTaskResponse(scheduled_timestamp=10**9, started_timestamp=3 * 10**9), 2.0),
    ],
)
def test_how_long_a_task_waited_is_told_by_the_servers_clock(task: Any, seconds: float) -> None:
    is_decision = isinstance(task, api.PollForDecisionTaskResponse)
    waited: Any = assembly._decision_waited if is_decision else assembly._activity_waited
    assert waited(task) == seconds


async def test_a_lost_server_is_told_once_and_its_return_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pollers, "_FIRST_PAUSE", 0.0001)
    caplog.set_level(logging.INFO, "cadence.worker")
    source, slots = Source(), Slots(4)
    polls = group(source, slots, minimum=2, maximum=2)
    polls.start()
    for _ in range(6):
        source.queue.put_nowait(TransportError("nobody there"))
    await wait_until(lambda: polls.statistics().errors == 6)
    assert not polls.statistics().is_connected
    source.queue.put_nowait("task")
    await wait_until(lambda: source.taken)
    assert polls.statistics().is_connected
    assert polls.statistics().pollers == 2
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "nobody there" in caplog.text
    await polls.stop()


async def test_whatever_a_poll_raises_polling_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pollers, "_FIRST_PAUSE", 0.0001)
    source = Source()
    polls = group(source, Slots(1))
    polls.start()
    source.queue.put_nowait(ZeroDivisionError("a bug"))
    source.queue.put_nowait("task")
    await wait_until(lambda: source.taken)
    assert "a bug" in caplog.text
    await polls.stop()


async def test_a_poller_that_ends_by_a_bug_is_replaced(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pollers, "_FIRST_PAUSE", 0.0001)
    source, slots = Source(), Slots(2)

    def accept(task: object) -> None:
        source.taken.append(task)
        slots.release()
        if task == "bad":
            raise ZeroDivisionError

    polls = group(source, slots, accept)
    polls.start()
    source.queue.put_nowait("bad")
    source.queue.put_nowait("good")
    await wait_until(lambda: source.taken == ["bad", "good"])
    assert "another takes its place" in caplog.text
    await polls.stop()


async def test_a_slot_given_to_a_cancelled_waiter_is_not_lost() -> None:
    slots = Slots(1)
    await slots.acquire()
    waiter = asyncio.create_task(slots.acquire())
    await asyncio.sleep(0)
    slots.release()
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    assert slots.free == 1
    await slots.acquire()
    waiter = asyncio.create_task(slots.acquire())
    await asyncio.sleep(0)
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    slots.release()
    assert slots.free == 1


async def test_a_rate_is_kept() -> None:
    limiter = RateLimiter(200)
    clock = asyncio.get_running_loop().time
    started = clock()
    for _ in range(11):
        await limiter.wait()
    assert clock() - started >= 0.05
    await RateLimiter(None).wait()


async def test_a_task_that_comes_late_is_taken_and_no_other_poll_is_made() -> None:
    source, slots = Source(), Slots(3)
    polls = group(source, slots, minimum=2, maximum=2)
    polls.start()
    await wait_until(lambda: slots.used == 2)
    polls.make_no_more()
    source.queue.put_nowait("late")
    source.queue.put_nowait(TransportError("the connection was closed"))
    await polls.wait_back()
    await wait_until(lambda: slots.used == 1)
    assert source.taken == ["late"]
    assert polls.statistics().polls == 2
    assert polls.statistics().is_connected
    await polls.stop()
    assert polls.statistics().pollers == 0


async def test_a_poller_without_a_poll_ends_when_no_more_are_made() -> None:
    source, slots = Source(), Slots(1)
    polls = group(source, slots, minimum=2, maximum=2)
    polls.start()
    await wait_until(lambda: slots.used == 1)
    polls.make_no_more()
    await wait_until(lambda: polls.statistics().pollers == 1)
    await polls.stop()
    assert slots.used == 0
