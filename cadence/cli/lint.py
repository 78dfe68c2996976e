"""`cadence lint`: what in workflow code would not replay, found in its source before it runs.

The looking is `cadence.lint`'s; here are the command line, the printing and the exit code.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.failures import REFUSED, MistakeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence.lint.reach import Result

__all__ = ("command",)


class FailOn(enum.Enum):
    """From which severity on a finding makes the command fail."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"
    NEVER = "never"


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATHS]...", help="Files and folders; default: this folder.", show_default=False),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value.")] = False,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Rules to use, as CAD001,CAD010; default: all.", show_default=False),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Rules to leave out.", show_default=False)
    ] = None,
    fail_on: Annotated[FailOn, typer.Option(help="From which severity on to exit with 1.")] = FailOn.WARNING,
) -> None:
    """Find what in workflow code would not replay: the clock, random values, files, order of sets, shared state."""
    from cadence.lint.reach import lint

    try:
        result = lint(paths or ["."], select=_codes(select, "--select"), ignore=_codes(ignore, "--ignore"))
    except FileNotFoundError as error:
        raise MistakeError(str(error)) from error
    _show(result, as_json=as_json)
    if _fails(result, fail_on):
        raise typer.Exit(REFUSED)


def _codes(given: Sequence[str] | None, option: str) -> list[str]:
    """Read codes and names of rules, with commas between them or the option given again."""
    from cadence.lint.rules import RULES

    by_name = {rule.name: rule.code for rule in RULES.values()}
    codes = []
    for text in (one.strip() for several in given or () for one in several.split(",")):
        code = text.upper() if text.upper() in RULES else by_name.get(text.lower())
        if code is None:
            msg = f"{option}: there is no rule {text}; there are {', '.join(RULES)}"
            raise MistakeError(msg)
        codes.append(code)
    return codes


def _show(result: Result, *, as_json: bool) -> None:
    from cadence.lint import report

    if as_json:
        findings = [report.as_json(finding) for finding in result.findings]
        output.print_json({"findings": findings, "files": result.files, "functions": result.functions})
        return
    for finding in result.findings:
        for line in report.as_text(finding).splitlines():
            output.say(output.escaped(line))
    output.say(report.summary(result.findings, result.files, result.functions))


def _fails(result: Result, fail_on: FailOn) -> bool:
    from cadence.lint.rules import Severity

    if fail_on is FailOn.NEVER:
        return False
    least = Severity[fail_on.name]
    return any(finding.severity >= least for finding in result.findings)
