"""`cadence replay`: recorded histories, or those of a server, with the code of a module; a gate before a deployment.

The replaying is `cadence.testing`'s; here are the command line, the printing, the exit code, and who gets the debugger.
"""

from __future__ import annotations

import contextlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadence.cli import output
from cadence.cli.again import client_of
from cadence.cli.failures import REFUSED, MistakeError
from cadence.cli.importing import module_named, object_named
from cadence.cli.session import AddressOption, DomainOption, Session, talk
from cadence.exceptions import CadenceError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from cadence.client import Client
    from cadence.testing import Replayer, ReplayResult, WorkflowHistory

__all__ = ("command",)


def command(
    context: typer.Context,
    code: Annotated[
        str, typer.Argument(metavar="MODULE[:WORKFLOW]", help="The workflows: a module's, or one of them.")
    ],
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Histories as JSON, or folders of them.", show_default=False),
    ] = None,
    *,
    query: Annotated[
        str | None,
        typer.Option("--query", "-q", help="Those that a server finds; '': all of the module's.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="At most so many of these.", show_default=False)
    ] = None,
    workflow_id: Annotated[
        str | None, typer.Option("--workflow-id", "-w", help="A server's of one id.", show_default=False)
    ] = None,
    run_id: Annotated[
        str | None, typer.Option("--run-id", "-r", help="One run of it; default: the current one.", show_default=False)
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Histories at the same time.")] = 1,
    until: Annotated[
        int | None,
        typer.Option(min=1, metavar="EVENT_ID", help="Stop there, and show what is waited for.", show_default=False),
    ] = None,
    pdb: Annotated[
        bool, typer.Option("--pdb", help="Debug workflow code where the first one fails, or at --until.")
    ] = False,
    converter: Annotated[
        str | None,
        typer.Option(metavar="MODULE:NAME", help="The workers' data converter, or what makes it.", show_default=False),
    ] = None,
    interceptor: Annotated[
        list[str] | None,
        typer.Option(metavar="MODULE:NAME", help="An interceptor of theirs; may be given again.", show_default=False),
    ] = None,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value, for programs.")] = False,
) -> None:
    """Replay histories with the code of today; exit with 1 where one does not fit."""
    from cadence.testing import WorkflowHistory

    _check_source(files, query, workflow_id, run_id, limit)
    if (until or pdb) and processes > 1:
        msg = "--until and --pdb replay one after another; leave out --processes"
        raise MistakeError(msg)
    if pdb and as_json:
        msg = "--pdb is for people; leave out --json"
        raise MistakeError(msg)
    replayer = _replayer(code, converter, interceptor or [])
    pass_ = _Pass(replayer, as_json=as_json, until=until or 0, pdb=pdb)

    async def work(session: Session) -> None:
        client = client_of(session)
        if workflow_id is None and not (until or pdb):
            await _shadow(client, pass_, query or "", limit, processes)
            return
        if workflow_id is not None:
            pass_.look(await WorkflowHistory.from_server(client, workflow_id, run_id or ""))
            return
        async for history in _found(client, replayer, query or "", limit):
            if pass_.look(history):
                return

    if files:
        _replay_files(pass_, files, processes)
    else:
        talk(context, work, address=address, domain=domain, workflow=workflow_id or "", patient=True)
    pass_.end()


def _check_source(
    files: Sequence[str] | None, query: str | None, workflow_id: str | None, run_id: str | None, limit: int | None
) -> None:
    if bool(files) + (query is not None) + (workflow_id is not None) != 1:
        msg = "which histories? Give files, or --query, or --workflow-id"
        raise MistakeError(msg)
    if run_id and not workflow_id:
        msg = "--run-id needs --workflow-id"
        raise MistakeError(msg)
    if limit and query is None:
        msg = "--limit is for --query"
        raise MistakeError(msg)


def _replayer(code: str, converter: str | None, interceptors: Sequence[str]) -> Replayer:
    from cadence.testing import Replayer
    from cadence.testing.workflows import workflows_in

    module_name, _, name = code.partition(":")
    module = module_named(module_name)
    try:
        return Replayer(
            workflows_in(module, name),
            converter=_made(converter) if converter else None,
            interceptors=[_made(spec) for spec in interceptors],
        )
    except ConfigurationError as error:
        more = f"; name one of them: {module_name}:CLASS" if "have the name" in str(error) else ""
        raise MistakeError(f"{error}{more}") from error


def _made(spec: str) -> Any:
    found = object_named(spec, "MODULE:NAME, app.data:converter for example")
    return found() if callable(found) else found


def _replay_files(pass_: _Pass, files: Sequence[str], processes: int) -> None:
    from cadence.testing.histories import files_in

    try:
        found = files_in(files)
    except ConfigurationError as error:
        raise MistakeError(str(error)) from error
    if not (pass_.until or pass_.pdb):
        pass_.replayer.check_all(found, processes=processes, on_result=pass_.note)
        return
    for file in found:
        if pass_.look(file):
            return


async def _shadow(client: Client, pass_: _Pass, query: str, limit: int | None, processes: int) -> None:
    from cadence.testing import Shadower

    with contextlib.ExitStack() as stack:
        pool = None
        if processes > 1:
            pool = stack.enter_context(ProcessPoolExecutor(processes, mp_context=get_context("spawn")))
        await Shadower(
            client,
            pass_.replayer,
            query,
            limit=limit,
            concurrency=max(4, 2 * processes),
            known_types=True,
            executor=pool,
            on_result=pass_.note,
        ).run_once()


async def _found(client: Client, replayer: Replayer, query: str, limit: int | None) -> AsyncIterator[WorkflowHistory]:
    from cadence.testing import WorkflowHistory

    count = 0
    async for run in client.list_workflows(query):
        if replayer.knows(run.workflow_type) and (limit is None or count < limit):
            count += 1
            yield await WorkflowHistory.from_server(client, run.workflow_id, run.run_id)


class _Pass:
    """One pass over histories: what came of each, and which one is to be debugged."""

    def __init__(self, replayer: Replayer, *, as_json: bool, until: int, pdb: bool) -> None:
        self.replayer = replayer
        self.until = until
        self.pdb = pdb
        self._as_json = as_json
        self._rows: list[dict[str, Any]] = []
        self._failed = 0
        self._debugged: WorkflowHistory | None = None

    def note(self, result: ReplayResult, waits: str | None = None) -> None:
        """Print what came of a history."""
        self._failed += not result.ok
        row: dict[str, Any] = {
            "source": result.source,
            "workflowType": result.workflow_type,
            "events": result.events,
            "seconds": round(result.seconds, 6),
            "ok": result.ok,
            "eventId": result.event_id,
            "problem": result.problem,
        }
        self._rows.append(row if waits is None else {**row, "waits": waits})
        if not self._as_json:
            _print(result, waits)

    def look(self, place: WorkflowHistory | Path) -> bool:
        """Replay one history as far as it is wanted; True where the debugger is to open there."""
        from cadence.testing import ReplayResult, WorkflowHistory

        try:
            history = place if isinstance(place, WorkflowHistory) else WorkflowHistory.from_file(place)
            part = history.until(self.until) if self.until else history
        except (CadenceError, OSError) as error:
            self.note(ReplayResult(source=getattr(place, "source", str(place)), problem=f"{error}"))
            return False
        result = self.replayer.check(part)
        shows = result.ok and self.until and not self.pdb
        self.note(result, self.replayer.waits_at(part) if shows else None)
        if self.pdb and (self.until or not result.ok):
            self._debugged = history
        return self._debugged is not None

    def end(self) -> None:
        """Print the sum, and open the debugger where that is wanted.

        Raises:
            typer.Exit: With 1 where a history did not fit.
        """
        count = len(self._rows)
        if self._as_json:
            output.print_json({"replayed": count, "failed": self._failed, "results": self._rows})
        else:
            output.say(f"{count} {'history' if count == 1 else 'histories'} replayed, {self._failed} failed")
        if self._debugged is not None:
            from cadence.testing.debugging import debug

            if not debug(self.replayer, self._debugged, until=self.until):
                output.say("no line of workflow code stands behind it: there is nothing to debug")
        if self._failed:
            raise typer.Exit(REFUSED)


def _print(result: ReplayResult, waits: str | None) -> None:
    verdict = "replays" if result.ok else "differs" if result.event_id else "fails"
    took = f"{result.events} events, {result.seconds * 1000:.0f} ms"
    output.say(output.escaped(f"{verdict:<8} {result.workflow_type or '?'}  {result.source}  ({took})"))
    for line in result.problem.splitlines():
        output.say(f"  {output.escaped(line)}")
    if waits is not None:
        for line in (waits or "the run is closed").splitlines():
            output.say(f"  {output.escaped(line)}")
