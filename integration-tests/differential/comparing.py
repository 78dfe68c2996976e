"""Where two records of a scenario differ, and which differences are allowed.

Records are lists of [label, plain data] as `stage` keeps them. It knows no frontend and no calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

__all__ = ("Allowance", "differences")

_ABSENT = "<absent>"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A difference that is wanted or can't be helped."""

    scenario: str
    """Which scenarios, as a pattern of `fnmatch` over `subject.name`."""
    place: str
    """Where, as a regular expression that the whole place matches, as a failed comparison shows it."""
    reason: str
    by_chance: bool = False
    """Whether it may be there or not."""

    def covers(self, scenario: str, place: str) -> bool:
        """Whether a difference is this one."""
        return fnmatchcase(scenario, self.scenario) and re.fullmatch(self.place, place) is not None


def differences(real: Any, ours: Any) -> Iterator[tuple[str, Any, Any]]:
    """Give place, the real server's value and ours for each difference of two records."""
    for index in range(max(len(real), len(ours))):
        left = real[index] if index < len(real) else [_ABSENT, _ABSENT]
        right = ours[index] if index < len(ours) else [_ABSENT, _ABSENT]
        place = f"{index + 1} {left[0]}"
        if left[0] != right[0]:
            yield place, left[0], right[0]
            return
        yield from _walk(place, left[1], right[1])


def _walk(place: str, real: Any, ours: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(real, dict) and isinstance(ours, dict):
        for name in sorted(real.keys() | ours.keys()):
            yield from _walk(f"{place}.{name}", real.get(name, _ABSENT), ours.get(name, _ABSENT))
    elif isinstance(real, list) and isinstance(ours, list):
        kinds = _kinds(real), _kinds(ours)
        if kinds[0] != kinds[1]:
            yield f"{place}.types", kinds[0], kinds[1]
            return
        for index in range(max(len(real), len(ours))):
            left = real[index] if index < len(real) else _ABSENT
            right = ours[index] if index < len(ours) else _ABSENT
            name = f"[{index}]" if not kinds[0] else f"[{index + 1} {kinds[0][index]}]"
            yield from _walk(place + name, left, right)
    elif real != ours:
        yield place, real, ours


def _kinds(items: list[Any]) -> list[str]:
    """Give the types of events, where a list holds events."""
    if items and all(isinstance(item, list) and len(item) == 3 and isinstance(item[2], dict) for item in items):
        return [item[1] for item in items]
    return []
