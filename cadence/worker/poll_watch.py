"""Tells when the polls of one kind get no slot, or no answer, for long: once when it begins, and once when it is over.

A group of pollers tells it what happens and has it look now and then; all times are given to it, so it has no clock of
its own. It stops nothing: a poll without an answer is cut off by its own deadline, and slots are others' to free.
"""

from __future__ import annotations

import logging

__all__ = ("LOOK_EVERY", "PollWatch")

_log = logging.getLogger("cadence.worker")

LOOK_EVERY = 5.0
"""Seconds between two looks."""

# The first where the last poll found its task waiting, so that others may wait, too; the second where it didn't: a
# worker with few slots may be meant to be busy for long.
_STARVED_AFTER, _BUSY_AFTER = 30.0, 300.0
# Servers answer an empty poll after a minute, those of sticky lists after two at most.
_UNANSWERED_AFTER = 130.0
# A poll that waited this long for its task found no backlog: the slots are enough again.
_NO_BACKLOG = 1.0


class PollWatch:
    """Watches the polls of one group."""

    __slots__ = ("_found_waiting", "_out", "_slots", "_starving_since", "_what", "is_starved", "is_unanswered")

    def __init__(self, what: str, slots: int) -> None:
        """Prepare.

        Args:
            what: What is polled for, for the log.
            slots: How many there are.
        """
        self._what = what
        self._slots = slots
        self._out: dict[object, float] = {}
        self._found_waiting = False
        self._starving_since: float | None = None
        self.is_starved = False
        """No poll could be made for long, as all slots were taken; True until a poll finds no backlog."""
        self.is_unanswered = False
        """A poll is out for longer than any server leaves one without an answer."""

    def starve(self, now: float) -> None:
        """Note that all pollers wait for a slot; holds until the next poll."""
        if self._starving_since is None:
            self._starving_since = now

    def begin(self, poll: object, now: float) -> None:
        """Note that a poll is made."""
        self._starving_since = None
        self._out[poll] = now

    def end(self, poll: object) -> None:
        """Note that a poll has ended, answered or not."""
        self._out.pop(poll, None)

    def note_answer(self, poll: object, now: float, *, brought_task: bool) -> None:
        """Note that a poll, which goes on until `end`, was answered."""
        self._found_waiting = brought_task and now - self._out[poll] < _NO_BACKLOG
        if self.is_starved and not self._found_waiting:
            self.is_starved = False
            _log.info("%s find free slots again", self._what)
        if self.is_unanswered:
            self.is_unanswered = False
            _log.info("polls for %s are answered in time again", self._what)

    def look(self, now: float) -> None:
        """Tell what is wrong by now."""
        patience = _STARVED_AFTER if self._found_waiting else _BUSY_AFTER
        if not self.is_starved and self._starving_since is not None and now - self._starving_since >= patience:
            self.is_starved = True
            _log.warning(
                "all %d slots are taken for %.0f s already, so nothing polls for %s: raise the limit, add workers, or "
                "see what hangs",
                self._slots,
                now - self._starving_since,
                self._what,
            )
        if not self.is_unanswered and self._out:
            waited = now - min(self._out.values())
            if waited >= _UNANSWERED_AFTER:
                self.is_unanswered = True
                _log.warning(
                    "a poll for %s has no answer for %.0f s already, where servers answer within two minutes: is "
                    "something between here and the server that holds connections open?",
                    self._what,
                    waited,
                )
