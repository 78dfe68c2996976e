"""What a worker gets with a decision task: the history, or what is new of it, and what stands beside it.

It reads a run and changes nothing. Pages behind the first are fetched by GetWorkflowExecutionHistory with the token
made here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import EventType, TaskListKind
from cadence.devserver.execution import events
from cadence.devserver.execution.history_pages import page_of
from cadence.devserver.tokens import HistoryToken, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cadence.devserver.execution.state import Decision, Run

__all__ = ("decision_answer", "query_answer", "transient_events")


def decision_answer(
    run: Run, decision: Decision, *, is_sticky: bool, queries: Mapping[str, api.WorkflowQuery] | None
) -> api.PollForDecisionTaskResponse:
    """The answer to a poll, or to a completed decision, that carries a decision task.

    Args:
        run: The run.
        decision: Its task, started.
        is_sticky: Whether the worker is taken to know the run, so that it gets what is new alone.
        queries: Queries to answer with the task, by id.
    """
    state = run.state
    transient = transient_events(run)
    first = state.previous_started_id + 1 if is_sticky else 1
    history, token = _page(run, first, with_transient=bool(transient))
    if token is None:
        history.extend(transient)
    answer = _answer(run, history, token)
    answer.task_token = Token(
        domain_id=state.domain_id,
        workflow_id=state.workflow_id,
        run_id=state.run_id,
        scheduled_id=decision.scheduled_id,
        attempt=decision.attempt,
        started_id=decision.started_id,
        workflow_type=state.workflow_type,
    ).encode()
    answer.started_event_id = decision.started_id
    answer.attempt = decision.attempt
    answer.scheduled_timestamp = decision.scheduled_ns
    answer.started_timestamp = decision.started_ns
    answer.queries = dict(queries) if queries else None
    answer.next_event_id = state.next_event_id
    return answer


def query_answer(
    run: Run, query: api.WorkflowQuery, token: bytes, *, is_sticky: bool
) -> api.PollForDecisionTaskResponse:
    """The answer to a poll that carries a query alone: the worker answers it with RespondQueryTaskCompleted.

    Args:
        run: The run, open or closed.
        query: What is asked.
        token: Names the query when its answer comes.
        is_sticky: Whether the worker is taken to know the run.
    """
    state = run.state
    first = state.next_event_id if is_sticky else 1
    history, page_token = _page(run, first, with_transient=False)
    answer = _answer(run, history, page_token)
    answer.task_token = token
    answer.query = query
    answer.attempt = 0
    answer.started_event_id = 0
    answer.workflow_execution_task_list = api.TaskList(name=state.task_list)
    answer.next_event_id = state.next_event_id
    return answer


def transient_events(run: Run) -> list[api.HistoryEvent]:
    """The events that a repeated decision task in flight would have; they are not in the history."""
    decision = run.state.decision
    if decision is None or not decision.is_started or decision.attempt == 0:
        return []
    scheduled = events.make_event(
        EventType.DecisionTaskScheduled,
        decision.scheduled_ns,
        api.DecisionTaskScheduledEventAttributes(
            task_list=api.TaskList(name=run.state.task_list),
            start_to_close_timeout_seconds=run.state.task_timeout,
            attempt=decision.attempt,
        ),
    )
    scheduled.event_id, scheduled.version = decision.scheduled_id, 0
    started = events.make_event(
        EventType.DecisionTaskStarted,
        decision.started_ns,
        api.DecisionTaskStartedEventAttributes(
            scheduled_event_id=decision.scheduled_id, identity=decision.identity, request_id=decision.request_id
        ),
    )
    started.event_id, started.version = decision.started_id, 0
    return [scheduled, started]


def _page(run: Run, first: int, *, with_transient: bool) -> tuple[list[api.HistoryEvent], bytes | None]:
    end = run.state.next_event_id
    history = page_of(run, first, end)
    if first + len(history) >= end:
        return history, None
    token = HistoryToken(
        run_id=run.state.run_id,
        first_event_id=first + len(history),
        next_event_id=end,
        with_transient=with_transient,
    )
    return history, token.encode()


def _answer(run: Run, history: list[api.HistoryEvent], token: bytes | None) -> api.PollForDecisionTaskResponse:
    state = run.state
    return api.PollForDecisionTaskResponse(
        workflow_execution=run.execution,
        workflow_type=api.WorkflowType(name=state.workflow_type),
        previous_started_event_id=state.previous_started_id or None,
        history=api.History(events=history),
        next_page_token=token,
        workflow_execution_task_list=api.TaskList(name=state.task_list, kind=int(TaskListKind.NORMAL)),
        total_history_bytes=state.history_size,
    )
