"""A coroutine activity that blocks its event loop starves neither polls nor heartbeats, and the log names its line."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow

NET = 30.0


@workflow.defn
class Charge:
    @workflow.run
    async def run(self) -> str:
        blocking = workflow.execute_activity("block", schedule_to_close_timeout=timedelta(minutes=1))
        heard = workflow.execute_activity("wait_for_warning", schedule_to_close_timeout=timedelta(minutes=1))
        blocked, other = await asyncio.gather(blocking, heard)
        return f"{blocked} {other}"


class Told(logging.Handler):
    """Waits for the warning."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.event = threading.Event()
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        if "holds the event loop" in record.getMessage():
            self.text = record.getMessage()
            self.event.set()


async def test_a_blocking_coroutine_is_named_while_the_rest_goes_on(scene: Any, request: pytest.FixtureRequest) -> None:
    told = Told()
    logger = logging.getLogger("cadence.worker")
    logger.addHandler(told)
    request.addfinalizer(lambda: logger.removeHandler(told))
    threaded = threading.Event()

    @activity.defn
    async def block() -> str:
        # Ends only after the other activity has run: were the worker's wire on this loop, it never would.
        assert threaded.wait(NET)
        return "blocked"

    @activity.defn
    def wait_for_warning() -> str:
        assert told.event.wait(NET)
        threaded.set()
        return "told"

    async with scene.worker([Charge], [block, wait_for_warning]):
        handle = await scene.start(Charge.run)
        assert await scene.result(handle) == "blocked told"
    assert told.text.startswith(f"activity block of workflow {handle.workflow_id} holds the event loop for ")
    assert "in block" in told.text
    assert "threaded.wait(NET)" in told.text
