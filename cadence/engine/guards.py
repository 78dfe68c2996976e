"""What would break replay is refused where it is tried: files, sockets, threads, processes, sleeping the thread.

One audit hook for the process, put in place with the first run: the interpreter itself says when somebody opens a file
or starts a thread, so that workflow code pays nothing for being watched. The hook looks only at calls made while a
workflow's loop runs in this thread. What the interpreter doesn't say (the wall clock, global random) is for `cadence
lint`. Imports, loggers, tracebacks, debuggers and the data converter may do what they need: their work isn't the
workflow's.
"""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

from cadence.engine.loop import WorkflowLoop
from cadence.exceptions import NotReplayableError

__all__ = ("install", "unguarded")

_ACTIVITY = "do it in an activity: await workflow.execute_activity(...)"
_FILE = ("a file", _ACTIVITY)
_NETWORK = ("the network", _ACTIVITY)
_PROCESS = ("a process", _ACTIVITY)
_BESIDE = f"asyncio.create_task(...) runs something beside; for blocking work, {_ACTIVITY}"
_REFUSED: dict[str, tuple[str, str]] = {
    "open": _FILE,
    "os.chmod": _FILE,
    "os.link": _FILE,
    "os.listdir": _FILE,
    "os.mkdir": _FILE,
    "os.remove": _FILE,
    "os.rename": _FILE,
    "os.rmdir": _FILE,
    "os.scandir": _FILE,
    "os.symlink": _FILE,
    "os.truncate": _FILE,
    "os.utime": _FILE,
    "shutil.copyfile": _FILE,
    "shutil.move": _FILE,
    "shutil.rmtree": _FILE,
    "tempfile.mkstemp": _FILE,
    "tempfile.mkdtemp": _FILE,
    "sqlite3.connect": ("a database", _ACTIVITY),
    "socket.__new__": _NETWORK,
    "socket.connect": _NETWORK,
    "socket.bind": _NETWORK,
    "socket.getaddrinfo": _NETWORK,
    "socket.gethostbyname": _NETWORK,
    "socket.gethostbyaddr": _NETWORK,
    "socket.sendto": _NETWORK,
    "urllib.Request": _NETWORK,
    "subprocess.Popen": _PROCESS,
    "os.system": _PROCESS,
    "os.exec": _PROCESS,
    "os.fork": _PROCESS,
    "os.forkpty": _PROCESS,
    "os.posix_spawn": _PROCESS,
    "os.spawn": _PROCESS,
    "os.startfile": _PROCESS,
    "_thread.start_joinable_thread": ("a thread", _BESIDE),
    "_thread.start_new_thread": ("a thread", _BESIDE),
    "time.sleep": ("time.sleep", "await asyncio.sleep(...) or workflow.sleep(...), which the server keeps for days"),
    "builtins.input": ("input from a person", "take it as a signal: @workflow.signal"),
}
_AT_HOME = (
    "importlib",
    "_frozen_importlib",
    "linecache",
    "tokenize",
    "traceback",
    "logging",
    "warnings",
    "pydevd",
    "_pydevd_bundle",
    "debugpy",
    "pdb",
    "coverage",
    "cadence.converter",
)
_permitted: ContextVar[bool] = ContextVar("cadence_unguarded", default=False)
_is_installed = False


def install() -> None:
    """Put the hook in place. Hooks can't be taken away again; a second call does nothing."""
    global _is_installed  # noqa: PLW0603  # one per process, as the hook is
    if not _is_installed:
        _is_installed = True
        sys.addaudithook(_hook(_REFUSED, asyncio._get_running_loop))
        if sys.version_info < (3, 13):
            time.sleep = _announced("time.sleep", time.sleep)
        if sys.version_info < (3, 12):
            threading._start_new_thread = _announced("_thread.start_new_thread", threading._start_new_thread)  # type: ignore[attr-defined]


@contextmanager
def unguarded() -> Iterator[None]:
    """Let workflow code do what is refused otherwise, for the body of a `with`. Whether it replays is yours to know."""
    token = _permitted.set(True)
    try:
        yield
    finally:
        _permitted.reset(token)


def _announced(event: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Raise an audit event that older interpreters don't raise themselves."""

    @functools.wraps(function)
    def announce(*arguments: Any, **options: Any) -> Any:
        sys.audit(event, *arguments[:1])
        return function(*arguments, **options)

    return announce


def _hook(refused: dict[str, tuple[str, str]], running_loop: Callable[[], object]) -> Callable[[str, Any], None]:
    def look(event: str, arguments: Any) -> None:
        if event in refused and type(running_loop()) is WorkflowLoop:
            _refuse(event, arguments)

    return look


def _refuse(event: str, arguments: Any) -> None:
    if _permitted.get() or _is_at_home(sys._getframe(2)):
        return
    what, hint = _REFUSED[event]
    msg = f"workflow code asked for {what} ({event}{_shown(arguments)}), which would not replay"
    raise NotReplayableError(msg, hint=hint)


def _is_at_home(frame: FrameType | None) -> bool:
    """Tell whether somebody between the call and the workflow's code may do that."""
    while frame is not None and frame.f_code.co_name != "run_until_blocked":
        module = frame.f_globals.get("__name__", "")
        if module.startswith(_AT_HOME):
            return True
        frame = frame.f_back
    return False


def _shown(arguments: Any) -> str:
    first = arguments[0] if isinstance(arguments, tuple) and arguments else None
    return f" {first!r}" if isinstance(first, (str, int, float)) else ""
