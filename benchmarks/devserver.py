"""What the dev server costs: calls with few runs and with many, hello workflows a second, its start, memory of runs.

The server is a process of its own, so that its CPU can be told from the worker's; where the system allows it, each of
the two has a core. A call's cost is the server's CPU, since time depends on what else the machine does. With many runs
are 10,000 open ones and 100,000 closed ones; CADENCE_BENCH_RUNS says what part of that, in percent.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from cadence import Client, Worker, activity, api, workflow
from cadence.exceptions import TransportError
from cadence.service import WorkflowService

Figure = tuple[str, float, str]
DOMAIN = "benchmarks"
PERCENT = int(os.environ.get("CADENCE_BENCH_RUNS", "100"))
FEW = 100
OPEN, CLOSED = 10_000 * PERCENT // 100, 100_000 * PERCENT // 100
OPEN_AT_ONCE = 500
"""More runs than the open ones that are open at a time while closed ones are made."""
CALLS, ROUNDS, IN_FLIGHT = 300, 5, 16
HELLOS, HELLOS_AT_ONCE = 2_000, 64
MINUTE = timedelta(minutes=1)
STARTS = 5
SERVER = [sys.executable, "-m", "cadence", "dev", "--port", "0", "--domain", DOMAIN, "--no-web"]


@activity.defn
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@workflow.defn
class Hello:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity(greet, name, schedule_to_close_timeout=MINUTE)


# --- the server as a process ---


class Server:
    """A running server; what it used."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        return _cpu(self.process.pid)

    def resident(self) -> int:
        """Bytes in memory."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]) * 4096


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process used, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def _cores() -> tuple[int, int] | None:
    """A core for the server and one for the worker, where there are two."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else None


def _begin() -> Server:
    process = subprocess.Popen(SERVER, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]
    return Server(process, address)


@contextlib.asynccontextmanager
async def _server() -> AsyncIterator[Server]:
    server = _begin()
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.communicate()


# --- calls with few and many runs ---


class Runs:
    """Makes runs, and calls about them."""

    def __init__(self, service: WorkflowService) -> None:
        self._service = service
        self._made: list[str] = []
        self._next = 0

    async def start(self) -> None:
        workflow_id = f"run-{len(self._made)}"
        self._made.append(workflow_id)
        await self._service.start_workflow_execution(
            api.StartWorkflowExecutionRequest(
                domain=DOMAIN,
                workflow_id=workflow_id,
                workflow_type=api.WorkflowType(name="Order"),
                task_list=api.TaskList(name="nobody"),
                input=b'["an input of some length", 42]',
                execution_start_to_close_timeout_seconds=86_400,
                task_start_to_close_timeout_seconds=10,
                request_id=str(uuid.uuid4()),
            )
        )

    async def signal(self) -> None:
        await self._service.signal_workflow_execution(
            api.SignalWorkflowExecutionRequest(DOMAIN, self._some(), "s", b"[1]", "benchmark")
        )

    async def describe(self) -> None:
        await self._service.describe_workflow_execution(api.DescribeWorkflowExecutionRequest(DOMAIN, self._some()))

    async def end(self) -> None:
        run = api.WorkflowExecution(workflow_id=self._made.pop())
        await self._service.terminate_workflow_execution(
            api.TerminateWorkflowExecutionRequest(domain=DOMAIN, workflow_execution=run, reason="enough")
        )

    async def list(self, query: str) -> None:
        await self._service.list_workflow_executions(
            api.ListWorkflowExecutionsRequest(domain=DOMAIN, page_size=50, query=query)
        )

    async def list_open(self) -> None:
        await self._service.list_open_workflow_executions(
            api.ListOpenWorkflowExecutionsRequest(
                domain=DOMAIN, maximum_page_size=50, start_time_filter=api.StartTimeFilter(0, 2**62)
            )
        )

    async def list_closed(self) -> None:
        await self._service.list_closed_workflow_executions(
            api.ListClosedWorkflowExecutionsRequest(
                domain=DOMAIN, maximum_page_size=50, start_time_filter=api.StartTimeFilter(0, 2**62)
            )
        )

    def _some(self) -> api.WorkflowExecution:
        # Round and round among the first: those are there however many more come.
        self._next = (self._next + 1) % FEW
        return api.WorkflowExecution(workflow_id=self._made[self._next])


async def _many(call: Callable[[], Awaitable[None]], count: int) -> None:
    left = count

    async def caller() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call()

    await asyncio.gather(*(caller() for _ in range(IN_FLIGHT)))


async def _costs(server: Server, runs: Runs) -> dict[str, float]:
    """Microseconds of the server's CPU for each kind of call; the best of several rounds."""
    calls: dict[str, Callable[[], Awaitable[None]]] = {
        "start": runs.start,
        "signal": runs.signal,
        "describe": runs.describe,
        "terminate": runs.end,
        "list 50 open": runs.list_open,
        "list 50 closed": runs.list_closed,
        "list 50 by type": lambda: runs.list("WorkflowType = 'Order'"),
        "list 50 open by query": lambda: runs.list("CloseTime = missing"),
        "list 50 by close time": lambda: runs.list("CloseTime > 0 ORDER BY CloseTime DESC"),
    }
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            before = server.cpu()
            await _many(call, CALLS)
            best[name] = min(best[name], (server.cpu() - before) / CALLS * 1e6)
    return best


async def _measure_many() -> list[Figure]:
    figures: list[Figure] = []
    async with _server() as server, WorkflowService.connect(server.address) as service:
        runs = Runs(service)
        await _many(runs.start, 2 * FEW)
        await _many(runs.end, FEW)
        few = await _costs(server, runs)
        before = server.resident()
        await _many(runs.start, OPEN)
        opened = server.resident()
        for part in range(0, CLOSED, OPEN_AT_ONCE):
            count = min(OPEN_AT_ONCE, CLOSED - part)
            await _many(runs.start, count)
            await _many(runs.end, count)
        closed = server.resident()
        many = await _costs(server, runs)
    for name, cost in many.items():
        figures.append((f"devserver, {name}, {FEW} runs: server CPU", few[name], "us"))
        figures.append((f"devserver, {name}, {OPEN:,} open, {CLOSED:,} closed: server CPU", cost, "us"))
        figures.append((f"devserver, {name}: cost with many runs", cost / few[name], "times"))
    figures.append(("devserver, memory of an open run", (opened - before) / OPEN / 1000, "KB"))
    figures.append(("devserver, memory of a closed run", (closed - opened) / CLOSED / 1000, "KB"))
    return figures


# --- hello workflows ---


async def _measure_hellos() -> list[Figure]:
    """Client and worker are this process."""
    async with _server() as server:
        cores = _cores()
        if cores is not None:
            os.sched_setaffinity(server.process.pid, {cores[0]})
            os.sched_setaffinity(0, {cores[1]})
        try:
            return await _hello(server)
        finally:
            if cores is not None:
                os.sched_setaffinity(0, set(cores))


async def _hello(server: Server) -> list[Figure]:
    async with (
        Client.connect(server.address, domain=DOMAIN) as client,
        Worker(client, "hellos", workflows=[Hello], activities=[greet]),
    ):
        names = iter(range(HELLOS + HELLOS_AT_ONCE))

        async def lane(until: int) -> None:
            for number in names:
                await client.execute_workflow(
                    Hello.run, str(number), task_list="hellos", execution_start_to_close_timeout=MINUTE
                )
                if number >= until:
                    return

        await asyncio.gather(*(lane(0) for _ in range(HELLOS_AT_ONCE)))  # once each, to warm up
        wall, ours, theirs = time.perf_counter(), time.process_time(), server.cpu()
        await asyncio.gather(*(lane(HELLOS + HELLOS_AT_ONCE) for _ in range(HELLOS_AT_ONCE)))
        wall, ours, theirs = time.perf_counter() - wall, time.process_time() - ours, server.cpu() - theirs
    return [
        ("devserver, hello workflows", HELLOS / wall, "a second"),
        ("devserver, hello workflows, server alone", HELLOS / theirs, "a CPU second"),
        ("devserver, hello workflows, client and worker alone", HELLOS / ours, "a CPU second"),
    ]


# --- start ---


async def _first_answer() -> tuple[float, float]:
    """Seconds from the command to the first answer, and the CPU that took."""
    with contextlib.ExitStack() as stack:
        began = time.perf_counter()
        server = _begin()
        stack.callback(server.process.communicate)
        stack.callback(server.process.terminate)
        async with WorkflowService.connect(server.address) as service:
            while True:
                try:
                    await service.health()
                    return time.perf_counter() - began, server.cpu()
                except TransportError:
                    await asyncio.sleep(0.001)


async def _measure_start() -> list[Figure]:
    taken = [await _first_answer() for _ in range(STARTS)]
    return [
        ("devserver, from command to first answer", min(wall for wall, _ in taken) * 1000, "ms"),
        ("devserver, from command to first answer: CPU", min(cpu for _, cpu in taken) * 1000, "ms"),
    ]


async def _measure() -> list[Figure]:
    return [*await _measure_start(), *await _measure_hellos(), *await _measure_many()]


def figures() -> list[Figure]:
    """Measure all; name, value and unit of each figure."""
    return asyncio.run(_measure())


def main() -> None:
    """Print the figures as a table."""
    for name, value, unit in figures():
        print(f"{name:70} {value:12,.1f} {unit}")


if __name__ == "__main__":
    main()
