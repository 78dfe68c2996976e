"""The runs of this server: the open ones in memory, the closed ones in the store and, for a while, in memory too.

It finds runs, brackets changes and writes them. A change may cause changes of other runs (`later`); all of them go to
the store as one, so that a crash never leaves a child without its parent's knowledge. It knows nothing of what changes
mean.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from cadence.api.errors import EntityNotExistsError
from cadence.devserver.domains import Domain
from cadence.devserver.execution import records
from cadence.devserver.execution.state import Run
from cadence.devserver.execution.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cadence.devserver.clock import Clock
    from cadence.devserver.domains import DomainRegistry
    from cadence.devserver.matching.task_lists import Matching
    from cadence.devserver.store.interface import Store

__all__ = ("Runs",)

_log = logging.getLogger("cadence.devserver")
_CLOSED_KEPT = 1_000
"""Closed runs in memory: clients fetch a result right after a run closed."""
_CLOSED_SIZE = 32 * 1024 * 1024
"""Bytes that their histories may have together, as they are on the wire."""


def _nothing(runs: Runs, run: Run) -> None:
    """Do nothing."""


class Runs:
    """Every run, and what a change of one needs."""

    def __init__(self, store: Store, clock: Clock, domains: DomainRegistry, matching: Matching) -> None:
        self.store = store
        self.clock = clock
        self.domains = domains
        self.matching = matching
        self.time_out: Callable[[Runs, Run], None] = _nothing
        """What happens to a run that is too old; the service sets it, since it begins with runs itself."""
        self.on_change: Callable[[Run], None] | None = None
        """Hears of every change of a run, while the run is in that change; the page does."""
        self._open: dict[str, Run] = {}
        self._closed: OrderedDict[str, Run] = OrderedDict()
        self._closed_size = 0
        self._current: dict[tuple[str, str], str] = {}
        """The last run of each workflow id, for runs in memory."""
        self._worked_on: set[str] = set()
        self._rows: list[records.Row] = []
        self._actions: deque[Callable[[], None]] = deque()
        self._depth = 0

    # --- finding ---

    def find(self, domain_id: str, workflow_id: str | None, run_id: str | None = None) -> Run:
        """Return a run; without a run id, the current run of the workflow id.

        Raises:
            EntityNotExistsError: There is none.
        """
        if not run_id:
            run = self.current(domain_id, workflow_id or "")
            if run is None:
                msg = "GetCurrentExecution failed.  Error: sql: no rows in result set"
                raise EntityNotExistsError(msg, active_clusters=[])
            return run
        run = self._by_id(run_id)
        if run is None or run.state.domain_id != domain_id or run.state.workflow_id != workflow_id:
            msg = f"Workflow execution not found.  WorkflowId: {workflow_id}, RunId: {run_id}"
            raise EntityNotExistsError(msg, active_clusters=[])
        return run

    def current(self, domain_id: str, workflow_id: str) -> Run | None:
        """Return the current run of a workflow id: the open one, or the one that closed last."""
        run_id = self._current.get((domain_id, workflow_id)) or records.load_current(self.store, domain_id, workflow_id)
        return None if run_id is None else self._by_id(run_id)

    def domain_of(self, run: Run) -> Domain:
        """Return a run's domain; one that was deleted lives on, by name and id, for the runs that are still open."""
        try:
            return self.domains.by_id(run.state.domain_id)
        except EntityNotExistsError:
            return Domain(id=run.state.domain_id, name=run.state.domain)

    def open_run(self, run_id: str) -> Run | None:
        """Return an open run by its id, or None."""
        return self._open.get(run_id)

    def open_runs(self) -> Iterable[Run]:
        """Return the runs that are open."""
        return tuple(self._open.values())

    def _by_id(self, run_id: str) -> Run | None:
        run = self._open.get(run_id) or self._closed.get(run_id)
        if run is None:
            run = records.load_run(self.store, run_id)
            if run is not None:
                self._keep_closed(run)
        return run

    # --- changing ---

    def change(self, run: Run) -> Transaction:
        """Begin a change."""
        return Transaction(self, run)

    def add(self, run: Run) -> None:
        """Take a new run, or one that was read after a restart."""
        state = run.state
        self._open[state.run_id] = run
        self._current[state.domain_id, state.workflow_id] = state.run_id

    def enter(self) -> None:
        """A change begins; changes may stand in one another."""
        self._depth += 1

    def leave(self) -> None:
        """A change ends; behind the outermost one, do what is left to do, then write everything at once."""
        try:
            if self._depth == 1:
                self._follow_up()
        finally:
            self._depth -= 1

    def _follow_up(self) -> None:
        while self._actions:
            action = self._actions.popleft()
            try:
                action()
            except Exception:  # noqa: BLE001  # logged; the rest goes on
                # The change that caused it is in place and must be written; only what follows from it is lost.
                _log.exception("a step behind a change failed")
        rows, self._rows = self._rows, []
        if rows:
            self.store.write_all(rows)
        self._forget()

    def later(self, action: Callable[[], None]) -> None:
        """Do something behind the outermost change that is under way."""
        self._actions.append(action)

    def save(self, run: Run) -> None:
        """Have the run's change written."""
        if len(run.events) > run.saved:
            self._rows.append(records.events_row(run))
            run.saved = len(run.events)
        if self.on_change is not None:
            self.on_change(run)
        self.note_work(run)
        if not run.state.is_open:
            self._close(run)
        elif self.store.durable:
            # In memory nobody reads the state of an open run again, so it need not be packed.
            self._rows.append(records.state_row(run))

    def note_work(self, run: Run) -> None:
        """Hold the clock, if it is one that jumps, while workers have something to do."""
        before, run_id = bool(self._worked_on), run.state.run_id
        if run.is_worked_on:
            self._worked_on.add(run_id)
        else:
            self._worked_on.discard(run_id)
        if bool(self._worked_on) != before:
            (self.clock.release if before else self.clock.hold)()

    def forget(self, domain_id: str, workflow_id: str, run_id: str) -> None:
        """Delete a closed run and all that was kept of it."""
        gone = self._closed.pop(run_id, None)
        if gone is not None:
            self._closed_size -= gone.state.history_size
        if self._current.get((domain_id, workflow_id)) == run_id:
            del self._current[domain_id, workflow_id]
        self.store.write_all(records.deleted_rows(domain_id, workflow_id, run_id))

    def show(self, run: Run) -> None:
        """Have what lists show of an open run written."""
        self._rows.append(records.visibility_row(run, self.clock.now_ns()))

    def _close(self, run: Run) -> None:
        state = run.state
        if self._open.pop(state.run_id, None) is None:
            return
        for alarm in run.alarms.values():
            alarm.cancel()
        run.alarms.clear()
        self._rows.append(records.state_row(run))
        current = self._current.get((state.domain_id, state.workflow_id)) == state.run_id
        self._rows.extend(records.closed_rows(run, is_current=current))
        self._keep_closed(run)

    def _keep_closed(self, run: Run) -> None:
        self._closed[run.state.run_id] = run
        self._closed_size += run.state.history_size
        if not self._depth:
            self._forget()

    def _forget(self) -> None:
        """Keep the last closed runs alone; not within a change, since what it closes isn't in the store yet."""
        while len(self._closed) > _CLOSED_KEPT or (self._closed_size > _CLOSED_SIZE and len(self._closed) > 1):
            gone = self._closed.popitem(last=False)[1].state
            self._closed_size -= gone.history_size
            if self._current.get((gone.domain_id, gone.workflow_id)) == gone.run_id:
                del self._current[gone.domain_id, gone.workflow_id]
