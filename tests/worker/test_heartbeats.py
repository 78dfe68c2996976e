"""Heartbeats: the first at once, then the newest of each window; failures are tried again; the last is not lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cadence import api, errors
from cadence.exceptions import TransportError
from cadence.worker import heartbeats
from cadence.worker.heartbeats import Heartbeats, StopReason, window_of
from cadence.worker.mailbox import Mailbox

BEAT = "record_activity_task_heartbeat"


@pytest.fixture
def stops() -> list[StopReason]:
    return []


@pytest.fixture
async def beats(service: Any, mailbox: Mailbox, stops: list[StopReason]) -> Heartbeats:
    return Heartbeats(service, mailbox, b"token", "me", timeout=0.05, on_stop=stops.append)


@pytest.mark.parametrize(("timeout", "window"), [(10, 8), (3600, 30), (0, 30)])
def test_the_window(timeout: float, window: float) -> None:
    assert window_of(timeout) == window


async def test_the_first_at_once_then_the_newest_of_each_window(service: Any, beats: Heartbeats) -> None:
    assert not beats.is_used
    for number in range(5):
        beats.report(b"%d" % number)
    (first,) = await service.wait_told(BEAT)
    assert (first.task_token, first.details, first.identity) == (b"token", b"4", "me")
    for number in range(5, 9):
        beats.report(b"%d" % number)
    assert (await service.wait_told(BEAT, 2))[1].details == b"8"
    assert beats.is_used
    await beats.close(flush=True)
    assert beats.sent == 2


async def test_what_is_left_goes_out_at_the_end_or_not(service: Any, beats: Heartbeats) -> None:
    beats.report(b"1")
    await service.wait_told(BEAT)
    beats.report(b"2")
    await beats.close(flush=True)
    assert [request.details for request in service.told(BEAT)] == [b"1", b"2"]
    beats.report(b"3")
    await beats.close(flush=False)
    assert len(service.told(BEAT)) == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (api.RecordActivityTaskHeartbeatResponse(cancel_requested=True), StopReason.CANCEL_REQUESTED),
        (errors.EntityNotExistsError("gone"), StopReason.GONE),
        (errors.DomainNotActiveError("elsewhere"), StopReason.GONE),
    ],
)
async def test_answers_that_stop(
    service: Any, beats: Heartbeats, stops: list[StopReason], *, answer: Any, reason: StopReason
) -> None:
    service.answers[BEAT] = [answer]
    beats.report(None)
    await service.wait_told(BEAT)
    await beats.close(flush=False)
    assert stops == [reason]


async def test_one_that_was_not_recorded_is_sent_again(
    service: Any, beats: Heartbeats, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers[BEAT] = [TransportError("nobody there")]
    beats.report(b"1")
    assert (await service.wait_told(BEAT, 2))[1].details == b"1"
    await beats.close(flush=False)
    assert "nobody there" in caplog.text


async def test_automatic_ones_go_on_until_the_end(service: Any, beats: Heartbeats) -> None:
    assert heartbeats.window_of(0.05) < 0.05
    beats.beat_automatically(0.001, lambda reply: reply())
    await service.wait_told(BEAT, 3)
    await beats.close(flush=False)
    count = len(service.told(BEAT))
    await asyncio.sleep(0.01)
    assert len(service.told(BEAT)) == count


async def test_a_stuck_loop_beats_no_more(service: Any, beats: Heartbeats) -> None:
    asked = asyncio.Event()
    beats.beat_automatically(0.001, lambda _: asked.set())
    await asked.wait()
    await beats.close(flush=False)
    assert service.told(BEAT) == []
