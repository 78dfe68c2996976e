"""What in workflow code would not replay, found in its source. Nothing is imported of what is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.lint.reach import lint
    from cadence.lint.report import Finding
    from cadence.lint.rules import RULES, Rule, Severity

__all__ = ("RULES", "Finding", "Rule", "Severity", "lint")

_HOMES = names_by_module(
    "cadence", {"lint.reach": "lint", "lint.report": "Finding", "lint.rules": "RULES Rule Severity"}
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(__name__, _HOMES)
