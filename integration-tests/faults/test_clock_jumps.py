"""The clock of the wall is set by hours, forward or back, under a client and a worker at work: nobody minds.

Timers, polls, retries, heartbeats and deadlines go by the clock that never jumps. The wall's clock is this process's,
the dev server's too: where the server is embedded, the test has one of its own, in a process that keeps its clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from cadence import Client, Worker, activity, workflow
from cadence.tchannel import CallResponse, errors
from cadence.workflow import RetryPolicy

SECOND = timedelta(seconds=1)
HOURS = pytest.mark.parametrize("hours", [5.0, -5.0], ids=["forward", "back"])


class Wall:
    """The wall's clock, set off by so much."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        real, real_ns = time.time, time.time_ns
        monkeypatch.setattr(time, "time", lambda: real() + self.seconds)
        monkeypatch.setattr(time, "time_ns", lambda: real_ns() + int(self.seconds * 1e9))


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """The clock to be set."""
    return Wall(monkeypatch)


@pytest.fixture
async def client(server_process: Any, crash_load: Any, betweens: Any) -> AsyncIterator[Client]:
    """A client of a server with a clock of its own, by way of a frontend that may be told to fail."""
    await server_process.begin(in_memory=True)
    await server_process.ready()
    between = betweens.Between(server_process.address)
    async with between, AsyncExitStack() as stack:
        client = await stack.enter_async_context(Client.connect(between.address, domain=crash_load.DOMAIN))
        client.between = between
        yield client


class Steps:
    """What the activities and the test tell each other."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()


steps = Steps()


@activity.defn(start_to_close_timeout=20 * SECOND, heartbeat_timeout=2 * SECOND)
async def beats() -> str:
    """Beat for longer than the heartbeat timeout, with the jump in the middle."""
    steps.begun.set()
    for number in range(30):
        activity.heartbeat(number)
        await asyncio.sleep(0.1)
    return "beaten"


@activity.defn(
    start_to_close_timeout=5 * SECOND,
    retry_policy=RetryPolicy(initial_interval=SECOND, backoff_coefficient=1, maximum_attempts=3),
)
async def fails_once() -> int:
    if activity.info().attempt == 0:
        raise ValueError("once")
    return activity.info().attempt


@activity.defn(start_to_close_timeout=20 * SECOND)
async def waits() -> str:
    steps.begun.set()
    await steps.go_on.wait()
    return "waited"


@workflow.defn
class Works:
    @workflow.run
    async def run(self, what: str) -> Any:
        if what == "beat":
            return await beats()
        if what == "retry":
            return await fails_once()
        if what == "local":
            return await workflow.execute_local_activity(fails_once, schedule_to_close_timeout=20 * SECOND)
        if what == "timer":
            before = workflow.now()
            await workflow.sleep(1)
            return 1 <= (workflow.now() - before).total_seconds() < 60
        return await waits()


@pytest.fixture
async def worker(client: Client) -> AsyncIterator[Worker]:
    """A worker of the client."""
    steps.begun, steps.go_on = asyncio.Event(), asyncio.Event()
    async with Worker(
        client,
        "jumps",
        workflows=[Works],
        activities=[beats, fails_once, waits],
        grace=SECOND,
        max_eager_activities=0,
    ) as worker:
        yield worker


async def start(client: Client, what: str) -> Any:
    return await client.start_workflow(
        Works.run, what, task_list="jumps", execution_start_to_close_timeout=timedelta(minutes=1)
    )


@HOURS
@pytest.mark.usefixtures("worker")
async def test_everything_goes_on(client: Client, wall: Wall, hours: float) -> None:
    handles = [await start(client, what) for what in ("beat", "retry", "local", "timer")]
    results = [asyncio.create_task(handle.result(timeout=30 * SECOND)) for handle in handles]
    await steps.begun.wait()
    wall.seconds = hours * 3600
    assert await asyncio.gather(*results) == ["beaten", 1, 1, True]
    # And what begins after the jump, with polls that were made before it.
    handles = [await start(client, what) for what in ("retry", "local", "timer")]
    assert [await handle.result(timeout=30 * SECOND) for handle in handles] == [1, 1, True]
    for handle in handles:
        wall.seconds = -wall.seconds
        assert (await handle.describe()).status.name == "COMPLETED"
    from cadence.api.enums import EventType

    kinds = [EventType(event.event_type).name async for event in handles[0].history()]
    assert not [kind for kind in kinds if "TimedOut" in kind or "Failed" in kind], kinds


@HOURS
@pytest.mark.usefixtures("worker")
async def test_an_answer_is_tried_as_long_as_before(client: Client, wall: Wall, hours: float) -> None:
    tried = []

    async def fail(call: Any, passing: Any) -> CallResponse:
        tried.append(call)
        wall.seconds = hours * 3600 * (-1 if len(tried) % 2 else 1)
        if len(tried) < 4:
            raise errors.UnexpectedError("not now")
        return await passing()  # type: ignore[no-any-return]

    client.between.acts["RespondActivityTaskCompleted"] = fail  # type: ignore[attr-defined]
    handle = await start(client, "wait")
    await steps.begun.wait()
    steps.go_on.set()
    assert await handle.result(timeout=30 * SECOND) == "waited"
    assert len(tried) == 4


@HOURS
async def test_a_dead_server_is_waited_for_as_long_as_before(client: Client, wall: Wall, hours: float) -> None:
    """A call's time is not over because the wall says so, and does not become endless either."""
    between = client.between  # type: ignore[attr-defined]
    await between.stop()
    clock = asyncio.get_running_loop().time
    began = clock()
    call = asyncio.create_task(client.service.health(timeout=1.5))
    await asyncio.sleep(0)
    wall.seconds = hours * 3600
    with pytest.raises(errors.TChannelError, match="nothing listens there"):
        await call
    assert 0.5 <= clock() - began <= 15
    await between.start()
    await client.service.health(timeout=20)


@HOURS
async def test_a_token_is_made_anew_as_soon_as_the_wall_says_so(wall: Wall, hours: float) -> None:
    """The one thing that goes by the wall's clock: whoever checks a token does, too."""
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from cadence.service import JwtToken

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    token = JwtToken(pem, clock=time.time)
    first = token()
    assert token() == first
    wall.seconds = hours * 3600
    second = token()
    assert second != first
    assert token() == second
    wall.seconds = 0
    assert token() != second
