"""Activities that are completed from elsewhere, by token and by ids."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.client import ActivityCompletion, Client
from cadence.errors import (
    BadRequestError,
    DomainNotActiveError,
    EntityNotExistsError,
    WorkflowExecutionAlreadyCompletedError,
)
from cadence.exceptions import ActivityCanceledError, ActivityCompletionError, ApplicationError, ConfigurationError

BY_ID = {"domain": "samples", "workflow_id": "w", "run_id": None, "activity_id": "5", "identity": "tester"}
BY_TOKEN = {"task_token": b"secret", "identity": "tester"}


def both(client: Client) -> list[tuple[ActivityCompletion, str, dict[str, Any]]]:
    return [
        (client.activity_completion(b"secret"), "", BY_TOKEN),
        (client.activity_completion(workflow_id="w", activity_id="5"), "ByID", BY_ID),
    ]


async def test_results_are_sent(client: Client, frontend: Any) -> None:
    for completion, suffix, who in both(client):
        rpc = f"RespondActivityTaskCompleted{suffix}"
        frontend.on(rpc, None)
        await completion.complete({"a": 1})
        await completion.complete()
        request = getattr(api, f"{rpc}Request")
        assert frontend.of(rpc) == [request(result=b'{"a":1}\n', **who), request(**who)]


async def test_failures_are_sent(client: Client, frontend: Any) -> None:
    for completion, suffix, who in both(client):
        rpc = f"RespondActivityTaskFailed{suffix}"
        frontend.on(rpc, None)
        await completion.fail(ApplicationError("no luck", 3, reason="luck"))
        (sent,) = frontend.of(rpc)
        assert sent.reason == "luck"
        assert sent == getattr(api, f"{rpc}Request")(reason="luck", details=sent.details, **who)
        again = client.converter.decode_failure(sent.reason, sent.details)
        assert isinstance(again, ApplicationError)


async def test_cancellations_are_sent(client: Client, frontend: Any) -> None:
    for completion, suffix, who in both(client):
        rpc = f"RespondActivityTaskCanceled{suffix}"
        frontend.on(rpc, None)
        await completion.cancelled("half", 2)
        assert frontend.of(rpc) == [getattr(api, f"{rpc}Request")(details=b'"half"\n2\n', **who)]


async def test_heartbeats_are_sent_and_say_when_to_stop(client: Client, frontend: Any) -> None:
    for completion, suffix, who in both(client):
        rpc = f"RecordActivityTaskHeartbeat{suffix}"
        frontend.on(
            rpc,
            api.RecordActivityTaskHeartbeatResponse(cancel_requested=False),
            api.RecordActivityTaskHeartbeatResponse(cancel_requested=True),
        )
        await completion.heartbeat(7)
        with pytest.raises(ActivityCanceledError, match="cancellation was asked for"):
            await completion.heartbeat()
        request = getattr(api, f"{rpc}Request")
        assert frontend.of(rpc) == [request(details=b"7\n", **who), request(**who)]


@pytest.mark.parametrize(
    "error",
    [
        EntityNotExistsError(message="gone"),
        WorkflowExecutionAlreadyCompletedError(message="gone"),
        BadRequestError(message="Cannot locate Activity ScheduleID: gone"),
    ],
)
async def test_an_activity_that_is_gone_is_told(client: Client, frontend: Any, error: Exception) -> None:
    frontend.on("RespondActivityTaskCompletedByID", error)
    with pytest.raises(ActivityCompletionError, match=r"activity \"5\" of workflow \"w\".*gone") as caught:
        await client.activity_completion(workflow_id="w", activity_id="5").complete()
    assert type(caught.value.__cause__) is type(error)


async def test_other_refusals_are_told_as_they_are(client: Client, frontend: Any) -> None:
    for error in (BadRequestError(message="too large"), DomainNotActiveError(message="broken")):
        frontend.on("RespondActivityTaskFailed", error)
        with pytest.raises(type(error), match=error.message):
            await client.activity_completion(b"secret").fail(ValueError("x"))


def test_a_token_is_not_shown(client: Client) -> None:
    assert "secret" not in repr(client.activity_completion(b"secret"))
    assert "workflow_id='w'" in repr(client.activity_completion(workflow_id="w", run_id="r", activity_id="5"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "which activity"),
        ({"workflow_id": "w"}, "which activity"),
        ({"task_token": b""}, "empty"),
        ({"task_token": "text"}, "str"),
        ({"task_token": b"x", "activity_id": "5"}, "a task token and ids"),
    ],
)
def test_an_activity_must_be_named(client: Client, options: Any, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        client.activity_completion(**options)
