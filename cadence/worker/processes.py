"""Activity functions in processes of their own: for code that computes, which threads can't run at once.

A process is started anew (`spawn`), so that it inherits neither threads nor locks; it imports the function by its name
and gets the decoded arguments, which are pickled between this program and its own children alone. What runs there is
`cadence.worker.activity_process`; each process has a pipe, and a thread here that answers what its activity asks the
attempt. A process that dies fails the activity that was in it, and the next one finds a new process. It knows nothing
of tasks.
"""

from __future__ import annotations

import asyncio
import collections
import concurrent.futures
import logging
import multiprocessing
import os
import pickle
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cadence.activity.definition import ActivityDefinition, definition_of
from cadence.exceptions import ApplicationError, ConfigurationError
from cadence.worker.activity_process import packed, serve, unpacked

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from cadence.worker.attempts import Attempt

__all__ = ("ProcessPool",)

_log = logging.getLogger("cadence.worker")


class ProcessPool:
    """Up to so many processes, started when they are needed."""

    def __init__(self, activities: Iterable[object], most: int | None) -> None:
        """Prepare the pool; it has no process yet.

        Args:
            activities: Decorated functions of modules.
            most: Most processes; None: one for each processor.

        Raises:
            ConfigurationError: One is a coroutine, or can't be imported by its name.
        """
        self._most = most or os.cpu_count() or 1
        self._definitions = {definition.name: definition for definition in map(_checked, activities)}
        self._changed = threading.Condition()
        self._calls: collections.deque[_Call] = collections.deque()
        self._idle = 0
        self._threads = 0
        self._is_closed = False

    def runs(self, definition: ActivityDefinition) -> bool:
        """Whether an activity runs here."""
        return definition.name in self._definitions

    async def call(self, attempt: Attempt, definition: ActivityDefinition, arguments: Sequence[object]) -> Any:
        """Run an activity and return its result.

        A cancelled one that hasn't begun never does. One that has is told, and may go on as a function in a thread may.

        Raises:
            ApplicationError: Its process died.
            Exception: What the activity raised.
        """
        call = _Call(attempt, definition, tuple(arguments))
        self._enqueue(call)
        waiting = asyncio.wrap_future(call.future)
        while True:
            try:
                return await asyncio.shield(waiting)
            except asyncio.CancelledError:
                # One that runs ends when it likes, with what it likes; one that hasn't begun never does.
                if waiting.done():
                    return waiting.result()
                if call.future.cancel():
                    raise

    def close(self) -> None:
        """Let the processes end when what runs in them is through. Returns at once."""
        with self._changed:
            self._is_closed = True
            calls = list(self._calls)
            self._calls.clear()
            self._changed.notify_all()
        for call in calls:
            call.future.cancel()

    def _enqueue(self, call: _Call) -> None:
        with self._changed:
            if self._is_closed:
                call.future.cancel()
                return
            self._calls.append(call)
            if len(self._calls) <= self._idle or self._threads == self._most:
                self._changed.notify()
                return
            self._threads += 1
        threading.Thread(target=self._serve, name="cadence-process", daemon=True).start()

    def _serve(self) -> None:
        """Hand calls to one process; the body of its thread."""
        process = _Process()
        try:
            while (call := self._next()) is not None:
                if call.future.set_running_or_notify_cancel():
                    process.run(call)
        finally:
            process.close()

    def _next(self) -> _Call | None:
        with self._changed:
            self._idle += 1
            self._changed.wait_for(lambda: self._calls or self._is_closed)
            self._idle -= 1
            return self._calls.popleft() if self._calls else None


class _Call:
    """One activity for a process."""

    def __init__(self, attempt: Attempt, definition: ActivityDefinition, arguments: tuple[object, ...]) -> None:
        self.attempt = attempt
        self.definition = definition
        self.arguments = arguments
        self.future: concurrent.futures.Future[Any] = concurrent.futures.Future()


class _Process:
    """One process, seen from its thread here. Started with the first call, and anew after its death."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._sending = threading.Lock()

    def run(self, call: _Call) -> None:
        """Run a call to its end, and answer what its code asks meanwhile."""
        try:
            result = self._outcome(call)
        except BaseException as error:  # noqa: BLE001  # raised where it is awaited
            call.future.set_exception(error)
        else:
            call.future.set_result(result)

    def close(self) -> None:
        """Let it end, and wait for that."""
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join()
            process.close()

    def _outcome(self, call: _Call) -> Any:
        attempt = call.attempt
        if attempt.is_cancelled:
            raise asyncio.CancelledError
        order = pickle.dumps((call.definition.callable, call.arguments, attempt.info))
        if self._process is not None and not self._process.is_alive():
            self.close()
        pipe = self._pipe or self._start()
        is_over = False

        def stop() -> None:
            # Under the lock: the next call's activity must not hear of this one's end.
            with self._sending, suppress(OSError):
                if not is_over:
                    pipe.send(("stop", attempt.cancel_reason))

        try:
            self._send(("run", order))
            attempt.on_stop(stop)
            while (message := pipe.recv())[0] != "ended":
                self._answer(attempt, message)
        except (EOFError, OSError) as error:
            self.close()
            msg = f"a process of activity {call.definition.name} (attempt {attempt.info.attempt}) died"
            raise ApplicationError(msg, reason="ProcessDied") from error
        finally:
            with self._sending:
                is_over = True
        _, elsewhere, outcome = message
        if elsewhere:
            attempt.complete_elsewhere()
        return unpacked(outcome)

    def _answer(self, attempt: Attempt, message: tuple[Any, ...]) -> None:
        if message[0] == "heartbeat":
            try:
                attempt.heartbeat(pickle.loads(message[1]))
            except Exception:  # noqa: BLE001  # an interceptor's, reported; a heartbeat never fails
                _log.exception("a heartbeat of activity %s was not sent", attempt.info.activity_type)
        elif message[1] == "heartbeat_details":
            self._send(("answer", packed(lambda: attempt.heartbeat_details(*pickle.loads(message[2])))))
        else:
            self._send(("answer", packed(lambda: attempt.is_worker_stopping)))

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        pipe, theirs = context.Pipe()
        # A daemon, so that no end of the program waits for it.
        process = context.Process(target=serve, args=(theirs,), name="cadence-activities", daemon=True)
        try:
            process.start()
        except BaseException:
            pipe.close()
            raise
        finally:
            theirs.close()
        self._process, self._pipe = process, pipe
        return pipe

    def _send(self, message: tuple[str, object]) -> None:
        assert self._pipe is not None  # it runs
        with self._sending:
            self._pipe.send(message)


def _checked(subject: object) -> ActivityDefinition:
    definition = definition_of(subject)
    function = definition.function
    if definition.is_coroutine:
        msg = f"process_activities: {function.__qualname__} is a coroutine"
        raise ConfigurationError(msg, hint="leave it to the event loop, or make it a plain function")
    bound = getattr(definition.callable, "__self__", None) is not None
    if bound or "<locals>" in function.__qualname__ or "." in function.__qualname__:
        msg = f"process_activities: {function.__qualname__} can't be imported by its name"
        raise ConfigurationError(msg, hint="make it a function of a module, outside classes and functions")
    return definition
