"""Who may talk to the page: this machine's browser, and only the page itself when something is to change.

The server trusts whoever reaches its port, and any web site can make a browser send requests to loopback. So: the Host
header must be a name of this machine, which stops names that another site points here; requests that another site
caused are refused by what browsers say of them (Origin, Sec-Fetch-Site); and changes need a token that only the page
can read. Answers carry a policy that runs no script but ours, and no permission for others to read them. It knows
nothing of what is asked for.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp.typedefs import Handler, Middleware

__all__ = ("TOKEN_HEADER", "Guard")

TOKEN_HEADER = "X-Cadence-Token"
_READS = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """Refuses what does not come from the page, and tells browsers what the page may do."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Make a token that is good for the life of this server.

        Args:
            names: Host names that the page is reached by beside those of this machine.
        """
        self.token = secrets.token_urlsafe(32)
        """What the page sends with each change."""
        self._names = frozenset({"localhost", "127.0.0.1", "::1", *(name.lower().strip("[]") for name in names)})

    def middleware(self) -> Middleware:
        """Give what stands before every handler."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            refusal = self._refusal(request)
            if refusal is not None:
                return web.json_response({"error": "Refused", "message": refusal}, status=403)
            return await handler(request)

        return guard

    async def seal(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add the policy to an answer, errors and streams included."""
        response.headers.update(_HEADERS)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"

    def _refusal(self, request: web.Request) -> str | None:
        host = request.headers.getall("Host", [])
        if len(host) != 1 or not self._is_ours(request, host[0]):
            return "this host name is none of the page's; start the server with --web-host NAME if it should be"
        origins = request.headers.getall("Origin", [])
        if any(origin.partition("://")[2].lower() != host[0].lower() for origin in origins):
            return "another site asked for this"
        is_page = request.headers.get("Sec-Fetch-Mode") == "navigate" and not request.path.startswith("/api/")
        if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"} and not is_page:
            return "another site asked for this"
        if request.method in _READS:
            return None
        if not origins:
            return "a change needs the Origin header"
        if request.content_type != "application/json":
            return "a change needs a JSON body"
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), self.token.encode()):
            return "the page is from an earlier start of the server; load it again"
        return None

    def _is_ours(self, request: web.Request, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._names:
            return True
        # The address that the connection came to: a name of another site can't be a number.
        try:
            asked = ipaddress.ip_address(name)
        except ValueError:
            return False
        own: Any = request.transport.get_extra_info("sockname") if request.transport else None
        return own is not None and str(asked) == own[0]
