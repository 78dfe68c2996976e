"""All scenarios by name, and running many of them at once against one frontend.

A scenario is a public coroutine function of a module in scenarios/; its name is `module.function`. It knows nothing of
recordings and pytest.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from differential.stage import Stage

from cadence.service import WorkflowService

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    Scenario = Callable[[Stage], Awaitable[None]]

__all__ = ("AT_ONCE", "AT_ONCE_ON_A_CLUSTER", "perform", "scenarios")

AT_ONCE = 48
"""Scenarios that run at the same time: most of them wait, for a timer or for the other side."""
AT_ONCE_ON_A_CLUSTER = 12
"""The same on a real server, which takes longer for each call."""
ALONE = "domains."
"""Scenarios that run one after the other: a real server refuses changes of domains that come at the same time."""


def scenarios() -> dict[str, Scenario]:
    """Find all scenarios."""
    found = {}
    for path in sorted((Path(__file__).parent / "scenarios").glob("*.py")):
        module = importlib.import_module(f"differential.scenarios.{path.stem}")
        for name, function in vars(module).items():
            if inspect.iscoroutinefunction(function) and not name.startswith("_"):
                assert function.__module__ == module.__name__
                found[f"{path.stem}.{name}"] = function
    return found


async def perform(
    names: Iterable[str], address: str, domain: str, at_once: int = AT_ONCE
) -> dict[str, tuple[Any, float]]:
    """Run scenarios, and give of each its record, or the exception that ended it, and the seconds it took."""
    known = scenarios()
    gate = asyncio.Semaphore(at_once)
    alone = asyncio.Lock()
    results: dict[str, tuple[Any, float]] = {}

    async def one(name: str) -> None:
        async with alone if name.startswith(ALONE) else gate, WorkflowService.connect(address, retry=None) as service:
            stage = Stage(address, service, domain, name)
            started = time.monotonic()
            result: Any = stage.record
            try:
                async with asyncio.timeout(90):
                    await known[name](stage)
                    await stage.finish()
            except Exception as error:  # noqa: BLE001  # the test of the scenario raises it
                result = error
            results[name] = (result, time.monotonic() - started)

    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(one(name))
    return results
