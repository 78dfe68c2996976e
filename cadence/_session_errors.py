"""What can go wrong with a session; public, and known on the wire, as of `cadence.exceptions`."""

from __future__ import annotations

from cadence._error_root import CadenceError

__all__ = ("SessionFailedError", "SessionNotCreatedError")


class SessionFailedError(CadenceError):
    """The host that held a session is gone; what the session had there is lost, and a new session may be opened.

    `__cause__` is how the session's own activity ended: an ActivityTimedOutError of kind HEARTBEAT where the host died,
    of kind START_TO_CLOSE where the session lasted longer than its execution_timeout, an ActivityFailedError where its
    worker stopped.

    Attributes:
        session_id: The session's name.
        host_name: The host that held it; empty where none did.
    """

    __module__ = "cadence.exceptions"

    ended = "failed"

    def __init__(self, message: str = "", *, session_id: str = "", host_name: str = "") -> None:
        what = f"session {session_id}" if session_id else "the session"
        if host_name:
            what = f"{what} on host {host_name}"
        super().__init__(f"{what} {self.ended}" + (f": {message}" if message else ""))
        self.reason_text = message
        self.session_id = session_id
        self.host_name = host_name


class SessionNotCreatedError(SessionFailedError):
    """No host with a free place took the session within its creation_timeout."""

    __module__ = "cadence.exceptions"

    ended = "was not created"
    hint = "do workers with sessions=True poll that task list, and has one of them a free place?"
