"""Async Python SDK for Cadence, the durable workflow engine.

The names below load their rooms when they are first used, so that importing the package stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cadence._version import __version__

if TYPE_CHECKING:
    from cadence import activity, errors, exceptions, workflow
    from cadence.client import Client
    from cadence.converter import DataConverter
    from cadence.worker import Worker, WorkerGroup
    from cadence.workerfactory import WorkerFactory

__all__ = (
    "Client",
    "DataConverter",
    "Worker",
    "WorkerFactory",
    "WorkerGroup",
    "__version__",
    "activity",
    "errors",
    "exceptions",
    "workflow",
)

_HOMES = {
    "Client": "cadence.client",
    "DataConverter": "cadence.converter",
    "Worker": "cadence.worker",
    "WorkerFactory": "cadence.workerfactory",
    "WorkerGroup": "cadence.worker",
}
_ROOMS = ("activity", "errors", "exceptions", "workflow")


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f"cadence.{name}")
    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
