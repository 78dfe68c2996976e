"""What a process of the worker's does: runs the activity functions it is told to, one after another.

The worker's side is `cadence.worker.processes`; the two talk over a pipe, in the tuples below. Here the port of
`cadence.activity.runtime` leads to the worker: heartbeats are passed on, details of the last attempt are asked for, and
a cancellation is told by a thread that listens beside the function. It knows no server, converter or interceptor.

    worker to process                      process to worker
    ("run", order)                         ("ended", elsewhere, outcome)
    ("stop", reason)                       ("heartbeat", details)
    ("answer", outcome)                    ("ask", method, arguments)

Orders, outcomes, details and arguments are pickled apart, so that one that can't be read breaks no more than its call.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cadence.activity.runtime import ActivityInfo, activate
from cadence.exceptions import ApplicationError
from cadence.logs import ContextLogger

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ("ProcessRuntime", "packed", "serve", "unpacked")

_log = logging.getLogger("cadence.worker")
_GONE = "the worker is gone"


def serve(pipe: Connection) -> None:
    """Run what comes through the pipe until it is closed. The target of the process."""
    # Ctrl-C reaches the whole group; when to stop is said by the worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = _Worker(pipe)
    threading.Thread(target=worker.listen, name="cadence-worker", daemon=True).start()
    while (runtime := worker.orders.get()) is not None:
        outcome = packed(runtime.run)
        worker.send(("ended", runtime.elsewhere, outcome))


def packed(call: Callable[[], object]) -> bytes:
    """Call, and return what came of it as bytes."""
    try:
        return pickle.dumps(("result", call()))
    except BaseException as error:  # noqa: BLE001  # raised on the other side
        text = "".join(traceback.format_exception(error))
        try:
            data = pickle.dumps(("error", error, text))
            pickle.loads(data)  # some can be written, but not read: their constructors want more than their arguments
        except Exception:  # noqa: BLE001  # whatever the class does; the error itself is told
            return pickle.dumps(("error", ApplicationError(str(error), reason=type(error).__name__), text))
        return data


def unpacked(data: bytes) -> Any:
    """Return the value that came of a call elsewhere, or raise its error, which brings the traceback from there."""
    outcome = pickle.loads(data)
    if outcome[0] == "result":
        return outcome[1]
    error: BaseException = outcome[1]
    error.remote_traceback = outcome[2]  # type: ignore[attr-defined]  # read where failures are written
    raise error


class _Worker:
    """The worker, seen from the process."""

    def __init__(self, pipe: Connection) -> None:
        self.orders: queue.SimpleQueue[ProcessRuntime | None] = queue.SimpleQueue()
        """What is to be run; None at the end."""
        self._pipe = pipe
        self._sending = threading.Lock()
        self._asking = threading.Lock()
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen(self) -> None:
        """Take what the worker says, until it is gone."""
        runtime: ProcessRuntime | None = None
        try:
            while True:
                kind, data = self._pipe.recv()
                if kind == "run":
                    runtime = ProcessRuntime(self, data)
                    self.orders.put(runtime)
                elif kind == "answer":
                    self._answers.put(data)
                elif runtime is not None:
                    runtime.stop(data)
        except (EOFError, OSError):
            _log.debug(_GONE)
        finally:
            self._answers.put(packed(_raise_gone))
            if runtime is not None:
                runtime.stop(_GONE)
            self.orders.put(None)

    def send(self, message: tuple[Any, ...]) -> None:
        """Send; what nobody takes any more is dropped."""
        with self._sending:
            try:
                self._pipe.send(message)
            except OSError:
                _log.debug("%s, %s is not sent", _GONE, message[0])

    def ask(self, method: str, *arguments: object) -> Any:
        """Have the attempt's runtime in the worker answer."""
        data = pickle.dumps(arguments)
        with self._asking:
            self.send(("ask", method, data))
            return unpacked(self._answers.get())


def _raise_gone() -> None:
    raise ConnectionError(_GONE)


class ProcessRuntime:
    """The runtime behind `cadence.activity` for one attempt in this process."""

    def __init__(self, worker: _Worker, order: bytes) -> None:
        self.elsewhere = False
        """True once the code left the result to somebody else."""
        self._worker = worker
        self._order = order
        self._info: ActivityInfo | None = None
        self._reason = ""
        self._stopped = threading.Event()
        self._listeners: list[Callable[[], object]] = []
        self._lock = threading.Lock()

    def run(self) -> object:
        """Run the function."""
        function, arguments, self._info = pickle.loads(self._order)
        with activate(self):
            return function(*arguments)

    @property
    def info(self) -> ActivityInfo:
        """The facts about the attempt."""
        assert self._info is not None  # there before the function
        return self._info

    def heartbeat(self, details: tuple[object, ...]) -> None:
        """Report progress."""
        try:
            data = pickle.dumps(details)
        except Exception:  # noqa: BLE001  # whatever the values are; a heartbeat never fails
            _log.warning("details of a heartbeat can't leave the process", exc_info=True)
            data = pickle.dumps(())
        self._worker.send(("heartbeat", data))

    def heartbeat_details(self, type_hints: Sequence[Any]) -> Sequence[Any]:
        """Have the worker decode what the last attempt left."""
        values: Sequence[Any] = self._worker.ask("heartbeat_details", tuple(type_hints))
        return values

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._stopped.is_set()

    @property
    def cancel_reason(self) -> str:
        """Why, or an empty text."""
        return self._reason

    async def wait_for_cancelled(self) -> None:
        """Wait until it is to stop, on whatever loop the function runs."""
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        with self._lock:
            self._listeners.append(lambda: loop.call_soon_threadsafe(event.set))
            if self._stopped.is_set():
                return
        await event.wait()

    def wait_for_cancelled_sync(self, timeout: float | None) -> bool:
        """Block until it is to stop; False after `timeout` seconds."""
        return self._stopped.wait(timeout)

    @property
    def is_worker_stopping(self) -> bool:
        """Whether the worker stops."""
        return bool(self._worker.ask("is_worker_stopping"))

    def complete_elsewhere(self) -> None:
        """Leave the result to somebody else."""
        self.elsewhere = True

    def logger(self, name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        """Return a logger that names the attempt."""
        info = self.info
        context = {
            "domain": info.domain,
            "workflow_id": info.workflow_id,
            "run_id": info.run_id,
            "workflow_type": info.workflow_type,
            "activity_type": info.activity_type,
            "activity_id": info.activity_id,
            "attempt": info.attempt,
        }
        return ContextLogger(logging.getLogger(name or "cadence.activity"), context)

    def stop(self, reason: str) -> None:
        """Tell it to stop."""
        with self._lock:
            self._reason = self._reason or reason
            self._stopped.set()
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            try:
                listener()
            except RuntimeError:  # the loop that waited is closed
                _log.debug("nobody waits any more for a cancellation")
