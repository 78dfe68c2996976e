"""Long polls that never go quiet: as many as there is work for, each with a free slot in its hand.

A group holds the polls of one kind (decision, sticky, activity). It grows by one, to its maximum, when a poll brings a
task while all others are busy too, or one that had to wait for a poll; it shrinks by one, to its minimum, when a poll
comes back empty. A failed poll is tried again for ever, after a jittered back-off that all polls of the group share;
the log has one line when the group loses its server and one when it has it back. What a
task is, and what a slot stands for, is the caller's business.
"""

from __future__ import annotations

import asyncio
import collections
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import msgspec

from cadence.exceptions import CadenceError
from cadence.logs import shortened
from cadence.worker.poll_watch import LOOK_EVERY, PollWatch

__all__ = ("PollerGroup", "PollerStatistics", "RateLimiter", "Slots")

TaskT = TypeVar("TaskT")

_log = logging.getLogger("cadence.worker")

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 10.0
_BUSY_PAUSE = 1.0
# A task that came sooner than this was waiting for a poll, rather than the poll for it: the Go client's lower bound.
_AT_ONCE = 0.016
# A task that waited so long at the server came when no poll was there, though some may have been on their way: over a
# slow network most are.
_WAITED = 0.05


class Slots:
    """A bound on how much runs at once. On one loop; first come, first served."""

    __slots__ = ("_free", "_waiting", "total")

    def __init__(self, total: int) -> None:
        self.total = total
        self._free = total
        self._waiting: collections.deque[asyncio.Future[None]] = collections.deque()

    @property
    def used(self) -> int:
        """Slots taken."""
        return self.total - self._free

    @property
    def free(self) -> int:
        """Slots that are free."""
        return self._free

    async def acquire(self) -> None:
        """Take a slot, waiting for one. Cancelling the wait takes none."""
        if self._free and not self._waiting:
            self._free -= 1
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.release()  # it was given one in the same turn of the loop
            else:
                self._waiting.remove(future)
            raise

    def try_acquire(self) -> bool:
        """Take a slot if one is free that nobody waits for."""
        if not self._free or self._waiting:
            return False
        self._free -= 1
        return True

    def release(self) -> None:
        """Give a slot back."""
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)
                return
        self._free += 1


class RateLimiter:
    """At most so many a second, one at a time (no bursts)."""

    __slots__ = ("_interval", "_next")

    def __init__(self, per_second: float | None) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._next = 0.0

    async def wait(self) -> None:
        """Wait for the next turn. Cancelling the wait leaves the turn unused."""
        if not self._interval:
            return
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next)
        self._next = turn + self._interval
        if turn > now:
            await asyncio.sleep(turn - now)


class PollerStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """A look at one group."""

    pollers: int
    polls: int
    tasks: int
    errors: int
    is_connected: bool
    """False while polls fail."""
    is_starved: bool = False
    """True where all slots were taken for so long that tasks may wait for them."""


class PollerGroup(Generic[TaskT]):
    """The polls of one kind. On one loop."""

    def __init__(
        self,
        what: str,
        poll: Callable[[], Awaitable[TaskT | None]],
        accept: Callable[[TaskT], None],
        slots: Slots,
        *,
        minimum: int,
        maximum: int,
        limiter: RateLimiter | None = None,
        waited: Callable[[TaskT], float] = lambda _: 0.0,
        is_often_full: bool = False,
    ) -> None:
        """Prepare the group; `start` starts it.

        Args:
            what: For logs, for example `activity tasks of greetings`.
            poll: Makes one poll; None when no task came.
            accept: Takes a task and, with it, the slot: it releases it when the task is done. Must not wait.
            slots: A poll is made with one in hand.
            minimum: Polls that are always open.
            maximum: Most polls.
            limiter: Waited for before each poll.
            waited: How many seconds a task waited at the server for a poll, by the server's clock.
            is_often_full: That all slots are taken for long is nothing to be told.
        """
        self._what = what
        self._poll = poll
        self._accept = accept
        self._slots = slots
        self._minimum = minimum
        self._maximum = maximum
        self._limiter = limiter
        self._waited = waited
        self._is_often_full = is_often_full
        self._tasks: set[asyncio.Task[None]] = set()
        self._out: set[asyncio.Task[Any]] = set()
        self._watch = PollWatch(what, slots.total)
        self._looking: asyncio.TimerHandle | None = None
        self._wanting = 0
        self._failures = 0
        self._lost = False
        self._stopping = False
        self._waiting = 0
        self._polls = self._received = self._errors = 0

    def start(self) -> None:
        """Start to poll."""
        self._looking = asyncio.get_running_loop().call_later(LOOK_EVERY, self._look)
        for _ in range(self._minimum):
            self._add()

    def make_no_more(self) -> None:
        """Make no polls any more. Those that are out may still bring a task, until their connection ends or `stop`."""
        self._stopping = True
        self._look_no_more()
        for task in self._tasks - self._out:
            task.cancel()

    async def wait_back(self) -> None:
        """Wait until no poll is out; after `make_no_more`."""
        while self._out:
            await asyncio.wait(self._out)

    async def stop(self) -> None:
        """Stop at once: polls that are out are cancelled, and nothing is accepted any more."""
        self._stopping = True
        self._look_no_more()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def statistics(self) -> PollerStatistics:
        """Counts as of now."""
        return PollerStatistics(
            pollers=len(self._tasks),
            polls=self._polls,
            tasks=self._received,
            errors=self._errors,
            is_connected=not self._lost,
            is_starved=self._watch.is_starved,
        )

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        if self._tasks and self._wanting == len(self._tasks) and not self._is_often_full:
            self._watch.starve(loop.time())
        self._watch.look(loop.time())
        self._looking = loop.call_later(LOOK_EVERY, self._look)

    def _look_no_more(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def _add(self) -> None:
        task = asyncio.create_task(self._run(), name=f"cadence.worker.poll {self._what}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._stopping or task.cancelled():
            return
        error = task.exception()
        if error is not None:
            # `_run` holds on to everything that can be expected; a poller that ends by a bug of ours is replaced.
            _log.error("our own bug: a poller of %s ended; another takes its place", self._what, exc_info=error)
        if len(self._tasks) < self._minimum:
            asyncio.get_running_loop().call_later(_FIRST_PAUSE, self._replace)

    def _replace(self) -> None:
        if not self._stopping and len(self._tasks) < self._minimum:
            self._add()

    async def _run(self) -> None:
        """Poll until stopped, or until there are more polls than work."""
        clock = asyncio.get_running_loop().time
        while True:
            self._wanting += 1
            try:
                await self._slots.acquire()
            finally:
                self._wanting -= 1
            accepted = False
            try:
                if self._limiter is not None:
                    await self._limiter.wait()
                started = clock()
                task = await self._poll_once()
                if task is not None:
                    self._received += 1
                    accepted = True
                    self._accept(task)
            finally:
                if not accepted:
                    self._slots.release()
            if self._stopping:
                return
            if task is None:
                if not self._lost and len(self._tasks) > self._minimum:
                    return
            elif len(self._tasks) < self._maximum and self._is_behind(task, clock() - started):
                self._add()

    def _is_behind(self, task: TaskT, seconds: float) -> bool:
        """Whether one more poll would have brought a task sooner; `seconds` is how long its poll took."""
        return (not self._waiting and seconds < _AT_ONCE) or self._waited(task) >= _WAITED

    async def _poll_once(self) -> TaskT | None:
        """Make one poll; None also for a failed one, after its back-off."""
        self._polls += 1
        self._waiting += 1
        this = asyncio.current_task()
        assert this is not None  # this is a coroutine
        self._out.add(this)
        clock = asyncio.get_running_loop().time
        self._watch.begin(this, clock())
        try:
            task = await self._poll()
        except Exception as error:  # noqa: BLE001  # told by _back_off; a poller must outlive whatever a poll raises
            failure = error
        else:
            self._recovered()
            self._watch.note_answer(this, clock(), brought_task=task is not None)
            return task
        finally:
            self._waiting -= 1
            self._out.discard(this)
            self._watch.end(this)
        if not self._stopping:
            await self._back_off(failure)
        return None

    def _recovered(self) -> None:
        self._failures = 0
        if self._lost:
            self._lost = False
            _log.info("polls for %s are answered again", self._what)

    async def _back_off(self, error: Exception) -> None:
        self._errors += 1
        if not self._lost:
            self._lost = True
            expected = isinstance(error, (CadenceError, OSError))
            level = logging.WARNING if expected and type(error).__name__ not in _REFUSALS else logging.ERROR
            _log.log(
                level,
                "polls for %s fail, and are tried again until they don't: %s",
                self._what,
                error,
                exc_info=None if expected else error,
            )
        elif _log.isEnabledFor(logging.DEBUG):
            _log.debug("poll for %s failed: %s", self._what, shortened(error))
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(self._failures, 20))
        self._failures += 1
        if type(error).__name__ in _BUSY:
            pause += _BUSY_PAUSE
        await asyncio.sleep(pause * (0.5 + random.random() / 2))


_BUSY = frozenset({"ServiceBusyError", "BusyError"})
"""The server has too much to do: its answer says so, or the frame instead of one."""
_REFUSALS = frozenset(
    {"BadRequestError", "ClientVersionNotSupportedError", "EntityNotExistsError", "AccessDeniedError"}
)
"""The server's no that needs a person: told as an error, polled on all the same."""
