"""Closed runs go when their time is over, all of them and nothing else."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from cadence import api
from cadence.api.errors import EntityNotExistsError
from cadence.devserver.clock import SECOND, SkippingClock
from cadence.devserver.domains import Domain, DomainRegistry
from cadence.devserver.execution import retention
from cadence.devserver.execution.history_service import HistoryService
from cadence.devserver.matching.task_lists import Matching
from cadence.devserver.store.sqlite import SqliteStore

DAY = 24 * 60 * 60 * SECOND


@pytest.mark.parametrize("on_file", [False, True])
async def test_only_what_is_too_old_goes(tmp_path: Path, on_file: bool) -> None:
    store = SqliteStore(tmp_path / "a.db" if on_file else None)
    clock = SkippingClock()
    clock.skipping = False
    domains = DomainRegistry(store, auto_register=False, retention_days=3)
    short = domains.register(Domain(id=str(uuid.uuid4()), name="short", retention_days=1))
    long = domains.register(Domain(id=str(uuid.uuid4()), name="long", retention_days=30))
    history = HistoryService(store, clock, domains, Matching(clock))

    def start(domain: Domain, name: str) -> str:
        return history.start_workflow(
            domain,
            api.StartWorkflowExecutionRequest(
                domain=domain.name,
                workflow_id=name,
                workflow_type=api.WorkflowType(name="order"),
                task_list=api.TaskList(name="orders"),
                execution_start_to_close_timeout_seconds=10**9,
                task_start_to_close_timeout_seconds=10,
                request_id=str(uuid.uuid4()),
            ),
            client=("", ""),
        )

    def terminate(domain: Domain, name: str) -> None:
        request = api.TerminateWorkflowExecutionRequest(domain.name, api.WorkflowExecution(workflow_id=name))
        history.terminate(domain, request)

    for domain in (short, long):
        for number in range(120):
            start(domain, f"closed-{number}")
            terminate(domain, f"closed-{number}")
        start(domain, "open")
    again = start(short, "closed-0")
    assert await retention.sweep(history.runs) == 0
    clock.advance(2 * DAY)
    terminate(short, "closed-0")
    assert await retention.sweep(history.runs) == 120
    assert await retention.sweep(history.runs) == 0
    assert history.find(short.id, "open").state.is_open
    assert history.find(short.id, "closed-0").state.run_id == again
    with pytest.raises(EntityNotExistsError):
        history.find(short.id, "closed-1")
    assert history.find(long.id, "closed-1").events
    domains.update("long", lambda old: replace(old, retention_days=1))
    assert await retention.sweep(history.runs) == 120
    clock.advance(2 * DAY)
    assert await retention.sweep(history.runs) == 1
    assert store.read_one("SELECT COUNT(*) FROM visibility WHERE close_time IS NOT NULL") == (0,)
    assert store.read_one("SELECT COUNT(*) FROM current_runs") == (0,)
    assert store.read_one("SELECT COUNT(*) FROM runs") == (2 if on_file else 0,)
    assert store.read_one("SELECT COUNT(DISTINCT run_id) FROM events") == (2,)
    await history.close()
    clock.close()
    await store.close()
