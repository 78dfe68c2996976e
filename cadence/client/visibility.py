"""Lists and counts runs: by a query where the cluster can, by simple filters everywhere.

Knows pages and what clusters refuse; what a run looks like in a list is descriptions.py's job.
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.enums import WorkflowExecutionCloseStatus
from cadence.client import wire
from cadence.client.descriptions import WorkflowStatus, WorkflowSummary, summary_of
from cadence.errors import BadRequestError
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cadence.client.ports import ClientService
    from cadence.converter import DataConverter

__all__ = ("ListFilter", "Lists")

_PAGE_SIZE = 200
_NO_QUERIES = "Operation is not supported"
"""How a cluster without advanced visibility answers list queries."""
_HINT = "this cluster has no advanced visibility; list without a query, or with list_open_workflows or its sibling"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ListFilter:
    """Which runs are meant."""

    workflow_type: str | None = None
    workflow_id: str | None = None
    status: WorkflowStatus | None = None
    """How they closed; for closed ones alone."""
    started_after: datetime | None = None
    started_before: datetime | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.workflow_type, self.workflow_id, self.status) if value is not None]
        if len(given) > 1:
            msg = "a list can be of one type, of one workflow id or of one status"
            raise ConfigurationError(msg, hint="give one of them, or a query to list_workflows")
        if self.status is WorkflowStatus.OPEN:
            msg = "closed workflows have no status OPEN"
            raise ConfigurationError(msg, hint="use list_open_workflows")

    def fields(self) -> dict[str, Any]:
        """Give the fields that requests for open and closed runs share."""
        # A day ahead, as the server's clock need not be ours.
        latest = self.started_before or datetime.now(UTC) + timedelta(days=1)
        return {
            "start_time_filter": api.StartTimeFilter(
                earliest_time=0 if self.started_after is None else wire.nanoseconds(self.started_after),
                latest_time=wire.nanoseconds(latest),
            ),
            "type_filter": None if self.workflow_type is None else api.WorkflowTypeFilter(name=self.workflow_type),
            "execution_filter": None
            if self.workflow_id is None
            else api.WorkflowExecutionFilter(workflow_id=self.workflow_id),
        }


class Lists:
    """Reads lists of a domain's runs, page by page as they are asked for."""

    def __init__(self, service: ClientService, domain: str, converter: DataConverter) -> None:
        self._service = service
        self._domain = domain
        self._converter = converter

    def by_query(self, query: str, page_size: int | None) -> AsyncIterator[WorkflowSummary]:
        """Give the runs that a query finds; an empty one finds all, on every cluster."""
        request = api.ListWorkflowExecutionsRequest(domain=self._domain, page_size=_checked(page_size), query=query)
        return self._by_query(request)

    def open(self, which: ListFilter, page_size: int | None) -> AsyncIterator[WorkflowSummary]:
        """Give open runs."""
        request = api.ListOpenWorkflowExecutionsRequest(
            domain=self._domain, maximum_page_size=_checked(page_size), **which.fields()
        )
        return self._pages(self._service.list_open_workflow_executions, request)

    def closed(self, which: ListFilter, page_size: int | None) -> AsyncIterator[WorkflowSummary]:
        """Give closed runs."""
        request = api.ListClosedWorkflowExecutionsRequest(
            domain=self._domain, maximum_page_size=_checked(page_size), **which.fields()
        )
        if which.status is not None:
            request.status_filter = WorkflowExecutionCloseStatus[which.status.name]
        return self._pages(self._service.list_closed_workflow_executions, request)

    async def count(self, query: str) -> int:
        """Give the number of runs that a query finds."""
        try:
            response: api.CountWorkflowExecutionsResponse = await self._service.count_workflow_executions(
                api.CountWorkflowExecutionsRequest(domain=self._domain, query=query)
            )
        except BadRequestError as error:
            if _NO_QUERIES in error.message:
                error.hint = _HINT
            raise
        return response.count or 0

    async def _by_query(self, request: api.ListWorkflowExecutionsRequest) -> AsyncIterator[WorkflowSummary]:
        try:
            async for summary in self._pages(self._service.list_workflow_executions, request):
                yield summary
        except BadRequestError as error:
            if _NO_QUERIES not in error.message:
                raise
            if request.query:
                error.hint = _HINT
                raise
        else:
            return
        for some in (self.open(ListFilter(), request.page_size), self.closed(ListFilter(), request.page_size)):
            async for summary in some:
                yield summary

    async def _pages(
        self, call: Callable[[Any], Coroutine[Any, Any, Any]], request: Any
    ) -> AsyncIterator[WorkflowSummary]:
        """Give what a list has, asking for its next page when one is used up. A page may be empty before the last."""
        while True:
            response = await call(request)
            for info in response.executions or ():
                yield summary_of(info, self._converter)
            if not response.next_page_token:
                return
            request = dataclasses.replace(request, next_page_token=response.next_page_token)


def _checked(page_size: int | None) -> int:
    if page_size is not None and page_size < 1:
        msg = f"page_size is {page_size}"
        raise ConfigurationError(msg, hint="it must be positive")
    return page_size or _PAGE_SIZE
