"""`cadence versions`: open runs by version, from search attributes and from markers, and what may be deleted."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.client import Client
from cadence.devserver import DevServer
from cadence.testing import wait_until
from cadence.worker import Worker

Command = Callable[..., Awaitable[Any]]


def order(newest: int, *, oldest: int = workflow.DEFAULT_VERSION) -> type:
    """The workflow's code at some time: the change's newest version, or -2 before there was one."""

    @workflow.defn(name="Order")
    class Order:
        def __init__(self) -> None:
            self.is_paid = False

        @workflow.run
        async def run(self) -> int:
            version = workflow.DEFAULT_VERSION
            if newest >= 0:
                version = workflow.get_version("check-fraud", oldest, newest)
            await workflow.wait_condition(lambda: self.is_paid)
            return version

        @workflow.signal
        def pay(self) -> None:
            self.is_paid = True

    return Order


@pytest.fixture
def run(server: DevServer) -> Callable[..., Awaitable[None]]:
    """Let runs begin with some code, and wait until they stand at their condition."""

    async def run(code: type, *names: str, pay: bool = False) -> None:
        options: dict[str, Any] = {"task_list": "orders", "execution_start_to_close_timeout": timedelta(minutes=9)}
        async with (
            Client.connect(server.address, domain="samples") as client,
            Worker(client, "orders", workflows=[code]),
        ):
            for name in names:
                handle = await client.start_workflow("Order", workflow_id=name, **options)
                if pay:
                    await handle.signal("pay")
                    await handle.result()
                    continue

                async def is_waiting(handle: Any = handle) -> bool:
                    return (await handle.describe()).history_length > 3

                await wait_until(is_waiting)

    return run


async def test_open_runs_by_version(cadence: Command, run: Any) -> None:
    said = await cadence("versions")
    assert (said.code, said.out) == (0, "no changes with versions in 0 open runs\n")
    await run(order(-2), "before")
    await run(order(1), "one")
    await run(order(3), "three", "drei")
    said = await cadence("versions")
    assert said.code == 0, said.err
    assert [line.split(maxsplit=4) for line in said.out.splitlines()[1:-1]] == [
        ["check-fraud", "-1", "1", "Order", "in use, or not reached yet"],
        ["check-fraud", "0", "0", "Order", "may be deleted"],
        ["check-fraud", "1", "1", "Order", "in use"],
        ["check-fraud", "2", "0", "Order", "may be deleted"],
        ["check-fraud", "3", "2", "Order", "in use"],
    ]
    assert said.out.endswith("\n4 open runs\n")
    await cadence("workflow", "terminate", "before")
    await cadence("workflow", "terminate", "one")
    said = await cadence("versions", "--json", "--workflow-type", "Order")
    answer = json.loads(said.out)
    assert answer["openRuns"] == 2
    (change,) = answer["changes"]
    assert (change["changeId"], change["workflowTypes"], change["minimum"]) == ("check-fraud", ["Order"], 3)
    assert change["versions"][0] == {"version": -1, "openRuns": 0, "mayBeDeleted": True}
    assert change["versions"][4] == {"version": 3, "openRuns": 2, "mayBeDeleted": False}
    assert json.loads((await cadence("versions", "--json", "-t", "Other")).out) == {"openRuns": 0, "changes": []}


async def test_changes_of_closed_runs_alone(cadence: Command, run: Any) -> None:
    await run(order(1), "one", pay=True)
    said = await cadence("versions")
    assert [line.split(maxsplit=4)[1:] for line in said.out.splitlines()[1:-1]] == [
        ["-1", "0", "Order", "may be deleted"],
        ["0", "0", "Order", "may be deleted"],
        ["1", "0", "Order", "newest"],
    ]
    assert (await cadence("versions", "--closed", "0")).out == "no changes with versions in 0 open runs\n"


async def test_markers_where_the_list_shows_no_attributes(
    cadence: Command, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run(order(2), "two")
    monkeypatch.setattr("cadence.cli.versions._ATTRIBUTE", "NotThere")
    (change,) = json.loads((await cadence("versions", "--json")).out)["changes"]
    assert change["versions"][-1] == {"version": 2, "openRuns": 1, "mayBeDeleted": False}
    assert change["minimum"] == 2


async def test_a_query_speaks_for_its_runs_alone(cadence: Command, run: Any) -> None:
    await run(order(1), "one", "other")
    said = await cadence("versions", "--query", "WorkflowID = 'one' OR WorkflowID = 'none'")
    assert said.code == 0, said.err
    assert said.out.endswith("1 open run that the query finds; other runs may need a branch\n")
    said = await cadence("versions", "--query", "CloseTime = missing")
    assert (said.code, "leave CloseTime out" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "read"),
    [("a-1-2", {("a-1", 2)}), ("a--1", {("a", -1)}), (["a-1", "b-2", "nonsense"], {("a", 1), ("b", 2)}), (None, set())],
)
def test_names_of_versions(text: Any, read: set[tuple[str, int]]) -> None:
    from types import SimpleNamespace

    from cadence.cli.versions import _from_attribute

    run: Any = SimpleNamespace(search_attributes={"CadenceChangeVersion": text})
    assert _from_attribute(run) == read
