"""Decision tasks from the poll to the answer: a run takes the events, its code decides, the server is told.

Lives on the worker's own loop; workflow code runs in `WorkflowThread`, in pieces (`turns`). A task is worked on in one
coroutine, and so are those that come with its answer. Whatever goes wrong (an unknown workflow type, bytes that can't
be read, code that doesn't fit its history or doesn't yield, a bug of our own) fails the task with the reason, so that
it can be seen from outside, is logged, and ends nothing but the run's place in the cache: the next attempt starts anew.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import DecisionType
from cadence.exceptions import CadenceError, NondeterminismError
from cadence.logs import shortened
from cadence.worker.decision_times import DecisionTimes, SlowDecisions
from cadence.worker.query_tasks import UnknownWorkflowError, find_definition, workflow_type
from cadence.worker.refusals import pause_before, refusal_in
from cadence.worker.statistics import TaskStatistics
from cadence.worker.turns import Turn, collect, receive_outcomes, receive_task
from cadence.worker.watchdog import BlockedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cadence.api import HistoryEvent, PollForDecisionTaskResponse
    from cadence.converter import DataConverter
    from cadence.metrics import Meter
    from cadence.worker.decision_answers import Answered, DecisionAnswers
    from cadence.worker.eager import EagerActivities
    from cadence.worker.local_activities import LocalActivities
    from cadence.worker.pollers import Slots
    from cadence.worker.query_tasks import QueryTasks
    from cadence.worker.registry import Registry
    from cadence.worker.runs import KeptRun, Runs
    from cadence.worker.turns import RunPort
    from cadence.worker.workflow_thread import WorkflowThread
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("DecisionTasks", "answer_timeout")

_log = logging.getLogger("cadence.worker")

_FAIL_REASON = "NonDeterministicWorkflowPolicyFailWorkflow"
_HEARTBEAT_SHARE = 0.8
_DEFAULT_TIMEOUT = 10.0
# How long the server waits for the third attempt, and for the last ones; a fifth of it is drawn by lot.
_RETRY_FROM, _RETRY_LIMIT, _SURE_SHARE = 60.0, 300.0, 0.8
_LEAST_SECONDS = 1.0


class DecisionTasks:
    """Takes tasks and answers them."""

    def __init__(
        self,
        registry: Registry[WorkflowDefinition],
        runs: Runs,
        thread: WorkflowThread,
        answers: DecisionAnswers,
        local: LocalActivities,
        *,
        eager: EagerActivities | None,
        slots: Slots,
        queries: QueryTasks,
        converter: DataConverter,
        meter: Meter,
        task_list: str,
        fail_nondeterministic: bool,
    ) -> None:
        """Prepare.

        Args:
            registry: The workflows by name.
            runs: Gives the run for a task.
            thread: Of workflow code.
            answers: Tells the server.
            local: Runs local activities.
            eager: Asks for activities with the answers; None: they all come by polls.
            slots: One is released for each task that is done.
            queries: Answers tasks that only ask.
            converter: For the failure of a workflow that doesn't fit its history.
            meter: Counts.
            task_list: The worker's.
            fail_nondeterministic: Fail a workflow that doesn't fit its history; otherwise only its task.
        """
        self._registry = registry
        self._runs = runs
        self._thread = thread
        self._answers = answers
        self._local = local
        self._eager = eager
        self._slots = slots
        self._queries = queries
        self._converter = converter
        self._meter = meter
        self._task_list = task_list
        self._fail_nondeterministic = fail_nondeterministic
        self._tasks: set[asyncio.Task[None]] = set()
        self._done = self._failed = 0
        self._unknown_told: set[str] = set()
        self._slow = SlowDecisions(meter)
        self.is_stopping = False
        """True once the worker stops: the next tasks are for other workers."""
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Wait for nothing but code from now on.

        For a worker that stops, once its polls are closed: what an answer brings about would go to one of them, and be
        lost with it for as long as the server waits.
        """
        self._hurry.set()

    @property
    def running(self) -> int:
        """Tasks that are not answered yet."""
        return len(self._tasks)

    def statistics(self) -> TaskStatistics:
        """Counts as of now."""
        return TaskStatistics(running=len(self._tasks), slots=self._slots.total, done=self._done, failed=self._failed)

    def accept(self, task: PollForDecisionTaskResponse) -> None:
        """Start a task; its slot is released when it, and what came with its answer, has been answered."""
        working = asyncio.create_task(self._serve(task), name="cadence.worker.decision")
        self._tasks.add(working)
        working.add_done_callback(self._ended)

    async def wait_idle(self) -> None:
        """Wait until all is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def abandon(self) -> None:
        """Cancel what is not through; the server's timeouts take over."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- from here on: one task ---

    def _ended(self, working: asyncio.Task[None]) -> None:
        self._tasks.discard(working)
        self._slots.release()
        if not working.cancelled() and (error := working.exception()) is not None:
            _log.error("our own bug: a decision task was lost", exc_info=error)

    async def _serve(self, task: PollForDecisionTaskResponse) -> None:
        """Work on a task and on those that come with the answers."""
        hold = _Hold()
        following: PollForDecisionTaskResponse | None = task
        try:
            while following is not None:
                following = await self._step(following, hold)
        finally:
            if hold.kept is not None:
                self._runs.release(hold.kept)

    async def _step(self, task: PollForDecisionTaskResponse, hold: _Hold) -> PollForDecisionTaskResponse | None:
        """Answer one task. Returns the next one of the run, where it came with the answer."""
        started = asyncio.get_running_loop().time()
        if task.query is not None:
            await self._query(task, hold, started)
            return None
        times = DecisionTimes(_DEFAULT_TIMEOUT)
        try:
            return await self._decide(task, hold, started, times)
        except Exception as error:  # noqa: BLE001  # told to the server and in the log; the worker lives on
            await self._fail(task, hold, error)
            self._count(task, "failed", started)
            return None
        finally:
            self._judge(task, times, started)

    async def _query(self, task: PollForDecisionTaskResponse, hold: _Hold, started: float) -> None:
        try:
            await self._queries.answer(task)
        except Exception as error:  # noqa: BLE001  # as above
            await self._fail(task, hold, error)
            self._count(task, "failed", started)
        else:
            self._count(task, "query", started)

    async def _decide(
        self, task: PollForDecisionTaskResponse, hold: _Hold, started: float, times: DecisionTimes
    ) -> PollForDecisionTaskResponse | None:
        definition = find_definition(self._registry, task, self._task_list)
        held, hold.kept = hold.kept, None  # whatever `take` raises, it has given the lock back
        with times.spent("history"):
            kept, events = await self._runs.take(task, definition, held)
        hold.kept = kept
        times.events = len(events)
        times.is_replayed = bool(task.previous_started_event_id and events and events[0].event_id == 1)
        turn = await self._piece(kept, receive_task(kept.run, task, events), times)
        kept.next_event_id = kept.run.last_event_id + 1
        timeout = _decision_timeout(kept.run)
        times.limit = patience = answer_timeout(task.attempt or 0, timeout)
        if task.attempt and (refusal := refusal_in(events)):
            with times.spent("pause"):
                await self._after_refusal(task, refusal, timeout)
        if turn.is_waiting:
            turn = await self._run_local(kept, turn, started + _HEARTBEAT_SHARE * timeout, times, events[-1])
        if turn.cancel and kept.local is not None:
            kept.local.cancel(turn.cancel)
        if turn.is_closed:
            self._runs.drop(kept, close=False)
        elif turn.is_waiting or not self.is_stopping:
            kept.history_bytes = task.total_history_bytes or kept.history_bytes
            # Before the answer: the next task may be here, by another poll, before the answer's answer is.
            self._runs.keep(kept)
        seconds = max(_LEAST_SECONDS, started + patience - asyncio.get_running_loop().time())
        with times.spent("answer"):
            answered = await self._answer(task, turn, kept, seconds)
        if answered.ok:
            self._count(task, "completed", started)
            return answered.next_task
        if not kept.is_gone:
            self._runs.drop(kept)  # it believes that it was heard
        if answered.refusal is not None:
            await self._answers.fail(task, f"the decisions were refused: {answered.refusal}")
        self._count(task, "dropped", started)
        return None

    async def _answer(self, task: PollForDecisionTaskResponse, turn: Turn, kept: KeptRun, seconds: float) -> Answered:
        """Tell the server, and start the activities that come with its answer."""
        if self._eager is None or self.is_stopping or turn.is_closed:
            return await self._answers.complete(task, turn, stopping=self.is_stopping, seconds=seconds)
        longest = kept.run.info.execution_start_to_close_timeout or timedelta()
        with self._eager.ask(task, turn.decisions, int(longest.total_seconds())) as call:
            answered = await self._answers.complete(task, turn, stopping=False, seconds=seconds)
            if answered.ok:
                call.start(answered.activities)
            else:
                await call.start_lost()
        return answered

    async def _after_refusal(self, task: PollForDecisionTaskResponse, refusal: str, timeout: float) -> None:
        """Tell of a refusal once, and wait the longer the more often the same was refused."""
        execution = task.workflow_execution or api.WorkflowExecution()
        _log.log(
            logging.ERROR if task.attempt == 1 else logging.DEBUG,
            "the server refused the decisions of workflow %s (%s), run %s, which tries on: %s",
            execution.workflow_id,
            workflow_type(task),
            execution.run_id,
            shortened(refusal, 300),
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_before(task.attempt or 0, timeout)):
                await self._hurry.wait()

    async def _run_local(
        self, kept: KeptRun, turn: Turn, beat: float, times: DecisionTimes, newest: HistoryEvent
    ) -> Turn:
        """Run local activities until none is left, or until the server must hear of the task, at `beat`."""
        local, run = kept.local, kept.run
        if local is None:
            local = kept.local = self._local.of_run(run.info, timedelta(seconds=_decision_timeout(run)))
        local.set_time(newest.timestamp or 0)
        while turn.is_waiting:
            local.start(turn.start)
            local.cancel(turn.cancel)
            with times.spent("local"):
                is_done = await local.wait(beat)
            if not is_done:
                return await self._piece(kept, lambda: collect(run, even_waiting=True), times)
            turn = await self._piece(kept, receive_outcomes(run, local.take()), times)
        return turn

    async def _piece(self, kept: KeptRun, function: Callable[[], Turn], times: DecisionTimes) -> Turn:
        run = kept.run
        label = f"workflow {kept.workflow_id}, run {kept.run_id},"
        return await self._thread.run(label, times.piece(function), lambda: run.steps, run.interrupt)

    async def _fail(self, task: PollForDecisionTaskResponse, hold: _Hold, error: Exception) -> None:
        if hold.kept is not None and not hold.kept.is_gone:
            self._runs.drop(hold.kept, close=not (isinstance(error, BlockedError) and error.is_abandoned))
        message = str(error) if isinstance(error, CadenceError) else f"{type(error).__name__}: {error}"
        if isinstance(error, BlockedError):
            message = f"{message}\n{error.stack}"
        self._failed += 1
        self._log_failure(task, error, message)
        if isinstance(error, NondeterminismError) and self._fail_nondeterministic:
            await self._answers.complete(task, self._failed_workflow(error), stopping=True, seconds=_DEFAULT_TIMEOUT)
        else:
            await self._answers.fail(task, message)

    def _failed_workflow(self, error: NondeterminismError) -> Turn:
        attributes = api.FailWorkflowExecutionDecisionAttributes(
            reason=_FAIL_REASON, details=self._converter.encode_value(str(error))
        )
        decision = api.Decision(
            decision_type=DecisionType.FailWorkflowExecution, fail_workflow_execution_decision_attributes=attributes
        )
        return Turn(is_waiting=False, is_closed=True, decisions=[decision], answers={})

    def _log_failure(self, task: PollForDecisionTaskResponse, error: Exception, message: str) -> None:
        execution = task.workflow_execution or api.WorkflowExecution()
        # The server tries again and again; one line of each kind is enough for somebody who looks.
        told = isinstance(error, UnknownWorkflowError) and error.name in self._unknown_told
        if isinstance(error, UnknownWorkflowError):
            self._unknown_told.add(error.name)
        _log.log(
            logging.DEBUG if told else logging.WARNING if task.attempt else logging.ERROR,
            "decision task of workflow %s (%s), run %s, attempt %d failed: %s",
            execution.workflow_id,
            workflow_type(task),
            execution.run_id,
            task.attempt or 0,
            message if not task.attempt else shortened(message, 300),
            exc_info=None if isinstance(error, CadenceError) and error.__cause__ is None else error,
        )

    def _judge(self, task: PollForDecisionTaskResponse, times: DecisionTimes, started: float) -> None:
        seconds = asyncio.get_running_loop().time() - started
        if not times.is_slow(seconds):
            return
        execution = task.workflow_execution or api.WorkflowExecution()
        self._slow.tell(
            times,
            seconds,
            workflow_type=workflow_type(task),
            workflow_id=execution.workflow_id or "",
            run_id=execution.run_id or "",
        )

    def _count(self, task: PollForDecisionTaskResponse, outcome: str, started: float) -> None:
        self._done += 1
        name = workflow_type(task)
        seconds = asyncio.get_running_loop().time() - started
        self._meter.count("cadence_decision_tasks_total", workflow_type=name, outcome=outcome)
        self._meter.time("cadence_decision_task_seconds", seconds, workflow_type=name)


class _Hold:
    """The run whose lock a coroutine holds, from one task to the next."""

    __slots__ = ("kept",)

    def __init__(self) -> None:
        self.kept: KeptRun | None = None


def answer_timeout(attempt: int, timeout: float) -> float:
    """Return the seconds for which the server waits for an attempt's answer, at least.

    It gives the first two attempts the decision timeout, and later ones a minute, two, four and at last five, less up
    to a fifth by lot. An answer that is given up before that leaves the run standing until then.

    Args:
        attempt: The task's attempt, from 0.
        timeout: The decision timeout in seconds.
    """
    if attempt < 2:
        return timeout
    return _SURE_SHARE * min(_RETRY_FROM * 2.0 ** min(attempt - 2, 10), _RETRY_LIMIT)


def _decision_timeout(run: RunPort) -> float:
    timeout = run.info.task_start_to_close_timeout
    return timeout.total_seconds() if timeout else _DEFAULT_TIMEOUT
