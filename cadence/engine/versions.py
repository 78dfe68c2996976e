"""`get_version`: which version of a change this run follows, and the markers that keep the answer.

Known from markers that are read ahead, or decided now and put into a marker with an upsert of `CadenceChangeVersion`,
in Go's form; Java's and 1.x's are read. Code that never comes to a change again may drop it: nothing is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from cadence import api
from cadence.engine.machines.marker import CHANGE_VERSION, VERSION, FreeMarker, FreeUpsert
from cadence.exceptions import NondeterminismError

if TYPE_CHECKING:
    from cadence.engine.ledger import Ledger
    from cadence.engine.stacks import Place

__all__ = ("DEFAULT_VERSION", "Versions", "read_version")

DEFAULT_VERSION = -1
_HEADER = "MutableMarkerHeader"


class Versions:
    """The versions of one run."""

    __slots__ = ("_ledger", "known")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.known: dict[str, int] = {}
        """Change id -> version."""

    def read_ahead(self, attributes: api.MarkerRecordedEventAttributes) -> None:
        """Learn a version from a marker that the code is about to come to."""
        found = read_version(attributes)
        if found is not None:
            self.known[found[0]] = found[1]

    def get(self, change_id: str, minimum: int, maximum: int, place: Place | None) -> int:
        """Return the version to follow, deciding it where it isn't known yet.

        Raises:
            StopRun: The code doesn't support the version that this run follows.
        """
        ledger = self._ledger
        version = self.known.get(change_id)
        if version is None:
            ledger.check_open()
            version = maximum if ledger.is_new else DEFAULT_VERSION
            self._check(change_id, version, minimum, maximum)
            if ledger.is_new and version != DEFAULT_VERSION:
                self._record(change_id, version, place)
            self.known[change_id] = version
            return version
        self._check(change_id, version, minimum, maximum)
        return version

    def _record(self, change_id: str, version: int, place: Place | None) -> None:
        details = b"%s\n%d\n" % (msgspec.json.encode(change_id), version)
        names = [f"{change_id}-{version}", *(f"{known}-{number}" for known, number in self.known.items())]
        fields = {CHANGE_VERSION: msgspec.json.encode(names)}
        self._ledger.ask(FreeMarker(VERSION, details, place, change_id))
        self._ledger.ask(FreeUpsert(api.SearchAttributes(indexed_fields=fields), place))

    def _check(self, change_id: str, version: int, minimum: int, maximum: int) -> None:
        if minimum <= version <= maximum:
            return
        ledger = self._ledger
        what = "the code from before the change" if version == DEFAULT_VERSION else f"version {version}"
        report = (
            f'this run follows {what} of change "{change_id}", and the code supports versions {minimum} to {maximum}: '
            + (
                "keep the old branch until no such run is open"
                if version < minimum
                else "it began on a worker with newer code; run that here, too"
            )
        )
        raise ledger.stop(NondeterminismError(report, event_id=ledger.event_id))


def read_version(attributes: api.MarkerRecordedEventAttributes) -> tuple[str, int] | None:
    """Return change id and version of a marker in whichever client's form; None where it is no version's."""
    details = attributes.details or b""
    header = attributes.header.fields if attributes.header is not None else None
    try:
        if header and _HEADER in header:
            return msgspec.json.decode(header[_HEADER])["id"], int(msgspec.json.decode(details))
        documents: list[Any] = msgspec.json.Decoder().decode_lines(details)
        if len(documents) == 1 and isinstance(documents[0], dict):
            return documents[0]["id"], int(msgspec.json.decode(_old_data(documents[0]["data"])))
        return str(documents[0]), int(documents[1])
    except (msgspec.MsgspecError, KeyError, IndexError, TypeError, ValueError):
        return None


def _old_data(data: Any) -> bytes:
    """The bytes of an old Java or 1.x marker: a list of signed bytes, or text."""
    return data.encode() if isinstance(data, str) else bytes(byte & 0xFF for byte in data)
