"""`WorkerFactory` and its workers: implementations are registered, then `start()` runs them beside the program.

A worker is the async `Worker` with definitions made from the implementations. It runs on the loop of
`cadence._loop_thread`, or, under `async with factory`, on the caller's own. As in 1.x, a program whose workers run
does not end by falling off its last line.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cadence.exceptions import ConfigurationError
from cadence.stubs.addresses import DEFAULT_HOST, DEFAULT_PORT, resolve
from cadence.stubs.options import WorkerFactoryOptions, WorkerOptions
from cadence.stubs.registration import activity_definitions, workflow_definitions

if TYPE_CHECKING:
    from typing import Self

    from cadence.activity.definition import ActivityDefinition
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("Worker", "WorkerFactory")

_DEFAULT_TIMEOUT_SECONDS = 120
_RUNNING: set[Worker] = set()


class Worker:
    """Runs what is registered with it. Made by `WorkerFactory.new_worker`."""

    def __init__(
        self,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        domain: str = "",
        task_list: str = "",
        options: WorkerOptions | None = None,
    ) -> None:
        self.host = host
        """The frontend's host."""
        self.port = port
        """The frontend's port."""
        self.domain = domain
        """The domain whose tasks it takes."""
        self.task_list = task_list
        """The task list that it polls."""
        self.options = options
        """Options for the async worker below."""
        self.activities: dict[str, Callable[..., Any]] = {}
        """Registered activities by every name that they answer to."""
        self.workflow_methods: dict[str, tuple[type, Callable[..., Any]]] = {}
        """Registered workflows by every name that they answer to."""
        self._activity_definitions: list[ActivityDefinition] = []
        self._workflow_definitions: list[WorkflowDefinition] = []
        self._stack: AsyncExitStack | None = None
        self._timeout: float = _DEFAULT_TIMEOUT_SECONDS
        self._stopped = threading.Event()

    def register_activities_implementation(
        self, activities_instance: object, activities_cls_name: str | None = None
    ) -> None:
        """Answer to the public methods of an object as activities.

        Args:
            activities_instance: The implementation.
            activities_cls_name: The interface's name; default: the name of the object's class.

        Raises:
            ConfigurationError: It has no public method, or a name is taken.
        """
        for definition in activity_definitions(activities_instance, activities_cls_name):
            for name in (definition.name, *definition.aliases):
                self.activities[name] = definition.callable
            self._activity_definitions.append(definition)

    def register_workflow_implementation_type(self, impl_cls: type, workflow_cls_name: str | None = None) -> None:
        """Answer to the workflow methods of a class.

        Args:
            impl_cls: The implementation, a class: one object is made per run.
            workflow_cls_name: The interface's name; default: that of the class that declares the workflow method.

        Raises:
            ConfigurationError: It has no workflow method.
        """
        for definition in workflow_definitions(impl_cls, workflow_cls_name):
            for name in (definition.name, *definition.aliases):
                self.workflow_methods[name] = (impl_cls, definition.run)
            self._workflow_definitions.append(definition)

    def start(self) -> None:
        """Start to take tasks, and return.

        Raises:
            ConfigurationError: It runs already.
            TransportError: Nothing answers at the address.
        """
        from cadence._loop_thread import shared_loop_thread

        self._stopped.clear()
        shared_loop_thread().run(self._open())
        if self._stack is not None:
            _RUNNING.add(self)
            _hold_the_program()

    def stop(self, background: bool = False) -> None:
        """Stop taking tasks, and wait until those that run are done or the grace time is over.

        Args:
            background: True returns at once.
        """
        from cadence._loop_thread import shared_loop_thread

        if background:
            threading.Thread(target=self.stop, name=f"cadence-stop-{self.task_list}", daemon=True).start()
            return
        try:
            shared_loop_thread().run(self._close())
        finally:
            _RUNNING.discard(self)
            self._stopped.set()

    def is_stop_requested(self) -> bool:
        """Tell whether the worker doesn't run."""
        return self._stack is None

    def set_timeout(self, timeout: float) -> None:
        """Set what 1.x used as the socket's timeout, in seconds; connections here watch themselves."""
        self._timeout = timeout

    def get_timeout(self) -> float:
        """Return what `set_timeout` set."""
        return self._timeout

    async def _open(self) -> None:
        if self._stack is not None:
            msg = f"the worker of task list {self.task_list!r} runs already"
            raise ConfigurationError(msg)
        if not self._activity_definitions and not self._workflow_definitions:
            return
        from cadence.client import Client
        from cadence.stubs.conventions import default_converter
        from cadence.worker import Worker as AsyncWorker

        host, port = resolve(self.host, self.port)
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(
                Client.connect(f"{host}:{port}", domain=self.domain, converter=default_converter())
            )
            await stack.enter_async_context(
                AsyncWorker(
                    client,
                    self.task_list,
                    workflows=self._workflow_definitions,
                    activities=self._activity_definitions,
                    **({} if self.options is None else self.options.options),
                )
            )
            self._stack = stack.pop_all()

    async def _close(self) -> None:
        stack, self._stack = self._stack, None
        if stack is not None:
            await stack.aclose()

    def _wait_until_stopped(self) -> None:
        self._stopped.wait()


class WorkerFactory:
    """Makes workers for one domain, and starts them together; also `async with`.

    Args:
        host: The frontend's host.
        port: The frontend's port.
        domain: The domain whose tasks the workers take.
        options: None so far, as in 1.x.
    """

    def __init__(
        self,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        domain: str = "",
        options: WorkerFactoryOptions | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.domain = domain
        self.options = options
        self.workers: list[Worker] = []
        """The workers that it made."""

    def new_worker(self, task_list: str, worker_options: WorkerOptions | None = None) -> Worker:
        """Make a worker for a task list; register with it before `start`."""
        worker = Worker(self.host, self.port, self.domain, task_list, worker_options)
        self.workers.append(worker)
        return worker

    def start(self) -> None:
        """Start all workers, and return.

        Raises:
            TransportError: Nothing answers at the address.
        """
        for worker in self.workers:
            worker.start()

    def stop(self) -> None:
        """Stop all workers, and wait for them."""
        for worker in self.workers:
            worker.stop()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for worker in self.workers:
                await worker._open()  # the factory's own
                stack.push_async_callback(worker._close)  # see above
            self._entered = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._entered.aclose()


def _hold_the_program() -> None:
    """Keep the program from ending while workers run, as the threads of 1.x did.

    Before an interpreter ends it shuts every thread pool down, and with it what runs activities; only what registers
    here is called before. Where that is gone, a thread that isn't a daemon has the same effect on the program itself.
    """
    global _holding  # noqa: PLW0603  # once per process
    if _holding:
        return
    _holding = True
    register = getattr(threading, "_register_atexit", None)
    if register is None:
        threading.Thread(target=_wait_for_workers, name="cadence-workers").start()
    else:
        import concurrent.futures.thread  # noqa: F401  # registers first, so that it is called after us

        register(_wait_for_workers)
    _hold_at_the_last_line()


def _hold_at_the_last_line() -> None:
    """Wait where the program's main module returns.

    From Python 3.12 on an interpreter that has begun to end starts no thread any more, which activities need. So its
    end is held up before it begins, where the interpreter can tell when that is; nothing is called before.
    """
    monitoring = getattr(sys, "monitoring", None)
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None and not (frame.f_code.co_name == "<module>" and frame.f_globals["__name__"] == "__main__"):
        frame = frame.f_back
    if monitoring is None or frame is None:
        return
    tool = next((number for number in (4, 3) if monitoring.get_tool(number) is None), None)
    if tool is None:
        return
    monitoring.use_tool_id(tool, "cadence-workers")
    monitoring.register_callback(tool, monitoring.events.PY_RETURN, lambda *_: _wait_for_workers())
    monitoring.set_local_events(tool, frame.f_code, monitoring.events.PY_RETURN)


_holding = False


def _wait_for_workers() -> None:
    while _RUNNING:
        worker = next(iter(_RUNNING))
        try:
            worker._wait_until_stopped()  # this module's own
        except KeyboardInterrupt:
            for running in list(_RUNNING):
                running.stop()
