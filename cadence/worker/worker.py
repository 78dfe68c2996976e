"""`Worker`: runs the workflows and activities of a task list, as long as its `async with` or `run()` lasts.

The public face. It checks what it is given, starts the worker's own thread and loop, on which `assembly` puts the
machine together, and hands calls over to it. Nothing of the machine runs on the caller's loop but the caller's own
coroutine activities.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cadence.exceptions import ConfigurationError
from cadence.worker.io_thread import IoThread
from cadence.worker.mailbox import Mailbox
from cadence.worker.options import WorkerOptions
from cadence.worker.registry import Registry, read_activities, read_workflows
from cadence.worker.statistics import WorkerStatistics

if TYPE_CHECKING:
    from typing import Unpack

    from cadence.worker.assembly import Assembly
    from cadence.worker.options import WorkerSettings
    from cadence.worker.ports import ClientPort

__all__ = ("Worker",)

_log = logging.getLogger("cadence.worker")

# What stopping takes beyond the grace: to cancel, to give back, to close. Daemon threads hold nobody up afterwards.
_LAST_SECONDS = 5.0


class Worker:
    """Runs workflows and activities.

    Use it as `async with Worker(...)`, or `await worker.run()`; `start()` and `stop()` are there for programs with a
    life cycle of their own. It can be started once.

    Coroutine activities run on the event loop that the worker was started on, functions in threads, workflow code in a
    thread of the worker's; polls, heartbeats and answers have a thread and connections of their own.
    """

    def __init__(
        self,
        client: ClientPort,
        task_list: str,
        *,
        workflows: Iterable[object] = (),
        activities: Iterable[object] = (),
        **options: Unpack[WorkerSettings],
    ) -> None:
        """Prepare a worker; nothing is sent yet.

        Args:
            client: Says which server, domain and data converter.
            task_list: The task list to poll.
            workflows: Workflow classes.
            activities: Decorated functions, methods of objects, or objects with activity methods.
            **options: See `WorkerOptions`.

        Raises:
            ConfigurationError: An option, workflow or activity can't work; the message says what to change.
        """
        given: object = task_list
        if not isinstance(given, str) or not given:
            msg = f"Worker: the task list is {task_list!r}"
            raise ConfigurationError(msg, hint="give its name")
        self.client = client
        """The client that it was made with."""
        self.task_list = task_list
        """The task list that it polls."""
        self.options = WorkerOptions.of(options)
        """Its options, defaults filled in."""
        self._workflows = Registry("workflow", read_workflows(workflows))
        self._activities = Registry("activity", read_activities(activities))
        if not self._workflows and not self._activities:
            msg = "Worker: it has neither workflows nor activities"
            raise ConfigurationError(msg, hint="give workflows=[...] or activities=[...]")
        if self.options.session_places and not self._activities:
            msg = "Worker: it holds sessions, and has no activities that could run in them"
            raise ConfigurationError(msg, hint="give activities=[...], or leave the sessions to workers that have some")
        self._io: IoThread | None = None
        self._assembly: Assembly | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()

    @property
    def is_running(self) -> bool:
        """True from the start to the first call of `stop`."""
        return self._assembly is not None and self._stopping is None

    async def start(self) -> None:
        """Start to take tasks, after a look whether server and domain are there.

        Cancelling it leaves the worker stopped.

        Raises:
            ConfigurationError: It was started before, or the domain is unknown to the server.
            TransportError: Nothing answers at the client's address.
            ServiceError: The server refuses this client.
        """
        from cadence.worker.assembly import Assembly

        if self._io is not None:
            msg = f"the worker of task list {self.task_list!r} was started before"
            raise ConfigurationError(msg, hint="make another one")
        io = self._io = IoThread(f"cadence-worker-{self.task_list}")
        try:
            assembly = Assembly(
                self.client,
                self.task_list,
                self.options,
                self._workflows,
                self._activities,
                io=io.mailbox,
                user=Mailbox(asyncio.get_running_loop()),
            )
            await io.run(assembly.start())
        except BaseException:
            io.close()
            raise
        self._assembly = assembly
        _log.info("worker %s polls task list %s of domain %s", assembly.identity, self.task_list, self.client.domain)

    async def stop(self, grace: timedelta | float | None = None) -> None:
        """Stop: take no more tasks, let those that run end, cancel what is left after the grace time, and close.

        Polls end at once, so an idle worker stops within a second. Calling it again waits for the same end, and brings
        it nearer where a shorter grace is given. Cancelling the wait doesn't cancel the end.

        Args:
            grace: How long tasks may go on, in seconds or as a timedelta; default: the option `grace`.
        """
        if self._assembly is None:
            return
        if self._stopping is None:
            given = self.options.grace if grace is None else grace
            seconds = given.total_seconds() if isinstance(given, timedelta) else float(given)
            self._stopping = asyncio.create_task(self._stop(self._assembly, max(0.0, seconds)))
        elif grace is not None and self._io is not None and not self._stopping.done():
            seconds = grace.total_seconds() if isinstance(grace, timedelta) else float(grace)
            self._io.mailbox.post(self._assembly.hurry, max(0.0, seconds))
        await asyncio.shield(self._stopping)

    async def run(self) -> None:
        """Start, take tasks until `stop` is called or this is cancelled, and stop.

        Raises:
            ConfigurationError: As `start`.
            TransportError: As `start`.
            ServiceError: As `start`.
        """
        async with self:
            await self._stopped.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def statistics(self) -> WorkerStatistics:
        """Counts as of now."""
        if self._assembly is None:
            return WorkerStatistics(is_running=False)
        return self._assembly.statistics(is_running=self.is_running)

    async def _stop(self, assembly: Assembly, grace: float) -> None:
        from cadence.worker.shutdown import shut_down

        io = self._io
        assert io is not None  # an assembly lives on it
        try:
            async with asyncio.timeout(grace + _LAST_SECONDS):
                await io.run(shut_down(assembly, grace))
        except TimeoutError:
            _log.error("worker %s did not stop in time; what is left of it is cut off", assembly.identity)
        finally:
            io.close()
            await io.wait_closed(1.0)
            self._stopped.set()
            _log.info("worker %s has stopped", assembly.identity)

    def __repr__(self) -> str:
        state: Any = "running" if self.is_running else "not running"
        return f"<Worker {self.task_list!r} of {self.client.domain!r}, {state}>"
