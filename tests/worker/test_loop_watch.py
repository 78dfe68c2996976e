"""Code that holds the event loop of coroutine activities is named, once, while everything else goes on."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from cadence.testing import wait_until
from cadence.worker.io_thread import IoThread
from cadence.worker.loop_watch import LoopWatch
from cadence.worker.mailbox import Mailbox

NET = 20.0
LOG = "cadence.worker"


class Counts:
    """A meter that remembers what was counted."""

    def __init__(self) -> None:
        self.counted: list[dict[str, str]] = []

    def count(self, name: str, value: int = 1, /, **tags: str) -> None:
        assert name == "cadence_blocked_loops_total"
        assert value == 1
        self.counted.append(tags)

    def time(self, name: str, seconds: float, /, **tags: str) -> None:
        raise AssertionError(name)

    def gauge(self, name: str, value: float, /, **tags: str) -> None:
        raise AssertionError(name)


class Records(logging.Handler):
    """Log records, and an event that is set by the first that says a certain thing."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.warned = threading.Event()
        self.resumed = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        (self.warned if record.levelno >= logging.WARNING else self.resumed).set()

    def warnings(self) -> list[str]:
        return [line for line in self.lines if "holds the event loop" in line]


@pytest.fixture
def records() -> Iterator[Records]:
    records = Records()
    logger = logging.getLogger(LOG)
    level = logger.level
    logger.addHandler(records)
    logger.setLevel(logging.INFO)
    yield records
    logger.removeHandler(records)
    logger.setLevel(level)


@pytest.fixture
def io() -> Iterator[IoThread]:
    thread = IoThread("watching")
    yield thread
    thread.close()


def _watch(io: IoThread, counts: Counts, busy: list[Any], *, limit: float = 0.05) -> LoopWatch:
    return LoopWatch(
        Mailbox(asyncio.get_running_loop()),
        io.mailbox,
        thread=threading.get_ident(),
        limit=limit,
        name_of=lambda task: f"{task.get_name()} of workflow order-17" if task.get_name() == "charge" else None,
        is_busy=lambda: bool(busy),
        meter=counts,
    )


def hold(until: threading.Event) -> None:
    assert until.wait(NET)


async def test_the_activity_and_its_line_are_named_once(io: IoThread, records: Records) -> None:
    counts, busy = Counts(), [1]
    watch = _watch(io, counts, busy)

    async def charge() -> None:
        hold(records.warned)
        later = threading.Event()
        io.mailbox.post(io.loop.call_later, 0.2, later.set)
        hold(later)  # longer than the limit: it would be told again, were it not told once

    io.mailbox.post(watch.begin)
    await asyncio.create_task(charge(), name="charge")
    await asyncio.to_thread(records.resumed.wait, NET)
    [warning] = records.warnings()
    assert warning.startswith("activity charge of workflow order-17 holds the event loop for 0.")
    assert "make it a plain `def`" in warning
    assert "in charge" in warning
    assert "in hold" in warning
    assert "_run_once" not in warning
    assert "pytest" not in warning
    assert records.lines[-1] == "the event loop that activity charge of workflow order-17 had held goes on"
    assert counts.counted == [{"activity_type": "charge"}]
    busy.clear()


async def test_the_next_time_is_told_again(io: IoThread, records: Records) -> None:
    counts, busy = Counts(), [1]
    watch = _watch(io, counts, busy)
    io.mailbox.post(watch.begin)
    for number in (1, 2):
        hold(records.warned)
        await asyncio.to_thread(records.resumed.wait, NET)
        assert len(records.warnings()) == number
        records.warned.clear()
        records.resumed.clear()
    assert all(warning.startswith("code outside of activities holds") for warning in records.warnings())
    assert counts.counted == [{"activity_type": ""}] * 2
    busy.clear()


async def test_a_loop_that_waits_or_turns_is_left_alone(io: IoThread, records: Records) -> None:
    counts, busy = Counts(), [1]
    watch = _watch(io, counts, busy, limit=0.002)
    io.mailbox.post(watch.begin)
    looks = watch._asked
    await asyncio.sleep(0.05)
    await wait_until(lambda: watch._asked >= looks + 5)
    assert records.lines == []
    assert counts.counted == []
    busy.clear()


async def test_an_idle_loop_is_not_asked(io: IoThread) -> None:
    busy: list[Any] = []
    watch = _watch(io, Counts(), busy, limit=0.001)
    io.mailbox.post(watch.begin)
    await wait_until(lambda: watch._asked == 1 and watch._timer is None)
    busy.append(1)
    io.mailbox.post(watch.begin)
    await wait_until(lambda: watch._asked > 3)
    busy.clear()
    await wait_until(lambda: watch._timer is None)


async def test_a_loop_that_watches_itself_does_not(records: Records) -> None:
    mailbox = Mailbox(asyncio.get_running_loop())
    watch = LoopWatch(
        mailbox,
        mailbox,
        thread=threading.get_ident(),
        limit=0.001,
        name_of=lambda _: None,
        is_busy=lambda: True,
        meter=Counts(),
    )
    watch.begin()
    assert watch._timer is None
    assert watch._asked == 0


def test_the_end_of_the_watched_loop_is_the_end(io: IoThread, records: Records) -> None:
    async def begin() -> LoopWatch:
        return _watch(io, Counts(), [1], limit=0.001)

    loop = asyncio.new_event_loop()
    watch = loop.run_until_complete(begin())
    loop.close()
    over = threading.Event()
    io.mailbox.post(watch.begin)
    io.mailbox.post(over.set)
    assert over.wait(NET)
    assert watch._timer is None
    assert records.lines == []
