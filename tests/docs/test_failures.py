"""The page of failures quotes what the code says: each message is looked for among the texts in the code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [line for line in (ROOT / "docs/failures.md").read_text().splitlines() if re.match(r"\| (?!symptom|---)", line)]
# What a message has of its case: names in quotes, numbers, whatever the page leaves out.
OF_THE_CASE = re.compile(
    r'"[^"]*"|\b(?:for )?[\d.:]+\b|\.\.\.|\b(?:orders|charge|Ship\.run|zz|workflows|Worker:)(?!\w)'
)
# Not ours: the names of timeouts and errors, commands, and what pytest or a shell says.
OTHERS = re.compile(r"[A-Z_]+|\w+Error|cadence:? .*|activities|code|async def( .*)?")


@cache
def texts() -> list[str]:
    """Every piece of text in the code, without what is filled in."""
    found = []
    for path in (ROOT / "cadence").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found += re.split(r"%(?:\.\d+)?[sdrf]", node.value)
    return found


def quotes(row: str) -> list[str]:
    symptom = row.split(" | ", maxsplit=1)[0]
    return [quote for quote in re.findall(r"`([^`]+)`", symptom) if not OTHERS.fullmatch(quote)]


def test_there_are_failures() -> None:
    assert len(ROWS) >= 40
    assert sum(bool(quotes(row)) for row in ROWS) >= 30


@pytest.mark.parametrize("row", [row for row in ROWS if quotes(row)], ids=lambda row: row.split(" | ", maxsplit=1)[0])
def test_the_code_says_what_is_quoted(row: str) -> None:
    for quote in quotes(row):
        for piece in OF_THE_CASE.split(quote):
            assert len(piece.strip()) < 4 or any(piece.strip() in text for text in texts()), piece


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split(" | ", maxsplit=1)[0])
def test_a_row_has_symptom_cause_and_cure(row: str) -> None:
    assert [bool(cell.strip()) for cell in row.strip("|").split(" | ")] == [True] * 3
