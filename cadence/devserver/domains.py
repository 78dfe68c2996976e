"""The domains of this server: found by name or id, registered, changed, kept in the store.

Every RPC that names a domain asks here first, so a look-up is one dict access. A change is seen at once and written
with the store's next commit: whoever promises it to a caller awaits `committed()`. It knows nothing of the wire
(`frontend.domains` makes the answers) and nothing of runs.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from cadence.api.enums import ArchivalStatus, DomainStatus
from cadence.api.errors import BadRequestError, DomainAlreadyExistsError, EntityNotExistsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ("BadBinary", "Domain", "DomainRegistry", "DomainRows")

_NAME = re.compile(r"[A-Za-z0-9-]+")
_NAME_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class BadBinary:
    """A worker build that must not answer decision tasks any more."""

    reason: str
    operator: str
    created_nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A namespace of workflows, task lists and their settings."""

    id: str
    """UUID; what runs and task tokens refer to."""
    name: str
    status: DomainStatus = DomainStatus.REGISTERED
    description: str = ""
    owner_email: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    retention_days: int = 0
    """Days that closed runs are kept; 0 as the real server takes it: they go soon after they close."""
    emit_metric: bool = True
    is_global: bool = False
    history_archival: ArchivalStatus = ArchivalStatus.DISABLED
    history_archival_uri: str = ""
    visibility_archival: ArchivalStatus = ArchivalStatus.DISABLED
    visibility_archival_uri: str = ""
    bad_binaries: Mapping[str, BadBinary] = field(default_factory=dict)
    """By checksum."""

    @property
    def is_registered(self) -> bool:
        """False once it is deprecated: then nothing new starts in it."""
        return self.status == DomainStatus.REGISTERED


class DomainRows(Protocol):
    """Where domains are kept."""

    def load_domains(self) -> Iterable[bytes]:
        """Return every record that was saved and not deleted."""

    def save_domain(self, domain_id: str, name: str, record: bytes) -> None:
        """Put or replace a record with the next commit."""

    def delete_domain(self, domain_id: str) -> None:
        """Drop a record with the next commit."""

    async def committed(self) -> None:
        """Return when everything changed so far is safe."""


class DomainRegistry:
    """All domains, in memory and in the store."""

    def __init__(self, rows: DomainRows, *, auto_register: bool, retention_days: int) -> None:
        """Load the domains of a store.

        Args:
            rows: The store.
            auto_register: Whether `require` registers what it does not find.
            retention_days: Of domains registered that way.
        """
        self._rows = rows
        self._auto_register = auto_register
        self._retention_days = retention_days
        self._by_name: dict[str, Domain] = {}
        self._by_id: dict[str, Domain] = {}
        for record in rows.load_domains():
            self._keep(_read(record))

    def require(self, name: str | None) -> Domain:
        """Return the domain that a request names, registering it if that is allowed.

        A domain registered here is written with the store's next commit, thus before any answer that depends on it.

        Raises:
            BadRequestError: The name is empty, or can't be a domain's.
            EntityNotExistsError: There is no such domain.
        """
        found = self._by_name.get(name or "")
        if found is not None:
            return found
        if not name:
            msg = "Domain name is empty"
            raise BadRequestError(msg)
        if not self._auto_register or not isinstance(name, str):  # a name that is not UTF-8 comes as bytes
            raise _unknown(name)
        return self.register(Domain(id=str(uuid.uuid4()), name=name, retention_days=self._retention_days))

    def find(self, name: str) -> Domain:
        """Return a domain that is there.

        Raises:
            EntityNotExistsError: There is no such domain.
        """
        found = self._by_name.get(name)
        if found is None:
            raise _unknown(name)
        return found

    def by_id(self, domain_id: str) -> Domain:
        """Return the domain with an id, as runs and task tokens carry it.

        Raises:
            EntityNotExistsError: There is none.
        """
        found = self._by_id.get(domain_id)
        if found is None:
            raise _unknown(domain_id)
        return found

    def all(self) -> list[Domain]:
        """Return every domain, by name."""
        return sorted(self._by_name.values(), key=lambda domain: domain.name)

    def register(self, domain: Domain) -> Domain:
        """Add a domain.

        Raises:
            BadRequestError: Its name can't be one.
            DomainAlreadyExistsError: The name is taken.
        """
        if domain.name in self._by_name:
            msg = "Domain already exists."
            raise DomainAlreadyExistsError(msg)
        if len(domain.name) > _NAME_LIMIT:
            msg = "Domain length exceeds limit."
            raise BadRequestError(msg)
        if not _NAME.fullmatch(domain.name):
            msg = "Domain name can only include alphanumeric and dash characters."
            raise BadRequestError(msg)
        return self._save(domain)

    def update(self, name: str, change: Callable[[Domain], Domain]) -> Domain:
        """Replace a domain by what `change` makes of it; id and name stay.

        Raises:
            EntityNotExistsError: There is no such domain.
        """
        old = self.find(name)
        return self._save(replace(change(old), id=old.id, name=old.name))

    def delete(self, name: str) -> None:
        """Forget a domain.

        Raises:
            EntityNotExistsError: There is no such domain.
        """
        domain = self.find(name)
        del self._by_name[domain.name], self._by_id[domain.id]
        self._rows.delete_domain(domain.id)

    async def committed(self) -> None:
        """Return when every change so far is safe."""
        await self._rows.committed()

    def _save(self, domain: Domain) -> Domain:
        self._rows.save_domain(domain.id, domain.name, _written(domain))
        self._keep(domain)
        return domain

    def _keep(self, domain: Domain) -> None:
        self._by_name[domain.name] = domain
        self._by_id[domain.id] = domain


def _unknown(name: str) -> EntityNotExistsError:
    # The list of clusters is required on the wire; the real server sends it empty here.
    return EntityNotExistsError(f"Domain {name} does not exist.", active_clusters=[])


def _written(domain: Domain) -> bytes:
    return json.dumps(asdict(domain), separators=(",", ":")).encode()


def _read(record: bytes) -> Domain:
    fields: dict[str, Any] = json.loads(record)
    fields["status"] = DomainStatus(fields["status"])
    fields["history_archival"] = ArchivalStatus(fields["history_archival"])
    fields["visibility_archival"] = ArchivalStatus(fields["visibility_archival"])
    fields["bad_binaries"] = {checksum: BadBinary(**row) for checksum, row in fields["bad_binaries"].items()}
    return Domain(**fields)
