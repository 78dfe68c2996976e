"""Values on the way to the wire and back, for all of their range."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence import api
from cadence.converter import DataConverter
from cadence.converter import wire_options as wire
from cadence.exceptions import ConversionError

CONVERTER = DataConverter()


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=36_500)))
def test_a_duration_never_gets_shorter(duration: timedelta) -> None:
    seconds = wire.whole_seconds(duration)
    assert seconds is not None
    assert timedelta() <= timedelta(seconds=seconds) - duration < timedelta(seconds=1)


EARLIEST, LATEST = datetime(1970, 1, 2), datetime(2260, 1, 1)  # noqa: DTZ001  # Hypothesis takes naive bounds
NAIVE = datetime(2030, 6, 1, 12)  # noqa: DTZ001  # what users write


@given(st.datetimes(min_value=EARLIEST, max_value=LATEST, timezones=st.just(UTC)))
def test_times_come_back(time: datetime) -> None:
    assert wire.moment(wire.nanoseconds(time)) == time


def test_times_that_are_not_set() -> None:
    assert wire.moment(None) is None
    assert wire.moment(0) is None
    assert wire.whole_seconds(None) is None


def test_naive_times_are_local() -> None:
    assert wire.nanoseconds(NAIVE) == int(NAIVE.timestamp()) * 1_000_000_000


@given(st.dictionaries(st.text(), st.none() | st.integers(-(2**40), 2**40) | st.text() | st.lists(st.booleans())))
def test_memos_come_back(memo: dict[str, object]) -> None:
    assert wire.memo_values(wire.memo_struct(memo, CONVERTER), CONVERTER) == memo


@given(st.dictionaries(st.text(), st.integers(-(2**40), 2**40) | st.text() | st.lists(st.text())))
def test_search_attributes_come_back(attributes: dict[str, object]) -> None:
    assert wire.search_attribute_values(wire.search_attributes_struct(attributes)) == attributes


def test_naive_times_in_search_attributes_get_a_zone() -> None:
    struct = wire.search_attributes_struct({"At": NAIVE})
    assert struct is not None
    assert struct.indexed_fields is not None
    assert struct.indexed_fields["At"].endswith(b'Z"')


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ConversionError, match="search attribute 'x'"):
        wire.search_attributes_struct({"x": {1, object()}})


def test_nothing_is_sent_for_nothing() -> None:
    assert wire.memo_struct({}, CONVERTER) is None
    assert wire.search_attributes_struct({}) is None
    assert wire.header_struct({}) is None
    assert wire.retry_policy_struct(None) is None
    assert wire.header_struct({"a": b"1"}) == api.Header(fields={"a": b"1"})
