"""Cron schedules fire when they say, and bad ones are refused in the server's words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.devserver.schedules.cron import CronError, Fields, parse, seconds_to_next_run


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("spec", "moment", "expected"),
    [
        ("* * * * *", "2026-01-01 00:00:00", "2026-01-01 00:01:00"),
        ("* * * * *", "2026-01-01 00:00:59.999999", "2026-01-01 00:01:00"),
        ("*/15 * * * *", "2026-01-01 00:14:59", "2026-01-01 00:15:00"),
        ("5/20 * * * *", "2026-01-01 00:06:00", "2026-01-01 00:25:00"),
        ("0 9 * * mon-fri", "2026-01-03 00:00:00", "2026-01-05 09:00:00"),
        ("0 9 * * MON", "2026-01-05 09:00:00", "2026-01-12 09:00:00"),
        ("0 0 31 * *", "2026-01-31 00:00:00", "2026-03-31 00:00:00"),
        ("0 0 29 2 *", "2026-01-01 00:00:00", "2028-02-29 00:00:00"),
        ("0 0 13 * fri", "2026-01-01 00:00:00", "2026-01-02 00:00:00"),  # both day fields: either is enough
        ("0 0 13 * */2", "2026-01-01 00:00:00", "2026-01-03 00:00:00"),
        ("0 0 ? jan,jul ?", "2026-01-31 00:00:00", "2026-07-01 00:00:00"),
        ("59 23 31 12 *", "2026-12-31 23:59:00", "2027-12-31 23:59:00"),
        ("@hourly", "2026-01-01 00:30:00", "2026-01-01 01:00:00"),
        ("@daily", "2026-02-28 00:30:00", "2026-03-01 00:00:00"),
        ("@midnight", "2026-02-28 00:30:00", "2026-03-01 00:00:00"),
        ("@weekly", "2026-01-01 00:00:00", "2026-01-04 00:00:00"),
        ("@monthly", "2026-01-01 00:00:00", "2026-02-01 00:00:00"),
        ("@yearly", "2026-01-01 00:00:00", "2027-01-01 00:00:00"),
        ("@every 1h30m", "2026-01-01 00:00:00.5", "2026-01-01 01:30:00"),
        ("@every 10ms", "2026-01-01 00:00:00", "2026-01-01 00:00:01"),
        ("@every -3s", "2026-01-01 00:00:00", "2026-01-01 00:00:01"),
        ("@every 1.5m", "2026-01-01 00:00:00", "2026-01-01 00:01:30"),
        ("TZ=Europe/Berlin 0 9 * * *", "2026-01-01 00:00:00", "2026-01-01 08:00:00"),
        ("CRON_TZ=Europe/Berlin 0 9 * * *", "2026-07-01 00:00:00", "2026-07-01 07:00:00"),
        ("TZ=Europe/Berlin 30 2 29 3 *", "2026-01-01 00:00:00", "2027-03-29 00:30:00"),  # 02:30 is skipped in 2026
        ("TZ=America/Santiago 0 0 * * *", "2026-09-05 12:00:00", "2026-09-07 03:00:00"),  # midnight itself is skipped
    ],
)
def test_next_firing(spec: str, moment: str, expected: str) -> None:
    assert parse(spec).next_after(at(moment)) == at(expected)


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("", "empty spec string"),
        ("x x", "expected exactly 5 fields, found 2: [x x]"),
        ("* * * * * *", "expected exactly 5 fields, found 6: [* * * * * *]"),
        ("x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("9-5 * * * *", "beginning of range (9) beyond end of range (5): 9-5"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
        ("*/1/2 * * * *", "too many slashes: */1/2"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("* * * * 7", "end of range (7) above maximum (6): 7"),
        ("@fortnightly", "unrecognized descriptor: @fortnightly"),
        ("@every soon", 'failed to parse duration @every soon: time: invalid duration "soon"'),
        ("@every 5", 'failed to parse duration @every 5: time: invalid duration "5"'),
        ("TZ=Nowhere/At_All * * * * *", "provided bad location Nowhere/At_All: unknown time zone Nowhere/At_All"),
        ("TZ=../etc * * * * *", "provided bad location ../etc: unknown time zone ../etc"),
    ],
)
def test_what_cannot_be_read_is_named(spec: str, reason: str) -> None:
    with pytest.raises(CronError) as caught:
        parse(spec)
    assert str(caught.value) == reason


def test_a_date_that_never_comes_is_an_error() -> None:
    with pytest.raises(CronError, match="no next firing time found"):
        parse("0 0 30 2 *").next_after(at("2026-01-01 00:00:00"))


@pytest.mark.parametrize(
    ("spec", "started", "closed", "buffer_one", "expected"),
    [
        ("* * * * *", "2026-01-01 00:00:10", "2026-01-01 00:00:10", False, 50),
        ("* * * * *", "2026-01-01 00:00:10", "2026-01-01 00:00:10.25", False, 50),
        ("* * * * *", "2026-01-01 00:00:10", "2026-01-01 00:03:10", False, 50),
        ("* * * * *", "2026-01-01 00:00:10", "2026-01-01 00:03:00", False, 0),
        ("* * * * *", "2026-01-01 00:00:10", "2026-01-01 00:03:10", True, 0),
        ("* * * * *", "2026-01-01 00:00:10", "2026-01-01 00:00:20", True, 40),
        ("@every 10s", "2026-01-01 00:00:00", "2026-01-01 00:00:34", False, 6),
        ("@every 10s", "2026-01-01 00:00:00", "2026-01-01 00:00:40", False, 0),
        ("@every 1s", "1970-01-01 00:00:00", "2026-01-01 00:00:00.5", False, 1),
    ],
)
def test_wait_for_the_next_run(spec: str, started: str, closed: str, buffer_one: bool, expected: int) -> None:
    assert seconds_to_next_run(parse(spec), at(started), at(closed), buffer_one=buffer_one) == expected


_FIELD = {
    "minutes": st.sampled_from(["*", "*/7", "0", "59", "10-20", "1,30"]),
    "hours": st.sampled_from(["*", "*/5", "0", "23", "9-17"]),
    "days": st.sampled_from(["*", "1", "31", "*/10", "?"]),
    "months": st.sampled_from(["*", "2", "feb-apr", "12", "*/5"]),
    "weekdays": st.sampled_from(["*", "0", "mon-fri", "6", "*/3"]),
}


@settings(max_examples=200, deadline=None)
@given(
    st.builds(" ".join, st.tuples(*_FIELD.values())),
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2050, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_firing_fits_and_none_was_missed(spec: str, moment: datetime) -> None:
    schedule = parse(spec)
    assert isinstance(schedule, Fields)
    try:
        found = schedule.next_after(moment)
    except CronError:
        return
    assert found > moment
    assert found.second == found.microsecond == 0
    assert found.minute in schedule.minutes
    assert found.hour in schedule.hours
    assert found.month in schedule.months
    # The last minutes before it don't fit.
    between = found - timedelta(minutes=1)
    if between > moment:
        assert schedule.next_after(between - timedelta(microseconds=1)) == found
