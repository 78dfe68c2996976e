"""Whether a request about domains, lists of runs or task lists can be worked on.

The same kind of functions as in `checks`: pure, in the real frontend's order and words, BadRequestError or None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, Protocol

from cadence.api.enums import TaskListType
from cadence.api.errors import BadRequestError
from cadence.devserver.frontend.checks import check_task_list

if TYPE_CHECKING:
    from cadence import api

__all__ = (
    "check_describe_domain",
    "check_describe_task_list",
    "check_domain_name",
    "check_failover_domain",
    "check_list_closed",
    "check_list_open",
    "check_list_page",
    "check_register_domain",
)

RETENTION_DAYS_LIMIT = 30
"""Days of retention that a domain may ask for, as the real server's default."""
_LIST_TYPES = frozenset(TaskListType)
PAGE_LIMIT = 10_000
"""Runs on one page of a list."""


class _StartTimes(Protocol):
    start_time_filter: api.StartTimeFilter | None


def check_register_domain(request: api.RegisterDomainRequest) -> None:
    """RegisterDomain; whether the name is free or well-formed is the registry's to say."""
    check_domain_name(request.name)
    days = request.workflow_execution_retention_period_in_days or 0
    if days > RETENTION_DAYS_LIMIT:
        _refuse("RetentionDays is invalid.")
    if days < 0:
        _refuse("A valid retention period is not set on request.")


def check_domain_name(name: str | None) -> None:
    """UpdateDomain, DeprecateDomain, DeleteDomain: a name is given."""
    if not name:
        _refuse("Domain not set on request.")


def check_describe_domain(request: api.DescribeDomainRequest) -> None:
    """DescribeDomain: a name or an id."""
    check_domain_name(request.name or request.uuid)


def check_failover_domain(request: api.FailoverDomainRequest) -> None:
    """FailoverDomain."""
    check_domain_name(request.domain_name)
    if request.domain_active_cluster_name is None and request.active_clusters is None:
        _refuse("DomainActiveClusterName or ActiveClusters must be provided to failover the domain")
    if request.failover_timeout_in_seconds is not None and request.failover_timeout_in_seconds <= 0:
        _refuse("FailoverTimeoutInSeconds must be positive")


def check_list_open(request: api.ListOpenWorkflowExecutionsRequest) -> None:
    """ListOpenWorkflowExecutions."""
    _check_start_times(request)
    if request.execution_filter is not None and request.type_filter is not None:
        _refuse("Only one of ExecutionFilter or TypeFilter is allowed")


def check_list_closed(request: api.ListClosedWorkflowExecutionsRequest) -> None:
    """ListClosedWorkflowExecutions."""
    _check_start_times(request)
    filters = (request.execution_filter, request.type_filter, request.status_filter)
    if sum(one is not None for one in filters) > 1:
        _refuse("Only one of ExecutionFilter, TypeFilter or StatusFilter is allowed")


def check_list_page(size: int | None) -> None:
    """The page size of any list."""
    if (size or 0) > PAGE_LIMIT:
        _refuse(f"Pagesize is larger than allow {PAGE_LIMIT}")


def check_describe_task_list(request: api.DescribeTaskListRequest) -> None:
    """DescribeTaskList."""
    if request.task_list_type is None:
        _refuse("TaskListType is not set on request.")
    if request.task_list_type not in _LIST_TYPES:
        _refuse(f"Unknown TaskListType: {request.task_list_type}.")
    check_task_list(request.task_list)


def _check_start_times(request: _StartTimes) -> None:
    times = request.start_time_filter
    if times is None:
        _refuse("StartTimeFilter is required")
    if times.earliest_time is None:
        _refuse("EarliestTime in StartTimeFilter is required")
    if times.latest_time is None:
        _refuse("LatestTime in StartTimeFilter is required")
    if times.earliest_time > times.latest_time:
        _refuse("EarliestTime in StartTimeFilter should not be larger than LatestTime")


def _refuse(message: str) -> NoReturn:
    raise BadRequestError(message)
