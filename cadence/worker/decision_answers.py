"""What the server is told about decision tasks: completed, failed, or a query's answer. One place for the requests.

It knows what to do when the server doesn't want an answer, and nothing of runs: whether an answer arrived is returned,
and what follows from it is the caller's business (`decision_tasks`).
"""

from __future__ import annotations

import asyncio
import logging
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause, QueryResultType, QueryTaskCompletedType
from cadence.exceptions import CadenceError
from cadence.service.retry import RetryOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cadence.api import (
        ActivityLocalDispatchInfo,
        PollForDecisionTaskResponse,
        StickyExecutionAttributes,
        WorkflowQueryResult,
    )
    from cadence.worker.ports import WorkerService
    from cadence.worker.turns import Turn

__all__ = ("Answered", "DecisionAnswers")

_log = logging.getLogger("cadence.worker")

_GONE = frozenset({"EntityNotExistsError", "WorkflowExecutionAlreadyCompletedError"})
_LONGEST_PAUSE = 10.0
_TIMEOUT = 10.0
# The server keeps details of any size that its blob limits allow; a report longer than this is read by nobody.
_LONGEST_DETAILS = 32_000
_LONGEST_QUERY_RESULT = 2_000_000


class Answered(NamedTuple):
    """What became of a completion."""

    ok: bool
    next_task: PollForDecisionTaskResponse | None = None
    refusal: CadenceError | None = None
    """Why the server didn't take it, where failing the task can tell somebody."""
    activities: Mapping[str, ActivityLocalDispatchInfo] = MappingProxyType({})
    """Activities that the server handed out with its answer, by id."""


class DecisionAnswers:
    """Sends answers. On the worker's own loop."""

    def __init__(
        self,
        service: WorkerService,
        *,
        identity: str,
        binary_checksum: str,
        sticky: StickyExecutionAttributes | None,
    ) -> None:
        """Prepare.

        Args:
            service: Takes answers.
            identity: The worker's.
            binary_checksum: The worker's.
            sticky: Where the next task of a run shall go; None: anywhere.
        """
        self._service = service
        self._identity = identity
        self._checksum = binary_checksum or None
        self._sticky = sticky

    async def complete(
        self, task: PollForDecisionTaskResponse, turn: Turn, *, stopping: bool, seconds: float
    ) -> Answered:
        """Send what a run decided.

        Args:
            task: The task.
            turn: What its run left; waiting: a decision heartbeat.
            stopping: The worker stops: the next task is for another.
            seconds: How long the answer is of use.
        """
        goes_on = turn.is_waiting or (self._sticky is not None and not stopping and not turn.is_closed)
        request = api.RespondDecisionTaskCompletedRequest(
            task_token=task.task_token,
            decisions=turn.decisions,
            identity=self._identity,
            sticky_attributes=None if stopping or turn.is_closed else self._sticky,
            return_new_decision_task=goes_on,
            force_create_new_decision_task=turn.is_waiting,
            binary_checksum=self._checksum,
            query_results=turn.answers or None,
        )
        retry = RetryOptions(maximum_interval=_LONGEST_PAUSE, unreachable=seconds)
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            answer = await self._service.respond_decision_task_completed(request, timeout=seconds, retry=retry)
        except CadenceError as error:
            if type(error).__name__ in _GONE:
                _log.debug("the decision task of %s was answered too late: %s", _name(task), error)
                return Answered(ok=False)
            _log.warning(
                "the decision task of %s (attempt %d) could not be answered, and is given up after %.1f s: %s",
                _name(task),
                task.attempt or 0,
                clock() - begun,
                error,
            )
            return Answered(ok=False, refusal=error)
        next_task = answer.decision_task if answer is not None else None
        if next_task is not None and not next_task.task_token:
            next_task = None
        activities = (answer.activities_to_dispatch_locally if answer is not None else None) or {}
        return Answered(ok=True, next_task=next_task, activities=activities)

    async def fail(self, task: PollForDecisionTaskResponse, message: str) -> bool:
        """Fail a task; later attempts are left to time out, as the server waits longer after each.

        Returns:
            Whether anything was sent.
        """
        if task.attempt:
            return False
        request = api.RespondDecisionTaskFailedRequest(
            task_token=task.task_token,
            cause=DecisionTaskFailedCause.WORKFLOW_WORKER_UNHANDLED_FAILURE,
            details=message.encode("utf-8", "replace")[:_LONGEST_DETAILS],
            identity=self._identity,
            binary_checksum=self._checksum,
        )
        try:
            await self._service.respond_decision_task_failed(request, timeout=_TIMEOUT)
        except CadenceError as error:
            _log.debug("the failure of a decision task of %s could not be told: %s", _name(task), error)
            return False
        return True

    async def answer_query(self, task: PollForDecisionTaskResponse, result: WorkflowQueryResult | str) -> None:
        """Answer a query-only task.

        Args:
            task: The task.
            result: The answer, or why there is none.
        """
        request = api.RespondQueryTaskCompletedRequest(
            task_token=task.task_token, completed_type=QueryTaskCompletedType.FAILED
        )
        if isinstance(result, str):
            request.error_message = result
        elif result.result_type != QueryResultType.ANSWERED:
            request.error_message = result.error_message or "the query failed"
        elif len(result.answer or b"") > _LONGEST_QUERY_RESULT:
            size = len(result.answer or b"")
            request.error_message = f"query result size ({size}) exceeds limit ({_LONGEST_QUERY_RESULT})"
        else:
            request.completed_type = QueryTaskCompletedType.COMPLETED
            request.query_result = result.answer
        try:
            await self._service.respond_query_task_completed(request, timeout=_TIMEOUT)
        except CadenceError as error:
            _log.debug("a query of %s could not be answered: %s", _name(task), error)


def _name(task: PollForDecisionTaskResponse) -> str:
    execution = task.workflow_execution
    return f"workflow {execution.workflow_id}, run {execution.run_id}" if execution is not None else "a workflow"
