"""A disk that is full, a file that may not grow, an fsync that fails: the dev server refuses, and loses nothing.

From the first error on every call that needs the store is refused, also where the disk would take it again; a server
that is started with a sound disk goes on from what was acknowledged. What a machine does not have is skipped: mounting
needs root, failing syncs need strace.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cadence import api
from cadence.errors import EntityNotExistsError
from cadence.tchannel.errors import UnexpectedError

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="takes Linux's means")]

MAY_NOT_GROW = ("sh", "-c", 'ulimit -f 3000; exec "$@"', "sh")
FAILING_SYNC = 90
"""Which sync fails; one alone, all later ones work."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """A folder for copies of the server's files."""
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder


def _failing_sync() -> tuple[str, ...]:
    calls = "fsync,fdatasync"
    # -D: the server stays our child, and strace goes when the server does.
    around = ("strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e")
    if not shutil.which("strace"):
        pytest.skip("there is no strace")
    if subprocess.run([*around, f"inject={calls}:error=EIO", "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    return (*around, f"inject={calls}:error=EIO:when={FAILING_SYNC}")


async def _is_refused(service: Any, domain: str) -> None:
    """The server answers, and promises nothing."""
    execution = api.WorkflowExecution(workflow_id="order-0-0")
    start = api.StartWorkflowExecutionRequest(
        domain=domain,
        workflow_id="one-more",
        workflow_type=api.WorkflowType(name="order"),
        task_list=api.TaskList(name="nobody"),
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
        request_id=str(uuid.uuid4()),
    )
    for _ in range(3):
        with pytest.raises(UnexpectedError, match="can't be written"):
            await service.start_workflow_execution(start)
        # It may be closed already; that is an answer, not a promise.
        with pytest.raises((UnexpectedError, EntityNotExistsError)):
            await service.signal_workflow_execution(
                api.SignalWorkflowExecutionRequest(domain, execution, "item", b"", "client")
            )
    assert (await service.health()).ok


def _is_sound(file: Path, copies: Path) -> None:
    """Look at a copy: whoever opens the file itself writes the log back into it, which is the server's to do."""
    for each in file.parent.glob(f"{file.name}*"):
        shutil.copy(each, copies)
    with contextlib.closing(sqlite3.connect(copies / file.name)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def _go_through(server: Any, crash_load: Any, around: tuple[str, ...], copies: Path, mend: Any = None) -> None:
    load = crash_load.Load(server.address, 7933)
    await server.begin(around)
    await server.ready()
    load.is_up.set()
    load.begin()
    async with asyncio.timeout(crash_load.NET):
        await load.is_refused.wait()
    await _is_refused(load.service, crash_load.DOMAIN)
    assert len(load.ledger.started) > 3
    assert "can't be written" in server.log.read_text()
    await server.kill()
    if mend is not None:
        mend()
    _is_sound(server.file, copies)
    await server.begin()
    await server.ready()
    load.is_up.set()
    histories = await load.end()
    crash_load.check(load.ledger, histories)
    assert await load.closed_count() == len(histories)
    await load.service.close()
    await server.stop()


async def test_a_full_disk(server_process: Any, crash_load: Any, small_disk: Path, copies: Path) -> None:
    server_process.file = small_disk / "state.db"

    def mend() -> None:
        subprocess.run(["mount", "-o", "remount,size=256m", str(small_disk)], check=True)

    await _go_through(server_process, crash_load, (), copies, mend)


async def test_a_file_that_may_not_grow(server_process: Any, crash_load: Any, copies: Path) -> None:
    await _go_through(server_process, crash_load, MAY_NOT_GROW, copies)


async def test_a_sync_that_fails(server_process: Any, crash_load: Any, copies: Path) -> None:
    await _go_through(server_process, crash_load, _failing_sync(), copies)
