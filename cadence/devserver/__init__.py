"""A Cadence frontend in one Python process: for laptops, tests and demos.

`DevServer` starts and stops it; `DevServerOptions` says where it listens and keeps its state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names

if TYPE_CHECKING:
    from cadence.devserver.options import DevServerOptions
    from cadence.devserver.server import DevServer

__all__ = ("DevServer", "DevServerOptions")

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__, {"DevServer": "cadence.devserver.server", "DevServerOptions": "cadence.devserver.options"}
    )
