"""Domains are found, registered on first use, changed, and there again when the server is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadence.api.enums import DomainStatus
from cadence.api.errors import BadRequestError, DomainAlreadyExistsError, EntityNotExistsError
from cadence.devserver.domains import BadBinary, Domain, DomainRegistry


class Rows:
    """A store of domains in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_domains(self) -> list[bytes]:
        return list(self.kept.values())

    def save_domain(self, domain_id: str, name: str, record: bytes) -> None:
        self.kept[domain_id] = record

    def delete_domain(self, domain_id: str) -> None:
        del self.kept[domain_id]

    async def committed(self) -> None:
        return


def registry(rows: Rows | None = None, *, auto_register: bool = True) -> DomainRegistry:
    return DomainRegistry(rows or Rows(), auto_register=auto_register, retention_days=3)


def test_a_domain_is_registered_when_it_is_first_named() -> None:
    domains = registry()
    first = domains.require("samples")
    assert first.name == "samples"
    assert first.retention_days == 3
    assert first.is_registered
    assert domains.require("samples") is first
    assert domains.by_id(first.id) is first


def test_unless_that_is_not_wanted() -> None:
    domains = registry(auto_register=False)
    with pytest.raises(EntityNotExistsError) as caught:
        domains.require("nope")
    assert caught.value.message == "Domain nope does not exist."
    assert caught.value.active_clusters == []
    for call in (domains.find, domains.by_id, domains.delete, lambda name: domains.update(name, lambda old: old)):
        with pytest.raises(EntityNotExistsError):
            call("nope")


@pytest.mark.parametrize("name", [None, ""])
def test_a_domain_has_a_name(name: str | None) -> None:
    with pytest.raises(BadRequestError, match="Domain name is empty"):
        registry().require(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("my_domain", "Domain name can only include alphanumeric and dash characters."),
        ("a b", "Domain name can only include alphanumeric and dash characters."),
        ("a\n", "Domain name can only include alphanumeric and dash characters."),
        ("x" * 1001, "Domain length exceeds limit."),
    ],
)
def test_and_a_well_formed_one(name: str, message: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        registry().require(name)
    assert caught.value.message == message


def test_a_name_is_taken_once() -> None:
    domains = registry()
    domains.register(Domain(id="1", name="samples"))
    with pytest.raises(DomainAlreadyExistsError, match=r"Domain already exists\."):
        domains.register(Domain(id="2", name="samples"))


def test_everything_is_there_again() -> None:
    rows = Rows()
    domains = registry(rows)
    domains.register(Domain(id="1", name="b", description="d", owner_email="o", data={"k": "v"}, retention_days=7))
    domains.register(Domain(id="2", name="a", bad_binaries={"sum": BadBinary("bad", "me", 5)}))
    domains.register(Domain(id="3", name="c"))
    domains.update("a", lambda old: replace(old, status=DomainStatus.DEPRECATED, name="ignored", id="ignored"))
    domains.delete("c")
    again = registry(rows)
    assert again.all() == domains.all()
    assert [domain.name for domain in again.all()] == ["a", "b"]
    assert not again.find("a").is_registered
    assert again.by_id("2").bad_binaries["sum"].reason == "bad"


def test_a_change_that_fails_changes_nothing() -> None:
    domains = registry()
    before = domains.require("samples")

    def fail(old: Domain) -> Domain:
        raise BadRequestError("no")

    with pytest.raises(BadRequestError):
        domains.update("samples", fail)
    assert domains.find("samples") is before
