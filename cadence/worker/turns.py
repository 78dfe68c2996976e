"""One piece of a run's work in the thread of workflow code, and what it left: events or a result in, decisions out.

Everything here runs in that thread and nothing here waits; what comes of it is `decision_tasks`' business. The run is
used through `RunPort` alone, so that tests of the worker need no engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from cadence.api import Decision, HistoryEvent, PollForDecisionTaskResponse, WorkflowQuery, WorkflowQueryResult
    from cadence.workflow.definition import WorkflowDefinition
    from cadence.workflow.runtime import WorkflowInfo

__all__ = ("LocalCall", "LocalOutcome", "MakeRun", "RunPort", "Turn", "collect", "receive_outcomes", "receive_task")


class LocalCall(Protocol):
    """A local activity that workflow code asked for; `cadence.engine.run.LocalActivity` is one."""

    @property
    def activity_id(self) -> str: ...
    @property
    def activity_type(self) -> str: ...
    @property
    def arguments(self) -> bytes | None: ...
    @property
    def attempt(self) -> int: ...
    @property
    def schedule_to_close_timeout(self) -> timedelta: ...
    @property
    def retry_policy(self) -> object: ...
    @property
    def headers(self) -> Mapping[str, bytes] | None: ...
    @property
    def scheduled_time_ns(self) -> int: ...
    @property
    def expires_ns(self) -> int: ...


class LocalOutcome(NamedTuple):
    """What came of a local activity."""

    activity_id: str
    time_ns: int
    """Workflow time of its end."""
    result: bytes | None = None
    failure: tuple[str, bytes | None] | None = None
    """Reason and details, where it failed."""
    attempt: int = 0
    backoff: timedelta | None = None
    """Workflow code is to wait this long, on a timer, before the next attempt; None where there is none."""


class RunPort(Protocol):
    """What the worker needs of a run; `cadence.engine.run.WorkflowRun` is one."""

    @property
    def last_event_id(self) -> int: ...
    @property
    def is_closed(self) -> bool: ...
    @property
    def pending_local_activities(self) -> int: ...
    @property
    def info(self) -> WorkflowInfo: ...
    @property
    def steps(self) -> int:
        """Grows while the run gets on; may be asked from another thread."""

    def receive_task(
        self,
        events: Sequence[HistoryEvent],
        *,
        previous_started_event_id: int = 0,
        started_event_id: int = 0,
        queries: Mapping[str, WorkflowQuery] | None = None,
        history_size: int = 0,
    ) -> None: ...
    def receive_query(self, query_type: str, arguments: bytes | None) -> WorkflowQueryResult: ...
    def decisions_to_send(self) -> list[Decision]: ...
    def answers_to_send(self) -> dict[str, WorkflowQueryResult]: ...
    def local_activities_to_start(self) -> Sequence[LocalCall]: ...
    def local_activities_to_cancel(self) -> Sequence[str]: ...
    def receive_local_activity(
        self,
        activity_id: str,
        *,
        time_ns: int,
        result: bytes | None = None,
        failure: tuple[str, bytes | None] | None = None,
        attempt: int = 0,
        backoff: timedelta | None = None,
    ) -> None: ...
    def interrupt(self) -> None: ...
    def close(self) -> None: ...


class MakeRun(Protocol):
    """Makes a run that has seen nothing yet."""

    def __call__(
        self, definition: WorkflowDefinition, *, workflow_id: str, run_id: str, replay_only: bool
    ) -> RunPort: ...


class Turn(NamedTuple):
    """What a run left when its code was blocked."""

    is_waiting: bool
    """It waits for local activities: its decisions stay with it until these are done, or the server wants a sign."""
    is_closed: bool
    decisions: list[Decision]
    answers: dict[str, WorkflowQueryResult]
    start: Sequence[LocalCall] = ()
    cancel: Sequence[str] = ()


def collect(run: RunPort, *, even_waiting: bool = False) -> Turn:
    """Take what a run has to say.

    Args:
        run: Blocked or closed. A closed one is closed for good here: nothing is left that could be asked of it.
        even_waiting: Take its decisions though it waits for local activities.
    """
    start, cancel = run.local_activities_to_start(), run.local_activities_to_cancel()
    if run.is_closed:
        turn = Turn(False, True, run.decisions_to_send(), run.answers_to_send(), (), cancel)
        run.close()
        return turn
    if run.pending_local_activities and not even_waiting:
        return Turn(True, False, [], {}, start, cancel)
    return Turn(even_waiting, False, run.decisions_to_send(), run.answers_to_send(), start, cancel)


def receive_task(run: RunPort, task: PollForDecisionTaskResponse, events: Sequence[HistoryEvent]) -> Callable[[], Turn]:
    """Return the piece in which a run takes those of a task's events that it hasn't seen."""

    def piece() -> Turn:
        run.receive_task(
            events,
            previous_started_event_id=task.previous_started_event_id or 0,
            started_event_id=task.started_event_id or 0,
            queries=task.queries,
            history_size=task.total_history_bytes or 0,
        )
        return collect(run)

    return piece


def receive_outcomes(run: RunPort, outcomes: Sequence[LocalOutcome]) -> Callable[[], Turn]:
    """Return the piece in which a run takes what came of its local activities."""

    def piece() -> Turn:
        for outcome in outcomes:
            if run.is_closed:
                break
            run.receive_local_activity(
                outcome.activity_id,
                time_ns=outcome.time_ns,
                result=outcome.result,
                failure=outcome.failure,
                attempt=outcome.attempt,
                backoff=outcome.backoff,
            )
        return collect(run)

    return piece
