"""Loggers that say what they are about: flat extras for handlers, quiet replay, and text that is safe to print.

A leaf: every room may use it, and it knows none of them. Messages are left as the caller wrote them; what belongs to a
run or an attempt goes into the record as `cadence.workflow_id` and the like, where formatters of the user's choice,
structured ones included, find it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

__all__ = ("ContextLogger", "ReplayAwareLogger", "shortened")

_LONGEST = 75


class ContextLogger(logging.LoggerAdapter[logging.Logger]):
    """Adds the same extras to every record; extras of the call itself stand over them."""

    def __init__(self, logger: logging.Logger, context: Mapping[str, object]) -> None:
        """Wrap a logger.

        Args:
            logger: Where records go.
            context: Names without the prefix, `workflow_id` for example, and their values.
        """
        super().__init__(logger, {f"cadence.{name}": value for name, value in context.items()})

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """Merge the extras; the adapter of the standard library drops those of the call."""
        own = kwargs.get("extra")
        kwargs["extra"] = {**(self.extra or {}), **own} if own else self.extra
        return msg, kwargs


class ReplayAwareLogger(ContextLogger):
    """A `ContextLogger` that is silent while workflow code runs over history that was made before."""

    def __init__(self, logger: logging.Logger, context: Mapping[str, object], is_replaying: Callable[[], bool]) -> None:
        """Wrap a logger.

        Args:
            logger: Where records go.
            context: Names without the prefix and their values.
            is_replaying: Asked before each record.
        """
        super().__init__(logger, context)
        self._is_replaying = is_replaying

    def isEnabledFor(self, level: int) -> bool:  # the standard library's name
        """Tell whether a record of this level would be written now."""
        return not self._is_replaying() and super().isEnabledFor(level)


def shortened(text: object, longest: int = _LONGEST) -> str:
    """Return text for a log line: control characters escaped, cut at `longest` characters."""
    shown = "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in str(text)[:longest]
    )
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."
