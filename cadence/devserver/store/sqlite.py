"""The store: SQLite in memory, or on a file that survives `kill -9` and loss of power.

On a file, one thread writes: it takes everything that is queued, commits it with one fsync, and then tells all who
wait for it (group commit). In memory there is nothing to wait for, so queued statements are run when somebody reads or
enough of them have gathered.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cadence.devserver.store.interface import StoreError
from cadence.devserver.store.schema import prepare

__all__ = ("SqliteStore",)

_log = logging.getLogger("cadence.devserver")
_GATHER = 2_000
"""Statements that may be queued in memory before they are run."""

Statement = tuple[str, Sequence[Any]]


class SqliteStore:
    """One database."""

    def __init__(self, path: str | Path | None = None) -> None:
        """Open or make it.

        Args:
            path: The file; None keeps everything in memory.

        Raises:
            StoreError: The file can't be opened, is damaged, or isn't ours.
        """
        self.durable = path is not None
        self._path = str(path) if path is not None else ":memory:"
        self._lock = threading.RLock()
        self._queue: list[Statement] = []
        self._taking = threading.Lock()
        """Held while the queue changes hands: a statement must not be added to one that was just taken."""
        self._error: StoreError | None = None
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._wake = threading.Condition()
        self._closing = False
        self._writing = False
        try:
            self._connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            msg = f"{self._path} can't be opened: {error}"
            raise StoreError(msg, hint="name a file in a folder that you may write to") from error
        try:
            prepare(self._connection, self._path)
            self._connection.execute("PRAGMA cache_size = -65536")
            if self.durable:
                self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
            else:
                self._connection.execute("PRAGMA journal_mode = OFF")
                self._connection.execute("PRAGMA synchronous = OFF")
        except sqlite3.Error as error:
            self._connection.close()
            msg = f"{self._path} can't be used: {error}"
            raise StoreError(msg, hint="another server may have it open") from error
        except StoreError:
            self._connection.close()
            raise
        self._thread: threading.Thread | None = None
        if self.durable:
            self._thread = threading.Thread(target=self._write_on, name="cadence-devserver-store", daemon=True)
            self._thread.start()

    # --- domains ---

    def load_domains(self) -> Iterable[bytes]:
        """Return every domain's record."""
        return [row[0] for row in self.read("SELECT record FROM domains ORDER BY name")]

    def save_domain(self, domain_id: str, name: str, record: bytes) -> None:
        """Put or replace a domain's record."""
        self.write("INSERT OR REPLACE INTO domains (id, name, record) VALUES (?, ?, ?)", (domain_id, name, record))

    def delete_domain(self, domain_id: str) -> None:
        """Drop a domain's record."""
        self.write("DELETE FROM domains WHERE id = ?", (domain_id,))

    # --- rows ---

    def write(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Queue one statement."""
        self.write_all(((sql, parameters),))

    def write_all(self, statements: Sequence[Statement]) -> None:
        """Queue statements that become safe together or not at all."""
        with self._taking:
            self._queue.extend(statements)
        if not self.durable and len(self._queue) >= _GATHER:
            self._run_queue()

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        with self._lock:
            self._run_queue()
            return self._connection.execute(sql, parameters).fetchall()

    def read_one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Run a query and return its first row, or None."""
        with self._lock:
            self._run_queue()
            row: tuple[Any, ...] | None = self._connection.execute(sql, parameters).fetchone()
            return row

    async def committed(self) -> None:
        """Return when everything queued so far is safe.

        Raises:
            StoreError: It could not be written.
        """
        if self._error is not None:
            raise self._error
        if not self.durable or (not self._queue and not self._writing):
            return
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._wake:
            self._waiters.append((loop, future))
            self._wake.notify()
        await future

    async def close(self) -> None:
        """Write what is queued and close."""
        if self._thread is not None:
            with self._wake:
                self._closing = True
                self._wake.notify()
            await asyncio.to_thread(self._thread.join)
        with self._lock:
            if self._error is None:
                self._run_queue()
            self._connection.close()

    # --- writing ---

    def _run_queue(self) -> None:
        """Run what is queued, as one transaction; reads call this too, so that they see it."""
        with self._lock:
            with self._taking:
                queue, self._queue = self._queue, []
            if not queue:
                return
            connection = self._connection
            connection.execute("BEGIN")
            try:
                for sql, parameters in queue:
                    connection.execute(sql, parameters)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _write_on(self) -> None:
        while True:
            with self._wake:
                while not self._waiters and not self._closing:
                    self._wake.wait()
                waiters, self._waiters = self._waiters, []
                if not waiters and self._closing:
                    return
                self._writing = True
            error: StoreError | None = None
            try:
                self._run_queue()
            except sqlite3.Error as cause:
                # After a failed commit nobody knows what the file holds: refuse everything from here on.
                error = StoreError(f"{self._path} can't be written: {cause}", hint="free space, then start again")
                error.__cause__ = cause
                self._error = error
                _log.critical("%s", error)
            self._writing = False
            for loop, future in waiters:
                loop.call_soon_threadsafe(_tell, future, error)


def _tell(future: asyncio.Future[None], error: StoreError | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
