"""When a cron schedule fires next.

Reads the five-field form (minute, hour, day of month, month, day of week), the descriptors `@yearly`, `@annually`,
`@monthly`, `@weekly`, `@daily`, `@midnight`, `@hourly`, `@every <duration>`, and a leading `TZ=<zone>` or
`CRON_TZ=<zone>`; with the words of the real server where something is wrong. It knows no clock and no run: the times
come from the caller. Its neighbours are `frontend.checks`, which refuses bad schedules, and `execution.closing`, which
asks for the next run.
"""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

__all__ = ("CronError", "Every", "Fields", "Schedule", "parse", "seconds_to_next_run")

_DESCRIPTORS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_DAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_BOUNDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, _MONTHS),
    (0, 6, _DAYS),
)
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_YEARS_AHEAD = 5
"""A date that does not come within this many years never comes (30 February)."""


class CronError(ValueError):
    """A schedule that can't be read, or never fires; the text is what the server's answer quotes."""


@dataclass(frozen=True, slots=True)
class Every:
    """Fires again and again after the same time, counted from the last start."""

    interval: timedelta
    """Whole seconds, at least one."""

    def next_after(self, moment: datetime) -> datetime:
        """Return the next firing after `moment` (aware), on a whole second."""
        return moment.replace(microsecond=0).astimezone(UTC) + self.interval


@dataclass(frozen=True, slots=True)
class Fields:
    """Fires at the minutes that five sets of numbers allow."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    """True where both day fields restrict: then one of them is enough; otherwise both must allow the day."""
    zone: tzinfo

    def next_after(self, moment: datetime) -> datetime:
        """Return the first firing later than `moment` (aware), in UTC.

        Raises:
            CronError: None comes within five years.
        """
        # Walks in UTC and looks at the zone's wall clock, so that a skipped hour never fires and a repeated one may.
        at = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        last_year = at.year + _YEARS_AHEAD
        while True:
            local = at.astimezone(self.zone)
            if local.year > last_year:
                msg = "no next firing time found"
                raise CronError(msg)
            if local.month not in self.months:
                at = self._start_of(local.replace(day=1) + timedelta(days=32), day=1, after=at)
            elif not self._day_fits(local):
                at = self._start_of(local + timedelta(days=1), day=None, after=at)
            elif local.hour not in self.hours:
                at += timedelta(minutes=60 - local.minute)
            elif local.minute not in self.minutes:
                at += timedelta(minutes=1)
            else:
                return at

    def _day_fits(self, local: datetime) -> bool:
        day = local.day in self.days
        weekday = local.isoweekday() % 7 in self.weekdays
        return day or weekday if self.either_day else day and weekday

    def _start_of(self, local: datetime, *, day: int | None, after: datetime) -> datetime:
        midnight = datetime(local.year, local.month, day or local.day, tzinfo=self.zone).astimezone(UTC)
        # A zone that moves its clock at midnight could send us back: always go on.
        return max(midnight, after + timedelta(minutes=1))


Schedule = Every | Fields


@lru_cache(maxsize=1024)
def parse(spec: str) -> Schedule:
    """Read a cron schedule and make sure that it fires at all.

    Args:
        spec: For example `*/5 * * * *`, `@every 1h30m`, `TZ=Europe/Berlin 0 9 * * mon-fri`.

    Raises:
        CronError: It can't be read; the message says what is wrong with it.
    """
    if not spec:
        msg = "empty spec string"
        raise CronError(msg)
    zone: tzinfo = UTC
    rest = spec
    if spec.startswith(("TZ=", "CRON_TZ=")):
        prefix, _, rest = spec.partition(" ")
        zone = _zone(prefix.partition("=")[2])
        rest = rest.strip()
    if rest.startswith("@"):
        return _descriptor(rest, zone)
    return _fields(rest, zone)


def seconds_to_next_run(schedule: Schedule, started: datetime, closed: datetime, *, buffer_one: bool = False) -> int:
    """Return how long the next run's first decision waits, in whole seconds, rounded up.

    Args:
        schedule: A parsed schedule.
        started: Start of the run that ends (for a first start: now, delay included).
        closed: Its end (for a first start: the same as `started`).
        buffer_one: Overlap policy BUFFERONE: if a firing was missed while the run went on, start at once. Otherwise
            missed firings are skipped.

    Raises:
        CronError: The schedule does not fire again.
    """
    upcoming = schedule.next_after(started)
    if upcoming < closed:
        if buffer_one:
            return 0
        upcoming = _first_from(schedule, upcoming, closed)
    wait = upcoming - closed
    return wait.days * 86_400 + wait.seconds + (1 if wait.microseconds else 0)


def _first_from(schedule: Schedule, upcoming: datetime, closed: datetime) -> datetime:
    """Return the first firing that isn't before `closed`, in constant time for `@every`."""
    if isinstance(schedule, Every):
        missed = -((upcoming - closed) // schedule.interval)
        return upcoming + schedule.interval * missed
    return schedule.next_after(closed - timedelta(microseconds=1))


def _zone(name: str) -> tzinfo:
    if name in {"", "UTC"}:
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"provided bad location {name}: unknown time zone {name}"
        raise CronError(msg) from error


def _descriptor(text: str, zone: tzinfo) -> Schedule:
    if text in _DESCRIPTORS:
        return _fields(_DESCRIPTORS[text], zone)
    if text.startswith("@every "):
        seconds = _duration(text, text.removeprefix("@every "))
        return Every(timedelta(seconds=max(1, int(seconds))))
    msg = f"unrecognized descriptor: {text}"
    raise CronError(msg)


def _duration(whole: str, text: str) -> float:
    negative = text.startswith("-")
    body = text.lstrip("+-") if text[:1] in {"+", "-"} else text
    if body == "0":
        return 0.0
    parts = list(_DURATION.finditer(body))
    if not parts or "".join(part.group() for part in parts) != body:
        msg = f'failed to parse duration {whole}: time: invalid duration "{text}"'
        raise CronError(msg)
    seconds = sum(float(part[1]) * _UNITS[part[2]] for part in parts)
    if seconds > 2**63 / 1e9:
        msg = f'failed to parse duration {whole}: time: invalid duration "{text}"'
        raise CronError(msg)
    return -seconds if negative else seconds


def _fields(text: str, zone: tzinfo) -> Fields:
    parts = text.split()
    if len(parts) != len(_BOUNDS):
        msg = f"expected exactly {len(_BOUNDS)} fields, found {len(parts)}: [{' '.join(parts)}]"
        raise CronError(msg)
    sets: list[frozenset[int]] = []
    stars: list[bool] = []
    for part, (low, high, names) in zip(parts, _BOUNDS, strict=True):
        allowed, star = _field(part, low, high, names)
        sets.append(allowed)
        stars.append(star)
    minutes, hours, days, months, weekdays = sets
    return Fields(minutes, hours, days, months, weekdays, either_day=not (stars[2] or stars[4]), zone=zone)


def _field(text: str, low: int, high: int, names: dict[str, int]) -> tuple[frozenset[int], bool]:
    """Read one field: a list of ranges. The flag tells whether a bare star is among them."""
    allowed: set[int] = set()
    star = False
    for item in filter(None, text.split(",")):
        numbers, is_star = _range(item, low, high, names)
        allowed.update(numbers)
        star = star or is_star
    return frozenset(allowed), star


def _range(item: str, low: int, high: int, names: dict[str, int]) -> tuple[range, bool]:
    span, *steps = item.split("/")
    first, *others = span.split("-")
    star = False
    if first in {"*", "?"}:
        start, end, star = low, high, True
    else:
        start = _number(first, names)
        if len(others) > 1:
            msg = f"too many hyphens: {item}"
            raise CronError(msg)
        end = _number(others[0], names) if others else start
    step = 1
    if len(steps) > 1:
        msg = f"too many slashes: {item}"
        raise CronError(msg)
    if steps:
        step = _number(steps[0], {})
        if not others and not star:
            end = high  # "5/15" means "from 5 on"
        if step > 1:
            star = False
    if start < low:
        msg = f"beginning of range ({start}) below minimum ({low}): {item}"
    elif end > high:
        msg = f"end of range ({end}) above maximum ({high}): {item}"
    elif start > end:
        msg = f"beginning of range ({start}) beyond end of range ({end}): {item}"
    elif step == 0:
        msg = f"step of range should be a positive number: {item}"
    else:
        return range(start, end + 1, step), star
    raise CronError(msg)


def _number(text: str, names: dict[str, int]) -> int:
    named = names.get(text.lower())
    if named is not None:
        return named
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        msg = f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax'
        raise CronError(msg)
    number = int(text)
    if number < 0:
        msg = f"negative number ({number}) not allowed: {text}"
        raise CronError(msg)
    return number
