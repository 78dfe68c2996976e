"""The debugger over a replay: where it opens, what it shows, and that it leaves the workflow's code alone."""

from __future__ import annotations

import io
import sys
from typing import Any

from cadence.testing import Replayer, WorkflowHistory
from cadence.testing.debugging import debug


def said(workflow: type, history: WorkflowHistory, typed: str, until: int = 0) -> str:
    """What the debugger prints; empty where it doesn't open."""
    out = io.StringIO()
    opened = debug(Replayer([workflow]), history, until=until, stdin=io.StringIO(typed), stdout=out)
    assert opened is bool(out.getvalue())
    assert sys.gettrace() is None or "pdb" not in repr(sys.gettrace())
    return out.getvalue()


async def test_where_history_contradicts(shop: Any, history: WorkflowHistory) -> None:
    shown = said(shop.ChangedOrder, history, "p article\nc\n")
    assert "shop.py(43)run()" in shown
    assert "'lamp'" in shown


async def test_nothing_is_wrong(shop: Any, history: WorkflowHistory) -> None:
    assert said(shop.Order, history, "c\n") == ""


async def test_nothing_of_the_code_ran(shop: Any, history: WorkflowHistory) -> None:
    assert said(shop.TypedOrder, history, "c\n") == ""


async def test_steps_from_one_decision_task_to_the_next(shop: Any, history: WorkflowHistory) -> None:
    shown = said(shop.Order, history, "p price\nn\np price\nn\nc\n", until=11)
    assert shown.count("-> await workflow.sleep(timedelta(days=30))") == 1
    assert "-> return await workflow.execute_activity(send_mail" in shown
    assert "GeneratorExit" not in shown


async def test_breakpoints_hold_in_later_tasks(shop: Any, history: WorkflowHistory) -> None:
    shown = said(shop.Order, history, "b shop.send_mail\nb 33\nc\np price\nc\n", until=5)
    assert "-> return await workflow.execute_activity(send_mail" in shown


async def test_who_leaves_is_not_asked_again(shop: Any, history: WorkflowHistory) -> None:
    for leave in ("q\n", ""):
        assert said(shop.Order, history, leave, until=5).count("(cadence)") == 1
