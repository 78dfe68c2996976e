"""`cadence workflow batch`: signal, cancel, terminate or reset all workflows of a list.

Without `--yes` it only shows which ones they are. Whatever happens, it says at the end what was done.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadence.cli import inputs, output
from cadence.cli.again import (
    BadBinaryOption,
    EventOption,
    FirstOption,
    LastOption,
    SkipSignalsOption,
    TimeOption,
    client_of,
    point_of,
)
from cadence.cli.failures import REFUSED, MistakeError
from cadence.cli.session import AddressOption, DomainOption, JsonOption, Session, talk

if TYPE_CHECKING:
    from cadence.client import BatchCancel, BatchReport, BatchSignal, BatchTerminate, WorkflowSummary

__all__ = ("add_to",)

_SHOWN = 50
"""So many workflows and failures are shown; all are counted."""


class _Kind(StrEnum):
    SIGNAL = "signal"
    CANCEL = "cancel"
    TERMINATE = "terminate"
    RESET = "reset"


def add_to(group: typer.Typer) -> None:
    """Add the command to its group."""
    group.command("batch")(batch)


def batch(
    context: typer.Context,
    *,
    kind: Annotated[
        _Kind, typer.Argument(metavar="ACTION", help="signal, cancel, terminate or reset.", show_default=False)
    ],
    query: Annotated[
        str, typer.Option("--query", "-q", help="Which, as in: WorkflowType = 'order' AND CloseTime = missing")
    ] = "",
    type_: Annotated[str | None, typer.Option("--type", help="Those of one type.", show_default=False)] = None,
    open_: Annotated[bool, typer.Option("--open", help="Those that run; with --type or alone.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All of the domain.")] = False,
    name: Annotated[str, typer.Option("--name", help="The signal's name.")] = "",
    given: Annotated[
        list[str] | None,
        typer.Option("--input", "-i", metavar="JSON", help="What the signal carries.", show_default=False),
    ] = None,
    first: FirstOption = False,
    last: LastOption = False,
    event: EventOption = None,
    time: TimeOption = None,
    bad_binary: BadBinaryOption = None,
    skip_signals: SkipSignalsOption = False,
    reason: Annotated[str, typer.Option(help="Why, for their histories.")] = "",
    rate: Annotated[float, typer.Option(min=0.01, help="Workflows per second at most.")] = 50.0,
    concurrency: Annotated[int, typer.Option(min=1, help="Workflows at the same time at most.")] = 5,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it; default: only show which ones.")] = False,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Signal, cancel, terminate or reset all workflows that a query or filters mean."""
    from cadence.client import BatchReset

    points = {"first": first, "last": last, "event": event, "time": time, "bad_binary": bad_binary}
    action: Any
    if kind is _Kind.RESET:
        action = BatchReset(point_of(**points), reason, skip_signals)  # type: ignore[arg-type]  # one dict for all
    elif skip_signals or any(value is not None and value is not False for value in points.values()):
        msg = f"where to reset to is for resets, not for {kind}"
        raise MistakeError(msg)
    else:
        action = _action(kind, name, given or [], reason)
    filters = _filters(query, type_, open_, everything)

    async def work(session: Session) -> None:
        shown = _Shown(as_json)
        try:
            await client_of(session).batch(
                query,
                action,
                rate=rate,
                concurrency=concurrency,
                dry_run=not yes,
                on_progress=shown.note,
                **filters,
            )
        finally:
            shown.say_all(kind, dry_run=not yes)
        if shown.report is not None and shown.report.failures:
            msg = f"{len(shown.report.failures)} of {shown.report.found} workflows: it could not be done"
            raise MistakeError(msg, REFUSED)

    talk(context, work, address=address, domain=domain, patient=True)


def _action(kind: _Kind, name: str, given: list[str], reason: str) -> BatchSignal | BatchCancel | BatchTerminate:
    from cadence.client import BatchCancel, BatchSignal, BatchTerminate

    if kind is not _Kind.SIGNAL:
        if name or given:
            msg = f"--name and --input are for signals, not for {kind}"
            raise MistakeError(msg)
        return BatchCancel(reason) if kind is _Kind.CANCEL else BatchTerminate(reason)
    if not name:
        msg = "which signal? Give --name"
        raise MistakeError(msg)
    values = [json.loads(inputs.json_value(text, f"input {index}")) for index, text in enumerate(given, 1)]
    return BatchSignal(name, tuple(values))


def _filters(query: str, type_: str | None, open_: bool, everything: bool) -> dict[str, Any]:
    """Say which workflows are meant. Nothing at all is no way to mean all of them: that would be said by mistake."""
    filters: dict[str, Any] = {"workflow_type": type_, "is_open": open_ or None}
    filters = {name: value for name, value in filters.items() if value is not None}
    if bool(query) + bool(filters) + everything != 1:
        msg = "which workflows? Give --query, or --type and --open, or --all"
        raise MistakeError(msg)
    return filters


class _Shown:
    """What is seen of a batch: the workflows, and the report."""

    def __init__(self, as_json: bool) -> None:
        self.report: BatchReport | None = None
        self._as_json = as_json
        self._rows: list[tuple[str, str, str]] = []

    def note(self, report: BatchReport, run: WorkflowSummary) -> None:
        self.report = report
        if len(self._rows) < _SHOWN:
            self._rows.append((run.workflow_id, run.run_id, run.status.value.lower()))
        count = report.done + report.skipped + len(report.failures)
        if not report.dry_run and count % 100 == 0 and sys.stderr.isatty():
            print(f"{count} workflows", file=sys.stderr)

    def say_all(self, kind: _Kind, *, dry_run: bool) -> None:
        report = self.report
        if self._as_json:
            output.print_json(_plain(report, dry_run))
            return
        if report is None:
            output.say("there are no such workflows")
            return
        if dry_run:
            output.print_table(("workflow", "run", "status"), self._rows)
            more = report.found - len(self._rows)
            if more > 0:
                output.say(f"and {more} more")
            output.say(f"{report.done} of {report.found} workflows to {kind}; to do it, add --yes")
            return
        for failure in report.failures[:_SHOWN]:
            output.say(output.escaped(str(failure)))
        output.say(f"{kind}: {report.done} done, {report.skipped} skipped, {len(report.failures)} failed")


def _plain(report: BatchReport | None, dry_run: bool) -> dict[str, Any]:
    from cadence.client import BatchReport

    report = report or BatchReport(dry_run=dry_run)
    return {
        "dryRun": report.dry_run,
        "found": report.found,
        "done": report.done,
        "skipped": report.skipped,
        "failures": [
            {"workflowId": each.workflow_id, "runId": each.run_id, "error": str(each.error)} for each in report.failures
        ],
    }
