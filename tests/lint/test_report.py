"""How findings read, and how they are told to be known."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cadence.lint import Finding, Severity
from cadence.lint.report import Step, as_json, as_text, summary

Look = Callable[..., list[Any]]
CLOCK = Finding(
    "shop/prices.py",
    12,
    9,
    12,
    "CAD001",
    Severity.ERROR,
    "time.time()",
    (Step("Order.run", "shop/orders.py", 30), Step("price", "shop/orders.py", 33)),
)


def test_a_finding_says_where_what_why_and_what_instead() -> None:
    assert as_text(CLOCK).splitlines() == [
        "shop/prices.py:12:9: CAD001 error: time.time() [wall-clock]",
        "    why:     the clock stands elsewhere at replay than at the first run",
        "    instead: workflow.now(), workflow.time() or workflow.time_ns()",
        "    reached: Order.run (shop/orders.py:30) -> price (shop/orders.py:33)",
    ]


def test_a_milder_finding_says_why_it_is_milder(look_at_run: Look) -> None:
    [finding] = look_at_run("await workflow.execute_activity('x', time.time())", "import time")
    assert "input of a call alone" in as_text(finding)
    [finding] = look_at_run("print(1)")
    assert "input" not in as_text(finding)


def test_for_programs() -> None:
    value = json.loads(json.dumps(as_json(CLOCK)))
    assert (value["path"], value["line"], value["column"], value["code"]) == ("shop/prices.py", 12, 9, "CAD001")
    assert (value["name"], value["severity"]) == ("wall-clock", "error")
    assert value["reached"][1] == {"function": "price", "path": "shop/orders.py", "line": 33}


def test_a_file_that_cant_be_read_has_no_way_to_it(look: Look) -> None:
    [finding] = look({"app.py": "def f(:\n"})
    assert "reached" not in as_text(finding)


def test_the_last_line_counts() -> None:
    assert summary([], 1, 2) == "nothing found in 1 file, 2 functions of workflow code"
    mild = Finding("x", 1, 1, 1, "CAD015", Severity.HINT, "x")
    assert summary([mild, CLOCK, CLOCK], 2, 1) == "2 errors, 1 hint in 2 files, 1 function of workflow code"


@pytest.mark.parametrize(
    "body",
    [
        "time.time()  # cadence: ignore[CAD001] the value is logged only",
        "time.time()  # cadence: ignore[wall-clock]",
        "time.time()  # cadence: ignore[CAD002, cad001]",
        "time.time()  # cadence: ignore",
        "time.time()  # noqa: X  # cadence:ignore[CAD001]",
        "# cadence: ignore[CAD001] the value is logged only\ntime.time()",
        "time.strftime(\n    '%H',\n)  # cadence: ignore[CAD001]",
    ],
)
def test_known_findings_are_left_out(look_at_run: Look, body: str) -> None:
    assert look_at_run(body, "import time") == []


@pytest.mark.parametrize(
    "body",
    [
        "time.time()  # cadence: ignore[CAD002]",
        "time.time()  # ignore[CAD001]",
        "x = 1  # cadence: ignore[CAD001]\ntime.time()",
        "time.time()\n# cadence: ignore[CAD001]",
    ],
)
def test_others_are_not(look_at_run: Look, body: str) -> None:
    assert [finding.code for finding in look_at_run(body, "import time")] == ["CAD001"]


def test_a_handler_is_known_at_its_own_line(look_at_run: Look) -> None:
    handler = "try:\n    await self.x()\nexcept:{0}\n    self.y = 1{1}\n"
    assert look_at_run(handler.format("  # cadence: ignore[CAD013]", "")) == []
    assert len(look_at_run(handler.format("", "  # cadence: ignore[CAD013]"))) == 1
