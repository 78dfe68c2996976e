"""Asks whether a version pinned in constraints.txt has a known vulnerability, and fails where one has.

It runs pip-audit, out of a virtual environment of its own so that what is audited does not mix with what audits. Every
pin is asked for, whatever Python or system its marker names. Where pip-audit can't be installed, or no service that
knows of vulnerabilities can be reached, it says so in one line and succeeds: a change must not wait for a network.
It needs nothing but the standard library, and knows nothing of the package. `.ci/run` and `tox -e audit` run it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
SERVICES = ("pypi", "osv")
SECONDS = 60.0  # for everything: installing, and asking each service
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;#]+)", re.MULTILINE)
# What pip-audit ends with when the other side is at fault; everything else is a failure of the audit.
UNREACHABLE = re.compile(r"requests\.exceptions\.|urllib3\.exceptions\.|ServiceError|vulnerability feed")


class NotAudited(Exception):
    """The pins could not be looked up; the text says why."""


class Deadline:
    """Runs programs that together may take a number of seconds."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def run(self, *command: str | Path, doing: str) -> subprocess.CompletedProcess[str]:
        """Run a program to its end.

        Raises:
            NotAudited: The time was up first.
        """
        left = max(self._end - time.monotonic(), 0.1)
        try:
            return subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                timeout=left,
                cwd=ROOT,
                env={**os.environ, "PIP_CONSTRAINT": CONSTRAINTS.name},
            )
        except subprocess.TimeoutExpired:
            raise NotAudited(f"{doing} took longer than the {SECONDS:.0f} seconds there are") from None


def lists(constraints: str) -> Iterator[str]:
    """Give the pins as lists without markers, for pip-audit refuses two versions of one name in a list."""
    rounds: list[dict[str, str]] = []
    for pin in PIN.finditer(constraints):
        name, version = pin["name"].lower(), pin["version"]
        for versions in rounds:
            if versions.setdefault(name, version) == version:
                break
        else:
            rounds.append({name: version})
    for versions in rounds:
        yield "".join(f"{name}=={version}\n" for name, version in versions.items())


def verdict(report: dict[str, Any]) -> tuple[bool, list[str]]:
    """Judge a report of pip-audit: whether the pins may stay, and what to say.

    Raises:
        NotAudited: The service knew none of the pins: what answered is no such service.
    """
    dependencies = report["dependencies"]
    known = [dependency for dependency in dependencies if "skip_reason" not in dependency]
    unknown = sorted(dependency["name"] for dependency in dependencies if "skip_reason" in dependency)
    if not known:
        raise NotAudited(f"it knows none of the {len(dependencies)} pins")
    lines = []
    for dependency in known:
        for found in dependency["vulns"]:
            names = ", ".join([found["id"], *found.get("aliases", ())])
            fixed = ", ".join(found["fix_versions"]) or "no version yet"
            lines.append(f"{dependency['name']} {dependency['version']} is vulnerable: {names}; fixed in {fixed}")
    safe = not lines
    lines.append(f"{len(known)} pins looked up" + ("" if lines else ", none has a known vulnerability"))
    if unknown:
        lines.append(f"not known to the service: {', '.join(unknown)}")
    return safe, lines


def install(deadline: Deadline, folder: Path) -> Path:
    """Put pip-audit into an environment of its own and return that environment's Python."""
    made = deadline.run(sys.executable, "-m", "venv", folder, doing="making an environment for pip-audit")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if made.returncode:
        raise NotAudited(f"no environment for pip-audit can be made: {_reason(made)}")
    installed = deadline.run(
        *(python, "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "15", "pip-audit"),
        doing="installing pip-audit",
    )
    if installed.returncode:
        raise NotAudited(f"pip-audit can't be installed: {_reason(installed)}")
    return python


def ask(deadline: Deadline, python: Path, service: str, folder: Path) -> dict[str, Any]:
    """Look the pins up with one service and return what pip-audit reports, of all lists together.

    Raises:
        NotAudited: The service can't be reached, or is none.
        RuntimeError: pip-audit failed for another reason.
    """
    dependencies = []
    for text in lists(CONSTRAINTS.read_text(encoding="utf-8")):
        requirements, report = folder / "pins.txt", folder / "report.json"
        requirements.write_text(text, encoding="utf-8")
        report.unlink(missing_ok=True)
        asked = deadline.run(
            *(python, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", "10"),
            *("--vulnerability-service", service, "--aliases", "on", "--format", "json", "--output", report),
            *("--requirement", requirements),
            doing="the lookup",
        )
        if report.exists():
            dependencies += json.loads(report.read_text(encoding="utf-8"))["dependencies"]
        elif UNREACHABLE.search(asked.stderr):
            raise NotAudited(f"no connection, or no sensible answer ({_reason(asked)[:120]})")
        else:
            raise RuntimeError(f"pip-audit failed with exit code {asked.returncode}:\n{asked.stderr}")
    return {"dependencies": dependencies}


def _reason(program: subprocess.CompletedProcess[str]) -> str:
    lines = (program.stderr.strip() or "no reason given").splitlines()
    return next((line for line in lines if line.startswith("ERROR: ")), lines[-1])


def main() -> int:
    """Audit the pins; 0 where they may stay or can't be looked up, 1 where one is vulnerable."""
    deadline = Deadline(SECONDS)
    reasons = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            python = install(deadline, Path(folder, "venv"))
        except NotAudited as reason:
            print(f"the pins were not audited: {reason}")
            return 0
        for service in SERVICES:
            try:
                safe, said = verdict(ask(deadline, python, service, Path(folder)))
            except NotAudited as reason:
                reasons.append(f"{service}: {reason}")
                continue
            print("\n".join(said))
            return 0 if safe else 1
    print(f"the pins were not audited, no vulnerability service can be reached: {'; '.join(reasons)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
