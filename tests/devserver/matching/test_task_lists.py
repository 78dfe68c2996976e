"""Task lists: who gets what, in which order, and what happens when one side goes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.api.errors import ServiceBusyError
from cadence.devserver.clock import RealClock
from cadence.devserver.execution.state import Query
from cadence.devserver.matching import task_lists
from cadence.devserver.matching.rates import TaskRate
from cadence.devserver.matching.task_lists import Matching
from cadence.devserver.tasks import Kind, Task


@pytest.fixture
async def matching() -> Matching:
    return Matching(RealClock())


def task(number: int, kind: Kind = "decision", **more: Any) -> Task:
    return Task("domain", "list", kind, "w", "r", number, 0, **more)


def polling(matching: Matching, kind: Kind = "decision", **more: Any) -> asyncio.Task[Task | None]:
    more.setdefault("identity", "me")
    more.setdefault("deadline", asyncio.get_running_loop().time() + 60)
    name = more.pop("name", "list")
    return asyncio.create_task(matching.poll("domain", name, kind, **more))


async def numbers(matching: Matching, count: int, **more: Any) -> list[int]:
    found = [await polling(matching, **more) for _ in range(count)]
    return [one.scheduled_id for one in found if one is not None]


async def settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_tasks_in_their_order(matching: Matching) -> None:
    for number in range(3):
        matching.add(task(number))
    assert matching.backlog("domain", "list", "decision") == 3
    assert matching.backlog("domain", "list", "activity") == 0
    assert matching.backlog("domain", "other", "decision") == 0
    assert await numbers(matching, 3) == [0, 1, 2]


async def test_polls_in_their_order(matching: Matching) -> None:
    polls = [polling(matching) for _ in range(3)]
    await settle()
    for number in range(3):
        matching.add(task(number))
    assert [one.scheduled_id for one in await asyncio.gather(*polls) if one] == [0, 1, 2]


async def test_an_empty_poll_ends(matching: Matching) -> None:
    now = asyncio.get_running_loop().time()
    assert await polling(matching, deadline=now - 1) is None
    assert await polling(matching, deadline=now + 0.01) is None
    matching.add(task(1))
    assert await numbers(matching, 1) == [1]


async def test_a_task_whose_poll_went_away_is_the_next_ones(matching: Matching) -> None:
    first = polling(matching)
    await settle()
    matching.add(task(1))
    matching.add(task(2))
    first.cancel()
    await asyncio.wait([first])
    assert first.cancelled()
    assert await numbers(matching, 2) == [1, 2]


async def test_a_task_whose_poll_went_away_goes_to_one_that_waits(matching: Matching) -> None:
    first, second = polling(matching), polling(matching)
    await settle()
    matching.add(task(1))
    first.cancel()
    got = await second
    assert got is not None
    assert got.scheduled_id == 1


async def test_expired_tasks_are_dropped(matching: Matching) -> None:
    now = time.time_ns()
    for number in range(100):
        matching.add(task(number, "activity", expires_ns=now - 1))
    assert matching.backlog("domain", "list", "activity") == 1
    matching.add(task(100, "activity", expires_ns=now + 60 * 10**9))
    assert matching.backlog("domain", "list", "activity") == 1
    assert await numbers(matching, 1, kind="activity") == [100]


async def test_queries_go_first_and_die_with_their_callers(matching: Matching) -> None:
    loop = asyncio.get_running_loop()
    matching.add(task(1))
    queries = [Query(str(number), "q", None, loop.create_future()) for number in range(3)]
    for number, query in enumerate(queries):
        matching.add(task(10 + number, query=query))
    queries[0].answer.cancel()
    assert await numbers(matching, 3) == [11, 12, 1]
    gone = [Query(str(number), "q", None, loop.create_future()) for number in range(50)]
    for query in gone:
        matching.add(task(0, query=query))
        query.answer.cancel()
    assert matching.backlog("domain", "list", "decision") == 1


async def test_a_list_may_be_slow(matching: Matching) -> None:
    for number in range(6):
        matching.add(task(number, "activity"))
    loop = asyncio.get_running_loop()
    started = loop.time()
    # One second's worth at once, then one each 20 ms.
    assert await numbers(matching, 6, kind="activity", rate=50.0) == list(range(6))
    assert await numbers(matching, 0) == []
    for number in range(60):
        matching.add(task(number, "activity"))
    polls = [polling(matching, "activity") for _ in range(60)]
    await asyncio.gather(*polls)
    assert loop.time() - started >= 16 / 50 * 0.9
    found = matching.describe("domain", "list", "activity")
    assert found.rate == 50
    assert [poller.rate for poller in found.pollers] == [50]


async def test_a_list_may_be_stopped(matching: Matching) -> None:
    matching.add(task(1, "activity"))
    now = asyncio.get_running_loop().time()
    assert await polling(matching, "activity", rate=0.0, deadline=now + 0.05) is None
    waiting = polling(matching, "activity")
    await settle()
    assert not waiting.done()
    for odd in (float("nan"), float("inf"), -1.0):
        assert await polling(matching, "activity", rate=odd, deadline=now) is None
    assert await polling(matching, "activity", rate=10.0, deadline=now) is None
    assert (await waiting) is not None


async def test_who_polls(matching: Matching) -> None:
    assert not matching.has_poller("domain", "list", "decision")
    assert matching.describe("domain", "list", "decision") == task_lists.ListDescription((), 0, None)
    now = asyncio.get_running_loop().time()
    await polling(matching, identity="one", deadline=now)
    waiting = polling(matching, identity="two")
    await settle()
    assert matching.has_poller("domain", "list", "decision")
    assert not matching.has_poller("domain", "list", "activity")
    found = matching.describe("domain", "list", "decision")
    assert [poller.identity for poller in found.pollers] == ["two", "one"]
    assert matching.names("domain", "decision") == ["list"]
    assert matching.names("other", "decision") == []
    matching.close()
    assert await waiting is None


async def test_a_flood_of_polls_is_bounded(matching: Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_lists, "POLLS_LIMIT", 10)
    polls = [polling(matching, identity=str(number)) for number in range(10)]
    await settle()
    with pytest.raises(ServiceBusyError, match="Too many polls"):
        await polling(matching)
    matching.close()
    assert await asyncio.gather(*polls) == [None] * 10


async def test_names_that_nobody_uses_are_forgotten(matching: Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_lists, "_SWEEP_FROM", 20)
    monkeypatch.setattr(task_lists, "_FORGET_POLLER", -1.0)
    matching = Matching(RealClock())
    now = asyncio.get_running_loop().time()
    matching.add(task(7))
    waiting = polling(matching, name="waiting")
    await settle()
    for number in range(200):
        await polling(matching, name=f"sticky-{number}", identity=str(number), deadline=now)
    names = matching.names("domain", "decision")
    assert {"list", "waiting"} <= set(names)
    assert len(names) <= 21
    assert await numbers(matching, 1) == [7]
    matching.close()
    assert await waiting is None


async def test_tasks_that_nobody_needs_are_dropped(matching: Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_lists, "_TASKS_SWEEP_FROM", 10)
    needed: set[int] = set()
    matching.is_stale = lambda task: task.scheduled_id not in needed
    for number in range(1_000):
        # As where nobody polls, and a run is closed soon: at any time four of them are open.
        needed.add(number)
        needed.discard(number - 4)
        matching.add(task(number))
        assert matching.backlog("domain", "list", "decision") <= 20
    left = await numbers(matching, matching.backlog("domain", "list", "decision"))
    assert left[-4:] == [996, 997, 998, 999]


async def test_a_list_of_what_nobody_needs_is_forgotten(matching: Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_lists, "_SWEEP_FROM", 10)
    monkeypatch.setattr(matching, "_sweep_at", 10)
    matching.is_stale = lambda task: True
    for number in range(100):
        matching.add(Task("domain", f"sticky-{number}", "decision", "w", "r", 1, 0))
    assert len(matching.names("domain", "decision")) <= 20


async def test_identities_are_bounded(matching: Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_lists, "_POLLERS_LIMIT", 5)
    now = asyncio.get_running_loop().time()
    for number in range(20):
        await polling(matching, identity=str(number), deadline=now)
    found = matching.describe("domain", "list", "decision")
    assert [poller.identity for poller in found.pollers] == ["19", "18", "17", "16", "15"]


async def test_a_closed_house_has_no_tasks(matching: Matching) -> None:
    waiting = polling(matching)
    slow = polling(matching, "activity", rate=0.001)
    await settle()
    matching.close()
    assert await waiting is None
    assert await slow is None
    matching.add(task(1))
    assert await polling(matching) is None


@given(
    rate=st.floats(0, 1e6),
    steps=st.lists(st.tuples(st.floats(0, 10), st.integers(1, 20)), max_size=30),
)
def test_a_bucket_never_gives_more_than_its_rate(rate: float, steps: list[tuple[float, int]]) -> None:
    bucket, now, given_out = TaskRate(rate, 0.0), 0.0, 0
    for pause, wanted in steps:
        now += pause
        given_out += sum(bucket.take(now) for _ in range(wanted))
        assert given_out <= max(1.0, rate + 1) + rate * now + 1e-6 * now
        wait = bucket.wait(now)
        assert (wait is None) == (rate == 0)
        if rate == 0:
            assert given_out == 0


Move = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 5)),
    st.tuples(st.just("poll"), st.integers(0, 5)),
    st.tuples(st.just("cancel"), st.integers(0, 50)),
    st.tuples(st.just("breathe"), st.just(0)),
)


@settings(deadline=None, max_examples=150)
@given(moves=st.lists(Move, max_size=60))
def test_no_task_is_lost_or_given_twice(moves: list[tuple[str, int]]) -> None:
    asyncio.run(_play(moves))


async def _play(moves: list[tuple[str, int]]) -> None:
    matching = Matching(RealClock())
    polls: list[asyncio.Task[Task | None]] = []
    state = SimpleNamespace(added=0)

    def add(count: int) -> None:
        for _ in range(count):
            matching.add(task(state.added))
            state.added += 1

    actions: dict[str, Callable[[int], None]] = {
        "add": add,
        "poll": lambda count: polls.extend(polling(matching) for _ in range(count)),
        "cancel": lambda index: polls[index % len(polls)].cancel() if polls else None,
        "breathe": lambda _: None,
    }
    for name, number in moves:
        actions[name](number)
        if name == "breathe":
            await settle()
    await settle()
    left = matching.backlog("domain", "list", "decision")
    got = [one.result() for one in polls if one.done() and not one.cancelled()]
    waiting = [one for one in polls if not one.done()]
    assert not (left and waiting)
    given = [one.scheduled_id for one in got if one is not None] + await numbers(matching, left)
    assert sorted(given) == list(range(state.added))
    matching.close()
    await asyncio.gather(*waiting)
