"""What a schedule does at each decision task of its run: the real server's scheduler, as a function.

In go the book, the signals that came and whether the timer fired; out come the decisions, with the book changed. The
order of things is that of the real one: missed starts and backfills at the beginning of a run, then what came in, then
starts that wait, then the timer for the next one; what changes the schedule ends the run and begins the next with the
changed book. It knows no history and no clock; runs are started through a `Starter`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import ContinueAsNewInitiator, DecisionType
from cadence.devserver.schedules import changes, firing
from cadence.devserver.schedules.calendar import Calendar
from cadence.devserver.schedules.cron import CronError
from cadence.devserver.schedules.documents import (
    SECOND,
    Backfill,
    BufferedFire,
    CatchUp,
    Instant,
    Overlap,
    instant_text,
    memo_wire,
    write,
)
from cadence.devserver.schedules.policies import overlap_of, set_defaults, to_catch_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cadence.devserver.schedules.documents import Book
    from cadence.devserver.schedules.firing import Starter

__all__ = ("DECISION_TIMEOUT", "EXECUTION_TIMEOUT", "TASK_LIST", "WORKFLOW_TYPE", "Scheduler")

WORKFLOW_TYPE = "cadence-scheduler"
TASK_LIST = "cadence-scheduler"
EXECUTION_TIMEOUT = 10 * 365 * 86_400
"""Seconds that a schedule's run may last."""
DECISION_TIMEOUT = 10
"""Seconds."""

_ITERATIONS = 100
"""Turns of one run before the next one begins, so that no history grows without end."""
_BUDGET = 100
"""Starts that one run makes up for at most; the next run goes on, and other work of the server comes in between."""


class Scheduler:
    """One decision task of one schedule."""

    def __init__(
        self, book: Book, starter: Starter, now: int, *, timers: Sequence[str] = (), share: float = 0.0
    ) -> None:
        """Prepare.

        Args:
            book: The schedule and where it stands; it is changed.
            starter: What may be done to runs.
            now: The time, in nanoseconds since 1970.
            timers: The timers that the run has.
            share: Which part of the jitter the next start waits, between 0 and 1.
        """
        self.decisions: list[api.Decision] = []
        """What to answer, once one of the two methods below was called."""
        self._book = book
        self._starter = starter
        self._now = now
        self._timers = timers
        self._share = share
        self._noted = (book.state.total_runs, book.state.skipped_runs)
        self._budget = _BUDGET

    def begin(self, signals: Iterable[changes.Signal]) -> None:
        """Decide at a run's first decision task."""
        book = self._book
        if not book.state.create_time:
            set_defaults(book.policies)
            book.state.create_time = book.state.last_update_time = Instant(self._now)
        self._show(_attributes(book))
        calendar = self._calendar()
        if calendar is None:
            return
        came = list(signals)
        if self._catch_up(calendar) or self._make_up(calendar):
            # There is more to do in the next run; what came must be seen in this one, as signals don't pass on.
            if changes.apply(book, came, self._now).deleted:
                self._complete()
            else:
                self._continue()
            return
        self._turn(calendar)
        if came and not self._is_over:
            self.go_on(came, fired=False)

    def go_on(self, signals: Iterable[changes.Signal], *, fired: bool) -> None:
        """Decide at a later one.

        Args:
            signals: What came since.
            fired: Whether the timer did.
        """
        book = self._book
        was_paused = book.state.paused
        outcome = changes.apply(book, signals, self._now)
        if not fired:
            self._cancel_timer()
        if book.state.paused != was_paused:
            self._show({"CadenceScheduleState": _state_name(book)})
        if outcome.deleted:
            self._complete()
            return
        if fired and not book.state.paused:
            self._fire(
                BufferedFire(Instant(book.state.next_run_time), firing.SCHEDULE, Overlap(book.policies.overlap_policy))
            )
        if outcome.changed or book.state.iterations >= _ITERATIONS:
            self._continue()
            return
        calendar = self._calendar()
        if calendar is not None:
            self._turn(calendar)

    # --- the parts of a turn ---

    def _turn(self, calendar: Calendar) -> None:
        """Start what waits and can be started, then wait for the next start."""
        state = self._book.state
        state.iterations += 1
        if state.paused:
            return
        if self._drain():
            self._continue()
            return
        due = calendar.next_after(self._now)
        if due is None:
            self._complete()
            return
        state.next_run_time = Instant(due)
        wait = max(0, due + calendar.delay(due, self._share) - self._now)
        seconds = -(-wait // SECOND)
        timer = api.StartTimerDecisionAttributes(
            timer_id=str(state.iterations), start_to_fire_timeout_seconds=max(1, seconds)
        )
        self._decide(DecisionType.StartTimer, start_timer_decision_attributes=timer)
        self._timers = (timer.timer_id or "",)

    def _drain(self) -> bool:
        """Start what waits, in order; returns whether there is more for the next run."""
        waiting = self._book.state.buffered_fires
        while waiting:
            if self._budget <= 0:
                return True
            head = waiting[0]
            policy = head.overlap_policy or self._book.policies.overlap_policy
            again = BufferedFire(head.scheduled_time, head.trigger_source, Overlap(policy), head.backfill_id)
            if not firing.try_fire(self._book, self._starter, again):
                return False
            self._note()
            del waiting[0]
            self._budget -= 1
        return False

    def _catch_up(self, calendar: Calendar) -> bool:
        """See to starts that were missed; returns whether there are more for the next run."""
        state, policies = self._book.state, self._book.policies
        if state.paused:
            return False
        since = max(state.last_processed_time, state.last_run_time, state.create_time)
        missed, truncated = calendar.missed(since, self._now)
        if not missed:
            state.unpause_catch_up_policy = CatchUp(0)
            return False
        policy = state.unpause_catch_up_policy or policies.catch_up_policy
        chosen, skipped = to_catch_up(policy, policies.catch_up_window, missed, self._now)
        now, later = chosen[: self._budget], chosen[self._budget :]
        for due in now:
            self._fire(BufferedFire(Instant(due), firing.SCHEDULE, Overlap(policies.overlap_policy)))
        self._budget -= len(now)
        state.skipped_runs += skipped
        if later:
            # What was skipped lies before the chosen ones (the window), so the next look begins behind the last.
            state.last_processed_time = Instant(now[-1])
        else:
            state.last_processed_time = Instant(max(missed[-1], state.last_processed_time))
        more = bool(later) or truncated
        if not more:
            state.unpause_catch_up_policy = CatchUp(0)
        return more

    def _make_up(self, calendar: Calendar) -> bool:
        """See to backfills; returns whether there is more for the next run."""
        state = self._book.state
        for each in state.pending_backfills:
            if not each.runs_total_computed:
                each.runs_total = calendar.count(each.start_time - SECOND, each.end_time)
                each.runs_total_computed = True
        if state.paused:
            return False
        while state.pending_backfills:
            if self._fill(calendar, state.pending_backfills[0]):
                return True
            del state.pending_backfills[0]
        return False

    def _fill(self, calendar: Calendar, backfill: Backfill) -> bool:
        policy = backfill.overlap_policy or self._book.policies.overlap_policy
        found, truncated = calendar.missed(backfill.start_time - SECOND, backfill.end_time)
        for due in found:
            if self._budget <= 0:
                backfill.start_time = Instant(due)
                return True
            self._fire(BufferedFire(Instant(due), firing.BACKFILL, Overlap(policy), backfill.backfill_id))
            backfill.runs_completed += 1
            self._budget -= 1
        if truncated:
            backfill.start_time = Instant(found[-1] + SECOND)
        return truncated

    def _fire(self, start: BufferedFire) -> None:
        meant = BufferedFire(
            start.scheduled_time, start.trigger_source, Overlap(overlap_of(start.overlap_policy)), start.backfill_id
        )
        self._noted = (self._book.state.total_runs, self._book.state.skipped_runs)
        if firing.fire(self._book, self._starter, meant):
            self._note()

    # --- decisions ---

    @property
    def _is_over(self) -> bool:
        return bool(self.decisions) and self.decisions[-1].decision_type in _LAST

    def _calendar(self) -> Calendar | None:
        expression = self._book.spec.cron_expression
        try:
            return Calendar(self._book.spec)
        except CronError as error:
            failed = api.FailWorkflowExecutionDecisionAttributes(
                reason="cadenceInternal:Generic", details=f"invalid cron expression {expression!r}: {error}".encode()
            )
            self._decide(DecisionType.FailWorkflowExecution, fail_workflow_execution_decision_attributes=failed)
            return None

    def _note(self) -> None:
        """Leave a marker, as the real one does with the local activity that starts the run."""
        last, before = self._book.state.last_started_workflow, self._noted
        state = self._book.state
        self._noted = (state.total_runs, state.skipped_runs)
        result = {
            "startedWorkflow": None if last is None else {"workflowId": last.workflow_id, "runId": last.run_id},
            "totalDelta": state.total_runs - before[0],
            "skippedDelta": state.skipped_runs - before[1],
        }
        details = {
            "activityId": str(len(self.decisions)),
            "activityType": "github.com/uber/cadence/service/worker/scheduler.processScheduleFireActivity",
            "resultJson": json.dumps(result),
            "replayTime": instant_text(self._now),
        }
        marker = api.RecordMarkerDecisionAttributes(marker_name="LocalActivity", details=json.dumps(details).encode())
        self._decide(DecisionType.RecordMarker, record_marker_decision_attributes=marker)

    def _show(self, attributes: dict[str, object]) -> None:
        upsert = api.UpsertWorkflowSearchAttributesDecisionAttributes(search_attributes=_shown(self._book, attributes))
        self._decide(
            DecisionType.UpsertWorkflowSearchAttributes,
            upsert_workflow_search_attributes_decision_attributes=upsert,
        )

    def _cancel_timer(self) -> None:
        for timer_id in self._timers:
            if self._take_back(timer_id):
                continue
            cancel = api.CancelTimerDecisionAttributes(timer_id=timer_id)
            self._decide(DecisionType.CancelTimer, cancel_timer_decision_attributes=cancel)
        self._timers = ()

    def _take_back(self, timer_id: str) -> bool:
        """Drop the start of a timer that this very answer asks for."""
        for decision in self.decisions:
            started = decision.start_timer_decision_attributes
            if started is not None and started.timer_id == timer_id:
                self.decisions.remove(decision)
                return True
        return False

    def _complete(self) -> None:
        self._decide(
            DecisionType.CompleteWorkflowExecution,
            complete_workflow_execution_decision_attributes=api.CompleteWorkflowExecutionDecisionAttributes(),
        )

    def _continue(self) -> None:
        book = self._book
        book.state.iterations = 0
        attributes = api.ContinueAsNewWorkflowExecutionDecisionAttributes(
            workflow_type=api.WorkflowType(name=WORKFLOW_TYPE),
            task_list=api.TaskList(name=TASK_LIST),
            input=write(book),
            execution_start_to_close_timeout_seconds=EXECUTION_TIMEOUT,
            task_start_to_close_timeout_seconds=DECISION_TIMEOUT,
            initiator=int(ContinueAsNewInitiator.Decider),
            backoff_start_interval_in_seconds=0,
            memo=memo_wire(book.memo),
            search_attributes=_shown(book, _attributes(book)),
        )
        self._decide(
            DecisionType.ContinueAsNewWorkflowExecution,
            continue_as_new_workflow_execution_decision_attributes=attributes,
        )

    def _decide(self, kind: DecisionType, **attributes: object) -> None:
        decision = api.Decision(decision_type=int(kind))
        for name, value in attributes.items():
            setattr(decision, name, value)
        self.decisions.append(decision)


_LAST = frozenset(
    {
        DecisionType.CompleteWorkflowExecution,
        DecisionType.ContinueAsNewWorkflowExecution,
        DecisionType.FailWorkflowExecution,
    }
)


def _attributes(book: Book) -> dict[str, object]:
    """What lists show of a schedule."""
    shown: dict[str, object] = {"CadenceScheduleState": _state_name(book)}
    if book.spec.cron_expression:
        shown["CadenceScheduleCron"] = book.spec.cron_expression
    action = book.action.start_workflow
    if action is not None and action.workflow_type is not None and action.workflow_type.name:
        shown["CadenceScheduleWorkflowType"] = action.workflow_type.name
    return shown


def _shown(book: Book, attributes: dict[str, object]) -> api.SearchAttributes:
    given = {} if book.search_attributes is None else book.search_attributes.indexed_fields
    return api.SearchAttributes(
        indexed_fields={**given, **{name: json.dumps(value).encode() for name, value in attributes.items()}}
    )


def _state_name(book: Book) -> str:
    return "paused" if book.state.paused else "active"
