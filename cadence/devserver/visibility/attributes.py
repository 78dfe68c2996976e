"""The search attributes that runs can have: names, types, and which are the server's own.

Facts alone, as the default installation of the real server has them; who reads values (`frontend.checks`), queries
(`query`, `sql`) or answers GetSearchAttributes (`frontend.visibility`) asks here.
"""

from __future__ import annotations

import json
from datetime import datetime

from cadence.api.enums import IndexedValueType

__all__ = ("ALL", "CUSTOM", "SYSTEM", "fits", "instant_nanos")

SYSTEM: dict[str, IndexedValueType] = {
    "DomainID": IndexedValueType.KEYWORD,
    "WorkflowID": IndexedValueType.KEYWORD,
    "RunID": IndexedValueType.KEYWORD,
    "WorkflowType": IndexedValueType.KEYWORD,
    "StartTime": IndexedValueType.INT,
    "ExecutionTime": IndexedValueType.INT,
    "CloseTime": IndexedValueType.INT,
    "CloseStatus": IndexedValueType.INT,
    "HistoryLength": IndexedValueType.INT,
    "TaskList": IndexedValueType.KEYWORD,
    "IsCron": IndexedValueType.BOOL,
    "NumClusters": IndexedValueType.INT,
    "UpdateTime": IndexedValueType.INT,
    "CronSchedule": IndexedValueType.KEYWORD,
    "ExecutionStatus": IndexedValueType.INT,
    "ScheduledExecutionTime": IndexedValueType.INT,
    "ClusterAttributeScope": IndexedValueType.KEYWORD,
    "ClusterAttributeName": IndexedValueType.KEYWORD,
}
"""Written by the server; nobody else may set them. Times are nanoseconds since 1970."""

CUSTOM: dict[str, IndexedValueType] = {
    "CustomStringField": IndexedValueType.STRING,
    "CustomKeywordField": IndexedValueType.KEYWORD,
    "CustomIntField": IndexedValueType.INT,
    "CustomBoolField": IndexedValueType.BOOL,
    "CustomDoubleField": IndexedValueType.DOUBLE,
    "CustomDatetimeField": IndexedValueType.DATETIME,
    "CadenceChangeVersion": IndexedValueType.KEYWORD,
    "BinaryChecksums": IndexedValueType.KEYWORD,
    "CustomDomain": IndexedValueType.STRING,
    "Operator": IndexedValueType.STRING,
    "CadenceScheduleID": IndexedValueType.KEYWORD,
    "CadenceScheduleTime": IndexedValueType.DATETIME,
    "CadenceScheduleIsBackfill": IndexedValueType.BOOL,
    "CadenceScheduleState": IndexedValueType.KEYWORD,
    "CadenceScheduleCron": IndexedValueType.KEYWORD,
    "CadenceScheduleWorkflowType": IndexedValueType.KEYWORD,
    "CadenceScheduleBackfillID": IndexedValueType.KEYWORD,
}
"""Set by starts and by workflow code."""

ALL: dict[str, IndexedValueType] = {**SYSTEM, **CUSTOM}


def fits(name: str, value: bytes) -> bool:
    """Whether a JSON value, or a list of values, is of the attribute's type.

    Args:
        name: One of `ALL`.
        value: JSON as it stands in the request.
    """
    try:
        decoded = json.loads(value)
    except ValueError:
        return False
    kind = ALL[name]
    items = decoded if isinstance(decoded, list) else [decoded]
    return all(item is None or _is(kind, item) for item in items)


def _is(kind: IndexedValueType, item: object) -> bool:
    match kind:
        case IndexedValueType.BOOL:
            return isinstance(item, bool)
        case IndexedValueType.INT:
            return isinstance(item, int) and not isinstance(item, bool)
        case IndexedValueType.DOUBLE:
            return isinstance(item, int | float) and not isinstance(item, bool)
        case IndexedValueType.DATETIME:
            return isinstance(item, str) and instant_nanos(item) is not None
        case _:
            return isinstance(item, str)


def instant_nanos(text: str) -> int | None:
    """Read an RFC 3339 time as nanoseconds since 1970, or None where it isn't one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return int(moment.timestamp()) * 1_000_000_000 + moment.microsecond * 1_000
