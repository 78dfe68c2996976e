"""Activities that processes import by their names."""

from __future__ import annotations

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
