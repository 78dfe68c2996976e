"""The port between the face that workflow code uses and whatever runs it.

The face finds the runtime on the running event loop (`current()`) and talks to it in commands. The engine implements
`Runtime` (`cadence.engine.run`); the face never imports the engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    import logging
    import random
    import uuid

    from cadence.workflow.commands import Command, ContinueAsNew, RetryPolicy

__all__ = ("ChildStarted", "ContinueAsNewError", "ParentInfo", "Runtime", "WorkflowInfo", "current", "current_or_none")


class ParentInfo(msgspec.Struct, frozen=True):
    """The workflow that started this one as its child."""

    domain: str
    workflow_id: str
    run_id: str


class WorkflowInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Facts about the running workflow that never change during its run."""

    workflow_id: str
    run_id: str
    workflow_type: str
    domain: str
    task_list: str
    start_time: datetime
    """When the run started, aware, UTC."""
    attempt: int = 0
    """Retries of the workflow before this run, from 0."""
    execution_start_to_close_timeout: timedelta | None = None
    task_start_to_close_timeout: timedelta | None = None
    first_run_id: str = ""
    """First run of the chain that continue-as-new, cron and retries made."""
    original_run_id: str = ""
    continued_run_id: str | None = None
    """The run that this one continues, or None."""
    parent: ParentInfo | None = None
    cron_schedule: str | None = None
    retry_policy: RetryPolicy | None = None
    headers: Mapping[str, bytes] = {}


class ChildStarted(msgspec.Struct, frozen=True):
    """Result of a `StartChildWorkflow` command."""

    workflow_id: str
    run_id: str
    result: asyncio.Future[Any]


class ContinueAsNewError(BaseException):
    """Raised by `workflow.continue_as_new` to end the run; no Exception, so `except Exception` can't hold it."""

    def __init__(self, command: ContinueAsNew) -> None:
        super().__init__("continue as new")
        self.command = command


class Runtime(Protocol):
    """What workflow code can ask for. One per run; found on the run's event loop."""

    @property
    def info(self) -> WorkflowInfo: ...

    @property
    def is_replaying(self) -> bool:
        """True while the code runs over history that was made before."""

    @property
    def cancel_requested(self) -> bool:
        """True once somebody requested this run's cancellation."""

    @property
    def history_length(self) -> int:
        """Events in history up to the current decision task."""

    @property
    def history_size(self) -> int:
        """Bytes of history up to the current decision task, as the server counts; 0 where it doesn't say."""

    @property
    def memo(self) -> Mapping[str, bytes]: ...

    @property
    def search_attributes(self) -> Mapping[str, object]:
        """Current ones, upserts of this run included, decoded from their JSON."""

    @property
    def last_completion_result(self) -> bytes | None:
        """Result of the last completed run of a cron workflow, encoded."""

    @property
    def open_sessions(self) -> MutableMapping[str, str]:
        """Host names by the ids of the sessions that are open; kept by them, told to who asks `__open_sessions`."""

    def request(self, command: Command) -> asyncio.Future[Any]:
        """Ask for something; the future brings its outcome, decoded. The head of the outbound interceptors.

        Cancelling the future, or the task that awaits it, cancels what was asked for in the command's own way.
        """

    def time_ns(self) -> int:
        """Workflow time, nanoseconds since the epoch; moves with history alone."""

    def random(self) -> random.Random:
        """One generator per run, seeded from the run id."""

    def uuid4(self) -> uuid.UUID: ...

    def get_version(self, change_id: str, minimum: int, maximum: int) -> int: ...

    def side_effect(self, function: Callable[[], object], result_type: Any) -> Any: ...

    def mutable_side_effect(
        self, effect_id: str, function: Callable[[], object], result_type: Any, equal: Callable[[Any, Any], bool]
    ) -> Any: ...

    def wait_condition(self, predicate: Callable[[], object], timeout: float | None) -> Awaitable[bool]:
        """Wait until `predicate()` is true, looked at after each change of state; False after `timeout` seconds."""

    def set_signal_handler(
        self, name: str | None, handler: Callable[..., Any] | None, *, is_internal: bool = False
    ) -> None:
        """Set, replace or remove the handler of a signal; None is the catch-all, called with the name first.

        An internal one is no business of the interceptors.
        """

    def set_query_handler(self, name: str | None, handler: Callable[..., Any] | None) -> None: ...

    def decode(self, data: bytes | None, type_hint: Any) -> Any:
        """Decode a payload (memo, last completion result) with the run's data converter."""

    def logger(self, name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        """Adds workflow and run id, and keeps quiet while replaying."""


def current() -> Runtime:
    """Return the runtime of the workflow whose code is running.

    Raises:
        ConfigurationError: Not called from workflow code.
    """
    runtime = current_or_none()
    if runtime is None:
        msg = "this works in workflow code alone, and no workflow is running here"
        raise ConfigurationError(msg, hint="call it from the coroutine or a handler of a workflow that a worker runs")
    return runtime


def current_or_none() -> Runtime | None:
    """Return the runtime of the workflow whose code is running, or None outside workflow code."""
    loop = asyncio._get_running_loop()  # the public spelling raises where none runs, which is the common case here
    return getattr(loop, "workflow_runtime", None)
