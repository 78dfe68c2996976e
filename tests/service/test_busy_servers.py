"""Servers that are busy, over sockets: calls come again after pauses that grow to a bound, and not in between."""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import Any

import pytest

from cadence import api
from cadence.errors import ServiceBusyError
from cadence.exceptions import CadenceError
from cadence.service import RetryOptions
from cadence.tchannel.errors import BusyError

REQUEST = api.DescribeDomainRequest(name="d")
PAUSE = 0.05
OPTIONS = RetryOptions(initial_interval=0.01, coefficient=2.0, maximum_interval=0.04, busy_pause=PAUSE)
BUSY = pytest.mark.parametrize(
    "busy",
    [ServiceBusyError("too many requests"), BusyError("too many requests")],
    ids=["declared", "error frame"],
)


class Gate:
    """Says that it is busy so many times, and notes when it was asked."""

    def __init__(self, busy: CadenceError, times: int) -> None:
        self.busy = busy
        self.left = times
        self.asked: list[float] = []

    async def __call__(self, endpoint: str, request: Any) -> Any:
        self.asked.append(asyncio.get_running_loop().time())
        self.left -= 1
        if self.left >= 0:
            if isinstance(self.busy, BusyError):
                raise self.busy
            return self.busy
        return api.DescribeDomainResponse()

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in itertools.pairwise(self.asked)]


@BUSY
async def test_a_call_waits_and_comes_again(
    frontend: Any, busy: CadenceError, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "cadence.service")
    server, service = frontend
    gate = server.respond = Gate(busy, 6)
    await service.describe_domain(REQUEST, retry=OPTIONS)
    assert len(gate.asked) == 7
    assert min(gate.gaps) >= PAUSE
    pauses = [record.args[1] for record in caplog.records if "again in" in record.msg]
    assert len(pauses) == 6
    assert PAUSE + 0.008 <= pauses[0] <= PAUSE + 0.02
    assert max(pauses) <= PAUSE + 0.04  # the cap


@BUSY
async def test_a_call_gives_up_in_its_time_and_says_why(frontend: Any, busy: CadenceError) -> None:
    server, service = frontend
    gate = server.respond = Gate(busy, 1_000_000)
    with pytest.raises(type(busy), match="too many requests") as caught:
        await service.describe_domain(REQUEST, timeout=0.5, retry=OPTIONS)
    assert 2 <= len(gate.asked) <= 0.5 / PAUSE
    if isinstance(busy, BusyError):
        assert "127.0.0.1:" in str(caught.value)


@BUSY
async def test_calls_without_retries_are_told_at_once(frontend: Any, busy: CadenceError) -> None:
    server, service = frontend
    gate = server.respond = Gate(busy, 1)
    with pytest.raises(type(busy)):
        await service.describe_domain(REQUEST, retry=None)
    assert len(gate.asked) == 1
