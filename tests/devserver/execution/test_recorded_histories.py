"""Histories that a real cluster recorded, driven again: the same steps must write the same events.

What came from outside (polls, answers, signals, results) is done again at its own time; what follows from it (ids,
buffering, timeouts, timers, retries, what children tell) has to come out as recorded. Ids, times and identities aside,
every attribute is compared.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cadence import api
from cadence.api.codec import decode, encode
from cadence.api.enums import DecisionType, EventType
from cadence.api.history_json import dumps, loads
from cadence.devserver.domains import Domain
from cadence.devserver.execution import births, signalling
from cadence.devserver.execution.events import attributes_of
from cadence.devserver.execution.state import Run
from cadence.devserver.tokens import read_token

RECORDED = sorted((Path(__file__).parents[2] / "data" / "histories").glob("*/*.json"))

DECIDED = {
    EventType.ActivityTaskScheduled: "ScheduleActivityTask",
    EventType.TimerStarted: "StartTimer",
    EventType.TimerCanceled: "CancelTimer",
    EventType.CancelTimerFailed: "CancelTimer",
    EventType.ActivityTaskCancelRequested: "RequestCancelActivityTask",
    EventType.MarkerRecorded: "RecordMarker",
    EventType.StartChildWorkflowExecutionInitiated: "StartChildWorkflowExecution",
    EventType.RequestCancelExternalWorkflowExecutionInitiated: "RequestCancelExternalWorkflowExecution",
    EventType.SignalExternalWorkflowExecutionInitiated: "SignalExternalWorkflowExecution",
    EventType.UpsertWorkflowSearchAttributes: "UpsertWorkflowSearchAttributes",
    EventType.WorkflowExecutionCompleted: "CompleteWorkflowExecution",
    EventType.WorkflowExecutionFailed: "FailWorkflowExecution",
    EventType.WorkflowExecutionCanceled: "CancelWorkflowExecution",
    EventType.WorkflowExecutionContinuedAsNew: "ContinueAsNewWorkflowExecution",
}
UNEQUAL = {
    "timestamp",
    "taskId",
    "version",
    "identity",
    "requestId",
    "runId",
    "newExecutionRunId",
    "originalExecutionRunId",
    "firstExecutionRunId",
    "continuedExecutionRunId",
    "parentWorkflowDomainID",
    "lastFailureOptions",
    "firstScheduledTimeNano",
}
"""What differs from run to run, or is not in the contract that we speak."""


@dataclass
class Stage:
    """A run that is driven as a recorded one was."""

    ground: Any
    domain: Domain
    recorded: list[api.HistoryEvent]
    out: dict[int, Any] = field(default_factory=dict)
    """Tasks that are out, by the id of the event that scheduled them."""

    def play(self) -> Run:
        """Do everything that was done from outside, in the order of its times."""
        self.run = self._begin()
        order = sorted(self.recorded[1:], key=lambda event: (event.timestamp or 0, event.event_id or 0))
        for event in order:
            while (behind := (event.timestamp or 0) - self.ground.clock.now_ns()) > 0:
                self.ground.clock.advance(min(behind / 1e9, 0.5))
                self._keep_alive()
            step = getattr(self, f"_{EventType(event.event_type or 0).name}", None)
            if step is not None:
                step(event, attributes_of(event))
        return self.run

    def _begin(self) -> Run:
        first = self.recorded[0]
        started = decode(births.Started, encode(attributes_of(first)))
        self.ground.clock._now = first.timestamp
        return births.begin(self.ground.service.runs, self.domain, "recorded", "run-of-the-test", started)

    def _task(self, run_id: str, kind: str, scheduled_id: int | None = None) -> Any:
        """Take a task of a run out of whatever list it is in."""
        for (_, _, found), tasks in self.ground.lists.tasks.items():
            for task in tasks:
                if found == kind and task.run_id == run_id and scheduled_id in {None, task.scheduled_id}:
                    tasks.remove(task)
                    return task
        return None

    def _until(self, happened: Any) -> None:
        for _ in range(200):
            if happened():
                return
            self.ground.clock.advance(0.25)
        pytest.fail("it never happened")

    # --- decisions ---

    def _DecisionTaskStarted(self, event: Any, started: Any) -> None:
        if started.scheduled_event_id not in self.out:
            task = self._task(self.run.state.run_id, "decision")
            self.out[started.scheduled_event_id] = self.ground.service.start_decision(
                task, identity="w", request_id="r"
            )

    def _DecisionTaskCompleted(self, event: Any, completed: Any) -> None:
        decisions = [
            self._decision(other)
            for other in self.recorded
            if EventType(other.event_type or 0) in DECIDED
            and attributes_of(other).decision_task_completed_event_id == event.event_id
        ]
        answer = self.out.pop(completed.scheduled_event_id)
        request = api.RespondDecisionTaskCompletedRequest(
            task_token=answer.task_token,
            decisions=decisions,
            identity="w",
            binary_checksum=completed.binary_checksum,
            execution_context=completed.execution_context,
            sticky_attributes=self._sticky(event.event_id),
            **self._follow_up(event.event_id, len(decisions)),
        )
        response = self.ground.service.complete_decision(read_token(answer.task_token), request, client=("", ""))
        if response.decision_task is not None:
            self.out[response.decision_task.started_event_id - 1] = response.decision_task

    def _sticky(self, completed_id: int) -> api.StickyExecutionAttributes | None:
        """The list that the worker named, seen from where the next task was put."""
        for event in self.recorded[completed_id:]:
            scheduled = event.decision_task_scheduled_event_attributes
            if scheduled is not None and scheduled.task_list is not None:
                name = scheduled.task_list.name or ""
                if name == self.run.state.task_list:
                    return None
                self.ground.lists.polled.add(name)
                return api.StickyExecutionAttributes(
                    worker_task_list=scheduled.task_list, schedule_to_start_timeout_seconds=5
                )
        return None

    def _follow_up(self, completed_id: int, decisions: int) -> dict[str, bool]:
        """Whether the worker asked for another task, seen from one that came for no other reason."""
        following = self.recorded[completed_id + decisions : completed_id + decisions + 2]
        kinds = [event.event_type for event in following]
        if kinds != [EventType.DecisionTaskScheduled, EventType.DecisionTaskStarted]:
            return {}
        started = following[1].decision_task_started_event_attributes
        own = started is not None and started.request_id == "request-from-RespondDecisionTaskCompleted"
        return {"force_create_new_decision_task": own, "return_new_decision_task": own}

    def _decision(self, event: api.HistoryEvent) -> api.Decision:
        kind = DECIDED[EventType(event.event_type or 0)]
        attributes = attributes_of(event)
        wanted = getattr(api, f"{kind}DecisionAttributes")
        known = {name: getattr(attributes, name) for name in wanted.__slots__ if hasattr(attributes, name)}
        target = getattr(attributes, "workflow_execution", None)
        if kind == "SignalExternalWorkflowExecution":
            known["execution"] = target
        elif kind == "RequestCancelExternalWorkflowExecution":
            known |= {"workflow_id": target.workflow_id, "run_id": target.run_id}
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind)[1:]
        number = DecisionType[kind]
        return api.Decision(decision_type=int(number), **{f"{name}_decision_attributes": wanted(**known)})

    # --- activities ---

    def _ActivityTaskScheduled(self, event: Any, scheduled: Any) -> None:
        """Do the attempts of which the history has only the last: they end evenly spread before it starts."""
        last = self._of(EventType.ActivityTaskStarted, event.event_id)
        attempts = (last.activity_task_started_event_attributes.attempt or 0) if last is not None else 0
        if last is None or not attempts:
            return
        reason = last.activity_task_started_event_attributes.last_failure_reason or ""
        waits = attempts * (scheduled.retry_policy.initial_interval_in_seconds or 0)
        for _ in range(attempts):
            task = self._start_activity(event.event_id)
            run, activity = self.ground.service.activity_of(read_token(task.task_token))
            if reason.startswith("cadenceInternal:Timeout"):
                self._until(lambda: activity.waits)  # noqa: B023  # called before the next round
            else:
                self.ground.clock.advance((last.timestamp - event.timestamp) / 1e9 / attempts - waits)
                self.ground.service.fail_activity(run, activity, reason, None, "w")
            self._until(lambda: not activity.waits)  # noqa: B023

    def _ActivityTaskStarted(self, event: Any, started: Any) -> None:
        self.out[started.scheduled_event_id] = self._start_activity(started.scheduled_event_id)

    def _start_activity(self, scheduled_id: int) -> Any:
        task = self._task(self.run.state.run_id, "activity", scheduled_id)
        answer = self.ground.service.start_activity(task, identity="w", request_id="r")
        ended = self._of(EventType.ActivityTaskTimedOut, scheduled_id)
        details = ended.activity_task_timed_out_event_attributes.details if ended is not None else None
        if details is not None:
            self._beat(answer, details)
        return answer

    def _beat(self, task: Any, details: bytes | None) -> None:
        run, activity = self.ground.service.activity_of(read_token(task.task_token))
        self.ground.service.heartbeat(run, activity, details, "w")

    def _of(self, kind: EventType, scheduled_id: int) -> api.HistoryEvent | None:
        """The recorded event of a type that belongs to an activity."""
        for event in self.recorded:
            if event.event_type == kind and attributes_of(event).scheduled_event_id == scheduled_id:
                return event
        return None

    def _activity(self, scheduled_id: int) -> Any:
        return self.ground.service.activity_of(read_token(self.out.pop(scheduled_id).task_token))

    def _ActivityTaskCompleted(self, event: Any, completed: Any) -> None:
        found, activity = self._activity(completed.scheduled_event_id)
        self.ground.service.complete_activity(found, activity, completed.result, "w")

    def _ActivityTaskFailed(self, event: Any, failed: Any) -> None:
        found, activity = self._activity(failed.scheduled_event_id)
        self.ground.service.fail_activity(found, activity, failed.reason, failed.details, "w")

    def _ActivityTaskCanceled(self, event: Any, cancelled: Any) -> None:
        if cancelled.started_event_id > 0:
            found, activity = self._activity(cancelled.scheduled_event_id)
            self.ground.service.cancel_activity(found, activity, cancelled.details, "w")

    def _keep_alive(self) -> None:
        """Beat for the activities that did not end by being silent."""
        for scheduled_id, activity in list(self.run.state.activities.items()):
            beats = activity.is_started and activity.heartbeat and scheduled_id in self.out
            if beats and self._of(EventType.ActivityTaskTimedOut, scheduled_id) is None:
                self._beat(self.out[scheduled_id], None)

    # --- from outside ---

    def _WorkflowExecutionSignaled(self, event: Any, signaled: Any) -> None:
        request = api.SignalWorkflowExecutionRequest(
            workflow_execution=self.run.execution, signal_name=signaled.signal_name, input=signaled.input
        )
        self.ground.service.signal(self.domain, request)

    def _WorkflowExecutionCancelRequested(self, event: Any, asked: Any) -> None:
        signalling.request_cancel(self.ground.service.runs, self.run, decode(type(asked), encode(asked)))

    def _WorkflowExecutionTerminated(self, event: Any, ended: Any) -> None:
        request = api.TerminateWorkflowExecutionRequest(
            workflow_execution=self.run.execution, reason=ended.reason, details=ended.details
        )
        self.ground.service.terminate(self.domain, request)

    # --- children ---

    def _child(self, workflow_id: str) -> Run:
        return self.ground.service.find(self.domain.id, workflow_id)

    def _end_child(self, closed: Any, decision: api.Decision) -> None:
        workflow_id = closed.workflow_execution.workflow_id
        while self._child(workflow_id).state.is_open:
            task = None
            for _ in range(200):
                task = self._task(self._child(workflow_id).state.run_id, "decision")
                if task is not None:
                    break
                self.ground.clock.advance(0.25)
            answer = self.ground.service.start_decision(task, identity="c", request_id="r")
            request = api.RespondDecisionTaskCompletedRequest(task_token=answer.task_token, decisions=[decision])
            self.ground.service.complete_decision(read_token(answer.task_token), request, client=("", ""))

    def _ChildWorkflowExecutionCompleted(self, event: Any, closed: Any) -> None:
        attributes = api.CompleteWorkflowExecutionDecisionAttributes(result=closed.result)
        self._end_child(
            closed, api.Decision(decision_type=3, complete_workflow_execution_decision_attributes=attributes)
        )

    def _ChildWorkflowExecutionFailed(self, event: Any, closed: Any) -> None:
        attributes = api.FailWorkflowExecutionDecisionAttributes(reason=closed.reason, details=closed.details)
        self._end_child(closed, api.Decision(decision_type=4, fail_workflow_execution_decision_attributes=attributes))

    def _ChildWorkflowExecutionCanceled(self, event: Any, closed: Any) -> None:
        attributes = api.CancelWorkflowExecutionDecisionAttributes(details=closed.details)
        self._end_child(closed, api.Decision(decision_type=6, cancel_workflow_execution_decision_attributes=attributes))


def comparable(events: list[api.HistoryEvent]) -> list[Any]:
    return [_without(event) for event in json.loads(dumps(api.History(events=events)))]


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        # The recordings leave out what is empty, whatever the wire had.
        kept = {key: _without(item) for key, item in value.items() if key not in UNEQUAL}
        return {key: item for key, item in kept.items() if item not in ("", None, {}, 0, False, [])}
    return [_without(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_same_steps_write_the_same_events(ground: Any, path: Path) -> None:
    events = list(loads(path.read_text()).events or ())
    domain = ground.domain
    if path.parent.name == "go":
        domain = ground.domains.register(Domain(id="recorded", name="integration-test-domain"))
    run = Stage(ground, domain, events).play()
    ours, theirs = comparable(run.events), comparable(events)
    assert [event["eventType"] for event in ours] == [event["eventType"] for event in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one == other
