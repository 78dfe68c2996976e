"""What a call costs: microseconds of the client's CPU, and calls a second, alone and with 31 others in flight.

The other side is a listener in a process of its own, so that the client's CPU is the client's alone; or, where
CADENCE_ADDRESS is set, that frontend: its health alone, since it limits what asks its store, and takes no other bodies.
Of several rounds the cheapest counts, since everything above it is other programs.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from cadence import api
from cadence.api.codec import encode
from cadence.service import WorkflowService
from cadence.tchannel import CallResponse, Channel, IncomingCall, Listener

Figure = tuple[str, float, str]
ROUNDS = 5
DOMAIN = "cadence-system"


@dataclasses.dataclass
class Work:
    """One kind of call."""

    name: str
    call: Callable[[], Awaitable[object]]
    calls: int
    """In a round."""
    in_flight: int


async def _round(work: Work) -> tuple[float, float]:
    """Make the calls; seconds of CPU and of time."""
    left = work.calls

    async def caller() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await work.call()

    cpu, clock = time.process_time(), time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(work.in_flight)))
    return time.process_time() - cpu, time.perf_counter() - clock


async def _measure(address: str, *, is_ours: bool) -> list[Figure]:
    channel = Channel([address])
    service = WorkflowService(channel, retry=None)
    request = api.DescribeDomainRequest(name=DOMAIN)
    plain = (lambda: service.describe_domain(request)) if is_ours else service.health
    name = "DescribeDomain" if is_ours else "health"
    works = [Work(f"{flight} in flight, {name}", plain, 1500, flight) for flight in (1, 32)]
    if is_ours:
        for name, body, calls in (("1 KB", bytes(1000), 1500), ("1 MB", bytes(1_000_000), 48)):
            echo = functools.partial(channel.call, "Echo::echo", {}, body, timeout=60)
            works += (Work(f"{flight} in flight, {name} there and back", echo, calls, flight) for flight in (1, 32))
    figures: list[Figure] = []
    try:
        for work in works:
            await work.call()
            rounds = [await _round(work) for _ in range(ROUNDS)]
            figures.append((f"rpc, {work.name}: client CPU", min(cpu for cpu, _ in rounds) / work.calls * 1e6, "us"))
            figures.append((f"throughput, {work.name}", work.calls / min(clock for _, clock in rounds), "calls/s"))
    finally:
        await channel.close()
    return figures


def figures() -> list[Figure]:
    """Measure all; name, value and unit of each figure."""
    address = os.environ.get("CADENCE_ADDRESS")
    if address:
        return asyncio.run(_measure(address, is_ours=False))
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            return asyncio.run(_measure(server.stdout.readline().strip(), is_ours=True))
        finally:
            server.stdin.close()


async def _serve() -> None:
    """Serve the two procedures until the input ends."""
    described = api.DescribeDomainResponse(
        domain_info=api.DomainInfo(name=DOMAIN, description="a domain", owner_email="", data={}, uuid="0" * 36),
        configuration=api.DomainConfiguration(workflow_execution_retention_period_in_days=3, emit_metric=True),
    )
    result = b"\x0c\0\0" + encode(described) + b"\0"

    async def handler(call: IncomingCall) -> CallResponse:
        return CallResponse(True, {}, call.body if call.endpoint == "Echo::echo" else result)

    listener = await Listener.start(handler)
    print(f"127.0.0.1:{listener.address[1]}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await listener.close()


def main() -> None:
    """Print the figures as a table; with --serve, be the other side."""
    if "--serve" in sys.argv[1:]:
        asyncio.run(_serve())
        return
    for name, value, unit in figures():
        print(f"{name:60} {value:12,.1f} {unit}")


if __name__ == "__main__":
    main()
