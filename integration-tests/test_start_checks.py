"""What a worker finds out before it polls: domain there, version accepted; each told with what to do."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import Client, Worker, activity
from cadence.errors import ClientVersionNotSupportedError
from cadence.exceptions import ConfigurationError
from cadence.service import ClientHeaders


@activity.defn(name="nothing")
async def nothing() -> None:
    """Never run."""


async def test_a_version_that_the_server_does_not_know(frontend: Any) -> None:
    headers = ClientHeaders(feature_version="99.0.0")
    async with Client.connect(frontend.address, domain=frontend.domain, headers=headers) as client:
        with pytest.raises(ClientVersionNotSupportedError, match=r"99\.0\.0.*feature_version=") as caught:
            await Worker(client, "any", activities=[nothing]).start()
    assert caught.value.client_impl == "uber-go"
    assert caught.value.supported_versions


async def test_a_domain_that_is_not_there(frontend: Any) -> None:
    async with Client.connect(frontend.address, domain="there-is-none-such") as client:
        with pytest.raises(ConfigurationError, match="cadence domain register there-is-none-such"):
            await Worker(client, "any", activities=[nothing]).start()
