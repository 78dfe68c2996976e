"""A frontend in memory, which answers the worker's RPCs and notes what it was told."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_service import FakeService

from cadence.worker.mailbox import Mailbox


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
async def mailbox() -> Mailbox:
    return Mailbox(asyncio.get_running_loop())
