"""Runs the code of attempts where it belongs: coroutines on the loop that the worker was entered on, functions in
threads, and some, on request, in processes of their own.

`async def` activities share the user's loop, so that they can use what the program opened there (pools, sessions); the
worker's wire is elsewhere, so a blocking one starves neither polls nor heartbeats. Bytes are turned into arguments, and
results into bytes, where the code runs: codecs are user code too. It knows nothing of tasks or of the server.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from cadence.activity.runtime import ResultPending, activate
from cadence.converter.wire_options import final_reason
from cadence.exceptions import CadenceError
from cadence.interceptor import ExecuteActivity, Interceptor
from cadence.interceptor.chain import compose
from cadence.logs import shortened
from cadence.worker.attempts import Attempt, Ended, Outcome
from cadence.worker.heartbeats import StopReason

if TYPE_CHECKING:
    from cadence.activity.definition import ActivityDefinition
    from cadence.converter import DataConverter
    from cadence.worker.loop_watch import LoopWatch
    from cadence.worker.mailbox import Mailbox
    from cadence.worker.processes import ProcessPool
    from cadence.worker.threads import ThreadPool

__all__ = ("Executors",)

Done = Callable[[Attempt, Outcome], None]


class Executors:
    """Starts attempts and says how they ended."""

    def __init__(
        self,
        converter: DataConverter,
        interceptors: Sequence[Interceptor],
        *,
        user_loop: Mailbox,
        io_loop: Mailbox,
        threads: ThreadPool,
        processes: ProcessPool | None = None,
    ) -> None:
        """Prepare.

        Args:
            converter: Arguments and results.
            interceptors: Stand around each attempt.
            user_loop: Where coroutines run.
            io_loop: Where `done` is called.
            threads: Where functions run.
            processes: Where those run that are registered with it.
        """
        self._converter = converter
        self._interceptors = interceptors
        self._user = user_loop
        self._io = io_loop
        self._threads = threads
        self._processes = processes
        default = Interceptor.execute_activity
        self._intercepted = any(type(item).execute_activity is not default for item in interceptors)
        beats = Interceptor.heartbeat
        self._beats_intercepted = any(type(item).heartbeat is not beats for item in interceptors)
        # What was set when the worker was entered is seen by its activities: as if the user's code had started them.
        self._context = contextvars.copy_context()
        # Tasks are held, as loops hold them weakly.
        self._tasks: dict[asyncio.Task[Any], Attempt] = {}
        self.watch: LoopWatch | None = None
        """Told of each start on the user's loop, where somebody watches that loop."""

    @property
    def is_busy(self) -> bool:
        """Whether anything runs on the user's loop. From any thread."""
        return bool(self._tasks)

    def name_of(self, task: asyncio.Task[Any]) -> str | None:
        """Name the activity and the workflow of a task on the user's loop; None where it is somebody else's."""
        attempt = self._tasks.get(task)
        if attempt is None:
            return None
        return f"{task.get_name()} of workflow {attempt.info.workflow_id}"

    def start(self, attempt: Attempt, definition: ActivityDefinition, data: bytes | None, done: Done) -> None:
        """Run an attempt. From the worker's own loop.

        Args:
            attempt: Its runtime.
            definition: What to run.
            data: The encoded arguments.
            done: Called on that loop, once, with how it ended.
        """
        if self._beats_intercepted:
            attempt.intercept_heartbeats(lambda send: compose(self._interceptors, "heartbeat", send))
        isolated = self._processes is not None and self._processes.runs(definition)
        if definition.is_coroutine or self._intercepted or isolated:
            self._user.post(self._start_task, attempt, definition, data, done)
            if self.watch is not None:
                self.watch.begin()
        else:
            context = self._context.copy()
            self._threads.submit(lambda: context.run(self._run_function, attempt, definition, data, done))

    def is_alive(self, reply: Callable[[], None]) -> None:
        """Have `reply` called on the user's loop; a stuck one never does."""
        self._user.post(reply)

    # --- functions, straight in a thread ---

    def _run_function(self, attempt: Attempt, definition: ActivityDefinition, data: bytes | None, done: Done) -> None:
        try:
            with activate(attempt):
                if attempt.is_cancelled:
                    raise asyncio.CancelledError
                result = definition.callable(*self._arguments(definition, attempt, data))
                outcome = self._completed(definition, attempt, result)
        except BaseException as error:  # noqa: BLE001  # told to the server, whatever it is
            outcome = self._raised(attempt, error)
        self._io.post(done, attempt, outcome)

    # --- coroutines, and whatever interceptors stand around, on the user's loop ---

    def _start_task(self, attempt: Attempt, definition: ActivityDefinition, data: bytes | None, done: Done) -> None:
        loop = self._user.loop
        task = loop.create_task(
            self._run_task(attempt, definition, data, done), name=definition.name, context=self._context.copy()
        )
        self._tasks[task] = attempt
        task.add_done_callback(self._ended)
        attempt.on_stop(lambda: self._user.post(task.cancel))

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]

    async def _run_task(self, attempt: Attempt, definition: ActivityDefinition, data: bytes | None, done: Done) -> None:
        try:
            with activate(attempt):
                arguments = self._arguments(definition, attempt, data)
                if self._intercepted:
                    call = ExecuteActivity(info=attempt.info, definition=definition, arguments=tuple(arguments))
                    result = await compose(self._interceptors, "execute_activity", self._target(attempt))(call)
                elif definition.is_coroutine:
                    result = await definition.callable(*arguments)
                else:
                    result = await self._call_elsewhere(attempt, definition, arguments)
                outcome = self._completed(definition, attempt, result)
        except BaseException as error:  # noqa: BLE001  # told to the server, whatever it is
            task = asyncio.current_task()
            # Cancelled by who tears the loop down, not by us nor by itself: it did not fail, it was interrupted.
            torn = task is not None and task.cancelling() > 0 and not attempt.is_cancelled
            outcome = Outcome(Ended.DROPPED, error=error) if torn else self._raised(attempt, error)
        self._io.post(done, attempt, outcome)

    def _target(self, attempt: Attempt) -> Callable[[ExecuteActivity], Awaitable[Any]]:
        def run(call: ExecuteActivity) -> Coroutine[Any, Any, Any]:
            if call.definition.is_coroutine:
                coroutine: Coroutine[Any, Any, Any] = call.definition.callable(*call.arguments)
                return coroutine
            return self._call_elsewhere(attempt, call.definition, call.arguments)

        return run

    async def _call_elsewhere(
        self, attempt: Attempt, definition: ActivityDefinition, arguments: Sequence[object]
    ) -> Any:
        if self._processes is not None and self._processes.runs(definition):
            return await self._processes.call(attempt, definition, arguments)
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        context = contextvars.copy_context()

        def work() -> None:
            try:
                future.set_result(context.run(definition.callable, *arguments))
            except BaseException as error:  # noqa: BLE001  # raised where it is awaited
                future.set_exception(error)

        future.set_running_or_notify_cancel()
        self._threads.submit(work)
        waiting = asyncio.wrap_future(future)
        while True:
            try:
                return await asyncio.shield(waiting)
            except asyncio.CancelledError:
                # A function in a thread sees the flag and ends when it likes, with what it likes.
                if waiting.done():
                    return waiting.result()

    # --- both ---

    def _arguments(self, definition: ActivityDefinition, attempt: Attempt, data: bytes | None) -> list[object]:
        return self._converter.decode_arguments(data, definition.signature, place=f"activity {definition.name}")

    def _completed(self, definition: ActivityDefinition, attempt: Attempt, result: object) -> Outcome:
        if attempt.elsewhere:
            return Outcome(Ended.ELSEWHERE)
        place = f"result of activity {definition.name}"
        return Outcome(Ended.COMPLETED, self._converter.encode_result(result, definition.signature.result, place=place))

    def _raised(self, attempt: Attempt, error: BaseException) -> Outcome:
        if isinstance(error, ResultPending):
            return Outcome(Ended.ELSEWHERE)
        if isinstance(error, (asyncio.CancelledError, concurrent.futures.CancelledError)):
            if attempt.stop_reason is StopReason.CANCEL_REQUESTED:
                return Outcome(Ended.CANCELLED, details=self._converter.encode_details(error.args), error=error)
            if attempt.stop_reason is not None or attempt.is_worker_stopping:
                return Outcome(Ended.DROPPED, error=error)
        try:
            reason, details = self._converter.encode_failure(error)
        except Exception as unsendable:  # noqa: BLE001  # told in the failure itself
            text = (
                f"{type(error).__name__}: {shortened(error)}; its own form could not be sent: {shortened(unsendable)}"
            )
            reason, details = self._converter.encode_failure(CadenceError(text))
        reason = final_reason(reason, error, attempt.info.headers)
        return Outcome(Ended.FAILED, reason=reason, details=details, error=error)
