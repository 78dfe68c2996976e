"""The RPCs of polls: for decision tasks, for activities, and who polls what.

A poll waits in `matching`, then the task it got is started in `execution`; one that is stale by then is dropped and the
poll goes on. What nobody had work for is answered empty a little before its caller gives up.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import TaskListType
from cadence.api.errors import BadRequestError
from cadence.devserver.execution import queries
from cadence.devserver.frontend import checks, domain_checks

if TYPE_CHECKING:
    from cadence.devserver.house import CallContext, House
    from cadence.devserver.tasks import Kind

__all__ = ("HANDLERS", "poll_deadline")

LONGEST_POLL = 60.0
"""Seconds after which an empty poll ends; the caller comes again."""
_ANSWER_MARGIN = 1.0
"""Seconds before its caller's deadline at which an empty poll ends, so that the answer still arrives."""
_MARGIN_PART = 4
"""A margin is at most this part of the time that there is."""
_UNLIMITED = 100_000.0
"""The rate that is shown of a list without a limit, as the real server's default."""


def poll_deadline(context: CallContext) -> float:
    """Return when a call that waits must be answered with what there is, on the loop's clock."""
    now = asyncio.get_running_loop().time()
    left = max(0.0, context.deadline - now)
    return now + min(LONGEST_POLL, left - min(_ANSWER_MARGIN, left / _MARGIN_PART))


async def poll_for_decision_task(
    house: House, request: api.PollForDecisionTaskRequest, context: CallContext
) -> api.PollForDecisionTaskResponse:
    """PollForDecisionTask."""
    domain = house.domains.require(request.domain)
    checks.check_poll_for_decision_task(request)
    if request.binary_checksum and request.binary_checksum in domain.bad_binaries:
        msg = f"binary {request.binary_checksum} already marked as bad deployment"
        raise BadRequestError(msg)
    asked = request.task_list or api.TaskList()
    name = asked.name or ""
    identity = request.identity or ""
    began = asyncio.get_running_loop().time()
    deadline = poll_deadline(context)
    while True:
        task = await house.matching.poll(
            domain.id, name, "decision", identity=identity, deadline=deadline, usage=asked.kind
        )
        if task is None:
            return api.PollForDecisionTaskResponse()
        if task.query is not None:
            answer = queries.start(house, task)
        else:
            answer = house.history.start_decision(task, identity=identity, request_id=str(uuid.uuid4()))
        if answer is not None:
            answer.backlog_count_hint = house.matching.backlog(domain.id, name, "decision")
            answer.auto_config_hint = _hint(began)
            await house.store.committed()
            return answer
        await asyncio.sleep(0)  # a long row of stale tasks must not keep the others waiting


async def poll_for_activity_task(
    house: House, request: api.PollForActivityTaskRequest, context: CallContext
) -> api.PollForActivityTaskResponse:
    """PollForActivityTask."""
    domain = house.domains.require(request.domain)
    checks.check_poll_for_activity_task(request)
    asked = request.task_list or api.TaskList()
    name = asked.name or ""
    identity = request.identity or ""
    rate = request.task_list_metadata.max_tasks_per_second if request.task_list_metadata else None
    began = asyncio.get_running_loop().time()
    deadline = poll_deadline(context)
    while True:
        task = await house.matching.poll(
            domain.id, name, "activity", identity=identity, deadline=deadline, rate=rate, usage=asked.kind
        )
        if task is None:
            return api.PollForActivityTaskResponse()
        answer = house.history.start_activity(task, identity=identity, request_id=str(uuid.uuid4()))
        if answer is not None:
            answer.auto_config_hint = _hint(began)
            await house.store.committed()
            return answer
        await asyncio.sleep(0)


def _hint(began: float) -> api.AutoConfigHint:
    """What a worker that fits its number of polls to the work wants to know: how long this one waited."""
    waited = asyncio.get_running_loop().time() - began
    return api.AutoConfigHint(enable_auto_config=True, poller_wait_time_in_ms=round(waited * 1000))


async def describe_task_list(
    house: House, request: api.DescribeTaskListRequest, context: CallContext
) -> api.DescribeTaskListResponse:
    """DescribeTaskList."""
    domain = house.domains.require(request.domain)
    domain_checks.check_describe_task_list(request)
    kind: Kind = "activity" if request.task_list_type == TaskListType.Activity else "decision"
    name = (request.task_list.name if request.task_list else "") or ""
    answer = _described(house, domain.id, name, kind)
    if not request.include_task_list_status:
        answer.task_list_status = None
    return answer


async def list_partitions(
    house: House, request: api.ListTaskListPartitionsRequest, context: CallContext
) -> api.ListTaskListPartitionsResponse:
    """ListTaskListPartitions: a list here is one partition."""
    house.domains.require(request.domain)
    checks.check_task_list(request.task_list)
    name = request.task_list.name if request.task_list else None
    return api.ListTaskListPartitionsResponse(
        activity_task_list_partitions=[api.TaskListPartitionMetadata(key=name, owner_host_name=context.peer)],
        decision_task_list_partitions=[api.TaskListPartitionMetadata(key=name, owner_host_name=context.peer)],
    )


async def task_lists_by_domain(
    house: House, request: api.GetTaskListsByDomainRequest, context: CallContext
) -> api.GetTaskListsByDomainResponse:
    """GetTaskListsByDomain: the lists that somebody uses."""
    domain = house.domains.require(request.domain_name)
    matching = house.matching
    return api.GetTaskListsByDomainResponse(
        decision_task_list_map={
            name: _described(house, domain.id, name, "decision") for name in matching.names(domain.id, "decision")
        },
        activity_task_list_map={
            name: _described(house, domain.id, name, "activity") for name in matching.names(domain.id, "activity")
        },
    )


def _described(house: House, domain_id: str, name: str, kind: Kind) -> api.DescribeTaskListResponse:
    found = house.matching.describe(domain_id, name, kind)
    return api.DescribeTaskListResponse(
        task_list=api.TaskList(name=name, kind=found.usage),
        pollers=[
            api.PollerInfo(
                last_access_time=poller.last_poll_ns,
                identity=poller.identity,
                rate_per_second=_UNLIMITED if poller.rate is None else poller.rate,
            )
            for poller in found.pollers
        ]
        or None,
        task_list_status=api.TaskListStatus(
            backlog_count_hint=found.backlog,
            read_level=0,
            ack_level=0,
            rate_per_second=_UNLIMITED if found.rate is None else found.rate,
            task_id_block=api.TaskIDBlock(start_id=1, end_id=100_000),
            empty=found.backlog == 0,
            new_tasks_per_second=0.0,
        ),
    )


HANDLERS = {
    "PollForDecisionTask": poll_for_decision_task,
    "PollForActivityTask": poll_for_activity_task,
    "DescribeTaskList": describe_task_list,
    "ListTaskListPartitions": list_partitions,
    "GetTaskListsByDomain": task_lists_by_domain,
}
