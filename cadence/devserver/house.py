"""What the handlers of the frontend work with: the rooms of one running server, and what is known of one call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from cadence.devserver.clock import Clock
    from cadence.devserver.domains import DomainRegistry
    from cadence.devserver.execution.history_service import HistoryService
    from cadence.devserver.execution.state import Query
    from cadence.devserver.matching.task_lists import Matching
    from cadence.devserver.options import DevServerOptions
    from cadence.devserver.schedules.runner import ScheduleRunner
    from cadence.devserver.store.interface import Store

__all__ = ("CallContext", "House")


@dataclass(slots=True)
class House:
    """The rooms of one server."""

    store: Store
    clock: Clock
    domains: DomainRegistry
    history: HistoryService
    matching: Matching
    schedules: ScheduleRunner
    options: DevServerOptions
    queries: dict[str, Query] = field(default_factory=dict)
    """Queries whose callers wait, by id."""
    waiting: set[asyncio.Future[None]] = field(default_factory=set)
    """Long polls of histories; completed when the server begins to close."""
    is_closing: bool = False
    """True from then on: nobody waits any more."""


@dataclass(slots=True)
class CallContext:
    """What is known of a call beside its request."""

    deadline: float
    """When the caller stops waiting, on the loop's clock, in seconds."""
    caller: str
    """The caller's name on the wire."""
    headers: dict[str, str]
    """Application headers: client name, version, features."""
    peer: str
    """The caller's address."""
