"""What a worker can be told, with its defaults and checks. Plain data: it starts nothing and knows no other room.

Nothing has to be set at first. Pollers grow and shrink with what their polls bring, between the two bounds given here;
slots bound how much runs at once, and no poll is made without a free one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from cadence.activity.options import refuse_unknown
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cadence.interceptor import Interceptor
    from cadence.metrics import Meter
    from cadence.worker.profiling import Profile

__all__ = ("WorkerOptions", "WorkerSettings")

_MEBIBYTE = 1024 * 1024
_SESSIONS = 1000


class WorkerSettings(TypedDict, total=False):
    """The keyword arguments of `Worker`; what they mean and their defaults stand at `WorkerOptions`."""

    identity: str | None
    interceptors: Sequence[Interceptor]
    meter: Meter | None
    max_concurrent_decision_tasks: int
    max_concurrent_activities: int
    max_concurrent_local_activities: int
    min_decision_pollers: int
    max_decision_pollers: int
    min_activity_pollers: int
    max_activity_pollers: int
    max_eager_activities: int
    max_activities_per_second: float | None
    max_task_list_activities_per_second: float | None
    sessions: bool
    max_concurrent_sessions: int | None
    sticky: bool
    sticky_runs: int
    sticky_bytes: int
    sticky_timeout: timedelta
    profile: Profile | None
    deadlock_timeout: timedelta | None
    blocked_loop_warning: timedelta | None
    nondeterminism: Literal["block", "fail"]
    automatic_heartbeats: bool
    process_activities: Sequence[Any]
    max_processes: int | None
    binary_checksum: str
    grace: timedelta
    check_at_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """Options of `Worker`, all with defaults.

    Raises:
        ConfigurationError: A value can't work; `WorkerOptions.of` also names a misspelt option's nearest.
    """

    identity: str | None = None
    """What the server shows as who did it; default: `pid@host@tasklist@random`."""
    interceptors: Sequence[Interceptor] = ()
    """Stand behind those of the client."""
    meter: Meter | None = None
    """Takes counts and times; default: nobody."""

    max_concurrent_decision_tasks: int = 200
    """Decision tasks at once."""
    max_concurrent_activities: int = 200
    """Activities at once, those in threads included."""
    max_concurrent_local_activities: int = 200
    """Local activities at once."""
    min_decision_pollers: int = 2
    """Polls for decision tasks that are always open, on the sticky list and on the task list each."""
    max_decision_pollers: int = 8
    """Most polls for decision tasks on each of the two lists."""
    min_activity_pollers: int = 2
    """Polls for activity tasks that are always open."""
    max_activity_pollers: int = 8
    """Most polls for activity tasks."""
    max_eager_activities: int = 3
    """Most activities of a decision on the worker's own task list that it starts at once, where it has free slots: they
    come with the server's answer to the decision, not by a poll. 0: none. None either with a limit per second."""
    max_activities_per_second: float | None = None
    """How many activities this worker starts a second; None: no limit."""
    max_task_list_activities_per_second: float | None = None
    """How many activities the server hands out a second over all workers of the list; None: no limit."""

    sessions: bool = False
    """Hold sessions of workflows (`workflow.session`). Their activities come on a task list of this worker's own, and
    `max_concurrent_activities` holds for them apart from the others."""
    max_concurrent_sessions: int | None = None
    """Most sessions at once, by default 1000; others wait, or go to other workers. A number switches sessions on."""

    sticky: bool = True
    """Keep runs between their decision tasks, so that only new events are sent and worked on."""
    sticky_runs: int = 10_000
    """Most runs kept."""
    sticky_bytes: int = 512 * _MEBIBYTE
    """Most bytes that kept runs may take, as estimated from their histories."""
    sticky_timeout: timedelta = timedelta(seconds=5)
    """How long the server waits for this worker before any other may take a run's decision task."""

    profile: Profile | None = None
    """A profiler of workflow code: called with a workflow's type before each piece of its code, replay included, and
    returns a context manager for it, both in the thread of workflow code."""
    deadlock_timeout: timedelta | None = timedelta(seconds=1)
    """CPU time that workflow code may take at one go before it is stopped and reported; None: it may hang for ever."""
    blocked_loop_warning: timedelta | None = timedelta(seconds=0.5)
    """How long a coroutine activity may hold its event loop before the log names the line that does; None: never."""
    nondeterminism: Literal["block", "fail"] = "block"
    """What code that doesn't fit a run's history does: `block` fails the decision task until a fixed worker comes;
    `fail` fails the workflow."""
    automatic_heartbeats: bool = False
    """Beat for activities with a heartbeat timeout, every half of it; those on a stuck event loop excepted."""
    process_activities: Sequence[Any] = ()
    """Those of the worker's activities, plain functions of modules, that run in processes instead of threads."""
    max_processes: int | None = None
    """Most processes for them; default: one for each processor."""
    binary_checksum: str = ""
    """Names this build of the code to the server, which can reset runs to before a bad one."""
    grace: timedelta = timedelta(seconds=10)
    """How long `async with` waits at its end for tasks that run."""
    check_at_start: bool = True
    """Ask the server for the domain at the start, so that a wrong address or name is told at once."""

    @property
    def session_places(self) -> int:
        """How many sessions the worker holds at once; 0 without sessions."""
        if self.max_concurrent_sessions is not None:
            return self.max_concurrent_sessions
        return _SESSIONS if self.sessions else 0

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> WorkerOptions:
        """Make options of keyword arguments.

        Raises:
            ConfigurationError: One is unknown, or can't work.
        """
        refuse_unknown(given, (field.name for field in fields(cls)), "Worker")
        return cls(**given)

    def __post_init__(self) -> None:
        for name in (
            "max_concurrent_activities",
            "max_concurrent_local_activities",
            "min_decision_pollers",
            "min_activity_pollers",
            "sticky_runs",
            "sticky_bytes",
        ):
            _at_least(name, getattr(self, name), 1)
        _at_least("max_eager_activities", self.max_eager_activities, 0)
        # One for each of the two lists: a list whose polls never get a slot would never be polled.
        _at_least("max_concurrent_decision_tasks", self.max_concurrent_decision_tasks, 2 if self.sticky else 1)
        _at_least("max_decision_pollers", self.max_decision_pollers, self.min_decision_pollers)
        _at_least("max_activity_pollers", self.max_activity_pollers, self.min_activity_pollers)
        given: object = self.sessions
        if not isinstance(given, bool):
            msg = f"Worker: sessions is {given!r}"
            raise ConfigurationError(msg, hint="give True, and how many at once as max_concurrent_sessions")
        if self.max_concurrent_sessions is not None:
            _at_least("max_concurrent_sessions", self.max_concurrent_sessions, 1)
        profile: object = self.profile
        if profile is not None and not callable(profile):
            msg = f"Worker: profile is {profile!r}"
            raise ConfigurationError(msg, hint="give a function of a workflow type that returns a context manager")
        if self.nondeterminism not in ("block", "fail"):
            msg = f"Worker: nondeterminism is {self.nondeterminism!r}"
            raise ConfigurationError(msg, hint='give "block" or "fail"')
        for name in ("max_activities_per_second", "max_task_list_activities_per_second"):
            rate = getattr(self, name)
            if rate is not None and not rate > 0:
                msg = f"Worker: {name} is {rate}"
                raise ConfigurationError(msg, hint="give a positive number, or None for no limit")
        for name in ("sticky_timeout", "deadlock_timeout", "blocked_loop_warning", "grace"):
            none = name in ("deadlock_timeout", "blocked_loop_warning")
            _check_duration(name, getattr(self, name), zero=name == "grace", none=none)


def _at_least(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        msg = f"Worker: {name} is {value!r}"
        raise ConfigurationError(msg, hint=f"give a whole number, {least} or more")


def _check_duration(name: str, value: object, *, zero: bool, none: bool) -> None:
    if value is None and none:
        return
    if not isinstance(value, timedelta) or value < timedelta() or (not zero and not value):
        msg = f"Worker: {name} is {value!r}"
        raise ConfigurationError(msg, hint="give a positive timedelta")
