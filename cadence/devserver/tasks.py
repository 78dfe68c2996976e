"""A task on its way from a run to a worker.

`execution` makes them, `matching` keeps and hands them out, `frontend` turns them into answers: what they share is
this. A task only points to its run; whether it still holds is seen when it is started.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cadence.devserver.execution.state import Query

__all__ = ("Kind", "Task")

Kind = Literal["decision", "activity"]


@dataclass(slots=True)
class Task:
    """One entry of a task list."""

    domain_id: str
    list_name: str
    kind: Kind
    workflow_id: str
    run_id: str
    scheduled_id: int
    """Id of the event that scheduled it; 0 for a query alone."""
    attempt: int
    expires_ns: int = 0
    """When nobody may start it any more, on the server's clock; 0 is never."""
    query: Query | None = None
    """A query to answer without changing the run."""
