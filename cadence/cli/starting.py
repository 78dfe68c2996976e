"""`cadence workflow start`: from names and JSON arguments to a run."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from cadence import api
from cadence.api.enums import WorkflowIdReusePolicy
from cadence.cli import inputs, output
from cadence.cli.failures import MistakeError
from cadence.cli.session import IDENTITY, AddressOption, DomainOption, JsonOption, Session, talk
from cadence.cli.waiting import show_result

__all__ = ("add_to", "polled_list")


def add_to(group: typer.Typer) -> None:
    """Add the command to its group."""
    group.command("start")(start)


def start(
    context: typer.Context,
    *,
    workflow_type: Annotated[str, typer.Argument(metavar="TYPE", help="Name of the workflow.", show_default=False)],
    task_list: Annotated[
        str | None,
        typer.Option(
            "--task-list",
            "-t",
            help="Where its workers poll; default: the only list that is polled.",
            show_default=False,
        ),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--input", "-i", metavar="JSON", help="An argument; give it once for each.", show_default=False),
    ] = None,
    workflow_id: Annotated[
        str | None, typer.Option("--workflow-id", "-w", help="Its id; default: a random one.", show_default=False)
    ] = None,
    execution_timeout: Annotated[str, typer.Option(help="How long it may run, for example 90s, 5m, 1h, 30d.")] = "1h",
    decision_timeout: Annotated[str, typer.Option(help="How long a worker may take to decide.")] = "10s",
    reuse_policy: Annotated[
        str, typer.Option(help="AllowDuplicate, AllowDuplicateFailedOnly, RejectDuplicate or TerminateIfRunning.")
    ] = "AllowDuplicate",
    cron: Annotated[str, typer.Option(help="Run it again and again, for example '*/5 * * * *'.")] = "",
    delay: Annotated[str, typer.Option(help="Start it this much later.")] = "0s",
    memo: Annotated[
        list[str] | None, typer.Option(metavar="NAME=JSON", help="Something to note with it.", show_default=False)
    ] = None,
    search_attribute: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=JSON", help="Something to find it by.", show_default=False),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for its result and print that.")] = False,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start a workflow."""
    name = workflow_id or str(uuid.uuid4())
    request = api.StartWorkflowExecutionRequest(
        workflow_id=name,
        workflow_type=api.WorkflowType(name=workflow_type),
        input=inputs.arguments(given or ()),
        execution_start_to_close_timeout_seconds=inputs.seconds(execution_timeout, "--execution-timeout"),
        task_start_to_close_timeout_seconds=inputs.seconds(decision_timeout, "--decision-timeout"),
        identity=IDENTITY,
        request_id=str(uuid.uuid4()),
        workflow_id_reuse_policy=inputs.choice(WorkflowIdReusePolicy, reuse_policy, "--reuse-policy"),
        cron_schedule=cron or None,
        delay_start_seconds=inputs.seconds(delay, "--delay") or None,
        memo=api.Memo(fields=inputs.fields(memo, "memo")) if memo else None,
        search_attributes=_search_attributes(search_attribute),
    )

    async def work(session: Session) -> None:
        request.domain = session.domain
        request.task_list = api.TaskList(name=task_list or await polled_list(session))
        answer = await session.service.start_workflow_execution(request)
        if as_json and not wait:
            output.print_json({"workflowId": name, "runId": answer.run_id})
        elif not as_json:
            output.say(f"started workflow {output.escaped(name)}, run {answer.run_id}")
        if wait:
            await show_result(session, session.execution(name, answer.run_id), as_json=as_json)

    talk(context, work, address=address, domain=domain, workflow=name)


def _search_attributes(given: list[str] | None) -> api.SearchAttributes | None:
    return api.SearchAttributes(indexed_fields=inputs.fields(given, "search-attribute")) if given else None


async def polled_list(session: Session) -> str:
    """Take the task list that is meant where none is named: the only one that workers poll for decisions."""
    answer = await session.service.get_task_lists_by_domain(api.GetTaskListsByDomainRequest(domain_name=session.domain))
    names = sorted(name for name, one in (answer.decision_task_list_map or {}).items() if one.pollers)
    if len(names) == 1:
        return names[0]
    if names:
        msg = f"which task list? Give --task-list; workers poll {', '.join(names)}"
    else:
        msg = f'which task list? Give --task-list; no worker polls any in domain "{session.domain}" now'
    raise MistakeError(msg)
