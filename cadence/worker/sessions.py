"""A worker's sessions: it takes them from a list of all hosts, holds each as an activity, and serves them on its own.

A session is held by an activity task that ends when the session does: meanwhile it beats, so that the workflow learns
when this host is gone, and takes one of the worker's places for sessions, so that no more are polled for than it may
hold. It runs on the worker's own loop, where neither a stuck event loop of the user's nor busy threads keep it from
beating. Its first act is a signal to the workflow with the host's own task list, on which the session's activities
come; they are the business of an `ActivityTasks` like any other's. The workflow's side is `cadence.workflow.sessions`,
which knows the same names: those of the Go client.
"""

from __future__ import annotations

import asyncio
import enum
import logging
import socket
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from cadence import api
from cadence.converter import Convention
from cadence.converter.signatures import Parameter, Signature
from cadence.exceptions import CadenceError, ConversionError
from cadence.service.retry import RetryOptions
from cadence.worker.pollers import Slots
from cadence.worker.statistics import TaskStatistics

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from cadence.converter import DataConverter
    from cadence.worker.activity_tasks import ActivityTasks
    from cadence.worker.mailbox import Mailbox
    from cadence.worker.ports import WorkerService

__all__ = ("HostNames", "SessionHost", "creation_list")

_log = logging.getLogger("cadence.worker")

_CREATION = "internalSessionCreationActivity"
_COMPLETION = "internalSessionCompletionActivity"
# Never retried by the server, as workflows of ours and of Go's ask for it: they are to open another session.
_FINAL = "cadenceInternal:Generic"
# Go's, which is retried until the session's creation_timeout: another host takes it then.
_FULL = "too many outstanding sessions"

_GONE = frozenset({"EntityNotExistsError", "WorkflowExecutionAlreadyCompletedError", "DomainNotActiveError"})
_REFUSED = frozenset({"AccessDeniedError", "BadRequestError", "ConversionError", "LimitExceededError"})
_LONGEST_INTERVAL = 10.0
_WITHOUT_TIMEOUT = 30.0
# Where a task comes without any timeout, which no server of today sends.
_WITHOUT_DEADLINE = 3600.0 * 24
_AFTER_FAILURE = 1.0
_LONGEST_PAUSE = 10.0
_ANSWER_TIMEOUT = 30.0
_RETRY = RetryOptions(maximum_interval=1.0)
_SESSION_ID = Signature("session", (Parameter("session_id", str),))


class HostNames(NamedTuple):
    """By which names workflows know this worker."""

    resource_id: str
    host_name: str
    task_list: str

    @classmethod
    def new(cls) -> HostNames:
        """Make names that no other worker has."""
        resource_id, host_name = str(uuid.uuid4()), socket.gethostname()
        return cls(resource_id, host_name, f"{resource_id}@{host_name}")


def creation_list(task_list: str) -> str:
    """Return the list from which all workers of a task list take sessions."""
    return f"{task_list}__internal_session_creation"


class _End(enum.Enum):
    """Why a session ended."""

    COMPLETED = "the workflow is done with it"
    CANCELLED = "its cancellation was requested"
    GONE = "the server doesn't know it any more"
    TIMED_OUT = "it lasted as long as it may"
    REFUSED = "its workflow could not be told of its host"
    WORKER_STOPS = "the worker stops"


class _Held:
    """A session that is held."""

    __slots__ = ("end", "id", "task")

    def __init__(self, session_id: str, task: api.PollForActivityTaskResponse) -> None:
        self.id = session_id
        self.task = task
        self.end: asyncio.Future[_End] = asyncio.get_running_loop().create_future()

    def finish(self, end: _End) -> None:
        """End it; the first reason stays."""
        if not self.end.done():
            self.end.set_result(end)


class SessionHost:
    """The sessions of one worker. Lives on the worker's own loop."""

    def __init__(
        self,
        service: WorkerService,
        converter: DataConverter,
        activities: ActivityTasks,
        *,
        names: HostNames,
        slots: Slots,
        limit: int,
        mailbox: Mailbox,
        domain: str,
        identity: str,
    ) -> None:
        """Prepare.

        Args:
            service: Takes signals, heartbeats and answers.
            converter: For what is told to workflows.
            activities: Takes the tasks of the host's own list.
            names: The host's.
            slots: Those of the host's own list; one is released for each task that is done.
            limit: Most sessions at once.
            mailbox: Of the worker's own loop.
            domain: The worker's.
            identity: The worker's.
        """
        self._service = service
        self._converter = converter
        self._names = names
        self._slots = slots
        self._mailbox = mailbox
        self._domain = domain
        self._identity = identity
        self._held: dict[str, _Held] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        self.activities = activities
        """Of the host's own list."""
        self.places = Slots(limit)
        """One is taken by each poll for a session, and by each session."""

    done = 0
    """Sessions that ended so far."""
    failed = 0
    """Sessions that ended by this worker's end, or could not begin."""

    def statistics(self) -> TaskStatistics:
        """Counts as of now, from any thread."""
        return TaskStatistics(running=len(self._held), slots=self.places.total, done=self.done, failed=self.failed)

    def activities_statistics(self) -> TaskStatistics:
        """Counts of the activities in them, as of now, from any thread."""
        tasks = self.activities
        return TaskStatistics(running=tasks.running, slots=self._slots.total, done=tasks.done, failed=tasks.failed)

    def accept_session(self, task: api.PollForActivityTaskResponse) -> None:
        """Hold a session; its place is released when it ended."""
        self._spawn(self._hold(task), self.places)

    def accept_activity(self, task: api.PollForActivityTaskResponse) -> None:
        """Start an activity of a session; its slot is released when it was answered."""
        name = task.activity_type.name if task.activity_type is not None else ""
        if name == _COMPLETION:
            self._spawn(self._complete(task), self._slots)
        elif name == _CREATION:
            # A session that goes on here in its workflow's next run. It has no place in hand, and keeps no slot.
            self._spawn(self._hold(task), None)
            self._slots.release()
        else:
            self.activities.accept(task)

    def begin_to_stop(self) -> None:
        """Take no more sessions."""
        self._is_stopping = self.activities.is_stopping = True

    async def give_up(self) -> None:
        """Tell the workflows of all sessions that this host is gone, so that they need not wait for its silence."""
        for held in list(self._held.values()):
            held.finish(_End.WORKER_STOPS)
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def abandon(self) -> None:
        """Drop everything; the server's timeouts take over."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.activities.abandon()

    # --- from here on: one session ---

    def _spawn(self, work: Coroutine[Any, Any, None], slots: Slots | None) -> None:
        task = asyncio.create_task(work, name="cadence.worker.session")
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if slots is not None:
                slots.release()
            if not task.cancelled() and (error := task.exception()) is not None:
                _log.error("our own bug: the task of a session ended", exc_info=error)

        task.add_done_callback(ended)

    async def _hold(self, task: api.PollForActivityTaskResponse) -> None:
        session_id = self._session_id(task)
        if session_id is None or self._is_stopping or len(self._held) >= self.places.total:
            # Another host may have it.
            self.failed += 1
            await self._answer(
                self._service.respond_activity_task_failed,
                api.RespondActivityTaskFailedRequest(task.task_token, _FULL, None, self._identity),
            )
            return
        held = self._held[session_id] = _Held(session_id, task)
        _log.debug("session %s begins", session_id)
        lasts = float(task.start_to_close_timeout_seconds or _WITHOUT_DEADLINE)
        timer = self._mailbox.loop.call_later(lasts, held.finish, _End.TIMED_OUT)
        beside = [asyncio.create_task(self._tell(held)), asyncio.create_task(self._beat(held))]
        try:
            end = await held.end
        finally:
            timer.cancel()
            for each in beside:
                each.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            if self._held.get(session_id) is held:
                del self._held[session_id]
        self.done += 1
        self.failed += end in (_End.WORKER_STOPS, _End.REFUSED)
        _log.debug("session %s ended: %s", session_id, end.value)
        await self._answer_end(task, end)

    async def _answer_end(self, task: api.PollForActivityTaskResponse, end: _End) -> None:
        service, token, identity = self._service, task.task_token, self._identity
        if end is _End.COMPLETED:
            await self._answer(
                service.respond_activity_task_completed,
                api.RespondActivityTaskCompletedRequest(token, None, identity),
            )
        elif end is _End.CANCELLED:
            await self._answer(
                service.respond_activity_task_canceled, api.RespondActivityTaskCanceledRequest(token, None, identity)
            )
        elif end in (_End.WORKER_STOPS, _End.REFUSED):
            text = f"{end.value} ({identity})"
            go = self._converter.convention is Convention.GO  # where bytes alone are text
            details = self._converter.encode_value(text.encode() if go else text)
            await self._answer(
                service.respond_activity_task_failed,
                api.RespondActivityTaskFailedRequest(token, _FINAL, details, identity),
            )

    async def _complete(self, task: api.PollForActivityTaskResponse) -> None:
        """The workflow is done with a session."""
        held = self._held.get(self._session_id(task) or "")
        if held is not None:
            held.finish(_End.COMPLETED)
        await self._answer(
            self._service.respond_activity_task_completed,
            api.RespondActivityTaskCompletedRequest(task.task_token, None, self._identity),
        )

    async def _tell(self, held: _Held) -> None:
        """Signal the workflow which host it has, as long as that takes.

        Never given up by itself: a workflow that knows the host although the call failed must not get another one.
        """
        names = self._names
        host = {"Tasklist": names.task_list, "HostName": names.host_name, "ResourceID": names.resource_id}
        request = api.SignalWorkflowExecutionRequest(
            domain=held.task.workflow_domain or self._domain,
            workflow_execution=held.task.workflow_execution,
            signal_name=held.id,
            identity=self._identity,
            request_id=str(uuid.uuid4()),
        )
        while not held.end.done():
            try:
                request.input = self._converter.encode_arguments((host,))
                await self._service.signal_workflow_execution(request, timeout=_ANSWER_TIMEOUT, retry=_RETRY)
            except CadenceError as error:
                kind = type(error).__name__
                if kind in _GONE:
                    held.finish(_End.GONE)
                elif kind in _REFUSED:
                    _log.warning("the workflow of session %s could not be told of its host: %s", held.id, error)
                    held.finish(_End.REFUSED)
                else:
                    _log.warning("the workflow of session %s is told of its host once more: %s", held.id, error)
                    await asyncio.sleep(_AFTER_FAILURE)
            else:
                return

    async def _beat(self, held: _Held) -> None:
        """Show that this host lives, several times in each heartbeat timeout, and hear whether the session is over."""
        task = held.task
        interval = min((task.heartbeat_timeout_seconds or _WITHOUT_TIMEOUT) / 3, _LONGEST_INTERVAL)
        request = api.RecordActivityTaskHeartbeatRequest(task.task_token, None, self._identity)
        pause = interval
        while not held.end.done():
            await asyncio.sleep(pause)
            pause = interval
            try:
                answer = await self._service.record_activity_task_heartbeat(
                    request, timeout=max(1.0, interval), retry=_RETRY
                )
            except CadenceError as error:
                if type(error).__name__ in _GONE:
                    held.finish(_End.GONE)
                else:
                    _log.warning("a heartbeat of session %s was not recorded, and is sent again: %s", held.id, error)
                    pause = min(interval, _AFTER_FAILURE)
            else:
                if answer.cancel_requested:
                    held.finish(_End.CANCELLED)

    def _session_id(self, task: api.PollForActivityTaskResponse) -> str | None:
        try:
            (session_id,) = self._converter.decode_arguments(task.input, _SESSION_ID, place="session")
        except ConversionError as error:
            _log.error("a session can't be read; does the workflow's client have the same data converter? %s", error)
            return None
        return str(session_id)

    async def _answer(self, call: Callable[..., Coroutine[Any, Any, Any]], request: object) -> None:
        retry = RetryOptions(maximum_interval=_LONGEST_PAUSE, unreachable=_ANSWER_TIMEOUT)
        try:
            await call(request, timeout=_ANSWER_TIMEOUT, retry=retry)
        except CadenceError as error:
            # The server's timeouts end it, or have done so already.
            level = logging.DEBUG if type(error).__name__ in _GONE else logging.WARNING
            _log.log(level, "the end of a session could not be told: %s", error)
