"""One thread that runs one event loop, so that blocking code can wait for coroutines.

The blocking faces (`cadence.stubs`, `cadence.client.blocking`) are thin: every call is a coroutine of the async face,
submitted here and waited for. This module knows nothing of what the coroutines do.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from concurrent.futures import CancelledError as FutureCancelledError
from typing import TYPE_CHECKING, Any, TypeVar

from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from concurrent.futures import Future

__all__ = ("LoopThread", "shared_loop_thread")

T = TypeVar("T")


class LoopThread:
    """A daemon thread with an event loop of its own.

    Safe to use from any number of threads. The loop starts with the first coroutine.
    """

    def __init__(self, name: str = "cadence-blocking") -> None:
        """Prepare the thread.

        Args:
            name: The thread's name, for people.
        """
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._process = 0

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine and return at once.

        Raises:
            ConfigurationError: The thread was closed or left behind by a fork, or this is called from the loop itself.
        """
        try:
            loop = self._running_loop()
        except ConfigurationError:
            coroutine.close()
            raise
        return asyncio.run_coroutine_threadsafe(coroutine, loop)

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run a coroutine and wait for it.

        An exception that ends the wait, KeyboardInterrupt say, cancels the coroutine.

        Args:
            coroutine: What to run.
            timeout: Seconds to wait; None: as long as it takes.

        Returns:
            What the coroutine returned.

        Raises:
            TimeoutError: It took too long; the coroutine is cancelled.
            ConfigurationError: The thread was closed or left behind by a fork, or this is called from the loop itself,
                which would wait for itself.
        """
        future = self.submit(coroutine)
        try:
            return future.result(timeout)
        except BaseException as error:
            future.cancel()
            if isinstance(error, FutureCancelledError) and self._closed:
                msg = "the loop of the blocking calls was closed while this call waited"
                raise ConfigurationError(msg) from None
            raise

    def close(self, timeout: float = 5.0) -> None:
        """Cancel what runs, stop the loop and wait for the thread.

        Args:
            timeout: Seconds to wait for the thread.
        """
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None or self._process != os.getpid():
            return
        loop.call_soon_threadsafe(loop.stop)
        if thread is not threading.current_thread():
            thread.join(timeout)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                msg = "the loop of the blocking calls is closed"
                raise ConfigurationError(msg)
            if self._loop is None:
                self._process = os.getpid()
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._serve, args=(self._loop,), name=self._name, daemon=True)
                self._thread.start()
            if self._process != os.getpid():
                # Threads don't survive a fork: the call would wait for ever.
                msg = "a blocking call was made with a connection of the process that this one was forked from"
                raise ConfigurationError(msg, hint="connect after the fork, in each process")
            if self._thread is threading.current_thread():
                msg = "a blocking call was made on the event loop that would have to carry it out"
                raise ConfigurationError(msg, hint="await the async method instead")
            return self._loop

    @staticmethod
    def _serve(loop: asyncio.AbstractEventLoop) -> None:
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


_shared: tuple[int, LoopThread] | None = None
_sharing = threading.Lock()


def shared_loop_thread() -> LoopThread:
    """Give the one loop thread of this process, which lives until the process ends.

    A forked process gets one of its own, as threads don't survive a fork.
    """
    global _shared  # noqa: PLW0603
    with _sharing:
        if _shared is None or _shared[0] != os.getpid():
            _shared = (os.getpid(), LoopThread())
            atexit.register(_shared[1].close)
        return _shared[1]
