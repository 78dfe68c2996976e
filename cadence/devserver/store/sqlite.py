"""The store: SQLite in memory, or on a file that survives `kill -9` and loss of power.

The event loop runs the statements, which touches memory alone; a thread commits them, which waits for the disk. What is
queued meanwhile goes into the next commit, so one fsync serves all who wait (group commit). In memory there is nothing
to wait for: queued statements are run when somebody reads, or when enough of them have gathered. After the first error
nothing is read or written any more, since nobody knows what the file holds.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cadence.devserver.store.interface import StoreError
from cadence.devserver.store.opening import open_database

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ("SqliteStore",)

_log = logging.getLogger("cadence.devserver")
_GATHER = 500
"""Statements that may be queued in memory before they are run, and run before they are committed: some milliseconds."""

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
        self._connection = open_database(path)
        self._lock = threading.Lock()
        """Held while the connection is used; the loop waits for a commit in flight only where it must read."""
        self._queue: list[Statement] = []
        self._is_dirty = False
        """True while statements were run and not committed."""
        self._uncommitted = 0
        """How many, where all is in memory."""
        self._error: StoreError | None = None
        self._failure: sqlite3.Error | None = None
        """Why a commit failed, before the loop knows of it."""
        self._waiters: list[asyncio.Future[None]] = []
        """Who waits for the commit after the one in flight."""
        self._is_committing = False
        self._is_due = False
        """True while a commit is about to begin."""
        self._committer = ThreadPoolExecutor(1, "cadence-devserver-store") if self.durable else None

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
        if self._error is not None:
            return  # whoever promises it to a caller hears of the error from `committed`
        self._queue.extend(statements)
        if self.durable:
            self._schedule()
        elif len(self._queue) >= _GATHER:
            self._run_queue()

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows.

        Raises:
            StoreError: The database can't be read or written.
        """
        with self._lock:
            self._run_queue()
            self._refuse()
            try:
                return self._connection.execute(sql, parameters).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._broken(error) from error

    def read_one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Run a query and return its first row, or None.

        Raises:
            StoreError: The database can't be read or written.
        """
        rows = self.read(sql, parameters)
        return rows[0] if rows else None

    async def committed(self) -> None:
        """Return when everything queued so far is safe.

        Raises:
            StoreError: It could not be written.
        """
        self._refuse()
        if not (self._is_dirty or self._queue or self._is_committing) or not self.durable:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(future)
        self._schedule()
        await future

    async def close(self) -> None:
        """Write what is queued and close; after an error, which was told before, close alone.

        Raises:
            StoreError: It could not be written.
        """
        if self._committer is None:
            self._connection.close()
            return
        try:
            if self._error is None:
                await self.committed()
        finally:
            self._committer.shutdown()
            self._connection.close()

    # --- writing ---

    def _run_queue(self) -> None:
        """Run what is queued; the lock is held where others might use the connection."""
        if self._failure is not None:
            self._broken(self._failure)
        queue, self._queue = self._queue, []
        if not queue or self._error is not None:
            return
        execute = self._connection.execute
        try:
            # A commit may be on its way to the other thread and not have begun: then these are committed with it.
            if not self._connection.in_transaction:
                execute("BEGIN")
            self._is_dirty = True
            for sql, parameters in queue:
                execute(sql, parameters)
            if not self.durable:
                self._commit_many(len(queue))
        except (sqlite3.Error, OverflowError, ValueError) as error:
            self._broken(error)

    def _commit_many(self, count: int) -> None:
        """In memory, commit once in a while: nobody waits for it, and each costs as much as many statements."""
        self._uncommitted += count
        if self._uncommitted >= _GATHER:
            self._connection.execute("COMMIT")
            self._uncommitted = 0

    def _schedule(self) -> None:
        """Have a commit begin when the loop has seen to all that is ready now."""
        if not self._is_due and not self._is_committing:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._begin_commit)

    def _begin_commit(self) -> None:
        self._is_due = False
        if self._is_committing or self._committer is None:
            return
        with self._lock:
            self._run_queue()
        waiters, self._waiters = self._waiters, []
        if not self._is_dirty or self._error is not None:
            self._tell(waiters)
            return
        self._is_committing = True
        self._is_dirty = False
        loop = asyncio.get_running_loop()

        def done(commit: Future[None]) -> None:
            loop.call_soon_threadsafe(self._end_commit, commit.exception(), waiters)

        self._committer.submit(self._commit).add_done_callback(done)

    def _commit(self) -> None:
        with self._lock:
            try:
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                # The loop may read before it hears of this; it must not go on from what is there now.
                self._failure = error
                raise

    def _end_commit(self, error: BaseException | None, waiters: list[asyncio.Future[None]]) -> None:
        self._is_committing = False
        if error is not None:
            self._broken(error)
        self._tell(waiters)
        if self._waiters or self._queue or self._is_dirty:
            self._schedule()

    def _tell(self, waiters: list[asyncio.Future[None]]) -> None:
        for future in waiters:
            if future.done():
                continue
            if self._error is None:
                future.set_result(None)
            else:
                future.set_exception(_again(self._error))

    def _refuse(self) -> None:
        """Raise what went wrong once, if anything did."""
        if self._error is not None:
            raise _again(self._error)

    def _broken(self, cause: BaseException) -> StoreError:
        """Refuse everything from here on: after a failed commit nobody knows what the file holds."""
        if self._error is None:
            self._error = StoreError(
                f"{self._path} can't be written or read: {cause}", hint="see to the disk, then start again"
            )
            self._error.__cause__ = cause
            _log.critical("%s", self._error)
            if self._connection.in_transaction:
                try:
                    self._connection.execute("ROLLBACK")
                except sqlite3.Error as error:
                    _log.debug("the transaction could not be undone either: %s", error)
        self._queue.clear()
        return self._error


def _again(error: StoreError) -> StoreError:
    """The same error for another who asked: one object would gather the places where it was ever raised."""
    again = StoreError(*error.args, hint=error.hint)
    again.__cause__ = error.__cause__
    return again
