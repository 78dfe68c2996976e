"""The three works of `benchmarks/works.py`, done by `cadence-python-client` in a virtual environment of its own.

Prints one JSON object. `benchmarks/run.py` starts it; it needs a real frontend's gRPC port, since that client speaks
nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
import uuid
from datetime import timedelta

from cadence.api.v1.common_pb2 import WorkflowExecution
from cadence.api.v1.history_pb2 import EventFilterType
from cadence.api.v1.service_workflow_pb2 import GetWorkflowExecutionHistoryRequest

from cadence import workflow
from cadence.client import Client
from cadence.worker import Registry, Worker

registry = Registry()


@registry.activity()
async def compose(greeting: str, name: str) -> str:
    return f"{greeting}, {name}!"


OPTIONS = {
    "schedule_to_close_timeout": timedelta(seconds=60),
    "schedule_to_start_timeout": timedelta(seconds=60),
    "start_to_close_timeout": timedelta(seconds=60),
}


@registry.workflow()
class Hello:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity("compose", str, "Hello", name, **OPTIONS)


@registry.workflow()
class FanOut:
    @workflow.run
    async def run(self, count: int) -> int:
        calls = [workflow.execute_activity("compose", str, "Hello", str(i), **OPTIONS) for i in range(count)]
        return len(await asyncio.gather(*calls))


@registry.workflow()
class InARow:
    @workflow.run
    async def run(self, count: int) -> int:
        for i in range(count):
            await workflow.execute_activity("compose", str, "Hello", str(i), **OPTIONS)
        return count


async def finish(client: Client, workflow_type: str, argument: object, task_list: str) -> None:
    execution = await client.start_workflow(
        workflow_type,
        argument,
        task_list=task_list,
        execution_start_to_close_timeout=timedelta(minutes=5),
        task_start_to_close_timeout=timedelta(seconds=10),
    )
    token = b""
    while True:
        answer = await client.workflow_stub.GetWorkflowExecutionHistory(
            GetWorkflowExecutionHistoryRequest(
                domain=client.domain,
                workflow_execution=WorkflowExecution(workflow_id=execution.workflow_id, run_id=execution.run_id),
                wait_for_new_event=True,
                history_event_filter_type=EventFilterType.EVENT_FILTER_TYPE_CLOSE_EVENT,
                next_page_token=token,
                skip_archival=True,
            ),
            timeout=30,
        )
        if answer.history.events:
            kind = answer.history.events[-1].WhichOneof("attributes")
            if kind != "workflow_execution_completed_event_attributes":
                raise RuntimeError(f"{workflow_type} ended by {kind}")
            return
        token = answer.next_page_token


async def measure(work, units: int) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    await work
    return {
        "wall_s": time.perf_counter() - wall,
        "cpu_ms_each": (time.process_time() - cpu) * 1000 / units,
    }


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", default="localhost:7833")
    parser.add_argument("--domain", default="benchmarks")
    options = parser.parse_args()
    figures = {}
    async with Client(target=options.address, domain=options.domain) as client:
        task_list = f"official-{uuid.uuid4()}"
        async with Worker(client, task_list, registry):
            await finish(client, "Hello", "warm-up", task_list)
            gate = asyncio.Semaphore(20)

            async def one(name: str) -> None:
                async with gate:
                    await finish(client, "Hello", name, task_list)

            figures["hello x200"] = await measure(asyncio.gather(*(one(str(i)) for i in range(200))), 200)
            figures["200 at once"] = await measure(finish(client, "FanOut", 200, task_list), 200)
            figures["100 in a row"] = await measure(finish(client, "InARow", 100, task_list), 100)
    print(json.dumps(figures))


asyncio.run(main())
