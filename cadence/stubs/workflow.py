"""`Workflow`: everything that workflow code of 1.x can call, by its names there, and what 1.x left open.

A thin face: each method is one call of the async face (`cadence.workflow`). Durations are seconds.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from cadence.stubs import activity_stubs, workflow_stubs
from cadence.workflow import continuing, state

if TYPE_CHECKING:
    import logging

    from cadence.workflow.runtime import WorkflowInfo

__all__ = ("CancellationScope", "Workflow")

T = TypeVar("T")


class CancellationScope(Generic[T]):
    """A part of a workflow that can be cancelled alone. Made by `Workflow.new_cancellation_scope`."""

    def __init__(self, function: Callable[[], Coroutine[Any, Any, T]], *, detached: bool) -> None:
        self._function = function
        self._detached = detached
        self._task: asyncio.Task[T] | None = None
        self._cancelled = False

    def run(self) -> Awaitable[T]:
        """Start the scope's code; await what is returned for its result.

        Activities, timers and children that it waits for are cancelled with it. A detached scope goes on where the
        code around it is cancelled, until it is cancelled itself.
        """
        self._task = asyncio.get_running_loop().create_task(self._function())
        if self._cancelled:
            self._task.cancel()
        return asyncio.shield(self._task) if self._detached else self._task

    def cancel(self, reason: str = "") -> None:
        """Cancel the scope's code, now or as soon as it is started."""
        self._cancelled = True
        if self._task is not None:
            self._task.cancel(reason or None)

    def is_cancel_requested(self) -> bool:
        """Tell whether `cancel` was called."""
        return self._cancelled


class Workflow:
    """Static methods for workflow code; each raises ConfigurationError outside of it."""

    new_activity_stub = staticmethod(activity_stubs.new_activity_stub)
    new_local_activity_stub = staticmethod(activity_stubs.new_local_activity_stub)
    new_untyped_activity_stub = staticmethod(activity_stubs.new_untyped_activity_stub)
    new_child_workflow_stub = staticmethod(workflow_stubs.new_child_workflow_stub)
    new_untyped_child_workflow_stub = staticmethod(workflow_stubs.new_untyped_child_workflow_stub)
    new_external_workflow_stub = staticmethod(workflow_stubs.new_external_workflow_stub)
    new_untyped_external_workflow_stub = staticmethod(workflow_stubs.new_untyped_external_workflow_stub)
    new_continue_as_new_stub = staticmethod(workflow_stubs.new_continue_as_new_stub)

    @staticmethod
    async def await_till(c: Callable[[], object], timeout_seconds: float = 0) -> bool:
        """Wait until `c()` is true; False where `timeout_seconds` passed before, 0 is no limit."""
        return await state.wait_condition(c, timeout_seconds or None)

    @staticmethod
    async def sleep(seconds: float) -> None:
        """Wait on a timer that the server keeps."""
        await state.sleep(seconds)

    @staticmethod
    def new_timer(seconds: float) -> asyncio.Task[None]:
        """Start a timer and go on; await what is returned, or `cancel()` it."""
        return asyncio.get_running_loop().create_task(state.sleep(seconds))

    @staticmethod
    def new_cancellation_scope(function: Callable[[], Coroutine[Any, Any, T]]) -> CancellationScope[T]:
        """Make a scope of a coroutine function: `await scope.run()`, `scope.cancel()`."""
        return CancellationScope(function, detached=False)

    @staticmethod
    def new_detached_cancellation_scope(function: Callable[[], Coroutine[Any, Any, T]]) -> CancellationScope[T]:
        """Make a scope that the cancellation of the code around it doesn't reach, for cleaning up."""
        return CancellationScope(function, detached=True)

    @staticmethod
    def current_time_millis() -> int:
        """Return the workflow's time in milliseconds since the epoch."""
        return state.time_ns() // 1_000_000

    @staticmethod
    def now() -> datetime:
        """Return the workflow's time as a naive datetime in the machine's time zone, as 1.x does."""
        return datetime.fromtimestamp(state.time_ns() // 1_000_000 / 1000)  # noqa: DTZ006  # programs compare naive ones

    @staticmethod
    def random_uuid() -> uuid.UUID:
        """Return a UUID that is the same in replay."""
        return state.uuid4()

    @staticmethod
    def new_random() -> random.Random:
        """Return a new generator whose numbers are the same in replay."""
        return random.Random(state.random().getrandbits(64))

    @staticmethod
    def get_version(change_id: str, min_supported: int, max_supported: int) -> int:
        """Return which version of a changed place this run follows; see `cadence.workflow.get_version`."""
        return state.get_version(change_id, min_supported, max_supported)

    @staticmethod
    def side_effect(function: Callable[[], T], result_type: Any = None) -> T:
        """Run `function` once, keep its result in history, and return that in replay."""
        return state.side_effect(function, result_type=result_type)

    @staticmethod
    def mutable_side_effect(effect_id: str, function: Callable[[], T], result_type: Any = None) -> T:
        """Run `function` each time, but keep its result in history only where it changed."""
        return state.mutable_side_effect(effect_id, function, result_type=result_type)

    @staticmethod
    def continue_as_new(*args: object) -> NoReturn:
        """End this run here, and start the next one with these arguments."""
        continuing.continue_as_new(*args)

    @staticmethod
    def get_last_completion_result(result_type: Any = object) -> Any:
        """Return the result of the last run of a cron workflow that completed, or None."""
        return continuing.last_completion_result(result_type)

    @staticmethod
    def upsert_search_attributes(attributes: Mapping[str, object]) -> None:
        """Set search attributes of this run."""
        state.upsert_search_attributes(attributes)

    @staticmethod
    def is_replaying() -> bool:
        """Tell whether the code runs over history that was made before."""
        return state.is_replaying()

    @staticmethod
    def get_logger(name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        """Return a logger that keeps quiet in replay."""
        return state.get_logger(name)

    @staticmethod
    def get_workflow_info() -> WorkflowInfo:
        """Return the facts about the run that never change."""
        return state.info()

    @staticmethod
    def get_workflow_id() -> str:
        """Return the workflow's id."""
        return state.info().workflow_id

    @staticmethod
    def get_run_id() -> str:
        """Return the run's id."""
        return state.info().run_id

    @staticmethod
    def get_execution_id() -> str:
        """Return a text that names the run, with the workflow's id and the run's, as 1.x does."""
        info = state.info()
        return f"WorkflowExecution(workflow_id={info.workflow_id!r}, run_id={info.run_id!r})"
