"""What the store keeps of a run, as rows: its state, its events in batches, what lists show, and which run is current.

It builds statements and reads rows; when something is written is decided in `runs`. The tables are those of
`store.schema`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cadence import api
from cadence.api.codec import decode, encode
from cadence.devserver.execution.state import Run, unpack_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence.devserver.store.interface import Store

__all__ = (
    "Row",
    "closed_rows",
    "deleted_rows",
    "events_row",
    "load_current",
    "load_open",
    "load_run",
    "state_row",
    "visibility_row",
)

Row = tuple[str, "Sequence[Any]"]

# A row that is there is changed, not replaced: what did not change keeps its place in the indexes.
_STATE = (
    "INSERT INTO runs (run_id, domain_id, workflow_id, is_open, state) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (run_id) DO UPDATE SET is_open = excluded.is_open, state = excluded.state"
)
_EVENTS = "INSERT INTO events (run_id, first_id, batch) VALUES (?, ?, ?)"
_CURRENT = "INSERT OR REPLACE INTO current_runs (domain_id, workflow_id, run_id) VALUES (?, ?, ?)"
_VISIBLE = (
    "INSERT INTO visibility (domain_id, run_id, workflow_id, workflow_type, task_list, start_time, "
    "execution_time, close_time, close_status, history_length, is_cron, memo, search_attributes, update_time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (domain_id, run_id) DO UPDATE SET "
    "execution_time = excluded.execution_time, close_time = excluded.close_time, "
    "close_status = excluded.close_status, history_length = excluded.history_length, memo = excluded.memo, "
    "search_attributes = excluded.search_attributes, update_time = excluded.update_time"
)


def state_row(run: Run) -> Row:
    """The run's state."""
    state = run.state
    return _STATE, (state.run_id, state.domain_id, state.workflow_id, int(state.is_open), run.packed_state())


def events_row(run: Run) -> Row:
    """The events that the store does not have yet, as one batch."""
    batch = encode(api.History(events=run.events[run.saved :]))
    run.state.history_size += len(batch)
    return _EVENTS, (run.state.run_id, run.saved + 1, batch)


def closed_rows(run: Run, *, is_current: bool) -> list[Row]:
    """What is written when a run closes, beside its state: for lists, and that it is the last of its workflow id."""
    state = run.state
    rows = [visibility_row(run, state.close_ns)]
    if is_current:
        rows.append((_CURRENT, (state.domain_id, state.workflow_id, state.run_id)))
    return rows


def deleted_rows(domain_id: str, workflow_id: str, run_id: str) -> list[Row]:
    """What deletes a run."""
    return [
        ("DELETE FROM visibility WHERE domain_id = ? AND run_id = ?", (domain_id, run_id)),
        ("DELETE FROM events WHERE run_id = ?", (run_id,)),
        ("DELETE FROM runs WHERE run_id = ?", (run_id,)),
        (
            "DELETE FROM current_runs WHERE domain_id = ? AND workflow_id = ? AND run_id = ?",
            (domain_id, workflow_id, run_id),
        ),
    ]


def visibility_row(run: Run, now_ns: int) -> Row:
    """What lists show of the run."""
    state = run.state
    closed = not state.is_open
    shown = {name: _value(raw) for name, raw in state.search_attributes.items()}
    return _VISIBLE, (
        state.domain_id,
        state.run_id,
        state.workflow_id,
        state.workflow_type,
        state.task_list,
        state.start_ns,
        state.execution_ns,
        state.close_ns if closed else None,
        state.close_status if closed else None,
        state.next_event_id - 1 if closed else 0,
        int(bool(state.cron_schedule)),
        state.memo,
        json.dumps(shown) if shown else None,
        now_ns,
    )


def load_run(store: Store, run_id: str) -> Run | None:
    """Read a run, or None where there is none."""
    row = store.read_one("SELECT state FROM runs WHERE run_id = ?", (run_id,))
    return None if row is None else _run(store, run_id, row[0])


def load_open(store: Store) -> list[Run]:
    """Read every run that is open."""
    rows = store.read("SELECT run_id, state FROM runs WHERE is_open = 1")
    return [_run(store, run_id, state) for run_id, state in rows]


def load_current(store: Store, domain_id: str, workflow_id: str) -> str | None:
    """Return the id of the last run with a workflow id that closed."""
    row = store.read_one(
        "SELECT run_id FROM current_runs WHERE domain_id = ? AND workflow_id = ?", (domain_id, workflow_id)
    )
    return None if row is None else row[0]


def _run(store: Store, run_id: str, state: bytes) -> Run:
    events: list[api.HistoryEvent] = []
    for (batch,) in store.read("SELECT batch FROM events WHERE run_id = ? ORDER BY first_id", (run_id,)):
        events.extend(decode(api.History, batch).events or ())
    return Run(unpack_state(state), events)


def _value(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        # A child's attributes are not checked, as on the real server; lists show such a value as text.
        return raw.decode("utf-8", "replace")
