"""The page about the linter names every rule, as the rules are."""

from __future__ import annotations

from pathlib import Path

from cadence.lint import RULES

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_lists_the_rules() -> None:
    text = (ROOT / "docs" / "determinism-lint.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| CAD")]
    heads = [tuple(cell.strip() for cell in row.split("|")[1:4]) for row in rows]
    assert heads == [(rule.code, rule.name, rule.severity.name.lower()) for rule in RULES.values()]


def test_the_hook_runs_the_command() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "id: cadence-lint" in text
    assert "entry: cadence lint\n" in text
