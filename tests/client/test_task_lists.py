"""Task lists and the cluster: what the server tells becomes plain values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from cadence import api
from cadence.client import Client, ClusterDescription, TaskListPartition
from cadence.exceptions import ConfigurationError

THEN = datetime(2026, 1, 1, tzinfo=UTC)
FULL = api.DescribeTaskListResponse(
    pollers=[api.PollerInfo(int(THEN.timestamp()) * 10**9, "me", 100.0)],
    task_list_status=api.TaskListStatus(
        backlog_count_hint=7, read_level=9, ack_level=2, rate_per_second=5.0, new_tasks_per_second=1.5
    ),
)


async def test_a_list_is_described(client: Client, frontend: Any) -> None:
    frontend.on("DescribeTaskList", FULL)
    found = await client.task_lists.describe("orders", "activity")
    assert frontend.of("DescribeTaskList") == [
        api.DescribeTaskListRequest("samples", api.TaskList(name="orders"), 1, True)
    ]
    assert (found.name, found.kind, found.backlog) == ("orders", "activity", 7)
    assert (found.ack_level, found.read_level) == (2, 9)
    assert (found.rate_per_second, found.new_tasks_per_second) == (5.0, 1.5)
    (poller,) = found.pollers
    assert (poller.identity, poller.last_poll, poller.rate_per_second) == ("me", THEN, 100.0)


async def test_a_list_that_nobody_uses(client: Client, frontend: Any) -> None:
    frontend.on("DescribeTaskList", api.DescribeTaskListResponse())
    found = await client.task_lists.describe("orders")
    assert (found.kind, found.pollers, found.backlog) == ("decision", (), 0)


async def test_partitions(client: Client, frontend: Any) -> None:
    frontend.on(
        "ListTaskListPartitions",
        api.ListTaskListPartitionsResponse(
            activity_task_list_partitions=[api.TaskListPartitionMetadata("orders", "host1")],
            decision_task_list_partitions=[api.TaskListPartitionMetadata("/__cadence_sys/orders/1", "host2")],
        ),
    )
    assert await client.task_lists.partitions("orders") == (
        TaskListPartition(kind="decision", name="/__cadence_sys/orders/1", host="host2"),
        TaskListPartition(kind="activity", name="orders", host="host1"),
    )


async def test_lists_of_a_domain(client: Client, frontend: Any) -> None:
    frontend.on(
        "GetTaskListsByDomain",
        api.GetTaskListsByDomainResponse(
            decision_task_list_map={"b": api.DescribeTaskListResponse(), "a": FULL}, activity_task_list_map=None
        ),
    )
    found = await client.task_lists.list()
    assert [(each.name, each.kind, each.backlog) for each in found] == [("a", "decision", 7), ("b", "decision", 0)]
    assert frontend.of("GetTaskListsByDomain") == [api.GetTaskListsByDomainRequest("samples")]


async def test_what_is_asked_of_no_server(connect: Callable[..., Client], client: Client, frontend: Any) -> None:
    with pytest.raises(ConfigurationError, match="name"):
        await client.task_lists.describe("")
    with pytest.raises(ConfigurationError, match="kind"):
        await client.task_lists.describe("orders", "query")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="no domain"):
        await connect(domain="").task_lists.list()
    assert frontend.requests == []


async def test_search_attributes(client: Client, frontend: Any) -> None:
    keys = {"Price": api.enums.IndexedValueType.DOUBLE, "City": api.enums.IndexedValueType.KEYWORD}
    frontend.on("GetSearchAttributes", api.GetSearchAttributesResponse(keys=keys))
    assert await client.search_attributes() == {"City": "KEYWORD", "Price": "DOUBLE"}


async def test_the_cluster(client: Client, frontend: Any) -> None:
    versions = api.SupportedClientVersions(go_sdk="1.7.0", java_sdk="1.5.0")
    frontend.on("GetClusterInfo", api.ClusterInfo(versions), api.ClusterInfo())
    assert await client.cluster_info() == ClusterDescription(go_client_version="1.7.0", java_client_version="1.5.0")
    assert await client.cluster_info() == ClusterDescription(go_client_version="", java_client_version="")
