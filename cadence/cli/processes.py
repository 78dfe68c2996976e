"""`cadence worker --processes N`: N processes of the same worker under one that watches them.

The parent imports nothing of the user's. A child that dies is started anew after a pause that grows; SIGTERM and SIGINT
are passed on, and the parent ends when the last child has. Each child answers for its health on a socket that it gets
from the parent, which answers for all. A child's standard input is a pipe: when that ends, the parent is gone, and the
child stops. What a child runs is `worker`'s.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence

from cadence.cli import output
from cadence.cli.failures import MISTAKE
from cadence.cli.health import OK, UNAVAILABLE, answering

__all__ = ("NUMBER", "run")

NUMBER = "CADENCE_WORKER_PROCESS"
"""The environment variable that tells a child which one it is, from 1 on."""
_TERMINATED = 128 + signal.SIGTERM
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 60.0
_STEADY = 60.0
"""Seconds after which a child counts as one that works, and the pause before its next start as short again."""
_PATIENCE = 0.8
"""Seconds that a child may take to answer for its health; who asks us seldom waits for longer than one."""


def run(command: Sequence[str], count: int, health: tuple[str, int] | None) -> int:
    """Run processes until a signal comes, or until a child says at its first start that the command line is wrong.

    Args:
        command: What each runs; the number of the file descriptor of its health socket is put behind it.
        count: How many.
        health: Host and port where the parent answers for all of them; None: nowhere.

    Returns:
        The exit code: 0 where all children ended well, or that of the first that didn't.
    """
    return asyncio.run(_Parent(command, count).run(health))


class _Parent:
    """The process that watches."""

    def __init__(self, command: Sequence[str], count: int) -> None:
        self._children = [_Child(command, number) for number in range(1, count + 1)]
        self._stopping = asyncio.Event()

    async def run(self, health: tuple[str, int] | None) -> int:
        """Start all, watch all, and return the exit code."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._stop)
        async with contextlib.AsyncExitStack() as stack:
            if health is not None:
                await stack.enter_async_context(answering(*health, self._answer))
            tasks = [asyncio.create_task(child.keep_alive(self._stopping)) for child in self._children]
            for done in asyncio.as_completed(tasks):
                if await done == MISTAKE and not self._stopping.is_set():
                    self._stop()  # the others would say the same
        codes = [task.result() for task in tasks]
        return next((code for code in codes if code), 0)

    def _stop(self) -> None:
        if not self._stopping.is_set():
            output.say("stopping all processes: tasks that run get their time; a second signal ends them")
            sys.stdout.flush()
        self._stopping.set()
        for child in self._children:
            child.send(signal.SIGTERM)

    async def _answer(self, path: str) -> bytes | None:
        if path == "/readyz":
            looks = [child.asks("/readyz") for child in self._children]
        elif path == "/healthz":
            looks = [child.lives() for child in self._children]
        else:
            return None
        return OK if all(await asyncio.gather(*looks)) else UNAVAILABLE


class _Child:
    """One place among the processes, and whoever has it now."""

    def __init__(self, command: Sequence[str], number: int) -> None:
        self._number = number
        self._process: asyncio.subprocess.Process | None = None
        self._has_answered = False
        # Ours for as long as we live: its successors listen at the same place.
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._command = [*command, str(self._socket.fileno())]

    async def keep_alive(self, stopping: asyncio.Event) -> int:
        """Run the process, anew whenever it ends, until everything stops; return its last exit code."""
        pause, is_first = _FIRST_PAUSE, True
        while True:
            started = time.monotonic()
            code = await self._run_once(stopping)
            if stopping.is_set():
                # Python's own way to end by the signal: it came while the child was still importing.
                return 0 if code == _TERMINATED else code
            if code == MISTAKE and is_first:
                return code
            is_first = False
            pause = _FIRST_PAUSE if time.monotonic() - started > _STEADY else pause
            how = f"was killed by signal {code - 128}" if code > 128 else f"ended with code {code}"
            print(f"process {self._number} {how}; it is started anew in {pause:g} s", file=sys.stderr, flush=True)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
                return 0
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _run_once(self, stopping: asyncio.Event) -> int:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            env={**os.environ, NUMBER: str(self._number)},
            pass_fds=[self._socket.fileno()],
            start_new_session=True,  # else Ctrl-C would reach it twice, from the terminal and from us
        )
        self._process = process
        if stopping.is_set():
            self.send(signal.SIGTERM)
        try:
            code = await process.wait()
        finally:
            self._process, self._has_answered = None, False
        return code if code >= 0 else 128 - code

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, if there is one."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    async def lives(self) -> bool:
        """Tell whether nothing is wrong with the process; one that begins, or is about to, is as it should be."""
        return await self.asks("/healthz") or not self._has_answered

    async def asks(self, path: str) -> bool:
        """Ask the process for its health."""
        process = self._process
        if process is None:
            return False
        try:
            async with asyncio.timeout(_PATIENCE):
                reader, writer = await asyncio.open_connection(*self._socket.getsockname())
                try:
                    writer.write(b"GET %s HTTP/1.1\r\nHost: worker\r\n\r\n" % path.encode())
                    line = await reader.readline()
                finally:
                    writer.close()
        except (TimeoutError, OSError):
            return False
        if process is self._process and line:
            self._has_answered = True
        return b" 200 " in line
