"""Waits, in blocking code, for what comes piece by piece: the items of an async iterator, the progress of a call.

Knows a thread with a loop, and nothing of clients. A single result is waited for with `LoopThread.run`.
"""

from __future__ import annotations

import queue
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, Unpack

if TYPE_CHECKING:
    from cadence._loop_thread import LoopThread

__all__ = ("each", "run_with_calls")

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_END: Any = object()


def each(thread: LoopThread, items: AsyncIterator[T]) -> Iterator[T]:
    """Give the items of an async iterator, each one when it is asked for.

    Whoever stops early leaves nothing behind: the loop closes an async generator that nobody holds any more.
    """

    async def next_item() -> T:
        return await anext(items, _END)

    while (item := thread.run(next_item())) is not _END:
        yield item


def run_with_calls(
    thread: LoopThread,
    start: Callable[[Callable[[Unpack[Ts]], object]], Coroutine[Any, Any, T]],
    call: Callable[[Unpack[Ts]], object],
) -> T:
    """Run a coroutine that reports as it goes, and make its reports in this thread.

    On the loop they could make no blocking call, and would hold up those of all other threads.

    Args:
        thread: Runs it.
        start: Makes the coroutine, given what it is to call.
        call: What shall be called instead, here.

    Raises:
        BaseException: What the coroutine or `call` raised; the latter cancels the coroutine.
    """
    calls: queue.SimpleQueue[tuple[*Ts] | None] = queue.SimpleQueue()
    future = thread.submit(start(lambda *args: calls.put(args)))
    future.add_done_callback(lambda _: calls.put(None))
    try:
        while (args := calls.get()) is not None:
            call(*args)
        return future.result()
    except BaseException:
        future.cancel()
        raise
