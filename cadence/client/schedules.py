"""`Schedules`: makes schedules, which start workflows by the calendar, and deals with those that are there.

A schedule is the server's: it goes on without any client. What it is made of stands in schedule_parts.py; cron
workflows, which start anew by themselves, are an option of a start (`cron_schedule`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.client.advice import about_schedule
from cadence.client.schedule_parts import (
    ScheduleAction,
    ScheduleCatchUpPolicy,
    ScheduleOverlapPolicy,
    SchedulePolicies,
    ScheduleSpec,
)
from cadence.converter import wire_options as wire
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cadence.client.ports import ClientService
    from cadence.converter import DataConverter
    from cadence.workflow.attribute_keys import SearchAttributes

__all__ = ("ScheduleBackfill", "ScheduleDescription", "SchedulePause", "ScheduleSummary", "Schedules")

_PAGE_SIZE = 200


@dataclasses.dataclass(frozen=True, kw_only=True)
class SchedulePause:
    """Who stopped a schedule, and why."""

    reason: str
    """What they said."""
    by: str
    """Their identity; the server may not tell."""
    at: datetime | None
    """When, in UTC."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduleBackfill:
    """A backfill that is not done yet."""

    id: str
    """Its id."""
    start: datetime | None
    """Where the rest of it begins, in UTC."""
    end: datetime | None
    """Where it ends, in UTC."""
    runs_completed: int
    """Starts that were seen to."""
    runs_total: int
    """Starts in all."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduleDescription:
    """A schedule and what it did."""

    id: str
    """Its id."""
    spec: ScheduleSpec
    """When it starts runs."""
    action: ScheduleAction
    """What it starts; arguments as bytes (`action.input`)."""
    policies: SchedulePolicies
    """What happens where runs meet, and to starts that were missed."""
    pause: SchedulePause | None
    """Set while it is paused."""
    last_run_time: datetime | None
    """The last start that came, by the calendar, in UTC."""
    next_run_time: datetime | None
    """The start that comes next, in UTC; of a paused schedule: the one that was next when it was paused."""
    total_runs: int
    """Runs that it started."""
    missed_runs: int
    """Starts that failed."""
    skipped_runs: int
    """Starts that were left out by its policies."""
    created_at: datetime | None
    """When it was made, in UTC."""
    updated_at: datetime | None
    """When it was last updated, in UTC."""
    backfills: tuple[ScheduleBackfill, ...]
    """Backfills that are not done yet."""
    memo: Mapping[str, Any]
    """Values to show with it."""
    search_attributes: Mapping[str, Any]
    """Values to find it by."""

    @property
    def is_paused(self) -> bool:
        """Whether it starts nothing for now."""
        return self.pause is not None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduleSummary:
    """A schedule as lists show it. On clusters without advanced visibility only the id is told."""

    id: str
    """Its id."""
    workflow_type: str
    """What it starts."""
    cron: str
    """When."""
    is_paused: bool
    """Whether it starts nothing for now."""


class Schedules:
    """The schedules of a domain. Reached as `client.schedules`.

    For example:

        await client.schedules.create(
            "daily-report",
            spec=ScheduleSpec(cron="0 6 * * *"),
            action=ScheduleAction(workflow=Report.run, arguments=["daily"], task_list="reports"),
            policies=SchedulePolicies(overlap=ScheduleOverlapPolicy.BUFFER),
        )
    """

    def __init__(self, service: ClientService, domain: str, converter: DataConverter, identity: str) -> None:
        self._service = service
        self._domain = domain
        self._converter = converter
        self._identity = identity

    async def create(
        self,
        schedule_id: str,
        *,
        spec: ScheduleSpec,
        action: ScheduleAction,
        policies: SchedulePolicies | None = None,
        memo: Mapping[str, object] | None = None,
        search_attributes: SearchAttributes | None = None,
    ) -> None:
        """Make a schedule; it goes on until it is deleted or its end time has come.

        Args:
            schedule_id: Its id in the domain.
            spec: When it starts runs.
            action: What it starts.
            policies: What happens where runs meet, and to starts that were missed; default: both are left out.
            memo: Values to show with it; not indexed.
            search_attributes: Values to find it by.

        Raises:
            BadRequestError: There is one with that id, or the server can't read the cron expression.
            ConfigurationError: An argument is missing or out of range, or the workflow's arguments don't fit.
            ConversionError: A value can't be converted.
            EntityNotExistsError: The domain is unknown.
        """
        request = api.CreateScheduleRequest(
            domain=self._place(schedule_id),
            schedule_id=schedule_id,
            spec=spec.to_wire(),
            action=action.to_wire(self._converter),
            policies=(policies or SchedulePolicies()).to_wire(),
            memo=wire.memo_struct(memo, self._converter),
            search_attributes=wire.search_attributes_struct(search_attributes),
        )
        with about_schedule():
            await self._service.create_schedule(request)

    async def describe(self, schedule_id: str) -> ScheduleDescription:
        """Ask what a schedule is and did.

        Args:
            schedule_id: Its id.

        Raises:
            EntityNotExistsError: There is none with that id.
            ServiceError: It has ended; the message says how.
        """
        response = await self._service.describe_schedule(
            api.DescribeScheduleRequest(domain=self._place(schedule_id), schedule_id=schedule_id)
        )
        return _description(schedule_id, response, self._converter)

    async def update(
        self,
        schedule_id: str,
        *,
        spec: ScheduleSpec | None = None,
        action: ScheduleAction | None = None,
        policies: SchedulePolicies | None = None,
        search_attributes: SearchAttributes | None = None,
    ) -> None:
        """Replace parts of a schedule; each is replaced as a whole.

        To change a little of one, describe first:

            found = await client.schedules.describe("daily-report")
            await client.schedules.update(
                "daily-report", policies=dataclasses.replace(found.policies, buffer_limit=5)
            )

        Backfills that are not done are dropped with the spec that they were meant for.

        Args:
            schedule_id: Its id.
            spec: When it starts runs; default: as it was.
            action: What it starts; default: as it was.
            policies: What happens where runs meet, and to starts that were missed; default: as they were.
            search_attributes: Values to find it by; default: as they were.

        Raises:
            BadRequestError: The server can't read the cron expression.
            ConfigurationError: Nothing is to be changed, or an argument is missing or out of range.
            ConversionError: A value can't be converted.
            EntityNotExistsError: There is none with that id.
            WorkflowExecutionAlreadyCompletedError: It has ended.
        """
        if spec is None and action is None and policies is None and search_attributes is None:
            msg = f"schedule {schedule_id}: nothing is to be updated"
            raise ConfigurationError(msg, hint="give spec, action, policies or search_attributes")
        request = api.UpdateScheduleRequest(
            domain=self._place(schedule_id),
            schedule_id=schedule_id,
            spec=None if spec is None else spec.to_wire(),
            action=None if action is None else action.to_wire(self._converter),
            policies=None if policies is None else policies.to_wire(),
            search_attributes=wire.search_attributes_struct(search_attributes),
        )
        with about_schedule():
            await self._service.update_schedule(request)

    async def pause(self, schedule_id: str, reason: str = "") -> None:
        """Have a schedule start nothing until it is told to go on; pausing a paused one changes nothing.

        Args:
            schedule_id: Its id.
            reason: Why, for those who describe it.

        Raises:
            EntityNotExistsError: There is none with that id.
            WorkflowExecutionAlreadyCompletedError: It has ended.
        """
        await self._service.pause_schedule(
            api.PauseScheduleRequest(
                domain=self._place(schedule_id),
                schedule_id=schedule_id,
                reason=reason or None,
                identity=self._identity,
            )
        )

    async def unpause(
        self, schedule_id: str, reason: str = "", *, catch_up: ScheduleCatchUpPolicy | None = None
    ) -> None:
        """Have a paused schedule go on.

        Args:
            schedule_id: Its id.
            reason: Why, for the schedule's history.
            catch_up: What becomes of the starts that were missed meanwhile; default: what its policies say.

        Raises:
            EntityNotExistsError: There is none with that id.
            WorkflowExecutionAlreadyCompletedError: It has ended.
        """
        await self._service.unpause_schedule(
            api.UnpauseScheduleRequest(
                domain=self._place(schedule_id),
                schedule_id=schedule_id,
                reason=reason or None,
                catch_up_policy=None if catch_up is None else catch_up.value,
            )
        )

    async def backfill(
        self,
        schedule_id: str,
        start: datetime,
        end: datetime,
        *,
        overlap: ScheduleOverlapPolicy | None = None,
        backfill_id: str | None = None,
    ) -> None:
        """Have a schedule make the starts of a span of time, both ends included, one after another.

        A paused schedule makes them when it goes on. Ten backfills may wait; more are ignored.

        Args:
            schedule_id: Its id.
            start: Where the span begins; a naive time is local time.
            end: Where it ends.
            overlap: What a start does while the run before it still goes on; default: what its policies say. With
                SKIP_NEW, the first run of a span usually keeps all others from starting.
            backfill_id: Names the backfill, so that asking twice does it once; default: made by the server.

        Raises:
            ConfigurationError: The end isn't later than the start.
            EntityNotExistsError: There is none with that id.
            WorkflowExecutionAlreadyCompletedError: It has ended.
        """
        if wire.nanoseconds(end) <= wire.nanoseconds(start):
            msg = f"schedule {schedule_id}: the backfill ends at {end}, but starts at {start}"
            raise ConfigurationError(msg, hint="the end must be later than the start")
        await self._service.backfill_schedule(
            api.BackfillScheduleRequest(
                domain=self._place(schedule_id),
                schedule_id=schedule_id,
                start_time_nano=wire.nanoseconds(start),
                end_time_nano=wire.nanoseconds(end),
                overlap_policy=None if overlap is None else overlap.value,
                backfill_id=backfill_id or None,
            )
        )

    async def delete(self, schedule_id: str) -> None:
        """End a schedule; runs that it started go on. One that isn't there, or not any more, is no error.

        Args:
            schedule_id: Its id.
        """
        await self._service.delete_schedule(
            api.DeleteScheduleRequest(domain=self._place(schedule_id), schedule_id=schedule_id)
        )

    async def list(self, *, page_size: int | None = None) -> AsyncIterator[ScheduleSummary]:
        """Go through the domain's schedules: `async for schedule in client.schedules.list()`.

        One that was just made may not be listed yet.

        Args:
            page_size: Schedules per request; default: 200.

        Raises:
            ConfigurationError: `page_size` isn't positive, or the client has no domain.
        """
        if page_size is not None and page_size < 1:
            msg = f"schedules.list: page_size is {page_size}"
            raise ConfigurationError(msg, hint="it must be positive")
        token: bytes | None = None
        while True:
            response = await self._service.list_schedules(
                api.ListSchedulesRequest(
                    domain=self._place("all"), page_size=page_size or _PAGE_SIZE, next_page_token=token
                )
            )
            for entry in response.schedules or ():
                yield ScheduleSummary(
                    id=entry.schedule_id or "",
                    workflow_type=(entry.workflow_type.name if entry.workflow_type else None) or "",
                    cron=entry.cron_expression or "",
                    is_paused=bool(entry.state and entry.state.paused),
                )
            token = response.next_page_token
            if not token:
                return

    def _place(self, schedule_id: object) -> str:
        """Give the domain, once it is clear what is meant."""
        if not isinstance(schedule_id, str) or not schedule_id:
            msg = f"a schedule's id is {schedule_id!r}"
            raise ConfigurationError(msg, hint="give a text that isn't empty")
        if not self._domain:
            msg = "the client has no domain, so it can't deal with schedules"
            raise ConfigurationError(msg, hint='connect with one: Client.connect(..., domain="samples")')
        return self._domain


def _description(
    schedule_id: str, response: api.DescribeScheduleResponse, converter: DataConverter
) -> ScheduleDescription:
    info = response.info or api.ScheduleInfo()
    state = response.state or api.ScheduleState()
    pause = None
    if state.paused:
        told = state.pause_info or api.SchedulePauseInfo()
        pause = SchedulePause(reason=told.reason or "", by=told.paused_by or "", at=wire.moment(told.paused_time_nano))
    return ScheduleDescription(
        id=schedule_id,
        spec=ScheduleSpec.from_wire(response.spec),
        action=ScheduleAction.from_wire(response.action, converter),
        policies=SchedulePolicies.from_wire(response.policies),
        pause=pause,
        last_run_time=wire.moment(info.last_run_time_nano),
        next_run_time=wire.moment(info.next_run_time_nano),
        total_runs=info.total_runs or 0,
        missed_runs=info.missed_runs or 0,
        skipped_runs=info.skipped_runs or 0,
        created_at=wire.moment(info.create_time_nano),
        updated_at=wire.moment(info.last_update_time_nano),
        backfills=tuple(
            ScheduleBackfill(
                id=each.backfill_id or "",
                start=wire.moment(each.start_time_nano),
                end=wire.moment(each.end_time_nano),
                runs_completed=each.runs_completed or 0,
                runs_total=each.runs_total or 0,
            )
            for each in info.ongoing_backfills or ()
        ),
        memo=wire.memo_values(response.memo, converter),
        search_attributes=wire.search_attribute_values(response.search_attributes),
    )
