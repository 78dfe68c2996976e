"""Everything that happens to runs, as one object: what the handlers of the frontend call.

Each method is one change, done when it returns and safe once `store.committed()` has returned; nothing here awaits but
the start. What a change means stands in the modules beside this one; this one finds the run and the task that are
meant, and has them go on after a restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence import api
from cadence.api.errors import BadRequestError, EntityNotExistsError
from cadence.devserver.execution import (
    activities,
    closing,
    continuing,
    decision_tasks,
    decisions,
    recovery,
    resetting,
    signalling,
    starting,
)
from cadence.devserver.execution.retention import Retention
from cadence.devserver.execution.runs import Runs

if TYPE_CHECKING:
    from cadence.devserver.clock import Clock
    from cadence.devserver.domains import Domain, DomainRegistry
    from cadence.devserver.execution.state import Activity, Run
    from cadence.devserver.matching.task_lists import Matching
    from cadence.devserver.store.interface import Store
    from cadence.devserver.tasks import Task
    from cadence.devserver.tokens import Token

__all__ = ("HistoryService",)


class HistoryService:
    """The runs of one server and what can be done to them."""

    def __init__(self, store: Store, clock: Clock, domains: DomainRegistry, matching: Matching) -> None:
        """Prepare; runs that the store holds go on with `start`."""
        self.runs = Runs(store, clock, domains, matching)
        self.runs.time_out = continuing.time_out
        self._retention = Retention(self.runs)

    async def start(self) -> None:
        """Go on with the runs that are open in the store: alarms, tasks; from now on, old closed ones are deleted."""
        self.runs.matching.is_stale = self._is_stale
        recovery.recover(self.runs)
        self._retention.start()

    async def close(self) -> None:
        """Forget all alarms; the store keeps what is needed to go on."""
        self._retention.close()
        for run in self.runs.open_runs():
            for alarm in run.alarms.values():
                alarm.cancel()
            run.alarms.clear()

    def find(self, domain_id: str, workflow_id: str | None, run_id: str | None = None) -> Run:
        """Return a run, open or closed; without a run id, the current run of the workflow id.

        Raises:
            EntityNotExistsError: There is none.
        """
        return self.runs.find(domain_id, workflow_id, run_id)

    # --- from clients ---

    def start_workflow(
        self, domain: Domain, request: api.StartWorkflowExecutionRequest, *, client: tuple[str, str] = ("", "")
    ) -> str:
        """Start a run, or find the one that the same request started before; returns the run id.

        Raises:
            BadRequestError: The domain takes no new runs, or the request has no id.
            WorkflowExecutionAlreadyStartedError: The reuse policy forbids another run.
        """
        return starting.start(self.runs, domain, request)

    def signal_with_start(
        self,
        domain: Domain,
        request: api.SignalWithStartWorkflowExecutionRequest,
        *,
        client: tuple[str, str] = ("", ""),
    ) -> str:
        """Signal the open run, or start one with the signal; returns its run id.

        Raises:
            BadRequestError: The domain takes no new runs, or the request has no id.
            LimitExceededError: The open run has had too many signals.
            WorkflowExecutionAlreadyStartedError: The reuse policy forbids another run.
        """
        return starting.signal_with_start(self.runs, domain, request)

    def signal(self, domain: Domain, request: api.SignalWorkflowExecutionRequest) -> None:
        """Signal a run.

        Raises:
            BadRequestError: The domain is deprecated.
            EntityNotExistsError: There is no such run.
            LimitExceededError: It has had too many signals.
            WorkflowExecutionAlreadyCompletedError: It is closed.
        """
        if not domain.is_registered:
            msg = "Domain is deprecated."
            raise BadRequestError(msg)
        signal = api.WorkflowExecutionSignaledEventAttributes(
            signal_name=request.signal_name,
            input=request.input,
            identity=request.identity,
            request_id=request.request_id,
        )
        signalling.deliver(self.runs, self._meant(domain, request.workflow_execution), signal)

    def request_cancel(self, domain: Domain, request: api.RequestCancelWorkflowExecutionRequest) -> None:
        """Ask a run to cancel itself.

        Raises:
            CancellationAlreadyRequestedError: Another request came before.
            EntityNotExistsError: There is no such run.
            WorkflowExecutionAlreadyCompletedError: It is closed.
        """
        run = self._meant(domain, request.workflow_execution, request.first_execution_run_id)
        asked = api.WorkflowExecutionCancelRequestedEventAttributes(
            cause=request.cause, identity=request.identity, request_id=request.request_id
        )
        signalling.request_cancel(self.runs, run, asked)

    def terminate(self, domain: Domain, request: api.TerminateWorkflowExecutionRequest) -> None:
        """End a run without asking its code.

        Raises:
            EntityNotExistsError: There is no such run.
            WorkflowExecutionAlreadyCompletedError: It is closed.
        """
        run = self._meant(domain, request.workflow_execution, request.first_execution_run_id)
        signalling.check_open(run)
        closing.terminate(
            self.runs,
            run,
            reason=request.reason or "",
            details=request.details,
            identity=request.identity or "",
        )

    def wake(self, run: Run) -> None:
        """Have a run decide again though nothing came, for who works on it and waited for something elsewhere."""
        if run.state.is_open:
            with self.runs.change(run) as tx:
                decision_tasks.schedule(tx)

    def reset(self, domain: Domain, request: api.ResetWorkflowExecutionRequest) -> str:
        """Begin a run with the history of another one up to a decision task; returns its id.

        Raises:
            BadRequestError: The point is none to go on from.
            EntityNotExistsError: There is no such run.
        """
        return resetting.reset(self.runs, domain, request)

    def reset_sticky(self, domain: Domain, execution: api.WorkflowExecution | None) -> None:
        """Send a run's following decision tasks to its normal list.

        Raises:
            EntityNotExistsError: There is no such run.
            WorkflowExecutionAlreadyCompletedError: It is closed.
        """
        signalling.reset_sticky(self.runs, self._meant(domain, execution))

    # --- from workers: decisions ---

    def start_decision(self, task: Task, *, identity: str, request_id: str) -> api.PollForDecisionTaskResponse | None:
        """Give a decision task to a worker; None where the task is stale."""
        run = self.runs.open_run(task.run_id)
        if run is None:
            return None
        return decisions.start(self.runs, run, task, identity=identity, request_id=request_id)

    def _is_stale(self, task: Task) -> bool:
        run = self.runs.open_run(task.run_id)
        if run is None:
            return True
        return decisions.is_stale(run, task) if task.kind == "decision" else activities.is_stale(run, task)

    def complete_decision(
        self,
        token: Token,
        request: api.RespondDecisionTaskCompletedRequest,
        *,
        client: tuple[str, str] = ("", ""),
    ) -> api.RespondDecisionTaskCompletedResponse:
        """Carry out what a worker decided.

        Raises:
            BadRequestError: A decision is of no known type.
            EntityNotExistsError: The task is not out, or was kept alive for too long.
            InternalServiceError: A decision names a domain that isn't there.
            WorkflowExecutionAlreadyCompletedError: The run is closed.
        """
        run = self.find(token.domain_id, token.workflow_id, token.run_id)
        return decisions.complete(self.runs, run, token, request, client=client)

    def fail_decision(self, token: Token, request: api.RespondDecisionTaskFailedRequest) -> None:
        """Note that a worker could not answer.

        Raises:
            EntityNotExistsError: The task is not out.
            WorkflowExecutionAlreadyCompletedError: The run is closed.
        """
        run = self.find(token.domain_id, token.workflow_id, token.run_id)
        decisions.fail(self.runs, run, token, request)

    # --- from workers: activities ---

    def start_activity(self, task: Task, *, identity: str, request_id: str) -> api.PollForActivityTaskResponse | None:
        """Give an activity to a worker; None where the task is stale."""
        run = self.runs.open_run(task.run_id)
        if run is None:
            return None
        return activities.start(self.runs, run, task, identity=identity, request_id=request_id)

    def activity_of(self, token: Token) -> tuple[Run, Activity]:
        """Return the activity that a token stands for.

        Raises:
            EntityNotExistsError: It has ended, or another attempt is under way.
            WorkflowExecutionAlreadyCompletedError: The run is closed.
        """
        run = self.find(token.domain_id, token.workflow_id, token.run_id)
        signalling.check_open(run)
        activity = run.state.activities.get(token.scheduled_id)
        if activity is None or not activity.is_started or activity.attempt != token.attempt:
            raise _no_activity()
        return run, activity

    def activity_by_id(
        self, domain_id: str, workflow_id: str, run_id: str | None, activity_id: str
    ) -> tuple[Run, Activity]:
        """Return an activity by the id that its workflow gave it.

        Raises:
            BadRequestError: None with that id is pending.
            EntityNotExistsError: There is no such run, or nobody has started the activity.
            WorkflowExecutionAlreadyCompletedError: The run is closed.
        """
        run = self.find(domain_id, workflow_id, run_id)
        signalling.check_open(run)
        activity = run.state.activities.get(run.activity_ids.get(activity_id, 0))
        if activity is None:
            msg = "Cannot locate Activity ScheduleID"
            raise BadRequestError(msg)
        if not activity.is_started:
            raise _no_activity()
        return run, activity

    def complete_activity(self, run: Run, activity: Activity, result: bytes | None, identity: str) -> None:
        """End an activity with a result."""
        activities.complete(self.runs, run, activity, result, identity)

    def fail_activity(self, run: Run, activity: Activity, reason: str, details: bytes | None, identity: str) -> None:
        """End an activity's attempt with a failure; its policy says whether there is another."""
        activities.fail(self.runs, run, activity, reason, details, identity=identity)

    def cancel_activity(self, run: Run, activity: Activity, details: bytes | None, identity: str) -> None:
        """End an activity as cancelled.

        Raises:
            InternalServiceError: Nobody asked for that.
        """
        activities.cancel(self.runs, run, activity, details, identity)

    def heartbeat(self, run: Run, activity: Activity, details: bytes | None, identity: str) -> bool:
        """Note that a worker is at it; returns whether the workflow wants the activity cancelled."""
        return activities.heartbeat(self.runs, run, activity, details, identity)

    def _meant(self, domain: Domain, execution: api.WorkflowExecution | None, first_run_id: str | None = None) -> Run:
        """The run that a request names; with the first run of a chain, the current run if it is of that chain."""
        asked = execution or api.WorkflowExecution()
        run = self.find(domain.id, asked.workflow_id, None if first_run_id else asked.run_id)
        if first_run_id and run.state.is_open and run.state.first_run_id != first_run_id:
            msg = "Workflow execution not found"
            raise EntityNotExistsError(msg, active_clusters=[])
        return run


def _no_activity() -> EntityNotExistsError:
    return EntityNotExistsError("activity task not found", active_clusters=[])
