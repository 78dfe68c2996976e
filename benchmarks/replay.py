"""How fast histories replay, and what a run costs that waits in the cache.

The workflow calls activities one after another; its history is replayed whole by a fresh run, once from decoded events
and once from the bytes that a frontend sends. Of several rounds the quickest counts, since everything above it is other
programs. The memory is what a thousand runs take that wait for their first activity.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from cadence import api, workflow
from cadence.api.codec import decode, encode
from cadence.converter import DataConverter
from cadence.engine import RunOptions, WorkflowRun
from cadence.workflow.definition import definition_of

Figure = tuple[str, float, str]
LENGTHS = (600, 6_000, 18_000, 50_000)
ROUNDS = 5
CACHED = 1_000
MINUTE = timedelta(minutes=1)
CONVERTER = DataConverter()
REPLAY = RunOptions(replay_only=True, compare_result=True)
PAYLOAD = b'"Hello, World! This is what an activity takes or gives."\n'


@workflow.defn
class InARow:
    """Calls activities one after another."""

    @workflow.run
    async def run(self, count: int) -> str:
        """Call them; the last one's result is ours."""
        text = "Hello, World! This is what an activity takes or gives."
        for _ in range(count):
            text = await workflow.execute_activity("echo", text, result_type=str, schedule_to_close_timeout=MINUTE)
        return text


def history(length: int) -> list[api.HistoryEvent]:
    """Return the history of a run of about so many events, closed."""
    activities = max(1, (length - 5) // 6)
    events: list[api.HistoryEvent] = []
    _add(events, "WorkflowExecutionStarted", workflow_type=api.WorkflowType(name="InARow"),
        task_list=api.TaskList(name="tasks"), input=b"%d\n" % activities, original_execution_run_id="run",
        execution_start_to_close_timeout_seconds=3600, task_start_to_close_timeout_seconds=10)  # fmt: skip
    for number in range(activities):
        completed = _decision_task(events)
        scheduled = _add(events, "ActivityTaskScheduled", activity_id=str(number), input=PAYLOAD,
            activity_type=api.ActivityType(name="echo"), task_list=api.TaskList(name="tasks"),
            schedule_to_close_timeout_seconds=60, decision_task_completed_event_id=completed)  # fmt: skip
        begun = _add(events, "ActivityTaskStarted", scheduled_event_id=scheduled, identity="worker")
        _add(events, "ActivityTaskCompleted", scheduled_event_id=scheduled, started_event_id=begun, result=PAYLOAD)
    completed = _decision_task(events)
    _add(events, "WorkflowExecutionCompleted", result=PAYLOAD, decision_task_completed_event_id=completed)
    return events


def _decision_task(events: list[api.HistoryEvent]) -> int:
    scheduled = _add(events, "DecisionTaskScheduled", task_list=api.TaskList(name="tasks"))
    begun = _add(events, "DecisionTaskStarted", scheduled_event_id=scheduled, identity="worker")
    return _add(events, "DecisionTaskCompleted", scheduled_event_id=scheduled, started_event_id=begun)


def _add(events: list[api.HistoryEvent], name: str, **attributes: Any) -> int:
    field = "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")
    made = getattr(api, f"{name}EventAttributes")(**attributes)
    event_id = len(events) + 1
    events.append(
        api.HistoryEvent(
            event_id=event_id,
            timestamp=1_700_000_000_000_000_000 + event_id * 1_000_000,
            event_type=getattr(api.EventType, name),
            **{f"{field}_event_attributes": made},
        )
    )
    return event_id


def _run(options: RunOptions) -> WorkflowRun:
    return WorkflowRun(
        definition_of(InARow), converter=CONVERTER, domain="domain", workflow_id="w", run_id="run", options=options
    )


def replay(events: Sequence[api.HistoryEvent]) -> None:
    """Replay a whole history."""
    run = _run(REPLAY)
    run.receive_task(events)
    assert run.is_closed
    run.close()


def _replay_bytes(data: bytes) -> None:
    events = decode(api.History, data).events
    assert events is not None
    replay(events)


def _quickest(call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        begun = time.process_time()
        call()
        best = min(best, time.process_time() - begun)
    return best


def bytes_of_idle_run() -> float:
    """Return what one run takes that waits in the cache, in bytes."""
    events = history(600)[:3]
    first = _run(RunOptions())
    first.receive_task(events)  # what is loaded once is not the run's
    first.close()
    gc.collect()
    tracemalloc.start()
    runs = []
    for _ in range(CACHED):
        run = _run(RunOptions())
        run.receive_task(events, started_event_id=3)
        run.decisions_to_send()
        runs.append(run)
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    for run in runs:
        run.close()
    return taken / CACHED


def figures() -> list[Figure]:
    """Return the figures; rates in events per second of CPU time."""
    found: list[Figure] = []
    for length in LENGTHS:
        events = history(length)
        data = encode(api.History(events=events))
        found.append((f"replay of {length:,} events", len(events) / _quickest(lambda: replay(events)), "events/s"))  # noqa: B023  # called at once
        rate = len(events) / _quickest(lambda: _replay_bytes(data))  # noqa: B023  # called at once
        found.append((f"decoding and replay of {length:,} events", rate, "events/s"))
    found.append(("a run that waits in the cache", bytes_of_idle_run() / 1024, "KiB"))
    return found


def main() -> None:
    """Print the figures as a table."""
    for name, value, unit in figures():
        print(f"{name:<40} {value:>12,.1f} {unit}")


if __name__ == "__main__":
    main()
