"""What can go wrong inside a run besides the user's own errors. Leaf of the room."""

from __future__ import annotations

from cadence.exceptions import CadenceError

__all__ = ("HistoryError", "StopRun", "WorkflowBlockedError")


class HistoryError(CadenceError):
    """A history that can't be what a server wrote, or that doesn't continue the one the run has seen.

    Raised where events are missing, come twice, end too soon or tell of things that nobody began. The run is dead
    afterwards; reading the whole history anew may help, the workflow's code has no part in it.
    """


class WorkflowBlockedError(BaseException):
    """Workflow code ran too long without giving way; put into its thread from outside by the worker's watchdog.

    No Exception, so that workflow code does not mistake it for one of its own.
    """


class StopRun(BaseException):
    """The run ends here and now: an error was found, or it left the cache. Never seen outside the engine.

    No Exception, so that `except Exception` in workflow code can't hold it.
    """
