"""`BlockingActivityCompletion`: completes an activity from elsewhere, for code that blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cadence._loop_thread import LoopThread
    from cadence.client.completion import ActivityCompletion

__all__ = ("BlockingActivityCompletion",)


class BlockingActivityCompletion:
    """An activity that is completed from elsewhere; see `ActivityCompletion`."""

    def __init__(self, completion: ActivityCompletion, thread: LoopThread) -> None:
        self._completion = completion
        self._thread = thread

    def __repr__(self) -> str:
        return f"<blocking {self._completion!r}>"

    def complete(self, result: object = None) -> None:
        """Complete it with a result; see `ActivityCompletion.complete`."""
        self._thread.run(self._completion.complete(result))

    def fail(self, error: BaseException) -> None:
        """Let it fail with an error; see `ActivityCompletion.fail`."""
        self._thread.run(self._completion.fail(error))

    def cancelled(self, *details: object) -> None:
        """Say that it was cancelled, as was asked for; see `ActivityCompletion.cancelled`."""
        self._thread.run(self._completion.cancelled(*details))

    def heartbeat(self, *details: object) -> None:
        """Report that it lives, and how far it is; see `ActivityCompletion.heartbeat`."""
        self._thread.run(self._completion.heartbeat(*details))
