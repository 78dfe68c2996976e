"""Server-sent events: a list or a run is sent again when something in it changed, and only then.

`Changes` hears of every change of a run and wakes the streams that show it; a stream sends what there is now, so that a
hundred changes in a moment cost one message, and a slow browser none but its own. Streams end when the server does.
What is sent comes from `reading`.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web

from cadence.exceptions import ServiceError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from cadence.devserver.execution.state import Run

__all__ = ("STREAM_LIMIT", "Changes", "dumped", "stream")

STREAM_LIMIT = 64
"""Streams at once; more are refused. A browser has six connections for all its tabs, so this is many."""
_PAUSE = 0.25
"""Seconds between two messages at least: what people can follow."""
_STILL_THERE = 15.0
"""Seconds after which a silent stream says that it lives; that is also how a browser that went away is found."""


class Changes:
    """Who waits for changes of which runs and domains."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._streams: set[asyncio.Task[Any]] = set()

    def note(self, run: Run) -> None:
        """A run changed: wake who shows it, or a list of its domain."""
        if self._waiting:
            for key in (run.state.run_id, run.state.domain_id):
                for waiter in self._waiting.get(key, ()):
                    waiter.set()

    @property
    def streams(self) -> int:
        """How many streams there are."""
        return len(self._streams)

    @contextmanager
    def watching(self, key: str) -> Iterator[asyncio.Event]:
        """Give an event that is set at each change of the run or domain with an id."""
        waiter = asyncio.Event()
        task = asyncio.current_task()
        assert task is not None, "streams are handlers"
        self._waiting.setdefault(key, set()).add(waiter)
        self._streams.add(task)
        try:
            yield waiter
        finally:
            self._streams.discard(task)
            others = self._waiting[key]
            others.discard(waiter)
            if not others:
                del self._waiting[key]

    async def close(self) -> None:
        """End all streams."""
        streams = tuple(self._streams)
        for task in streams:
            task.cancel()
        await asyncio.gather(*streams, return_exceptions=True)


async def stream(
    request: web.Request, changes: Changes, key: str, read: Callable[[], Awaitable[dict[str, Any]]]
) -> web.StreamResponse:
    """Send what `read` gives now, and again whenever it became something else.

    Args:
        request: The browser's request.
        changes: Where changes are heard of.
        key: Id of the run or domain to watch.
        read: Gives what is to be shown.
    """
    if changes.streams >= STREAM_LIMIT:
        return web.json_response({"error": "Busy", "message": "too many pages are open"}, status=503)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    with changes.watching(key) as changed:
        try:
            await response.prepare(request)
            await _send(response, changed, read)
        except ConnectionError:
            pass  # the page was closed
    return response


async def _send(
    response: web.StreamResponse, changed: asyncio.Event, read: Callable[[], Awaitable[dict[str, Any]]]
) -> None:
    sent = ""
    event = "now"
    while event != "gone":
        changed.clear()
        event, data = await _now(read)
        if data != sent:
            await response.write(f"event: {event}\ndata: {data}\n\n".encode())
            sent = data
        await asyncio.sleep(_PAUSE)
        if event == "now":
            await _until(changed, response)


async def _now(read: Callable[[], Awaitable[dict[str, Any]]]) -> tuple[str, str]:
    try:
        return "now", dumped(await read())
    except ServiceError as error:
        # The run, or its domain, was deleted while it was shown.
        return "gone", dumped({"error": type(error).__name__, "message": error.message})


async def _until(changed: asyncio.Event, response: web.StreamResponse) -> None:
    while True:
        try:
            async with asyncio.timeout(_STILL_THERE):
                await changed.wait()
        except TimeoutError:
            await response.write(b": still there\n\n")
        else:
            return


def dumped(answer: dict[str, Any]) -> str:
    """Write an answer; names that aren't UTF-8, which are bytes, become readable ones."""
    return json.dumps(answer, separators=(",", ":"), default=lambda name: name.decode(errors="replace"))
