"""The store: what was acknowledged is there after anything, and a file that can't be trusted is left alone."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from cadence.devserver.store.interface import StoreError
from cadence.devserver.store.schema import APPLICATION_ID, VERSION
from cadence.devserver.store.sqlite import SqliteStore

PUT = "INSERT INTO domains (id, name, record) VALUES (?, ?, ?)"
COUNT = "SELECT COUNT(*) FROM domains"


def row(number: int) -> tuple[str, str, bytes]:
    return f"id{number}", f"name{number}", b"x" * 100


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("on_file", [False, True])
async def test_reads_see_what_was_queued(tmp_path: Path, on_file: bool) -> None:
    store = SqliteStore(tmp_path / "a.db" if on_file else None)
    assert store.durable == on_file
    for number in range(1_500):
        store.write(PUT, row(number))
        if number % 400 == 0:
            assert store.read_one(COUNT) == (number + 1,)
    await store.committed()
    await store.committed()
    assert store.read_one(COUNT) == (1_500,)
    assert store.read_one("SELECT id FROM domains WHERE name = ?", ("nobody",)) is None
    await store.close()


async def test_a_file_keeps_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "odd ?#%20 name.db"
    for number in range(3):
        store = SqliteStore(path)
        assert store.read_one(COUNT) == (number,)
        store.save_domain(*row(number))
        await store.close()
    store = SqliteStore(path)
    store.delete_domain("id1")
    assert list(store.load_domains()) == [b"x" * 100] * 2
    await store.close()


async def test_many_wait_for_the_same_commit(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")

    async def one(number: int) -> None:
        store.write(PUT, row(number))
        await store.committed()
        assert store.read_one("SELECT 1 FROM domains WHERE id = ?", (f"id{number}",)) == (1,)
        store.write("DELETE FROM domains WHERE id = ?", (f"id{number}",))
        await store.committed()

    await asyncio.gather(*(one(number) for number in range(300)))
    assert store.read_one(COUNT) == (0,)
    await store.close()


async def test_who_waits_may_go(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    store.write(PUT, row(0))
    waiting = asyncio.create_task(store.committed())
    await asyncio.sleep(0)
    waiting.cancel()
    await store.committed()
    assert store.read_one(COUNT) == (1,)
    await store.close()


async def test_what_nobody_waits_for_is_written_too(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    store.write(PUT, row(0))
    log = tmp_path / "a.db-wal"
    before = log.stat().st_size if log.exists() else 0
    async with asyncio.timeout(10):
        while not log.exists() or log.stat().st_size == before:  # noqa: ASYNC110  # a file tells nobody
            await asyncio.sleep(0.001)
    await store.close()


@pytest.mark.parametrize("on_file", [False, True])
async def test_after_an_error_nothing_is_promised(tmp_path: Path, on_file: bool) -> None:
    store = SqliteStore(tmp_path / "a.db" if on_file else None)
    store.write(PUT, row(0))
    await store.committed()
    assert store.read_one(COUNT) == (1,)
    store.write_all([(PUT, row(1)), (PUT, row(0)), (PUT, row(2))])
    if not on_file:
        with pytest.raises(StoreError, match="UNIQUE"):
            store.read_one(COUNT)
    for _ in range(2):
        with pytest.raises(StoreError, match="UNIQUE"):
            await store.committed()
        store.write(PUT, row(3))
    with pytest.raises(StoreError):
        store.read(COUNT)
    await store.close()
    if not on_file:
        return
    store = SqliteStore(tmp_path / "a.db")
    assert store.read_one(COUNT) == (1,)
    await store.close()


async def test_a_value_that_no_column_holds_is_an_error_too(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    store.write(PUT, ("id", "name", 2**64))
    with pytest.raises(StoreError, match="too large"):
        await store.close()


async def test_a_full_disk(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    store.write(PUT, row(0))
    await store.committed()
    store.read("PRAGMA max_page_count = 40")
    written = 1
    with pytest.raises(StoreError, match="full") as told:  # noqa: PT012  # at which of them the disk is full is open
        while True:
            store.write(PUT, row(written))
            await store.committed()
            written += 1
    assert "see to the disk" in str(told.value)
    with pytest.raises(StoreError, match="full"):
        await store.committed()
    await store.close()
    store = SqliteStore(tmp_path / "a.db")
    assert store.read_one(COUNT) == (written,)
    await store.close()


WRITER = """
    import asyncio, sys
    from cadence.devserver.store.sqlite import SqliteStore

    async def write(store, lane):
        number = 0
        while True:
            store.write_all([
                ("INSERT INTO domains VALUES (?, ?, ?)", (f"{lane}-{number}", f"{lane}-{number}", b"")),
                ("INSERT INTO current_runs VALUES (?, ?, ?)", (lane, str(number), "")),
            ])
            await store.committed()
            print(f"{lane}-{number}", flush=True)
            number += 1

    async def main():
        store = SqliteStore(sys.argv[1])
        await asyncio.gather(*(write(store, lane) for lane in "abcd"))

    asyncio.run(main())
"""


async def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    for attempt in range(3):
        path = tmp_path / f"{attempt}.db"
        writer = run(WRITER, path)
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(60)]
        os.kill(writer.pid, signal.SIGKILL)
        rest, _ = writer.communicate()
        # The last line may be cut off.
        acknowledged += rest.split("\n")[:-1]
        store = SqliteStore(path)
        kept = {name for (name,) in store.read("SELECT name FROM domains")}
        assert kept >= set(acknowledged)
        together = {
            f"{lane}-{number}" for lane, number in store.read("SELECT domain_id, workflow_id FROM current_runs")
        }
        assert kept == together
        await store.close()


LIMITED = """
    import asyncio, resource, signal, sys
    from cadence.devserver.store.interface import StoreError
    from cadence.devserver.store.sqlite import SqliteStore

    async def main():
        store = SqliteStore(sys.argv[1])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        for number in range(10_000):
            store.write("INSERT INTO domains VALUES (?, ?, ?)", (str(number), str(number), b"x" * 5_000))
            try:
                await store.committed()
            except StoreError:
                break
            print(number, flush=True)
        try:
            await store.committed()
        except StoreError:
            print("refused", flush=True)

    asyncio.run(main())
"""


async def test_a_disk_that_refuses_a_write(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    writer = run(LIMITED, path)
    out, complaints = writer.communicate(timeout=60)
    *acknowledged, last = out.split()
    assert last == "refused", complaints
    assert len(acknowledged) > 3
    store = SqliteStore(path)
    kept = {name for (name,) in store.read("SELECT name FROM domains")}
    assert kept >= set(acknowledged)
    await store.close()


def ours(path: Path) -> None:
    async def make() -> None:
        store = SqliteStore(path)
        for number in range(2_000):
            store.write(PUT, row(number))
        await store.close()

    asyncio.run(make())


def refused(path: Path, match: str) -> None:
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(StoreError, match=match):
        SqliteStore(path)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE mine (a)")
    other.close()
    refused(path, "another program")


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    ours(path)
    with sqlite3.connect(path) as newer:
        assert newer.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    refused(path, f"newer version of the dev server .{VERSION + 1}, this one knows {VERSION}")


VERSION_1 = """
    CREATE TABLE domains (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        record BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE runs (
        run_id TEXT PRIMARY KEY,
        domain_id TEXT NOT NULL,
        workflow_id TEXT NOT NULL,
        is_open INTEGER NOT NULL,
        state BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX open_runs ON runs (is_open) WHERE is_open = 1;
    CREATE TABLE current_runs (
        domain_id TEXT NOT NULL,
        workflow_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        PRIMARY KEY (domain_id, workflow_id)
    ) WITHOUT ROWID;
    CREATE TABLE events (
        run_id TEXT NOT NULL,
        first_id INTEGER NOT NULL,
        batch BLOB NOT NULL,
        PRIMARY KEY (run_id, first_id)
    ) WITHOUT ROWID;
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
    ) WITHOUT ROWID;
    CREATE INDEX visibility_by_start ON visibility (domain_id, start_time DESC, run_id DESC);
    CREATE INDEX visibility_open ON visibility (domain_id, start_time DESC, run_id DESC) WHERE close_time IS NULL;
    CREATE INDEX visibility_by_close ON visibility (domain_id, close_time DESC, run_id DESC)
        WHERE close_time IS NOT NULL;
    CREATE INDEX visibility_by_workflow ON visibility (domain_id, workflow_id, start_time DESC);
    CREATE INDEX visibility_by_type ON visibility (domain_id, workflow_type, start_time DESC);
    PRAGMA user_version = 1;
    INSERT INTO domains VALUES ('d', 'name', x'01');
    INSERT INTO current_runs VALUES ('d', 'w', 'r1');
    INSERT INTO runs VALUES ('r1', 'd', 'w', 0, x'02'), ('r2', 'd', 'x', 1, x'03');
    INSERT INTO events VALUES ('r1', 1, x'04'), ('r1', 3, x'05'), ('r2', 1, x'06');
    INSERT INTO visibility VALUES ('d', 'r1', 'w', 't', 'l', 5, 5, 9, 0, 4, 0, x'07', '{}', 9);
    INSERT INTO visibility VALUES ('d', 'r2', 'x', 't', 'l', 3, 3, NULL, NULL, 0, 1, NULL, NULL, 3);
"""


async def test_an_older_database_becomes_a_new_one(tmp_path: Path) -> None:
    tables = [f"SELECT * FROM {name} ORDER BY 1, 2" for name in ("domains", "current_runs", "runs", "events")]
    tables.append("SELECT * FROM visibility ORDER BY 1, 2")
    with sqlite3.connect(tmp_path / "a.db") as older:
        older.executescript(f"{textwrap.dedent(VERSION_1)} PRAGMA application_id = {APPLICATION_ID};")
        before = [older.execute(table).fetchall() for table in tables]
    older.close()
    schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
    new = SqliteStore()
    for _ in range(2):
        store = SqliteStore(tmp_path / "a.db")
        assert store.read_one("PRAGMA user_version") == (VERSION,)
        assert store.read(schema) == new.read(schema)
        assert [store.read(table) for table in tables] == before
        await store.close()
    await new.close()


@pytest.mark.parametrize("content", [b"hello", b"x" * 5_000, b"SQLite format 3\0" + b"\xff" * 20])
def test_what_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    refused(path, "not a database|another program")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_damaged_database_is_left_alone(tmp_path: Path, part: float) -> None:
    path = tmp_path / "a.db"
    ours(path)
    content = bytearray(path.read_bytes())
    at = int(len(content) * part) // 4096 * 4096
    content[at : at + 4096] = bytes([0xA5]) * 4096
    path.write_bytes(content)
    refused(path, "damaged|can't be read")


def test_a_database_that_was_cut_off_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    ours(path)
    path.write_bytes(path.read_bytes()[: 4096 * 3])
    refused(path, "damaged|can't be read")


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.touch()
    ours(path)


def test_a_file_that_cannot_be(tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "a.db", tmp_path):
        with pytest.raises(StoreError, match=r"can't be opened|can't be used"):
            SqliteStore(path)


async def test_one_server_at_a_time(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    with pytest.raises(StoreError, match="locked") as told:
        SqliteStore(tmp_path / "a.db")
    assert "another server has it open" in str(told.value)
    store.write(PUT, row(0))
    await store.close()
    store = SqliteStore(tmp_path / "a.db")
    assert store.read_one(COUNT) == (1,)
    await store.close()


async def test_a_read_between_a_commit_and_its_thread(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    assert store._committer is not None
    go = threading.Event()
    store._committer.submit(go.wait)
    store.write(PUT, row(1))
    await asyncio.sleep(0)
    assert store._is_committing
    store.write(PUT, row(2))
    assert store.read_one(COUNT) == (2,)
    store.write(PUT, row(3))
    go.set()
    await store.committed()
    store.write(PUT, row(4))
    await store.close()
    again = SqliteStore(tmp_path / "a.db")
    assert again.read_one(COUNT) == (4,)
    await again.close()


async def test_an_error_that_is_told_again_does_not_grow(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    store.write("no SQL at all")
    lengths = []
    for _ in range(20):
        with pytest.raises(StoreError) as caught:
            await store.committed()
        lengths.append(len(caught.traceback))
    assert len(set(lengths[1:])) == 1
    await store.close()
