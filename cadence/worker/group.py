"""`WorkerGroup`: several workers as one: started together, stopped together, for a process with many task lists.

Each worker keeps its own thread, connections, limits and options; the group knows of no more than their public face.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cadence.exceptions import ConfigurationError
from cadence.worker.worker import Worker

if TYPE_CHECKING:
    from cadence.worker.statistics import WorkerStatistics

__all__ = ("WorkerGroup",)


class WorkerGroup:
    """Runs several workers, on as many task lists as there are.

    Use it as a single worker: `async with WorkerGroup([...])`, `await group.run()`, or `start()` and `stop()`. It can
    be started once.
    """

    def __init__(self, workers: Iterable[Worker]) -> None:
        """Prepare a group; nothing is started yet.

        Args:
            workers: The workers, none of them started; they may be of several clients.

        Raises:
            ConfigurationError: There is none, one is no worker, or one comes twice.
        """
        self.workers: tuple[Worker, ...] = tuple(workers)
        """The workers, in the order in which they are started."""
        given: tuple[object, ...] = self.workers
        for worker in given:
            if not isinstance(worker, Worker):
                msg = f"WorkerGroup: {worker!r} is no worker"
                raise ConfigurationError(msg, hint="give a list of Worker(...)")
        if not given or len(set(map(id, given))) < len(given):
            msg = "WorkerGroup: a worker comes twice" if given else "WorkerGroup: it has no worker"
            raise ConfigurationError(msg, hint="give a list of Worker(...), one for each task list")
        self._was_started = False
        self._is_stopping = False
        self._stopped = asyncio.Event()

    @property
    def is_running(self) -> bool:
        """True while all of its workers run: from the end of the start to the first call of `stop`."""
        return not self._is_stopping and all(worker.is_running for worker in self.workers)

    async def start(self) -> None:
        """Start the workers, one after the other. Where one can't, those that were started are stopped again.

        Raises:
            ConfigurationError: The group or a worker was started before, or a domain is unknown to the server.
            TransportError: Nothing answers at a client's address.
            ServiceError: A server refuses a client.
        """
        if self._was_started:
            msg = "the group of workers was started before"
            raise ConfigurationError(msg, hint="make another one, of other workers")
        self._was_started = True
        started: list[Worker] = []
        try:
            for worker in self.workers:
                if self._is_stopping:
                    break
                await worker.start()
                started.append(worker)
        except BaseException:
            self._is_stopping = True
            raise
        finally:
            if self._is_stopping:
                await _stop(started, None)
                self._stopped.set()

    async def stop(self, grace: timedelta | float | None = None) -> None:
        """Stop all workers at once, each as `Worker.stop` does.

        Calling it again waits for the same end, and brings it nearer where a shorter grace is given. Cancelling the
        wait doesn't cancel the end.

        Args:
            grace: How long tasks may go on, in seconds or as a timedelta; default: each worker's option `grace`.
        """
        if not self._was_started:
            return
        self._is_stopping = True
        await _stop(self.workers, grace)
        self._stopped.set()

    async def run(self) -> None:
        """Start, take tasks until `stop` is called or this is cancelled, and stop.

        Raises:
            ConfigurationError: As `start`.
            TransportError: As `start`.
            ServiceError: As `start`.
        """
        async with self:
            await self._stopped.wait()

    def statistics(self) -> list[WorkerStatistics]:
        """Counts as of now, of each of `workers`."""
        return [worker.statistics() for worker in self.workers]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def __repr__(self) -> str:
        lists = ", ".join(repr(worker.task_list) for worker in self.workers)
        return f"<WorkerGroup {lists}, {'running' if self.is_running else 'not running'}>"


async def _stop(workers: Iterable[Worker], grace: timedelta | float | None) -> None:
    """Stop workers at once, and wait for all of them even where one fails to."""
    ends = await asyncio.gather(*(worker.stop(grace) for worker in workers), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end
