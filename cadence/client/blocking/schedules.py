"""`BlockingSchedules`: the schedules of a domain, for code that blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cadence.client.blocking.waiting import each

if TYPE_CHECKING:
    from cadence._loop_thread import LoopThread
    from cadence.client.schedule_parts import (
        ScheduleAction,
        ScheduleCatchUpPolicy,
        ScheduleOverlapPolicy,
        SchedulePolicies,
        ScheduleSpec,
    )
    from cadence.client.schedules import ScheduleDescription, Schedules, ScheduleSummary
    from cadence.workflow.attribute_keys import SearchAttributes

__all__ = ("BlockingSchedules",)


class BlockingSchedules:
    """The schedules of a domain; see `Schedules`. Reached as `client.schedules`."""

    def __init__(self, schedules: Schedules, thread: LoopThread) -> None:
        self._schedules = schedules
        self._thread = thread

    def create(
        self,
        schedule_id: str,
        *,
        spec: ScheduleSpec,
        action: ScheduleAction,
        policies: SchedulePolicies | None = None,
        memo: Mapping[str, object] | None = None,
        search_attributes: SearchAttributes | None = None,
    ) -> None:
        """Make a schedule; see `Schedules.create`."""
        call = self._schedules.create(
            schedule_id, spec=spec, action=action, policies=policies, memo=memo, search_attributes=search_attributes
        )
        self._thread.run(call)

    def describe(self, schedule_id: str) -> ScheduleDescription:
        """Ask what a schedule is and did; see `Schedules.describe`."""
        return self._thread.run(self._schedules.describe(schedule_id))

    def update(
        self,
        schedule_id: str,
        *,
        spec: ScheduleSpec | None = None,
        action: ScheduleAction | None = None,
        policies: SchedulePolicies | None = None,
        search_attributes: SearchAttributes | None = None,
    ) -> None:
        """Replace parts of a schedule; see `Schedules.update`."""
        call = self._schedules.update(
            schedule_id, spec=spec, action=action, policies=policies, search_attributes=search_attributes
        )
        self._thread.run(call)

    def pause(self, schedule_id: str, reason: str = "") -> None:
        """Have a schedule start nothing until it is told to go on; see `Schedules.pause`."""
        self._thread.run(self._schedules.pause(schedule_id, reason))

    def unpause(self, schedule_id: str, reason: str = "", *, catch_up: ScheduleCatchUpPolicy | None = None) -> None:
        """Have a paused schedule go on; see `Schedules.unpause`."""
        self._thread.run(self._schedules.unpause(schedule_id, reason, catch_up=catch_up))

    def backfill(
        self,
        schedule_id: str,
        start: datetime,
        end: datetime,
        *,
        overlap: ScheduleOverlapPolicy | None = None,
        backfill_id: str | None = None,
    ) -> None:
        """Have a schedule make the starts of a span of time; see `Schedules.backfill`."""
        call = self._schedules.backfill(schedule_id, start, end, overlap=overlap, backfill_id=backfill_id)
        self._thread.run(call)

    def delete(self, schedule_id: str) -> None:
        """End a schedule; see `Schedules.delete`."""
        self._thread.run(self._schedules.delete(schedule_id))

    def list(self, *, page_size: int | None = None) -> Iterator[ScheduleSummary]:
        """Go through the domain's schedules; see `Schedules.list`."""
        return each(self._thread, self._schedules.list(page_size=page_size))
