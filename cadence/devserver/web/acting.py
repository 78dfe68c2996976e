"""What the page can do to a run: signal, query, cancel, terminate, reset.

Each action is a call of the frontend, with what a form can know filled in; who acted stands in the history. It knows no
HTTP, and `guards` has seen before that the page is who asks.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.enums import QueryConsistencyLevel
from cadence.api.errors import BadRequestError
from cadence.devserver.web import reading
from cadence.devserver.web.calls import IDENTITY
from cadence.devserver.web.payloads import payload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cadence.devserver.web.calls import Calls

    Action = Callable[[Calls, dict[str, Any]], Awaitable[dict[str, Any]]]

__all__ = ("ACTIONS",)

_ANSWER_LIMIT = 1024 * 1024
_QUERY_WAIT = 15.0
"""Seconds that the page waits for a worker's answer."""


async def signal(calls: Calls, asked: dict[str, Any]) -> dict[str, Any]:
    """Signal a run with `name` and `input`, a text that is sent as it stands."""
    domain, execution = _meant(calls, asked)
    await calls(
        "SignalWorkflowExecution",
        api.SignalWorkflowExecutionRequest(
            domain=domain,
            workflow_execution=execution,
            signal_name=_text(asked, "name"),
            input=_text(asked, "input").encode(),
            identity=IDENTITY,
            request_id=str(uuid.uuid4()),
        ),
    )
    return {}


async def query(calls: Calls, asked: dict[str, Any]) -> dict[str, Any]:
    """Ask a run's workers `name` with `input`; gives the payload they answered."""
    domain, execution = _meant(calls, asked)
    request = api.QueryWorkflowRequest(
        domain=domain,
        execution=execution,
        query=api.WorkflowQuery(query_type=_text(asked, "name"), query_args=_text(asked, "input").encode()),
        query_consistency_level=int(QueryConsistencyLevel.EVENTUAL),
    )
    answer: api.QueryWorkflowResponse = await calls("QueryWorkflow", request, _QUERY_WAIT)
    return {"answer": payload(answer.query_result or b"", _ANSWER_LIMIT)}


async def cancel(calls: Calls, asked: dict[str, Any]) -> dict[str, Any]:
    """Ask a run to cancel itself, for `reason`."""
    domain, execution = _meant(calls, asked)
    await calls(
        "RequestCancelWorkflowExecution",
        api.RequestCancelWorkflowExecutionRequest(
            domain=domain,
            workflow_execution=execution,
            identity=IDENTITY,
            request_id=str(uuid.uuid4()),
            cause=_text(asked, "reason"),
        ),
    )
    return {}


async def terminate(calls: Calls, asked: dict[str, Any]) -> dict[str, Any]:
    """End a run at once, for `reason`."""
    domain, execution = _meant(calls, asked)
    await calls(
        "TerminateWorkflowExecution",
        api.TerminateWorkflowExecutionRequest(
            domain=domain, workflow_execution=execution, reason=_text(asked, "reason"), identity=IDENTITY
        ),
    )
    return {}


async def reset(calls: Calls, asked: dict[str, Any]) -> dict[str, Any]:
    """Begin a run again behind the decision that ends with `event`; gives the new run's id."""
    domain, execution = _meant(calls, asked)
    event_id = asked.get("event")
    if not isinstance(event_id, int) or isinstance(event_id, bool) or not 0 < event_id < 2**53:
        msg = "The event to go back to must be a whole number."
        raise BadRequestError(msg)
    answer: api.ResetWorkflowExecutionResponse = await calls(
        "ResetWorkflowExecution",
        api.ResetWorkflowExecutionRequest(
            domain=domain,
            workflow_execution=execution,
            reason=_text(asked, "reason"),
            decision_finish_event_id=event_id,
            request_id=str(uuid.uuid4()),
        ),
    )
    return {"run": answer.run_id}


def _meant(calls: Calls, asked: dict[str, Any]) -> tuple[str, api.WorkflowExecution]:
    """Find the run, so that a wrong domain isn't registered by the call."""
    found = reading.find(calls.house, {name: _text(asked, name) for name in ("domain", "workflow", "run")})
    return found.state.domain, found.execution


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name, "")
    if not isinstance(value, str):
        msg = f"{name} must be a text."
        raise BadRequestError(msg)
    try:
        value.encode()
    except UnicodeEncodeError:
        msg = f"{name} is not text that UTF-8 can hold."
        raise BadRequestError(msg) from None
    return value


ACTIONS: dict[str, Action] = {
    "signal": signal,
    "query": query,
    "cancel": cancel,
    "terminate": terminate,
    "reset": reset,
}
"""By the last part of the path."""
