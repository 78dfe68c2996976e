"""Traces from the client's call to the activity's code, one line of parents, and none from replay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from cadence import activity, workflow
from cadence.contrib.opentelemetry import TracingInterceptor
from cadence.exceptions import WorkflowFailedError
from cadence.testing import Replayer, WorkflowEnvironment, WorkflowHistory

TEN = timedelta(seconds=10)


@activity.defn
async def greet(name: str) -> str:
    with trace.get_tracer("user").start_as_current_span("inside"):
        return f"Hello, {name}!"


@workflow.defn
class Child:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity(greet, name, schedule_to_close_timeout=TEN)


@workflow.defn
class Parent:
    def __init__(self) -> None:
        self.told = ""

    @workflow.run
    async def run(self, name: str) -> str:
        await workflow.wait_condition(lambda: bool(self.told))
        await workflow.execute_local_activity(greet, name, schedule_to_close_timeout=TEN)
        await workflow.sleep(1)
        return await workflow.execute_child_workflow(Child.run, name)

    @workflow.signal
    def tell(self, what: str) -> None:
        self.told = what

    @workflow.query
    def known(self) -> str:
        return self.told


@workflow.defn
class Failing:
    @workflow.run
    async def run(self) -> None:
        msg = "on purpose"
        raise ValueError(msg)


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def interceptor(exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch) -> TracingInterceptor:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    return TracingInterceptor(provider, trace_queries=True)


def chain(spans: Any, span: Any) -> list[str]:
    """The names from a span up to its root."""
    by_id = {one.context.span_id: one for one in spans}
    names = [span.name]
    while span.parent is not None:
        span = by_id[span.parent.span_id]
        names.append(span.name)
    return names


async def test_one_line_from_the_client_to_the_activity(
    exporter: InMemorySpanExporter, interceptor: TracingInterceptor
) -> None:
    async with WorkflowEnvironment.time_skipping(interceptors=[interceptor]) as environment:
        # No run is kept, so that every decision but the first is made after a replay.
        async with environment.worker(workflows=[Parent, Child], activities=[greet], sticky=False) as task_list:
            handle = await environment.client.start_workflow(
                Parent.run, "you", task_list=task_list, execution_start_to_close_timeout=timedelta(minutes=5)
            )
            await handle.signal(Parent.tell, "go")
            assert await handle.result() == "Hello, you!"
            assert await handle.query(Parent.known) == "go"
        history = await WorkflowHistory.from_server(environment.client, handle.workflow_id)
    spans = exporter.get_finished_spans()
    names = sorted(span.name for span in spans)
    assert names == sorted(
        [
            "StartWorkflow:Parent",
            "RunWorkflow:Parent",
            "SignalWorkflow:tell",
            "HandleSignal:tell",
            "StartLocalActivity:greet",
            "RunActivity:greet",
            "inside",
            "StartChildWorkflow:Child",
            "RunWorkflow:Child",
            "StartActivity:greet",
            "RunActivity:greet",
            "inside",
            "QueryWorkflow:known",
            "HandleQuery:known",
        ]
    )
    (outer,) = [span for span in spans if span.name == "StartWorkflow:Parent"]
    lines = [chain(spans, span) for span in spans if span.name == "inside"]
    assert sorted(line[1:3] for line in lines) == [
        ["RunActivity:greet", "StartActivity:greet"],
        ["RunActivity:greet", "StartLocalActivity:greet"],
    ]
    assert all(line[-1] == "StartWorkflow:Parent" for line in lines)
    assert outer.attributes["cadence.workflow_id"] == handle.workflow_id
    exporter.clear()
    Replayer([Parent, Child], interceptors=[interceptor]).replay(history)
    assert exporter.get_finished_spans() == ()


async def test_failures_are_told(exporter: InMemorySpanExporter, interceptor: TracingInterceptor) -> None:
    async with (
        WorkflowEnvironment.time_skipping(interceptors=[interceptor]) as environment,
        environment.worker(workflows=[Failing]) as task_list,
    ):
        with pytest.raises(WorkflowFailedError):
            await environment.client.execute_workflow(
                Failing.run, task_list=task_list, execution_start_to_close_timeout=timedelta(minutes=5)
            )
    (failed,) = [span for span in exporter.get_finished_spans() if span.name == "FailWorkflow:Failing"]
    assert "on purpose" in (failed.status.description or "")
    assert failed.events[0].name == "exception"
