"""`BlockingTaskLists`: the task lists of a domain, for code that blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cadence._loop_thread import LoopThread
    from cadence.client.task_lists import TaskListDescription, TaskListPartition, TaskLists

__all__ = ("BlockingTaskLists",)


class BlockingTaskLists:
    """The task lists of a domain; see `TaskLists`. Reached as `client.task_lists`."""

    def __init__(self, task_lists: TaskLists, thread: LoopThread) -> None:
        self._task_lists = task_lists
        self._thread = thread

    def describe(self, name: str, kind: Literal["decision", "activity"] = "decision") -> TaskListDescription:
        """Ask who polls a list and how many tasks wait there; see `TaskLists.describe`."""
        return self._thread.run(self._task_lists.describe(name, kind))

    def partitions(self, name: str) -> tuple[TaskListPartition, ...]:
        """Ask which partitions a list has; see `TaskLists.partitions`."""
        return self._thread.run(self._task_lists.partitions(name))

    def list(self) -> tuple[TaskListDescription, ...]:
        """Describe the lists that are in use; see `TaskLists.list`."""
        return self._thread.run(self._task_lists.list())
