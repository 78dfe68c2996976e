"""Metrics for Prometheus: `Worker(..., meter=PrometheusMeter())`, and an endpoint to scrape. Needs `prometheus-client`.

Each number is there under the SDK's own name (`cadence.metrics.METRICS`) and, where one fits, under the name that the
Go client gives it, so that dashboards made for Cadence workers show these, too.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from cadence.metrics import METRICS

if TYPE_CHECKING:
    from prometheus_client.metrics import MetricWrapperBase

__all__ = ("PrometheusMeter",)

# From a millisecond to ten minutes: decisions are at one end, activities at the other.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600)

_GO_COUNTERS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("cadence_decision_tasks_total", "completed"): ("cadence_decision_task_completed",),
    ("cadence_decision_tasks_total", "failed"): ("cadence_decision_execution_failed",),
    ("cadence_activity_tasks_total", "completed"): ("cadence_activity_task_completed",),
    ("cadence_activity_tasks_total", "failed"): ("cadence_activity_task_failed", "cadence_activity_execution_failed"),
    ("cadence_activity_tasks_total", "cancelled"): ("cadence_activity_task_canceled",),
    ("cadence_sticky_evictions_total", ""): ("cadence_sticky_cache_evict",),
}
_GO_POLLS = {"task": "succeed", "empty": "no_task", "error": "failed"}
_GO_TIMERS = {
    "cadence_decision_task_seconds": "cadence_decision_execution_latency",
    "cadence_activity_seconds": "cadence_activity_endtoend_latency",
}
_GO_GAUGES = {"cadence_sticky_runs": "cadence_sticky_cache_size"}


class PrometheusMeter:
    """A `cadence.metrics.Meter` whose numbers Prometheus scrapes. One may serve all workers of a process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY, *, go_names: bool = True, **tags: str) -> None:
        """Make a meter.

        Args:
            registry: Where metrics are registered; default: the process's own.
            go_names: Whether the Go client's names are there as well.
            **tags: Labels that all numbers have, `Domain="orders"` for example.
        """
        self._registry = registry
        self._go_names = go_names
        self._tags = tags
        self._metrics: dict[str, MetricWrapperBase] = {}
        self._lock = threading.Lock()

    def serve(self, port: int, host: str = "127.0.0.1") -> None:
        """Answer Prometheus at `http://host:port/metrics`, in a thread of its own, until the process ends.

        Args:
            port: Where to listen.
            host: The address to listen on; `0.0.0.0` for all.

        Raises:
            OSError: The address can't be listened on.
        """
        start_http_server(port, host, registry=self._registry)

    def count(self, name: str, value: int = 1, /, **tags: str) -> None:
        """Add to a counter."""
        self._metric(Counter, name, tags).inc(value)
        if not self._go_names:
            return
        if name == "cadence_polls_total":
            kind = "activity" if tags.get("kind") == "activity" else "decision"
            outcome = _GO_POLLS.get(tags.get("outcome", ""), "failed")
            self._metric(Counter, f"cadence_{kind}_poll_total", {}).inc(value)
            self._metric(Counter, f"cadence_{kind}_poll_{outcome}", {}).inc(value)
            return
        rest = {label: text for label, text in tags.items() if label != "outcome"}
        for go_name in _GO_COUNTERS.get((name, tags.get("outcome", "")), ()):
            self._metric(Counter, go_name, _go_tags(rest)).inc(value)

    def time(self, name: str, seconds: float, /, **tags: str) -> None:
        """Note how long something took."""
        self._metric(Histogram, name, tags).observe(seconds)
        go_name = _GO_TIMERS.get(name) if self._go_names else None
        if go_name is not None:
            self._metric(Histogram, go_name, _go_tags(tags)).observe(seconds)

    def gauge(self, name: str, value: float, /, **tags: str) -> None:
        """Set a level."""
        self._metric(Gauge, name, tags).set(value)
        go_name = _GO_GAUGES.get(name) if self._go_names else None
        if go_name is not None:
            self._metric(Gauge, go_name, _go_tags(tags)).set(value)

    def _metric(self, kind: Any, name: str, tags: Mapping[str, str]) -> Any:
        """Return a metric with its labels filled in, made when it is first needed."""
        labels = {**self._tags, **tags}
        metric = self._metrics.get(name)
        if metric is None:
            with self._lock:
                metric = self._metrics.get(name)
                if metric is None:
                    options = {"buckets": _BUCKETS} if kind is Histogram else {}
                    text = METRICS.get(name, "as the Go client counts it")
                    metric = kind(name, text, sorted(labels), registry=self._registry, **options)
                    self._metrics[name] = metric
        return metric.labels(**labels) if labels else metric


def _go_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The Go client's labels: `WorkflowType` for `workflow_type`."""
    return {"".join(word.capitalize() for word in label.split("_")): text for label, text in tags.items()}
