"""The shop's workflows, importable by name in this process and in others, and the history of one of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from cadence.testing import WorkflowEnvironment, WorkflowHistory

HERE = str(Path(__file__).parent)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(HERE)
    yield importlib.import_module("shop")
    sys.modules.pop("shop", None)


@pytest_asyncio.fixture
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with WorkflowEnvironment.time_skipping() as environment:
        yield environment


@pytest_asyncio.fixture
async def history(shop: Any, environment: WorkflowEnvironment) -> WorkflowHistory:
    """What a server recorded of an order."""
    options = {"execution_start_to_close_timeout": timedelta(days=60)}
    async with environment.worker(workflows=[shop.Order], activities=[shop.price_of, shop.send_mail]) as task_list:
        handle = await environment.client.start_workflow(shop.Order.run, "lamp", task_list=task_list, **options)
        assert await handle.result() == "lamp: 4"
    return await WorkflowHistory.from_server(environment.client, handle.workflow_id)
