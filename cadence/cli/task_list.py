"""`cadence task-list`: who polls a task list, how much waits there, and which lists a domain has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadence.cli import output
from cadence.cli.again import client_of
from cadence.cli.session import AddressOption, DomainOption, JsonOption, Session, talk
from cadence.converter.wire_options import nanoseconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cadence.client import TaskListDescription

__all__ = ("group",)

group = typer.Typer(help="See who polls task lists, and what waits there.", no_args_is_help=True)


@group.command("describe")
def describe(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(metavar="TASK_LIST", help="The list's name.", show_default=False)],
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who polls a task list, how much waits there, and its partitions."""

    async def work(session: Session) -> None:
        lists = client_of(session).task_lists
        halves = [await lists.describe(name, "decision"), await lists.describe(name, "activity")]
        partitions = await lists.partitions(name)
        if as_json:
            places = [{"kind": each.kind, "name": each.name, "host": each.host} for each in partitions]
            output.print_json({**{each.kind: _plain(each) for each in halves}, "partitions": places})
            return
        for half in halves:
            rate = f"{half.new_tasks_per_second:g} a second" if half.new_tasks_per_second else ""
            output.print_facts({f"{half.kind} tasks": f"{half.backlog} wait", "come in": rate})
        output.say()
        _print_pollers(halves)
        if len(partitions) > 2:
            output.say()
            output.print_table(
                ("kind", "partition", "host"), [(each.kind, each.name, each.host) for each in partitions]
            )

    talk(context, work, address=address, domain=domain)


@group.command("list")
def list_(
    context: typer.Context,
    *,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the task lists of a domain that are in use."""

    async def work(session: Session) -> None:
        found = await client_of(session).task_lists.list()
        if as_json:
            output.print_json([{"name": each.name, "kind": each.kind, **_plain(each)} for each in found])
            return
        rows = [(each.name, each.kind, str(len(each.pollers)), str(each.backlog)) for each in found]
        output.print_table(("task list", "kind", "pollers", "wait"), rows)

    talk(context, work, address=address, domain=domain)


def _print_pollers(halves: Iterable[TaskListDescription]) -> None:
    rows = [
        (half.kind, each.identity, output.moment(nanoseconds(each.last_poll) if each.last_poll else None))
        for half in halves
        for each in half.pollers
    ]
    if rows:
        output.print_table(("kind", "poller", "last poll"), rows)
    else:
        output.say("nobody polls it")


def _plain(half: TaskListDescription) -> dict[str, Any]:
    return {
        "backlog": half.backlog,
        "ackLevel": half.ack_level,
        "readLevel": half.read_level,
        "ratePerSecond": half.rate_per_second,
        "newTasksPerSecond": half.new_tasks_per_second,
        "pollers": [
            {
                "identity": each.identity,
                "lastPoll": each.last_poll.isoformat() if each.last_poll else None,
                "ratePerSecond": each.rate_per_second,
            }
            for each in half.pollers
        ],
    }
