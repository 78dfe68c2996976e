"""From a decision task to the run that works on it: kept from before, or built from the whole history.

A kept run goes on where the task's first event is the next one that it expects, and, where the server sent the whole
history all the same (nobody took the task from this worker's own list in time), if the last completed decision is the
run's own. In every other case it is dropped and built anew. Who takes a run holds its lock until the task is answered.
Runs that go while they are open are closed in the thread of workflow code, and their sticky list is reset.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import EventType
from cadence.exceptions import CadenceError
from cadence.service.retry import RetryOptions
from cadence.worker.history_pages import HistoryPages
from cadence.worker.sticky import Kept, StickyCache

if TYPE_CHECKING:
    from cadence.api import HistoryEvent, PollForDecisionTaskResponse
    from cadence.metrics import Meter
    from cadence.worker.ports import WorkerService
    from cadence.worker.turns import MakeRun, RunPort
    from cadence.worker.workflow_thread import WorkflowThread
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("KeptRun", "Runs", "pages_of")

KeptRun = Kept["RunPort"]

_log = logging.getLogger("cadence.worker")

_RESET_TIMEOUT = 5.0
_RESETS_AT_ONCE = 32
_CLOSED_AT_ONCE = 100


class Runs:
    """The runs of a worker. On its own loop."""

    def __init__(
        self,
        service: WorkerService,
        thread: WorkflowThread,
        cache: StickyCache[RunPort] | None,
        make_run: MakeRun,
        *,
        domain: str,
        meter: Meter,
    ) -> None:
        """Prepare.

        Args:
            service: Gives pages of history, takes resets.
            thread: Of workflow code.
            cache: Keeps runs; None keeps none.
            make_run: Makes one.
            domain: The worker's.
            meter: Counts.
        """
        self._service = service
        self._thread = thread
        self._cache = cache
        self._make_run = make_run
        self._domain = domain
        self._meter = meter
        self._keeps_none = False
        self._resets: set[asyncio.Task[None]] = set()
        self._resetting = asyncio.Semaphore(_RESETS_AT_ONCE)

    async def take(
        self, task: PollForDecisionTaskResponse, definition: WorkflowDefinition, held: KeptRun | None = None
    ) -> tuple[KeptRun, Sequence[HistoryEvent]]:
        """Return the run for a task, its lock held by the caller from now on, and the events that it hasn't seen.

        Args:
            task: The task.
            definition: Its workflow.
            held: The run, where the caller holds its lock already: the task came with the answer to the last one.

        Raises:
            BrokenHistoryError: The server's history has a gap, or ends too early.
            ServiceError: A page of history can't be had.
            TransportError: As above.
        """
        pages = pages_of(self._service, self._domain, task)
        kept = held
        if kept is None and task.previous_started_event_id:
            kept = await self._kept(_run_id(task))
        if kept is not None:
            try:
                events = await self._continued(kept, task, pages)
            except BaseException:
                self.release(kept)
                raise
            if events is not None:
                return kept, events
            self.drop(kept)
            kept.lock.release()
        if pages.first_event_id != 1:
            pages = pages.from_start()
        events = await pages.read(task.started_event_id or 0)
        kept = Kept(_run_id(task), _workflow_id(task), self.make(task, definition, replay_only=False))
        await kept.lock.acquire()
        return kept, events

    def make(self, task: PollForDecisionTaskResponse, definition: WorkflowDefinition, *, replay_only: bool) -> RunPort:
        """Make a run that has seen nothing yet."""
        return self._make_run(definition, workflow_id=_workflow_id(task), run_id=_run_id(task), replay_only=replay_only)

    def peek(self, task: PollForDecisionTaskResponse) -> KeptRun | None:
        """Return the kept run of a task, its lock not taken; None where there is none."""
        return self._cache.peek(_run_id(task)) if self._cache is not None else None

    def keep(self, kept: KeptRun) -> None:
        """Keep a run between its tasks; others may have to go for it."""
        if self._cache is None:
            return
        for gone in self._cache.keep(kept):
            self._meter.count("cadence_sticky_evictions_total")
            self._close_all([gone])
            self._reset_later(gone)
        self._meter.gauge("cadence_sticky_runs", len(self._cache))

    def drop(self, kept: KeptRun, *, close: bool = True) -> None:
        """Forget a run: it closed, or can't go on.

        Args:
            kept: The run.
            close: False where it is closed already, or must not be touched.
        """
        if self._cache is not None and self._cache.drop(kept):
            self._meter.gauge("cadence_sticky_runs", len(self._cache))
        if close:
            self._close_all([kept])
        else:
            _mark_gone(kept)

    def release(self, kept: KeptRun) -> None:
        """Give a run's lock back; a run that isn't kept is closed with it."""
        kept.lock.release()
        if self._keeps_none and self._cache is not None and self._cache.holds(kept):
            self.drop(kept)
            self._reset_later(kept)
        if not kept.is_gone and (self._cache is None or not self._cache.holds(kept)):
            self.drop(kept)

    async def give_up_all(self) -> None:
        """Drop every run, and tell the server that their tasks may go to anybody.

        A run that is being worked on goes as soon as it isn't any more; that isn't waited for, but may be by another
        call.
        """
        self._keeps_none = True
        if self._cache is None:
            return
        gone = self._cache.clear()
        self._meter.gauge("cadence_sticky_runs", len(self._cache))
        for first in range(0, len(gone), _CLOSED_AT_ONCE):
            self._close_all(gone[first : first + _CLOSED_AT_ONCE])
        for kept in gone:
            self._reset_later(kept)
        while self._resets:
            await asyncio.wait(self._resets)

    async def abandon(self) -> None:
        """Cancel what is under way."""
        resets = list(self._resets)
        for reset in resets:
            reset.cancel()
        await asyncio.gather(*resets, return_exceptions=True)

    # --- from here on: kept runs ---

    async def _kept(self, run_id: str) -> KeptRun | None:
        cache = self._cache
        if cache is None:
            return None
        while (kept := cache.get(run_id)) is not None:
            await kept.lock.acquire()
            if cache.holds(kept):
                return kept
            kept.lock.release()  # it went while its last task was worked on
        return None

    async def _continued(
        self, kept: KeptRun, task: PollForDecisionTaskResponse, pages: HistoryPages
    ) -> Sequence[HistoryEvent] | None:
        """Return the events that a kept run hasn't seen; None where it can't go on with this task."""
        expected, started = kept.next_event_id, task.started_event_id or 0
        if pages.first_event_id == expected:
            return await pages.read(started)
        if pages.first_event_id != 1 or (task.previous_started_event_id or 0) != expected - 1:
            return None
        events = (await pages.read(started))[expected - 1 :]
        completed = bool(events) and events[0].event_type == EventType.DecisionTaskCompleted
        return events if completed else None

    def _close_all(self, gone: Sequence[KeptRun]) -> None:
        closed = 0
        for kept in gone:
            _mark_gone(kept)

        def close() -> None:
            nonlocal closed
            for kept in gone:
                kept.run.close()
                closed += 1

        label = f"the end of run {gone[0].run_id} of workflow {gone[0].workflow_id}"
        self._thread.submit(label, close, lambda: closed).add_done_callback(_log_failure)

    # --- sticky lists ---

    def _reset_later(self, kept: KeptRun) -> None:
        task = asyncio.create_task(self._reset(kept.workflow_id, kept.run_id), name="cadence.worker.reset")
        self._resets.add(task)
        task.add_done_callback(self._resets.discard)

    async def _reset(self, workflow_id: str, run_id: str) -> None:
        execution = api.WorkflowExecution(workflow_id=workflow_id, run_id=run_id)
        request = api.ResetStickyTaskListRequest(domain=self._domain, execution=execution)
        async with self._resetting:
            try:
                await self._service.reset_sticky_task_list(
                    request, timeout=_RESET_TIMEOUT, retry=RetryOptions(unreachable=1.0)
                )
            except CadenceError as error:
                # Its next task waits the sticky timeout, then: nothing is lost but these seconds.
                _log.debug("the sticky list of run %s was not reset: %s", run_id, error)


def pages_of(service: WorkerService, domain: str, task: PollForDecisionTaskResponse) -> HistoryPages:
    """Return the history of a task."""
    execution = task.workflow_execution or api.WorkflowExecution()
    events = (task.history.events if task.history is not None else None) or ()
    return HistoryPages(service, domain, execution, events, task.next_page_token)


def _mark_gone(kept: KeptRun) -> None:
    kept.is_gone = True
    if kept.local is not None:
        kept.local.abandon()
        kept.local = None


def _log_failure(closing: asyncio.Future[None]) -> None:
    if not closing.cancelled() and (error := closing.exception()) is not None:
        _log.warning("a run's clean-up failed, which has no effect outside: %s", error)


def _run_id(task: PollForDecisionTaskResponse) -> str:
    return (task.workflow_execution.run_id if task.workflow_execution else None) or ""


def _workflow_id(task: PollForDecisionTaskResponse) -> str:
    return (task.workflow_execution.workflow_id if task.workflow_execution else None) or ""
