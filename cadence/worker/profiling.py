"""A user's profiler around each piece of workflow code: the worker's option `profile`.

Runs are wrapped where they are made, so that a worker without a profiler pays nothing, and no other part knows of it. A
profiler that fails is told of once and left out from then on: it must not fail workflows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence.api import HistoryEvent, WorkflowQueryResult
    from cadence.worker.turns import MakeRun, RunPort
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("Profile", "profiled")

Profile: TypeAlias = Callable[[str], AbstractContextManager[object]]
"""Gives a context manager for a workflow type."""

_log = logging.getLogger("cadence.worker")


def profiled(make_run: MakeRun, profile: Profile) -> MakeRun:
    """Return what makes runs whose pieces of workflow code are profiled.

    Args:
        make_run: Makes runs.
        profile: Gives a context manager for a workflow type, to be entered in the thread of workflow code.
    """
    profiler = _Profiler(profile)

    def make(definition: WorkflowDefinition, *, workflow_id: str, run_id: str, replay_only: bool) -> RunPort:
        run = make_run(definition, workflow_id=workflow_id, run_id=run_id, replay_only=replay_only)
        return cast("RunPort", _ProfiledRun(run, profiler, definition.name or ""))

    return make


class _Profiler:
    """Enters and leaves a user's context managers."""

    def __init__(self, profile: Profile) -> None:
        self._profile: Profile | None = profile

    def call(self, workflow_type: str, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        manager = self._entered(workflow_type)
        if manager is None:
            return function(*arguments, **named)
        try:
            result = function(*arguments, **named)
        except BaseException as error:
            self._leave(manager, error)
            raise
        self._leave(manager, None)
        return result

    def _entered(self, workflow_type: str) -> AbstractContextManager[object] | None:
        if self._profile is None:
            return None
        try:
            manager = self._profile(workflow_type)
            manager.__enter__()
        except Exception as error:  # noqa: BLE001  # told in the log
            self._give_up(error)
            return None
        return manager

    def _leave(self, manager: AbstractContextManager[object], raised: BaseException | None) -> None:
        try:
            if raised is None:
                manager.__exit__(None, None, None)
            else:
                manager.__exit__(type(raised), raised, raised.__traceback__)
        except Exception as error:  # noqa: BLE001  # told in the log
            if error is not raised:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._profile = None
        _log.error("the profiler of workflow code failed, and is left out from now on", exc_info=error)


class _ProfiledRun:
    """A run, its calls of workflow code profiled; the rest is the run's own."""

    __slots__ = ("_name", "_profiler", "_run")

    def __init__(self, run: RunPort, profiler: _Profiler, name: str) -> None:
        self._run = run
        self._profiler = profiler
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    def receive_task(self, events: Sequence[HistoryEvent], **named: Any) -> None:
        started = events[0].workflow_execution_started_event_attributes if events else None
        if started is not None and started.workflow_type is not None:
            self._name = started.workflow_type.name or self._name  # a catch-all has the name that was asked for
        self._profiler.call(self._name, self._run.receive_task, events, **named)

    def receive_query(self, query_type: str, arguments: bytes | None) -> WorkflowQueryResult:
        return cast(
            "WorkflowQueryResult", self._profiler.call(self._name, self._run.receive_query, query_type, arguments)
        )

    def receive_local_activity(self, activity_id: str, **named: Any) -> None:
        self._profiler.call(self._name, self._run.receive_local_activity, activity_id, **named)

    def close(self) -> None:
        self._profiler.call(self._name, self._run.close)
