"""Markers and upserts: decisions that are done as soon as they are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cadence import api
from cadence.api.enums import DecisionType
from cadence.engine import determinism

if TYPE_CHECKING:
    from cadence.engine.stacks import Place

__all__ = (
    "CHANGE_VERSION",
    "LOCAL_ACTIVITY",
    "MUTABLE_SIDE_EFFECT",
    "SIDE_EFFECT",
    "VERSION",
    "FreeMarker",
    "FreeUpsert",
    "Marker",
    "Upsert",
    "bytes_of",
    "text_of",
)

VERSION = "Version"
SIDE_EFFECT = "SideEffect"
MUTABLE_SIDE_EFFECT = "MutableSideEffect"
LOCAL_ACTIVITY = "LocalActivity"
CHANGE_VERSION = "CadenceChangeVersion"
"""The search attribute that lists a run's versions."""


class Marker:
    """A marker that history must confirm: a side effect, or a local activity's end."""

    __slots__ = ("details", "header", "marker_id", "name", "place")

    is_compared: ClassVar[bool] = True

    def __init__(
        self,
        name: str,
        details: bytes | None,
        place: Place | None,
        marker_id: str = "",
        header: dict[str, bytes] | None = None,
    ) -> None:
        self.name = name
        self.details = details
        self.place = place
        self.marker_id = marker_id
        self.header = header

    def describe(self) -> str:
        """Return it in a few words."""
        return f'marker "{self.name}"' + (f" (id {self.marker_id})" if self.marker_id else "")

    def decision(self) -> api.Decision:
        """Return the decision that records it."""
        attributes = api.RecordMarkerDecisionAttributes(
            marker_name=self.name, details=self.details, header=api.Header(fields=self.header) if self.header else None
        )
        return api.Decision(decision_type=DecisionType.RecordMarker, record_marker_decision_attributes=attributes)

    def recorded(self, event: api.HistoryEvent) -> None:
        """Compare with the event that recorded it."""
        attributes: Any = event.marker_recorded_event_attributes
        if attributes.marker_name != self.name:
            raise determinism.mismatch(event, self)


class FreeMarker(Marker):
    """A marker that is only sent: a version's, or a mutable side effect's."""

    __slots__ = ()

    is_compared: ClassVar[bool] = False


class Upsert:
    """Search attributes that are set."""

    __slots__ = ("attributes", "place")

    is_compared: ClassVar[bool] = True

    def __init__(self, attributes: api.SearchAttributes | None, place: Place | None) -> None:
        self.attributes = attributes
        self.place = place

    def describe(self) -> str:
        """Return it in a few words."""
        return "upsert of search attributes"

    def decision(self) -> api.Decision:
        """Return the decision that sets them."""
        return api.Decision(
            decision_type=DecisionType.UpsertWorkflowSearchAttributes,
            upsert_workflow_search_attributes_decision_attributes=(
                api.UpsertWorkflowSearchAttributesDecisionAttributes(search_attributes=self.attributes)
            ),
        )


class FreeUpsert(Upsert):
    """The upsert that follows a version's marker."""

    __slots__ = ()

    is_compared: ClassVar[bool] = False


_BINARY = "\x00latin-1:"


def text_of(data: bytes) -> str:
    """Return a payload as text, for markers whose details are JSON.

    Payloads of codecs are no text: Latin-1 keeps every byte of them, and a mark before it tells `bytes_of`.
    """
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _BINARY + data.decode("latin-1")


def bytes_of(text: str) -> bytes:
    """Return what `text_of` was given."""
    return text[len(_BINARY) :].encode("latin-1") if text.startswith(_BINARY) else text.encode()
