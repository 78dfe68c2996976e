"""Lists and counts runs: by a query where the cluster can, by simple filters everywhere.

Knows pages and what clusters refuse; what a run looks like in a list is descriptions.py's job.
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from cadence import api
from cadence.api.enums import WorkflowExecutionCloseStatus
from cadence.client.advice import about_list, require_domain
from cadence.client.descriptions import WorkflowStatus, WorkflowSummary, summary_of
from cadence.converter import wire_options as wire
from cadence.errors import BadRequestError
from cadence.exceptions import ConfigurationError
from cadence.workflow.options import refuse_unknown

if TYPE_CHECKING:
    from cadence.client.ports import ClientService
    from cadence.converter import DataConverter

__all__ = ("ListFilters", "Lists")

_PAGE_SIZE = 200
_NO_QUERIES = "Operation is not supported"
"""How a cluster without advanced visibility answers list queries."""
_HINT = "this cluster has no advanced visibility; use list_workflows with filters instead of a query"


class ListFilters(TypedDict, total=False):
    """Which runs a list is of. Servers take one of type, workflow id and status at a time."""

    is_open: bool | None
    """True: those that run; False: those that are closed; default: both."""
    status: WorkflowStatus | None
    """Those that closed in one way, or OPEN."""
    workflow_type: str | None
    """Those of one type."""
    workflow_id: str | None
    """Those of one workflow id."""
    started_after: datetime | None
    """Those started at this time or later."""
    started_before: datetime | None
    """Those started at this time or before."""


class Lists:
    """Reads lists of a domain's runs, page by page as they are asked for."""

    def __init__(self, service: ClientService, domain: str, converter: DataConverter) -> None:
        self._service = service
        self._domain = domain
        self._converter = converter

    def read(
        self, query: str, filters: ListFilters, page_size: int | None, *, scan: bool = False
    ) -> AsyncIterator[WorkflowSummary]:
        """Give the runs that a query or filters mean; without any, all.

        Args:
            query: A list query, or an empty text.
            filters: Filters; what is None doesn't count.
            page_size: Runs per request; None: 200.
            scan: Take them as they come; what that means is said in `Client.list_workflows`.

        Raises:
            ConfigurationError: They don't go together.
        """
        require_domain(self._domain, "workflows")
        refuse_unknown(filters, ListFilters.__annotations__, "list_workflows")
        given: dict[str, Any] = {name: value for name, value in filters.items() if value is not None}
        if page_size is not None and page_size < 1:
            msg = f"list_workflows: page_size is {page_size}"
            raise ConfigurationError(msg, hint="it must be positive")
        page_size = page_size or _PAGE_SIZE
        if not given:
            return self._by_query(query, page_size, scan)
        if query:
            msg = f"list_workflows got a query and {', '.join(sorted(given))}"
            raise ConfigurationError(msg, hint="say all of it in the query")
        _check(given)
        return self._by_filters(given, page_size)

    async def count(self, query: str) -> int:
        """Give the number of runs that a query finds."""
        request = api.CountWorkflowExecutionsRequest(domain=require_domain(self._domain, "workflows"), query=query)
        try:
            with about_list():
                response: api.CountWorkflowExecutionsResponse = await self._service.count_workflow_executions(request)
        except BadRequestError as error:
            if _NO_QUERIES in error.message:
                error.hint = _HINT
            raise
        return response.count or 0

    async def _by_query(self, query: str, page_size: int, scan: bool) -> AsyncIterator[WorkflowSummary]:
        request = api.ListWorkflowExecutionsRequest(domain=self._domain, page_size=page_size, query=query)
        call = self._service.scan_workflow_executions if scan else self._service.list_workflow_executions
        try:
            async for summary in self._pages(call, request):
                yield summary
        except BadRequestError as error:
            if _NO_QUERIES not in error.message:
                raise
            if query:
                error.hint = _HINT
                raise
        else:
            return
        async for summary in self._by_filters({}, page_size):
            yield summary

    async def _by_filters(self, given: dict[str, Any], page_size: int) -> AsyncIterator[WorkflowSummary]:
        status = given.get("status")
        is_open = given.get("is_open", None if status is None else status is WorkflowStatus.OPEN)
        fields = {"domain": self._domain, "maximum_page_size": page_size, **_filter_fields(given)}
        if is_open is not False:
            wanted: Any = api.ListOpenWorkflowExecutionsRequest(**fields)
            async for summary in self._pages(self._service.list_open_workflow_executions, wanted):
                yield summary
        if not is_open:
            wanted = api.ListClosedWorkflowExecutionsRequest(**fields)
            wanted.status_filter = None if status is None else WorkflowExecutionCloseStatus[status.name]
            async for summary in self._pages(self._service.list_closed_workflow_executions, wanted):
                yield summary

    async def _pages(
        self, call: Callable[[Any], Coroutine[Any, Any, Any]], request: Any
    ) -> AsyncIterator[WorkflowSummary]:
        """Give what a list has, asking for its next page when one is used up. A page may be empty before the last."""
        while True:
            with about_list():
                response = await call(request)
            for info in response.executions or ():
                yield summary_of(info, self._converter)
            if not response.next_page_token:
                return
            request = dataclasses.replace(request, next_page_token=response.next_page_token)


_KINDS: dict[str, tuple[type, str]] = {
    "is_open": (bool, "True or False"),
    "workflow_type": (str, "the type's name"),
    "workflow_id": (str, "text"),
    "started_after": (datetime, "a datetime"),
    "started_before": (datetime, "a datetime"),
}


def _check(given: dict[str, Any]) -> None:
    for name, (kind, words) in _KINDS.items():
        if name in given and not isinstance(given[name], kind):
            msg = f"list_workflows: {name} is {given[name]!r}"
            raise ConfigurationError(msg, hint=f"give {words}")
    status, is_open = given.get("status"), given.get("is_open")
    if status is not None:
        if not isinstance(status, WorkflowStatus) or status is WorkflowStatus.UNKNOWN:
            msg = f"list_workflows: status is {status!r}"
            raise ConfigurationError(msg, hint="write WorkflowStatus.FAILED, for example")
        if is_open is not None and is_open != (status is WorkflowStatus.OPEN):
            msg = f"list_workflows: no workflow has status {status.value} and is_open={is_open}"
            raise ConfigurationError(msg)
    chosen = [name for name in ("workflow_type", "workflow_id", "status") if name in given]
    if status is WorkflowStatus.OPEN:
        chosen.remove("status")
    if len(chosen) > 1:
        msg = f"list_workflows got {' and '.join(chosen)}"
        raise ConfigurationError(msg, hint="servers filter by one of them; use a query, or look at what comes")


def _filter_fields(given: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that requests for open and closed runs share."""
    earliest, name, workflow_id = given.get("started_after"), given.get("workflow_type"), given.get("workflow_id")
    # A day ahead, as the server's clock need not be ours.
    latest = given.get("started_before") or datetime.now(UTC) + timedelta(days=1)
    return {
        "start_time_filter": api.StartTimeFilter(
            earliest_time=0 if earliest is None else wire.nanoseconds(earliest), latest_time=wire.nanoseconds(latest)
        ),
        "type_filter": None if name is None else api.WorkflowTypeFilter(name=name),
        "execution_filter": None if workflow_id is None else api.WorkflowExecutionFilter(workflow_id=workflow_id),
    }
