"""What the dev server can be told before it starts.

Plain data with checks; it starts nothing. `server` reads it, `cli.dev` fills it from the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cadence.exceptions import ConfigurationError

__all__ = ("DevServerOptions",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DevServerOptions:
    """Where the dev server listens, what it keeps, and how its clock runs.

    Raises:
        ConfigurationError: A value can't work.
    """

    host: str = "127.0.0.1"
    """The address to listen on. It trusts whoever reaches it, so another than loopback is a decision to make."""
    port: int = 0
    """The port to listen on; 0 takes a free one."""
    database: str | Path | None = None
    """The SQLite file that keeps everything; None keeps it in memory, for as long as the server runs."""
    domains: tuple[str, ...] = ()
    """Domains to register at the start where they aren't there."""
    auto_domain: bool = True
    """Register a domain when a worker or client first names it."""
    retention_days: int = 3
    """Days that domains registered by this server itself keep closed runs."""
    skip_time: bool = False
    """Jump to the next deadline as soon as nothing is being worked on, for tests."""
    web_port: int | None = None
    """The port of the web page, on the same address; 0 takes a free one, None serves no page. Needs aiohttp."""
    web_port_or_next: bool = False
    """Take one of the next twenty ports where `web_port` is taken."""
    web_hosts: tuple[str, ...] = ()
    """Host names by which browsers reach the page, beside those of this machine."""
    shutdown_grace: float = 1.0
    """Seconds that running calls get to end when the server stops."""

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65_535:
            msg = f"port {self.port} is not a port"
            raise ConfigurationError(msg, hint="give a number from 0 (any free port) to 65535")
        if self.web_port is not None and not 0 <= self.web_port <= 65_535:
            msg = f"web_port {self.web_port} is not a port"
            raise ConfigurationError(msg, hint="give a number from 0 (any free port) to 65535, or None for no page")
        if self.retention_days < 1:
            msg = f"retention_days is {self.retention_days}"
            raise ConfigurationError(msg, hint="closed runs are kept at least a day")
        if self.shutdown_grace < 0:
            msg = f"shutdown_grace is {self.shutdown_grace}"
            raise ConfigurationError(msg, hint="give seconds, 0 to stop at once")
        if any(not name for name in self.domains):
            msg = "a domain needs a name"
            raise ConfigurationError(msg)
        if self.database is not None and Path(self.database).is_dir():
            msg = f"{self.database} is a folder"
            raise ConfigurationError(msg, hint="name a file; it is made if it isn't there")
