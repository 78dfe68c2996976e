"""An activity's time: dispatch, the four timeouts, retries; and its closing event.

Every activity has one alarm, at the first moment that could matter: the start of its next attempt, or the first of its
timeouts. A heartbeat does not move the alarm; it is set again when it rings too early. As on the real server, what is
due within the second ends together and causes one decision task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.enums import EventType, TimeoutType
from cadence.api.errors import EntityNotExistsError
from cadence.devserver.clock import SECOND, SkippingClock
from cadence.devserver.execution import decision_tasks
from cadence.devserver.execution.alarms import call_off, set_alarm
from cadence.devserver.execution.backoff import next_wait
from cadence.devserver.tasks import Task

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Activity, Run
    from cadence.devserver.execution.transaction import Transaction

__all__ = ("add_started", "arm", "close", "dispatch", "retry", "signalled")

# The clients' name for the activity that lasts as long as a session does. Its host waits rather than works, and beats:
# where time jumps, it must neither keep it from jumping nor be taken for dead after a jump.
_SESSION = "internalSessionCreationActivity"


def dispatch(runs: Runs, run: Run, activity: Activity) -> None:
    """Put an activity into its task list, and set its alarm."""
    state = run.state
    if not state.is_open or activity.scheduled_id not in state.activities or activity.is_started:
        return
    arm(runs, run, activity)
    try:
        # Another domain's activity waits in that domain's list; its worker answers for this run all the same.
        domain_id = runs.domains.find(activity.domain).id if activity.domain else state.domain_id
    except EntityNotExistsError:
        return  # deleted meanwhile: nobody can start it, so it times out
    if runs.matching.has_poller(domain_id, activity.task_list, "activity"):
        run.out.add(activity.scheduled_id)
        runs.note_work(run)
    runs.matching.add(
        Task(
            domain_id=domain_id,
            list_name=activity.task_list,
            kind="activity",
            workflow_id=state.workflow_id,
            run_id=state.run_id,
            scheduled_id=activity.scheduled_id,
            attempt=activity.attempt,
            expires_ns=activity.scheduled_ns + activity.schedule_to_start * SECOND,
        )
    )


def arm(runs: Runs, run: Run, activity: Activity) -> None:
    """Set an activity's alarm for what comes next."""

    def ring(runs: Runs, run: Run) -> None:
        _ring(runs, run, activity)

    if activity.scheduled_id in run.state.activities:
        due_ns = activity.scheduled_ns if activity.waits else _deadlines(runs, activity)[0][0]
        set_alarm(runs, run, _alarm(activity), due_ns, ring)


def add_started(tx: Transaction, activity: Activity) -> None:
    """Add an activity's started event, with the time at which it was started."""
    tx.add(
        EventType.ActivityTaskStarted,
        api.ActivityTaskStartedEventAttributes(
            scheduled_event_id=activity.scheduled_id,
            identity=activity.identity,
            request_id=activity.request_id,
            attempt=activity.attempt,
            last_failure_reason=activity.last_failure_reason,
            last_failure_details=activity.last_failure_details,
        ),
        activity.started_ns,
    )


def signalled(tx: Transaction) -> None:
    """The hosts of sessions have work until they told the workflow so by a signal; from then on they wait."""
    for scheduled_id, activity in tx.state.activities.items():
        if activity.is_started and activity.activity_type == _SESSION:
            tx.run.out.discard(scheduled_id)


def close(tx: Transaction, activity: Activity, kind: EventType, attributes: Any) -> None:
    """Add an activity's closing event and forget it; its started event comes first where it has none yet."""
    if activity.retry is not None and activity.is_started:
        add_started(tx, activity)
    attributes.scheduled_event_id = activity.scheduled_id
    # Where the started event waits too, both get their ids together, and this one is corrected then.
    attributes.started_event_id = activity.started_id if activity.is_started else decision_tasks.NO_EVENT
    del tx.state.activities[activity.scheduled_id]
    del tx.run.activity_ids[activity.activity_id]
    tx.run.out.discard(activity.scheduled_id)
    call_off(tx.run, _alarm(activity))
    tx.add(kind, attributes)


def retry(tx: Transaction, activity: Activity, reason: str, details: bytes | None) -> bool:
    """Prepare the next attempt of an activity, if there is one.

    Returns:
        False where it has ended.
    """
    if activity.cancel_requested_id:
        return False
    wait = next_wait(activity.retry, activity.attempt, reason, tx.now_ns, activity.expires_ns)
    if wait is None:
        return False
    activity.attempt += 1
    activity.scheduled_ns = tx.now_ns + wait * SECOND
    activity.started_ns = activity.started_id = 0
    activity.request_id = ""
    activity.last_identity, activity.identity = activity.identity, ""
    activity.last_failure_reason = reason
    activity.last_failure_details = details
    activity.waits = True
    tx.run.out.discard(activity.scheduled_id)
    arm(tx.runs, tx.run, activity)
    return True


def _ring(runs: Runs, run: Run, activity: Activity) -> None:
    if activity.waits:
        with runs.change(run) as tx:
            activity.waits = False
            tx.after(lambda: dispatch(runs, run, activity))
        return
    second = runs.clock.now_ns() // SECOND
    due = sorted(
        (due_ns, each.scheduled_id, int(kind))
        for each in run.state.activities.values()
        if not each.waits
        for due_ns, kind in _deadlines(runs, each)
        if due_ns // SECOND <= second
    )
    if due:
        _time_out(runs, run, due)
    arm(runs, run, activity)


def _time_out(runs: Runs, run: Run, due: list[tuple[int, int, int]]) -> None:
    done: set[int] = set()
    with runs.change(run) as tx:
        ended = False
        for _, scheduled_id, kind in due:
            if scheduled_id in done:
                continue
            done.add(scheduled_id)
            activity = tx.state.activities[scheduled_id]
            if retry(tx, activity, f"cadenceInternal:Timeout {TimeoutType(kind).name}", None):
                continue
            ended = True
            close(
                tx,
                activity,
                EventType.ActivityTaskTimedOut,
                api.ActivityTaskTimedOutEventAttributes(
                    details=activity.heartbeat_details,
                    timeout_type=kind,
                    last_failure_reason=activity.last_failure_reason,
                    last_failure_details=activity.last_failure_details,
                ),
            )
        if ended:
            decision_tasks.schedule(tx)


def _deadlines(runs: Runs, activity: Activity) -> list[tuple[int, TimeoutType]]:
    """When an attempt's timeouts are due, the first one first."""
    found = [(activity.scheduled_ns + activity.schedule_to_close * SECOND, TimeoutType.SCHEDULE_TO_CLOSE)]
    if not activity.is_started:
        found.append((activity.scheduled_ns + activity.schedule_to_start * SECOND, TimeoutType.SCHEDULE_TO_START))
    else:
        found.append((activity.started_ns + activity.start_to_close * SECOND, TimeoutType.START_TO_CLOSE))
        is_waiting = activity.activity_type == _SESSION and isinstance(runs.clock, SkippingClock)
        if activity.heartbeat > 0 and not is_waiting:
            beaten_ns = max(activity.started_ns, activity.heartbeat_ns)
            found.append((beaten_ns + activity.heartbeat * SECOND, TimeoutType.HEARTBEAT))
    found.sort()
    return found


def _alarm(activity: Activity) -> str:
    return f"activity:{activity.scheduled_id}"
