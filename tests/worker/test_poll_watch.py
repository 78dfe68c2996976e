"""Polls without a slot or without an answer for long are told of, once when it begins and once when it is over."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from cadence.worker import poll_watch, pollers
from cadence.worker.poll_watch import PollWatch
from cadence.worker.pollers import PollerGroup, Slots


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture) -> PollWatch:
    caplog.set_level(logging.INFO, "cadence.worker")
    return PollWatch("tasks of x", 7)


def answered(watch: PollWatch, begun: float, ended: float, *, task: bool) -> None:
    watch.begin("poll", begun)
    watch.note_answer("poll", ended, brought_task=task)
    watch.end("poll")


def test_taken_slots_are_told_of_once_and_when_they_are_free(
    watch: PollWatch, caplog: pytest.LogCaptureFixture
) -> None:
    answered(watch, 0, 0.01, task=True)
    for now in range(5, 100, 5):
        watch.starve(now)
        watch.look(now)
    assert watch.is_starved
    answered(watch, 100, 100.01, task=True)
    assert watch.is_starved, "a task was waiting for it: there may be more"
    watch.starve(101)
    watch.look(140)
    answered(watch, 141, 143, task=True)
    assert not watch.is_starved
    begin, end = caplog.messages
    assert begin == (
        "all 7 slots are taken for 30 s already, so nothing polls for tasks of x: raise the limit, add workers, or "
        "see what hangs"
    )
    assert end == "tasks of x find free slots again"
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_a_poll_in_between_shows_that_work_gets_on(watch: PollWatch, caplog: pytest.LogCaptureFixture) -> None:
    for now in range(0, 300, 20):
        watch.starve(now)
        watch.look(now + 19)
        answered(watch, now + 19, now + 19.01, task=True)
    assert not caplog.messages


def test_few_slots_may_be_busy_for_long(watch: PollWatch) -> None:
    """Where the last task came to a poll that waited for it, hardly any other waits."""
    answered(watch, 0, 10, task=True)
    for now in range(10, 310, 10):
        watch.starve(now)
        watch.look(now)
    assert not watch.is_starved
    watch.look(310)
    assert watch.is_starved


def test_an_empty_poll_finds_no_backlog(watch: PollWatch) -> None:
    answered(watch, -1, -0.99, task=True)
    watch.starve(0)
    watch.look(30)
    assert watch.is_starved
    answered(watch, 31, 31.01, task=False)
    assert not watch.is_starved


def test_a_poll_without_an_answer_is_told_of_once(watch: PollWatch, caplog: pytest.LogCaptureFixture) -> None:
    watch.begin("a", 0)
    watch.begin("b", 50)
    for now in range(0, 200, 10):
        watch.look(now)
    watch.end("a")
    assert watch.is_unanswered, "its deadline was no answer"
    watch.note_answer("b", 201, brought_task=False)
    watch.end("b")
    watch.look(1000)
    assert not watch.is_unanswered
    begin, end = caplog.messages
    assert begin.startswith("a poll for tasks of x has no answer for 130 s already, where servers answer within two")
    assert end == "polls for tasks of x are answered in time again"


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pollers, "LOOK_EVERY", 0.005)
    monkeypatch.setattr(poll_watch, "_STARVED_AFTER", 0.02)
    monkeypatch.setattr(poll_watch, "_UNANSWERED_AFTER", 0.02)


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # time itself is what is waited for
            await asyncio.sleep(0.002)


@pytest.mark.usefixtures("_soon")
async def test_a_group_tells_of_both(caplog: pytest.LogCaptureFixture) -> None:
    tasks: asyncio.Queue[object] = asyncio.Queue()
    slots = Slots(2)
    group: PollerGroup[object] = PollerGroup("tests", tasks.get, lambda task: None, slots, minimum=2, maximum=2)
    group.start()
    await until(lambda: "no answer" in caplog.text)
    assert not group.statistics().is_starved
    tasks.put_nowait("a")
    tasks.put_nowait("b")
    await until(lambda: group.statistics().is_starved)
    assert "all 2 slots are taken" in caplog.text
    slots.release()
    tasks.put_nowait(None)
    await until(lambda: not group.statistics().is_starved)
    await group.stop()
    slots.release()
    assert slots.used == 0


@pytest.mark.usefixtures("_soon")
async def test_a_group_that_is_often_full_keeps_quiet(caplog: pytest.LogCaptureFixture) -> None:
    groups: list[PollerGroup[object]] = []
    for name, is_often_full in (("sessions", True), ("tests", False)):
        tasks: asyncio.Queue[object] = asyncio.Queue()
        tasks.put_nowait("a")
        groups.append(
            PollerGroup(name, tasks.get, lambda task: None, Slots(1), minimum=1, maximum=1, is_often_full=is_often_full)
        )
        groups[-1].start()
    full, other = groups
    await until(lambda: other.statistics().is_starved)
    assert not full.statistics().is_starved
    assert "for tests" in caplog.text
    assert "for sessions" not in caplog.text
    for group in groups:
        await group.stop()
