"""`cadence schedule`: create, look at, pause, continue, backfill and delete schedules.

From what people type to requests, and from answers to lines; what a schedule does is the server's affair.
"""

from __future__ import annotations

from typing import Annotated

import typer

from cadence import api
from cadence.api.enums import ScheduleCatchUpPolicy, ScheduleOverlapPolicy
from cadence.cli import inputs, output
from cadence.cli.session import IDENTITY, AddressOption, DomainOption, JsonOption, Session, talk
from cadence.cli.starting import polled_list

__all__ = ("group",)

group = typer.Typer(help="Start workflows by the calendar.", no_args_is_help=True)

_PAGE_SIZE = 200

_ScheduleArgument = Annotated[str, typer.Argument(metavar="SCHEDULE_ID", help="The schedule's id.", show_default=False)]
_OverlapOption = Annotated[
    str,
    typer.Option(
        help="While the run before goes on: skip-new, buffer, concurrent, cancel-previous or terminate-previous."
    ),
]
_CatchUpOption = Annotated[str, typer.Option(help="What becomes of missed starts: skip, one or all.")]


@group.command("create")
def create(
    context: typer.Context,
    *,
    schedule_id: _ScheduleArgument,
    workflow_type: Annotated[str, typer.Argument(metavar="TYPE", help="What it starts.", show_default=False)],
    cron: Annotated[
        str, typer.Option(help="When: '0 9 * * mon-fri', '@daily', '@every 90s'; in UTC.", show_default=False)
    ],
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
    prefix: Annotated[str, typer.Option(help="How workflow ids begin; default: the schedule's id.")] = "",
    execution_timeout: Annotated[str, typer.Option(help="How long a run may last, for example 90s, 5m, 1h.")] = "1h",
    decision_timeout: Annotated[str, typer.Option(help="How long a worker may take to decide.")] = "10s",
    start: Annotated[str, typer.Option(metavar="TIME", help="No start comes before, 2026-01-31T09:00Z.")] = "",
    end: Annotated[str, typer.Option(metavar="TIME", help="No start comes after.")] = "",
    jitter: Annotated[str, typer.Option(help="Each start comes up to this much later.")] = "0s",
    overlap: _OverlapOption = "skip-new",
    catch_up: _CatchUpOption = "skip",
    catch_up_window: Annotated[str, typer.Option(help="How old a missed start may be; default: a year.")] = "0s",
    buffer_limit: Annotated[int, typer.Option(min=0, help="How many starts may wait; 0 is no limit.")] = 0,
    concurrency_limit: Annotated[int, typer.Option(min=0, help="How many runs may go on; 0 is no limit.")] = 0,
    memo: Annotated[
        list[str] | None, typer.Option(metavar="NAME=JSON", help="Something to note with it.", show_default=False)
    ] = None,
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """Make a schedule."""
    request = api.CreateScheduleRequest(
        schedule_id=schedule_id,
        spec=api.ScheduleSpec(
            cron_expression=cron,
            start_time_nano=_time(start, "--start") if start else None,
            end_time_nano=_time(end, "--end") if end else None,
            jitter_in_seconds=inputs.seconds(jitter, "--jitter") or None,
        ),
        action=api.ScheduleAction(
            start_workflow=api.ScheduleStartWorkflowAction(
                workflow_type=api.WorkflowType(name=workflow_type),
                input=inputs.arguments(given or ()),
                workflow_id_prefix=prefix or None,
                execution_start_to_close_timeout_seconds=inputs.seconds(execution_timeout, "--execution-timeout"),
                task_start_to_close_timeout_seconds=inputs.seconds(decision_timeout, "--decision-timeout"),
            )
        ),
        policies=api.SchedulePolicies(
            overlap_policy=_overlap(overlap),
            catch_up_policy=_catch_up(catch_up, "--catch-up"),
            catch_up_window_in_seconds=inputs.seconds(catch_up_window, "--catch-up-window") or None,
            buffer_limit=buffer_limit,
            concurrency_limit=concurrency_limit,
        ),
        memo=api.Memo(fields=inputs.fields(memo, "memo")) if memo else None,
    )

    async def work(session: Session) -> None:
        request.domain = session.domain
        assert request.action is not None
        assert request.action.start_workflow is not None
        request.action.start_workflow.task_list = api.TaskList(name=task_list or await polled_list(session))
        await session.service.create_schedule(request)
        output.say(f"made schedule {output.escaped(schedule_id)}")

    talk(context, work, address=address, domain=domain)


@group.command("describe")
def describe(
    context: typer.Context,
    *,
    schedule_id: _ScheduleArgument,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a schedule is and did."""

    async def work(session: Session) -> None:
        answer = await session.service.describe_schedule(
            api.DescribeScheduleRequest(domain=session.domain, schedule_id=schedule_id)
        )
        if as_json:
            output.print_json(output.plain(answer))
        else:
            output.print_facts(_facts(schedule_id, answer))

    talk(context, work, address=address, domain=domain)


@group.command("list")
def list_(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 100,
    address: AddressOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """List schedules."""

    async def work(session: Session) -> None:
        found: list[api.ScheduleListEntry] = []
        token: bytes | None = None
        while len(found) < limit:
            request = api.ListSchedulesRequest(
                domain=session.domain, page_size=min(limit - len(found), _PAGE_SIZE), next_page_token=token
            )
            answer = await session.service.list_schedules(request)
            found.extend(answer.schedules or ())
            token = answer.next_page_token
            if not token:
                break
        if as_json:
            output.print_json([output.plain(one) for one in found[:limit]])
        else:
            output.print_table(("schedule", "state", "cron", "starts"), [_row(one) for one in found[:limit]])

    talk(context, work, address=address, domain=domain)


@group.command("pause")
def pause(
    context: typer.Context,
    *,
    schedule_id: _ScheduleArgument,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """Have a schedule start nothing for now."""

    async def work(session: Session) -> None:
        await session.service.pause_schedule(
            api.PauseScheduleRequest(
                domain=session.domain, schedule_id=schedule_id, reason=reason or None, identity=IDENTITY
            )
        )
        output.say(f"paused schedule {output.escaped(schedule_id)}")

    talk(context, work, address=address, domain=domain)


@group.command("unpause")
def unpause(
    context: typer.Context,
    *,
    schedule_id: _ScheduleArgument,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    catch_up: Annotated[
        str | None,
        typer.Option(help="Starts missed meanwhile: skip, one or all; default: its policy.", show_default=False),
    ] = None,
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """Have a paused schedule go on."""
    policy = None if catch_up is None else _catch_up(catch_up, "--catch-up")

    async def work(session: Session) -> None:
        await session.service.unpause_schedule(
            api.UnpauseScheduleRequest(
                domain=session.domain, schedule_id=schedule_id, reason=reason or None, catch_up_policy=policy
            )
        )
        output.say(f"schedule {output.escaped(schedule_id)} goes on")

    talk(context, work, address=address, domain=domain)


@group.command("backfill")
def backfill(
    context: typer.Context,
    *,
    schedule_id: _ScheduleArgument,
    start: Annotated[
        str, typer.Argument(metavar="START", help="Where the span begins, 2026-01-31T09:00Z.", show_default=False)
    ],
    end: Annotated[str, typer.Argument(metavar="END", help="Where it ends.", show_default=False)],
    overlap: Annotated[
        str | None,
        typer.Option(help="While the run before goes on; default: its policy. See create.", show_default=False),
    ] = None,
    backfill_id: Annotated[str, typer.Option("--id", help="Asking twice with one id does it once.")] = "",
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """Make the starts of a span of time, both ends included."""
    request = api.BackfillScheduleRequest(
        schedule_id=schedule_id,
        start_time_nano=_time(start, "START"),
        end_time_nano=_time(end, "END"),
        overlap_policy=None if overlap is None else _overlap(overlap),
        backfill_id=backfill_id or None,
    )

    async def work(session: Session) -> None:
        request.domain = session.domain
        await session.service.backfill_schedule(request)
        output.say(f"schedule {output.escaped(schedule_id)} makes up for the span")

    talk(context, work, address=address, domain=domain)


@group.command("delete")
def delete(
    context: typer.Context,
    *,
    schedule_id: _ScheduleArgument,
    address: AddressOption = None,
    domain: DomainOption = None,
) -> None:
    """End a schedule; runs that it started go on."""

    async def work(session: Session) -> None:
        await session.service.delete_schedule(api.DeleteScheduleRequest(domain=session.domain, schedule_id=schedule_id))
        output.say(f"deleted schedule {output.escaped(schedule_id)}")

    talk(context, work, address=address, domain=domain)


def _facts(schedule_id: str, answer: api.DescribeScheduleResponse) -> dict[str, str]:
    spec = answer.spec or api.ScheduleSpec()
    start = (answer.action.start_workflow if answer.action else None) or api.ScheduleStartWorkflowAction()
    policies = answer.policies or api.SchedulePolicies()
    info = answer.info or api.ScheduleInfo()
    facts = {
        "schedule": schedule_id,
        "state": _state(answer.state),
        "cron": spec.cron_expression or "",
        "not before": output.moment(spec.start_time_nano),
        "not after": output.moment(spec.end_time_nano),
        "jitter": f"{spec.jitter_in_seconds} s" if spec.jitter_in_seconds else "",
        "starts": (start.workflow_type.name if start.workflow_type else "") or "",
        "task list": (start.task_list.name if start.task_list else "") or "",
        "input": output.payload(start.input, 200),
        "overlap": output.name_of(ScheduleOverlapPolicy, policies.overlap_policy or None),
        "catch up": output.name_of(ScheduleCatchUpPolicy, policies.catch_up_policy or None),
        "last start": output.moment(info.last_run_time_nano),
        "next start": output.moment(info.next_run_time_nano),
        "runs": f"{info.total_runs or 0} started, {info.skipped_runs or 0} skipped, {info.missed_runs or 0} missed",
        "made": output.moment(info.create_time_nano),
        "updated": output.moment(info.last_update_time_nano),
    }
    for each in info.ongoing_backfills or ():
        done = f"{each.runs_completed or 0} of {each.runs_total or 0} starts"
        facts[f"backfill {each.backfill_id}"] = f"{done}, until {output.moment(each.end_time_nano)}"
    return facts


def _state(state: api.ScheduleState | None) -> str:
    if state is None or not state.paused:
        return "active"
    told = state.pause_info or api.SchedulePauseInfo()
    since = f" since {output.moment(told.paused_time_nano)}" if told.paused_time_nano else ""
    who = f" by {told.paused_by}" if told.paused_by else ""
    return f"paused{since}{who}" + (f": {told.reason}" if told.reason else "")


def _row(one: api.ScheduleListEntry) -> tuple[str, ...]:
    state = "paused" if one.state and one.state.paused else "active"
    starts = (one.workflow_type.name if one.workflow_type else "") or ""
    return (one.schedule_id or "", state, one.cron_expression or "", starts)


def _overlap(text: str) -> ScheduleOverlapPolicy:
    return inputs.choice(ScheduleOverlapPolicy, text, "--overlap")


def _catch_up(text: str, what: str) -> ScheduleCatchUpPolicy:
    return inputs.choice(ScheduleCatchUpPolicy, text, what)


def _time(text: str, what: str) -> int:
    """Read a time as the wire has it, in whole seconds."""
    return int(inputs.moment(text, what).timestamp()) * 1_000_000_000
