"""The one thread in which all workflow code of a worker runs, one piece at a time, and its replacement when it hangs.

Work is handed over through a queue in C and answered through the mailbox of the worker's own loop: 22 us of CPU there
and back when nothing else happens, a tenth of it under load. So workflow code can stop neither polls nor heartbeats nor
the worker's end. A piece that the watchdog gives up is interrupted by an exception; where that doesn't help (the code
holds it, or waits in C), the thread is left to itself and another takes its place and what was queued behind it.

Who may raise where: the interruption is set under the lane's lock, only while the piece it is meant for is the current
one, and caught in the lane itself when the piece has ended. It can hit the few lines around the piece, which `_serve`
allows for, and never the next piece.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import queue
import sys
import threading
import time
import types
from collections.abc import Callable
from typing import Any, TypeVar, cast

from cadence.exceptions import CadenceError
from cadence.worker.mailbox import Mailbox
from cadence.worker.watchdog import BlockedError, Watchdog, blocked_report, is_debugged

__all__ = ("Piece", "WorkflowThread")

T = TypeVar("T")

_log = logging.getLogger("cadence.worker")


class Piece:
    """One piece of work: a call, and the future of its result on the worker's own loop."""

    __slots__ = ("blocked", "function", "future", "interrupt", "label", "progress")

    def __init__(
        self,
        label: str,
        function: Callable[[], Any],
        future: asyncio.Future[Any],
        progress: Callable[[], int] | None,
        interrupt: Callable[[], object] | None,
    ) -> None:
        self.label = label
        """What it is, for reports."""
        self.function = function
        """The work."""
        self.future = future
        """Its result."""
        self.progress = progress
        """A number that grows while the work gets on; None where only time tells."""
        self.interrupt = interrupt
        """Told just before the interruption is raised in it, from another thread; None where nobody need know."""
        self.blocked: BlockedError | None = None
        """What the watchdog found; set once the piece is given up."""

    def settle(self, result: object, error: BaseException | None) -> None:
        """Set the future, on its loop."""
        if self.future.done():
            return
        if self.blocked is not None:
            self.future.set_exception(self.blocked)
        elif error is not None and (isinstance(error, StopIteration) or not isinstance(error, Exception)):
            # Futures refuse the one, and the others (SystemExit, KeyboardInterrupt) would end the worker's own loop.
            wrapped = CadenceError(f"workflow code raised {type(error).__name__}: {error}")
            wrapped.__cause__ = error
            self.future.set_exception(wrapped)
        elif error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class WorkflowThread:
    """Runs pieces of work in the order in which they come. Its methods belong to the worker's own loop."""

    def __init__(self, name: str, mailbox: Mailbox, interruption: type[BaseException], *, limit: float | None) -> None:
        """Start the thread.

        Args:
            name: The thread's name, for people.
            mailbox: Of the worker's own loop.
            interruption: Raised in a piece that is given up; workflow code must not be able to mistake it.
            limit: Seconds of CPU that a piece may take without progress; None: any.
        """
        self._name = name
        self._mailbox = mailbox
        self._interruption = interruption
        self._generation = 0
        self._lane = self._new_lane()
        self._pending = 0
        self._watchdog = Watchdog(limit) if limit is not None else None
        self._timer: asyncio.TimerHandle | None = None
        self.abandoned = 0
        """Threads that were left to themselves."""

    async def run(
        self,
        label: str,
        function: Callable[[], T],
        progress: Callable[[], int] | None = None,
        interrupt: Callable[[], object] | None = None,
    ) -> T:
        """Run a piece of work in the thread and wait for it.

        Cancelling the wait leaves the piece running.

        Args:
            label: What it is, for reports.
            function: The work.
            progress: Gives a number that grows while the work gets on.
            interrupt: Called, on the worker's own loop, just before the interruption is raised in the piece.

        Raises:
            BlockedError: It was given up.
        """
        return cast("T", await self.submit(label, function, progress, interrupt))

    def submit(
        self,
        label: str,
        function: Callable[[], T],
        progress: Callable[[], int] | None = None,
        interrupt: Callable[[], object] | None = None,
    ) -> asyncio.Future[T]:
        """Do what `run` does, and return the future of its result at once; cancelling it leaves the piece running."""
        future: asyncio.Future[Any] = self._mailbox.loop.create_future()
        self._pending += 1
        future.add_done_callback(self._settled)
        self._lane.queue.put(Piece(label, function, future, progress, interrupt))
        if self._timer is None and self._watchdog is not None:
            self._timer = self._mailbox.loop.call_later(self._watchdog.interval, self._watch)
        return future

    def close(self) -> None:
        """Let the thread end when its queue is empty. Returns at once."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._watchdog = None
        self._lane.queue.put(None)

    def _settled(self, _: asyncio.Future[Any]) -> None:
        self._pending -= 1

    def _new_lane(self) -> _Lane:
        self._generation += 1
        return _Lane(f"{self._name}-{self._generation}", self._mailbox, self._interruption)

    def _watch(self) -> None:
        watchdog = self._watchdog
        if watchdog is None or not self._pending:
            self._timer = None
            return
        self._timer = self._mailbox.loop.call_later(watchdog.interval, self._watch)
        lane, piece = self._lane, self._lane.current
        if piece is None:
            return
        if piece.blocked is not None:
            if watchdog.is_patience_over():
                self._replace(lane, piece)
            return
        seconds = watchdog.blocked_for(piece, lane.cpu_clock, piece.progress() if piece.progress else 0)
        if seconds is None:
            return
        frame = lane.frame()
        report = blocked_report(piece.label, seconds, frame)
        if is_debugged(frame) or not lane.interrupt(piece, report, can_raise=not (watchdog.is_idle and _is_traced())):
            watchdog.forget()

    def _replace(self, lane: _Lane, piece: Piece) -> None:
        """Go on in another thread with what was queued behind a piece that doesn't end."""
        with lane.lock:
            if lane.current is not piece:
                return
            lane.is_abandoned = True
            if piece.blocked is not None:
                piece.blocked.is_abandoned = True
        self.abandoned += 1
        _log.error("%s does not end even when interrupted; its thread is left to itself", piece.label)
        self._lane = self._new_lane()
        try:
            while True:
                self._lane.queue.put(lane.queue.get_nowait())
        except queue.Empty:
            piece.settle(None, None)


class _Lane:
    """One thread with its queue."""

    def __init__(self, name: str, mailbox: Mailbox, interruption: type[BaseException]) -> None:
        self.queue: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        self.lock = threading.Lock()
        self.current: Piece | None = None
        self.is_abandoned = False
        self._mailbox = mailbox
        self._interruption = interruption
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def cpu_clock(self) -> float | None:
        """Return the thread's CPU time in seconds; None where the platform doesn't tell."""
        ident = self._thread.ident
        clock_of = getattr(time, "pthread_getcpuclockid", None)
        if clock_of is None or ident is None or not self._thread.is_alive():
            return None
        return time.clock_gettime(clock_of(ident))

    def frame(self) -> types.FrameType | None:
        """Return the thread's innermost frame."""
        return sys._current_frames().get(self._thread.ident or 0)

    def interrupt(self, piece: Piece, found: BlockedError, *, can_raise: bool) -> bool:
        """Give a piece up: raise the interruption in it, if that can be. False where it has just ended."""
        ident = self._thread.ident
        with self.lock:
            if self.current is not piece or ident is None:
                return False
            piece.blocked = found
            if piece.interrupt is not None:
                piece.interrupt()
            if can_raise:
                _raise_in(ident, self._interruption)
        return True

    def _serve(self) -> None:
        while (piece := self.queue.get()) is not None:
            result: object = None
            failure: BaseException | None = None
            try:
                self.current = piece
                try:
                    result = piece.function()
                except BaseException as error:  # noqa: BLE001  # raised where the piece is waited for
                    failure = error
                self._end(piece)
            except self._interruption as error:
                # It came at the piece's very edge. The piece is given up all the same: it has been told so.
                failure = error
                self._end(piece)
            if self.is_abandoned:
                return
            self._mailbox.post(piece.settle, result, failure)

    def _end(self, piece: Piece) -> None:
        with self.lock:
            self.current = None  # from here on nobody interrupts
        if piece.blocked is not None:
            self._absorb()

    def _absorb(self) -> None:
        """Leave no interruption behind.

        One may or may not be under way. It is not taken back by setting none: CPython 3.11 and 3.12 then go on looking
        for it at every step of every thread, and 3.11 hangs where a tracer is installed. So another one is sent after
        it, which replaces it, and is caught here.
        """
        try:
            _raise_in(threading.get_ident(), self._interruption)
            while True:
                pass
        except self._interruption:
            return


def _is_traced() -> bool:
    """Whether a tracer would make CPython 3.11 hang while an exception waits for a thread that waits in C."""
    return sys.version_info < (3, 12) and (sys.gettrace() is not None or threading.gettrace() is not None)


def _raise_in(ident: int, error: type[BaseException]) -> None:
    """Set the exception that a thread raises at its next step, in place of one that it hasn't raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error))
