"""The machines' tables: what is in them happens, the rest is an error, and the document shows them as they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.converter import DataConverter
from cadence.engine.errors import HistoryError
from cadence.engine.ledger import Ledger
from cadence.engine.local_activities import _Local
from cadence.engine.loop import new_loop
from cadence.engine.machines.activity import Activity
from cadence.engine.machines.base import Machine, State, Trigger
from cadence.engine.machines.child import Child
from cadence.engine.machines.external import External, ExternalCancel
from cadence.engine.machines.timer import Timer
from cadence.exceptions import NondeterminismError

TABLES: dict[str, type[Machine]] = {
    "Activity": Activity,
    "Timer": Timer,
    "Child": Child,
    "External": External,
    "Local activity": _Local,
}
DOCUMENT = Path(__file__).parents[2] / "docs" / "design" / "engine.md"


class Bare(Machine):
    """A machine that is only its table."""

    def __init__(self, table: Any) -> None:
        super().__init__(Ledger(new_loop(), DataConverter(), ""), None)
        self.table = table

    @property
    def TRANSITIONS(self) -> Any:  # type: ignore[override]
        return self.table

    def describe(self) -> str:
        return "it"

    def cancel(self, message: Any | None) -> bool:
        return self.future.cancel_now(message)


PAIRS = [(name, state, trigger) for name in TABLES for state in State for trigger in Trigger]


@pytest.mark.parametrize(("name", "state", "trigger"), PAIRS)
def test_every_pair_is_in_the_table_or_an_error(name: str, state: State, trigger: Trigger) -> None:
    machine = Bare(TABLES[name].TRANSITIONS)
    machine.state = state
    if (state, trigger) in machine.table:
        machine.advance(trigger)
        assert machine.state is machine.table[state, trigger]
        return
    with pytest.raises(HistoryError, match=f"it is {state.name.lower()} and can't be {trigger.name.lower()}"):
        machine.advance(trigger)
    assert machine.state is state


@given(st.sampled_from(sorted(TABLES)), st.lists(st.sampled_from(Trigger)))
def test_any_triggers_move_along_the_table_and_ends_are_final(name: str, triggers: list[Trigger]) -> None:
    table = TABLES[name].TRANSITIONS
    machine = Bare(table)
    for trigger in triggers:
        before = machine.state
        try:
            machine.advance(trigger)
        except HistoryError:
            assert (before, trigger) not in table
            assert machine.state is before
        else:
            assert machine.state is table[before, trigger]
            assert before not in {State.CLOSED, State.WITHDRAWN}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_state_can_be_reached_and_left_to_an_end(name: str) -> None:
    table = TABLES[name].TRANSITIONS
    reached, ways = {State.ASKED}, dict(table)
    while more := {new for (old, _), new in ways.items() if old in reached} - reached:
        reached |= more
    assert {old for old, _ in table} <= reached
    ends = {State.CLOSED, State.WITHDRAWN}
    while more := {old for (old, _), new in ways.items() if new in ends} - ends:
        ends |= more
    assert reached <= ends


def table_of(machine: type[Machine]) -> list[tuple[str, str, str]]:
    return [(old.name, trigger.name, new.name) for (old, trigger), new in machine.TRANSITIONS.items()]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_document_has_the_table(name: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    section = re.search(rf"^### {name}\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE)
    assert section is not None, f"no section {name!r}"
    rows = re.findall(r"^\| ([A-Z_]+) \| ([A-Z_]+) \| ([A-Z_]+) \|$", section.group(1), re.MULTILINE)
    assert rows == table_of(TABLES[name])


def test_a_machine_without_words_says_so() -> None:
    ledger = Ledger(new_loop(), DataConverter(), "")
    for call in (lambda machine: machine.describe(), lambda machine: machine.cancel(None)):
        with pytest.raises(NotImplementedError):
            call(Machine(ledger, None))
    with pytest.raises(NotImplementedError):
        External(ledger, None, "").decision()


def test_a_cancellation_is_compared_with_its_workflow() -> None:
    from cadence import api
    from cadence.api.enums import EventType
    from cadence.workflow.commands import CancelExternalWorkflow

    ledger = Ledger(new_loop(), DataConverter(), "")
    machine = ExternalCancel(ledger, None, CancelExternalWorkflow(workflow_id="a"), "")
    attributes = api.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes(
        workflow_execution=api.WorkflowExecution(workflow_id="b")
    )
    event = api.HistoryEvent(
        event_id=5,
        event_type=EventType.RequestCancelExternalWorkflowExecutionInitiated,
        request_cancel_external_workflow_execution_initiated_event_attributes=attributes,
    )
    with pytest.raises(NondeterminismError, match="cancellation of workflow b"):
        machine.recorded(event)
