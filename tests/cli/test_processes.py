"""`cadence worker --processes N`: several processes, each started anew when it dies, ended and asked as one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cadence.client import Client
from cadence.devserver import DevServer
from cadence.testing import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PROGRAM = """
import asyncio, os
from datetime import timedelta
from cadence import Worker, activity, workflow

@activity.defn
async def who() -> tuple[str, int]:
    return os.environ["CADENCE_WORKER_PROCESS"], os.getpid()

@activity.defn
async def linger() -> str:
    print("begun", flush=True)
    await asyncio.sleep(0.3)
    return "done"

@workflow.defn
class Ask:
    @workflow.run
    async def run(self, name: str) -> list:
        return await workflow.execute_activity(name, schedule_to_close_timeout=timedelta(seconds=30))

def make(client):
    return Worker(client, "asked", workflows=[Ask], activities=[who, linger], grace=timedelta(minutes=1))

def make_nothing(client):
    return 3
"""
Start = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def start(server: DevServer, tmp_path: Path) -> AsyncIterator[Start]:
    (tmp_path / "app.py").write_text(PROGRAM)
    processes: list[asyncio.subprocess.Process] = []

    async def start(*arguments: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cadence", "worker", *arguments),
            cwd=tmp_path,
            env={**os.environ, "CADENCE_ADDRESS": server.address, "CADENCE_DOMAIN": "samples"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def lines_of(process: asyncio.subprocess.Process, beginning: str, count: int = 1) -> str:
    """The last of so many lines that begin so; others are passed over."""
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while line := (await process.stdout.readline()).decode():
            count -= line.startswith(beginning)
            if not count:
                return line.strip()
    pytest.fail(f"the process ended without {beginning!r}: {(await process.stderr.read()).decode()}")


async def ask(server: DevServer, name: str) -> list[object]:
    async with Client.connect(server.address, domain="samples") as client:
        answer: list[object] = await client.execute_workflow(
            "Ask", name, task_list="asked", execution_start_to_close_timeout=timedelta(minutes=1)
        )
        return answer


def status(address: str, path: str) -> int:
    try:
        with urllib.request.urlopen(address + path) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


async def test_two_work_and_end_as_one(start: Start, server: DevServer) -> None:
    process = await start("app:make", "--processes", "2", "--health-port", "0")
    address = (await lines_of(process, "health at")).split()[2].removesuffix("/healthz")
    await lines_of(process, "working on asked", 2)
    numbers = set()

    async def both_answer() -> bool:
        numbers.add((await ask(server, "who"))[0])
        return numbers == {"1", "2"}

    await wait_until(both_answer)
    assert await asyncio.to_thread(status, address, "/healthz") == 200
    assert await asyncio.to_thread(status, address, "/readyz") == 200
    assert await asyncio.to_thread(status, address, "/else") == 404
    process.send_signal(signal.SIGTERM)
    out, errors = await process.communicate()
    assert process.returncode == 0, errors
    assert out.count(b"stopping: tasks that run get their time") == 2


async def test_one_that_dies_is_started_anew(start: Start, server: DevServer) -> None:
    process = await start("app:make", "--processes", "2", "--health-port", "0")
    address = (await lines_of(process, "health at")).split()[2].removesuffix("/healthz")
    await lines_of(process, "working on asked", 2)
    number, pid = await ask(server, "who")
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    await wait_until(lambda: asyncio.to_thread(lambda: status(address, "/readyz") == 503))
    assert await asyncio.to_thread(status, address, "/healthz") == 200
    assert process.stderr is not None
    words = f"process {number} was killed by signal 9; it is started anew in 0.5 s"
    async with asyncio.timeout(30):
        while words not in (await process.stderr.readline()).decode():
            assert process.returncode is None
    await lines_of(process, "working on asked")
    await wait_until(lambda: asyncio.to_thread(lambda: status(address, "/readyz") == 200))
    process.send_signal(signal.SIGINT)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors


async def test_the_pause_before_a_start_grows(start: Start, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit(7)")
    process = await start("app:make", "--processes", "2")
    assert process.stderr is not None
    said = ""
    async with asyncio.timeout(60):
        while "in 1 s" not in said:
            said += (await process.stderr.readline()).decode()
    assert "process 1 ended with code 7; it is started anew in 0.5 s" in said
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors


async def test_what_runs_is_brought_to_its_end(start: Start, server: DevServer) -> None:
    process = await start("app:make", "--processes", "2")
    await lines_of(process, "working on asked", 2)
    result = asyncio.create_task(ask(server, "linger"))
    await lines_of(process, "begun")
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors
    again = await start("app:make")
    assert await result == "done"
    again.send_signal(signal.SIGTERM)
    await again.communicate()


async def test_children_end_with_their_parent(start: Start, server: DevServer) -> None:
    process = await start("app:make", "--processes", "2")
    await lines_of(process, "working on asked", 2)
    process.kill()
    out, _ = await process.communicate()  # that is, until the last child closes its end
    assert out.count(b"stopping") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["app:make_nothing", "--processes", "2"], "neither a Worker"),
        (["nowhere:make", "--processes", "2"], "no module nowhere"),
        (["app:make", "--processes", "2", "--reload"], "leave out --processes"),
    ],
)
async def test_mistakes_end_it(start: Start, arguments: list[str], words: str) -> None:
    process = await start(*arguments)
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert words in errors.decode()
    assert b"Traceback" not in errors
