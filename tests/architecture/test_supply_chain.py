"""What is installed for tests and releases is pinned, and an audit of the pins says what it found."""

from __future__ import annotations

import configparser
import importlib.util
import itertools
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PINS = [
    Requirement(line.partition("#")[0])
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line.partition("#")[0].strip()
]
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = ("linux", "darwin", "win32")


def _required() -> dict[str, Requirement]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = setup["options.extras_require"]
    lists = [setup["options"]["install_requires"], *(extras[name] for name in ("dev", "test", "release"))]
    return {line: Requirement(line) for text in lists for line in text.splitlines() if line.strip()}


def _environment(python: str, system: str) -> dict[str, str]:
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


@pytest.mark.parametrize("text", _required())
def test_a_requirement_has_a_pin_within_its_range(text: str) -> None:
    required = _required()[text]
    for python, system in itertools.product(PYTHONS, SYSTEMS):
        environment = _environment(python, system)
        if required.marker is not None and not required.marker.evaluate(environment):
            continue
        pins = [
            pin
            for pin in PINS
            if canonicalize_name(pin.name) == canonicalize_name(required.name)
            and (pin.marker is None or pin.marker.evaluate(environment))
        ]
        where = f"{required} on Python {python}, {system}: run `tox -e pins`"
        assert len(pins) == 1, where
        (version,) = pins[0].specifier
        assert version.operator == "==", where
        assert required.specifier.contains(version.version, prereleases=True), where


def test_a_pin_is_one_exact_version() -> None:
    for pin in PINS:
        assert re.fullmatch(r"==[^*,]+", str(pin.specifier)), str(pin)
        assert not pin.extras, f"pip takes no extras in constraints: {pin}"
        assert pin.url is None, str(pin)


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ci_audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _report(*dependencies: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(dependencies), "fixes": []}


def test_every_pin_is_asked_for_whatever_its_marker(audit: ModuleType) -> None:
    constraints = """# written by a tool
one==1.0                  # via two
two==2.0 ; python_full_version < '3.12'  # via one
two==3.0 ; python_full_version >= '3.12'  # via one
"""
    assert list(audit.lists(constraints)) == ["one==1.0\ntwo==2.0\n", "two==3.0\n"]
    asked = "".join(audit.lists((ROOT / "constraints.txt").read_text(encoding="utf-8"))).splitlines()
    assert sorted(asked) == sorted(f"{pin.name.lower()}{pin.specifier}" for pin in PINS)


def test_pins_without_known_vulnerabilities_may_stay(audit: ModuleType) -> None:
    assert audit.verdict(_report({"name": "one", "version": "1.0", "vulns": []})) == (
        True,
        ["1 pins looked up, none has a known vulnerability"],
    )


def test_a_vulnerable_pin_is_named_with_what_fixes_it(audit: ModuleType) -> None:
    found = {"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": ["CVE-1"], "description": "bad"}
    safe, said = audit.verdict(
        _report(
            {"name": "one", "version": "1.0", "vulns": [found]},
            {"name": "two", "skip_reason": "Dependency not found on PyPI and could not be audited: two (2.0)"},
        )
    )
    assert not safe
    assert said == [
        "one 1.0 is vulnerable: PYSEC-1, CVE-1; fixed in 1.1",
        "1 pins looked up",
        "not known to the service: two",
    ]


def test_a_service_that_knows_nothing_is_none(audit: ModuleType) -> None:
    with pytest.raises(audit.NotAudited, match="knows none of the 1 pins"):
        audit.verdict(_report({"name": "one", "skip_reason": "Dependency not found on PyPI"}))


def test_a_lookup_that_takes_too_long_is_given_up(audit: ModuleType) -> None:
    with pytest.raises(audit.NotAudited, match="the lookup took longer"):
        audit.Deadline(0.0).run("sleep", "600", doing="the lookup")
