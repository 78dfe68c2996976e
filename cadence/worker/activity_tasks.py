"""Activity tasks from the poll to the answer: name to definition, an attempt with its deadline, and what it came to.

Lives on the worker's own loop. Answers are tried until the task's own deadline; past it nothing is sent, as the server
has timed the attempt out by then. An answer that the server no longer wants ("not exists") is the end of it, quietly.
Where the code runs is `executors`' business.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.activity.runtime import ActivityInfo
from cadence.exceptions import ApplicationError, CadenceError
from cadence.logs import shortened
from cadence.service.retry import RetryOptions
from cadence.worker.attempts import Attempt, Ended, Outcome
from cadence.worker.heartbeats import Heartbeats, StopReason

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from cadence.activity.definition import ActivityDefinition
    from cadence.converter import DataConverter
    from cadence.metrics import Meter
    from cadence.worker.executors import Executors
    from cadence.worker.mailbox import Mailbox
    from cadence.worker.pollers import Slots
    from cadence.worker.ports import WorkerService
    from cadence.worker.registry import Registry

__all__ = ("ActivityTasks", "info_of_task")

_log = logging.getLogger("cadence.worker")

_GONE = frozenset({"EntityNotExistsError", "WorkflowExecutionAlreadyCompletedError"})
_REFUSED = frozenset({"BadRequestError", "LimitExceededError", "BadRequestFrameError"})
_LONGEST_PAUSE = 10.0
# Where a task comes without any timeout, which no server of today sends.
_WITHOUT_DEADLINE = 3600.0 * 24


class ActivityTasks:
    """Takes tasks and answers them."""

    def __init__(
        self,
        service: WorkerService,
        registry: Registry[ActivityDefinition],
        executors: Executors,
        converter: DataConverter,
        *,
        slots: Slots,
        mailbox: Mailbox,
        meter: Meter,
        domain: str,
        task_list: str,
        identity: str,
        automatic_heartbeats: bool,
    ) -> None:
        """Prepare.

        Args:
            service: Takes answers and heartbeats.
            registry: The activities by name.
            executors: Run them.
            converter: For failures of our own.
            slots: One is released for each task that is done.
            mailbox: Of the worker's own loop.
            meter: Counts.
            domain: The worker's.
            task_list: The worker's.
            identity: The worker's.
            automatic_heartbeats: Beat for activities with a heartbeat timeout.
        """
        self._service = service
        self._registry = registry
        self._executors = executors
        self._converter = converter
        self._slots = slots
        self._mailbox = mailbox
        self._meter = meter
        self._domain = domain
        self._task_list = task_list
        self._identity = identity
        self._automatic = automatic_heartbeats
        self._running: dict[Attempt, _Task] = {}
        self._answers: set[asyncio.Task[None]] = set()
        self._unknown_told: set[str] = set()
        self.is_stopping = False
        """True once the worker stops; attempts see it."""
        self._stops_all = False

    done = 0
    """Tasks answered so far, failures included."""
    failed = 0
    """Tasks whose answer was a failure."""

    @property
    def running(self) -> int:
        """Tasks that are not answered yet."""
        return len(self._running) + len(self._answers)

    def accept(self, task: api.PollForActivityTaskResponse) -> None:
        """Start a task; its slot is released when it has been answered."""
        name = (task.activity_type.name if task.activity_type is not None else None) or ""
        loop = self._mailbox.loop
        lasts = _seconds_left(task)
        deadline = loop.time() + lasts
        definition = self._registry.find(name)
        if definition is None:
            self._answer_later(self._refuse(task, name, deadline))
            return
        beats = task.heartbeat_timeout_seconds or 0
        attempt: Attempt
        heartbeats = Heartbeats(
            self._service,
            self._mailbox,
            task.task_token or b"",
            self._identity,
            timeout=beats,
            # An attempt and its sender know each other; the sender comes first.
            on_stop=lambda reason: attempt.stop(reason),  # noqa: PLW0108
            count=lambda outcome: self._meter.count("cadence_heartbeats_total", activity_type=name, outcome=outcome),
        )
        attempt = Attempt(
            lambda: info_of_task(task, self._domain, self._task_list),
            self._converter,
            details=task.heartbeat_details,
            heartbeats=heartbeats,
            is_stopping=lambda: self.is_stopping,
        )
        if self._automatic and beats:
            is_alive = self._executors.is_alive if definition.is_coroutine else _at_once
            heartbeats.beat_automatically(beats / 2, is_alive)
        timer = loop.call_later(lasts, attempt.stop, StopReason.TIMED_OUT)
        self._running[attempt] = _Task(task, name, deadline, timer, loop.time())
        self._executors.start(attempt, definition, task.input, self._ended)
        if self._stops_all:
            attempt.stop(StopReason.WORKER_STOPS)  # it came late, with the answer to a decision

    def stop_attempts(self) -> None:
        """Tell every attempt that runs to stop, as the worker does."""
        self._stops_all = True
        for attempt in list(self._running):
            attempt.stop(StopReason.WORKER_STOPS)

    async def wait_idle(self) -> None:
        """Wait until nothing runs and all is answered."""
        while self._running or self._answers:
            if self._answers:
                await asyncio.wait(self._answers, return_when=asyncio.FIRST_COMPLETED)
            else:
                self._idle = asyncio.get_running_loop().create_future()
                await self._idle

    _idle: asyncio.Future[None] | None = None

    async def abandon(self) -> None:
        """Forget what runs and cancel answers that are not through; the server's timeouts take over."""
        for task in self._running.values():
            task.timer.cancel()
        for attempt in self._running:
            if attempt.heartbeats is not None:
                await attempt.heartbeats.close(flush=False)
        self._running.clear()
        answers = list(self._answers)
        for answer in answers:
            answer.cancel()
        await asyncio.gather(*answers, return_exceptions=True)

    # --- from here on: how a task ends ---

    def _ended(self, attempt: Attempt, outcome: Outcome) -> None:
        task = self._running.pop(attempt, None)
        if task is None:
            return  # it was abandoned
        task.timer.cancel()
        self._answer_later(self._answer(attempt, task, outcome))

    def _answer_later(self, answer: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(answer, name="cadence.worker.answer")
        self._answers.add(task)
        task.add_done_callback(self._answered)
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    def _answered(self, answer: asyncio.Task[None]) -> None:
        self._answers.discard(answer)
        self._slots.release()
        if not answer.cancelled() and (error := answer.exception()) is not None:
            _log.error("our own bug: an activity task could not be answered", exc_info=error)

    async def _answer(self, attempt: Attempt, task: _Task, outcome: Outcome) -> None:
        heartbeats = attempt.heartbeats
        if heartbeats is not None and heartbeats.is_used:
            await heartbeats.close(flush=outcome.ended is not Ended.COMPLETED)
        self.done += 1
        self.failed += outcome.ended is Ended.FAILED
        self._meter.count("cadence_activity_tasks_total", activity_type=task.name, outcome=outcome.ended.value)
        self._meter.time("cadence_activity_seconds", self._mailbox.loop.time() - task.accepted, activity_type=task.name)
        if attempt.stop_reason in (StopReason.GONE, StopReason.TIMED_OUT):
            _log.debug("activity %s ended, but %s", task.name, attempt.cancel_reason)
            return
        token, identity = task.task.task_token, self._identity
        if outcome.ended is Ended.COMPLETED:
            await self._send(
                self._service.respond_activity_task_completed,
                api.RespondActivityTaskCompletedRequest(token, outcome.result, identity),
                task,
            )
        elif outcome.ended is Ended.FAILED:
            _log.info(
                "activity %s (id %s, attempt %d) of workflow %s failed: %s",
                task.name,
                task.task.activity_id,
                task.task.attempt or 0,
                task.task.workflow_execution.workflow_id if task.task.workflow_execution else "",
                shortened(repr(outcome.error), 300),
                exc_info=outcome.error if _log.isEnabledFor(logging.DEBUG) else None,
            )
            await self._fail(task, outcome.reason, outcome.details)
        elif outcome.ended is Ended.CANCELLED:
            await self._send(
                self._service.respond_activity_task_canceled,
                api.RespondActivityTaskCanceledRequest(token, outcome.details, identity),
                task,
            )

    async def _fail(self, task: _Task, reason: str, details: bytes | None) -> None:
        request = api.RespondActivityTaskFailedRequest(task.task.task_token, reason, details, self._identity)
        await self._send(self._service.respond_activity_task_failed, request, task)

    async def _refuse(self, task: api.PollForActivityTaskResponse, name: str, deadline: float) -> None:
        """Answer a task whose activity isn't here: at once, so that nobody waits for a timeout to learn of it."""
        message = self._registry.unknown(name, self._task_list)
        if name not in self._unknown_told:
            self._unknown_told.add(name)
            _log.error("%s", message)
        reason, details = self._converter.encode_failure(ApplicationError(message, reason="ActivityNotRegistered"))
        self.done += 1
        self.failed += 1
        self._meter.count("cadence_activity_tasks_total", activity_type=name, outcome="unknown")
        loop = self._mailbox.loop
        await self._fail(_Task(task, name, deadline, loop.call_soon(_nothing), loop.time()), reason, details)

    async def _send(self, call: Callable[..., Coroutine[Any, Any, Any]], request: Any, task: _Task) -> None:
        begun = self._mailbox.loop.time()
        left = task.deadline - begun
        if left <= 0:
            _log.debug("%s ended after its deadline; nothing is answered", task)
            return
        # As long as the answer is of use: an outage of the server shorter than the task loses no work.
        retry = RetryOptions(maximum_interval=_LONGEST_PAUSE, unreachable=left)
        try:
            await call(request, timeout=left, retry=retry)
        except CadenceError as error:
            kind = type(error).__name__
            if kind in _GONE:
                _log.debug("%s was answered too late: %s", task, error)
            elif kind in _REFUSED and call != self._service.respond_activity_task_failed:
                # A result that the server won't take would make the workflow wait until the timeout.
                _log.warning("the result of %s was refused, so it fails: %s", task, error)
                await self._fail(task, *self._converter.encode_failure(error))
            else:
                seconds = self._mailbox.loop.time() - begun
                _log.warning("%s could not be answered, and is given up after %.1f s: %s", task, seconds, error)


class _Task:
    """A task that runs: what its answer needs."""

    __slots__ = ("accepted", "deadline", "name", "task", "timer")

    def __init__(
        self,
        task: api.PollForActivityTaskResponse,
        name: str,
        deadline: float,
        timer: asyncio.Handle,
        accepted: float,
    ) -> None:
        self.task = task
        self.name = name
        self.deadline = deadline
        self.timer = timer
        self.accepted = accepted

    def __str__(self) -> str:
        task, execution = self.task, self.task.workflow_execution or api.WorkflowExecution()
        number = f"(id {task.activity_id}, attempt {task.attempt or 0})"
        return f"activity {self.name} {number} of workflow {execution.workflow_id}, run {execution.run_id},"


def _nothing() -> None:
    """Stand in for a timer."""


def _at_once(reply: Callable[[], None]) -> None:
    reply()


def _seconds_left(task: api.PollForActivityTaskResponse) -> float:
    """Return how long the attempt may take from now on, by the server's own clock: ours may differ from it."""
    started = task.started_timestamp or 0
    scheduled = task.scheduled_timestamp_of_this_attempt or task.scheduled_timestamp or started
    left = [
        seconds
        for seconds in (
            task.start_to_close_timeout_seconds or 0,
            (task.schedule_to_close_timeout_seconds or 0) - max(0, started - scheduled) / 1e9
            if task.schedule_to_close_timeout_seconds
            else 0,
        )
        if seconds
    ]
    return max(0.0, min(left)) if left else _WITHOUT_DEADLINE


def info_of_task(task: api.PollForActivityTaskResponse, domain: str, task_list: str) -> ActivityInfo:
    """Return the facts that activity code sees."""
    execution = task.workflow_execution
    started = _time(task.started_timestamp)
    return ActivityInfo(
        activity_id=task.activity_id or "",
        activity_type=(task.activity_type.name if task.activity_type else None) or "",
        task_token=task.task_token or b"",
        workflow_id=(execution.workflow_id if execution else None) or "",
        run_id=(execution.run_id if execution else None) or "",
        workflow_type=(task.workflow_type.name if task.workflow_type else None) or "",
        domain=task.workflow_domain or domain,
        task_list=task_list,
        attempt=task.attempt or 0,
        scheduled_time=_time(task.scheduled_timestamp),
        current_attempt_scheduled_time=_time(task.scheduled_timestamp_of_this_attempt or task.scheduled_timestamp),
        started_time=started,
        schedule_to_close_timeout=_duration(task.schedule_to_close_timeout_seconds),
        start_to_close_timeout=_duration(task.start_to_close_timeout_seconds),
        heartbeat_timeout=_duration(task.heartbeat_timeout_seconds),
        deadline=started + timedelta(seconds=_seconds_left(task)),
        headers=(task.header.fields if task.header else None) or {},
    )


def _time(nanoseconds: int | None) -> datetime:
    return datetime.fromtimestamp((nanoseconds or 0) / 1e9, UTC)


def _duration(seconds: int | None) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds else None
