"""What activity code uses: the decorator, and what it can ask while it runs. Names load their files on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cadence.activity.context import (
        cancel_reason,
        complete_elsewhere,
        get_logger,
        heartbeat,
        heartbeat_details,
        in_activity,
        info,
        is_cancelled,
        is_worker_stopping,
        logger,
        raise_complete_async,
        wait_for_cancelled,
        wait_for_cancelled_sync,
    )
    from cadence.activity.definition import (
        ActivityDefinition,
        ActivityFunction,
        definition_of,
        defn,
    )
    from cadence.activity.options import (
        ActivityOptions,
    )
    from cadence.activity.runtime import (
        ActivityInfo,
        ResultPending,
    )

__all__ = (
    "ActivityDefinition",
    "ActivityFunction",
    "ActivityInfo",
    "ActivityOptions",
    "ResultPending",
    "cancel_reason",
    "complete_elsewhere",
    "definition_of",
    "defn",
    "get_logger",
    "heartbeat",
    "heartbeat_details",
    "in_activity",
    "info",
    "is_cancelled",
    "is_worker_stopping",
    "logger",
    "raise_complete_async",
    "wait_for_cancelled",
    "wait_for_cancelled_sync",
)

_HOMES = {
    "ActivityDefinition": "cadence.activity.definition",
    "ActivityFunction": "cadence.activity.definition",
    "ActivityInfo": "cadence.activity.runtime",
    "ActivityOptions": "cadence.activity.options",
    "ResultPending": "cadence.activity.runtime",
    "cancel_reason": "cadence.activity.context",
    "complete_elsewhere": "cadence.activity.context",
    "definition_of": "cadence.activity.definition",
    "defn": "cadence.activity.definition",
    "get_logger": "cadence.activity.context",
    "heartbeat": "cadence.activity.context",
    "heartbeat_details": "cadence.activity.context",
    "in_activity": "cadence.activity.context",
    "info": "cadence.activity.context",
    "is_cancelled": "cadence.activity.context",
    "is_worker_stopping": "cadence.activity.context",
    "logger": "cadence.activity.context",
    "raise_complete_async": "cadence.activity.context",
    "wait_for_cancelled": "cadence.activity.context",
    "wait_for_cancelled_sync": "cadence.activity.context",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
