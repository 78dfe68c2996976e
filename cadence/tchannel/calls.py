"""A call as the two shells hand it out: what the server's handler gets and gives, and what the client gets."""

from __future__ import annotations

import dataclasses

__all__ = ("CallResponse", "IncomingCall")


@dataclasses.dataclass(slots=True)
class CallResponse:
    """An answer."""

    ok: bool
    """False for an application error; the body is there all the same."""
    headers: dict[str, str]
    """Application headers."""
    body: bytes
    """The third argument."""
    peer: str = dataclasses.field(default="", compare=False)
    """Who answered, for words about it."""


@dataclasses.dataclass(slots=True)
class IncomingCall:
    """A call to be answered."""

    endpoint: str
    """The first argument, for example `WorkflowService::DescribeDomain`."""
    service: str
    """The service that the caller means."""
    caller: str
    """The caller's name, or an empty string."""
    headers: dict[str, str]
    """Application headers."""
    body: bytes
    """The third argument."""
    deadline: float
    """When the caller stops waiting, on the loop's clock, in seconds."""
    peer: str
    """The caller's address."""
