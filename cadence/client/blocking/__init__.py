"""The client for code that blocks: scripts, notebooks, threads, programs without an event loop.

Each method is the async one of the same name, carried out on an event loop in a thread of the package's own and waited
for; Ctrl-C and other exceptions end the wait and cancel the call. Safe to use from any number of threads at once.
A test holds the two faces together: names, parameters, types.
"""

from __future__ import annotations

from cadence.client.blocking.client import BlockingClient
from cadence.client.blocking.completion import BlockingActivityCompletion
from cadence.client.blocking.domains import BlockingDomains
from cadence.client.blocking.handle import BlockingWorkflowHandle
from cadence.client.blocking.schedules import BlockingSchedules
from cadence.client.blocking.task_lists import BlockingTaskLists

__all__ = (
    "BlockingActivityCompletion",
    "BlockingClient",
    "BlockingDomains",
    "BlockingSchedules",
    "BlockingTaskLists",
    "BlockingWorkflowHandle",
)
