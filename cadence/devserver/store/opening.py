"""Opening the database: a new file, one of ours, or a refusal that leaves the file as it was.

Whose file it is stands in its header, which is read before SQLite gets to see the file; whether it is sound is checked
through a connection that can't write. Only then is it opened for good, for this process alone.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from cadence.devserver.store.interface import StoreError
from cadence.devserver.store.schema import APPLICATION_ID, VERSION, make_tables, migrate

__all__ = ("open_database",)

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100
_VERSION_AT, _APPLICATION_AT = 60, 68
_BUSY_SECONDS = 0.5
"""How long another process may still hold the file, for example one that is ending."""
_NOT_TOUCHED = "name another file, or restore this one; it was not touched"


def open_database(path: str | Path | None) -> sqlite3.Connection:
    """Open a database, and make its tables if it is new.

    Args:
        path: The file; None is a database in memory.

    Raises:
        StoreError: The file can't be opened, is in use, damaged, another program's, or of a newer version.
    """
    if path is None:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        make_tables(connection)
        return connection
    is_new = _is_new(Path(path))
    if not is_new:
        _check(Path(path))
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        msg = f"{path} can't be opened: {error}"
        raise StoreError(msg, hint="name a file in a folder that you may write to") from error
    try:
        # The lock is taken with the first access and kept: a second server must not write the same runs.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        if is_new:
            # Before the log is switched on: the header that says whose file this is must stand in the file itself.
            make_tables(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
        migrate(connection)
    except sqlite3.Error as error:
        connection.close()
        msg = f"{path} can't be used: {error}"
        raise StoreError(msg, hint=_in_use(error)) from error
    return connection


def _is_new(path: Path) -> bool:
    """Whether there is no database yet; refuse what isn't ours.

    Raises:
        StoreError: It can't be read, or isn't a database that we can use.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_SIZE)
    except FileNotFoundError:
        return True
    except OSError as error:
        msg = f"{path} can't be opened: {error}"
        raise StoreError(msg, hint="name a file that you may read and write") from error
    if not header:
        return True
    if len(header) < _HEADER_SIZE or not header.startswith(_MAGIC):
        msg = f"{path} is not a database, or a damaged one"
        raise StoreError(msg, hint=_NOT_TOUCHED)
    version = int.from_bytes(header[_VERSION_AT : _VERSION_AT + 4], "big")
    application = int.from_bytes(header[_APPLICATION_AT : _APPLICATION_AT + 4], "big")
    if application != APPLICATION_ID:
        msg = f"{path} is a database of another program"
        raise StoreError(msg, hint="name another file; this one was not touched")
    if version > VERSION:
        msg = f"{path} was written by a newer version of the dev server ({version}, this one knows {VERSION})"
        raise StoreError(msg, hint="upgrade cadence-client, or name another file; this one was not touched")
    return False


def _check(path: Path) -> None:
    """Look for damage through a connection that can't write.

    Raises:
        StoreError: It is damaged or in use.
    """
    log, index = Path(f"{path}-wal"), Path(f"{path}-shm")
    has_log, had_index = log.exists() and log.stat().st_size > 0, index.exists()
    # Without a log nobody can be writing, and SQLite need not make its own files beside ours.
    address = f"file:{quote(str(path.absolute()))}?" + ("mode=ro" if has_log else "immutable=1")
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)) as connection:
            problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        msg = f"{path} can't be used: {error}"
        raise StoreError(msg, hint=_in_use(error)) from error
    except sqlite3.DatabaseError as error:
        msg = f"{path} can't be read as a database: {error}"
        raise StoreError(msg, hint=_NOT_TOUCHED) from error
    finally:
        if not had_index:
            index.unlink(missing_ok=True)
    if problem != "ok":
        msg = f"{path} is damaged: {problem}"
        raise StoreError(msg, hint=_NOT_TOUCHED)


def _in_use(error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return "another server has it open; stop that one, or name another file"
    return "name a file that you may read and write, on a disk with free space"
