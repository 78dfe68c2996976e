"""`ActivityEnvironment`: runs one activity's code in a test, with neither worker nor server.

What activity code can ask for (`activity.info()`, heartbeats, cancellation) is answered here, on the port that the
worker answers on otherwise. Arguments and results go through no converter: a test of the code, not of the wire.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, overload

import msgspec

from cadence.activity.definition import definition_of
from cadence.activity.runtime import ActivityInfo, ResultPending, activate
from cadence.converter import DataConverter, Signature
from cadence.converter.signatures import Parameter
from cadence.exceptions import ConfigurationError
from cadence.logs import ContextLogger

if TYPE_CHECKING:
    from cadence.activity.runtime import ActivityRuntime

__all__ = ("ActivityEnvironment",)

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

_START = datetime(2026, 1, 1, tzinfo=UTC)
_INFO = ActivityInfo(
    activity_id="0",
    activity_type="",
    task_token=b"test",
    workflow_id="test-workflow",
    run_id="00000000-0000-0000-0000-000000000000",
    workflow_type="TestWorkflow",
    domain="test",
    task_list="test",
    scheduled_time=_START,
    current_attempt_scheduled_time=_START,
    started_time=_START,
    schedule_to_close_timeout=timedelta(minutes=1),
    start_to_close_timeout=timedelta(minutes=1),
    deadline=_START + timedelta(minutes=1),
)


class ActivityEnvironment:
    """Runs activity code, attempt after attempt.

    For example:

        environment = ActivityEnvironment(heartbeat_details=[41])
        assert await environment.run(resume_copy, "file") == "copied"
        assert environment.heartbeats[-1] == (42,)
    """

    def __init__(
        self,
        *,
        heartbeat_details: Sequence[object] = (),
        converter: DataConverter | None = None,
        on_heartbeat: Callable[..., object] | None = None,
        **info: Any,
    ) -> None:
        """Prepare an environment.

        Args:
            heartbeat_details: What the attempt before left; written and read by the converter, as in a worker.
            converter: For these details; default: as a worker's.
            on_heartbeat: Called with the details of each heartbeat, in the activity's thread.
            **info: Fields of `activity.info()`, `attempt=2` for example.

        Raises:
            ConfigurationError: There is no such field.
        """
        unknown = info.keys() - set(ActivityInfo.__struct_fields__)
        if unknown:
            msg = f"ActivityEnvironment: there is no {', '.join(sorted(unknown))} in an activity's info"
            raise ConfigurationError(msg, hint=f"there are {', '.join(ActivityInfo.__struct_fields__)}")
        self.info = msgspec.structs.replace(_INFO, **info)
        """What the code sees as `activity.info()`; its type's name is filled in at `run`."""
        self.heartbeats: list[tuple[object, ...]] = []
        """The details of each heartbeat."""
        self.completes_elsewhere = False
        """True once the code left its result to somebody else."""
        self._named_type = "activity_type" in info
        self._converter = converter or DataConverter()
        self._details = self._converter.encode_arguments(heartbeat_details) if heartbeat_details else None
        self._on_heartbeat = on_heartbeat
        self._cancelled = threading.Event()
        self._reason = ""
        self._stopping = False
        self._task: asyncio.Task[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: list[Callable[[], object]] = []

    @overload
    async def run(self, activity: Callable[[*Ts], Coroutine[Any, Any, R]], /, *arguments: *Ts) -> R: ...
    @overload
    async def run(self, activity: Callable[[*Ts], R], /, *arguments: *Ts) -> R: ...
    async def run(self, activity: Any, /, *arguments: object) -> Any:
        """Run an attempt: a coroutine on this loop, a function in a thread.

        Args:
            activity: A function or bound method with `@activity.defn`, or a plain one.
            *arguments: Its arguments.

        Returns:
            Its result; None where somebody else completes it.
        """
        runtime = self._prepared(activity)
        if not _is_coroutine(activity):
            context = contextvars.copy_context()
            return await asyncio.to_thread(context.run, _call, runtime, activity, arguments)
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(_await(runtime, activity, arguments))
        if self._cancelled.is_set():
            self._task.cancel()
        try:
            return await self._task
        finally:
            self._task = None

    def run_sync(self, activity: Callable[[*Ts], R], /, *arguments: *Ts) -> R:
        """Run an attempt of a plain function here and now, for tests that aren't coroutines.

        Raises:
            ConfigurationError: It is a coroutine function.
        """
        if _is_coroutine(activity):
            msg = f"run_sync: {activity!r} is a coroutine function"
            raise ConfigurationError(msg, hint="await environment.run(...)")
        result: R = _call(self._prepared(activity), activity, arguments)
        return result

    def cancel(self, reason: str = "the activity's cancellation was requested") -> None:
        """Cancel the attempt, as its workflow would; callable from any thread, before or while it runs."""
        self._reason = self._reason or reason
        self._cancelled.set()
        for listener in self._listeners:
            listener()
        task, loop = self._task, self._loop
        if task is not None and loop is not None:
            loop.call_soon_threadsafe(task.cancel)

    def stop_worker(self) -> None:
        """Let the code see that its worker stops."""
        self._stopping = True

    def _prepared(self, activity: Any) -> ActivityRuntime:
        if not self._named_type:
            try:
                name = definition_of(activity).name
            except ConfigurationError:
                name = getattr(activity, "__name__", "activity")
            self.info = msgspec.structs.replace(self.info, activity_type=name)
        return _Runtime(self)


class _Runtime:
    """The port, answered from an environment."""

    def __init__(self, environment: ActivityEnvironment) -> None:
        self._environment = environment

    @property
    def info(self) -> ActivityInfo:
        return self._environment.info

    def heartbeat(self, details: tuple[object, ...]) -> None:
        self._environment.heartbeats.append(details)
        if self._environment._on_heartbeat is not None:
            self._environment._on_heartbeat(*details)

    def heartbeat_details(self, type_hints: Sequence[Any]) -> Sequence[Any]:
        details = self._environment._details
        if not details:
            return ()
        parameters = tuple(Parameter(f"value {number}", hint) for number, hint in enumerate(type_hints, 1))
        signature = Signature("heartbeat_details", parameters, None if parameters else object)
        return self._environment._converter.decode_arguments(details, signature, place="heartbeat details")

    @property
    def is_cancelled(self) -> bool:
        return self._environment._cancelled.is_set()

    @property
    def cancel_reason(self) -> str:
        return self._environment._reason

    async def wait_for_cancelled(self) -> None:
        event = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._environment._listeners.append(lambda: loop.call_soon_threadsafe(event.set))
        if not self.is_cancelled:
            await event.wait()

    def wait_for_cancelled_sync(self, timeout: float | None) -> bool:
        return self._environment._cancelled.wait(timeout)

    @property
    def is_worker_stopping(self) -> bool:
        return self._environment._stopping

    def complete_elsewhere(self) -> None:
        self._environment.completes_elsewhere = True

    def logger(self, name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        info = self.info
        context = {"workflow_id": info.workflow_id, "activity_type": info.activity_type, "attempt": info.attempt}
        return ContextLogger(logging.getLogger(name or "cadence.activity"), context)


def _is_coroutine(activity: Any) -> bool:
    return any(map(inspect.iscoroutinefunction, (activity, type(activity).__call__)))


def _call(runtime: ActivityRuntime, activity: Any, arguments: Sequence[object]) -> Any:
    with activate(runtime):
        try:
            return activity(*arguments)
        except ResultPending:
            return None


async def _await(runtime: ActivityRuntime, activity: Any, arguments: Sequence[object]) -> Any:
    with activate(runtime):
        try:
            return await activity(*arguments)
        except ResultPending:
            return None
