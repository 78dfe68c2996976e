"""What can be put in between: interceptors, context, codecs, catch-alls; starts that wait, values that are large."""

from __future__ import annotations

import asyncio
import contextvars
import random
import time
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from cadence import Client, DataConverter, Worker, activity, workflow
from cadence.converter import CompressionCodec
from cadence.interceptor import Interceptor
from cadence.interceptor.propagation import contextvar
from cadence.workflow.commands import ScheduleActivity

TEN = timedelta(seconds=10)
TENANT: contextvars.ContextVar[str] = contextvars.ContextVar("tenant")


@activity.defn
async def tenant_here() -> str:
    return TENANT.get("nobody")


@workflow.defn
class Tenants:
    @workflow.run
    async def run(self, depth: int) -> list[str]:
        here = [TENANT.get("nobody"), await workflow.execute_activity(tenant_here, schedule_to_close_timeout=TEN)]
        here.append(await workflow.execute_local_activity(tenant_here, schedule_to_close_timeout=TEN))
        if depth:
            here += await workflow.execute_child_workflow(Tenants.run, depth - 1)
        return here


async def test_context_travels_to_activities_and_children(scene: Any) -> None:
    frontend = scene.frontend
    propagators = [contextvar(TENANT, value_type=str)]
    async with (
        Client.connect(frontend.address, domain=frontend.domain, propagators=propagators) as client,
        Worker(client, scene.task_list, workflows=[Tenants], activities=[tenant_here]),
    ):
        TENANT.set("acme")
        got = await client.execute_workflow(
            Tenants.run, 1, task_list=scene.task_list, execution_start_to_close_timeout=TEN
        )
    assert got == ["acme"] * 6


class Counting(Interceptor):
    """Counts what passes, and raises the numbers that activities are called with."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def run_workflow(self, call: Any, proceed: Any) -> Any:
        return [*await proceed(call), "run"]

    async def handle_signal(self, call: Any, proceed: Any) -> None:
        await proceed(msgspec.structs.replace(call, arguments=(f"<{call.arguments[0]}>",)))

    def handle_query(self, call: Any, proceed: Any) -> Any:
        return f"query: {proceed(call)}"

    def request(self, command: Any, proceed: Any) -> Any:
        if isinstance(command, ScheduleActivity):
            command = msgspec.structs.replace(command, arguments=(command.arguments[0] + 100,))
        return proceed(command)

    async def execute_activity(self, call: Any, proceed: Any) -> Any:
        return await proceed(call) * 2

    async def client_call(self, call: Any, proceed: Any) -> Any:
        self.seen.append(type(call).__name__)
        return await proceed(call)


@activity.defn
def same(number: int) -> int:
    return number


@workflow.defn
class Stepped:
    def __init__(self) -> None:
        self.word = ""

    @workflow.run
    async def run(self) -> list[Any]:
        number = await workflow.execute_activity(same, 1, schedule_to_close_timeout=TEN)
        await workflow.wait_condition(lambda: self.word)
        return [number, self.word]

    @workflow.signal
    def say(self, word: str) -> None:
        self.word = word

    @workflow.query
    def said(self) -> str:
        return self.word


async def test_interceptors_step_into_every_call(scene: Any) -> None:
    frontend, counting = scene.frontend, Counting()
    async with (
        Client.connect(frontend.address, domain=frontend.domain, interceptors=[counting]) as client,
        Worker(client, scene.task_list, workflows=[Stepped], activities=[same]),
    ):
        handle = await client.start_workflow(
            Stepped.run, task_list=scene.task_list, execution_start_to_close_timeout=2 * TEN
        )
        await handle.signal(Stepped.say, "hi")
        assert await scene.result(handle) == [202, "<hi>", "run"]
        assert await handle.query(Stepped.said) == "query: <hi>"
    assert counting.seen == ["StartWorkflow", "SignalWorkflow", "QueryWorkflow"]


class Rot13Codec:
    """Not a secret, but not readable either."""

    name = "turned"

    def encode(self, data: bytes) -> bytes | None:
        return bytes(byte ^ 0x5A for byte in data)

    def decode(self, data: bytes) -> bytes:
        return bytes(byte ^ 0x5A for byte in data)


@activity.defn
async def length(text: str) -> int:
    return len(text)


@workflow.defn
class Measured:
    @workflow.run
    async def run(self, text: str) -> list[Any]:
        return [await workflow.execute_activity(length, text, schedule_to_close_timeout=TEN), text[:3]]


async def test_codecs_hide_what_the_server_keeps(scene: Any) -> None:
    frontend = scene.frontend
    converter = DataConverter(codecs=[CompressionCodec(minimum=100), Rot13Codec()])
    async with (
        Client.connect(frontend.address, domain=frontend.domain, converter=converter) as client,
        Worker(client, scene.task_list, workflows=[Measured], activities=[length]),
    ):
        handle = await client.start_workflow(
            Measured.run, "secret" * 1000, task_list=scene.task_list, execution_start_to_close_timeout=2 * TEN
        )
        assert await scene.result(handle) == [6000, "sec"]
        started = (await scene.events(handle))[0].workflow_execution_started_event_attributes
    assert len(started.input) < 1000
    assert b"secret" not in started.input


@pytest.mark.parametrize("size", [1_000, 200_000, 1_900_000])
async def test_large_values(scene: Any, size: int) -> None:
    """Up to what a server takes as one value; messages of more than a frame come and go in fragments."""
    text = "".join(random.Random(size).choices("abcdefghijklmnopqrstuvwxyz", k=size))

    @activity.defn
    async def echo(value: str) -> str:
        return value

    @workflow.defn
    class Large:
        @workflow.run
        async def run(self, value: str) -> str:
            return await workflow.execute_activity(echo, value, schedule_to_close_timeout=2 * TEN)

    async with scene.worker([Large], [echo]):
        assert await scene.run(Large.run, text) == text


async def test_catch_alls(scene: Any) -> None:
    @activity.defn(dynamic=True)
    async def any_activity(*arguments: Any) -> str:
        return f"{activity.info().activity_type}{list(arguments)}"

    @workflow.defn(dynamic=True)
    class AnyWorkflow:
        @workflow.run
        async def run(self, *arguments: Any) -> list[str]:
            done = await workflow.execute_activity("unheard_of", *arguments, schedule_to_close_timeout=TEN)
            return [workflow.info().workflow_type, done]

    async with scene.worker([AnyWorkflow], [any_activity]):
        assert await scene.run("Whatever", 1, "x") == ["Whatever", "unheard_of[1, 'x']"]


async def test_a_start_that_waits(scene: Any) -> None:
    async with scene.worker([Measured], [length]):
        begun = time.monotonic()
        assert await scene.run(Measured.run, "later", delay_start=timedelta(seconds=2)) == [5, "lat"]
        assert time.monotonic() - begun > 1.5


async def test_activities_beat_by_themselves(scene: Any) -> None:
    @activity.defn
    def compute() -> str:
        time.sleep(2.6)
        return "computed"

    @workflow.defn
    class Computing:
        @workflow.run
        async def run(self) -> str:
            return await workflow.execute_activity(
                compute, schedule_to_close_timeout=TEN, heartbeat_timeout=timedelta(seconds=2)
            )

    async with scene.worker([Computing], [compute], automatic_heartbeats=True):
        assert await scene.run(Computing.run) == "computed"


async def test_activities_of_a_worker_are_bounded(scene: Any) -> None:
    running, most = [0], [0]

    @activity.defn
    async def count() -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        await asyncio.sleep(0.02)
        running[0] -= 1

    @workflow.defn
    class Many:
        @workflow.run
        async def run(self) -> None:
            calls = [workflow.start_activity(count, schedule_to_close_timeout=3 * TEN) for _ in range(20)]
            await asyncio.gather(*calls)

    async with scene.worker([Many], [count], max_concurrent_activities=3):
        await scene.run(Many.run)
    assert most[0] == 3


async def test_an_activity_on_a_list_of_its_own(scene: Any) -> None:
    elsewhere = f"{scene.task_list}-elsewhere"

    @workflow.defn
    class Sending:
        @workflow.run
        async def run(self) -> int:
            return await workflow.execute_activity(same, 7, schedule_to_close_timeout=TEN, task_list=elsewhere)

    async with scene.worker([Sending]), scene.worker(activities=[same], task_list=elsewhere):
        assert await scene.run(Sending.run) == 7
