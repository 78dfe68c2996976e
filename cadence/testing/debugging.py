"""Replays a history with a debugger that opens in workflow code: where code and history part, or at an event.

Two passes. The first finds what to stop at: the code's n-th command, which history contradicts or event N is of, or the
decision task that sees event N. The second stops there. Knows the engine's run and its books; that a terminal is there
is the caller's word. No watchdog looks at a replay, so nobody minds how long someone thinks.
"""

from __future__ import annotations

import logging
import os
import pdb  # noqa: T100  # a debugger is what this module is
import sys
from collections import deque
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, TYPE_CHECKING, Any

from cadence.api.enums import EventType
from cadence.engine.dispatch import DECISION_EVENTS
from cadence.engine.ledger import Asked, AskedT, Ledger
from cadence.engine.run import WorkflowRun
from cadence.exceptions import CadenceError, NondeterminismError

if TYPE_CHECKING:
    from cadence import api
    from cadence.engine.errors import StopRun
    from cadence.testing.histories import WorkflowHistory
    from cadence.testing.replayer import Replayer

__all__ = ("Debugger", "debug")

_log = logging.getLogger("cadence.testing")

_OURS = ("cadence", "asyncio", "contextlib", "pdb", "bdb", "cmd")
_STDLIB = str(Path(os.__file__).parent) + os.sep
_SKIPPED = [pattern for name in _OURS for pattern in (name, f"{name}.*")]


def debug(
    replayer: Replayer,
    history: WorkflowHistory,
    *,
    until: int = 0,
    stdin: IO[str] | None = None,
    stdout: IO[str] | None = None,
) -> bool:
    """Replay a history and open the debugger in workflow code.

    Args:
        replayer: Has the code.
        history: What to replay.
        until: The event to stop at: its command, or the first line that runs once the code knows of it. Default: where
            code and history part.
        stdin: Where the debugger reads commands; default: the terminal.
        stdout: Where it writes.

    Returns:
        Whether it opened: False where nothing is wrong, or no line of workflow code stands behind it.

    Raises:
        ConfigurationError: There is no workflow of that type, or no such event.
    """
    debugger = Debugger(stdin, stdout)
    part = history.until(until) if until else history
    scout = _Watch(None, until)
    error: Exception | None = None
    try:
        _replay(replayer, part, scout)
    except Exception as found:  # noqa: BLE001  # what is wrong with code or history is what is looked for
        error = found
    if error is None and not until:
        return False
    if error is not None and not isinstance(error, CadenceError):
        return debugger.open_after(error)
    if scout.raised is not None and not until:
        return debugger.open_after(scout.raised)
    event_id = until or (error.event_id if isinstance(error, NondeterminismError) else 0)
    watch = _Watch(debugger, 0, command=scout.found, task=_task_of(part, event_id, scout))
    try:
        _replay(replayer, history, watch)
    except CadenceError as found:
        _log.debug("the replay under the debugger ended: %r", found)  # what is wrong is known from the first pass
    return debugger.has_opened


def _replay(replayer: Replayer, history: WorkflowHistory, watch: _Watch) -> None:
    class Run(_WatchedRun):
        watch_of_all = watch

    with replayer._run_of(history, Run):
        pass


def _task_of(history: WorkflowHistory, event_id: int, scout: _Watch) -> int:
    """Return the start of the decision task in which the code ran for an event; 0: it is a command to stop at."""
    if scout.found or scout.was_stopped:
        return 0
    kind = history.events[event_id - 1].event_type if 0 < event_id <= len(history.events) else None
    if kind in DECISION_EVENTS or kind == EventType.DecisionTaskCompleted:
        return max((each for each in scout.tasks if each < event_id), default=0)
    return min((each for each in scout.tasks if each >= event_id), default=max(scout.tasks, default=0))


class _Watch:
    """What is looked for in a run, and what was seen."""

    def __init__(self, debugger: Debugger | None, event_id: int, *, command: int = 0, task: int = 0) -> None:
        self.debugger = debugger
        self.event_id = event_id
        """The event whose command is wanted; 0: the one that history contradicts."""
        self.command = command
        self.task = task
        self.asked: dict[int, int] = {}
        """The number of each command that waits for its event, by its identity."""
        self.count = 0
        self.taken = (0, 0)
        """The last event of a command, and the command's number."""
        self.was_stopped = False
        """Whether the code asked for a value that history doesn't have, and went no further."""
        self.found = 0
        """The number of the command that was looked for."""
        self.tasks: list[int] = []
        """The starts of the decision tasks for which the code ran."""
        self.raised: BaseException | None = None
        """What the workflow failed with."""

    def note(self, entry: Asked) -> None:
        """See a command as the code gives it."""
        self.count += 1
        self.asked[id(entry)] = self.count
        if self.debugger is not None and self.count == self.command:
            self.debugger.open_at(sys._getframe(1))

    def number(self, entry: Asked) -> int:
        """Return a command's number; 0 where no line of the workflow's stands behind it."""
        return self.asked.get(id(entry), 0) if entry.place is not None else 0


class _WatchedQueue(deque[Asked]):
    """The queue of what was asked for."""

    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self.watch = watch

    def append(self, entry: Asked, /) -> None:
        super().append(entry)
        self.watch.note(entry)


class _WatchedLedger(Ledger):
    """Books that tell the watch what is written into them."""

    __slots__ = ("watch",)
    watch: _Watch

    def take(self, event: api.HistoryEvent, kind: type[AskedT]) -> AskedT:
        watch, number = self.watch, self.watch.number(self.asked[0]) if self.asked else 0
        watch.taken = (event.event_id or 0, number)
        if watch.event_id and watch.event_id == event.event_id:
            watch.found = number
        return super().take(event, kind)

    def stop(self, error: CadenceError) -> StopRun:
        debugger = self.watch.debugger
        if debugger is not None and not debugger.has_opened and self.failure is None:
            debugger.open_at(sys._getframe(1))
        self.watch.was_stopped = True
        return super().stop(error)


class _WatchedRun(WorkflowRun):
    """A run with such books."""

    watch_of_all: _Watch

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        books = _WatchedLedger(self.loop, self.ledger.converter, self.ledger.domain)
        books.watch = self.watch_of_all
        books.asked = _WatchedQueue(self.watch_of_all)
        self.ledger = books

    def run_code(self) -> None:
        watch = self.watch_of_all
        if not watch.tasks or watch.tasks[-1] != self.last_event_id:
            watch.tasks.append(self.last_event_id)
        if watch.debugger is not None and watch.task == self.last_event_id and not watch.debugger.has_opened:
            watch.debugger.open_soon()
        super().run_code()
        if watch.debugger is not None:
            watch.debugger.relax()

    def receive_task(self, *arguments: Any, **options: Any) -> None:
        try:
            super().receive_task(*arguments, **options)
        except NondeterminismError as error:
            watch = self.watch_of_all
            event_id, number = watch.taken
            if not watch.event_id and not watch.was_stopped:
                front = self.ledger.asked[0] if self.ledger.asked else None
                watch.found = number if event_id == error.event_id else watch.number(front) if front else 0
            raise

    def close(self) -> None:
        if self.watch_of_all.debugger is not None:
            sys.settrace(None)  # that its coroutines are closed is no step of the workflow
        super().close()

    def _end_with(self, error: BaseException) -> None:
        if isinstance(error, Exception) and not isinstance(error, CadenceError):
            self.watch_of_all.raised = error
        super()._end_with(error)


class Debugger(pdb.Pdb):
    """`pdb` that shows workflow code and steps over this package and asyncio; leaving it lets the replay go on."""

    def __init__(self, stdin: IO[str] | None = None, stdout: IO[str] | None = None) -> None:
        super().__init__(stdin=stdin, stdout=stdout, skip=_SKIPPED, nosigint=True)
        if stdin is not None:
            self.use_rawinput = False
        self.prompt = "(cadence) "
        self.has_opened = False
        self._is_armed = False

    def open_at(self, frame: FrameType | None) -> None:
        """Open in the innermost frame of workflow code."""
        while frame is not None and _is_ours(frame):
            frame = frame.f_back
        if frame is None:
            return
        self.has_opened = True
        self.reset()
        bottom = frame
        while bottom.f_back is not None and not _is_ours(bottom.f_back):
            bottom = bottom.f_back
        self.botframe = bottom
        self.set_step()
        self.interaction(frame, None)
        if self.stoplineno == -1 and not self.breaks:
            return
        above: FrameType | None = frame
        while above is not None and not _is_ours(above):
            above.f_trace = self.trace_dispatch
            above = above.f_back
        sys.settrace(self.trace_dispatch)

    def open_soon(self) -> None:
        """Open at the next line of workflow code that runs."""
        self._is_armed = True
        self.reset()
        self.set_step()
        sys.settrace(self._wait)

    def relax(self) -> None:
        """Stop waiting for a line where none ran."""
        if self._is_armed:
            self._is_armed = False
            sys.settrace(None)

    def open_after(self, error: BaseException) -> bool:
        """Open where an error was raised in workflow code."""
        trace: TracebackType | None = error.__traceback__
        while trace is not None and _is_ours(trace.tb_frame):
            trace = trace.tb_next
        if trace is None:
            return False
        self.has_opened = True
        self.reset()
        self.interaction(None, trace)
        return True

    def set_quit(self) -> None:
        """End the session. pdb would raise BdbQuit into workflow code, which might catch it."""
        self.clear_all_breaks()
        self.set_continue()

    def _wait(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Trace until a line of workflow code is about to run."""
        if _is_ours(frame):
            return None
        if event == "line" and not _is_passed_over(frame):
            self._is_armed = False
            sys.settrace(None)
            self.open_at(frame)
            return frame.f_trace
        return self._wait


def _is_passed_over(frame: FrameType) -> bool:
    """Tell whether a line is the standard library's, or runs to decode the workflow's arguments."""
    file = frame.f_code.co_filename
    if file.startswith("<") or (file.startswith(_STDLIB) and "-packages" not in file):
        return True
    above: FrameType | None = frame
    while above is not None and above.f_globals.get("__name__", "") != "cadence.engine.loop":
        if above.f_globals.get("__name__", "").startswith("cadence.converter"):
            return True
        above = above.f_back
    return False


def _is_ours(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__", "").partition(".")[0] in _OURS
