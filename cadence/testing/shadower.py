"""`Shadower`: replays what a list query finds on a server, once or again and again, with the code of tomorrow.

It reads histories and writes nothing: it may look at a production domain while the old workers serve it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from datetime import timedelta
from typing import TYPE_CHECKING

from cadence.errors import EntityNotExistsError
from cadence.exceptions import ConfigurationError
from cadence.testing.histories import WorkflowHistory
from cadence.testing.replayer import Replayer, ReplayReport, ReplayResult

if TYPE_CHECKING:
    from cadence.client import Client

__all__ = ("Shadower",)

_log = logging.getLogger("cadence.testing")


class Shadower:
    """Replays the runs that a query finds."""

    def __init__(
        self,
        client: Client,
        replayer: Replayer,
        query: str = "",
        *,
        limit: int | None = None,
        concurrency: int = 4,
        known_types: bool = False,
        executor: Executor | None = None,
        on_result: Callable[[ReplayResult], None] | None = None,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            client: Says which server and domain.
            replayer: Has the code.
            query: Which runs, in the list query language; default: all, open and closed.
            limit: How many runs at most in one pass; None: all that are found.
            concurrency: How many histories are read at once.
            known_types: True: runs of types that the replayer has no code for are passed over, not failures.
            executor: Where histories are replayed; default: in threads, one at a time as Python goes. For a pool of
                processes the workflow classes must be importable.
            on_result: Called with each result as it comes.

        Raises:
            ConfigurationError: `limit` or `concurrency` is less than one.
        """
        if concurrency < 1 or (limit is not None and limit < 1):
            msg = f"Shadower(limit={limit}, concurrency={concurrency})"
            raise ConfigurationError(msg, hint="both are at least 1")
        self._client = client
        self._replayer = replayer
        self._query = query
        self._limit = limit
        self._concurrency = concurrency
        self._known_types = known_types
        self._executor = executor
        self._on_result = on_result

    async def run_once(self) -> ReplayReport:
        """Replay every run that the query finds now. Cancelling it stops between two runs.

        Raises:
            BadRequestError: The server doesn't understand the query.
        """
        return ReplayReport([result async for result in self._results(set())])

    async def run_continuously(self, interval: timedelta = timedelta(minutes=1)) -> None:
        """Replay what the query finds, then look for new runs again and again, until this is cancelled.

        A run is replayed once. Results go to `on_result`.

        Args:
            interval: Between the end of a pass and the next.
        """
        seen: set[str] = set()
        while True:
            async for _ in self._results(seen):
                pass
            await asyncio.sleep(interval.total_seconds())

    async def _results(self, seen: set[str]) -> AsyncIterator[ReplayResult]:
        gate = asyncio.Semaphore(self._concurrency)
        tasks: list[asyncio.Task[ReplayResult | None]] = []
        try:
            async for summary in self._client.list_workflows(self._query):
                if summary.run_id in seen or not self._wants(summary.workflow_type):
                    continue
                seen.add(summary.run_id)
                tasks.append(asyncio.create_task(self._check(gate, summary.workflow_id, summary.run_id)))
                if self._limit is not None and len(tasks) >= self._limit:
                    break
            for task in tasks:
                result = await task
                if result is None:
                    continue
                if self._on_result is not None:
                    self._on_result(result)
                yield result
        finally:
            for task in tasks:
                task.cancel()

    def _wants(self, workflow_type: str) -> bool:
        return not self._known_types or self._replayer.knows(workflow_type)

    async def _check(self, gate: asyncio.Semaphore, workflow_id: str, run_id: str) -> ReplayResult | None:
        async with gate:
            try:
                history = await WorkflowHistory.from_server(self._client, workflow_id, run_id)
            except EntityNotExistsError:
                # Lists lag behind: a run's retention may end before its row is gone.
                _log.warning(
                    "workflow %s, run %s, is listed, but its history is gone; passed over", workflow_id, run_id
                )
                return None
            # Replaying is work for a thread of its own: it must not hold up the loop that reads the others.
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, self._replayer.check, history)
