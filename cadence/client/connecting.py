"""What `Client.connect` gives: to await for the client, or to enter with `async with`, which closes it at the end.

Knows no client, only the coroutine that makes one. It is a coroutine itself, so that tasks and other threads can run
it.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

__all__ = ("Connecting",)


class _Closable(Protocol):
    async def close(self) -> None: ...


ClosableT = TypeVar("ClosableT", bound=_Closable)


class Connecting(Coroutine[Any, Any, ClosableT], Generic[ClosableT]):
    """A client that is on its way: `client = await connecting`, or `async with connecting as client`."""

    def __init__(self, coroutine: Coroutine[Any, Any, ClosableT]) -> None:
        self._coroutine = coroutine
        self._made: ClosableT | None = None

    def __await__(self) -> Generator[Any, None, ClosableT]:
        return self._coroutine.__await__()

    def send(self, value: Any, /) -> Any:
        """Go on to the next wait, as event loops do."""
        return self._coroutine.send(value)

    def throw(self, *error: Any) -> Any:
        """Go on with an exception, as event loops do."""
        return self._coroutine.throw(*error)

    def close(self) -> None:
        """Give up before it is awaited."""
        self._coroutine.close()

    async def __aenter__(self) -> ClosableT:
        self._made = await self._coroutine
        return self._made

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._made is not None:
            await self._made.close()
