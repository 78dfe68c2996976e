"""`TaskLists`: who polls a domain's task lists, and how many tasks wait there.

Task lists exist by being used: one that nobody ever named is described as an empty one. Knows nothing of workers.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from cadence import api
from cadence.api.enums import TaskListType
from cadence.converter import wire_options as wire
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cadence.client.ports import ClientService

__all__ = ("TaskListDescription", "TaskListPartition", "TaskListPoller", "TaskLists")

_TYPES = {"decision": TaskListType.Decision, "activity": TaskListType.Activity}


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskListPoller:
    """Somebody who polled in the last minutes."""

    identity: str
    """As whom."""
    last_poll: datetime | None
    """When last, in UTC."""
    rate_per_second: float
    """Tasks per second that it takes at most."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskListDescription:
    """One of the two halves of a task list: its decision tasks, or its activity tasks."""

    name: str
    """The list's name."""
    kind: str
    """`decision` or `activity`."""
    pollers: tuple[TaskListPoller, ...]
    """Who polled in the last minutes."""
    backlog: int
    """Tasks that wait, by the server's estimate."""
    rate_per_second: float
    """Tasks per second that the list gives out at most; 0 where the server doesn't tell."""
    new_tasks_per_second: float
    """Tasks per second that come in; 0 where the server doesn't tell."""
    ack_level: int
    """Tasks up to this id are done."""
    read_level: int
    """Tasks up to this id were read."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskListPartition:
    """A part of a list's half that has a host of its own."""

    kind: str
    """`decision` or `activity`."""
    name: str
    """The partition's name."""
    host: str
    """The matching host that has it."""


class TaskLists:
    """The task lists of a domain. Reached as `client.task_lists`."""

    def __init__(self, service: ClientService, domain: str) -> None:
        self._service = service
        self._domain = domain

    async def describe(self, name: str, kind: Literal["decision", "activity"] = "decision") -> TaskListDescription:
        """Ask who polls a list and how many tasks wait there.

        Args:
            name: The list's name.
            kind: Which half of it.

        Raises:
            ConfigurationError: There is no name, no domain, or no such kind.
            EntityNotExistsError: The domain is unknown.
        """
        self._check(name)
        if kind not in _TYPES:
            msg = f"task list {name}: the kind is {kind!r}"
            raise ConfigurationError(msg, hint='give "decision" or "activity"')
        response: api.DescribeTaskListResponse = await self._service.describe_task_list(
            api.DescribeTaskListRequest(
                domain=self._domain,
                task_list=api.TaskList(name=name),
                task_list_type=_TYPES[kind],
                include_task_list_status=True,
            )
        )
        return _description(name, kind, response)

    async def partitions(self, name: str) -> tuple[TaskListPartition, ...]:
        """Ask which partitions a list has, and where they are.

        Args:
            name: The list's name.

        Raises:
            ConfigurationError: There is no name, or no domain.
            EntityNotExistsError: The domain is unknown.
        """
        self._check(name)
        response: api.ListTaskListPartitionsResponse = await self._service.list_task_list_partitions(
            api.ListTaskListPartitionsRequest(domain=self._domain, task_list=api.TaskList(name=name))
        )
        return (
            *_partitions("decision", response.decision_task_list_partitions),
            *_partitions("activity", response.activity_task_list_partitions),
        )

    async def list(self) -> tuple[TaskListDescription, ...]:
        """Describe the lists of the domain that are in use now: those that somebody polls or that have tasks.

        Both halves of a list are told apart; backlogs only where the server tells them here.

        Raises:
            ConfigurationError: There is no domain.
            EntityNotExistsError: The domain is unknown.
        """
        self._check("a list")
        response: api.GetTaskListsByDomainResponse = await self._service.get_task_lists_by_domain(
            api.GetTaskListsByDomainRequest(domain_name=self._domain)
        )
        return (
            *_descriptions("decision", response.decision_task_list_map),
            *_descriptions("activity", response.activity_task_list_map),
        )

    def _check(self, name: object) -> None:
        if not isinstance(name, str) or not name:
            msg = f"the task list's name is {name!r}"
            raise ConfigurationError(msg)
        if not self._domain:
            msg = "the client has no domain, so it can't deal with task lists"
            raise ConfigurationError(msg, hint='connect with one: Client.connect(..., domain="samples")')


def _description(name: str, kind: str, response: api.DescribeTaskListResponse) -> TaskListDescription:
    status = response.task_list_status or api.TaskListStatus()
    return TaskListDescription(
        name=name,
        kind=kind,
        pollers=tuple(
            TaskListPoller(
                identity=each.identity or "",
                last_poll=wire.moment(each.last_access_time),
                rate_per_second=each.rate_per_second or 0.0,
            )
            for each in response.pollers or ()
        ),
        backlog=status.backlog_count_hint or 0,
        rate_per_second=status.rate_per_second or 0.0,
        new_tasks_per_second=status.new_tasks_per_second or 0.0,
        ack_level=status.ack_level or 0,
        read_level=status.read_level or 0,
    )


def _descriptions(
    kind: str, found: Mapping[str, api.DescribeTaskListResponse] | None
) -> tuple[TaskListDescription, ...]:
    return tuple(_description(name, kind, (found or {})[name]) for name in sorted(found or ()))


def _partitions(kind: str, found: Sequence[api.TaskListPartitionMetadata] | None) -> tuple[TaskListPartition, ...]:
    return tuple(
        TaskListPartition(kind=kind, name=each.key or "", host=each.owner_host_name or "") for each in found or ()
    )
