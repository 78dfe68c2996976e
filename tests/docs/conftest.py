"""The pages that are tried, and a dev server for the programs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cadence.devserver import DevServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def frontend() -> AsyncIterator[str]:
    """The address of a dev server in this process."""
    async with DevServer() as server:
        yield server.address
