"""What it costs to write and to read the structs that a busy worker sees most, in microseconds.

The history is that of a workflow that runs activities one after another, as a frontend sends it: six events each, with
the payloads of a small program. Of several rounds the cheapest counts, since everything above it is other programs.
"""

from __future__ import annotations

import timeit
from typing import Any

from cadence import api
from cadence.api.codec import decode, encode

Figure = tuple[str, float, str]
ROUNDS = 7
PAYLOAD = b'"Hello, World! This is what an activity takes or gives."\n'
EXECUTION = api.WorkflowExecution(workflow_id="greeting-4711", run_id="0f62f2f1-5f1c-4a1a-9d43-0c2b4bbd0f6f")
TASK_LIST = api.TaskList(name="greetings")
ACTIVITY = api.ActivityType(name="compose_greeting")
WORKFLOW = api.WorkflowType(name="Greeting")
TOKEN = b'{"domainId":"5d6f","workflowId":"greeting-4711","runId":"0f62","scheduleId":5,"scheduleAttempt":0}' * 2


def _events(activities: int) -> list[Any]:
    started = api.WorkflowExecutionStartedEventAttributes(
        workflow_type=WORKFLOW, task_list=TASK_LIST, input=PAYLOAD, execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10, identity="starter", original_execution_run_id=EXECUTION.run_id,
    )  # fmt: skip
    events = [_event(1, "WorkflowExecutionStarted", started)]
    for _ in range(activities):
        first = len(events) + 1
        parts: list[tuple[str, dict[str, Any]]] = [
            ("DecisionTaskScheduled", {"task_list": TASK_LIST, "start_to_close_timeout_seconds": 10}),
            ("DecisionTaskStarted", {"scheduled_event_id": first, "identity": "worker", "request_id": "r" * 36}),
            ("DecisionTaskCompleted", {"scheduled_event_id": first, "started_event_id": first + 1, "identity": "w"}),
            ("ActivityTaskScheduled", {
                "activity_id": str(first), "activity_type": ACTIVITY, "task_list": TASK_LIST, "input": PAYLOAD,
                "schedule_to_close_timeout_seconds": 60, "decision_task_completed_event_id": first + 2,
            }),
            ("ActivityTaskStarted", {"scheduled_event_id": first + 3, "identity": "worker", "attempt": 0}),
            ("ActivityTaskCompleted", {
                "result": PAYLOAD, "scheduled_event_id": first + 3, "started_event_id": first + 4, "identity": "worker",
            }),
        ]  # fmt: skip
        for name, attributes in parts:
            made = getattr(api, f"{name}EventAttributes")(**attributes)
            events.append(_event(len(events) + 1, name, made))
    return events


def _event(event_id: int, name: str, attributes: Any) -> Any:
    field = "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")
    return api.HistoryEvent(
        event_id=event_id, timestamp=1_700_000_000_000_000_000 + event_id, version=-24, task_id=1_048_576 + event_id,
        event_type=getattr(api.EventType, name), **{f"{field}_event_attributes": attributes},
    )  # fmt: skip


def _decision_task(activities: int) -> Any:
    events = _events(activities)
    return api.PollForDecisionTaskResponse(
        task_token=TOKEN, workflow_execution=EXECUTION, workflow_type=WORKFLOW, started_event_id=len(events),
        history=api.History(events=events), attempt=0, previous_started_event_id=0, scheduled_timestamp=1,
        started_timestamp=2,
    )  # fmt: skip


def _completed(decisions: int) -> Any:
    scheduled = api.ScheduleActivityTaskDecisionAttributes(
        activity_id="5", activity_type=ACTIVITY, task_list=TASK_LIST, input=PAYLOAD,
        schedule_to_close_timeout_seconds=60, schedule_to_start_timeout_seconds=60, start_to_close_timeout_seconds=60,
        heartbeat_timeout_seconds=0,
    )  # fmt: skip
    decision = api.Decision(
        decision_type=api.DecisionType.ScheduleActivityTask, schedule_activity_task_decision_attributes=scheduled
    )
    return api.RespondDecisionTaskCompletedRequest(
        task_token=TOKEN, decisions=[decision] * decisions, identity="worker", return_new_decision_task=True
    )


def _messages() -> dict[str, Any]:
    return {
        "StartWorkflowExecutionRequest": api.StartWorkflowExecutionRequest(
            domain="samples", workflow_id=EXECUTION.workflow_id, workflow_type=WORKFLOW, task_list=TASK_LIST,
            input=PAYLOAD, execution_start_to_close_timeout_seconds=60, task_start_to_close_timeout_seconds=10,
            identity="starter", request_id=EXECUTION.run_id,
        ),
        "PollForActivityTaskResponse": api.PollForActivityTaskResponse(
            task_token=TOKEN, workflow_execution=EXECUTION, activity_id="5", activity_type=ACTIVITY, input=PAYLOAD,
            scheduled_timestamp=1, started_timestamp=2, schedule_to_close_timeout_seconds=60, attempt=0,
            workflow_type=WORKFLOW, workflow_domain="samples",
        ),
        "RespondActivityTaskCompletedRequest": api.RespondActivityTaskCompletedRequest(
            task_token=TOKEN, result=PAYLOAD, identity="worker"
        ),
        "PollForDecisionTaskResponse, 7 events": _decision_task(1),
        "PollForDecisionTaskResponse, 601 events": _decision_task(100),
        "RespondDecisionTaskCompletedRequest, 1 decision": _completed(1),
        "RespondDecisionTaskCompletedRequest, 100 decisions": _completed(100),
    }  # fmt: skip


def _microseconds(function: Any, *arguments: Any) -> float:
    timer = timeit.Timer(lambda: function(*arguments))
    number, _ = timer.autorange()
    number = max(1, number // 4)
    return min(timer.repeat(ROUNDS, number)) / number * 1e6


def figures() -> list[Figure]:
    """Measure all; name, value and unit of each figure."""
    out = []
    for name, message in _messages().items():
        data = encode(message)
        assert decode(type(message), data) == message
        out.append((f"codec, write {name}", _microseconds(encode, message), "us"))
        out.append((f"codec, read {name} ({len(data):,} bytes)", _microseconds(decode, type(message), data), "us"))
    return out


def main() -> None:
    """Print the figures as a table."""
    for name, value, unit in figures():
        print(f"{name:76} {value:10,.1f} {unit}")


if __name__ == "__main__":
    main()
