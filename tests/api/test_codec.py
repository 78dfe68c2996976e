"""Bytes of structs: round trips, strange values, and bytes that are no struct at all."""

from __future__ import annotations

import struct
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import api
from cadence.api._struct import field_rows, is_enum
from cadence.api._wire_check import check_struct
from cadence.api.codec import CodecError, decode, decode_blob, encode
from cadence.api.service import RPCS

if TYPE_CHECKING:
    from types import ModuleType

CLASSES = [getattr(api, name) for name in api.__all__ if not is_enum(name)]
BIG = struct.pack(">i", 2**31 - 1)


def same(one: Any, other: Any) -> bool:
    """Errors compare by identity, as exceptions do: look at their fields."""
    return type(one) is type(other) and all(
        getattr(one, row[1]) == getattr(other, row[1]) for row in field_rows(type(one))
    )


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_struct_survives_the_wire(cls: Any, data: st.DataObject, struct_strategies: ModuleType) -> None:
    message = data.draw(struct_strategies.structs(cls))
    wire = encode(message)
    assert check_struct(wire, 64) == ""
    assert same(decode(cls, wire), message)
    assert encode(decode(cls, wire)) == wire
    # An older release that knows none of the fields passes over them.
    assert decode(api.EmptyPredicateAttributes, wire) == api.EmptyPredicateAttributes()


@pytest.mark.parametrize("rpc", RPCS.values(), ids=lambda rpc: rpc.name)
def test_wrappers_of_calls_survive_the_wire(rpc: Any) -> None:
    if rpc.request_type is not None:
        args = rpc.args_type(**{rpc.request_field: rpc.request_type()})
        assert decode(rpc.args_type, encode(args)) == args
    for field, cls in rpc.errors:
        result = rpc.result_type(**{field: cls()})
        assert isinstance(getattr(decode(rpc.result_type, encode(result)), field), cls)
    if rpc.response_type is not None:
        result = rpc.result_type(rpc.response_type())
        assert decode(rpc.result_type, encode(result)) == result


def test_the_table_of_rpcs() -> None:
    assert len(RPCS) == 56
    poll = RPCS["PollForDecisionTask"]
    assert poll.endpoint == "WorkflowService::PollForDecisionTask"
    assert poll.request_field == "poll_request"
    assert (poll.request_type, poll.response_type) == (api.PollForDecisionTaskRequest, api.PollForDecisionTaskResponse)
    assert ("bad_request_error", api.BadRequestError) in poll.errors
    assert RPCS["health"].endpoint == "Meta::health"
    assert RPCS["health"].request_field is None
    assert RPCS["RegisterDomain"].response_type is None
    assert "Meta::health" in repr(RPCS["health"])


def test_text_in_binary_fields_and_bytes_that_are_text() -> None:
    marker = api.RecordMarkerDecisionAttributes(marker_name="m", details="grüß")  # type: ignore[arg-type]
    assert decode(type(marker), encode(marker)).details == "grüß".encode()
    header = api.Header({"k": "text"})  # type: ignore[dict-item]
    assert decode(api.Header, encode(header)).fields == {"k": b"text"}
    assert decode(api.DataBlob, encode(api.DataBlob(data=b"plain text"))).data == b"plain text"
    assert decode(api.Memo, encode(api.Memo({"a": b"ascii", "b": b"\xff"}))).fields == {"a": b"ascii", "b": b"\xff"}


def test_a_string_that_is_not_utf8_does_not_break_its_message() -> None:
    execution = api.WorkflowExecution(workflow_id=b"\xff\xfe", run_id="r")  # type: ignore[arg-type]
    back = decode(api.WorkflowExecution, encode(execution))
    assert back.workflow_id == b"\xff\xfe"  # type: ignore[comparison-overlap]
    assert back.run_id == "r"
    as_bytes = api.WorkflowExecution(workflow_id=b"name")  # type: ignore[arg-type]
    assert decode(api.WorkflowExecution, encode(as_bytes)).workflow_id == "name"


def test_unknown_enum_values_and_fields_survive_or_are_skipped() -> None:
    event = api.HistoryEvent(event_id=1, event_type=4711)
    assert decode(api.HistoryEvent, encode(event)).event_type == 4711
    known = decode(api.HistoryEvent, encode(api.HistoryEvent(event_type=api.EventType.TimerFired)))
    assert known.event_type == api.EventType.TimerFired
    assert type(known.event_type) is int
    # A newer struct read by one that has other fields: all of it is unknown, of every type.
    newer = encode(
        api.DescribeTaskListResponse(
            pollers=[api.PollerInfo(1, "i", 2.5)],
            task_list_status=api.TaskListStatus(isolation_group_metrics={"a": api.IsolationGroupMetrics(1.5)}),
        )
    )
    assert decode(api.FeatureFlags, newer) == api.FeatureFlags()
    wrong_kind = encode(api.WorkflowExecutionInfo(execution=api.WorkflowExecution("w")))
    assert decode(api.WorkflowExecution, wrong_kind) == api.WorkflowExecution()


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (api.PollForActivityTaskResponse(attempt=2**31), "PollForActivityTaskResponse.attempt"),
        (api.WorkflowExecution(workflow_id=5), "WorkflowExecution.workflow_id"),  # type: ignore[arg-type]
        (api.History([api.HistoryEvent(event_id="x")]), "HistoryEvent.event_id"),  # type: ignore[arg-type]
        (api.History([3]), "History.events"),  # type: ignore[list-item]
        (api.Header({"a": 1}), "Header.fields"),  # type: ignore[dict-item]
        (api.Header([1]), "Header.fields"),  # type: ignore[arg-type]
        (api.WorkflowExecution("\ud800"), "WorkflowExecution.workflow_id"),
        (api.DataBlob(data=7), "DataBlob.data"),  # type: ignore[arg-type]
    ],
)
def test_a_value_that_does_not_fit_names_its_field(message: Any, field: str) -> None:
    with pytest.raises(CodecError, match=field.replace(".", r"\.")):
        encode(message)


def test_what_is_no_struct_at_all_can_not_be_encoded() -> None:
    with pytest.raises(CodecError, match="int can't be serialized"):
        encode(3)  # type: ignore[arg-type]


def test_a_struct_that_holds_itself_can_not_be_encoded() -> None:
    predicate = api.DescribeTaskListResponse()
    task_lists = api.GetTaskListsByDomainResponse(decision_task_list_map={"a": predicate})
    task_lists.activity_task_list_map = {"b": task_lists}  # type: ignore[dict-item]
    with pytest.raises(CodecError):
        encode(task_lists)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x0b\x00",
        b"\x0b\x00\x0a" + BIG,
        b"\x0b\x00\x0a" + BIG + b"abc",
        b"\x0b\x00\x0a\xff\xff\xff\xff\x00",
        b"\x0b\x00\x0a\x00\x00\x00\x05abc",
        b"\x0c\x7f\x00" * 200,
        b"\x0f\x7f\x00" + b"\x0f\x00\x00\x00\x01" * 200,
        b"\x0d\x7f\x00" + b"\x03\x0d\x00\x00\x00\x01\x01" * 200,
        b"\x0f\x7f\x00\x00" + BIG + b"\x00",
        b"\x0e\x7f\x00\x01" + BIG + b"\x00",
        b"\x0d\x7f\x00\x00\x00" + BIG + b"\x00",
        b"\x0d\x7f\x00\x10\x11" + BIG + b"\x00",
        b"\x0f\x7f\x00\x03" + BIG + b"\x00",
        b"\x0f\x7f\x00\x0c" + BIG + b"\x00\x00\x00",
        b"\x0f\x7f\x00\x0f\x00\x00\x00\x01\x05" + BIG + b"\x00",
        b"\x0d\x7f\x00\x03\x0f\x00\x00\x00\x01\x07\x05" + BIG + b"\x00",
        b"\x0d\x7f\x00\x0f\x03\x00\x00\x00\x01\x05" + BIG + b"\x00",
    ],
    ids=lambda data: data[:24].hex(),
)
def test_bytes_that_lie_are_refused_at_once(data: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(CodecError, match="bytes are not a WorkflowExecution"):
        decode(api.WorkflowExecution, data)
    # The bombs among these take seconds to hours when they go off.
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("kind", [0, 1, 5, 7, 9, 16, 17, 200])
def test_a_known_list_with_elements_of_no_type_is_refused(kind: int) -> None:
    with pytest.raises(CodecError):
        decode(api.History, b"\x0f\x00\x0a" + bytes([kind]) + BIG + b"\x00")


def test_lists_and_maps_that_claim_too_much() -> None:
    for element in (b"\x0c", b"\x0b", b"\x08"):
        with pytest.raises(CodecError):
            decode(api.History, b"\x0f\x00\x0a" + element + BIG + b"\x00" * 100)
    with pytest.raises(CodecError):
        decode(api.Header, b"\x0d\x00\x0a\x0b\x0b" + BIG + b"\x00" * 100)


@settings(max_examples=400, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_struct_or_an_error(data: bytes) -> None:
    for cls in (api.HistoryEvent, api.PollForDecisionTaskResponse, api.DescribeTaskListResponse):
        try:
            assert isinstance(decode(cls, data), cls)
        except CodecError:
            continue


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutated_bytes_are_a_struct_or_an_error(data: st.DataObject, struct_strategies: ModuleType) -> None:
    cls = data.draw(
        st.sampled_from([api.History, api.PollForDecisionTaskResponse, api.RespondDecisionTaskCompletedRequest])
    )
    wire = bytearray(encode(data.draw(struct_strategies.structs(cls))))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(wire) - 1))
        change = data.draw(st.sampled_from(["set", "cut", "insert"]))
        if change == "set":
            wire[place] = data.draw(st.sampled_from([0, 1, 2, 11, 12, 13, 14, 15, 16, 127, 128, 255]))
        elif change == "cut":
            del wire[place + 1 :]
        else:
            wire[place:place] = data.draw(st.binary(min_size=1, max_size=8))
    mutated = bytes(wire)
    problem = check_struct(mutated, 64)
    try:
        message = decode(cls, mutated)
    except CodecError:
        return
    assert isinstance(message, cls)
    assert (
        problem == ""
        or "does not exist" in problem
        or "claims" in problem
        or "nested" in problem
        or "negative" in problem
    )
    assert isinstance(repr(message), str)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_truncated_bytes_are_refused(data: st.DataObject, struct_strategies: ModuleType) -> None:
    wire = encode(data.draw(struct_strategies.structs(api.PollForActivityTaskResponse, depth=2)))
    for end in range(len(wire)):
        with pytest.raises(CodecError):
            decode(api.PollForActivityTaskResponse, wire[:end])
        assert check_struct(wire[:end], 64)


def test_raw_history_blobs() -> None:
    history = api.History([api.HistoryEvent(event_id=1)])
    blob = api.DataBlob(api.EncodingType.ThriftRW, b"Y" + encode(history))
    assert decode_blob(api.History, blob) == history
    assert decode_blob(api.History, api.DataBlob(data=blob.data)) == history
    for bad in (api.DataBlob(1, b"{}"), api.DataBlob(0, b""), api.DataBlob(0, b"Z\x00"), api.DataBlob(0, b"Y\x0b")):
        with pytest.raises(CodecError):
            decode_blob(api.History, bad)


def test_a_large_result() -> None:
    attributes = api.RespondActivityTaskCompletedRequest(b"token", b"\x0f\x0e\x0d" * 3_500_000)
    assert decode(type(attributes), encode(attributes)) == attributes


@pytest.mark.parametrize(
    "bomb",
    [
        b"\x0f\x7f\x00\x00" + BIG,
        b"\x0e\x7f\x00\x63" + BIG,
        b"\x0d\x7f\x00\x61\x62" + BIG,
        b"\x0f\x7f\x00\x0f\x00\x00\x00\x01\x05" + BIG,
        b"\x0d\x7f\x00\x0f\x03\x00\x00\x00\x01\x05" + BIG,
        b"\x0c\x7f\x00\x0f\x7f\x00\x00" + BIG + b"\x00",
        b"\x0f\x7f\x00\x0d\x00\x00\x00\x01\x01\x01" + BIG,
    ],
    ids=lambda bomb: bomb.hex(),
)
def test_a_bomb_is_found_among_texts_that_look_like_one(bomb: bytes) -> None:
    # Strings of 13 to 15 characters have a length that looks like the type of a container.
    texts = ['"hello, world"', "schedule-name", '["change-id-1"]', "\r\nab\r\ncd" * 9]
    events = [
        api.HistoryEvent(
            event_id=n,
            marker_recorded_event_attributes=api.MarkerRecordedEventAttributes(texts[n % 4], texts[n % 3].encode()),
        )
        for n in range(40)
    ]
    wire = encode(api.History(events))
    assert decode(api.History, wire) == api.History(events)
    for place in (0, len(wire) - 1):
        with pytest.raises(CodecError, match="bytes are not a History"):
            decode(api.History, wire[:place] + bomb + wire[place:])
    event = encode(events[1])
    inside = b"\x0f\x00\x0a\x0c\x00\x00\x00\x01" + event[:-1] + bomb + b"\x00\x00"
    with pytest.raises(CodecError, match="bytes are not a History"):
        decode(api.History, inside)


def test_a_message_of_suspects_alone_is_walked() -> None:
    header = api.Header({str(n): b"\x0e\x0e\x0e\x0ezzzzzz" for n in range(100)})
    assert decode(api.Header, encode(header)) == header


def test_a_map_that_only_looks_like_a_bomb_at_its_count() -> None:
    # Field number 13 with a string of five characters: the bytes in front of it are those of a map's header.
    wire = (
        b"\x0b\x00\x0d\x00\x00\x00\x05hello\x0b\x00\x14\x00\x00\x00\x01r" + b"\x0b\x7f\x7f\x00\x00\x01\x00" + b"x" * 256
    )
    assert decode(api.WorkflowExecution, wire + b"\x00").run_id == "r"
