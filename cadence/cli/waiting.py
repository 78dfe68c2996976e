"""Wait for a workflow's end and say how it went; and say so when nobody is there to run it.

The end is found by a long poll of the history's closing event, run after run where a workflow continues as new. While
that lasts, a second look every few seconds asks whether a worker polls the task list at all.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import EventType, HistoryEventFilterType, PendingDecisionState, TaskListType, TimeoutType
from cadence.cli import output
from cadence.cli.failures import REFUSED, MistakeError
from cadence.exceptions import ServiceError
from cadence.tchannel.errors import CallTimeoutError

if TYPE_CHECKING:
    from cadence.cli.session import Session

__all__ = ("closing_event", "show_result")

PATIENCE = 5.0
"""Seconds that a decision may wait for a worker before we ask whether there is one."""


async def show_result(session: Session, execution: api.WorkflowExecution, *, as_json: bool) -> None:
    """Wait until a workflow is closed and print its result.

    Raises:
        MistakeError: It did not complete; the text says how it ended.
    """
    watcher = asyncio.create_task(_watch(session, execution))
    try:
        event = await closing_event(session, execution)
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher
    done = event.workflow_execution_completed_event_attributes
    if done is not None:
        if as_json:
            output.print_json(output.plain(done.result))
        else:
            output.say(output.payload(done.result))
        return
    raise MistakeError(f'workflow "{execution.workflow_id}" {_ending(event)}', REFUSED)


async def closing_event(session: Session, execution: api.WorkflowExecution) -> api.HistoryEvent:
    """Wait for the event that closes a workflow, through all its runs.

    Cancelling it stops the waiting and nothing else.
    """
    run_id, token = execution.run_id, None
    while True:
        request = api.GetWorkflowExecutionHistoryRequest(
            domain=session.domain,
            execution=session.execution(execution.workflow_id or "", run_id),
            next_page_token=token,
            wait_for_new_event=True,
            history_event_filter_type=HistoryEventFilterType.CLOSE_EVENT,
        )
        try:
            answer = await session.service.get_workflow_execution_history(request)
        except CallTimeoutError:
            continue  # nothing happened for as long as one poll may last
        token = answer.next_page_token
        events = answer.history.events if answer.history and answer.history.events else []
        if not events:
            continue
        event = events[-1]
        again = event.workflow_execution_continued_as_new_event_attributes
        if again is None:
            return event
        run_id, token = again.new_execution_run_id, None


async def _watch(session: Session, execution: api.WorkflowExecution) -> None:
    """Say once that nobody polls the task list on which the workflow waits."""
    while True:
        await asyncio.sleep(PATIENCE)
        try:
            name = await _unpolled_list(session, execution)
        except (ServiceError, CallTimeoutError):
            continue  # only a comfort: the wait itself will meet what is really wrong
        if name:
            text = f'nobody polls task list "{name}" in domain "{session.domain}"; is its worker running?'
            print(output.escaped(f"{text} Still waiting."), file=sys.stderr, flush=True)
            return


async def _unpolled_list(session: Session, execution: api.WorkflowExecution) -> str:
    """Return the task list that the workflow's next decision waits on, if no worker polls it."""
    state = await session.service.describe_workflow_execution(
        api.DescribeWorkflowExecutionRequest(domain=session.domain, execution=execution)
    )
    waits = state.pending_decision is not None and state.pending_decision.state == PendingDecisionState.SCHEDULED
    task_list = state.execution_configuration.task_list if state.execution_configuration else None
    if not waits or task_list is None or not task_list.name:
        return ""
    polled = await session.service.describe_task_list(
        api.DescribeTaskListRequest(
            domain=session.domain,
            task_list=api.TaskList(name=task_list.name),
            task_list_type=TaskListType.Decision,
        )
    )
    return "" if polled.pollers else task_list.name


def _ending(event: api.HistoryEvent) -> str:
    """How a run ended that did not complete."""
    match event.event_type:
        case EventType.WorkflowExecutionFailed:
            failed = event.workflow_execution_failed_event_attributes
            why = (failed.reason or "") if failed else ""
            details = output.payload(failed.details) if failed else ""
            return f"failed: {why}" + (f" {details}" if details else "")
        case EventType.WorkflowExecutionTimedOut:
            late = event.workflow_execution_timed_out_event_attributes
            return f"timed out ({output.name_of(TimeoutType, late.timeout_type if late else None)})"
        case EventType.WorkflowExecutionCanceled:
            return "was cancelled"
        case EventType.WorkflowExecutionTerminated:
            ended = event.workflow_execution_terminated_event_attributes
            return "was terminated" + (f": {ended.reason}" if ended and ended.reason else "")
    return f"ended with {output.name_of(EventType, event.event_type)}"
