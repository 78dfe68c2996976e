"""Changed code against the history of the old: each kind of change is found, and the report leads to it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.engine.determinism import Report
from cadence.exceptions import NondeterminismError

MINUTE = timedelta(minutes=1)


async def act(name: str, **options: Any) -> Any:
    return await workflow.execute_activity(name, schedule_to_close_timeout=MINUTE, **options)


async def child(name: str, **options: Any) -> Any:
    return await workflow.execute_child_workflow(name, **options)


async def local(name: str) -> Any:
    return await workflow.execute_local_activity(name, schedule_to_close_timeout=MINUTE)


async def signal(workflow_id: str, name: str) -> None:
    await workflow.get_external_workflow_handle(workflow_id).signal(name)


async def cancel(workflow_id: str) -> None:
    await workflow.get_external_workflow_handle(workflow_id).cancel()


class Code:
    """The versions of the code; each is named by what it does, in order."""

    timer_task: Any = None

    async def a(self) -> None:
        await act("a")

    async def a_b(self) -> None:
        await act("a")
        await act("b")

    async def b_a(self) -> None:
        await act("b")
        await act("a")

    async def a_and_b(self) -> None:
        await asyncio.gather(act("a"), act("b"))

    async def b_and_a(self) -> None:
        await asyncio.gather(act("b"), act("a"))

    async def nothing(self) -> None:
        """Return at once."""

    async def timer(self) -> None:
        await workflow.sleep(5)

    async def timer_a(self) -> None:
        await workflow.sleep(5)
        await act("a")

    async def own_id(self) -> None:
        await act("a", activity_id="mine")

    async def other_id(self) -> None:
        await act("a", activity_id="yours")

    async def child_x(self) -> None:
        await child("X", workflow_id="x")

    async def child_y(self) -> None:
        await child("Y", workflow_id="x")

    async def child_with_id(self) -> None:
        await child("X", workflow_id="other")

    async def signal_x(self) -> None:
        await signal("x", "go")

    async def signal_x_stop(self) -> None:
        await signal("x", "stop")

    async def signal_y(self) -> None:
        await signal("y", "go")

    async def cancel_x(self) -> None:
        await cancel("x")

    async def cancel_y(self) -> None:
        await cancel("y")

    async def fails(self) -> None:
        raise ValueError("now it fails")

    async def goes_on(self) -> None:
        workflow.continue_as_new("again")

    async def local_a(self) -> None:
        await local("a")

    async def local_b(self) -> None:
        await local("b")

    async def upsert(self) -> None:
        workflow.upsert_search_attributes({"CustomIntField": 1})
        await act("a")

    async def effect(self) -> None:
        workflow.side_effect(lambda: 1)
        await act("a")

    async def cancels_timer(self) -> None:
        timer = asyncio.ensure_future(workflow.sleep(60))
        await act("a")
        timer.cancel()
        await act("b")

    async def keeps_timer(self) -> None:
        self.timer_task = asyncio.ensure_future(workflow.sleep(60))
        await act("a")
        await act("b")

    async def cancels_activity(self) -> None:
        other = workflow.start_activity("other", schedule_to_close_timeout=MINUTE)
        await act("a")
        other.cancel()
        await act("b")

    async def keeps_activity(self) -> None:
        _other = workflow.start_activity("other", schedule_to_close_timeout=MINUTE)
        await act("a")
        await act("b")


@workflow.defn
class Changing:
    code: Callable[[Any], Any] = Code.nothing

    @workflow.run
    async def run(self) -> None:
        await type(self).code(self)


def live(serve: Any, code: Callable[[Any], Any], steps: int) -> Any:
    """Run the code, answering everything in order, until it is done or `steps` tasks are over."""
    Changing.code = code
    server = serve(Changing)
    for _ in range(steps):
        server.task()
        if server.is_closed:
            break
        for activity_id in list(server.activities):
            if activity_id != "0" or "other" not in str(server.history):
                server.complete(activity_id)
        for timer_id in [one for one, (_, due) in server.timers.items() if due < server.time_ns + 30 * 10**9]:
            server.fire(timer_id)
        for workflow_id in list(server.children):
            server.child_started(workflow_id)
            server.child_ends(workflow_id)
        for _ in list(server.externals):
            kind = "cancel" if code.__name__.startswith("cancel_") else "signal"
            server.delivered(kind=kind)
        if not server.has_task:
            break
    return server


CHANGES: list[tuple[str, str, int, str, str]] = [
    # old, new, event, recorded, asked
    ("a", "b_a", 5, 'activity "a" (id 0)', 'activity "b" (id 0)'),
    ("a_b", "a", 11, 'activity "b" (id 1)', "the workflow's completion"),
    ("a", "a_b", 11, "the workflow's completion", 'activity "b" (id 1)'),
    ("a_and_b", "b_and_a", 5, 'activity "a" (id 0)', 'activity "b" (id 0)'),
    ("a_and_b", "a_b", 6, 'activity "b" (id 1)', ""),
    ("a_b", "a_and_b", 9, "", 'activity "b" (id 1)'),
    ("a", "timer_a", 5, 'activity "a" (id 0)', "timer of 5 s (id 0)"),
    ("timer_a", "a", 5, "timer of 5 s (id 0)", 'activity "a" (id 0)'),
    ("a", "nothing", 5, 'activity "a" (id 0)', "the workflow's completion"),
    ("own_id", "other_id", 5, 'activity "a" (id mine)', 'activity "a" (id yours)'),
    ("child_x", "child_y", 5, 'child workflow "X" (id x)', 'child workflow "Y" (id x)'),
    ("child_x", "child_with_id", 5, 'child workflow "X" (id x)', 'child workflow "X" (id other)'),
    ("child_x", "a", 5, 'child workflow "X" (id x)', 'activity "a" (id 0)'),
    ("signal_x", "signal_x_stop", 5, 'signal "go" to workflow x', 'signal "stop" to workflow x'),
    ("signal_x", "signal_y", 5, 'signal "go" to workflow x', 'signal "go" to workflow y'),
    ("cancel_x", "cancel_y", 5, "cancellation of workflow x", "cancellation of workflow y"),
    ("cancel_x", "signal_x", 5, "cancellation of workflow x", 'signal "go" to workflow x'),
    ("nothing", "fails", 5, "the workflow's completion", "the workflow's failure"),
    ("fails", "nothing", 5, "the workflow's failure", "the workflow's completion"),
    ("nothing", "goes_on", 5, "the workflow's completion", "the workflow's continue-as-new"),
    ("goes_on", "nothing", 5, "the workflow's continue-as-new", "the workflow's completion"),
    ("local_a", "local_b", 5, 'marker "LocalActivity"', 'local activity "b" (id 0)'),
    ("local_a", "a", 5, 'marker "LocalActivity"', 'activity "a" (id 0)'),
    ("a", "local_a", 5, 'activity "a" (id 0)', ""),
    ("upsert", "a", 5, "upsert of search attributes", 'activity "a" (id 0)'),
    ("a", "upsert", 5, 'activity "a" (id 0)', "upsert of search attributes"),
    ("effect", "a", 5, 'marker "SideEffect"', 'activity "a" (id 0)'),
    ("a", "effect", 3, "", "side effect (id 0)"),
    ("cancels_timer", "keeps_timer", 12, "cancellation of timer (id 1)", 'activity "b" (id 2)'),
    ("keeps_timer", "cancels_timer", 12, 'activity "b" (id 2)', "cancellation of timer (id 1)"),
    ("cancels_activity", "keeps_activity", 12, "cancellation of activity (id 0)", 'activity "b" (id 2)'),
    ("keeps_activity", "cancels_activity", 12, 'activity "b" (id 2)', "cancellation of activity (id 0)"),
    ("timer", "nothing", 5, "timer of 5 s (id 0)", "the workflow's completion"),
]


@pytest.mark.parametrize("change", CHANGES, ids=[f"{one[0]}-{one[1]}" for one in CHANGES])
def test_the_report_says_where_and_what(serve: Any, change: tuple[str, str, int, str, str]) -> None:
    old, new, event_id, recorded, asked = change
    server = live(serve, getattr(Code, old), 3)
    Changing.code = getattr(Code, new)
    with pytest.raises(NondeterminismError) as caught:
        server.replayed(replay_only=True)
    error = caught.value
    report = error.details
    assert isinstance(report, Report)
    assert (error.event_id, report.recorded, report.asked) == (event_id, recorded, asked)
    assert report.workflow == "Changing (id workflow, run run)"
    text = str(error)
    assert f"at event {event_id} of Changing" in text
    assert (recorded or "nothing more") in text
    assert (asked or "asks for nothing more") in text
    assert "get_version" in text
    if not asked.startswith("the workflow's"):
        assert "test_nondeterminism.py:" in report.place, report


def test_the_old_code_replays(serve: Any) -> None:
    for old in {one[0] for one in CHANGES}:
        live(serve, getattr(Code, old), 9).check()


def test_the_line_is_the_users(serve: Any) -> None:
    server = live(serve, Code.a, 3)
    Changing.code = Code.timer_a
    with pytest.raises(NondeterminismError) as caught:
        server.replayed(replay_only=True)
    assert "in Code.timer_a: await workflow.sleep(5)" in str(caught.value)


def test_a_change_behind_the_cached_part_is_found_in_the_next_task(serve: Any) -> None:
    Changing.code = Code.a_b
    server = serve(Changing)
    server.task()
    server.complete("0")
    server.task()
    server.history[10].activity_task_scheduled_event_attributes.activity_type.name = "x"
    server.complete("1")
    with pytest.raises(NondeterminismError, match='activity "x"'):
        server.task()


def test_names_are_compared_by_their_last_part(serve: Any) -> None:
    server = live(serve, Code.a, 3)
    server.history[4].activity_task_scheduled_event_attributes.activity_type.name = "package.module.a"
    server.replayed(replay_only=True).close()


@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(["a", "timer", "child_x", "signal_x"], 2)))
def test_kinds_are_never_taken_for_each_other(serve: Any, old: str, new: str) -> None:
    server = live(serve, getattr(Code, old), 1)
    Changing.code = getattr(Code, new)
    with pytest.raises(NondeterminismError):
        server.replayed(replay_only=True)
