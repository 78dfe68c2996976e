"""Whether a server serves.

Generated from thrift/health.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from cadence.api._struct import Struct

__all__ = ("HealthStatus",)


class HealthStatus(Struct):
    """Whether the server takes calls, and its own words about it."""

    __slots__ = ("ok", "msg")
    _fields = ((1, "ok", "bool"), (2, "msg", "string"))

    def __init__(self, ok: bool | None = None, msg: str | None = None) -> None:
        self.ok = ok
        self.msg = msg
