"""What comes back with a decision task: completed, with decisions that are carried out, or failed.

An answer is planned first (`deciding`), then carried out in one change; one that can't be carried out fails its
decision task and changes nothing else. The task's own life stands in `decision_tasks`.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause, TimeoutType
from cadence.api.errors import EntityNotExistsError
from cadence.devserver.clock import SECOND
from cadence.devserver.execution import closing, decision_tasks, queries, signalling
from cadence.devserver.execution.deciding import BadDecision, Plan
from cadence.devserver.execution.decision_answers import decision_answer

if TYPE_CHECKING:
    from cadence.devserver.execution.runs import Runs
    from cadence.devserver.execution.state import Decision, Run
    from cadence.devserver.execution.transaction import Transaction
    from cadence.devserver.tasks import Task
    from cadence.devserver.tokens import Token

__all__ = ("complete", "fail", "start")

HEARTBEATS_LIMIT = 30 * 60
"""Seconds that a decision task may be kept alive by answers without decisions."""
EVENTS_LIMIT = 204_800
BYTES_LIMIT = 200 * 1024 * 1024
ATTEMPTS_LIMIT = 1_000
_DETAILS_LIMIT = 2 * 1024 * 1024
_FOLLOW_UP = "request-from-RespondDecisionTaskCompleted"


def is_stale(run: Run, task: Task) -> bool:
    """Whether a decision task need not be given to anybody any more."""
    decision = run.state.decision
    return (
        not run.state.is_open
        or decision is None
        or decision.is_started
        or decision.scheduled_id != task.scheduled_id
        or decision.attempt != task.attempt
    )


def start(
    runs: Runs, run: Run, task: Task, *, identity: str, request_id: str
) -> api.PollForDecisionTaskResponse | None:
    """Give a decision task to the worker that polled it; None where the task is stale."""
    if is_stale(run, task):
        return None
    with runs.change(run) as tx:
        decision = decision_tasks.start(
            tx, identity=identity, request_id=request_id or str(uuid.uuid4()), list_name=task.list_name
        )
    return _answer(run, decision, is_sticky=bool(run.state.sticky_list))


def _answer(run: Run, decision: Decision, *, is_sticky: bool) -> api.PollForDecisionTaskResponse:
    return decision_answer(run, decision, is_sticky=is_sticky, queries=queries.attach(run))


def fail(runs: Runs, run: Run, token: Token, request: api.RespondDecisionTaskFailedRequest) -> None:
    """Note that a worker could not answer, and try again.

    Raises:
        EntityNotExistsError: The task is not out.
        WorkflowExecutionAlreadyCompletedError: The run is closed.
    """
    _in_flight(run, token)
    details = request.details[:_DETAILS_LIMIT] if request.details is not None else None
    with runs.change(run) as tx:
        decision_tasks.fail(tx, request.cause or 0, details, request.identity or "", request.binary_checksum)
        decision_tasks.schedule(tx)


def complete(
    runs: Runs,
    run: Run,
    token: Token,
    request: api.RespondDecisionTaskCompletedRequest,
    *,
    client: tuple[str, str],
) -> api.RespondDecisionTaskCompletedResponse:
    """Carry out what a worker decided.

    Args:
        runs: The runs.
        run: The run.
        token: Which task is answered.
        request: The answer.
        client: The worker's library and its version.

    Returns:
        The next decision task, where there is one and the worker wants it.

    Raises:
        BadRequestError: A decision is of no known type.
        EntityNotExistsError: The task is not out, or was kept alive for too long.
        InternalServiceError: A decision names a domain that isn't there.
        WorkflowExecutionAlreadyCompletedError: The run is closed.
    """
    decision = _in_flight(run, token)
    decisions = request.decisions or []
    beats = bool(request.force_create_new_decision_task) and not decisions
    if beats and runs.clock.now_ns() > decision.original_scheduled_ns + HEARTBEATS_LIMIT * SECOND:
        _give_up_heartbeats(runs, run, decision)
    identity = request.identity or ""
    plan = Plan(runs, run, identity)
    try:
        _check_binary(runs, run, request.binary_checksum)
        for each in decisions:
            plan.add(each)
    except BadDecision as error:
        return _refuse(runs, run, request, error)
    with runs.change(run) as tx:
        decided_id = decision_tasks.complete(
            tx, identity=identity, context=request.execution_context, checksum=request.binary_checksum
        )
        _remember_worker(tx, request.sticky_attributes, client)
        must_follow = _carry_out(tx, plan, decided_id) or bool(request.force_create_new_decision_task)
        queries.settle(run, request.query_results or {})
        follow_up = None
        if tx.state.is_open and must_follow:
            original_ns = decision.original_scheduled_ns if beats else 0
            follow_up = _follow_up(tx, request, original_ns)
    for waiter in run.first_decision_waiters:
        if not waiter.done():
            waiter.set_result(None)
    run.first_decision_waiters.clear()
    response = _response(run, follow_up)
    response.activities_to_dispatch_locally = (plan.started_here or None) if run.state.is_open else None
    return response


def _in_flight(run: Run, token: Token) -> Decision:
    signalling.check_open(run)
    decision = run.state.decision
    if (
        decision is None
        or not decision.is_started
        or decision.scheduled_id != token.scheduled_id
        or decision.attempt != token.attempt
    ):
        msg = "Decision task not found."
        raise EntityNotExistsError(msg, active_clusters=[])
    return decision


def _give_up_heartbeats(runs: Runs, run: Run, decision: Decision) -> None:
    """A worker that beats for too long loses the task.

    Raises:
        EntityNotExistsError: Always: so that the worker drops the run.
    """
    with runs.change(run) as tx:
        decision_tasks.time_out(tx, decision, TimeoutType.START_TO_CLOSE)
        decision_tasks.schedule(tx)
    msg = "decision heartbeat timeout"
    raise EntityNotExistsError(msg, active_clusters=[])


def _check_binary(runs: Runs, run: Run, checksum: str | None) -> None:
    if checksum and checksum in runs.domain_of(run).bad_binaries:
        raise BadDecision(DecisionTaskFailedCause.BAD_BINARY, f"binary {checksum} is already marked as bad deployment")


def _remember_worker(tx: Transaction, sticky: api.StickyExecutionAttributes | None, client: tuple[str, str]) -> None:
    state = tx.state
    task_list = sticky.worker_task_list if sticky is not None else None
    state.sticky_list = (task_list.name if task_list is not None else "") or ""
    state.sticky_timeout = (sticky.schedule_to_start_timeout_seconds or 0) if sticky is not None else 0
    state.client_impl, state.client_version = client


def _carry_out(tx: Transaction, plan: Plan, decided_id: int) -> bool:
    """Take the steps of an answer; True where a decision task must follow."""
    state = tx.state
    if state.history_size > BYTES_LIMIT or state.next_event_id > EVENTS_LIMIT:
        closing.fail(tx, "HISTORY_EXCEEDS_LIMIT", b"Workflow history size / count exceeds limit.", decided_id)
        return False
    must_follow = plan.unhandled
    for step in plan.steps:
        # A step says True where it ended something that the worker has to hear of.
        must_follow = step(tx, decided_id) is True or must_follow
    return must_follow


def _refuse(
    runs: Runs, run: Run, request: api.RespondDecisionTaskCompletedRequest, error: BadDecision
) -> api.RespondDecisionTaskCompletedResponse:
    """Fail the decision task of an answer that can't be carried out, and try again."""
    with runs.change(run) as tx:
        state = tx.state
        attempt = state.decision.attempt if state.decision is not None else 0
        decision_tasks.fail(tx, error.cause, error.details.encode(), request.identity or "", request.binary_checksum)
        if attempt + 1 > ATTEMPTS_LIMIT:
            _give_up(tx, error)
            return api.RespondDecisionTaskCompletedResponse()
        follow_up = _follow_up(tx, request, 0)
    return _response(run, follow_up)


def _give_up(tx: Transaction, error: BadDecision) -> None:
    details = (
        f"Decision attempt exceeds limit. Last decision failure cause and details: {error.cause.name} - {error.details}"
    )
    closing.terminate(
        tx.runs,
        tx.run,
        reason="DECISION_ATTEMPTS_EXCEEDS_LIMIT",
        details=details.encode(),
        identity=closing.HISTORY_SERVICE,
    )


def _follow_up(tx: Transaction, request: api.RespondDecisionTaskCompletedRequest, original_ns: int) -> Decision | None:
    """Schedule the next decision task; start it at once where the worker wants it with the answer."""
    wanted = bool(request.return_new_decision_task)
    decision_tasks.schedule(tx, original_ns=original_ns, send=not wanted)
    decision = tx.state.decision
    if not wanted or decision is None:
        return None
    return decision_tasks.start(
        tx, identity=request.identity or "", request_id=_FOLLOW_UP, list_name=decision.task_list
    )


def _response(run: Run, follow_up: Decision | None) -> api.RespondDecisionTaskCompletedResponse:
    response = api.RespondDecisionTaskCompletedResponse()
    if follow_up is not None:
        response.decision_task = _answer(run, follow_up, is_sticky=True)
    return response
