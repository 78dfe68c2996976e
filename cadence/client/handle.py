"""`WorkflowHandle`: one workflow, to wait for, signal, query, cancel, terminate and look at.

A handle from a start stands for that start: calls go to whatever run is current then, and the result is that of the
chain which it began (continue-as-new, cron and retries make chains). A handle by ids stands for what they name.
Histories, endings and diagnoses are read in their own modules.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, TypeVarTuple, Unpack, overload

from cadence.api.enums import QueryConsistencyLevel, QueryRejectCondition
from cadence.client.advice import about_workflow
from cadence.client.arguments import checked_query, checked_signal
from cadence.client.diagnosis import Diagnosis
from cadence.client.endings import RunNames, next_run, result_of
from cadence.client.history import closing_event, events_of
from cadence.exceptions import ConfigurationError
from cadence.interceptor.interfaces import CancelWorkflow, QueryWorkflow, SignalWorkflow, TerminateWorkflow
from cadence.workflow.definition import query_definition_of
from cadence.workflow.options import check_duration

if TYPE_CHECKING:
    from cadence import api
    from cadence.client.client import Client
    from cadence.client.descriptions import WorkflowDescription
    from cadence.client.resetting import ResetPoint

__all__ = ("WorkflowHandle",)

R = TypeVar("R")
S = TypeVar("S")
Ts = TypeVarTuple("Ts")


class WorkflowHandle(Generic[R]):
    """A workflow of the client's domain. Made by `start_workflow`, `signal_with_start` and `get_workflow_handle`."""

    def __init__(
        self,
        client: Client,
        workflow_id: str,
        run_id: str = "",
        *,
        result_type: Any = object,
        workflow_type: str = "",
        pinned: bool = True,
        first_run_id: str = "",
    ) -> None:
        self._client = client
        self.workflow_id = workflow_id
        """The workflow's id."""
        self.run_id = run_id
        """The run that was started or named; an empty text stands for the one that is current when a call is made."""
        self.workflow_type = workflow_type
        """Its type's name, where it is known."""
        self.result_type = result_type
        """Type that the result is converted to."""
        self._pinned = run_id if pinned else ""
        self._first = first_run_id

    def __repr__(self) -> str:
        run = f" run {self.run_id}" if self.run_id else ""
        return f"<WorkflowHandle {self.workflow_id!r}{run} in {self._client.domain!r}>"

    async def result(self, *, follow_runs: bool = True, timeout: timedelta | None = None) -> R:
        """Wait until the workflow is closed, and return its result.

        If its worker seems to be missing, or its decisions keep failing, the log says so (`cadence.client`).
        Cancelling the wait leaves the workflow alone.

        Args:
            follow_runs: True goes on with the next run where one continues as new, is retried or has a cron schedule;
                a cron workflow thus ends only when it is cancelled or terminated.
            timeout: Longest wait; None: as long as it takes.

        Raises:
            WorkflowFailedError: Its code raised; `__cause__` is what it raised.
            WorkflowTimedOutError: It ran too long.
            WorkflowCanceledError: It was cancelled.
            WorkflowTerminatedError: It was terminated.
            WorkflowContinuedAsNewError: Another run goes on, and `follow_runs` is False. It tells why; what failed
                where it is tried again, and what a cron run gave.
            EntityNotExistsError: There is no such workflow, or it closed so long ago that it was deleted.
            TimeoutError: `timeout` passed; the workflow goes on.
        """
        check_duration(timeout, "timeout", "result")
        client = self._client
        run_id = self.run_id
        async with asyncio.timeout(None if timeout is None else timeout.total_seconds()):
            with Diagnosis(client.service, client.domain, self.workflow_id, run_id) as diagnosis:
                while True:
                    event = await closing_event(client.service, client.domain, self.workflow_id, run_id)
                    following = next_run(event) if follow_runs else ""
                    if not following:
                        break
                    run_id = diagnosis.run_id = following
        names = RunNames(self.workflow_id, run_id, self.workflow_type)
        result: R = result_of(event, names, self.result_type, client.converter)
        return result

    @overload
    async def signal(
        self, signal: Callable[[Any, Unpack[Ts]], Coroutine[Any, Any, None] | None], /, *args: *Ts
    ) -> None: ...
    @overload
    async def signal(self, signal: str, /, *args: object) -> None: ...
    async def signal(self, signal: Any, /, *args: object) -> None:
        """Send a signal. Returns when the server has it; the workflow's code gets it with its next decision.

        Args:
            signal: A method with `@workflow.signal`, or a signal's name.
            *args: Its arguments.

        Raises:
            EntityNotExistsError: There is no such workflow.
            WorkflowExecutionAlreadyCompletedError: It is closed.
            ConfigurationError: A method can't take as many arguments.
            ConversionError: An argument doesn't fit a method's parameter, or can't be converted.
        """
        name = checked_signal(signal, args, self._client.converter.convention)
        call = SignalWorkflow(workflow_id=self.workflow_id, run_id=self._pinned, name=name, arguments=args)
        await self._client.send(call)

    @overload
    async def query(
        self,
        query: Callable[[Any, Unpack[Ts]], S],
        /,
        *args: *Ts,
        reject_condition: QueryRejectCondition | None = None,
        consistency: QueryConsistencyLevel | None = None,
        timeout: timedelta | None = None,
    ) -> S: ...
    @overload
    async def query(
        self,
        query: str,
        /,
        *args: object,
        result_type: type[S],
        reject_condition: QueryRejectCondition | None = None,
        consistency: QueryConsistencyLevel | None = None,
        timeout: timedelta | None = None,
    ) -> S: ...
    @overload
    async def query(
        self,
        query: str,
        /,
        *args: object,
        reject_condition: QueryRejectCondition | None = None,
        consistency: QueryConsistencyLevel | None = None,
        timeout: timedelta | None = None,
    ) -> Any: ...
    async def query(
        self,
        query: Any,
        /,
        *args: object,
        result_type: Any = None,
        reject_condition: QueryRejectCondition | None = None,
        consistency: QueryConsistencyLevel | None = None,
        timeout: timedelta | None = None,
    ) -> Any:
        """Ask the workflow's code something; a worker must run, also where the workflow is closed.

        Args:
            query: A method with `@workflow.query`, or a query's name.
            *args: Its arguments.
            result_type: For a name: the type to convert the answer to; default: what the bytes say.
            reject_condition: Refuse to answer for a workflow that isn't open, or didn't complete; default: never.
            consistency: STRONG: signals that were sent before are seen by the query; default: EVENTUAL.
            timeout: Longest wait; default: a minute.

        Raises:
            QueryFailedError: The handler raised, or there is none.
            QueryRejectedError: `reject_condition` refused it.
            EntityNotExistsError: There is no such workflow.
            TransportError: No worker answered in time.
            ConfigurationError: A method can't take as many arguments, or an option can't work.
            ConversionError: An argument doesn't fit a method's parameter, or the answer isn't what `result_type` says.
        """
        name = checked_query(query, args, self._client.converter.convention)
        check_duration(timeout, "timeout", f'query "{name}"')
        _check_choice(reject_condition, QueryRejectCondition, "reject_condition", name)
        _check_choice(consistency, QueryConsistencyLevel, "consistency", name)
        if result_type is None:
            result_type = object if isinstance(query, str) else query_definition_of(query).signature.result
        extra: dict[str, Any] = {
            "reject_condition": reject_condition,
            "consistency": consistency,
            "timeout": None if timeout is None else timeout.total_seconds(),
        }
        call = QueryWorkflow(
            workflow_id=self.workflow_id,
            run_id=self._pinned,
            name=name,
            arguments=args,
            result_type=result_type,
            extra={key: value for key, value in extra.items() if value is not None},
        )
        return await self._client.send(call)

    async def stack_trace(self, *, timeout: timedelta | None = None) -> str:
        """Ask where the workflow's code stands: the frames of all that waits in it. A worker must run.

        It is the query `__stack_trace`, which workers in every language answer. The text is for people.

        Args:
            timeout: Longest wait; default: a minute.

        Returns:
            The frames; empty where nothing waits, as in a closed run.

        Raises:
            QueryFailedError: The worker knows no such query.
            EntityNotExistsError: There is no such workflow.
            TransportError: No worker answered in time.
        """
        return await self.query("__stack_trace", result_type=str, timeout=timeout)

    async def cancel(self, cause: str = "") -> None:
        """Ask for the workflow's cancellation; its code decides what comes of it.

        Args:
            cause: Why; for the history.

        Raises:
            CancellationAlreadyRequestedError: Its cancellation was asked for before.
            EntityNotExistsError: There is no such workflow.
            WorkflowExecutionAlreadyCompletedError: It is closed.
        """
        call = CancelWorkflow(
            workflow_id=self.workflow_id, run_id=self._pinned, cause=cause, first_execution_run_id=self._first
        )
        await self._client.send(call)

    async def terminate(self, reason: str = "", *details: object) -> None:
        """End the workflow at once; its code is not asked.

        Args:
            reason: Why; for people.
            *details: Values for the history.

        Raises:
            EntityNotExistsError: There is no such workflow.
            WorkflowExecutionAlreadyCompletedError: It is closed.
        """
        call = TerminateWorkflow(
            workflow_id=self.workflow_id,
            run_id=self._pinned,
            reason=reason,
            details=details,
            first_execution_run_id=self._first,
        )
        await self._client.send(call)

    async def reset(self, point: ResetPoint, *, reason: str = "", skip_signals: bool = False) -> WorkflowHandle[R]:
        """Let the run go on from an earlier decision, as a new run; the current run is terminated if it is open.

        A handle from a start means the run that is current now. Safe to retry: attempts of one call begin one run.

        Args:
            point: Where it goes on: `ResetPoint.first_decision()`, `.last_decision()`, `.event(7)`, `.time(...)` or
                `.bad_binary("checksum")`.
            reason: Why; for the history.
            skip_signals: Forget the signals that came behind the point; False sends them to the new run again.

        Returns:
            The new run's handle.

        Raises:
            ResetPointError: The run has no such point.
            BadRequestError: The event is none that a run can go on from.
            EntityNotExistsError: There is no such workflow.
        """
        from cadence.client.resetting import reset

        client = self._client
        with self._about():
            run_id = await reset(
                client.service, client.domain, self._execution(), point, reason=reason, skip_signals=skip_signals
            )
        return self._next(run_id)

    async def restart(self, reason: str = "") -> WorkflowHandle[R]:
        """Start the workflow once more with what it was started with; the current run is terminated if it is open.

        If an answer is lost on the way, the call is repeated and the workflow may start twice, one run after the other.

        Args:
            reason: Why.

        Returns:
            The new run's handle.

        Raises:
            BadRequestError: There is no such workflow, or its history was deleted.
        """
        from cadence.client.resetting import restart

        client = self._client
        with self._about():
            run_id = await restart(
                client.service, client.domain, self._execution(), reason=reason, identity=client.identity
            )
        return self._next(run_id)

    async def refresh_tasks(self) -> None:
        """Let the server make the run's tasks and timers again, where some were lost and the run stands still.

        Raises:
            EntityNotExistsError: There is no such workflow.
        """
        from cadence.client.resetting import refresh_tasks

        with self._about():
            await refresh_tasks(self._client.service, self._client.domain, self._execution())

    async def describe(self) -> WorkflowDescription:
        """Ask the server what it knows: state, timeouts, pending activities, children and decision.

        A handle from a start tells about the run that is current now.

        Raises:
            EntityNotExistsError: There is no such workflow.
        """
        from cadence import api
        from cadence.client.descriptions import description_of

        request = api.DescribeWorkflowExecutionRequest(domain=self._client.domain, execution=self._execution())
        with self._about():
            response = await self._client.service.describe_workflow_execution(request)
        return description_of(response, self._client.converter)

    def history(self, *, wait: bool = False, page_size: int | None = None) -> AsyncIterator[api.HistoryEvent]:
        """Read the events of a run: `async for event in handle.history()`.

        It is the run that was started or named, or the current one.

        Args:
            wait: True goes on with what comes, until the run is closed.
            page_size: Events per request at most; default: as many as the server gives.

        Raises:
            EntityNotExistsError: There is no such workflow.
            ConfigurationError: `page_size` isn't positive.
        """
        if page_size is not None and page_size < 1:
            msg = f"history: page_size is {page_size}"
            raise ConfigurationError(msg, hint="it must be positive")
        client = self._client
        return events_of(client.service, client.domain, self.workflow_id, self.run_id, wait=wait, page_size=page_size)

    def _about(self) -> AbstractContextManager[None]:
        return about_workflow(self._client.domain, self.workflow_id, self._pinned)

    def _execution(self) -> api.WorkflowExecution:
        from cadence import api

        return api.WorkflowExecution(workflow_id=self.workflow_id, run_id=self._pinned or None)

    def _next(self, run_id: str) -> WorkflowHandle[R]:
        return WorkflowHandle(
            self._client,
            self.workflow_id,
            run_id,
            result_type=self.result_type,
            workflow_type=self.workflow_type,
            pinned=False,
        )


def _check_choice(value: object, kind: type[IntEnum], name: str, query: str) -> None:
    if value is not None and not isinstance(value, kind):
        msg = f'query "{query}": {name} is {value!r}'
        raise ConfigurationError(msg, hint=f"write {kind.__name__}.{list(kind)[-1].name}, for example")
