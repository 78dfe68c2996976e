"""Tasks that only ask: answered from the run that is kept, or from one that replays the whole history and goes again.

A kept run is asked between two pieces of its work, its lock not taken: a query must not wait for local activities. What
fails is the query, never the run; only code that doesn't yield takes the run with it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cadence.exceptions import CadenceError
from cadence.logs import shortened
from cadence.worker.runs import pages_of
from cadence.worker.watchdog import BlockedError

if TYPE_CHECKING:
    from cadence.api import PollForDecisionTaskResponse, WorkflowQuery, WorkflowQueryResult
    from cadence.worker.decision_answers import DecisionAnswers
    from cadence.worker.ports import WorkerService
    from cadence.worker.registry import Registry
    from cadence.worker.runs import KeptRun, Runs
    from cadence.worker.workflow_thread import WorkflowThread
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("QueryTasks", "UnknownWorkflowError", "find_definition", "workflow_type")

_log = logging.getLogger("cadence.worker")


class UnknownWorkflowError(CadenceError):
    """A task is for a workflow type that this worker doesn't have.

    Attributes:
        name: The type's name.
    """

    def __init__(self, message: str, *, name: str) -> None:
        super().__init__(message)
        self.name = name


class QueryTasks:
    """Answers queries. On the worker's own loop."""

    def __init__(
        self,
        service: WorkerService,
        registry: Registry[WorkflowDefinition],
        runs: Runs,
        thread: WorkflowThread,
        answers: DecisionAnswers,
        *,
        domain: str,
        task_list: str,
    ) -> None:
        """Prepare.

        Args:
            service: Gives pages of history.
            registry: The workflows by name.
            runs: Gives kept runs, makes others.
            thread: Of workflow code.
            answers: Tells the server.
            domain: The worker's.
            task_list: The worker's.
        """
        self._service = service
        self._registry = registry
        self._runs = runs
        self._thread = thread
        self._answers = answers
        self._domain = domain
        self._task_list = task_list

    async def answer(self, task: PollForDecisionTaskResponse) -> None:
        """Answer one task; who asked learns of any failure."""
        query = task.query
        assert query is not None  # the caller looked
        try:
            result: WorkflowQueryResult | str = await self._result(task, query)
        except Exception as error:  # noqa: BLE001  # told to who asked, and in the log
            result = str(error) or type(error).__name__
            expected = isinstance(error, CadenceError)
            _log.log(
                logging.INFO if expected else logging.ERROR,
                "query %s of a %s could not be answered: %s",
                shortened(query.query_type),
                workflow_type(task),
                shortened(result, 300),
                exc_info=None if expected else error,
            )
        await self._answers.answer_query(task, result)

    async def _result(self, task: PollForDecisionTaskResponse, query: WorkflowQuery) -> WorkflowQueryResult:
        definition = find_definition(self._registry, task, self._task_list)
        pages = pages_of(self._service, self._domain, task)
        if pages.first_event_id != 1:
            kept = self._runs.peek(task)
            if kept is not None:
                result = await self._ask_kept(kept, query)
                if result is not None:
                    return result
            pages = pages.from_start()
        events = await pages.read(task.started_event_id or 0)
        run = self._runs.make(task, definition, replay_only=True)

        def piece() -> WorkflowQueryResult:
            try:
                run.receive_task(
                    events,
                    previous_started_event_id=task.previous_started_event_id or 0,
                    started_event_id=task.started_event_id or 0,
                    history_size=task.total_history_bytes or 0,
                )
                return run.receive_query(query.query_type or "", query.query_args)
            finally:
                run.close()

        execution = task.workflow_execution
        label = f"query {query.query_type} of workflow {execution.workflow_id if execution else ''}"
        return await self._thread.run(label, piece, lambda: run.steps, run.interrupt)

    async def _ask_kept(self, kept: KeptRun, query: WorkflowQuery) -> WorkflowQueryResult | None:
        """Ask a kept run; None where it can't say anything any more."""
        run = kept.run
        label = f"query {query.query_type} of workflow {kept.workflow_id}"
        try:
            return await self._thread.run(
                label, lambda: run.receive_query(query.query_type or "", query.query_args), None, run.interrupt
            )
        except BlockedError as error:
            if not kept.is_gone:
                self._runs.drop(kept, close=not error.is_abandoned)
            raise
        except Exception as error:  # noqa: BLE001  # a run that died is asked anew from its history
            _log.debug("the kept run %s could not be asked: %r", kept.run_id, error)
            return None


def find_definition(
    registry: Registry[WorkflowDefinition], task: PollForDecisionTaskResponse, task_list: str
) -> WorkflowDefinition:
    """Return what to run for a task.

    Raises:
        UnknownWorkflowError: The worker doesn't have it; the message names what it has.
    """
    name = workflow_type(task)
    definition = registry.find(name)
    if definition is None:
        raise UnknownWorkflowError(registry.unknown(name, task_list), name=name)
    return definition


def workflow_type(task: PollForDecisionTaskResponse) -> str:
    """Return the name of a task's workflow type."""
    return (task.workflow_type.name if task.workflow_type is not None else None) or ""
