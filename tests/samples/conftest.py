"""The frontend that samples run against: the one at CADENCE_ADDRESS, or a dev server in this process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cadence.devserver import DevServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def frontend() -> AsyncIterator[str]:
    """Its address."""
    address = os.environ.get("CADENCE_ADDRESS")
    if address:
        yield address
        return
    async with DevServer() as server:
        yield server.address
