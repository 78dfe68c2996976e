"""What people type and read: arguments, lengths of time, tables, payloads, errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence import api
from cadence.api import errors
from cadence.api.enums import EventType, TaskListKind, WorkflowIdReusePolicy
from cadence.cli import events, inputs, output
from cadence.cli.failures import MISTAKE, REFUSED, UNREACHABLE, MistakeError, Place, about, explain
from cadence.exceptions import CadenceError, ConfigurationError
from cadence.tchannel.errors import CallTimeoutError, ConnectionFailedError


def test_arguments_are_values_a_line() -> None:
    assert inputs.arguments(()) is None
    assert inputs.arguments(['"World"', "5", '{"a": [1.10]}']) == b'"World"\n5\n{"a": [1.10]}\n'
    assert inputs.arguments(['{\n "a": 1\n}']) == b'{"a": 1}\n'
    assert inputs.arguments(["12345678901234567890123"]) == b"12345678901234567890123\n"


def test_text_without_quotes_is_explained() -> None:
    with pytest.raises(MistakeError) as caught:
        inputs.arguments(["1", "World"])
    assert str(caught.value) == """input 2 is not JSON: World  (a text needs quotes of its own, as in -i '"World"')"""
    assert caught.value.code == MISTAKE


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90", 90), ("90s", 90), ("5m", 300), ("5min", 300), ("1h", 3600), ("30d", 2_592_000), ("1.5s", 2), ("500ms", 1)],
)
def test_lengths_of_time(text: str, expected: int) -> None:
    assert inputs.seconds(text, "--timeout") == expected


@pytest.mark.parametrize("text", ["", "soon", "-1", "5 parsecs", "100000d", "1e3"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(MistakeError, match="--timeout"):
        inputs.seconds(text, "--timeout")


def test_fields_and_choices() -> None:
    assert inputs.fields(["a=1", 'b="x=y"'], "memo") == {"a": b"1", "b": b'"x=y"'}
    for bad in ("a", "=1", "a=x"):
        with pytest.raises(MistakeError, match="memo"):
            inputs.fields([bad], "memo")
    for text in ("AllowDuplicate", "allow-duplicate", "ALLOWDUPLICATE"):
        assert inputs.choice(WorkflowIdReusePolicy, text, "--reuse-policy") == WorkflowIdReusePolicy.AllowDuplicate
    with pytest.raises(MistakeError, match="none of AllowDuplicateFailedOnly, AllowDuplicate"):
        inputs.choice(WorkflowIdReusePolicy, "maybe", "--reuse-policy")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ünïcödé, 漢字", "plain text, ünïcödé, 漢字"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\u202eevil", "\\u202eevil"),
        ("\x9b31m", "\\x9b31m"),
        ("\U000e0041", "\\U000e0041"),
        ("a b", "a b"),
    ],
)
def test_nothing_from_outside_controls_the_terminal(text: str, shown: str) -> None:
    assert output.escaped(text) == shown


@given(st.text())
def test_what_is_escaped_is_printable(text: str) -> None:
    shown = output.escaped(text)
    assert all(one.isprintable() or one.isspace() for one in shown)
    assert not any(ord(one) < 32 for one in shown)


@pytest.mark.parametrize(
    ("nanos", "shown"),
    [
        (None, ""),
        (0, "0 ms"),
        (1_500_000, "1 ms"),
        (2_300_000_000, "2.3 s"),
        (61_000_000_000, "1 min 1 s"),
        (3_660_000_000_000, "1 h 1 min"),
        (90_000_000_000_000, "1 d 1 h"),
    ],
)
def test_ages(nanos: int | None, shown: str) -> None:
    assert output.age(nanos) == shown


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (None, ""),
        (b'"a"\n5\n', '"a" 5'),
        (b"\x1b[2J", "\\x1b[2J"),
        (b"\xff\x00", "<2 bytes> ff00"),
        ("é".encode(), "é"),
    ],
)
def test_payloads(data: bytes | None, shown: str) -> None:
    assert output.payload(data) == shown


def test_structs_become_json() -> None:
    info = api.WorkflowExecutionInfo(
        execution=api.WorkflowExecution(workflow_id="a", run_id="b"),
        task_list_info=api.TaskList(name="t", kind=TaskListKind.STICKY),
        close_status=99,
        memo=api.Memo(fields={"a": b'{"x": 1}', "b": b"text", "c": b"\xff"}),
    )
    plain = output.plain(info)
    assert plain == {
        "execution": {"workflowId": "a", "runId": "b"},
        "taskListInfo": {"name": "t", "kind": "STICKY"},
        "closeStatus": 99,
        "memo": {"fields": {"a": {"x": 1}, "b": "text", "c": "ff"}},
    }
    assert json.loads(json.dumps(plain)) == plain


def test_tables(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table(("name", "state"), [("a\x1b", "open"), ("longer", "")])
    assert capsys.readouterr().out == "NAME    STATE\na\\x1b   open\nlonger\n"


def test_an_event_is_a_line() -> None:
    event = api.HistoryEvent(
        event_id=5,
        timestamp=1_500_000_000,
        event_type=EventType.ActivityTaskScheduled,
        activity_task_scheduled_event_attributes=api.ActivityTaskScheduledEventAttributes(
            activity_id="0",
            activity_type=api.ActivityType(name="greet\x1b"),
            task_list=api.TaskList(name="tl"),
            input=b'"World"\n',
            start_to_close_timeout_seconds=10,
            decision_task_completed_event_id=4,
        ),
    )
    shown = events.line(event, 1_000_000_000)
    assert shown == (
        "     5  +0.500        ActivityTaskScheduled                 activity_id=0  activity_type=greet\\x1b"
        '  task_list=tl  input="World"  start_to_close_timeout=10'
    )
    unknown = api.HistoryEvent(event_id=6, timestamp=1_000_000_000, event_type=77)
    assert events.line(unknown, 1_000_000_000) == "     6  +0.000        77"


UNKNOWN = (
    'workflow "order-1" is unknown in domain "samples" at 127.0.0.1:7933; those that are there: cadence workflow list'
)
PLACE = Place("127.0.0.1:7933", "samples", "order-1")


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (MistakeError("no\x07 such"), MISTAKE, "no\\x07 such"),
        (MistakeError("late", REFUSED), REFUSED, "late"),
        (
            ConnectionFailedError("no Cadence frontend at 127.0.0.1:7933 (nothing listens there)"),
            UNREACHABLE,
            "nothing listens at 127.0.0.1:7933; start a server for development: cadence dev",
        ),
        (ConnectionFailedError("no TChannel"), UNREACHABLE, "no answer from 127.0.0.1:7933: no TChannel"),
        (CallTimeoutError("late"), UNREACHABLE, "no answer from 127.0.0.1:7933: late"),
        (
            errors.EntityNotExistsError("Domain nope does not exist."),
            REFUSED,
            'domain "nope" is unknown to 127.0.0.1:7933; register it: cadence domain register nope',
        ),
        (
            errors.EntityNotExistsError("GetCurrentExecution failed.  Error: sql: no rows in result set"),
            REFUSED,
            UNKNOWN,
        ),
        (
            errors.BadRequestError("requested workflow history does not exist"),
            REFUSED,
            UNKNOWN,
        ),
        (errors.BadRequestError("TaskList is not set on request."), REFUSED, "TaskList is not set on request."),
        (errors.ServiceBusyError("slow down"), REFUSED, "127.0.0.1:7933 is busy, try again: slow down"),
        (errors.QueryFailedError("KeyError"), REFUSED, "the query failed: KeyError"),
        (errors.DomainAlreadyExistsError("Domain already exists."), REFUSED, None),
        (errors.WorkflowExecutionAlreadyCompletedError("done"), REFUSED, None),
        (errors.CancellationAlreadyRequestedError("again"), REFUSED, None),
        (ConfigurationError("bad", hint="better"), REFUSED, "bad; better"),
        (CadenceError("what"), REFUSED, "what"),
    ],
)
def test_an_error_is_a_line(error: Any, code: int, text: str | None) -> None:
    about(error, PLACE)
    failure = explain(error)
    assert failure is not None
    assert failure.code == code
    assert "\n" not in failure.text
    assert text is None or failure.text == text


def test_a_fault_of_ours_is_not_explained_away() -> None:
    assert explain(KeyError("x")) is None
