"""What a scenario plays on: raw calls as client, decider and activity worker, each answer kept for the comparison.

`call` makes one RPC and keeps its masked answer; the methods below it are calls with usual fields filled in. Errors
are answers too: they are kept and returned, not raised. When the scenario is over, the histories of the runs that it
started are kept, and what is still open is terminated. It does not know which frontend it talks to.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from differential.masking import Masks

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause, EventType, QueryTaskCompletedType
from cadence.api.errors import ServiceBusyError
from cadence.api.service import RPCS
from cadence.exceptions import CadenceError
from cadence.service import ClientHeaders, WorkflowService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

__all__ = ("Stage",)

NET = 40.0
"""Seconds after which a condition that should come true is given up."""
_SNAKE = {
    name: "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)
    .lstrip("_")
    .replace("i_d", "id")
    for name in RPCS
}


class Stage:
    """One scenario's ids, calls and record."""

    def __init__(self, address: str, service: WorkflowService, domain: str, name: str) -> None:
        """Make ids that no other scenario has, on a frontend and in a domain that scenarios share."""
        self.address = address
        self.service = service
        self.domain = domain
        self.prefix = f"{re.sub('[._]', '-', name)}-{uuid.uuid4().hex[:8]}"
        self.list = f"{self.prefix}-list"
        self.record: list[Any] = []
        self.runs: list[api.WorkflowExecution] = []
        self._masks = Masks(self.prefix, domain)
        self._silent = 0

    # -- what is kept -------------------------------------------------------------------------------------------------

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """Keep nothing of the calls in a block: those that only bring something about, or ask until it is so."""
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    def keep(self, label: str, value: Any) -> None:
        """Keep a value for the comparison."""
        if not self._silent:
            self.record.append([label, self._masks.plain(value)])

    @asynccontextmanager
    async def as_client(self, **headers: Any) -> AsyncIterator[None]:
        """Say something else of the client with the calls in a block."""
        before = self.service
        async with WorkflowService.connect(self.address, retry=None, headers=ClientHeaders(**headers)) as service:
            self.service = service
            try:
                yield
            finally:
                self.service = before

    # -- calls --------------------------------------------------------------------------------------------------------

    async def call(self, rpc: str, request: Any = None, *, timeout: float = 60, **fields: Any) -> Any:
        """Make a call and keep its answer.

        Args:
            rpc: The RPC's name in the IDL.
            request: The whole request; None: one is made of the fields, with the domain where it has one.
            timeout: Seconds.
            fields: Fields of the request.

        Returns:
            The response, or the error.
        """
        answer = await self.ask(rpc, request, timeout=timeout, **fields)
        self.keep(rpc, answer)
        return answer

    async def ask(self, rpc: str, request: Any = None, *, timeout: float = 60, **fields: Any) -> Any:
        """Make a call and keep nothing of it; otherwise as `call`."""
        kind = RPCS[rpc].request_type
        if request is None and kind is not None:
            if "domain" in kind.__slots__ and "domain" not in fields:
                fields["domain"] = self.domain
            request = kind(**fields)
        method = getattr(self.service, _SNAKE[rpc])
        deadline = time.monotonic() + NET
        while True:
            try:
                return await (method(timeout=timeout) if kind is None else method(request, timeout=timeout))
            except ServiceBusyError:  # quotas are no part of the comparison
                if time.monotonic() > deadline:
                    raise
            except CadenceError as error:
                return error
            await asyncio.sleep(0.3)

    def id(self, name: str = "w") -> str:
        """Give a workflow id of this scenario."""
        return f"{self.prefix}-{name}"

    def lists(self, name: str) -> api.TaskList:
        """Give a task list of this scenario beside its first one."""
        return api.TaskList(name=f"{self.prefix}-{name}")

    def start_fields(self, name: str = "w", **more: Any) -> dict[str, Any]:
        """Give the fields of a start."""
        return {
            "workflow_id": self.id(name),
            "workflow_type": api.WorkflowType(name="kind"),
            "task_list": api.TaskList(name=self.list),
            "input": b"[0]",
            "execution_start_to_close_timeout_seconds": 60,
            "task_start_to_close_timeout_seconds": 10,
            "identity": "starter",
            "request_id": str(uuid.uuid4()),
            **more,
        }

    def follow(self, name: str, run_id: str) -> api.WorkflowExecution:
        """Keep the history of a run when the scenario is over."""
        run = api.WorkflowExecution(self.id(name), run_id)
        if run not in self.runs:
            self.runs.append(run)
        return run

    async def start(self, name: str = "w", **more: Any) -> Any:
        """Start a run; its execution, or the error."""
        answer = await self.call("StartWorkflowExecution", **self.start_fields(name, **more))
        return answer if isinstance(answer, CadenceError) else self.follow(name, answer.run_id)

    async def begin(self, name: str = "w", **more: Any) -> tuple[Any, Any]:
        """Start a run and take its first decision task."""
        run = await self.start(name, **more)
        return run, await self.poll()

    async def signal_with_start(self, name: str = "w", **more: Any) -> Any:
        """Signal with start; the execution, or the error."""
        fields = {**self.start_fields(name), "signal_name": "hello", "signal_input": b"[9]", **more}
        answer = await self.call("SignalWithStartWorkflowExecution", **fields)
        return answer if isinstance(answer, CadenceError) else self.follow(name, answer.run_id)

    async def poll(self, task_list: str | None = None, **more: Any) -> Any:
        """Take a decision task; polls anew while answers are empty."""
        return await self._poll("PollForDecisionTask", task_list, more)

    async def work(self, task_list: str | None = None, **more: Any) -> Any:
        """Take an activity task; polls anew while answers are empty."""
        return await self._poll("PollForActivityTask", task_list, more)

    async def _poll(self, rpc: str, task_list: str | None, more: dict[str, Any]) -> Any:
        fields = {"task_list": api.TaskList(name=task_list or self.list), "identity": "worker", **more}
        deadline = time.monotonic() + NET
        while True:
            answer = await self.ask(rpc, timeout=NET, **fields)
            if isinstance(answer, CadenceError) or answer.task_token:
                break
            assert time.monotonic() < deadline, f"no task on {fields['task_list'].name}"
        self.keep(rpc, answer)
        return answer

    async def respond(self, task: Any, *decisions: api.Decision, **more: Any) -> Any:
        """Answer a decision task."""
        fields = {"task_token": task.task_token, "decisions": list(decisions), "identity": "decider", **more}
        return await self.call("RespondDecisionTaskCompleted", **fields)

    async def turn(self, *decisions: api.Decision, **more: Any) -> Any:
        """Take a decision task and answer it."""
        task = await self.poll()
        await self.respond(task, *decisions, **more)
        return task

    async def fail_decision(self, task: Any, **more: Any) -> Any:
        """Say that a decision task failed."""
        fields = {
            "task_token": task.task_token,
            "cause": DecisionTaskFailedCause.WORKFLOW_WORKER_UNHANDLED_FAILURE,
            "details": b'"oops"',
            "identity": "decider",
            **more,
        }
        return await self.call("RespondDecisionTaskFailed", **fields)

    async def done(self, task: Any, result: bytes | None = b'"result"', **more: Any) -> Any:
        """Complete an activity."""
        fields = {"task_token": task.task_token, "result": result, "identity": "worker", **more}
        return await self.call("RespondActivityTaskCompleted", **fields)

    async def failed(self, task: Any, reason: str | None = "bad", **more: Any) -> Any:
        """Fail an activity."""
        fields = {"task_token": task.task_token, "reason": reason, "details": b'"no"', "identity": "worker", **more}
        return await self.call("RespondActivityTaskFailed", **fields)

    async def canceled(self, task: Any, **more: Any) -> Any:
        """End an activity as cancelled."""
        fields = {"task_token": task.task_token, "details": b'"gone"', "identity": "worker", **more}
        return await self.call("RespondActivityTaskCanceled", **fields)

    async def heartbeat(self, task: Any, details: bytes | None = b'"alive"', **more: Any) -> Any:
        """Say that an activity is alive."""
        fields = {"task_token": task.task_token, "details": details, "identity": "worker", **more}
        return await self.call("RecordActivityTaskHeartbeat", **fields)

    async def signal(self, run: Any, name: str | None = "hello", **more: Any) -> Any:
        """Signal a run."""
        fields = {"workflow_execution": run, "signal_name": name, "input": b"[7]", "identity": "client", **more}
        return await self.call("SignalWorkflowExecution", **fields)

    async def cancel(self, run: Any, **more: Any) -> Any:
        """Ask a run to cancel."""
        fields = {"workflow_execution": run, "identity": "client", **more}
        return await self.call("RequestCancelWorkflowExecution", **fields)

    async def terminate(self, run: Any, **more: Any) -> Any:
        """Terminate a run."""
        fields = {"workflow_execution": run, "reason": "enough", "details": b'"now"', "identity": "client", **more}
        return await self.call("TerminateWorkflowExecution", **fields)

    async def describe(self, run: Any, **more: Any) -> Any:
        """Describe a run."""
        return await self.call("DescribeWorkflowExecution", execution=run, **more)

    async def query(self, run: Any, kind: str | None = "state", **more: Any) -> Any:
        """Query a run."""
        fields = {"execution": run, "query": api.WorkflowQuery(kind, b"[5]"), **more}
        return await self.call("QueryWorkflow", **fields)

    async def answer_query(self, task: Any, result: bytes | None = b'"answer"', error: str | None = None) -> Any:
        """Answer a query task."""
        kind = QueryTaskCompletedType.FAILED if error else QueryTaskCompletedType.COMPLETED
        fields = {"completed_type": kind, "query_result": None if error else result, "error_message": error}
        return await self.call("RespondQueryTaskCompleted", task_token=task.task_token, **fields)

    async def reset(self, run: Any, event_id: int | None, **more: Any) -> Any:
        """Reset a run; the new execution, or the error."""
        fields = {
            "workflow_execution": run,
            "reason": "again",
            "decision_finish_event_id": event_id,
            "request_id": str(uuid.uuid4()),
            **more,
        }
        answer = await self.call("ResetWorkflowExecution", **fields)
        if isinstance(answer, CadenceError):
            return answer
        new = api.WorkflowExecution(run.workflow_id, answer.run_id)
        self.runs.append(new)
        return new

    # -- conditions and endings ---------------------------------------------------------------------------------------

    async def until(self, condition: Callable[[], Awaitable[Any]], what: str = "a condition") -> Any:
        """Ask until something is so."""
        deadline = time.monotonic() + NET
        while True:
            with self.unseen():
                value = await condition()
            if value:
                return value
            assert time.monotonic() < deadline, f"{what} did not come true"
            await asyncio.sleep(0.05)

    async def events(self, run: Any) -> list[api.HistoryEvent]:
        """Read all events of a run and keep nothing."""
        events: list[api.HistoryEvent] = []
        token = None
        while True:
            page = await self.ask("GetWorkflowExecutionHistory", execution=run, next_page_token=token)
            if isinstance(page, CadenceError):
                raise page
            events += page.history.events
            token = page.next_page_token
            if not token:
                return events

    async def until_event(self, run: Any, kind: str, count: int = 1) -> None:
        """Wait until a run's history has events of a type."""
        number = EventType[kind]

        async def there() -> bool:
            return sum(event.event_type == number for event in await self.events(run)) >= count

        await self.until(there, f"{count} {kind}")

    async def until_known(self, name: str, other_than: Any = None) -> Any:
        """Wait until a workflow id has a current run, a new one if an old one is given, and follow it."""

        async def there() -> Any:
            answer = await self.ask("DescribeWorkflowExecution", execution=api.WorkflowExecution(self.id(name)))
            if isinstance(answer, CadenceError):
                return None
            found = answer.workflow_execution_info.execution
            return None if other_than is not None and found.run_id == other_than.run_id else found

        found = await self.until(there, f"a run of {name}")
        return self.follow(name, found.run_id)

    async def pause(self, seconds: float) -> None:
        """Let time pass, where time itself is the subject."""
        await asyncio.sleep(seconds)

    async def finish(self) -> None:
        """Keep the histories of the runs, and terminate those that are open."""
        for number, run in enumerate(self.runs, 1):
            self.record.append([f"history {number}", self._masks.plain(await self.events(run), "list<HistoryEvent>")])
        for run in self.runs:
            await self.ask("TerminateWorkflowExecution", workflow_execution=run, reason="over")
