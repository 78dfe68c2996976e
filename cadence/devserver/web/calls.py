"""Calls of the frontend's handlers without a wire between: what the page asks for and does goes the way of any client.

Checks, defaults and errors are thus those of the API. It turns names into handlers and knows no HTTP; `reading` and
`acting` do.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from cadence.devserver.frontend.dispatch import handlers
from cadence.devserver.house import CallContext

if TYPE_CHECKING:
    from cadence.devserver.house import House

__all__ = ("IDENTITY", "Calls")

IDENTITY = "dev-server-page"
"""Who signaled, canceled or terminated, in histories."""


class Calls:
    """The handlers of one server."""

    def __init__(self, house: House) -> None:
        """Serve from the rooms of a house."""
        self.house = house
        self._table = handlers()

    async def __call__(self, name: str, request: object = None, within: float = 10.0) -> Any:
        """Call an RPC.

        Args:
            name: The RPC's name.
            request: Its request.
            within: Seconds until it is given up.

        Returns:
            Its response.

        Raises:
            ServiceError: What a client would get.
            TimeoutError: It took longer.
        """
        context = CallContext(asyncio.get_running_loop().time() + within, IDENTITY, {}, IDENTITY)
        async with asyncio.timeout(within):
            return await self._table[name](self.house, request, context)
