"""The machine behind a `Worker`: all its parts, made and wired in one place, on the worker's own loop.

It looks whether server and domain are there, says who polls what, and gives the statistics; it does no work itself.
Which parts there are depends on what is registered: without workflows nothing polls for decisions. `shutdown` takes it
apart again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import uuid
from typing import TYPE_CHECKING, NamedTuple, cast

from cadence import api
from cadence.api.enums import TaskListKind
from cadence.exceptions import ConfigurationError, ServiceError
from cadence.interceptor.chain import check_interceptors
from cadence.metrics import NullMeter
from cadence.service.retry import RetryOptions
from cadence.worker.activity_tasks import ActivityTasks
from cadence.worker.executors import Executors
from cadence.worker.local_activities import LocalActivities
from cadence.worker.loop_watch import LoopWatch
from cadence.worker.lost_activities import AnswersById
from cadence.worker.pollers import PollerGroup, RateLimiter, Slots
from cadence.worker.sessions import HostNames, SessionHost, creation_list
from cadence.worker.statistics import TaskStatistics, WorkerStatistics
from cadence.worker.threads import ThreadPool

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from cadence.activity.definition import ActivityDefinition
    from cadence.metrics import Meter
    from cadence.worker.decision_tasks import DecisionTasks
    from cadence.worker.eager import EagerActivities
    from cadence.worker.mailbox import Mailbox
    from cadence.worker.options import WorkerOptions
    from cadence.worker.ports import ClientPort, WorkerService
    from cadence.worker.processes import ProcessPool
    from cadence.worker.registry import Registry
    from cadence.worker.runs import Runs
    from cadence.worker.sticky import StickyCache
    from cadence.worker.turns import MakeRun, RunPort
    from cadence.worker.workflow_thread import WorkflowThread
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("Assembly", "WorkflowSide")

_log = logging.getLogger("cadence.worker")

_CHECK_TIMEOUT = 10.0
# A wrong address should be told soon; a server that is just being restarted is back within this.
_CHECK_UNREACHABLE = 5.0
_HINTS = {
    "AccessDeniedError": "connect with a token that may use this domain: Client.connect(..., authorization=...)",
    "ClientVersionNotSupportedError": (
        "the server knows no such version; connect with one that it does: headers=ClientHeaders(feature_version=...)"
    ),
}
_REFUSALS = frozenset({"AccessDeniedError", "BadRequestError", "ClientVersionNotSupportedError"})


class WorkflowSide(NamedTuple):
    """The parts that a worker with workflows has."""

    tasks: DecisionTasks
    runs: Runs
    thread: WorkflowThread
    cache: StickyCache[RunPort] | None
    local: LocalActivities


class Assembly:
    """A worker's parts."""

    def __init__(
        self,
        client: ClientPort,
        task_list: str,
        options: WorkerOptions,
        workflows: Registry[WorkflowDefinition],
        activities: Registry[ActivityDefinition],
        *,
        io: Mailbox,
        user: Mailbox,
        make_run: MakeRun | None = None,
    ) -> None:
        """Prepare; to be called where the worker is entered, as activities see the context variables of here.

        Args:
            client: Says which server, domain and data converter.
            task_list: The task list to poll.
            options: The worker's.
            workflows: What it runs.
            activities: What it runs.
            io: Of the worker's own loop.
            user: Of the loop that coroutine activities run on.
            make_run: Makes runs; default: the engine's.

        Raises:
            ConfigurationError: An interceptor is none, or an activity can't run in a process.
        """
        self.identity = options.identity or f"{os.getpid()}@{socket.gethostname()}@{task_list}@{uuid.uuid4().hex[:8]}"
        """What the server shows as who did it."""
        self._client = client
        self._domain = client.domain
        self._task_list = task_list
        self._options = options
        self._workflows = workflows
        self._activities = activities
        self._io = io
        self._make_run = make_run
        self._meter: Meter = options.meter or NullMeter()
        self._interceptors = check_interceptors((*client.interceptors, *options.interceptors))
        kinds = 2 if options.session_places else 1
        threads = kinds * options.max_concurrent_activities + options.max_concurrent_local_activities
        self.threads = ThreadPool(threads, f"cadence-activity-{task_list}")
        """Where activity functions run."""
        self.processes = self._make_processes()
        """Where some of them run instead; None where none does."""
        self._executors = self._make_executors(user)
        self.hurried = asyncio.Event()
        """Set once tasks that run shall get no more time."""
        self.pollers: dict[str, PollerGroup[Any]] = {}
        """By kind."""
        self.activity_tasks: ActivityTasks | None = None
        """None without activities."""
        self.sessions: SessionHost | None = None
        """None without sessions."""
        self.workflow_side: WorkflowSide | None = None
        """None without workflows."""
        self.service: WorkerService | None = None
        """With connections of its own, on the worker's own loop; None before the start."""
        self.poll_service: WorkerService | None = None
        """With connections for the polls alone. A real frontend doesn't know of calls given up, and would hand tasks to
        the polls of a worker that stops, to be lost until they time out; it forgets those of a closed connection."""
        self._activity_slots = Slots(options.max_concurrent_activities)

    def hurry(self, seconds: float) -> None:
        """Let the stop that is under way wait no longer than so many seconds. On the worker's own loop."""
        self._io.loop.call_later(seconds, self.hurried.set)

    async def start(self) -> None:
        """Look for server and domain, and start to poll. On the worker's own loop; what fails leaves nothing behind.

        Raises:
            ConfigurationError: The domain is unknown to the server.
            TransportError: Nothing answers.
            ServiceError: The server refuses this client.
        """
        service = self.service = self._client.service.twin()
        polls = self.poll_service = self._client.service.twin()
        try:
            if self._options.check_at_start:
                await self._check(service)
            if self._activities:
                self._start_activity_side(service, polls)
            if self._workflows:
                self._start_workflow_side(service, polls)
            for group in self.pollers.values():
                group.start()
        except BaseException:
            if self.workflow_side is not None:
                self.workflow_side.thread.close()
            await polls.close()
            await service.close()
            raise

    def statistics(self, *, is_running: bool) -> WorkerStatistics:
        """Counts as of now, from any thread."""
        side, slots, tasks, host = self.workflow_side, self._activity_slots, self.activity_tasks, self.sessions
        return WorkerStatistics(
            is_running=is_running,
            polls={kind: group.statistics() for kind, group in list(self.pollers.items())},
            decision_tasks=side.tasks.statistics() if side is not None else TaskStatistics(),
            activity_tasks=(
                TaskStatistics(running=tasks.running, slots=slots.total, done=tasks.done, failed=tasks.failed)
                if tasks is not None
                else TaskStatistics()
            ),
            sessions=host.statistics() if host is not None else TaskStatistics(),
            session_activities=host.activities_statistics() if host is not None else TaskStatistics(),
            local_activities=side.local.statistics() if side is not None else TaskStatistics(),
            sticky=side.cache.statistics() if side is not None and side.cache is not None else None,
            threads=self.threads.threads,
            abandoned_threads=side.thread.abandoned if side is not None else 0,
        )

    # --- from here on: the start ---

    async def _check(self, service: WorkerService) -> None:
        domain = self._domain
        try:
            await service.describe_domain(
                api.DescribeDomainRequest(name=domain),
                timeout=_CHECK_TIMEOUT,
                retry=RetryOptions(unreachable=_CHECK_UNREACHABLE),
            )
        except ServiceError as error:
            kind = type(error).__name__
            if kind == "EntityNotExistsError":
                msg = f'domain "{domain}" is unknown to the server'
                raise ConfigurationError(msg, hint=f"register it: cadence domain register {domain}") from error
            if kind in _REFUSALS:
                error.hint = error.hint or _HINTS.get(kind, "")
                raise
            _log.warning("domain %s could not be looked up; the worker starts all the same: %s", domain, error)

    def _start_workflow_side(self, service: WorkerService, polls: WorkerService) -> None:
        from cadence.engine.errors import WorkflowBlockedError
        from cadence.worker.decision_answers import DecisionAnswers
        from cadence.worker.decision_tasks import DecisionTasks
        from cadence.worker.query_tasks import QueryTasks
        from cadence.worker.runs import Runs
        from cadence.worker.sticky import StickyCache
        from cadence.worker.workflow_thread import WorkflowThread

        options, converter = self._options, self._client.converter
        make_run = self._make_run or self._engine()
        if options.profile is not None:
            from cadence.worker.profiling import profiled

            make_run = profiled(make_run, options.profile)
        slots = Slots(options.max_concurrent_decision_tasks)
        limit = options.deadlock_timeout.total_seconds() if options.deadlock_timeout is not None else None
        thread = WorkflowThread(f"cadence-workflow-{self._task_list}", self._io, WorkflowBlockedError, limit=limit)
        cache: StickyCache[RunPort] | None = None
        sticky_list = None
        if options.sticky:
            cache = StickyCache(options.sticky_runs, options.sticky_bytes)
            sticky_list = api.TaskList(
                name=f"{socket.gethostname()}:{uuid.uuid4()}", kind=TaskListKind.STICKY, base_name=self._task_list
            )
        runs = Runs(service, thread, cache, make_run, domain=self._domain, meter=self._meter)
        answers = DecisionAnswers(
            service,
            identity=self.identity,
            binary_checksum=options.binary_checksum,
            sticky=self._sticky_attributes(sticky_list),
        )
        queries = QueryTasks(
            service, self._workflows, runs, thread, answers, domain=self._domain, task_list=self._task_list
        )
        local = LocalActivities(
            self._activities,
            self._executors,
            converter,
            Slots(options.max_concurrent_local_activities),
            task_list=self._task_list,
            is_stopping=lambda: tasks.is_stopping,
        )
        tasks = DecisionTasks(
            self._workflows,
            runs,
            thread,
            answers,
            local,
            eager=self._eager_activities(service),
            slots=slots,
            queries=queries,
            converter=converter,
            meter=self._meter,
            task_list=self._task_list,
            fail_nondeterministic=options.nondeterminism == "fail",
        )
        self.workflow_side = WorkflowSide(tasks, runs, thread, cache, local)
        self._poll_decisions(polls, slots, tasks, sticky_list)

    def _poll_decisions(
        self, polls: WorkerService, slots: Slots, tasks: DecisionTasks, sticky_list: api.TaskList | None
    ) -> None:
        options = self._options
        lists = {"decision": api.TaskList(name=self._task_list, kind=TaskListKind.NORMAL)}
        if sticky_list is not None:
            lists["sticky"] = sticky_list
        # Polls hold slots: neither list's polls may take all, as the other list would never be polled.
        most = max(1, options.max_concurrent_decision_tasks // len(lists))
        for kind, task_list in lists.items():
            request = api.PollForDecisionTaskRequest(
                domain=self._domain,
                task_list=task_list,
                identity=self.identity,
                binary_checksum=options.binary_checksum or None,
            )
            self.pollers[kind] = PollerGroup(
                f"{kind} tasks of {self._task_list}",
                self._poller(kind, polls.poll_for_decision_task, request),
                tasks.accept,
                slots,
                minimum=min(most, options.min_decision_pollers),
                maximum=min(most, options.max_decision_pollers),
                waited=_decision_waited,
            )

    def _start_activity_side(self, service: WorkerService, polls: WorkerService) -> None:
        options, slots = self._options, self._activity_slots
        answers = cast("WorkerService", AnswersById(service, self._domain))  # all of it that they use
        tasks = self.activity_tasks = self._new_activity_tasks(answers, slots, self._task_list)
        rate = options.max_task_list_activities_per_second
        request = api.PollForActivityTaskRequest(
            domain=self._domain,
            task_list=api.TaskList(name=self._task_list, kind=TaskListKind.NORMAL),
            identity=self.identity,
            task_list_metadata=api.TaskListMetadata(max_tasks_per_second=float(rate)) if rate else None,
        )
        limiter = RateLimiter(options.max_activities_per_second) if options.max_activities_per_second else None
        self.pollers["activity"] = PollerGroup(
            f"activity tasks of {self._task_list}",
            self._poller("activity", polls.poll_for_activity_task, request),
            tasks.accept,
            slots,
            minimum=options.min_activity_pollers,
            maximum=options.max_activity_pollers,
            limiter=limiter,
            waited=_activity_waited,
        )
        if options.session_places:
            self._start_session_side(service, polls, limiter)

    def _start_session_side(self, service: WorkerService, polls: WorkerService, limiter: RateLimiter | None) -> None:
        options, names = self._options, HostNames.new()
        # Slots of their own: what runs on any worker must not keep out what can run on this one alone.
        slots = Slots(options.max_concurrent_activities)
        host = self.sessions = SessionHost(
            service,
            self._client.converter,
            self._new_activity_tasks(service, slots, names.task_list),
            names=names,
            slots=slots,
            limit=options.session_places,
            mailbox=self._io,
            domain=self._domain,
            identity=self.identity,
        )
        self.pollers["session_creation"] = PollerGroup(
            f"sessions of {self._task_list}",
            self._activity_poller("session_creation", polls, creation_list(self._task_list)),
            host.accept_session,
            host.places,
            # One, as in Go: sessions are few, and spread over the workers the better the fewer polls each has.
            minimum=1,
            maximum=1,
            is_often_full=True,
        )
        self.pollers["session_activity"] = PollerGroup(
            f"activity tasks of sessions of {self._task_list}",
            self._activity_poller("session_activity", polls, names.task_list),
            host.accept_activity,
            slots,
            minimum=options.min_activity_pollers,
            maximum=options.max_activity_pollers,
            limiter=limiter,
            waited=_activity_waited,
        )

    def _new_activity_tasks(self, service: WorkerService, slots: Slots, task_list: str) -> ActivityTasks:
        return ActivityTasks(
            service,
            self._activities,
            self._executors,
            self._client.converter,
            slots=slots,
            mailbox=self._io,
            meter=self._meter,
            domain=self._domain,
            task_list=task_list,
            identity=self.identity,
            automatic_heartbeats=self._options.automatic_heartbeats,
        )

    def _activity_poller(
        self, kind: str, polls: WorkerService, task_list: str
    ) -> Callable[[], Coroutine[Any, Any, Any]]:
        request = api.PollForActivityTaskRequest(
            domain=self._domain,
            task_list=api.TaskList(name=task_list, kind=TaskListKind.NORMAL),
            identity=self.identity,
        )
        return self._poller(kind, polls.poll_for_activity_task, request)

    def _eager_activities(self, service: WorkerService) -> EagerActivities | None:
        options, tasks = self._options, self.activity_tasks
        # What the server or a limiter here counts out must come by a poll.
        limited = options.max_activities_per_second or options.max_task_list_activities_per_second
        if tasks is None or limited or not options.max_eager_activities:
            return None
        from cadence.worker.eager import EagerActivities
        from cadence.worker.lost_activities import LostActivities

        return EagerActivities(
            self._activity_slots,
            tasks.accept,
            lambda name: self._activities.find(name) is not None,
            LostActivities(service, domain=self._domain, identity=self.identity),
            most=options.max_eager_activities,
            domain=self._domain,
            task_list=self._task_list,
            meter=self._meter,
        )

    def _poller(
        self, kind: str, call: Callable[[Any], Coroutine[Any, Any, Any]], request: object
    ) -> Callable[[], Coroutine[Any, Any, Any]]:
        meter = self._meter

        async def poll() -> Any:
            try:
                task = await call(request)
            except Exception:
                meter.count("cadence_polls_total", kind=kind, outcome="error")
                raise
            came = task is not None and bool(task.task_token)
            meter.count("cadence_polls_total", kind=kind, outcome="task" if came else "empty")
            return task if came else None

        return poll

    def _sticky_attributes(self, sticky_list: api.TaskList | None) -> api.StickyExecutionAttributes | None:
        if sticky_list is None:
            return None
        seconds = -(-self._options.sticky_timeout.total_seconds() // 1)  # whole ones, rounded up
        return api.StickyExecutionAttributes(
            worker_task_list=api.TaskList(name=sticky_list.name, kind=TaskListKind.STICKY),
            schedule_to_start_timeout_seconds=int(seconds),
        )

    def _engine(self) -> MakeRun:
        from cadence.engine.run import RunOptions, WorkflowRun

        converter, domain = self._client.converter, self._domain
        checksum = self._options.binary_checksum
        live = RunOptions(interceptors=self._interceptors, binary_checksum=checksum)
        replay = RunOptions(interceptors=self._interceptors, binary_checksum=checksum, replay_only=True)

        def make_run(definition: WorkflowDefinition, *, workflow_id: str, run_id: str, replay_only: bool) -> RunPort:
            return WorkflowRun(
                definition,
                converter=converter,
                domain=domain,
                workflow_id=workflow_id,
                run_id=run_id,
                options=replay if replay_only else live,
            )

        return make_run

    def _make_executors(self, user: Mailbox) -> Executors:
        executors = Executors(
            self._client.converter,
            self._interceptors,
            user_loop=user,
            io_loop=self._io,
            threads=self.threads,
            processes=self.processes,
        )
        limit = self._options.blocked_loop_warning
        if limit is not None:
            executors.watch = LoopWatch(
                user,
                self._io,
                thread=threading.get_ident(),
                limit=limit.total_seconds(),
                name_of=executors.name_of,
                is_busy=lambda: executors.is_busy,
                meter=self._meter,
            )
        return executors

    def _make_processes(self) -> ProcessPool | None:
        if not self._options.process_activities:
            return None
        from cadence.worker.processes import ProcessPool

        return ProcessPool(self._options.process_activities, self._options.max_processes)


def _decision_waited(task: api.PollForDecisionTaskResponse) -> float:
    return _seconds(task.scheduled_timestamp, task.started_timestamp)


def _activity_waited(task: api.PollForActivityTaskResponse) -> float:
    return _seconds(task.scheduled_timestamp_of_this_attempt or task.scheduled_timestamp, task.started_timestamp)


def _seconds(scheduled_ns: int | None, started_ns: int | None) -> float:
    """Seconds between two times of the server; 0 where it didn't say, as with queries."""
    return (started_ns - scheduled_ns) / 1e9 if scheduled_ns and started_ns else 0.0
