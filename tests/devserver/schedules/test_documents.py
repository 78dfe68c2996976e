"""What a schedule keeps, as JSON: that of a real server is read, and what is written is read again."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence import api
from cadence.api.enums import ScheduleCatchUpPolicy, ScheduleOverlapPolicy
from cadence.devserver.schedules.calendar import Calendar
from cadence.devserver.schedules.documents import (
    Action,
    Book,
    Instant,
    Policies,
    Spec,
    State,
    UpdateSignal,
    instant_text,
    read,
    write,
)
from cadence.devserver.schedules.policies import to_catch_up

RECORDED = Path(__file__).parents[2] / "data" / "histories" / "go"
SECOND = 10**9
instants = st.integers(-(2**62), 2**62).filter(bool).map(Instant)


def started_with(path: Path) -> bytes:
    recorded = json.loads(path.read_text())
    events = recorded if isinstance(recorded, list) else recorded.get("events") or recorded["history"]["events"]
    return base64.b64decode(events[0]["workflowExecutionStartedEventAttributes"]["input"])


@pytest.mark.parametrize("path", sorted(RECORDED.glob("cadence-scheduler-*.json")), ids=lambda path: path.stem)
def test_schedules_of_a_real_server(path: Path) -> None:
    book = read(Book, started_with(path))
    assert book.schedule_id.startswith("integ-schedule-")
    assert book.spec.cron_expression == "0 0 1 1 *"
    assert book.spec.wire().jitter_in_seconds == 5
    policies = book.policies.wire()
    assert policies.overlap_policy == ScheduleOverlapPolicy.SKIP_NEW
    assert policies.catch_up_policy == ScheduleCatchUpPolicy.ONE
    assert policies.catch_up_window_in_seconds == 3600
    start = book.action.wire().start_workflow
    assert start is not None
    assert start.input == b'"hello"'
    assert start.memo == api.Memo(fields={"actionOwner": b'"integ-action"\n'})
    assert read(Book, write(book)) == book


@given(instants)
def test_times(at: Instant) -> None:
    spec = Spec("* * * * *", at)
    assert read(Spec, write(spec)) == spec


def test_times_with_offsets() -> None:
    read_spec = read(Spec, b'{"startTime":"2026-01-01T02:00:00.5+02:00"}')
    assert instant_text(read_spec.start_time) == "2026-01-01T00:00:00.5Z"
    with pytest.raises(ValueError, match="not a time"):
        read(Spec, b'{"startTime":"tomorrow"}')


@given(st.binary(), st.text(), st.dictionaries(st.text(), st.binary(), max_size=3), st.integers(0, 9))
def test_actions(payload: bytes, prefix: str, memo: dict[str, bytes], policy: int) -> None:
    start = api.ScheduleStartWorkflowAction(
        workflow_type=api.WorkflowType(name="w"),
        input=payload,
        workflow_id_prefix=prefix,
        memo=api.Memo(fields=memo),
        search_attributes=api.SearchAttributes(indexed_fields=memo),
    )
    signal = UpdateSignal(
        action=Action.of(api.ScheduleAction(start)), policies=Policies.of(api.SchedulePolicies(policy, policy))
    )
    again = read(UpdateSignal, write(signal))
    assert again == signal
    assert again.action is not None
    assert again.action.wire() == api.ScheduleAction(start)


def test_a_book_is_written_whole() -> None:
    book = Book("d", "s", Spec("@daily"), state=State(paused=True, total_runs=7, create_time=Instant(5)))
    assert read(Book, write(book)) == book


@given(
    st.sampled_from(["* * * * *", "*/7 3 * * *", "@every 17s", "TZ=Europe/Berlin 30 2 * * *", "0 0 30 2 *"]),
    st.integers(1_700_000_000, 1_800_000_000),
    st.integers(0, 100_000),
    st.integers(0, 100_000),
    st.floats(0, 1),
)
def test_starts_lie_in_their_bounds(cron: str, since: int, start: int, length: int, share: float) -> None:
    try:
        calendar = Calendar(
            Spec(cron, Instant((since + start) * SECOND), Instant((since + start + length) * SECOND), 60 * SECOND)
        )
    except ValueError:
        assert cron == "0 0 30 2 *"
        return
    due = calendar.next_after(since * SECOND)
    for _ in range(5):
        if due is None:
            break
        assert (since + start) * SECOND <= due <= (since + start + length) * SECOND
        following = calendar.next_after(due)
        delay = calendar.delay(due, share)
        assert 0 <= delay <= 60 * SECOND
        if following is not None:
            assert due < following
            assert due + delay < following
        due = following


@given(st.integers(1, 100), st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 999_999_999))
def test_starts_are_counted_as_they_come(period: int, length: int, bound: int, odd: int) -> None:
    since = 1_700_000_000 * SECOND + odd
    calendar = Calendar(Spec(f"@every {period}s", end_time=Instant(since + bound * SECOND)))
    found, truncated = calendar.missed(since, since + length * SECOND)
    assert truncated or calendar.count(since, since + length * SECOND) == len(found)


def test_no_start_is_later_than_a_message_can_tell() -> None:
    calendar = Calendar(Spec("0 0 1 1 *", Instant(2**63 - 1)))
    assert calendar.next_after(0) is None


@given(st.integers(0, 5), st.integers(0, 50), st.lists(st.integers(0, 100), unique=True).map(sorted))
def test_missed_starts_are_made_up_for_or_skipped(policy: int, window: int, missed: list[int]) -> None:
    chosen, skipped = to_catch_up(policy, window, missed, 100)
    assert len(chosen) + skipped == len(missed)
    assert all(window == 0 or 100 - due <= window for due in chosen)
    if policy == ScheduleCatchUpPolicy.ONE and chosen:
        assert chosen == missed[-1:]
    if policy not in {ScheduleCatchUpPolicy.ONE, ScheduleCatchUpPolicy.ALL}:
        assert chosen == []
