"""Task lists: who polls them, what waits in them, and in which order it is given out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from differential.decisions import activity, marker

from cadence import api

if TYPE_CHECKING:
    from differential.stage import Stage


async def task_list_without_pollers(s: Stage) -> None:
    await s.start()
    await s.call("DescribeTaskList", task_list=api.TaskList(s.list), task_list_type=0)
    await s.call("DescribeTaskList", task_list=api.TaskList(s.list), task_list_type=1)


async def task_list_with_pollers(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list))
    await s.work(task_list_metadata=api.TaskListMetadata(17.0))
    await s.call("DescribeTaskList", task_list=api.TaskList(s.list), task_list_type=0)
    await s.call("DescribeTaskList", task_list=api.TaskList(s.list), task_list_type=1)
    await s.call("DescribeTaskList", task_list=api.TaskList(s.list), task_list_type=0, include_task_list_status=True)


async def task_list_errors(s: Stage) -> None:
    await s.call("DescribeTaskList")
    await s.call("DescribeTaskList", task_list=api.TaskList(""), task_list_type=0)
    await s.call("DescribeTaskList", task_list=api.TaskList(s.list))
    await s.call("DescribeTaskList", task_list=api.TaskList(s.list), task_list_type=9)
    await s.call("DescribeTaskList", task_list=api.TaskList("n" * 1001), task_list_type=0)
    await s.call("DescribeTaskList", task_list=api.TaskList(s.list), task_list_type=0, domain="nope")
    await s.call("ListTaskListPartitions")
    await s.call("ListTaskListPartitions", task_list=api.TaskList(""))
    await s.call("ListTaskListPartitions", task_list=api.TaskList(s.list), domain="nope")
    await s.call("GetTaskListsByDomain")
    await s.call("GetTaskListsByDomain", domain_name="nope")


async def polls_in_order(s: Stage) -> None:
    """Tasks that wait are given out in the order in which they came."""
    for name in "abc":
        await s.start(name)
        await s.pause(0.5)
    with s.unseen():
        tasks = [await s.poll() for _ in range(3)]
    s.keep("order", [task.workflow_execution.workflow_id for task in tasks])
    for task in tasks:
        await s.respond(task, marker())


async def poll_ends_empty(s: Stage) -> None:
    """A poll that its caller gives up gets no task afterwards."""
    fields = {"task_list": api.TaskList(s.list), "identity": "worker"}
    poll = asyncio.create_task(s.ask("PollForDecisionTask", timeout=3, **fields))
    await s.pause(0.3)
    poll.cancel()
    await s.pause(0.5)
    await s.start()
    await s.turn(marker())
