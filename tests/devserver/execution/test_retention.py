"""Closed runs go after their time; open ones and their namesakes stay."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cadence.api.errors import EntityNotExistsError
from cadence.devserver.execution import retention
from cadence.devserver.execution.retention import Retention

DAY = 86_400
TABLES = ("runs", "events", "visibility", "current_runs")


def rows(ground: Any) -> list[int]:
    return [ground.store.read(f"SELECT COUNT(DISTINCT run_id) FROM {table}")[0][0] for table in TABLES]


def test_old_runs_go(ground: Any, tools: Any) -> None:
    ground.domains.update("samples", lambda old: replace(old, retention_days=2))
    ground.start("old", execution_start_to_close_timeout_seconds=10 * DAY)
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    first = ground.start("open", execution_start_to_close_timeout_seconds=10 * DAY)
    ground.clock.advance(DAY)
    ground.decide(tools.decision("ContinueAsNewWorkflowExecution"))
    sweep = Retention(ground.service.runs).sweep
    assert sweep() is False
    assert ground.current("old")
    ground.clock.advance(DAY + 1)
    sweep()
    with pytest.raises(EntityNotExistsError):
        ground.current("old")
    assert ground.service.find(ground.domain.id, "open", first.state.run_id) is first
    ground.clock.advance(DAY)
    sweep()
    assert ground.current("open").state.is_open
    with pytest.raises(EntityNotExistsError):
        ground.service.find(ground.domain.id, "open", first.state.run_id)
    assert rows(ground) == [0, 1, 1, 0]
    ground.start("old")


def test_a_sweep_goes_on_where_there_is_more(ground: Any, tools: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_PART", 3)
    for number in range(7):
        ground.start(f"w{number}")
        ground.decide(tools.decision("CompleteWorkflowExecution"))
    ground.clock.advance(2 * DAY)
    sweep = Retention(ground.service.runs).sweep
    assert [sweep(), sweep(), sweep()] == [True, True, False]
    assert rows(ground) == [0, 0, 0, 0]
    assert ground.service.runs._closed_size == 0


async def test_a_server_sweeps_from_its_start(ground: Any, tools: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    swept = asyncio.Event()
    sweep = Retention.sweep

    def sweep_and_tell(self: Retention) -> bool:
        more = sweep(self)
        swept.set()
        return more

    monkeypatch.setattr(retention, "_PAUSE", 0.01)
    monkeypatch.setattr(Retention, "sweep", sweep_and_tell)
    ground.start()
    ground.decide(tools.decision("CompleteWorkflowExecution"))
    ground.clock.advance(2 * DAY)
    await ground.service.start()
    await asyncio.wait_for(swept.wait(), 10)
    await ground.service.close()
    assert rows(ground) == [0, 0, 0, 0]
