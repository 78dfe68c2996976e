"""Ctrl-C ends a wait for a result at once, and the workflow goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from cadence.testing import BlockingWorkflowEnvironment

TELLING = """
import logging, sys

logging.getLogger("asyncio").setLevel(logging.ERROR)  # not how slow a loaded machine is, but what was left over

def tell_of_waits(service, number=1):
    call = service.get_workflow_execution_history
    left = [None] * number
    def told(*request, **options):
        left.pop()
        if not left:
            print("waiting", flush=True)
        return call(*request, **options)
    service.get_workflow_execution_history = told
"""

ASYNC = """
import asyncio
from cadence import Client

async def main():
    async with Client.connect(sys.argv[1], domain="test") as client:
        tell_of_waits(client.service)
        try:
            await client.get_workflow_handle("w").result()
        finally:
            print("left", flush=True)

try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit(130)
"""

BLOCKING = """
from cadence.client import BlockingClient

try:
    with BlockingClient.connect(sys.argv[1], domain="test") as client:
        tell_of_waits(client.client.service)
        try:
            client.get_workflow_handle("w").result()
        finally:
            print("left", flush=True)
except KeyboardInterrupt:
    sys.exit(130)
"""


ITERATING = BLOCKING.replace("client.service)", "client.service, 2)").replace(
    'client.get_workflow_handle("w").result()',
    'for event in client.get_workflow_handle("w").history(wait=True):\n                pass',
)

REPORTING = BLOCKING.replace(
    'client.get_workflow_handle("w").result()',
    """run_with_calls(shared_loop_thread(), lambda _: client.client.get_workflow_handle("w").result(), print)""",
).replace(
    "from cadence.client import BlockingClient",
    """from cadence._loop_thread import shared_loop_thread
from cadence.client import BlockingClient
from cadence.client.blocking.waiting import run_with_calls""",
)


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
@pytest.mark.parametrize(
    "program", [ASYNC, BLOCKING, ITERATING, REPORTING], ids=["async", "blocking", "iterating", "reporting"]
)
def test_a_wait_ends_at_once(program: str) -> None:
    with BlockingWorkflowEnvironment() as environment:
        handle = environment.client.start_workflow(
            "Waiting", workflow_id="w", task_list="nobody", execution_start_to_close_timeout=timedelta(days=1)
        )
        with subprocess.Popen(
            [sys.executable, "-X", "dev", "-c", TELLING + program, environment.address],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "waiting\n"
                began = time.monotonic()
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=20)
            finally:
                process.kill()
        # A long poll lasts twenty seconds: who ends soon hasn't waited for it.
        assert time.monotonic() - began < 10
        assert (process.returncode, out, err) == (130, "left\n", "")
        assert handle.describe().status.value == "OPEN"
