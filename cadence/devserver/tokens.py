"""Task tokens: what a worker gets with a task and sends back with its answer.

To clients they are opaque bytes. They are JSON, as the real server's are; everything in them is checked against the
run's state when they come back, so a forged one can do no more than a guessed one.
"""

from __future__ import annotations

import msgspec

from cadence.api.errors import BadRequestError

__all__ = ("HistoryToken", "Token", "read_history_token", "read_token")


class Token(msgspec.Struct, rename="camel", omit_defaults=True):
    """Which task of which run."""

    domain_id: str = ""
    workflow_id: str = ""
    run_id: str = ""
    scheduled_id: int = msgspec.field(default=0, name="scheduleId")
    attempt: int = msgspec.field(default=0, name="scheduleAttempt")
    started_id: int = 0
    """Of a decision task: the event that started it."""
    activity_id: str = ""
    workflow_type: str = ""
    activity_type: str = ""
    task_list: str = ""
    """Of a query-only task: the list whose poll got it."""
    query_id: str = ""

    def encode(self) -> bytes:
        """Return it as bytes."""
        return _encode(self)


class HistoryToken(msgspec.Struct, rename="camel", omit_defaults=True):
    """Where the next page of a history begins, and where the history it is a page of ends."""

    run_id: str = ""
    first_event_id: int = 1
    """Of the next page."""
    next_event_id: int = 1
    """One behind the last event."""
    long_poll: bool = False
    """Wait for events behind that one."""
    close_event_only: bool = False
    with_transient: bool = False
    """The last page ends with the events of a repeated decision task, which aren't in the history."""

    def encode(self) -> bytes:
        """Return it as bytes."""
        return _encode(self)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Token).decode
_decode_history = msgspec.json.Decoder(HistoryToken).decode


def read_token(data: bytes | None) -> Token:
    """Read a token.

    Raises:
        BadRequestError: These bytes are none.
    """
    if not data:
        msg = "Task token not set on request."
        raise BadRequestError(msg)
    try:
        token = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = "Error deserializing task token."
        raise BadRequestError(msg) from error
    if not token.domain_id:
        msg = "DomainID is empty."
        raise BadRequestError(msg)
    return token


def read_history_token(data: bytes) -> HistoryToken:
    """Read where a page of a history begins.

    Raises:
        BadRequestError: These bytes are none.
    """
    try:
        return _decode_history(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = "Invalid NextPageToken."
        raise BadRequestError(msg) from error
