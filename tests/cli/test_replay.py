"""`cadence replay`: files and what a server has, with code that fits and code that doesn't, and the debugger."""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence.client import Client
from cadence.devserver import DevServer
from cadence.testing import WorkflowHistory
from cadence.worker import Worker

Command = Callable[..., Awaitable[Any]]

PROGRAM = """
from datetime import timedelta
from cadence import activity, workflow
from cadence.converter import DataConverter

TEN = timedelta(seconds=10)

@activity.defn
async def price_of(article: str) -> int:
    return len(article)

@activity.defn
async def send(article: str) -> None: ...

@workflow.defn
class Order:
    @workflow.run
    async def run(self, article: str) -> int:
        price = await workflow.execute_activity(price_of, article, schedule_to_close_timeout=TEN)
        await workflow.execute_activity(send, article, schedule_to_close_timeout=TEN)
        return price

@workflow.defn
class Other:
    @workflow.run
    async def run(self) -> None: ...

def converter() -> DataConverter:
    return DataConverter()
"""
CHANGED = PROGRAM.replace("price = await", "await workflow.sleep(60)\n        price = await")
FAILING = PROGRAM.replace("        price = ", "        stock = {}\n        stock[article]\n        price = ")
FEWER = PROGRAM.replace("        await workflow.execute_activity(send, article, schedule_to_close_timeout=TEN)\n", "")
MODULES = {"replayed": PROGRAM, "replayed_changed": CHANGED, "replayed_failing": FAILING, "replayed_fewer": FEWER}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
async def recorded(server: DevServer, folder: Path) -> Path:
    """Two orders and another workflow on the server, and a file of one of the orders."""
    app: Any = importlib.import_module("replayed")
    async with Client.connect(server.address, domain="samples") as client:
        worker = Worker(client, "orders", workflows=[app.Order, app.Other], activities=[app.price_of, app.send])
        async with worker:
            for kind, name, given in (("Order", "a", ["lamp"]), ("Order", "b", ["book"]), ("Other", "c", [])):
                await client.execute_workflow(
                    kind,
                    *given,
                    workflow_id=name,
                    task_list="orders",
                    execution_start_to_close_timeout=timedelta(minutes=1),
                )
        history = await WorkflowHistory.from_server(client, "a")
    (folder / "a.json").write_text(history.to_json())
    return folder


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let somebody type at the debugger's prompt."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


async def test_files(cadence: Command, recorded: Path) -> None:
    said = await cadence("replay", "replayed", "a.json")
    assert (said.code, said.err) == (0, "")
    first, last = said.out.splitlines()
    assert first.startswith("replays  Order  a.json  (17 events, ")
    assert last == "1 history replayed, 0 failed"
    (recorded / "more").mkdir()
    (recorded / "more/b.json").write_text((recorded / "a.json").read_text())
    (recorded / "more/c.json").write_text('{"nonsense": 1}')
    said = await cadence("replay", "replayed_changed:Order", "a.json", "more", "--processes", "2")
    assert said.code == 1
    assert said.out.count("differs  Order") == 2
    assert (
        said.out.count('  history:   activity "price_of" (id 0)') == said.out.count("  code:      timer of 60 s") == 2
    )
    assert "fails    ?  more/c.json" in said.out
    assert said.out.endswith("3 histories replayed, 3 failed\n")


async def test_files_of_the_server_project_and_of_this_command(cadence: Command, recorded: Path) -> None:
    shown = await cadence("workflow", "show", "b", "--json")
    (recorded / "ours.json").write_text(shown.out)
    events = json.loads((recorded / "a.json").read_text())
    (recorded / "theirs.json").write_text(json.dumps({"events": events}))
    said = await cadence(
        "replay", "replayed", "ours.json", "theirs.json", "--converter", "replayed:converter", "--json"
    )
    assert said.code == 0, said.err
    answer = json.loads(said.out)
    assert (answer["replayed"], answer["failed"]) == (2, 0)
    assert [(one["source"], one["workflowType"], one["events"], one["ok"]) for one in answer["results"]] == [
        ("ours.json", "Order", 17, True),
        ("theirs.json", "Order", 17, True),
    ]


@pytest.mark.parametrize("processes", ["1", "2"])
async def test_what_a_query_finds(cadence: Command, recorded: Path, processes: str) -> None:
    said = await cadence("replay", "replayed:Order", "--query", "", "--processes", processes, "--json")
    assert said.code == 0, said.err
    answer = json.loads(said.out)
    assert {one["source"].split()[0] for one in answer["results"]} == {"a", "b"}
    said = await cadence("replay", "replayed_changed:Order", "-q", "WorkflowType = 'Order'", "-n", "1", "--json")
    assert said.code == 1, said.err
    (result,) = json.loads(said.out)["results"]
    assert (result["ok"], result["eventId"]) == (False, 5)
    assert "timer of 60 s" in result["problem"]


async def test_one_run_of_a_server(cadence: Command, recorded: Path) -> None:
    said = await cadence("replay", "replayed", "--workflow-id", "b")
    assert said.code == 0, said.err
    assert said.out.startswith("replays  Order  b ")
    said = await cadence("replay", "replayed", "--workflow-id", "nowhere")
    assert (said.code, 'workflow "nowhere" is unknown' in said.err) == (1, True)


async def test_as_far_as_an_event(cadence: Command, recorded: Path) -> None:
    said = await cadence("replay", "replayed", "a.json", "--until", "5")
    assert said.code == 0, said.err
    assert '[waits for activity "price_of" (id 0)]' in said.out
    assert "price = await workflow.execute_activity(" in said.out
    said = await cadence("replay", "replayed", "a.json", "--until", "7", "--json")
    (result,) = json.loads(said.out)["results"]
    assert 'waits for activity "send"' in result["waits"]
    said = await cadence("replay", "replayed", "a.json", "--until", "17")
    assert "the run is closed" in said.out
    said = await cadence("replay", "replayed", "a.json", "--until", "18")
    assert (said.code, "there is no event 18" in said.out) == (1, True)
    # The part that fits fits, whatever comes behind it.
    assert (await cadence("replay", "replayed_fewer", "a.json", "--until", "5")).code == 0


@pytest.mark.parametrize(  # the line that asked, or the first one that runs
    ("given", "line"),
    [
        ("replayed_changed:Order", "-> await workflow.sleep(60)"),
        ("replayed_fewer:Order", "-> return price"),
        ("replayed_failing:Order", "-> stock[article]"),
        ("replayed --until 5", "-> price = await workflow.execute_activity(price_of"),
        ("replayed --until 11", "-> await workflow.execute_activity(send"),
        ("replayed --until 3", "-> price = await workflow.execute_activity(price_of"),
    ],
)
async def test_the_debugger_opens_in_workflow_code(
    cadence: Command, recorded: Path, typed: Callable[[str], None], given: str, line: str
) -> None:
    typed("p article\nq\n")
    said = await cadence("replay", *given.split(), "--pdb", *(["-w", "a"] if "until" in given else ["-q", ""]))
    assert said.code == (0 if "until" in given else 1), said.err
    assert line in said.out
    assert "'lamp'" in said.out.partition(line)[2] or "'book'" in said.out.partition(line)[2]


async def test_steps_go_on_to_the_next_line_of_the_workflow(
    cadence: Command, recorded: Path, typed: Callable[[str], None]
) -> None:
    typed("n\np price\nc\n")
    said = await cadence("replay", "replayed", "-w", "a", "--pdb", "--until", "7")
    assert said.code == 0, said.err
    assert "-> return price" in said.out
    assert said.out.endswith("(cadence) 4\n(cadence) ")


async def test_no_line_to_debug(cadence: Command, recorded: Path) -> None:
    (recorded / "replayed_typed.py").write_text(PROGRAM.replace("self, article: str", "self, article: int"))
    said = await cadence("replay", "replayed_typed:Order", "a.json", "--pdb")
    assert said.code == 1
    assert "fails    Order  a.json" in said.out
    assert said.out.endswith("there is nothing to debug\n")
    sys.modules.pop("replayed_typed")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["replayed"], "which histories?"),
        (["replayed", "a.json", "--query", ""], "which histories?"),
        (["replayed", "a.json", "--run-id", "x"], "needs --workflow-id"),
        (["replayed", "a.json", "--limit", "2"], "is for --query"),
        (["replayed", "a.json", "--pdb", "--json"], "leave out --json"),
        (["replayed", "a.json", "--pdb", "--processes", "2"], "leave out --processes"),
        (["nowhere", "a.json"], "no module nowhere"),
        (["replayed:Nothing", "a.json"], "has no workflow Nothing"),
        (["json", "a.json"], "module json has no workflow"),
        (["replayed", "b.json"], "no history at b.json"),
        (["replayed", "a.json", "--converter", "replayed"], "is not MODULE:NAME"),
        (["replayed_twice", "a.json"], "replayed_twice:CLASS"),
    ],
)
async def test_mistakes(cadence: Command, folder: Path, arguments: list[str], words: str) -> None:
    (folder / "replayed_twice.py").write_text(PROGRAM + "\n@workflow.defn(name='Order')\nclass Second(Other): ...\n")
    said = await cadence("replay", *arguments)
    assert said.code == 2
    assert words in said.err
    assert len(said.err.splitlines()) == 1
    sys.modules.pop("replayed_twice", None)
