"""Builds the peers in a temporary folder, runs them as processes, and lets them act; only with CADENCE_TEST_INTEROP=1.

The dev server runs in a thread of this process unless CADENCE_ADDRESS names a frontend, as in all integration tests.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cadence import Client, DataConverter, Worker
from cadence.interceptor import contextvar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

HERE = Path(__file__).parent
JAVA_OPENS = [
    word for name in ("lang", "util", "io", "time") for word in ("--add-opens", f"java.base/java.{name}=ALL-UNNAMED")
]
BUILD_LIMIT = 900.0
NET = 60.0


def _load_ours() -> ModuleType:
    spec = importlib.util.spec_from_file_location("interop_ours", HERE / "ours.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and annotations look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def ours() -> ModuleType:
    """The Python side of the calls."""
    return _load_ours()


def _wanted(*tools: str) -> None:
    if os.environ.get("CADENCE_TEST_INTEROP") != "1":
        pytest.skip("set CADENCE_TEST_INTEROP=1 to build and run the peers in other languages")
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def _build(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=BUILD_LIMIT, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"


@pytest.fixture(scope="session")
def go_peer(tmp_path_factory: pytest.TempPathFactory, frontend: Any) -> Iterator[tuple[list[str], str]]:
    """The Go peer: its starter's command, and the task list that its worker polls."""
    _wanted("go")
    program = tmp_path_factory.mktemp("go-peer") / "peer"
    _build(["go", "build", "-o", str(program), "."], HERE / "go")
    with _working([str(program)], frontend) as running:
        yield running


@pytest.fixture(scope="session")
def java_peer(tmp_path_factory: pytest.TempPathFactory, frontend: Any) -> Iterator[tuple[list[str], str]]:
    """The Java peer: its starter's command, and the task list that its worker polls."""
    _wanted("mvn", "java")
    folder = tmp_path_factory.mktemp("java-peer")
    # Maven writes beside the sources, and nothing built shall be left there.
    shutil.copytree(HERE / "java", folder / "java")
    _build(["mvn", "-q", "-B", "package"], folder / "java")
    command = ["java", *JAVA_OPENS, "-jar", str(folder / "java" / "target" / "peer.jar")]
    with _working(command, frontend) as running:
        yield running


@contextlib.contextmanager
def _working(command: list[str], frontend: Any) -> Iterator[tuple[list[str], str]]:
    """Run a peer's worker; gives the command of its starter, and the worker's task list."""
    task_list = f"peer-{uuid.uuid4().hex[:8]}"
    starter = [*command, frontend.address, frontend.domain]
    process = subprocess.Popen([*starter, "worker", task_list], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == b"ready"
        yield starter, task_list
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


class Peer:
    """A worker in another language that runs for all tests, and a starter in it."""

    def __init__(self, running: tuple[list[str], str], scene: Any, converter: DataConverter) -> None:
        self.scene = scene
        self._converter = converter
        self._command, self.task_list = running

    async def act(self, *words: object, tenant: str = "") -> Any:
        """Let the starter do something, and return what it tells."""
        texts = [word if isinstance(word, str) else self._json(word) for word in words]
        process = await asyncio.create_subprocess_exec(
            *self._command,
            *texts,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PEER_TENANT": tenant},
        )
        try:
            told, trouble = await asyncio.wait_for(process.communicate(), NET)
        except BaseException:
            process.kill()
            await process.communicate()
            raise
        assert process.returncode == 0, trouble.decode()
        return json.loads(told) if told else None

    async def start(self, name: str, *arguments: object, task_list: str = "", **options: Any) -> Any:
        """Let the starter start a workflow and wait for its result."""
        identity = options.pop("workflow_id", None) or self.scene.new_id()
        where = task_list or self.scene.task_list
        return await self.act("start", where, identity, name, *(self._json(value) for value in arguments), **options)

    def _json(self, value: object) -> str:
        return (self._converter.encode_value(value) or b"null").decode().strip()


@contextlib.asynccontextmanager
async def _meeting(
    running: tuple[list[str], str], scene: Any, ours: Any, converter: DataConverter
) -> AsyncIterator[Peer]:
    peer = Peer(running, scene, converter)
    frontend = scene.frontend
    async with (
        Client.connect(
            frontend.address,
            domain=frontend.domain,
            converter=converter,
            propagators=[contextvar(ours.TENANT, value_type=str)],
        ) as client,
        Worker(
            client,
            scene.task_list,
            workflows=ours.WORKFLOWS,
            activities=ours.ACTIVITIES,
            sessions=True,
            grace=timedelta(seconds=1),
        ),
    ):
        scene.client = client
        yield peer


@pytest.fixture
def meeting() -> Any:
    """Makes a peer and our worker meet: `async with meeting(running, scene, ours, converter) as peer`."""
    return _meeting
