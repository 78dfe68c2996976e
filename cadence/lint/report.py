"""What was found, as lines for people, as JSON for programs; and the comments that say a finding is known.

It gets findings and prints nothing: texts are returned. How they were found is `visitor`'s and `reach`'s job.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cadence.lint.rules import RULES, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ("Finding", "Step", "as_json", "as_text", "is_suppressed", "summary")

_COMMENT = re.compile(r"#\s*cadence:\s*ignore(?:\[([A-Za-z0-9_,\s-]*)\])?")


@dataclass(frozen=True, slots=True)
class Step:
    """One function on the way from the workflow to what was found.

    Attributes:
        name: The function as one would say it: `Order.run`.
        path: The file it is in.
        line: Where the step before calls it; for the first step, where it is defined.
    """

    name: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in workflow code that would not replay.

    Attributes:
        path: The file.
        line: The line, from 1.
        column: The column, from 1.
        end_line: The last line of the expression.
        code: The rule's code.
        severity: How bad it is here.
        what: What the code does there.
        via: How workflow code comes there; the workflow's own method first.
    """

    path: str
    line: int
    column: int
    end_line: int
    code: str
    severity: Severity
    what: str
    via: tuple[Step, ...] = ()


def is_suppressed(finding: Finding, lines: Sequence[str]) -> bool:
    """Tell whether a comment says that this finding is known.

    It stands on a line of the expression, or alone on the line above: `# cadence: ignore[CAD001] reason`. Without
    brackets it is about every rule.

    Args:
        finding: What was found.
        lines: The file's lines.
    """
    first, last = max(finding.line - 1, 0), min(finding.end_line, len(lines))
    near = list(lines[first:last])
    if first > 0 and lines[first - 1].lstrip().startswith("#"):
        near.append(lines[first - 1])
    return any(_names(match[1], finding.code) for line in near for match in _COMMENT.finditer(line))


def _names(codes: str | None, code: str) -> bool:
    if codes is None:
        return True
    named = {one.strip().lower() for one in codes.split(",")}
    return code.lower() in named or RULES[code].name in named


def as_text(finding: Finding) -> str:
    """Show a finding in a few lines, the first of which editors can jump from."""
    rule = RULES[finding.code]
    place = f"{finding.path}:{finding.line}:{finding.column}"
    lines = [f"{place}: {finding.code} {finding.severity.name.lower()}: {finding.what} [{rule.name}]"]
    lines.append(f"    why:     {_why(finding)}")
    lines.append(f"    instead: {rule.instead}")
    if finding.via:
        lines.append(f"    reached: {_way(finding.via)}")
    return "\n".join(lines)


def _why(finding: Finding) -> str:
    rule = RULES[finding.code]
    if finding.severity < rule.severity:
        return f"{rule.why}; here it is input of a call alone, so replay holds as long as nothing is decided by it"
    return rule.why


def _way(via: Sequence[Step]) -> str:
    return " -> ".join(f"{step.name} ({step.path}:{step.line})" for step in via)


def as_json(finding: Finding) -> dict[str, Any]:
    """Turn a finding into what JSON can hold."""
    rule = RULES[finding.code]
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "name": rule.name,
        "severity": finding.severity.name.lower(),
        "what": finding.what,
        "why": _why(finding),
        "instead": rule.instead,
        "reached": [{"function": step.name, "path": step.path, "line": step.line} for step in finding.via],
    }


def summary(findings: Iterable[Finding], files: int, functions: int) -> str:
    """Say in one line how it went.

    Args:
        findings: What is shown.
        files: How many files were asked for.
        functions: How many functions of them are workflow code.
    """
    counts = dict.fromkeys(reversed(Severity), 0)
    for finding in findings:
        counts[finding.severity] += 1
    found = ", ".join(_count(number, severity.name.lower()) for severity, number in counts.items() if number)
    return f"{found or 'nothing found'} in {_count(files, 'file')}, {_count(functions, 'function')} of workflow code"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
