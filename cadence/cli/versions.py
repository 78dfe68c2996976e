"""`cadence versions`: how many open runs follow each version of a change, and which branches no run needs any more.

A run's versions are in its search attribute `CadenceChangeVersion`; where it has none (workers that don't set it,
clusters that don't show it) in its history's markers. What a version does in a run is the engine's business.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadence.cli import output
from cadence.cli.again import client_of
from cadence.cli.failures import MistakeError
from cadence.cli.session import AddressOption, DomainOption, JsonOption, Session, talk
from cadence.errors import EntityNotExistsError

if TYPE_CHECKING:
    from cadence.client import Client, WorkflowSummary

__all__ = ("command",)

_ATTRIBUTE = "CadenceChangeVersion"
_NAME = re.compile(r"(?P<change>.+?)-(?P<version>-?\d+)")
_OLDEST = -1
"""The code from before a change; it leaves no marker."""
_AT_ONCE = 8


def command(
    context: typer.Context,
    *,
    query: Annotated[
        str | None,
        typer.Option("--query", "-q", help="Of these runs alone, as in: TaskList = 'orders'", show_default=False),
    ] = None,
    workflow_type: Annotated[
        str | None, typer.Option("--workflow-type", "-t", help="Of one type's runs alone.", show_default=False)
    ] = None,
    closed: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Look at so many closed runs for changes that no open one has."),
    ] = 500,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how many open runs are on each version of a change, and which branches of code may be deleted."""
    if query and "closetime" in query.lower():
        msg = "--query is about open runs by itself; leave CloseTime out"
        raise MistakeError(msg)

    async def work(session: Session) -> None:
        client = client_of(session)
        survey = _Survey()
        await _read_open(client, survey, query or "", workflow_type)
        if closed:
            await _read_closed(client, survey, query or "", workflow_type, closed)
        _show(survey, as_json=as_json, part=bool(query))

    talk(context, work, address=address, domain=domain, patient=True)


@dataclass(slots=True)
class _Change:
    """What is known of one change."""

    open: Counter[int] = field(default_factory=Counter)
    """Open runs by version."""
    seen: set[int] = field(default_factory=set)
    types: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Survey:
    """What was found in all runs."""

    changes: dict[str, _Change] = field(default_factory=dict)
    open_by_type: Counter[str] = field(default_factory=Counter)
    decided: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Open runs that have a version of a change, by change and type."""

    def note(self, run: WorkflowSummary, versions: set[tuple[str, int]], *, is_open: bool) -> None:
        """Count a run."""
        if is_open:
            self.open_by_type[run.workflow_type] += 1
        for change_id, version in versions:
            change = self.changes.setdefault(change_id, _Change())
            change.seen.add(version)
            change.types.add(run.workflow_type)
            change.open[version] += is_open
        if is_open:
            self.decided.update((change_id, run.workflow_type) for change_id in {each for each, _ in versions})

    def rows(self, change_id: str) -> list[tuple[int, int, bool]]:
        """Return version, open runs, and whether its branch may be deleted, from the oldest on."""
        change = self.changes[change_id]
        counts = Counter(change.open)
        # A run without a version may be one from before the change, or one that hasn't come to it yet.
        counts[_OLDEST] += sum(self.open_by_type[kind] - self.decided[change_id, kind] for kind in change.types)
        newest = max(change.seen)
        return [
            (version, counts[version], version < newest and not counts[version]) for version in range(-1, newest + 1)
        ]


async def _read_open(client: Client, survey: _Survey, query: str, workflow_type: str | None) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def look(run: WorkflowSummary) -> None:
        versions = _from_attribute(run)
        if not versions:
            async with gate:
                versions = await _from_history(client, run)
        survey.note(run, versions, is_open=True)

    async with asyncio.TaskGroup() as group:
        async for run in _runs(client, query, workflow_type, is_open=True):
            group.create_task(look(run))


async def _read_closed(client: Client, survey: _Survey, query: str, workflow_type: str | None, limit: int) -> None:
    count = 0
    async for run in _runs(client, query, workflow_type, is_open=False):
        survey.note(run, _from_attribute(run), is_open=False)
        count += 1
        if count == limit:
            return


async def _runs(
    client: Client, query: str, workflow_type: str | None, *, is_open: bool
) -> AsyncIterator[WorkflowSummary]:
    if not query:  # simple lists, which every cluster has
        async for run in client.list_workflows(is_open=is_open, workflow_type=workflow_type):
            yield run
        return
    async for run in client.list_workflows(f"({query}) AND CloseTime {'=' if is_open else '!='} missing"):
        if workflow_type in (None, run.workflow_type):
            yield run


def _from_attribute(run: WorkflowSummary) -> set[tuple[str, int]]:
    names = run.search_attributes.get(_ATTRIBUTE) or ()
    found = [_NAME.fullmatch(name) for name in ([names] if isinstance(names, str) else names)]
    return {(match["change"], int(match["version"])) for match in found if match is not None}


async def _from_history(client: Client, run: WorkflowSummary) -> set[tuple[str, int]]:
    from cadence.engine.machines.marker import VERSION
    from cadence.engine.versions import read_version

    found = set()
    try:
        async for event in client.get_workflow_handle(run.workflow_id, run_id=run.run_id).history():
            marker = event.marker_recorded_event_attributes
            if marker is not None and marker.marker_name == VERSION:
                version = read_version(marker)
                found |= {version} if version is not None else set()
    except EntityNotExistsError:
        return set()  # it closed and was deleted since the list was made
    return found


def _show(survey: _Survey, *, as_json: bool, part: bool) -> None:
    runs = survey.open_by_type.total()
    if as_json:
        output.print_json({"openRuns": runs, "changes": [_plain(survey, name) for name in sorted(survey.changes)]})
        return
    if not survey.changes:
        output.say(f"no changes with versions in {runs} open runs")
        return
    rows = [
        (
            name,
            str(version),
            str(count),
            ", ".join(sorted(survey.changes[name].types)),
            _verdict(version, count, may_go),
        )
        for name in sorted(survey.changes)
        for version, count, may_go in survey.rows(name)
    ]
    output.print_table(("change", "version", "open runs", "types", "branch"), rows)
    rest = " that the query finds; other runs may need a branch" if part else ""
    output.say(f"{runs} open {'run' if runs == 1 else 'runs'}{rest}")


def _verdict(version: int, count: int, may_go: bool) -> str:
    if may_go:
        return "may be deleted"
    if not count:
        return "newest"
    return "in use, or not reached yet" if version == _OLDEST else "in use"


def _plain(survey: _Survey, name: str) -> dict[str, Any]:
    rows = survey.rows(name)
    return {
        "changeId": name,
        "workflowTypes": sorted(survey.changes[name].types),
        "minimum": next(version for version, _, may_go in rows if not may_go),
        "versions": [
            {"version": version, "openRuns": count, "mayBeDeleted": may_go} for version, count, may_go in rows
        ],
    }
