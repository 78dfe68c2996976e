"""`Replayer`: runs the code of today over the histories of yesterday, and says where they part.

No server and no worker is needed. What is checked: every decision against history, the arguments and results against
their types, and the result's bytes. To be run over recorded histories before each deployment.
"""

from __future__ import annotations

import dataclasses
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from cadence.converter import DataConverter
from cadence.engine import RunOptions, WorkflowRun
from cadence.exceptions import CadenceError, ConfigurationError, NondeterminismError
from cadence.interceptor import Interceptor
from cadence.testing.histories import WorkflowHistory, files_in
from cadence.worker.registry import Registry, read_workflows

if TYPE_CHECKING:
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("ReplayReport", "ReplayResult", "Replayer")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReplayResult:
    """What came of one history."""

    source: str
    """Where the history is from."""
    workflow_type: str = ""
    events: int = 0
    """How many it has."""
    seconds: float = 0.0
    """How long it took."""
    problem: str = ""
    """Why the code can't go on with it, in words; empty where it can."""
    event_id: int = 0
    """The event at which they part; 0 where that isn't the problem."""

    @property
    def ok(self) -> bool:
        """True where the code can go on with it."""
        return not self.problem


@dataclasses.dataclass(frozen=True)
class ReplayReport:
    """What came of many."""

    results: Sequence[ReplayResult]

    @property
    def ok(self) -> bool:
        """True where the code can go on with all."""
        return not self.failed

    @property
    def failed(self) -> list[ReplayResult]:
        """Those with which it can't."""
        return [result for result in self.results if not result.ok]

    def raise_for_failures(self) -> None:
        """Raise where there is any failure.

        Raises:
            NondeterminismError: With the whole report as its text.
        """
        if not self.ok:
            raise NondeterminismError(str(self), event_id=self.failed[0].event_id, details=self)

    def __str__(self) -> str:
        """Count, then each failure with its problem."""
        count = len(self.results)
        lines = [f"{count} {'history' if count == 1 else 'histories'} replayed, {len(self.failed)} failed"]
        for result in self.failed:
            lines += ["", f"{result.source or result.workflow_type}:", result.problem]
        return "\n".join(lines)


class Replayer:
    """Replays histories with the code that it is given."""

    def __init__(
        self,
        workflows: Iterable[object],
        *,
        converter: DataConverter | None = None,
        interceptors: Sequence[Interceptor] = (),
        compare_result: bool = True,
    ) -> None:
        """Take the code.

        Args:
            workflows: Workflow classes, as a worker takes them.
            converter: The one that the workers use; default: as theirs.
            interceptors: Those that the workers use.
            compare_result: True: the result's bytes, before codecs, must be those in history.

        Raises:
            ConfigurationError: One is no workflow.
        """
        self._workflows = tuple(workflows)
        self._registry: Registry[WorkflowDefinition] = Registry("workflow", read_workflows(self._workflows))
        self._converter = converter or DataConverter()
        self._options = RunOptions(
            interceptors=tuple(interceptors),
            replay_only=True,
            compare_result=compare_result,
            failure_types=(Exception,),
        )

    def knows(self, workflow_type: str) -> bool:
        """Tell whether there is code for a workflow type."""
        return self._registry.find(workflow_type) is not None

    def replay(self, history: WorkflowHistory | str | Path) -> None:
        """Replay one history.

        Args:
            history: It, or the JSON file that holds it.

        Raises:
            NondeterminismError: The code doesn't do what history says.
            ConversionError: The workflow's arguments don't fit the code.
            ConfigurationError: There is no workflow of that type here.
            HistoryError: The history itself can't be.
        """
        with self._run_of(history):
            pass

    def waits_at(self, history: WorkflowHistory | str | Path) -> str:
        """Replay one history, and tell what each task of the code waits for at its end; empty where the run closed.

        Args:
            history: It, or its JSON file; for an earlier moment, `history.until(event_id)`.

        Raises:
            CadenceError: As `replay`.
        """
        with self._run_of(history) as run:
            return run.stack_trace()

    @contextmanager
    def _run_of(
        self, history: WorkflowHistory | str | Path, kind: type[WorkflowRun] = WorkflowRun
    ) -> Iterator[WorkflowRun]:
        if not isinstance(history, WorkflowHistory):
            history = WorkflowHistory.from_file(history)
        definition = self._registry.find(history.workflow_type)
        if definition is None:
            raise ConfigurationError(self._registry.unknown(history.workflow_type, history.task_list))
        run = kind(
            definition,
            converter=self._converter,
            domain="replay",
            workflow_id=history.workflow_id,
            run_id=history.run_id,
            options=self._options,
        )
        try:
            run.receive_task(history.events)
            yield run
        finally:
            run.close()

    def __reduce__(self) -> tuple[object, ...]:
        """Let other processes make the same one: definitions are found again from their classes."""
        options = self._options
        return _rebuilt, (self._workflows, self._converter, options.interceptors, options.compare_result)

    def check(self, history: WorkflowHistory | str | Path) -> ReplayResult:
        """Replay one history and tell what came of it; never raises for what is wrong with code or history."""
        source = history.source if isinstance(history, WorkflowHistory) else str(history)
        known: WorkflowHistory | None = None
        started = time.perf_counter()
        problem, event_id = "", 0
        try:
            known = history if isinstance(history, WorkflowHistory) else WorkflowHistory.from_file(history)
            self.replay(known)
        except NondeterminismError as error:
            problem, event_id = str(error), error.event_id
        except (CadenceError, OSError) as error:
            problem = f"{type(error).__name__}: {error}"
        except Exception as error:  # noqa: BLE001  # the workflow's own, reported with its traceback
            problem = "".join(traceback.format_exception(error))
        return ReplayResult(
            source=source or (f"{known.workflow_id} {known.run_id}".strip() if known is not None else ""),
            workflow_type=known.workflow_type if known is not None else "",
            events=len(known.events) if known is not None else 0,
            seconds=time.perf_counter() - started,
            problem=problem,
            event_id=event_id,
        )

    def check_all(
        self,
        histories: Iterable[WorkflowHistory | str | Path],
        *,
        processes: int = 1,
        on_result: Callable[[ReplayResult], None] | None = None,
    ) -> ReplayReport:
        """Replay many histories.

        Args:
            histories: Each itself, its JSON file, or a folder with JSON files.
            processes: How many at once. With more than one the workflow classes, the converter and the interceptors
                must be importable from a module, as `multiprocessing` needs it.
            on_result: Called with each result, in the order of the histories.
        """
        work: list[WorkflowHistory | Path] = []
        for history in histories:
            work += [history] if isinstance(history, WorkflowHistory) else files_in([history])
        if processes <= 1 or len(work) <= 1:
            return _reported(map(self.check, work), on_result)
        with ProcessPoolExecutor(min(processes, len(work)), mp_context=get_context("spawn")) as pool:
            return _reported(pool.map(self.check, work, chunksize=max(1, len(work) // (4 * processes))), on_result)


def _reported(results: Iterable[ReplayResult], on_result: Callable[[ReplayResult], None] | None) -> ReplayReport:
    seen: list[ReplayResult] = []
    for result in results:
        seen.append(result)
        if on_result is not None:
            on_result(result)
    return ReplayReport(seen)


def _rebuilt(
    workflows: tuple[object, ...], converter: DataConverter, interceptors: Sequence[Interceptor], compare_result: bool
) -> Replayer:
    return Replayer(workflows, converter=converter, interceptors=interceptors, compare_result=compare_result)
