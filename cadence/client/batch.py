"""Does one thing to many runs: signal, cancel, terminate or reset all that a list finds, at a bounded rate.

It runs here, not on the server, and ends with the caller; what was done stays done. Knows lists and handles, not
requests.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TYPE_CHECKING, TypeAlias, assert_never

from cadence.client.arguments import checked_signal
from cadence.client.descriptions import WorkflowStatus, WorkflowSummary
from cadence.client.resetting import ResetPoint, ResetPointError, check_point
from cadence.errors import (
    CancellationAlreadyRequestedError,
    EntityNotExistsError,
    WorkflowExecutionAlreadyCompletedError,
)
from cadence.exceptions import CadenceError, ConfigurationError, ServiceError, TransportError
from cadence.workflow.definition import signal_name_of

if TYPE_CHECKING:
    from typing import Any

    from cadence.client.client import Client

__all__ = (
    "BatchAction",
    "BatchCancel",
    "BatchFailure",
    "BatchProgress",
    "BatchReport",
    "BatchReset",
    "BatchSignal",
    "BatchTerminate",
    "run_batch",
)

_OVER = (EntityNotExistsError, WorkflowExecutionAlreadyCompletedError, CancellationAlreadyRequestedError)
"""Answers that say that there is nothing left to do: the run closed meanwhile, say."""


@dataclasses.dataclass(frozen=True, slots=True)
class BatchSignal:
    """Send each open run a signal."""

    signal: Callable[..., Any] | str
    """A method with `@workflow.signal`, or a signal's name."""
    arguments: tuple[object, ...] = ()
    """What it carries."""


@dataclasses.dataclass(frozen=True, slots=True)
class BatchCancel:
    """Ask for the cancellation of each open run."""

    cause: str = ""
    """Why; for the history."""


@dataclasses.dataclass(frozen=True, slots=True)
class BatchTerminate:
    """End each open run at once."""

    reason: str = ""
    """Why; for people."""


@dataclasses.dataclass(frozen=True, slots=True)
class BatchReset:
    """Let each run, open or closed, go on from an earlier decision, as a new run."""

    point: ResetPoint
    """Where it goes on."""
    reason: str = ""
    """Why; for the history."""
    skip_signals: bool = False
    """Forget the signals that came behind the point."""


BatchAction: TypeAlias = BatchSignal | BatchCancel | BatchTerminate | BatchReset
"""What is done to each run."""


@dataclasses.dataclass(frozen=True, slots=True)
class BatchFailure:
    """A run that it could not be done to."""

    workflow_id: str
    run_id: str
    error: CadenceError
    """Why."""

    def __str__(self) -> str:
        return f'workflow "{self.workflow_id}" run {self.run_id}: {self.error}'


@dataclasses.dataclass(slots=True)
class BatchReport:
    """What became of a batch; while it goes on: so far."""

    dry_run: bool = False
    """True where nothing was done; then `done` counts what would have been."""
    found: int = 0
    """Runs that the list has."""
    done: int = 0
    """Runs that it was done to."""
    skipped: int = 0
    """Runs that need it no more: closed ones, those whose cancellation was asked for before."""
    failures: list[BatchFailure] = dataclasses.field(default_factory=list)
    """Runs that it could not be done to."""


BatchProgress: TypeAlias = Callable[[BatchReport, WorkflowSummary], object]
"""Called after each run with the report so far, the same one each time, and the run."""


async def run_batch(
    client: Client,
    runs: AsyncIterator[WorkflowSummary],
    action: BatchAction,
    *,
    rate: float,
    concurrency: int,
    dry_run: bool,
    on_progress: BatchProgress | None,
) -> BatchReport:
    """Do something to each run of a list; `Client.batch` tells the rest.

    Raises:
        ConfigurationError: An argument can't work.
    """
    given: object = action
    if not isinstance(given, BatchAction):
        msg = f"a batch of {given!r}"
        raise ConfigurationError(msg, hint='give BatchTerminate("why"), for example')
    if rate <= 0 or concurrency < 1:
        msg = f"a batch with rate={rate} and concurrency={concurrency}"
        raise ConfigurationError(msg, hint="both must be positive")
    if isinstance(action, BatchSignal):
        checked_signal(action.signal, action.arguments, client.converter.convention)
    if isinstance(action, BatchReset):
        check_point(action.point)
    batch = _Batch(client, action, dry_run, on_progress)
    try:
        async with asyncio.TaskGroup() as tasks, contextlib.aclosing(batch.wanted(runs)) as wanted:
            pace, free = _Pace(rate), asyncio.Semaphore(concurrency)
            async for run in wanted:
                await free.acquire()
                if not dry_run:
                    await pace.next()
                tasks.create_task(batch.carry_out(run)).add_done_callback(lambda _: free.release())
    except ExceptionGroup as errors:
        # What ends a batch is one thing: the list that can't be read, or a mistake in the action.
        raise errors.exceptions[0] from None
    return batch.report


class _Pace:
    """Lets one through at a time, at a rate; a late one makes up for nothing."""

    def __init__(self, rate: float) -> None:
        self._interval = 1 / rate
        self._due = 0.0

    async def next(self) -> None:
        now = asyncio.get_running_loop().time()
        wait = self._due - now
        self._due = max(self._due, now) + self._interval
        if wait > 0:
            await asyncio.sleep(wait)


class _Batch:
    def __init__(self, client: Client, action: BatchAction, dry_run: bool, on_progress: BatchProgress | None) -> None:
        self.report = BatchReport(dry_run=dry_run)
        self._client = client
        self._action = action
        self._on_progress = on_progress

    async def wanted(self, runs: AsyncIterator[WorkflowSummary]) -> AsyncGenerator[WorkflowSummary]:
        """Give the runs to do something to, each one once."""
        seen: set[str] = set()
        async for run in runs:
            # Without advanced visibility, closed runs are listed behind the open ones: what ends here comes once more.
            if run.run_id in seen:
                continue
            seen.add(run.run_id)
            self.report.found += 1
            if run.status is WorkflowStatus.OPEN or isinstance(self._action, BatchReset):
                yield run
            else:
                self._skip(run)

    async def carry_out(self, run: WorkflowSummary) -> None:
        """Do it to one run, and note what became of it."""
        try:
            if not self.report.dry_run:
                await self._act(run)
        except (ServiceError, TransportError, ResetPointError) as error:
            if isinstance(error, _OVER) and not isinstance(self._action, BatchReset):
                self._skip(run)
                return
            self.report.failures.append(BatchFailure(run.workflow_id, run.run_id, error))
        else:
            self.report.done += 1
        self._tell(run)

    async def _act(self, run: WorkflowSummary) -> None:
        handle = self._client.get_workflow_handle(run.workflow_id, run_id=run.run_id)
        match self._action:
            case BatchSignal(signal, arguments):
                await handle.signal(signal_name_of(signal), *arguments)
            case BatchCancel(cause):
                await handle.cancel(cause)
            case BatchTerminate(reason):
                await handle.terminate(reason)
            case BatchReset(point, reason, skip_signals):
                await handle.reset(point, reason=reason, skip_signals=skip_signals)
            case _:
                assert_never(self._action)

    def _skip(self, run: WorkflowSummary) -> None:
        self.report.skipped += 1
        self._tell(run)

    def _tell(self, run: WorkflowSummary) -> None:
        if self._on_progress is not None:
            self._on_progress(self.report, run)
