"""One run's mutable state: what is pending, and what later steps need of what was.

Plain values that msgspec writes to bytes and reads back, so that a server that starts again goes on exactly here. The
events themselves are not state: they stand in the run's history (`Run.events`). Who changes what stands in the modules
beside this one; everything goes through a `transaction`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from cadence import api
from cadence.api.codec import decode, encode

if TYPE_CHECKING:
    from cadence.devserver.clock import Alarm

__all__ = (
    "Activity",
    "Build",
    "Child",
    "Decision",
    "External",
    "Query",
    "Retry",
    "Run",
    "RunState",
    "Timer",
    "unpack_state",
)


class Retry(msgspec.Struct):
    """A retry policy, in seconds."""

    initial: int
    coefficient: float
    maximum: int = 0
    """The longest wait; 0 is no limit."""
    attempts: int = 0
    """Attempts in all; 0 is no limit."""
    expiration: int = 0
    non_retriable: list[str] = []


class Activity(msgspec.Struct):
    """An activity that was scheduled and has not ended."""

    scheduled_id: int
    activity_id: str
    activity_type: str
    domain: str
    """The domain whose workers do it; empty for the run's own."""
    task_list: str
    scheduled_ns: int
    """When this attempt was, or will be, put into the task list."""
    first_scheduled_ns: int
    schedule_to_start: int
    schedule_to_close: int
    start_to_close: int
    heartbeat: int
    attempt: int = 0
    waits: bool = False
    """True between two attempts, until the next one's time has come."""
    retry: Retry | None = None
    expires_ns: int = 0
    """No retry starts later; 0 is no limit."""
    started_ns: int = 0
    """0 while nobody works on it."""
    started_id: int = 0
    """Id of its started event; 0 while that isn't written or is buffered."""
    request_id: str = ""
    identity: str = ""
    cancel_requested_id: int = 0
    last_failure_reason: str = ""
    last_failure_details: bytes | None = None
    last_identity: str = ""
    heartbeat_ns: int = 0
    heartbeat_details: bytes | None = None

    @property
    def is_started(self) -> bool:
        """True while a worker has it."""
        return self.started_ns != 0


class Timer(msgspec.Struct):
    """A timer that runs."""

    timer_id: str
    started_id: int
    fires_ns: int


class Child(msgspec.Struct):
    """A child whose start was asked for and which has not ended."""

    initiated_id: int
    workflow_id: str
    workflow_type: str
    domain: str
    policy: int
    request_id: str
    run_id: str = ""
    started_id: int = 0


class External(msgspec.Struct):
    """A signal to, or cancel request for, another workflow on its way."""

    initiated_id: int
    domain: str
    workflow_id: str
    run_id: str
    child_only: bool
    request_id: str


class Decision(msgspec.Struct):
    """The decision task that is scheduled or out."""

    scheduled_id: int
    scheduled_ns: int
    original_scheduled_ns: int
    task_list: str
    is_sticky: bool
    timeout: int
    """Seconds from start to close."""
    attempt: int = 0
    started_id: int = 0
    started_ns: int = 0
    request_id: str = ""
    identity: str = ""

    @property
    def is_started(self) -> bool:
        """True while a worker has it."""
        return self.started_id != 0


class Build(msgspec.Struct):
    """A worker's build that answered for the run, or for an earlier one of its chain."""

    checksum: str
    run_id: str
    completed_id: int
    """Its first completed decision task."""
    created_ns: int
    expires_ns: int = 0
    """When the run that it answered for goes; 0 while that is this one."""
    is_resettable: bool = True


class RunState(msgspec.Struct):
    """Everything of a run that a restart must find again."""

    domain_id: str
    domain: str
    workflow_id: str
    run_id: str
    workflow_type: str
    task_list: str
    task_list_kind: int
    execution_timeout: int
    task_timeout: int
    start_request_id: str
    start_ns: int
    execution_ns: int
    """When the first decision is due."""
    times_out_ns: int
    first_run_id: str
    cron_schedule: str = ""
    attempt: int = 0
    retry: Retry | None = None
    expires_ns: int = 0
    next_event_id: int = 1
    decision: Decision | None = None
    decision_attempt: int = 0
    previous_started_id: int = 0
    """Started event of the last completed decision task."""
    first_decision_ns: int = 0
    """When a backoff ends; 0 is none, or past."""
    released: bool = True
    """False for a child until its parent knows of its start."""
    sticky_list: str = ""
    sticky_timeout: int = 0
    activities: dict[int, Activity] = {}
    timers: dict[str, Timer] = {}
    children: dict[int, Child] = {}
    externals: dict[int, External] = {}
    buffered: list[bytes] = []
    """Events that wait for the decision task in flight, encoded; filled when the state is written."""
    signal_requests: list[str] = []
    signals: int = 0
    cancel_requested: bool = False
    cancel_request_id: str = ""
    close_status: int = -1
    close_ns: int = 0
    new_run_id: str = ""
    parent_domain: str = ""
    parent_workflow_id: str = ""
    parent_run_id: str = ""
    parent_initiated_id: int = 0
    memo: bytes | None = None
    search_attributes: dict[str, bytes] = {}
    client_impl: str = ""
    client_version: str = ""
    history_size: int = 0
    cron_overlap: int = 0
    builds: list[Build] = []

    @property
    def is_open(self) -> bool:
        """True until the run closed."""
        return self.close_status < 0


class Query:
    """A query that waits for its answer."""

    __slots__ = ("answer", "args", "kind", "query_id")

    def __init__(self, query_id: str, kind: str, args: bytes | None, answer: asyncio.Future[bytes | None]) -> None:
        self.query_id = query_id
        self.kind = kind
        self.args = args
        self.answer = answer


class Run:
    """A run in memory: state, events, and what dies with the process (alarms, waiting polls, queries)."""

    __slots__ = (
        "activity_ids",
        "alarms",
        "buffered",
        "events",
        "first_decision_waiters",
        "out",
        "queries",
        "saved",
        "sent_queries",
        "state",
        "timer_order",
        "waiters",
    )

    def __init__(self, state: RunState, events: list[api.HistoryEvent] | None = None) -> None:
        self.state = state
        self.events: list[api.HistoryEvent] = events if events is not None else []
        self.saved = len(self.events)
        """How many of the events the store has."""
        self.buffered: list[api.HistoryEvent] = [decode(api.HistoryEvent, raw) for raw in state.buffered]
        state.buffered = []
        self.activity_ids = {activity.activity_id: activity.scheduled_id for activity in state.activities.values()}
        self.timer_order = sorted((timer.fires_ns, timer.started_id, timer.timer_id) for timer in state.timers.values())
        """A heap; entries of timers that are gone are skipped when they come up."""
        self.out = {activity.scheduled_id for activity in state.activities.values() if activity.is_started}
        """Activities that a worker has, or is about to get."""
        self.alarms: dict[str, Alarm] = {}
        self.waiters: set[asyncio.Future[None]] = set()
        self.first_decision_waiters: set[asyncio.Future[None]] = set()
        self.queries: dict[str, Query] = {}
        self.sent_queries: dict[str, Query] = {}

    def event(self, event_id: int) -> api.HistoryEvent:
        """Return an event by its id."""
        return self.events[event_id - 1]

    @property
    def is_worked_on(self) -> bool:
        """Whether a worker has a task of this run, or should have one any moment."""
        return self.state.is_open and (self.state.decision is not None or bool(self.out))

    @property
    def started(self) -> api.WorkflowExecutionStartedEventAttributes:
        """Attributes of the run's first event."""
        attributes = self.events[0].workflow_execution_started_event_attributes
        assert attributes is not None, "a history begins with its start"
        return attributes

    @property
    def execution(self) -> api.WorkflowExecution:
        """The run's workflow id and run id as they stand in messages."""
        return api.WorkflowExecution(workflow_id=self.state.workflow_id, run_id=self.state.run_id)

    def packed_state(self) -> bytes:
        """The state as bytes, buffered events included."""
        self.state.buffered = [encode(event) for event in self.buffered]
        data = _pack(self.state)
        self.state.buffered = []
        return data


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(RunState).decode


def unpack_state(data: bytes) -> RunState:
    """Read what `Run.packed_state` wrote."""
    return _unpack(data)
