"""How a worker stops: no new tasks, time for those that run, an end to those that take longer, and nothing left open.

Nothing that was only interrupted is reported as failed: the server's timeouts give it to another worker. Kept runs are
given up at once, so that their next tasks need not wait for a worker that is gone. Runs on the worker's own loop.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from cadence.worker.assembly import Assembly

__all__ = ("shut_down",)

_log = logging.getLogger("cadence.worker")

# For attempts that were told to stop: to clean up and to say so.
_LAST_WORDS = 1.0
# For polls to come back by themselves.
_LATE_TASKS = 0.25
# For the server to see that nobody polls any more; it closes the connection then.
_LATE_ANSWERS = 0.5
# For sticky lists to be reset; where it isn't enough, tasks of the runs left wait the sticky timeout.
_RESETS = 2.0


async def shut_down(assembly: Assembly, grace: float) -> None:
    """Stop a worker.

    Args:
        assembly: Its parts.
        grace: Seconds that running tasks get; then they are told to stop, and then left to the server's timeouts.
    """
    side, activities = assembly.workflow_side, assembly.activity_tasks
    if side is not None:
        side.tasks.is_stopping = True
    if activities is not None:
        activities.is_stopping = True
    if assembly.sessions is not None:
        assembly.sessions.begin_to_stop()
    deadline = asyncio.get_running_loop().time() + grace
    resetting = asyncio.create_task(_reset(assembly), name="cadence.worker.resets")
    try:
        await _end_polls(assembly, resetting, grace)
        if side is not None:
            side.tasks.hurry()
        if not await _idle_until(deadline, assembly):
            _stop_attempts(assembly)
            if not await _within(_LAST_WORDS, _idle(assembly)):
                _log_left(assembly)
        if assembly.sessions is not None:
            # After their activities: what a workflow hears of a session that failed is that all in it are lost.
            await _within(_LAST_WORDS, assembly.sessions.give_up())
        await resetting
        await _reset(assembly)  # the runs that were being worked on until now
    finally:
        resetting.cancel()
        await _close(assembly)


async def _end_polls(assembly: Assembly, resetting: asyncio.Task[None], grace: float) -> None:
    """Let polls that are out come back with what they bring; then close their connection.

    What a server hands to a poll that is given up at this moment is nobody's until it times out. While there is load,
    every poll comes back soon; where none does, hardly anything is lost. The sticky list is polled on meanwhile, and
    until its runs are reset: what stands there already is given to nobody else for as long as its timeout.
    """
    groups = dict(assembly.pollers)
    sticky = groups.pop("sticky", None)
    for group in groups.values():
        group.make_no_more()
    patience = min(_LATE_TASKS, grace)
    waits = [_within(patience, group.wait_back()) for group in groups.values()]
    if sticky is not None:
        waits += [_within(grace, asyncio.shield(resetting)), _within(patience, sticky.wait_back())]
    await asyncio.gather(*waits)
    if sticky is not None:
        sticky.make_no_more()
    if assembly.poll_service is not None:
        await assembly.poll_service.close(linger=min(_LATE_ANSWERS, grace))
    await asyncio.gather(*(group.stop() for group in assembly.pollers.values()))


async def _idle_until(deadline: float, assembly: Assembly) -> bool:
    """Wait until all tasks are answered; False where that took too long, or somebody is in a hurry."""
    idle = asyncio.create_task(_idle(assembly), name="cadence.worker.idle")
    hurried = asyncio.create_task(assembly.hurried.wait(), name="cadence.worker.hurried")
    try:
        seconds = max(0.0, deadline - asyncio.get_running_loop().time())
        await asyncio.wait([idle, hurried], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return idle.done()
    finally:
        idle.cancel()
        hurried.cancel()


async def _idle(assembly: Assembly) -> None:
    """Wait until all tasks are answered."""
    if assembly.workflow_side is not None:
        await assembly.workflow_side.tasks.wait_idle()
    if assembly.activity_tasks is not None:
        await assembly.activity_tasks.wait_idle()
    if assembly.sessions is not None:
        await assembly.sessions.activities.wait_idle()


async def _reset(assembly: Assembly) -> None:
    if assembly.workflow_side is not None and not await _within(_RESETS, assembly.workflow_side.runs.give_up_all()):
        _log.debug("not all sticky lists were reset")


async def _within(seconds: float, wait: Awaitable[None]) -> bool:
    """Wait at most so many seconds; False where it was not enough."""
    try:
        async with asyncio.timeout(seconds):
            await wait
    except TimeoutError:
        return False
    return True


def _stop_attempts(assembly: Assembly) -> None:
    if assembly.activity_tasks is not None:
        assembly.activity_tasks.stop_attempts()
    if assembly.sessions is not None:
        assembly.sessions.activities.stop_attempts()
    if assembly.workflow_side is not None:
        assembly.workflow_side.local.stop_attempts()


def _log_left(assembly: Assembly) -> None:
    side, activities, sessions = assembly.workflow_side, assembly.activity_tasks, assembly.sessions
    in_sessions = sessions.activities.running if sessions is not None else 0
    _log.warning(
        "worker %s stops with %d activities and %d decision tasks that did not end; the server's timeouts take over",
        assembly.identity,
        (activities.running if activities is not None else 0) + in_sessions,
        side.tasks.running if side is not None else 0,
    )


async def _close(assembly: Assembly) -> None:
    side, activities = assembly.workflow_side, assembly.activity_tasks
    if side is not None:
        await side.tasks.abandon()  # first: an answer may still bring activities
    if activities is not None:
        await activities.abandon()
    if assembly.sessions is not None:
        await assembly.sessions.abandon()
    if side is not None:
        await side.runs.abandon()
        side.thread.close()
    assembly.threads.close()
    if assembly.processes is not None:
        assembly.processes.close()
    if assembly.service is not None:
        await assembly.service.close()
