"""The contract between the server and what keeps its state.

Changes are queued in order and become safe together: `committed()` returns when everything queued so far is. Reads see
what was queued before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from cadence.exceptions import CadenceError

__all__ = ("Store", "StoreError")


class StoreError(CadenceError):
    """The database can't be opened, read or written. Nothing that was not acknowledged before is promised."""


class Store(Protocol):
    """Keeps domains, runs, histories and what lists show."""

    durable: bool
    """False where nothing outlives the process."""

    def load_domains(self) -> Iterable[bytes]:
        """Return every domain's record."""

    def save_domain(self, domain_id: str, name: str, record: bytes) -> None:
        """Put or replace a domain's record."""

    def delete_domain(self, domain_id: str) -> None:
        """Drop a domain's record."""

    def write(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Queue one statement."""

    def write_all(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Queue statements that become safe together or not at all."""

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""

    def read_one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Run a query and return its first row, or None."""

    async def committed(self) -> None:
        """Return when everything queued so far is safe.

        Raises:
            StoreError: It could not be written.
        """

    async def close(self) -> None:
        """Write what is queued and close."""
