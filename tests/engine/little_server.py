"""A server in memory for one run: turns its decisions into events as Cadence does, in steps that a test dictates.

The run is fed step by step, as a cached one; each decision task's decisions are kept, so that `check` can demand them
again of fresh runs that get the history up to there at once. Loaded by path, see conftest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause, DecisionType, EventType, TimeoutType
from cadence.converter import DataConverter
from cadence.engine import LocalActivity, RunOptions, WorkflowRun
from cadence.workflow.definition import definition_of

_SECOND = 10**9
_CLOSE = {
    DecisionType.CompleteWorkflowExecution: ("complete", "completed", EventType.WorkflowExecutionCompleted),
    DecisionType.FailWorkflowExecution: ("fail", "failed", EventType.WorkflowExecutionFailed),
    DecisionType.CancelWorkflowExecution: ("cancel", "canceled", EventType.WorkflowExecutionCanceled),
}

Answer = Mapping[str, Any]


def js(value: object) -> bytes:
    """Return a value in Go's form."""
    return json.dumps(value).encode() + b"\n"


def answer(_activity: LocalActivity) -> Answer:
    """End a local activity well."""
    return {"result": js("done")}


def copied(source: Any, target: type) -> Any:
    """Make an event's attributes of a decision's: the fields that both have."""
    names = set(target.__slots__) & set(type(source).__slots__)
    return target(**{name: getattr(source, name) for name in names})


class Server:
    """One run's history, and the run that makes it."""

    def __init__(
        self,
        workflow: type,
        *arguments: object,
        options: RunOptions | None = None,
        local: Callable[[LocalActivity], Answer | None] = answer,
        **started: Any,
    ) -> None:
        self.definition = definition_of(workflow)
        self.options = options or RunOptions()
        self.local = local
        """Runs a local activity; None: it takes longer than a decision may."""
        self.converter = DataConverter()
        self.history: list[api.HistoryEvent] = []
        self.tasks: dict[int, tuple[list[api.Decision], list[tuple[str, Answer]]]] = {}
        """By the start of each answered task: what was decided, and how local activities ended in it."""
        self.activities: dict[str, int] = {}
        self.timers: dict[str, tuple[int, int]] = {}
        self.children: dict[str, int] = {}
        self.externals: list[int] = []
        self.time_ns = 1_700_000_000 * _SECOND
        self.is_closed = False
        self._in_flight = False
        self._scheduled = False
        self._buffer: list[api.HistoryEvent] = []
        self.run = self.new_run()
        started.setdefault("execution_start_to_close_timeout_seconds", 3600)
        started.setdefault("task_start_to_close_timeout_seconds", 10)
        attributes = api.WorkflowExecutionStartedEventAttributes(
            workflow_type=api.WorkflowType(name=self.definition.name),
            task_list=api.TaskList(name="tasks"),
            input=self.converter.encode_arguments(arguments),
            original_execution_run_id="run",
            first_execution_run_id="run",
            **started,
        )
        self._write(EventType.WorkflowExecutionStarted, attributes)
        self._schedule()

    # --- decision tasks ---

    def new_run(self, **options: Any) -> WorkflowRun:
        """Return a run that has seen nothing."""
        given: dict[str, Any] = {"interceptors": self.options.interceptors, "failure_types": self.options.failure_types}
        return WorkflowRun(
            self.definition,
            converter=self.converter,
            domain="domain",
            workflow_id="workflow",
            run_id="run",
            options=RunOptions(**{**given, **options}),
        )

    def begin(self, queries: Mapping[str, api.WorkflowQuery] | None = None, **facts: Any) -> None:
        """Start a decision task: the run's code sees what is new."""
        assert self._scheduled, "nothing is new"
        self._scheduled = False
        self._write(EventType.DecisionTaskStarted, api.DecisionTaskStartedEventAttributes())
        self._in_flight = True
        news = self.history[self.run.last_event_id :]
        self.run.receive_task(news, started_event_id=len(self.history), queries=queries, **facts)

    def finish(self) -> list[api.Decision]:
        """End it: what the run decides becomes events."""
        started = len(self.history)
        ends = self.tasks.get(started, ([], []))[1]
        self._run_local_activities(self.run, ends)
        decisions = self.run.decisions_to_send()
        self._in_flight = False
        closes = any(decision.decision_type in _CLOSE or _continues(decision) for decision in decisions)
        if closes and self._buffer:
            self._refuse(started)
            return decisions
        self.tasks[started] = decisions, ends
        completed = api.DecisionTaskCompletedEventAttributes(started_event_id=started)
        self._write(EventType.DecisionTaskCompleted, completed)
        has_news = bool(self._buffer) or self.run.pending_local_activities > 0
        for decision in decisions:
            self._apply(decision)
        if self.is_closed:
            self._buffer.clear()
            return decisions
        has_news = bool(self._buffer) or has_news
        self._flush()
        if has_news:
            self._schedule()
        return decisions

    def task(self, **facts: Any) -> list[api.Decision]:
        """Begin a decision task and finish it."""
        self.begin(**facts)
        return self.finish()

    def lose_task(self, kind: str = "timed_out") -> None:
        """A decision task that nobody answers; the run leaves the cache."""
        self._scheduled = False
        self._write(EventType.DecisionTaskStarted, api.DecisionTaskStartedEventAttributes())
        if kind == "timed_out":
            self._write(EventType.DecisionTaskTimedOut, api.DecisionTaskTimedOutEventAttributes())
        else:
            self._write(EventType.DecisionTaskFailed, api.DecisionTaskFailedEventAttributes())
        self._schedule()

    def evict(self) -> None:
        """Drop the cached run; the next task begins from the first event."""
        self.run.close()
        self.run = self.new_run()

    def _refuse(self, started: int) -> None:
        self.tasks.pop(started, None)
        cause = DecisionTaskFailedCause.UNHANDLED_DECISION
        failed = api.DecisionTaskFailedEventAttributes(started_event_id=started, cause=cause)
        self._write(EventType.DecisionTaskFailed, failed)
        self._flush()
        self._schedule()
        self.evict()

    def _run_local_activities(self, run: WorkflowRun, ends: list[tuple[str, Answer]]) -> None:
        while started := run.local_activities_to_start():
            for activity in started:
                end = self.local(activity)
                if end is None:
                    continue
                self.time_ns += 5_000_000
                ends.append((activity.activity_id, {"time_ns": self.time_ns, "attempt": activity.attempt, **end}))
                run.receive_local_activity(activity.activity_id, **ends[-1][1])
        run.local_activities_to_cancel()

    def end_local(self, activity_id: str, **end: Any) -> None:
        """End one that took longer than its decision task, within the current one."""
        started = len(self.history)
        ends = self.tasks.setdefault(started, ([], []))[1]
        ends.append((activity_id, {"time_ns": self.time_ns, **end}))
        self.run.receive_local_activity(activity_id, **ends[-1][1])
        self._run_local_activities(self.run, ends)

    # --- checks ---

    def replayed(self, length: int | None = None, **options: Any) -> WorkflowRun:
        """Return a fresh run that got the history, or its beginning, at once."""
        run = self.new_run(**options)
        run.receive_task(self.history[:length], started_event_id=0)
        return run

    def check(self) -> None:
        """Demand the same decisions of a fresh run, for each task, and no complaint about the whole."""
        for started, (decisions, ends) in self.tasks.items():
            run = self.new_run()
            run.receive_task(self.history[:started], started_event_id=started)
            for activity_id, end in ends:
                run.local_activities_to_start()
                run.receive_local_activity(activity_id, **end)
            again = run.decisions_to_send()
            run.close()
            assert again == decisions, f"at event {started}"
        whole = self.replayed(replay_only=True, compare_result=True)
        assert not whole.decisions_to_send()
        assert whole.is_closed == self.is_closed
        whole.close()

    # --- what the world does ---

    def complete(self, activity_id: str, value: object = "done") -> None:
        """An activity returned."""
        scheduled = self._started_activity(activity_id)
        attributes = api.ActivityTaskCompletedEventAttributes(scheduled_event_id=scheduled, result=js(value))
        self._news(EventType.ActivityTaskCompleted, attributes)

    def fail(
        self,
        activity_id: str,
        reason: str = "cadenceInternal:Generic",
        details: bytes | None = b"bad",
        attempt: int | None = None,
    ) -> None:
        """An activity raised."""
        scheduled = self._started_activity(activity_id, attempt)
        attributes = api.ActivityTaskFailedEventAttributes(
            scheduled_event_id=scheduled, reason=reason, details=details, identity="worker"
        )
        self._news(EventType.ActivityTaskFailed, attributes)

    def fail_with(self, activity_id: str, error: BaseException) -> None:
        """An activity raised this."""
        self.fail(activity_id, *self.converter.encode_failure(error))

    def time_out(self, activity_id: str, kind: TimeoutType = TimeoutType.START_TO_CLOSE, **more: Any) -> None:
        """An activity took too long."""
        attributes = api.ActivityTaskTimedOutEventAttributes(
            scheduled_event_id=self.activities.pop(activity_id), timeout_type=kind, **more
        )
        self._news(EventType.ActivityTaskTimedOut, attributes)

    def canceled(self, activity_id: str, details: bytes | None = None) -> None:
        """An activity ended as cancelled."""
        scheduled = self._started_activity(activity_id)
        attributes = api.ActivityTaskCanceledEventAttributes(scheduled_event_id=scheduled, details=details)
        self._news(EventType.ActivityTaskCanceled, attributes)

    def fire(self, timer_id: str) -> None:
        """A timer fired, at its time."""
        started, due = self.timers.pop(timer_id)
        self.time_ns = max(self.time_ns, due)
        attributes = api.TimerFiredEventAttributes(timer_id=timer_id, started_event_id=started)
        self._news(EventType.TimerFired, attributes)

    def child_started(self, workflow_id: str) -> None:
        """A child's run began."""
        self._child(workflow_id, "Started", ends=False)

    def child_not_started(self, workflow_id: str) -> None:
        """A child's id was in use."""
        attributes = api.StartChildWorkflowExecutionFailedEventAttributes(
            initiated_event_id=self.children.pop(workflow_id), workflow_id=workflow_id, cause=0
        )
        self._news(EventType.StartChildWorkflowExecutionFailed, attributes)

    def child_ends(self, workflow_id: str, how: str = "Completed", **more: Any) -> None:
        """A child ended: Completed, Failed, TimedOut, Canceled or Terminated."""
        self._child(workflow_id, how, ends=True, **more)

    def delivered(self, index: int = 0, *, kind: str = "signal", cause: int | None = None) -> None:
        """A signal or cancellation reached its workflow; with a cause, it did not."""
        given: Any = {"initiated_event_id": self.externals.pop(index)}
        if cause is not None:
            given["cause"] = cause
        names = {
            ("signal", False): "ExternalWorkflowExecutionSignaled",
            ("signal", True): "SignalExternalWorkflowExecutionFailed",
            ("cancel", False): "ExternalWorkflowExecutionCancelRequested",
            ("cancel", True): "RequestCancelExternalWorkflowExecutionFailed",
        }
        name = names[kind, cause is not None]
        self._news(EventType[name], getattr(api, f"{name}EventAttributes")(**given))

    def signal(self, name: str, *arguments: object, data: bytes | None = None) -> None:
        """Somebody signals the run."""
        data = self.converter.encode_arguments(arguments) if data is None else data
        attributes = api.WorkflowExecutionSignaledEventAttributes(signal_name=name, input=data)
        self._news(EventType.WorkflowExecutionSignaled, attributes)

    def cancel(self) -> None:
        """Somebody requests the run's cancellation."""
        attributes = api.WorkflowExecutionCancelRequestedEventAttributes(cause="enough")
        self._news(EventType.WorkflowExecutionCancelRequested, attributes)

    def terminate(self) -> None:
        """Somebody terminates the run."""
        self._write(EventType.WorkflowExecutionTerminated, api.WorkflowExecutionTerminatedEventAttributes())
        self.is_closed = True

    def query(self, name: str, *arguments: object) -> api.WorkflowQueryResult:
        """Ask the cached run."""
        return self.run.receive_query(name, self.converter.encode_arguments(arguments))

    def _started_activity(self, activity_id: str, attempt: int | None = None) -> int:
        scheduled = self.activities.pop(activity_id)
        attributes = api.ActivityTaskStartedEventAttributes(scheduled_event_id=scheduled, attempt=attempt)
        self._news(EventType.ActivityTaskStarted, attributes, wakes=False)
        return scheduled

    def _child(self, workflow_id: str, how: str, *, ends: bool, **more: Any) -> None:
        initiated = self.children.pop(workflow_id) if ends else self.children[workflow_id]
        execution = api.WorkflowExecution(workflow_id=workflow_id, run_id=f"run of {workflow_id}")
        if how == "Completed":
            more.setdefault("result", js("done"))
        kind = getattr(api, f"ChildWorkflowExecution{how}EventAttributes")
        attributes = kind(initiated_event_id=initiated, workflow_execution=execution, **more)
        self._news(EventType[f"ChildWorkflowExecution{how}"], attributes)

    # --- history ---

    def _event(self, kind: EventType, attributes: Any) -> api.HistoryEvent:
        name = type(attributes).__name__
        field = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
        return api.HistoryEvent(timestamp=self.time_ns, event_type=int(kind), **{field: attributes})

    def _write(self, kind: EventType, attributes: Any) -> int:
        return self._append(self._event(kind, attributes))

    def _append(self, event: api.HistoryEvent) -> int:
        self.time_ns += 1_000_000
        event.event_id = len(self.history) + 1
        self.history.append(event)
        return event.event_id

    def _news(self, kind: EventType, attributes: Any, *, wakes: bool = True) -> None:
        event = self._event(kind, attributes)
        if self._in_flight:
            self._buffer.append(event)
            return
        self._append(event)
        if wakes:
            self._schedule()

    def _flush(self) -> None:
        for event in self._buffer:
            self._append(event)
        self._buffer.clear()

    def _schedule(self) -> None:
        if not self._scheduled and not self.is_closed:
            self._scheduled = True
            self._write(EventType.DecisionTaskScheduled, api.DecisionTaskScheduledEventAttributes())

    @property
    def has_task(self) -> bool:
        """True while something is new to the run."""
        return self._scheduled

    # --- decisions ---

    def _apply(self, decision: api.Decision) -> None:
        kind = DecisionType(decision.decision_type or 0)
        if kind in _CLOSE or _continues(decision):
            self._close(kind, decision)
            return
        getattr(self, f"_decide_{kind.name}")(decision)

    def _close(self, kind: DecisionType, decision: api.Decision) -> None:
        self.is_closed = True
        if _continues(decision):
            source = decision.continue_as_new_workflow_execution_decision_attributes
            target = copied(source, api.WorkflowExecutionContinuedAsNewEventAttributes)
            self._write(EventType.WorkflowExecutionContinuedAsNew, target)
            return
        verb, participle, event_type = _CLOSE[kind]
        source = getattr(decision, f"{verb}_workflow_execution_decision_attributes")
        name = f"WorkflowExecution{participle.capitalize()}EventAttributes"
        self._write(event_type, copied(source, getattr(api, name)))

    def _decide_ScheduleActivityTask(self, decision: api.Decision) -> None:
        source: Any = decision.schedule_activity_task_decision_attributes
        assert source.activity_id not in self.activities
        target = copied(source, api.ActivityTaskScheduledEventAttributes)
        self.activities[source.activity_id] = self._write(EventType.ActivityTaskScheduled, target)

    def _decide_RequestCancelActivityTask(self, decision: api.Decision) -> None:
        source: Any = decision.request_cancel_activity_task_decision_attributes
        asked = copied(source, api.ActivityTaskCancelRequestedEventAttributes)
        self._write(EventType.ActivityTaskCancelRequested, asked)
        if source.activity_id not in self.activities:  # it ended in the meantime
            refused = copied(source, api.RequestCancelActivityTaskFailedEventAttributes)
            self._buffer.append(self._event(EventType.RequestCancelActivityTaskFailed, refused))

    def _decide_StartTimer(self, decision: api.Decision) -> None:
        source: Any = decision.start_timer_decision_attributes
        assert source.timer_id not in self.timers
        started = self._write(EventType.TimerStarted, copied(source, api.TimerStartedEventAttributes))
        due = self.time_ns + source.start_to_fire_timeout_seconds * _SECOND
        self.timers[source.timer_id] = started, due

    def _decide_CancelTimer(self, decision: api.Decision) -> None:
        source: Any = decision.cancel_timer_decision_attributes
        fired = [
            event
            for event in self._buffer
            if event.timer_fired_event_attributes is not None
            and event.timer_fired_event_attributes.timer_id == source.timer_id
        ]
        if self.timers.pop(source.timer_id, None) is None and not fired:
            refused = copied(source, api.CancelTimerFailedEventAttributes)
            self._write(EventType.CancelTimerFailed, refused)
            return
        for event in fired:
            self._buffer.remove(event)
        self._write(EventType.TimerCanceled, copied(source, api.TimerCanceledEventAttributes))

    def _decide_RecordMarker(self, decision: api.Decision) -> None:
        source = decision.record_marker_decision_attributes
        self._write(EventType.MarkerRecorded, copied(source, api.MarkerRecordedEventAttributes))

    def _decide_StartChildWorkflowExecution(self, decision: api.Decision) -> None:
        source: Any = decision.start_child_workflow_execution_decision_attributes
        target = copied(source, api.StartChildWorkflowExecutionInitiatedEventAttributes)
        self.children[source.workflow_id] = self._write(EventType.StartChildWorkflowExecutionInitiated, target)

    def _decide_SignalExternalWorkflowExecution(self, decision: api.Decision) -> None:
        source: Any = decision.signal_external_workflow_execution_decision_attributes
        target = copied(source, api.SignalExternalWorkflowExecutionInitiatedEventAttributes)
        target.workflow_execution = source.execution
        self.externals.append(self._write(EventType.SignalExternalWorkflowExecutionInitiated, target))

    def _decide_RequestCancelExternalWorkflowExecution(self, decision: api.Decision) -> None:
        source: Any = decision.request_cancel_external_workflow_execution_decision_attributes
        target = copied(source, api.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes)
        target.workflow_execution = api.WorkflowExecution(workflow_id=source.workflow_id, run_id=source.run_id)
        self.externals.append(self._write(EventType.RequestCancelExternalWorkflowExecutionInitiated, target))

    def _decide_UpsertWorkflowSearchAttributes(self, decision: api.Decision) -> None:
        source = decision.upsert_workflow_search_attributes_decision_attributes
        target = copied(source, api.UpsertWorkflowSearchAttributesEventAttributes)
        self._write(EventType.UpsertWorkflowSearchAttributes, target)


def _continues(decision: api.Decision) -> bool:
    return decision.decision_type == DecisionType.ContinueAsNewWorkflowExecution
