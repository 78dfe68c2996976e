"""The threads that activity functions run in: daemons, made when they are needed and kept for a while.

An activity that never returns shall not keep the program from ending, hence daemons. No exception is ever injected into
a thread of the pool, so none can hit what runs there next. It knows nothing of activities.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

__all__ = ("ThreadPool",)

_log = logging.getLogger("cadence.worker")

# An idle thread ends after this time, so that a burst doesn't leave its threads behind for good.
_IDLE_SECONDS = 60.0


class ThreadPool:
    """Up to so many threads; work beyond that waits for one, which slots keep from happening."""

    def __init__(self, most: int, name: str) -> None:
        """Prepare the pool; it has no thread yet.

        Args:
            most: Most threads.
            name: How the threads' names begin.
        """
        self._most = most
        self._name = name
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._pending = 0
        self._threads = 0
        self._made = 0

    @property
    def threads(self) -> int:
        """Threads that live."""
        return self._threads

    def submit(self, function: Callable[[], None]) -> None:
        """Run a function in a thread. From any thread; what it raises is logged and lost."""
        with self._lock:
            # Invariant: there is a thread for each function that isn't done, up to the most.
            self._pending += 1
            start = self._pending > self._threads and self._threads < self._most
            self._threads += start
            self._made += start
            number = self._made
        self._work.put(function)
        if start:
            threading.Thread(target=self._serve, name=f"{self._name}-{number}", daemon=True).start()

    def close(self) -> None:
        """Let idle threads end, and the others when they are done. Returns at once."""
        for _ in range(self._threads):
            self._work.put(None)

    def _serve(self) -> None:
        work = self._work
        while True:
            try:
                function = work.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                with self._lock:
                    if self._pending >= self._threads:
                        continue  # somebody counted on this thread in this very moment
                    self._threads -= 1
                return
            if function is None:
                with self._lock:
                    self._threads -= 1
                return
            try:
                function()
            except BaseException:  # noqa: BLE001  # SystemExit of an activity must not end the thread and take its slot with it
                _log.exception("our own bug: %r raised in its thread", function)
            del function
            with self._lock:
                self._pending -= 1
