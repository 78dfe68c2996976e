"""Eager activities: those that a decision schedules on this worker's own list, had with the decision's answer.

The server starts such an activity at once and hands it out in its answer, so that it needs neither a way through the
task list nor a poll. Each is asked for with a slot in hand, as every poll is, and the slots of those that the server
did not hand out go back. It knows the requests and `ActivityTasks.accept`; when to ask is `decision_tasks`' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from cadence import api

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from cadence.api import ActivityLocalDispatchInfo, Decision, PollForDecisionTaskResponse
    from cadence.metrics import Meter
    from cadence.worker.lost_activities import LostActivities
    from cadence.worker.pollers import Slots

__all__ = ("EagerActivities", "EagerCall")


class EagerActivities:
    """Asks for activities and starts those that come. On the worker's own loop."""

    def __init__(
        self,
        slots: Slots,
        accept: Callable[[api.PollForActivityTaskResponse], None],
        knows: Callable[[str], bool],
        lost: LostActivities,
        *,
        most: int,
        domain: str,
        task_list: str,
        meter: Meter,
    ) -> None:
        """Prepare.

        Args:
            slots: Of activities.
            accept: Takes a task and, with it, its slot.
            knows: Whether an activity of this name is the worker's.
            lost: Finds those whose hand-out was lost.
            most: Most activities to ask for with one answer.
            domain: The worker's.
            task_list: The worker's.
            meter: Counts.
        """
        self._slots = slots
        self._accept = accept
        self._knows = knows
        self._lost = lost
        self._is_usual = False
        self._most = most
        self._domain = domain
        self._task_list = task_list
        self._meter = meter

    def ask(self, task: PollForDecisionTaskResponse, decisions: Sequence[Decision], longest: int) -> EagerCall:
        """Mark the decisions whose activities this worker can start at once, and take a slot for each.

        Args:
            task: The decision task.
            decisions: Its answer; those that are marked change.
            longest: The run's own timeout in seconds, which none of its activities' timeouts exceeds; 0: unknown.
        """
        call = EagerCall(
            task, longest, self._domain, accept=self._accept, find_lost=self._find_lost, returned=self._returned
        )
        cancelled = {
            cancel.activity_id
            for decision in decisions
            if (cancel := decision.request_cancel_activity_task_decision_attributes) is not None
        }
        for place, decision in enumerate(decisions):
            asked = decision.schedule_activity_task_decision_attributes
            if asked is None or not self._is_own(asked) or asked.activity_id in cancelled:
                continue
            if len(call.asked) >= self._most or not self._slots.try_acquire():
                break
            asked.request_local_dispatch = True
            call.asked.append(asked)
            call.places[asked.activity_id or ""] = place
        return call

    def _is_own(self, asked: api.ScheduleActivityTaskDecisionAttributes) -> bool:
        return (
            asked.task_list is not None
            and asked.task_list.name == self._task_list
            and asked.domain in (None, "", self._domain)
            and self._knows((asked.activity_type.name if asked.activity_type is not None else None) or "")
        )

    def _returned(self, *, started: int, unused: int) -> None:
        for _ in range(unused):
            self._slots.release()
        if started:
            self._is_usual = True
            self._meter.count("cadence_eager_activities_total", started, outcome="started")
        if unused:
            self._meter.count("cadence_eager_activities_total", unused, outcome="refused")

    async def _find_lost(self, call: EagerCall) -> Mapping[str, ActivityLocalDispatchInfo]:
        return await self._lost.find(call.task, call.places, is_usual=self._is_usual) if call.places else {}


class EagerCall:
    """What was asked for with one answer. To be used with `with`, which gives back what was not handed out."""

    __slots__ = ("_accept", "_domain", "_find_lost", "_longest", "_returned", "_started", "asked", "places", "task")

    def __init__(
        self,
        task: PollForDecisionTaskResponse,
        longest: int,
        domain: str,
        *,
        accept: Callable[[api.PollForActivityTaskResponse], None],
        find_lost: Callable[[EagerCall], Awaitable[Mapping[str, ActivityLocalDispatchInfo]]],
        returned: Callable[..., None],
    ) -> None:
        self.task = task
        """The decision task."""
        self.asked: list[api.ScheduleActivityTaskDecisionAttributes] = []
        """The activities, each with a slot."""
        self.places: dict[str, int] = {}
        """Where in the answer each stands, by id."""
        self._find_lost = find_lost
        self._longest = longest
        self._domain = domain
        self._accept = accept
        self._returned = returned
        self._started = 0

    def start(self, handed_out: Mapping[str, ActivityLocalDispatchInfo]) -> None:
        """Start what the server handed out."""
        for asked in self.asked:
            info = handed_out.get(asked.activity_id or "")
            if info is not None and info.task_token:
                self._started += 1
                self._accept(self._polled(asked, info))

    async def start_lost(self) -> None:
        """Start what the server handed out with an answer that never came, if it did."""
        self.start(await self._find_lost(self))

    def _polled(
        self, asked: api.ScheduleActivityTaskDecisionAttributes, info: ActivityLocalDispatchInfo
    ) -> api.PollForActivityTaskResponse:
        """Return the task as a poll would have brought it."""
        to_close, work, beat = _timeouts(asked, self._longest)
        return api.PollForActivityTaskResponse(
            task_token=info.task_token,
            workflow_execution=self.task.workflow_execution,
            workflow_type=self.task.workflow_type,
            workflow_domain=self._domain,
            activity_id=asked.activity_id,
            activity_type=asked.activity_type,
            input=asked.input,
            header=asked.header,
            scheduled_timestamp=info.scheduled_timestamp,
            started_timestamp=info.started_timestamp,
            scheduled_timestamp_of_this_attempt=info.scheduled_timestamp_of_this_attempt,
            schedule_to_close_timeout_seconds=to_close,
            start_to_close_timeout_seconds=work,
            heartbeat_timeout_seconds=beat,
            attempt=0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._returned(started=self._started, unused=len(self.asked) - self._started)


def _timeouts(asked: api.ScheduleActivityTaskDecisionAttributes, longest: int) -> tuple[int, int, int]:
    """Schedule to close, start to close and heartbeat, as the server completes them."""
    to_close, to_start, work, beat = (
        min(seconds or 0, longest or seconds or 0)
        for seconds in (
            asked.schedule_to_close_timeout_seconds,
            asked.schedule_to_start_timeout_seconds,
            asked.start_to_close_timeout_seconds,
            asked.heartbeat_timeout_seconds,
        )
    )
    if to_close:
        work = work or to_close
    else:
        to_close = min(to_start + work, longest or to_start + work)
    policy = asked.retry_policy
    if policy is not None:
        expiration = policy.expiration_interval_in_seconds or longest
        to_close = max(to_close, min(expiration, longest or expiration))
    return to_close, work, beat
