"""`cadence workflow list|describe|show|result`: find workflows and see what they did."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadence import api
from cadence.api import history_json
from cadence.api.enums import (
    HistoryEventFilterType,
    PendingActivityState,
    PendingDecisionState,
    WorkflowExecutionCloseStatus,
)
from cadence.api.errors import BadRequestError
from cadence.cli import events, inputs, output
from cadence.cli.failures import REFUSED, MistakeError
from cadence.cli.session import AddressOption, DomainOption, JsonOption, RunOption, Session, WorkflowArgument, talk
from cadence.cli.waiting import show_result
from cadence.tchannel.errors import CallTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ("add_to",)

_PAGE = 200
_HISTORY_PAGE = 1_000
_NO_QUERIES = "Operation is not supported"
"""How a cluster without advanced visibility answers list queries."""


def add_to(group: typer.Typer) -> None:
    """Add the commands to their group."""
    group.command("list")(list_)
    group.command("describe")(describe)
    group.command("show")(show)
    group.command("result")(result)


def list_(
    context: typer.Context,
    *,
    query: Annotated[
        str | None,
        typer.Option(
            "--query", "-q", help="Which, as in: WorkflowType = 'order' AND CloseTime = missing", show_default=False
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Those that run.")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="Those that have ended.")] = False,
    type_: Annotated[str | None, typer.Option("--type", help="Those of one type.", show_default=False)] = None,
    workflow_id: Annotated[
        str | None, typer.Option("--workflow-id", "-w", help="Those of one id.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 50,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """List workflows, the newest first; open ones, then closed ones."""
    if query is not None and (open_ or closed or type_ or workflow_id):
        msg = "--query says all by itself; leave out --open, --closed, --type and --workflow-id"
        raise MistakeError(msg)
    if type_ and workflow_id:
        msg = "give --type or --workflow-id, not both; for both at once: --query"
        raise MistakeError(msg)
    both = open_ == closed
    type_filter = api.WorkflowTypeFilter(name=type_) if type_ else None
    id_filter = api.WorkflowExecutionFilter(workflow_id=workflow_id) if workflow_id else None

    async def work(session: Session) -> None:
        found: list[api.WorkflowExecutionInfo] = []
        if query is not None:
            found = await _by_query(session, query, limit)
        else:
            if open_ or both:
                found += await _by_filters(session, limit, type_filter, id_filter, is_open=True)
            if closed or both:
                found += await _by_filters(session, limit - len(found), type_filter, id_filter, is_open=False)
        _print_list(found[:limit], as_json=as_json)

    talk(context, work, address=address, domain=domain)


async def _by_query(session: Session, query: str, limit: int) -> list[api.WorkflowExecutionInfo]:
    found: list[api.WorkflowExecutionInfo] = []
    token: bytes | None = None
    while len(found) < limit:
        request = api.ListWorkflowExecutionsRequest(
            domain=session.domain, page_size=min(limit - len(found), _PAGE), next_page_token=token, query=query
        )
        try:
            answer = await session.service.list_workflow_executions(request)
        except BadRequestError as error:
            if _NO_QUERIES not in error.message:
                raise
            msg = f"{session.address} can't search by query (no advanced visibility); use --open, --closed, --type"
            raise MistakeError(msg, REFUSED) from None
        found += answer.executions or []
        token = answer.next_page_token
        if not token:
            break
    return found


async def _by_filters(
    session: Session,
    limit: int,
    type_filter: api.WorkflowTypeFilter | None,
    id_filter: api.WorkflowExecutionFilter | None,
    *,
    is_open: bool,
) -> list[api.WorkflowExecutionInfo]:
    found: list[api.WorkflowExecutionInfo] = []
    # A day ahead, as the server's clock need not be ours.
    times = api.StartTimeFilter(earliest_time=0, latest_time=time.time_ns() + 86_400_000_000_000)
    token: bytes | None = None
    while len(found) < limit:
        fields: dict[str, Any] = {
            "domain": session.domain,
            "maximum_page_size": min(limit - len(found), _PAGE),
            "next_page_token": token,
            "start_time_filter": times,
            "execution_filter": id_filter,
            "type_filter": type_filter,
        }
        answer: api.ListOpenWorkflowExecutionsResponse | api.ListClosedWorkflowExecutionsResponse
        if is_open:
            request = api.ListOpenWorkflowExecutionsRequest(**fields)
            answer = await session.service.list_open_workflow_executions(request)
        else:
            answer = await session.service.list_closed_workflow_executions(
                api.ListClosedWorkflowExecutionsRequest(**fields)
            )
        found += answer.executions or []
        token = answer.next_page_token
        if not token:
            break
    return found


def _print_list(found: list[api.WorkflowExecutionInfo], *, as_json: bool) -> None:
    if as_json:
        output.print_json([output.plain(one) for one in found])
        return
    rows = [
        (
            one.execution.workflow_id or "" if one.execution else "",
            one.execution.run_id or "" if one.execution else "",
            one.type.name or "" if one.type else "",
            _status(one),
            output.moment(one.start_time),
            output.age(one.close_time - one.start_time) if one.close_time and one.start_time else "",
        )
        for one in found
    ]
    if rows:
        output.print_table(("workflow id", "run id", "type", "status", "started", "took"), rows)
    else:
        output.say("no workflows")


def _status(one: api.WorkflowExecutionInfo) -> str:
    # Servers send a close status of 0 for some open runs; the time tells.
    return output.name_of(WorkflowExecutionCloseStatus, one.close_status) if one.close_time else "open"


def describe(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    run_id: RunOption = None,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a workflow's state: how far it is and what it waits for."""

    async def work(session: Session) -> None:
        answer = await session.service.describe_workflow_execution(
            api.DescribeWorkflowExecutionRequest(
                domain=session.domain, execution=session.execution(workflow_id, run_id)
            )
        )
        if as_json:
            output.print_json(output.plain(answer))
        else:
            _print_state(answer)

    talk(context, work, address=address, domain=domain, workflow=workflow_id)


def _print_state(answer: api.DescribeWorkflowExecutionResponse) -> None:
    info = answer.workflow_execution_info or api.WorkflowExecutionInfo()
    settings = answer.execution_configuration or api.WorkflowExecutionConfiguration()
    run = info.execution or api.WorkflowExecution()
    parent = info.parent_execution
    memo = (info.memo.fields if info.memo else None) or {}
    found_by = (info.search_attributes.indexed_fields if info.search_attributes else None) or {}
    output.print_facts(
        {
            "workflow id": run.workflow_id or "",
            "run id": run.run_id or "",
            "type": (info.type.name or "") if info.type else "",
            "status": _status(info),
            "task list": (settings.task_list.name or "") if settings.task_list else "",
            "started": output.moment(info.start_time),
            "closed": output.moment(info.close_time),
            "took": output.age(info.close_time - info.start_time) if info.close_time and info.start_time else "",
            "timeout": output.age((settings.execution_start_to_close_timeout_seconds or 0) * 1_000_000_000),
            "cron": info.cron_schedule or "",
            "parent": f"{parent.workflow_id}, run {parent.run_id}" if parent and parent.workflow_id else "",
            "events": str(info.history_length or ""),
            "memo": ", ".join(f"{key}={output.payload(value, 60)}" for key, value in memo.items()),
            "found by": ", ".join(f"{key}={output.payload(value, 60)}" for key, value in found_by.items()),
        }
    )
    if answer.pending_decision is not None:
        pending = answer.pending_decision
        state = output.name_of(PendingDecisionState, pending.state).lower()
        attempt = f", attempt {pending.attempt}" if pending.attempt else ""
        output.say(f"decision    {state} since {output.moment(pending.scheduled_timestamp)}{attempt}")
    if answer.pending_activities:
        output.say()
        rows = [_activity_row(one) for one in answer.pending_activities]
        output.print_table(("activity id", "type", "state", "attempt", "last failure"), rows)
    if answer.pending_children:
        output.say()
        children = [
            (one.workflow_id or "", one.run_id or "", one.workflow_typ_name or "") for one in answer.pending_children
        ]
        output.print_table(("child workflow id", "run id", "type"), children)


def _activity_row(one: api.PendingActivityInfo) -> tuple[str, ...]:
    limit = f" of {one.maximum_attempts}" if one.maximum_attempts else ""
    return (
        one.activity_id or "",
        (one.activity_type.name or "") if one.activity_type else "",
        output.name_of(PendingActivityState, one.state).lower(),
        f"{(one.attempt or 0) + 1}{limit}",
        one.last_failure_reason or "",
    )


def show(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    run_id: RunOption = None,
    only: Annotated[
        str | None, typer.Option(help="Events whose name has this in it, for example Activity.", show_default=False)
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the workflow is closed.")] = False,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a workflow's history, event by event; with --json in the form that replayers read."""

    async def work(session: Session) -> None:
        started = 0
        first = True
        if not as_json:
            output.say(events.HEADER)
        async for page in _history(session, session.execution(workflow_id, run_id), follow=follow):
            started = started or (page[0].timestamp or 0)
            wanted = [one for one in page if only is None or only.lower() in events.event_name(one).lower()]
            if as_json and wanted:
                # The pages' arrays, joined to one without ever holding it whole.
                output.say(("[" if first else ",") + history_json.dumps(api.History(events=wanted))[1:-1])
            elif wanted:
                output.say("\n".join(events.line(one, started) for one in wanted))
            first = first and not wanted
        if as_json:
            output.say("[]" if first else "]")

    talk(context, work, address=address, domain=domain, workflow=workflow_id)


async def _history(
    session: Session, execution: api.WorkflowExecution, *, follow: bool
) -> AsyncIterator[list[api.HistoryEvent]]:
    """Read a history page by page; with `follow` until the run is closed."""
    token: bytes | None = None
    while True:
        request = api.GetWorkflowExecutionHistoryRequest(
            domain=session.domain,
            execution=execution,
            maximum_page_size=_HISTORY_PAGE,
            next_page_token=token,
            wait_for_new_event=follow or None,
            history_event_filter_type=HistoryEventFilterType.ALL_EVENT,
        )
        try:
            answer = await session.service.get_workflow_execution_history(request)
        except CallTimeoutError:
            if not follow:
                raise
            continue
        if answer.history and answer.history.events:
            yield answer.history.events
        token = answer.next_page_token
        if not token:
            return


def result(
    context: typer.Context,
    *,
    workflow_id: WorkflowArgument,
    run_id: RunOption = None,
    timeout: Annotated[
        str | None, typer.Option(help="Give up after this long; default: never.", show_default=False)
    ] = None,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wait until a workflow is closed and print its result; the exit code is 1 if it did not complete."""
    limit = inputs.seconds(timeout, "--timeout") if timeout is not None else None

    async def work(session: Session) -> None:
        try:
            async with asyncio.timeout(limit):
                await show_result(session, session.execution(workflow_id, run_id), as_json=as_json)
        except TimeoutError:
            msg = f'workflow "{workflow_id}" is still open after {timeout}'
            raise MistakeError(msg, REFUSED) from None

    talk(context, work, address=address, domain=domain, workflow=workflow_id)
