"""The life of a decision task: scheduled, started, completed, failed, timed out, tried again.

The first attempt writes an event for each step. A task that failed is tried again without events ("transient"): its
ids are those that it would get, its events are written once an attempt is completed. What the answer to a task holds
is made in `decision_answers`; what a worker decided is carried out in `decisions`.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause, DecisionTaskTimedOutCause, EventType, TimeoutType
from cadence.devserver.clock import SECOND
from cadence.devserver.execution import queries
from cadence.devserver.execution.alarms import call_off, set_alarm
from cadence.devserver.execution.state import Build, Decision
from cadence.devserver.tasks import Task

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Run
    from cadence.devserver.execution.transaction import Transaction

__all__ = (
    "EMPTY_VERSION",
    "NO_EVENT",
    "arm",
    "complete",
    "dispatch",
    "fail",
    "fail_in_flight",
    "forget_sticky",
    "schedule",
    "schedule_first",
    "start",
    "start_to_close_timeout",
    "time_out",
)

EMPTY_VERSION = -24
NO_EVENT = -23
"""Where an event is named and there is none."""
_ALARM = "decision"
_BUFFERED_LIMIT = 100
"""Events that may wait for a decision task in flight."""
_BUILDS_KEPT = 20
_RETRY_FROM = 60
_RETRY_LIMIT = 300
_RETRY_JITTER = 0.2


def schedule_first(tx: Transaction) -> None:
    """Schedule the run's first decision task, which a backoff or the parent held back."""
    state = tx.state
    state.first_decision_ns = 0
    call_off(tx.run, "first")
    if state.decision is None and not state.previous_started_id:
        schedule(tx)


def schedule(tx: Transaction, *, original_ns: int = 0, send: bool = True) -> None:
    """Schedule a decision task unless one is pending; events that waited get their ids before it.

    Args:
        tx: The change.
        original_ns: When the first of a row of heartbeats was scheduled; 0 where this is no heartbeat.
        send: Whether it goes into a task list; false where the caller starts it at once.
    """
    state = tx.state
    if tx.decision_in_flight and tx.waiting > _BUFFERED_LIMIT:
        # Rather than keep ever more waiting, the worker loses the task and gets one with all of them.
        fail(tx, DecisionTaskFailedCause.FORCE_CLOSE_DECISION, None, "history-service")
        tx.flush()
    if state.decision is not None:
        return
    if tx.waiting:
        # With events between, this is no repetition of the task that failed.
        state.decision_attempt = 0
        tx.flush()
    is_sticky = bool(state.sticky_list)
    name = state.sticky_list or state.task_list
    scheduled_id = state.next_event_id
    if state.decision_attempt == 0:
        tx.add(
            EventType.DecisionTaskScheduled,
            api.DecisionTaskScheduledEventAttributes(
                task_list=api.TaskList(name=name), start_to_close_timeout_seconds=state.task_timeout, attempt=0
            ),
        )
    state.decision = Decision(
        scheduled_id=scheduled_id,
        scheduled_ns=tx.now_ns,
        original_scheduled_ns=original_ns or tx.now_ns,
        task_list=name,
        is_sticky=is_sticky,
        timeout=start_to_close_timeout(state.task_timeout, state.decision_attempt),
        attempt=state.decision_attempt,
    )
    if send:
        arm(tx.runs, tx.run)
        runs, run = tx.runs, tx.run
        tx.after(lambda: dispatch(runs, run))


def start_to_close_timeout(seconds: int, attempt: int) -> int:
    """Seconds that an attempt may take; failing ones are spread out."""
    if attempt < 2:
        return seconds
    longest = min(_RETRY_FROM * 2 ** min(attempt - 2, 10), _RETRY_LIMIT)
    return int(longest * (1 - _RETRY_JITTER) + random.random() * longest * _RETRY_JITTER)


def dispatch(runs: Runs, run: Run) -> None:
    """Put the run's decision task into its list; into the normal one where no worker polls the sticky list."""
    state, decision = run.state, run.state.decision
    if decision is None or decision.is_started or not state.is_open:
        return
    name = decision.task_list
    if decision.is_sticky and not runs.matching.has_poller(state.domain_id, name, "decision"):
        name = state.task_list
    runs.matching.add(
        Task(
            domain_id=state.domain_id,
            list_name=name,
            kind="decision",
            workflow_id=state.workflow_id,
            run_id=state.run_id,
            scheduled_id=decision.scheduled_id,
            attempt=decision.attempt,
        )
    )


def arm(runs: Runs, run: Run) -> None:
    """Set the alarm of the pending decision task: from start to close, or of a sticky one, from schedule to start."""
    state, decision = run.state, run.state.decision
    if decision is None:
        return
    if decision.is_started:
        due = decision.started_ns + decision.timeout * SECOND
        set_alarm(runs, run, _ALARM, due, _not_answered)
    elif decision.is_sticky:
        due = decision.scheduled_ns + state.sticky_timeout * SECOND
        set_alarm(runs, run, _ALARM, due, _not_started)


def start(tx: Transaction, *, identity: str, request_id: str, list_name: str) -> Decision:
    """Give the pending decision task to a worker."""
    state = tx.state
    decision = state.decision
    assert decision is not None, "only a task that waits is started"
    if decision.attempt > 0 and decision.scheduled_id != state.next_event_id:
        # Events came in between: this is a task of its own, which gets its events.
        scheduled = tx.add(
            EventType.DecisionTaskScheduled,
            api.DecisionTaskScheduledEventAttributes(
                task_list=api.TaskList(name=list_name), start_to_close_timeout_seconds=decision.timeout, attempt=0
            ),
        )
        decision.scheduled_id = scheduled.event_id or 0
        decision.attempt = state.decision_attempt = 0
    if decision.attempt == 0:
        started = tx.add(
            EventType.DecisionTaskStarted,
            api.DecisionTaskStartedEventAttributes(
                scheduled_event_id=decision.scheduled_id, identity=identity, request_id=request_id
            ),
        )
        decision.started_id = started.event_id or 0
    else:
        decision.started_id = decision.scheduled_id + 1
    decision.started_ns = tx.now_ns
    decision.request_id = request_id
    decision.identity = identity
    arm(tx.runs, tx.run)
    return decision


def complete(tx: Transaction, *, identity: str, context: bytes | None, checksum: str | None) -> int:
    """Write that the task in flight was completed, a transient one with the events it did not get before.

    Returns:
        The id of the event.
    """
    state = tx.state
    decision = state.decision
    assert decision is not None, "only a task in flight is completed"
    if decision.attempt > 0:
        write_transient(tx, decision, identity)
    event = tx.add(
        EventType.DecisionTaskCompleted,
        api.DecisionTaskCompletedEventAttributes(
            execution_context=context,
            scheduled_event_id=decision.scheduled_id,
            started_event_id=decision.started_id,
            identity=identity,
            binary_checksum=checksum,
        ),
    )
    _note_build(tx, checksum, event.event_id or 0)
    state.previous_started_id = decision.started_id
    state.decision = None
    state.decision_attempt = 0
    call_off(tx.run, _ALARM)
    return event.event_id or 0


def _note_build(tx: Transaction, checksum: str | None, completed_id: int) -> None:
    """Remember where a worker's build began to answer: a run can be reset to there if the build was bad."""
    state = tx.state
    if not checksum or any(build.checksum == checksum for build in state.builds):
        return
    state.builds.append(
        Build(
            checksum=checksum,
            run_id=state.run_id,
            completed_id=completed_id,
            created_ns=tx.now_ns,
            is_resettable=not (state.children or state.externals),
        )
    )
    del state.builds[:-_BUILDS_KEPT]
    state.search_attributes["BinaryChecksums"] = json.dumps(
        [build.checksum for build in state.builds], separators=(",", ":")
    ).encode()


def write_transient(tx: Transaction, decision: Decision, identity: str) -> None:
    """Write the scheduled and started events of a repeated task, with their own times."""
    tx.add(
        EventType.DecisionTaskScheduled,
        api.DecisionTaskScheduledEventAttributes(
            task_list=api.TaskList(name=tx.state.task_list),
            start_to_close_timeout_seconds=decision.timeout,
            attempt=decision.attempt,
        ),
        decision.scheduled_ns,
    )
    tx.add(
        EventType.DecisionTaskStarted,
        api.DecisionTaskStartedEventAttributes(
            scheduled_event_id=decision.scheduled_id, identity=identity, request_id=decision.request_id
        ),
        decision.started_ns,
    )


def fail(
    tx: Transaction,
    cause: int,
    details: bytes | None,
    identity: str,
    checksum: str | None = None,
) -> None:
    """End the task in flight as failed; the caller schedules the next attempt."""
    decision = tx.state.decision
    assert decision is not None, "only a task in flight fails"
    if decision.attempt == 0:
        tx.add(
            EventType.DecisionTaskFailed,
            api.DecisionTaskFailedEventAttributes(
                scheduled_event_id=decision.scheduled_id,
                started_event_id=decision.started_id,
                cause=int(cause),
                details=details,
                identity=identity,
                reason="",
                binary_checksum=checksum,
                fork_event_version=0,
            ),
        )
    # A reset of the worker's own accord is no failure: what follows is a task of its own.
    _end_unfinished(tx, counts=cause != DecisionTaskFailedCause.RESET_WORKFLOW)


def fail_in_flight(tx: Transaction) -> None:
    """Take the task from the worker that has it, because the run is about to be closed from outside."""
    if tx.decision_in_flight:
        fail(tx, DecisionTaskFailedCause.FORCE_CLOSE_DECISION, None, "history-service")
    tx.flush()


def forget_sticky(tx: Transaction) -> None:
    """Send the following decision tasks to the run's normal list, with the whole history."""
    state = tx.state
    state.sticky_list = ""
    state.sticky_timeout = 0
    state.client_impl = ""
    state.client_version = ""


def _end_unfinished(tx: Transaction, *, counts: bool) -> None:
    state = tx.state
    state.decision = None
    state.decision_attempt = state.decision_attempt + 1 if counts else 0
    call_off(tx.run, _ALARM)
    forget_sticky(tx)
    queries.put_back(tx.run)


def time_out(tx: Transaction, decision: Decision, kind: TimeoutType) -> None:
    """End a task for want of time; the caller schedules the next attempt.

    A sticky task that nobody took does not count as an attempt: it was the cache that was gone, not the code that
    failed.
    """
    if decision.attempt == 0:
        tx.add(
            EventType.DecisionTaskTimedOut,
            api.DecisionTaskTimedOutEventAttributes(
                scheduled_event_id=decision.scheduled_id,
                started_event_id=decision.started_id,
                timeout_type=int(kind),
                base_run_id="",
                new_run_id="",
                fork_event_version=EMPTY_VERSION,
                reason="",
                cause=int(DecisionTaskTimedOutCause.TIMEOUT),
            ),
        )
    _end_unfinished(tx, counts=kind == TimeoutType.START_TO_CLOSE)


def _not_answered(runs: Runs, run: Run) -> None:
    """The worker did not answer in time."""
    decision = run.state.decision
    if decision is not None and decision.is_started:
        with runs.change(run) as tx:
            time_out(tx, decision, TimeoutType.START_TO_CLOSE)
            schedule(tx)


def _not_started(runs: Runs, run: Run) -> None:
    """The worker that keeps the run in its cache did not take the task: give it to any."""
    decision = run.state.decision
    if decision is not None and not decision.is_started and decision.is_sticky:
        with runs.change(run) as tx:
            time_out(tx, decision, TimeoutType.SCHEDULE_TO_START)
            schedule(tx)
