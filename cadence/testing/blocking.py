"""`BlockingWorkflowEnvironment`: the environment for tests that are plain functions.

Server, client and workers live on an event loop in the package's thread; coroutine activities run there, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cadence._loop_thread import LoopThread
from cadence.client.blocking import BlockingClient
from cadence.testing.environment import WorkflowEnvironment

if TYPE_CHECKING:
    from typing import Unpack

    from cadence.worker.options import WorkerSettings

__all__ = ("BlockingWorkflowEnvironment",)


class BlockingWorkflowEnvironment:
    """A server for tests that block.

    For example:

        with BlockingWorkflowEnvironment() as environment:
            with environment.worker(workflows=[Reminder], activities=[send]) as task_list:
                assert environment.client.execute_workflow(Reminder.run, "me", task_list=task_list, ...) == "sent"
    """

    def __init__(self, **options: Any) -> None:
        """Prepare an environment; nothing runs before it is entered.

        Args:
            **options: As those of `WorkflowEnvironment`.
        """
        self._environment = WorkflowEnvironment(**options)
        self._thread = LoopThread("cadence-environment")
        self._client: BlockingClient | None = None

    @property
    def client(self) -> BlockingClient:
        """A client of its domain.

        Raises:
            ConfigurationError: The environment was not entered.
        """
        if self._client is None:
            self._client = BlockingClient(self._environment.client, self._thread)
        return self._client

    @property
    def address(self) -> str:
        """Where its server listens, as `host:port`: for programs of 1.x, and for other processes."""
        return self._environment.address

    @contextmanager
    def worker(
        self,
        *,
        workflows: Iterable[object] = (),
        activities: Iterable[object] = (),
        task_list: str | None = None,
        **options: Unpack[WorkerSettings],
    ) -> Iterator[str]:
        """Run a worker for the body of a `with`; see `WorkflowEnvironment.worker`.

        Yields:
            The task list's name.
        """
        worker = self._environment.worker(workflows=workflows, activities=activities, task_list=task_list, **options)
        name = self._thread.run(_entered(worker))
        try:
            yield name
        finally:
            self._thread.run(_left(worker))

    def now(self) -> datetime:
        """The server's time, aware, UTC."""
        return self._environment.now()

    def sleep(self, duration: timedelta | float) -> None:
        """Let the server's time pass; see `WorkflowEnvironment.sleep`."""
        self._thread.run(self._environment.sleep(duration))

    def __enter__(self) -> Self:
        self._thread.run(self._environment.start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client = None
        try:
            self._thread.run(self._environment.close())
        finally:
            self._thread.close()


async def _entered(context: Any) -> Any:
    return await context.__aenter__()


async def _left(context: Any) -> None:
    await context.__aexit__(None, None, None)
