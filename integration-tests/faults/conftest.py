"""What the faults share: the dev server as a process that may end at any moment, and the modules beside this one."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).parent
CALM = 60.0
"""Seconds in which the server starts, however slow the machine is."""


class ServerProcess:
    """`cadence dev` on a file and a port; started and killed as often as one likes."""

    def __init__(self, folder: Path, domain: str) -> None:
        self.file = folder / "state.db"
        self.log = folder / "server.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self._options = ("--port", str(self.port), "--domain", domain, "--no-web")
        self.process: asyncio.subprocess.Process | None = None

    async def begin(self, around: Sequence[str] = (), *, in_memory: bool = False) -> None:
        """Start it; `around` is a command that runs it. In memory it forgets everything at its end."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *around,
                sys.executable,
                "-m",
                "cadence",
                "dev",
                *(() if in_memory else ("--db", str(self.file))),
                *self._options,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until it says where it listens."""
        assert self.process is not None
        assert self.process.stdout is not None
        async with asyncio.timeout(CALM):
            line = await self.process.stdout.readline()
        assert self.address.encode() in line, self.log.read_text()

    async def kill(self) -> None:
        """End it by SIGKILL."""
        if self.process is not None:
            if self.process.returncode is None:
                self.process.kill()
            await self.process.communicate()
            self.process = None

    async def stop(self) -> None:
        """End it as a person does."""
        assert self.process is not None
        self.process.terminate()
        async with asyncio.timeout(CALM):
            await self.process.communicate()
        assert self.process.returncode == 0, self.log.read_text()
        self.process = None


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"cadence_faults_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def crash_load() -> ModuleType:
    """The client and worker that remember."""
    return _load("crash_load")


@pytest.fixture
async def server_process(crash_load: ModuleType, tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server that was not started yet; killed at the end."""
    process = ServerProcess(tmp_path, crash_load.DOMAIN)
    yield process
    await process.kill()


@pytest.fixture(scope="session")
def random_structs() -> ModuleType:
    """The requests with random fields."""
    return _load("random_structs")


@pytest.fixture(scope="session")
def proxy() -> ModuleType:
    """The bad network."""
    return _load("proxy")


@pytest.fixture(scope="session")
def betweens() -> ModuleType:
    """The module of the frontend between."""
    return _load("between")


@pytest.fixture
async def between(frontend: Any, betweens: ModuleType) -> AsyncIterator[Any]:
    """A frontend between a client and the server, which hands all calls on until it is told else."""
    async with betweens.Between(frontend.address) as made:
        yield made
