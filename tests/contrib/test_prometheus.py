"""Numbers of a worker as Prometheus scrapes them, under our names and the Go client's."""

from __future__ import annotations

import urllib.request
from datetime import timedelta
from typing import Any

import pytest

prometheus_client = pytest.importorskip("prometheus_client")

from cadence import activity, workflow  # noqa: E402
from cadence.contrib.prometheus import PrometheusMeter  # noqa: E402
from cadence.testing import WorkflowEnvironment  # noqa: E402


@pytest.fixture
def registry() -> Any:
    return prometheus_client.CollectorRegistry()


def test_counters_times_and_levels(registry: Any) -> None:
    meter = PrometheusMeter(registry, Domain="d")
    meter.count("cadence_polls_total", kind="decision", outcome="task")
    meter.count("cadence_polls_total", 2, kind="sticky", outcome="empty")
    meter.count("cadence_polls_total", kind="activity", outcome="error")
    meter.count("cadence_decision_tasks_total", workflow_type="W", outcome="failed")
    meter.time("cadence_activity_seconds", 0.3, activity_type="A")
    meter.gauge("cadence_sticky_runs", 7)

    def value(name: str, **labels: str) -> float | None:
        found: float | None = registry.get_sample_value(name, {"Domain": "d", **labels})
        return found

    assert value("cadence_polls_total", kind="sticky", outcome="empty") == 2
    assert value("cadence_decision_poll_total") == 3
    assert value("cadence_decision_poll_no_task_total") == 2
    assert value("cadence_activity_poll_failed_total") == 1
    assert value("cadence_decision_execution_failed_total", WorkflowType="W") == 1
    assert value("cadence_activity_seconds_count", activity_type="A") == 1
    assert value("cadence_activity_endtoend_latency_sum", ActivityType="A") == 0.3
    assert value("cadence_sticky_runs") == value("cadence_sticky_cache_size") == 7


def test_our_names_alone(registry: Any) -> None:
    meter = PrometheusMeter(registry, go_names=False)
    meter.count("cadence_polls_total", kind="decision", outcome="task")
    meter.time("cadence_activity_seconds", 1, activity_type="A")
    meter.gauge("cadence_sticky_runs", 1)
    names = {family.name for family in registry.collect()}
    assert names == {"cadence_polls", "cadence_activity_seconds", "cadence_sticky_runs"}


@activity.defn
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity(greet, name, schedule_to_close_timeout=timedelta(seconds=10))


async def test_a_worker_that_is_scraped(registry: Any) -> None:
    meter = PrometheusMeter(registry)
    async with (
        WorkflowEnvironment.real_time() as environment,
        environment.worker(workflows=[Greeting], activities=[greet], meter=meter) as task_list,
    ):
        await environment.client.execute_workflow(
            Greeting.run, "you", task_list=task_list, execution_start_to_close_timeout=timedelta(minutes=1)
        )
    labels = {"workflow_type": "Greeting", "outcome": "completed"}
    assert registry.get_sample_value("cadence_decision_tasks_total", labels) == 2
    assert registry.get_sample_value("cadence_activity_task_completed_total", {"ActivityType": "greet"}) == 1


def test_the_endpoint(registry: Any, unused_tcp_port: int) -> None:
    meter = PrometheusMeter(registry)
    meter.gauge("cadence_sticky_runs", 3)
    meter.serve(unused_tcp_port)
    with urllib.request.urlopen(f"http://127.0.0.1:{unused_tcp_port}/metrics") as response:
        assert b"cadence_sticky_runs 3.0" in response.read()
