"""Runs a command, and runs it anew whenever a Python file below some folders changes: for `--reload`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from cadence.cli import output

__all__ = ("run", "snapshot")

_INTERVAL = 0.25
_PASSED_OVER = frozenset((".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache"))


def run(command: Sequence[str], folders: Sequence[str]) -> int:
    """Run a command until a signal comes; start it anew after each change.

    Args:
        command: What to run.
        folders: Where the source files are.

    Returns:
        The command's last exit code.
    """
    return asyncio.run(_run(command, folders))


def snapshot(folders: Sequence[str]) -> dict[str, int]:
    """Return every Python file below some folders, with the time of its last change in nanoseconds."""
    found: dict[str, int] = {}
    for folder in folders:
        for root, names, files in os.walk(folder):
            names[:] = [name for name in names if name not in _PASSED_OVER]
            for name in files:
                if name.endswith(".py"):
                    path = Path(root, name)
                    try:
                        found[str(path)] = path.stat().st_mtime_ns
                    except FileNotFoundError:
                        continue  # editors replace files by renaming
    return found


async def _run(command: Sequence[str], folders: Sequence[str]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM"):
        try:
            loop.add_signal_handler(getattr(signal, name), stop.set)
        except NotImplementedError:
            break  # Windows' loops: Ctrl-C ends the process there
    while True:
        before = snapshot(folders)
        process = await asyncio.create_subprocess_exec(*command, start_new_session=os.name == "posix")
        ended = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(stop.wait())
        changed = ""
        try:
            while not stop.is_set() and not changed:
                await asyncio.wait([ended, stopping], timeout=_INTERVAL, return_when=asyncio.FIRST_COMPLETED)
                # A program that ended, for a mistake in it, waits for the change that mends it.
                changed = _first_change(before, snapshot(folders))
        finally:
            stopping.cancel()
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            code = await ended
        if stop.is_set():
            return code
        output.say(f"{output.escaped(changed)} has changed: starting anew")
        sys.stdout.flush()


def _first_change(before: dict[str, int], now: dict[str, int]) -> str:
    return next((path for path in sorted(before.keys() | now.keys()) if before.get(path) != now.get(path)), "")
