"""Workflow code runs in a thread of its own, and is found, interrupted or left behind when it does not yield."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator

import pytest

from cadence.exceptions import CadenceError
from cadence.worker.mailbox import Mailbox
from cadence.worker.watchdog import BlockedError, Watchdog, blocked_report, is_debugged
from cadence.worker.workflow_thread import WorkflowThread


class Interruption(BaseException):
    """As the engine's: no Exception."""


async def untraced(thread: WorkflowThread) -> None:
    """Stop the measuring of coverage in a thread that is to be interrupted: the tracer's own lock would stay taken."""
    await thread.run("untraced", lambda: sys.settrace(None))


@pytest.fixture
async def thread(mailbox: Mailbox) -> AsyncIterator[WorkflowThread]:
    thread = WorkflowThread("test", mailbox, Interruption, limit=0.1)
    await untraced(thread)
    yield thread
    thread.close()


async def test_pieces_run_in_order_in_one_other_thread(thread: WorkflowThread) -> None:
    seen: list[tuple[int, int]] = []

    def piece(number: int) -> int:
        seen.append((number, threading.get_ident()))
        return number * 2

    results = await asyncio.gather(*(thread.run("piece", lambda n=n: piece(n)) for n in range(50)))
    assert results == [n * 2 for n in range(50)]
    assert [number for number, _ in seen] == list(range(50))
    idents = {ident for _, ident in seen}
    assert len(idents) == 1
    assert threading.get_ident() not in idents


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(1), StopIteration(3)])
async def test_what_a_piece_raises_arrives(thread: WorkflowThread, error: BaseException) -> None:
    def fail() -> None:
        raise error

    with pytest.raises((ValueError, CadenceError)) as caught:
        await thread.run("piece", fail)
    assert error in (caught.value, caught.value.__cause__)
    assert await thread.run("piece", lambda: 1) == 1


def endless() -> None:
    while True:
        pass


async def test_an_endless_loop_is_interrupted_with_its_stack(thread: WorkflowThread) -> None:
    waiting = asyncio.create_task(thread.run("run abc", endless))
    behind = asyncio.create_task(thread.run("piece", lambda: "behind"))
    with pytest.raises(BlockedError, match="run abc runs workflow code that does not yield") as caught:
        await waiting
    assert "in endless" in caught.value.stack
    assert await behind == "behind"
    assert thread.abandoned == 0


async def test_a_loop_that_holds_the_interruption_is_left_behind(thread: WorkflowThread) -> None:
    stop = threading.Event()

    def stubborn() -> None:
        while not stop.is_set():
            try:
                endless()
            except BaseException:  # noqa: BLE001  # this is what is tried here
                continue

    waiting = asyncio.create_task(thread.run("stubborn", stubborn))
    behind = asyncio.create_task(thread.run("piece", lambda: "behind"))
    with pytest.raises(BlockedError):
        await waiting
    assert await behind == "behind"
    assert thread.abandoned == 1
    stop.set()
    lane = [item for item in threading.enumerate() if item.name == "test-1"]
    for item in lane:
        _interrupt(item)
        await asyncio.to_thread(item.join, 10)
        assert not item.is_alive()


def _interrupt(thread: threading.Thread) -> None:
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Interruption))


async def test_code_that_waits_in_c_is_found_by_the_wall_clock(thread: WorkflowThread) -> None:
    gate = threading.Lock()
    gate.acquire()
    with pytest.raises(BlockedError, match="yield"):
        await thread.run("locked", gate.acquire)
    assert thread.abandoned == 1
    gate.release()
    assert await thread.run("piece", lambda: 1) == 1


async def test_the_interruption_never_hits_the_next_piece(mailbox: Mailbox) -> None:
    thread = WorkflowThread("edge", mailbox, Interruption, limit=0.02)
    await untraced(thread)

    def spin(seconds: float) -> str:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass
        return "done"

    for number in range(30):
        results = await asyncio.gather(
            thread.run("edge", lambda n=number: spin(0.018 + n / 4000)),
            *(thread.run("next", lambda: "next") for _ in range(5)),
            return_exceptions=True,
        )
        assert results[0] == "done" or isinstance(results[0], BlockedError)
        assert results[1:] == ["next"] * 5
    thread.close()


async def test_progress_is_patience(thread: WorkflowThread) -> None:
    steps = 0

    def long_replay() -> str:
        nonlocal steps
        for _ in range(10):
            end = time.thread_time() + 0.03
            while time.thread_time() < end:
                pass
            steps += 1
        return "replayed"

    assert await thread.run("replay", long_replay, lambda: steps) == "replayed"


def test_a_busy_machine_is_no_endless_loop() -> None:
    watchdog = Watchdog(10.0)
    piece = object()
    assert watchdog.blocked_for(piece, lambda: 0.0, 0) is None
    assert watchdog.blocked_for(piece, lambda: 9.9, 0) is None
    assert watchdog.blocked_for(piece, lambda: 10.0, 0) is not None
    watchdog.forget()
    assert watchdog.blocked_for(piece, lambda: 20.0, 0) is None


def test_reports_say_when_a_payload_is_converted() -> None:
    assert "does not yield for 2.0 s" in str(blocked_report("run x", 2.0, None))
    code = compile("import sys\nframe = sys._getframe()", "/x/cadence/converter/json_values.py", "exec")
    scope: dict[str, object] = {}
    exec(code, scope)
    assert "is converting a payload" in str(blocked_report("run x", 2.0, scope["frame"]))  # type: ignore[arg-type]


def test_code_in_a_debugger_is_known() -> None:
    scope: dict[str, object] = {"__name__": "pdb"}
    exec("import sys\nframe = sys._getframe()", scope)
    assert is_debugged(scope["frame"])  # type: ignore[arg-type]
    assert not is_debugged(None)
