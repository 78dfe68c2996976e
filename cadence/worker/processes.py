"""Activity functions in processes of their own: for code that computes, which threads can't run at once.

A process is started anew (`spawn`), so that it inherits neither threads nor locks; it imports the function by its name
and gets the decoded arguments, which are pickled between this program and its own children alone. Nothing of
`cadence.activity` works there: heartbeats, if any, are automatic. A process that dies fails the activities that were
in it, and the others go on in a new one. It knows nothing of tasks.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import concurrent.futures.process
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cadence.activity.definition import ActivityDefinition, definition_of
from cadence.exceptions import ApplicationError, ConfigurationError

if TYPE_CHECKING:
    from cadence.worker.attempts import Attempt

__all__ = ("ProcessPool",)


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
        self._lock = threading.Lock()
        self._executor: concurrent.futures.ProcessPoolExecutor | None = None

    def runs(self, definition: ActivityDefinition) -> bool:
        """Whether an activity runs here."""
        return definition.name in self._definitions

    async def call(self, attempt: Attempt, definition: ActivityDefinition, arguments: Sequence[object]) -> Any:
        """Run an activity and return its result. A cancelled one goes on: nobody can end it but the process.

        Raises:
            ApplicationError: Its process died.
            Exception: What the activity raised.
        """
        executor = self._executor_of_now()
        try:
            calling = executor.submit(_run, definition.callable, tuple(arguments))
            waiting = asyncio.wrap_future(calling)
            while True:
                try:
                    return await asyncio.shield(waiting)
                except asyncio.CancelledError:
                    # Its slot is taken until it is through; one that hasn't begun never does.
                    if waiting.done() or calling.cancel():
                        raise
        except concurrent.futures.process.BrokenProcessPool as error:
            self._forget(executor)
            msg = f"a process of activity {definition.name} (attempt {attempt.info.attempt}) died"
            raise ApplicationError(msg, reason="ProcessDied") from error

    def close(self) -> None:
        """Let the processes end when what runs in them is through. Returns at once."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)

    def _executor_of_now(self) -> concurrent.futures.ProcessPoolExecutor:
        with self._lock:
            if self._executor is None:
                self._executor = concurrent.futures.ProcessPoolExecutor(
                    self._most, mp_context=multiprocessing.get_context("spawn")
                )
            return self._executor

    def _forget(self, executor: concurrent.futures.ProcessPoolExecutor) -> None:
        with self._lock:
            if self._executor is executor:
                self._executor = None
        executor.shutdown(wait=False, cancel_futures=True)


def _run(function: Callable[..., Any], arguments: tuple[object, ...]) -> Any:
    """Run in the process."""
    return function(*arguments)


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
