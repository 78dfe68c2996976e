"""What every command that talks to a server needs: where it is, which domain is meant, and a connection for a while.

Commands are plain functions; what waits runs in `talk`. It knows no single command.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from cadence import api
from cadence.cli.failures import MistakeError, Place, about

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from cadence.service import FileToken, WorkflowService

__all__ = (
    "AddressOption",
    "DomainOption",
    "JsonOption",
    "RunOption",
    "Session",
    "Settings",
    "WorkflowArgument",
    "authorization_of",
    "hosts_of",
    "talk",
)

CALLER = "cadence-cli"
"""How the command names itself to a server."""
IDENTITY = "cadence-cli"
"""Who did it, in histories."""
_SYSTEM_PREFIX = "cadence-"
"""Domains of this kind are a cluster's own."""

AddressOption = Annotated[str | None, typer.Option("--address", help="host:port of the frontend.", show_default=False)]
DomainOption = Annotated[str | None, typer.Option("--domain", help="Domain to work in.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
WorkflowArgument = Annotated[str, typer.Argument(metavar="WORKFLOW_ID", help="The workflow's id.", show_default=False)]
RunOption = Annotated[
    str | None, typer.Option("--run-id", "-r", help="One run of it; default: the current one.", show_default=False)
]


@dataclass(frozen=True, slots=True)
class Settings:
    """The global options."""

    address: str
    domain: str | None
    token_file: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A connection in use by one command."""

    service: WorkflowService
    address: str
    domain: str
    """Empty for commands that need none."""

    def execution(self, workflow_id: str, run_id: str | None) -> api.WorkflowExecution:
        """Name a run."""
        return api.WorkflowExecution(workflow_id=workflow_id, run_id=run_id or None)


def talk(
    context: typer.Context,
    work: Callable[[Session], Awaitable[None]],
    *,
    address: str | None,
    domain: str | None = None,
    needs_domain: bool = True,
    workflow: str = "",
    patient: bool = False,
) -> None:
    """Connect, do a command's work, disconnect.

    Args:
        context: The command's context, with the global options.
        work: What to do.
        address: The command's own `--address`, or None.
        domain: The command's own `--domain`, or None.
        needs_domain: Whether to find out which domain is meant.
        workflow: The workflow id that the command is about, for what errors say.
        patient: Try failed calls again; for commands that make many.
    """
    # What goes wrong is said once, by `failures`; the library's own log would say it again.
    logging.getLogger("cadence").addHandler(logging.NullHandler())
    settings: Settings = context.find_root().obj
    settings = replace(settings, address=address or settings.address, domain=domain or settings.domain)

    async def run() -> None:
        async with _connected(settings, needs_domain, workflow, patient) as session:
            await work(session)

    asyncio.run(run())


@asynccontextmanager
async def _connected(settings: Settings, needs_domain: bool, workflow: str, patient: bool) -> AsyncIterator[Session]:
    from cadence.service import INHERIT, WorkflowService

    # Without retries: a person at a terminal wants the first refusal, not the tenth.
    retry = INHERIT if patient else None
    async with WorkflowService.connect(
        hosts_of(settings.address), caller=CALLER, retry=retry, authorization=authorization_of(settings)
    ) as service:
        name = settings.domain or ""
        try:
            if needs_domain and not name:
                name = await _only_domain(service)
            yield Session(service, settings.address, name)
        except Exception as error:
            # How the error reads depends on what it was about.
            about(error, Place(settings.address, name, workflow))
            raise


def authorization_of(settings: Settings) -> FileToken | None:
    """Give the token that the options name; None where they name none."""
    from cadence.service import FileToken

    return FileToken(settings.token_file) if settings.token_file else None


def hosts_of(address: str) -> list[str]:
    """Read one address, or several with commas between them.

    Raises:
        MistakeError: One is no address.
    """
    hosts = [one.strip() for one in address.split(",")]
    for one in hosts:
        host, _, port = one.rpartition(":")
        if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65_536:
            msg = f'"{one}" is not an address; give host:port, for example 127.0.0.1:7933'
            raise MistakeError(msg)
    return hosts


async def _only_domain(service: WorkflowService) -> str:
    """Take the domain that is meant where none is named: the only one there is."""
    answer = await service.list_domains(api.ListDomainsRequest(page_size=100))
    names = [one.domain_info.name or "" for one in answer.domains or () if one.domain_info]
    own = sorted(name for name in names if not name.startswith(_SYSTEM_PREFIX))
    if len(own) == 1:
        return own[0]
    if own:
        msg = f"which domain? Give --domain or set CADENCE_DOMAIN; there are {', '.join(own)}"
    else:
        msg = "no domain is registered yet; register one: cadence domain register NAME"
    raise MistakeError(msg)
