"""A dev server, and the real command run against it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from cadence.cli.app import run
from cadence.devserver import DevServer, DevServerOptions
from cadence.service import WorkflowService


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Awaitable[Said]]


@pytest.fixture
async def server() -> AsyncIterator[DevServer]:
    options = DevServerOptions(domains=("samples",), auto_domain=False)
    async with DevServer(options) as server:
        yield server


@pytest.fixture
async def service(server: DevServer) -> AsyncIterator[WorkflowService]:
    async with WorkflowService.connect(server.address, retry=None) as service:
        yield service


@pytest.fixture
def cadence(server: DevServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command line against the server, in a thread, as the server needs this one."""
    monkeypatch.setenv("CADENCE_ADDRESS", server.address)
    monkeypatch.setenv("CADENCE_DOMAIN", "samples")

    async def command(*arguments: str) -> Said:
        code = await asyncio.to_thread(run, arguments)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return command
