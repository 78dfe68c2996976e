"""Workflow code is told what it must not do, where it tries, and what to do instead; others are left alone."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cadence.engine import guards
from cadence.engine.loop import new_loop
from cadence.exceptions import NotReplayableError

HERE = Path(__file__)


def as_workflow_code(function: Callable[[], Any]) -> Any:
    """Call a function as the run's loop calls workflow code."""
    guards.install()
    loop = new_loop()
    results: list[Any] = []

    async def call() -> None:
        try:
            results.append(function())
        except NotReplayableError as error:
            results.append(error)

    task = loop.create_task(call())
    loop.run_until_blocked(lambda: False)
    assert task.done()
    return results[0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: open(HERE), "a file (open"),  # noqa: PTH123, SIM115
        (HERE.read_text, "a file"),
        (lambda: os.listdir("/"), "a file (os.listdir '/')"),  # noqa: PTH208
        (lambda: HERE.with_name("x").mkdir(), "a file (os.mkdir"),
        (tempfile.mkdtemp, "a file"),
        (lambda: sqlite3.connect(":memory:"), "a database"),
        (socket.socket, "the network"),
        (lambda: socket.getaddrinfo("localhost", 80), "the network"),
        (lambda: subprocess.run(["true"], check=True), "a process"),
        (lambda: os.system("true"), "a process"),
        (lambda: threading.Thread(target=print).start(), "a thread"),
        (lambda: ThreadPoolExecutor().submit(print), "a thread"),
        (lambda: time.sleep(0), "time.sleep"),
    ],
)
def test_what_is_refused(call: Callable[[], Any], words: str) -> None:
    error = as_workflow_code(call)
    assert isinstance(error, NotReplayableError)
    assert words in str(error)
    assert error.hint


def test_the_hint_names_the_replacement() -> None:
    assert "asyncio.sleep" in str(as_workflow_code(lambda: time.sleep(1)))
    assert "execute_activity" in str(as_workflow_code(socket.socket))


def test_the_same_calls_elsewhere_are_left_alone() -> None:
    guards.install()
    guards.install()
    time.sleep(0)
    assert HERE.read_text()
    with socket.socket():
        pass


async def test_other_loops_are_left_alone() -> None:
    guards.install()
    assert await asyncio.to_thread(HERE.read_text)


def test_imports_loggers_and_tracebacks_may() -> None:
    def work() -> str:
        sys.modules.pop("colorsys", None)
        import colorsys

        logger = logging.getLogger("test.guards")
        path = Path(tempfile.gettempdir()) / f"guards-{os.getpid()}.log"
        handler = logging.FileHandler(path, delay=True)
        logger.addHandler(handler)
        try:
            msg = "x"
            raise ValueError(msg)
        except ValueError:
            logger.exception("an error with a traceback, into a file that is opened now")
        finally:
            logger.removeHandler(handler)
            handler.close()
        return str(path) if colorsys else ""

    tempfile.gettempdir()
    path = Path(as_workflow_code(work))
    assert "ValueError" in path.read_text()
    path.unlink()


def test_what_somebody_answers_for_is_permitted() -> None:
    def work() -> bool:
        with guards.unguarded():
            return bool(HERE.read_text())

    assert as_workflow_code(work) is True


def test_the_cost() -> None:
    """The hook must not be looked at by what isn't refused: only membership in a dict is between."""
    hook = guards._hook({}, lambda: pytest.fail("asked for the loop"))
    hook("import", ("x",))
