"""Damaged histories: whatever is missing, doubled or mixed up in them, the answer is an error that says so."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import workflow
from cadence.engine import HistoryError
from cadence.exceptions import ConversionError, NondeterminismError

MINUTE = timedelta(minutes=1)


@workflow.defn
class Everything:
    """Leaves an event of most types."""

    def __init__(self) -> None:
        self.signals: list[int] = []

    @workflow.run
    async def run(self) -> list[Any]:
        version = workflow.get_version("change")
        found = [version, workflow.side_effect(lambda: 1), workflow.mutable_side_effect("m", lambda: 2)]
        workflow.upsert_search_attributes({"CustomIntField": 3})
        found.append(await workflow.execute_local_activity("local", schedule_to_close_timeout=MINUTE))
        found.append(await workflow.execute_activity("activity", schedule_to_close_timeout=MINUTE))
        timer = workflow.start_activity("cancelled", schedule_to_close_timeout=MINUTE)
        await workflow.sleep(5)
        timer.cancel()
        found.append(await workflow.execute_child_workflow("child", workflow_id="child"))
        await workflow.get_external_workflow_handle("other").signal("s", 1)
        await workflow.get_external_workflow_handle("other").cancel()
        await workflow.wait_condition(lambda: self.signals, timeout=60)
        return found

    @workflow.signal
    def add(self, number: int) -> None:
        self.signals.append(number)


def whole(little: Any) -> Any:
    server = little.Server(Everything)
    server.task()
    server.complete("3")
    server.task()
    server.fire("5")
    server.task()
    server.child_started("child")
    server.child_ends("child")
    server.task()
    server.delivered()
    server.task()
    server.delivered(kind="cancel")
    server.task()
    server.signal("add", 1)
    server.task()
    assert server.is_closed
    server.check()
    server.run.close()
    return server


@pytest.fixture(scope="module")
def recorded(little: Any) -> Any:
    """A server with a whole history of the workflow."""
    return whole(little)


KINDS = ["drop", "double", "swap", "type", "empty", "no attributes", "none", "cut"]


def damage(events: list[Any], draw: Any) -> None:
    kind = draw(st.sampled_from(KINDS))
    index = draw(st.integers(0, len(events) - 1))
    event = events[index] = copy.deepcopy(events[index])
    if kind == "drop":
        del events[index]
    elif kind == "double":
        events.insert(index, event)
    elif kind == "swap":
        other = draw(st.integers(0, len(events) - 1))
        events[index], events[other] = events[other], events[index]
    elif kind == "cut":
        del events[index + 1 :]
    elif kind == "type":
        event.event_type = draw(st.integers(-1, 45) | st.none())
    else:
        names = [field.name for field in dataclasses.fields(event) if field.name.endswith("_event_attributes")]
        for name in names:
            attributes = getattr(event, name)
            if attributes is None:
                continue
            fields = [field.name for field in dataclasses.fields(attributes)]
            if kind == "no attributes":
                setattr(event, name, None)
            elif kind == "empty":
                setattr(event, name, type(attributes)())
            elif fields:
                setattr(attributes, draw(st.sampled_from(fields)), draw(st.none() | st.just(b"\xff{") | st.just(7)))


@given(st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_damage_is_told_as_such(recorded: Any, data: st.DataObject) -> None:
    events = list(recorded.history)
    for _ in range(data.draw(st.integers(1, 3))):
        if events:
            damage(events, data.draw)
    if data.draw(st.booleans()):  # so that more than the count of events is wrong
        for number, event in enumerate(events, 1):
            if event.event_id != number:
                events[number - 1] = copy.deepcopy(event)
                events[number - 1].event_id = number
    run = recorded.new_run(replay_only=True)
    with contextlib.suppress(HistoryError, NondeterminismError, ConversionError):
        run.receive_task(events)
    run.close()
