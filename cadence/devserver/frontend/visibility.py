"""The RPCs that find runs: list open, list closed, list, scan and count by query.

All of them become one tree of conditions and one page of SQL (`devserver.visibility`); the page token is the sort keys
of the last row. It reads the visibility table alone, never a run's state.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.codec import CodecError, decode
from cadence.api.errors import BadRequestError
from cadence.devserver.frontend import domain_checks as checks
from cadence.devserver.visibility import sql
from cadence.devserver.visibility.query import MISSING, AllOf, Comparison, Condition, Query, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence.devserver.house import CallContext, House

__all__ = ("HANDLERS",)

_PAGE_SIZE = 1_000
_COLUMNS = (
    "workflow_id",
    "run_id",
    "workflow_type",
    "start_time",
    "execution_time",
    "close_time",
    "close_status",
    "history_length",
    "task_list",
    "is_cron",
    "update_time",
    "memo",
    "search_attributes",
)


async def list_open(
    house: House, request: api.ListOpenWorkflowExecutionsRequest, context: CallContext
) -> api.ListOpenWorkflowExecutionsResponse:
    """ListOpenWorkflowExecutions, the newest first."""
    domain = house.domains.require(request.domain)
    checks.check_list_open(request)
    conditions = [Comparison("CloseTime", "=", MISSING), *_filters(request)]
    query = Query(AllOf(tuple(conditions)), ())
    found, token = _page(house, domain.id, query, request.maximum_page_size, request.next_page_token)
    return api.ListOpenWorkflowExecutionsResponse(executions=found, next_page_token=token)


async def list_closed(
    house: House, request: api.ListClosedWorkflowExecutionsRequest, context: CallContext
) -> api.ListClosedWorkflowExecutionsResponse:
    """ListClosedWorkflowExecutions, the last started first, as a server on a SQL store has it."""
    domain = house.domains.require(request.domain)
    checks.check_list_closed(request)
    conditions = [Comparison("CloseTime", "!=", MISSING), *_filters(request)]
    if request.status_filter is not None:
        conditions.append(Comparison("CloseStatus", "=", int(request.status_filter)))
    query = Query(AllOf(tuple(conditions)), ())
    found, token = _page(house, domain.id, query, request.maximum_page_size, request.next_page_token)
    return api.ListClosedWorkflowExecutionsResponse(executions=found, next_page_token=token)


async def list_by_query(
    house: House, request: api.ListWorkflowExecutionsRequest, context: CallContext
) -> api.ListWorkflowExecutionsResponse:
    """ListWorkflowExecutions and ScanWorkflowExecutions."""
    domain = house.domains.require(request.domain)
    checks.check_list_page(request.page_size)
    query = parse(request.query or "")
    found, token = _page(house, domain.id, query, request.page_size, request.next_page_token)
    return api.ListWorkflowExecutionsResponse(executions=found, next_page_token=token)


async def count_by_query(
    house: House, request: api.CountWorkflowExecutionsRequest, context: CallContext
) -> api.CountWorkflowExecutionsResponse:
    """CountWorkflowExecutions."""
    domain = house.domains.require(request.domain)
    statement = sql.count(domain.id, parse(request.query or ""))
    rows = house.store.read(statement.sql, statement.parameters)
    return api.CountWorkflowExecutionsResponse(count=rows[0][0])


def _filters(
    request: api.ListOpenWorkflowExecutionsRequest | api.ListClosedWorkflowExecutionsRequest,
) -> list[Condition]:
    """The conditions that open and closed lists share; the checks have seen that the times are there."""
    times = request.start_time_filter or api.StartTimeFilter()
    conditions: list[Condition] = [
        Comparison("StartTime", ">=", times.earliest_time or 0),
        Comparison("StartTime", "<=", times.latest_time or 0),
    ]
    if request.type_filter is not None:
        conditions.append(Comparison("WorkflowType", "=", request.type_filter.name or ""))
    if request.execution_filter is not None:
        conditions.append(Comparison("WorkflowID", "=", request.execution_filter.workflow_id or ""))
        if request.execution_filter.run_id:
            conditions.append(Comparison("RunID", "=", request.execution_filter.run_id))
    return conditions


def _page(
    house: House, domain_id: str, query: Query, size: int | None, token: bytes | None
) -> tuple[list[api.WorkflowExecutionInfo], bytes | None]:
    """Read one page, and make the token of the next where there is more."""
    limit = min(size, checks.PAGE_LIMIT) if size and size > 0 else _PAGE_SIZE
    statement = sql.page(domain_id, query, _COLUMNS, limit, _keys(token))
    rows = house.store.read(statement.sql, statement.parameters)
    shown = rows[:limit]
    more = json.dumps(shown[-1][len(_COLUMNS) :]).encode() if len(rows) > limit else None
    return [_info(row) for row in shown], more


def _keys(token: bytes | None) -> sql.SortKeys | None:
    if not token:
        return None
    try:
        keys = json.loads(token)
    except ValueError:
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str | int | float | None) for key in keys):
        msg = "Invalid NextPageToken."
        raise BadRequestError(msg)
    return tuple(keys)


def _info(row: Sequence[Any]) -> api.WorkflowExecutionInfo:
    fields = dict(zip(_COLUMNS, row, strict=False))
    found_by = json.loads(fields["search_attributes"] or "{}")
    return api.WorkflowExecutionInfo(
        execution=api.WorkflowExecution(workflow_id=fields["workflow_id"], run_id=fields["run_id"]),
        type=api.WorkflowType(name=fields["workflow_type"]),
        start_time=fields["start_time"],
        execution_time=fields["execution_time"],
        close_time=fields["close_time"],
        close_status=fields["close_status"],
        history_length=fields["history_length"],
        memo=_memo(fields["memo"]),
        search_attributes=api.SearchAttributes(
            indexed_fields={name: json.dumps(value).encode() for name, value in found_by.items()}
        ),
        task_list=fields["task_list"],
        is_cron=bool(fields["is_cron"]),
        update_time=fields["update_time"],
    )


def _memo(blob: bytes | None) -> api.Memo:
    if not blob:
        return api.Memo(fields={})
    try:
        return decode(api.Memo, blob)
    except CodecError:
        # A list is no place to fail for one run's note.
        return api.Memo(fields={})


HANDLERS = {
    "ListOpenWorkflowExecutions": list_open,
    "ListClosedWorkflowExecutions": list_closed,
    "ListWorkflowExecutions": list_by_query,
    "ScanWorkflowExecutions": list_by_query,
    "CountWorkflowExecutions": count_by_query,
}
