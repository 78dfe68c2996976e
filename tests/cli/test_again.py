"""`cadence workflow reset|restart|batch` and `cadence task-list`, run for real against a dev server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from cadence import api
from cadence.service import WorkflowService

Command = Callable[..., Awaitable[Any]]


@pytest.fixture
def start(cadence: Command) -> Callable[..., Awaitable[str]]:
    """Start a workflow, and give its run id."""

    async def start(name: str, kind: str = "order") -> str:
        said = await cadence("workflow", "start", kind, "-t", "orders", "-w", name, "--json")
        assert said.code == 0, said.err
        run_id: str = json.loads(said.out)["runId"]
        return run_id

    return start


@pytest.fixture
def decide(service: WorkflowService) -> Callable[[str], Awaitable[None]]:
    """Decide nothing, once, as a worker of a certain build."""

    async def decide(checksum: str) -> None:
        task = await service.poll_for_decision_task(
            api.PollForDecisionTaskRequest(
                domain="samples", task_list=api.TaskList(name="orders"), identity="hand", binary_checksum=checksum
            )
        )
        await service.respond_decision_task_completed(
            api.RespondDecisionTaskCompletedRequest(
                task_token=task.task_token, decisions=[], binary_checksum=checksum, identity="hand"
            )
        )

    return decide


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--first-decision",), "the first decision"),
        (("--last-decision",), "the last decision"),
        (("--event", "4"), "event 4"),
        (("--time", "2026-01-31T09:00Z"), "the first decision at 2026-01-31"),
        (("--bad-binary", "bad"), "the first decision of build bad"),
    ],
)
async def test_a_reset(cadence: Command, start: Any, decide: Any, options: tuple[str, ...], words: str) -> None:
    first = await start("order-1")
    await decide("bad")
    said = await cadence("workflow", "reset", "order-1", *options, "--reason", "a bug")
    assert said.code == 0, said.err
    assert said.out.startswith(f"workflow order-1 goes on from {words}")
    run_id = said.out.split()[-1]
    assert run_id != first
    assert "a bug" in (await cadence("workflow", "show", "order-1", "-r", first)).out
    assert run_id in (await cadence("workflow", "describe", "order-1")).out


async def test_resets_that_can_not_be(cadence: Command, start: Any) -> None:
    said = await cadence("workflow", "reset", "order-1")
    assert (said.code, said.err[:11]) == (2, "from where?")
    said = await cadence("workflow", "reset", "order-1", "--first-decision", "--event", "4")
    assert said.code == 2
    said = await cadence("workflow", "reset", "order-1", "--time", "noon")
    assert (said.code, "is not a time" in said.err) == (2, True)
    said = await cadence("workflow", "reset", "order-1", "--event", "1")
    assert (said.code, "a reset to event 1" in said.err) == (1, True)
    said = await cadence("workflow", "reset", "order-1", "--last-decision")
    assert (said.code, 'workflow "order-1" is unknown' in said.err) == (1, True)
    await start("order-1")
    said = await cadence("workflow", "reset", "order-1", "--last-decision")
    assert (said.code, "no such decision" in said.err) == (1, True)


async def test_a_restart(cadence: Command, start: Any) -> None:
    first = await start("order-1")
    said = await cadence("workflow", "restart", "order-1")
    assert said.code == 0, said.err
    assert said.out.startswith("workflow order-1 starts once more\nrun  ")
    assert said.out.split()[-1] != first


async def test_a_batch_shows_what_it_would_do_and_then_does_it(cadence: Command, start: Any) -> None:
    for name in ("a", "b"):
        await start(name)
    await start("c", "other")
    which = ("--query", "WorkflowType = 'order'")
    said = await cadence("workflow", "batch", "terminate", *which)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].split() == ["WORKFLOW", "RUN", "STATUS"]
    assert {line.split()[0] for line in lines[1:3]} == {"a", "b"}
    assert lines[3] == "2 of 2 workflows to terminate; to do it, add --yes"
    said = await cadence("workflow", "batch", "signal", *which, "--name", "pay", "-i", '{"amount": 5}', "--yes")
    assert (said.code, said.out) == (0, "signal: 2 done, 0 skipped, 0 failed\n")
    assert 'input={"amount":5}' in (await cadence("workflow", "show", "a")).out.replace(" ", "").replace("\\", "")
    said = await cadence("workflow", "batch", "cancel", "--type", "order", "--open", "-y", "--reason", "enough")
    assert said.out == "cancel: 2 done, 0 skipped, 0 failed\n"
    said = await cadence("workflow", "batch", "terminate", *which, "-y", "--json")
    assert json.loads(said.out) == {"dryRun": False, "found": 2, "done": 2, "skipped": 0, "failures": []}
    said = await cadence("workflow", "batch", "terminate", "--all", "-y")
    assert said.out == "terminate: 1 done, 2 skipped, 0 failed\n"
    said = await cadence("workflow", "batch", "terminate", "--type", "none", "-y")
    assert said.out == "there are no such workflows\n"


async def test_a_batch_tells_what_failed(cadence: Command, start: Any, decide: Any) -> None:
    await start("a")
    await decide("one")
    await start("b")
    said = await cadence("workflow", "batch", "reset", "--all", "--last-decision", "-y")
    assert said.code == 1
    failure, summary = said.out.splitlines()
    assert failure.startswith('workflow "b" run ')
    assert "no such decision" in failure
    assert summary == "reset: 1 done, 0 skipped, 1 failed"
    assert said.err == "1 of 2 workflows: it could not be done\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("terminate",), "which workflows?"),
        (("terminate", "--all", "--query", "x"), "which workflows?"),
        (("terminate", "--all", "--name", "x"), "are for signals"),
        (("terminate", "--all", "--first-decision"), "is for resets"),
        (("signal", "--all"), "which signal?"),
        (("signal", "--all", "--name", "x", "-i", "{"), "is not JSON"),
        (("reset", "--all"), "from where?"),
        (("pause", "--all"), "pause"),
    ],
)
async def test_batches_that_can_not_be(cadence: Command, arguments: tuple[str, ...], words: str) -> None:
    said = await cadence("workflow", "batch", *arguments)
    assert (said.code, words in said.err) == (2, True), said.err


async def test_a_query_that_is_wrong(cadence: Command) -> None:
    said = await cadence("workflow", "batch", "terminate", "-q", "WorkflowType = ")
    assert said.code == 1
    assert said.err.strip()


async def test_task_lists(cadence: Command, start: Any, service: WorkflowService) -> None:
    for name in ("a", "b"):
        await start(name)
    said = await cadence("task-list", "describe", "orders")
    assert said.code == 0, said.err
    assert "decision tasks  2 wait" in said.out
    assert "nobody polls it" in said.out
    await service.poll_for_decision_task(
        api.PollForDecisionTaskRequest(domain="samples", task_list=api.TaskList(name="orders"), identity="by\x1bhand")
    )
    said = await cadence("task-list", "describe", "orders")
    assert "by\\x1bhand" in said.out
    told = json.loads((await cadence("task-list", "describe", "orders", "--json")).out)
    assert told["decision"]["backlog"] == 1
    assert told["decision"]["pollers"][0]["identity"] == "by\x1bhand"
    assert (told["activity"]["pollers"], len(told["partitions"])) == ([], 2)
    lines = (await cadence("task-list", "list")).out.splitlines()
    assert lines[0].split() == ["TASK", "LIST", "KIND", "POLLERS", "WAIT"]
    assert ["orders", "decision", "1", "1"] in [line.split() for line in lines]
    found = json.loads((await cadence("task-list", "list", "--json")).out)
    assert [each["backlog"] for each in found if (each["name"], each["kind"]) == ("orders", "decision")] == [1]
    said = await cadence("task-list", "describe", "")
    assert (said.code, "name" in said.err) == (1, True)


async def test_a_token_comes_from_a_file(cadence: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "token"
    said = await cadence("--token-file", str(path), "domain", "list")
    assert (said.code, "no authorization token in" in said.err) == (1, True)
    await asyncio.to_thread(path.write_text, "s3cr3t")
    monkeypatch.setenv("CADENCE_TOKEN_FILE", str(path))
    said = await cadence("domain", "list")
    assert said.code == 0, said.err
    assert "s3cr3t" not in said.out
