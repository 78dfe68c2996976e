"""Both clocks: alarms in order, called off, and time that jumps when nobody works."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest

from cadence.devserver import clock as clocks
from cadence.devserver.clock import SECOND, RealClock, SkippingClock

DAY = 86_400 * SECOND


async def rung(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 10)


async def test_the_real_clock_rings_in_order_and_not_early() -> None:
    clock = RealClock()
    order: list[str] = []
    done = asyncio.Event()
    start = clock.now_ns()

    def last() -> None:
        order.append("c")
        assert clock.now_ns() >= start + SECOND // 20
        done.set()

    clock.call_at(start + SECOND // 20, last)
    clock.call_at(start + SECOND // 50, lambda: order.append("b"))
    clock.call_at(start - SECOND, lambda: order.append("a"))
    off = clock.call_at(start + SECOND // 40, lambda: order.append("never"))
    off.cancel()
    assert order == []
    await rung(done)
    assert order == ["a", "b", "c"]
    clock.close()


async def test_an_alarm_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    clock = RealClock()
    done = asyncio.Event()

    def fail() -> None:
        msg = "boom"
        raise ValueError(msg)

    clock.call_at(0, fail)
    clock.call_at(1, done.set)
    with caplog.at_level(logging.ERROR, "cadence.devserver"):
        await rung(done)
    assert "an alarm failed" in caplog.text
    clock.close()


async def test_a_clock_that_was_set_back_rings_later(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = RealClock()
    done = asyncio.Event()
    real = time.time_ns
    back = [0]
    monkeypatch.setattr(clocks.time, "time_ns", lambda: real() - back[0])
    when = clock.now_ns() + SECOND // 50
    clock.call_at(when, done.set)
    back[0] = SECOND // 20
    await rung(done)
    assert clock.now_ns() >= when
    clock.close()


@pytest.mark.parametrize("kind", [RealClock, SkippingClock])
async def test_alarms_that_were_called_off_leave(kind: Any) -> None:
    clock = kind()
    if kind is SkippingClock:
        clock.hold()
    for _ in range(5_000):
        clock.call_at(clock.now_ns() + DAY, lambda: None).cancel()
    assert len(clock._alarms._heap) < 2_000
    clock.close()


async def test_time_jumps_when_nobody_works() -> None:
    clock = SkippingClock()
    begin, real = clock.now_ns(), time.monotonic()
    done = asyncio.Event()
    seen: list[int] = []

    def again() -> None:
        seen.append(clock.now_ns() - begin)
        if len(seen) == 30:
            done.set()
        else:
            clock.call_at(clock.now_ns() + DAY, again)

    clock.call_at(begin + DAY, again)
    await rung(done)
    assert [moment // DAY for moment in seen] == list(range(1, 31))
    assert time.monotonic() - real < 9
    clock.close()


async def test_time_does_not_jump_while_somebody_works() -> None:
    clock = SkippingClock()
    done = asyncio.Event()
    clock.hold()
    clock.call_at(clock.now_ns() + DAY, done.set)
    clock.hold()
    clock.release()
    await asyncio.sleep(3 * clocks._SETTLE)
    assert not done.is_set()
    clock.release()
    await rung(done)
    clock.close()


async def test_time_moves_by_hand() -> None:
    clock = SkippingClock(start_ns=5 * DAY)
    clock.skipping = False
    seen: list[int] = []
    for days in (3, 1, 2):
        clock.call_at(5 * DAY + days * DAY, lambda: seen.append(round(clock.now_ns() / DAY)))
    clock.advance(DAY * 5 // 2)
    assert seen == [6, 7]
    clock.advance(DAY)
    assert seen == [6, 7, 8]
    clock.close()
