"""The dev server answers as a real frontend did, scenario by scenario and field by field.

pytest integration-tests/differential                                          against the recordings
CADENCE_ADDRESS=host:port pytest integration-tests/differential                a real frontend against the recordings
CADENCE_ADDRESS=host:port pytest integration-tests/differential --record       makes the recordings anew
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from differential.allowed import ALLOWED
from differential.comparing import differences
from differential.library import scenarios

RECORDINGS = Path(__file__).parent / "recordings"
NAMES = list(scenarios())


def _read(subject: str) -> dict[str, Any]:
    path = RECORDINGS / f"{subject}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _write(scenario: str, record: Any) -> None:
    """Put one scenario's record into its subject's file: a line per scenario, so that a change shows where it is."""
    subject = scenario.partition(".")[0]
    known = {name: record for name, record in _read(subject).items() if name in NAMES}
    known[scenario] = record
    lines = [f"{json.dumps(name)}: {json.dumps(known[name], separators=(',', ':'))}" for name in sorted(known)]
    (RECORDINGS / f"{subject}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


@pytest.mark.parametrize("scenario", NAMES)
def test_scenario(scenario: str, performed: Any, is_recording: bool, frontend: Any) -> None:
    record, _ = performed[scenario]
    if isinstance(record, Exception):
        raise record
    record = json.loads(json.dumps(record))
    if is_recording:
        _write(scenario, record)
        return
    real = _read(scenario.partition(".")[0]).get(scenario)
    assert real is not None, "there is no recording: make one with --record"
    allowed = [entry for entry in ALLOWED if frontend.is_dev_server or entry.by_chance]
    found = [
        f"{place}\n    real {json.dumps(left)}\n    ours {json.dumps(right)}"
        for place, left, right in differences(real, record)
        if not any(allowance.covers(scenario, place) for allowance in allowed)
    ]
    assert not found, "\n".join([f"{len(found)} differences", *found])


def test_each_allowance_is_needed(performed: Any, is_recording: bool, frontend: Any) -> None:
    """What no longer differs is no longer allowed to."""
    if is_recording or not frontend.is_dev_server or performed.keys() != set(NAMES):
        pytest.skip("it takes all scenarios on the dev server")
    places = [
        (scenario, place)
        for scenario, (record, _) in performed.items()
        if not isinstance(record, Exception)
        for place, _, _ in differences(
            _read(scenario.partition(".")[0]).get(scenario, []), json.loads(json.dumps(record))
        )
    ]
    sure = [entry for entry in ALLOWED if not entry.by_chance]
    assert not [entry for entry in sure if not any(entry.covers(scenario, place) for scenario, place in places)]
