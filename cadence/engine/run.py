"""`WorkflowRun`: one run of a workflow: events in, decisions out. The heart; no I/O, no clock, no threads.

A task's events are walked once. Each does what `dispatch` says; a DecisionTaskStarted that led to an answer sets the
time and runs the code until it waits. Before that, the markers of the answer are read ahead, so that versions and side
effects are known when the code asks; after it, those of local activities are applied, each waking the code. What the
code asks for goes to the ledger, which compares it with history, replaying or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from cadence.api.enums import EventType
from cadence.converter.wire_options import final_reason
from cadence.engine import determinism, guards
from cadence.engine.anyio_scopes import number_scopes
from cadence.engine.errors import HistoryError, StopRun, WorkflowBlockedError
from cadence.engine.history import walk
from cadence.engine.info import workflow_info
from cadence.engine.ledger import Ledger
from cadence.engine.loop import new_loop
from cadence.engine.machines import completion
from cadence.engine.machines.completion import Completion
from cadence.engine.runtime import RunRuntime
from cadence.engine.stacks import stack_text
from cadence.exceptions import (
    ActivityCanceledError,
    ChildWorkflowCanceledError,
    ConversionError,
    NondeterminismError,
)
from cadence.interceptor.chain import compose
from cadence.interceptor.interfaces import Interceptor, RunWorkflow
from cadence.workflow.runtime import ContinueAsNewError

if TYPE_CHECKING:
    from cadence import api
    from cadence.api import Decision, HistoryEvent, WorkflowQuery, WorkflowQueryResult
    from cadence.converter import DataConverter
    from cadence.engine.local_activities import LocalActivity
    from cadence.workflow.definition import WorkflowDefinition
    from cadence.workflow.runtime import WorkflowInfo

__all__ = ("RunOptions", "WorkflowRun")

_NS = 1e9


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What all runs of a worker share."""

    interceptors: Sequence[Interceptor] = ()
    """The first one is the outermost."""
    binary_checksum: str = ""
    """Of the worker's program."""
    replay_only: bool = False
    """True: everything is replay, and nothing new is asked of the server."""
    compare_result: bool = False
    """True: the result, before codecs, must have the bytes that history has."""
    failure_types: tuple[type[BaseException], ...] = (Exception,)
    """Errors that fail the workflow; others come out of `receive_task`, and so fail the decision task."""


class WorkflowRun:
    """One run. To be called from one thread at a time; after an error it is dead and is to be closed."""

    def __init__(
        self,
        definition: WorkflowDefinition,
        *,
        converter: DataConverter,
        domain: str,
        workflow_id: str,
        run_id: str,
        options: RunOptions = RunOptions(),  # frozen
    ) -> None:
        """Make a run that has seen nothing yet.

        Args:
            definition: The workflow.
            converter: Turns values into bytes and back.
            domain: The domain's name.
            workflow_id: Which workflow.
            run_id: Which run of it.
            options: What the worker's runs share.
        """
        guards.install()
        number_scopes()
        self._definition = definition
        self._options = options
        self._workflow_id = workflow_id
        self._run_id = run_id
        self.loop = new_loop()
        self.ledger = Ledger(self.loop, converter, domain)
        self.runtime: RunRuntime | None = None
        self.last_event_id = 0
        """The last event that it has seen; the next task must go on behind it."""
        self.is_closed = False
        """True once the code or history ended the run."""
        self._started: api.WorkflowExecutionStartedEventAttributes | None = None
        self._start_ns = 0
        self._is_running = False
        self._is_stopping = False
        self._main: asyncio.Task[Any] | None = None
        self._cancel_waits = False
        self._outcome: BaseException | None = None
        self._completion: Completion | None = None
        self._answers: dict[str, WorkflowQueryResult] = {}

    # --- facts ---

    @property
    def info(self) -> WorkflowInfo:
        """Facts about the run; known from its first event on."""
        return self.face.info

    @property
    def history_length(self) -> int:
        """Events that it has seen."""
        return self.last_event_id

    @property
    def pending_local_activities(self) -> int:
        """Local activities that were asked for and have not ended."""
        return len(self.runtime.local_activities.open) if self.runtime is not None and not self.is_closed else 0

    @property
    def steps(self) -> int:
        """Grows while the run gets on: with each task and future of its code, and each event."""
        return self.ledger.event_id + self.loop._sequence

    # --- feeding ---

    def receive_task(
        self,
        events: Sequence[HistoryEvent],
        *,
        previous_started_event_id: int = 0,
        started_event_id: int = 0,
        queries: Mapping[str, WorkflowQuery] | None = None,
        history_size: int = 0,
    ) -> None:
        """Take a task's events and run the code until it waits.

        Args:
            events: All of history for a new run; those behind `last_event_id` for one that was fed before.
            previous_started_event_id: The start of the last decision task that was answered; for information.
            started_event_id: The start of this decision task, which must be the last event; 0: only a query's task.
            queries: To be answered when the code waits, by id.
            history_size: Bytes of history as the server counts.

        Raises:
            NondeterminismError: Code and history part.
            HistoryError: The history can't be.
            WorkflowBlockedError: The watchdog interrupted the code.
            ConversionError: The workflow's arguments don't fit.
        """
        try:
            walk(self, events, history_size, replay_only=self._options.replay_only)
            if self.last_event_id < started_event_id:
                msg = f"history ends at event {self.last_event_id}, before this task's start at {started_event_id}"
                raise HistoryError(msg, hint="read the history anew")
        except NondeterminismError as error:
            raise self._named(error) from None
        if queries:
            for query_id, query in queries.items():
                self._answers[query_id] = self.receive_query(query.query_type or "", query.query_args)

    def receive_query(self, query_type: str, arguments: bytes | None) -> WorkflowQueryResult:
        """Answer a query from the state in which the code waits."""
        return self.face.queries.answer(query_type, arguments)

    def receive_local_activity(
        self,
        activity_id: str,
        *,
        time_ns: int,
        result: bytes | None = None,
        failure: tuple[str, bytes | None] | None = None,
        attempt: int = 0,
        backoff: timedelta | None = None,
    ) -> None:
        """Take the end of a local activity and run the code until it waits again.

        Args:
            activity_id: Which.
            time_ns: When it ended; becomes the workflow's time.
            result: What it returned, encoded.
            failure: Reason and details, where it failed.
            attempt: The last attempt, from 0.
            backoff: How long to wait before the next attempt, where there is to be one.

        Raises:
            NondeterminismError: As `receive_task`.
            WorkflowBlockedError: As `receive_task`.
        """
        if self.is_closed:
            return  # nobody waits any more, and no decision may stand behind the one that closed the run
        self.set_time(time_ns)
        ends = self.face.local_activities
        if ends.end(activity_id, result=result, failure=failure, attempt=attempt, backoff=backoff):
            try:
                self.run_code()
            except NondeterminismError as error:
                raise self._named(error) from None

    # --- taking ---

    def decisions_to_send(self) -> list[Decision]:
        """Take what the code decided, in order."""
        asked = self.ledger.asked
        decisions = [entry.decision() for entry in asked]
        for entry in [entry for entry in asked if not entry.is_compared]:
            asked.remove(entry)
        return decisions

    def answers_to_send(self) -> dict[str, WorkflowQueryResult]:
        """Take the answers of the task's queries."""
        answers, self._answers = self._answers, {}
        return answers

    def local_activities_to_start(self) -> list[LocalActivity]:
        """Take the local activities that are to be run."""
        return [] if self.runtime is None or self.is_closed else self.runtime.local_activities.to_start()

    def local_activities_to_cancel(self) -> list[str]:
        """Take the ids of those whose end nobody waits for any more."""
        return [] if self.runtime is None else self.runtime.local_activities.to_cancel()

    def stack_trace(self) -> str:
        """Return where every task of the code waits."""
        return stack_text(self.loop)

    # --- ending ---

    def interrupt(self) -> None:
        """Make the code's run end with WorkflowBlockedError; may be called from another thread."""
        self.loop.is_interrupted = True

    def close(self) -> None:
        """Drop the run: its coroutines are closed, and what their clean-up asks for has no effect."""
        if self._is_stopping:
            return
        self._is_stopping = True
        self.ledger.is_over = True
        self.ledger.is_replaying = True  # what clean-up logs is not to be seen either: the run goes on elsewhere
        self.loop.is_quiet = True
        while self.loop.tasks:  # clean-up may make new ones
            self.loop.close_task(self.loop.tasks.popitem()[0])
        self.loop.ready.clear()
        self.ledger.asked.clear()
        self._main = None

    # --- what events do (called by dispatch) ---

    def begin(self, event: HistoryEvent) -> None:
        """Take the first event."""
        started = event.workflow_execution_started_event_attributes
        if started is None or self.runtime is not None:
            msg = f"event {event.event_id}: the run starts twice, or without its attributes"
            raise HistoryError(msg, hint="the history is damaged")
        ledger = self.ledger
        self._started = started
        self._start_ns = event.timestamp or 0
        info = workflow_info(
            started, domain=ledger.domain, workflow_id=self._workflow_id, run_id=self._run_id, time_ns=self._start_ns
        )
        ledger.task_list = info.task_list
        ledger.id_prefix = info.original_run_id
        self.loop.number_from(info.original_run_id)
        self.set_time(self._start_ns)
        runtime = RunRuntime(ledger, info, self._options.interceptors, self._end_with)
        runtime.memo = (started.memo.fields if started.memo is not None else None) or {}
        attributes = (started.search_attributes.indexed_fields if started.search_attributes is not None else None) or {}
        runtime.attributes = {name: msgspec.json.decode(data) for name, data in attributes.items()}
        runtime.last_completion_result = started.last_completion_result
        self.runtime = self.loop.workflow_runtime = runtime

    def receive_signal(self, name: str, data: bytes | None) -> None:
        """Take a signal."""
        self.loop.call(self.face.signals.deliver, name, data)

    def receive_cancel_request(self) -> None:
        """Take a request to cancel the run; those after the first one change nothing."""
        runtime = self.face
        if runtime.cancel_requested:
            return
        runtime.cancel_requested = True
        if self._main is None:
            self._cancel_waits = True
        else:
            # In its turn, like signals: asked for now, it would be compared with the decisions before this event.
            self.loop.call_soon(self._main.cancel)

    def compare_close(self, event: HistoryEvent) -> None:
        """Take the event that closed the run; its decision was compared before."""
        self.is_closed = True
        entry = self._completion
        if self._options.compare_result and event.event_type == EventType.WorkflowExecutionCompleted:
            attributes: Any = event.workflow_execution_completed_event_attributes
            # Without codecs, as encryption writes the same value otherwise each time.
            plain = self.ledger.converter.without_codecs
            if entry is not None and plain(entry.result) != plain(attributes.result):
                cause = f"History has the result {attributes.result!r}."
                raise determinism.unanswerable(self.ledger.event_id, f"the result {entry.result!r}", None, cause)

    def close_from_outside(self) -> None:
        """The run timed out or was terminated: whatever the code would do, it doesn't any more."""
        self.is_closed = True
        self.ledger.asked.clear()

    # --- running code ---

    def set_time(self, time_ns: int) -> None:
        """Move the workflow's time; it never goes back."""
        ledger = self.ledger
        ledger.time_ns = max(ledger.time_ns, time_ns)
        self.loop.seconds = (ledger.time_ns - self._start_ns) / _NS

    @property
    def has_begun(self) -> bool:
        """True once its code has run."""
        return self._is_running

    def run_code(self) -> None:
        """Run the code until it waits.

        Raises:
            NondeterminismError: It asked in replay for what history doesn't have.
            ConfigurationError: A side effect failed.
            WorkflowBlockedError: The watchdog interrupted it.
        """
        if self.is_closed:
            return
        try:
            if not self._is_running:
                self._is_running = True
                self.loop.call(self._first_steps)
            self.loop.run_until_blocked(self._progress)
        except StopRun:
            pass
        if self.ledger.failure is not None:
            raise self.ledger.failure
        if self._outcome is not None:
            raise self._outcome

    def _progress(self) -> bool:
        return not self.is_closed and bool(self.face.conditions) and self.face.look_at_conditions()

    def _first_steps(self) -> None:
        """Make the object, let it have the signals that came before, and start its run method."""
        runtime, definition = self.face, self._definition
        started = self._started
        assert started is not None  # the face is made from it
        place = f"workflow {runtime.info.workflow_type}"
        arguments = tuple(self.ledger.converter.decode_arguments(started.input, definition.signature, place=place))
        try:
            instance = definition.instantiate(arguments)
        except Exception as error:  # noqa: BLE001  # a workflow's own, like one of its run method
            self._end_with(error)
            return
        runtime.queries.open(definition, instance)
        runtime.signals.open(definition, instance)
        proceed = compose(self._options.interceptors, "run_workflow", _call_run(instance))
        call = RunWorkflow(info=runtime.info, definition=definition, arguments=arguments)
        self._main = self.loop.create_task(proceed(call), name=f"workflow {runtime.info.workflow_type}")
        self._main.add_done_callback(self._finish)
        if self._cancel_waits:
            # The code gets as far as its first wait, so that it can handle being cancelled.
            self.loop.call_soon(self._main.cancel)

    def _finish(self, task: asyncio.Task[Any]) -> None:
        if self._is_stopping or self.ledger.failure is not None:
            return
        try:
            result = task.result()
        except BaseException as error:  # noqa: BLE001  # the workflow's end, or ours, one way or the other
            self._end_with(error)
            return
        what = f"result of workflow {self.info.workflow_type}"
        try:
            data = self.ledger.converter.encode_result(result, self._definition.signature.result, place=what)
        except ConversionError as error:
            self._end_with(error)
            return
        self._close_with(completion.completed(data))

    def _end_with(self, error: BaseException) -> None:
        """End the run with what its code raised."""
        if self.is_closed or self._is_stopping or isinstance(error, (StopRun, WorkflowBlockedError)):
            return
        converter = self.ledger.converter
        if isinstance(error, BaseExceptionGroup):
            error = _continuation(error) or error
        if isinstance(error, ContinueAsNewError):
            assert self._started is not None  # it runs
            try:
                self._close_with(completion.continued_as_new(error.command, converter, self._started))
            except ConversionError as trouble:
                self._close_with(completion.failed(*converter.encode_failure(trouble)))
        elif isinstance(error, asyncio.CancelledError) or (
            self.face.cancel_requested and isinstance(error, (ActivityCanceledError, ChildWorkflowCanceledError))
        ):
            self._close_with(completion.canceled(converter.encode_details(_left(error))))
        elif isinstance(error, self._options.failure_types) and not isinstance(error, NondeterminismError):
            reason, details = converter.encode_failure(error)
            self._close_with(completion.failed(final_reason(reason, error, self.info.headers), details))
        else:
            self._outcome = error
            self.loop.ready.clear()

    def _close_with(self, entry: Completion) -> None:
        self.ledger.ask(entry)
        self._completion = entry
        self.is_closed = True
        self.loop.ready.clear()

    @property
    def face(self) -> RunRuntime:
        """What its code sees.

        Raises:
            HistoryError: It has not seen its first event.
        """
        if self.runtime is None:
            msg = "the history does not begin with the workflow's start"
            raise HistoryError(msg, hint="read the history from its first event on")
        return self.runtime

    def _named(self, error: NondeterminismError) -> NondeterminismError:
        """Add which run it is to the report."""
        report = error.details
        if not isinstance(report, determinism.Report) or report.workflow:
            return error
        type_name = self.runtime.info.workflow_type if self.runtime is not None else self._definition.name
        named = msgspec.structs.replace(report, workflow=f"{type_name} (id {self._workflow_id}, run {self._run_id})")
        return NondeterminismError(str(named), event_id=named.event_id, details=named)


def _call_run(instance: Any) -> Any:
    async def call_run(call: RunWorkflow) -> Any:
        return await call.definition.run(instance, *call.arguments)

    return call_run


def _left(error: BaseException) -> tuple[object, ...]:
    """Return the details that a cancellation ends with."""
    if isinstance(error, asyncio.CancelledError):
        # That of something the code waited for has several details as one tuple: a future takes one message alone.
        return error.args[0] if len(error.args) == 1 and isinstance(error.args[0], tuple) else error.args
    details = getattr(error, "details", None)
    return details if isinstance(details, tuple) else (() if details is None else (details,))


def _continuation(group: BaseExceptionGroup[BaseException]) -> BaseException | None:
    """Find the end of the run in what a task group makes of it."""
    found: BaseException | None = group.subgroup(ContinueAsNewError)
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
