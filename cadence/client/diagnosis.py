"""Says in the log why a workflow that somebody waits for doesn't move: nobody polls, or its decisions keep failing.

Runs beside a wait for a result, first after a few seconds, so that short waits cost a timer and nothing else. It only
looks and logs; a failure of its own calls ends it, as the wait itself tells about those.
"""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cadence import api
from cadence.api.enums import PendingDecisionState, TaskListType
from cadence.exceptions import ServiceError, TransportError
from cadence.logs import ContextLogger, shortened

if TYPE_CHECKING:
    from cadence.client.ports import ClientService

__all__ = ("Diagnosis",)

_log = logging.getLogger("cadence.client")
_FIRST_LOOK = 5.0
_LONGEST_PAUSE = 60.0
# A poll waits for about a minute on the server, which notes its time when it comes in.
_POLL_IS_OLD = 70 * 1_000_000_000


class Diagnosis:
    """Looks after one run while it is waited for: `with Diagnosis(...) as diagnosis`."""

    def __init__(
        self, service: ClientService, domain: str, workflow_id: str, run_id: str, *, first_look: float = _FIRST_LOOK
    ) -> None:
        """Prepare; nothing happens before `with`.

        Args:
            service: Makes the calls.
            domain: The run's domain.
            workflow_id: The workflow's id.
            run_id: The run; an empty text for the current one. May be changed while it runs.
            first_look: Seconds until the first look; each pause after it is twice as long as the one before.
        """
        self.run_id = run_id
        self._service = service
        self._domain = domain
        self._workflow_id = workflow_id
        self._first_look = first_look
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._said_nobody_polls = False
        self._said_attempts = 0

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._first_look, self._begin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._watch(), name="cadence diagnosis")

    async def _watch(self) -> None:
        pause = self._first_look
        while True:
            try:
                await self.look()
            except (ServiceError, TransportError) as error:
                _log.debug("workflow %r can't be looked after: %s", self._workflow_id, error)
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def look(self) -> None:
        """Look once, and log what is wrong and wasn't said yet."""
        description: api.DescribeWorkflowExecutionResponse = await self._service.describe_workflow_execution(
            api.DescribeWorkflowExecutionRequest(
                domain=self._domain,
                execution=api.WorkflowExecution(workflow_id=self._workflow_id, run_id=self.run_id or None),
            )
        )
        pending = description.pending_decision
        if pending is None:
            return
        attempts = pending.attempt or 0
        if attempts >= max(2, 2 * self._said_attempts):
            self._said_attempts = attempts
            self._warn(
                "workflow %r makes no progress: its decisions failed %d times by now; the log of its worker says why",
                attempts,
            )
        if pending.state == PendingDecisionState.SCHEDULED and not self._said_nobody_polls:
            settings = description.execution_configuration
            task_list = (
                settings.task_list.name if settings is not None and settings.task_list is not None else ""
            ) or ""
            if task_list and await self._nobody_polls(task_list, pending.scheduled_timestamp or 0):
                self._said_nobody_polls = True
                self._warn(
                    "workflow %r waits for a worker: nobody polls task list %r of domain %r",
                    shortened(task_list),
                    self._domain,
                )

    async def _nobody_polls(self, task_list: str, scheduled: int) -> bool:
        response: api.DescribeTaskListResponse = await self._service.describe_task_list(
            api.DescribeTaskListRequest(
                domain=self._domain,
                task_list=api.TaskList(name=task_list),
                task_list_type=TaskListType.Decision,
            )
        )
        # The list keeps pollers for minutes after their last poll. Both times are the server's.
        return all((poller.last_access_time or 0) < scheduled - _POLL_IS_OLD for poller in response.pollers or ())

    def _warn(self, message: str, *values: object) -> None:
        context = {"domain": self._domain, "workflow_id": self._workflow_id, "run_id": self.run_id}
        ContextLogger(_log, context).warning(message, shortened(self._workflow_id), *values)
