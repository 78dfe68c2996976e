"""What goes with every call, as the servers look it up."""

from __future__ import annotations

import pytest

from cadence import __version__
from cadence.service.headers import ClientHeaders, authorization_token


def test_a_client_is_taken_for_one_that_speaks_the_whole_protocol() -> None:
    assert ClientHeaders().as_dict() == {
        "cadence-client-name": "uber-go",
        "cadence-client-feature-version": "1.7.0",
        "cadence-client-library-version": __version__,
        "cadence-client-feature-flags": '{"WorkflowExecutionAlreadyCompletedErrorEnabled":true}',
        "cadence-caller-type": "sdk",
    }


def test_everything_can_be_said_otherwise() -> None:
    headers = ClientHeaders(
        client_name="uber-java",
        feature_version="1.5.0",
        library_version="x",
        caller_type="cli",
        already_completed_error=False,
        isolation_group="zone-1",
        extra={"tenant": "a", "cadence-caller-type": "y"},
    ).as_dict()
    assert headers["cadence-client-name"] == "uber-java"
    assert headers["cadence-client-feature-flags"] == "{}"
    assert headers["cadence-client-isolation-group"] == "zone-1"
    assert headers["tenant"] == "a"
    assert headers["cadence-caller-type"] == "y"


async def test_tokens_come_from_text_functions_and_coroutine_functions() -> None:
    async def fetch() -> str:
        return "c"

    assert await authorization_token("a") == "a"
    assert await authorization_token(lambda: "b") == "b"
    assert await authorization_token(fetch) == "c"
    with pytest.raises(TypeError, match="gave int, not a token"):
        await authorization_token(lambda: 3)  # type: ignore[arg-type, return-value]
