"""The tables, their version, and how older versions become this one."""

from __future__ import annotations

import sqlite3

__all__ = ("APPLICATION_ID", "VERSION", "make_tables", "migrate")

APPLICATION_ID = 0x43444E43
"""Marks a file as ours in SQLite's header ("CDNC")."""
VERSION = 2

_NAMES = """
CREATE TABLE domains (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    record BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE current_runs (
    domain_id TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    PRIMARY KEY (domain_id, workflow_id)
) WITHOUT ROWID;
"""
# With row ids, so that new rows stand behind one another: by their own keys, which are random, each would be written to
# a page of its own, and the more rows there are, the more that costs.
_RUNS = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY,
    domain_id TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    state BLOB NOT NULL
);
CREATE TABLE events (
    run_id TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    batch BLOB NOT NULL,
    PRIMARY KEY (run_id, first_id)
);
CREATE TABLE visibility (
    domain_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    workflow_type TEXT NOT NULL,
    task_list TEXT NOT NULL,
    start_time INTEGER NOT NULL,
    execution_time INTEGER NOT NULL,
    close_time INTEGER,
    close_status INTEGER,
    history_length INTEGER NOT NULL,
    is_cron INTEGER NOT NULL,
    memo BLOB,
    search_attributes TEXT,
    update_time INTEGER NOT NULL,
    PRIMARY KEY (domain_id, run_id)
);
CREATE INDEX open_runs ON runs (is_open) WHERE is_open = 1;
"""
# What lists are asked for, each with the lists' own order behind it: with fewer, SQLite walks all runs to find a few.
_LISTS = """
CREATE INDEX visibility_by_start ON visibility (domain_id, start_time DESC, run_id DESC);
CREATE INDEX visibility_open ON visibility (domain_id, start_time DESC, run_id DESC) WHERE close_time IS NULL;
CREATE INDEX visibility_closed ON visibility (domain_id, start_time DESC, run_id DESC) WHERE close_time IS NOT NULL;
CREATE INDEX visibility_by_close ON visibility (domain_id, close_time DESC, run_id DESC) WHERE close_time IS NOT NULL;
CREATE INDEX visibility_by_status ON visibility (domain_id, close_status, start_time DESC, run_id DESC)
    WHERE close_status IS NOT NULL;
CREATE INDEX visibility_by_workflow ON visibility (domain_id, workflow_id, start_time DESC, run_id DESC);
CREATE INDEX visibility_by_type ON visibility (domain_id, workflow_type, start_time DESC, run_id DESC);
"""
_FROM_1 = f"""
ALTER TABLE runs RENAME TO runs_1;
ALTER TABLE events RENAME TO events_1;
ALTER TABLE visibility RENAME TO visibility_1;
DROP INDEX open_runs;
DROP INDEX visibility_by_start;
DROP INDEX visibility_open;
DROP INDEX visibility_by_close;
DROP INDEX visibility_by_workflow;
DROP INDEX visibility_by_type;
{_RUNS}
INSERT INTO runs SELECT * FROM runs_1;
INSERT INTO events SELECT * FROM events_1;
INSERT INTO visibility SELECT * FROM visibility_1 ORDER BY start_time;
DROP TABLE runs_1;
DROP TABLE events_1;
DROP TABLE visibility_1;
{_LISTS}
"""
_STEPS = {1: _FROM_1}
"""What makes a database of each older version one of the version behind it."""


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables in a new database, all or none."""
    connection.executescript(
        f"BEGIN; {_NAMES} {_RUNS} {_LISTS} PRAGMA application_id = {APPLICATION_ID}; "
        f"PRAGMA user_version = {VERSION}; COMMIT;"
    )


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database of an older version to this one, all or none."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    steps = "".join(_STEPS[step] for step in range(version, VERSION))
    if steps:
        connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version = {VERSION}; COMMIT;")
