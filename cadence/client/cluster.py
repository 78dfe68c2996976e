"""What a cluster says of itself: the client versions that it takes, and the search attributes that it knows.

Two questions without a domain; the client asks them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import IndexedValueType
from cadence.client.descriptions import member_name

if TYPE_CHECKING:
    from cadence.client.ports import ClientService

__all__ = ("ClusterDescription", "cluster_info", "search_attributes")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterDescription:
    """What a cluster takes."""

    go_client_version: str
    """The highest feature version of Go clients that it takes; this package speaks as one of them."""
    java_client_version: str
    """The highest feature version of Java clients that it takes."""


async def cluster_info(service: ClientService) -> ClusterDescription:
    """Ask which client versions the cluster takes."""
    response: api.ClusterInfo = await service.get_cluster_info()
    versions = response.supported_client_versions or api.SupportedClientVersions()
    return ClusterDescription(go_client_version=versions.go_sdk or "", java_client_version=versions.java_sdk or "")


async def search_attributes(service: ClientService) -> dict[str, str]:
    """Ask for the search attributes that the cluster knows, and their types by the IDL's names."""
    response: api.GetSearchAttributesResponse = await service.get_search_attributes()
    keys = response.keys or {}
    return {name: member_name(IndexedValueType, keys[name]) for name in sorted(keys)}
