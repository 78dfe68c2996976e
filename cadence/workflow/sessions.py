"""Sessions: activities that run on one host, because of what they share there (files on a disk, a loaded model).

A session is an activity of its own that a host holds for as long as the session lasts: its start takes one of the
host's places, its heartbeats show that the host lives, and its end, early or not, is the session's. The host says by a
signal on which task list it alone polls; the session's activities go there. Names and payloads are those of the Go
client, so that either client's workers can serve the other's workflows. The host's side is `cadence.worker.sessions`.

    NEW -> CREATING -> OPEN -> CLOSED        the block was left
              |          `---> FAILED        the host is gone: calls and block are cancelled, and the block raises
              `-> CLOSED                     nobody took it in time, or the wait was cancelled
"""

from __future__ import annotations

import asyncio
import enum
import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, TypeVarTuple, Unpack, overload

from cadence.exceptions import ConfigurationError, SessionFailedError, SessionNotCreatedError
from cadence.workflow.activities import start_activity
from cadence.workflow.commands import RetryPolicy, ScheduleActivity
from cadence.workflow.options import ActivityOptions, check_duration
from cadence.workflow.runtime import current

if TYPE_CHECKING:
    from cadence.workflow.activities import ActivityHandle
    from cadence.workflow.runtime import Runtime

__all__ = ("Session", "SessionState", "session")

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

# As in Go, so that its workers can hold our sessions and ours theirs.
_CREATION = "internalSessionCreationActivity"
_COMPLETION = "internalSessionCompletionActivity"
_CREATION_LIST = "{}__internal_session_creation"
# A host that is full by now (Go's take a task before they know) says so, and another one is tried. What ends a session
# that was open must not begin it again somewhere else: the workflow decides that.
_ENDS = (
    "cadenceInternal:Panic",
    "cadenceInternal:Generic",
    "cadenceInternal:Timeout START_TO_CLOSE",
    "cadenceInternal:Timeout HEARTBEAT",
)
_FIRST_PAUSE, _PAUSE_GROWS, _LONGEST_PAUSE = timedelta(seconds=1), 1.1, timedelta(seconds=10)
# For the host to take the word that a session is over; one that doesn't learns it from the answer to a heartbeat.
_TO_COMPLETE = timedelta(seconds=5)


class SessionState(enum.Enum):
    """Where a session stands."""

    NEW = "new"
    """Its block was not entered yet."""
    CREATING = "creating"
    """It waits for a host with a free place."""
    OPEN = "open"
    """A host holds it."""
    FAILED = "failed"
    """The host is gone, gave it up, or held it for the whole execution_timeout."""
    CLOSED = "closed"
    """Its block was left, or no host took it."""


def session(
    *,
    creation_timeout: timedelta = timedelta(minutes=1),
    execution_timeout: timedelta | None = None,
    heartbeat_timeout: timedelta = timedelta(seconds=20),
    task_list: str | None = None,
    on_host: str | None = None,
) -> Session:
    """Make a session: `async with workflow.session() as session:` has one host for all that is called through it.

    The block begins when a worker with sessions (`Worker(..., sessions=True)`) has a free place and took it. Leaving
    the block, by whichever way, cancels what still runs of the session and frees the place; a cancellation that comes
    meanwhile waits for that.

    Args:
        creation_timeout: Longest wait for a host with a free place.
        execution_timeout: Longest time that the session may last; default: as long as the workflow may run.
        heartbeat_timeout: How long a host may be silent before it is taken for dead and the session fails.
        task_list: The task list of the workers that may hold it; default: the workflow's own.
        on_host: The `task_list` of a session that was: only its host may hold this one. To go on after a
            continue-as-new, with what is there.

    Raises:
        ConfigurationError: A time is no positive timedelta.
    """
    where = "session"
    check_duration(creation_timeout, "creation_timeout", where)
    check_duration(execution_timeout, "execution_timeout", where)
    check_duration(heartbeat_timeout, "heartbeat_timeout", where)
    if task_list is not None and on_host is not None:
        msg = "session: it was given both task_list and on_host"
        raise ConfigurationError(msg, hint="a session on a certain host needs only on_host")
    return Session(creation_timeout, execution_timeout, heartbeat_timeout, task_list, on_host)


class Session:
    """One session; made by `workflow.session()`. To be entered once."""

    def __init__(
        self,
        creation_timeout: timedelta,
        execution_timeout: timedelta | None,
        heartbeat_timeout: timedelta,
        task_list: str | None,
        on_host: str | None,
    ) -> None:
        """Prepare; `async with` opens it. The arguments are those of `workflow.session`."""
        self._creation_timeout = creation_timeout
        self._execution_timeout = execution_timeout
        self._heartbeat_timeout = heartbeat_timeout
        self._base_list = task_list
        self._host_list = on_host
        self.id = ""
        """Its name; set when the block is entered."""
        self.host_name = ""
        """The host that holds it; set inside the block."""
        self.resource_id = ""
        """Tells several workers of one host apart."""
        self.task_list = ""
        """The task list that its host alone polls; for activities that are called by other ways than this object."""
        self._state = SessionState.NEW
        self._runtime: Runtime | None = None
        self._calls: dict[asyncio.Future[Any], None] = {}
        self._cause: BaseException | None = None
        self._why = ""
        self._body: asyncio.Task[Any] | None = None
        self._cancelling = 0
        self._interrupts = False

    @property
    def state(self) -> SessionState:
        """Where it stands."""
        return self._state

    # --- calls ---

    @overload
    async def execute_activity(
        self,
        activity: Callable[[Unpack[Ts]], Coroutine[Any, Any, R]],
        /,
        *args: *Ts,
        **options: Unpack[ActivityOptions],
    ) -> R: ...
    @overload
    async def execute_activity(
        self, activity: Callable[[Unpack[Ts]], R], /, *args: *Ts, **options: Unpack[ActivityOptions]
    ) -> R: ...
    @overload
    async def execute_activity(
        self, activity: str, /, *args: object, result_type: type[R], **options: Unpack[ActivityOptions]
    ) -> R: ...
    @overload
    async def execute_activity(self, activity: str, /, *args: object, **options: Unpack[ActivityOptions]) -> Any: ...
    async def execute_activity(self, activity: Any, /, *args: object, result_type: Any = None, **options: Any) -> Any:
        """Call an activity on the session's host and wait for its result; as `workflow.execute_activity` otherwise.

        Args:
            activity: A function or method with `@activity.defn`, or an activity type's name.
            *args: Its arguments.
            result_type: For a name: the type to convert the result to; default: what the bytes say.
            **options: See `ActivityOptions`; all but `task_list`, which is the session's.

        Returns:
            The activity's result.

        Raises:
            SessionFailedError: The session failed, before the call or since.
            ActivityError: As `workflow.execute_activity`; the session stays open.
            ConfigurationError: The session is not open, or an option is missing, unknown or out of range.
        """
        return await self._wait(self._schedule(activity, args, result_type, options))

    @overload
    def start_activity(
        self,
        activity: Callable[[Unpack[Ts]], Coroutine[Any, Any, R]],
        /,
        *args: *Ts,
        **options: Unpack[ActivityOptions],
    ) -> ActivityHandle[R]: ...
    @overload
    def start_activity(
        self, activity: Callable[[Unpack[Ts]], R], /, *args: *Ts, **options: Unpack[ActivityOptions]
    ) -> ActivityHandle[R]: ...
    @overload
    def start_activity(
        self, activity: str, /, *args: object, result_type: type[R], **options: Unpack[ActivityOptions]
    ) -> ActivityHandle[R]: ...
    @overload
    def start_activity(
        self, activity: str, /, *args: object, **options: Unpack[ActivityOptions]
    ) -> ActivityHandle[Any]: ...
    def start_activity(
        self, activity: Any, /, *args: object, result_type: Any = None, **options: Any
    ) -> ActivityHandle[Any]:
        """Call an activity on the session's host and go on; like `execute_activity` otherwise.

        Returns:
            The call's handle. Await it for the result, inside the block: leaving that cancels the call.

        Raises:
            SessionFailedError: The session failed before.
            ConfigurationError: As `execute_activity`.
        """
        call = self._schedule(activity, args, result_type, options)
        handle = asyncio.get_running_loop().create_task(self._wait(call), name=f"activity in session {self.id}")

        def ended(task: asyncio.Task[Any]) -> None:
            if not task.cancelled():
                task.exception()  # looked at: a handle that is dropped is no mistake
            elif not call.done():
                call.cancel()  # cancelled before its task began, which thus never got to the call

        handle.add_done_callback(ended)
        return handle

    # --- the block ---

    async def __aenter__(self) -> Self:
        """Wait for a host.

        Cancelling the wait withdraws the request.

        Raises:
            SessionNotCreatedError: No host took it within creation_timeout.
            ConfigurationError: It was entered before.
        """
        if self._state is not SessionState.NEW:
            msg = f"session {self.id} was entered before"
            raise ConfigurationError(msg, hint="make another one: async with workflow.session(...) as session")
        runtime = self._runtime = current()
        loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = loop.create_future()
        self._over: asyncio.Future[None] = loop.create_future()
        # Not of the run's own generator: a reset run would get the same name, and with it the old session's signal.
        self.id = runtime.side_effect(_new_id, str)
        self._state = SessionState.CREATING
        runtime.set_signal_handler(self.id, self._take_host, is_internal=True)
        self._creation = runtime.request(self._creation_command(runtime))
        self._creation.add_done_callback(self._creation_ended)
        try:
            await self._opened
        except BaseException:
            if self._state is SessionState.OPEN:  # a host took it in the same turn
                await self._complete()
            else:
                self._state = SessionState.CLOSED
                self._creation.cancel()
            raise
        if self._state is not SessionState.OPEN:
            raise SessionNotCreatedError(_because(self._cause), session_id=self.id) from self._cause
        self._body = asyncio.current_task()
        self._cancelling = self._body.cancelling() if self._body is not None else 0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        body, self._body = self._body, None
        if self._state is SessionState.OPEN:
            await self._complete()
        if self._interrupts and body is not None:
            self._interrupts = False
            if body.uncancel() <= self._cancelling and _is_interruption(error):
                raise self._failure() from self._cause

    # --- from here on: what happens to it ---

    def _creation_command(self, runtime: Runtime) -> ScheduleActivity:
        lasts = self._execution_timeout or runtime.info.execution_start_to_close_timeout or timedelta(days=1)
        return ScheduleActivity(
            activity_type=_CREATION,
            arguments=(self.id,),
            task_list=self._host_list or _CREATION_LIST.format(self._base_list or runtime.info.task_list),
            schedule_to_start_timeout=self._creation_timeout,
            start_to_close_timeout=lasts,
            heartbeat_timeout=self._heartbeat_timeout,
            retry_policy=RetryPolicy(
                initial_interval=_FIRST_PAUSE,
                backoff_coefficient=_PAUSE_GROWS,
                maximum_interval=_LONGEST_PAUSE,
                expiration_interval=self._creation_timeout,
                non_retriable_error_reasons=_ENDS,
            ),
        )

    def _take_host(self, host: dict[str, str]) -> None:
        """Take the signal of the host that holds it. The handler stays: a late signal is nobody else's."""
        task_list = host.get("Tasklist", "")
        if self._state is SessionState.OPEN and task_list != self.task_list:
            # The run was reset: it is told once more of the host of before, and the new one is another.
            self._creation.cancel()
            self._fail(None, "another host holds it since the run was reset")
        if self._state is not SessionState.CREATING or self._opened.done() or not task_list:
            return
        self.task_list = task_list
        self.host_name = host.get("HostName", "")
        self.resource_id = host.get("ResourceID", "")
        self._state = SessionState.OPEN
        assert self._runtime is not None  # it was entered
        self._runtime.open_sessions[self.id] = self.host_name
        self._opened.set_result(None)

    def _creation_ended(self, creation: asyncio.Future[Any]) -> None:
        """The host holds it no more, or nobody took it."""
        error = None if creation.cancelled() else creation.exception()
        if self._state is SessionState.CREATING:
            self._cause = error
            self._state = SessionState.CLOSED
            if not self._opened.done():
                self._opened.set_result(None)
        elif self._state is SessionState.OPEN:
            self._fail(error, _because(error))
        elif error is not None and not self._over.done():
            self._over.set_result(None)  # the host that should learn of the end is gone

    def _fail(self, error: BaseException | None, why: str) -> None:
        self._cause, self._why = error, why
        self._close(SessionState.FAILED)
        # The block before its calls: what it gathers is then cancelled with it, instead of failing one by one.
        if self._body is not None:
            self._interrupts = self._body.cancel()
        self._over.set_result(None)
        self._cancel_calls()

    async def _complete(self) -> None:
        """Tell the host that it is over, whoever cancels what meanwhile."""
        runtime = self._runtime
        assert runtime is not None  # it is open
        self._close(SessionState.CLOSED)
        self._cancel_calls()
        completion = runtime.request(
            ScheduleActivity(
                activity_type=_COMPLETION,
                arguments=(self.id,),
                task_list=self.task_list,
                schedule_to_start_timeout=_TO_COMPLETE,
                start_to_close_timeout=_TO_COMPLETE,
            )
        )
        cancelled: asyncio.CancelledError | None = None
        while not completion.done() and not self._over.done():
            try:
                await asyncio.wait((completion, self._over), return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError as error:
                cancelled = error
        if not completion.done():
            completion.cancel()
        elif (trouble := completion.exception()) is not None:
            runtime.logger().warning("the host of session %s was not told of its end: %s", self.id, trouble)
            self._creation.cancel()
        if cancelled is not None:
            raise cancelled

    def _close(self, state: SessionState) -> None:
        self._state = state
        assert self._runtime is not None  # it is open
        self._runtime.open_sessions.pop(self.id, None)

    def _cancel_calls(self) -> None:
        for call in list(self._calls):
            call.cancel()

    # --- how a call goes ---

    def _schedule(
        self, activity: Any, args: tuple[object, ...], result_type: Any, options: Mapping[str, Any]
    ) -> asyncio.Future[Any]:
        if self._state is SessionState.FAILED:
            raise self._failure() from self._cause
        if self._state is not SessionState.OPEN:
            msg = f"session {self.id or '(new)'} is {self._state.value}, and takes no activities"
            raise ConfigurationError(msg, hint="call them inside its block: async with workflow.session() as session")
        if "task_list" in options:
            msg = "an activity in a session was given a task list"
            raise ConfigurationError(msg, hint="leave it out, or call workflow.execute_activity: it goes to the host's")
        start: Any = start_activity
        call: asyncio.Future[Any] = start(activity, *args, result_type=result_type, **options, task_list=self.task_list)
        self._calls[call] = None
        call.add_done_callback(lambda done: self._calls.pop(done, None))
        return call

    async def _wait(self, call: asyncio.Future[Any]) -> Any:
        try:
            # Not for the call alone: one that waits until its cancellation came through would wait for a dead host.
            if not call.done():
                await asyncio.wait((call, self._over), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError as error:
            if self._state is SessionState.FAILED:
                raise
            call.cancel(*error.args[:1])
            return await call
        if call.done() and not call.cancelled():
            return call.result()
        if self._state is SessionState.FAILED:
            raise self._failure() from self._cause
        return await call

    def _failure(self) -> SessionFailedError:
        return SessionFailedError(self._why, session_id=self.id, host_name=self.host_name)


def _new_id() -> str:
    return str(uuid.uuid4())


def _because(error: BaseException | None) -> str:
    reason = getattr(error, "reason_text", "")
    return reason or (str(error) if error is not None else "the host ended it")


def _is_interruption(error: BaseException | None) -> bool:
    """Tell whether a block ended by what its session's failure did to it, and by nothing else."""
    if isinstance(error, BaseExceptionGroup):
        return error.split((asyncio.CancelledError, SessionFailedError))[1] is None
    return isinstance(error, (asyncio.CancelledError, SessionFailedError))
