"""What activity code uses: the decorator, and what it can ask while it runs. Names load their files on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

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
    from cadence.stubs.activity import (
        Activity,
        ActivityContext,
        ActivityTask,
    )
    from cadence.stubs.completion import (
        ActivityCompletionClient,
    )

__all__ = (
    "Activity",
    "ActivityCompletionClient",
    "ActivityContext",
    "ActivityDefinition",
    "ActivityFunction",
    "ActivityInfo",
    "ActivityOptions",
    "ActivityTask",
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

_HOMES = names_by_module(
    "cadence",
    {
        "activity.context": (
            "cancel_reason complete_elsewhere get_logger heartbeat heartbeat_details in_activity "
            "info is_cancelled is_worker_stopping logger raise_complete_async wait_for_cancelled "
            "wait_for_cancelled_sync"
        ),
        "activity.definition": "ActivityDefinition ActivityFunction definition_of defn",
        "activity.options": "ActivityOptions",
        "activity.runtime": "ActivityInfo ResultPending",
        "stubs.activity": "Activity ActivityContext ActivityTask",
        "stubs.completion": "ActivityCompletionClient",
    },
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(__name__, _HOMES)
