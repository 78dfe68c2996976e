"""`cadence schedule`, run for real against a dev server."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

Command = Callable[..., Awaitable[Any]]
RARELY = ("--cron", "0 0 1 1 *")


@pytest.fixture
async def schedule(cadence: Command) -> Command:
    """Run `cadence schedule ...`, which must go well."""

    async def command(*arguments: str) -> str:
        said = await cadence("schedule", *arguments)
        assert said.code == 0, said.err
        out: str = said.out
        return out

    return command


async def test_a_schedule_is_made_and_described(schedule: Command) -> None:
    made = await schedule(
        "create", "daily", "report", *RARELY, "-t", "reports", "-i", '"all"', "-i", "2", "--prefix", "r",
        "--start", "2026-01-01T00:00Z", "--end", "2050-01-01T01:00+01:00", "--jitter", "5s", "--overlap", "buffer",
        "--catch-up", "one", "--catch-up-window", "1h", "--buffer-limit", "7", "--concurrency-limit", "8",
        "--memo", "owner=\"me\"",
    )  # fmt: skip
    assert made == "made schedule daily\n"
    told = json.loads(await schedule("describe", "daily", "--json"))
    assert told["spec"] == {
        "cronExpression": "0 0 1 1 *",
        "startTimeNano": 1_767_225_600 * 10**9,
        "endTimeNano": 2_524_608_000 * 10**9,
        "jitterInSeconds": 5,
    }
    assert told["policies"] == {
        "overlapPolicy": "BUFFER",
        "catchUpPolicy": "ONE",
        "catchUpWindowInSeconds": 3600,
        "pauseOnFailure": False,
        "bufferLimit": 7,
        "concurrencyLimit": 8,
    }
    start = told["action"]["startWorkflow"]
    assert (start["workflowType"], start["taskList"]) == ({"name": "report"}, {"name": "reports"})
    assert (start["input"], start["workflowIdPrefix"]) == ('"all"\n2\n', "r")
    assert told["memo"] == {"fields": {"owner": "me"}}
    shown = await schedule("describe", "daily")
    lines = dict(line.split("  ", 1) for line in shown.splitlines())
    facts = {name.strip(): value.strip() for name, value in lines.items()}
    assert (facts["schedule"], facts["state"], facts["cron"]) == ("daily", "active", "0 0 1 1 *")
    assert (facts["starts"], facts["input"], facts["overlap"]) == ("report", '"all" 2', "BUFFER")
    assert facts["runs"] == "0 started, 0 skipped, 0 missed"
    assert "next start" in facts
    assert "last start" not in facts


async def test_schedules_are_listed(schedule: Command) -> None:
    assert (await schedule("list")).split() == ["SCHEDULE", "STATE", "CRON", "STARTS"]
    for name in ("a", "b", "c"):
        await schedule("create", name, "report", *RARELY, "-t", "reports")
    await schedule("pause", "b")
    rows = [line.split() for line in (await schedule("list")).splitlines()[1:]]
    assert sorted(rows) == [
        ["a", "active", "0", "0", "1", "1", "*", "report"],
        ["b", "paused", "0", "0", "1", "1", "*", "report"],
        ["c", "active", "0", "0", "1", "1", "*", "report"],
    ]
    assert len(json.loads(await schedule("list", "--json"))) == 3
    assert len(json.loads(await schedule("list", "--json", "-n", "2"))) == 2


async def test_pausing_and_going_on(schedule: Command) -> None:
    await schedule("create", "s", "report", *RARELY, "-t", "reports")
    assert await schedule("pause", "s", "--reason", "rain") == "paused schedule s\n"
    state = next(line for line in (await schedule("describe", "s")).splitlines() if line.startswith("state"))
    assert "paused since " in state
    assert state.endswith(" by cadence-cli: rain")
    assert await schedule("unpause", "s", "--catch-up", "one") == "schedule s goes on\n"
    assert "active" in await schedule("describe", "s")
    await schedule("unpause", "s")


async def test_a_span_is_made_up_for(schedule: Command, cadence: Command) -> None:
    await schedule("create", "s", "report", "--cron", "0 * * * *", "-t", "reports")
    span = ("2026-01-01T10:00Z", "2026-01-01T12:00Z")
    assert await schedule("backfill", "s", *span, "--overlap", "concurrent", "--id", "b") == (
        "schedule s makes up for the span\n"
    )
    listed = json.loads((await cadence("workflow", "list", "--json")).out)
    started = {run["execution"]["workflowId"] for run in listed if run["type"]["name"] == "report"}
    assert started == {f"s-2026-01-01T{hour}:00:00Z" for hour in (10, 11, 12)}
    await schedule("pause", "s")
    await schedule("backfill", "s", *span)
    assert "0 of 3 starts" in await schedule("describe", "s")


async def test_a_schedule_is_deleted(schedule: Command, cadence: Command) -> None:
    await schedule("create", "s", "report", *RARELY, "-t", "reports")
    assert await schedule("delete", "s") == "deleted schedule s\n"
    await schedule("delete", "s")
    said = await cadence("schedule", "describe", "s")
    assert said.code != 0
    assert "ended with status COMPLETED" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("describe", "nope"), 'schedule "nope" not found'),
        (("create", "s", "report", "--cron", "never", "-t", "t"), "Invalid CronSchedule"),
        (("create", "s", "report", *RARELY), "which task list?"),
        (("create", "s", "report", *RARELY, "-t", "t", "--overlap", "often"), "--overlap 'often' is none of"),
        (("create", "s", "report", *RARELY, "-t", "t", "--start", "soon"), "--start 'soon' is not a time"),
        (("create", "s", "report", *RARELY, "-t", "t", "-i", "x"), "is not JSON"),
        (("unpause", "s", "--catch-up", "some"), "--catch-up 'some' is none of"),
        (("backfill", "s", "2026-01-01", "2026-01-01"), "EndTime must be after StartTime."),
    ],
)
async def test_mistakes_are_explained(cadence: Command, arguments: tuple[str, ...], words: str) -> None:
    said = await cadence("schedule", *arguments)
    assert said.code in {1, 2}
    assert words in said.err
    assert "Traceback" not in said.err
