"""The RPCs with which workers answer: decision tasks, queries, activities by token or by id, heartbeats.

Each finds what its token or ids stand for, makes one change in `execution`, and answers once that is safe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause, QueryTaskCompletedType
from cadence.api.errors import BadRequestError, EntityNotExistsError, QueryFailedError
from cadence.devserver.execution import queries
from cadence.devserver.frontend import checks
from cadence.devserver.tokens import Token, read_token

if TYPE_CHECKING:
    from cadence.devserver.execution.state import Activity, Run
    from cadence.devserver.house import CallContext, House

    _ById = (
        api.RespondActivityTaskCompletedByIDRequest
        | api.RespondActivityTaskFailedByIDRequest
        | api.RespondActivityTaskCanceledByIDRequest
        | api.RecordActivityTaskHeartbeatByIDRequest
    )

__all__ = ("HANDLERS", "client_of")

_NAME_HEADER = "cadence-client-name"
_CAUSES = frozenset(DecisionTaskFailedCause)
_FEATURES_HEADER = "cadence-client-feature-version"


def client_of(context: CallContext) -> tuple[str, str]:
    """Return the name and the feature version of the caller's library."""
    return context.headers.get(_NAME_HEADER, ""), context.headers.get(_FEATURES_HEADER, "")


# --- decision tasks and queries ---


async def decision_completed(
    house: House, request: api.RespondDecisionTaskCompletedRequest, context: CallContext
) -> api.RespondDecisionTaskCompletedResponse:
    """RespondDecisionTaskCompleted."""
    token = _token(house, request.task_token)
    checks.check_identity(request)
    answer = house.history.complete_decision(token, request, client=client_of(context))
    await house.store.committed()
    return answer


async def decision_failed(house: House, request: api.RespondDecisionTaskFailedRequest, context: CallContext) -> None:
    """RespondDecisionTaskFailed."""
    token = _token(house, request.task_token)
    checks.check_identity(request)
    if request.cause is not None and request.cause not in _CAUSES:
        msg = f"Unknown DecisionTaskFailedCause: {request.cause}."
        raise BadRequestError(msg)
    house.history.fail_decision(token, request)
    await house.store.committed()


async def query_completed(house: House, request: api.RespondQueryTaskCompletedRequest, context: CallContext) -> None:
    """RespondQueryTaskCompleted."""
    token = _token(house, request.task_token)
    if not token.query_id:
        msg = "Invalid TaskToken."
        raise BadRequestError(msg)
    query = house.queries.get(token.query_id)
    if query is None or query.answer.done():
        msg = "query task not found, or already expired"
        raise EntityNotExistsError(msg, active_clusters=[])
    if request.completed_type == QueryTaskCompletedType.FAILED:
        queries.fail(query, QueryFailedError(request.error_message or ""))
    else:
        queries.answer(query, request.query_result)


# --- activities, by token ---


async def activity_completed(
    house: House, request: api.RespondActivityTaskCompletedRequest, context: CallContext
) -> None:
    """RespondActivityTaskCompleted."""
    run, activity = _activity(house, request.task_token)
    checks.check_identity(request)
    house.history.complete_activity(run, activity, request.result, request.identity or "")
    await house.store.committed()


async def activity_failed(house: House, request: api.RespondActivityTaskFailedRequest, context: CallContext) -> None:
    """RespondActivityTaskFailed."""
    run, activity = _activity(house, request.task_token)
    checks.check_identity(request)
    house.history.fail_activity(run, activity, request.reason or "", request.details, request.identity or "")
    await house.store.committed()


async def activity_canceled(
    house: House, request: api.RespondActivityTaskCanceledRequest, context: CallContext
) -> None:
    """RespondActivityTaskCanceled."""
    run, activity = _activity(house, request.task_token)
    checks.check_identity(request)
    house.history.cancel_activity(run, activity, request.details, request.identity or "")
    await house.store.committed()


async def heartbeat(
    house: House, request: api.RecordActivityTaskHeartbeatRequest, context: CallContext
) -> api.RecordActivityTaskHeartbeatResponse:
    """RecordActivityTaskHeartbeat."""
    run, activity = _activity(house, request.task_token)
    cancel = house.history.heartbeat(run, activity, request.details, request.identity or "")
    await house.store.committed()
    return api.RecordActivityTaskHeartbeatResponse(cancel_requested=cancel)


# --- activities, by id ---


async def activity_completed_by_id(
    house: House, request: api.RespondActivityTaskCompletedByIDRequest, context: CallContext
) -> None:
    """RespondActivityTaskCompletedByID."""
    run, activity = _activity_by_id(house, request)
    house.history.complete_activity(run, activity, request.result, request.identity or "")
    await house.store.committed()


async def activity_failed_by_id(
    house: House, request: api.RespondActivityTaskFailedByIDRequest, context: CallContext
) -> None:
    """RespondActivityTaskFailedByID."""
    run, activity = _activity_by_id(house, request)
    house.history.fail_activity(run, activity, request.reason or "", request.details, request.identity or "")
    await house.store.committed()


async def activity_canceled_by_id(
    house: House, request: api.RespondActivityTaskCanceledByIDRequest, context: CallContext
) -> None:
    """RespondActivityTaskCanceledByID."""
    run, activity = _activity_by_id(house, request)
    house.history.cancel_activity(run, activity, request.details, request.identity or "")
    await house.store.committed()


async def heartbeat_by_id(
    house: House, request: api.RecordActivityTaskHeartbeatByIDRequest, context: CallContext
) -> api.RecordActivityTaskHeartbeatResponse:
    """RecordActivityTaskHeartbeatByID."""
    run, activity = _activity_by_id(house, request)
    cancel = house.history.heartbeat(run, activity, request.details, request.identity or "")
    await house.store.committed()
    return api.RecordActivityTaskHeartbeatResponse(cancel_requested=cancel)


def _token(house: House, data: bytes | None) -> Token:
    token = read_token(data)
    house.domains.by_id(token.domain_id)
    return token


def _activity(house: House, data: bytes | None) -> tuple[Run, Activity]:
    return house.history.activity_of(_token(house, data))


def _activity_by_id(house: House, request: _ById) -> tuple[Run, Activity]:
    domain = house.domains.require(request.domain)
    checks.check_activity_id(request)
    if not isinstance(request, api.RecordActivityTaskHeartbeatByIDRequest):
        checks.check_identity(request)
    return house.history.activity_by_id(domain.id, request.workflow_id or "", request.run_id, request.activity_id or "")


HANDLERS = {
    "RespondDecisionTaskCompleted": decision_completed,
    "RespondDecisionTaskFailed": decision_failed,
    "RespondQueryTaskCompleted": query_completed,
    "RespondActivityTaskCompleted": activity_completed,
    "RespondActivityTaskFailed": activity_failed,
    "RespondActivityTaskCanceled": activity_canceled,
    "RecordActivityTaskHeartbeat": heartbeat,
    "RespondActivityTaskCompletedByID": activity_completed_by_id,
    "RespondActivityTaskFailedByID": activity_failed_by_id,
    "RespondActivityTaskCanceledByID": activity_canceled_by_id,
    "RecordActivityTaskHeartbeatByID": heartbeat_by_id,
}
