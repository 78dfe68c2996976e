"""The RPCs about the installation itself, and those that make no sense on one machine.

What is not there says so as a single-cluster installation without that feature does: one sentence, BadRequestError. It
touches no run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.errors import BadRequestError
from cadence.devserver.frontend import checks
from cadence.devserver.frontend.versions import HIGHEST
from cadence.devserver.visibility import attributes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cadence.devserver.house import CallContext, House

__all__ = ("HANDLERS",)


async def get_cluster_info(house: House, request: None, context: CallContext) -> api.ClusterInfo:
    """GetClusterInfo."""
    versions = api.SupportedClientVersions(go_sdk=HIGHEST["uber-go"], java_sdk=HIGHEST["uber-java"])
    return api.ClusterInfo(supported_client_versions=versions)


async def get_search_attributes(house: House, request: None, context: CallContext) -> api.GetSearchAttributesResponse:
    """GetSearchAttributes."""
    return api.GetSearchAttributesResponse(keys=dict(attributes.ALL))


async def health(house: House, request: None, context: CallContext) -> api.HealthStatus:
    """Meta::health."""
    return api.HealthStatus(ok=True, msg="OK")


async def diagnose_workflow_execution(
    house: House, request: api.DiagnoseWorkflowExecutionRequest, context: CallContext
) -> None:
    """DiagnoseWorkflowExecution starts a workflow of the server's own system worker, which isn't there."""
    house.domains.require(request.domain)
    msg = "Diagnosing workflows is not supported by the dev server."
    raise BadRequestError(msg)


async def start_async(house: House, request: Any, context: CallContext) -> None:
    """StartWorkflowExecutionAsync, SignalWithStartWorkflowExecutionAsync: no queue is configured for any domain."""
    asked = request.request
    domain = house.domains.require(asked.domain if asked else None)
    if isinstance(asked, api.StartWorkflowExecutionRequest):
        checks.check_start(asked)
    else:
        checks.check_signal_with_start(asked)
    msg = f"async workflow is not enabled for domain {domain.name}"
    raise BadRequestError(msg)


async def list_archived(
    house: House, request: api.ListArchivedWorkflowExecutionsRequest, context: CallContext
) -> api.ListArchivedWorkflowExecutionsResponse:
    """ListArchivedWorkflowExecutions."""
    house.domains.require(request.domain)
    msg = "Cluster is not configured for visibility archival"
    raise BadRequestError(msg)


HANDLERS: dict[str, Callable[[House, Any, CallContext], Awaitable[object]]] = {
    "GetClusterInfo": get_cluster_info,
    "GetSearchAttributes": get_search_attributes,
    "health": health,
    "DiagnoseWorkflowExecution": diagnose_workflow_execution,
    "StartWorkflowExecutionAsync": start_async,
    "SignalWithStartWorkflowExecutionAsync": start_async,
    "ListArchivedWorkflowExecutions": list_archived,
}
