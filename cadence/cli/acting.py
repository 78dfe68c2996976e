"""`cadence workflow signal|query|cancel|terminate`: talk to a workflow that runs, or end it."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from cadence import api
from cadence.api.enums import QueryConsistencyLevel, QueryRejectCondition, WorkflowExecutionCloseStatus
from cadence.cli import inputs, output
from cadence.cli.failures import REFUSED, MistakeError
from cadence.cli.session import (
    IDENTITY,
    AddressOption,
    DomainOption,
    JsonOption,
    RunOption,
    Session,
    WorkflowArgument,
    talk,
)
from cadence.tchannel.errors import CallTimeoutError

__all__ = ("add_to",)

InputOption = Annotated[
    list[str] | None,
    typer.Option("--input", "-i", metavar="JSON", help="An argument; give it once for each.", show_default=False),
]


def add_to(group: typer.Typer) -> None:
    """Add the commands to their group."""
    group.command("signal")(signal)
    group.command("query")(query)
    group.command("cancel")(cancel)
    group.command("terminate")(terminate)


def signal(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    name: Annotated[str, typer.Argument(metavar="SIGNAL", help="The signal's name.", show_default=False)],
    given: InputOption = None,
    run_id: RunOption = None,
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """Send a signal to a workflow."""
    data = inputs.arguments(given or ())

    async def work(session: Session) -> None:
        await session.service.signal_workflow_execution(
            api.SignalWorkflowExecutionRequest(
                domain=session.domain,
                workflow_execution=session.execution(workflow_id, run_id),
                signal_name=name,
                input=data,
                identity=IDENTITY,
                request_id=str(uuid.uuid4()),
            )
        )
        output.say(f"signal {output.escaped(name)} sent to workflow {output.escaped(workflow_id)}")

    talk(context, work, address=address, domain=domain, workflow=workflow_id)


def query(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    name: Annotated[str, typer.Argument(metavar="QUERY", help="The query's name.")] = "__stack_trace",
    given: InputOption = None,
    run_id: RunOption = None,
    strong: Annotated[
        bool, typer.Option("--strong", help="Wait until the workflow has seen what happened before the query.")
    ] = False,
    open_only: Annotated[bool, typer.Option("--open-only", help="Refuse it when the workflow is closed.")] = False,
    timeout: Annotated[str, typer.Option(help="How long to wait for the answer.")] = "10s",
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a workflow something; without a name, where its code stands."""
    data = inputs.arguments(given or ())
    limit = max(inputs.seconds(timeout, "--timeout"), 1)

    async def work(session: Session) -> None:
        request = api.QueryWorkflowRequest(
            domain=session.domain,
            execution=session.execution(workflow_id, run_id),
            query=api.WorkflowQuery(query_type=name, query_args=data),
            query_reject_condition=QueryRejectCondition.NOT_OPEN if open_only else None,
            query_consistency_level=QueryConsistencyLevel.STRONG if strong else None,
        )
        try:
            answer = await session.service.query_workflow(request, timeout=limit)
        except CallTimeoutError:
            msg = (
                f'no answer to query "{name}" within {timeout}; does a worker poll the task list of workflow'
                f' "{workflow_id}"? To see which: cadence workflow describe {workflow_id}'
            )
            raise MistakeError(msg, REFUSED) from None
        if answer.query_rejected is not None:
            status = output.name_of(WorkflowExecutionCloseStatus, answer.query_rejected.close_status)
            msg = f'workflow "{workflow_id}" is closed ({status}); leave out --open-only to ask it nevertheless'
            raise MistakeError(msg, REFUSED)
        _print_answer(answer.query_result, as_json=as_json)

    talk(context, work, address=address, domain=domain, workflow=workflow_id)


def _print_answer(result: bytes | None, *, as_json: bool) -> None:
    decoded = output.plain(result)
    if as_json:
        output.print_json(decoded)
    elif isinstance(decoded, str):
        # A text of several lines, a stack for one, is for reading: its lines stay lines.
        for line in decoded.splitlines():
            output.say(output.escaped(line.expandtabs(4)))
    else:
        output.say(output.payload(result))


def cancel(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    reason: Annotated[str, typer.Option(help="Why, for its history.")] = "",
    run_id: RunOption = None,
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """Ask a workflow to cancel itself; its code may clean up first."""

    async def work(session: Session) -> None:
        await session.service.request_cancel_workflow_execution(
            api.RequestCancelWorkflowExecutionRequest(
                domain=session.domain,
                workflow_execution=session.execution(workflow_id, run_id),
                identity=IDENTITY,
                request_id=str(uuid.uuid4()),
                cause=reason or None,
            )
        )
        output.say(f"workflow {output.escaped(workflow_id)} is asked to cancel itself")

    talk(context, work, address=address, domain=domain, workflow=workflow_id)


def terminate(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    reason: Annotated[str, typer.Option(help="Why, for its history.")] = "",
    run_id: RunOption = None,
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """End a workflow at once; its code is not asked."""

    async def work(session: Session) -> None:
        await session.service.terminate_workflow_execution(
            api.TerminateWorkflowExecutionRequest(
                domain=session.domain,
                workflow_execution=session.execution(workflow_id, run_id),
                reason=reason or None,
                identity=IDENTITY,
            )
        )
        output.say(f"workflow {output.escaped(workflow_id)} is terminated")

    talk(context, work, address=address, domain=domain, workflow=workflow_id)
