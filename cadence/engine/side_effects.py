"""Side effects: values made once and kept in markers, read ahead in replay before the code asks for them.

The markers have Go's form. A mutable side effect's also says, as Java's do, at which call since the last one its value
changed, so that several changes between two decisions replay as they were; where it doesn't (Go), the last one counts.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from cadence.engine import determinism
from cadence.engine.machines.marker import (
    MUTABLE_SIDE_EFFECT,
    SIDE_EFFECT,
    FreeMarker,
    Marker,
    bytes_of,
    text_of,
)
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cadence import api
    from cadence.engine.errors import StopRun
    from cadence.engine.ledger import Ledger
    from cadence.engine.stacks import Place

__all__ = ("SideEffects",)

_HEADER = "MutableMarkerHeader"
_MISSING = "History has no value for it: was the call added, or moved, since this run began?"


class _Mutable:
    """One mutable side effect."""

    __slots__ = ("ahead", "calls", "data", "is_known")

    def __init__(self) -> None:
        self.data: bytes | None = None
        self.is_known = False
        self.calls = 0
        """Calls since its value was last kept."""
        self.ahead: deque[tuple[int | None, bytes | None]] = deque()
        """Values that history has and the code hasn't come to: at which call, and what."""


class SideEffects:
    """The side effects of one run."""

    __slots__ = ("_ahead", "_ledger", "_mutable")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._ahead: deque[tuple[str | None, bytes | None]] = deque()
        self._mutable: dict[str, _Mutable] = {}

    def read_ahead(self, attributes: api.MarkerRecordedEventAttributes) -> None:
        """Learn a value from a marker that the code is about to come to."""
        if attributes.marker_name == SIDE_EFFECT:
            self._ahead.append(_read_side_effect(attributes))
            return
        effect_id, calls, data = _read_mutable(attributes)
        effect = self._mutable.setdefault(effect_id, _Mutable())
        if calls is None:
            effect.ahead.clear()
        effect.ahead.append((calls, data))

    def forget_ahead(self) -> None:
        """Drop what the code of the last decision task didn't come to."""
        self._ahead.clear()

    def once(self, function: Callable[[], object], result_type: Any, place: Place | None) -> Any:
        """Return what the function returned when the code came here first.

        Raises:
            StopRun: History has no value for it, or the function failed.
        """
        ledger = self._ledger
        ledger.check_open()
        effect_id = ledger.next_id()
        if not ledger.is_new:
            data = self._recorded(effect_id, place)
            details = None
        else:
            ledger.reader = "a side effect's function"
            try:
                data = ledger.converter.encode_value(function(), place="side effect")
            except Exception as error:  # told as the reason why the run stops
                raise self._failed("a side effect", error) from error
            finally:
                ledger.reader = ""
            details = b'%s\n"%s"\n' % (effect_id.encode(), base64.b64encode(data or b""))
        ledger.ask(Marker(SIDE_EFFECT, details, place, effect_id))
        return ledger.converter.decode_value(data, result_type, place="side effect")

    def changing(
        self,
        effect_id: str,
        function: Callable[[], object],
        result_type: Any,
        equal: Callable[[Any, Any], bool],
        place: Place | None,
    ) -> Any:
        """Return what the function returned at this call, keeping it only where it changed.

        Raises:
            StopRun: History has no value for it, or a function failed.
        """
        ledger = self._ledger
        ledger.check_open()
        effect = self._mutable.setdefault(effect_id, _Mutable())
        converter = ledger.converter
        where = f"mutable side effect {effect_id!r}"
        if not ledger.is_new:
            self._replay(effect, effect_id, place)
            return converter.decode_value(effect.data, result_type, place=where)
        ledger.reader = "a side effect's function"
        try:
            value = function()
            data = converter.encode_value(value, place=where)
            is_same = effect.is_known and equal(converter.decode_value(effect.data, result_type, place=where), value)
        except Exception as error:  # told as the reason why the run stops
            raise self._failed(where, error) from error
        finally:
            ledger.reader = ""
        if is_same:
            effect.calls += 1
            return converter.decode_value(effect.data, result_type, place=where)
        self._keep(effect, effect_id, data, place)
        return converter.decode_value(data, result_type, place=where)

    def _failed(self, what: str, error: Exception) -> StopRun:
        """Stop the run: code that went on would come here again in replay, and find nothing in history."""
        stopped = ConfigurationError(
            f"{what} failed, {type(error).__name__}: {error}", hint="work that can fail belongs in an activity"
        )
        stopped.__cause__ = error
        return self._ledger.stop(stopped)

    def _recorded(self, effect_id: str, place: Place | None) -> bytes | None:
        ledger = self._ledger
        if not self._ahead:
            what = f"side effect (id {effect_id})"
            raise ledger.stop(determinism.unanswerable(ledger.event_id, what, place, _MISSING))
        recorded_id, data = self._ahead.popleft()
        if recorded_id is not None and recorded_id != effect_id:
            what = f"side effect (id {effect_id}) where history has id {recorded_id}"
            raise ledger.stop(determinism.unanswerable(ledger.event_id, what, place, _MISSING))
        return data

    def _replay(self, effect: _Mutable, effect_id: str, place: Place | None) -> None:
        if effect.ahead:
            calls, data = effect.ahead[0]
            if calls is None or effect.calls >= calls:
                effect.ahead.popleft()
                effect.data, effect.is_known, effect.calls = data, True, 0
                return
        if not effect.is_known:
            what = f"mutable side effect {effect_id!r}"
            raise self._ledger.stop(determinism.unanswerable(self._ledger.event_id, what, place, _MISSING))
        effect.calls += 1

    def _keep(self, effect: _Mutable, effect_id: str, data: bytes | None, place: Place | None) -> None:
        details = b"%s\n%s\n" % (msgspec.json.encode(effect_id), msgspec.json.encode(text_of(data or b"")))
        header = msgspec.json.encode({"id": effect_id, "eventId": 0, "accessCount": effect.calls})
        self._ledger.ask(FreeMarker(MUTABLE_SIDE_EFFECT, details, place, effect_id, {_HEADER: header}))
        effect.data, effect.is_known, effect.calls = data, True, 0


def _read_side_effect(attributes: api.MarkerRecordedEventAttributes) -> tuple[str | None, bytes | None]:
    details = attributes.details or b""
    try:
        documents: list[Any] = msgspec.json.Decoder().decode_lines(details)
    except msgspec.MsgspecError:
        return None, details
    if len(documents) == 2 and isinstance(documents[0], int) and isinstance(documents[1], str):
        return str(documents[0]), base64.b64decode(documents[1]) or None
    return None, details or None  # Java: the value alone


def _read_mutable(attributes: api.MarkerRecordedEventAttributes) -> tuple[str, int | None, bytes | None]:
    details = attributes.details or b""
    header = (attributes.header.fields if attributes.header is not None else None) or {}
    mark = msgspec.json.decode(header[_HEADER]) if _HEADER in header else None
    documents: list[Any] = msgspec.json.Decoder().decode_lines(details) if details else []
    if len(documents) == 2 and isinstance(documents[1], str):
        calls = None if mark is None else int(mark["accessCount"])
        return str(documents[0]), calls, bytes_of(documents[1]) or None
    return (str(mark["id"]), int(mark["accessCount"]), details) if mark is not None else ("", None, details)
