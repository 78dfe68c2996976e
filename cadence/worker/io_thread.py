"""The thread and event loop of a worker's wire: polls, heartbeats and answers go on whatever user code does elsewhere.

Nothing of the user's runs here but interceptor-free conversions of small values: workflow code has a thread of its own
(`workflow_thread`), coroutine activities run on the loop that the worker was entered on, others in threads. It knows
nothing of tasks.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from cadence.worker.mailbox import Mailbox

__all__ = ("IoThread",)

T = TypeVar("T")


def _new_loop() -> asyncio.AbstractEventLoop:
    """Make a loop: uvloop's where it is installed (the extra `uvloop`), as nobody but us ever sees this loop."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


class IoThread:
    """One daemon thread with one event loop."""

    def __init__(self, name: str) -> None:
        """Start the thread.

        Args:
            name: The thread's name, for people.
        """
        self._loop = _new_loop()
        self.mailbox = Mailbox(self._loop)
        """For calls to be made on the loop."""
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The thread's loop."""
        return self._loop

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the thread's loop and wait for it on the caller's. Cancelling the wait cancels it."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self._loop))

    def close(self) -> None:
        """Stop the loop, which cancels what is left on it; returns at once."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)

    async def wait_closed(self, within: float) -> None:
        """Wait until the thread has ended, at most so many seconds. It is a daemon: it holds nobody up."""
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join, within)

    def _serve(self) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            if left:
                loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
