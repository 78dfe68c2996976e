"""The worker of the schedules: the server takes the decision tasks of their runs itself.

`matching` hands it every task of the schedulers' list; it asks `scheduler` what to decide and answers through the
history service, like any worker, so that a schedule is kept, timed and shown as any run is. It keeps nothing that a
restart must find again. Its neighbours are `scheduler`, and `frontend.schedules`, which starts and signals the runs.
"""

from __future__ import annotations

import asyncio
import logging
import random
import socket
import uuid
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import DecisionType
from cadence.api.errors import EntityNotExistsError, QueryFailedError, WorkflowExecutionAlreadyCompletedError
from cadence.devserver.schedules import changes
from cadence.devserver.schedules.documents import Book, Started, read, write
from cadence.devserver.schedules.scheduler import TASK_LIST, WORKFLOW_TYPE, Scheduler
from cadence.devserver.tokens import read_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from cadence.devserver.clock import Clock
    from cadence.devserver.execution.history_service import HistoryService
    from cadence.devserver.execution.state import Query, Run
    from cadence.devserver.matching.task_lists import Matching
    from cadence.devserver.tasks import Task

__all__ = ("ScheduleRunner", "book_of", "workflow_id_of")

_PREFIX = "cadence-scheduler:"
_DESCRIBE = "scheduler-describe"
_LONGEST_WAIT = 10
"""Seconds between two tries of a decision."""
_SETTLED_AT_ONCE = 5
"""Decisions of one schedule that are made before a caller is answered."""
_log = logging.getLogger("cadence.devserver")


def workflow_id_of(schedule_id: str) -> str:
    """Return the workflow id of a schedule's runs."""
    return _PREFIX + schedule_id


def book_of(run: Run) -> Book:
    """Return the schedule that a run keeps, as its last decision left it.

    Raises:
        ValueError: The run keeps none: somebody else started it.
    """
    for event in reversed(run.events):
        completed = event.decision_task_completed_event_attributes
        if completed is not None and completed.execution_context:
            return read(Book, completed.execution_context)
    return read(Book, run.started.input)


class ScheduleRunner:
    """Works on the runs of all schedules of one server."""

    def __init__(
        self,
        history: HistoryService,
        matching: Matching,
        clock: Clock,
        check: Callable[[api.StartWorkflowExecutionRequest], None],
    ) -> None:
        """Take the schedulers' tasks from now on; before the history service starts, which brings the first ones.

        Args:
            history: Does to runs what schedules decide.
            matching: Brings the tasks.
            clock: The server's.
            check: Refuses starts that the frontend refuses, with its errors.
        """
        self._history = history
        self._clock = clock
        self._check = check
        self._loop = asyncio.get_running_loop()
        self._identity = f"scheduler@{socket.gethostname()}"
        self._tasks: dict[str, Task] = {}
        """What is to be decided, by run id."""
        self._turn: asyncio.Handle | None = None
        self._watched: dict[str, asyncio.Future[None]] = {}
        """By run id of a schedule: completed when something happens to the run that its next start waits for."""
        matching.serve(TASK_LIST, self._take)

    def start(self) -> None:
        """Look after starts that waited when the server stopped; behind the start of the history service."""
        for run in self._history.runs.open_runs():
            if _is_scheduler(run) and run.state.decision is None:
                try:
                    self._watch(run, book_of(run))
                except ValueError as error:
                    _log.warning("the run %s keeps no schedule: %s", run.state.run_id, error)

    def close(self) -> None:
        """Decide no more."""
        if self._turn is not None:
            self._turn.cancel()
        self._tasks.clear()
        for future in self._watched.values():
            future.cancel()
        self._watched.clear()

    def settle(self, domain_id: str, workflow_id: str) -> None:
        """Decide now what is to be decided for a schedule, so that who asks next sees it.

        A long backfill takes many decisions: those behind the first few come one by one, as others want the loop too.
        """
        for _ in range(_SETTLED_AT_ONCE):
            task = next(
                (
                    task
                    for task in self._tasks.values()
                    if task.domain_id == domain_id and task.workflow_id == workflow_id
                ),
                None,
            )
            if task is None:
                return
            del self._tasks[task.run_id]
            self._decide(task)

    def _take(self, task: Task) -> bool:
        """Take a task of the list, if it is one of a schedule."""
        if task.kind != "decision":
            return False
        if task.query is not None:
            self._loop.call_soon(self._answer, task, task.query)
            return True
        run = self._history.runs.open_run(task.run_id)
        if run is None or not _is_scheduler(run):
            return False
        if task.attempt > 0:
            # What was decided was refused and will be again: that must not keep the server busy.
            self._loop.call_later(min(task.attempt, _LONGEST_WAIT), self._queue, task)
        else:
            self._queue(task)
        return True

    def _queue(self, task: Task) -> None:
        self._tasks[task.run_id] = task
        if self._turn is None:
            # Not at once: the change that brings the task is still under way.
            self._turn = self._loop.call_soon(self._work)

    def _work(self) -> None:
        """Decide for one schedule, then let others have the loop."""
        self._turn = None
        if not self._tasks:
            return
        task = self._tasks.pop(next(iter(self._tasks)))
        try:
            self._decide(task)
        finally:
            if self._tasks and self._turn is None:
                self._turn = self._loop.call_soon(self._work)

    def _decide(self, task: Task) -> None:
        answer = self._history.start_decision(task, identity=self._identity, request_id=str(uuid.uuid4()))
        run = self._history.runs.open_run(task.run_id)
        if answer is None or run is None:
            return
        book: Book | None = None
        try:
            book = book_of(run)
            decisions = self._decisions(run, book, answer.previous_started_event_id or 0)
        except ValueError as error:
            decisions = [_failure(str(error))]
        request = api.RespondDecisionTaskCompletedRequest(
            identity=self._identity,
            decisions=decisions,
            execution_context=None if book is None else write(book),
        )
        self._history.complete_decision(read_token(answer.task_token), request)
        if book is not None and run.state.is_open:
            self._watch(run, book)

    def _decisions(self, run: Run, book: Book, seen_id: int) -> list[api.Decision]:
        signals: list[changes.Signal] = []
        fired = False
        for event in run.events[seen_id:]:
            signal = event.workflow_execution_signaled_event_attributes
            if signal is not None:
                signals.append(changes.Signal(signal.signal_name or "", signal.input))
            fired = fired or event.timer_fired_event_attributes is not None
        starter = _Starter(self._history, self._check, run)
        scheduler = Scheduler(
            book, starter, self._clock.now_ns(), timers=tuple(run.state.timers), share=random.random()
        )
        if seen_id:
            scheduler.go_on(signals, fired=fired)
        else:
            scheduler.begin(signals)
        return scheduler.decisions

    # --- starts that wait for a run to end ---

    def _watch(self, run: Run, book: Book) -> None:
        run_id = run.state.run_id
        old = self._watched.pop(run_id, None)
        if old is not None:
            old.cancel()
        before = book.state.last_started_workflow
        if not book.state.buffered_fires or book.state.paused or before is None:
            return
        try:
            awaited = self._history.find(run.state.domain_id, before.workflow_id, before.run_id)
        except EntityNotExistsError:
            awaited = None
        future: asyncio.Future[None] = self._loop.create_future()
        if awaited is None or not awaited.state.is_open:
            future.set_result(None)
        else:
            awaited.waiters.add(future)
        self._watched[run_id] = future
        future.add_done_callback(lambda done: self._look(done, run, awaited))

    def _look(self, done: asyncio.Future[None], run: Run, awaited: Run | None) -> None:
        """Something happened to the awaited run: go on once it is closed."""
        if awaited is not None:
            awaited.waiters.discard(done)
        if done.cancelled() or self._watched.get(run.state.run_id) is not done:
            return
        del self._watched[run.state.run_id]
        if not run.state.is_open:
            return
        if awaited is None or not awaited.state.is_open:
            self._history.wake(run)
        else:
            self._watch(run, book_of(run))

    # --- queries ---

    def _answer(self, task: Task, query: Query) -> None:
        if query.answer.done():
            return
        try:
            book = book_of(self._history.find(task.domain_id, task.workflow_id, task.run_id))
        except (EntityNotExistsError, ValueError) as error:
            query.answer.set_exception(QueryFailedError(str(error)))
            return
        if query.kind == _DESCRIBE:
            query.answer.set_result(write(book))
        else:
            known = f"[__open_sessions __stack_trace {_DESCRIBE}]"
            query.answer.set_exception(QueryFailedError(f"unknown queryType {query.kind}. KnownQueryTypes={known}"))


class _Starter:
    """What one schedule may do to the runs of its domain."""

    def __init__(
        self, history: HistoryService, check: Callable[[api.StartWorkflowExecutionRequest], None], run: Run
    ) -> None:
        self._history = history
        self._check = check
        self._domain = history.runs.domain_of(run)

    def is_running(self, run: Started) -> bool:
        """Whether a run is open."""
        try:
            return self._history.find(self._domain.id, run.workflow_id, run.run_id).state.is_open
        except EntityNotExistsError:
            return False

    def cancel(self, run: Started, cause: str) -> None:
        """Ask a run to cancel itself."""
        request = api.RequestCancelWorkflowExecutionRequest(
            domain=self._domain.name, workflow_execution=_execution(run), cause=cause
        )
        try:
            self._history.request_cancel(self._domain, request)
        except (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError):
            return  # it has just ended

    def terminate(self, run: Started, reason: str) -> None:
        """End a run."""
        request = api.TerminateWorkflowExecutionRequest(
            domain=self._domain.name, workflow_execution=_execution(run), reason=reason
        )
        try:
            self._history.terminate(self._domain, request)
        except (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError):
            return  # it has just ended

    def start(self, request: api.StartWorkflowExecutionRequest) -> str:
        """Start a run.

        Raises:
            ServiceError: It can't be started.
        """
        request.domain = self._domain.name
        self._check(request)
        return self._history.start_workflow(self._domain, request)


def _is_scheduler(run: Run) -> bool:
    return run.state.workflow_type == WORKFLOW_TYPE and run.state.workflow_id.startswith(_PREFIX)


def _execution(run: Started) -> api.WorkflowExecution:
    return api.WorkflowExecution(workflow_id=run.workflow_id, run_id=run.run_id)


def _failure(details: str) -> api.Decision:
    return api.Decision(
        decision_type=int(DecisionType.FailWorkflowExecution),
        fail_workflow_execution_decision_attributes=api.FailWorkflowExecutionDecisionAttributes(
            reason="cadenceInternal:Generic", details=details.encode()
        ),
    )
