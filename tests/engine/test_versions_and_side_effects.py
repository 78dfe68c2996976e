"""What is decided once and kept in markers: versions, side effects, mutable side effects."""

from __future__ import annotations

import itertools
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from cadence import api, workflow
from cadence.api.enums import DecisionType, EventType
from cadence.engine.versions import read_version
from cadence.exceptions import CadenceError, NondeterminismError
from cadence.workflow import DEFAULT_VERSION

MINUTE = timedelta(minutes=1)


async def act(name: str) -> Any:
    return await workflow.execute_activity(name, schedule_to_close_timeout=MINUTE)


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


def result(server: Any, decisions: list[Any]) -> Any:
    data = decisions[-1].complete_workflow_execution_decision_attributes.result
    server.check()
    return server.converter.decode_value(data)


def marker(decision: Any) -> Any:
    return decision.record_marker_decision_attributes


# --- versions ---


@workflow.defn
class Versioned:
    code: Any = None

    @workflow.run
    async def run(self) -> Any:
        return await type(self).code()


@pytest.fixture
def code() -> Any:
    """Set the workflow's code; changed code is deployed by setting it again."""

    def deploy(function: Any) -> type:
        Versioned.code = staticmethod(function)
        return Versioned

    return deploy


async def old() -> Any:
    return await act("a")


async def new() -> Any:
    if workflow.get_version("change", DEFAULT_VERSION, 2) == DEFAULT_VERSION:
        return await act("a")
    return await act("b")


async def newest() -> Any:
    workflow.get_version("change", 2, 2)
    return await act("b")


async def older_again() -> Any:
    workflow.get_version("change", DEFAULT_VERSION, 1)
    return await act("b")


async def forgotten() -> Any:
    return await act("b")


async def new_in_two_places() -> Any:
    first = workflow.get_version("change", DEFAULT_VERSION, 2)
    found = await act("a" if first == DEFAULT_VERSION else "b")
    return [first, found, workflow.get_version("change", DEFAULT_VERSION, 2), workflow.get_version("more")]


def test_a_new_run_gets_the_newest_and_keeps_it(serve: Any, code: Any) -> None:
    server = serve(code(new_in_two_places))
    decisions = server.task()
    assert kinds(decisions) == ["RecordMarker", "UpsertWorkflowSearchAttributes", "ScheduleActivityTask"]
    assert (marker(decisions[0]).marker_name, marker(decisions[0]).details) == ("Version", b'"change"\n2\n')
    fields = decisions[1].upsert_workflow_search_attributes_decision_attributes.search_attributes.indexed_fields
    assert json.loads(fields["CadenceChangeVersion"]) == ["change-2"]
    server.complete("0")
    decisions = server.task()
    fields = decisions[1].upsert_workflow_search_attributes_decision_attributes.search_attributes.indexed_fields
    assert json.loads(fields["CadenceChangeVersion"]) == ["more-1", "change-2"]
    assert result(server, decisions) == [2, "done", 2, 1]


def test_an_old_run_goes_on_as_it_began(serve: Any, code: Any) -> None:
    server = serve(code(old))
    server.task()
    code(new_in_two_places)
    server.evict()
    server.complete("0")
    server.begin()
    decisions = server.finish()
    assert server.converter.decode_value(decisions[-1].complete_workflow_execution_decision_attributes.result) == [
        DEFAULT_VERSION,
        "done",
        DEFAULT_VERSION,
        1,
    ]
    server.replayed(replay_only=True).close()


@pytest.mark.parametrize("later", [newest, forgotten, new])
def test_code_may_raise_the_minimum_and_drop_the_change(serve: Any, code: Any, later: Any) -> None:
    server = serve(code(new))
    server.task()
    code(later)
    server.evict()
    server.complete("0")
    assert result_without_check(server) == "done"
    server.replayed(replay_only=True).close()


def result_without_check(server: Any) -> Any:
    data = server.task()[-1].complete_workflow_execution_decision_attributes.result
    return server.converter.decode_value(data)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (old, newest, "the code from before the change"),
        (new, older_again, "version 2"),
    ],
)
def test_a_version_that_is_not_supported(serve: Any, code: Any, before: Any, after: Any, words: str) -> None:
    server = serve(code(before))
    server.task()
    code(after)
    server.evict()
    server.complete("0")
    with pytest.raises(NondeterminismError, match=words):
        server.task()


async def default_only() -> Any:
    found = workflow.get_version("change", DEFAULT_VERSION, DEFAULT_VERSION)
    return [found, await act("a")]


def test_the_default_leaves_no_trace(serve: Any, code: Any) -> None:
    server = serve(code(default_only))
    assert kinds(server.task()) == ["ScheduleActivityTask"]
    server.complete("0")
    assert result(server, server.task()) == [DEFAULT_VERSION, "done"]


@pytest.mark.parametrize(
    ("details", "header", "expected"),
    [
        (b'"change"\n2\n', None, ("change", 2)),
        (b"1", {"MutableMarkerHeader": b'{"id":"change-1","eventId":5,"accessCount":0}'}, ("change-1", 1)),
        (b'{"id":"c","eventId":3,"accessCount":0,"data":[51]}', None, ("c", 3)),
        (b'{"id":"c","eventId":3,"accessCount":0,"data":"4"}', None, ("c", 4)),
        (b"", None, None),
        (b"\xff", None, None),
        (b'{"id":"c"}', None, None),
        (b"7", {"MutableMarkerHeader": b"{}"}, None),
    ],
)
def test_versions_of_every_client_are_read(details: bytes, header: Any, expected: Any) -> None:
    fields = None if header is None else api.Header(fields=header)
    attributes = api.MarkerRecordedEventAttributes(marker_name="Version", details=details, header=fields)
    assert read_version(attributes) == expected


# --- side effects ---


@workflow.defn
class SideEffects:
    @workflow.run
    async def run(self) -> list[Any]:
        found = [workflow.side_effect(workflow.time_ns), workflow.side_effect(text)]
        await act("a")
        found.append(workflow.side_effect(lambda: b"\x00\xff", result_type=bytes) == b"\x00\xff")
        found.append(workflow.side_effect(lambda: None))
        return found


def text() -> str:
    return "tëxt"


def test_side_effects_have_the_form_of_go(serve: Any) -> None:
    server = serve(SideEffects)
    decisions = server.task()
    assert kinds(decisions) == ["RecordMarker", "RecordMarker", "ScheduleActivityTask"]
    assert marker(decisions[1]).details == b'1\n"InTDq3h0Igo="\n'
    server.complete("2")
    assert result(server, server.task())[1:] == ["tëxt", True, None]


def test_values_of_history_not_of_today(serve: Any) -> None:
    server = serve(SideEffects)
    server.task()
    server.complete("2")
    server.task()
    for event in server.history:
        attributes = event.marker_recorded_event_attributes
        if attributes is not None and attributes.details.startswith(b"1\n"):
            attributes.details = b'"from Java"'
    run = server.replayed(replay_only=True)
    with pytest.raises(NondeterminismError, match="from Java"):
        server.replayed(replay_only=True, compare_result=True)
    run.close()


@workflow.defn
class Fails:
    @workflow.run
    async def run(self, how: str) -> str:
        try:
            if how == "raises":
                workflow.side_effect(broken)
            elif how == "asks":
                workflow.side_effect(lambda: str(workflow.uuid4()))
            elif how == "schedules":
                workflow.side_effect(lambda: str(workflow.start_activity("a", schedule_to_close_timeout=MINUTE)))
            elif how == "value":
                workflow.side_effect(object)
            elif how == "mutable raises":
                workflow.mutable_side_effect("m", broken)
            elif how == "mutable value":
                workflow.mutable_side_effect("m", object)
            else:
                workflow.mutable_side_effect("m", lambda: 1)
                workflow.mutable_side_effect("m", lambda: 2, equal=lambda a, b: broken() == a == b)
        except Exception:  # noqa: BLE001  # as users do
            return "caught"
        return "done"


def broken() -> int:
    raise LookupError("no luck")


@pytest.mark.parametrize("how", ["raises", "value", "asks", "schedules", "mutable raises", "mutable value", "equal"])
def test_one_that_fails_fails_the_task_since_it_would_not_replay(serve: Any, how: str) -> None:
    server = serve(Fails, how)
    with pytest.raises(CadenceError, match="side effect") as caught:
        server.task()
    assert not isinstance(caught.value, NondeterminismError)


# --- mutable side effects ---


@workflow.defn
class Mutable:
    values: Any = ()

    @workflow.run
    async def run(self) -> list[int]:
        values = iter(type(self).values)
        found = []
        for batch in range(3):
            found += [workflow.mutable_side_effect("m", lambda: next(values)) for _ in range(4)]
            await act(f"batch {batch}")
        return found


@pytest.mark.parametrize(
    "values",
    [
        [1] * 12,
        list(range(12)),
        [1, 1, 2, 2, 2, 3, 2, 2, 2, 2, 2, 1],
        [1, 2, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1],
    ],
)
def test_each_change_is_kept_where_it_happened(serve: Any, values: list[int]) -> None:
    Mutable.values = values
    server = serve(Mutable)
    changes = 0
    for batch in range(3):
        decisions = server.task()
        changes += kinds(decisions).count("RecordMarker")
        server.complete(str(batch))
    assert changes == 1 + sum(a != b for a, b in itertools.pairwise(values))
    data = server.task()[-1].complete_workflow_execution_decision_attributes.result
    assert server.converter.decode_value(data) == values
    Mutable.values = [99] * 12  # replay has what history has
    run = server.replayed(replay_only=True, compare_result=True)
    assert run.is_closed
    run.close()


@workflow.defn
class MutableOfGo:
    @workflow.run
    async def run(self) -> list[str]:
        first = workflow.mutable_side_effect("m", lambda: "mine", result_type=str)
        await workflow.sleep(1)
        return [first, workflow.mutable_side_effect("m", lambda: "mine", result_type=str)]


@pytest.mark.parametrize(
    ("details", "header"),
    [
        (b'"m"\n"\\"theirs\\"\\n"\n', None),
        (b'"theirs"', {"MutableMarkerHeader": b'{"id":"m","eventId":5,"accessCount":0}'}),
    ],
)
def test_markers_of_other_clients(serve: Any, details: bytes, header: Any) -> None:
    server = serve(MutableOfGo)
    server.task()
    for event in server.history:
        if event.event_type == EventType.MarkerRecorded:
            event.marker_recorded_event_attributes.details = details
            event.marker_recorded_event_attributes.header = header and api.Header(fields=header)
    server.evict()
    server.fire("0")
    data = server.task()[-1].complete_workflow_execution_decision_attributes.result
    assert server.converter.decode_value(data)[0] == "theirs"


# --- changed code ---


def replayed_with(serve: Any, code: Any, before: Any, after: Any) -> NondeterminismError:
    server = serve(code(before))
    server.task()
    server.complete(*server.activities)
    code(after)
    server.evict()
    with pytest.raises(NondeterminismError) as caught:
        server.task()
    return caught.value


async def side() -> Any:
    workflow.side_effect(lambda: 1)
    return await act("a")


async def mutable() -> Any:
    workflow.mutable_side_effect("m", lambda: 1)
    return await act("a")


async def side_later() -> Any:
    await workflow.sleep(0)
    uuid = workflow.start_activity("a", schedule_to_close_timeout=MINUTE)
    workflow.side_effect(lambda: 1)
    return await uuid


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (old, side, r"side effect \(id 0\)"),
        (old, mutable, "mutable side effect 'm'"),
        (side, side_later, "where history has id 0"),
        (side, old, 'marker "SideEffect"'),
    ],
)
def test_added_moved_and_dropped(serve: Any, code: Any, before: Any, after: Any, words: str) -> None:
    error = replayed_with(serve, code, before, after)
    assert re.search(words, str(error)), error
