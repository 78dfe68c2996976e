"""What the handlers share: the rooms of one running dev server, and what is known of one call.

Plain data; who builds it is `server`, who uses it are the modules of `frontend`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cadence.devserver.domains import DomainRegistry
    from cadence.devserver.options import DevServerOptions

__all__ = ("CallContext", "House")


@dataclass(slots=True)
class House:
    """The rooms of one server."""

    store: Any
    clock: Any
    domains: DomainRegistry
    history: Any
    matching: Any
    options: DevServerOptions


@dataclass(slots=True)
class CallContext:
    """What a handler knows of a call besides its request."""

    deadline: float
    """When the caller stops waiting, on the loop's clock, in seconds."""
    caller: str
    """The caller's name, or an empty string."""
    headers: Mapping[str, str]
    """Application headers."""
    peer: str
    """The caller's address."""
