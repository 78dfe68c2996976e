"""`cadence worker` as a process: what it runs, how it ends, what it says to a health check, how it starts anew."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cadence.cli import reloading
from cadence.cli.failures import MistakeError
from cadence.cli.worker import load
from cadence.client import Client
from cadence.devserver import DevServer
from cadence.testing import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PROGRAM = """
import asyncio
from datetime import timedelta
from cadence import Worker, WorkerGroup, activity, workflow

@activity.defn
async def slow(name: str) -> str:
    activity.heartbeat()
    print("begun", flush=True)
    try:
        await asyncio.sleep(SECONDS)
    except asyncio.CancelledError:
        print("cut off", flush=True)
        raise
    return f"Hello, {name}!"

@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity(slow, name, schedule_to_close_timeout=timedelta(seconds=30))

def make(client):
    return Worker(client, "greetings", workflows=[Greeting], activities=[slow], grace=timedelta(hours=1))

async def make_two(client):
    return [make(client), Worker(client, "others", workflows=[Greeting])]

def make_group(client):
    return WorkerGroup([make(client), Worker(client, "others", workflows=[Greeting])])

def make_nothing(client):
    return 3
"""
Start = Callable[..., Awaitable[asyncio.subprocess.Process]]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(PROGRAM.replace("SECONDS", "0.3"))
    return tmp_path


@pytest.fixture
async def start(server: DevServer, folder: Path) -> AsyncIterator[Start]:
    processes: list[asyncio.subprocess.Process] = []

    async def start(*arguments: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cadence", "worker", *arguments),
            cwd=folder,
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


async def line_of(process: asyncio.subprocess.Process, beginning: str) -> str:
    """The next line that begins so; those before it are passed over."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while line := (await process.stdout.readline()).decode():
            if line.startswith(beginning):
                return line.strip()
    errors = "" if process.stderr is None else (await process.stderr.read()).decode()
    pytest.fail(f"the process ended without {beginning!r}: {errors}")


async def result_of(server: DevServer, name: str) -> object:
    async with Client.connect(server.address, domain="samples") as client:
        return await client.execute_workflow(
            "Greeting", name, task_list="greetings", execution_start_to_close_timeout=MINUTE
        )


async def test_it_works_and_ends_when_told(start: Start, server: DevServer) -> None:
    process = await start("app:make")
    assert await line_of(process, "working on") == "working on greetings"
    assert await result_of(server, "you") == "Hello, you!"
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors


async def test_what_runs_is_brought_to_its_end(start: Start, server: DevServer) -> None:
    process = await start("app:make")
    await line_of(process, "working on")
    result = asyncio.create_task(result_of(server, "late"))
    await line_of(process, "begun")
    process.send_signal(signal.SIGTERM)
    out, errors = await process.communicate()
    assert process.returncode == 0, errors
    assert b"cut off" not in out
    again = await start("app:make")  # for the decision about the result
    assert await result == "Hello, late!"
    again.send_signal(signal.SIGINT)
    await again.communicate()


async def test_who_insists_does_not_wait(start: Start, server: DevServer, folder: Path) -> None:
    (folder / "app.py").write_text(PROGRAM.replace("SECONDS", "30"))
    process = await start("app:make")
    await line_of(process, "working on")
    result = asyncio.create_task(result_of(server, "never"))
    await line_of(process, "begun")
    process.send_signal(signal.SIGTERM)
    await line_of(process, "stopping")
    process.send_signal(signal.SIGTERM)
    await line_of(process, "cut off")
    await process.communicate()
    assert process.returncode == 130
    result.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await result


def ask(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("function", ["make_two", "make_group"])
async def test_several_and_their_health(start: Start, function: str) -> None:
    process = await start(f"app:{function}", "--health-port", "0")
    address = (await line_of(process, "health at")).split()[2].removesuffix("/healthz")
    assert await line_of(process, "working on") == "working on greetings, others"
    assert await asyncio.to_thread(ask, address + "/healthz") == 200
    assert await asyncio.to_thread(ask, address + "/readyz") == 200
    assert await asyncio.to_thread(ask, address + "/else") == 404
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


async def test_without_a_server_it_lives_and_is_not_ready(start: Start, server: DevServer) -> None:
    process = await start("app:make", "--health-port", "0", "--address", f"127.0.0.1:1,{server.address}")
    address = (await line_of(process, "health at")).split()[2].removesuffix("/healthz")
    await line_of(process, "working on")
    await server.close()

    async def is_told() -> bool:
        return await asyncio.to_thread(ask, address + "/readyz") == 503

    await wait_until(is_told)
    assert await asyncio.to_thread(ask, address + "/healthz") == 200
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


async def test_its_token_comes_from_a_file(start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CADENCE_TOKEN_FILE", str(folder / "token"))
    refused = await start("app:make")
    _, said = await refused.communicate()
    assert (refused.returncode, b"no authorization token in" in said) == (1, True)
    (folder / "token").write_text("anything: the dev server asks for none")
    process = await start("app:make")
    await line_of(process, "working on")
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


async def test_a_change_starts_it_anew(start: Start, server: DevServer, folder: Path) -> None:
    process = await start("app:make", "--reload")
    await line_of(process, "working on")
    (folder / "app.py").write_text(PROGRAM.replace("SECONDS", "0").replace("Hello", "Hi"))
    assert "app.py has changed" in await line_of(process, str(Path("app.py").parent / "app.py"))
    await line_of(process, "working on")
    assert await result_of(server, "you") == "Hi, you!"
    (folder / "app.py").write_text("1 / 0")
    await line_of(process, "app.py has changed")
    (folder / "app.py").write_text(PROGRAM.replace("SECONDS", "0"))
    await line_of(process, "working on")
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("app", "not MODULE:FACTORY"),
        ("nowhere:make", "no module nowhere"),
        ("app:nothing", "has no nothing"),
        ("app:MINUTES", "is no function"),
    ],
)
def test_what_can_not_be_loaded(spec: str, words: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.delitem(sys.modules, "app", raising=False)
    (folder / "app.py").write_text("MINUTES = 3")
    with pytest.raises(MistakeError, match=words):
        load(spec)
    sys.modules.pop("app", None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["app:make_nothing"], "neither a Worker"), (["app:make", "--log-level", "LOUD"], "no log level LOUD")],
)
async def test_mistakes_are_one_line(start: Start, arguments: list[str], words: str) -> None:
    process = await start(*arguments)
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert words in errors.decode().strip().splitlines()[-1]
    assert b"Traceback" not in errors


def test_what_is_watched(tmp_path: Path) -> None:
    for name in ("a.py", "deep/b.py", ".venv/c.py", "d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    assert sorted(Path(path).name for path in reloading.snapshot([str(tmp_path)])) == ["a.py", "b.py"]
