"""A client and a worker that remember what the server acknowledged, and hold the histories against it at the end.

Every call is repeated with the same request until it is answered, as a client in need of an answer does; so whatever
the server did of an unanswered call must be done once in the end. Loaded by the `crash_load` fixture; which server it
talks to, and what happens to that one, is the tests' affair.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from cadence import api
from cadence.api.enums import DecisionType, EventType
from cadence.errors import EntityNotExistsError, WorkflowExecutionAlreadyCompletedError
from cadence.service import WorkflowService
from cadence.tchannel.errors import ConnectionFailedError, ConnectionLostError, UnexpectedError

DOMAIN = "crashes"
LIST = api.TaskList(name="orders")
SIGNALS = 3
LANES, DECIDERS, WORKERS = 8, 4, 4
OPEN_AT_MOST = 150
TIMER_SECONDS = 1
NET = 60.0
"""Seconds after which a condition that should come true is given up; a net, not a measure."""
GONE = (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError)
"""What is said of a task or a run that is over, for example because it was answered before and the answer was lost."""

T = TypeVar("T")
History = list[api.HistoryEvent]


@dataclass
class Ledger:
    """What the server said is done."""

    started: dict[str, str] = field(default_factory=dict)
    """Run id by workflow id."""
    signalled: dict[str, list[str]] = field(default_factory=dict)
    worked: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Result by run and activity id."""
    decided: set[tuple[str, int]] = field(default_factory=set)
    """Run id and the id of the DecisionTaskStarted event."""
    seen: dict[str, dict[int, api.HistoryEvent]] = field(default_factory=dict)
    """What decision tasks showed of a run, by event id."""
    open: set[str] = field(default_factory=set)
    """Workflow ids that may still have work to do."""
    repeated: int = 0
    """Calls that had to be made again."""


def kind(event: api.HistoryEvent) -> str:
    return EventType(event.event_type).name


class Load:
    """Starts orders, signals them, decides and works, until told to stop."""

    def __init__(self, address: str, seed: int) -> None:
        self.ledger = Ledger()
        self.is_up = asyncio.Event()
        """Set while there is a server to call."""
        self.is_refused = asyncio.Event()
        """Set once a server says that it can't go on; the calls wait for the next one then."""
        self.service = WorkflowService.connect(address, retry=None)
        self._random = random.Random(seed)
        self._is_over = False
        self._has_room = asyncio.Event()
        self._lanes: list[asyncio.Task[None]] = []
        self._workers: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Start all of it."""
        self._lanes = [asyncio.create_task(self._lane(lane)) for lane in range(LANES)]
        self._workers = [asyncio.create_task(self._decide()) for _ in range(DECIDERS)]
        self._workers += [asyncio.create_task(self._work()) for _ in range(WORKERS)]

    async def end(self) -> dict[str, History]:
        """Start no more, wait until every run is closed, and return the history of each, by run id."""
        self._is_over = True
        async with asyncio.timeout(NET):
            lanes = asyncio.gather(*self._lanes)
            await asyncio.wait({lanes, *self._workers}, return_when=asyncio.FIRST_COMPLETED)
            for worker in self._workers:
                assert not worker.done(), worker.exception()
            await lanes
            ends = [self._ended(run_id, name) for name, run_id in self.ledger.started.items()]
            histories = dict(await asyncio.gather(*ends))
            for history in list(histories.values()):
                for event in history:
                    child = event.child_workflow_execution_started_event_attributes
                    if child is not None:
                        execution = child.workflow_execution
                        run_id, story = await self._ended(execution.run_id, execution.workflow_id)
                        histories[run_id] = story
        for task in self._workers:
            task.cancel()
        for result in await asyncio.gather(*self._workers, return_exceptions=True):
            assert isinstance(result, asyncio.CancelledError), result
        return histories

    async def closed_count(self) -> int:
        """Return how many closed runs the lists know."""
        request = api.CountWorkflowExecutionsRequest(domain=DOMAIN, query="CloseTime != missing")
        return (await self.service.count_workflow_executions(request)).count

    async def repeat(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call until it is answered."""
        while True:
            await self.is_up.wait()
            try:
                return await call()
            except (ConnectionLostError, ConnectionFailedError):
                await asyncio.sleep(0.01)
            except UnexpectedError as error:
                if "can't be written or read" not in str(error):
                    raise
                self.is_up.clear()
                self.is_refused.set()
            self.ledger.repeated += 1

    # --- the client ---

    async def _lane(self, lane: int) -> None:
        number = 0
        while not self._is_over:
            while len(self.ledger.open) >= OPEN_AT_MOST:
                self._has_room.clear()
                await self._has_room.wait()
            await self._order(f"order-{lane}-{number}")
            number += 1

    async def _order(self, name: str) -> None:
        request = api.StartWorkflowExecutionRequest(
            domain=DOMAIN,
            workflow_id=name,
            workflow_type=api.WorkflowType(name="order"),
            task_list=LIST,
            execution_start_to_close_timeout_seconds=600,
            task_start_to_close_timeout_seconds=2,
            request_id=str(uuid.uuid4()),
            input=json.dumps(self._random.random() < 0.3).encode(),
        )
        self.ledger.open.add(name)
        answer = await self.repeat(lambda: self.service.start_workflow_execution(request))
        self.ledger.started[name] = answer.run_id
        execution = api.WorkflowExecution(workflow_id=name, run_id=answer.run_id)
        for _ in range(SIGNALS):
            await asyncio.sleep(self._random.uniform(0, 0.05))
            await self._signal(execution)

    async def _signal(self, execution: api.WorkflowExecution) -> None:
        request_id = str(uuid.uuid4())
        request = api.SignalWorkflowExecutionRequest(
            DOMAIN, execution, "item", request_id.encode(), "client", request_id=request_id
        )
        # Only the last signal lets an order end: if the run is closed, it was taken before its answer was lost.
        with contextlib.suppress(*GONE):
            await self.repeat(lambda: self.service.signal_workflow_execution(request))
        self.ledger.signalled.setdefault(execution.run_id, []).append(request_id)

    async def _ended(self, run_id: str, workflow_id: str) -> tuple[str, History]:
        execution = api.WorkflowExecution(workflow_id=workflow_id, run_id=run_id)
        wait = api.GetWorkflowExecutionHistoryRequest(
            domain=DOMAIN, execution=execution, wait_for_new_event=True, history_event_filter_type=1
        )
        while True:
            last = await self.service.get_workflow_execution_history(wait, timeout=NET)
            if last.history.events and not last.next_page_token:
                break
            wait.next_page_token = last.next_page_token
        read = api.GetWorkflowExecutionHistoryRequest(domain=DOMAIN, execution=execution)
        return run_id, (await self.service.get_workflow_execution_history(read)).history.events

    # --- the worker ---

    async def _decide(self) -> None:
        poll = api.PollForDecisionTaskRequest(DOMAIN, LIST, "decider", "sum")
        while True:
            task = await self.repeat(lambda: self.service.poll_for_decision_task(poll, timeout=NET))
            if not task.task_token:
                continue
            self._see(task)
            execution, decisions = task.workflow_execution, decide(task)
            respond = api.RespondDecisionTaskCompletedRequest(
                task_token=task.task_token, decisions=decisions, identity="decider"
            )
            try:
                await self.repeat(lambda respond=respond: self.service.respond_decision_task_completed(respond))
            except GONE:
                pass  # it was taken before its answer was lost, or timed out meanwhile
            else:
                self.ledger.decided.add((execution.run_id, task.started_event_id))
            if any(each.decision_type == DecisionType.CompleteWorkflowExecution for each in decisions):
                self.ledger.open.discard(execution.workflow_id)
                self._has_room.set()

    def _see(self, task: api.PollForDecisionTaskResponse) -> None:
        events = task.history.events
        if task.attempt:
            events = events[:-2]  # a repeated task's own two events are no part of the history yet
        self.ledger.seen.setdefault(task.workflow_execution.run_id, {}).update(
            {event.event_id: event for event in events}
        )

    async def _work(self) -> None:
        poll = api.PollForActivityTaskRequest(DOMAIN, LIST, "worker")
        while True:
            task = await self.repeat(lambda: self.service.poll_for_activity_task(poll, timeout=NET))
            if not task.task_token:
                continue
            result = str(uuid.uuid4()).encode()
            respond = api.RespondActivityTaskCompletedRequest(task.task_token, result, "worker")
            try:
                await self.repeat(lambda respond=respond: self.service.respond_activity_task_completed(respond))
            except GONE:
                continue  # it was taken before its answer was lost, or timed out meanwhile
            self.ledger.worked[task.workflow_execution.run_id, task.activity_id] = result


def decide(task: api.PollForDecisionTaskResponse) -> list[api.Decision]:
    """An order: an activity and a timer at once, perhaps a child too, and three signals, in any order."""
    history = task.history.events
    count = Counter(kind(event) for event in history)
    if task.workflow_type.name == "part":
        if not count["TimerStarted"]:
            return [_timer()]
        return [_complete(b"part")] if count["TimerFired"] else []
    if not count["ActivityTaskScheduled"]:
        with_child = json.loads(history[0].workflow_execution_started_event_attributes.input)
        name = f"{task.workflow_execution.workflow_id}-part"
        return [_activity(), _timer(), *([_child(name)] if with_child else [])]
    is_over = (
        count["ActivityTaskCompleted"]
        and count["TimerFired"]
        and count["WorkflowExecutionSignaled"] >= SIGNALS
        and count["ChildWorkflowExecutionCompleted"] == count["StartChildWorkflowExecutionInitiated"]
    )
    items = [_signal_input(event) for event in history if kind(event) == "WorkflowExecutionSignaled"]
    return [_complete(json.dumps(items).encode())] if is_over else []


def _signal_input(event: api.HistoryEvent) -> str:
    text: bytes = event.workflow_execution_signaled_event_attributes.input
    return text.decode()


def _activity() -> api.Decision:
    attributes = api.ScheduleActivityTaskDecisionAttributes(
        activity_id="charge",
        activity_type=api.ActivityType(name="charge"),
        task_list=LIST,
        schedule_to_close_timeout_seconds=300,
        schedule_to_start_timeout_seconds=300,
        start_to_close_timeout_seconds=2,
        heartbeat_timeout_seconds=0,
        retry_policy=api.RetryPolicy(
            initial_interval_in_seconds=1, backoff_coefficient=1.0, expiration_interval_in_seconds=300
        ),
    )
    return api.Decision(DecisionType.ScheduleActivityTask, schedule_activity_task_decision_attributes=attributes)


def _timer() -> api.Decision:
    attributes = api.StartTimerDecisionAttributes("wait", TIMER_SECONDS)
    return api.Decision(DecisionType.StartTimer, start_timer_decision_attributes=attributes)


def _child(name: str) -> api.Decision:
    attributes = api.StartChildWorkflowExecutionDecisionAttributes(
        domain=DOMAIN,
        workflow_id=name,
        workflow_type=api.WorkflowType(name="part"),
        task_list=LIST,
        execution_start_to_close_timeout_seconds=600,
        task_start_to_close_timeout_seconds=2,
    )
    return api.Decision(
        DecisionType.StartChildWorkflowExecution, start_child_workflow_execution_decision_attributes=attributes
    )


def _complete(result: bytes) -> api.Decision:
    attributes = api.CompleteWorkflowExecutionDecisionAttributes(result)
    return api.Decision(
        DecisionType.CompleteWorkflowExecution, complete_workflow_execution_decision_attributes=attributes
    )


# --- holding histories against the ledger ---


def check(ledger: Ledger, histories: dict[str, History]) -> None:
    """Nothing acknowledged is missing, nothing is there twice, and nothing that was shown has changed."""
    assert len(set(ledger.started.values())) == len(ledger.started)
    for run_id, history in histories.items():
        assert [event.event_id for event in history] == list(range(1, len(history) + 1))
        assert kind(history[-1]) == "WorkflowExecutionCompleted", run_id
        for event_id, event in ledger.seen.get(run_id, {}).items():
            assert history[event_id - 1] == event
        _check_timers(history)
    for run_id in ledger.started.values():
        _check_order(ledger, run_id, histories[run_id])
    _check_decisions(ledger, histories)


def _check_order(ledger: Ledger, run_id: str, history: History) -> None:
    count = Counter(kind(event) for event in history)
    assert count["WorkflowExecutionStarted"] == 1
    assert count["ActivityTaskScheduled"] == count["ActivityTaskCompleted"] == 1, count
    assert count["StartChildWorkflowExecutionInitiated"] == count["ChildWorkflowExecutionStarted"], count
    assert count["StartChildWorkflowExecutionInitiated"] == count["ChildWorkflowExecutionCompleted"] <= 1, count
    signals = [_signal_input(event) for event in history if kind(event) == "WorkflowExecutionSignaled"]
    assert signals == ledger.signalled[run_id]
    assert json.loads(history[-1].workflow_execution_completed_event_attributes.result) == signals
    for event in history:
        if kind(event) == "ActivityTaskCompleted" and (run_id, "charge") in ledger.worked:
            result = event.activity_task_completed_event_attributes.result
            assert result == ledger.worked[run_id, "charge"]


def _check_timers(history: History) -> None:
    started = [event for event in history if kind(event) == "TimerStarted"]
    fired = [event for event in history if kind(event) == "TimerFired"]
    assert len(started) == len(fired) == 1
    assert fired[0].timestamp - started[0].timestamp >= TIMER_SECONDS * 10**9


def _check_decisions(ledger: Ledger, histories: dict[str, History]) -> None:
    answered = Counter(
        (run_id, event.decision_task_completed_event_attributes.started_event_id)
        for run_id, history in histories.items()
        for event in history
        if kind(event) == "DecisionTaskCompleted"
    )
    assert ledger.decided <= answered.keys()
    assert set(answered.values()) == {1}
