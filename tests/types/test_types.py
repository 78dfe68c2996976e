"""What type checkers infer from the public face, and what they refuse: part of what the face promises."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ACCEPTED = sorted(HERE.glob("accepted_*.py"))
REFUSED = sorted(HERE.glob("refused_*.py"))


def _expected(path: Path) -> set[tuple[str, int]]:
    """Return the lines that say what is wrong with them."""
    wrong = re.compile(r"#\s*(wrong|missing|one argument too many)")
    lines = path.read_text(encoding="utf-8").splitlines()
    return {(path.name, number) for number, line in enumerate(lines, 1) if wrong.search(line)}


def _reported(output: str) -> set[tuple[str, int]]:
    return {
        (Path(match[1]).name, int(match[2]))
        for match in re.finditer(r"^\s*(.+?\.py):(\d+)(?::\d+)?\s*[:-] error", output, re.MULTILINE)
    }


def _check(command: list[str]) -> None:
    done = subprocess.run(
        [*command, *map(str, ACCEPTED + REFUSED)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    output = done.stdout + done.stderr
    expected = set().union(*map(_expected, REFUSED))
    reported = {place for place in _reported(output) if place[0].startswith(("accepted_", "refused_"))}
    assert expected, "the refused files name no mistakes"
    assert reported == expected, f"not reported: {expected - reported}, too much: {reported - expected}\n{output}"


def test_mypy_agrees() -> None:
    _check(
        [sys.executable, "-m", "mypy", "--config-file", "setup.cfg", "--follow-imports=silent", "--no-error-summary"]
    )


@pytest.mark.peer
def test_pyright_agrees() -> None:
    pyright = shutil.which("pyright")
    if pyright is None:
        pytest.skip("pyright is not installed")
    _check([pyright, "--pythonpath", sys.executable])
