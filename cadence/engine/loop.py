"""The event loop of workflow code: a queue that is worked off in order, on time that history alone moves.

No selector, no clock, no thread: what waits is woken by the engine, in the order of the events, and runs until all
wait again. Tasks and futures hash by the order in which they were made, so that sets of them iterate the same way in
each replay (`TaskGroup` and `asyncio.wait` keep such sets). Whatever would reach outside is refused with the name of
what to use instead. A timer of the loop is a workflow timer, asked for like every other.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sys
import traceback
import zlib
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, copy_context
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, TypeVarTuple

import msgspec

from cadence.engine.errors import StopRun, WorkflowBlockedError
from cadence.engine.stacks import close_coroutine
from cadence.exceptions import ConfigurationError, NotReplayableError
from cadence.workflow.commands import StartTimer

if TYPE_CHECKING:
    from cadence.workflow.runtime import Runtime

__all__ = ("Handle", "TimerHandle", "WorkflowFuture", "WorkflowLoop", "WorkflowTask", "new_loop")

_log = logging.getLogger("cadence.workflow")

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_ASYNCIO = vars(asyncio.tasks)

# Loops count in seconds as floats; what is finer than this is noise of the arithmetic, not a wish.
_DIGITS = 6

_LOOK_EVERY = 63
"""After so many callbacks, and one, it is looked whether they get anywhere; one less than a power of two."""


class Handle(msgspec.Struct):
    """A callback that waits for its turn. A struct, because several are made for every event."""

    callback: Callable[..., object]
    args: tuple[Any, ...]
    context: Context
    is_cancelled: bool = False

    def cancel(self) -> None:
        """Call it off."""
        self.is_cancelled = True

    def cancelled(self) -> bool:
        """Tell whether it was called off."""
        return self.is_cancelled


class TimerHandle:
    """A callback that waits for a workflow timer."""

    __slots__ = ("_args", "_callback", "_context", "_is_cancelled", "_timer", "_when")

    def __init__(
        self,
        when: float,
        timer: asyncio.Future[Any],
        callback: Callable[..., object],
        args: tuple[Any, ...],
        context: Context,
    ) -> None:
        self._when = when
        self._timer = timer
        self._callback = callback
        self._args = args
        self._context = context
        self._is_cancelled = False
        timer.add_done_callback(self._fire)

    def when(self) -> float:
        """Return when it is due, on the loop's time."""
        return self._when

    def cancel(self) -> None:
        """Call it off, and the timer with it; also where that has fired and the callback waits for its turn."""
        self._is_cancelled = True
        self._timer.cancel()

    def cancelled(self) -> bool:
        """Tell whether it was called off."""
        return self._is_cancelled

    def _fire(self, timer: asyncio.Future[Any]) -> None:
        if not self._is_cancelled and not timer.cancelled():
            self._context.run(self._callback, *self._args)


class WorkflowFuture(asyncio.Future[T]):
    """The future of something that was asked of the server. Cancelling it asks for that to be cancelled."""

    __slots__ = ("canceller", "message", "sequence")

    def __init__(self, loop: WorkflowLoop, canceller: Callable[[Any], bool] | None = None) -> None:
        self.sequence = loop.next_sequence()
        self.canceller = canceller
        self.message: Any | None = None
        """What the request to cancel it said, where it is to be cancelled once the server says so."""
        super().__init__(loop=loop)

    def __hash__(self) -> int:
        return self.sequence

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel in the way of what it stands for; see `CancellationType`."""
        if self.canceller is None or self.done():
            return super().cancel(msg)
        if msg is not None:
            self.message = msg
        return self.canceller(msg)

    def cancel_now(self, msg: Any | None = None) -> bool:
        """Cancel the future alone."""
        return super().cancel(msg)

    def cancel_at_last(self, details: Any | None) -> bool:
        """Cancel the future alone, a while after somebody asked for it: with their words, or else with its details."""
        return super().cancel(details if self.message is None else self.message)


class WorkflowTask(asyncio.Task[T]):
    """A task that hashes by its place in the order of tasks."""

    __slots__ = ("sequence",)

    def __init__(
        self, coroutine: Coroutine[Any, Any, T], loop: WorkflowLoop, name: str | None, context: Context | None
    ) -> None:
        self.sequence = loop.next_sequence()  # first: the task registers itself in a set while it is made
        name = name or f"Task-{self.sequence - loop.first_sequence}"
        super().__init__(coroutine, loop=loop, name=name, context=context)

    def __hash__(self) -> int:
        return self.sequence


def _is_unordered(frame: FrameType | None) -> bool:
    """Tell whether asyncio makes tasks from a set of coroutines, whose order is another one in each replay."""
    while frame is not None and frame.f_globals is _ASYNCIO:
        if frame.f_code.co_name == "as_completed":
            return True
        frame = frame.f_back
    return False


def _is_delivery(callback: Callable[..., object]) -> bool:
    """Tell whether a callback is a cancelled scope of anyio at its work."""
    return getattr(callback, "__name__", "") == "_deliver_cancellation" and callback.__module__.startswith("anyio.")


class WorkflowLoop(asyncio.AbstractEventLoop):
    """Runs the coroutines of one run."""

    def __init__(self) -> None:
        """Make a loop whose time stands at zero."""
        self.workflow_runtime: Runtime | None = None
        """What `cadence.workflow.runtime.current` finds."""
        self.ready: deque[Handle] = deque()
        self.tasks: dict[asyncio.Future[Any], None] = {}
        """Those that are not done, in the order of their making. Held here, because asyncio holds none: a task that was
        collected would clean up at a moment that no replay repeats."""
        self.is_interrupted = False
        """Set from another thread to end `run_until_blocked` with WorkflowBlockedError."""
        self._parked: list[Handle] = []
        """What would run in every turn; see `_parks`."""
        self.is_quiet = False
        """True once the run is over: errors that nobody looked at are not worth a word."""
        self.seconds = 0.0
        """Time since the run's start."""
        self.first_sequence = self._sequence = 0
        self._task_factory: Callable[..., asyncio.Future[Any]] | None = None

    # --- the engine's side ---

    def number_from(self, run_id: str) -> None:
        """Let the numbers of tasks and futures begin where those of other runs don't.

        asyncio keeps the tasks of all loops in one set, which would get slow with thousands of runs whose tasks have
        the same hash. The low bits count from zero, so that small sets iterate in the order of making.

        Args:
            run_id: The same in each replay.
        """
        self.first_sequence = self._sequence = zlib.crc32(run_id.encode()) << 16

    def next_sequence(self) -> int:
        """Return the next number in the order of tasks and futures."""
        self._sequence += 1
        return self._sequence

    def run_until_blocked(self, progress: Callable[[], bool]) -> None:
        """Run what is ready, and what that makes ready, until everything waits.

        Args:
            progress: Called when nothing is ready; True where it made something ready.

        Raises:
            WorkflowBlockedError: The watchdog interrupted.
            StopRun: The code asked for something that ends the run.
        """
        ready = self.ready
        pop = ready.popleft
        handle: Handle | None = None
        turns = 0
        previous = asyncio._get_running_loop()
        hooks = sys.get_asyncgen_hooks()
        has_hooks = hooks[0] is not None or hooks[1] is not None
        asyncio._set_running_loop(self)
        if has_hooks:  # another loop's, which must not get to know this one's generators
            sys.set_asyncgen_hooks(None, None)
        try:
            while True:
                if self._parked:
                    ready.extend(self._parked)
                    self._parked.clear()
                while ready and not self.is_interrupted:
                    handle = pop()
                    if handle.is_cancelled:
                        continue
                    turns += 1
                    if turns & _LOOK_EVERY == 0 and self._parks(handle):
                        break
                    try:
                        handle.context.run(handle.callback, *handle.args)
                    except Exception as error:  # noqa: BLE001  # as asyncio: it is logged, and the loop goes on
                        self.call_exception_handler({"message": "a callback failed", "exception": error})
                if self.is_interrupted:
                    raise WorkflowBlockedError
                if not progress():
                    return
        finally:
            handle = None  # a logged error keeps this frame, and would keep the last task from being let go
            if has_hooks:
                sys.set_asyncgen_hooks(*hooks)
            asyncio._set_running_loop(previous)

    def _parks(self, handle: Handle) -> bool:
        """Lay by what anyio's cancelled scopes schedule anew in each turn, where nothing else is ready.

        They cancel what waits in them until it has left them. What waits for the server in spite of that (an activity
        that is cancelled and waited for) leaves them with an event of its own: they try again then.
        """
        if not all(each.is_cancelled or _is_delivery(each.callback) for each in (handle, *self.ready)):
            return False
        self._parked += [handle, *self.ready]
        self.ready.clear()
        return True

    def call(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """Call a function as workflow code, now, without running what it makes ready."""
        previous = asyncio._get_running_loop()
        asyncio._set_running_loop(self)
        try:
            return function(*args)
        finally:
            asyncio._set_running_loop(previous)

    def state(self) -> tuple[int, int, int]:
        """Return what `restore` needs to undo what a query's handler does."""
        return self._sequence, len(self.ready), len(self.tasks)

    def restore(self, state: tuple[int, int, int]) -> None:
        """Drop the tasks and callbacks made since: they have no place in any replay."""
        self._sequence, callbacks, tasks = state
        while len(self.tasks) > tasks:
            self.close_task(self.tasks.popitem()[0])
        while len(self.ready) > callbacks:
            self.ready.pop()

    def close_task(self, task: Any) -> None:
        """Close a task's coroutine, whose clean-up sees the task as the one that runs."""
        if not task.done():
            task._log_destroy_pending = False  # that it is pending is what we want
            self.call(self._close, task)

    def _close(self, task: Any) -> None:
        asyncio.tasks._enter_task(self, task)
        try:
            close_coroutine(task.get_coro())
        finally:
            asyncio.tasks._leave_task(self, task)

    # --- asyncio's side ---

    def time(self) -> float:
        """Return the workflow's time in seconds since the run's start."""
        return self.seconds

    def call_soon(  # type: ignore[override]  # a lighter handle with the same face
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> Handle:
        """Put a callback at the end of the queue."""
        handle = Handle(callback, args, copy_context() if context is None else context)
        self.ready.append(handle)
        return handle

    def call_later(  # type: ignore[override]  # as call_soon
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> Handle | TimerHandle:
        """Call back after a workflow timer of `delay` seconds, rounded up to whole ones."""
        delay = round(delay, _DIGITS)
        if delay <= 0:
            return self.call_soon(callback, *args, context=context)
        context = copy_context() if context is None else context
        if delay == math.inf:  # no timer of the server is that long, and none is needed for what never comes
            return TimerHandle(delay, self.create_future(), callback, args, context)
        assert self.workflow_runtime is not None  # set before any code runs
        timer = self.workflow_runtime.request(StartTimer(seconds=delay))
        return TimerHandle(self.seconds + delay, timer, callback, args, context)

    def call_at(  # type: ignore[override]  # as call_soon
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> Handle | TimerHandle:
        """Call back at a time of this loop."""
        return self.call_later(when - self.seconds, callback, *args, context=context)

    def create_future(self) -> asyncio.Future[Any]:
        """Make a future."""
        return WorkflowFuture(self)

    def create_task(
        self,
        coro: Coroutine[Any, Any, T] | Generator[Any, None, T],
        *,
        name: str | None = None,
        context: Context | None = None,
        **options: Any,
    ) -> asyncio.Task[T]:
        """Start a coroutine; it runs when those before it in the queue have."""
        if options.pop("eager_start", None):
            msg = "eager tasks are not supported in workflows"
            raise ConfigurationError(msg, hint="leave eager_start out; the task starts when its turn comes")
        caller = sys._getframe(1)
        if caller.f_globals is _ASYNCIO and _is_unordered(caller.f_back):
            coro.close()
            msg = "workflow code gave coroutines to asyncio.as_completed, which starts them in no certain order"
            raise NotReplayableError(msg, hint="make tasks of them first: [asyncio.create_task(one) for one in ...]")
        task: asyncio.Future[Any]
        if self._task_factory is not None:
            task = self._task_factory(self, coro)
        else:
            task = WorkflowTask(coro, self, name, context)  # type: ignore[arg-type]
        self.tasks[task] = None
        task.add_done_callback(self._forget)
        return task  # type: ignore[return-value]

    def _forget(self, task: asyncio.Future[Any]) -> None:
        self.tasks.pop(task, None)

    def get_task_factory(self) -> Any:
        """Return what makes tasks instead of the loop, or None."""
        return self._task_factory

    def set_task_factory(self, factory: Any) -> None:
        """Let something else make tasks."""
        self._task_factory = factory

    def get_debug(self) -> bool:
        """False: asyncio's own checks are about real time."""
        return False

    def set_debug(self, enabled: bool) -> None:
        """Do nothing; see `get_debug`."""

    def is_running(self) -> bool:
        """True: nobody sees a workflow's loop but the code that it runs."""
        return True

    def is_closed(self) -> bool:
        """False for the same reason."""
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Log an error that nobody looked at, but not in replay."""
        error = context.get("exception")
        if isinstance(error, (StopRun, WorkflowBlockedError)) or self.is_quiet:
            return
        runtime = self.workflow_runtime
        if runtime is not None and runtime.is_replaying:
            return
        lines = "" if error is None else "".join(traceback.format_exception(error))
        logger = _log if runtime is None else runtime.logger()
        logger.error("in workflow code: %s\n%s", context.get("message", "an error"), lines)

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """The same as `call_exception_handler`."""
        self.call_exception_handler(context)

    def __repr__(self) -> str:
        return f"<WorkflowLoop at {self.seconds} s, {len(self.ready)} ready>"


_ACTIVITY = "do it in an activity: await workflow.execute_activity(...)"
_REFUSED = {
    "run_in_executor": ("a thread or process", f"blocking work does not replay; {_ACTIVITY}"),
    "set_default_executor": ("a thread pool", f"blocking work does not replay; {_ACTIVITY}"),
    "shutdown_default_executor": ("a thread pool", "workflows have none"),
    "call_soon_threadsafe": ("another thread", "what happens outside reaches a workflow by signals and activities"),
    "getaddrinfo": ("the network", _ACTIVITY),
    "getnameinfo": ("the network", _ACTIVITY),
    "create_connection": ("the network", _ACTIVITY),
    "create_server": ("the network", _ACTIVITY),
    "create_unix_connection": ("the network", _ACTIVITY),
    "create_unix_server": ("the network", _ACTIVITY),
    "create_datagram_endpoint": ("the network", _ACTIVITY),
    "connect_accepted_socket": ("the network", _ACTIVITY),
    "start_tls": ("the network", _ACTIVITY),
    "sock_recv": ("a socket", _ACTIVITY),
    "sock_recv_into": ("a socket", _ACTIVITY),
    "sock_recvfrom": ("a socket", _ACTIVITY),
    "sock_recvfrom_into": ("a socket", _ACTIVITY),
    "sock_sendto": ("a socket", _ACTIVITY),
    "sock_sendall": ("a socket", _ACTIVITY),
    "sock_connect": ("a socket", _ACTIVITY),
    "sock_accept": ("a socket", _ACTIVITY),
    "sendfile": ("a file", _ACTIVITY),
    "sock_sendfile": ("a file", _ACTIVITY),
    "add_reader": ("a file descriptor", _ACTIVITY),
    "remove_reader": ("a file descriptor", _ACTIVITY),
    "add_writer": ("a file descriptor", _ACTIVITY),
    "remove_writer": ("a file descriptor", _ACTIVITY),
    "connect_read_pipe": ("a pipe", _ACTIVITY),
    "connect_write_pipe": ("a pipe", _ACTIVITY),
    "subprocess_exec": ("a subprocess", _ACTIVITY),
    "subprocess_shell": ("a subprocess", _ACTIVITY),
    "add_signal_handler": ("signals of the operating system", "signals of a workflow: @workflow.signal"),
    "remove_signal_handler": ("signals of the operating system", "signals of a workflow: @workflow.signal"),
    "run_forever": ("a loop of its own", "await what you would run"),
    "run_until_complete": ("a loop of its own", "await what you would run"),
    "stop": ("the end of the loop", "return from the run method"),
    "close": ("the end of the loop", "return from the run method"),
    "shutdown_asyncgens": ("the end of the loop", "return from the run method"),
    "set_exception_handler": ("the loop's error handler", "handle errors where you await"),
    "get_exception_handler": ("the loop's error handler", "handle errors where you await"),
}


def _refusal(method: str, what: str, hint: str) -> Callable[..., NoReturn]:
    def refuse(self: WorkflowLoop, *args: object, **options: object) -> NoReturn:
        msg = f"workflow code asked its event loop for {what} ({method}), which would not replay"
        raise NotReplayableError(msg, hint=hint)

    refuse.__name__ = method
    refuse.__doc__ = f"Refused: {what} has no place in workflow code."
    return refuse


for _method, (_what, _hint) in _REFUSED.items():
    setattr(WorkflowLoop, _method, _refusal(_method, _what, _hint))


def new_loop() -> WorkflowLoop:
    """Make a loop. Type checkers can't see that the table above leaves nothing abstract."""
    cls: Any = WorkflowLoop
    loop: WorkflowLoop = cls()
    return loop
