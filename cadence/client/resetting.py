"""Begins runs anew: a reset goes on from an earlier decision, a restart from the start; tasks that were lost come back.

Knows which event a reset point means in a run's history; that the server ends the current run and begins the new one in
the same step is the server's part. Handles and batches stand on it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from cadence import api
from cadence.api.enums import EventType
from cadence.client.history import events_of
from cadence.converter import wire_options as wire
from cadence.exceptions import CadenceError, ConfigurationError

if TYPE_CHECKING:
    from cadence.client.ports import ClientService

__all__ = ("ResetPoint", "ResetPointError", "check_point", "refresh_tasks", "reset", "restart")


class ResetPointError(CadenceError):
    """The run has no decision where the reset point says."""


@dataclass(frozen=True, slots=True)
class ResetPoint:
    """Where a reset goes on: what came before stays, and the decision there is made again.

    Made by one of the class methods, `ResetPoint.last_decision()` for example.
    """

    kind: str
    """The class method's name."""
    event_id: int = 0
    """For `event`."""
    at: datetime | None = None
    """For `time`."""
    checksum: str = ""
    """For `bad_binary`."""

    @classmethod
    def event(cls, event_id: int) -> Self:
        """Mean an event: that with which a decision task was started, completed, failed or timed out.

        Args:
            event_id: Its id; the events before it stay.

        Raises:
            ConfigurationError: There is no event to stay.
        """
        given: object = event_id
        if isinstance(given, bool) or not isinstance(given, int) or given < 2:
            msg = f"a reset to event {given!r}"
            raise ConfigurationError(msg, hint="give the id of a decision task's event, 4 for the first decision's")
        return cls("event", event_id=event_id)

    @classmethod
    def time(cls, at: datetime) -> Self:
        """Mean the first decision that was completed at a time or later: what was decided before stays.

        Args:
            at: The time; a naive one is taken as local time.

        Raises:
            ConfigurationError: It is no time.
        """
        given: object = at
        if not isinstance(given, datetime):
            msg = f"a reset to the time {given!r}"
            raise ConfigurationError(msg, hint="give a datetime")
        return cls("time", at=at)

    @classmethod
    def first_decision(cls) -> Self:
        """Mean the first decision that was completed: all of the workflow's code runs again."""
        return cls("first_decision")

    @classmethod
    def last_decision(cls) -> Self:
        """Mean the last decision that was completed."""
        return cls("last_decision")

    @classmethod
    def bad_binary(cls, checksum: str) -> Self:
        """Mean the first decision that a certain build of the worker made, in this run or in one before it.

        Args:
            checksum: The build's checksum, `Worker(..., binary_checksum=...)`.

        Raises:
            ConfigurationError: There is none.
        """
        given: object = checksum
        if not isinstance(given, str) or not given:
            msg = f"a reset to the first decision of the build {given!r}"
            raise ConfigurationError(msg, hint="give the build's binary checksum")
        return cls("bad_binary", checksum=checksum)

    def __str__(self) -> str:
        match self.kind:
            case "event":
                return f"event {self.event_id}"
            case "time":
                return f"the first decision at {self.at} or later"
            case "bad_binary":
                return f"the first decision of build {self.checksum}"
            case _:
                return f"the {self.kind.replace('_', ' ')}"


def check_point(point: object) -> None:
    """Refuse what is no reset point.

    Raises:
        ConfigurationError: It is none.
    """
    if not isinstance(point, ResetPoint):
        msg = f"a reset to {point!r}"
        raise ConfigurationError(msg, hint="give ResetPoint.last_decision(), for example")


async def reset(
    service: ClientService,
    domain: str,
    execution: api.WorkflowExecution,
    point: ResetPoint,
    *,
    reason: str,
    skip_signals: bool,
) -> str:
    """Let a run go on from an earlier point, as a new run.

    Args:
        service: Makes the calls.
        domain: The run's domain.
        execution: The run; without a run id: the current one.
        point: Where it goes on.
        reason: Why; for its history.
        skip_signals: Forget the signals that came behind the point; False sends them to the new run again.

    Returns:
        The new run's id.

    Raises:
        ResetPointError: The run has no such point.
        BadRequestError: The event is none that a run can go on from.
        EntityNotExistsError: There is no such run.
    """
    check_point(point)
    base, event_id = await _found(service, domain, execution, point)
    response: api.ResetWorkflowExecutionResponse = await service.reset_workflow_execution(
        api.ResetWorkflowExecutionRequest(
            domain=domain,
            workflow_execution=base,
            reason=reason,
            decision_finish_event_id=event_id,
            request_id=str(uuid.uuid4()),
            skip_signal_reapply=skip_signals,
        )
    )
    return response.run_id or ""


async def restart(
    service: ClientService, domain: str, execution: api.WorkflowExecution, *, reason: str, identity: str
) -> str:
    """Start a workflow once more with what a run was started with; one that runs is terminated.

    Returns:
        The new run's id.
    """
    response: api.RestartWorkflowExecutionResponse = await service.restart_workflow_execution(
        api.RestartWorkflowExecutionRequest(
            domain=domain, workflow_execution=execution, reason=reason or None, identity=identity
        )
    )
    return response.run_id or ""


async def refresh_tasks(service: ClientService, domain: str, execution: api.WorkflowExecution) -> None:
    """Let the server make a run's tasks and timers again from its state."""
    await service.refresh_workflow_tasks(api.RefreshWorkflowTasksRequest(domain=domain, execution=execution))


async def _found(
    service: ClientService, domain: str, execution: api.WorkflowExecution, point: ResetPoint
) -> tuple[api.WorkflowExecution, int]:
    """Give the run and the event that a point means. The run is named, lest another one is current by then."""
    base = execution
    if not execution.run_id or point.kind == "bad_binary":
        described: api.DescribeWorkflowExecutionResponse = await service.describe_workflow_execution(
            api.DescribeWorkflowExecutionRequest(domain=domain, execution=execution)
        )
        info = described.workflow_execution_info or api.WorkflowExecutionInfo()
        base = info.execution or execution
        if point.kind == "bad_binary":
            for each in (info.auto_reset_points.points if info.auto_reset_points else None) or ():
                if each.binary_checksum == point.checksum and each.first_decision_completed_id:
                    run = api.WorkflowExecution(workflow_id=base.workflow_id, run_id=each.run_id or base.run_id)
                    return run, each.first_decision_completed_id
    if point.kind == "event":
        return base, point.event_id
    return base, await _event(service, domain, base, point)


async def _event(service: ClientService, domain: str, base: api.WorkflowExecution, point: ResetPoint) -> int:
    found = 0
    earliest = 0 if point.at is None else wire.nanoseconds(point.at)
    async for event in events_of(
        service, domain, base.workflow_id or "", base.run_id or "", wait=False, page_size=None
    ):
        attributes = event.decision_task_completed_event_attributes
        if event.event_type != EventType.DecisionTaskCompleted or attributes is None:
            continue
        if point.kind == "bad_binary" and attributes.binary_checksum != point.checksum:
            continue
        if (event.timestamp or 0) < earliest:
            continue
        found = event.event_id or 0
        if point.kind != "last_decision":
            break
    if not found:
        msg = f'workflow "{base.workflow_id}" run {base.run_id} can\'t be reset to {point}: it has no such decision'
        raise ResetPointError(msg)
    return found
