"""From an answer of a frontend to plain data that two frontends can agree on.

Structs become dictionaries of the fields that are set, enums become names, and what differs by nature is masked: times,
tokens, sizes in bytes, and ids, which are numbered in the order of their appearance in a scenario, so that equal ids
stay equal. It knows structs and nothing of scenarios or calls; `stage` feeds it, `comparing` reads its output.
"""

from __future__ import annotations

import re
from typing import Any

from cadence.api._struct import Struct, field_rows, is_enum, resolve, split_map
from cadence.api.enums import EventType
from cadence.exceptions import CadenceError

__all__ = ("Masks",)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"(^|_)(time|timestamp)(_nano|_of_this_attempt)?$|_timestamp_|_at_timestamp$")
_OPAQUE = frozenset(
    {"task_token", "next_page_token", "history_size", "total_history_bytes", "task_id", "read_level", "ack_level"}
    | {"start_id", "end_id", "rate_per_second", "history_archival_uri", "visibility_archival_uri"}
)
_BY_CHANCE = frozenset({"backlog_count_hint", "poller_wait_time_in_ms"})
"""What depends on who came first, the poll or the task: not compared at all."""
_PEER = re.compile(r"^\S+:\d+: ")
_NO_VERSION = -24


class Masks:
    """The masks of one scenario."""

    def __init__(self, prefix: str, domain: str) -> None:
        """Mask ids that begin with the prefix, and the domain's name."""
        self._prefix = prefix
        self._domain = domain
        self._uuids: dict[str, str] = {}

    def plain(self, value: Any, kind: str = "") -> Any:
        """Give plain data for a struct, an error, or anything that is in one.

        Args:
            value: What to mask.
            kind: Its type in the IDL, where that is known.
        """
        if isinstance(value, Struct):
            return self._event(value) if type(value).__name__ == "HistoryEvent" else self._struct(value)
        if isinstance(value, CadenceError):
            return self._error(value)
        if isinstance(value, list):
            return [self.plain(item, kind[5:-1]) for item in value]
        if isinstance(value, dict):
            inner = split_map(kind)[1] if kind.startswith("map<") else ""
            return {self._text(str(key)): self.plain(value[key], inner) for key in sorted(value)}
        if isinstance(value, bytes):
            return self._blob(value)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int) and not isinstance(value, bool) and kind and is_enum(kind):
            names: dict[int, Any] = resolve(kind)._value2member_map_  # type: ignore[attr-defined]
            return names[value].name if value in names else value
        return value

    def _struct(self, value: Any) -> dict[str, Any]:
        found = {}
        for _, name, kind, _ in field_rows(type(value)):
            field = getattr(value, name)
            if field == b"" and name in {"details", "heartbeat_details"}:
                continue  # empty or unset: that depends on whether the real server had it in memory or in its store
            if field is not None and name not in _BY_CHANCE:
                found[name] = self._field(name, kind, field)
        return found

    def _field(self, name: str, kind: str, value: Any) -> Any:
        if name in _OPAQUE:
            return "<set>" if value else "<empty>"
        if isinstance(value, int) and kind == "i64" and _TIME.search(name):
            return "<time>" if value > 0 else value
        return self.plain(value, kind)

    def _event(self, event: Any) -> list[Any]:
        row: list[Any] = [event.event_id, EventType(event.event_type).name]
        attributes: dict[str, Any] = {}
        for _, name, _, _ in field_rows(type(event)):
            value = getattr(event, name)
            if name.endswith("_event_attributes") and value is not None:
                attributes.update(self._struct(value))
        if event.version != _NO_VERSION:
            attributes["event version"] = event.version
        if not event.timestamp:
            attributes["event timestamp"] = event.timestamp
        return [*row, attributes]

    def _error(self, error: Any) -> dict[str, Any]:
        found: dict[str, Any] = {"error": type(error).__name__}
        rows = getattr(type(error), "_fields", ())
        for row in rows:
            value = getattr(error, row[1], None)
            if value is not None:
                found[row[1]] = self.plain(value, row[2])
        if not rows:
            found["message"] = self._text(_PEER.sub("", str(error)))
        return found

    def _blob(self, value: bytes) -> str:
        try:
            text = value.decode()
        except UnicodeDecodeError:
            return f"<{len(value)} bytes>"
        return self._text(text) if len(text) < 1000 else f"<{len(value)} bytes>"

    def _text(self, text: str) -> str:
        text = text.replace(self._prefix, "~").replace(self._domain, "<domain>")
        text = _UUID.sub(lambda found: self._uuids.setdefault(found[0], f"<id {len(self._uuids) + 1}>"), text)
        return text if len(text) < 1000 else f"{text[:20]}... ({len(text)})"
