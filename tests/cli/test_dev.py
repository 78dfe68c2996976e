"""`cadence dev` as a process: what it prints, what it runs, how it ends, what it keeps."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cadence import api
from cadence.service import WorkflowService

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PYTHON = sys.executable
Dev = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def dev() -> AsyncIterator[Dev]:
    """Start `cadence dev` with arguments; whatever still runs at the end is killed."""
    processes: list[asyncio.subprocess.Process] = []

    async def dev(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CADENCE_")}
        process = await asyncio.create_subprocess_exec(
            *(PYTHON, "-m", "cadence", "dev", *arguments),
            env={**clean, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        processes.append(process)
        return process

    yield dev
    for process in processes:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def address_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("Cadence dev server "), line
    return line.split()[-1]


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_it_says_where_it_is_and_stops_when_told(dev: Dev) -> None:
    process = await dev("--port", "0", "--domain", "shop", "--domain", "office", "--no-auto-domain")
    address = await address_of(process)
    async with WorkflowService.connect(address) as service:
        assert (await service.health()).ok
        answer = await service.list_domains(api.ListDomainsRequest())
        assert [one.domain_info.name for one in answer.domains or () if one.domain_info] == ["office", "shop"]
    process.send_signal(signal.SIGTERM)
    code, out, err = await ended(process)
    assert (code, err) == (0, "")
    assert "kept in memory" in out
    assert "shop, office" in out
    assert f"cadence --address {address} workflow list" in out


async def test_it_serves_a_page_where_it_says(dev: Dev) -> None:
    process = await dev("--port", "0", "--web-port", "0", "--web-host", "dev.example")
    await address_of(process)
    assert process.stdout is not None
    said = (await process.stdout.readline()).decode().split()
    assert said[0] == "web"
    async with aiohttp.ClientSession() as session, session.get(said[1], headers={"Host": "dev.example"}) as page:
        assert "Workflows" in await page.text()
    process.send_signal(signal.SIGTERM)
    assert (await ended(process))[::2] == (0, "")


async def test_no_page_is_served_unwanted(dev: Dev) -> None:
    process = await dev("--port", "0", "--no-web")
    await address_of(process)
    process.send_signal(signal.SIGTERM)
    assert "http://" not in (await ended(process))[1]
    assert await ended(await dev("--", "true")) == (0, "", "")
    code, _, err = await ended(await dev("--web", "--web-port", "0", "--", "true"))
    assert (code, "web page at http://127.0.0.1:" in err) == (0, True)


async def test_ctrl_c_is_a_quiet_end(dev: Dev) -> None:
    process = await dev("--port", "0")
    await address_of(process)
    process.send_signal(signal.SIGINT)
    code, _, err = await ended(process)
    assert (code, err) == (0, "")


async def test_a_command_runs_beside_it(dev: Dev) -> None:
    program = "import os, sys; print(os.environ['CADENCE_ADDRESS'], os.environ['CADENCE_DOMAIN']); sys.exit(7)"
    code, out, err = await ended(await dev("--domain", "shop", "--", PYTHON, "-c", program))
    assert (code, err) == (7, "")
    assert out.startswith("127.0.0.1:")
    assert out.endswith(" shop\n")


async def test_the_command_finds_the_server(dev: Dev) -> None:
    commands = [PYTHON, "-m", "cadence", "domain", "list"]
    code, out, err = await ended(await dev("--domain", "shop", "--", *commands))
    assert (code, err) == (0, "")
    assert "shop" in out


async def test_a_signal_reaches_the_command(dev: Dev) -> None:
    program = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(33))\n"
        "print('ready', flush=True)\n"
        "while True: time.sleep(0.1)\n"
    )
    process = await dev("--", PYTHON, "-c", program)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    assert (await ended(process))[0] == 33


async def test_a_command_that_a_signal_ends(dev: Dev) -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    code, _, _ = await ended(await dev("--", PYTHON, "-c", program))
    assert code == 128 + signal.SIGKILL


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("--", "no-such-command-here"), 127, "there is no command no-such-command-here\n"),
        (("--", "/"), 126, "/ can't be executed\n"),
        (("--db", "/"), 1, "/ is a folder; name a file; it is made if it isn't there\n"),
        (("--host", "192.0.2.1", "--port", "0"), 1, "can't start at 192.0.2.1:0: "),
    ],
)
async def test_mistakes_are_one_line(dev: Dev, arguments: tuple[str, ...], code: int, text: str) -> None:
    ending = await ended(await dev(*arguments))
    assert ending[0] == code, ending
    assert ending[2].startswith(text)
    assert ending[2].count("\n") == 1


async def test_a_taken_port_is_named(dev: Dev) -> None:
    first = await dev("--port", "0")
    port = (await address_of(first)).rpartition(":")[2]
    code, _, err = await ended(await dev("--port", port))
    assert (code, err) == (1, f"port {port} of 127.0.0.1 is taken; give another, or --port 0 for a free one\n")


async def test_a_file_keeps_what_was_acknowledged(dev: Dev, tmp_path: Path) -> None:
    database = tmp_path / "state.db"
    process = await dev("--port", "0", "--db", str(database), "--domain", "shop")
    started: dict[str, Any] = {}
    async with WorkflowService.connect(await address_of(process)) as service:
        for name in ("a", "b", "c"):
            answer = await service.start_workflow_execution(
                api.StartWorkflowExecutionRequest(
                    domain="shop",
                    workflow_id=name,
                    workflow_type=api.WorkflowType(name="order"),
                    task_list=api.TaskList(name="orders"),
                    execution_start_to_close_timeout_seconds=60,
                    task_start_to_close_timeout_seconds=10,
                    request_id="5b1f0c0e-6e0b-4ed0-8d3b-0c1f1c1d7a10",
                )
            )
            started[name] = answer.run_id
    process.kill()
    await ended(process)
    process = await dev("--port", "0", "--db", str(database), "--no-auto-domain")
    async with WorkflowService.connect(await address_of(process)) as service:
        times = api.StartTimeFilter(earliest_time=0, latest_time=2**62)
        answer_open = await service.list_open_workflow_executions(
            api.ListOpenWorkflowExecutionsRequest(domain="shop", start_time_filter=times)
        )
        found = {
            one.execution.workflow_id: one.execution.run_id for one in answer_open.executions or () if one.execution
        }
    assert found == started
