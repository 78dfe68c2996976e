"""Waiting for a condition instead of a time, for tests of what happens elsewhere."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from datetime import timedelta

__all__ = ("wait_until",)


async def wait_until(
    condition: Callable[[], object] | Callable[[], Awaitable[object]],
    within: timedelta | float = 10.0,
    *,
    interval: float = 0.005,
) -> None:
    """Return as soon as a condition is true; looked at again and again.

    Args:
        condition: A function or coroutine function.
        within: How long to wait at most, in seconds or as a timedelta.
        interval: Seconds between two looks.

    Raises:
        TimeoutError: It did not become true; the message names the condition.
    """
    seconds = within.total_seconds() if isinstance(within, timedelta) else within
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = condition()
                if inspect.isawaitable(found):
                    found = await found
                if found:
                    return
                await asyncio.sleep(interval)
    except TimeoutError as error:
        name = getattr(condition, "__qualname__", repr(condition))
        msg = f"{name} did not become true within {seconds} s"
        raise TimeoutError(msg) from error
