"""Histories as JSON: every recording loads and comes back, and what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import api
from cadence.api.codec import CodecError, decode, encode
from cadence.api.history_json import dumps, loads

if TYPE_CHECKING:
    from types import ModuleType

RECORDINGS = sorted((Path(__file__).parents[1] / "data" / "histories").rglob("*.json"))

# What a newer server wrote and this contract does not name, and what it spelled in another way.
NEWER_FIELDS = {"lastFailureOptions"}
SPELLINGS: dict[tuple[str, Any], Any] = {("cause", "Timeout"): "TIMEOUT", ("cronOverlapPolicy", 0): "SKIPPED"}


def _as_written_here(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_written_here(item) for item in value]
    if isinstance(value, dict):
        return {
            key: SPELLINGS.get((key, item), item) if isinstance(item, str | int) else _as_written_here(item)
            for key, item in value.items()
            if key not in NEWER_FIELDS
        }
    return value


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) >= 45


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recording_comes_back_through_json_and_thrift(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    history = loads(text)
    assert loads(path.read_bytes()) == history
    assert json.loads(dumps(history)) == _as_written_here(json.loads(text))
    assert loads(dumps(history, indent=2)) == history
    assert decode(api.History, encode(history)) == history
    events = history.events or []
    assert [event.event_id for event in events] == list(range(1, len(events) + 1))
    assert isinstance(events[0].event_type, api.EventType)
    # The attributes are those of the type: the recording and the contract agree on every event's name.
    for event in events:
        name = api.EventType(event.event_type or 0).name
        field = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_") + "_event_attributes"
        assert getattr(event, field) is not None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_history_comes_back(data: st.DataObject, struct_strategies: ModuleType) -> None:
    history = data.draw(struct_strategies.structs(api.History, depth=4))
    back = loads(dumps(history))
    assert (back.events or []) == (history.events or [])


def test_other_forms_are_read() -> None:
    events = '[{"eventId":"12","timestamp":"1795226915675719879","eventType":17,"newerField":{"a":1},"version":null}]'
    for text in (
        events,
        f'{{"events":{events}}}',
        events.replace(":17,", ':"17",'),
        events.replace(":17,", ':"TIMER_STARTED",'),
    ):
        event = (loads(text).events or [])[0]
        assert (event.event_id, event.timestamp, event.version) == (12, 1795226915675719879, None)
        assert event.event_type is api.EventType.TimerStarted
    assert (loads('[{"eventType":4711}]').events or [])[0].event_type == 4711
    assert dumps(api.History([api.HistoryEvent(event_type=4711)])) == '[{"eventType":4711}]'
    assert dumps(api.History()) == "[]"


def test_text_is_written_where_bytes_belong_and_the_other_way_round() -> None:
    marker = api.MarkerRecordedEventAttributes(marker_name=b"\xff", details="text")  # type: ignore[arg-type]
    written = json.loads(dumps(api.History([api.HistoryEvent(marker_recorded_event_attributes=marker)])))
    assert written == [{"markerRecordedEventAttributes": {"markerName": "\\xff", "details": "dGV4dA=="}}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("3", "not an array"),
        ('{"event":[]}', "not an array"),
        ("[3]", "event 1 of the history: it should be an object, not 3"),
        ('[{},{"eventType":"Nope"}]', "event 2 of the history: eventType is 'Nope', which EventType does not have"),
        ('[{"eventId":true}]', "eventId should be a number"),
        ('[{"eventId":"x"}]', "eventId should be a number, not 'x'"),
        ('[{"markerRecordedEventAttributes":{"details":"?"}}]', "markerRecordedEventAttributes.details is not base64"),
        ('[{"markerRecordedEventAttributes":{"header":{"fields":[]}}}]', "header.fields should be an object"),
        (
            '[{"workflowExecutionStartedEventAttributes":{"prevAutoResetPoints":{"points":{}}}}]',
            "points should be an array",
        ),
        ('[{"activityTaskScheduledEventAttributes":{"retryPolicy":{"backoffCoefficient":"a"}}}]', "should be a number"),
        (
            '[{"workflowExecutionStartedEventAttributes":{"prevAutoResetPoints":{"points":[{"resettable":1}]}}}]',
            "true or false",
        ),
        ('[{"markerRecordedEventAttributes":{"markerName":1}}]', "markerName should be a text, not 1"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(CodecError, match=message.replace(".", r"\.")):
        loads(text)
