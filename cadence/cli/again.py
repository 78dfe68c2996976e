"""`cadence workflow reset|restart`: let a workflow go on from an earlier decision, or from its start.

Also reads the options that name a reset point, for batches too. What a point means in a history is the client's job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import inputs, output
from cadence.cli.failures import MistakeError
from cadence.cli.session import (
    IDENTITY,
    AddressOption,
    DomainOption,
    RunOption,
    Session,
    WorkflowArgument,
    talk,
)

if TYPE_CHECKING:
    from cadence.client import Client, ResetPoint

__all__ = (
    "BadBinaryOption",
    "EventOption",
    "FirstOption",
    "LastOption",
    "SkipSignalsOption",
    "TimeOption",
    "add_to",
    "client_of",
    "point_of",
)

FirstOption = Annotated[bool, typer.Option("--first-decision", help="From the first decision: all code runs again.")]
LastOption = Annotated[bool, typer.Option("--last-decision", help="From the last decision.")]
EventOption = Annotated[
    int | None,
    typer.Option(
        "--event", metavar="ID", help="From a decision task's event; those before it stay.", show_default=False
    ),
]
TimeOption = Annotated[
    str | None,
    typer.Option(
        "--time", metavar="TIME", help="From the first decision since, 2026-01-31T09:00Z.", show_default=False
    ),
]
BadBinaryOption = Annotated[
    str | None,
    typer.Option(
        "--bad-binary",
        metavar="CHECKSUM",
        help="From the first decision of one build of the worker.",
        show_default=False,
    ),
]
SkipSignalsOption = Annotated[
    bool, typer.Option("--skip-signals", help="Forget the signals that came since; default: they are sent again.")
]


def add_to(group: typer.Typer) -> None:
    """Add the commands to their group."""
    group.command("reset")(reset)
    group.command("restart")(restart)


def client_of(session: Session) -> Client:
    """Give a client that acts as the command does."""
    from cadence.client import Client

    return Client(session.service, domain=session.domain, identity=IDENTITY)


def point_of(*, first: bool, last: bool, event: int | None, time: str | None, bad_binary: str | None) -> ResetPoint:
    """Give the point that the options name.

    Raises:
        MistakeError: None is named, or several.
    """
    from cadence.client import ResetPoint

    if first + last + (event is not None) + (time is not None) + (bad_binary is not None) != 1:
        msg = "from where? Give one of --first-decision, --last-decision, --event, --time and --bad-binary"
        raise MistakeError(msg)
    if event is not None:
        return ResetPoint.event(event)
    if time is not None:
        return ResetPoint.time(inputs.moment(time, "--time"))
    if bad_binary is not None:
        return ResetPoint.bad_binary(bad_binary)
    return ResetPoint.first_decision() if first else ResetPoint.last_decision()


def reset(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    first: FirstOption = False,
    last: LastOption = False,
    event: EventOption = None,
    time: TimeOption = None,
    bad_binary: BadBinaryOption = None,
    skip_signals: SkipSignalsOption = False,
    reason: Annotated[str, typer.Option(help="Why, for its history.")] = "",
    run_id: RunOption = None,
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """Let a workflow go on from an earlier decision, as a new run; one that runs is terminated."""
    point = point_of(first=first, last=last, event=event, time=time, bad_binary=bad_binary)

    async def work(session: Session) -> None:
        handle = client_of(session).get_workflow_handle(workflow_id, run_id=run_id)
        made = await handle.reset(point, reason=reason, skip_signals=skip_signals)
        output.say(f"workflow {output.escaped(workflow_id)} goes on from {output.escaped(str(point))}")
        output.say(f"run  {made.run_id}")

    talk(context, work, address=address, domain=domain, workflow=workflow_id)


def restart(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    run_id: RunOption = None,
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """Start a workflow once more with what it was started with; one that runs is terminated."""

    async def work(session: Session) -> None:
        made = await client_of(session).get_workflow_handle(workflow_id, run_id=run_id).restart(reason)
        output.say(f"workflow {output.escaped(workflow_id)} starts once more")
        output.say(f"run  {made.run_id}")

    talk(context, work, address=address, domain=domain, workflow=workflow_id)
