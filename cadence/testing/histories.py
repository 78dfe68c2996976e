"""A run's history with the names of what it belongs to: from a file of the Cadence command, or from a server.

Knows the JSON form and the client's histories, not what replays them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cadence import api
from cadence.api import history_json
from cadence.api.enums import EventType
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cadence.client import Client

__all__ = ("WorkflowHistory", "files_in")


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkflowHistory:
    """One run's events, from the first on."""

    events: Sequence[api.HistoryEvent]
    workflow_id: str = ""
    """The workflow's id; JSON files don't have it."""
    run_id: str = ""
    """The run's id; JSON files have it for runs that were reset or continued alone."""
    source: str = ""
    """Where it is from, for reports."""

    def __post_init__(self) -> None:
        """Look whether it begins with a run's start.

        Raises:
            ConfigurationError: It doesn't.
        """
        first = self.events[0] if self.events else None
        if first is None or first.workflow_execution_started_event_attributes is None:
            msg = f"the history{f' {self.source}' if self.source else ''} does not begin with a workflow's start"
            raise ConfigurationError(msg, hint="it must hold all events of the run, from the first on")

    @property
    def workflow_type(self) -> str:
        """The workflow type's name."""
        started = self.events[0].workflow_execution_started_event_attributes
        assert started is not None  # looked at when it was made
        return (started.workflow_type.name if started.workflow_type is not None else None) or ""

    @property
    def task_list(self) -> str:
        """The task list that it was started on."""
        started = self.events[0].workflow_execution_started_event_attributes
        assert started is not None  # looked at when it was made
        return (started.task_list.name if started.task_list is not None else None) or ""

    @classmethod
    def from_json(
        cls, text: str | bytes, *, workflow_id: str = "", run_id: str = "", source: str = ""
    ) -> WorkflowHistory:
        """Read the JSON that `cadence workflow show --output_filename FILE` writes.

        Args:
            text: The JSON: an array of events, or an object with `events`.
            workflow_id: The workflow's id, which the JSON doesn't have.
            run_id: The run's id; default: what the first event has of it.
            source: Where it is from, for reports.

        Raises:
            CodecError: It is no history; the message says at which event and field.
            ConfigurationError: It doesn't begin with a run's start.
        """
        events = history_json.loads(text).events or []
        first = events[0].workflow_execution_started_event_attributes if events else None
        known = (first.original_execution_run_id if first is not None else None) or ""
        return cls(events=events, workflow_id=workflow_id, run_id=run_id or known, source=source)

    @classmethod
    def from_file(cls, path: str | Path) -> WorkflowHistory:
        """Read a JSON file.

        Raises:
            OSError: The file can't be read.
            CodecError: As `from_json`.
            ConfigurationError: As `from_json`.
        """
        return cls.from_json(Path(path).read_bytes(), source=str(path))

    @classmethod
    async def from_server(cls, client: Client, workflow_id: str, run_id: str = "") -> WorkflowHistory:
        """Read a run's history from a server.

        Args:
            client: Says which server and domain.
            workflow_id: The workflow's id.
            run_id: The run; default: the current one.

        Raises:
            EntityNotExistsError: There is no such run.
        """
        if not run_id:
            run_id = (await client.get_workflow_handle(workflow_id).describe()).run_id
        handle = client.get_workflow_handle(workflow_id, run_id=run_id)
        events = [event async for event in handle.history()]
        return cls(events=events, workflow_id=workflow_id, run_id=run_id, source=f"{workflow_id} {run_id}")

    def until(self, event_id: int) -> WorkflowHistory:
        """Return the part that ends with the decision which sees an event, or which the event is of.

        Replayed, it leaves the code where it stood once it knew of that event.

        Args:
            event_id: The event, from 1 on.

        Raises:
            ConfigurationError: There is no such event.
        """
        from cadence.engine.dispatch import DECISION_EVENTS

        kinds = [event.event_type for event in self.events]
        if not 1 <= event_id <= len(kinds):
            msg = f"there is no event {event_id}"
            raise ConfigurationError(msg, hint=f"the history has events 1 to {len(kinds)}")
        end = event_id
        if kinds[end - 1] not in DECISION_EVENTS:
            while end < len(kinds) and kinds[end - 1] != EventType.DecisionTaskCompleted:
                end += 1
        while end < len(kinds) and kinds[end] in DECISION_EVENTS:
            end += 1
        return dataclasses.replace(self, events=self.events[:end])

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return it as `from_json` reads it, for a file in the tests of the project."""
        return history_json.dumps(api.History(events=list(self.events)), indent=indent)


def files_in(places: Iterable[str | Path]) -> list[Path]:
    """Return the JSON files that are named, and those in folders that are, in order.

    Raises:
        ConfigurationError: There is nothing at a place, or no JSON in a folder.
    """
    found: list[Path] = []
    for place in map(Path, places):
        files = sorted(place.rglob("*.json")) if place.is_dir() else [place]
        if not files or not files[0].exists():
            msg = f"no history at {place}"
            raise ConfigurationError(msg, hint="name a JSON file, or a folder that has some")
        found += files
    return found
