"""A history service on its own: a clock that tests advance, task lists that keep what they get, a store in memory."""

from __future__ import annotations

import heapq
import itertools
import uuid
from collections import defaultdict, deque
from typing import Any

import pytest
import pytest_asyncio

from cadence import api
from cadence.api.enums import DecisionType, EventType
from cadence.devserver.domains import Domain, DomainRegistry
from cadence.devserver.execution.history_service import HistoryService
from cadence.devserver.execution.state import Run
from cadence.devserver.store.sqlite import SqliteStore
from cadence.devserver.tokens import read_token

SECOND = 1_000_000_000


class Alarm:
    def __init__(self, callback: Any) -> None:
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class ManualClock:
    """Stands still until it is advanced; alarms ring in order at their own times."""

    def __init__(self, now_ns: int = 1_700_000_000 * SECOND) -> None:
        self._now = now_ns
        self.held = False
        self._heap: list[tuple[int, int, Alarm]] = []
        self._order = itertools.count()

    def now_ns(self) -> int:
        return self._now

    def call_at(self, when_ns: int, callback: Any) -> Alarm:
        alarm = Alarm(callback)
        heapq.heappush(self._heap, (when_ns, next(self._order), alarm))
        return alarm

    def hold(self) -> None:
        assert not self.held
        self.held = True

    def release(self) -> None:
        assert self.held
        self.held = False

    def close(self) -> None:
        self._heap.clear()

    def advance(self, seconds: float) -> None:
        until = self._now + int(seconds * SECOND)
        while self._heap and self._heap[0][0] <= until:
            when, _, alarm = heapq.heappop(self._heap)
            self._now = max(self._now, when)
            if not alarm.cancelled:
                alarm.callback()
        self._now = until


class Lists:
    """Task lists that keep what they get until a test takes it."""

    def __init__(self) -> None:
        self.tasks: dict[tuple[str, str, str], deque[Any]] = defaultdict(deque)
        self.polled: set[str] = set()

    def add(self, task: Any) -> None:
        self.tasks[task.domain_id, task.list_name, task.kind].append(task)

    def has_poller(self, domain_id: str, name: str, kind: str) -> bool:
        return name in self.polled


class Ground:
    """One service and a worker's and a client's view of it."""

    def __init__(self, store: SqliteStore, clock: ManualClock | None = None) -> None:
        self.store = store
        self.clock = clock or ManualClock()
        self.lists = Lists()
        self.domains = DomainRegistry(store, auto_register=False, retention_days=1)
        known = {domain.name: domain for domain in self.domains.all()}
        self.domain = known.get("samples") or self.domains.register(Domain(id=str(uuid.uuid4()), name="samples"))
        self.service = HistoryService(store, self.clock, self.domains, self.lists)  # type: ignore[arg-type]

    # --- as a client ---

    def request(self, workflow_id: str = "w", **fields: Any) -> api.StartWorkflowExecutionRequest:
        given: dict[str, Any] = {
            "domain": "samples",
            "workflow_id": workflow_id,
            "workflow_type": api.WorkflowType(name="hello"),
            "task_list": api.TaskList(name="tl"),
            "execution_start_to_close_timeout_seconds": 3600,
            "task_start_to_close_timeout_seconds": 10,
            "identity": "client",
            "request_id": str(uuid.uuid4()),
        }
        return api.StartWorkflowExecutionRequest(**{**given, **fields})

    def start(self, workflow_id: str = "w", **fields: Any) -> Run:
        run_id = self.service.start_workflow(self.domain, self.request(workflow_id, **fields), client=("", ""))
        return self.service.find(self.domain.id, workflow_id, run_id)

    def signal(self, name: str = "go", workflow_id: str = "w", **fields: Any) -> None:
        execution = api.WorkflowExecution(workflow_id=workflow_id)
        request = api.SignalWorkflowExecutionRequest(workflow_execution=execution, signal_name=name, **fields)
        self.service.signal(self.domain, request)

    def current(self, workflow_id: str = "w") -> Run:
        return self.service.find(self.domain.id, workflow_id)

    # --- as a worker ---

    def poll(self, name: str = "tl", identity: str = "worker") -> api.PollForDecisionTaskResponse | None:
        tasks = self.lists.tasks[self.domain.id, name, "decision"]
        while tasks:
            answer = self.service.start_decision(tasks.popleft(), identity=identity, request_id=str(uuid.uuid4()))
            if answer is not None:
                return answer
        return None

    def poll_activity(self, name: str = "tl", identity: str = "worker") -> api.PollForActivityTaskResponse | None:
        tasks = self.lists.tasks[self.domain.id, name, "activity"]
        while tasks:
            answer = self.service.start_activity(tasks.popleft(), identity=identity, request_id=str(uuid.uuid4()))
            if answer is not None:
                return answer
        return None

    def answer(
        self, task: api.PollForDecisionTaskResponse | None, *decisions: api.Decision, **fields: Any
    ) -> api.RespondDecisionTaskCompletedResponse:
        assert task is not None
        request = api.RespondDecisionTaskCompletedRequest(
            task_token=task.task_token, decisions=list(decisions), identity="worker", **fields
        )
        return self.service.complete_decision(read_token(task.task_token), request, client=("uber-go", "1.7.0"))

    def decide(self, *decisions: api.Decision, **fields: Any) -> api.RespondDecisionTaskCompletedResponse:
        return self.answer(self.poll(), *decisions, **fields)

    def refuse(self, task: api.PollForDecisionTaskResponse | None) -> None:
        assert task is not None
        request = api.RespondDecisionTaskFailedRequest(
            task_token=task.task_token, cause=13, details=b"no", identity="worker"
        )
        self.service.fail_decision(read_token(task.task_token), request)

    def complete(self, task: api.PollForActivityTaskResponse | None, result: bytes = b"1") -> None:
        assert task is not None
        run, activity = self.service.activity_of(read_token(task.task_token))
        self.service.complete_activity(run, activity, result, "worker")

    def fail(self, task: api.PollForActivityTaskResponse | None, reason: str = "boom") -> None:
        assert task is not None
        run, activity = self.service.activity_of(read_token(task.task_token))
        self.service.fail_activity(run, activity, reason, b"why", "worker")

    def beat(self, task: api.PollForActivityTaskResponse | None, details: bytes = b"at it") -> bool:
        assert task is not None
        run, activity = self.service.activity_of(read_token(task.task_token))
        return self.service.heartbeat(run, activity, details, "worker")


def types(run: Run) -> list[str]:
    """The types of a run's events."""
    assert [event.event_id for event in run.events] == list(range(1, len(run.events) + 1))
    return [EventType(event.event_type or 0).name for event in run.events]


def decision(kind: str, **fields: Any) -> api.Decision:
    """A decision of a type, with attributes."""
    number = DecisionType[kind]
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind)[1:]
    attributes = getattr(api, f"{kind}DecisionAttributes")(**fields)
    return api.Decision(decision_type=int(number), **{f"{name}_decision_attributes": attributes})


def activity(activity_id: str = "a", **fields: Any) -> api.Decision:
    """The decision to schedule an activity."""
    given = {
        "activity_id": activity_id,
        "activity_type": api.ActivityType(name="greet"),
        "input": b"in",
        "schedule_to_close_timeout_seconds": 60,
        "schedule_to_start_timeout_seconds": 20,
        "start_to_close_timeout_seconds": 30,
        "heartbeat_timeout_seconds": 0,
    }
    return decision("ScheduleActivityTask", **{**given, **fields})


class Tools:
    """What tests import from here, by fixture."""

    types = staticmethod(types)
    decision = staticmethod(decision)
    activity = staticmethod(activity)
    Ground = Ground


@pytest.fixture
def tools() -> type[Tools]:
    return Tools


@pytest_asyncio.fixture
async def ground() -> Any:
    store = SqliteStore()
    yield Ground(store)
    await store.close()
