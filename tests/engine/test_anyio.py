"""anyio in workflow code, on its asyncio backend: groups, scopes, limits, locks and streams, and the same in replay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.exceptions import NotReplayableError
from cadence.workflow import CancellationType

anyio = pytest.importorskip("anyio", reason="anyio is not installed")

MINUTE = timedelta(minutes=1)
PROGRAMS: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {}


def program(function: Callable[[], Coroutine[Any, Any, Any]]) -> Callable[[], Coroutine[Any, Any, Any]]:
    PROGRAMS[function.__name__] = function
    return function


@workflow.defn
class Runs:
    @workflow.run
    async def run(self, name: str) -> Any:
        return await PROGRAMS[name]()


def outcome(server: Any) -> Any:
    """Let the run's timers fire in their order until it is closed; then replay each of its tasks."""
    while True:
        decisions = server.task()
        if server.is_closed:
            break
        assert server.timers, "it waits for something else"
        server.fire(min(server.timers, key=lambda timer_id: server.timers[timer_id][1]))
    attributes = decisions[-1].complete_workflow_execution_decision_attributes
    assert attributes is not None, decisions
    server.check()
    return server.converter.decode_value(attributes.result)


@program
async def groups() -> Any:
    ended = []

    async def one(number: int) -> None:
        await anyio.sleep(number)
        ended.append(number)

    async with anyio.create_task_group() as group:
        for number in (3, 1, 2):
            group.start_soon(one, number)
    return ended


@program
async def a_group_that_starts_and_is_cancelled() -> Any:
    async def serve(*, task_status: Any) -> None:
        await anyio.sleep(1)
        task_status.started("up")
        await anyio.sleep_forever()

    async with anyio.create_task_group() as group:
        said = await group.start(serve)
        group.cancel_scope.cancel()
    return said


@program
async def a_group_that_fails() -> Any:
    log = []

    async def bad() -> None:
        await anyio.sleep(1)
        raise ValueError("bad")

    async def other(number: int) -> None:
        try:
            await anyio.sleep(60)
        except anyio.get_cancelled_exc_class():
            log.append(number)
            raise

    try:
        async with anyio.create_task_group() as group:
            group.start_soon(bad)
            for number in range(3):
                group.start_soon(other, number)
    except* ValueError as errors:
        log += [str(error) for error in errors.exceptions]
    return sorted(log, key=str)


@program
async def limits() -> Any:
    with anyio.move_on_after(5) as scope:
        await anyio.sleep(60)
    with pytest.raises(TimeoutError), anyio.fail_after(5):
        await anyio.sleep(60)
    with anyio.move_on_after(60) as unused:
        await anyio.sleep(1)
    return [scope.cancelled_caught, unused.cancelled_caught, round(anyio.current_time())]


@program
async def shields() -> Any:
    log = []
    with anyio.move_on_after(1):
        try:
            await anyio.sleep(60)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(2)
                log.append("cleaned up")
    return [log, round(anyio.current_time())]


@program
async def primitives() -> Any:
    event, lock, condition = anyio.Event(), anyio.Lock(), anyio.Condition()
    semaphore, limiter = anyio.Semaphore(2), anyio.CapacityLimiter(1)
    log = []

    async def one(number: int) -> None:
        await event.wait()
        async with lock, semaphore, limiter:
            await anyio.sleep(1)
            log.append(number)
        async with condition:
            condition.notify_all()

    async with anyio.create_task_group() as group:
        for number in range(3):
            group.start_soon(one, number)
        await anyio.sleep(1)
        event.set()
        async with condition:
            await condition.wait()
    return log


@program
async def streams() -> Any:
    send, receive = anyio.create_memory_object_stream[int](1)
    got = []

    async def produce() -> None:
        async with send:
            for number in range(4):
                await send.send(number)

    async def consume() -> None:
        async with receive:
            got.extend([number async for number in receive])

    async with anyio.create_task_group() as group:
        group.start_soon(produce)
        group.start_soon(consume)
    return got


@program
async def asyncio_beside_it() -> Any:
    async with anyio.create_task_group() as group, asyncio.timeout(10):
        group.start_soon(anyio.sleep, 3)
        await asyncio.gather(anyio.sleep(1), asyncio.sleep(2))
    return round(anyio.current_time())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("groups", [1, 2, 3]),
        ("a_group_that_starts_and_is_cancelled", "up"),
        ("a_group_that_fails", [0, 1, 2, "bad"]),
        ("limits", [True, False, 11]),
        ("shields", [["cleaned up"], 3]),
        ("primitives", [0, 1, 2]),
        ("streams", [0, 1, 2, 3]),
        ("asyncio_beside_it", 3),
    ],
)
def test_structures_of_anyio(serve: Any, name: str, expected: Any) -> None:
    assert outcome(serve(Runs, name)) == expected


async def _wait_for_the_end_of(name: str, log: list[str]) -> None:
    try:
        await workflow.execute_activity(
            name,
            schedule_to_close_timeout=MINUTE,
            cancellation_type=CancellationType.WAIT_CANCELLATION_COMPLETED,
        )
    except asyncio.CancelledError:
        log.append(name)
        raise


@program
async def activities_that_take_their_time() -> Any:
    log: list[str] = []
    with anyio.move_on_after(2) as scope:
        async with anyio.create_task_group() as group:
            for number in range(8):
                group.start_soon(_wait_for_the_end_of, str(number), log)
    return [scope.cancelled_caught, log]


def test_a_scope_waits_for_activities_that_it_cancelled(serve: Any) -> None:
    """anyio cancels what waits in a scope in each turn of the loop, for as long as it waits: turns must end."""
    server = serve(Runs, "activities_that_take_their_time")
    server.task()
    names = list(server.activities)
    server.fire(next(iter(server.timers)))
    asked = server.task()
    assert len(asked) == 8
    for activity_id in names[:3]:
        server.canceled(activity_id)
        assert server.task() == []
    for activity_id in names[3:]:
        server.canceled(activity_id, b'"half done"\n')
    assert outcome(server) == [True, [str(number) for number in range(8)]]


def test_what_a_group_cancels_is_cancelled_in_one_order(serve: Any) -> None:
    """The order is that of numbers, not of addresses: runs that are made later have it, too."""
    orders = []
    kept = []
    for _ in range(4):
        server = serve(Runs, "activities_that_take_their_time")
        kept.append([bytearray(size) for size in range(0, 4000, 37)])  # so that addresses differ
        server.task()
        server.fire(next(iter(server.timers)))
        orders.append([each.request_cancel_activity_task_decision_attributes.activity_id for each in server.task()])
        server.check()
    assert orders == [orders[0]] * 4


@program
async def threads() -> Any:
    await anyio.to_thread.run_sync(print)


def test_threads_are_refused(serve: Any) -> None:
    with pytest.raises(NotReplayableError, match="asked for a thread"):
        serve(Runs, "threads").task()
