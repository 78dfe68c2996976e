"""The page's own small web server: routes, answers in JSON, files, start and stop.

It listens beside the frontend, on the same loop. What may be asked and by whom is `guards`', what is answered
`reading`'s, `acting`'s and `live`'s; this module joins them to paths and turns errors into answers.
"""

from __future__ import annotations

import errno
import html
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from cadence.api.errors import BadRequestError, EntityNotExistsError, WorkflowExecutionAlreadyCompletedError
from cadence.devserver.web import acting, reading
from cadence.devserver.web.calls import Calls
from cadence.devserver.web.guards import Guard
from cadence.devserver.web.live import Changes, dumped, stream
from cadence.exceptions import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiohttp.typedefs import Handler

    from cadence.devserver.house import House

__all__ = ("Site",)

_log = logging.getLogger("cadence.devserver")

_STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_BODY_LIMIT = 4 * 1024 * 1024
_PORTS_TRIED = 20
_TOKEN_PLACE = "{{token}}"
_STATUS: dict[type[ServiceError], int] = {EntityNotExistsError: 404, WorkflowExecutionAlreadyCompletedError: 409}


class Site:
    """The page of one server."""

    def __init__(self, house: House) -> None:
        """Prepare a page over the rooms of a house; it is served from `start` on."""
        self._house = house
        self._calls = Calls(house)
        self._guard = Guard((house.options.host, *house.options.web_hosts))
        self._changes = Changes()
        self._runner: web.AppRunner | None = None
        self.address = ""
        """Where it listens, as `host:port`."""

    async def start(self, host: str, port: int, *, or_next: bool = False) -> None:
        """Listen.

        Args:
            host: Address to listen on.
            port: Port; 0 takes a free one.
            or_next: Take one of the next ports where this one is taken.

        Raises:
            OSError: There is no port to be had.
        """
        self._house.history.runs.on_change = self._changes.note
        runner = web.AppRunner(self._app(), access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        self._runner = runner
        last = port + _PORTS_TRIED if or_next and port else port
        for tried in range(port, last + 1):
            try:
                await web.TCPSite(runner, host, tried).start()
                break
            except OSError as error:
                if error.errno != errno.EADDRINUSE or tried == last:
                    await self.close()
                    raise
        shown, taken = runner.addresses[0][:2]
        self.address = f"[{shown}]:{taken}" if ":" in shown else f"{shown}:{taken}"

    async def close(self) -> None:
        """End streams, let actions end, stop listening."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await self._changes.close()
            await runner.cleanup()

    # --- paths ---

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard.middleware(), _errors], client_max_size=_BODY_LIMIT)
        app.on_response_prepare.append(self._guard.seal)
        get = app.router.add_get
        get("/", self._page("runs.html"))
        get("/run", self._page("run.html"))
        get("/static/{name}", _file)
        get("/api/domains", self._reads(lambda asked: reading.domains(self._house)))
        get("/api/events", self._reads(lambda asked: reading.events(self._house, asked)))
        get("/api/event", self._reads(lambda asked: reading.event(self._house, asked)))
        get("/api/runs", self._list)
        get("/api/run", self._run)
        get("/api/live/runs", self._live_list)
        get("/api/live/run", self._live_run)
        for name, action in acting.ACTIONS.items():
            app.router.add_post(f"/api/{name}", self._acts(action))
        return app

    def _page(self, name: str) -> Handler:
        text = (_STATIC / name).read_text("utf-8").replace(_TOKEN_PLACE, html.escape(self._guard.token))

        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(text=text, content_type="text/html")

        return page

    def _reads(self, read: Callable[[Mapping[str, str]], dict[str, Any]]) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            answer = read(request.query)
            await self._house.store.committed()  # nothing is shown that could still be lost
            return _answer(answer)

        return handler

    def _acts(self, action: acting.Action) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            try:
                asked = json.loads(await request.read())
            except (ValueError, RecursionError) as error:
                msg = f"the body is not JSON: {error}"
                raise BadRequestError(msg) from None
            if not isinstance(asked, dict):
                msg = "the body is not a JSON object"
                raise BadRequestError(msg)
            return _answer(await action(self._calls, asked))

        return handler

    async def _list(self, request: web.Request) -> web.StreamResponse:
        return _answer(await reading.list_runs(self._calls, request.query))

    async def _run(self, request: web.Request) -> web.StreamResponse:
        return _answer(await reading.run(self._calls, request.query))

    async def _live_list(self, request: web.Request) -> web.StreamResponse:
        asked = dict(request.query)
        domain = self._house.domains.find(asked.get("domain", ""))
        await reading.list_runs(self._calls, asked)  # a query that can't be read is an answer, not a stream
        return await stream(request, self._changes, domain.id, lambda: reading.list_runs(self._calls, asked))

    async def _live_run(self, request: web.Request) -> web.StreamResponse:
        found = reading.find(self._house, request.query)
        # The run that is the current one now: it stays the one that is shown when another follows.
        asked = {**request.query, "run": found.state.run_id}
        return await stream(request, self._changes, found.state.run_id, lambda: reading.run(self._calls, asked))


def _answer(answer: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(text=dumped(answer), status=status, content_type="application/json")


async def _file(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    kind = _TYPES.get(Path(name).suffix)
    path = _STATIC / name
    if kind is None or path.parent != _STATIC or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(text=path.read_text("utf-8"), content_type=kind, headers={"Cache-Control": "no-cache"})


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ServiceError as error:
        name = type(error).__name__
        return _answer({"error": name, "message": error.message}, _STATUS.get(type(error), 400))
    except TimeoutError:
        return _answer({"error": "Timeout", "message": "nobody answered in time; is a worker running?"}, 504)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001  # logged and reported to the page
        _log.exception("%s %s failed", request.method, request.path)
        return _answer({"error": "Fault", "message": f"{type(error).__name__}: {error}"}, 500)
