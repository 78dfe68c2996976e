"""`cadence domain`: register, describe and list domains."""

from __future__ import annotations

from typing import Annotated

import typer

from cadence import api
from cadence.api.enums import DomainStatus
from cadence.cli import inputs, output
from cadence.cli.session import AddressOption, JsonOption, Session, talk

__all__ = ("group",)

group = typer.Typer(help="Register, describe and list domains.", no_args_is_help=True)

_PAGE_SIZE = 200


@group.command("register")
def register(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(help="Letters, digits and dashes.", show_default=False)],
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Whom to ask, an e-mail address.")] = "",
    retention: Annotated[str, typer.Option(help="How long closed workflows are kept, for example 7d.")] = "3d",
    address: AddressOption = None,
) -> None:
    """Register a domain."""
    days = -(-inputs.seconds(retention, "--retention") // 86_400)

    async def work(session: Session) -> None:
        await session.service.register_domain(
            api.RegisterDomainRequest(
                name=name,
                description=description,
                owner_email=owner,
                workflow_execution_retention_period_in_days=days,
            )
        )
        output.say(f'domain "{output.escaped(name)}" is registered')

    talk(context, work, address=address, needs_domain=False)


@group.command("describe")
def describe(
    context: typer.Context,
    *,
    name: Annotated[str | None, typer.Argument(help="Default: the one that is in use.", show_default=False)] = None,
    address: AddressOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a domain's settings."""

    async def work(session: Session) -> None:
        answer = await session.service.describe_domain(api.DescribeDomainRequest(name=name or session.domain))
        if as_json:
            output.print_json(output.plain(answer))
            return
        info = answer.domain_info or api.DomainInfo()
        settings = answer.configuration or api.DomainConfiguration()
        output.print_facts(
            {
                "name": info.name or "",
                "id": info.uuid or "",
                "status": output.name_of(DomainStatus, info.status),
                "description": info.description or "",
                "owner": info.owner_email or "",
                "retention": f"{settings.workflow_execution_retention_period_in_days or 0} days",
                "data": ", ".join(f"{key}={value}" for key, value in (info.data or {}).items()),
            }
        )

    talk(context, work, address=address, needs_domain=name is None)


@group.command("list")
def list_(context: typer.Context, *, address: AddressOption = None, as_json: JsonOption = False) -> None:
    """List all domains."""

    async def work(session: Session) -> None:
        found: list[api.DescribeDomainResponse] = []
        token: bytes | None = None
        while True:
            request = api.ListDomainsRequest(page_size=_PAGE_SIZE, next_page_token=token)
            answer = await session.service.list_domains(request)
            found.extend(answer.domains or ())
            token = answer.next_page_token
            if not token:
                break
        if as_json:
            output.print_json([output.plain(one) for one in found])
            return
        output.print_table(("name", "status", "retention", "description"), [_row(one) for one in found])

    talk(context, work, address=address, needs_domain=False)


def _row(one: api.DescribeDomainResponse) -> tuple[str, ...]:
    info = one.domain_info or api.DomainInfo()
    days = one.configuration.workflow_execution_retention_period_in_days if one.configuration else None
    return (info.name or "", output.name_of(DomainStatus, info.status), f"{days or 0} days", info.description or "")
