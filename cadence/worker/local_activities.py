"""Local activities: run in this worker while their decision task is open, tried again as their policy says.

`LocalWork` is those of one run. What came of one waits there until the run's task takes it, also past the task's end: a
decision heartbeat may bring the next task through another poll. Nothing here is sent to the server; results become
markers through the engine. Pauses that fit into a decision task are waited for here, longer ones are the workflow's: it
is told the backoff and sets a timer.
"""

from __future__ import annotations

import asyncio
import collections
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cadence.activity.runtime import ActivityInfo
from cadence.exceptions import ApplicationError, RemoteTimeoutError, TimeoutKind
from cadence.logs import shortened
from cadence.worker.attempts import Attempt, Ended, Outcome
from cadence.worker.heartbeats import StopReason
from cadence.worker.statistics import TaskStatistics
from cadence.worker.turns import LocalOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cadence.activity.definition import ActivityDefinition
    from cadence.converter import DataConverter
    from cadence.worker.executors import Executors
    from cadence.worker.pollers import Slots
    from cadence.worker.registry import Registry
    from cadence.worker.turns import LocalCall
    from cadence.workflow.commands import RetryPolicy
    from cadence.workflow.runtime import WorkflowInfo

__all__ = ("LocalActivities", "LocalWork", "next_backoff")

_log = logging.getLogger("cadence.worker")

_CANCELLED = ("cadenceInternal:Canceled", None)


class LocalActivities:
    """What all local activities of a worker share. On its own loop."""

    def __init__(
        self,
        registry: Registry[ActivityDefinition],
        executors: Executors,
        converter: DataConverter,
        slots: Slots,
        *,
        task_list: str,
        is_stopping: Callable[[], bool],
    ) -> None:
        """Prepare.

        Args:
            registry: The activities by name.
            executors: Run them.
            converter: For failures of our own.
            slots: Bound how many run at once.
            task_list: The worker's.
            is_stopping: Whether the worker stops.
        """
        self._registry = registry
        self._executors = executors
        self._converter = converter
        self._slots = slots
        self._task_list = task_list
        self._is_stopping = is_stopping
        self._running: set[Attempt] = set()
        self._done = self._failed = 0

    def of_run(self, info: WorkflowInfo, longest_pause: timedelta) -> LocalWork:
        """Return the local activities of one run.

        Args:
            info: The run.
            longest_pause: Between two attempts, if it is to be waited for here: the run's decision timeout.
        """
        return LocalWork(self, info, longest_pause)

    def statistics(self) -> TaskStatistics:
        """Counts as of now."""
        return TaskStatistics(running=self._slots.used, slots=self._slots.total, done=self._done, failed=self._failed)

    def stop_attempts(self) -> None:
        """Tell every attempt that runs to stop, as the worker does."""
        for attempt in list(self._running):
            attempt.stop(StopReason.WORKER_STOPS)

    async def attempt(
        self, call: LocalCall, info_of: Callable[[], ActivityInfo], seconds: float, tell: Callable[[Attempt], None]
    ) -> Outcome:
        """Make one attempt.

        Args:
            call: What to run.
            info_of: Makes the facts that its code sees.
            seconds: How long it may take.
            tell: Gets the attempt once it runs, so that it can be stopped.

        Returns:
            How it ended. One whose time is over has failed at once; its function may go on, in its slot.
        """
        definition = self._registry.find(call.activity_type)
        if definition is None:
            message = self._registry.unknown(call.activity_type, self._task_list)
            return self._failure(ApplicationError(message, reason="ActivityNotRegistered", non_retryable=True))
        await self._slots.acquire()
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[Outcome] = loop.create_future()
        attempt = Attempt(info_of, self._converter, is_stopping=self._is_stopping)
        self._running.add(attempt)

        def done(which: Attempt, outcome: Outcome) -> None:
            self._running.discard(which)
            self._slots.release()
            if not ended.done():
                ended.set_result(outcome)

        def time_over() -> None:
            attempt.stop(StopReason.TIMED_OUT)
            if not ended.done():
                error = RemoteTimeoutError(TimeoutKind.SCHEDULE_TO_CLOSE)
                # In the server's own words, not as an exception that somebody raised.
                ended.set_result(Outcome(Ended.FAILED, reason=error.reason, error=error))

        tell(attempt)
        timer = loop.call_later(max(0.0, seconds), time_over)
        self._executors.start(attempt, definition, call.arguments, done)
        try:
            outcome = await ended
        except asyncio.CancelledError:
            attempt.stop(StopReason.GONE)
            raise
        finally:
            timer.cancel()
        if outcome.ended is Ended.ELSEWHERE:
            message = f"local activity {call.activity_type} can't be completed from elsewhere"
            return self._failure(ApplicationError(message, non_retryable=True))
        return outcome

    def count(self, *, failed: bool) -> None:
        """Note that one ended, retries included."""
        self._done += 1
        self._failed += failed

    def _failure(self, error: BaseException) -> Outcome:
        reason, details = self._converter.encode_failure(error)
        return Outcome(Ended.FAILED, reason=reason, details=details, error=error)


class LocalWork:
    """The local activities of one run."""

    __slots__ = ("_activities", "_calls", "_outcomes", "_since", "_time_ns", "_waiter", "info", "longest_pause")

    def __init__(self, activities: LocalActivities, info: WorkflowInfo, longest_pause: timedelta) -> None:
        self._activities = activities
        self.info = info
        """The run."""
        self.longest_pause = longest_pause
        """Longest pause between two attempts that is waited for here."""
        self._time_ns, self._since = 0, 0.0
        self._calls: dict[str, _Call] = {}
        self._outcomes: collections.deque[LocalOutcome] = collections.deque()
        self._waiter: asyncio.Future[None] | None = None

    @property
    def open(self) -> int:
        """Those whose end the run hasn't taken."""
        return len(self._calls) + len(self._outcomes)

    def set_time(self, time_ns: int) -> None:
        """Note the workflow's time as of now; it goes on from there by this machine's clock."""
        self._time_ns, self._since = time_ns, asyncio.get_running_loop().time()

    def now_ns(self) -> int:
        """Return the workflow's time."""
        return self._time_ns + int((asyncio.get_running_loop().time() - self._since) * 1e9)

    def start(self, calls: Iterable[LocalCall]) -> None:
        """Start what workflow code asked for."""
        for call in calls:
            self._calls[call.activity_id] = _Call(self, self._activities, call)

    def cancel(self, activity_ids: Iterable[str]) -> None:
        """Ask for a cancellation; unknown ids are passed over."""
        for activity_id in activity_ids:
            call = self._calls.get(activity_id)
            if call is not None:
                call.cancel()

    def take(self) -> Sequence[LocalOutcome]:
        """Take what came so far."""
        outcomes = list(self._outcomes)
        self._outcomes.clear()
        return outcomes

    async def wait(self, until: float) -> bool:
        """Wait until there is something to take; False where the loop's time `until` comes first."""
        loop = asyncio.get_running_loop()
        if self._outcomes:
            return True
        self._waiter = loop.create_future()
        try:
            async with asyncio.timeout_at(until):
                await self._waiter
        except TimeoutError:
            return bool(self._outcomes)
        finally:
            self._waiter = None
        return True

    def abandon(self) -> None:
        """Stop them all and forget what came: the run is gone."""
        calls = list(self._calls.values())
        self._calls.clear()
        self._outcomes.clear()
        for call in calls:
            call.task.cancel()

    def ended(self, activity_id: str, outcome: LocalOutcome | None) -> None:
        """Note an end; None where nothing is to be told, as the worker stops."""
        if self._calls.pop(activity_id, None) is None or outcome is None:
            return
        self._outcomes.append(outcome)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class _Call:
    """One local activity with its attempts."""

    __slots__ = ("_activities", "_attempt", "_call", "_cancelled", "_work", "task")

    def __init__(self, work: LocalWork, activities: LocalActivities, call: LocalCall) -> None:
        self._work = work
        self._activities = activities
        self._call = call
        self._attempt: Attempt | None = None
        self._cancelled = asyncio.Event()
        self.task = asyncio.create_task(self._run(), name=f"cadence.worker.local {call.activity_type}")
        """Runs the attempts."""
        self.task.add_done_callback(_log_bug)

    def cancel(self) -> None:
        """Ask for its cancellation."""
        self._cancelled.set()
        if self._attempt is not None:
            self._attempt.stop(StopReason.CANCEL_REQUESTED)

    async def _run(self) -> None:
        call, number = self._call, self._call.attempt
        while True:
            seconds = self._seconds_left(number)
            outcome = await self._activities.attempt(call, self._info_of(number, seconds), seconds, self._began)
            self._attempt = None
            if outcome.ended is not Ended.FAILED or self._cancelled.is_set():
                break
            pause = next_backoff(call.retry_policy, outcome, number, self._work.now_ns(), call.expires_ns)
            if pause is None:
                break
            if pause > self._work.longest_pause:
                self._end(outcome, number, pause)
                return
            number += 1
            _log.info(
                "local activity %s of workflow %s failed, and is tried again: %s",
                call.activity_type,
                self._work.info.workflow_id,
                shortened(repr(outcome.error), 300),
            )
            if await self._sleep(pause.total_seconds()):
                outcome = Outcome(Ended.CANCELLED)
                break
        self._end(outcome, number, None)

    def _began(self, attempt: Attempt) -> None:
        self._attempt = attempt
        if self._cancelled.is_set():
            attempt.stop(StopReason.CANCEL_REQUESTED)

    async def _sleep(self, seconds: float) -> bool:
        """Wait before the next attempt; True where it was cancelled meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await self._cancelled.wait()
        except TimeoutError:
            return False
        return True

    def _seconds_left(self, number: int) -> float:
        seconds = self._call.schedule_to_close_timeout.total_seconds()
        if number and self._call.expires_ns:
            seconds = min(seconds, (self._call.expires_ns - self._work.now_ns()) / 1e9)
        return seconds

    def _info_of(self, number: int, seconds: float) -> Callable[[], ActivityInfo]:
        started = datetime.now(UTC)
        return lambda: _info(self._call, self._work.info, number, started, seconds)

    def _end(self, outcome: Outcome, number: int, pause: timedelta | None) -> None:
        activity_id, now = self._call.activity_id, self._work.now_ns()
        self._activities.count(failed=outcome.ended is not Ended.COMPLETED)
        if outcome.ended is Ended.DROPPED:
            self._work.ended(activity_id, None)
        elif outcome.ended is Ended.COMPLETED:
            self._work.ended(activity_id, LocalOutcome(activity_id, now, outcome.result, attempt=number))
        else:
            cancelled = outcome.ended is Ended.CANCELLED
            failure = _CANCELLED if cancelled else (outcome.reason, outcome.details)
            told = LocalOutcome(activity_id, now, failure=failure, attempt=number, backoff=pause)
            self._work.ended(activity_id, told)


def next_backoff(policy: object, outcome: Outcome, number: int, now_ns: int, expires_ns: int) -> timedelta | None:
    """Return the pause before the next attempt; None where there is none.

    Args:
        policy: The `RetryPolicy`, or None.
        outcome: A failure.
        number: The failed attempt's, from 0.
        now_ns: The workflow's time.
        expires_ns: No attempt starts later; 0 is no limit.
    """
    if policy is None:
        return None
    rules: RetryPolicy = policy  # type: ignore[assignment]  # the engine's word for it
    error = outcome.error
    if getattr(error, "non_retryable", False) or _is_final(rules, outcome):
        return None
    if rules.maximum_attempts and number >= rules.maximum_attempts - 1:
        return None
    if not rules.maximum_attempts and not expires_ns:
        return None
    pause = getattr(error, "next_retry_delay", None) or _pause(rules, number)
    if expires_ns and now_ns + pause.total_seconds() * 1e9 > expires_ns:
        return None
    return pause


def _pause(rules: RetryPolicy, number: int) -> timedelta:
    longest = rules.maximum_interval or 100 * rules.initial_interval
    try:
        return min(longest, rules.initial_interval * rules.backoff_coefficient**number)
    except OverflowError:
        return longest


def _is_final(rules: RetryPolicy, outcome: Outcome) -> bool:
    names = {outcome.reason}
    if isinstance(outcome.error, RemoteTimeoutError):
        names.add(f"timeout:{outcome.error.kind.value}")
    if outcome.error is not None:
        names.add(type(outcome.error).__name__)
    for final in rules.non_retriable_error_reasons:
        if final in names if isinstance(final, str) else isinstance(outcome.error, final):
            return True
    return False


def _log_bug(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("our own bug: a local activity was lost", exc_info=error)


def _info(call: LocalCall, run: WorkflowInfo, number: int, started: datetime, seconds: float) -> ActivityInfo:
    scheduled = datetime.fromtimestamp(call.scheduled_time_ns / 1e9, UTC)
    return ActivityInfo(
        activity_id=call.activity_id,
        activity_type=call.activity_type,
        task_token=b"",
        workflow_id=run.workflow_id,
        run_id=run.run_id,
        workflow_type=run.workflow_type,
        domain=run.domain,
        task_list=run.task_list,
        attempt=number,
        scheduled_time=scheduled,
        current_attempt_scheduled_time=scheduled,
        started_time=started,
        schedule_to_close_timeout=call.schedule_to_close_timeout,
        deadline=started + timedelta(seconds=seconds),
        is_local=True,
        headers=call.headers or {},
    )
