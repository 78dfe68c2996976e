"""Activities that processes import by their names."""

from __future__ import annotations

import asyncio
import os

from cadence import activity


@activity.defn
def process_id(value: int) -> list[int]:
    return [value, os.getpid()]


@activity.defn
def die() -> None:
    os._exit(3)


@activity.defn
def raise_error(text: str) -> None:
    raise ValueError(text)


@activity.defn
async def coroutine() -> None: ...


class Holder:
    @activity.defn
    def method(self) -> None: ...


class DemandingError(Exception):
    """Can be pickled, but not made again: its constructor wants more than it keeps."""

    def __init__(self, thing: str, amount: int) -> None:
        super().__init__(f"{amount} of {thing}")


@activity.defn
def raise_demanding() -> None:
    raise DemandingError("tea", 5)


@activity.defn
def return_what_cannot_leave() -> object:
    return lambda: None


@activity.defn
def facts() -> list[object]:
    info = activity.info()
    activity.logger.info("here")
    return [info.activity_id, info.workflow_id, activity.is_cancelled(), activity.is_worker_stopping()]


@activity.defn
def beat() -> list[object]:
    left = activity.heartbeat_details(str, int)
    activity.heartbeat("row", 7)
    return list(left)


@activity.defn
def beat_badly() -> None:
    activity.heartbeat(lambda: None)


@activity.defn
def wait_until_cancelled() -> None:
    activity.heartbeat()
    if activity.wait_for_cancelled_sync():
        raise asyncio.CancelledError(activity.cancel_reason())


@activity.defn
def wait_in_a_loop() -> str:
    activity.heartbeat()
    asyncio.run(activity.wait_for_cancelled())
    return "done all the same"


@activity.defn
def leave_open() -> None:
    activity.raise_complete_async()
