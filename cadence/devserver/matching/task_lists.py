"""Task lists: tasks that wait for a poll, and polls that wait for a task.

First come, first served on both sides; queries go before tasks, since a caller waits for each. Everything is in memory:
after a restart the runs add their tasks again. It knows nothing of runs: whether a task still holds is seen when it is
started (`execution`), and a poll that got a stale one comes again.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadence.api.errors import ServiceBusyError
from cadence.devserver.matching.rates import TaskRate

if TYPE_CHECKING:
    from collections.abc import Callable

    from cadence.devserver.clock import Clock
    from cadence.devserver.tasks import Kind, Task

__all__ = ("ListDescription", "Matching", "Poller")

POLLS_LIMIT = 20_000
"""Polls that may wait at all lists together; one costs 7 kB, and no fleet of workers on one machine comes near."""
_POLLERS_LIMIT = 1_000
"""Pollers remembered of one list; identities are the callers' own choice."""
_FORGET_POLLER = 300.0
"""Seconds that a poller is shown after its last poll."""
_RECENT_POLLER = 10.0
"""Seconds that a poll vouches for its list still having a worker: between two polls there is a gap."""
_SWEEP_FROM = 1_000
_TASKS_SWEEP_FROM = 1_000
_LISTS_SHOWN = 10_000
"""With more lists than that, their pollers are forgotten earlier."""


@dataclass(slots=True, frozen=True)
class Poller:
    """Who polled a list."""

    identity: str
    last_poll_ns: int
    rate: float | None


@dataclass(slots=True, frozen=True)
class ListDescription:
    """What is known of a list."""

    pollers: tuple[Poller, ...]
    backlog: int
    rate: float | None
    """Tasks per second that it may hand out; None is no limit."""
    usage: int = 0
    """The `TaskListKind` that its last poll named: shared, of one worker, or of one session."""


class Matching:
    """Every task list of every domain."""

    def __init__(self, clock: Clock) -> None:
        """Begin without lists.

        Args:
            clock: Tells when tasks expire.
        """
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._lists: dict[tuple[str, str, Kind], _TaskList] = {}
        self._servers: dict[str, Callable[[Task], bool]] = {}
        self._sweep_at = _SWEEP_FROM
        self.is_stale: Callable[[Task], bool] = _never
        """Whether a task would be dropped by whoever gets it; the history service sets it, since it knows the runs."""
        self._polls = 0
        self._closed = False

    def serve(self, name: str, take: Callable[[Task], bool]) -> None:
        """Have the server itself take tasks of the lists of a name, in every domain; what it refuses is queued."""
        self._servers[name] = take

    def add(self, task: Task) -> None:
        """Hand a task to the poll that waits longest, or keep it until one comes."""
        take = self._servers.get(task.list_name)
        if take is not None and take(task):
            return
        found = self._list(task.domain_id, task.list_name, task.kind)
        found.add(task)
        found.match()

    async def poll(
        self,
        domain_id: str,
        name: str,
        kind: Kind,
        *,
        identity: str,
        deadline: float,
        rate: float | None = None,
        usage: int | None = None,
    ) -> Task | None:
        """Wait for a task.

        Args:
            domain_id: The domain that polls.
            name: The list.
            kind: Which of the two lists of that name.
            identity: Who polls.
            deadline: When to give up, on the loop's clock, in seconds.
            rate: Tasks per second that the list may hand out from here on; None leaves it as it is.
            usage: The `TaskListKind` that the poll names; None leaves it as it is.

        Returns:
            A task, or None if there was none in time or the server closes. If the poll is cancelled, its task goes
            back to the front of the list.

        Raises:
            ServiceBusyError: Too many polls wait.
        """
        if self._closed:
            return None
        found = self._list(domain_id, name, kind)
        found.seen(identity, rate)
        if usage is not None:
            found.usage = usage
        if self._polls >= POLLS_LIMIT:
            msg = "Too many polls wait for tasks."
            raise ServiceBusyError(msg)
        future: asyncio.Future[Task | None] = self._loop.create_future()
        found.polls[future] = None
        self._polls += 1
        found.match()
        timer = self._loop.call_at(deadline, _give_up, future)
        try:
            return await future
        except asyncio.CancelledError:
            task = future.result() if future.done() and not future.cancelled() else None
            if task is not None:
                found.put_back(task)
                found.match()
            raise
        finally:
            timer.cancel()
            self._polls -= 1
            found.polls.pop(future, None)
            found.seen(identity, None)

    def has_poller(self, domain_id: str, name: str, kind: Kind) -> bool:
        """Whether somebody polls a list, or did just now."""
        found = self._lists.get((domain_id, name, kind))
        return found is not None and (bool(found.polls) or found.last_poll > self._loop.time() - _RECENT_POLLER)

    def backlog(self, domain_id: str, name: str, kind: Kind) -> int:
        """Return how many tasks wait in a list."""
        found = self._lists.get((domain_id, name, kind))
        return 0 if found is None else found.backlog

    def describe(self, domain_id: str, name: str, kind: Kind) -> ListDescription:
        """Return who polls a list and what waits in it."""
        found = self._lists.get((domain_id, name, kind))
        return ListDescription((), 0, None) if found is None else found.describe()

    def names(self, domain_id: str, kind: Kind) -> list[str]:
        """Return the lists of a domain."""
        return sorted(name for domain, name, one in self._lists if domain == domain_id and one == kind)

    def close(self) -> None:
        """End every poll without a task, and those to come."""
        self._closed = True
        for found in self._lists.values():
            found.close()

    def _list(self, domain_id: str, name: str, kind: Kind) -> _TaskList:
        key = (domain_id, name, kind)
        found = self._lists.get(key)
        if found is None:
            if len(self._lists) >= self._sweep_at:
                self._sweep()
            found = self._lists[key] = _TaskList(self._clock, self._loop, self._is_stale)
        return found

    def _is_stale(self, task: Task) -> bool:
        return self.is_stale(task)

    def _sweep(self) -> None:
        """Forget lists that nobody uses: each worker process has a sticky one, so they would add up."""
        now = self._loop.time()
        for found in self._lists.values():
            if not found.polls:
                found.sweep()
        for kept in (_FORGET_POLLER, _RECENT_POLLER):
            self._lists = {key: found for key, found in self._lists.items() if not found.is_idle(now - kept)}
            if len(self._lists) < _LISTS_SHOWN:
                break
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._lists))


class _TaskList:
    """One list."""

    __slots__ = (
        "_clock",
        "_is_stale",
        "_loop",
        "_pollers",
        "_queries",
        "_rate",
        "_sweep_at",
        "_tasks",
        "_timer",
        "last_poll",
        "polls",
        "usage",
    )

    def __init__(self, clock: Clock, loop: asyncio.AbstractEventLoop, is_stale: Callable[[Task], bool]) -> None:
        self._clock = clock
        self._loop = loop
        self._is_stale = is_stale
        self._sweep_at = _TASKS_SWEEP_FROM
        self._tasks: deque[Task] = deque()
        self._queries: deque[Task] = deque()
        self._pollers: dict[str, tuple[float, Poller]] = {}
        """By identity; whoever polled last stands last."""
        self._rate: TaskRate | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.polls: dict[asyncio.Future[Task | None], None] = {}
        """Polls that wait, in the order in which they came."""
        self.last_poll = 0.0
        self.usage = 0

    def add(self, task: Task) -> None:
        """Put a task behind the others; those at the front that nobody can start any more go."""
        if len(self._tasks) >= self._sweep_at:
            self.sweep()
        queue = self._tasks if task.query is None else self._queries
        queue.append(task)
        while self._is_dead(queue[0]) and len(queue) > 1:
            queue.popleft()

    def sweep(self) -> None:
        """Drop tasks whose runs need them no more: in a list that nobody polls they would add up."""
        self._tasks = deque(task for task in self._tasks if not self._is_dead(task) and not self._is_stale(task))
        self._sweep_at = max(_TASKS_SWEEP_FROM, 2 * len(self._tasks))

    def put_back(self, task: Task) -> None:
        """Put a task that nobody got before the others."""
        (self._tasks if task.query is None else self._queries).appendleft(task)

    def match(self) -> None:
        """Give tasks to polls as long as there are both, and permits."""
        while self.polls:
            task = self._next()
            if task is None:
                return
            future = next(iter(self.polls))
            del self.polls[future]
            if future.done():
                self.put_back(task)
            else:
                future.set_result(task)

    def seen(self, identity: str, rate: float | None) -> None:
        """Note a poll, and how fast its worker wants tasks: the last word counts."""
        now = self.last_poll = self._loop.time()
        _, before = self._pollers.pop(identity, (0.0, None))
        shown = rate if rate is not None or before is None else before.rate
        self._pollers[identity] = (now, Poller(identity, self._clock.now_ns(), shown))
        while len(self._pollers) > _POLLERS_LIMIT:
            del self._pollers[next(iter(self._pollers))]
        if rate is not None and math.isfinite(rate) and (self._rate is None or self._rate.per_second != max(rate, 0.0)):
            self._rate = TaskRate(rate, now)
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def describe(self) -> ListDescription:
        """Return who polls and what waits."""
        since = self._loop.time() - _FORGET_POLLER
        pollers = tuple(poller for at, poller in reversed(self._pollers.values()) if at > since)
        return ListDescription(pollers, self.backlog, None if self._rate is None else self._rate.per_second, self.usage)

    @property
    def backlog(self) -> int:
        """How many tasks wait."""
        return len(self._tasks) + len(self._queries)

    def is_idle(self, since: float) -> bool:
        """Whether nobody waits, and nobody polled since then: nothing is lost when the list is forgotten."""
        return not (self.polls or self._tasks or self._queries or self.last_poll > since)

    def close(self) -> None:
        """End its polls."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        polls, self.polls = self.polls, {}
        for future in polls:
            _give_up(future)

    def _next(self) -> Task | None:
        for queue in (self._queries, self._tasks):
            while queue and self._is_dead(queue[0]):
                queue.popleft()
        if self._queries:
            return self._queries.popleft()
        if not self._tasks or not self._has_permit():
            return None
        return self._tasks.popleft()

    def _has_permit(self) -> bool:
        if self._rate is None:
            return True
        now = self._loop.time()
        if self._rate.take(now):
            return True
        wait = self._rate.wait(now)
        if self._timer is None and wait is not None:
            self._timer = self._loop.call_later(wait, self._match_later)
        return False

    def _match_later(self) -> None:
        self._timer = None
        self.match()

    def _is_dead(self, task: Task) -> bool:
        if task.query is not None:
            return task.query.answer.done()
        return 0 < task.expires_ns <= self._clock.now_ns()


def _never(task: Task) -> bool:
    return False


def _give_up(future: asyncio.Future[Task | None]) -> None:
    if not future.done():
        future.set_result(None)
