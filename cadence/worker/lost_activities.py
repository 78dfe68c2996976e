"""Eager activities whose hand-out was lost: the server started them, and its answer, with their tokens, never came.

Nobody else would run them until they time out. So the run's pending activities are asked for, and those that can only
be ours are run all the same: without a token, but by their ids, under which the server takes answers and heartbeats,
too.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import msgspec

from cadence import api
from cadence.api.enums import PendingActivityState
from cadence.exceptions import CadenceError
from cadence.service.retry import INHERIT, RetryOptions

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from cadence.api import ActivityLocalDispatchInfo, PollForDecisionTaskResponse
    from cadence.worker.ports import WorkerService

__all__ = ("AnswersById", "LostActivities")

_log = logging.getLogger("cadence.worker")

# How long the server is asked for; it may be out of reach, which is how hand-outs are lost.
_PATIENCE = 30.0
_LONGEST_PAUSE = 2.0
# No token of a server begins so: theirs are JSON objects.
_BY_ID = b"by id:"


class LostActivities:
    """Finds them. On the worker's own loop."""

    def __init__(self, service: WorkerService, *, domain: str, identity: str) -> None:
        """Prepare.

        Args:
            service: Tells what is pending.
            domain: The worker's.
            identity: The worker's.
        """
        self._service = service
        self._domain = domain
        self._identity = identity

    async def find(
        self, task: PollForDecisionTaskResponse, asked: Mapping[str, int], *, is_usual: bool
    ) -> dict[str, ActivityLocalDispatchInfo]:
        """Return what was handed out with an answer that never came, with tokens for `AnswersById`.

        Args:
            task: The decision task, whose completion may or may not have been taken.
            asked: The activities that were asked for: id -> place of their decision, from 0.
            is_usual: The server is known to hand out what it is asked for; otherwise an activity must name this
                worker, as it may have come to another one by a poll.
        """
        execution = task.workflow_execution
        if task.attempt or execution is None:
            return {}  # events of later attempts get their numbers when they end, so nothing would tell ours
        request = api.DescribeWorkflowExecutionRequest(domain=self._domain, execution=execution)
        retry = RetryOptions(maximum_interval=_LONGEST_PAUSE, unreachable=_PATIENCE)
        try:
            described = await self._service.describe_workflow_execution(request, timeout=_PATIENCE, retry=retry)
        except CadenceError as error:
            _log.warning(
                "%d activities of workflow %s, run %s, may have been started without a worker, until they time out: %s",
                len(asked),
                execution.workflow_id,
                execution.run_id,
                error,
            )
            return {}
        found = {}
        for pending in described.pending_activities or ():
            place = asked.get(pending.activity_id or "")
            # Behind the decision's start come its completion and one event for each of its decisions.
            event_id = (task.started_event_id or 0) + 2 + (place or 0)
            if place is not None and self._is_ours(pending, event_id, is_usual=is_usual):
                found[pending.activity_id or ""] = api.ActivityLocalDispatchInfo(
                    activity_id=pending.activity_id,
                    # Both happen at once, and of an activity that is started the server tells the one alone.
                    scheduled_timestamp=pending.last_started_timestamp,
                    started_timestamp=pending.last_started_timestamp,
                    scheduled_timestamp_of_this_attempt=pending.last_started_timestamp,
                    task_token=_BY_ID
                    + msgspec.json.encode((execution.workflow_id, execution.run_id, pending.activity_id)),
                )
        if found:
            _log.info(
                "the answer that handed out %d activities of workflow %s, run %s, was lost; they are run all the same",
                len(found),
                execution.workflow_id,
                execution.run_id,
            )
        return found

    def _is_ours(self, pending: api.PendingActivityInfo, event_id: int, *, is_usual: bool) -> bool:
        """Whether it was started by our answer: decided again, its event would be another one."""
        worker = pending.started_worker_identity  # the real server keeps it for activities with retries alone
        return (
            pending.state == PendingActivityState.STARTED
            and not pending.attempt
            and pending.schedule_id == event_id
            and (worker == self._identity or (not worker and is_usual))
        )


class AnswersById:
    """Takes the answers and heartbeats of activities, and sends those without a token of the server's by their ids."""

    def __init__(self, service: WorkerService, domain: str) -> None:
        """Prepare.

        Args:
            service: Takes them.
            domain: The worker's.
        """
        self._service = service
        self._domain = domain

    def respond_activity_task_completed(
        self, request: api.RespondActivityTaskCompletedRequest, /, *, timeout: float | None = None, retry: Any = INHERIT
    ) -> Coroutine[Any, Any, Any]:
        """Complete an activity."""
        ids = self._ids(request.task_token)
        if ids is None:
            return self._service.respond_activity_task_completed(request, timeout=timeout, retry=retry)
        by_id = api.RespondActivityTaskCompletedByIDRequest(**ids, result=request.result, identity=request.identity)
        return self._service.respond_activity_task_completed_by_id(by_id, timeout=timeout, retry=retry)

    def respond_activity_task_failed(
        self, request: api.RespondActivityTaskFailedRequest, /, *, timeout: float | None = None, retry: Any = INHERIT
    ) -> Coroutine[Any, Any, Any]:
        """Fail an activity."""
        ids = self._ids(request.task_token)
        if ids is None:
            return self._service.respond_activity_task_failed(request, timeout=timeout, retry=retry)
        by_id = api.RespondActivityTaskFailedByIDRequest(
            **ids, reason=request.reason, details=request.details, identity=request.identity
        )
        return self._service.respond_activity_task_failed_by_id(by_id, timeout=timeout, retry=retry)

    def respond_activity_task_canceled(
        self, request: api.RespondActivityTaskCanceledRequest, /, *, timeout: float | None = None, retry: Any = INHERIT
    ) -> Coroutine[Any, Any, Any]:
        """Cancel an activity."""
        ids = self._ids(request.task_token)
        if ids is None:
            return self._service.respond_activity_task_canceled(request, timeout=timeout, retry=retry)
        by_id = api.RespondActivityTaskCanceledByIDRequest(**ids, details=request.details, identity=request.identity)
        return self._service.respond_activity_task_canceled_by_id(by_id, timeout=timeout, retry=retry)

    def record_activity_task_heartbeat(
        self, request: api.RecordActivityTaskHeartbeatRequest, /, *, timeout: float | None = None, retry: Any = INHERIT
    ) -> Coroutine[Any, Any, Any]:
        """Send a heartbeat."""
        ids = self._ids(request.task_token)
        if ids is None:
            return self._service.record_activity_task_heartbeat(request, timeout=timeout, retry=retry)
        by_id = api.RecordActivityTaskHeartbeatByIDRequest(**ids, details=request.details, identity=request.identity)
        return self._service.record_activity_task_heartbeat_by_id(by_id, timeout=timeout, retry=retry)

    def _ids(self, token: bytes | None) -> dict[str, str] | None:
        if token is None or not token.startswith(_BY_ID):
            return None
        workflow_id, run_id, activity_id = msgspec.json.decode(token[len(_BY_ID) :])
        return {"domain": self._domain, "workflow_id": workflow_id, "run_id": run_id, "activity_id": activity_id}
